#include "store/store_cursor.h"

#include <string.h>

#include "store/chunk_scan.h"
#include "store/conditions.h"
#include "store/ordered_scan.h"
#include "store/point_reader.h"

SQLITE_EXTENSION_INIT3

struct store_cursor {
    sqlite3_vtab_cursor base;
    struct sqa_conditions conditions; /* of the last xFilter */
    bool *active;   /* for each condition: whether the rows of this chunk must be tested for it */
    int64_t lo, hi; /* range of the rowids wanted */
    struct sqa_chunk_scan scan;

    bool eof;
    bool is_one_row;      /* the only row wanted was copied from the open chunk to `values` */
    struct sqa_rows rows; /* of the current chunk */

    /* If has_rows is true, rows are those of a whole chunk and can be used by the next search. */
    bool has_rows;
    int64_t rows_changes;                /* memory->base.changes when they were read */
    struct sqa_chunk_header rows_header; /* header of the chunk */
    uint64_t rows_mask;                  /* the columns that were read */
    int64_t *values;

    /* If is_point is true, the row wanted is read directly from the stored arrays. */
    bool is_point;
    struct sqa_point_reader point;
    int64_t point_id; /* the chunk of the previous point */
    int points;       /* how many points in succession were in that chunk */

    bool is_ordered; /* rows come from `ordered`, in the order of a column */
    struct sqa_ordered_scan ordered;
    bool tests;    /* rows of this chunk must be tested */
    int64_t row;   /* index of the current row in rows */
    int64_t last;  /* index of the last row, if rows are not tested */
    int64_t begin; /* if rows are tested: those from begin to end - 1 have not been */
    int64_t end;
    int64_t at, picked_count; /* the current row is picked[at] */
    int64_t picked[SQA_BLOCK];
};

static struct sqa_store *store_of(const struct store_cursor *c) {
    return (struct sqa_store *)c->base.pVtab;
}

static bool has_failed(const struct store_cursor *c) {
    return sqa_vtab_failed(&store_of(c)->base);
}

static void free_cursor(struct store_cursor *c) {
    sqa_object_free(c->values);
    sqa_object_free(c->rows.columns);
    sqa_object_free(c);
}

int sqa_store_cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
    const struct sqa_store *store = (const struct sqa_store *)vtab;
    struct store_cursor *c = sqa_object_new(sizeof *c);
    const size_t columns = (size_t)store->layout.columns;
    if (c == NULL)
        return SQLITE_NOMEM;
    c->rows.columns = sqa_object_new(columns * sizeof c->rows.columns[0]);
    c->values = sqa_object_new(columns * sizeof c->values[0]);
    if (c->rows.columns == NULL || c->values == NULL) {
        free_cursor(c);
        return SQLITE_NOMEM;
    }
    c->scan.store = (struct sqa_store *)vtab;
    *cursor = &c->base;
    return SQLITE_OK;
}

static void clear_plan(struct store_cursor *c) {
    sqa_ordered_scan_end(&c->ordered);
    c->is_ordered = false;
    sqa_conditions_clear(&c->conditions);
    sqa_object_free(c->active);
    c->active = NULL;
}

int sqa_store_cursor_close(sqlite3_vtab_cursor *cursor) {
    struct store_cursor *c = (struct store_cursor *)cursor;
    sqa_chunk_scan_end(&c->scan);
    clear_plan(c);
    sqa_rows_give(&c->rows, store_of(c)->layout.columns);
    free_cursor(c);
    return SQLITE_OK;
}

/* ---- Rows */

/* Tests further blocks of the chunk until a row is found. Returns false at the end of the chunk. */
static bool pick_next(struct store_cursor *c) {
    while (c->begin < c->end) {
        const bool descending = c->conditions.plan->descending;
        const int64_t block = (descending ? c->end - 1 : c->begin) / SQA_BLOCK * SQA_BLOCK;
        const int64_t at = c->begin > block ? c->begin : block;
        const int64_t n = (c->end < block + SQA_BLOCK ? c->end : block + SQA_BLOCK) - at;
        *(descending ? &c->end : &c->begin) += descending ? -n : n;
        c->picked_count = (int64_t)sqa_conditions_pick(
            store_of(c)->base.connection->kernels, &c->rows, c->conditions.list, c->active,
            c->conditions.count, (size_t)at, (size_t)n, c->picked);
        if (c->picked_count > 0) {
            c->at = descending ? c->picked_count - 1 : 0;
            c->row = c->picked[c->at];
            return true;
        }
    }
    return false;
}

/* ---- Chunks */

/*
** Returns true if the current chunk of the scan may have rows that meet the conditions. Sets
** c->active and c->tests for it.
*/
static bool meets(struct store_cursor *c) {
    const bool any = sqa_conditions_meet_chunk(&c->scan, &c->conditions, c->active);
    c->tests = false;
    for (int i = 0; i < c->conditions.count && any; i++)
        c->tests |= c->active[i];
    return any;
}

/* Goes to the first row wanted of the chunk in c->rows. Returns false if there is none. */
static bool enter_chunk(struct store_cursor *c) {
    c->begin = (int64_t)sqa_rows_below(&c->rows, c->scan.lo);
    c->end =
        (int64_t)(c->scan.hi == INT64_MAX ? c->rows.n : sqa_rows_below(&c->rows, c->scan.hi + 1));
    if (c->begin >= c->end)
        return false;
    if (c->tests)
        return pick_next(c);
    c->row = c->conditions.plan->descending ? c->end - 1 : c->begin;
    c->last = c->conditions.plan->descending ? c->begin : c->end - 1;
    return true;
}

/* Returns true if c->rows has the columns of this chunk that the plan needs. */
static bool has_chunk(const struct store_cursor *c, const struct sqa_chunk_header *header) {
    /* unreached: another mask, because all plans of a statement have the same colUsed */
    return c->has_rows && c->rows_changes == store_of(c)->memory->base.changes &&
           memcmp(&c->rows_header, header, sizeof *header) == 0 &&
           c->rows_mask == c->conditions.plan->mask;
}

/* Reads the current chunk of the scan into c->rows, unless it is there already. */
static bool read_chunk_rows(struct store_cursor *c) {
    if (has_chunk(c, &c->scan.header))
        return true;
    sqa_rows_give(&c->rows, store_of(c)->layout.columns);
    c->rows_changes = store_of(c)->memory->base.changes;
    c->rows_header = c->scan.header;
    c->rows_mask = c->conditions.plan->mask;
    c->has_rows = sqa_chunk_scan_fetch(&c->scan, c->rows_mask, &c->rows);
    return c->has_rows;
}

/* Reads the next rows in the order of a column and goes to the first one, or to the end. */
static void next_ordered(struct store_cursor *c) {
    sqa_ordered_scan_next(&c->ordered, &c->rows);
    c->eof = c->rows.n == 0;
    c->row = 0;
    c->last = (int64_t)c->rows.n - 1;
}

/* Goes to the first row wanted of the following chunks, or to the end. */
static void next_chunk(struct store_cursor *c) {
    c->eof = true;
    if (c->is_ordered) {
        next_ordered(c);
        return;
    }
    while (c->eof && !c->is_one_row && sqa_chunk_scan_next(&c->scan)) {
        if (meets(c))
            c->eof = !read_chunk_rows(c) || !enter_chunk(c);
        else
            store_of(c)->base.connection->chunks_skipped++;
    }
}

/*
** Goes to the only row wanted, which can only be in the open chunk, or to the end. The row is
** copied, because it may be changed or deleted next.
*/
static void find_in_open_chunk(struct store_cursor *c) {
    const struct sqa_chunk *chunk = &store_of(c)->memory->open.chunk;
    size_t i;
    c->is_one_row = true;
    c->scan.lo = c->scan.hi = c->lo;
    c->has_rows = false;
    sqa_rows_give(&c->rows, chunk->columns);
    c->eof = !sqa_chunk_find(chunk, c->lo, &i);
    if (c->eof)
        return;
    for (int k = 0; k < chunk->columns; k++) {
        c->values[k] = chunk->column[k][i];
        c->rows.columns[k] = sqa_column_of(&c->values[k], 1);
    }
    c->rows.n = 1;
    c->rows.first = c->lo;
    c->rows_header = (struct sqa_chunk_header){.first = c->lo, .last = c->lo, .n = 1};
    c->tests = false;
    for (int k = 0; k < c->conditions.count; k++) {
        const struct sqa_condition *condition = &c->conditions.list[k];
        c->active[k] = !(condition->column == SQA_ROWID && condition->set == NULL);
        c->tests |= c->active[k];
    }
    c->eof = !enter_chunk(c);
}

/* ---- Points */

/*
** Reads the only row wanted as a point, if it is stored and this is faster than reading its chunk.
** Returns false if it is not, so that the chunk has to be read.
*/
static bool find_point(struct store_cursor *c) {
    struct sqa_store *store = store_of(c);
    struct sqa_point point;
    const bool found = sqa_point_find_chunk(store, c->lo, &point);
    if (found && (has_chunk(c, &point.header) ||
                  !sqa_point_is_worth(&point.header, &c->point_id, &c->points)))
        return false;
    c->is_point = true;
    c->eof = !found || !sqa_point_reader_begin(&c->point, store, c->lo, &point.header) ||
             !sqa_point_reader_meets(&c->point, &c->conditions);
    if (!c->eof)
        sqa_point_keep(store, c->lo, &c->point.point);
    return true;
}

/* ---- Methods */

/* Reads the plan and its values. Returns false if no row can be wanted, or after a failure. */
static bool read_store_plan(struct store_cursor *c, const char *text, sqlite3_value **argv) {
    struct sqa_store *store = store_of(c);
    clear_plan(c); /* the terms of an OR may share a cursor and have different plans */
    c->lo = INT64_MIN;
    c->hi = INT64_MAX;
    if (!sqa_conditions_read(store, text, argv, &c->conditions))
        return false;
    c->active =
        sqa_vtab_object(&store->base, ((size_t)c->conditions.count + 1) * sizeof c->active[0]);
    for (int i = 0; i < c->conditions.count; i++) {
        const struct sqa_condition *condition = &c->conditions.list[i];
        if (condition->column == SQA_ROWID && condition->lo > c->lo)
            c->lo = condition->lo;
        if (condition->column == SQA_ROWID && condition->hi < c->hi)
            c->hi = condition->hi;
    }
    return c->lo <= c->hi && !has_failed(c);
}

static void begin_ordered(struct store_cursor *c, sqlite3_value **argv) {
    c->is_ordered = true;
    c->has_rows = c->tests = false;
    sqa_ordered_scan_begin(&c->ordered, store_of(c), &c->conditions, c->lo, c->hi,
                           sqa_store_plan_rows(c->conditions.plan, argv));
    next_ordered(c);
}

/* Goes to the first row wanted, or to the end. */
static void find_first(struct store_cursor *c, sqlite3_value **argv) {
    struct sqa_store *store = store_of(c);
    if (c->lo == c->hi && sqa_point_is_open(store, c->lo)) {
        find_in_open_chunk(c);
        return;
    }
    (void)sqa_vtab_enter_to_read(&store->base);
    sqa_point_keep(store, 0, NULL);
    if (has_failed(c) || (c->lo == c->hi && find_point(c)))
        return;
    if (c->conditions.plan->order_column != SQA_ROWID) {
        begin_ordered(c, argv);
    } else {
        sqa_chunk_scan_begin(&c->scan, c->lo, c->hi, c->conditions.plan->descending);
        next_chunk(c);
    }
}

int sqa_store_cursor_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                            sqlite3_value **argv) {
    (void)number, (void)argc;
    struct store_cursor *c = (struct store_cursor *)cursor;
    const int outer = sqa_status_begin(&store_of(c)->base);
    c->eof = true;
    c->is_one_row = c->is_point = false;
    if (read_store_plan(c, text, argv))
        find_first(c, argv);
    return sqa_status_end(&store_of(c)->base, outer);
}

static int go_to_next_chunk(struct store_cursor *c) {
    const int outer = sqa_status_begin(&store_of(c)->base);
    next_chunk(c);
    return sqa_status_end(&store_of(c)->base, outer);
}

int sqa_store_cursor_next(sqlite3_vtab_cursor *cursor) {
    struct store_cursor *c = (struct store_cursor *)cursor;
    const int64_t step = c->conditions.plan->descending && !c->is_ordered ? -1 : 1;
    if (c->is_point) {
        c->eof = true;
        return SQLITE_OK;
    }
    if (!c->tests) {
        if (c->row == c->last)
            return go_to_next_chunk(c);
        c->row += step;
        return SQLITE_OK;
    }
    c->at += step;
    if (c->at < 0 || c->at == c->picked_count)
        return pick_next(c) ? SQLITE_OK : go_to_next_chunk(c);
    c->row = c->picked[c->at];
    return SQLITE_OK;
}

int sqa_store_cursor_eof(sqlite3_vtab_cursor *cursor) {
    return ((const struct store_cursor *)cursor)->eof;
}

/* Returns a value of the row that is read as a point. */
static int give_point(struct store_cursor *c, sqlite3_context *context, int column) {
    const int outer = sqa_status_begin(&store_of(c)->base);
    int64_t x;
    if (sqa_point_reader_get(&c->point, column, &x))
        sqlite3_result_int64(context, x);
    return sqa_status_end(&store_of(c)->base, outer);
}

/*
** The hidden column is NULL. A column that an UPDATE does not set gets no value here, because the
** row may get another one before it is written.
*/
int sqa_store_cursor_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    struct store_cursor *c = (struct store_cursor *)cursor;
    /* unreached: a column that is not in colUsed, which is all that SQLite says of it */
    if (column >= store_of(c)->layout.columns ||
        !(c->conditions.plan->mask & sqa_column_bit(column)) || sqlite3_vtab_nochange(context))
        return SQLITE_OK;
    if (c->is_point)
        return give_point(c, context, column);
    sqlite3_result_int64(context, sqa_column_get(&c->rows.columns[column], (size_t)c->row));
    return SQLITE_OK;
}

int sqa_store_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    const struct store_cursor *c = (const struct store_cursor *)cursor;
    *rowid = c->is_point ? c->lo : sqa_rows_rowid(&c->rows, (size_t)c->row);
    return SQLITE_OK;
}
