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

static bool update_make_room(struct sqa_list_update *update, size_t keys) {
    if (update->keys != NULL &&
        sqa_pool_capacity(update->keys) >= (uint64_t)keys * sizeof update->keys[0])
        return true;
    sqa_pool_give(update->keys);
    update->keys = sqa_pool_take(update->index->vtab.connection->pool,
                                 (uint64_t)keys * sizeof update->keys[0]);
    return update->keys != NULL;
}

/* Runs a statement of one parameter. */
static int run_with(struct sqa_index *index, enum sqa_index_statement which, int64_t parameter) {
    sqlite3_stmt *statement;
    const int rc = sqa_index_statement(index, which, &statement);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(statement, 1, parameter);
    return sqa_statement_run(statement);
}

/* Takes the current block, which is not the last one of a value, out of its table. */
static int drop_current(struct sqa_posting_list *list) {
    return list->is_rows ? run_with(list->index, SQA_INDEX_DROP_ROWS, list->block.first)
                         : run_with(list->index, SQA_INDEX_DROP_BLOCK, list->id);
}

static bool is_last_of_value(const struct sqa_posting_list *list) {
    return !list->is_rows && list->is_last;
}

/* ---- Writing the keys that are in place of a block */

struct target {
    struct sqa_posting_list *list;
    int64_t n;      /* keys of the list, for the last block */
    bool is_last;   /* what comes last is the last block of a value */
    bool is_append; /* keys came behind all others: blocks before the last one are full */
    bool is_kept;   /* the row of the current block, in NAME_blocks, stays for what comes first */
    size_t most;    /* bytes of a block */
};

static bool fits_one(const struct target *to, const int64_t *keys, size_t n) {
    return n <= SQA_BLOCK_KEYS &&
           sqa_block_size(n, (uint64_t)keys[n - 1] - (uint64_t)keys[0]) <= to->most;
}

/* How many of the keys become the next block: full ones, or halves with room for what will come between */
static size_t update_part_of(const struct target *to, const int64_t *keys, size_t n) {
    if (to->is_append)
        return sqa_block_fit(keys, n, to->most);
    while (!fits_one(to, keys, n))
        n = n / 2;
    return n;
}

static int write_parts(const struct target *to, const int64_t *keys, size_t n) {
    struct sqa_posting_list *list = to->list;
    bool is_kept = to->is_kept;
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && n > 0) {
        const size_t part = update_part_of(to, keys, n);
        if (is_kept)
            rc = sqa_rewrite_block(list->index, list->id, keys, part);
        else if (part == n && to->is_last)
            rc = sqa_write_last_block(list->index, list->value, to->n, keys, part);
        else
            rc = sqa_write_block(list->index, list->is_rows, list->value, keys, part);
        is_kept = false;
        keys += part;
        n -= part;
    }
    return rc;
}

/* The last block of a value has no key left: the one before takes its place, or the list, of n keys, has come to its end. */
static int promote(struct sqa_list_update *update, struct sqa_posting_list *list, int64_t n) {
    const int64_t value = list->value;
    int rc = n == 0 ? run_with(list->index, SQA_INDEX_DROP_VALUE, value) : SQLITE_OK;
    if (rc != SQLITE_OK || n == 0)
        return rc;
    rc = sqa_list_seek_stored(list, INT64_MAX);
    if (rc == SQLITE_OK && !list->has_block)
        rc = sqa_index_corrupt(list->index, false, value, "has another count than keys");
    if (rc == SQLITE_OK)
        rc = sqa_list_decode(list);
    if (rc == SQLITE_OK && !update_make_room(update, list->block.n))
        rc = SQLITE_NOMEM;
    if (rc != SQLITE_OK)
        return rc;
    memcpy(update->keys, list->keys, list->block.n * sizeof update->keys[0]);
    rc = drop_current(list);
    return rc == SQLITE_OK
               ? sqa_write_last_block(list->index, value, n, update->keys, list->block.n)
               : rc;
}

/* Writes the count of a list whose last block has not been written with it. */
static int set_count(struct sqa_posting_list *list, int64_t difference) {
    sqlite3_stmt *set;
    int rc = sqa_list_count(list);
    if (rc == SQLITE_OK)
        rc = sqa_index_statement(list->index, SQA_INDEX_SET_COUNT, &set);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(set, 1, list->value);
    sqlite3_bind_int64(set, 2, list->n + difference);
    return sqa_statement_run(set);
}

/* Writes n keys in place of the current block, or, where there is none, as a list. */
static int write_keys(struct sqa_list_update *update, struct sqa_posting_list *list, size_t n,
                      bool is_append) {
    const bool is_stored = list->has_block && !is_last_of_value(list);
    const bool is_same = is_stored && n > 0 && update->keys[0] == list->block.first;
    const struct target to = {
        list,      list->n + update->difference, !is_stored && !list->is_rows,
        is_append, is_same && !list->is_rows,    sqa_index_block_bytes(update->index)};
    int rc = SQLITE_OK;
    if (to.is_last) { /* the count is written with it, and the last block may be another */
        update->difference = 0;
        list->is_known = false;
    }
    if (n == 0)
        return to.is_last ? promote(update, list, to.n) : drop_current(list);
    if (is_stored && !is_same)
        rc = drop_current(list);
    return rc == SQLITE_OK ? write_parts(&to, update->keys, n) : rc;
}

/* ---- Merging changes into a block */

/* update->keys becomes the block's n keys, changed; how many. */
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

/* The keys below *fence belong to the current block; has_fence is false where all do that are not below its first. */
static int find_fence(struct sqa_posting_list *list, int64_t *fence, bool *has_fence) {
    sqlite3_stmt *after;
    *has_fence = false;
    if (!list->has_block || is_last_of_value(list))
        return SQLITE_OK;
    int rc = sqa_index_statement(
        list->index, list->is_rows ? SQA_INDEX_ROWS_AFTER : SQA_INDEX_BLOCK_AFTER, &after);
    if (rc != SQLITE_OK)
        return rc;
    if (!list->is_rows)
        sqlite3_bind_int64(after, 1, list->value);
    sqlite3_bind_int64(after, 2, list->block.first);
    if (sqlite3_step(after) == SQLITE_ROW) {
        *fence = sqlite3_column_int64(after, 1);
        *has_fence = true;
    } else if (!list->is_rows) {
        *fence = list->last_first;
        *has_fence = true;
    }
    return sqlite3_reset(after);
}

/* Does the block stay as it is, and the changes, all of which add keys behind it, become blocks of their own? */
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
** How many of n changes fall into the current block: those up to its last key, or, where there is none of these, those
** before the next block. *is_end: there is no block behind it.
*/
static int count_changes(struct sqa_posting_list *list, const struct sqa_key_change *changes,
                         size_t n, size_t *count, bool *is_end) {
    const bool is_all = !list->has_block || is_last_of_value(list);
    int64_t last = is_all ? INT64_MAX : list->block.last;
    int rc = SQLITE_OK;
    *is_end = is_all;
    if (!is_all && changes[0].key > last) {
        int64_t fence = 0;
        bool has_fence;
        rc = find_fence(list, &fence, &has_fence);
        last = has_fence ? fence - 1 : INT64_MAX;
        *is_end = !has_fence;
    }
    for (*count = 0; *count < n && *count < SQA_BLOCK_KEYS && changes[*count].key <= last;)
        ++*count;
    return rc;
}

/* Makes the first changes, those that fall into the block that has the first key; *done: how many. */
static int update_block(struct sqa_list_update *update, struct sqa_posting_list *list,
                        const struct sqa_key_change *changes, size_t n, size_t *done) {
    bool is_end = false, is_changed;
    int rc = sqa_list_seek(list, changes[0].key);
    if (rc == SQLITE_OK)
        rc = count_changes(list, changes, n, done, &is_end);
    if (rc == SQLITE_OK && list->has_block)
        rc = sqa_list_decode(list);
    if (rc != SQLITE_OK)
        return rc;
    const bool is_append = is_end && (!list->has_block || changes[0].key > list->block.last);
    if (list->has_block && is_append && is_full_before(update, list, changes, *done)) {
        if (!list->is_rows) /* the full one moves to NAME_blocks, as it is */
            rc = sqa_write_block(update->index, false, list->value, list->keys, list->block.n);
        list->has_block = false;
    }
    const size_t before = list->has_block ? list->block.n : 0;
    if (rc == SQLITE_OK && !update_make_room(update, before + *done))
        rc = SQLITE_NOMEM;
    if (rc != SQLITE_OK)
        return rc;
    const size_t after = merge_changes(update, list->keys, before, changes, *done, &is_changed);
    if (!is_changed || after + before == 0)
        return SQLITE_OK;
    update->difference += (int64_t)after - (int64_t)before;
    return write_keys(update, list, after, is_append);
}

int sqa_update_list(struct sqa_list_update *update, bool is_rows, int64_t value,
                    const struct sqa_key_change *changes, size_t n) {
    struct sqa_posting_list list;
    int rc = SQLITE_OK;
    update->difference = 0;
    sqa_list_init(&list, update->index, is_rows, value);
    for (size_t at = 0, done = 0; rc == SQLITE_OK && at < n; at += done) {
        rc = update_block(update, &list, changes + at, n - at, &done);
        list.has_block = list.is_decoded = false;
    }
    if (rc == SQLITE_OK && !is_rows && update->difference != 0)
        rc = set_count(&list, update->difference);
    sqa_list_clear(&list);
    return rc;
}
