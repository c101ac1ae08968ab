/* Functions that select elements: the smallest or largest ones, or random ones. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

void sqa_fn_nth(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t k = sqa_arg_integer(call, 1);
    int64_t x[2];
    if (k < 1 || (uint64_t)k > array.count)
        return;
    sqa_nth(call, &array, (size_t)k - 1, x);
    sqlite3_result_int64(call->context, x[0]);
}

/*
** Collects elements and keeps the k smallest. When 2k elements are held, a selection keeps the k
** smallest of them; the largest of these is a bound, and greater elements are ignored from then
** on. So the time is linear, memory is a multiple of k, and in most arrays only few blocks
** contain elements below the bound.
**
** For the k largest elements, the bitwise complements are collected.
*/
struct top {
    const struct sqa_kernels *kernels;
    struct sqa_poll *poll;
    unsigned width, index;
    unsigned char *buffer, *scratch; /* each has room for the held elements and one block */
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

/* Adds n <= SQA_BLOCK elements. */
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

/* Sets dst to ~src, for count <= SQA_BLOCK elements. */
static void complement_of(const struct top *top, void *dst, const void *src, size_t count) {
    static const int64_t ones = -1;
    struct sqa_acc unused = {0, 0};
    top->kernels->bit_xor_vs[top->index](dst, src, &ones, count, &unused);
}

/*
** Collects all elements of the array, so that the buffer holds the top->k first ones in the
** requested order.
*/
static void top_run(struct top *top, struct sqa_call *call, const struct sqa_array *array,
                    bool descending) {
    _Alignas(64) unsigned char block[SQA_BLOCK * 8];
    struct sqa_reader reader;
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        const int64_t first = descending ? ~top->kernels->max[top->index](reader.data, reader.n)
                                         : top->kernels->min[top->index](reader.data, reader.n);
        if (top->bounded && first >= top->bound)
            continue;
        if (descending)
            complement_of(top, block, reader.data, reader.n);
        top_add(top, descending ? block : reader.data, reader.n);
    }
    if (sqa_failed(call))
        return;
    if (top->held > top->k)
        top_cut(top);
    top->kernels->sort[top->index](top->buffer, top->k, top->scratch, top->poll);
}

/* Copies the elements that the buffer holds to dst. */
static void top_copy(const struct top *top, struct sqa_call *call, unsigned char *dst,
                     bool descending) {
    const struct sqa_view view = {top->buffer, top->k, top->width};
    const struct sqa_array chosen = sqa_array_of(&view);
    struct sqa_reader reader;
    sqa_read(&reader, call, &chosen, top->width);
    while (sqa_reader_next(&reader)) {
        unsigned char *const to = dst + reader.at * top->width;
        if (descending)
            complement_of(top, to, reader.data, reader.n);
        else
            memcpy(to, reader.data, reader.n * top->width);
    }
}

/* The result is the k first elements of the array in the requested order; 0 < k <= its count. */
static void result_top(struct sqa_call *call, const struct sqa_array *array, size_t k,
                       bool descending) {
    struct sqa_out out;
    struct top top = {.kernels = call->connection->kernels,
                      .poll = &call->poll,
                      .width = array->width,
                      .index = sqa_width_index(array->width),
                      .k = k};
    const size_t room = array->count / 2 > k + SQA_BLOCK / 2 ? 2 * k + SQA_BLOCK : array->count;
    sqa_out_open(&out, call, k, array->width);
    top.buffer = sqa_scratch_take(call, 2 * (uint64_t)room, top.width);
    if (sqa_failed(call))
        return;
    top.scratch = top.buffer + room * top.width;
    top_run(&top, call, array, descending);
    top_copy(&top, call, out.elements, descending);
    sqa_scratch_give(call, top.buffer);
    const struct sqa_view sorted = {out.elements, k, array->width};
    sqa_out_close(&out, k, sqa_failed(call) ? 0 : sqa_sorted_sig(&sorted));
}

/*
** Copies the elements that are in the range to dst, which has room for `most`, and fills the rest
** of it with x.
*/
static void copy_range(struct sqa_call *call, const struct sqa_array *array, struct sqa_range range,
                       unsigned char *dst, size_t most, int64_t x) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = array->width, index = sqa_width_index(width);
    _Alignas(64) unsigned char block[SQA_BLOCK * 8];
    uint8_t mask[SQA_BLOCK];
    struct sqa_reader reader;
    size_t held = 0;
    sqa_read(&reader, call, array, width);
    while (sqa_reader_next(&reader)) {
        kernels->between[index](mask, reader.data, range.lo, range.hi, reader.n);
        const size_t n = kernels->filter[index](block, reader.data, mask, reader.n);
        memcpy(dst + held * width, block, n * width);
        held += n;
    }
    for (size_t n; (n = sqa_next_run(most, held, &call->poll)) > 0; held += n)
        kernels->series[index](dst + held * width, x, 0, n);
}

/*
** The same as result_top(), for many elements: finds the last one of them, and then copies those
** before it in the order.
*/
static void result_top_of_most(struct sqa_call *call, const struct sqa_array *array, size_t k,
                               bool descending) {
    struct sqa_stack_scratch stack;
    struct sqa_out out;
    int64_t x[2];
    sqa_nth(call, array, descending ? array->count - k : k - 1, x);
    const int64_t last = x[0];
    const struct sqa_range before = sqa_range_of_integer(descending ? SQA_GT : SQA_LT, last);
    sqa_out_open(&out, call, k, array->width);
    unsigned char *const other = sqa_scratch_take_either(call, &stack, k, array->width);
    unsigned char *const sorted = descending ? other : out.elements;
    if (sqa_failed(call))
        return;
    copy_range(call, array, before, sorted, k, last);
    if (sqa_failed(call))
        return;
    call->connection->kernels->sort[sqa_width_index(array->width)](
        sorted, k, descending ? out.elements : other, &call->poll);
    const struct sqa_view view = {sorted, k, array->width};
    if (descending)
        sqa_whole_stride(call, &view, k - 1, -1, k, out.elements);
    sqa_out_close(&out, k, sqa_failed(call) ? 0 : sqa_sorted_sig(&view));
}

void sqa_fn_topk(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t k = (uint64_t)sqa_arg_count(call, 1, "number of elements", 0);
    const bool descending = sqa_arg_direction(call, 2, true);
    const size_t taken = k < array.count ? (size_t)k : array.count;
    if (taken == 0)
        sqa_result_empty(call);
    else if (taken <= array.count / 8)
        result_top(call, &array, taken, descending);
    else
        result_top_of_most(call, &array, taken, descending);
}

/*
** Steps of a shuffle (Durstenfeld: "Algorithm 235", CACM 7(7), 1964), from the front: element i
** is exchanged with a random one among element i and those after it. The first n steps draw n
** elements without replacement.
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

/* Draws the first n of `count` elements of `width` bytes. */
static void draw_elements(struct sqa_call *call, void *data, unsigned width, size_t count,
                          size_t drawn, struct sqa_random *random) {
    for (size_t at = 0, n; (n = sqa_next_run(drawn, at, &call->poll)) > 0; at += n) {
        switch (width) {
        case 1:
            shuffle_int8_t(data, count, at, at + n, random);
            break;
        case 2:
            shuffle_int16_t(data, count, at, at + n, random);
            break;
        case 4:
            shuffle_int32_t(data, count, at, at + n, random);
            break;
        default:
            shuffle_int64_t(data, count, at, at + n, random);
        }
    }
}

/*
** The result is n randomly drawn elements. They are drawn in a copy of the array; to draw all of
** them, in the result itself.
*/
static void result_drawn(struct sqa_call *call, const struct sqa_array *array, size_t n,
                         struct sqa_random random) {
    const unsigned width = array->width;
    struct sqa_out out;
    sqa_out_open(&out, call, n, width);
    void *const copy =
        n < array->count ? sqa_scratch_take(call, array->count, width) : out.elements;
    const struct sqa_view view = {copy, n, width};
    const struct sqa_array drawn = sqa_array_of(&view);
    sqa_whole_copy(call, array, copy, width);
    draw_elements(call, copy, width, array->count, n, &random);
    if (copy != out.elements)
        sqa_whole_copy(call, &drawn, out.elements, width);
    sqa_out_close(&out, n, sqa_whole_sig(call, &drawn));
}

void sqa_fn_shuffle(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    result_drawn(call, &array, array.count, sqa_arg_random(call, 1));
}

void sqa_fn_sample(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t n = sqa_arg_count(call, 1, "number of elements", 0);
    const struct sqa_random random = sqa_arg_random(call, 2);
    if ((uint64_t)n > array.count)
        sqa_fail(call, "argument 2, the number of elements, is over the array's %lld (%lld given)",
                 (long long)array.count, (long long)n);
    result_drawn(call, &array, (size_t)n, random);
}
