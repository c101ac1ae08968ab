/* array_distinct(A): each element once, in the order of first occurrence. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

/*
** Keeps one bit for each integer between minimum and maximum. Used if this range is not much
** larger than the array.
*/
static size_t distinct_by_range(struct sqa_call *call, const struct sqa_view *view,
                                struct sqa_extremes range, unsigned char *dst) {
    sqa_distinct_range_fn *const distinct =
        call->connection->kernels->distinct_range[sqa_width_index(view->width)];
    const unsigned width = view->width;
    const uint64_t words = (((uint64_t)range.most - (uint64_t)range.least) >> 6) + 1;
    uint64_t *seen = sqa_scratch_take(call, words, sizeof *seen);
    size_t count = 0;
    sqa_whole_zero(call, seen, (size_t)words * sizeof *seen);
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n)
        count += distinct(dst + count * width, view->data + at * width, n, range.least, seen);
    return count;
}

/*
** Remembers the elements in a hash table. Returns SIZE_MAX if too many elements have the same
** hash.
*/
static size_t distinct_by_hash(struct sqa_call *call, const struct sqa_view *view, void *dst) {
    void *scratch = sqa_scratch_take(call, sqa_distinct_room(view->count), view->width);
    if (scratch == NULL)
        return 0;
    const size_t count = call->connection->kernels->distinct[sqa_width_index(view->width)](
        dst, view->data, view->count, scratch, &call->poll);
    sqa_scratch_give(call, scratch);
    return count;
}

/*
** Sorts a copy of the elements and marks there which of them have occurred. Slower than hashing,
** but safe for any input.
*/
static size_t distinct_by_rank(struct sqa_call *call, const struct sqa_array *array,
                               unsigned char *dst) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = array->width, index = sqa_width_index(width);
    void *sorted = sqa_sorted_copy(call, array, width);
    const size_t m = sqa_whole_unique(call, sorted, array->count, width);
    uint8_t *seen = sqa_scratch_take(call, m, sizeof *seen);
    struct sqa_reader reader;
    size_t count = 0;
    sqa_whole_zero(call, seen, m);
    sqa_read(&reader, call, array, 8);
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        int64_t ranks[SQA_BLOCK], fresh[SQA_BLOCK];
        size_t n = 0;
        kernels->bound[index](ranks, sorted, m, x, reader.n, false);
        for (size_t i = 0; i < reader.n; i++) {
            fresh[n] = x[i];
            n += !seen[ranks[i]];
            seen[ranks[i]] = 1;
        }
        kernels->from64[index](dst + count * width, fresh, n);
        count += n;
    }
    return count;
}

void sqa_fn_distinct(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const unsigned width = array.width;
    struct sqa_out out;
    if (array.count == 0) {
        sqa_result_array(call, &array);
        return;
    }
    const struct sqa_extremes range = sqa_whole_extremes(call, &array);
    const struct sqa_view view = sqa_whole_view(call, &array);
    sqa_out_open(&out, call, array.count, width);
    if (sqa_failed(call))
        return;
    size_t count;
    if (width <= 2) /* there is one bit for each value of this width, and no scratch memory */
        count = kernels->distinct[sqa_width_index(width)](out.elements, view.data, view.count, NULL,
                                                          &call->poll);
    else if (((uint64_t)range.most - (uint64_t)range.least) / 8 <= (uint64_t)view.count * width)
        count = distinct_by_range(call, &view, range, out.elements);
    else
        count = distinct_by_hash(call, &view, out.elements);
    if (count == SIZE_MAX)
        count = distinct_by_rank(call, &array, out.elements);
    sqa_out_close(&out, count, sqa_sig(range.least) | sqa_sig(range.most));
}
