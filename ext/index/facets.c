#include "index/facets.h"

#include <string.h>

#include "index/answers.h"
#include "index/log.h"
#include "index/row_array.h"

SQLITE_EXTENSION_INIT3

/* Arrays of up to so many rows are read. Reading all lists of a large table takes as long. */
enum { FEW_ROWS = 8000 };

void sqa_facets_clear(struct sqa_facets *facets) {
    sqa_pool_give(facets->facets);
    facets->facets = NULL;
    facets->n = 0;
}

static void facets_add(struct sqa_facets *facets, int64_t value, int64_t count) {
    const size_t size = sizeof facets->facets[0], n = facets->n;
    if (count <= 0)
        return;
    facets->facets =
        sqa_index_reserve(facets->index, facets->facets, n * size, (n < 256 ? 256 : n + 1) * size);
    if (!sqa_index_failed(facets->index))
        facets->facets[facets->n++] = (struct sqa_facet){value, count};
}

/* ---- Counting the arrays of a few rows */

struct values {
    int64_t *values; /* of the pool */
    size_t n;
};

static void add_array(struct sqa_index *index, struct values *to, sqlite3_value *value) {
    struct sqa_row_array array = sqa_row_array_read(index, value);
    size_t n;
    int64_t *set = sqa_row_array_set(index, &array, &n);
    sqa_row_array_clear(&array);
    to->values = sqa_index_reserve(index, to->values, to->n * sizeof to->values[0],
                                   (to->n + n + 1024) * sizeof to->values[0]);
    if (!sqa_index_failed(index) && n > 0) {
        memcpy(to->values + to->n, set, n * sizeof set[0]);
        to->n += n;
    }
    sqa_pool_give(set);
}

static void facets_add_row(struct sqa_index *index, struct values *to, int64_t key) {
    sqlite3_stmt *row = sqa_index_statement(index, SQA_INDEX_GET_ARRAY);
    sqa_bind(row, 1, key);
    if (sqa_vtab_step(&index->vtab, row))
        add_array(index, to, sqlite3_column_value(row, 0));
    sqa_vtab_reset(&index->vtab, row);
}

static void add_rows_of(struct sqa_index *index, const struct sqa_answers *answers,
                        const struct sqa_answer_window *window, struct values *to) {
    const unsigned char *bytes = answers->bytes + window->at;
    if (!window->is_bitmap) {
        for (size_t i = 0; i < window->n; i++) {
            uint16_t place;
            memcpy(&place, bytes + i * sizeof place, sizeof place);
            facets_add_row(index, to, window->base + place);
        }
        return;
    }
    for (unsigned place = 0; place < SQA_KEY_WINDOW; place++) {
        if ((bytes[place / 8] >> place % 8 & 1) != 0)
            facets_add_row(index, to, window->base + place);
    }
}

static void count_rows(struct sqa_facets *facets, const struct sqa_answers *answers) {
    struct sqa_index *index = facets->index;
    struct values all = {NULL, 0};
    for (size_t w = 0; w < answers->count && !sqa_index_failed(index); w++)
        add_rows_of(index, answers, &answers->windows[w], &all);
    int64_t *scratch = sqa_index_reserve(index, NULL, 0, (uint64_t)all.n * sizeof scratch[0]);
    if (scratch != NULL && all.n > 0)
        index->vtab.connection->kernels->sort[SQA_INDEX_64](all.values, all.n, scratch, NULL);
    for (size_t i = 0; i < all.n && !sqa_index_failed(index);) {
        size_t end = i + 1;
        while (end < all.n && all.values[end] == all.values[i])
            end++;
        facets_add(facets, all.values[i], (int64_t)(end - i));
        i = end;
    }
    sqa_pool_give(all.values);
    sqa_pool_give(scratch);
}

/* ---- Counting in all lists, for many rows */

/* A walk over all lists, with the state of the current one */
struct lists {
    struct sqa_facets *facets;
    const struct sqa_answers *answers; /* NULL: all rows */
    sqlite3_stmt *values, *blocks;     /* value, n, first, block; value, first, block */
    bool has_block;                    /* `blocks` has a row that has not been counted */
    int64_t *keys;                     /* of the pool: room for those of a block */
    unsigned char *bytes;              /* of the pool: a block */
    size_t logged;                     /* index of the next pair in the sorted log */
};

/*
** Returns how many keys of the block in this column and the next are among the answers. The last
** block of a list may be NULL.
*/
static int64_t count_block(struct lists *lists, sqlite3_stmt *row, int column, bool is_last,
                           int64_t value) {
    struct sqa_index *index = lists->facets->index;
    struct sqa_posting_block block;
    if (sqa_index_failed(index))
        return 0;
    const char *wrong = sqa_list_read_block(index, row, column, is_last, &lists->bytes, &block);
    if (sqa_index_failed(index))
        return 0;
    if (wrong == NULL && !sqa_block_decode(index->vtab.connection->kernels, &block, lists->keys))
        wrong = "has a damaged block";
    if (wrong == NULL)
        return (int64_t)sqa_answers_count(lists->answers, lists->keys, block.n);
    sqa_index_corrupt(index, false, value, wrong);
    return 0;
}

static void next_block(struct lists *lists) {
    struct sqa_vtab *vtab = &lists->facets->index->vtab;
    lists->has_block = sqa_vtab_step(vtab, lists->blocks);
    if (!lists->has_block)
        sqa_vtab_reset(vtab, lists->blocks);
}

/* Counts the blocks of a value in NAME_blocks. They are the next rows of `blocks`. */
static int64_t count_blocks(struct lists *lists, int64_t value) {
    int64_t count = 0;
    while (lists->has_block && sqlite3_column_int64(lists->blocks, 0) <= value) {
        if (sqlite3_column_int64(lists->blocks, 0) == value)
            count += count_block(lists, lists->blocks, 1, false, value);
        next_block(lists);
    }
    return count;
}

/* Returns by how much the pairs of this value, the next ones in the log, change its count. */
static int64_t logged_difference(struct lists *lists, int64_t value) {
    const struct sqa_log *log = sqa_index_log(lists->facets->index);
    int64_t difference = 0;
    while (lists->logged < sqa_log_waiting(log)) {
        const struct sqa_pair *first = sqa_log_at(log, lists->logged), *last = first;
        if (first->is_rows || first->value != value)
            break;
        while (lists->logged < sqa_log_waiting(log)) {
            const struct sqa_pair *pair = sqa_log_at(log, lists->logged);
            if (pair->is_rows || pair->value != value || pair->key != first->key)
                break;
            last = pair;
            lists->logged++;
        }
        /* the first pair of a key says the opposite of what was before */
        if (lists->answers == NULL || sqa_answers_count(lists->answers, &first->key, 1) > 0)
            difference += last->is_added - !first->is_added;
    }
    return difference;
}

/* Adds the values below *value, or all if value is NULL, that are only in the log. */
static void add_logged(struct lists *lists, const int64_t *value) {
    const struct sqa_log *log = sqa_index_log(lists->facets->index);
    while (lists->logged < sqa_log_waiting(log)) {
        const struct sqa_pair *pair = sqa_log_at(log, lists->logged);
        if (pair->is_rows || (value != NULL && pair->value >= *value))
            break;
        const int64_t logged = pair->value;
        facets_add(lists->facets, logged, logged_difference(lists, logged));
    }
}

/* Counts the list in the current row of `values`. */
static void count_value(struct lists *lists) {
    const int64_t value = sqlite3_column_int64(lists->values, 0);
    int64_t count;
    add_logged(lists, &value);
    if (lists->answers == NULL)
        count = sqa_list_read_count(lists->facets->index, value, lists->values, 1);
    else
        count = count_block(lists, lists->values, 2, true, value) + count_blocks(lists, value);
    facets_add(lists->facets, value, count + logged_difference(lists, value));
}

static void count_lists(struct sqa_facets *facets, const struct sqa_answers *answers) {
    struct sqa_index *index = facets->index;
    struct lists lists = {.facets = facets, .answers = answers};
    lists.values =
        sqa_index_statement(index, answers == NULL ? SQA_INDEX_ALL_COUNTS : SQA_INDEX_ALL_VALUES);
    lists.blocks = sqa_index_statement(index, SQA_INDEX_ALL_BLOCKS);
    lists.keys = sqa_index_reserve(index, NULL, 0, SQA_BLOCK_KEYS * sizeof lists.keys[0]);
    if (answers != NULL)
        next_block(&lists);
    while (sqa_vtab_step(&index->vtab, lists.values))
        count_value(&lists);
    sqa_vtab_reset(&index->vtab, lists.values);
    sqa_vtab_reset(&index->vtab, lists.blocks);
    add_logged(&lists, NULL);
    sqa_pool_give(lists.keys);
    sqa_pool_give(lists.bytes);
}

void sqa_facets_count(struct sqa_facets *facets, struct sqa_search *search) {
    struct sqa_answers answers = {.windows = NULL};
    if (sqa_index_failed(facets->index))
        return;
    if (search == NULL) {
        count_lists(facets, NULL);
        return;
    }
    sqa_answers_gather(&answers, search);
    if (answers.n <= FEW_ROWS)
        count_rows(facets, &answers);
    else
        count_lists(facets, &answers);
    sqa_answers_clear(&answers);
}
