#include "index/list_merge.h"

#include <string.h>

#include "index/list_writer.h"
#include "index/posting_list.h"

SQLITE_EXTENSION_INIT3

/* Neighbouring blocks of a value's list, the first of which begins with this key, that fit into one */
struct run {
    int64_t value, first, last;
    size_t n; /* keys */
    int64_t blocks;
};

/* Takes apart the header of a block in a row of value, first, block. */
static int open_row(struct sqa_index *index, sqlite3_stmt *row, struct run *one) {
    struct sqa_posting_block block;
    const void *bytes = sqlite3_column_blob(row, 2);
    *one = (struct run){.value = sqlite3_column_int64(row, 0)};
    if (bytes == NULL || !sqa_block_open(&block, sqlite3_column_int64(row, 1), bytes,
                                         (size_t)sqlite3_column_bytes(row, 2)))
        return sqa_index_corrupt(index, false, one->value, "has a damaged block");
    one->first = block.first;
    one->last = block.last;
    one->n = block.n;
    one->blocks = 1;
    return SQLITE_OK;
}

static bool fits(const struct sqa_index *index, const struct run *run, const struct run *next) {
    const size_t n = run->n + next->n;
    return run->value == next->value && next->first > run->last && n <= SQA_BLOCK_KEYS &&
           sqa_block_size(n, (uint64_t)next->last - (uint64_t)run->first) <=
               sqa_index_block_bytes(index);
}

/* The first run of several blocks, of no more than `most`, behind this value's block; none: run->blocks is below 2. */
static int merge_find_run(struct sqa_index *index, int64_t value, int64_t first, int64_t most,
                          struct run *run) {
    sqlite3_stmt *rows;
    int rc = sqa_index_statement(index, SQA_INDEX_BLOCKS_BEHIND, &rows);
    *run = (struct run){.blocks = 0};
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(rows, 1, value);
    sqlite3_bind_int64(rows, 2, first);
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        struct run one;
        rc = open_row(index, rows, &one);
        if (rc != SQLITE_OK)
            break;
        if (run->blocks > 0 && run->blocks < most && fits(index, run, &one)) {
            run->last = one.last;
            run->n += one.n;
            run->blocks++;
        } else if (run->blocks > 1) {
            break;
        } else {
            *run = one;
        }
    }
    const int end = sqlite3_reset(rows);
    return rc != SQLITE_OK ? rc : end;
}

/* Adds the keys of the list's current block to keys[0..*n), and drops it. */
static int merge_take_block(struct sqa_posting_list *list, size_t most, int64_t *keys, size_t *n) {
    sqlite3_stmt *drop;
    int rc = sqa_list_decode(list);
    if (rc == SQLITE_OK && *n + list->block.n > most)
        rc = sqa_index_corrupt(list->index, false, list->value, "has blocks that overlap");
    if (rc == SQLITE_OK)
        rc = sqa_index_statement(list->index, SQA_INDEX_DROP_BLOCK, &drop);
    if (rc != SQLITE_OK)
        return rc;
    memcpy(keys + *n, list->keys, list->block.n * sizeof keys[0]);
    *n += list->block.n;
    sqlite3_bind_int64(drop, 1, list->id);
    return sqa_statement_run(drop);
}

/* Makes one block of a run. */
static int merge_one_run(struct sqa_index *index, const struct run *run) {
    struct sqa_posting_list list;
    int64_t *keys = sqa_pool_take(index->vtab.connection->pool, (uint64_t)run->n * sizeof keys[0]);
    size_t n = 0;
    int rc = keys == NULL ? SQLITE_NOMEM : SQLITE_OK;
    sqa_list_init(&list, index, false, run->value);
    if (rc == SQLITE_OK)
        rc = sqa_list_seek(&list, run->first);
    for (int64_t i = 0; rc == SQLITE_OK && i < run->blocks; i++) {
        if (!list.has_block || list.is_last)
            rc = sqa_index_corrupt(index, false, run->value, "has lost a block");
        if (rc == SQLITE_OK)
            rc = merge_take_block(&list, run->n, keys, &n);
        if (rc == SQLITE_OK && i + 1 < run->blocks)
            rc = sqa_list_next(&list);
    }
    if (rc == SQLITE_OK)
        rc = sqa_write_block(index, false, run->value, keys, n);
    sqa_list_clear(&list);
    sqa_pool_give(keys);
    return rc;
}

int sqa_merge_lists(struct sqa_index *index, int64_t most) {
    int64_t value = INT64_MIN, first = INT64_MIN;
    int rc = sqa_vtab_flush(&index->vtab);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_change change = sqa_memory_begin_change(index->vtab.memory);
    while (rc == SQLITE_OK && most > 0) {
        struct run run;
        rc = merge_find_run(index, value, first, most + 1, &run);
        if (rc != SQLITE_OK || run.blocks < 2)
            break;
        rc = merge_one_run(index, &run);
        value = run.value;
        first = run.last;
        most -= run.blocks - 1;
    }
    sqa_memory_end_change(index->vtab.memory, change, rc);
    return rc;
}
