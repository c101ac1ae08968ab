/*
** array_runs(A): runs of equal neighbouring elements, the run-length encoding of an array.
**
**     SELECT start, length, value FROM array_runs('[7,7,7,2,2]');  -- 1|3|7, 4|2|2
**
** The cursor's row is the first element of a run, and its step is the length of the run. start is
** the rowid; comparisons of start limit the rows to a part of the array.
*/
#include "sql/registry.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { RUNS_COLUMN_START, RUNS_COLUMN_LENGTH, RUNS_COLUMN_VALUE, RUNS_COLUMN_ARRAY };

struct runs_cursor {
    struct sqa_cursor base;
    int64_t last; /* the last index (from 0) at which a run may start */
};

static const struct sqa_form runs_form = {
    .name = "array_runs",
    .schema = "CREATE TABLE x(start INTEGER, length INTEGER, value INTEGER, _array HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct runs_cursor),
    .first_argument = RUNS_COLUMN_ARRAY,
    .arrays = 1,
    .required = 1,
};

static int runs_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&runs_form, db, aux, vtab);
}

static int runs_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    plan.rows /= 2; /* a guess of the number of runs */
    sqa_plan_column(&plan, RUNS_COLUMN_START, "start", true);
    sqa_plan_order(&plan, RUNS_COLUMN_START, "start", false);
    return sqa_plan_end(&plan);
}

/* Measures the run that starts at row, or moves to the end if row is past the last start. */
static void stand_at_run(struct runs_cursor *c, struct sqa_poll *poll) {
    if (c->base.row > c->last)
        c->base.row = c->base.end;
    sqa_cursor_measure(&c->base, &c->base.arguments[0].view, poll);
}

static int runs_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                       sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct runs_cursor *c = (struct runs_cursor *)cursor;
    struct sqa_filter filter;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);
    const struct sqa_view *view = &c->base.arguments[0].view;
    sqa_filter_rows(&filter, sqa_filter_range(&filter), (int64_t)view->count);
    const int64_t first = c->base.row;
    c->last = c->base.end - 1;
    /* the last run may continue past its last allowed start */
    if (first <= c->last)
        c->base.end = (int64_t)view->count;
    stand_at_run(c, &filter.call.poll);
    if (0 < first && first <= c->last &&
        sqa_view_get(view, (size_t)first - 1) == sqa_view_get(view, (size_t)first)) {
        c->base.row += c->base.step; /* skip the rest of a run that started before */
        stand_at_run(c, &filter.call.poll);
    }
    return sqa_filter_end(&filter);
}

static int runs_next(sqlite3_vtab_cursor *cursor) {
    struct runs_cursor *c = (struct runs_cursor *)cursor;
    struct sqa_poll poll = sqa_poll_of(sqa_cursor_table(&c->base)->connection);
    c->base.row += c->base.step;
    stand_at_run(c, &poll);
    return poll.stopped ? SQLITE_INTERRUPT : SQLITE_OK;
}

static int runs_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct sqa_cursor *c = (const struct sqa_cursor *)cursor;
    switch (column) {
    case RUNS_COLUMN_START:
        sqlite3_result_int64(context, c->row + 1);
        break;
    case RUNS_COLUMN_LENGTH:
        sqlite3_result_int64(context, c->step);
        break;
    case RUNS_COLUMN_VALUE:
        sqlite3_result_int64(context, sqa_view_get(&c->arguments[0].view, (size_t)c->row));
        break;
    default:
        sqa_cursor_argument(c, context, column);
    }
    return SQLITE_OK;
}

const sqlite3_module sqa_table_runs = {
    .xConnect = runs_connect,
    .xBestIndex = runs_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = runs_filter,
    .xNext = runs_next,
    .xEof = sqa_cursor_eof,
    .xColumn = runs_column,
    .xRowid = sqa_cursor_rowid,
};
