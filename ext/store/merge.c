#include "store/merge.h"

#include "sql/call.h"
#include "store/integrity.h"
#include "store/open_chunk_write.h"
#include "store/statements.h"
#include "vtab/command.h"

SQLITE_EXTENSION_INIT3

/* Neighbouring chunks that fit into one */
struct chunk_run {
    int64_t first_id, last_id; /* the ids of the first and the last chunk */
    int64_t n, chunks;         /* number of rows and of chunks */
};

/*
** Returns the first run of 2 to `most` chunks with ids from `from` on. If there is none, the result
** has fewer than 2 chunks.
*/
static struct chunk_run find_chunk_run(struct sqa_store *store, int64_t from, int64_t most) {
    struct chunk_run run = {.chunks = 0};
    sqlite3_stmt *headers = sqa_vtab_statement(&store->base, SQA_STATEMENT_FROM);
    sqa_bind(headers, 1, from);
    while (sqa_vtab_step(&store->base, headers)) {
        struct sqa_chunk_header header;
        sqa_chunk_header_read(store, headers, &header);
        const bool fits = run.n + header.n <= sqa_chunk_limit(store) && run.chunks < most;
        if (!fits && run.chunks > 1)
            break;
        if (run.chunks == 0 || !fits)
            run = (struct chunk_run){.first_id = header.first};
        run.last_id = header.first;
        run.n += header.n;
        run.chunks++;
    }
    sqa_vtab_reset(&store->base, headers);
    return run;
}

/* Merges the chunks of a run, using the open chunk, which must be empty. */
static void merge_chunk_run(struct sqa_store *store, const struct chunk_run *run) {
    struct sqa_chunk *chunk = &store->memory->open.chunk;
    sqa_chunk_load(store, run->first_id, run->last_id, chunk);
    if (!sqa_vtab_failed(&store->base)) {
        const struct sqa_rows rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
        struct sqa_chunk_write save = {.is_new = true,
                                       .reshaped = true,
                                       .replaces = true,
                                       .first_id = run->first_id,
                                       .last_id = run->last_id};
        (void)sqa_chunk_save(store, &rows, &save);
    }
    sqa_open_chunk_forget(store);
}

/* Merges chunks until there are `most` chunks fewer, or no more fit into one. */
static void merge(struct sqa_store *store, int64_t most) {
    int64_t from = INT64_MIN;
    sqa_open_chunk_leave(store);
    while (most > 0) {
        const struct chunk_run run =
            find_chunk_run(store, from, most < INT64_MAX ? most + 1 : most);
        if (run.chunks < 2)
            break;
        merge_chunk_run(store, &run);
        from = run.first_id; /* the merged chunk may have room for the next one */
        most -= run.chunks - 1;
    }
}

void sqa_store_command(struct sqa_store *store, const char *command) {
    const int64_t n = sqa_command_merge(command);
    if (sqlite3_stricmp(command, "integrity-check") == 0) {
        sqa_open_chunk_write(store);
        sqa_store_check_all(store);
    } else if (sqlite3_stricmp(command, "optimize") == 0) {
        merge(store, INT64_MAX);
    } else if (n > 0) {
        merge(store, n);
    } else {
        (void)sqa_vtab_fail(&store->base, SQLITE_ERROR,
                            "array_store: unknown command '%.*s', expected 'optimize', 'merge=N' "
                            "with N from 1, or 'integrity-check'",
                            sqa_excerpt(command, 40), command);
    }
}
