#include "store/chunk_io.h"

#include "store/totals.h"
#include "vtab/shadow.h"

SQLITE_EXTENSION_INIT3

int sqa_chunk_header_read(struct sqa_store *store, sqlite3_stmt *row,
                          struct sqa_chunk_header *header) {
    *header = (struct sqa_chunk_header){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                        sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3)};
    for (int i = 1; i < SQA_MIN_MAX_AT; i++) {
        if (sqlite3_column_type(row, i) != SQLITE_INTEGER)
            return sqa_store_corrupt(store, header->first, "has no sound last, n and arrays");
    }
    if (header->n < 1 || header->n > sqa_chunk_limit(store) || header->last < header->first ||
        (uint64_t)header->last - (uint64_t)header->first < (uint64_t)header->n - 1 ||
        header->arrays > INT64_MAX - store->layout.columns)
        return sqa_store_corrupt(store, header->first, "has impossible last, n or arrays");
    return SQLITE_OK;
}

int sqa_chunk_find_header(struct sqa_store *store, enum sqa_statement which, int64_t rowid,
                          struct sqa_chunk_header *header, bool *found) {
    sqlite3_stmt *find;
    int rc = sqa_vtab_statement(&store->base, (int)which, &find);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(find, 1, rowid);
    *found = sqlite3_step(find) == SQLITE_ROW;
    if (*found)
        rc = sqa_chunk_header_read(store, find, header);
    const int end = sqlite3_reset(find);
    return rc != SQLITE_OK ? rc : end;
}

/* The array in a row of FETCH, n elements, and its code */
static int read_chunk_array(struct sqa_store *store, sqlite3_stmt *row,
                            const struct sqa_chunk_header *header, struct sqa_view *array,
                            struct sqa_code *code) {
    enum { BASE, STEP, ARRAY };
    struct sqa_array encoded;
    struct sqa_error error;
    const int step_type = sqlite3_column_type(row, STEP);
    if (sqlite3_column_type(row, ARRAY) != SQLITE_BLOB ||
        sqa_blob_array(sqlite3_column_blob(row, ARRAY), (size_t)sqlite3_column_bytes(row, ARRAY),
                       &encoded, &error) != SQA_OK ||
        !sqa_array_is_plain(&encoded, array))
        return sqa_store_corrupt(store, header->first, "has a column that is no array");
    if ((int64_t)array->count != header->n)
        return sqa_store_corrupt(store, header->first, "has a column of another length");
    *code = (struct sqa_code){sqlite3_column_int64(row, BASE), step_type != SQLITE_NULL,
                              sqlite3_column_int64(row, STEP)};
    if (sqlite3_column_type(row, BASE) != SQLITE_INTEGER ||
        (code->is_steps ? step_type != SQLITE_INTEGER
                        : code->base != 0 && array->width == sizeof(int64_t)))
        return sqa_store_corrupt(store, header->first, "has an array of no sound base and step");
    return SQLITE_OK;
}

/*
** Finds array i of a chunk: the rowids (0), or a column (from 1). It borrows from the statement *fetch, which is
** to be reset. *found: there is one.
*/
static int find_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i,
                      sqlite3_stmt **fetch, struct sqa_view *array, struct sqa_code *code,
                      bool *found) {
    const int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_GET_ARRAY, fetch);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(*fetch, 1, header->arrays + i);
    *found = sqlite3_step(*fetch) == SQLITE_ROW;
    return *found ? read_chunk_array(store, *fetch, header, array, code) : SQLITE_OK;
}

/* The values of array i of a chunk */
static int fetch_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i,
                       struct sqa_column *column, bool *found) {
    sqlite3_stmt *fetch = NULL;
    struct sqa_view array;
    struct sqa_code code;
    int rc = find_array(store, header, i, &fetch, &array, &code, found);
    if (rc == SQLITE_OK && *found &&
        !sqa_decode(store->base.connection->kernels, store->base.connection->pool, &array, &code,
                    column))
        rc = SQLITE_NOMEM;
    const int end = sqlite3_reset(fetch);
    return rc != SQLITE_OK ? rc : end;
}

/* Rowids, where there is an array of them, are ascending and those of the header. */
static int fetch_rowids(struct sqa_store *store, const struct sqa_chunk_header *header,
                        struct sqa_column *rowids) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    bool found;
    const int rc = fetch_array(store, header, 0, rowids, &found);
    if (rc != SQLITE_OK)
        return rc;
    if (!found)
        return (uint64_t)header->last - (uint64_t)header->first == (uint64_t)header->n - 1
                   ? SQLITE_OK
                   : sqa_store_corrupt(store, header->first, "has no rowids");
    const struct sqa_view *view = &rowids->view;
    if (sqa_column_get(rowids, 0) != header->first ||
        sqa_column_get(rowids, view->count - 1) != header->last ||
        kernels->ascending[sqa_width_index(view->width)](view->data, view->count) != view->count)
        return sqa_store_corrupt(store, header->first, "has other rowids than it says");
    return SQLITE_OK;
}

int sqa_chunk_fetch(struct sqa_store *store, const struct sqa_chunk_header *header, uint64_t mask,
                    struct sqa_rows *rows) {
    const int columns = store->layout.columns;
    rows->n = (size_t)header->n;
    rows->first = header->first;
    rows->rowids = sqa_column_empty();
    for (int c = 0; c < columns; c++)
        rows->columns[c] = sqa_column_empty();
    int rc = fetch_rowids(store, header, &rows->rowids);
    for (int c = 0; c < columns && rc == SQLITE_OK; c++) {
        bool found = true;
        if (mask & sqa_column_bit(c))
            rc = fetch_array(store, header, c + 1, &rows->columns[c], &found);
        if (rc == SQLITE_OK && !found)
            rc = sqa_store_corrupt(store, header->first, "has no array for a column");
    }
    if (rc != SQLITE_OK)
        sqa_rows_give(rows, columns);
    return rc;
}

int sqa_chunk_compare(struct sqa_store *store, const struct sqa_chunk_header *header, int i,
                      const struct sqa_encoded *encoded) {
    const struct sqa_code *expected = &encoded->code;
    sqlite3_stmt *fetch = NULL;
    struct sqa_view array;
    struct sqa_code code;
    bool found;
    int rc = find_array(store, header, i, &fetch, &array, &code, &found);
    if (rc != SQLITE_OK) /* unreached: the array has been read before, for its values */
        found = false;
    if (found && (code.base != expected->base || code.is_steps != expected->is_steps ||
                  code.step != expected->step || /* all of them, and the values, make the bytes */
                  sqa_blob_size(array.count, array.width) != encoded->size))
        rc = sqa_store_corrupt(store, header->first,
                               "has an array that is not encoded as its values are");
    const int end = sqlite3_reset(fetch);
    return rc != SQLITE_OK ? rc : end;
}

int sqa_chunk_load_one(struct sqa_store *store, const struct sqa_chunk_header *header,
                       struct sqa_chunk *chunk) {
    struct sqa_rows rows = {.columns = store->columns};
    int rc = sqa_chunk_fetch(store, header, UINT64_MAX, &rows);
    if (rc != SQLITE_OK)
        return rc;
    if (!sqa_chunk_add(chunk, &rows, 0, rows.n))
        rc = SQLITE_NOMEM;
    sqa_rows_give(&rows, store->layout.columns);
    return rc;
}

int sqa_chunk_load(struct sqa_store *store, int64_t first_id, int64_t last_id,
                   struct sqa_chunk *chunk) {
    sqlite3_stmt *headers;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_FROM, &headers);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(headers, 1, first_id);
    while (rc == SQLITE_OK && sqlite3_step(headers) == SQLITE_ROW) {
        struct sqa_chunk_header header;
        rc = sqa_chunk_header_read(store, headers, &header);
        /* unreached: that it is not sound, for who calls has read it before */
        if (rc != SQLITE_OK || header.first > last_id)
            break;
        if (chunk->n > 0 && header.first <= sqa_chunk_last(chunk))
            rc = sqa_store_corrupt(store, header.first, "overlaps the one before");
        else
            rc = sqa_chunk_load_one(store, &header, chunk);
    }
    const int end = sqlite3_reset(headers);
    return rc != SQLITE_OK ? rc : end;
}

/*
** ---- Writing. Whatever memory it takes is taken before the first change. From then on the tables are half written until all
** that belongs together is done, or SQLite has rolled back.
*/

/* Binds integers to the values at `at` and after it. */
static void bind_pair(sqlite3_stmt *statement, int at, int64_t x, int64_t y) {
    sqlite3_bind_int64(statement, at, x);
    sqlite3_bind_int64(statement, at + 1, y);
}

/* Where arrays of a chunk can be, behind all others */
static int free_place(struct sqa_store *store, int64_t *arrays) {
    sqlite3_stmt *places;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_FREE_PLACE, &places);
    if (rc != SQLITE_OK)
        return rc;
    const bool found = sqlite3_step(places) == SQLITE_ROW;
    *arrays = found ? sqlite3_column_int64(places, 0) : 0;
    const bool sound = found && sqlite3_column_type(places, 0) == SQLITE_INTEGER &&
                       *arrays <= INT64_MAX - store->layout.columns;
    rc = sqlite3_reset(places);
    if (rc == SQLITE_OK && !sound)
        rc = sqa_shadow_wrong(&store->base, sqa_shadow_names[SQA_SHADOW_ARRAYS], "is full");
    return rc;
}

/* What is written of a chunk: its rowids (0) and columns (from 1), and the statements for it */
struct chunk_writing {
    struct sqa_encoded *encoded;
    sqlite3_stmt *headers, *header, *keep, *drop, *remove;
};

/* Prepares the statements that are needed. */
static int prepare_statements(struct sqa_store *store, struct chunk_writing *w) {
    const struct {
        enum sqa_statement which;
        sqlite3_stmt **statement;
    } needed[] = {{SQA_STATEMENT_FROM, &w->headers},
                  {SQA_STATEMENT_PUT_HEADER, &w->header},
                  {SQA_STATEMENT_PUT_ARRAY, &w->keep},
                  {SQA_STATEMENT_DROP_ARRAYS, &w->drop},
                  {SQA_STATEMENT_DROP_HEADERS, &w->remove}};
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0] && rc == SQLITE_OK; i++)
        rc = sqa_vtab_statement(&store->base, (int)needed[i].which, needed[i].statement);
    return rc;
}

static int prepare_writing(struct sqa_store *store, const struct sqa_rows *rows,
                           struct sqa_chunk_write *save, struct chunk_writing *w) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    struct sqa_pool *pool = store->base.connection->pool;
    w->encoded = sqa_object_new((size_t)(store->layout.columns + 1) * sizeof w->encoded[0]);
    if (w->encoded == NULL ||
        (!sqa_rows_dense(rows) && save->reshaped &&
         !sqa_encode(kernels, pool, &rows->rowids.view, false, &w->encoded[0])))
        return SQLITE_NOMEM;
    for (int c = 0; c < store->layout.columns; c++) {
        if (!sqa_encode(kernels, pool, &rows->columns[c].view, rows->are_arrays,
                        &w->encoded[c + 1]))
            return SQLITE_NOMEM;
    }
    const int rc = prepare_statements(store, w);
    return rc == SQLITE_OK && save->is_new ? free_place(store, &save->arrays) : rc;
}

static void end_writing(struct chunk_writing *w, int columns) {
    for (int i = 0; i <= columns && w->encoded != NULL; i++)
        sqa_pool_give(w->encoded[i].owned);
    sqa_object_free(w->encoded);
}

static int keep_chunk_array(sqlite3_stmt *keep, int64_t id, const struct sqa_encoded *encoded) {
    const struct sqa_code *code = &encoded->code;
    bind_pair(keep, 1, id, code->base);
    if (code->is_steps)
        sqlite3_bind_int64(keep, 3, code->step);
    int rc = sqlite3_bind_blob64(keep, 4, encoded->blob, encoded->size, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqa_statement_run(keep);
    sqlite3_clear_bindings(keep);
    return rc;
}

/* Deletes the rows with ids first to last: REMOVE, DROP. */
static int delete_range(sqlite3_stmt *statement, int64_t first, int64_t last) {
    bind_pair(statement, 1, first, last);
    return sqa_statement_run(statement);
}

/* Removes the chunks in whose place another comes; with their arrays, unless it takes these over. */
static int remove_replaced(struct sqa_store *store, const struct sqa_chunk_write *save,
                           const struct chunk_writing *w) {
    int rc = SQLITE_OK;
    sqlite3_bind_int64(w->headers, 1, save->first_id);
    while (save->is_new && rc == SQLITE_OK && sqlite3_step(w->headers) == SQLITE_ROW) {
        struct sqa_chunk_header header;
        rc = sqa_chunk_header_read(store, w->headers, &header);
        /* unreached: that it is not sound, for the rows that replace it have been read by it */
        if (rc != SQLITE_OK || header.first > save->last_id)
            break;
        rc = delete_range(w->drop, header.arrays, header.arrays + store->layout.columns);
        sqa_totals_remove_chunk(store, header.n);
    }
    const int end = sqlite3_reset(w->headers);
    if (rc == SQLITE_OK)
        rc = end;
    return rc == SQLITE_OK ? delete_range(w->remove, save->first_id, save->last_id) : rc;
}

static int write_chunk(struct sqa_store *store, const struct sqa_rows *rows,
                       const struct sqa_chunk_write *save, const struct chunk_writing *w) {
    int rc = save->replaces ? remove_replaced(store, save, w) : SQLITE_OK;
    if (rc != SQLITE_OK)
        return rc;
    if (w->encoded[0].blob != NULL)
        rc = keep_chunk_array(w->keep, save->arrays, &w->encoded[0]);
    else if (save->reshaped && !save->is_new)
        rc = delete_range(w->drop, save->arrays, save->arrays);
    for (int c = 0; c < store->layout.columns && rc == SQLITE_OK; c++) {
        const struct sqa_encoded *encoded = &w->encoded[c + 1];
        if (save->reshaped || (save->changed & sqa_column_bit(c)))
            rc = keep_chunk_array(w->keep, save->arrays + 1 + c, encoded);
        bind_pair(w->header, SQA_MIN_MAX_AT + 1 + 2 * c, encoded->min, encoded->max);
    }
    if (rc != SQLITE_OK)
        return rc;
    if (!save->is_new)
        sqa_totals_remove_chunk(store, save->stored_n);
    sqa_totals_add_chunk(store, (int64_t)rows->n);
    sqa_totals_add_range(store, SQA_ROWID, rows->first, sqa_rows_rowid(rows, rows->n - 1));
    for (int c = 0; c < store->layout.columns; c++)
        sqa_totals_add_range(store, c, w->encoded[c + 1].min, w->encoded[c + 1].max);
    bind_pair(w->header, 1, rows->first, sqa_rows_rowid(rows, rows->n - 1));
    bind_pair(w->header, 3, (int64_t)rows->n, save->arrays);
    return sqa_statement_run(w->header);
}

int sqa_chunk_save(struct sqa_store *store, const struct sqa_rows *rows,
                   struct sqa_chunk_write *save) {
    struct chunk_writing w = {.encoded = NULL};
    int rc = prepare_writing(store, rows, save, &w);
    if (rc == SQLITE_OK) {
        const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
        rc = write_chunk(store, rows, save, &w);
        sqa_memory_end_change(&store->memory->base, change, rc);
    }
    end_writing(&w, store->layout.columns);
    return rc;
}

int sqa_chunk_remove(struct sqa_store *store, int64_t id, int64_t arrays, int64_t n) {
    sqlite3_stmt *drop, *remove;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_DROP_ARRAYS, &drop);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_DROP_HEADERS, &remove);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
    rc = delete_range(drop, arrays, arrays + store->layout.columns);
    if (rc == SQLITE_OK)
        rc = delete_range(remove, id, id);
    sqa_totals_remove_chunk(store, n);
    sqa_memory_end_change(&store->memory->base, change, rc);
    return rc;
}
