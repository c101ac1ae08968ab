/* array_distinct(A): the elements as they first occur. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/* Where the range is not much larger than the array, by a bit for each integer in it. */
static enum sqa_status by_range(struct sqa_call *call, const struct sqa_view *view, int64_t lo,
                                int64_t hi, void *dst, size_t *count) {
    sqa_distinct_range_fn *const distinct =
        call->connection->kernels->distinct_range[sqa_width_index(view->width)];
    const uint64_t words = (((uint64_t)hi - (uint64_t)lo) >> 6) + 1;
    uint64_t *seen = sqa_scratch_take(call, words, sizeof *seen);
    if (seen == NULL)
        return SQA_NOMEM;
    *count = 0;
    if (sqa_whole_zero(call, seen, (size_t)words * sizeof *seen) == SQA_OK) {
        for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n)
            *count += distinct((unsigned char *)dst + *count * view->width,
                               view->data + at * view->width, n, lo, seen);
    }
    sqa_scratch_give(seen);
    return sqa_call_status(call);
}

/* *count: SIZE_MAX where the elements defy hashing. */
static enum sqa_status by_hash(struct sqa_call *call, const struct sqa_view *view, void *dst,
                               size_t *count) {
    void *scratch = sqa_scratch_take(call, sqa_distinct_room(view->count), view->width);
    if (scratch == NULL)
        return SQA_NOMEM;
    *count = call->connection->kernels->distinct[sqa_width_index(view->width)](
        dst, view->data, view->count, scratch, &call->poll);
    sqa_scratch_give(scratch);
    return sqa_call_status(call);
}

/* By the places of the elements among all that there are, sorted: slow, but for any elements. */
static enum sqa_status by_rank(struct sqa_call *call, const struct sqa_view *view, void *dst,
                               size_t *count) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = view->width, index = sqa_width_index(width);
    struct sqa_blocks blocks;
    void *sorted;
    uint8_t *seen = NULL;
    size_t m;
    enum sqa_status status = sqa_sorted_copy(call, view, width, &sorted);
    if (status != SQA_OK)
        return status;
    status = sqa_whole_unique(call, sorted, view->count, width, &m);
    if (status != SQA_OK)
        goto done;
    seen = sqa_scratch_take(call, m, sizeof *seen);
    status = seen == NULL ? SQA_NOMEM : sqa_whole_zero(call, seen, m);
    if (status != SQA_OK)
        goto done;
    *count = 0;
    sqa_blocks_begin(&blocks, call, view, 8);
    while (sqa_blocks_next(&blocks)) {
        const int64_t *x = blocks.data;
        int64_t ranks[SQA_BLOCK], fresh[SQA_BLOCK];
        size_t n = 0;
        kernels->bound[index](ranks, sorted, m, x, blocks.n, false);
        for (size_t i = 0; i < blocks.n; i++) {
            fresh[n] = x[i];
            n += !seen[ranks[i]];
            seen[ranks[i]] = 1;
        }
        kernels->from64[index]((unsigned char *)dst + *count * width, fresh, n);
        *count += n;
    }
    status = blocks.status;
done:
    sqa_scratch_give(seen);
    sqa_scratch_give(sorted);
    return status;
}

enum sqa_status fn_distinct(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view view;
    struct sqa_out out;
    int64_t lo, hi;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK || view.count == 0)
        return status == SQA_OK ? sqa_result_array(call, &view) : status;
    const unsigned width = view.width;
    status = sqa_extremes(call, &view, &lo, &hi);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, view.count, width);
    if (status != SQA_OK)
        return status;
    void *dst = sqa_out_data(&out);
    size_t count = 0;
    if (width <= 2) /* a bit for each integer there is: no scratch */
        count = kernels->distinct[sqa_width_index(width)](dst, view.data, view.count, NULL,
                                                          &call->poll);
    else if (((uint64_t)hi - (uint64_t)lo) / 8 <= (uint64_t)view.count * width)
        status = by_range(call, &view, lo, hi, dst, &count);
    else
        status = by_hash(call, &view, dst, &count);
    if (status == SQA_OK && count == SIZE_MAX)
        status = by_rank(call, &view, dst, &count);
    return sqa_out_close(&out, status, count, sqa_sig(lo) | sqa_sig(hi));
}
