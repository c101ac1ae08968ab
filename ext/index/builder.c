#include "index/builder.h"

#include <stdlib.h>

#include "core/reader.h"
#include "index/gaps.h"
#include "index/list_writer.h"
#include "index/row_array.h"

SQLITE_EXTENSION_INIT3

/* A pass over the table, which gathers the values from `from` on that are below `until`, if has_until */
struct pass {
    struct sqa_index *index;
    const struct sqa_gathered *to;
    struct sqa_gaps gaps;
    bool is_first, has_until;
    int64_t from, until;
};

static uint64_t budget_of(const struct pass *pass) {
    enum { LEAST = 1 << 20 };
    const int64_t limit = sqa_pool_stats(pass->gaps.pool)->pool_limit;
    return limit > LEAST ? (uint64_t)limit : LEAST;
}

/* The upper half of the values is left to another pass. One value alone stays, however many keys it has. */
static int give_up_half(struct pass *pass) {
    if (pass->gaps.values < 2)
        return SQLITE_OK;
    uint32_t *order = sqa_gaps_order(&pass->gaps, pass->index->vtab.connection->kernels);
    if (order == NULL)
        return SQLITE_NOMEM;
    pass->until = pass->gaps.lists[order[pass->gaps.values / 2]].value;
    pass->has_until = true;
    sqa_pool_give(order);
    return sqa_gaps_give_up(&pass->gaps, pass->until) ? SQLITE_OK : SQLITE_NOMEM;
}

static int gather_value(struct pass *pass, int64_t key, int64_t value) {
    if (value < pass->from || (pass->has_until && value >= pass->until))
        return SQLITE_OK;
    if (!sqa_gaps_add(&pass->gaps, value, key))
        return SQLITE_NOMEM;
    return sqa_gaps_size(&pass->gaps) > budget_of(pass) && pass->gaps.values > 1
               ? give_up_half(pass)
               : SQLITE_OK;
}

static int gather_row(struct pass *pass, int64_t key, const struct sqa_array *array) {
    struct sqa_reader reader;
    int rc = SQLITE_OK;
    sqa_reader_init(&reader, pass->index->vtab.connection->kernels, array, array->width, NULL);
    while (rc == SQLITE_OK && sqa_reader_next(&reader)) {
        for (size_t i = 0; i < reader.n && rc == SQLITE_OK; i++)
            rc = gather_value(pass, key, sqa_reader_get(&reader, i));
    }
    return rc;
}

static int gather_read_rows(struct pass *pass, sqlite3_stmt *rows) {
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        const int64_t key = sqlite3_column_int64(rows, 0);
        struct sqa_row_array array;
        rc = sqa_row_array_read(pass->index, sqlite3_column_value(rows, 1), &array);
        if (rc == SQLITE_OK && !array.is_null) {
            if (pass->is_first)
                rc = pass->to->take_row(pass->to->context, key);
            if (rc == SQLITE_OK)
                rc = gather_row(pass, key, &array.array);
        }
        sqa_row_array_clear(&array);
    }
    return rc;
}

static int give_list(const struct pass *pass, const struct sqa_gap_list *list) {
    const struct sqa_gathered *to = pass->to;
    struct sqa_gap_walk walk;
    int64_t key;
    int rc = to->begin_value(to->context, list->value, list->n);
    sqa_gap_walk_begin(&walk, &pass->gaps, list);
    while (rc == SQLITE_OK && sqa_gap_walk_next(&walk, &key))
        rc = to->take_key(to->context, key);
    return rc == SQLITE_OK ? to->end_value(to->context) : rc;
}

static int give_lists(const struct pass *pass) {
    uint32_t *order = sqa_gaps_order(&pass->gaps, pass->index->vtab.connection->kernels);
    int rc = order == NULL ? SQLITE_NOMEM : SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < pass->gaps.values; i++)
        rc = give_list(pass, &pass->gaps.lists[order[i]]);
    sqa_pool_give(order);
    return rc;
}

static int run_pass(struct pass *pass) {
    const struct sqa_indexed *source = &pass->index->source;
    sqlite3_stmt *rows;
    int rc = sqa_vtab_prepare(
        &pass->index->vtab,
        sqa_sql("SELECT c.\"%w\", c.\"%w\" FROM \"%w\".\"%w\" AS c ORDER BY 1", source->key,
                source->column, pass->index->vtab.schema, source->table),
        0, &rows);
    if (rc == SQLITE_OK)
        rc = gather_read_rows(pass, rows);
    const int end = sqlite3_finalize(rows);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && pass->is_first)
        rc = pass->to->end_rows(pass->to->context);
    return rc == SQLITE_OK ? give_lists(pass) : rc;
}

int sqa_index_gather(struct sqa_index *index, const struct sqa_gathered *to) {
    struct pass pass = {.index = index, .to = to, .is_first = true, .from = INT64_MIN};
    int rc;
    pass.gaps.pool = index->vtab.connection->pool;
    do {
        rc = run_pass(&pass);
        sqa_gaps_clear(&pass.gaps);
        pass.from = pass.until;
        pass.is_first = false;
        if (!pass.has_until)
            break;
        pass.has_until = false;
    } while (rc == SQLITE_OK);
    return rc;
}

/* ---- What is gathered is written */

struct writing {
    struct sqa_list_writer rows, list;
};

static int begin_value(void *context, int64_t value, int64_t n) {
    struct writing *writing = context;
    (void)n;
    sqa_writer_begin(&writing->list, false, value);
    return SQLITE_OK;
}
static int write_key(void *context, int64_t key) {
    return sqa_writer_add(&((struct writing *)context)->list, key);
}
static int end_value(void *context) {
    return sqa_writer_finish(&((struct writing *)context)->list);
}
static int write_row(void *context, int64_t key) {
    return sqa_writer_add(&((struct writing *)context)->rows, key);
}
static int end_rows(void *context) {
    return sqa_writer_finish(&((struct writing *)context)->rows);
}

int sqa_index_build(struct sqa_index *index) {
    struct writing writing;
    const struct sqa_gathered to = {begin_value, write_key, end_value,
                                    write_row,   end_rows,  &writing};
    int rc = sqa_writer_init(&writing.rows, index);
    if (rc != SQLITE_OK)
        return rc;
    rc = sqa_writer_init(&writing.list, index);
    sqa_writer_begin(&writing.rows, true, 0);
    if (rc == SQLITE_OK)
        rc = sqa_index_gather(index, &to);
    sqa_writer_clear(&writing.rows);
    sqa_writer_clear(&writing.list);
    return rc;
}
