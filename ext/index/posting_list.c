#include "index/posting_list.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* Bitmaps with at most so many keys are decoded to keys. */
enum { FEW_BITS = 1024 };
/* No list has more keys than this, so that counts can be added. */
#define MOST_KEYS ((int64_t)1 << 56)

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

static void corrupt(struct sqa_posting_list *list, const char *what) {
    list->has_block = false;
    sqa_index_corrupt(list->index, list->is_rows, list->value, what);
}

static const struct sqa_kernels *list_kernels_of(const struct sqa_posting_list *list) {
    return list->index->vtab.connection->kernels;
}

int64_t sqa_list_read_count(struct sqa_index *index, int64_t value, sqlite3_stmt *row, int column) {
    const int64_t n = sqlite3_column_int64(row, column);
    if (sqlite3_column_type(row, column) == SQLITE_INTEGER && n > 0 && n <= MOST_KEYS)
        return n;
    sqa_index_corrupt(index, false, value, "has an impossible count");
    return 0;
}

const char *sqa_list_read_block(struct sqa_index *index, sqlite3_stmt *row, int column,
                                bool may_be_null, unsigned char **bytes,
                                struct sqa_posting_block *block) {
    static const unsigned char one[] = {SQA_BLOCK_RUN, 1, 0};
    const int64_t first = sqlite3_column_int64(row, column);
    const int type = sqlite3_column_type(row, column + 1);
    const bool is_one = type == SQLITE_NULL && may_be_null;
    const void *stored = is_one ? one : sqlite3_column_blob(row, column + 1);
    const size_t size = is_one ? sizeof one : (size_t)sqlite3_column_bytes(row, column + 1);
    if (sqlite3_column_type(row, column) != SQLITE_INTEGER || (!is_one && type != SQLITE_BLOB) ||
        size > SQA_BLOCK_BYTES)
        return "has a block that is none";
    *bytes = sqa_index_reserve(index, *bytes, 0, size + SQA_BLOCK_SLACK);
    if (sqa_index_failed(index))
        return NULL;
    if (size > 0)
        memcpy(*bytes, stored, size);
    memset(*bytes + size, 0, SQA_BLOCK_SLACK);
    return sqa_block_open(block, first, *bytes, size) ? NULL : "has a damaged block";
}

/* Makes the block in columns 1 and 2 of the statement's row the current one. */
static void list_take_block(struct sqa_posting_list *list, sqlite3_stmt *row) {
    enum { FIRST = 1 };
    const char *wrong =
        sqa_list_read_block(list->index, row, FIRST, list->is_last, &list->bytes, &list->block);
    list->has_block = wrong == NULL && !sqa_index_failed(list->index);
    if (wrong != NULL)
        corrupt(list, wrong);
}

/* Ends a statement whose row has become the current block. */
static void end_block(struct sqa_posting_list *list, sqlite3_stmt *row) {
    sqa_vtab_reset(&list->index->vtab, row);
    list->has_block &= !sqa_index_failed(list->index);
}

/* Reads the row of NAME_values. If with_block is true, makes its block the current one. */
static void read_value(struct sqa_posting_list *list, bool with_block) {
    sqlite3_stmt *row = sqa_index_statement(list->index, SQA_INDEX_GET_VALUE);
    sqa_bind(row, 1, list->value);
    list->n = 0;
    list->has_block = list->is_decoded = false;
    if (sqa_vtab_step(&list->index->vtab, row)) {
        list->n = sqa_list_read_count(list->index, list->value, row, 0);
        list->last_first = sqlite3_column_int64(row, 1);
        list->is_last = true;
        if (with_block && !sqa_index_failed(list->index))
            list_take_block(list, row);
    }
    end_block(list, row);
    list->is_known = !sqa_index_failed(list->index);
}

void sqa_list_count(struct sqa_posting_list *list) {
    if (!list->is_rows && !list->is_known)
        read_value(list, false);
}

/*
** Makes the block that the statement returns for this key the current one. If it returns none,
** has_block is false.
*/
static void read_block(struct sqa_posting_list *list, bool before, int64_t key) {
    const enum sqa_index_statement which =
        list->is_rows ? (before ? SQA_INDEX_ROWS_BEFORE : SQA_INDEX_ROWS_AFTER)
                      : (before ? SQA_INDEX_BLOCK_BEFORE : SQA_INDEX_BLOCK_AFTER);
    sqlite3_stmt *row = sqa_index_statement(list->index, which);
    if (!list->is_rows)
        sqa_bind(row, 1, list->value);
    sqa_bind(row, 2, key);
    list->has_block = list->is_decoded = false;
    if (sqa_vtab_step(&list->index->vtab, row)) {
        list->is_last = false;
        list->id = sqlite3_column_int64(row, 0);
        list_take_block(list, row);
    }
    end_block(list, row);
    if (list->has_block && !list->is_rows && list->block.last >= list->last_first)
        corrupt(list, "has blocks that overlap");
}

/* Reads the next block in NAME_blocks or NAME_rows, or after these the last one of a value. */
static void read_block_after(struct sqa_posting_list *list, int64_t key) {
    read_block(list, false, key);
    if (!list->has_block && !list->is_rows)
        read_value(list, true);
}

void sqa_list_seek(struct sqa_posting_list *list, int64_t key) {
    sqa_list_count(list);
    list->has_block = false;
    list->steps = 0;
    if (!list->is_rows && list->n == 0)
        return;
    if (!list->is_rows && key >= list->last_first) {
        read_value(list, true);
    } else {
        read_block(list, true, key);
        if (!list->has_block)
            read_block_after(list, key);
    }
    if (list->has_block)
        list->from = list->block.first <= key ? list->block.first : INT64_MIN;
}

void sqa_list_seek_stored(struct sqa_posting_list *list, int64_t key) {
    read_block(list, true, key);
}

void sqa_list_next(struct sqa_posting_list *list) {
    const int64_t last = list->block.last;
    list->steps++;
    if (!list->is_rows && list->is_last) {
        list->has_block = false;
        return;
    }
    read_block_after(list, list->block.first);
    if (list->has_block && list->block.first <= last)
        corrupt(list, "has blocks that overlap");
    list->from = last < INT64_MAX ? last + 1 : INT64_MAX;
}

bool sqa_list_decode(struct sqa_posting_list *list) {
    if (sqa_index_failed(list->index))
        return false;
    if (list->is_decoded)
        return true;
    list->keys = sqa_index_reserve(list->index, list->keys, 0,
                                   (uint64_t)list->block.n * sizeof list->keys[0]);
    if (sqa_index_failed(list->index))
        return false;
    list->is_decoded = sqa_block_decode(list_kernels_of(list), &list->block, list->keys);
    if (!list->is_decoded)
        corrupt(list, "has a damaged block");
    return list->is_decoded;
}

/*
** Makes the first block with keys >= key the current one, if there is one. Tries the current block
** and the next two before it searches.
*/
static void reach(struct sqa_posting_list *list, int64_t key) {
    enum { STEPS = 2 };
    if (!list->has_block || key < list->from) {
        sqa_list_seek(list, key);
    } else {
        list->steps = 0;
        while (list->has_block && list->block.last < key) {
            if (list->is_last && !list->is_rows)
                return; /* the last block stays the current one */
            if (list->steps == STEPS) {
                sqa_list_seek(list, key);
                break;
            }
            sqa_list_next(list);
        }
    }
    /* the search has found the block before, and key is in the gap between both */
    if (list->has_block && list->block.last < key && (list->is_rows || !list->is_last))
        sqa_list_next(list);
}

/* Returns how many of the n ascending keys are below `key`. */
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

/*
** Finds the nearest key to `key`, which is not outside the first and the last key of the current
** block. Returns false after a failure.
*/
static bool nearest_in_block(struct sqa_posting_list *list, int64_t key, bool backwards,
                             int64_t *nearest) {
    const struct sqa_posting_block *block = &list->block;
    if (block->codec == SQA_BLOCK_RUN) {
        *nearest = key;
        return true;
    }
    if (block->codec == SQA_BLOCK_BITMAP) { /* the first and the last bit are 1 */
        uint64_t i = (uint64_t)key - (uint64_t)block->first;
        while (!bit_of(block, i))
            i += backwards ? UINT64_MAX : 1;
        *nearest = (int64_t)((uint64_t)block->first + i);
        return true;
    }
    if (!sqa_list_decode(list))
        return false;
    const size_t at = count_below(list->keys, block->n, key);
    *nearest = list->keys[backwards && list->keys[at] > key ? at - 1 : at];
    return true;
}

bool sqa_list_nearest(struct sqa_posting_list *list, int64_t key, bool backwards,
                      int64_t *nearest) {
    const struct sqa_posting_block *block = &list->block;
    const bool is_inside = list->has_block && block->first <= key && key <= block->last;
    if (!is_inside && backwards)
        sqa_list_seek(list, key);
    else if (!is_inside)
        reach(list, key);
    if (!list->has_block || (backwards ? block->first > key : key > block->last))
        return false;
    if (backwards ? block->last > key : key > block->first)
        return nearest_in_block(list, key, backwards, nearest);
    *nearest = backwards ? block->last : block->first;
    return true;
}

/* Adds the keys from lo to hi of the current block. Both are within its range. */
static void collect_block(struct sqa_posting_list *list, int64_t lo, int64_t hi,
                          struct sqa_key_window *window) {
    const struct sqa_posting_block *block = &list->block;
    const struct sqa_kernels *kernels = list_kernels_of(list);
    if (block->codec == SQA_BLOCK_RUN) {
        sqa_window_add_run(kernels, window, lo, hi);
    } else if (block->codec == SQA_BLOCK_BITMAP && block->n > FEW_BITS) {
        sqa_window_add_bitmap(kernels, window, block, lo, hi);
    } else if (sqa_list_decode(list)) {
        const size_t from = lo == block->first ? 0 : count_below(list->keys, block->n, lo);
        const size_t to = hi == block->last ? block->n : count_below(list->keys, block->n, hi + 1);
        sqa_window_add(kernels, window, list->keys + from, to - from);
    }
}

void sqa_list_collect(struct sqa_posting_list *list, int64_t lo, int64_t hi,
                      struct sqa_key_window *window) {
    reach(list, lo);
    while (list->has_block && list->block.first <= hi) {
        const int64_t first = list->block.first, last = list->block.last;
        if (last >= lo)
            collect_block(list, first > lo ? first : lo, last < hi ? last : hi, window);
        if (last >= hi || (list->is_last && !list->is_rows))
            break;
        sqa_list_next(list);
    }
}
