/*
** array_windows(A, size [, step]): the windows of `size` elements that start at 1, 1 + step, 1 +
** 2 step and so on. Only complete windows are returned. idx is the index of the window's first
** element.
**
** array_chunks(A, size): the array cut into pieces of `size` elements; the last may be shorter.
** idx is 1, 2, 3 and so on.
**
**     SELECT idx, array_sum(value) FROM array_windows(?1, 7);      -- a moving sum
**     SELECT idx, array_to_json(value) FROM array_chunks('[1,2,3]', 2);    -- 1|[1,2], 2|[3]
**
** Each value is an array of its own, copied from A when xColumn is called. idx is the rowid.
*/
#include "sql/arguments.h"
#include "sql/registry.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { WINDOWS_COLUMN_IDX, WINDOWS_COLUMN_VALUE, WINDOWS_COLUMN_ARRAY };
enum { WINDOWS_ARGUMENT_ARRAY, WINDOWS_ARGUMENT_SIZE, WINDOWS_ARGUMENT_STEP };

struct windows_cursor {
    struct sqa_cursor base;
    int64_t size;     /* elements of a window; the last chunk may have fewer */
    int64_t step;     /* distance from the start of one window to the next, in elements */
    int64_t idx_step; /* difference of idx from one row to the next */
};

static const struct sqa_form windows_form = {
    .name = "array_windows",
    .schema = "CREATE TABLE x(idx INTEGER, value BLOB, _array HIDDEN, _size HIDDEN, _step HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct windows_cursor),
    .first_argument = WINDOWS_COLUMN_ARRAY,
    .arrays = 1,
    .required = 2,
    .optional = 1,
};

static const struct sqa_form chunks_form = {
    .name = "array_chunks",
    .schema = "CREATE TABLE x(idx INTEGER, value BLOB, _array HIDDEN, _size HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct windows_cursor),
    .first_argument = WINDOWS_COLUMN_ARRAY,
    .arrays = 1,
    .required = 2,
};

static int windows_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                           sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&windows_form, db, aux, vtab);
}

static int array_chunks_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                                sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&chunks_form, db, aux, vtab);
}

static int windows_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    const bool chunks = plan.form == &chunks_form;
    const double size = sqa_plan_number(&plan, WINDOWS_ARGUMENT_SIZE, 10);
    const double step = chunks ? size : sqa_plan_number(&plan, WINDOWS_ARGUMENT_STEP, 1);
    plan.rows = (plan.elements - (chunks ? 0 : size)) / (step < 1 ? 1 : step) + 1;
    sqa_plan_column(&plan, WINDOWS_COLUMN_IDX, "idx", true);
    sqa_plan_order(&plan, WINDOWS_COLUMN_IDX, "idx", true);
    return sqa_plan_end(&plan);
}

static int windows_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                          sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct windows_cursor *c = (struct windows_cursor *)cursor;
    const bool chunks = sqa_cursor_table(&c->base)->form == &chunks_form;
    struct sqa_filter filter;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);

    c->size = sqa_arg_count(&filter.call, WINDOWS_ARGUMENT_SIZE, "size", 1);
    c->step = chunks ? c->size : 1;
    if (filter.arguments[WINDOWS_ARGUMENT_STEP] != NULL)
        c->step = sqa_arg_count(&filter.call, WINDOWS_ARGUMENT_STEP, "step", 1);

    const int64_t count = (int64_t)c->base.arguments[WINDOWS_ARGUMENT_ARRAY].view.count;
    const int64_t least = chunks ? 1 : c->size; /* the fewest elements that make a row */
    c->idx_step = chunks ? 1 : c->step;
    const int64_t rows = count < least ? 0 : (count - least) / c->step + 1;
    sqa_filter_steps(&filter, sqa_filter_range(&filter), c->idx_step, rows);
    return sqa_filter_end(&filter);
}

static void result_window(const struct windows_cursor *c, sqlite3_context *context) {
    const struct sqa_array array = sqa_array_of(&c->base.arguments[WINDOWS_ARGUMENT_ARRAY].view);
    const int64_t at = c->base.row * c->step, left = (int64_t)array.count - at;
    const struct sqa_array window =
        sqa_array_slice(&array, (size_t)at, (size_t)(left < c->size ? left : c->size));
    struct sqa_call call;
    sqa_table_call(c->base.base.pVtab, &call, context);
    sqa_result_array(&call, &window);
    sqa_call_end(&call);
}

static int windows_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct windows_cursor *c = (const struct windows_cursor *)cursor;
    switch (column) {
    case WINDOWS_COLUMN_IDX:
        sqlite3_result_int64(context, 1 + c->base.row * c->idx_step);
        break;
    case WINDOWS_COLUMN_VALUE:
        result_window(c, context);
        break;
    default:
        sqa_cursor_argument(&c->base, context, column);
    }
    return SQLITE_OK;
}

static int windows_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    const struct windows_cursor *c = (const struct windows_cursor *)cursor;
    *rowid = 1 + c->base.row * c->idx_step;
    return SQLITE_OK;
}

const sqlite3_module sqa_table_windows = {
    .xConnect = windows_connect,
    .xBestIndex = windows_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = windows_filter,
    .xNext = sqa_cursor_next,
    .xEof = sqa_cursor_eof,
    .xColumn = windows_column,
    .xRowid = windows_rowid,
};

const sqlite3_module sqa_table_chunks = {
    .xConnect = array_chunks_connect,
    .xBestIndex = windows_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = windows_filter,
    .xNext = sqa_cursor_next,
    .xEof = sqa_cursor_eof,
    .xColumn = windows_column,
    .xRowid = windows_rowid,
};
