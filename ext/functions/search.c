/* Functions that look for elements, for places, and for one array inside another. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

enum sqa_status fn_contains(struct sqa_call *call) {
    struct sqa_view view;
    int64_t v;
    size_t at;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &v);
    if (status == SQA_OK)
        status = sqa_find(call, &view, v, &at);
    if (status == SQA_OK)
        sqlite3_result_int(call->context, at < view.count);
    return status;
}

enum sqa_status fn_position(struct sqa_call *call) {
    struct sqa_view view;
    int64_t v, start = 1;
    size_t skipped, at;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &v);
    if (status == SQA_OK && call->argc > 2)
        status = sqa_arg_integer(call, 2, &start);
    if (status != SQA_OK || !sqa_index(start, view.count, &skipped))
        return status;
    const struct sqa_view rest = sqa_view_slice(&view, skipped, view.count - skipped);
    status = sqa_find(call, &rest, v, &at);
    if (status == SQA_OK && at < rest.count)
        sqlite3_result_int64(call->context, (int64_t)(skipped + at) + 1);
    return status;
}

enum sqa_status fn_positions(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view view;
    struct sqa_blocks blocks;
    struct sqa_out out;
    int64_t v, last = 0;
    size_t count, found = 0;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &v);
    if (status == SQA_OK)
        status = sqa_count(call, &view, v, &count);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, count, sqa_sig_width(view.count));
    if (status != SQA_OK)
        return status;
    const unsigned index = sqa_width_index(view.width);
    unsigned char *to = sqa_out_data(&out);
    sqa_blocks_begin(&blocks, call, &view, view.width);
    while (found < count && sqa_blocks_next(&blocks)) {
        uint8_t mask[SQA_BLOCK];
        int64_t positions[SQA_BLOCK];
        if (kernels->find[index](blocks.data, v, blocks.n) == blocks.n)
            continue; /* as in most blocks of most arrays */
        kernels->eq_vs[index](mask, blocks.data, &v, blocks.n);
        const size_t n = kernels->positions[0](positions, mask, (int64_t)blocks.at + 1, blocks.n);
        kernels->from64[sqa_width_index(out.width)](to + found * out.width, positions, n);
        last = positions[n - 1];
        found += n;
    }
    return sqa_out_close(&out, blocks.status, found, sqa_sig(last));
}

/* The result is the insertion indexes of all elements of `sought` in the sorted view. */
static enum sqa_status result_bounds(struct sqa_call *call, const struct sqa_view *view,
                                     const struct sqa_view *sought, bool right) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    sqa_bound_fn *const bound = kernels->bound[sqa_width_index(view->width)];
    struct sqa_blocks blocks;
    struct sqa_out out;
    uint64_t sig = 0;
    const enum sqa_status status =
        sqa_out_open(&out, call, sought->count, sqa_sig_width((uint64_t)view->count + 1));
    if (status != SQA_OK)
        return status;
    unsigned char *to = sqa_out_data(&out);
    sqa_blocks_begin(&blocks, call, sought, 8);
    while (sqa_blocks_next(&blocks)) {
        int64_t indexes[SQA_BLOCK];
        bound(indexes, view->data, view->count, blocks.data, blocks.n, right);
        for (size_t i = 0; i < blocks.n; i++)
            sig |= (uint64_t)++indexes[i];
        kernels->from64[sqa_width_index(out.width)](to + blocks.at * out.width, indexes, blocks.n);
    }
    return sqa_out_close(&out, blocks.status, sought->count, sig);
}

enum sqa_status fn_search(struct sqa_call *call) {
    static const char *const sides[] = {"left", "right", NULL};
    struct sqa_view view;
    struct sqa_operand sought;
    int64_t below;
    int side = 0;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_operand(call, 1, &sought);
    if (status == SQA_OK && call->argc > 2)
        status = sqa_arg_word(call, 2, sides, &side);
    if (status != SQA_OK)
        return status;
    if (!sought.is_scalar)
        return result_bounds(call, &view, &sought.view, side == 1);
    call->connection->kernels->bound[sqa_width_index(view.width)](&below, view.data, view.count,
                                                                  &sought.scalar, 1, side == 1);
    sqlite3_result_int64(call->context, below + 1);
    return SQA_OK;
}

/*
** *at: the index (from 0) where run, elements of the view's width at any address, first occurs; the
** view's count, which is no less than length, if it does not. In parts of about SQA_RUN elements, which
** overlap by what could begin in one and end in the next.
*/
static enum sqa_status find_run(struct sqa_call *call, const struct sqa_view *view, const void *run,
                                size_t length, size_t *at) {
    sqa_match_fn *const match = call->connection->kernels->match[sqa_width_index(view->width)];
    const size_t step = length > SQA_RUN ? length : SQA_RUN;
    for (*at = 0;; *at += step) {
        const size_t left = view->count - *at;
        const size_t n = left - length < step ? left : step + length - 1;
        if (*at > 0 && sqa_stopped(&call->poll))
            return SQA_INTERRUPT;
        const size_t i = match(view->data + *at * view->width, n, run, length, &call->poll);
        if (call->poll.stopped)
            return SQA_INTERRUPT;
        if (i < n) {
            *at += i;
            return SQA_OK;
        }
        if (n == left)
            break;
    }
    *at = view->count;
    return SQA_OK;
}

enum sqa_status fn_find(struct sqa_call *call) {
    struct sqa_view views[2]; /* where, what */
    struct sqa_reader reader;
    size_t at;
    uint64_t sig;
    enum sqa_status status = sqa_arg_arrays(call, views);
    if (status != SQA_OK)
        return status;
    const size_t length = views[1].count;
    const unsigned width = views[0].width;
    if (length == 0) {
        sqlite3_result_int(call->context, 1);
        return SQA_OK;
    }
    if (length > views[0].count)
        return SQA_OK;
    status = sqa_whole_sig(call, &views[1], &sig);
    if (status != SQA_OK || sqa_sig_width(sig) > width)
        return status;
    /* what is sought as elements of the other's width: in place, a block, or scratch memory */
    void *copy = NULL;
    const void *run = views[1].data;
    if (views[1].width != width && length <= SQA_BLOCK) {
        sqa_reader_init(&reader, call->connection->kernels, &views[1], width);
        run = sqa_reader_block(&reader, 0, length);
    } else if (views[1].width != width) {
        run = copy = sqa_scratch_take(call, length, width);
        if (copy == NULL)
            return SQA_NOMEM;
        status = sqa_whole_copy(call, &views[1], copy, width);
    }
    if (status == SQA_OK)
        status = find_run(call, &views[0], run, length, &at);
    sqa_scratch_give(copy);
    if (status == SQA_OK && at < views[0].count)
        sqlite3_result_int64(call->context, (int64_t)at + 1);
    return status;
}
