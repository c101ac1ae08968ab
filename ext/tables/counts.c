/*
** array_counts(A): how often each element occurs, in ascending order of the elements.
**
**     SELECT value, count FROM array_counts('[3,1,3]');            -- 1|1, 3|2
**
** The array is sorted; the rows are the runs of equal elements in it. value is the rowid, and
** comparisons of value are answered by binary search.
*/
#include "sql/registry.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { COUNTS_COLUMN_VALUE, COUNTS_COLUMN_COUNT, COUNTS_COLUMN_ARRAY };

struct counts_cursor {
    struct sqa_cursor base; /* the sorted elements, in kept scratch memory of the cursor */
    struct sqa_view sorted;
};

static const struct sqa_form counts_form = {
    .name = "array_counts",
    .schema = "CREATE TABLE x(value INTEGER, count INTEGER, _array HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct counts_cursor),
    .first_argument = COUNTS_COLUMN_ARRAY,
    .arrays = 1,
    .required = 1,
};

static int counts_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                          sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&counts_form, db, aux, vtab);
}

static int counts_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    plan.cost += plan.elements / 10; /* the cost of sorting */
    plan.rows /= 2;                  /* a guess of the number of different elements */
    sqa_plan_column(&plan, COUNTS_COLUMN_VALUE, "value", true);
    sqa_plan_order(&plan, COUNTS_COLUMN_VALUE, "value", false);
    return sqa_plan_end(&plan);
}

/* Fills c->sorted with the elements of the argument, sorted. */
static void sort_argument(struct counts_cursor *c, struct sqa_call *call) {
    const struct sqa_array array = sqa_array_of(&c->base.arguments[0].view);
    sqa_scratch_free(c->base.scratch);
    c->base.scratch = NULL;
    c->base.scratch = sqa_scratch_keep(call, sqa_sorted_copy(call, &array, array.width));
    c->sorted = (struct sqa_view){c->base.scratch, array.count, array.width};
}

/* Selects the elements of the sorted array that are in the range as the cursor's rows. */
static void choose_rows(struct counts_cursor *c, struct sqa_range value, struct sqa_poll *poll) {
    const struct sqa_view *sorted = &c->sorted;
    sqa_bound_fn *bound =
        sqa_cursor_table(&c->base)->connection->kernels->bound[sqa_width_index(sorted->width)];
    int64_t first, end;
    bound(&first, sorted->data, sorted->count, &value.lo, 1, false);
    bound(&end, sorted->data, sorted->count, &value.hi, 1, true);
    sqa_cursor_rows(&c->base, first, end - 1, false);
    sqa_cursor_measure(&c->base, sorted, poll);
}

static int counts_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                         sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct counts_cursor *c = (struct counts_cursor *)cursor;
    struct sqa_filter filter;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);
    sort_argument(c, &filter.call);
    if (!sqa_failed(&filter.call))
        choose_rows(c, sqa_filter_range(&filter), &filter.call.poll);
    return sqa_filter_end(&filter);
}

static int counts_next(sqlite3_vtab_cursor *cursor) {
    struct counts_cursor *c = (struct counts_cursor *)cursor;
    struct sqa_poll poll = sqa_poll_of(sqa_cursor_table(&c->base)->connection);
    c->base.row += c->base.step;
    sqa_cursor_measure(&c->base, &c->sorted, &poll);
    return poll.stopped ? SQLITE_INTERRUPT : SQLITE_OK;
}

static int64_t value_at(const struct counts_cursor *c) {
    return sqa_view_get(&c->sorted, (size_t)c->base.row);
}

static int counts_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct counts_cursor *c = (const struct counts_cursor *)cursor;
    switch (column) {
    case COUNTS_COLUMN_VALUE:
        sqlite3_result_int64(context, value_at(c));
        break;
    case COUNTS_COLUMN_COUNT:
        sqlite3_result_int64(context, c->base.step);
        break;
    default:
        sqa_cursor_argument(&c->base, context, column);
    }
    return SQLITE_OK;
}

static int counts_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = value_at((const struct counts_cursor *)cursor);
    return SQLITE_OK;
}

const sqlite3_module sqa_table_counts = {
    .xConnect = counts_connect,
    .xBestIndex = counts_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = counts_filter,
    .xNext = counts_next,
    .xEof = sqa_cursor_eof,
    .xColumn = counts_column,
    .xRowid = counts_rowid,
};
