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

static void forget_open_chunk(struct sqa_store_memory *memory) {
    sqa_chunk_clear(&memory->open.chunk);
    memory->open.is_open = memory->open.stored = false;
    settle_changes(memory);
    memory->base.changes++;
}

void sqa_open_chunk_forget(struct sqa_store *store) {
    forget_open_chunk(store->memory);
}

/* Opens a chunk to come, of the rowids lo .. hi. follows_full: the chunk before it is full. */
static void begin_chunk(struct sqa_store *store, int64_t lo, int64_t hi, bool follows_full) {
    struct sqa_open_chunk *open = &store->memory->open;
    forget_open_chunk(store->memory);
    open->is_open = true;
    open->lo = lo;
    open->hi = hi;
    open->follows_full = follows_full;
}

/* Puts the rows of the open chunk in order; gives false after a failure. */
static bool settle_rows(struct sqa_store *store) {
    return !sqa_vtab_failed(&store->base) &&
           sqa_vtab_has_memory(&store->base, sqa_chunk_settle(&store->memory->open.chunk));
}

/* Writes rows at .. at+n of the open chunk, which is settled; gives false after a failure. */
static bool save_rows(struct sqa_store *store, size_t at, size_t n, struct sqa_chunk_write *how) {
    const struct sqa_rows rows = sqa_chunk_rows(&store->memory->open.chunk, at, n, store->columns);
    return sqa_chunk_save(store, &rows, how);
}

/* Writes the first n rows in place of what the open chunk was stored as, if it was; gives false after a failure. */
static bool save_first(struct sqa_store *store, size_t n) {
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
    const bool is_saved = save_rows(store, 0, n, &how);
    if (is_saved)
        open->arrays = how.arrays;
    return is_saved;
}

/* The open chunk is stored as it is, with its first row's rowid for its id. */
static void set_stored(struct sqa_store *store) {
    struct sqa_open_chunk *open = &store->memory->open;
    open->stored = true;
    settle_changes(store->memory);
    open->id = sqa_chunk_rowid(&open->chunk, 0);
    open->stored_n = (int64_t)open->chunk.n;
}

/* ---- Writing at the end */

/* Finds the id of the first chunk that the open chunk is to take in, with all that follow it; false: there is none. */
static bool find_taken_in(struct sqa_store *store, int64_t *first_id) {
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
        if (total <= FEW || total >= GROWTH * largest || total >= sqa_chunk_limit(store)) {
            *first_id = header.first;
            any = true;
        }
    }
    sqa_vtab_reset(&store->base, headers);
    return any;
}

/* Puts the chunks stored from first_id on, which stay there, in front of the open chunk's rows: into all, which is empty. */
static void take_in(struct sqa_store *store, int64_t first_id, struct sqa_chunk *all) {
    const struct sqa_chunk *chunk = &store->memory->open.chunk;
    sqa_chunk_load(store, first_id, INT64_MAX, all);
    if (sqa_vtab_failed(&store->base))
        return;
    const struct sqa_rows rows = sqa_chunk_rows(chunk, 0, chunk->n, store->columns);
    (void)sqa_vtab_has_memory(&store->base, sqa_chunk_add(all, &rows, 0, rows.n));
}

/* What is written at the end: chunks of these rows */
struct end_writing {
    const struct sqa_chunk *chunk;
    bool all; /* otherwise as many full chunks as there are */
    const int64_t
        *replace;    /* the first one is in place of the chunks stored from this id on, or NULL */
    size_t at, size; /* how many rows were written, and how many of them in the last chunk */
};

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

/* After the first chunk the tables are half written until all are. */
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

/* Rows of the open chunk were written: what stays in it */
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
** Writes the open chunk, which is settled and new at the end. What does not fill a chunk stays in the open chunk if
** `all` is false, else it is written too and the open chunk is the last chunk written.
*/
static void write_end(struct sqa_store *store, bool all) {
    struct sqa_open_chunk *open = &store->memory->open;
    struct sqa_chunk merged;
    int64_t first_id;
    const bool takes_in = find_taken_in(store, &first_id);
    if (sqa_vtab_failed(&store->base) ||
        !sqa_vtab_has_memory(&store->base, sqa_chunk_init(&merged, open->chunk.kernels,
                                                          open->chunk.pool, open->chunk.columns)))
        return;
    if (takes_in)
        take_in(store, first_id, &merged);
    struct end_writing w = {.chunk = takes_in ? &merged : &open->chunk,
                            .all = all,
                            .replace = takes_in ? &first_id : NULL};
    write_chunks(store, &w);
    if (takes_in && !sqa_vtab_failed(&store->base)) {
        const struct sqa_chunk rows = open->chunk;
        open->chunk = merged;
        merged = rows;
    }
    sqa_chunk_free(&merged);
    if (!sqa_vtab_failed(&store->base))
        keep_rest(store, &w);
}

/* ---- Writing */

/* Writes the open chunk, which is settled and not empty, in its place. */
static void write_in_place(struct sqa_store *store) {
    if (save_first(store, store->memory->open.chunk.n))
        set_stored(store);
}

/* Removes what is stored of the open chunk, which has no rows any more. */
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
    if (!store->memory->base.is_dirty || !settle_rows(store))
        return;
    if (open->chunk.n == 0)
        remove_stored(store);
    else if (!open->stored && open->hi == INT64_MAX)
        write_end(store, true);
    else
        write_in_place(store);
}

/* ---- For struct sqa_vtab_form */

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

/* ---- Which chunk */

/* Writes the open chunk and forgets it. */
static void leave_open_chunk(struct sqa_store *store) {
    sqa_open_chunk_write(store);
    if (!sqa_vtab_failed(&store->base))
        sqa_open_chunk_forget(store);
}

bool sqa_open_chunk_covers(const struct sqa_store *store, int64_t rowid) {
    const struct sqa_open_chunk *open = &store->memory->open;
    return open->is_open && open->lo <= rowid && rowid <= open->hi;
}

/* Opens the chunk that is stored with this header, which was begun. */
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
    leave_open_chunk(store);
    const bool is_behind = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, rowid, &header);
    /* Rows before the first chunk belong to it, too. */
    const bool found =
        is_behind || sqa_chunk_find_header(store, SQA_STATEMENT_FROM, INT64_MIN, &header);
    const bool has_next = found && header.first < INT64_MAX &&
                          sqa_chunk_find_header(store, SQA_STATEMENT_FROM, header.first + 1, &next);
    if (has_next && next.first <= header.last)
        sqa_store_corrupt(store, next.first, "overlaps the one before");
    if (sqa_vtab_failed(&store->base))
        return;
    begin_chunk(store, is_behind ? header.first : INT64_MIN, has_next ? next.first - 1 : INT64_MAX,
                false);
    if (found)
        open_stored_chunk(store, &header);
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

/* The open chunk, which is the last one, is full, or may not grow: makes room behind its last row. */
static void extend_end(struct sqa_store *store, int64_t last) {
    struct sqa_open_chunk *open = &store->memory->open;
    (void)sqa_vtab_enter(&store->base);
    if (!open->stored && store->memory->readers == 0) {
        if (settle_rows(store))
            write_end(store, false);
        return;
    }
    const bool is_full = (int64_t)sqa_chunk_count(&open->chunk) >= sqa_chunk_limit(store);
    sqa_open_chunk_write(store);
    if (!sqa_vtab_failed(&store->base))
        begin_chunk(store, last + 1, INT64_MAX, is_full);
}

/* Opens a chunk behind all that are stored. */
static struct sqa_end begin_end(struct sqa_store *store) {
    struct sqa_chunk_header header = {0};
    (void)sqa_vtab_enter(&store->base);
    leave_open_chunk(store);
    const bool found = sqa_chunk_find_header(store, SQA_STATEMENT_BEFORE, INT64_MAX, &header);
    if (!sqa_vtab_failed(&store->base) && (!found || header.last < INT64_MAX))
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

/* Writes the rows from the middle on and keeps those before it. */
static void keep_front(struct sqa_store *store, size_t half, int64_t middle) {
    struct sqa_open_chunk *open = &store->memory->open;
    const bool takes_place = open->stored && open->id == middle; /* rows have come before it */
    struct sqa_chunk_write how = {.is_new = !takes_place,
                                  .arrays = open->arrays,
                                  .stored_n = open->stored_n,
                                  .reshaped = true};
    if (!save_rows(store, half, open->chunk.n - half, &how))
        return;
    sqa_chunk_drop_back(&open->chunk, half);
    open->hi = middle - 1;
    open->stored = open->stored && !takes_place;
    sqa_open_chunk_reshape(store);
}

/* Writes the rows before the middle and keeps those from it on. */
static void keep_back(struct sqa_store *store, size_t half, int64_t middle) {
    struct sqa_open_chunk *open = &store->memory->open;
    if (!save_first(store, half))
        return;
    sqa_chunk_drop_front(&open->chunk, half);
    open->lo = middle;
    open->stored = false;
    sqa_open_chunk_reshape(store);
}

/* Makes room for a row with this rowid. At either end of the open chunk it begins another chunk. */
static void make_row_room(struct sqa_store *store, int64_t rowid) {
    const struct sqa_open_chunk *open = &store->memory->open;
    if (!settle_rows(store))
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
    if (is_new_end) { /* and has been cut anew with the chunks before it */
        sqa_open_chunk_forget(store);
        sqa_open_chunk_reach(store, rowid); /* full: rows have filled up the chunk before */
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
