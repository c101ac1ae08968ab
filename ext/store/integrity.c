#include "store/integrity.h"

#include "sql/call.h"
#include "store/chunk_io.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

/* Min and max of a column are those of its values. */
static int examine_column(struct sqa_store *store, sqlite3_stmt *headers,
                          const struct sqa_chunk_header *header, const struct sqa_column *values,
                          int column) {
    const struct sqa_kernels *kernels = store->base.connection->kernels;
    const struct sqa_view *view = &values->view;
    const int at = SQA_MIN_MAX_AT + 2 * column;
    if (sqlite3_column_type(headers, at) != SQLITE_INTEGER ||
        sqlite3_column_type(headers, at + 1) != SQLITE_INTEGER ||
        sqlite3_column_int64(headers, at) != kernels->min[SQA_INDEX_64](view->data, view->count) ||
        sqlite3_column_int64(headers, at + 1) !=
            kernels->max[SQA_INDEX_64](view->data, view->count))
        return sqa_store_corrupt(store, header->first, "has another min or max than its values");
    return SQLITE_OK;
}

/* The array of rowids is as they are encoded: it is never changed in place. */
static int examine_rowids(struct sqa_store *store, const struct sqa_chunk_header *header,
                          const struct sqa_column *rowids) {
    struct sqa_encoded encoded;
    if (!sqa_encode(store->base.connection->kernels, store->base.connection->pool, &rowids->view,
                    false, &encoded))
        return SQLITE_NOMEM;
    const int rc = sqa_chunk_compare(store, header, 0, &encoded);
    sqa_pool_give(encoded.owned);
    return rc;
}

/* The chunk as it is read. *arrays: how many it has, which are added. */
static int examine_chunk(struct sqa_store *store, sqlite3_stmt *headers,
                         const struct sqa_chunk_header *header, int64_t *arrays) {
    const int columns = store->layout.columns;
    struct sqa_rows rows = {.columns = store->columns};
    struct sqa_chunk chunk;
    if (!sqa_chunk_init(&chunk, store->base.connection->kernels, store->base.connection->pool,
                        columns))
        return SQLITE_NOMEM;
    int rc = sqa_chunk_fetch(store, header, UINT64_MAX, &rows);
    const bool has_rowids = rc == SQLITE_OK && !sqa_rows_dense(&rows);
    if (rc == SQLITE_OK) {
        if (!sqa_chunk_add(&chunk, &rows, 0, rows.n))
            rc = SQLITE_NOMEM;
        sqa_rows_give(&rows, columns);
    }
    if (rc == SQLITE_OK)
        rows = sqa_chunk_rows(&chunk, 0, chunk.n, store->columns);
    if (has_rowids && rc == SQLITE_OK)
        rc = sqa_rows_dense(&rows)
                 ? sqa_store_corrupt(store, header->first, "has rowids though they have no gap")
                 : examine_rowids(store, header, &rows.rowids);
    for (int c = 0; c < columns && rc == SQLITE_OK; c++)
        rc = examine_column(store, headers, header, &rows.columns[c], c);
    *arrays += columns + has_rowids;
    sqa_chunk_free(&chunk);
    return rc;
}

/* So many arrays there are; more are nobody's, fewer are of several chunks. */
static int examine_arrays(struct sqa_store *store, int64_t arrays) {
    sqlite3_stmt *count;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_COUNT_ARRAYS, &count);
    if (rc != SQLITE_OK)
        return rc;
    const bool same = sqlite3_step(count) == SQLITE_ROW && sqlite3_column_int64(count, 0) == arrays;
    rc = sqlite3_reset(count);
    if (rc == SQLITE_OK && !same)
        rc = sqa_vtab_fail(&store->base, SQLITE_CORRUPT_VTAB,
                           "array_store: %s_arrays has other arrays than those of the chunks",
                           store->layout.table);
    return rc;
}

int sqa_store_check_all(struct sqa_store *store) {
    sqlite3_stmt *headers;
    int64_t last = 0, arrays = 0;
    bool is_first = true;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_HEADERS, &headers);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(headers, 1, INT64_MIN);
    sqlite3_bind_int64(headers, 2, INT64_MAX);
    while (rc == SQLITE_OK && sqlite3_step(headers) == SQLITE_ROW) {
        struct sqa_chunk_header header;
        rc = sqa_chunk_header_read(store, headers, &header);
        if (rc == SQLITE_OK && !is_first && header.first <= last)
            rc = sqa_store_corrupt(store, header.first, "overlaps the one before");
        if (rc == SQLITE_OK)
            rc = examine_chunk(store, headers, &header, &arrays);
        last = header.last;
        is_first = false;
    }
    const int end = sqlite3_reset(headers);
    if (rc == SQLITE_OK)
        rc = end;
    return rc == SQLITE_OK ? examine_arrays(store, arrays) : rc;
}

int sqa_store_integrity(struct sqa_store *store, char **wrong) {
    int rc = sqa_vtab_enter(&store->base);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_check_written(&store->base);
    /* unreached: SQLite asks from 3.44 on, which `make test-newest` tests */
    if (rc == SQLITE_OK)
        rc = sqa_store_check_all(store);
    /* unreached: likewise */
    if (rc == SQLITE_OK || store->base.base.zErrMsg == NULL)
        return rc;
    *wrong = store->base.base.zErrMsg;
    store->base.base.zErrMsg = NULL;
    return SQLITE_OK;
}
