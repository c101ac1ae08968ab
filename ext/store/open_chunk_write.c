/*
** Rows that are inserted at the end are not added to the last stored chunk, which would have to be
** written again for each transaction. They begin a chunk of their own. When that is written, it
** absorbs chunks before it if all of them together
**
**     are so few rows that they are in one page, which is written anyway,
**     or make a chunk that is GROWTH times as large as any of them,
**     or make a full chunk.
**
** So a row is written again once for each of these steps, of which there are three or four, and at
** the end of the table there are never more than some tens of chunks that are not full.
*/
#include "store/open_chunk_write.h"

SQLITE_EXTENSION_INIT3

enum { GROWTH = 16 }; /* factor from the size of a chunk to that of the chunk that absorbs it */

/* Records that the open chunk is stored as it is. */
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

static void forget_open_chunk(struct sqa_store_memory *memory) {
    sqa_chunk_clear(&memory->open.chunk);
    memory->open.is_open = memory->open.stored = false;
    settle_changes(memory);
    memory->base.changes++;
}

void sqa_open_chunk_forget(struct sqa_store *store) {
    forget_open_chunk(store->memory);
}

bool sqa_open_chunk_settle(struct sqa_store *store) {
    return !sqa_vtab_failed(&store->base) &&
           sqa_vtab_has_memory(&store->base, sqa_chunk_settle(&store->memory->open.chunk));
}

bool sqa_open_chunk_save(struct sqa_store *store, size_t at, size_t n,
                         struct sqa_chunk_write *how) {
    const struct sqa_rows rows = sqa_chunk_rows(&store->memory->open.chunk, at, n, store->columns);
    return sqa_chunk_save(store, &rows, how);
}

bool sqa_open_chunk_save_first(struct sqa_store *store, size_t n) {
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
    const bool is_saved = sqa_open_chunk_save(store, 0, n, &how);
    if (is_saved)
        open->arrays = how.arrays;
    return is_saved;
}

/* Records that the open chunk is stored as it is; its id is its first rowid. */
static void set_stored(struct sqa_store *store) {
    struct sqa_open_chunk *open = &store->memory->open;
    open->stored = true;
    settle_changes(store->memory);
    open->id = sqa_chunk_rowid(&open->chunk, 0);
    open->stored_n = (int64_t)open->chunk.n;
}

/* ---- Writing at the end */

/*
** Finds the first of the chunks that the open chunk absorbs, which are this one and all after it,
** and sets *first_id to its id. Returns false if there is none.
*/
static bool find_absorbed(struct sqa_store *store, int64_t *first_id) {
    const struct sqa_chunk *chunk = &store->memory->open.chunk;
    const int64_t first = sqa_chunk_rowid(chunk, 0);
    int64_t total = (int64_t)chunk->n, largest = 0;
    bool any = false;
    if (first == INT64_MIN || store->memory->readers > 0)
        return false;
    sqlite3_stmt *headers = sqa_vtab_statement(&store->base, SQA_STATEMENT_BEFORE);
    sqa_bind(headers, 1, first - 1);
    while ((!any || total < sqa_chunk_limit(store)) && sqa_vtab_step(&store->base, headers)) {
        struct sqa_chunk_header header;
        sqa_chunk_header_read(store, headers, &header);
        if (header.n >= sqa_chunk_limit(store))
            break;
        total += header.n;
        largest = header.n > largest ? header.n : largest;
        if (total <= SQA_FEW_ROWS || total >= GROWTH * largest || total >= sqa_chunk_limit(store)) {
            *first_id = header.first;
            any = true;
        }
    }
    sqa_vtab_reset(&store->base, headers);
    return any;
}

/*
** Fills `all`, which is empty, with the rows of the stored chunks from first_id on and then those
** of the open chunk.
*/
static void absorb(struct sqa_store *store, int64_t first_id, struct sqa_chunk *all) {
    const struct sqa_chunk *chunk = &store->memory->open.chunk;
    sqa_chunk_load(store, first_id, INT64_MAX, all);
    if (sqa_vtab_failed(&store->base))
        return;
    const struct sqa_rows rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
    (void)sqa_vtab_has_memory(&store->base, sqa_chunk_add(all, &rows, 0, rows.n));
}

/* The state of writing rows at the end of the table as one or more chunks */
struct end_writing {
    const struct sqa_chunk *chunk; /* the rows */
    bool all;                      /* false: only as many rows as make full chunks */
    /* If not NULL, the first chunk replaces the stored chunks from this id on. */
    const int64_t *replace;
    size_t at, size; /* number of rows written, and of those in the last chunk */
};

/* Writes the next chunk. Returns false after a failure. */
static bool write_one(struct sqa_store *store, struct end_writing *w) {
    const size_t most = (size_t)sqa_chunk_limit(store), left = w->chunk->n - w->at;
    struct sqa_chunk_write how = {.is_new = true, .reshaped = true, .last_id = INT64_MAX};
    how.replaces = w->replace != NULL && w->at == 0;
    how.first_id = how.replaces ? *w->replace : 0;
    w->size = left < most ? left : most;
    const struct sqa_rows rows = sqa_chunk_rows(w->chunk, w->at, w->size, store->columns);
    if (!sqa_chunk_save(store, &rows, &how))
        return false;
    store->memory->open.arrays = how.arrays;
    w->at += w->size;
    return true;
}

/* Writes the chunks. After the first of them the tables are half written until all are. */
static void write_chunks(struct sqa_store *store, struct end_writing *w) {
    const size_t most = (size_t)sqa_chunk_limit(store), n = w->chunk->n;
    if (sqa_vtab_failed(&store->base) || (!w->all && n < most) || !write_one(store, w))
        return;
    const struct sqa_change change = sqa_memory_begin_change(&store->memory->base);
    while (w->at < n && (w->all || n - w->at >= most) && write_one(store, w))
        ;
    if (!sqa_vtab_failed(&store->base))
        sqa_memory_end_change(&store->memory->base, change, SQLITE_OK);
}

/* Removes from the open chunk the rows that were written. If all were, the last chunk stays. */
static void keep_rest(struct sqa_store *store, const struct end_writing *w) {
    struct sqa_open_chunk *open = &store->memory->open;
    const size_t n = open->chunk.n;
    if (w->all) {
        sqa_chunk_drop_front(&open->chunk, w->at - w->size);
        set_stored(store);
        open->lo = open->id;
    } else {
        open->lo = sqa_chunk_rowid(&open->chunk, w->at - 1) + 1; /* one is to come behind it */
        sqa_chunk_drop_front(&open->chunk, w->at);
        open->follows_full = w->at == n;
    }
}

/*
** Writes the open chunk, which is settled, at the end of the table and not stored. If `all` is
** true, all rows are written, and the last chunk written becomes the open chunk. Otherwise rows
** that do not fill a chunk stay in the open chunk.
*/
static void write_end(struct sqa_store *store, bool all) {
    struct sqa_open_chunk *open = &store->memory->open;
    struct sqa_chunk merged;
    int64_t first_id;
    const bool absorbs = find_absorbed(store, &first_id);
    if (sqa_vtab_failed(&store->base) ||
        !sqa_vtab_has_memory(&store->base, sqa_chunk_init(&merged, open->chunk.kernels,
                                                          open->chunk.pool, open->chunk.columns)))
        return;
    if (absorbs)
        absorb(store, first_id, &merged);
    struct end_writing w = {.chunk = absorbs ? &merged : &open->chunk,
                            .all = all,
                            .replace = absorbs ? &first_id : NULL};
    write_chunks(store, &w);
    /* nothing is written if NAME_config has got a larger chunk since the open chunk was full */
    if (!sqa_vtab_failed(&store->base) && w.at > 0) {
        const struct sqa_chunk rows = open->chunk;
        if (absorbs) {
            open->chunk = merged;
            merged = rows;
        }
        keep_rest(store, &w);
    }
    sqa_chunk_free(&merged);
}

/* ---- Writing */

/* Writes the open chunk, which is settled and not empty, in place of what is stored of it. */
static void write_in_place(struct sqa_store *store) {
    if (sqa_open_chunk_save_first(store, store->memory->open.chunk.n))
        set_stored(store);
}

/* Removes what is stored of the open chunk, which has no rows. */
static void remove_stored(struct sqa_store *store) {
    struct sqa_open_chunk *open = &store->memory->open;
    if (open->stored)
        sqa_chunk_remove(store, open->id, open->arrays, open->stored_n);
    if (sqa_vtab_failed(&store->base))
        return;
    open->stored = false;
    settle_changes(store->memory);
}

void sqa_open_chunk_write(struct sqa_store *store) {
    const struct sqa_open_chunk *open = &store->memory->open;
    if (!store->memory->base.is_dirty || !sqa_open_chunk_settle(store))
        return;
    if (open->chunk.n == 0)
        remove_stored(store);
    else if (!open->stored && open->hi == INT64_MAX)
        write_end(store, true);
    else
        write_in_place(store);
}

void sqa_open_chunk_leave(struct sqa_store *store) {
    sqa_open_chunk_write(store);
    if (!sqa_vtab_failed(&store->base))
        sqa_open_chunk_forget(store);
}

void sqa_open_chunk_write_full(struct sqa_store *store) {
    if (sqa_open_chunk_settle(store))
        write_end(store, false);
}

/* ---- Functions for struct sqa_vtab_form */

int sqa_open_chunk_flush(struct sqa_vtab *vtab) {
    sqa_open_chunk_write((struct sqa_store *)vtab);
    return vtab->status;
}

void sqa_open_chunk_rolled_back(struct sqa_memory *memory, int savepoint) {
    struct sqa_store_memory *m = (struct sqa_store_memory *)memory;
    forget_open_chunk(m);
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
    (void)sqa_vtab_has_memory(vtab, memory->totals.columns != NULL &&
                                        sqa_chunk_init(&memory->open.chunk,
                                                       store->base.connection->kernels,
                                                       store->base.connection->pool, columns));
    return vtab->status;
}

void sqa_open_chunk_clear(struct sqa_memory *memory) {
    struct sqa_store_memory *m = (struct sqa_store_memory *)memory;
    sqa_chunk_free(&m->open.chunk);
    sqa_object_free(m->totals.columns);
    m->totals = (struct sqa_totals){.known = false};
}
