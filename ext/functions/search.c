/* Functions that search for elements, for insertion points, and for one array inside another. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_contains(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t v = sqa_arg_integer(call, 1);
    sqlite3_result_int(call->context, sqa_whole_find(call, &array, v) < array.count);
}

void sqa_fn_position(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t v = sqa_arg_integer(call, 1);
    size_t skipped;
    if (!sqa_index(sqa_arg_integer_or(call, 2, 1), array.count, &skipped))
        return;
    const struct sqa_array rest = sqa_array_slice(&array, skipped, array.count - skipped);
    const size_t at = sqa_whole_find(call, &rest, v);
    if (at < rest.count)
        sqlite3_result_int64(call->context, (int64_t)(skipped + at) + 1);
}

void sqa_fn_positions(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t v = sqa_arg_integer(call, 1);
    const unsigned index = sqa_width_index(array.width);
    struct sqa_reader reader;
    struct sqa_out out;
    int64_t last = 0;
    size_t found = 0;
    const size_t count = sqa_whole_count(call, &array, v);
    sqa_out_open(&out, call, count, sqa_sig_width(array.count));
    sqa_read(&reader, call, &array, array.width);
    while (found < count && sqa_reader_next(&reader)) {
        uint8_t mask[SQA_BLOCK];
        int64_t positions[SQA_BLOCK];
        if (kernels->find[index](reader.data, v, reader.n) == reader.n)
            continue; /* the usual case: the block does not contain the element */
        kernels->eq_vs[index](mask, reader.data, &v, reader.n);
        const size_t n = kernels->positions[0](positions, mask, (int64_t)reader.at + 1, reader.n);
        kernels->from64[sqa_width_index(out.width)](sqa_out_at(&out, found), positions, n);
        last = positions[n - 1];
        found += n;
    }
    sqa_out_close(&out, found, sqa_sig(last));
}

/* The result is the insertion points of all elements of `sought` in the sorted view. */
static void result_bounds(struct sqa_call *call, const struct sqa_view *view,
                          const struct sqa_array *sought, bool right) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    sqa_bound_fn *const bound = kernels->bound[sqa_width_index(view->width)];
    struct sqa_reader reader;
    struct sqa_out out;
    uint64_t sig = 0;
    sqa_out_open(&out, call, sought->count, sqa_sig_width((uint64_t)view->count + 1));
    sqa_read(&reader, call, sought, 8);
    while (sqa_reader_next(&reader)) {
        int64_t indexes[SQA_BLOCK];
        bound(indexes, view->data, view->count, reader.data, reader.n, right);
        for (size_t i = 0; i < reader.n; i++)
            sig |= (uint64_t)++indexes[i];
        kernels->from64[sqa_width_index(out.width)](sqa_out_at(&out, reader.at), indexes, reader.n);
    }
    sqa_out_close(&out, sought->count, sig);
}

void sqa_fn_search(struct sqa_call *call) {
    static const char *const sides[] = {"left", "right", NULL};
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_operand sought;
    int64_t below;
    sqa_arg_operand(call, 1, &sought);
    const bool right = call->argc > 2 && sqa_arg_word(call, 2, sides) == 1;
    const struct sqa_view view = sqa_whole_view(call, &array);
    if (!sought.is_scalar) {
        result_bounds(call, &view, &sought.array, right);
        return;
    }
    call->connection->kernels->bound[sqa_width_index(view.width)](&below, view.data, view.count,
                                                                  &sought.scalar, 1, right);
    sqlite3_result_int64(call->context, below + 1);
}

/*
** Returns the index (from 0) of the first occurrence of `run` in the view. `run` has elements of
** the view's width at any address. Returns the view's count, which must not be less than
** `length`, if there is none. Searches in parts of about SQA_RUN elements; they overlap, so that
** an occurrence across a boundary is found.
*/
static size_t find_subarray(struct sqa_call *call, const struct sqa_view *view, const void *run,
                            size_t length) {
    sqa_match_fn *const match = call->connection->kernels->match[sqa_width_index(view->width)];
    const size_t step = length > SQA_RUN ? length : SQA_RUN;
    for (size_t at = 0; at == 0 || !sqa_stopped(&call->poll); at += step) {
        const size_t left = view->count - at;
        const size_t n = left - length < step ? left : step + length - 1;
        const size_t i = match(view->data + at * view->width, n, run, length, &call->poll);
        if (i < n && !sqa_failed(call))
            return at + i;
        if (n == left)
            break;
    }
    return view->count;
}

void sqa_fn_find(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0), sought = sqa_arg_array(call, 1);
    struct sqa_reader reader;
    if (sought.count == 0)
        sqlite3_result_int(call->context, 1);
    if (sought.count == 0 || sought.count > array.count ||
        sqa_whole_width(call, &sought) > array.width)
        return;
    /*
    ** The array to search for is converted to the width of the other array. It is used in place
    ** if possible, otherwise it is copied to the stack or to scratch memory.
    */
    const struct sqa_view view = sqa_whole_view(call, &array);
    const void *run;
    sqa_read(&reader, call, &sought, array.width);
    if (sought.width == array.width) {
        run = sqa_whole_view(call, &sought).data;
    } else if (sought.count <= SQA_BLOCK) {
        run = sqa_reader_block(&reader, 0, sought.count);
    } else {
        void *copy = sqa_scratch_take(call, sought.count, array.width);
        sqa_whole_copy(call, &sought, copy, array.width);
        run = copy;
    }
    const size_t at = sqa_failed(call) ? view.count : find_subarray(call, &view, run, sought.count);
    if (at < view.count)
        sqlite3_result_int64(call->context, (int64_t)at + 1);
}
