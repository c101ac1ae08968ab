#include "index/builder.h"

#include <stdlib.h>

#include "core/reader.h"
#include "index/gaps.h"
#include "index/list_writer.h"
#include "index/row_array.h"

SQLITE_EXTENSION_INIT3

/*
** A pass over the table. It gathers the values from `from` on, and if has_until is true, only those
** below `until`.
*/
struct pass {
    struct sqa_index *index;
    const struct sqa_gathered *to;
    struct sqa_gaps gaps;
    bool is_first, has_until;
    int64_t from, until;
};

/* Returns how many bytes a pass may use: the limit of the pool, but less than gaps.h can hold. */
static uint64_t budget_of(const struct pass *pass) {
    enum { LEAST = 1 << 20, MOST = 1 << 30 };
    const int64_t limit = sqa_pool_stats(pass->gaps.pool)->pool_limit;
    return limit < LEAST ? LEAST : limit > MOST ? MOST : (uint64_t)limit;
}

/* Leaves the upper half of the values to another pass. A pass keeps at least one value. */
static void give_up_half(struct pass *pass) {
    uint32_t *order = sqa_gaps_order(&pass->gaps, pass->index->vtab.connection->kernels);
    if (!sqa_vtab_has_memory(&pass->index->vtab, order != NULL))
        return;
    pass->until = pass->gaps.lists[order[pass->gaps.values / 2]].value;
    pass->has_until = true;
    sqa_pool_give(order);
    (void)sqa_vtab_has_memory(&pass->index->vtab, sqa_gaps_give_up(&pass->gaps, pass->until));
}

static void gather_value(struct pass *pass, int64_t key, int64_t value) {
    if (value < pass->from || (pass->has_until && value >= pass->until))
        return;
    if (sqa_vtab_has_memory(&pass->index->vtab, sqa_gaps_add(&pass->gaps, value, key)) &&
        sqa_gaps_size(&pass->gaps) > budget_of(pass) && pass->gaps.values > 1)
        give_up_half(pass);
}

static void gather_row(struct pass *pass, int64_t key, const struct sqa_array *array) {
    struct sqa_reader reader;
    sqa_reader_init(&reader, pass->index->vtab.connection->kernels, array, array->width, NULL);
    while (!sqa_index_failed(pass->index) && sqa_reader_next(&reader)) {
        for (size_t i = 0; i < reader.n; i++)
            gather_value(pass, key, sqa_reader_get(&reader, i));
    }
}

static void gather_rows(struct pass *pass, sqlite3_stmt *rows) {
    while (sqa_vtab_step(&pass->index->vtab, rows)) {
        const int64_t key = sqlite3_column_int64(rows, 0);
        struct sqa_row_array array = sqa_row_array_read(pass->index, sqlite3_column_value(rows, 1));
        if (!array.is_null && pass->is_first)
            pass->to->take_row(pass->to->context, key);
        gather_row(pass, key, &array.array);
        sqa_row_array_clear(&array);
    }
}

static void give_list(const struct pass *pass, const struct sqa_gap_list *list) {
    const struct sqa_gathered *to = pass->to;
    struct sqa_gap_walk walk;
    int64_t key;
    to->begin_value(to->context, list->value, list->n);
    sqa_gap_walk_begin(&walk, &pass->gaps, list);
    while (!sqa_index_failed(pass->index) && sqa_gap_walk_next(&walk, &key))
        to->take_key(to->context, key);
    to->end_value(to->context);
}

static void give_lists(const struct pass *pass) {
    if (sqa_index_failed(pass->index))
        return;
    uint32_t *order = sqa_gaps_order(&pass->gaps, pass->index->vtab.connection->kernels);
    (void)sqa_vtab_has_memory(&pass->index->vtab, order != NULL);
    for (size_t i = 0; i < pass->gaps.values && !sqa_index_failed(pass->index); i++)
        give_list(pass, &pass->gaps.lists[order[i]]);
    sqa_pool_give(order);
}

static void run_pass(struct pass *pass) {
    const struct sqa_indexed *source = &pass->index->source;
    struct sqa_vtab *vtab = &pass->index->vtab;
    sqlite3_stmt *rows;
    (void)sqa_vtab_prepare(vtab,
                           sqa_sql("SELECT c.\"%w\", c.\"%w\" FROM \"%w\".\"%w\" AS c ORDER BY 1",
                                   source->key, source->column, vtab->schema, source->table),
                           0, &rows);
    gather_rows(pass, rows);
    sqa_vtab_finalize(vtab, rows);
    if (pass->is_first)
        pass->to->end_rows(pass->to->context);
    give_lists(pass);
}

void sqa_index_gather(struct sqa_index *index, const struct sqa_gathered *to) {
    struct pass pass = {.index = index, .to = to, .is_first = true, .from = INT64_MIN};
    bool is_last;
    pass.gaps.pool = index->vtab.connection->pool;
    do {
        run_pass(&pass);
        sqa_gaps_clear(&pass.gaps);
        is_last = !pass.has_until || sqa_index_failed(index);
        pass.from = pass.until;
        pass.is_first = pass.has_until = false;
    } while (!is_last);
}

/* ---- Writing what was gathered */

struct writing {
    struct sqa_list_writer rows, list;
};

static void begin_value(void *context, int64_t value, int64_t n) {
    (void)n;
    sqa_writer_begin(&((struct writing *)context)->list, false, value);
}
static void write_key(void *context, int64_t key) {
    sqa_writer_add(&((struct writing *)context)->list, key);
}
static void end_value(void *context) {
    sqa_writer_finish(&((struct writing *)context)->list);
}
static void write_row(void *context, int64_t key) {
    sqa_writer_add(&((struct writing *)context)->rows, key);
}
static void end_rows(void *context) {
    sqa_writer_finish(&((struct writing *)context)->rows);
}

void sqa_index_build(struct sqa_index *index) {
    struct writing writing;
    const struct sqa_gathered to = {begin_value, write_key, end_value,
                                    write_row,   end_rows,  &writing};
    sqa_writer_init(&writing.rows, index);
    sqa_writer_init(&writing.list, index);
    sqa_writer_begin(&writing.rows, true, 0);
    sqa_index_gather(index, &to);
    sqa_writer_clear(&writing.rows);
    sqa_writer_clear(&writing.list);
}
