/*
** Writing: a row, or arrays that are many rows, put in; rows changed and deleted.
**
** As in a table: without a rowid a row gets the one above the largest, or where that is the largest integer
** a random one that is free; what a rowid does that is there already, the conflict clause says; NULL
** violates a constraint. All is checked before anything is changed.
*/
#include <string.h>

#include "sql/arguments.h"
#include "sql/call.h"
#include "store/merge.h"
#include "store/open_chunk.h"
#include "store/point.h"
#include "store/rows.h"

SQLITE_EXTENSION_INIT3

enum { RANDOM_ROWIDS = 100 }; /* that are tried before the table is full: as many as SQLite does */

static const char *stored_table_name(const struct sqa_store *store) {
    return store->layout.table;
}
static const char *stored_column_name(const struct sqa_store *store, int column) {
    return store->layout.names[column];
}

/* A constraint is violated. Where the conflict clause ignores that, a message would be that of another failure. */
static int violates(struct sqa_store *store, const char *constraint, const char *column) {
    if (sqlite3_vtab_on_conflict(store->base.connection->db) == SQLITE_IGNORE)
        return SQLITE_CONSTRAINT;
    return sqa_vtab_fail(&store->base, SQLITE_CONSTRAINT, "%s constraint failed: %s.%s", constraint,
                         stored_table_name(store), column);
}

/* ---- Values */

static int not_null(struct sqa_store *store, int column) {
    return violates(store, "NOT NULL", stored_column_name(store, column));
}

/* A blob, or text that begins as an array does; other text is that of an integer, if anything. *rc: no memory */
static bool is_stored_array(sqlite3_value *value, int *rc) {
    const int type = sqlite3_value_type(value);
    if (type != SQLITE_TEXT)
        return type == SQLITE_BLOB;
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL) {
        *rc = SQLITE_NOMEM;
        return false;
    }
    text += strspn(text, " \t\n\v\f\r");
    return *text == '[' || *text == '{';
}

/* Integers and arrays in one row: what the first column is, the others have to be. */
static int not_alike(struct sqa_store *store, int column, sqlite3_value *value, const char *kind) {
    return sqa_vtab_fail(
        &store->base, SQLITE_MISMATCH, "array_store: %s.%s is not %s, as %s.%s is (%s given)",
        stored_table_name(store), stored_column_name(store, column), kind, stored_table_name(store),
        stored_column_name(store, 0), sqa_type_name(value));
}

/* The value is shown as text, between quotes or not. */
static int no_integer(struct sqa_store *store, int column, sqlite3_value *value,
                      const char *quote) {
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL)
        return SQLITE_NOMEM;
    return sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                         "array_store: %s.%s is not an integer (%s%.*s%s given)",
                         stored_table_name(store), stored_column_name(store, column), quote,
                         sqa_excerpt(text, 40), text, quote);
}

/* The value that a column of INTEGER affinity would have, if that is an integer. Text of a number becomes one. */
static int read_integer(struct sqa_store *store, int column, sqlite3_value *value, int64_t *x) {
    switch (sqlite3_value_numeric_type(value)) {
    case SQLITE_INTEGER:
        *x = sqlite3_value_int64(value);
        return SQLITE_OK;
    case SQLITE_FLOAT:
        /* -2^63 is what smaller integers overflow to, and so refused, as in a table */
        if (sqa_whole(sqlite3_value_double(value), x) && *x > INT64_MIN)
            return SQLITE_OK;
        return no_integer(store, column, value, "");
    case SQLITE_TEXT:
        return no_integer(store, column, value, "'");
    case SQLITE_NULL:
        return not_null(store, column);
    default:
        return sqa_vtab_fail(
            &store->base, SQLITE_MISMATCH, "array_store: %s.%s is not an integer (%s given)",
            stored_table_name(store), stored_column_name(store, column), sqa_type_name(value));
    }
}

/* The values of a new row, into store->values */
static int read_stored_row(struct sqa_store *store, sqlite3_value **argv) {
    int rc = SQLITE_OK;
    for (int c = 0; c < store->layout.columns && rc == SQLITE_OK; c++) {
        if (is_stored_array(argv[c], &rc)) /* the first is none */
            return not_alike(store, c, argv[c], "an integer");
        if (rc == SQLITE_OK)
            rc = read_integer(store, c, argv[c], &store->values[c]);
    }
    return rc;
}

/* As in a table it may also be a number that is whole, or text of one. */
static int read_rowid(struct sqa_store *store, sqlite3_value *value, int64_t *rowid) {
    const int type = sqlite3_value_numeric_type(value);
    *rowid = sqlite3_value_int64(value);
    if (type == SQLITE_INTEGER ||
        (type == SQLITE_FLOAT && sqa_whole(sqlite3_value_double(value), rowid)))
        return SQLITE_OK;
    return sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                         "array_store: the rowid of %s is not an integer (%s given)",
                         stored_table_name(store), sqa_type_name(value));
}

/* ---- Rows */

/* A value that stays as it is need not be written. */
static void set_row(struct sqa_store *store, size_t i) {
    struct sqa_open_chunk *open = &store->memory->open;
    for (int c = 0; c < store->layout.columns; c++) {
        if (!open->reshaped && open->chunk.column[c][i] != store->values[c])
            sqa_open_chunk_change(store, c);
        open->chunk.column[c][i] = store->values[c];
    }
}

/* Is there a row with this rowid: row *i of the open chunk, which its chunk becomes? */
static int find_row(struct sqa_store *store, int64_t rowid, size_t *i, bool *found) {
    const int rc = sqa_open_chunk_reach(store, rowid);
    *found = rc == SQLITE_OK && sqa_chunk_find(&store->memory->open.chunk, rowid, i);
    return rc;
}

static int taken(struct sqa_store *store) {
    return violates(store, "UNIQUE", "rowid");
}

/* Puts the row in store->values where this rowid is; replaces a row if the conflict clause says so. */
static int put_row(struct sqa_store *store, int64_t rowid) {
    size_t i = 0;
    bool found;
    int rc = find_row(store, rowid, &i, &found);
    if (rc == SQLITE_OK && found &&
        sqlite3_vtab_on_conflict(store->base.connection->db) != SQLITE_REPLACE)
        return taken(store);
    if (rc == SQLITE_OK && !found)
        rc = sqa_open_chunk_insert(store, rowid, &i);
    if (rc == SQLITE_OK)
        set_row(store, i);
    return rc;
}

/* Adds the row in store->values at the end: sqa_open_chunk_reach_end() has made the open chunk for it. */
static int push_row(struct sqa_store *store, int64_t rowid) {
    size_t i;
    const int rc = sqa_open_chunk_insert(store, rowid, &i);
    if (rc == SQLITE_OK)
        set_row(store, i);
    return rc;
}

/* A positive rowid that is free, where the largest is taken */
static int random_rowid(struct sqa_store *store, int64_t *rowid) {
    for (int i = 0; i < RANDOM_ROWIDS; i++) {
        size_t at;
        bool found;
        sqlite3_randomness(sizeof *rowid, rowid);
        *rowid = (*rowid & (INT64_MAX >> 1)) + 1;
        const int rc = find_row(store, *rowid, &at, &found);
        if (rc != SQLITE_OK || !found)
            return rc;
    }
    return sqa_vtab_fail(&store->base, SQLITE_FULL, "array_store: no rowid is free in %s",
                         stored_table_name(store));
}

/* Adds the row in store->values with a rowid of the table's choice. */
static int append_row(struct sqa_store *store, int64_t *rowid) {
    int64_t last;
    bool is_empty;
    int rc = sqa_open_chunk_reach_end(store, &last, &is_empty);
    if (rc != SQLITE_OK)
        return rc;
    if (is_empty || last < INT64_MAX)
        *rowid = is_empty ? 1 : last + 1;
    else
        rc = random_rowid(store, rowid);
    return rc == SQLITE_OK ? push_row(store, *rowid) : rc;
}

/* rowid: as given, or NULL */
static int insert_stored_row(struct sqa_store *store, sqlite3_value *given, int64_t *rowid) {
    const struct sqa_open_chunk *open = &store->memory->open;
    int64_t last;
    bool is_empty;
    if (sqlite3_value_type(given) == SQLITE_NULL)
        return append_row(store, rowid);
    *rowid = sqlite3_value_int64(given); /* it is one: SQLite has seen to that */
    if (open->is_open && open->lo <= *rowid && *rowid <= open->hi &&
        sqa_chunk_count(&open->chunk) > 0 && *rowid <= sqa_chunk_last(&open->chunk))
        return put_row(store, *rowid); /* not at the end, which need not be looked for */
    const int rc = sqa_open_chunk_reach_end(store, &last, &is_empty);
    if (rc != SQLITE_OK)
        return rc;
    return is_empty || *rowid > last ? push_row(store, *rowid) : put_row(store, *rowid);
}

static int delete_row(struct sqa_store *store, sqlite3_value *value) {
    size_t i;
    bool found;
    const int rc = find_row(store, sqlite3_value_int64(value), &i, &found);
    if (rc != SQLITE_OK || !found)
        return rc;
    sqa_open_chunk_reshape(store);
    return sqa_chunk_delete(&store->memory->open.chunk, i) ? SQLITE_OK : SQLITE_NOMEM;
}

/* A failure after a part has been done, which SQLite does not always take back: only a rollback helps. */
static int half_done(struct sqa_store *store, int64_t rollbacks, int rc) {
    if (store->memory->base.rollbacks == rollbacks) /* otherwise it has been rolled back already */
        (void)sqa_memory_begin_change(&store->memory->base);
    return rc;
}

/* The row moves to another rowid with the values in store->values. */
static int move_row(struct sqa_store *store, sqlite3_value *from, int64_t to) {
    size_t i;
    bool found;
    int rc = find_row(store, to, &i, &found);
    if (rc == SQLITE_OK && found &&
        sqlite3_vtab_on_conflict(store->base.connection->db) != SQLITE_REPLACE)
        rc = taken(store);
    const int64_t rollbacks = store->memory->base.rollbacks;
    if (rc == SQLITE_OK)
        rc = delete_row(store, from);
    if (rc != SQLITE_OK)
        return rc;
    rc = put_row(store, to);
    return rc == SQLITE_OK ? rc : half_done(store, rollbacks, rc);
}

/* A row that is in no chunk in memory is changed where it is stored, if it can be. *done: it is, or there is none. */
static int update_point(struct sqa_store *store, int64_t rowid, sqlite3_value **values,
                        bool *done) {
    struct sqa_store_memory *memory = store->memory;
    struct sqa_point point;
    bool found = false;
    *done = false;
    if (memory->open.is_open && memory->open.lo <= rowid && rowid <= memory->open.hi)
        return SQLITE_OK;
    const bool is_kept = sqa_point_kept(store, rowid, &point);
    int rc = is_kept ? SQLITE_OK : sqa_point_find_chunk(store, rowid, &point, &found);
    found |= is_kept;
    if (rc == SQLITE_OK && found &&
        !sqa_point_is_worth(&point.header, &memory->point_id, &memory->points))
        return SQLITE_OK;
    if (rc == SQLITE_OK && found && !is_kept)
        rc = sqa_point_find_row(store, rowid, &point, &found);
    *done = true;
    if (rc != SQLITE_OK || !found)
        return rc;
    bool *changes = sqa_object_new((size_t)store->layout.columns * sizeof changes[0]);
    if (changes == NULL)
        return SQLITE_NOMEM;
    for (int c = 0; c < store->layout.columns && rc == SQLITE_OK; c++) {
        changes[c] = !sqlite3_value_nochange(values[c]); /* see sqa_store_cursor_column() */
        if (changes[c])
            rc = read_integer(store, c, values[c], &store->values[c]);
    }
    if (rc == SQLITE_OK)
        rc = sqa_point_set(store, &point, store->values, changes, done);
    sqa_object_free(changes);
    return rc;
}

/* argv: the old rowid, the new one, the values; what the statement leaves as it is may have none. */
static int update_row(struct sqa_store *store, sqlite3_value **argv) {
    const int64_t old = sqlite3_value_int64(argv[0]);
    int64_t new = 0;
    size_t i;
    bool found, done = false;
    int rc = read_rowid(store, argv[1], &new);
    if (rc == SQLITE_OK && new == old)
        rc = update_point(store, old, argv + 2, &done);
    if (rc != SQLITE_OK || done)
        return rc;
    rc = find_row(store, old, &i, &found);
    if (rc != SQLITE_OK || !found)
        return rc;
    for (int c = 0; c < store->layout.columns && rc == SQLITE_OK; c++) {
        if (sqlite3_value_nochange(argv[2 + c])) /* see sqa_store_cursor_column() */
            store->values[c] = store->memory->open.chunk.column[c][i];
        else
            rc = read_integer(store, c, argv[2 + c], &store->values[c]);
    }
    if (rc != SQLITE_OK)
        return rc;
    if (new != old)
        return move_row(store, argv[0], new);
    set_row(store, i);
    return SQLITE_OK;
}

/* ---- Arrays */

/* The elements of an array where they stand if they are plain, else in a buffer of the column's; false without memory */
static bool view_of(struct sqa_store *store, const struct sqa_array *array,
                    struct sqa_column *column) {
    const struct sqa_connection *connection = store->base.connection;
    if (sqa_array_is_plain(array, &column->view))
        return true;
    unsigned char *buffer =
        sqa_pool_take(connection->pool, sqa_blob_size(array->count, array->width));
    if (buffer == NULL)
        return false;
    sqa_blob_header(buffer, array->count, array->width);
    sqa_array_copy(connection->kernels, array, 0, array->count, buffer + SQA_HEADER, array->width);
    *column = (struct sqa_column){.view = {buffer + SQA_HEADER, array->count, array->width},
                                  .owned = buffer};
    return true;
}

/* The rows that arrays are which a statement gives as values; in any case to be freed by free_arrays(). */
static int read_arrays(struct sqa_store *store, sqlite3_value **argv, struct sqa_rows *rows) {
    const int columns = store->layout.columns;
    char why[200];
    int rc = SQLITE_OK;
    *rows = (struct sqa_rows){.rowids = sqa_column_empty(), .are_arrays = true};
    rows->columns = sqa_object_new((size_t)columns * sizeof rows->columns[0]);
    if (rows->columns == NULL)
        return SQLITE_NOMEM;
    for (int c = 0; c < columns; c++) {
        if (sqlite3_value_type(argv[c]) == SQLITE_NULL)
            return not_null(store, c);
        if (!is_stored_array(argv[c], &rc)) /* the first is one */
            return rc != SQLITE_OK ? rc : not_alike(store, c, argv[c], "an array");
        struct sqa_column *column = &rows->columns[c];
        struct sqa_array array;
        const enum sqa_status status = sqa_value_array(store->base.connection, argv[c], &array,
                                                       &column->owned, why, sizeof why);
        if (status == SQA_NOMEM || status == SQA_INTERRUPT)
            return status == SQA_NOMEM ? SQLITE_NOMEM : SQLITE_INTERRUPT;
        if (status != SQA_OK)
            return sqa_vtab_fail(&store->base, SQLITE_MISMATCH, "array_store: %s.%s%s",
                                 stored_table_name(store), stored_column_name(store, c), why);
        if (!view_of(store, &array, column))
            return SQLITE_NOMEM;
        rows->n = rows->columns[0].view.count;
        if (column->view.count != rows->n)
            return sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                                 "array_store: length mismatch: %lld in %s.%s and %lld in %s.%s",
                                 (long long)rows->n, stored_table_name(store),
                                 stored_column_name(store, 0), (long long)column->view.count,
                                 stored_table_name(store), stored_column_name(store, c));
    }
    return SQLITE_OK;
}

static void free_arrays(struct sqa_store *store, struct sqa_rows *rows) {
    if (rows->columns != NULL)
        sqa_rows_give(rows, store->layout.columns);
    sqa_object_free(rows->columns);
}

/* Can a chunk be written from the arrays as they stand? The kernels read what is aligned. */
static bool all_aligned(const struct sqa_rows *rows, int columns) {
    for (int c = 0; c < columns; c++) {
        if (!sqa_view_aligned(&rows->columns[c].view))
            return false;
    }
    return true;
}

/* Writes a whole chunk, rows at .. of the arrays, past the open chunk, which is empty. */
static int save_chunk(struct sqa_store *store, const struct sqa_rows *rows, size_t at) {
    const size_t n = (size_t)sqa_chunk_limit(store);
    struct sqa_rows part = *rows;
    part.n = n;
    part.first = rows->first + (int64_t)at;
    part.columns = store->columns;
    part.are_arrays = n == rows->n;
    for (int c = 0; c < store->layout.columns; c++)
        part.columns[c] =
            (struct sqa_column){.view = sqa_view_slice(&rows->columns[c].view, at, n)};
    struct sqa_chunk_write save = {.is_new = true, .reshaped = true};
    const int rc = sqa_chunk_save(store, &part, &save);
    if (rc == SQLITE_OK)
        sqa_open_chunk_forget(store); /* the end is elsewhere now */
    return rc;
}

/* Adds rows from row `at` on, as many as one chunk takes, to the open chunk, which is at the end; moves *at past them. */
static int push_some(struct sqa_store *store, const struct sqa_rows *rows, bool aligned,
                     size_t *at) {
    struct sqa_open_chunk *open = &store->memory->open;
    const size_t most = (size_t)sqa_chunk_limit(store), left = rows->n - *at;
    if (aligned && left >= most && open->chunk.n == 0 && open->follows_full) {
        *at += most;
        return save_chunk(store, rows, *at - most);
    }
    if (!sqa_chunk_settle(&open->chunk))
        return SQLITE_NOMEM;
    const size_t room = most - open->chunk.n, n = left < room ? left : room;
    if (!sqa_chunk_add(&open->chunk, rows, *at, n))
        return SQLITE_NOMEM;
    sqa_open_chunk_reshape(store);
    *at += n;
    return SQLITE_OK;
}

/* Adds all rows, one after the other. */
static int scatter_rows(struct sqa_store *store, const struct sqa_rows *rows, int64_t *rowid) {
    const int64_t rollbacks = store->memory->base.rollbacks;
    for (size_t i = 0; i < rows->n; i++) {
        for (int c = 0; c < store->layout.columns; c++)
            store->values[c] = sqa_column_get(&rows->columns[c], i);
        const int rc = append_row(store, rowid);
        if (rc != SQLITE_OK)
            return i == 0 ? rc : half_done(store, rollbacks, rc);
    }
    return SQLITE_OK;
}

/* Adds all rows at the end, if so many rowids are left there; there is a row. *rowid: the last one's. */
static int push_rows(struct sqa_store *store, struct sqa_rows *rows, int64_t *rowid) {
    const bool aligned = all_aligned(rows, store->layout.columns);
    const int64_t rollbacks = store->memory->base.rollbacks;
    int64_t last;
    bool is_empty;
    int rc = sqa_open_chunk_reach_end(store, &last, &is_empty);
    if (rc != SQLITE_OK)
        return rc;
    if (!is_empty && last > INT64_MAX - (int64_t)rows->n)
        return scatter_rows(store, rows, rowid);
    rows->first = is_empty ? 1 : last + 1;
    *rowid = rows->first + (int64_t)(rows->n - 1);
    size_t at = 0;
    while (rc == SQLITE_OK && at < rows->n) {
        rc = push_some(store, rows, aligned, &at);
        if (rc == SQLITE_OK && at < rows->n)
            rc = sqa_open_chunk_reach_end(store, &last, &is_empty);
    }
    return rc == SQLITE_OK || at == 0 ? rc : half_done(store, rollbacks, rc);
}

static int insert_arrays(struct sqa_store *store, sqlite3_value *given, sqlite3_value **argv,
                         int64_t *rowid) {
    struct sqa_rows rows;
    if (sqlite3_value_type(given) != SQLITE_NULL)
        return sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                             "array_store: rows given as arrays cannot be given a rowid");
    int rc = read_arrays(store, argv, &rows);
    if (rc == SQLITE_OK && rows.n > 0)
        rc = push_rows(store, &rows, rowid);
    free_arrays(store, &rows);
    return rc;
}

/* ---- The method */

/* A row, or arrays of rows: the first value says. */
static int insert(struct sqa_store *store, sqlite3_value **argv, int64_t *rowid) {
    int rc = SQLITE_OK;
    if (is_stored_array(argv[2], &rc))
        return insert_arrays(store, argv[1], argv + 2, rowid);
    if (rc == SQLITE_OK)
        rc = read_stored_row(store, argv + 2);
    return rc == SQLITE_OK ? insert_stored_row(store, argv[1], rowid) : rc;
}

static int run_command(struct sqa_store *store, sqlite3_value **argv) {
    for (int i = 0; i < 2 + store->layout.columns; i++) {
        if (sqlite3_value_type(argv[i]) != SQLITE_NULL)
            return sqa_vtab_fail(&store->base, SQLITE_ERROR,
                                 "array_store: a command is inserted into the column %s alone",
                                 stored_table_name(store));
    }
    const char *command = (const char *)sqlite3_value_text(argv[2 + store->layout.columns]);
    const int rc = sqa_vtab_enter_to_write(&store->base);
    if (rc != SQLITE_OK)
        return rc;
    return command == NULL ? SQLITE_NOMEM : sqa_store_command(store, command);
}

int sqa_store_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    sqlite3 *db = store->base.connection->db;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    int64_t inserted = last_insert;
    int rc = SQLITE_OK;
    if (!sqa_vtab_memory_is_current(&store->base))
        rc = sqa_vtab_enter_to_write(&store->base);
    if (rc != SQLITE_OK)
        return rc;
    if (argc == 1)
        rc = delete_row(store, argv[0]);
    else if (sqlite3_value_type(argv[2 + store->layout.columns]) != SQLITE_NULL)
        rc = run_command(store, argv);
    else if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
        rc = update_row(store, argv);
    else
        rc = insert(store, argv, &inserted);
    sqlite3_set_last_insert_rowid(db, last_insert); /* writing chunks has changed it */
    if (argc > 1)
        *rowid = inserted;
    return rc;
}
