/*
** array_store_chunks, the module of NAME_chunks. The table has a row for each chunk of the
** array_store NAME, in the order of rowids. It is created, renamed and dropped along with the
** store, which it finds by its own name, and has the same arguments. Columns:
**
**     chunk_id       INTEGER: the rowid of the chunk's first row; the rowid of this row, too
**     chunk_first    the same
**     chunk_last     the rowid of its last row
**     chunk_rows     the number of its rows
**     chunk_rowids   their rowids as a plain array, or NULL where they run from chunk_first to
**                    chunk_last without a gap
**     X              for each column X of the store: its values as the stored array, packed if that
**                    takes fewer bytes
**     X_min, X_max   the smallest and the largest of these values
**
** It sees what the transaction has written, and writes nothing. Comparisons of all columns except
** the arrays are decided by the header of a chunk. Arrays that a query does not use are not read.
*/
#include <string.h>

#include "sql/registry.h"
#include "store/chunks_cursor.h"
#include "store/planner.h"
#include "store/store_object.h"
#include "store/totals.h"
#include "vtab/comparison.h"
#include "vtab/companion.h"

SQLITE_EXTENSION_INIT3

static const char *const own_names[] = {"chunk_id", "chunk_first", "chunk_last", "chunk_rows",
                                        "chunk_rowids"};

/* ---- Create, connect, rename */

static void declare_chunks(struct sqa_store *store) {
    char *sql = sqa_sql("CREATE TABLE x(chunk_id INTEGER, chunk_first INTEGER, chunk_last INTEGER,"
                        " chunk_rows INTEGER, chunk_rowids BLOB");
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", \"%w\" BLOB, \"%w_min\" INTEGER, \"%w_max\" INTEGER",
                          store->layout.names[c], store->layout.names[c], store->layout.names[c]);
    sqa_store_declare(store, "array_store_chunks", sqa_sql_add(sql, ")"));
}

static int open_chunks(void *connection, int argc, const char *const *argv, bool create,
                       sqlite3_vtab **vtab, char **error) {
    enum { TABLE = 2 };
    struct sqa_store *store = NULL;
    char *name = sqa_companion_owner(&sqa_store_form, argv[TABLE]);
    const int rc =
        name == NULL ? SQLITE_NOMEM : sqa_store_new(connection, argc, argv, name, &store, error);
    sqa_object_free(name);
    if (rc != SQLITE_OK)
        return rc;
    if (create && sqa_vtab_enter(&store->base) != SQLITE_OK)
        /* argv may be freed: when out of memory, SQLite reads its schema again */
        (void)sqa_vtab_explain(&store->base, "array_store_chunks: the table NAME_chunks is made by "
                                             "CREATE VIRTUAL TABLE NAME USING array_store");
    declare_chunks(store);
    return sqa_store_finish(store, vtab, error);
}

static int chunks_create(sqlite3 *db, void *connection, int argc, const char *const *argv,
                         sqlite3_vtab **vtab, char **error) {
    (void)db;
    return open_chunks(connection, argc, argv, true, vtab, error);
}

static int chunks_connect(sqlite3 *db, void *connection, int argc, const char *const *argv,
                          sqlite3_vtab **vtab, char **error) {
    (void)db;
    return open_chunks(connection, argc, argv, false, vtab, error);
}

static int chunks_disconnect(sqlite3_vtab *vtab) {
    sqa_store_free((struct sqa_store *)vtab);
    return SQLITE_OK;
}

static int chunks_rename(sqlite3_vtab *vtab, const char *to) {
    return sqa_companion_rename((struct sqa_vtab *)vtab, to);
}

/* ---- Planning */

/*
** Returns the name of a column whose conditions the header of a chunk decides, or NULL when out of
** memory.
*/
static char *name_of_column(const struct sqa_store *store, int column) {
    if (column < 0)
        return sqa_sql("rowid");
    if (column < SQA_CHUNKS_ROWIDS)
        return sqa_sql("%s", own_names[column]);
    return sqa_sql(
        "%s_%s", store->layout.names[(column - SQA_CHUNKS_VALUES) / SQA_CHUNKS_PER_COLUMN],
        (column - SQA_CHUNKS_VALUES) % SQA_CHUNKS_PER_COLUMN == SQA_CHUNKS_MIN ? "min" : "max");
}

static bool is_chunk_id(int column) {
    return column < 0 || column == SQA_CHUNKS_ID || column == SQA_CHUNKS_FIRST;
}

/* Returns the columns of the store whose arrays are used, as a mask, from SQLite's colUsed. */
static uint64_t arrays_used(const struct sqa_store *store, uint64_t used) {
    uint64_t mask = 0;
    for (int c = 0; c < store->layout.columns; c++) {
        if (used & sqa_column_bit(SQA_CHUNKS_VALUES + SQA_CHUNKS_PER_COLUMN * c + SQA_CHUNKS_ARRAY))
            mask |= sqa_column_bit(c);
    }
    return mask;
}

/* Adds a comparison to the plan. Returns the text with its description added. */
static char *use_comparison(const struct sqa_store *store, sqlite3_index_info *info, int i, int op,
                            const char *what, struct sqa_store_plan *plan, char *text) {
    const int column = info->aConstraint[i].iColumn;
    char *name = name_of_column(store, column);
    text = name == NULL ? NULL
                        : sqa_sql_add(text, "%s%s%s", plan->count > 0 ? " AND " : "chunks with ",
                                      name, what);
    sqa_object_free(name);
    plan->terms[plan->count++] =
        (struct sqa_store_term){is_chunk_id(column) ? SQA_CHUNKS_ID : column, op};
    info->aConstraintUsage[i].argvIndex = plan->count;
    info->aConstraintUsage[i].omit = 1;
    return text;
}

static int chunks_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    enum {
        LEFT = 4,  /* a comparison is met by one of so many chunks */
        READ = 100 /* the cost of reading an array */
    };
    struct sqa_store *store = (struct sqa_store *)vtab;
    const int outer = sqa_status_begin(&store->base);
    struct sqa_store_plan *plan = sqa_plan_new(store, info);
    if (plan == NULL)
        return sqa_status_end(&store->base, outer);
    const struct sqa_totals *totals = sqa_totals_read(store);
    const double chunks = totals == NULL || totals->chunks < 1 ? 1 : totals->chunks;
    double rows = chunks;
    char *text = sqa_sql("%s", "");
    plan->mask = arrays_used(store, info->colUsed);
    plan->reads = plan->mask != 0 || (info->colUsed & sqa_column_bit(SQA_CHUNKS_ROWIDS)) != 0;
    for (int i = 0; i < info->nConstraint; i++) {
        const int column = info->aConstraint[i].iColumn;
        const char *what;
        const int op = sqa_plan_op(info, i, &what);
        if (op < 0 || !sqa_chunks_is_integer(column))
            continue;
        text = use_comparison(store, info, i, op, what, plan, text);
        rows = is_chunk_id(column) && op == SQA_EQ ? 1 : rows / LEFT;
    }
    if (info->nOrderBy > 0 && is_chunk_id(info->aOrderBy[0].iColumn)) {
        info->orderByConsumed = 1;
        plan->descending = info->aOrderBy[0].desc;
        text = sqa_sql_add(text, "%sORDER BY chunk_id%s", plan->count > 0 ? " " : "",
                           plan->descending ? " DESC" : "");
    }
    rows = rows < 1 ? 1 : rows;
    info->estimatedRows = (sqlite3_int64)(rows < 1e15 ? rows : 1e15);
    info->estimatedCost = chunks + rows * (plan->reads ? READ : 1);
    sqa_plan_give(store, info, text, plan);
    return sqa_status_end(&store->base, outer);
}

const struct sqa_module sqa_module_store_chunks = {
    .base =
        {
            .iVersion = 1,
            .xCreate = chunks_create,
            .xConnect = chunks_connect,
            .xBestIndex = chunks_best_index,
            .xDisconnect = chunks_disconnect,
            .xDestroy = chunks_disconnect,
            .xOpen = sqa_chunks_open,
            .xClose = sqa_chunks_close,
            .xFilter = sqa_chunks_filter,
            .xNext = sqa_chunks_next,
            .xEof = sqa_chunks_eof,
            .xColumn = sqa_chunks_column,
            .xRowid = sqa_chunks_rowid,
            .xRename = chunks_rename,
        },
};
