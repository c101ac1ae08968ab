/*
** The commands:
**
**     'optimize'         neighbouring chunks that fit into one become one
**     'merge=N'          the same, but no more than N chunks are taken up by their neighbours
**     'integrity-check'  reads everything; fails with SQLITE_CORRUPT_VTAB at what is not as layout.h says
*/
#include <string.h>

#include "sql/call.h"
#include "store/store.h"

SQLITE_EXTENSION_INIT3

/* ---- Checking */

/* Array i of a chunk is kept as these values are encoded, and so are the figures, unless it is the rowids. */
static int examine_array(struct sqa_store *store, sqlite3_stmt *heads, const struct sqa_head *head,
                         const struct sqa_column *values, int i) {
    const int at = SQA_FIGURES + 2 * (i - 1);
    struct sqa_encoded encoded;
    int rc = SQLITE_OK;
    if (!sqa_encode(store->connection->kernels, store->connection->pool, &values->view, false,
                    &encoded))
        return SQLITE_NOMEM;
    if (i > 0 && (sqlite3_column_type(heads, at) != SQLITE_INTEGER ||
                  sqlite3_column_type(heads, at + 1) != SQLITE_INTEGER ||
                  sqlite3_column_int64(heads, at) != encoded.min ||
                  sqlite3_column_int64(heads, at + 1) != encoded.max))
        rc = sqa_store_corrupt(store, head->first, "has another min or max than its values");
    if (rc == SQLITE_OK)
        rc = sqa_store_compare(store, head, i, &encoded);
    sqa_pool_give(encoded.owned);
    return rc;
}

/* The chunk as it is read, and encoded once more. *arrays: how many it has, which are added. */
static int examine_chunk(struct sqa_store *store, sqlite3_stmt *heads, const struct sqa_head *head,
                         int64_t *arrays) {
    const int columns = store->layout.columns;
    struct sqa_rows rows = {.columns = store->columns};
    struct sqa_chunk chunk;
    if (!sqa_chunk_init(&chunk, store->connection->kernels, store->connection->pool, columns))
        return SQLITE_NOMEM;
    int rc = sqa_store_fetch(store, head, UINT64_MAX, &rows);
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
                 ? sqa_store_corrupt(store, head->first, "has rowids though they have no gap")
                 : examine_array(store, heads, head, &rows.rowids, 0);
    for (int c = 0; c < columns && rc == SQLITE_OK; c++)
        rc = examine_array(store, heads, head, &rows.columns[c], c + 1);
    *arrays += columns + has_rowids;
    sqa_chunk_free(&chunk);
    return rc;
}

/* So many arrays there are; more are nobody's, fewer are of several chunks. */
static int examine_arrays(struct sqa_store *store, int64_t arrays) {
    sqlite3_stmt *count;
    int rc = sqa_store_statement(store, SQA_STATEMENT_COUNT, &count);
    if (rc != SQLITE_OK)
        return rc;
    const bool same = sqlite3_step(count) == SQLITE_ROW && sqlite3_column_int64(count, 0) == arrays;
    rc = sqlite3_reset(count);
    if (rc == SQLITE_OK && !same)
        rc = sqa_store_fail(store, SQLITE_CORRUPT_VTAB,
                            "array_store: %s_arrays has other arrays than those of the chunks",
                            store->layout.table);
    return rc;
}

static int examine(struct sqa_store *store) {
    sqlite3_stmt *heads;
    int64_t last = 0, arrays = 0;
    bool is_first = true;
    int rc = sqa_store_write(store);
    if (rc == SQLITE_OK)
        rc = sqa_store_check(store);
    if (rc == SQLITE_OK)
        rc = sqa_store_statement(store, SQA_STATEMENT_WALK, &heads);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(heads, 1, INT64_MIN);
    sqlite3_bind_int64(heads, 2, INT64_MAX);
    while (rc == SQLITE_OK && sqlite3_step(heads) == SQLITE_ROW) {
        struct sqa_head head;
        rc = sqa_store_head(store, heads, &head);
        if (rc == SQLITE_OK && !is_first && head.first <= last)
            rc = sqa_store_corrupt(store, head.first, "overlaps the one before");
        if (rc == SQLITE_OK)
            rc = examine_chunk(store, heads, &head, &arrays);
        last = head.last;
        is_first = false;
    }
    const int end = sqlite3_reset(heads);
    if (rc == SQLITE_OK)
        rc = end;
    return rc == SQLITE_OK ? examine_arrays(store, arrays) : rc;
}

int sqa_store_examine(struct sqa_store *store, char **wrong) {
    int rc = sqa_store_enter(store);
    /* unreached: SQLite asks from 3.44 on, which `make test-newest` tests */
    if (rc == SQLITE_OK)
        rc = examine(store);
    /* unreached: likewise */
    if (rc == SQLITE_OK || store->base.zErrMsg == NULL)
        return rc;
    *wrong = store->base.zErrMsg;
    store->base.zErrMsg = NULL;
    return SQLITE_OK;
}

/* ---- Merging */

/* Neighbouring chunks that fit into one: their first and last id, and how many they are */
struct run {
    int64_t first_id, last_id, n;
    int64_t chunks;
};

/* The first run of more than one chunk from `from` on, of no more than `most`; none: run->chunks is below 2. */
static int find_run(struct sqa_store *store, int64_t from, int64_t most, struct run *run) {
    sqlite3_stmt *heads;
    *run = (struct run){.chunks = 0};
    int rc = sqa_store_statement(store, SQA_STATEMENT_FROM, &heads);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(heads, 1, from);
    while (sqlite3_step(heads) == SQLITE_ROW) {
        struct sqa_head head;
        rc = sqa_store_head(store, heads, &head);
        if (rc != SQLITE_OK)
            break;
        const bool fits = run->n + head.n <= store->chunk && run->chunks < most;
        if (!fits && run->chunks > 1)
            break;
        if (run->chunks == 0 || !fits)
            *run = (struct run){.first_id = head.first};
        run->last_id = head.first;
        run->n += head.n;
        run->chunks++;
    }
    const int end = sqlite3_reset(heads);
    return rc != SQLITE_OK ? rc : end;
}

/* Makes one chunk of a run. The slot, which is empty, is where. */
static int merge_run(struct sqa_store *store, const struct run *run) {
    struct sqa_chunk *chunk = &store->slot.chunk;
    int rc = sqa_store_load(store, run->first_id, run->last_id, chunk);
    if (rc == SQLITE_OK) {
        const struct sqa_rows rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
        struct sqa_save save = {.is_new = true,
                                .reshaped = true,
                                .replaces = true,
                                .first_id = run->first_id,
                                .last_id = run->last_id};
        rc = sqa_store_save(store, &rows, &save);
    }
    sqa_slot_forget(store);
    return rc;
}

/* Merges until `most` chunks have been taken up by others, or there is no more to merge. */
static int merge(struct sqa_store *store, int64_t most) {
    int64_t from = INT64_MIN;
    int rc = sqa_slot_flush(store);
    if (rc == SQLITE_OK)
        rc = sqa_store_check(store);
    if (rc == SQLITE_OK)
        sqa_slot_forget(store);
    while (rc == SQLITE_OK && most > 0) {
        struct run run;
        rc = find_run(store, from, most < INT64_MAX ? most + 1 : most, &run);
        if (rc != SQLITE_OK || run.chunks < 2)
            break;
        rc = merge_run(store, &run);
        from = run.first_id; /* what has become one may have room for the next */
        most -= run.chunks - 1;
    }
    return rc;
}

/* The number N > 0 of 'merge=N', or 0 */
static int64_t merge_number(const char *command) {
    static const char merge_is[] = "merge=";
    int64_t n = 0;
    if (sqlite3_strnicmp(command, merge_is, sizeof merge_is - 1) != 0)
        return 0;
    const char *s = command + sizeof merge_is - 1;
    for (; *s >= '0' && *s <= '9' && n <= INT32_MAX; s++)
        n = 10 * n + (*s - '0');
    return *s == 0 && n <= INT32_MAX ? n : 0;
}

int sqa_store_command(struct sqa_store *store, const char *command) {
    if (sqlite3_stricmp(command, "integrity-check") == 0)
        return examine(store);
    if (sqlite3_stricmp(command, "optimize") == 0)
        return merge(store, INT64_MAX);
    const int64_t n = merge_number(command);
    if (n > 0)
        return merge(store, n);
    return sqa_store_fail(
        store, SQLITE_ERROR,
        "array_store: unknown command '%.*s', expected 'optimize', 'merge=N' with N from 1, or "
        "'integrity-check'",
        sqa_excerpt(command, 40), command);
}
