/* Comparisons, which give masks of 0 and 1, and functions that read masks: zero or not zero. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/result.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* The mask of the elements that are within the range */
static enum sqa_status result_within(struct sqa_call *call, int array, struct sqa_range range) {
    struct sqa_elementwise e = {.step = sqa_step_between,
                                .mask = true,
                                .operand_count = 1,
                                .op.range = {range.lo, range.hi}};
    const enum sqa_status status = sqa_arg_array(call, array, &e.operands[0].view);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
}

/* A comparison: which elements of the first argument compare so with those of the second */
struct comparison {
    enum sqa_relation op; /* 0: they are not equal */
    struct sqa_compare_op kernels;
    bool swap; /* the kernels compare the second with the first: a > b is b < a */
};

/* The same comparison seen from its right side */
static enum sqa_relation mirrored(enum sqa_relation op) {
    return op == SQA_LT   ? SQA_GT
           : op == SQA_LE ? SQA_GE
           : op == SQA_GT ? SQA_LT
           : op == SQA_GE ? SQA_LE
                          : op;
}

/* An array with a REAL that no integer equals */
static enum sqa_status compare_fraction(struct sqa_call *call, enum sqa_relation op, int array,
                                        double x) {
    const bool not_equal = op == 0;
    return result_within(call, array, not_equal ? sqa_range_all() : sqa_range_of_real(op, x));
}

static enum sqa_status compare(struct sqa_call *call, const struct comparison *comparison) {
    struct sqa_elementwise e = {.step = sqa_step_compare,
                                .mask = true,
                                .operand_count = 2,
                                .op.compare = comparison->kernels};
    double x;
    enum sqa_status status = sqa_arg_operands(call, e.operands);
    /* only now: of 16 elements it would be felt to ask for the types once more */
    if (status == SQA_ARGUMENT && sqa_arg_is_fraction(call, 0, &x))
        return compare_fraction(call, mirrored(comparison->op), 1, x);
    if (status == SQA_ARGUMENT && sqa_arg_is_fraction(call, 1, &x))
        return compare_fraction(call, comparison->op, 0, x);
    if (status != SQA_OK)
        return status;
    if (comparison->swap) {
        const struct sqa_operand first = e.operands[0];
        e.operands[0] = e.operands[1];
        e.operands[1] = first;
    }
    status = sqa_result_elementwise(call, &e);
    if (comparison->swap && status == SQA_LENGTHS) /* told in the order of the arguments */
        call->error = (struct sqa_error){call->error.b, call->error.a};
    return status;
}

#define COMPARE(name, op, kernel, swap)                                                            \
    enum sqa_status fn_##name(struct sqa_call *call) {                                             \
        const struct comparison comparison = {op, SQA_OP3(call->connection->kernels, kernel),      \
                                              swap};                                               \
        return compare(call, &comparison);                                                         \
    }
COMPARE(eq, SQA_EQ, eq, false)
COMPARE(ne, 0, ne, false)
COMPARE(lt, SQA_LT, lt, false)
COMPARE(le, SQA_LE, le, false)
COMPARE(gt, SQA_GT, lt, true)
COMPARE(ge, SQA_GE, le, true)

enum sqa_status fn_not(struct sqa_call *call) {
    struct sqa_elementwise e = {.step = sqa_step_compare,
                                .mask = true,
                                .operand_count = 2,
                                .op.compare = SQA_OP3(call->connection->kernels, eq)};
    e.operands[1].is_scalar = true; /* 0 */
    const enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
}

enum sqa_status fn_between(struct sqa_call *call) {
    struct sqa_range from, to;
    enum sqa_status status = sqa_arg_range(call, 1, SQA_GE, &from);
    if (status == SQA_OK)
        status = sqa_arg_range(call, 2, SQA_LE, &to);
    return status == SQA_OK ? result_within(call, 0, sqa_range_both(from, to)) : status;
}

enum sqa_status fn_isin(struct sqa_call *call) {
    struct sqa_elementwise e = {.step = sqa_step_isin, .mask = true, .operand_count = 1};
    const struct sqa_view *view = &e.operands[0].view;
    struct sqa_view set;
    void *sorted;
    enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    if (status == SQA_OK)
        status = sqa_arg_array(call, 1, &set);
    if (status != SQA_OK)
        return status;
    e.least_width = set.width > view->width ? set.width : view->width;
    status = sqa_sorted_copy(call, &set, e.least_width, &sorted);
    if (status != SQA_OK)
        return status;
    e.op.set.sorted = sorted;
    e.op.set.count = set.count;
    status = sqa_result_elementwise(call, &e);
    sqa_scratch_give(sorted);
    return status;
}

enum sqa_status fn_where(struct sqa_call *call) {
    struct sqa_elementwise e = {.step = sqa_step_where, .operand_count = 3};
    enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    if (status == SQA_OK)
        status = sqa_arg_operand(call, 1, &e.operands[1]);
    if (status == SQA_OK)
        status = sqa_arg_operand(call, 2, &e.operands[2]);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
}

static const int64_t zero = 0; /* where a kernel wants one element of any width */

/* *n: the number of elements that are not zero */
static enum sqa_status count_nonzero(struct sqa_call *call, const struct sqa_view *mask,
                                     size_t *n) {
    size_t zeros;
    const enum sqa_status status = sqa_count(call, mask, 0, &zeros);
    *n = mask->count - zeros;
    return status;
}

enum sqa_status fn_filter(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view views[2]; /* the elements, the mask */
    struct sqa_blocks blocks;
    struct sqa_reader mask;
    struct sqa_out out;
    size_t count, kept = 0;
    uint64_t sig = 0;
    enum sqa_status status = sqa_arg_arrays(call, views);
    if (status == SQA_OK)
        status = sqa_same_length(call, views);
    if (status == SQA_OK)
        status = count_nonzero(call, &views[1], &count);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, count, views[0].width);
    if (status != SQA_OK)
        return status;
    const unsigned width = views[0].width, index = sqa_width_index(width);
    sqa_blocks_begin(&blocks, call, &views[0], width);
    sqa_reader_init(&mask, kernels, &views[1], views[1].width);
    while (sqa_blocks_next(&blocks)) {
        uint8_t chosen[SQA_BLOCK];
        _Alignas(64) unsigned char block[SQA_BLOCK * 8]; /* the kernel writes past what it keeps */
        kernels->ne_vs[sqa_width_index(mask.width)](
            chosen, sqa_reader_block(&mask, blocks.at, blocks.n), &zero, blocks.n);
        const size_t n = kernels->filter[index](block, blocks.data, chosen, blocks.n);
        memcpy((unsigned char *)sqa_out_data(&out) + kept * width, block, n * width);
        sig |= kernels->sig[index](block, n);
        kept += n;
    }
    return sqa_out_close(&out, blocks.status, kept, sig);
}

enum sqa_status fn_nonzero(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view view;
    struct sqa_blocks blocks;
    struct sqa_out out;
    size_t count, found = 0;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = count_nonzero(call, &view, &count);
    if (status != SQA_OK)
        return status;
    const unsigned width = sqa_sig_width(view.count); /* that any position fits */
    status = sqa_out_open(&out, call, count, width);
    if (status != SQA_OK)
        return status;
    int64_t last = 0;
    sqa_blocks_begin(&blocks, call, &view, view.width);
    while (sqa_blocks_next(&blocks)) {
        int64_t positions[SQA_BLOCK];
        const size_t n = kernels->positions[sqa_width_index(view.width)](
            positions, blocks.data, (int64_t)blocks.at + 1, blocks.n);
        kernels->from64[sqa_width_index(width)]((unsigned char *)sqa_out_data(&out) + found * width,
                                                positions, n);
        last = n > 0 ? positions[n - 1] : last;
        found += n;
    }
    return sqa_out_close(&out, blocks.status, found, sqa_sig(last));
}

enum sqa_status fn_any(struct sqa_call *call) {
    struct sqa_view mask;
    struct sqa_blocks blocks;
    bool found = false;
    const enum sqa_status status = sqa_arg_array(call, 0, &mask);
    if (status != SQA_OK)
        return status;
    sqa_search_fn *const count = call->connection->kernels->count[sqa_width_index(mask.width)];
    sqa_blocks_begin(&blocks, call, &mask, mask.width);
    while (!found && sqa_blocks_next(&blocks))
        found = count(blocks.data, 0, blocks.n) < blocks.n;
    sqlite3_result_int(call->context, found);
    return blocks.status;
}

enum sqa_status fn_all(struct sqa_call *call) {
    struct sqa_view mask;
    struct sqa_blocks blocks;
    bool all = true;
    const enum sqa_status status = sqa_arg_array(call, 0, &mask);
    if (status != SQA_OK)
        return status;
    sqa_search_fn *const find = call->connection->kernels->find[sqa_width_index(mask.width)];
    sqa_blocks_begin(&blocks, call, &mask, mask.width);
    while (all && sqa_blocks_next(&blocks))
        all = find(blocks.data, 0, blocks.n) == blocks.n;
    sqlite3_result_int(call->context, all);
    return blocks.status;
}

/* *order: -1, 0 or 1, by the first element that differs, then by length */
static enum sqa_status compare_views(struct sqa_call *call, const struct sqa_view views[2],
                                     int *order) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = views[0].width > views[1].width ? views[0].width : views[1].width;
    const bool longer = views[0].count > views[1].count, shorter = views[0].count < views[1].count;
    const struct sqa_view common =
        sqa_view_slice(&views[0], 0, longer ? views[1].count : views[0].count);
    struct sqa_blocks blocks;
    struct sqa_reader other;
    *order = longer - shorter;
    sqa_reader_init(&other, kernels, &views[1], width);
    sqa_blocks_begin(&blocks, call, &common, width);
    while (sqa_blocks_next(&blocks)) {
        const size_t i = kernels->mismatch[sqa_width_index(width)](
            blocks.data, sqa_reader_block(&other, blocks.at, blocks.n), blocks.n);
        if (i < blocks.n) {
            const size_t at = blocks.at + i;
            *order = sqa_view_get(&views[0], at) < sqa_view_get(&views[1], at) ? -1 : 1;
            break;
        }
    }
    return blocks.status;
}

enum sqa_status fn_equal(struct sqa_call *call) {
    struct sqa_view views[2];
    int order = 1;
    enum sqa_status status = sqa_arg_arrays(call, views);
    if (status == SQA_OK && views[0].count == views[1].count)
        status = compare_views(call, views, &order);
    sqlite3_result_int(call->context, order == 0);
    return status;
}

enum sqa_status fn_compare(struct sqa_call *call) {
    struct sqa_view views[2];
    int order = 0;
    enum sqa_status status = sqa_arg_arrays(call, views);
    if (status == SQA_OK)
        status = compare_views(call, views, &order);
    sqlite3_result_int(call->context, order);
    return status;
}
