#include "index/facets.h"

#include <string.h>

#include "index/answers.h"
#include "index/log.h"
#include "index/row_array.h"

SQLITE_EXTENSION_INIT3

/* For up to so many rows their arrays are read; reading all lists of a large table takes as long as that. */
enum { FEW_ROWS = 8000 };

void sqa_facets_clear(struct sqa_facets *facets) {
    sqa_pool_give(facets->facets);
    facets->facets = NULL;
    facets->n = 0;
}

static int facets_add(struct sqa_facets *facets, int64_t value, int64_t count) {
    struct sqa_pool *pool = facets->index->vtab.connection->pool;
    const uint64_t size = (facets->n + 1) * sizeof facets->facets[0];
    if (count <= 0)
        return SQLITE_OK;
    if (facets->facets == NULL || sqa_pool_capacity(facets->facets) < size) {
        void *grown = facets->facets == NULL
                          ? sqa_pool_take(pool, 1024 * sizeof facets->facets[0])
                          : sqa_pool_grow(pool, facets->facets,
                                          facets->n * sizeof facets->facets[0], 2 * size);
        if (grown == NULL)
            return SQLITE_NOMEM;
        facets->facets = grown;
    }
    facets->facets[facets->n++] = (struct sqa_facet){value, count};
    return SQLITE_OK;
}

/* ---- Few rows: their arrays */

struct values {
    int64_t *values; /* of the pool */
    size_t n;
};

static int add_array(struct sqa_index *index, struct values *to, sqlite3_value *value) {
    struct sqa_pool *pool = index->vtab.connection->pool;
    struct sqa_row_array array;
    size_t n = 0;
    int rc = sqa_row_array_read(index, value, &array);
    int64_t *set = rc == SQLITE_OK ? sqa_row_array_set(index, &array, &n) : NULL;
    sqa_row_array_clear(&array);
    if (set == NULL)
        return rc == SQLITE_OK ? SQLITE_NOMEM : rc;
    const uint64_t size = (to->n + n) * sizeof to->values[0];
    if (to->values == NULL || sqa_pool_capacity(to->values) < size) {
        void *grown = to->values == NULL
                          ? sqa_pool_take(pool, size + 8192)
                          : sqa_pool_grow(pool, to->values, to->n * sizeof to->values[0], 2 * size);
        if (grown == NULL)
            rc = SQLITE_NOMEM;
        else
            to->values = grown;
    }
    if (rc == SQLITE_OK && n > 0)
        memcpy(to->values + to->n, set, n * sizeof set[0]);
    to->n += rc == SQLITE_OK ? n : 0;
    sqa_pool_give(set);
    return rc;
}

static int facets_add_row(struct sqa_index *index, struct values *to, int64_t key) {
    sqlite3_stmt *row;
    int rc = sqa_index_statement(index, SQA_INDEX_GET_ARRAY, &row);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(row, 1, key);
    if (sqlite3_step(row) == SQLITE_ROW)
        rc = add_array(index, to, sqlite3_column_value(row, 0));
    const int end = sqlite3_reset(row);
    return rc != SQLITE_OK ? rc : end;
}

static int add_rows(struct sqa_index *index, const struct sqa_answers *answers, struct values *to) {
    int rc = SQLITE_OK;
    for (size_t w = 0; w < answers->count; w++) {
        const struct sqa_answer_window *window = &answers->windows[w];
        const unsigned char *bytes = answers->bytes + window->at;
        if (!window->is_bitmap) {
            for (size_t i = 0; i < window->n && rc == SQLITE_OK; i++) {
                uint16_t place;
                memcpy(&place, bytes + i * sizeof place, sizeof place);
                rc = facets_add_row(index, to, window->base + place);
            }
            continue;
        }
        for (unsigned place = 0; place < SQA_KEY_WINDOW && rc == SQLITE_OK; place++) {
            if ((bytes[place / 8] >> place % 8 & 1) != 0)
                rc = facets_add_row(index, to, window->base + place);
        }
    }
    return rc;
}

static int count_rows(struct sqa_facets *facets, const struct sqa_answers *answers) {
    const struct sqa_connection *connection = facets->index->vtab.connection;
    struct values all = {NULL, 0};
    int rc = add_rows(facets->index, answers, &all);
    int64_t *scratch = sqa_pool_take(connection->pool, (uint64_t)all.n * sizeof scratch[0]);
    if (rc == SQLITE_OK && scratch == NULL)
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK && all.n > 0)
        connection->kernels->sort[3](all.values, all.n, scratch, NULL);
    for (size_t i = 0; i < all.n && rc == SQLITE_OK;) {
        size_t end = i + 1;
        while (end < all.n && all.values[end] == all.values[i])
            end++;
        rc = facets_add(facets, all.values[i], (int64_t)(end - i));
        i = end;
    }
    sqa_pool_give(all.values);
    sqa_pool_give(scratch);
    return rc;
}

/* ---- Many rows: all lists */

/* A walk over all lists, and what is found of the current one */
struct lists {
    struct sqa_facets *facets;
    const struct sqa_answers *answers; /* NULL: all rows */
    sqlite3_stmt *values, *blocks;     /* value, n, first, block; value, first, block */
    bool has_block;                    /* the row of `blocks` is not counted yet */
    int64_t *keys;
    unsigned char *bytes;
    size_t logged; /* the next pair of the log, in order */
};

/* How many keys of the block in these columns are among the answers */
static int count_block(const struct lists *lists, sqlite3_stmt *row, int column, int64_t value,
                       int64_t *count) {
    static const unsigned char one[] = {SQA_BLOCK_RUN, 1, 0};
    struct sqa_index *index = lists->facets->index;
    const int64_t first = sqlite3_column_int64(row, column);
    const void *blob = sqlite3_column_blob(row, column + 1);
    const size_t size = (size_t)sqlite3_column_bytes(row, column + 1);
    struct sqa_posting_block block;
    if (size > SQA_BLOCK_BYTES)
        return sqa_index_corrupt(index, false, value, "has a block that is none");
    if (blob != NULL)
        memcpy(lists->bytes, blob, size);
    memset(lists->bytes + size, 0, SQA_BLOCK_SLACK);
    if (!sqa_block_open(&block, first, blob == NULL ? one : lists->bytes,
                        blob == NULL ? sizeof one : size) ||
        !sqa_block_decode(index->vtab.connection->kernels, &block, lists->keys))
        return sqa_index_corrupt(index, false, value, "has a damaged block");
    *count += (int64_t)sqa_answers_count(lists->answers, lists->keys, block.n);
    return SQLITE_OK;
}

static int next_block(struct lists *lists) {
    lists->has_block = sqlite3_step(lists->blocks) == SQLITE_ROW;
    return lists->has_block ? SQLITE_OK : sqlite3_reset(lists->blocks);
}

/* The blocks of a value in NAME_blocks, which are next */
static int count_blocks(struct lists *lists, int64_t value, int64_t *count) {
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && lists->has_block && sqlite3_column_int64(lists->blocks, 0) <= value) {
        if (sqlite3_column_int64(lists->blocks, 0) == value)
            rc = count_block(lists, lists->blocks, 1, value, count);
        if (rc == SQLITE_OK)
            rc = next_block(lists);
    }
    return rc;
}

/* By how much the waiting pairs of a value, which are next in the log, change the count */
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
        /* what the first pair of a key changes was not so before */
        if (lists->answers == NULL || sqa_answers_count(lists->answers, &first->key, 1) > 0)
            difference += last->is_added - !first->is_added;
    }
    return difference;
}

/* Values below `value`, or all with no value, that are in the log alone */
static int add_logged(struct lists *lists, const int64_t *value) {
    const struct sqa_log *log = sqa_index_log(lists->facets->index);
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && lists->logged < sqa_log_waiting(log)) {
        const struct sqa_pair *pair = sqa_log_at(log, lists->logged);
        if (pair->is_rows || (value != NULL && pair->value >= *value))
            break;
        const int64_t logged = pair->value;
        rc = facets_add(lists->facets, logged, logged_difference(lists, logged));
    }
    return rc;
}

static int count_value(struct lists *lists) {
    const int64_t value = sqlite3_column_int64(lists->values, 0);
    int64_t count = 0;
    int rc = add_logged(lists, &value);
    if (rc == SQLITE_OK && lists->answers == NULL)
        count = sqlite3_column_int64(lists->values, 1);
    else if (rc == SQLITE_OK)
        rc = count_block(lists, lists->values, 2, value, &count);
    if (rc == SQLITE_OK && lists->answers != NULL)
        rc = count_blocks(lists, value, &count);
    return rc == SQLITE_OK
               ? facets_add(lists->facets, value, count + logged_difference(lists, value))
               : rc;
}

static int count_lists(struct sqa_facets *facets, const struct sqa_answers *answers) {
    struct sqa_index *index = facets->index;
    struct sqa_pool *pool = index->vtab.connection->pool;
    struct lists lists = {.facets = facets, .answers = answers};
    int rc = sqa_index_statement(
        index, answers == NULL ? SQA_INDEX_ALL_COUNTS : SQA_INDEX_ALL_VALUES, &lists.values);
    if (rc == SQLITE_OK)
        rc = sqa_index_statement(index, SQA_INDEX_ALL_BLOCKS, &lists.blocks);
    lists.keys = sqa_pool_take(pool, SQA_BLOCK_KEYS * sizeof lists.keys[0]);
    lists.bytes = sqa_pool_take(pool, SQA_BLOCK_BYTES + SQA_BLOCK_SLACK);
    if (rc == SQLITE_OK && (lists.keys == NULL || lists.bytes == NULL))
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK && answers != NULL)
        rc = next_block(&lists);
    while (rc == SQLITE_OK && sqlite3_step(lists.values) == SQLITE_ROW)
        rc = count_value(&lists);
    const int end = sqlite3_reset(lists.values);
    const int end_blocks = sqlite3_reset(lists.blocks);
    if (rc == SQLITE_OK)
        rc = end != SQLITE_OK ? end : end_blocks;
    if (rc == SQLITE_OK)
        rc = add_logged(&lists, NULL);
    sqa_pool_give(lists.keys);
    sqa_pool_give(lists.bytes);
    return rc;
}

int sqa_facets_count(struct sqa_facets *facets, struct sqa_search *search) {
    struct sqa_answers answers = {.pool = NULL};
    if (search == NULL)
        return count_lists(facets, NULL);
    int rc = sqa_answers_gather(&answers, search);
    if (rc == SQLITE_OK)
        rc = answers.n <= FEW_ROWS ? count_rows(facets, &answers) : count_lists(facets, &answers);
    sqa_answers_clear(&answers);
    return rc;
}
