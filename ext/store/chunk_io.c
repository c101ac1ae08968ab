#include "store/chunk_io.h"

#include "store/totals.h"
#include "vtab/shadow.h"

SQLITE_EXTENSION_INIT3

/* ---- Reading */

void sqa_chunk_header_read(struct sqa_store *store, sqlite3_stmt *row,
                           struct sqa_chunk_header *header) {
    *header = (struct sqa_chunk_header){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                        sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3)};
    for (int i = 1; i < SQA_MIN_MAX_AT; i++) {
        if (sqlite3_column_type(row, i) != SQLITE_INTEGER)
            sqa_store_corrupt(store, header->first, "has no sound last, n and arrays");
    }
    if (header->n < 1 || header->n > sqa_chunk_limit(store) || header->last < header->first ||
        (uint64_t)header->last - (uint64_t)header->first < (uint64_t)header->n - 1 ||
        header->arrays > INT64_MAX - store->layout.columns)
        sqa_store_corrupt(store, header->first, "has impossible last, n or arrays");
    if (sqa_vtab_failed(&store->base))
        *header = (struct sqa_chunk_header){.n = 1};
}

bool sqa_chunk_find_header(struct sqa_store *store, enum sqa_statement which, int64_t rowid,
                           struct sqa_chunk_header *header) {
    sqlite3_stmt *find = sqa_vtab_statement(&store->base, (int)which);
    sqa_bind(find, 1, rowid);
    const bool found = sqa_vtab_step(&store->base, find);
    if (found)
        sqa_chunk_header_read(store, find, header);
    sqa_vtab_reset(&store->base, find);
    return found && !sqa_vtab_failed(&store->base);
}

/*
** Checks the array in a row of GET_ARRAY, which must have header->n elements. *array points into
** the row. Returns false after a failure.
*/
static bool read_chunk_array(struct sqa_store *store, sqlite3_stmt *row,
                             const struct sqa_chunk_header *header, struct sqa_array *array) {
    struct sqa_error error;
    if (sqlite3_column_type(row, 0) != SQLITE_BLOB ||
        sqa_blob_array(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0), array,
                       &error) != SQA_OK)
        sqa_store_corrupt(store, header->first, "has a column that is no array");
    else if ((int64_t)array->count != header->n)
        sqa_store_corrupt(store, header->first, "has a column of another length");
    return !sqa_vtab_failed(&store->base);
}

/*
** Finds array i of a chunk: the rowids (0) or column i - 1. *array points into the statement, which
** the caller must reset. Returns false if there is no such array, and after a failure.
*/
static bool find_chunk_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i,
                             sqlite3_stmt **fetch, struct sqa_array *array) {
    *fetch = sqa_vtab_statement(&store->base, SQA_STATEMENT_GET_ARRAY);
    sqa_bind(*fetch, 1, header->arrays + i);
    return sqa_vtab_step(&store->base, *fetch) && read_chunk_array(store, *fetch, header, array);
}

/* Copies array i of a chunk. Returns false if there is no such array, and after a failure. */
static bool fetch_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i,
                        struct sqa_column *column) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    struct sqa_pool *pool = store->base.connection->pool;
    struct sqa_array array;
    sqlite3_stmt *fetch;
    const bool found = find_chunk_array(store, header, i, &fetch, &array);
    if (found)
        (void)sqa_vtab_has_memory(&store->base,
                                  i == 0 ? sqa_column_unpack(kernels, pool, &array, column)
                                         : sqa_column_copy(kernels, pool, &array,
                                                           (uint64_t)sqlite3_column_bytes(fetch, 0),
                                                           column));
    sqa_vtab_reset(&store->base, fetch);
    return found;
}

/*
** Reads the array of rowids, if there is one. They must be ascending and begin and end as the
** header says.
*/
static void fetch_rowids(struct sqa_store *store, const struct sqa_chunk_header *header,
                         struct sqa_column *rowids) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    const struct sqa_view *view = &rowids->view;
    const bool found = fetch_array(store, header, 0, rowids);
    if (!found && !sqa_chunk_header_dense(header))
        sqa_store_corrupt(store, header->first, "has no rowids");
    if (!found || sqa_vtab_failed(&store->base))
        return;
    if (sqa_view_get(view, 0) != header->first ||
        sqa_view_get(view, view->count - 1) != header->last ||
        kernels->ascending[sqa_width_index(view->width)](view->data, view->count) != view->count)
        sqa_store_corrupt(store, header->first, "has other rowids than it says");
}

bool sqa_chunk_fetch(struct sqa_store *store, const struct sqa_chunk_header *header, uint64_t mask,
                     struct sqa_rows *rows) {
    const int columns = store->layout.columns;
    rows->n = (size_t)header->n;
    rows->first = header->first;
    rows->rowids = sqa_column_empty();
    for (int c = 0; c < columns; c++)
        rows->columns[c] = sqa_column_empty();
    fetch_rowids(store, header, &rows->rowids);
    for (int c = 0; c < columns; c++) {
        if ((mask & sqa_column_bit(c)) != 0 &&
            !fetch_array(store, header, c + 1, &rows->columns[c]))
            sqa_store_corrupt(store, header->first, "has no array for a column");
    }
    if (sqa_vtab_failed(&store->base))
        sqa_rows_give(rows, columns);
    return !sqa_vtab_failed(&store->base);
}

bool sqa_chunk_check_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i) {
    struct sqa_array array;
    sqlite3_stmt *fetch;
    const bool found = find_chunk_array(store, header, i, &fetch, &array);
    if (found && !sqa_column_is_canonical(store->base.connection->kernels, &array))
        sqa_store_corrupt(store, header->first, "has an array that is not canonical");
    sqa_vtab_reset(&store->base, fetch);
    return found;
}

bool sqa_chunk_load_one(struct sqa_store *store, const struct sqa_chunk_header *header,
                        struct sqa_chunk *chunk) {
    struct sqa_rows rows = {.columns = store->columns};
    if (!sqa_chunk_fetch(store, header, UINT64_MAX, &rows))
        return false;
    const bool is_added = sqa_chunk_add(chunk, &rows, 0, rows.n);
    sqa_rows_give(&rows, store->layout.columns);
    return sqa_vtab_has_memory(&store->base, is_added);
}

void sqa_chunk_load(struct sqa_store *store, int64_t first_id, int64_t last_id,
                    struct sqa_chunk *chunk) {
    sqlite3_stmt *headers = sqa_vtab_statement(&store->base, SQA_STATEMENT_FROM);
    sqa_bind(headers, 1, first_id);
    while (sqa_vtab_step(&store->base, headers)) {
        struct sqa_chunk_header header;
        sqa_chunk_header_read(store, headers, &header);
        if (header.first > last_id)
            break;
        if (chunk->n > 0 && header.first <= sqa_chunk_last(chunk))
            sqa_store_corrupt(store, header.first, "overlaps the one before");
        (void)sqa_chunk_load_one(store, &header, chunk);
    }
    sqa_vtab_reset(&store->base, headers);
}

/*
** ---- Writing. All memory is allocated before the first change. From then on the tables are half
** written until all parts of the change are done, or SQLite has rolled back.
*/

/* Returns an id that is greater than those of all arrays. */
static int64_t free_place(struct sqa_store *store) {
    sqlite3_stmt *places = sqa_vtab_statement(&store->base, SQA_STATEMENT_FREE_PLACE);
    const bool found = sqa_vtab_step(&store->base, places);
    const int64_t arrays = found ? sqlite3_column_int64(places, 0) : 0;
    const bool is_sound = found && sqlite3_column_type(places, 0) == SQLITE_INTEGER &&
                          arrays <= INT64_MAX - store->layout.columns;
    sqa_vtab_reset(&store->base, places);
    if (!is_sound)
        (void)sqa_shadow_wrong(&store->base, sqa_shadow_names[SQA_SHADOW_ARRAYS], "is full");
    return arrays;
}

/* What is needed to write a chunk */
struct chunk_writing {
    struct sqa_encoded *encoded; /* its rowids (0) and column i - 1; owned */
    sqlite3_stmt *headers, *put_header, *drop_arrays, *drop_headers;
};

static bool encode_chunk(struct sqa_store *store, const struct sqa_rows *rows, bool with_rowids,
                         struct sqa_encoded *encoded) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    struct sqa_pool *pool = store->base.connection->pool;
    bool has_memory = !with_rowids || sqa_column_encode(kernels, pool, &rows->rowids, &encoded[0]);
    for (int c = 0; c < store->layout.columns && has_memory; c++)
        has_memory = sqa_column_encode(kernels, pool, &rows->columns[c], &encoded[c + 1]);
    return has_memory;
}

static void prepare_writing(struct sqa_store *store, const struct sqa_rows *rows,
                            struct sqa_chunk_write *save, struct chunk_writing *w) {
    struct sqa_vtab *vtab = &store->base;
    w->encoded = sqa_vtab_object(vtab, (size_t)(store->layout.columns + 1) * sizeof w->encoded[0]);
    if (w->encoded != NULL)
        (void)sqa_vtab_has_memory(
            vtab, encode_chunk(store, rows, !sqa_rows_dense(rows) && save->reshaped, w->encoded));
    w->headers = sqa_vtab_statement(vtab, SQA_STATEMENT_FROM);
    w->put_header = sqa_vtab_statement(vtab, SQA_STATEMENT_PUT_HEADER);
    (void)sqa_vtab_statement(vtab, SQA_STATEMENT_PUT_ARRAY); /* for sqa_chunk_put_array() */
    w->drop_arrays = sqa_vtab_statement(vtab, SQA_STATEMENT_DROP_ARRAYS);
    w->drop_headers = sqa_vtab_statement(vtab, SQA_STATEMENT_DROP_HEADERS);
    if (save->is_new)
        save->arrays = free_place(store);
}

static void end_writing(struct chunk_writing *w, int columns) {
    for (int i = 0; i <= columns && w->encoded != NULL; i++)
        sqa_pool_give(w->encoded[i].owned);
    sqa_object_free(w->encoded);
}

void sqa_chunk_put_array(struct sqa_store *store, int64_t id, const void *blob, uint64_t size) {
    sqlite3_stmt *put = sqa_vtab_statement(&store->base, SQA_STATEMENT_PUT_ARRAY);
    if (sqa_vtab_failed(&store->base))
        return;
    sqa_bind(put, 1, id);
    (void)sqa_vtab_note(&store->base, sqlite3_bind_blob64(put, 2, blob, size, SQLITE_STATIC));
    sqa_vtab_run(&store->base, put);
    sqlite3_clear_bindings(put);
}

static void put_encoded(struct sqa_store *store, int64_t id, const struct sqa_encoded *encoded) {
    sqa_chunk_put_array(store, id, encoded->blob, encoded->size);
}

/* Runs DROP_ARRAYS or DROP_HEADERS for the ids from first to last. */
static void delete_range(struct sqa_store *store, sqlite3_stmt *statement, int64_t first,
                         int64_t last) {
    sqa_bind_two(statement, 1, first, last);
    sqa_vtab_run(&store->base, statement);
}

/* Removes the chunks that are replaced, and their arrays if the new chunk has new ones. */
static void remove_replaced(struct sqa_store *store, const struct sqa_chunk_write *save,
                            const struct chunk_writing *w) {
    sqa_bind(w->headers, 1, save->first_id);
    while (save->is_new && sqa_vtab_step(&store->base, w->headers)) {
        struct sqa_chunk_header header;
        sqa_chunk_header_read(store, w->headers, &header);
        if (header.first > save->last_id)
            break;
        delete_range(store, w->drop_arrays, header.arrays, header.arrays + store->layout.columns);
        sqa_totals_remove_chunk(store, header.n);
    }
    sqa_vtab_reset(&store->base, w->headers);
    delete_range(store, w->drop_headers, save->first_id, save->last_id);
}

static void put_arrays(struct sqa_store *store, const struct sqa_chunk_write *save,
                       const struct chunk_writing *w) {
    if (w->encoded[0].blob != NULL)
        put_encoded(store, save->arrays, &w->encoded[0]);
    else if (save->reshaped && !save->is_new)
        delete_range(store, w->drop_arrays, save->arrays, save->arrays);
    for (int c = 0; c < store->layout.columns; c++) {
        if (save->reshaped || (save->changed & sqa_column_bit(c)))
            put_encoded(store, save->arrays + 1 + c, &w->encoded[c + 1]);
    }
}

/*
** Does nothing after a failure: SQLite may have rolled back, and then the rows may point into an
** open chunk that was forgotten.
*/
static void put_chunk_header(struct sqa_store *store, const struct sqa_rows *rows, int64_t arrays,
                             const struct chunk_writing *w) {
    if (sqa_vtab_failed(&store->base))
        return;
    sqa_bind_two(w->put_header, 1, rows->first, sqa_rows_rowid(rows, rows->n - 1));
    sqa_bind_two(w->put_header, 3, (int64_t)rows->n, arrays);
    for (int c = 0; c < store->layout.columns; c++)
        sqa_bind_two(w->put_header, SQA_MIN_MAX_AT + 1 + 2 * c, w->encoded[c + 1].min,
                     w->encoded[c + 1].max);
    sqa_vtab_run(&store->base, w->put_header);
}

/* Updates the totals. */
static void count_chunk(struct sqa_store *store, const struct sqa_rows *rows,
                        const struct sqa_chunk_write *save, const struct chunk_writing *w) {
    if (sqa_vtab_failed(&store->base))
        return;
    if (!save->is_new)
        sqa_totals_remove_chunk(store, save->stored_n);
    sqa_totals_add_chunk(store, (int64_t)rows->n);
    sqa_totals_add_range(store, SQA_ROWID, rows->first, sqa_rows_rowid(rows, rows->n - 1));
    for (int c = 0; c < store->layout.columns; c++)
        sqa_totals_add_range(store, c, w->encoded[c + 1].min, w->encoded[c + 1].max);
}

bool sqa_chunk_save(struct sqa_store *store, const struct sqa_rows *rows,
                    struct sqa_chunk_write *save) {
    struct chunk_writing w = {.encoded = NULL};
    prepare_writing(store, rows, save, &w);
    if (!sqa_vtab_failed(&store->base)) {
        const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
        if (save->replaces)
            remove_replaced(store, save, &w);
        put_arrays(store, save, &w);
        put_chunk_header(store, rows, save->arrays, &w);
        count_chunk(store, rows, save, &w);
        sqa_memory_end_change(&store->memory->base, change, store->base.status);
    }
    end_writing(&w, store->layout.columns);
    return !sqa_vtab_failed(&store->base);
}

void sqa_chunk_remove(struct sqa_store *store, int64_t id, int64_t arrays, int64_t n) {
    sqlite3_stmt *drop_arrays = sqa_vtab_statement(&store->base, SQA_STATEMENT_DROP_ARRAYS);
    sqlite3_stmt *drop_headers = sqa_vtab_statement(&store->base, SQA_STATEMENT_DROP_HEADERS);
    if (sqa_vtab_failed(&store->base))
        return;
    const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
    delete_range(store, drop_arrays, arrays, arrays + store->layout.columns);
    delete_range(store, drop_headers, id, id);
    sqa_totals_remove_chunk(store, n);
    sqa_memory_end_change(&store->memory->base, change, store->base.status);
}
