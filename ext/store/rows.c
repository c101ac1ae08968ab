#include "store/rows.h"

#include "store/open_chunk.h"
#include "store/point.h"
#include "store/row_values.h"

SQLITE_EXTENSION_INIT3

/* The number of random rowids that are tried; then the table counts as full, as in SQLite. */
enum { RANDOM_ROWIDS = 100 };

void sqa_row_check_whole(struct sqa_store *store, int64_t rollbacks) {
    if (sqa_vtab_failed(&store->base) && store->memory->base.rollbacks == rollbacks)
        (void)sqa_memory_begin_change(&store->memory->base);
}

/* Sets row i of the open chunk to store->values. Columns that do not change need not be written. */
static void set_row(struct sqa_store *store, size_t i) {
    struct sqa_open_chunk *open = &store->memory->open;
    for (int c = 0; c < store->layout.columns; c++) {
        if (!open->reshaped && open->chunk.column[c][i] != store->values[c])
            sqa_open_chunk_change(store, c);
        open->chunk.column[c][i] = store->values[c];
    }
}

/*
** Opens the chunk that this rowid belongs to. Returns true if the row exists, and sets *i to its
** number.
*/
static bool find_row(struct sqa_store *store, int64_t rowid, size_t *i) {
    sqa_open_chunk_reach(store, rowid);
    return !sqa_vtab_failed(&store->base) && sqa_chunk_find(&store->memory->open.chunk, rowid, i);
}

/*
** Does the same for a row that will be replaced. If it exists and the conflict clause is not
** REPLACE, a constraint is violated.
*/
static bool find_to_replace(struct sqa_store *store, int64_t rowid, size_t *i) {
    const bool found = find_row(store, rowid, i);
    if (found && sqlite3_vtab_on_conflict(store->base.connection->db) != SQLITE_REPLACE)
        sqa_store_violates(store, "UNIQUE", "rowid");
    return found;
}

/* Inserts store->values with a rowid that is free and belongs to the open chunk. */
static void push_row(struct sqa_store *store, int64_t rowid) {
    size_t i;
    if (sqa_open_chunk_insert(store, rowid, &i))
        set_row(store, i);
}

/* Inserts store->values with this rowid, or replaces the row if the conflict clause allows it. */
static void put_row(struct sqa_store *store, int64_t rowid) {
    size_t i;
    if (!find_to_replace(store, rowid, &i))
        push_row(store, rowid);
    else if (!sqa_vtab_failed(&store->base))
        set_row(store, i);
}

/* Returns a random positive rowid that is free. Used if the largest integer is taken. */
static int64_t random_rowid(struct sqa_store *store) {
    int64_t rowid = 0;
    size_t at;
    for (int i = 0; i < RANDOM_ROWIDS; i++) {
        sqlite3_randomness(sizeof rowid, &rowid);
        rowid = (rowid & (INT64_MAX >> 1)) + 1;
        if (!find_row(store, rowid, &at))
            return rowid;
    }
    (void)sqa_vtab_fail(&store->base, SQLITE_FULL, "array_store: no rowid is free in %s",
                        store->layout.table);
    return rowid;
}

int64_t sqa_row_add(struct sqa_store *store) {
    const struct sqa_end end = sqa_open_chunk_reach_end(store);
    const int64_t rowid = end.is_empty           ? 1
                          : end.last < INT64_MAX ? end.last + 1
                                                 : random_rowid(store);
    push_row(store, rowid);
    return rowid;
}

int64_t sqa_row_insert(struct sqa_store *store, sqlite3_value *given) {
    const struct sqa_chunk *chunk = &store->memory->open.chunk;
    if (sqlite3_value_type(given) == SQLITE_NULL)
        return sqa_row_add(store);
    const int64_t rowid = sqlite3_value_int64(given); /* SQLite has converted it to INTEGER */
    const bool is_inside = sqa_open_chunk_covers(store, rowid) && sqa_chunk_count(chunk) > 0 &&
                           rowid <= sqa_chunk_last(chunk);
    if (is_inside) { /* then the end of the table need not be known */
        put_row(store, rowid);
        return rowid;
    }
    const struct sqa_end end = sqa_open_chunk_reach_end(store);
    if (end.is_empty || rowid > end.last)
        push_row(store, rowid);
    else
        put_row(store, rowid);
    return rowid;
}

void sqa_row_delete(struct sqa_store *store, int64_t rowid) {
    size_t i;
    if (!find_row(store, rowid, &i))
        return;
    sqa_open_chunk_reshape(store);
    (void)sqa_vtab_has_memory(&store->base, sqa_chunk_delete(&store->memory->open.chunk, i));
}

/* Moves a row to another rowid, with the values in store->values. */
static void move_row(struct sqa_store *store, int64_t from, int64_t to) {
    size_t i;
    (void)find_to_replace(store, to, &i);
    const int64_t rollbacks = store->memory->base.rollbacks;
    sqa_row_delete(store, from);
    if (sqa_vtab_failed(&store->base))
        return;
    put_row(store, to);
    sqa_row_check_whole(store, rollbacks);
}

/* ---- UPDATE */

/*
** Returns true if the row with this rowid should be changed in place, and sets *point. If the
** row is known not to exist, sets *exists to false.
*/
static bool find_to_patch(struct sqa_store *store, int64_t rowid, struct sqa_point *point,
                          bool *exists) {
    struct sqa_store_memory *memory = store->memory;
    *exists = true;
    if (sqa_open_chunk_covers(store, rowid))
        return false;
    const bool is_kept = sqa_point_kept(store, rowid, point);
    if (!is_kept && !sqa_point_find_chunk(store, rowid, point)) {
        *exists = false;
        return false;
    }
    if (!sqa_point_is_worth(&point->header, &memory->point_id, &memory->points))
        return false;
    *exists = is_kept || sqa_point_find_row(store, rowid, point);
    return *exists;
}

/* Changes the row in place. Returns false if that is not possible. */
static bool patch_row(struct sqa_store *store, const struct sqa_point *point,
                      sqlite3_value **values) {
    const int columns = store->layout.columns;
    bool *changes = sqa_vtab_object(&store->base, (size_t)columns * sizeof changes[0]);
    for (int c = 0; c < columns && changes != NULL; c++) {
        changes[c] = !sqlite3_value_nochange(values[c]); /* see sqa_store_cursor_column() */
        if (changes[c])
            sqa_value_read(store, c, values[c], &store->values[c]);
    }
    const bool is_done =
        sqa_vtab_failed(&store->base) || sqa_point_set(store, point, store->values, changes);
    sqa_object_free(changes);
    return is_done;
}

/* Fills store->values with the new values of row i of the open chunk. */
static void read_changes(struct sqa_store *store, size_t i, sqlite3_value **values) {
    for (int c = 0; c < store->layout.columns; c++) {
        if (sqlite3_value_nochange(values[c])) /* see sqa_store_cursor_column() */
            store->values[c] = store->memory->open.chunk.column[c][i];
        else
            sqa_value_read(store, c, values[c], &store->values[c]);
    }
}

void sqa_row_update(struct sqa_store *store, sqlite3_value **argv) {
    const int64_t old = sqlite3_value_int64(argv[0]), new = sqa_rowid_read(store, argv[1]);
    struct sqa_point point;
    size_t i;
    bool exists = true;
    if (new == old && find_to_patch(store, old, &point, &exists) &&
        patch_row(store, &point, argv + 2))
        return;
    if (!exists || !find_row(store, old, &i))
        return;
    read_changes(store, i, argv + 2);
    if (sqa_vtab_failed(&store->base))
        return;
    if (new != old)
        move_row(store, old, new);
    else
        set_row(store, i);
}
