/* Functions that choose elements: by size, or at random. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum sqa_status fn_nth(struct sqa_call *call) {
    struct sqa_view view;
    int64_t k, x[2];
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &k);
    if (status != SQA_OK || k < 1 || (uint64_t)k > view.count)
        return status;
    status = sqa_nth(call, &view, (size_t)k - 1, x);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, x[0]);
    return status;
}

/*
** The k smallest of what has been added. As soon as they are twice as many, selection leaves k of
** them, the largest of which bounds all that can still matter. So time is linear and memory a
** multiple of k, and in most arrays few blocks have anything below the bound.
**
** For the largest elements the same is done with their complements.
*/
struct top {
    const struct sqa_kernels *kernels;
    struct sqa_poll *poll;
    unsigned width, index;
    unsigned char *buffer, *scratch; /* room for what is held and a block more */
    size_t k, held;
    bool bounded;
    int64_t bound;
};

static void top_cut(struct top *top) {
    top->bound =
        top->kernels->nth[top->index](top->buffer, top->held, top->k - 1, top->scratch, top->poll);
    top->bounded = true;
    top->held = top->k;
}

/* n <= SQA_BLOCK */
static void top_add(struct top *top, const void *x, size_t n) {
    uint8_t below[SQA_BLOCK];
    unsigned char *end = top->buffer + top->held * top->width;
    if (top->bounded) {
        top->kernels->lt_vs[top->index](below, x, &top->bound, n);
        top->held += top->kernels->filter[top->index](end, x, below, n);
    } else {
        memcpy(end, x, n * top->width);
        top->held += n;
    }
    if (top->held / 2 >= top->k)
        top_cut(top);
}

/* dst = ~src; count <= SQA_BLOCK */
static void complement(const struct top *top, void *dst, const void *src, size_t count) {
    static const int64_t ones = -1;
    struct sqa_acc unused = {0, 0};
    top->kernels->bit_xor_vs[top->index](dst, src, &ones, count, &unused);
}

/* Fills the buffer with the top->k first elements of view in the order asked for. */
static enum sqa_status top_run(struct top *top, struct sqa_call *call, const struct sqa_view *view,
                               bool descending) {
    _Alignas(64) unsigned char block[SQA_BLOCK * 8];
    struct sqa_blocks blocks;
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (!call->poll.stopped && sqa_blocks_next(&blocks)) {
        const int64_t first = descending ? ~top->kernels->max[top->index](blocks.data, blocks.n)
                                         : top->kernels->min[top->index](blocks.data, blocks.n);
        if (top->bounded && first >= top->bound)
            continue;
        if (descending)
            complement(top, block, blocks.data, blocks.n);
        top_add(top, descending ? block : blocks.data, blocks.n);
    }
    if (blocks.status != SQA_OK)
        return blocks.status;
    if (top->held > top->k)
        top_cut(top);
    top->kernels->sort[top->index](top->buffer, top->k, top->scratch, top->poll);
    return sqa_call_status(call);
}

/* Fills dst with what the buffer holds then. */
static enum sqa_status top_copy(const struct top *top, struct sqa_call *call, unsigned char *dst,
                                bool descending) {
    const struct sqa_view chosen = {top->buffer, top->k, top->width};
    if (!descending)
        return sqa_whole_copy(call, &chosen, dst, top->width);
    for (size_t at = 0; at < top->k; at += SQA_BLOCK) {
        const size_t n = top->k - at < SQA_BLOCK ? top->k - at : SQA_BLOCK;
        complement(top, dst + at * top->width, top->buffer + at * top->width, n);
        if (at % SQA_RUN == SQA_RUN - SQA_BLOCK && sqa_stopped(top->poll))
            break;
    }
    return sqa_call_status(call);
}

/* The result is the k first elements of view in the order asked for; 0 < k <= its count. */
static enum sqa_status result_top(struct sqa_call *call, const struct sqa_view *view, size_t k,
                                  bool descending) {
    struct sqa_out out;
    struct top top = {.kernels = call->connection->kernels,
                      .poll = &call->poll,
                      .width = view->width,
                      .index = sqa_width_index(view->width),
                      .k = k};
    uint64_t sig = 0;
    const size_t room = view->count / 2 > k + SQA_BLOCK / 2 ? 2 * k + SQA_BLOCK : view->count;
    enum sqa_status status = sqa_out_open(&out, call, k, view->width);
    if (status != SQA_OK)
        return status;
    top.buffer = sqa_scratch_take(call, 2 * (uint64_t)room, top.width);
    status = SQA_NOMEM;
    if (top.buffer != NULL) {
        top.scratch = top.buffer + room * top.width;
        status = top_run(&top, call, view, descending);
    }
    if (status == SQA_OK)
        status = top_copy(&top, call, sqa_out_data(&out), descending);
    sqa_scratch_give(top.buffer);
    if (status ==
        SQA_OK) { /* it is sorted, one way or the other: the ends have all significant bits */
        const struct sqa_view sorted = {sqa_out_data(&out), k, view->width};
        sig = sqa_sig(sqa_view_get(&sorted, 0)) | sqa_sig(sqa_view_get(&sorted, k - 1));
    }
    return sqa_out_close(&out, status, k, sig);
}

enum sqa_status fn_topk(struct sqa_call *call) {
    struct sqa_view view;
    int64_t k;
    bool descending = true;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_count(call, 1, "number of elements", 0, &k);
    if (status == SQA_OK)
        status = sqa_arg_direction(call, 2, &descending);
    if (status != SQA_OK)
        return status;
    const size_t taken = (uint64_t)k < view.count ? (size_t)k : view.count;
    return taken > 0 ? result_top(call, &view, taken, descending) : sqa_result_empty(call);
}

/*
** The steps from .. to of a shuffle (Durstenfeld: "Algorithm 235", CACM 7(7), 1964), forwards: place i
** gets one of those that stand at i and after. Stopped early, it has drawn without replacement.
*/
#define SHUFFLE(type)                                                                              \
    static void shuffle_##type(type *x, size_t count, size_t from, size_t to,                      \
                               struct sqa_random *random) {                                        \
        for (size_t i = from; i < to; i++) {                                                       \
            const size_t j = i + (size_t)sqa_random_below(random, count - i);                      \
            const type swap = x[i];                                                                \
            x[i] = x[j];                                                                           \
            x[j] = swap;                                                                           \
        }                                                                                          \
    }
SHUFFLE(int8_t)
SHUFFLE(int16_t)
SHUFFLE(int32_t)
SHUFFLE(int64_t)

/* Draws the first n of count elements of width bytes. SQA_INTERRUPT. */
static enum sqa_status draw(struct sqa_call *call, void *data, unsigned width, size_t count,
                            size_t n, struct sqa_random *random) {
    for (size_t at = 0; at < n; at += SQA_RUN) {
        const size_t end = n - at < SQA_RUN ? n : at + SQA_RUN;
        if (at > 0 && sqa_stopped(&call->poll))
            return SQA_INTERRUPT;
        switch (width) {
        case 1:
            shuffle_int8_t(data, count, at, end, random);
            break;
        case 2:
            shuffle_int16_t(data, count, at, end, random);
            break;
        case 4:
            shuffle_int32_t(data, count, at, end, random);
            break;
        default:
            shuffle_int64_t(data, count, at, end, random);
        }
    }
    return SQA_OK;
}

/* The result is n elements of view, drawn in a copy: of all of them in the result itself. */
static enum sqa_status result_drawn(struct sqa_call *call, const struct sqa_view *view, size_t n,
                                    struct sqa_random *random) {
    const unsigned width = view->width;
    struct sqa_out out;
    void *copy = NULL;
    uint64_t sig = 0;
    enum sqa_status status = sqa_out_open(&out, call, n, width);
    if (status != SQA_OK)
        return status;
    if (n < view->count)
        copy = sqa_scratch_take(call, view->count, width);
    void *from = n < view->count ? copy : sqa_out_data(&out);
    const struct sqa_view drawn = {from, n, width};
    status = from == NULL ? SQA_NOMEM : sqa_whole_copy(call, view, from, width);
    if (status == SQA_OK)
        status = draw(call, from, width, view->count, n, random);
    if (status == SQA_OK)
        status = sqa_whole_sig(call, &drawn, &sig);
    if (status == SQA_OK && copy != NULL)
        status = sqa_whole_copy(call, &drawn, sqa_out_data(&out), width);
    sqa_scratch_give(copy);
    return sqa_out_close(&out, status, n, sig);
}

enum sqa_status fn_shuffle(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_random random;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_random(call, 1, &random);
    return status == SQA_OK ? result_drawn(call, &view, view.count, &random) : status;
}

enum sqa_status fn_sample(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_random random;
    int64_t n;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_count(call, 1, "number of elements", 0, &n);
    if (status == SQA_OK)
        status = sqa_arg_random(call, 2, &random);
    if (status != SQA_OK)
        return status;
    if ((uint64_t)n > view.count)
        return sqa_fail(call,
                        "argument 2, the number of elements, is over the array's %lld (%lld given)",
                        (long long)view.count, (long long)n);
    return result_drawn(call, &view, (size_t)n, &random);
}
