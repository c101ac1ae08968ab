/* Comparisons, which give masks of 0 and 1, and functions that read masks: zero or not zero. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/result.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* swap: a > b is b < a */
static enum sqa_status compare(struct sqa_call *call, struct sqa_compare_op op, bool swap) {
    struct sqa_elementwise e = {
        .step = sqa_step_compare, .mask = true, .operand_count = 2, .op.compare = op};
    enum sqa_status status = sqa_arg_operands(call, e.operands);
    if (status != SQA_OK)
        return status;
    if (swap) {
        const struct sqa_operand first = e.operands[0];
        e.operands[0] = e.operands[1];
        e.operands[1] = first;
    }
    status = sqa_result_elementwise(call, &e);
    if (swap && status == SQA_LENGTHS) /* told in the order of the arguments */
        call->error = (struct sqa_error){call->error.b, call->error.a};
    return status;
}

#define COMPARE(name, kernel, swap)                                                                \
    enum sqa_status fn_##name(struct sqa_call *call) {                                             \
        const struct sqa_compare_op op = SQA_OP3(call->connection->kernels, kernel);               \
        return compare(call, op, swap);                                                            \
    }
COMPARE(eq, eq, false)
COMPARE(ne, ne, false)
COMPARE(lt, lt, false)
COMPARE(le, le, false)
COMPARE(gt, lt, true)
COMPARE(ge, le, true)

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
    struct sqa_elementwise e = {.step = sqa_step_between, .mask = true, .operand_count = 1};
    enum sqa_status status = sqa_arg_array(call, 0, &e.operands[0].view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &e.op.range.lo);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 2, &e.op.range.hi);
    return status == SQA_OK ? sqa_result_elementwise(call, &e) : status;
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
