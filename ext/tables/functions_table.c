/*
** array_functions: the reference manual as a table. It has a row for each function of the
** library, in the order of functions.def, which is the order of the rowid. The hidden column
** `family` is the heading of the function's section. The second library registers the same table
** under another name.
**
**     SELECT signature, summary FROM array_functions WHERE name LIKE 'array_m%';
*/
#include "sql/registry.h"
#include "tables/cursor.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum {
    FUNCTIONS_COLUMN_NAME,
    FUNCTIONS_COLUMN_KIND,
    FUNCTIONS_COLUMN_SIGNATURE,
    FUNCTIONS_COLUMN_SUMMARY,
    FUNCTIONS_COLUMN_EXAMPLE,
    FUNCTIONS_COLUMN_RESULT,
    FUNCTIONS_COLUMN_FAMILY
};

/* A cursor whose row is an index in the list, which contains headings between the functions */
struct manual_cursor {
    struct sqa_cursor base;
    const struct sqa_function *functions;
    const char *family; /* the last heading before row */
};

static const struct sqa_form functions_form = {
    .name = "array_functions",
    .schema = "CREATE TABLE x(name TEXT, kind TEXT, signature TEXT, summary TEXT, example TEXT, "
              "result TEXT, family TEXT HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct manual_cursor),
};

static int manual_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                          sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&functions_form, db, aux, vtab);
}

static int manual_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK) /* unreached: the table has no argument that could be missing */
        return rc;
    plan.rows = (double)((struct sqa_table *)vtab)->connection->list->count;
    return sqa_plan_end(&plan);
}

/* Moves from a heading to the next function. */
static void pass_headings(struct manual_cursor *c) {
    for (; c->base.row != c->base.end; c->base.row++) {
        const struct sqa_function *f = &c->functions[c->base.row];
        if (f->kind != SQA_KIND_FAMILY)
            break;
        c->family = f->name;
    }
}

static int manual_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                         sqlite3_value **argv) {
    (void)plan, (void)plan_text, (void)argc, (void)argv;
    struct manual_cursor *c = (struct manual_cursor *)cursor;
    const struct sqa_list *list = sqa_cursor_table(&c->base)->connection->list;
    c->functions = list->functions;
    sqa_cursor_rows(&c->base, 0, (int64_t)list->count - 1, false);
    pass_headings(c);
    return SQLITE_OK;
}

static int manual_next(sqlite3_vtab_cursor *cursor) {
    struct manual_cursor *c = (struct manual_cursor *)cursor;
    c->base.row++;
    pass_headings(c);
    return SQLITE_OK;
}

static const char *kind_of(const struct sqa_function *f) {
    switch (f->kind) {
    case SQA_KIND_SCALAR:
        return "scalar";
    case SQA_KIND_AGGREGATE:
        return "aggregate";
    case SQA_KIND_VIRTUAL_TABLE:
        return "virtual table";
    default:
        return "table";
    }
}

static int manual_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct manual_cursor *c = (const struct manual_cursor *)cursor;
    const struct sqa_function *f = &c->functions[c->base.row];
    const char *const columns[] = {
        [FUNCTIONS_COLUMN_NAME] = f->name,           [FUNCTIONS_COLUMN_KIND] = kind_of(f),
        [FUNCTIONS_COLUMN_SIGNATURE] = f->signature, [FUNCTIONS_COLUMN_SUMMARY] = f->summary,
        [FUNCTIONS_COLUMN_EXAMPLE] = f->example,     [FUNCTIONS_COLUMN_RESULT] = f->result,
        [FUNCTIONS_COLUMN_FAMILY] = c->family,
    };
    sqlite3_result_text(context, columns[column], -1, SQLITE_STATIC);
    return SQLITE_OK;
}

const sqlite3_module sqa_table_functions = {
    .xConnect = manual_connect,
    .xBestIndex = manual_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = manual_filter,
    .xNext = manual_next,
    .xEof = sqa_cursor_eof,
    .xColumn = manual_column,
    .xRowid = sqa_cursor_rowid,
};
