/* Running results, and differences between neighbours. */
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/* none: the result over no elements; NULL where it is the first element that begins the scan */
static enum sqa_status scan(struct sqa_call *call, sqa_scan_fn *const *kernel,
                            const int64_t *none) {
    struct sqa_elementwise e = {.step = sqa_step_scan, .operand_count = 1};
    const struct sqa_view *view = &e.operands[0].view;
    const enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    if (status != SQA_OK)
        return status;
    e.op.scan.kernel = kernel;
    if (none != NULL)
        e.op.scan.running = *none;
    else if (view->count > 0)
        e.op.scan.running = sqa_view_get(view, 0);
    return sqa_result_elementwise(call, &e);
}

enum sqa_status fn_cumsum(struct sqa_call *call) {
    static const int64_t zero = 0;
    return scan(call, call->connection->kernels->cumsum, &zero);
}

enum sqa_status fn_cumprod(struct sqa_call *call) {
    static const int64_t one = 1;
    return scan(call, call->connection->kernels->cumprod, &one);
}

enum sqa_status fn_cummin(struct sqa_call *call) {
    return scan(call, call->connection->kernels->cummin, NULL);
}

enum sqa_status fn_cummax(struct sqa_call *call) {
    return scan(call, call->connection->kernels->cummax, NULL);
}

/* The array without its first `lag` elements, less the array without its last. */
enum sqa_status fn_diff(struct sqa_call *call) {
    struct sqa_elementwise e = {.step = sqa_step_binary,
                                .operand_count = 2,
                                .op.binary = SQA_OP3(call->connection->kernels, sub)};
    struct sqa_view view;
    int64_t lag = 1;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_count(call, 1, "lag", 1, &lag);
    if (status != SQA_OK)
        return status;
    const size_t skipped = (uint64_t)lag < view.count ? (size_t)lag : view.count;
    e.operands[0].view = sqa_view_slice(&view, skipped, view.count - skipped);
    e.operands[1].view = sqa_view_slice(&view, 0, view.count - skipped);
    return sqa_result_elementwise(call, &e);
}
