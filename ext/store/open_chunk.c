#include "store/open_chunk.h"

SQLITE_EXTENSION_INIT3

/*
** Opens a new, empty chunk for the rowids from lo to hi. follows_full tells whether the chunk
** before it is full.
*/
static void begin_chunk(struct sqa_store *store, int64_t lo, int64_t hi, bool follows_full) {
    struct sqa_open_chunk *open = &store->memory->open;
    if (sqa_vtab_failed(&store->base))
        return;
    sqa_open_chunk_forget(store);
    open->is_open = true;
    open->lo = lo;
    open->hi = hi;
    open->follows_full = follows_full;
}

/* ---- Opening a chunk */

bool sqa_open_chunk_covers(const struct sqa_store *store, int64_t rowid) {
    const struct sqa_open_chunk *open = &store->memory->open;
    return open->is_open && open->lo <= rowid && rowid <= open->hi;
}

/* Loads the stored chunk with this header into the open chunk, which was just begun. */
static void open_stored_chunk(struct sqa_store *store, const struct sqa_chunk_header *header) {
    struct sqa_open_chunk *open = &store->memory->open;
    open->stored = sqa_chunk_load_one(store, header, &open->chunk);
    open->id = header->first;
    open->arrays = header->arrays;
    open->stored_n = header->n;
    if (!open->stored)
        sqa_open_chunk_forget(store);
}

void sqa_open_chunk_reach(struct sqa_store *store, int64_t rowid) {
    struct sqa_chunk_header header, next;
    if (sqa_open_chunk_covers(store, rowid))
        return;
    (void)sqa_vtab_enter(&store->base);
    sqa_open_chunk_leave(store);
    const bool is_behind = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, rowid, &header);
    /* rows before the first chunk belong to it, too */
    const bool found =
        is_behind || sqa_chunk_find_header(store, SQA_STATEMENT_FROM, INT64_MIN, &header);
    const bool has_next = found && header.first < INT64_MAX &&
                          sqa_chunk_find_header(store, SQA_STATEMENT_FROM, header.first + 1, &next);
    if (has_next && next.first <= header.last)
        sqa_store_corrupt(store, next.first, "overlaps the one before");
    begin_chunk(store, is_behind ? header.first : INT64_MIN, has_next ? next.first - 1 : INT64_MAX,
                false);
    if (found)
        open_stored_chunk(store, &header);
}

/*
** Returns true if rows may be appended to the open chunk. They may not if that means writing a
** stored chunk again. And while a cursor of NAME_chunks is open, which may be where the rows come
** from, they get chunks that the cursor does not see.
*/
static bool can_grow(const struct sqa_store *store) {
    const struct sqa_open_chunk *open = &store->memory->open;
    return (int64_t)sqa_chunk_count(&open->chunk) < sqa_chunk_limit(store) &&
           (!open->stored || store->memory->base.is_dirty || open->chunk.n <= SQA_FEW_ROWS) &&
           (store->memory->readers == 0 || open->lo > store->memory->readers_last);
}

/*
** Makes room for rows after `last`, the largest rowid. The open chunk is the last one, and no rows
** may be appended to it.
*/
static void extend_end(struct sqa_store *store, int64_t last) {
    struct sqa_open_chunk *open = &store->memory->open;
    (void)sqa_vtab_enter(&store->base);
    if (!open->stored && store->memory->readers == 0) {
        sqa_open_chunk_write_full(store);
        return;
    }
    const bool is_full = (int64_t)sqa_chunk_count(&open->chunk) >= sqa_chunk_limit(store);
    sqa_open_chunk_write(store);
    begin_chunk(store, last + 1, INT64_MAX, is_full);
}

/* Opens a new chunk after all stored ones. */
static struct sqa_end begin_end(struct sqa_store *store) {
    struct sqa_chunk_header header = {0};
    (void)sqa_vtab_enter(&store->base);
    sqa_open_chunk_leave(store);
    const bool found = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, INT64_MAX, &header);
    if (!found || header.last < INT64_MAX)
        begin_chunk(store, found ? header.last + 1 : INT64_MIN, INT64_MAX,
                    !found || header.n >= sqa_chunk_limit(store));
    return (struct sqa_end){!found, header.last};
}

struct sqa_end sqa_open_chunk_reach_end(struct sqa_store *store) {
    const struct sqa_open_chunk *open = &store->memory->open;
    if (!open->is_open || open->hi != INT64_MAX || sqa_chunk_count(&open->chunk) == 0)
        return begin_end(store);
    const struct sqa_end end = {false, sqa_chunk_last(&open->chunk)};
    if (!can_grow(store) && end.last < INT64_MAX)
        extend_end(store, end.last);
    return end;
}

/* ---- A full open chunk */

/*
** Writes the rows from the middle on and keeps those before it. Where so many rows have come before
** what was stored that its id is not among those kept, it is the written ones that take its place.
*/
static void keep_front(struct sqa_store *store, size_t half, int64_t middle) {
    struct sqa_open_chunk *open = &store->memory->open;
    const bool takes_place = open->stored && open->id >= middle;
    struct sqa_chunk_write how = {.is_new = !takes_place,
                                  .arrays = open->arrays,
                                  .stored_n = open->stored_n,
                                  .reshaped = true,
                                  .replaces = takes_place && open->id != middle,
                                  .first_id = open->id,
                                  .last_id = open->id};
    if (!sqa_open_chunk_save(store, half, open->chunk.n - half, &how))
        return;
    sqa_chunk_drop_back(&open->chunk, half);
    open->hi = middle - 1;
    open->stored = open->stored && !takes_place;
    sqa_open_chunk_reshape(store);
}

/* Writes the rows before the middle, and keeps the others in the open chunk. */
static void keep_back(struct sqa_store *store, size_t half, int64_t middle) {
    struct sqa_open_chunk *open = &store->memory->open;
    if (!sqa_open_chunk_save_first(store, half))
        return;
    sqa_chunk_drop_front(&open->chunk, half);
    open->lo = middle;
    open->stored = false;
    sqa_open_chunk_reshape(store);
}

/*
** Makes room for a row with this rowid in the open chunk, which is full. Before its first and after
** its last row another chunk is opened; between them, half of the rows are written.
*/
static void make_row_room(struct sqa_store *store, int64_t rowid) {
    const struct sqa_open_chunk *open = &store->memory->open;
    if (!sqa_open_chunk_settle(store))
        return;
    const size_t half = open->chunk.n / 2;
    const int64_t first = sqa_chunk_rowid(&open->chunk, 0), lo = open->lo, hi = open->hi;
    const int64_t last = sqa_chunk_rowid(&open->chunk, open->chunk.n - 1);
    const int64_t middle = sqa_chunk_rowid(&open->chunk, half);
    if (first < rowid && rowid < last) {
        (rowid < middle ? keep_front : keep_back)(store, half, middle);
        return;
    }
    const bool is_new_end = !open->stored && hi == INT64_MAX;
    sqa_open_chunk_write(store);
    if (sqa_vtab_failed(&store->base))
        return;
    if (is_new_end) { /* and may have been merged with the chunks before it */
        sqa_open_chunk_forget(store);
        sqa_open_chunk_reach(store, rowid); /* which is full, too */
        make_row_room(store, rowid);
    } else if (rowid > last) {
        begin_chunk(store, last + 1, hi, false);
    } else {
        begin_chunk(store, lo, first - 1, false);
    }
}

bool sqa_open_chunk_insert(struct sqa_store *store, int64_t rowid, size_t *i) {
    struct sqa_chunk *chunk = &store->memory->open.chunk;
    if ((int64_t)sqa_chunk_count(chunk) >= sqa_chunk_limit(store)) {
        (void)sqa_vtab_enter(&store->base);
        make_row_room(store, rowid);
    }
    if (sqa_vtab_failed(&store->base) ||
        !sqa_vtab_has_memory(&store->base, sqa_chunk_insert(chunk, rowid, i)))
        return false;
    sqa_open_chunk_reshape(store);
    return true;
}
