#include "store/array_rows.h"

#include "store/open_chunk.h"
#include "store/row_values.h"
#include "store/rows.h"

SQLITE_EXTENSION_INIT3

/*
** Returns true if all arrays are aligned, so that a chunk can be written from them without a copy.
*/
static bool all_aligned(const struct sqa_rows *rows, int columns) {
    for (int c = 0; c < columns; c++) {
        if (!sqa_view_aligned(&rows->columns[c].view))
            return false;
    }
    return true;
}

/*
** Writes a full chunk of the rows from row `at` on directly. The open chunk must be empty.
*/
static void save_chunk(struct sqa_store *store, const struct sqa_rows *rows, size_t at) {
    const size_t n = (size_t)sqa_chunk_limit(store);
    struct sqa_rows part = *rows;
    part.n = n;
    part.first = rows->first + (int64_t)at;
    part.columns = store->columns;
    for (int c = 0; c < store->layout.columns; c++) {
        const struct sqa_view some = sqa_view_slice(&rows->columns[c].view, at, n);
        part.columns[c] = n == rows->n ? rows->columns[c] : sqa_column_of_view(&some);
    }
    struct sqa_chunk_write save = {.is_new = true, .reshaped = true};
    if (sqa_chunk_save(store, &part, &save))
        sqa_open_chunk_forget(store); /* it is no longer at the end */
}

/*
** Appends as many rows from row `at` on as fit into one chunk. The open chunk must be at the end of
** the table. Returns the number of rows, or 0 after a failure.
*/
static size_t push_some(struct sqa_store *store, const struct sqa_rows *rows, bool aligned,
                        size_t at) {
    struct sqa_open_chunk *open = &store->memory->open;
    const size_t most = (size_t)sqa_chunk_limit(store), left = rows->n - at;
    if (sqa_vtab_failed(&store->base))
        return 0;
    if (aligned && left >= most && open->chunk.n == 0 && open->follows_full) {
        save_chunk(store, rows, at);
        return most;
    }
    if (!sqa_vtab_has_memory(&store->base, sqa_chunk_settle(&open->chunk)))
        return 0;
    const size_t room = most - open->chunk.n, n = left < room ? left : room;
    if (!sqa_vtab_has_memory(&store->base, sqa_chunk_add(&open->chunk, rows, at, n)))
        return 0;
    sqa_open_chunk_reshape(store);
    return n;
}

/* Inserts all rows one by one, at random rowids if necessary. */
static void scatter_rows(struct sqa_store *store, const struct sqa_rows *rows, int64_t *rowid) {
    const int64_t rollbacks = store->memory->base.rollbacks;
    size_t i = 0;
    for (; i < rows->n && !sqa_vtab_failed(&store->base); i++) {
        for (int c = 0; c < store->layout.columns; c++)
            store->values[c] = sqa_column_get(&rows->columns[c], i);
        *rowid = sqa_row_add(store);
    }
    if (i > 1)
        sqa_row_check_whole(store, rollbacks);
}

/*
** Appends all rows, of which there must be one, if there are enough rowids; otherwise inserts them
** one by one. Sets *rowid to the rowid of the last row.
*/
static void push_rows(struct sqa_store *store, struct sqa_rows *rows, int64_t *rowid) {
    const bool aligned = all_aligned(rows, store->layout.columns);
    const int64_t rollbacks = store->memory->base.rollbacks;
    const struct sqa_end end = sqa_open_chunk_reach_end(store);
    if (!end.is_empty && end.last > INT64_MAX - (int64_t)rows->n) {
        scatter_rows(store, rows, rowid);
        return;
    }
    rows->first = end.is_empty ? 1 : end.last + 1;
    *rowid = rows->first + (int64_t)(rows->n - 1);
    size_t at = push_some(store, rows, aligned, 0);
    for (size_t n = at; n > 0 && at < rows->n; at += n) {
        (void)sqa_open_chunk_reach_end(store);
        n = push_some(store, rows, aligned, at);
    }
    if (at > 0)
        sqa_row_check_whole(store, rollbacks);
}

void sqa_arrays_insert(struct sqa_store *store, sqlite3_value *given, sqlite3_value **argv,
                       int64_t *rowid) {
    struct sqa_rows rows = {.columns = NULL};
    if (sqlite3_value_type(given) != SQLITE_NULL)
        (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                            "array_store: rows given as arrays cannot be given a rowid");
    else
        sqa_arrays_read(store, argv, &rows);
    if (!sqa_vtab_failed(&store->base) && rows.n > 0)
        push_rows(store, &rows, rowid);
    sqa_arrays_free(store, &rows);
}
