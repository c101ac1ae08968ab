/*
** Comparisons, which return masks of 0 and 1, and functions that read masks, where any element
** but 0 means true.
*/
#include "core/set_walk.h"
#include "functions/bodies.h"
#include "functions/set_operand.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/*
** The result is a mask that tells which elements of argument `array` (from 0) are within the
** range.
*/
static void result_within(struct sqa_call *call, int array, struct sqa_range range) {
    struct sqa_elementwise e;
    sqa_elementwise_init_mask(&e, sqa_compute_between, 1);
    e.node.op.range.lo = range.lo;
    e.node.op.range.hi = range.hi;
    sqa_arg_array_to(call, array, &e.operands[0].array);
    sqa_result_elementwise(call, &e);
}

/* Returns the relation r for which `b r a` means the same as `a op b`. */
static enum sqa_relation mirrored(enum sqa_relation op) {
    return op == SQA_LT   ? SQA_GT
           : op == SQA_LE ? SQA_GE
           : op == SQA_GT ? SQA_LT
           : op == SQA_GE ? SQA_LE
                          : op;
}

/*
** Compares an array with a REAL that is not an integer. Does nothing if neither argument is such
** a REAL.
*/
static void compare_fraction(struct sqa_call *call, enum sqa_relation op) {
    double x;
    const bool first = sqa_arg_is_fraction(call, 0, &x);
    const bool not_equal = op == 0;
    if (!first && !sqa_arg_is_fraction(call, 1, &x))
        return;
    sqa_call_recover(call);
    result_within(call, first ? 1 : 0,
                  not_equal ? sqa_range_all() : sqa_range_of_real(first ? mirrored(op) : op, x));
}

/*
** The result is a mask: it tells which elements of the first argument are in relation op to those
** of the second. The three tables hold the kernel for two arrays, an array and an integer, and an
** integer and an array. op is 0 for "not equal". If swap is true the kernel compares the second
** argument with the first, because a > b is b < a.
*/
static void result_compare(struct sqa_call *call, enum sqa_relation op, bool swap,
                           sqa_compare_fn *const *vector_vector,
                           sqa_compare_fn *const *vector_scalar,
                           sqa_compare_fn *const *scalar_vector) {
    struct sqa_elementwise e;
    sqa_elementwise_init_mask(&e, sqa_compute_compare, 2);
    e.node.op.compare.vv = vector_vector;
    e.node.op.compare.vs = vector_scalar;
    e.node.op.compare.sv = scalar_vector;
    sqa_arg_operands(call, &e.operands[swap ? 1 : 0], &e.operands[swap ? 0 : 1]);
    /*
    ** The types are only examined after a failure, because for short arrays it would cost
    ** noticeable time.
    */
    if (call->status == SQA_ARGUMENT) {
        compare_fraction(call, op);
        return;
    }
    sqa_result_elementwise(call, &e);
    /* the message names the lengths in the order of the arguments */
    if (swap && call->status == SQA_LENGTHS)
        call->error = (struct sqa_error){call->error.b, call->error.a};
}

#define COMPARE(name, op, kernel, swap)                                                            \
    void sqa_fn_##name(struct sqa_call *call) {                                                    \
        const struct sqa_kernels *kernels = call->connection->kernels;                             \
        result_compare(call, op, swap, kernels->kernel##_vv, kernels->kernel##_vs,                 \
                       kernels->kernel##_sv);                                                      \
    }
COMPARE(eq, SQA_EQ, eq, false)
COMPARE(ne, 0, ne, false)
COMPARE(lt, SQA_LT, lt, false)
COMPARE(le, SQA_LE, le, false)
COMPARE(gt, SQA_GT, lt, true)
COMPARE(ge, SQA_GE, le, true)

void sqa_fn_not(struct sqa_call *call) {
    struct sqa_elementwise e;
    sqa_elementwise_init_mask(&e, sqa_compute_compare, 2);
    e.node.op.compare.vs = call->connection->kernels->eq_vs;
    sqa_arg_array_to(call, 0, &e.operands[0].array);
    e.operands[1].is_scalar = true;
    e.operands[1].scalar = 0;
    sqa_result_elementwise(call, &e);
}

void sqa_fn_between(struct sqa_call *call) {
    const struct sqa_range from = sqa_arg_range(call, 1, SQA_GE);
    const struct sqa_range to = sqa_arg_range(call, 2, SQA_LE);
    result_within(call, 0, sqa_range_both(from, to));
}

void sqa_fn_isin(struct sqa_call *call) {
    struct sqa_elementwise e;
    struct sqa_set_room room;
    struct sqa_stack_scratch stack;
    sqa_elementwise_init_mask(&e, sqa_compute_isin, 1);
    sqa_arg_array_to(call, 0, &e.operands[0].array);
    const unsigned width = e.operands[0].array.width;
    const struct sqa_array all = sqa_arg_set(call, 1, &room),
                           set = sqa_set_within(call->connection->kernels, &all, width);
    struct sqa_view view;
    if (!sqa_array_is_plain(&set, &view) || view.width != width) {
        void *copy = sqa_scratch_take_either(call, &stack, set.count, width);
        sqa_whole_copy(call, &set, copy, width);
        view.data = copy;
    }
    e.node.op.set.sorted = view.data;
    e.node.op.set.count = set.count;
    e.node.op.set.width = width;
    sqa_result_elementwise(call, &e);
}

void sqa_fn_where(struct sqa_call *call) {
    struct sqa_elementwise e;
    sqa_elementwise_init(&e, sqa_compute_where, 3);
    e.node.in_full = true;
    sqa_arg_array_to(call, 0, &e.operands[0].array);
    sqa_arg_operand(call, 1, &e.operands[1]);
    sqa_arg_operand(call, 2, &e.operands[2]);
    sqa_result_elementwise(call, &e);
}

/* Returns the number of elements that are not zero. */
static size_t count_nonzero(struct sqa_call *call, const struct sqa_array *mask) {
    return mask->count - sqa_whole_count(call, mask, 0);
}

/*
** Filters arrays of at most one block, which have the same length. Room for all elements takes
** less time than counting first. The zeros behind what is kept do not change its significance, and
** make whole vectors of it: the end of a loop over the rest would often be mispredicted.
*/
enum { PADDING = 32 };
static void filter_block(struct sqa_call *call, const struct sqa_array *array,
                         const struct sqa_array *mask) {
    static const int64_t zero = 0;
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(array->width);
    struct sqa_reader reader, mask_reader;
    struct sqa_out out;
    uint8_t bytes[SQA_BLOCK];
    sqa_out_open(&out, call, array->count + PADDING, array->width);
    const void *elements = sqa_reader_whole(&reader, kernels, array, array->width);
    const void *chosen = sqa_reader_whole(&mask_reader, kernels, mask, mask->width);
    if (mask->width > 1) {
        kernels->ne_vs[sqa_width_index(mask->width)](bytes, chosen, &zero, mask->count);
        chosen = bytes;
    }
    const size_t kept = kernels->filter[index](out.elements, elements, chosen, array->count);
    memset(sqa_out_at(&out, kept), 0, PADDING * (size_t)out.width);
    const size_t padded = (kept + PADDING - 1) / PADDING * PADDING;
    sqa_out_close(&out, kept, kernels->sig[index](out.elements, padded));
}

void sqa_fn_filter(struct sqa_call *call) {
    static const int64_t zero = 0;
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0), mask = sqa_arg_array(call, 1);
    const unsigned width = array.width, index = sqa_width_index(width);
    struct sqa_reader reader, mask_reader;
    struct sqa_out out;
    size_t kept = 0;
    uint64_t sig = 0;
    sqa_same_length(call, &array, &mask);
    if (array.count <= SQA_BLOCK && !sqa_failed(call)) {
        filter_block(call, &array, &mask);
        return;
    }
    const uint64_t room = count_nonzero(call, &mask);
    sqa_out_open(&out, call, room, width);
    sqa_read(&reader, call, &array, width);
    sqa_read(&mask_reader, call, &mask, mask.width);
    while (sqa_reader_next(&reader)) {
        uint8_t chosen[SQA_BLOCK];
        _Alignas(64) unsigned char block[SQA_BLOCK * 8];
        kernels->ne_vs[sqa_width_index(mask.width)](
            chosen, sqa_reader_block(&mask_reader, reader.at, reader.n), &zero, reader.n);
        /* the kernel writes past what it keeps */
        const bool fits = room - kept >= reader.n;
        void *to = fits ? sqa_out_at(&out, kept) : block;
        const size_t n = kernels->filter[index](to, reader.data, chosen, reader.n);
        sig |= kernels->sig[index](to, n);
        if (!fits)
            memcpy(sqa_out_at(&out, kept), block, n * width);
        kept += n;
    }
    sqa_out_close(&out, kept, sig);
}

void sqa_fn_nonzero(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const unsigned width = sqa_sig_width(array.count); /* wide enough for any position */
    struct sqa_reader reader;
    struct sqa_out out;
    size_t found = 0;
    int64_t last = 0;
    sqa_out_open(&out, call, count_nonzero(call, &array), width);
    sqa_read(&reader, call, &array, array.width);
    while (sqa_reader_next(&reader)) {
        int64_t positions[SQA_BLOCK];
        const size_t n = kernels->positions[sqa_width_index(array.width)](
            positions, reader.data, (int64_t)reader.at + 1, reader.n);
        kernels->from64[sqa_width_index(width)](sqa_out_at(&out, found), positions, n);
        last = n > 0 ? positions[n - 1] : last;
        found += n;
    }
    sqa_out_close(&out, found, sqa_sig(last));
}

void sqa_fn_any(struct sqa_call *call) {
    const struct sqa_array mask = sqa_arg_array(call, 0);
    sqa_search_fn *const count = call->connection->kernels->count[sqa_width_index(mask.width)];
    struct sqa_reader reader;
    bool found = false;
    sqa_read(&reader, call, &mask, mask.width);
    while (!found && sqa_reader_next(&reader))
        found = count(reader.data, 0, reader.n) < reader.n;
    sqlite3_result_int(call->context, found);
}

void sqa_fn_all(struct sqa_call *call) {
    const struct sqa_array mask = sqa_arg_array(call, 0);
    sqlite3_result_int(call->context, sqa_whole_find(call, &mask, 0) == mask.count);
}

/* Compares like memcmp(): -1, 0 or 1 by the first differing element, then by length. */
static int compare_arrays(struct sqa_call *call, const struct sqa_array *a,
                          const struct sqa_array *b) {
    const unsigned width = a->width > b->width ? a->width : b->width;
    sqa_mismatch_fn *const mismatch = call->connection->kernels->mismatch[sqa_width_index(width)];
    const struct sqa_array common =
        sqa_array_slice(a, 0, a->count > b->count ? b->count : a->count);
    struct sqa_reader reader, other;
    sqa_read(&reader, call, &common, width);
    sqa_read(&other, call, b, width);
    while (sqa_reader_next(&reader)) {
        const struct sqa_view others = {sqa_reader_block(&other, reader.at, reader.n), reader.n,
                                        width};
        const size_t i = mismatch(reader.data, others.data, reader.n);
        if (i < reader.n)
            return sqa_reader_get(&reader, i) < sqa_view_get(&others, i) ? -1 : 1;
    }
    return (a->count > b->count) - (a->count < b->count);
}

void sqa_fn_equal(struct sqa_call *call) {
    const struct sqa_array a = sqa_arg_array(call, 0), b = sqa_arg_array(call, 1);
    sqlite3_result_int(call->context, a.count == b.count && compare_arrays(call, &a, &b) == 0);
}

void sqa_fn_compare(struct sqa_call *call) {
    const struct sqa_array a = sqa_arg_array(call, 0), b = sqa_arg_array(call, 1);
    sqlite3_result_int(call->context, compare_arrays(call, &a, &b));
}
