#include "store/store_cursor.h"

#include <string.h>

#include "store/chunk_scan.h"
#include "store/conditions.h"
#include "store/ordered_scan.h"
#include "store/point.h"

SQLITE_EXTENSION_INIT3

struct store_cursor {
    sqlite3_vtab_cursor base;
    struct sqa_store_plan *plan;      /* of the last xFilter */
    struct sqa_condition *conditions; /* of which count are in use */
    int count;
    bool *active;   /* for each condition: the rows of this chunk are to be tested for it */
    int64_t lo, hi; /* rowids wanted */
    struct sqa_chunk_scan scan;

    bool eof;
    bool is_one_row;      /* it is the only one wanted, copied from the open chunk to values */
    struct sqa_rows rows; /* of the chunk that the cursor is in */
    bool has_rows;        /* they are a whole chunk, for further searches like this one: */
    int64_t rows_changes; /* after so many changes of memory, */
    struct sqa_chunk_header rows_header; /* with this header, */
    uint64_t rows_mask;                  /* and with these columns */
    int64_t *values;
    bool is_point; /* the row wanted is read where it is stored: */
    struct sqa_point point;
    int64_t point_changes; /* it was there after so many changes of memory */
    int64_t point_id;      /* the chunk that a point was in last, .. */
    int points;            /* .. and how many in succession */
    bool is_ordered;       /* rows come in the order of a column, from here: */
    struct sqa_ordered_scan ordered;
    bool tests;         /* rows are to be tested at all */
    int64_t row, last;  /* where the cursor stands; where it will stand last, if it does not test */
    int64_t begin, end; /* rows begin .. end-1 have not been tested, if it does */
    int64_t at, picked_count; /* the cursor stands on picked[at] */
    int64_t picked[SQA_BLOCK];
};

static struct sqa_store *store_of(const struct store_cursor *c) {
    return (struct sqa_store *)c->base.pVtab;
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
    sqa_conditions_clear(c->conditions, c->count);
    sqa_object_free(c->conditions);
    sqa_object_free(c->active);
    sqa_object_free(c->plan);
    c->conditions = NULL;
    c->active = NULL;
    c->plan = NULL;
    c->count = 0;
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

/* Tests further blocks of the chunk until a row is found; false at the end of the chunk. */
static bool pick_next(struct store_cursor *c) {
    while (c->begin < c->end) {
        const int64_t left = c->end - c->begin, n = left < SQA_BLOCK ? left : SQA_BLOCK;
        const int64_t at = c->plan->descending ? c->end - n : c->begin;
        *(c->plan->descending ? &c->end : &c->begin) += c->plan->descending ? -n : n;
        c->picked_count = (int64_t)sqa_conditions_pick(store_of(c)->base.connection->kernels,
                                                       &c->rows, c->conditions, c->active, c->count,
                                                       (size_t)at, (size_t)n, c->picked);
        if (c->picked_count > 0) {
            c->at = c->plan->descending ? c->picked_count - 1 : 0;
            c->row = c->picked[c->at];
            return true;
        }
    }
    return false;
}

/* ---- Chunks */

/* Can the chunk that the scan stands on have rows that meet the conditions? Finds what is to be tested. */
static int meets(struct store_cursor *c, bool *any) {
    const int rc = sqa_conditions_meet_chunk(&c->scan, c->conditions, c->count, c->active, any);
    c->tests = false;
    for (int i = 0; i < c->count && rc == SQLITE_OK && *any; i++)
        c->tests |= c->active[i];
    return rc;
}

/* Stands on the first row wanted of the chunk that has been read; false if there is none. */
static bool enter_chunk(struct store_cursor *c) {
    c->begin = (int64_t)sqa_rows_below(&c->rows, c->scan.lo);
    c->end =
        (int64_t)(c->scan.hi == INT64_MAX ? c->rows.n : sqa_rows_below(&c->rows, c->scan.hi + 1));
    if (c->begin >= c->end)
        return false;
    if (c->tests)
        return pick_next(c);
    c->row = c->plan->descending ? c->end - 1 : c->begin;
    c->last = c->plan->descending ? c->begin : c->end - 1;
    return true;
}

/* Reads the columns that the plan needs, if they are not there already. */
static int read_chunk_rows(struct store_cursor *c) {
    struct sqa_store *store = store_of(c);
    const struct sqa_chunk_header *header = &c->scan.header;
    const int64_t changes = store->memory->base.changes;
    /* unreached: another mask, for all plans of a statement have the same colUsed */
    if (c->has_rows && c->rows_changes == changes &&
        memcmp(&c->rows_header, header, sizeof *header) == 0 && c->rows_mask == c->plan->mask)
        return SQLITE_OK;
    sqa_rows_give(&c->rows, store->layout.columns);
    const int rc = sqa_chunk_scan_fetch(&c->scan, c->plan->mask, &c->rows);
    c->has_rows = rc == SQLITE_OK;
    c->rows_changes = changes;
    c->rows_header = *header;
    c->rows_mask = c->plan->mask;
    return rc;
}

/* Goes to the first of the rows that come next in the order of a column, or to the end. */
static int next_ordered(struct store_cursor *c) {
    const int rc = sqa_ordered_scan_next(&c->ordered, &c->rows);
    c->eof = rc != SQLITE_OK || c->rows.n == 0;
    c->row = 0;
    c->last = (int64_t)c->rows.n - 1;
    return rc;
}

/* Goes to the first row wanted of the chunks that follow, or to the end. */
static int next_chunk(struct store_cursor *c) {
    bool found = false, any;
    int rc = SQLITE_OK;
    if (c->is_ordered)
        return next_ordered(c);
    do {
        if (!c->is_one_row)
            rc = sqa_chunk_scan_next(&c->scan, &found);
        c->eof = !found;
        if (rc != SQLITE_OK || !found)
            return rc;
        rc = meets(c, &any);
        if (rc == SQLITE_OK && any)
            rc = read_chunk_rows(c);
        else
            store_of(c)->base.connection->chunks_skipped++;
        if (rc != SQLITE_OK)
            return rc;
    } while (!any || !enter_chunk(c));
    return SQLITE_OK;
}

/* Is a row alone wanted that would be in the open chunk? */
static bool is_in_open_chunk(const struct store_cursor *c) {
    const struct sqa_open_chunk *open = &store_of(c)->memory->open;
    return sqa_vtab_memory_is_current(&store_of(c)->base) && c->lo == c->hi && open->is_open &&
           open->lo <= c->lo && c->lo <= open->hi;
}

/* Stands on the row wanted, if it is in the open chunk. It is copied: it may be changed or deleted next. */
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
    for (int k = 0; k < c->count; k++) {
        c->active[k] = !(c->conditions[k].column == SQA_ROWID && c->conditions[k].set == NULL);
        c->tests |= c->active[k];
    }
    c->eof = !enter_chunk(c);
}

/* ---- Points */

/* Reads a column of the row wanted. *found: it is there, or still there. */
static int read_point(struct store_cursor *c, int column, int64_t *value, bool *found) {
    struct sqa_store *store = store_of(c);
    int rc = SQLITE_OK;
    *found = true;
    if (c->point_changes != store->memory->base.changes) {
        size_t i;
        rc = sqa_vtab_enter(&store->base);
        if (rc == SQLITE_OK)
            rc = sqa_vtab_check_written(&store->base);
        if (rc == SQLITE_OK && is_in_open_chunk(c)) {
            const struct sqa_chunk *chunk = &store->memory->open.chunk;
            *found = sqa_chunk_find(chunk, c->lo, &i);
            if (*found)
                *value = chunk->column[column][i];
            return SQLITE_OK;
        }
        if (rc == SQLITE_OK)
            rc = sqa_point_find_chunk(store, c->lo, &c->point, found);
        if (rc == SQLITE_OK && *found)
            rc = sqa_point_find_row(store, c->lo, &c->point, found);
        c->point_changes = store->memory->base.changes;
    }
    return rc == SQLITE_OK && *found ? sqa_point_get(store, &c->point, column, value) : rc;
}

static int test_point(struct store_cursor *c, bool *meets_all) {
    int rc = SQLITE_OK;
    bool found = true;
    for (int i = 0; i < c->count && rc == SQLITE_OK && *meets_all; i++) {
        int64_t x = c->lo;
        if (c->conditions[i].column != SQA_ROWID)
            rc = read_point(c, c->conditions[i].column, &x, &found);
        *meets_all = found && sqa_condition_meets_any(&c->conditions[i], x, x);
    }
    return rc;
}

/* Is the chunk read already that a row alone is wanted of? */
static bool has_chunk(const struct store_cursor *c, const struct sqa_chunk_header *header) {
    return c->has_rows && c->rows_changes == store_of(c)->memory->base.changes &&
           memcmp(&c->rows_header, header, sizeof *header) == 0 && c->rows_mask == c->plan->mask;
}

/* Stands on the row wanted, if it is stored and worth to be read as a point; *done: it is, or there is none. */
static int find_point(struct store_cursor *c, bool *done) {
    struct sqa_store *store = store_of(c);
    bool found;
    *done = false;
    int rc = sqa_point_find_chunk(store, c->lo, &c->point, &found);
    if (rc == SQLITE_OK && found &&
        (has_chunk(c, &c->point.header) ||
         !sqa_point_is_worth(&c->point.header, &c->point_id, &c->points)))
        return SQLITE_OK;
    if (rc == SQLITE_OK && found)
        rc = sqa_point_find_row(store, c->lo, &c->point, &found);
    c->point_changes = store->memory->base.changes;
    if (rc == SQLITE_OK && found)
        rc = test_point(c, &found);
    c->is_point = *done = true;
    c->eof = rc != SQLITE_OK || !found;
    if (!c->eof)
        sqa_point_keep(store, c->lo, &c->point);
    return rc;
}

/* ---- Methods */

/* Reads plan and values. *none: no row can be wanted. */
static int read_store_plan(struct store_cursor *c, const char *text, sqlite3_value **argv,
                           bool *none) {
    struct sqa_store *store = store_of(c);
    clear_plan(c); /* the terms of an OR may share a cursor, each with a plan of its own */
    c->plan = sqa_store_plan_copy(text);
    if (c->plan == NULL)
        return SQLITE_NOMEM;
    const size_t most = (size_t)c->plan->count + 1; /* none would be no memory */
    c->conditions = sqa_object_new(most * sizeof c->conditions[0]);
    c->active = sqa_object_new(most * sizeof c->active[0]);
    if (c->conditions == NULL || c->active == NULL)
        return SQLITE_NOMEM;
    const int rc = sqa_conditions_read(store, c->plan, argv, c->conditions, &c->count, none);
    c->lo = INT64_MIN;
    c->hi = INT64_MAX;
    for (int i = 0; i < c->count; i++) {
        if (c->conditions[i].column == SQA_ROWID && c->conditions[i].lo > c->lo)
            c->lo = c->conditions[i].lo;
        if (c->conditions[i].column == SQA_ROWID && c->conditions[i].hi < c->hi)
            c->hi = c->conditions[i].hi;
    }
    return rc;
}

static int begin_ordered(struct store_cursor *c, sqlite3_value **argv) {
    c->is_ordered = true;
    c->has_rows = c->tests = false;
    const int rc =
        sqa_ordered_scan_begin(&c->ordered, store_of(c), c->plan, c->conditions, c->count, c->lo,
                               c->hi, sqa_store_plan_rows(c->plan, argv));
    return rc == SQLITE_OK ? next_ordered(c) : rc;
}

int sqa_store_cursor_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                            sqlite3_value **argv) {
    (void)number, (void)argc;
    struct store_cursor *c = (struct store_cursor *)cursor;
    struct sqa_vtab *vtab = &store_of(c)->base;
    bool none = false;
    c->eof = true;
    c->is_one_row = c->is_point = false;
    int rc = read_store_plan(c, text, argv, &none);
    if (rc != SQLITE_OK || none || c->lo > c->hi)
        return rc;
    if (is_in_open_chunk(c)) {
        find_in_open_chunk(c);
        return SQLITE_OK;
    }
    rc = sqa_vtab_enter(vtab);
    if (rc == SQLITE_OK)
        rc = sqa_vtab_check_written(vtab);
    if (rc != SQLITE_OK)
        return rc;
    sqa_point_keep(store_of(c), 0, NULL);
    if (c->lo == c->hi) {
        bool done;
        rc = find_point(c, &done);
        if (rc != SQLITE_OK || done)
            return rc;
    }
    if (c->plan->order_column != SQA_ROWID)
        return begin_ordered(c, argv);
    rc = sqa_chunk_scan_begin(&c->scan, c->lo, c->hi, c->plan->descending);
    return rc == SQLITE_OK ? next_chunk(c) : rc;
}

int sqa_store_cursor_next(sqlite3_vtab_cursor *cursor) {
    struct store_cursor *c = (struct store_cursor *)cursor;
    const int64_t step = c->plan->descending && !c->is_ordered ? -1 : 1;
    if (c->is_point) {
        c->eof = true;
        return SQLITE_OK;
    }
    if (!c->tests) {
        if (c->row == c->last)
            return next_chunk(c);
        c->row += step;
        return SQLITE_OK;
    }
    c->at += step;
    if (c->at < 0 || c->at == c->picked_count)
        return pick_next(c) ? SQLITE_OK : next_chunk(c);
    c->row = c->picked[c->at];
    return SQLITE_OK;
}

int sqa_store_cursor_eof(sqlite3_vtab_cursor *cursor) {
    return ((const struct store_cursor *)cursor)->eof;
}

/*
** The hidden column is NULL. What an UPDATE leaves as it is has no value: the row may have another until it is
** the row's turn.
*/
int sqa_store_cursor_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    struct store_cursor *c = (struct store_cursor *)cursor;
    int64_t x;
    bool found;
    int rc = SQLITE_OK;
    /* unreached: a column that is not in colUsed, which is all that SQLite says of it */
    if (column >= store_of(c)->layout.columns || !(c->plan->mask & sqa_column_bit(column)) ||
        sqlite3_vtab_nochange(context))
        return SQLITE_OK;
    if (!c->is_point)
        sqlite3_result_int64(context, sqa_column_get(&c->rows.columns[column], (size_t)c->row));
    else if ((rc = read_point(c, column, &x, &found)) == SQLITE_OK && found)
        sqlite3_result_int64(context, x);
    return rc;
}

int sqa_store_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    const struct store_cursor *c = (const struct store_cursor *)cursor;
    *rowid = c->is_point ? c->lo : sqa_rows_rowid(&c->rows, (size_t)c->row);
    return SQLITE_OK;
}
