/*
** array_file(path [, dtype [, chunk]]): the integers of a file as arrays, one chunk a row.
**
**     SELECT sum(array_sum(value)) FROM array_file('prices.npy');
**     SELECT value FROM array_file('prices.bin', 'int32') WHERE idx = 65537;  -- reads one chunk
**
** idx, the rowid, is the index of the chunk's first element, and n is how many elements the chunk
** has. Comparisons of idx select chunks without reading those before them. A chunk is read when
** the column value is used. While a chunk is being processed, the operating system is asked to
** read the next one.
**
**     INSERT INTO array_file(path, value, dtype)
**     SELECT 'new.npy', array_mul(value, 2), 'int32' FROM array_file('prices.npy');
**
** writes files. All rows that a transaction inserts with the same path become that file at
** COMMIT: see file_transaction.h.
*/
#include "core/npy.h"
#include "file/file_bodies.h"
#include "file/file_transaction.h"
#include "sql/arguments.h"
#include "sql/scratch.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum {
    FILE_COLUMN_IDX,
    FILE_COLUMN_VALUE,
    FILE_COLUMN_N,
    FILE_COLUMN_PATH,
    FILE_COLUMN_DTYPE,
    FILE_COLUMN_CHUNK,
};
enum { FILE_ARGUMENT_PATH, FILE_ARGUMENT_DTYPE, FILE_ARGUMENT_CHUNK };
enum {
    DEFAULT_CHUNK = 65536
}; /* 512 kB of int64, which stay in the second-level cache while functions process them */

struct file_table {
    struct sqa_table base;
    struct sqa_file_transaction transaction;
};

struct file_cursor {
    struct sqa_cursor base;
    struct sqa_input input;
    int64_t size; /* elements of a chunk; the last one may have fewer */
    bool reads;   /* true if the statement uses the column value */
    bool is_open;
};

/*
** The columns that can be written have ordinary names. SQLite also resolves names inside the
** arguments to them. So if another table has a column called path or dtype, an argument has to
** qualify it, as in array_file(t.path).
*/
static const struct sqa_form file_form = {
    .name = "array_file",
    .schema = "CREATE TABLE x(idx INTEGER, value BLOB, n INTEGER, path HIDDEN, dtype HIDDEN, "
              "_chunk HIDDEN)",
    .config = SQLITE_VTAB_DIRECTONLY,
    .table_size = sizeof(struct file_table),
    .cursor_size = sizeof(struct file_cursor),
    .first_argument = FILE_COLUMN_PATH,
    .required = 1,
    .optional = 2,
};

static const struct sqa_form read_form = {
    .name = "array_file_read",
    .schema = "CREATE TABLE x(idx INTEGER, value BLOB, n INTEGER, _path HIDDEN, _dtype HIDDEN, "
              "_chunk HIDDEN)",
    .config = SQLITE_VTAB_DIRECTONLY,
    .cursor_size = sizeof(struct file_cursor),
    .first_argument = FILE_COLUMN_PATH,
    .required = 1,
    .optional = 2,
};

static int file_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&file_form, db, aux, vtab);
}

static int file_read_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                             sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&read_form, db, aux, vtab);
}

static int file_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    /* the file is not opened before the statement runs, so its length is not known here */
    plan.rows = 1000;
    sqa_plan_column(&plan, FILE_COLUMN_IDX, "idx", true);
    sqa_plan_order(&plan, FILE_COLUMN_IDX, "idx", true);
    return sqa_plan_end(&plan);
}

static void close_input(struct file_cursor *c) {
    if (c->is_open)
        sqa_input_close(&c->input);
    c->is_open = false;
}

static int file_close(sqlite3_vtab_cursor *cursor) {
    close_input((struct file_cursor *)cursor);
    return sqa_cursor_close(cursor);
}

/* Returns how many elements the chunk at row has. */
static int64_t chunk_length(const struct file_cursor *c, int64_t row) {
    const int64_t left = (int64_t)c->input.count - row * c->size;
    return left < c->size ? left : c->size;
}

/* Asks the operating system to read the chunk after the current one. */
static void read_ahead(const struct file_cursor *c) {
    const int64_t next = c->base.row + c->base.step;
    if (c->reads && c->base.row != c->base.end && next != c->base.end)
        sqa_input_expect(&c->input, (uint64_t)(next * c->size), (uint64_t)chunk_length(c, next));
}

static int file_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                       sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct file_cursor *c = (struct file_cursor *)cursor;
    struct sqa_filter filter;
    struct sqa_call *call = &filter.call;
    close_input(c);
    c->reads = false;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);

    const char *path = sqa_arg_path(call);
    const int dtype = sqa_arg_dtype(call, FILE_ARGUMENT_DTYPE);
    c->size = DEFAULT_CHUNK;
    if (filter.arguments[FILE_ARGUMENT_CHUNK] != NULL)
        c->size = sqa_arg_count(call, FILE_ARGUMENT_CHUNK, "chunk", 1);
    sqa_input_open(&c->input, call, path, dtype, SQA_NO_DTYPE);
    c->is_open = true;
    const int64_t count = (int64_t)c->input.count;
    sqa_filter_steps(&filter, sqa_filter_range(&filter), c->size,
                     count == 0 ? 0 : (count - 1) / c->size + 1);
    return sqa_filter_end(&filter);
}

static int file_next(sqlite3_vtab_cursor *cursor) {
    struct file_cursor *c = (struct file_cursor *)cursor;
    if (sqa_interrupted(sqa_cursor_table(&c->base)->connection))
        return SQLITE_INTERRUPT;
    c->base.row += c->base.step;
    read_ahead(c);
    return SQLITE_OK;
}

static void result_chunk(struct file_cursor *c, sqlite3_context *context) {
    const uint64_t first = (uint64_t)(c->base.row * c->size);
    struct sqa_call call;
    sqa_table_call(c->base.base.pVtab, &call, context);
    sqa_input_result(&c->input, &call, first, (uint64_t)chunk_length(c, c->base.row));
    sqa_call_end(&call);
    if (!c->reads) {
        c->reads = true;
        read_ahead(c);
    }
}

static int file_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    struct file_cursor *c = (struct file_cursor *)cursor;
    switch (column) {
    case FILE_COLUMN_IDX:
        sqlite3_result_int64(context, 1 + c->base.row * c->size);
        break;
    case FILE_COLUMN_VALUE:
        result_chunk(c, context);
        break;
    case FILE_COLUMN_N:
        sqlite3_result_int64(context, chunk_length(c, c->base.row));
        break;
    default:
        sqa_cursor_argument(&c->base, context, column);
    }
    return SQLITE_OK;
}

static int file_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    const struct file_cursor *c = (const struct file_cursor *)cursor;
    *rowid = 1 + c->base.row * c->size;
    return SQLITE_OK;
}

/*
** Fails if INSERT sets one of the columns that describe how a file is read and where a row is in
** it.
*/
static void refuse_columns(struct sqa_call *call, sqlite3_value **columns) {
    static const struct {
        int column;
        const char *name;
    } refused[] = {{FILE_COLUMN_IDX, "idx"}, {FILE_COLUMN_N, "n"}, {FILE_COLUMN_CHUNK, "_chunk"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (sqlite3_value_type(columns[refused[i].column]) != SQLITE_NULL)
            sqa_fail(call, "column %s cannot be written, only path, value and dtype",
                     refused[i].name);
    }
}

static struct sqa_file_row read_file_row(struct sqa_call *call, sqlite3_value **columns) {
    struct sqa_file_row row = {.dtype = SQA_NO_DTYPE};
    refuse_columns(call, columns);
    row.path = sqa_value_path(call, columns[FILE_COLUMN_PATH], "column path");
    if (sqlite3_value_type(columns[FILE_COLUMN_DTYPE]) != SQLITE_NULL)
        row.dtype =
            sqa_value_word(call, columns[FILE_COLUMN_DTYPE], "column dtype", sqa_npy_dtypes);
    row.array = sqa_value_row(call, columns[FILE_COLUMN_VALUE], "column value");
    return row;
}

enum {
    VERSION_WITH_CHECK = 3040000
}; /* from this version on SQLite itself prevents triggers from writing to a DIRECTONLY table */

/*
** Implements xUpdate. SQLite passes the old rowid (NULL for INSERT), the new rowid and the
** columns; for DELETE only the old rowid.
*/
static int file_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid) {
    struct sqa_file_transaction *transaction = &((struct file_table *)vtab)->transaction;
    struct sqa_call call;
    /* the transaction was rolled back by a function that the statement calls */
    if (!transaction->is_open)
        return SQLITE_ABORT;
    sqa_table_call(vtab, &call, NULL);
    if (sqlite3_libversion_number() < VERSION_WITH_CHECK) { /* unreached: that is older */
        sqa_fail(&call, "INSERT needs SQLite 3.40, this is %s: a trigger could write files",
                 sqlite3_libversion());
    } else if (argc == 1 || sqlite3_value_type(argv[0]) != SQLITE_NULL) {
        sqa_fail(&call, "%s is not possible, only INSERT, which writes a file anew",
                 argc == 1 ? "DELETE" : "UPDATE");
    } else if (sqlite3_value_type(argv[1]) != SQLITE_NULL) {
        sqa_fail(&call, "the rowid cannot be written, only path, value and dtype");
    } else {
        const struct sqa_file_row row = read_file_row(&call, argv + 2);
        *rowid = (sqlite3_int64)sqa_file_transaction_add(transaction, &call, &row) + 1;
    }
    return sqa_table_end(vtab, &call);
}

static int file_begin(sqlite3_vtab *vtab) {
    sqa_file_transaction_begin(&((struct file_table *)vtab)->transaction);
    return SQLITE_OK;
}

static int file_sync(sqlite3_vtab *vtab) {
    struct sqa_call call;
    sqa_table_call(vtab, &call, NULL);
    sqa_file_transaction_publish(&((struct file_table *)vtab)->transaction, &call);
    return sqa_table_end(vtab, &call);
}

/* Implements xCommit and xRollback. */
static int file_end(sqlite3_vtab *vtab) {
    sqa_file_transaction_end(&((struct file_table *)vtab)->transaction);
    return SQLITE_OK;
}

static int file_savepoint(sqlite3_vtab *vtab, int level) {
    struct sqa_file_transaction *transaction = &((struct file_table *)vtab)->transaction;
    return sqa_file_transaction_mark(transaction, level) ? SQLITE_OK : SQLITE_NOMEM;
}

static int file_release(sqlite3_vtab *vtab, int level) {
    sqa_file_transaction_release(&((struct file_table *)vtab)->transaction, level);
    return SQLITE_OK;
}

static int file_rollback_to(sqlite3_vtab *vtab, int level) {
    sqa_file_transaction_rewind(&((struct file_table *)vtab)->transaction, level);
    return SQLITE_OK;
}

/* The methods for reading */
#define READING                                                                                    \
    .xBestIndex = file_best_index, .xDisconnect = sqa_table_disconnect, .xOpen = sqa_cursor_open,  \
    .xClose = file_close, .xFilter = file_filter, .xNext = file_next, .xEof = sqa_cursor_eof,      \
    .xColumn = file_column, .xRowid = file_rowid

const sqlite3_module sqa_table_file = {
    .iVersion = 2, /* has the savepoint methods */
    .xConnect = file_connect,
    READING,
    .xUpdate = file_update,
    .xBegin = file_begin,
    .xSync = file_sync,
    .xCommit = file_end,
    .xRollback = file_end,
    .xSavepoint = file_savepoint,
    .xRelease = file_release,
    .xRollbackTo = file_rollback_to,
};

/*
** A second module with the same rows that cannot be written. INSERT INTO array_file SELECT from
** array_file works, but SQLite then copies everything the statement reads to a temporary table,
** because it is also the table written to. For 256 MB that takes 2.3 s instead of 0.45 s, and as
** much disk space again.
*/
const sqlite3_module sqa_table_file_read = {.xConnect = file_read_connect, READING};
