#include "index/list_check.h"

#include "index/builder.h"
#include "index/posting_list.h"

SQLITE_EXTENSION_INIT3

/*
** A list that is compared with the table, key by key. The next key has the index `at` in the
** current block.
*/
struct reading {
    struct sqa_posting_list list;
    size_t at;
};

struct check {
    struct sqa_index *index;
    struct reading rows, list;
    int64_t values, blocks; /* numbers of those read so far */
};

static void check_begin_reading(struct check *check, struct reading *reading, bool is_rows,
                                int64_t value) {
    sqa_list_clear(&reading->list);
    sqa_list_init(&reading->list, check->index, is_rows, value);
    reading->at = 0;
    sqa_list_seek(&reading->list, INT64_MIN);
}

static void differ(const struct reading *reading, const char *what) {
    sqa_index_corrupt(reading->list.index, reading->list.is_rows, reading->list.value, what);
}

/* Checks that the next key of the list is this one. */
static void read_key(struct check *check, struct reading *reading, int64_t key) {
    struct sqa_posting_list *list = &reading->list;
    if (list->has_block && reading->at == list->block.n) {
        check->blocks += !list->is_rows && !list->is_last;
        sqa_list_next(list);
        reading->at = 0;
    }
    if (list->has_block && !sqa_list_decode(list))
        return;
    if (!list->has_block || list->keys[reading->at] > key)
        differ(reading, "lacks a row");
    else if (list->keys[reading->at] < key)
        differ(reading, "has a row too many");
    reading->at++;
}

/* Checks that the list has no further key. */
static void check_end_reading(struct reading *reading) {
    struct sqa_posting_list *list = &reading->list;
    if (list->has_block && reading->at == list->block.n)
        sqa_list_next(list);
    if (list->has_block)
        differ(reading, "has a row too many");
}

static void check_value(void *context, int64_t value, int64_t n) {
    struct check *check = context;
    check->values++;
    check_begin_reading(check, &check->list, false, value);
    if (check->list.list.n != n)
        differ(&check->list, "has another count than rows");
}
static void check_key(void *context, int64_t key) {
    struct check *check = context;
    read_key(check, &check->list, key);
}
static void check_end(void *context) {
    check_end_reading(&((struct check *)context)->list);
}
static void check_row(void *context, int64_t key) {
    struct check *check = context;
    read_key(check, &check->rows, key);
}
static void check_rows_end(void *context) {
    check_end_reading(&((struct check *)context)->rows);
}

/* Checks that the shadow tables have no values or blocks that the rows do not have. */
static void check_counts(const struct check *check) {
    struct sqa_vtab *vtab = &check->index->vtab;
    int64_t values = 0, blocks = 0;
    sqlite3_stmt *counts = sqa_index_statement(check->index, SQA_INDEX_COUNTS);
    if (sqa_vtab_step(vtab, counts)) {
        values = sqlite3_column_int64(counts, 0);
        blocks = sqlite3_column_int64(counts, 1);
    }
    sqa_vtab_reset(vtab, counts);
    if (values != check->values || blocks != check->blocks)
        (void)sqa_vtab_fail(vtab, SQLITE_CORRUPT_VTAB,
                            "array_index: %s has %lld values and %lld blocks besides their last, "
                            "expected %lld and %lld",
                            vtab->table, (long long)values, (long long)blocks,
                            (long long)check->values, (long long)check->blocks);
}

void sqa_check_lists(struct sqa_index *index) {
    struct check check = {.index = index};
    const struct sqa_gathered to = {check_value, check_key,      check_end,
                                    check_row,   check_rows_end, &check};
    sqa_list_init(&check.list.list, index, false, 0);
    check_begin_reading(&check, &check.rows, true, 0);
    sqa_index_gather(index, &to);
    check_counts(&check);
    sqa_list_clear(&check.rows.list);
    sqa_list_clear(&check.list.list);
}
