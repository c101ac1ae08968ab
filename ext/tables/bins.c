/*
** array_bins(A, n): a histogram with n bins of equal width, to be read by people.
**
**     SELECT lo, hi, count, bar FROM array_bins(?1, 10);
**
** As in NumPy's histogram(), the bins reach from the smallest to the largest element, or from x -
** 0.5 to x + 0.5 if all elements are x. A bin holds the elements that are >= lo and < hi; the
** last bin includes hi. The bin of an element is computed with exact integer arithmetic, so it is
** right even for integers that REAL cannot distinguish.
*/
#include <string.h>

#include "sql/arguments.h"
#include "sql/registry.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { BINS_COLUMN_LO, BINS_COLUMN_HI, BINS_COLUMN_COUNT, BINS_COLUMN_BAR, BINS_COLUMN_ARRAY };
enum { BINS_ARGUMENT_ARRAY, BINS_ARGUMENT_N };
enum { BAR_CELLS = 40, CELL_BYTES = 3 }; /* cells of the longest bar; bytes of one cell in UTF-8 */

struct bins_cursor {
    struct sqa_cursor base; /* n counts, in kept scratch memory of the cursor */
    uint64_t *counts;       /* number of bins; the largest count */
    uint64_t n, most;       /* bins; the largest count */
    int64_t min;            /* the smallest element */
    uint64_t range;         /* the largest element is min + range */
};

static const struct sqa_form bins_form = {
    .name = "array_bins",
    .schema = "CREATE TABLE x(lo REAL, hi REAL, count INTEGER, bar TEXT, _array HIDDEN, _n HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct bins_cursor),
    .first_argument = BINS_COLUMN_ARRAY,
    .arrays = 1,
    .required = 2,
};

static int bins_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&bins_form, db, aux, vtab);
}

static int bins_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    plan.cost += plan.elements / 16; /* counting an element costs less than returning a row */
    plan.rows = sqa_plan_number(&plan, BINS_ARGUMENT_N, 10);
    return sqa_plan_end(&plan);
}

/*
** The lower edge of bin i, as a distance from min: i * range / n = whole + part / n. n is below
** 2^32, because its counts have to fit a result, so 64 bits suffice for all steps.
*/
struct edge {
    uint64_t whole, part;
};
static struct edge edge_of(const struct bins_cursor *c, uint64_t i) {
    const uint64_t parts = i * (c->range % c->n);
    return (struct edge){i * (c->range / c->n) + parts / c->n, parts % c->n};
}

/* Returns true if an element at this distance from min is below the lower edge of bin i. */
static bool is_below(const struct bins_cursor *c, uint64_t distance, uint64_t i) {
    const struct edge edge = edge_of(c, i);
    return distance < edge.whole || (distance == edge.whole && edge.part > 0);
}

/* Returns the bin of an element at this distance from min: floor(distance * n / range). */
static uint64_t bin_of(const struct bins_cursor *c, uint64_t distance) {
    uint64_t product;
    if (distance == c->range) /* the largest element; if all elements are equal, the middle bin */
        return c->range > 0 ? c->n - 1 : c->n / 2;
    if (!__builtin_mul_overflow(distance, c->n, &product))
        return product / c->range;
    const double guess = (double)distance / (double)c->range * (double)c->n;
    uint64_t i = guess < (double)c->n ? (uint64_t)guess : c->n - 1;
    while (is_below(c, distance, i))
        i--;
    while (!is_below(c, distance, i + 1))
        i++;
    return i;
}

static void count_elements(struct bins_cursor *c, struct sqa_call *call) {
    const struct sqa_array array = sqa_array_of(&c->base.arguments[BINS_ARGUMENT_ARRAY].view);
    const struct sqa_extremes extremes = sqa_whole_extremes(call, &array);
    struct sqa_reader reader;
    sqa_whole_zero(call, c->counts, (size_t)c->n * sizeof *c->counts);
    c->min = extremes.least;
    c->range = (uint64_t)extremes.most - (uint64_t)c->min;
    sqa_read(&reader, call, &array, sizeof(int64_t));
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        for (size_t i = 0; i < reader.n; i++)
            c->counts[bin_of(c, (uint64_t)x[i] - (uint64_t)c->min)]++;
    }
    c->most = 0;
    for (size_t at = 0, n; (n = sqa_next_run((size_t)c->n, at, &call->poll)) > 0; at += n) {
        for (size_t i = at; i < at + n; i++)
            c->most = c->counts[i] > c->most ? c->counts[i] : c->most;
    }
}

static int bins_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                       sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct bins_cursor *c = (struct bins_cursor *)cursor;
    struct sqa_filter filter;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);
    struct sqa_call *call = &filter.call;
    c->n = (uint64_t)sqa_arg_count(call, BINS_ARGUMENT_N, "number of bins", 1);
    sqa_check_limit(call, sqa_mul_size(c->n, sizeof *c->counts));
    if (c->base.arguments[BINS_ARGUMENT_ARRAY].view.count == 0)
        return sqa_filter_end(&filter);

    sqa_scratch_free(c->base.scratch);
    c->counts = sqa_scratch_take(call, c->n, sizeof *c->counts);
    c->base.scratch = sqa_scratch_keep(call, c->counts);
    count_elements(c, call);
    sqa_cursor_rows(&c->base, 0, (int64_t)c->n - 1, false);
    return sqa_filter_end(&filter);
}

static void result_edge(const struct bins_cursor *c, sqlite3_context *context, int64_t i) {
    const struct edge edge = edge_of(c, (uint64_t)i);
    double x = (double)edge.part / (double)c->n;
    if (c->range == 0)
        x = (double)i / (double)c->n - 0.5;
    sqlite3_result_double(context, (double)(int64_t)((uint64_t)c->min + edge.whole) + x);
}

/*
** The result is a bar of up to BAR_CELLS cells, in steps of an eighth. A count above zero draws
** at least one eighth.
*/
static void result_bar(const struct bins_cursor *c, sqlite3_context *context) {
    static const char blocks[] = "█▏▎▍▌▋▊▉"; /* a full cell, then 1/8 to 7/8 of a cell */
    char bar[BAR_CELLS * CELL_BYTES];
    int size = 0;
    const uint64_t count = c->counts[c->base.row];
    const uint64_t eighths = (count * BAR_CELLS * 8 + c->most - 1) / c->most;
    for (uint64_t i = 0; i < eighths / 8; i++, size += CELL_BYTES)
        memcpy(bar + size, blocks, CELL_BYTES);
    if (eighths % 8 > 0) {
        memcpy(bar + size, blocks + eighths % 8 * CELL_BYTES, CELL_BYTES);
        size += CELL_BYTES;
    }
    sqlite3_result_text(context, bar, size, SQLITE_TRANSIENT);
}

static int bins_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct bins_cursor *c = (const struct bins_cursor *)cursor;
    switch (column) {
    case BINS_COLUMN_LO:
        result_edge(c, context, c->base.row);
        break;
    case BINS_COLUMN_HI:
        result_edge(c, context, c->base.row + 1);
        break;
    case BINS_COLUMN_COUNT:
        sqlite3_result_int64(context, (sqlite3_int64)c->counts[c->base.row]);
        break;
    case BINS_COLUMN_BAR:
        result_bar(c, context);
        break;
    default:
        sqa_cursor_argument(&c->base, context, column);
    }
    return SQLITE_OK;
}

const sqlite3_module sqa_table_bins = {
    .xConnect = bins_connect,
    .xBestIndex = bins_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = bins_filter,
    .xNext = sqa_cursor_next,
    .xEof = sqa_cursor_eof,
    .xColumn = bins_column,
    .xRowid = sqa_cursor_rowid,
};
