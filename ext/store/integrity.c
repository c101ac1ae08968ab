#include "store/integrity.h"

#include "sql/call.h"
#include "store/chunk_io.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

/* Fails unless min and max in the header are those of the column's values. */
static void check_column(struct sqa_store *store, sqlite3_stmt *headers,
                         const struct sqa_view *view, int column) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    const int at = SQA_MIN_MAX_AT + 2 * column;
    if (sqlite3_column_type(headers, at) != SQLITE_INTEGER ||
        sqlite3_column_type(headers, at + 1) != SQLITE_INTEGER ||
        sqlite3_column_int64(headers, at) != kernels->min[SQA_INDEX_64](view->data, view->count) ||
        sqlite3_column_int64(headers, at + 1) !=
            kernels->max[SQA_INDEX_64](view->data, view->count))
        sqa_store_corrupt(store, sqlite3_column_int64(headers, 0),
                          "has another min or max than its values");
}

/*
** Checks a stored chunk, which is read into `chunk`, an empty one in memory. Returns the number of
** its arrays.
*/
static int64_t check_chunk(struct sqa_store *store, sqlite3_stmt *headers,
                           const struct sqa_chunk_header *header, struct sqa_chunk *chunk) {
    const int columns = store->layout.columns;
    struct sqa_rows rows = {.columns = store->columns};
    if (!sqa_chunk_fetch(store, header, UINT64_MAX, &rows))
        return 0;
    const bool has_rowids = !sqa_rows_dense(&rows),
               is_added = sqa_chunk_add(chunk, &rows, 0, rows.n);
    sqa_rows_give(&rows, columns);
    if (!sqa_vtab_has_memory(&store->base, is_added))
        return 0;
    rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
    if (has_rowids && sqa_rows_dense(&rows))
        sqa_store_corrupt(store, header->first, "has rowids though they have no gap");
    for (int c = 0; c < columns; c++)
        check_column(store, headers, &rows.columns[c].view, c);
    for (int i = has_rowids ? 0 : 1; i <= columns; i++)
        (void)sqa_chunk_check_array(store, header, i);
    return columns + has_rowids;
}

/*
** Fails unless there are as many arrays as the chunks have. If there are more, some belong to no
** chunk; if there are fewer, some belong to several chunks.
*/
static void check_arrays(struct sqa_store *store, int64_t arrays) {
    sqlite3_stmt *count = sqa_vtab_statement(&store->base, SQA_STATEMENT_COUNT_ARRAYS);
    const bool same =
        sqa_vtab_step(&store->base, count) && sqlite3_column_int64(count, 0) == arrays;
    sqa_vtab_reset(&store->base, count);
    if (!same)
        (void)sqa_vtab_fail(&store->base, SQLITE_CORRUPT_VTAB,
                            "array_store: %s_arrays has other arrays than those of the chunks",
                            store->layout.table);
}

void sqa_store_check_all(struct sqa_store *store) {
    const struct sqa_connection *connection = store->base.connection;
    struct sqa_chunk_header header = {.n = 0};
    struct sqa_chunk chunk;
    int64_t arrays = 0;
    if (sqa_vtab_failed(&store->base) ||
        !sqa_vtab_has_memory(&store->base, sqa_chunk_init(&chunk, connection->kernels,
                                                          connection->pool, store->layout.columns)))
        return;
    sqlite3_stmt *headers = sqa_vtab_statement(&store->base, SQA_STATEMENT_HEADERS);
    sqa_bind_two(headers, 1, INT64_MIN, INT64_MAX);
    while (sqa_vtab_step(&store->base, headers)) {
        const struct sqa_chunk_header before = header;
        sqa_chunk_header_read(store, headers, &header);
        if (before.n > 0 && header.first <= before.last)
            sqa_store_corrupt(store, header.first, "overlaps the one before");
        arrays += check_chunk(store, headers, &header, &chunk);
        sqa_chunk_clear(&chunk);
    }
    sqa_vtab_reset(&store->base, headers);
    sqa_chunk_free(&chunk);
    check_arrays(store, arrays);
}

int sqa_store_integrity(struct sqa_store *store, char **wrong) {
    const int outer = sqa_status_begin(&store->base);
    /* unreached: SQLite asks from 3.44 on, which `make test-newest` tests */
    (void)sqa_vtab_enter_to_read(&store->base);
    sqa_store_check_all(store);
    return sqa_vtab_report(&store->base, sqa_status_end(&store->base, outer), wrong);
}
