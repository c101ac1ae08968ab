/* Functions that read parts of an array. */
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

enum sqa_status fn_length(struct sqa_call *call) {
    struct sqa_view view;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (int64_t)view.count);
    return status;
}

/* The result is the element at this index; left NULL where there is none. */
static void result_element(struct sqa_call *call, const struct sqa_view *view, int64_t index) {
    size_t at;
    if (sqa_index(index, view->count, &at))
        sqlite3_result_int64(call->context, sqa_view_get(view, at));
}

enum sqa_status fn_get(struct sqa_call *call) {
    struct sqa_view view;
    int64_t index, other;
    size_t at;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &index);
    if (status == SQA_OK && call->argc == 3)
        status = sqa_arg_integer(call, 2, &other);
    if (status != SQA_OK)
        return status;
    if (call->argc == 3 && !sqa_index(index, view.count, &at))
        sqlite3_result_int64(call->context, other);
    else
        result_element(call, &view, index);
    return SQA_OK;
}

static enum sqa_status element(struct sqa_call *call, int64_t index) {
    struct sqa_view view;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        result_element(call, &view, index);
    return status;
}

enum sqa_status fn_first(struct sqa_call *call) {
    return element(call, 1);
}

enum sqa_status fn_last(struct sqa_call *call) {
    return element(call, -1);
}

/* An index as a place from 1; those outside keep their order but lose their distance. */
static int64_t place_of(int64_t index, int64_t count) {
    if (index >= 0)
        return index > count ? count + 1 : index;
    return index < -count ? 0 : count + 1 + index;
}

enum sqa_status fn_slice(struct sqa_call *call) {
    struct sqa_view view;
    int64_t start, stop = -1, step = 1;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &start);
    if (status == SQA_OK && call->argc > 2)
        status = sqa_arg_integer(call, 2, &stop);
    if (status == SQA_OK && call->argc > 3)
        status = sqa_arg_integer(call, 3, &step);
    if (status != SQA_OK)
        return status;
    if (step == 0)
        return sqa_fail(call, "argument 4, the step, must not be 0");

    /* both ends into 1..count, each from the side it is on; then walk */
    const int64_t count = (int64_t)view.count;
    start = place_of(start, count);
    stop = place_of(stop, count);
    int64_t *const low = step > 0 ? &start : &stop, *const high = step > 0 ? &stop : &start;
    *low = *low < 1 ? 1 : *low;
    *high = *high > count ? count : *high;
    if (*low > *high)
        return sqa_result_empty(call);
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    const size_t taken = (size_t)((uint64_t)(*high - *low) / stride) + 1;
    if (step == 1) {
        const struct sqa_view part = sqa_view_slice(&view, (size_t)start - 1, taken);
        return sqa_result_array(call, &part);
    }
    return sqa_result_strided(call, &view, (size_t)start - 1, taken == 1 ? 1 : step, taken);
}

static enum sqa_status end_of(struct sqa_call *call, bool tail) {
    struct sqa_view view;
    int64_t n;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_count(call, 1, "number of elements", 0, &n);
    if (status != SQA_OK)
        return status;
    const size_t taken = (uint64_t)n < view.count ? (size_t)n : view.count;
    const struct sqa_view part = sqa_view_slice(&view, tail ? view.count - taken : 0, taken);
    return sqa_result_array(call, &part);
}

enum sqa_status fn_head(struct sqa_call *call) {
    return end_of(call, false);
}

enum sqa_status fn_tail(struct sqa_call *call) {
    return end_of(call, true);
}
