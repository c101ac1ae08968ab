#include "index/list_check.h"

#include "index/builder.h"
#include "index/posting_list.h"

SQLITE_EXTENSION_INIT3

/* A list that is read along with what the table says: its next key is number `at` of the current block. */
struct reading {
    struct sqa_posting_list list;
    size_t at;
};

struct check {
    struct sqa_index *index;
    struct reading rows, list;
    int64_t values, blocks; /* seen */
};

static int check_begin_reading(struct check *check, struct reading *reading, bool is_rows,
                               int64_t value) {
    sqa_list_clear(&reading->list);
    sqa_list_init(&reading->list, check->index, is_rows, value);
    reading->at = 0;
    return sqa_list_seek(&reading->list, INT64_MIN);
}

static int differ(const struct reading *reading, const char *what) {
    return sqa_index_corrupt(reading->list.index, reading->list.is_rows, reading->list.value, what);
}

/* The list's next key has to be this one. */
static int read_key(struct check *check, struct reading *reading, int64_t key) {
    struct sqa_posting_list *list = &reading->list;
    int rc = SQLITE_OK;
    if (list->has_block && reading->at == list->block.n) {
        check->blocks += !list->is_rows && !list->is_last;
        rc = sqa_list_next(list);
        reading->at = 0;
    }
    if (rc == SQLITE_OK && list->has_block)
        rc = sqa_list_decode(list);
    if (rc != SQLITE_OK)
        return rc;
    if (!list->has_block || list->keys[reading->at] > key)
        return differ(reading, "lacks a row");
    if (list->keys[reading->at] < key)
        return differ(reading, "has a row too many");
    reading->at++;
    return SQLITE_OK;
}

/* The list has to be at its end. */
static int check_end_reading(const struct reading *reading) {
    struct sqa_posting_list list = reading->list; /* its memory stays the other's */
    if (!list.has_block)
        return SQLITE_OK;
    if (reading->at < list.block.n || (!list.is_rows && !list.is_last))
        return differ(reading, "has a row too many");
    return SQLITE_OK;
}

static int check_value(void *context, int64_t value, int64_t n) {
    struct check *check = context;
    check->values++;
    const int rc = check_begin_reading(check, &check->list, false, value);
    if (rc == SQLITE_OK && check->list.list.n != n)
        return differ(&check->list, "has another count than rows");
    return rc;
}
static int check_key(void *context, int64_t key) {
    struct check *check = context;
    return read_key(check, &check->list, key);
}
static int check_end(void *context) {
    return check_end_reading(&((struct check *)context)->list);
}
static int check_row(void *context, int64_t key) {
    struct check *check = context;
    return read_key(check, &check->rows, key);
}

static int check_rows_end(void *context) {
    struct check *check = context;
    struct sqa_posting_list *list = &check->rows.list;
    int rc = check_end_reading(&check->rows);
    if (rc == SQLITE_OK && list->has_block)
        rc = sqa_list_next(list);
    return rc == SQLITE_OK && list->has_block ? differ(&check->rows, "has a row too many") : rc;
}

/* Values and blocks that were not seen are in the tables, but not in the rows. */
static int check_counts(struct check *check) {
    sqlite3_stmt *counts;
    int64_t values = 0, blocks = 0;
    int rc = sqa_index_statement(check->index, SQA_INDEX_COUNTS, &counts);
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(counts) == SQLITE_ROW) {
        values = sqlite3_column_int64(counts, 0);
        blocks = sqlite3_column_int64(counts, 1);
    }
    rc = sqlite3_reset(counts);
    if (rc == SQLITE_OK && (values != check->values || blocks != check->blocks))
        rc = sqa_vtab_fail(&check->index->vtab, SQLITE_CORRUPT_VTAB,
                           "array_index: %s has %lld values and %lld blocks besides their last, "
                           "expected %lld and %lld",
                           check->index->vtab.table, (long long)values, (long long)blocks,
                           (long long)check->values, (long long)check->blocks);
    return rc;
}

int sqa_check_lists(struct sqa_index *index) {
    struct check check = {.index = index};
    const struct sqa_gathered to = {check_value, check_key,      check_end,
                                    check_row,   check_rows_end, &check};
    sqa_list_init(&check.list.list, index, false, 0);
    int rc = check_begin_reading(&check, &check.rows, true, 0);
    if (rc == SQLITE_OK)
        rc = sqa_index_gather(index, &to);
    if (rc == SQLITE_OK)
        rc = check_counts(&check);
    sqa_list_clear(&check.rows.list);
    sqa_list_clear(&check.list.list);
    return rc;
}
