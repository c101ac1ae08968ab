#include "index/posting_list.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Bitmaps up to this many keys are handled as keys. */
enum { FEW_BITS = 1024 };

void sqa_list_init(struct sqa_posting_list *list, struct sqa_index *index, bool is_rows,
                   int64_t value) {
    *list = (struct sqa_posting_list){.index = index, .is_rows = is_rows, .value = value};
}

void sqa_list_clear(struct sqa_posting_list *list) {
    sqa_pool_give(list->bytes);
    sqa_pool_give(list->keys);
    list->bytes = NULL;
    list->keys = NULL;
    list->has_block = list->is_known = list->is_decoded = false;
}

void sqa_list_forget(struct sqa_posting_list *list) {
    list->is_known = list->has_block = list->is_decoded = false;
}

static int corrupt(struct sqa_posting_list *list, const char *what) {
    list->has_block = false;
    return sqa_index_corrupt(list->index, list->is_rows, list->value, what);
}

static struct sqa_pool *list_pool_of(const struct sqa_posting_list *list) {
    return list->index->vtab.connection->pool;
}
static const struct sqa_kernels *list_kernels_of(const struct sqa_posting_list *list) {
    return list->index->vtab.connection->kernels;
}

/* *memory becomes one of at least size bytes; what is in it is lost. */
static int list_make_room(struct sqa_posting_list *list, void **memory, uint64_t size) {
    if (*memory != NULL && sqa_pool_capacity(*memory) >= size)
        return SQLITE_OK;
    sqa_pool_give(*memory);
    *memory = sqa_pool_take(list_pool_of(list), size);
    return *memory != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

/*
** The current block becomes the one in columns `first` and `first` + 1 of a statement's row. A NULL in place of a
** block is the block of one key.
*/
static int list_take_block(struct sqa_posting_list *list, sqlite3_stmt *row, int column) {
    static const unsigned char one[] = {SQA_BLOCK_RUN, 1, 0};
    const int64_t first = sqlite3_column_int64(row, column);
    const int type = sqlite3_column_type(row, column + 1);
    const bool is_one = type == SQLITE_NULL && list->is_last;
    const void *bytes = is_one ? one : sqlite3_column_blob(row, column + 1);
    const size_t size = is_one ? sizeof one : (size_t)sqlite3_column_bytes(row, column + 1);
    void *memory = list->bytes;
    list->has_block = list->is_decoded = false;
    if (sqlite3_column_type(row, column) != SQLITE_INTEGER || (!is_one && type != SQLITE_BLOB) ||
        size > SQA_BLOCK_BYTES)
        return corrupt(list, "has a block that is none");
    const int rc = list_make_room(list, &memory, size + SQA_BLOCK_SLACK);
    list->bytes = memory;
    if (rc != SQLITE_OK)
        return rc;
    if (size > 0)
        memcpy(list->bytes, bytes, size);
    memset(list->bytes + size, 0, SQA_BLOCK_SLACK);
    if (!sqa_block_open(&list->block, first, list->bytes, size))
        return corrupt(list, "has a damaged block");
    list->has_block = true;
    return SQLITE_OK;
}

/* Reads the row of NAME_values; with_block: and its block becomes the current one. */
static int read_value(struct sqa_posting_list *list, bool with_block) {
    sqlite3_stmt *row;
    int rc = sqa_index_statement(list->index, SQA_INDEX_GET_VALUE, &row);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(row, 1, list->value);
    list->n = 0;
    list->is_known = true;
    list->has_block = false;
    if (sqlite3_step(row) == SQLITE_ROW) {
        list->n = sqlite3_column_int64(row, 0);
        list->last_first = sqlite3_column_int64(row, 1);
        list->is_last = true;
        if (list->n < 1)
            rc = corrupt(list, "has a count below 1");
        else if (with_block)
            rc = list_take_block(list, row, 1);
    }
    const int end = sqlite3_reset(row);
    return rc != SQLITE_OK ? rc : end;
}

int sqa_list_count(struct sqa_posting_list *list) {
    return list->is_rows || list->is_known ? SQLITE_OK : read_value(list, false);
}

/* The first row that a statement gives for this key becomes the current block; none: has_block is false. */
static int read_block(struct sqa_posting_list *list, bool before, int64_t key) {
    sqlite3_stmt *row;
    const enum sqa_index_statement which =
        list->is_rows ? (before ? SQA_INDEX_ROWS_BEFORE : SQA_INDEX_ROWS_AFTER)
                      : (before ? SQA_INDEX_BLOCK_BEFORE : SQA_INDEX_BLOCK_AFTER);
    int rc = sqa_index_statement(list->index, which, &row);
    if (rc != SQLITE_OK)
        return rc;
    if (!list->is_rows)
        sqlite3_bind_int64(row, 1, list->value);
    sqlite3_bind_int64(row, 2, key);
    list->has_block = false;
    if (sqlite3_step(row) == SQLITE_ROW) {
        list->is_last = false;
        list->id = sqlite3_column_int64(row, 0);
        rc = list_take_block(list, row, 1);
    }
    const int end = sqlite3_reset(row);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && list->has_block && !list->is_rows &&
        list->block.last >= list->last_first)
        rc = corrupt(list, "has blocks that overlap");
    return rc;
}

int sqa_list_seek(struct sqa_posting_list *list, int64_t key) {
    int rc = sqa_list_count(list);
    list->has_block = false;
    list->steps = 0;
    if (rc != SQLITE_OK || (!list->is_rows && list->n == 0))
        return rc;
    const bool in_last = !list->is_rows && key >= list->last_first;
    if (!in_last) {
        rc = read_block(list, true, key);
        if (rc == SQLITE_OK && !list->has_block)
            rc = read_block(list, false, key);
    }
    if (rc == SQLITE_OK && !list->has_block && !list->is_rows)
        rc = read_value(list, true);
    if (rc == SQLITE_OK && list->has_block)
        list->from = list->block.first <= key ? list->block.first : INT64_MIN;
    return rc;
}

int sqa_list_seek_stored(struct sqa_posting_list *list, int64_t key) {
    return read_block(list, true, key);
}

int sqa_list_next(struct sqa_posting_list *list) {
    const int64_t last = list->block.last;
    list->steps++;
    if (!list->is_rows && list->is_last) {
        list->has_block = false;
        return SQLITE_OK;
    }
    int rc = read_block(list, false, list->block.first);
    if (rc == SQLITE_OK && !list->has_block && !list->is_rows)
        rc = read_value(list, true);
    if (rc == SQLITE_OK && list->has_block && list->block.first <= last)
        rc = corrupt(list, "has blocks that overlap");
    list->from = last < INT64_MAX ? last + 1 : INT64_MAX;
    return rc;
}

int sqa_list_decode(struct sqa_posting_list *list) {
    void *memory = list->keys;
    if (list->is_decoded)
        return SQLITE_OK;
    const int rc = list_make_room(list, &memory, (uint64_t)list->block.n * sizeof list->keys[0]);
    list->keys = memory;
    if (rc != SQLITE_OK)
        return rc;
    list->is_decoded = sqa_block_decode(list_kernels_of(list), &list->block, list->keys);
    return list->is_decoded ? SQLITE_OK : corrupt(list, "has a damaged block");
}

/*
** Makes current the first block that has keys >= key, if there is one: the current one may be it, or one of the next two;
** else it is searched for.
*/
static int reach(struct sqa_posting_list *list, int64_t key) {
    enum { STEPS = 2 };
    int rc = SQLITE_OK;
    if (!list->has_block || key < list->from) {
        rc = sqa_list_seek(list, key);
    } else {
        list->steps = 0;
        while (rc == SQLITE_OK && list->has_block && list->block.last < key) {
            if (list->is_last && !list->is_rows)
                return SQLITE_OK; /* it stays: the block is where keys above it would be */
            rc = list->steps < STEPS ? sqa_list_next(list) : sqa_list_seek(list, key);
            if (list->steps == 0)
                break;
        }
    }
    /* a search has found the block before a gap */
    if (rc == SQLITE_OK && list->has_block && list->block.last < key &&
        (list->is_rows || !list->is_last))
        rc = sqa_list_next(list);
    return rc;
}

/* Of n ascending keys those that are below `key` */
static size_t count_below(const int64_t *keys, size_t n, int64_t key) {
    size_t below = 0;
    for (size_t left = n; left > 0;) {
        const size_t half = left - left / 2;
        below += keys[below + half - 1] < key ? half : 0;
        left -= half;
    }
    return below;
}

static bool bit_of(const struct sqa_posting_block *block, uint64_t i) {
    return (block->payload[i / 8] >> i % 8 & 1) != 0;
}

/* The nearest key of the current block, which has one at or beyond `key`: its first is <= key <= its last. */
static int nearest_in_block(struct sqa_posting_list *list, int64_t key, bool backwards,
                            int64_t *nearest) {
    const struct sqa_posting_block *block = &list->block;
    if (block->codec == SQA_BLOCK_RUN) {
        *nearest = key;
        return SQLITE_OK;
    }
    if (block->codec == SQA_BLOCK_BITMAP) { /* its first and its last bit are 1 */
        uint64_t i = (uint64_t)key - (uint64_t)block->first;
        while (!bit_of(block, i))
            i += backwards ? UINT64_MAX : 1;
        *nearest = (int64_t)((uint64_t)block->first + i);
        return SQLITE_OK;
    }
    const int rc = sqa_list_decode(list);
    if (rc != SQLITE_OK)
        return rc;
    const size_t at = count_below(list->keys, block->n, key);
    *nearest = list->keys[backwards && list->keys[at] > key ? at - 1 : at];
    return SQLITE_OK;
}

int sqa_list_nearest(struct sqa_posting_list *list, int64_t key, bool backwards, int64_t *nearest,
                     bool *found) {
    const bool is_inside = list->has_block && list->block.first <= key && key <= list->block.last;
    int rc = SQLITE_OK;
    if (!is_inside)
        rc = backwards ? sqa_list_seek(list, key) : reach(list, key);
    const struct sqa_posting_block *block = &list->block;
    *found = rc == SQLITE_OK && list->has_block &&
             (backwards ? block->first <= key : key <= block->last);
    if (!*found)
        return rc;
    if (backwards ? block->last <= key : key <= block->first) {
        *nearest = backwards ? block->last : block->first;
        return SQLITE_OK;
    }
    return nearest_in_block(list, key, backwards, nearest);
}

/* Adds the keys lo .. hi of the current block, in whose range both are. */
static int collect_block(struct sqa_posting_list *list, int64_t lo, int64_t hi,
                         struct sqa_key_window *window) {
    const struct sqa_posting_block *block = &list->block;
    const struct sqa_kernels *kernels = list_kernels_of(list);
    if (block->codec == SQA_BLOCK_RUN) {
        sqa_window_add_run(kernels, window, lo, hi);
        return SQLITE_OK;
    }
    if (block->codec == SQA_BLOCK_BITMAP && block->n > FEW_BITS) {
        sqa_window_add_bitmap(kernels, window, block, lo, hi);
        return SQLITE_OK;
    }
    const int rc = sqa_list_decode(list);
    if (rc != SQLITE_OK)
        return rc;
    const size_t from = lo == block->first ? 0 : count_below(list->keys, block->n, lo);
    const size_t to = hi == block->last ? block->n : count_below(list->keys, block->n, hi + 1);
    sqa_window_add(kernels, window, list->keys + from, to - from);
    return SQLITE_OK;
}

int sqa_list_collect(struct sqa_posting_list *list, int64_t lo, int64_t hi,
                     struct sqa_key_window *window) {
    int rc = reach(list, lo);
    while (rc == SQLITE_OK && list->has_block && list->block.first <= hi) {
        const int64_t first = list->block.first, last = list->block.last;
        if (last >= lo)
            rc = collect_block(list, first > lo ? first : lo, last < hi ? last : hi, window);
        if (rc != SQLITE_OK || last >= hi || (list->is_last && !list->is_rows))
            break;
        rc = sqa_list_next(list);
    }
    return rc;
}
