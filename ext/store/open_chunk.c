/*
** The open chunk: which chunk is in memory; when and how it is written.
**
** Rows that come at the end are not added to the last chunk of NAME_headers, which would have to be written
** anew for each transaction: they begin a chunk of their own. When that is written, it takes in chunks
** before it
**
**     that are so few rows together that they are written with the page they stand in anyway,
**     or if this makes a chunk GROWTH times as large as any of them,
**     or if it makes a full one.
**
** So a row is written again once for each of these steps, of which there are three or four, and there
** are never more than some tens of chunks that are not full at the end.
*/
#include "store/open_chunk.h"

SQLITE_EXTENSION_INIT3

enum {
    FEW = 64,    /* rows that may be written again for a single one */
    GROWTH = 16, /* from a chunk to the one that takes it in */
};

/* What is in the open chunk is stored so. */
static void settle_changes(struct sqa_store_memory *memory) {
    memory->base.is_dirty = memory->open.reshaped = false;
    memory->open.changed = 0;
}

void sqa_open_chunk_reshape(struct sqa_store *store) {
    store->memory->base.is_dirty = store->memory->open.reshaped = true;
    store->memory->base.changes++;
}

void sqa_open_chunk_change(struct sqa_store *store, int column) {
    store->memory->base.is_dirty = true;
    store->memory->open.changed |= sqa_column_bit(column);
    store->memory->base.changes++;
}

static void forget(struct sqa_store_memory *memory) {
    sqa_chunk_clear(&memory->open.chunk);
    memory->open.is_open = memory->open.stored = false;
    settle_changes(memory);
    memory->base.changes++;
}

void sqa_open_chunk_forget(struct sqa_store *store) {
    forget(store->memory);
}

/* Opens a chunk to come, of the rowids lo .. hi. follows_full: the chunk before it is full. */
static void begin(struct sqa_store *store, int64_t lo, int64_t hi, bool follows_full) {
    struct sqa_open_chunk *open = &store->memory->open;
    forget(store->memory);
    open->is_open = true;
    open->lo = lo;
    open->hi = hi;
    open->follows_full = follows_full;
}

/* Writes rows at .. at+n of the open chunk, which is settled. */
static int save(struct sqa_store *store, size_t at, size_t n, struct sqa_chunk_write *how) {
    const struct sqa_rows rows = sqa_chunk_rows(&store->memory->open.chunk, at, n, store->columns);
    return sqa_chunk_save(store, &rows, how);
}

/* Writes the first n rows in place of what the open chunk was stored as, if it was. */
static int save_first(struct sqa_store *store, size_t n) {
    struct sqa_open_chunk *open = &store->memory->open;
    struct sqa_chunk_write how = {.is_new = !open->stored,
                                  .arrays = open->arrays,
                                  .stored_n = open->stored_n,
                                  .reshaped = !open->stored || open->reshaped || n < open->chunk.n,
                                  .changed = open->changed,
                                  .replaces =
                                      open->stored && open->id != sqa_chunk_rowid(&open->chunk, 0),
                                  .first_id = open->id,
                                  .last_id = open->id};
    const int rc = save(store, 0, n, &how);
    if (rc == SQLITE_OK)
        open->arrays = how.arrays;
    return rc;
}

/* ---- Writing */

/* The id of the first chunk before the open chunk that the open chunk is to take in with all that follow, if any */
static int choose_first_chunk(struct sqa_store *store, int64_t *first_id, bool *any) {
    const struct sqa_chunk *chunk = &store->memory->open.chunk;
    const int64_t first = sqa_chunk_rowid(chunk, 0);
    int64_t total = (int64_t)chunk->n, largest = 0;
    sqlite3_stmt *headers;
    *any = false;
    *first_id = first;
    int rc = sqa_vtab_statement(&store->base, SQA_STATEMENT_BEFORE, &headers);
    /* unreached: a failure, for the open chunk was opened with this statement */
    if (rc != SQLITE_OK || first == INT64_MIN || store->memory->readers > 0)
        return rc;
    sqlite3_bind_int64(headers, 1, first - 1);
    while ((!*any || total < sqa_chunk_limit(store)) && sqlite3_step(headers) == SQLITE_ROW) {
        struct sqa_chunk_header header;
        rc = sqa_chunk_header_read(store, headers, &header);
        if (rc != SQLITE_OK || header.n >= sqa_chunk_limit(store))
            break;
        total += header.n;
        largest = header.n > largest ? header.n : largest;
        if (total <= FEW || total >= GROWTH * largest || total >= sqa_chunk_limit(store)) {
            *first_id = header.first;
            *any = true;
        }
    }
    const int end = sqlite3_reset(headers);
    return rc != SQLITE_OK ? rc : end;
}

/* Puts the chunks stored from first_id on, which stay there, in front of the open chunk's rows: into all, which is empty. */
static int take_in(struct sqa_store *store, int64_t first_id, struct sqa_chunk *all) {
    const struct sqa_chunk *chunk = &store->memory->open.chunk;
    const int rc = sqa_chunk_load(store, first_id, INT64_MAX, all);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_rows rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
    return sqa_chunk_add(all, &rows, 0, rows.n) ? SQLITE_OK : SQLITE_NOMEM;
}

/*
** Writes chunks of all rows, or as many full ones as there are: the first of them in place of those stored from
** *first_id on, unless that is NULL. *at: how many rows; *size: how many of them in the last chunk.
*/
static int write_chunks(struct sqa_store *store, const struct sqa_chunk *chunk, bool all,
                        const int64_t *first_id, size_t *at, size_t *size) {
    const size_t most = (size_t)sqa_chunk_limit(store), n = chunk->n;
    struct sqa_change change = {.rollbacks = 0};
    for (*at = 0; *at < n && (all || n - *at >= most); *at += *size) {
        *size = n - *at < most ? n - *at : most;
        const struct sqa_rows rows = sqa_chunk_rows(chunk, *at, *size, store->columns);
        struct sqa_chunk_write how = {.is_new = true, .reshaped = true, .last_id = INT64_MAX};
        how.replaces = first_id != NULL && *at == 0;
        how.first_id = how.replaces ? *first_id : 0;
        const int rc = sqa_chunk_save(store, &rows, &how);
        if (rc != SQLITE_OK)
            return rc;
        if (*at == 0) /* from now on all are to be written */
            change = sqa_memory_begin_change(&store->memory->base);
        store->memory->open.arrays = how.arrays;
    }
    if (*at > 0)
        sqa_memory_end_change(&store->memory->base, change, SQLITE_OK);
    return SQLITE_OK;
}

/*
** Writes the open chunk, which is settled and new at the end. What does not fill a chunk stays in the open chunk if
** `rest` is false, else it is written too and the open chunk is the last chunk written.
*/
static int write_end(struct sqa_store *store, bool rest) {
    struct sqa_open_chunk *open = &store->memory->open;
    struct sqa_chunk all;
    int64_t first_id;
    size_t at = 0, size = 0;
    bool any;
    int rc = choose_first_chunk(store, &first_id, &any);
    if (rc != SQLITE_OK)
        return rc;
    if (!sqa_chunk_init(&all, open->chunk.kernels, open->chunk.pool, open->chunk.columns))
        return SQLITE_NOMEM;
    if (any)
        rc = take_in(store, first_id, &all);
    if (rc == SQLITE_OK)
        rc = write_chunks(store, any ? &all : &open->chunk, rest, any ? &first_id : NULL, &at,
                          &size);
    if (rc == SQLITE_OK && any) {
        const struct sqa_chunk rows = open->chunk;
        open->chunk = all;
        all = rows;
    }
    sqa_chunk_free(&all);
    if (rc != SQLITE_OK)
        return rc;
    const size_t n = open->chunk.n;
    if (rest) {
        sqa_chunk_drop_front(&open->chunk, at - size);
        open->stored = true;
        settle_changes(store->memory);
        open->id = open->lo = sqa_chunk_rowid(&open->chunk, 0);
        open->stored_n = (int64_t)open->chunk.n;
    } else {
        open->lo = sqa_chunk_rowid(&open->chunk, at - 1) + 1; /* one is to come behind it */
        sqa_chunk_drop_front(&open->chunk, at);
        open->follows_full = at == n;
    }
    return SQLITE_OK;
}

/* Writes the open chunk, which is settled and not empty, in its place. */
static int write_in_place(struct sqa_store *store) {
    struct sqa_open_chunk *open = &store->memory->open;
    const int rc = save_first(store, open->chunk.n);
    if (rc == SQLITE_OK) {
        open->stored = true;
        settle_changes(store->memory);
        open->id = sqa_chunk_rowid(&open->chunk, 0);
        open->stored_n = (int64_t)open->chunk.n;
    }
    return rc;
}

int sqa_open_chunk_write(struct sqa_store *store) {
    struct sqa_open_chunk *open = &store->memory->open;
    if (!store->memory->base.is_dirty)
        return SQLITE_OK;
    if (!sqa_chunk_settle(&open->chunk))
        return SQLITE_NOMEM;
    if (open->chunk.n > 0)
        return !open->stored && open->hi == INT64_MAX ? write_end(store, true)
                                                      : write_in_place(store);
    const int rc =
        open->stored ? sqa_chunk_remove(store, open->id, open->arrays, open->stored_n) : SQLITE_OK;
    if (rc == SQLITE_OK) {
        open->stored = false;
        settle_changes(store->memory);
    }
    return rc;
}

/* ---- For struct sqa_vtab_form */

int sqa_open_chunk_flush(struct sqa_vtab *vtab) {
    return sqa_open_chunk_write((struct sqa_store *)vtab);
}

void sqa_open_chunk_rolled_back(struct sqa_memory *memory, int savepoint) {
    struct sqa_store_memory *m = (struct sqa_store_memory *)memory;
    forget(m);
    if (m->totals.is_changed && savepoint != SQA_FORGET_COMMITTED)
        m->totals.known = false;
    if (savepoint < 0) {
        m->totals.is_changed = false;
        m->points = 0;
    }
}

int sqa_open_chunk_adopt(struct sqa_vtab *vtab) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    struct sqa_store_memory *memory = store->memory;
    const int columns = store->layout.columns;
    sqa_open_chunk_clear(vtab->memory);
    memory->totals.columns =
        sqa_object_new((size_t)(columns + 1) * sizeof memory->totals.columns[0]);
    return memory->totals.columns != NULL &&
                   sqa_chunk_init(&memory->open.chunk, store->base.connection->kernels,
                                  store->base.connection->pool, columns)
               ? SQLITE_OK
               : SQLITE_NOMEM;
}

void sqa_open_chunk_clear(struct sqa_memory *memory) {
    struct sqa_store_memory *m = (struct sqa_store_memory *)memory;
    sqa_chunk_free(&m->open.chunk);
    sqa_object_free(m->totals.columns);
    m->totals = (struct sqa_totals){.known = false};
}

/* ---- Which chunk */

/* Writes the open chunk and forgets it. */
static int leave(struct sqa_store *store) {
    int rc = sqa_open_chunk_write(store);
    if (rc == SQLITE_OK)
        sqa_open_chunk_forget(store);
    return rc;
}

int sqa_open_chunk_reach(struct sqa_store *store, int64_t rowid) {
    struct sqa_open_chunk *open = &store->memory->open;
    struct sqa_chunk_header header, next = {0};
    bool found, is_first = false, has_next = false;
    if (open->is_open && open->lo <= rowid && rowid <= open->hi)
        return SQLITE_OK;
    int rc = sqa_vtab_enter(&store->base);
    if (rc == SQLITE_OK)
        rc = leave(store);
    if (rc == SQLITE_OK)
        rc = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, rowid, &header, &found);
    if (rc == SQLITE_OK && !found) {
        is_first = true; /* or none at all */
        rc = sqa_chunk_find_header(store, SQA_STATEMENT_FROM, INT64_MIN, &header, &found);
    }
    if (rc == SQLITE_OK && found && header.first < INT64_MAX)
        rc = sqa_chunk_find_header(store, SQA_STATEMENT_FROM, header.first + 1, &next, &has_next);
    if (rc == SQLITE_OK && has_next && next.first <= header.last)
        rc = sqa_store_corrupt(store, next.first, "overlaps the one before");
    if (rc != SQLITE_OK)
        return rc;
    begin(store, found && !is_first ? header.first : INT64_MIN,
          has_next ? next.first - 1 : INT64_MAX, false);
    if (!found)
        return SQLITE_OK;
    rc = sqa_chunk_load_one(store, &header, &open->chunk);
    open->stored = rc == SQLITE_OK;
    open->id = header.first;
    open->arrays = header.arrays;
    open->stored_n = header.n;
    if (rc != SQLITE_OK)
        sqa_open_chunk_forget(store);
    return rc;
}

/*
** Can rows be added behind the open chunk's? Not if a chunk that is stored would be written again for them. A cursor
** of NAME_chunks does not see them: it may be what they come from.
*/
static bool can_grow(const struct sqa_store *store) {
    const struct sqa_open_chunk *open = &store->memory->open;
    return (int64_t)sqa_chunk_count(&open->chunk) < sqa_chunk_limit(store) &&
           (!open->stored || store->memory->base.is_dirty || open->chunk.n <= FEW) &&
           (store->memory->readers == 0 || open->lo > store->memory->readers_last);
}

int sqa_open_chunk_reach_end(struct sqa_store *store, int64_t *last, bool *is_empty) {
    struct sqa_open_chunk *open = &store->memory->open;
    struct sqa_chunk_header header = {0};
    bool found;
    int rc;
    *is_empty = false;
    if (open->is_open && open->hi == INT64_MAX && sqa_chunk_count(&open->chunk) > 0) {
        *last = sqa_chunk_last(&open->chunk);
        if (can_grow(store) || *last == INT64_MAX)
            return SQLITE_OK;
        rc = sqa_vtab_enter(&store->base);
        if (rc != SQLITE_OK)
            return rc;
        if (!open->stored && store->memory->readers == 0)
            return sqa_chunk_settle(&open->chunk) ? write_end(store, false) : SQLITE_NOMEM;
        const bool full = (int64_t)sqa_chunk_count(&open->chunk) >= sqa_chunk_limit(store);
        rc = sqa_open_chunk_write(store);
        if (rc == SQLITE_OK)
            begin(store, *last + 1, INT64_MAX, full);
        return rc;
    }
    rc = sqa_vtab_enter(&store->base);
    if (rc == SQLITE_OK)
        rc = leave(store);
    if (rc == SQLITE_OK)
        rc = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, INT64_MAX, &header, &found);
    if (rc != SQLITE_OK)
        return rc;
    *is_empty = !found;
    *last = header.last;
    if (!found || header.last < INT64_MAX)
        begin(store, found ? header.last + 1 : INT64_MIN, INT64_MAX,
              !found || header.n >= sqa_chunk_limit(store));
    return SQLITE_OK;
}

/* ---- A full open chunk */

/* Writes one half of the open chunk and keeps the other, which this rowid belongs to. */
static int split(struct sqa_store *store, int64_t rowid) {
    struct sqa_open_chunk *open = &store->memory->open;
    const size_t n = open->chunk.n, half = n / 2;
    const int64_t middle = sqa_chunk_rowid(&open->chunk, half);
    int rc;
    if (rowid < middle) {
        const bool takes_place = open->stored && open->id == middle; /* rows have come before it */
        struct sqa_chunk_write how = {.is_new = !takes_place,
                                      .arrays = open->arrays,
                                      .stored_n = open->stored_n,
                                      .reshaped = true};
        rc = save(store, half, n - half, &how);
        if (rc != SQLITE_OK)
            return rc;
        sqa_chunk_drop_back(&open->chunk, half);
        open->hi = middle - 1;
        open->stored = open->stored && !takes_place;
    } else {
        rc = save_first(store, half);
        if (rc != SQLITE_OK)
            return rc;
        sqa_chunk_drop_front(&open->chunk, half);
        open->lo = middle;
        open->stored = false;
    }
    sqa_open_chunk_reshape(store);
    return SQLITE_OK;
}

/* Makes room for a row with this rowid. At either end of the open chunk it begins another chunk. */
static int make_row_room(struct sqa_store *store, int64_t rowid) {
    struct sqa_open_chunk *open = &store->memory->open;
    if (!sqa_chunk_settle(&open->chunk))
        return SQLITE_NOMEM;
    const int64_t first = sqa_chunk_rowid(&open->chunk, 0);
    const int64_t last = sqa_chunk_rowid(&open->chunk, open->chunk.n - 1);
    if (first < rowid && rowid < last)
        return split(store, rowid);
    const int64_t lo = open->lo, hi = open->hi;
    const bool is_new_end = !open->stored && hi == INT64_MAX;
    int rc = sqa_open_chunk_write(store);
    if (rc != SQLITE_OK)
        return rc;
    if (is_new_end) { /* and has been cut anew with the chunks before it */
        sqa_open_chunk_forget(store);
        rc = sqa_open_chunk_reach(store, rowid); /* full: rows have filled up the chunk before */
        return rc == SQLITE_OK ? make_row_room(store, rowid) : rc;
    }
    if (rowid > last)
        begin(store, last + 1, hi, false);
    else
        begin(store, lo, first - 1, false);
    return SQLITE_OK;
}

int sqa_open_chunk_insert(struct sqa_store *store, int64_t rowid, size_t *i) {
    struct sqa_open_chunk *open = &store->memory->open;
    int rc = SQLITE_OK;
    if ((int64_t)sqa_chunk_count(&open->chunk) >= sqa_chunk_limit(store)) {
        rc = sqa_vtab_enter(&store->base);
        if (rc == SQLITE_OK)
            rc = make_row_room(store, rowid);
    }
    if (rc == SQLITE_OK && !sqa_chunk_insert(&open->chunk, rowid, i))
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK)
        sqa_open_chunk_reshape(store);
    return rc;
}
