/* Running results such as cumulative sums, and differences between neighbours. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/*
** The result is a scan. If `none` is not NULL it is the start value; otherwise the first element
** is.
*/
static void result_scan(struct sqa_call *call, sqa_scan_fn *const *kernel, const int64_t *none) {
    struct sqa_elementwise e;
    const struct sqa_array *array = &e.operands[0].array;
    sqa_elementwise_init(&e, sqa_compute_scan, 1);
    sqa_arg_array_to(call, 0, &e.operands[0].array);
    e.node.op.scan.kernel = kernel;
    e.node.op.scan.running = none != NULL ? *none
                             : array->count == 0
                                 ? 0
                                 : sqa_array_get(call->connection->kernels, array, 0);
    sqa_result_elementwise(call, &e);
}

void sqa_fn_cumsum(struct sqa_call *call) {
    static const int64_t zero = 0;
    result_scan(call, call->connection->kernels->cumsum, &zero);
}

void sqa_fn_cumprod(struct sqa_call *call) {
    static const int64_t one = 1;
    result_scan(call, call->connection->kernels->cumprod, &one);
}

void sqa_fn_cummin(struct sqa_call *call) {
    result_scan(call, call->connection->kernels->cummin, NULL);
}

void sqa_fn_cummax(struct sqa_call *call) {
    result_scan(call, call->connection->kernels->cummax, NULL);
}

/*
** Subtracts the array without its last `lag` elements from the array without its first `lag`
** elements.
*/
void sqa_fn_diff(struct sqa_call *call) {
    struct sqa_elementwise e;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t lag = call->argc > 1 ? (uint64_t)sqa_arg_count(call, 1, "lag", 1) : 1;
    const size_t skipped = lag < array.count ? (size_t)lag : array.count;
    sqa_elementwise_init(&e, sqa_compute_binary, 2);
    e.node.op.binary.vv = call->connection->kernels->sub_vv;
    e.operands[0].array = sqa_array_slice(&array, skipped, array.count - skipped);
    e.operands[1].array = sqa_array_slice(&array, 0, array.count - skipped);
    sqa_result_elementwise(call, &e);
}
