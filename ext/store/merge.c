#include "store/merge.h"

#include "sql/call.h"
#include "store/integrity.h"
#include "store/open_chunk.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

/* Neighbouring chunks that fit into one: their first and last id, and how many they are */
struct chunk_run {
    int64_t first_id, last_id, n;
    int64_t chunks;
};

/* The first run of more than one chunk from `from` on, of no more than `most`; none: run->chunks is below 2. */
static int find_chunk_run(struct sqa_store *store, int64_t from, int64_t most,
                          struct chunk_run *run) {
    sqlite3_stmt *headers;
    *run = (struct chunk_run){.chunks = 0};
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_FROM, &headers);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(headers, 1, from);
    while (sqlite3_step(headers) == SQLITE_ROW) {
        struct sqa_chunk_header header;
        rc = sqa_chunk_header_read(store, headers, &header);
        if (rc != SQLITE_OK)
            break;
        const bool fits = run->n + header.n <= sqa_chunk_limit(store) && run->chunks < most;
        if (!fits && run->chunks > 1)
            break;
        if (run->chunks == 0 || !fits)
            *run = (struct chunk_run){.first_id = header.first};
        run->last_id = header.first;
        run->n += header.n;
        run->chunks++;
    }
    const int end = sqlite3_reset(headers);
    return rc != SQLITE_OK ? rc : end;
}

/* Makes one chunk of a run. The open chunk, which is empty, is where. */
static int merge_chunk_run(struct sqa_store *store, const struct chunk_run *run) {
    struct sqa_chunk *chunk = &store->memory->open.chunk;
    int rc = sqa_chunk_load(store, run->first_id, run->last_id, chunk);
    if (rc == SQLITE_OK) {
        const struct sqa_rows rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
        struct sqa_chunk_write save = {.is_new = true,
                                       .reshaped = true,
                                       .replaces = true,
                                       .first_id = run->first_id,
                                       .last_id = run->last_id};
        rc = sqa_chunk_save(store, &rows, &save);
    }
    sqa_open_chunk_forget(store);
    return rc;
}

/* Merges until `most` chunks have been taken up by others, or there is no more to merge. */
static int merge(struct sqa_store *store, int64_t most) {
    int64_t from = INT64_MIN;
    int rc = sqa_open_chunk_write(store);
    if (rc == SQLITE_OK)
        sqa_open_chunk_forget(store);
    while (rc == SQLITE_OK && most > 0) {
        struct chunk_run run;
        rc = find_chunk_run(store, from, most < INT64_MAX ? most + 1 : most, &run);
        if (rc != SQLITE_OK || run.chunks < 2)
            break;
        rc = merge_chunk_run(store, &run);
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

static int check_all(struct sqa_store *store) {
    const int rc = sqa_open_chunk_write(store);
    return rc == SQLITE_OK ? sqa_store_check_all(store) : rc;
}

int sqa_store_command(struct sqa_store *store, const char *command) {
    if (sqlite3_stricmp(command, "integrity-check") == 0)
        return check_all(store);
    if (sqlite3_stricmp(command, "optimize") == 0)
        return merge(store, INT64_MAX);
    const int64_t n = merge_number(command);
    if (n > 0)
        return merge(store, n);
    return sqa_vtab_fail(
        &store->base, SQLITE_ERROR,
        "array_store: unknown command '%.*s', expected 'optimize', 'merge=N' with N from 1, or "
        "'integrity-check'",
        sqa_excerpt(command, 40), command);
}
