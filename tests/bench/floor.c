/*
** bare_rows(n): a virtual table of the integers from 1 to n that does nothing else. What SQLite
** takes for a row of any virtual table is the floor of those that do more.
*/
#include <stdlib.h>

#include "bench.h"

struct bare_cursor {
    sqlite3_vtab_cursor base;
    sqlite3_int64 row, last;
};

static int bare_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)aux, (void)argc, (void)argv, (void)error;
    *vtab = calloc(1, sizeof **vtab);
    return *vtab == NULL ? SQLITE_NOMEM
                         : sqlite3_declare_vtab(db, "CREATE TABLE x(value INTEGER, n HIDDEN)");
}

static int bare_disconnect(sqlite3_vtab *vtab) {
    free(vtab);
    return SQLITE_OK;
}

static int bare_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    (void)vtab;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn == 1 && info->aConstraint[i].usable) {
            info->aConstraintUsage[i].argvIndex = 1;
            info->aConstraintUsage[i].omit = 1;
            return SQLITE_OK;
        }
    }
    return SQLITE_CONSTRAINT;
}

static int bare_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
    (void)vtab;
    *cursor = calloc(1, sizeof(struct bare_cursor));
    return *cursor == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

static int bare_close(sqlite3_vtab_cursor *cursor) {
    free(cursor);
    return SQLITE_OK;
}

static int bare_filter(sqlite3_vtab_cursor *cursor, int plan, const char *text, int argc,
                       sqlite3_value **argv) {
    struct bare_cursor *c = (struct bare_cursor *)cursor;
    (void)plan, (void)text, (void)argc;
    c->row = 1;
    c->last = sqlite3_value_int64(argv[0]);
    return SQLITE_OK;
}

static int bare_next(sqlite3_vtab_cursor *cursor) {
    ((struct bare_cursor *)cursor)->row++;
    return SQLITE_OK;
}

static int bare_eof(sqlite3_vtab_cursor *cursor) {
    const struct bare_cursor *c = (const struct bare_cursor *)cursor;
    return c->row > c->last;
}

static int bare_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    (void)column;
    sqlite3_result_int64(context, ((const struct bare_cursor *)cursor)->row);
    return SQLITE_OK;
}

static int bare_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((const struct bare_cursor *)cursor)->row;
    return SQLITE_OK;
}

int bench_register_floor(sqlite3 *db) {
    static const sqlite3_module module = {
        .xConnect = bare_connect,
        .xBestIndex = bare_best_index,
        .xDisconnect = bare_disconnect,
        .xOpen = bare_open,
        .xClose = bare_close,
        .xFilter = bare_filter,
        .xNext = bare_next,
        .xEof = bare_eof,
        .xColumn = bare_column,
        .xRowid = bare_rowid,
    };
    return sqlite3_create_module(db, "bare_rows", &module, NULL);
}
