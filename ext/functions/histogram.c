/*
** Functions that show the distribution of elements: array_bincount, array_histogram,
** array_sparkline.
*/
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/whole_array.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Opens a result of `count` counters, all 0, wide enough to count all elements of the array. */
static void open_counts(struct sqa_out *out, struct sqa_call *call, uint64_t count,
                        const struct sqa_array *array) {
    sqa_out_open(out, call, count, sqa_sig_width(array->count));
    sqa_whole_zero(call, out->elements, (size_t)count * out->width);
}

/* The result is the first `count` counters. */
static void close_counts(struct sqa_out *out, size_t count) {
    sqa_out_close(out, count, sqa_plain_sig(out->call, out->elements, count, out->width));
}

/*
** Returns the largest element, or -1 for an empty array. The call fails if an element is
** negative.
*/
static int64_t find_most(struct sqa_call *call, const struct sqa_array *array) {
    const struct sqa_extremes extremes = sqa_whole_extremes(call, array);
    if (array->count == 0 || extremes.least >= 0)
        return array->count == 0 ? -1 : extremes.most;
    struct sqa_reader reader;
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        for (size_t i = 0; i < reader.n; i++) {
            const long long x = sqa_reader_get(&reader, i);
            if (x >= 0)
                continue;
            sqa_fail(call, "element %lld of argument 1 is negative (%lld)",
                     (long long)reader.at + (long long)i + 1, x);
            return -1;
        }
    }
    return -1; /* interrupted before the negative element was found */
}

void sqa_fn_bincount(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t minlength = call->argc > 1 ? sqa_arg_count(call, 1, "minimal length", 0) : 0;
    struct sqa_reader reader;
    struct sqa_out out;
    const uint64_t needed = (uint64_t)find_most(call, &array) + 1; /* at most 2^63 */
    const uint64_t count = needed > (uint64_t)minlength ? needed : (uint64_t)minlength;
    open_counts(&out, call, count, &array);
    sqa_tally_fn *const tally = call->connection->kernels->tally[sqa_width_index(out.width)];
    sqa_read(&reader, call, &array, 8);
    while (sqa_reader_next(&reader))
        tally(out.elements, reader.data, reader.n);
    close_counts(&out, (size_t)count);
}

/* Reads argument 2, the edges, and checks that they are in ascending order. */
static struct sqa_array arg_edges(struct sqa_call *call) {
    const struct sqa_array edges = sqa_arg_array(call, 1);
    struct sqa_reader reader;
    int64_t before = INT64_MIN;
    if (edges.count < 2)
        sqa_fail(call, "argument 2, the edges, must have at least 2 elements (%lld given)",
                 (long long)edges.count);
    sqa_read(&reader, call, &edges, 8);
    while (sqa_reader_next(&reader)) {
        const int64_t *const x = reader.data;
        for (size_t i = 0; i < reader.n; i++) {
            if (x[i] < before)
                sqa_fail(call, "argument 2, the edges, must be ascending (element %lld is not)",
                         (long long)reader.at + (long long)i + 1);
            before = x[i];
        }
    }
    return edges;
}

/*
** bin = number of edges <= x, minus 1; x equal to the last edge belongs to the last bin. One
** additional counter takes the elements outside of all bins.
*/
void sqa_fn_histogram(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0), edge_array = arg_edges(call);
    const struct sqa_view edges = sqa_whole_view(call, &edge_array);
    struct sqa_reader reader;
    struct sqa_out out;
    int64_t bins[SQA_BLOCK];
    open_counts(&out, call, edges.count, &array);
    if (sqa_failed(call))
        return;
    const int64_t outside = (int64_t)edges.count - 1;
    const int64_t last = sqa_view_get(&edges, edges.count - 1);
    sqa_bound_fn *const bound = kernels->bound[sqa_width_index(edges.width)];
    sqa_tally_fn *const tally = kernels->tally[sqa_width_index(out.width)];
    sqa_read(&reader, call, &array, 8);
    while (sqa_reader_next(&reader)) {
        const int64_t *const x = reader.data;
        bound(bins, edges.data, edges.count, x, reader.n, true);
        for (size_t i = 0; i < reader.n; i++) {
            const int64_t bin = bins[i] - 1 - (x[i] == last);
            bins[i] = bin < 0 ? outside : bin;
        }
        tally(out.elements, bins, reader.n);
    }
    close_counts(&out, edges.count - 1);
}

/*
** Returns the mean of the elements minus base. The sum is exact, so only the final division
** rounds.
*/
static double mean_above(struct sqa_call *call, const struct sqa_array *array, int64_t base) {
    struct sqa_wide sum = sqa_whole_sum(call, array, call->connection->kernels->sum);
    sqa_wide_add_product(&sum, base, -(int64_t)array->count);
    return sqa_wide_double(sum) / (double)array->count;
}

/*
** Returns the part of the array that column c of the chart stands for. There must be at least as
** many elements as cells.
*/
static struct sqa_array cell_of(const struct sqa_array *array, uint64_t c, uint64_t cells) {
    const uint64_t n = array->count;
    const uint64_t quotient = n / cells, rest = n % cells; /* the products below cannot overflow */
    const uint64_t start = c * quotient + c * rest / cells;
    const uint64_t end = (c + 1) * quotient + (c + 1) * rest / cells;
    return sqa_array_slice(array, (size_t)start, (size_t)(end - start));
}

/*
** Writes one of 8 block characters. Each stands for an eighth of the range from lowest to
** highest; the last one includes `highest`.
*/
static void draw_cell(char *text, double height, double lowest, double highest) {
    static const char levels[8][4] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const double level = highest > lowest ? (height - lowest) / (highest - lowest) * 8.0 : 0.0;
    memcpy(text, levels[level < 8.0 ? (int)level : 7], 3);
}

/*
** Computes the height of each cell twice, first for the minimum and maximum, then to draw it. So
** no memory is needed for the heights.
*/
static void draw_cells(struct sqa_call *call, const struct sqa_array *array, uint64_t cells,
                       char *text) {
    const int64_t base = array->count > 0 ? sqa_array_get(call->connection->kernels, array, 0) : 0;
    double lowest = 0.0, highest = 0.0;
    for (uint64_t i = 0; i < 2 * cells && !sqa_failed(call); i++) {
        const uint64_t c = i % cells;
        const struct sqa_array part = cell_of(array, c, cells);
        const double height = mean_above(call, &part, base);
        if (part.count > SQA_BLOCK || i % SQA_BLOCK == SQA_BLOCK - 1)
            (void)sqa_stopped(&call->poll);
        if (i >= cells) {
            draw_cell(text + 3 * c, height, lowest, highest);
            continue;
        }
        lowest = i == 0 || height < lowest ? height : lowest;
        highest = i == 0 || height > highest ? height : highest;
    }
}

void sqa_fn_sparkline(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const uint64_t width = call->argc > 1 ? (uint64_t)sqa_arg_count(call, 1, "width", 1) : 60;
    const uint64_t cells = array.count < width ? array.count : width;
    void *text = sqa_bytes_open(call, 3 * cells);
    draw_cells(call, &array, cells, text);
    sqa_text_close(call, text, 3 * cells);
}
