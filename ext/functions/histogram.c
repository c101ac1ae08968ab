/* Functions that show how the elements are spread: array_bincount, array_histogram, array_sparkline. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/result.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Room for `count` counts, all 0, each of at most as much as view has elements. */
static enum sqa_status open_counts(struct sqa_out *out, struct sqa_call *call, uint64_t count,
                                   const struct sqa_view *view) {
    const unsigned width = sqa_sig_width(view->count);
    enum sqa_status status = sqa_out_open(out, call, count, width);
    if (status != SQA_OK)
        return status;
    status = sqa_whole_zero(call, sqa_out_data(out), (size_t)count * width);
    return status == SQA_OK ? SQA_OK : sqa_out_close(out, status, 0, 0);
}

/* The first `count` counts become the result, unless the status is a failure. */
static enum sqa_status close_counts(struct sqa_out *out, enum sqa_status status, size_t count) {
    const struct sqa_view counts = {sqa_out_data(out), count, out->width};
    uint64_t sig = 0;
    if (status == SQA_OK)
        status = sqa_whole_sig(out->call, &counts, &sig);
    return sqa_out_close(out, status, count, sig);
}

/* *most: the largest element, -1 of none; a negative one is an error. */
static enum sqa_status find_most(struct sqa_call *call, const struct sqa_view *view,
                                 int64_t *most) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    struct sqa_blocks blocks;
    *most = -1;
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks)) {
        const int64_t least = kernels->min[index](blocks.data, blocks.n);
        const int64_t greatest = kernels->max[index](blocks.data, blocks.n);
        if (least < 0) {
            size_t i = blocks.at;
            while (sqa_view_get(view, i) >= 0)
                i++;
            return sqa_fail(call, "element %zu of argument 1 is negative (%lld)", i + 1,
                            (long long)sqa_view_get(view, i));
        }
        *most = greatest > *most ? greatest : *most;
    }
    return blocks.status;
}

enum sqa_status fn_bincount(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_blocks blocks;
    struct sqa_out out;
    int64_t minlength = 0, most;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_count(call, 1, "minimal length", 0, &minlength);
    if (status == SQA_OK)
        status = find_most(call, &view, &most);
    if (status != SQA_OK)
        return status;
    const uint64_t needed = (uint64_t)most + 1; /* at most 2^63 */
    const uint64_t count = needed > (uint64_t)minlength ? needed : (uint64_t)minlength;
    status = open_counts(&out, call, count, &view);
    if (status != SQA_OK)
        return status;
    sqa_tally_fn *const tally = call->connection->kernels->tally[sqa_width_index(out.width)];
    sqa_blocks_begin(&blocks, call, &view, 8);
    while (sqa_blocks_next(&blocks))
        tally(sqa_out_data(&out), blocks.data, blocks.n);
    return close_counts(&out, blocks.status, (size_t)count);
}

/* Argument 1: the edges */
static enum sqa_status arg_edges(struct sqa_call *call, struct sqa_view *edges) {
    struct sqa_blocks blocks;
    int64_t before = INT64_MIN;
    const enum sqa_status status = sqa_arg_array(call, 1, edges);
    if (status != SQA_OK)
        return status;
    if (edges->count < 2)
        return sqa_fail(call, "argument 2, the edges, must have at least 2 elements (%zu given)",
                        edges->count);
    sqa_blocks_begin(&blocks, call, edges, 8);
    while (sqa_blocks_next(&blocks)) {
        const int64_t *const x = blocks.data;
        for (size_t i = 0; i < blocks.n; i++) {
            if (x[i] < before)
                return sqa_fail(call,
                                "argument 2, the edges, must be ascending (element %zu is not)",
                                blocks.at + i + 1);
            before = x[i];
        }
    }
    return blocks.status;
}

/*
** An element's bin ends at the first edge above it; that is, an edge more than there are not above it
** stand before. What is equal to the last edge belongs to the last bin. There is one count more than there
** are bins, for what is outside.
*/
enum sqa_status fn_histogram(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view view, edges;
    struct sqa_blocks blocks;
    struct sqa_out out;
    int64_t bins[SQA_BLOCK];
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = arg_edges(call, &edges);
    if (status == SQA_OK)
        status = open_counts(&out, call, edges.count, &view);
    if (status != SQA_OK)
        return status;
    const int64_t outside = (int64_t)edges.count - 1;
    const int64_t last = sqa_view_get(&edges, edges.count - 1);
    sqa_bound_fn *const bound = kernels->bound[sqa_width_index(edges.width)];
    sqa_tally_fn *const tally = kernels->tally[sqa_width_index(out.width)];
    sqa_blocks_begin(&blocks, call, &view, 8);
    while (sqa_blocks_next(&blocks)) {
        const int64_t *const x = blocks.data;
        bound(bins, edges.data, edges.count, x, blocks.n, true);
        for (size_t i = 0; i < blocks.n; i++) {
            const int64_t bin = bins[i] - 1 - (x[i] == last);
            bins[i] = bin < 0 ? outside : bin;
        }
        tally(sqa_out_data(&out), bins, blocks.n);
    }
    return close_counts(&out, blocks.status, edges.count - 1);
}

/* *height: the mean of the elements, less base. Exact up to the last step, so nothing is lost of it. */
static enum sqa_status mean(struct sqa_call *call, const struct sqa_view *view, int64_t base,
                            double *height) {
    sqa_sum_fn *const add = call->connection->kernels->sum[sqa_width_index(view->width)];
    struct sqa_wide sum = {{0}};
    struct sqa_blocks blocks;
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks))
        add(blocks.data, blocks.n, &sum);
    sqa_wide_add_product(&sum, base, -(int64_t)view->count);
    *height = sqa_wide_double(sum) / (double)view->count;
    return blocks.status;
}

/* The elements that cell c of `cells` stands for; there are at least as many as cells. */
static struct sqa_view cell(const struct sqa_view *view, uint64_t c, uint64_t cells) {
    const uint64_t n = view->count;
    const uint64_t quotient = n / cells, rest = n % cells; /* neither product wraps */
    const uint64_t start = c * quotient + c * rest / cells;
    const uint64_t end = (c + 1) * quotient + (c + 1) * rest / cells;
    return sqa_view_slice(view, (size_t)start, (size_t)(end - start));
}

/* What cells is drawn in; each level as high as the others, the highest with its upper end */
static void draw(char *text, double height, double lowest, double highest) {
    static const char levels[8][4] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const double level = highest > lowest ? (height - lowest) / (highest - lowest) * 8.0 : 0.0;
    memcpy(text, levels[level < 8.0 ? (int)level : 7], 3);
}

/* Twice over the cells: for the lowest and highest of them, and to draw. So nothing is kept. */
static enum sqa_status draw_cells(struct sqa_call *call, const struct sqa_view *view,
                                  uint64_t cells, char *text) {
    const int64_t base = view->count > 0 ? sqa_view_get(view, 0) : 0;
    double lowest = 0.0, highest = 0.0, height;
    enum sqa_status status = SQA_OK;
    for (uint64_t i = 0; i < 2 * cells && status == SQA_OK; i++) {
        const uint64_t c = i % cells;
        const struct sqa_view part = cell(view, c, cells);
        status = mean(call, &part, base, &height);
        const bool ask = part.count > SQA_BLOCK || i % SQA_BLOCK == SQA_BLOCK - 1;
        if (ask && sqa_stopped(&call->poll))
            status = SQA_INTERRUPT;
        if (i >= cells) {
            draw(text + 3 * c, height, lowest, highest);
            continue;
        }
        lowest = i == 0 || height < lowest ? height : lowest;
        highest = i == 0 || height > highest ? height : highest;
    }
    return status;
}

enum sqa_status fn_sparkline(struct sqa_call *call) {
    struct sqa_view view;
    int64_t width = 60;
    void *text;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_count(call, 1, "width", 1, &width);
    if (status != SQA_OK)
        return status;
    const uint64_t cells = view.count < (uint64_t)width ? view.count : (uint64_t)width;
    status = sqa_bytes_open(call, 3 * cells, &text);
    if (status != SQA_OK)
        return status;
    status = draw_cells(call, &view, cells, text);
    return sqa_text_close(call, status, text, 3 * cells);
}
