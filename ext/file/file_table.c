/*
** array_file(path [, dtype [, chunk]]): a file's integers as arrays, one behind the other.
**
**     SELECT sum(array_sum(value)) FROM array_file('prices.npy');
**     SELECT value FROM array_file('prices.bin', 'int32') WHERE idx = 65537;      -- reads 64 Ki elements
**
** idx, the rowid, is the index of a chunk's first element, n how many elements it has. Comparisons of idx
** choose chunks without reading those before them; value is read when it is asked for. While a
** chunk is being computed on, the system reads the next one.
*/
#include "file/file_bodies.h"
#include "file/input.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { COLUMN_IDX, COLUMN_VALUE, COLUMN_N, COLUMN_PATH };
enum { ARGUMENT_PATH, ARGUMENT_DTYPE, ARGUMENT_CHUNK };
enum {
    DEFAULT_CHUNK = 65536
}; /* 512 kB of int64: the second-level cache holds it from function to function */

struct file_cursor {
    struct sqa_cursor base;
    struct sqa_input input;
    int64_t size; /* elements of a chunk; the last may be shorter */
    bool reads;   /* the statement uses the column value */
    bool is_open;
};

static const struct sqa_form form = {
    .name = "array_file",
    .schema = "CREATE TABLE x(idx INTEGER, value BLOB, n INTEGER, _path HIDDEN, _dtype HIDDEN, "
              "_chunk HIDDEN)",
    .config = SQLITE_VTAB_DIRECTONLY,
    .cursor_size = sizeof(struct file_cursor),
    .first_argument = COLUMN_PATH,
    .required = 1,
    .optional = 2,
};

static int file_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&form, db, aux, vtab);
}

static int file_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    plan.rows = 1000; /* a file's length is known when it is opened, not before */
    sqa_plan_column(&plan, COLUMN_IDX, "idx", true);
    sqa_plan_order(&plan, COLUMN_IDX, "idx", true);
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

/* Elements of the chunk at row */
static int64_t chunk_length(const struct file_cursor *c, int64_t row) {
    const int64_t left = (int64_t)c->input.count - row * c->size;
    return left < c->size ? left : c->size;
}

/* Asks for the chunk after the one the cursor stands at. */
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
    const char *path = NULL;
    int dtype = SQA_NO_DTYPE;
    close_input(c);
    c->reads = false;
    enum sqa_status status = sqa_filter_start(&filter, &c->base, plan, argv);
    if (status != SQA_OK || filter.has_null)
        return sqa_filter_end(&filter, status);

    c->size = DEFAULT_CHUNK;
    status = sqa_arg_path(&filter.call, ARGUMENT_PATH, &path);
    if (status == SQA_OK)
        status = sqa_arg_dtype(&filter.call, ARGUMENT_DTYPE, &dtype);
    if (status == SQA_OK && filter.arguments[ARGUMENT_CHUNK] != NULL)
        status = sqa_arg_count(&filter.call, ARGUMENT_CHUNK, "chunk", 1, &c->size);
    if (status == SQA_OK)
        status = sqa_input_open(&c->input, &filter.call, path, dtype, SQA_NO_DTYPE);
    if (status != SQA_OK)
        return sqa_filter_end(&filter, status);

    c->is_open = true;
    const int64_t count = (int64_t)c->input.count;
    sqa_filter_steps(&filter, sqa_filter_range(&filter), c->size,
                     count == 0 ? 0 : (count - 1) / c->size + 1);
    return SQLITE_OK;
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
    struct sqa_call call = sqa_cursor_call(&c->base, context);
    const uint64_t first = (uint64_t)(c->base.row * c->size);
    const enum sqa_status status =
        sqa_input_result(&c->input, &call, first, (uint64_t)chunk_length(c, c->base.row));
    if (status != SQA_OK)
        sqa_result_error(&call, status);
    if (!c->reads) {
        c->reads = true;
        read_ahead(c);
    }
}

static int file_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    struct file_cursor *c = (struct file_cursor *)cursor;
    switch (column) {
    case COLUMN_IDX:
        sqlite3_result_int64(context, 1 + c->base.row * c->size);
        break;
    case COLUMN_VALUE:
        result_chunk(c, context);
        break;
    case COLUMN_N:
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

const sqlite3_module table_file = {
    .xConnect = file_connect,
    .xBestIndex = file_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = file_close,
    .xFilter = file_filter,
    .xNext = file_next,
    .xEof = sqa_cursor_eof,
    .xColumn = file_column,
    .xRowid = file_rowid,
};
