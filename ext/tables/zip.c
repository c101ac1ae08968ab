/*
** array_zip(A, B [, C [, D]]): several arrays side by side, as the columns of a table.
**
**     SELECT a, b FROM array_zip('[1,2,3]', '[10,20]');            -- 1|10, 2|20, 3|NULL
**
** There are as many rows as elements in the longest array. A column is NULL after the end of its
** array, and if the array is not given. idx is the rowid.
*/
#include "sql/registry.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { ZIP_COLUMN_IDX, ZIP_COLUMN_A, ZIP_COLUMN_B, ZIP_COLUMN_C, ZIP_COLUMN_D, ZIP_COLUMN_ARRAY_A };

static const struct sqa_form zip_form = {
    .name = "array_zip",
    .schema = "CREATE TABLE x(idx INTEGER, a INTEGER, b INTEGER, c INTEGER, d INTEGER, "
              "_a HIDDEN, _b HIDDEN, _c HIDDEN, _d HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct sqa_cursor),
    .first_argument = ZIP_COLUMN_ARRAY_A,
    .arrays = 4,
    .required = 2,
    .optional = 2,
};

static int zip_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                       sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&zip_form, db, aux, vtab);
}

static int zip_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    sqa_plan_column(&plan, ZIP_COLUMN_IDX, "idx", true);
    sqa_plan_order(&plan, ZIP_COLUMN_IDX, "idx", true);
    return sqa_plan_end(&plan);
}

static int zip_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                      sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct sqa_cursor *c = (struct sqa_cursor *)cursor;
    struct sqa_filter filter;
    if (!sqa_filter_start(&filter, c, plan, argv))
        return sqa_filter_end(&filter);

    size_t longest = 0; /* an array that is not given has length 0 */
    for (int i = 0; i < zip_form.arrays; i++) {
        if (c->arguments[i].view.count > longest)
            longest = c->arguments[i].view.count;
    }
    sqa_filter_rows(&filter, sqa_filter_range(&filter), (int64_t)longest);
    return SQLITE_OK;
}

static int zip_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct sqa_cursor *c = (const struct sqa_cursor *)cursor;
    if (column == ZIP_COLUMN_IDX) {
        sqlite3_result_int64(context, c->row + 1);
    } else if (column >= ZIP_COLUMN_ARRAY_A) {
        sqa_cursor_argument(c, context, column);
    } else {
        const struct sqa_view *view = &c->arguments[column - ZIP_COLUMN_A].view;
        if (c->row < (int64_t)view->count)
            sqlite3_result_int64(context, sqa_view_get(view, (size_t)c->row));
    }
    return SQLITE_OK;
}

const sqlite3_module sqa_table_zip = {
    .xConnect = zip_connect,
    .xBestIndex = zip_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = zip_filter,
    .xNext = sqa_cursor_next,
    .xEof = sqa_cursor_eof,
    .xColumn = zip_column,
    .xRowid = sqa_cursor_rowid,
};
