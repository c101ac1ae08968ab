/* Functions that read parts of an array. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_length(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    sqlite3_result_int64(call->context, (int64_t)array.count);
}

/* The result becomes the element at this index. It stays NULL if the array has no such index. */
static void result_element(struct sqa_call *call, const struct sqa_array *array, int64_t index) {
    size_t at;
    if (sqa_index(index, array->count, &at))
        sqlite3_result_int64(call->context, sqa_array_get(call->connection->kernels, array, at));
}

void sqa_fn_get(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t index = sqa_arg_integer(call, 1);
    if (call->argc == 3)
        sqlite3_result_int64(call->context, sqa_arg_integer(call, 2));
    result_element(call, &array, index);
}

void sqa_fn_first(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    result_element(call, &array, 1);
}

void sqa_fn_last(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    result_element(call, &array, -1);
}

void sqa_fn_slice(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    int64_t start = sqa_arg_integer(call, 1);
    int64_t stop = sqa_arg_integer_or(call, 2, -1);
    const int64_t step = sqa_arg_integer_or(call, 3, 1);
    if (step == 0)
        sqa_fail(call, "argument 4, the step, must not be 0");
    if (sqa_failed(call))
        return;
    if (!sqa_slice_ends(&start, &stop, step < 0, array.count)) {
        sqa_result_empty(call);
        return;
    }
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    const uint64_t distance = (uint64_t)(step > 0 ? stop - start : start - stop);
    const size_t taken = (size_t)(distance / stride) + 1;
    if (step == 1) {
        const struct sqa_array part = sqa_array_slice(&array, (size_t)start - 1, taken);
        sqa_result_array(call, &part);
    } else {
        const struct sqa_view view = sqa_whole_view(call, &array);
        sqa_result_strided(call, &view, (size_t)start - 1, taken == 1 ? 1 : step, taken);
    }
}

static void result_end(struct sqa_call *call, bool tail) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t n = sqa_arg_count(call, 1, "number of elements", 0);
    const size_t taken = (uint64_t)n < array.count ? (size_t)n : array.count;
    const struct sqa_array part = sqa_array_slice(&array, tail ? array.count - taken : 0, taken);
    sqa_result_array(call, &part);
}

void sqa_fn_head(struct sqa_call *call) {
    result_end(call, false);
}

void sqa_fn_tail(struct sqa_call *call) {
    result_end(call, true);
}
