#include "index/list_merge.h"

#include <string.h>

#include "index/list_writer.h"
#include "index/posting_list.h"

SQLITE_EXTENSION_INIT3

/* Neighbouring blocks of a list that fit into one. The first one begins with the key `first`. */
struct run {
    int64_t value, first, last;
    size_t n; /* keys */
    int64_t blocks;
};

/* Returns a run of the one block in a row with the columns value, first, block. */
static struct run open_row(struct sqa_index *index, sqlite3_stmt *row) {
    struct sqa_posting_block block;
    const int64_t value = sqlite3_column_int64(row, 0);
    const void *bytes = sqlite3_column_blob(row, 2);
    if (bytes != NULL && sqa_block_open(&block, sqlite3_column_int64(row, 1), bytes,
                                        (size_t)sqlite3_column_bytes(row, 2)))
        return (struct run){value, block.first, block.last, block.n, 1};
    sqa_index_corrupt(index, false, value, "has a damaged block");
    return (struct run){.value = value};
}

static bool fits(const struct sqa_index *index, const struct run *run, const struct run *next) {
    const size_t n = run->n + next->n;
    return run->value == next->value && next->first > run->last && n <= SQA_BLOCK_KEYS &&
           sqa_block_size(n, (uint64_t)next->last - (uint64_t)run->first) <=
               sqa_index_block_bytes(index);
}

/*
** Returns the first run of 2 to `most` blocks after this block. If there is none, the result has
** fewer than 2 blocks.
*/
static struct run merge_find_run(struct sqa_index *index, int64_t value, int64_t first,
                                 int64_t most) {
    struct run run = {.blocks = 0};
    sqlite3_stmt *rows = sqa_index_statement(index, SQA_INDEX_BLOCKS_BEHIND);
    sqa_bind_two(rows, 1, value, first);
    while (sqa_vtab_step(&index->vtab, rows)) {
        const struct run one = open_row(index, rows);
        if (run.blocks > 0 && run.blocks < most && fits(index, &run, &one)) {
            run.last = one.last;
            run.n += one.n;
            run.blocks++;
        } else if (run.blocks > 1) {
            break;
        } else {
            run = one;
        }
    }
    sqa_vtab_reset(&index->vtab, rows);
    return run;
}

/*
** Appends the keys of the current block to keys, which has n, and deletes the block. Returns the
** new number of keys.
*/
static size_t merge_take_block(struct sqa_posting_list *list, size_t most, int64_t *keys,
                               size_t n) {
    if (!list->has_block || list->is_last)
        sqa_index_corrupt(list->index, false, list->value, "has lost a block");
    else if (n + list->block.n > most)
        sqa_index_corrupt(list->index, false, list->value, "has blocks that overlap");
    if (!sqa_list_decode(list))
        return n;
    memcpy(keys + n, list->keys, list->block.n * sizeof keys[0]);
    sqa_index_run_with(list->index, SQA_INDEX_DROP_BLOCK, list->id);
    return n + list->block.n;
}

/* Merges a run into one block. */
static void merge_one_run(struct sqa_index *index, const struct run *run) {
    struct sqa_posting_list list;
    int64_t *keys = sqa_index_reserve(index, NULL, 0, (uint64_t)run->n * sizeof keys[0]);
    size_t n = 0;
    sqa_list_init(&list, index, false, run->value);
    sqa_list_seek(&list, run->first);
    for (int64_t i = 0; i < run->blocks && !sqa_index_failed(index); i++) {
        n = merge_take_block(&list, run->n, keys, n);
        if (i + 1 < run->blocks)
            sqa_list_next(&list);
    }
    if (!sqa_index_failed(index))
        sqa_write_block(index, false, run->value, keys, n);
    sqa_list_clear(&list);
    sqa_pool_give(keys);
}

void sqa_merge_lists(struct sqa_index *index, int64_t most) {
    int64_t value = INT64_MIN, first = INT64_MIN;
    if (sqa_vtab_flush(&index->vtab) != SQLITE_OK)
        return;
    const struct sqa_change change = sqa_memory_begin_change(index->vtab.memory);
    while (most > 0) {
        const struct run run = merge_find_run(index, value, first, most + 1);
        if (run.blocks < 2 || sqa_index_failed(index))
            break;
        merge_one_run(index, &run);
        value = run.value;
        first = run.last;
        most -= run.blocks - 1;
    }
    sqa_memory_end_change(index->vtab.memory, change, index->vtab.status);
}
