#include "index/list_update.h"

#include <string.h>

#include "index/list_writer.h"

SQLITE_EXTENSION_INIT3

void sqa_update_init(struct sqa_list_update *update, struct sqa_index *index) {
    *update = (struct sqa_list_update){.index = index};
}

void sqa_update_clear(struct sqa_list_update *update) {
    sqa_pool_give(update->keys);
    update->keys = NULL;
}

/*
** Makes room for so many keys in update->keys, whose contents are lost. Returns false after a
** failure.
*/
static bool update_has_room(struct sqa_list_update *update, size_t keys) {
    update->keys =
        sqa_index_reserve(update->index, update->keys, 0, (uint64_t)keys * sizeof update->keys[0]);
    return !sqa_index_failed(update->index);
}

/* Deletes the current block, which is not the last one of a value, from its table. */
static void drop_current(struct sqa_posting_list *list) {
    if (list->is_rows)
        sqa_index_run_with(list->index, SQA_INDEX_DROP_ROWS, list->block.first);
    else
        sqa_index_run_with(list->index, SQA_INDEX_DROP_BLOCK, list->id);
}

static bool is_last_of_value(const struct sqa_posting_list *list) {
    return !list->is_rows && list->is_last;
}

/* ---- Writing keys in place of a block */

struct target {
    struct sqa_posting_list *list;
    int64_t n;      /* number of keys of the list, stored with its last block */
    bool is_last;   /* the last block written is the last one of a value */
    bool is_append; /* keys are added at the end, so all blocks except the last one are filled */
    bool is_kept;   /* the first block written gets the row of the current one in NAME_blocks */
    size_t most;    /* largest number of bytes of a block */
};

static bool fits_one(const struct target *to, const int64_t *keys, size_t n) {
    return n <= SQA_BLOCK_KEYS &&
           sqa_block_size(n, (uint64_t)keys[n - 1] - (uint64_t)keys[0]) <= to->most;
}

/*
** Returns how many of the keys the next block gets: as many as fit, or half of them so that it has
** room for keys in between.
*/
static size_t update_part_of(const struct target *to, const int64_t *keys, size_t n) {
    if (to->is_append)
        return sqa_block_fit(keys, n, to->most);
    while (!fits_one(to, keys, n))
        n = n / 2;
    return n;
}

static void write_parts(const struct target *to, const int64_t *keys, size_t n) {
    struct sqa_posting_list *list = to->list;
    bool is_kept = to->is_kept;
    while (n > 0 && !sqa_index_failed(list->index)) {
        const size_t part = update_part_of(to, keys, n);
        if (is_kept)
            sqa_rewrite_block(list->index, list->id, keys, part);
        else if (part == n && to->is_last)
            sqa_write_last_block(list->index, list->value, to->n, keys, part);
        else
            sqa_write_block(list->index, list->is_rows, list->value, keys, part);
        is_kept = false;
        keys += part;
        n -= part;
    }
}

/*
** Handles a last block of a value that has no key left. n is the number of keys of the list: if it
** is 0, deletes the list, otherwise makes the previous block the last one.
*/
static void promote(struct sqa_list_update *update, struct sqa_posting_list *list, int64_t n) {
    const int64_t value = list->value;
    if (n == 0) {
        sqa_index_run_with(list->index, SQA_INDEX_DROP_VALUE, value);
        return;
    }
    sqa_list_seek_stored(list, INT64_MAX);
    if (!list->has_block)
        sqa_index_corrupt(list->index, false, value, "has another count than keys");
    if (!sqa_list_decode(list) || !update_has_room(update, list->block.n))
        return;
    memcpy(update->keys, list->keys, list->block.n * sizeof update->keys[0]);
    drop_current(list);
    sqa_write_last_block(list->index, value, n, update->keys, list->block.n);
}

/* Writes the count of a list if it was not written along with the last block. */
static void set_count(struct sqa_posting_list *list, int64_t difference) {
    sqa_list_count(list);
    sqlite3_stmt *set = sqa_index_statement(list->index, SQA_INDEX_SET_COUNT);
    sqa_bind_two(set, 1, list->value, list->n + difference);
    sqa_vtab_run(&list->index->vtab, set);
}

/* Writes n keys in place of the current block or, if there is none, as a new list. */
static void write_keys(struct sqa_list_update *update, struct sqa_posting_list *list, size_t n,
                       bool is_append) {
    const bool is_stored = list->has_block && !is_last_of_value(list);
    const bool is_same = is_stored && n > 0 && update->keys[0] == list->block.first;
    const struct target to = {
        list,      list->n + update->difference, !is_stored && !list->is_rows,
        is_append, is_same && !list->is_rows,    sqa_index_block_bytes(update->index)};
    if (to.is_last) { /* its row has the count, and another block may become the last */
        update->difference = 0;
        list->is_known = false;
    }
    if (n == 0 && to.is_last) {
        promote(update, list, to.n);
        return;
    }
    if (is_stored && !is_same)
        drop_current(list);
    write_parts(&to, update->keys, n);
}

/* ---- Merging changes into a block */

/*
** Writes the n keys of a block with the m changes made to update->keys. Returns how many there are.
** Sets *is_changed if they differ from those of the block.
*/
static size_t merge_changes(struct sqa_list_update *update, const int64_t *keys, size_t n,
                            const struct sqa_key_change *changes, size_t m, bool *is_changed) {
    int64_t *const merged = update->keys;
    size_t i = 0, at = 0;
    *is_changed = false;
    for (size_t c = 0; c < m; c++) {
        const int64_t key = changes[c].key;
        while (i < n && keys[i] < key)
            merged[at++] = keys[i++];
        const bool is_there = i < n && keys[i] == key;
        i += is_there;
        if (changes[c].is_added)
            merged[at++] = key;
        *is_changed |= is_there != changes[c].is_added;
    }
    if (i < n)
        memcpy(merged + at, keys + i, (n - i) * sizeof merged[0]);
    return at + (n - i);
}

/*
** Finds the smallest key that no longer belongs to the current block, which is not the last one.
** Returns false if there is none.
*/
static bool find_fence(struct sqa_posting_list *list, int64_t *fence) {
    sqlite3_stmt *after = sqa_index_statement(list->index, list->is_rows ? SQA_INDEX_ROWS_AFTER
                                                                         : SQA_INDEX_BLOCK_AFTER);
    if (!list->is_rows)
        sqa_bind(after, 1, list->value);
    sqa_bind(after, 2, list->block.first);
    const bool found = sqa_vtab_step(&list->index->vtab, after);
    *fence = found ? sqlite3_column_int64(after, 1) : list->last_first;
    sqa_vtab_reset(&list->index->vtab, after);
    return found || !list->is_rows;
}

/*
** Returns true if the block is full and all m changes add keys after it. Then it stays unchanged,
** and the keys get blocks of their own.
*/
static bool is_full_before(const struct sqa_list_update *update,
                           const struct sqa_posting_list *list,
                           const struct sqa_key_change *changes, size_t m) {
    const struct sqa_posting_block *block = &list->block;
    if (changes[0].key <= block->last || block->n + m > 2 * SQA_BLOCK_KEYS)
        return false;
    for (size_t i = 0; i < m; i++) {
        if (!changes[i].is_added)
            return false;
    }
    const uint64_t span = (uint64_t)changes[0].key - (uint64_t)block->first;
    return block->n == SQA_BLOCK_KEYS ||
           sqa_block_size(block->n + 1, span) > sqa_index_block_bytes(update->index);
}

/*
** Returns how many of the n changes belong to the current block: those up to its last key or, if
** there are none, those before the next block. Sets *is_end if there is no block after it.
*/
static size_t count_changes(struct sqa_posting_list *list, const struct sqa_key_change *changes,
                            size_t n, bool *is_end) {
    size_t count = 0;
    *is_end = !list->has_block || is_last_of_value(list);
    int64_t last = *is_end ? INT64_MAX : list->block.last;
    if (changes[0].key > last) {
        int64_t fence;
        *is_end = !find_fence(list, &fence);
        last = *is_end ? INT64_MAX : fence - 1;
    }
    while (count < n && count < SQA_BLOCK_KEYS && changes[count].key <= last)
        count++;
    return count;
}

/* Makes those of the changes that belong to the same block as the first one. Returns how many. */
static size_t update_block(struct sqa_list_update *update, struct sqa_posting_list *list,
                           const struct sqa_key_change *changes, size_t n) {
    bool is_end, is_changed;
    sqa_list_seek(list, changes[0].key);
    const size_t done = count_changes(list, changes, n, &is_end);
    if (done == 0)
        sqa_index_corrupt(update->index, list->is_rows, list->value, "has blocks that overlap");
    if (list->has_block && !sqa_list_decode(list))
        return done;
    const bool is_append = is_end && (!list->has_block || changes[0].key > list->block.last);
    if (list->has_block && is_append && is_full_before(update, list, changes, done)) {
        if (!list->is_rows) /* the full block moves to NAME_blocks unchanged */
            sqa_write_block(update->index, false, list->value, list->keys, list->block.n);
        list->has_block = false;
    }
    const size_t before = list->has_block ? list->block.n : 0;
    if (!update_has_room(update, before + done))
        return done;
    const size_t after = merge_changes(update, list->keys, before, changes, done, &is_changed);
    if (!is_changed || after + before == 0)
        return done;
    update->difference += (int64_t)after - (int64_t)before;
    write_keys(update, list, after, is_append);
    return done;
}

void sqa_update_list(struct sqa_list_update *update, bool is_rows, int64_t value,
                     const struct sqa_key_change *changes, size_t n) {
    struct sqa_posting_list list;
    update->difference = 0;
    sqa_list_init(&list, update->index, is_rows, value);
    for (size_t at = 0; at < n && !sqa_index_failed(update->index);) {
        at += update_block(update, &list, changes + at, n - at);
        list.has_block = list.is_decoded = false;
    }
    if (!is_rows && update->difference != 0)
        set_count(&list, update->difference);
    sqa_list_clear(&list);
}
