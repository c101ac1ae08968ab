/*
** array_store_chunks, the module of NAME_chunks: the chunks of the array_store NAME, a row each, in the order of their
** rowids. It is made, renamed and dropped along with the store, which it finds by its own name, and has the same
** arguments. Columns:
**
**     chunk_id       INTEGER: the rowid of the chunk's first row; the rowid of this row, too
**     chunk_first    the same
**     chunk_last     the rowid of its last row
**     chunk_rows     how many there are
**     chunk_rowids   their rowids as an array, or NULL where they run from chunk_first to chunk_last without a gap
**     X              for each column X of the store: its values as an array,
**     X_min, X_max   the least and the largest of them
**
** It reads what the transaction has written, but writes nothing. Comparisons of all but the arrays are decided by
** the chunk's header; arrays that a query does not use are not read.
*/
#include <string.h>

#include "sql/registry.h"
#include "sql/result.h"
#include "store/chunk_scan.h"
#include "store/conditions.h"
#include "store/statements.h"
#include "store/store_object.h"
#include "store/totals.h"
#include "vtab/comparison.h"
#include "vtab/shadow.h"

SQLITE_EXTENSION_INIT3

static const char ending[] = "_chunks";

/* Columns; those of column c of the store are FIRST_VALUES + VALUES * c .. */
enum { ID, FIRST, LAST, ROWS, ROWIDS, FIRST_VALUES };
enum { ARRAY, MIN, MAX, VALUES };
static const char *const own_names[] = {"chunk_id", "chunk_first", "chunk_last", "chunk_rows",
                                        "chunk_rowids"};

struct chunks_cursor {
    sqlite3_vtab_cursor base;
    struct sqa_chunk_scan scan;
    struct sqa_store_plan *plan;
    struct sqa_condition *conditions;
    int count;
    bool eof;
    struct sqa_rows rows; /* what the plan needs of the chunk */
    int64_t *min_max;     /* of the store's columns, two each */
    int64_t changes;      /* of memory when the scan began */
    bool is_reader;       /* is counted in memory->readers */
    bool is_limited;      /* there were some: */
    int64_t left;         /* so many chunks are still given at most */
};

static struct sqa_store *store_of_chunks(const struct chunks_cursor *c) {
    return (struct sqa_store *)c->base.pVtab;
}

/* ---- Making and opening */

static int declare_chunks(const struct sqa_store *store) {
    sqlite3 *db = store->base.connection->db;
    char *sql = sqa_sql("CREATE TABLE x(chunk_id INTEGER, chunk_first INTEGER, chunk_last INTEGER,"
                        " chunk_rows INTEGER, chunk_rowids BLOB");
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", \"%w\" BLOB, \"%w_min\" INTEGER, \"%w_max\" INTEGER",
                          store->layout.names[c], store->layout.names[c], store->layout.names[c]);
    sql = sqa_sql_add(sql, ")");
    const int rc = sql == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql);
    sqa_object_free(sql);
    return rc == SQLITE_OK ? sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS) : rc;
}

/* Gives the name of the store whose chunks have this name, or NULL without memory; "": of none. */
static char *store_name(const char *name) {
    const size_t size = strlen(name), end = sizeof ending - 1;
    const bool has_ending = size > end && sqlite3_stricmp(name + size - end, ending) == 0;
    return sqa_message("%.*s", has_ending ? (int)(size - end) : 0, name);
}

static int open_chunks(void *connection, int argc, const char *const *argv, bool create,
                       sqlite3_vtab **vtab, char **error) {
    enum { TABLE = 2 };
    struct sqa_store *store = NULL;
    char *name = store_name(argv[TABLE]);
    if (name == NULL)
        return SQLITE_NOMEM;
    int rc = sqa_store_new(connection, argc, argv, name, &store, error);
    sqa_object_free(name);
    if (rc != SQLITE_OK)
        return rc;
    if (create)
        rc = sqa_vtab_enter(&store->base);
    if (rc != SQLITE_OK)
        *error = sqa_message("array_store_chunks: %s is made by CREATE VIRTUAL TABLE .. USING "
                             "array_store",
                             argv[TABLE]);
    else
        rc = declare_chunks(store);
    if (rc != SQLITE_OK)
        sqa_store_free(store);
    else
        *vtab = &store->base.base;
    return rc;
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

/* Allowed where the store has been renamed just before: its shadow tables have their new names already. */
static int chunks_rename(sqlite3_vtab *vtab, const char *to) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    bool found = false;
    char *name = store_name(to);
    if (name == NULL)
        return SQLITE_NOMEM;
    const int rc = sqa_shadow_exists(&store->base, name, &found);
    sqa_object_free(name);
    if (rc != SQLITE_OK || found)
        return rc;
    return sqa_vtab_fail(&store->base, SQLITE_ERROR,
                         "array_store_chunks: %s%s is renamed with %s, and not alone",
                         store->base.table, ending, store->base.table);
}

/* ---- Planning */

/* The name of a column that a condition can be decided for by the chunk's header, or NULL */
static char *name_of_column(const struct sqa_store *store, int column) {
    if (column < 0)
        return sqa_sql("rowid");
    if (column < ROWIDS)
        return sqa_sql("%s", own_names[column]);
    return sqa_sql("%s_%s", store->layout.names[(column - FIRST_VALUES) / VALUES],
                   (column - FIRST_VALUES) % VALUES == MIN ? "min" : "max");
}

static bool is_in_header(int column) {
    return column < ROWIDS || (column >= FIRST_VALUES && (column - FIRST_VALUES) % VALUES != ARRAY);
}

static bool is_chunk_id(int column) {
    return column < 0 || column == ID || column == FIRST;
}

/* The columns of the store whose arrays are used, given SQLite's mask of columns */
static uint64_t arrays_used(const struct sqa_store *store, uint64_t used) {
    uint64_t mask = 0;
    for (int c = 0; c < store->layout.columns; c++) {
        if (used & sqa_column_bit(FIRST_VALUES + VALUES * c + ARRAY))
            mask |= sqa_column_bit(c);
    }
    return mask;
}

static int chunks_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    enum {
        LEFT = 4,
        READ = 100
    }; /* a comparison leaves one of so many; the cost of reading an array */
    struct sqa_store *store = (struct sqa_store *)vtab;
    const struct sqa_totals *totals;
    struct sqa_store_plan *plan =
        sqa_object_new(sizeof *plan + (size_t)info->nConstraint * sizeof plan->terms[0]);
    char *text = sqa_sql("%s", "");
    int rc = plan == NULL || text == NULL ? SQLITE_NOMEM : sqa_totals_read(store, &totals);
    if (rc != SQLITE_OK) {
        sqa_object_free(plan);
        sqa_object_free(text);
        return rc;
    }
    const double chunks = totals == NULL || totals->chunks < 1 ? 1 : totals->chunks;
    double rows = chunks;
    plan->mask = arrays_used(store, info->colUsed);
    plan->reads = plan->mask != 0 || (info->colUsed & sqa_column_bit(ROWIDS)) != 0;
    for (int i = 0; i < info->nConstraint; i++) {
        const int column = info->aConstraint[i].iColumn;
        const char *what;
        const int op = sqa_plan_op(info, i, &what);
        if (op < 0 || !is_in_header(column))
            continue;
        char *name = name_of_column(store, column);
        text = name == NULL ? NULL
                            : sqa_sql_add(text, "%s%s%s",
                                          plan->count > 0 ? " AND " : "chunks with ", name, what);
        sqa_object_free(name);
        plan->terms[plan->count++] = (struct sqa_store_term){is_chunk_id(column) ? ID : column, op};
        info->aConstraintUsage[i].argvIndex = plan->count;
        info->aConstraintUsage[i].omit = 1;
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
    rc = sqa_plan_give(info, text, plan);
    sqa_object_free(plan);
    return rc;
}

/* ---- The cursor */

static int chunks_close(sqlite3_vtab_cursor *cursor);

static int chunks_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const size_t columns = (size_t)store->layout.columns;
    struct chunks_cursor *c = sqa_object_new(sizeof *c);
    if (c == NULL)
        return SQLITE_NOMEM;
    c->base.pVtab = vtab;
    c->scan.store = store;
    c->rows.columns = sqa_object_new(columns * sizeof c->rows.columns[0]);
    c->min_max = sqa_object_new(2 * columns * sizeof c->min_max[0]);
    if (c->rows.columns == NULL || c->min_max == NULL) {
        (void)chunks_close(&c->base);
        return SQLITE_NOMEM;
    }
    *cursor = &c->base;
    return SQLITE_OK;
}

static void clear_chunks_plan(struct chunks_cursor *c) {
    sqa_conditions_clear(c->conditions, c->count);
    sqa_object_free(c->conditions);
    sqa_object_free(c->plan);
    c->conditions = NULL;
    c->plan = NULL;
    c->count = 0;
}

static void end_reading(struct chunks_cursor *c) {
    if (c->is_reader)
        store_of_chunks(c)->memory->readers--;
    c->is_reader = false;
}

static int chunks_close(sqlite3_vtab_cursor *cursor) {
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    end_reading(c);
    sqa_chunk_scan_end(&c->scan);
    clear_chunks_plan(c);
    if (c->rows.columns != NULL)
        sqa_rows_give(&c->rows, store_of_chunks(c)->layout.columns);
    sqa_object_free(c->rows.columns);
    sqa_object_free(c->min_max);
    sqa_object_free(c);
    return SQLITE_OK;
}

/* An integer that the header says of the chunk */
static int64_t header_value(const struct chunks_cursor *c, int column) {
    const struct sqa_chunk_header *header = &c->scan.header;
    if (column < FIRST_VALUES)
        return column == LAST ? header->last : column == ROWS ? header->n : header->first;
    const int at = (column - FIRST_VALUES) / VALUES;
    return c->min_max[2 * at + ((column - FIRST_VALUES) % VALUES == MAX)];
}

static bool meets_all(const struct chunks_cursor *c) {
    for (int i = 0; i < c->count; i++) {
        const int64_t x = header_value(c, c->conditions[i].column);
        if (!sqa_condition_meets_any(&c->conditions[i], x, x))
            return false;
    }
    return true;
}

static int read_min_max(struct chunks_cursor *c) {
    int rc = SQLITE_OK;
    for (int i = 0; i < store_of_chunks(c)->layout.columns && rc == SQLITE_OK; i++)
        rc = sqa_chunk_scan_min_max(&c->scan, i, &c->min_max[2 * i], &c->min_max[2 * i + 1]);
    return rc;
}

/*
** A statement that fills the store from its own chunks ends: once something has changed, no more chunks are given than
** there are at that moment behind the one that was given last.
*/
static int limit_chunks(struct chunks_cursor *c) {
    struct sqa_store *store = store_of_chunks(c);
    if (c->is_limited || store->memory->base.changes == c->changes)
        return SQLITE_OK;
    sqlite3_stmt *count;
    const int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_COUNT_HEADERS, &count);
    if (rc != SQLITE_OK)
        return rc;
    c->is_limited = true;
    sqlite3_bind_int64(count, 1, c->scan.is_descending ? c->scan.lo : c->scan.header.last);
    sqlite3_bind_int64(count, 2, c->scan.is_descending ? c->scan.header.first : c->scan.hi);
    c->left = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int64(count, 0) : 0;
    c->left++; /* the open chunk */
    return sqlite3_reset(count);
}

/* While chunks are read, rows that are added get chunks of their own, behind *last. */
static int begin_reading(struct chunks_cursor *c, int64_t *last) {
    struct sqa_store_memory *memory = store_of_chunks(c)->memory;
    struct sqa_chunk_header header = {.last = INT64_MIN};
    bool found;
    const int rc =
        sqa_chunk_find_header(store_of_chunks(c), SQA_STATEMENT_BEFORE, INT64_MAX, &header, &found);
    if (rc != SQLITE_OK)
        return rc;
    *last = header.last;
    if (memory->open.is_open && sqa_chunk_count(&memory->open.chunk) > 0 &&
        sqa_chunk_last(&memory->open.chunk) > *last)
        *last = sqa_chunk_last(&memory->open.chunk);
    memory->readers_last =
        memory->readers > 0 && memory->readers_last > *last ? memory->readers_last : *last;
    memory->readers++;
    c->is_reader = true;
    return SQLITE_OK;
}

static int next_chunk_of(struct chunks_cursor *c) {
    struct sqa_store *store = store_of_chunks(c);
    int rc = limit_chunks(c);
    c->eof = true;
    while (rc == SQLITE_OK && (!c->is_limited || c->left > 0)) {
        const struct sqa_chunk_header before = c->scan.header;
        bool found;
        rc = sqa_chunk_scan_next(&c->scan, &found);
        if (rc != SQLITE_OK || !found)
            return rc;
        /* rows that have come to the chunk before are not another chunk */
        const bool is_another = before.n == 0 || c->scan.is_descending
                                    ? before.n == 0 || c->scan.header.last < before.first
                                    : c->scan.header.first > before.last;
        c->left--;
        rc = read_min_max(c);
        if (rc != SQLITE_OK || !is_another)
            continue;
        if (!meets_all(c)) {
            store->base.connection->chunks_skipped++;
            continue;
        }
        c->eof = false;
        if (!c->plan->reads)
            return SQLITE_OK;
        sqa_rows_give(&c->rows, store->layout.columns);
        return sqa_chunk_scan_fetch(&c->scan, c->plan->mask, &c->rows);
    }
    return rc;
}

static int chunks_next(sqlite3_vtab_cursor *cursor) {
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    const int rc = next_chunk_of(c);
    if (c->eof)
        end_reading(c);
    return rc;
}

/* The rowids that chunks may have which the conditions let pass */
static void find_range(const struct chunks_cursor *c, int64_t *lo, int64_t *hi) {
    *lo = INT64_MIN;
    *hi = INT64_MAX;
    for (int i = 0; i < c->count; i++) {
        const struct sqa_condition *condition = &c->conditions[i];
        if (condition->column != ID && condition->column != LAST)
            continue;
        if (condition->lo > *lo)
            *lo = condition->lo;
        if (condition->column == ID && condition->hi < *hi)
            *hi = condition->hi;
    }
}

static int chunks_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                         sqlite3_value **argv) {
    (void)number, (void)argc;
    struct chunks_cursor *c = (struct chunks_cursor *)cursor;
    struct sqa_store *store = store_of_chunks(c);
    int64_t lo, hi, last;
    bool none = false;
    c->eof = true;
    c->is_limited = false;
    end_reading(c);
    clear_chunks_plan(c);
    int rc = sqa_vtab_enter(&store->base);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_check_written(&store->base);
    if (rc != SQLITE_OK)
        return rc;
    c->plan = sqa_store_plan_copy(text);
    if (c->plan == NULL)
        return SQLITE_NOMEM;
    c->conditions = sqa_object_new(((size_t)c->plan->count + 1) * sizeof c->conditions[0]);
    if (c->conditions == NULL)
        return SQLITE_NOMEM;
    rc = sqa_conditions_read(store, c->plan, argv, c->conditions, &c->count, &none);
    if (rc != SQLITE_OK || none)
        return rc;
    find_range(c, &lo, &hi);
    rc = begin_reading(c, &last);
    if (rc != SQLITE_OK)
        return rc;
    hi = hi < last ? hi : last;
    rc = sqa_chunk_scan_begin(&c->scan, lo, hi, c->plan->descending);
    c->changes = store->memory->base.changes;
    return rc == SQLITE_OK && lo <= hi ? chunks_next(cursor) : rc;
}

static int chunks_eof(sqlite3_vtab_cursor *cursor) {
    return ((const struct chunks_cursor *)cursor)->eof;
}

static int chunks_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((const struct chunks_cursor *)cursor)->scan.header.first;
    return SQLITE_OK;
}

/* The result is the array of a column's values. */
static enum sqa_status give_values(struct sqa_call *call, const struct sqa_column *column) {
    if (column->base == 0)
        return sqa_result_array(call, &column->view);
    struct sqa_elementwise sum = {
        .step = sqa_step_binary,
        .operand_count = 2,
        .operands = {{.view = column->view}, {.is_scalar = true, .scalar = column->base}},
        .op.binary = SQA_OP3(call->connection->kernels, add)};
    return sqa_result_elementwise(call, &sum);
}

static int give_array(const struct chunks_cursor *c, sqlite3_context *context,
                      const struct sqa_column *column) {
    struct sqa_connection *connection = store_of_chunks(c)->base.connection;
    struct sqa_call call = {.context = context,
                            .connection = connection,
                            .name = "array_store_chunks",
                            .poll = sqa_poll_of(connection)};
    const enum sqa_status status = give_values(&call, column);
    if (status == SQA_OVERFLOW)
        return sqa_store_corrupt(store_of_chunks(c), c->scan.header.first,
                                 "has values beyond 64 bits");
    if (status != SQA_OK)
        sqa_result_error(&call, status);
    return SQLITE_OK;
}

static int chunks_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct chunks_cursor *c = (const struct chunks_cursor *)cursor;
    if (is_in_header(column)) {
        sqlite3_result_int64(context, header_value(c, column));
        return SQLITE_OK;
    }
    if (column == ROWIDS)
        return sqa_rows_dense(&c->rows) ? SQLITE_OK : give_array(c, context, &c->rows.rowids);
    return give_array(c, context, &c->rows.columns[(column - FIRST_VALUES) / VALUES]);
}

const struct sqa_module module_store_chunks = {
    .base =
        {
            .iVersion = 1,
            .xCreate = chunks_create,
            .xConnect = chunks_connect,
            .xBestIndex = chunks_best_index,
            .xDisconnect = chunks_disconnect,
            .xDestroy = chunks_disconnect,
            .xOpen = chunks_open,
            .xClose = chunks_close,
            .xFilter = chunks_filter,
            .xNext = chunks_next,
            .xEof = chunks_eof,
            .xColumn = chunks_column,
            .xRowid = chunks_rowid,
            .xRename = chunks_rename,
        },
};
