/*
** The cursor: it walks from chunk to chunk, passes those whose figures no row can meet the conditions
** with, and of the others gives the rows that meet them. Rows are tested in blocks, by kernels, shortly
** before they are given, so that a query that ends early has not looked at all of a chunk.
*/
#include <string.h>

#include "store/conditions.h"
#include "store/open_chunk.h"
#include "store/store_cursor.h"

SQLITE_EXTENSION_INIT3

enum { NO_STATEMENT = -1 };

struct store_cursor {
    sqlite3_vtab_cursor base;
    int64_t renames;             /* of the store when it was opened */
    struct sqa_store_plan *plan; /* of the last xFilter */
    int heads_kind;              /* WALK or WALK_BACK: what heads is */
    sqlite3_stmt *heads;

    struct sqa_condition *conditions; /* of which count are in use */
    int count;
    bool *active;    /* for each condition: the rows of this chunk are to be tested for it */
    int64_t lo, hi;  /* rowids wanted */
    int64_t changes; /* to the stores when heads began */

    bool eof;
    bool
        from_open_chunk; /* there is one row at most, which has been copied from the open chunk to values */
    struct sqa_chunk_header head; /* of the chunk that the rows are in */
    struct sqa_rows rows;
    bool has_rows;        /* they are a whole chunk, for further searches like this one: .. */
    int64_t rows_changes; /* .. after so many changes .. */
    struct sqa_chunk_header rows_head; /* .. of this head .. */
    uint64_t rows_mask;                /* .. and these columns */
    int64_t *values;
    bool tests;         /* rows are to be tested at all */
    int64_t row, last;  /* where the cursor stands; where it will stand last, if it does not test */
    int64_t begin, end; /* rows begin .. end-1 have not been tested, if it does */
    int64_t at, picked_count; /* the cursor stands on picked[at] */
    int64_t picked[SQA_BLOCK];
};

static struct sqa_store *store_of(const struct store_cursor *w) {
    return (struct sqa_store *)w->base.pVtab;
}

static void free_cursor(struct store_cursor *w) {
    sqa_object_free(w->values);
    sqa_object_free(w->rows.columns);
    sqa_object_free(w);
}

int sqa_store_cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor) {
    const struct sqa_store *store = (const struct sqa_store *)vtab;
    struct store_cursor *w = sqa_object_new(sizeof *w);
    const size_t columns = (size_t)store->layout.columns;
    if (w == NULL)
        return SQLITE_NOMEM;
    w->rows.columns = sqa_object_new(columns * sizeof w->rows.columns[0]);
    w->values = sqa_object_new(columns * sizeof w->values[0]);
    if (w->rows.columns == NULL || w->values == NULL) {
        free_cursor(w);
        return SQLITE_NOMEM;
    }
    w->heads_kind = NO_STATEMENT;
    w->renames = store->renames;
    *cursor = &w->base;
    return SQLITE_OK;
}

/* A statement that a cursor has done with is kept for the next one. */
static void close_heads(struct store_cursor *w) {
    struct sqa_store *store = store_of(w);
    if (w->heads_kind == NO_STATEMENT)
        return;
    (void)sqlite3_reset(w->heads);
    if (store->statements[w->heads_kind] == NULL)
        store->statements[w->heads_kind] = w->heads;
    else
        sqlite3_finalize(w->heads);
    w->heads_kind = NO_STATEMENT;
}

static void clear_plan(struct store_cursor *w) {
    sqa_conditions_clear(w->conditions, w->count);
    sqa_object_free(w->conditions);
    sqa_object_free(w->active);
    sqa_object_free(w->plan);
    w->conditions = NULL;
    w->active = NULL;
    w->plan = NULL;
    w->count = 0;
}

int sqa_store_cursor_close(sqlite3_vtab_cursor *cursor) {
    struct store_cursor *w = (struct store_cursor *)cursor;
    close_heads(w);
    clear_plan(w);
    sqa_rows_give(&w->rows, store_of(w)->layout.columns);
    free_cursor(w);
    return SQLITE_OK;
}

/* ---- Rows */

/* x less y, or the integer next to that */
static int64_t saturated_difference(int64_t x, int64_t y) {
    int64_t difference;
    return !__builtin_sub_overflow(x, y, &difference) ? difference : y < 0 ? INT64_MAX : INT64_MIN;
}

/* The rows at .. at+n that meet a condition, as a mask */
static void test_block(const struct store_cursor *w, const struct sqa_condition *condition,
                       size_t at, size_t n, uint8_t *mask) {
    const struct sqa_kernels *kernels = store_of(w)->connection->kernels;
    const bool is_rowid = condition->column == SQA_ROWID;
    const struct sqa_column *column =
        is_rowid ? &w->rows.rowids : &w->rows.columns[condition->column];
    const struct sqa_view *view = &column->view;
    if (condition->set == NULL) {
        struct sqa_reader reader;
        sqa_reader_init(&reader, kernels, view, view->width);
        const void *block = sqa_reader_block(&reader, at, n);
        kernels->between[sqa_width_index(view->width)](
            mask, block, saturated_difference(condition->lo, column->base),
            saturated_difference(condition->hi, column->base), n);
        return;
    }
    int64_t values[SQA_BLOCK];
    if (is_rowid && sqa_rows_dense(&w->rows)) {
        kernels->series[3](values, w->rows.first + (int64_t)at, 1, n);
    } else {
        sqa_view_copy(kernels, view, at, n, values, sizeof values[0]);
        if (column->base != 0)
            kernels->add_wrapping[3](values, column->base, n);
    }
    kernels->isin[3](mask, values, n, condition->set, condition->set_count);
}

/* Picks the rows of at .. at+n that meet all conditions. */
static void pick(struct store_cursor *w, size_t at, size_t n) {
    const struct sqa_kernels *kernels = store_of(w)->connection->kernels;
    uint8_t mask[SQA_BLOCK], other[SQA_BLOCK];
    struct sqa_acc acc = {0, 0};
    bool first = true;
    for (int i = 0; i < w->count; i++) {
        if (!w->active[i])
            continue;
        test_block(w, &w->conditions[i], at, n, first ? mask : other);
        if (!first)
            kernels->bit_and_vv[0](mask, mask, other, n, &acc);
        first = false;
    }
    w->picked_count = (int64_t)kernels->positions[0](w->picked, mask, (int64_t)at, n);
}

/* Tests further blocks of the chunk until a row is found; false at the end of the chunk. */
static bool pick_next(struct store_cursor *w) {
    while (w->begin < w->end) {
        const int64_t left = w->end - w->begin, n = left < SQA_BLOCK ? left : SQA_BLOCK;
        const int64_t at = w->plan->descending ? w->end - n : w->begin;
        *(w->plan->descending ? &w->end : &w->begin) += w->plan->descending ? -n : n;
        pick(w, (size_t)at, (size_t)n);
        if (w->picked_count > 0) {
            w->at = w->plan->descending ? w->picked_count - 1 : 0;
            w->row = w->picked[w->at];
            return true;
        }
    }
    return false;
}

/* ---- Chunks */

/* Can the chunk that heads stands on have rows that meet the conditions? Finds what is to be tested. */
static int meets(struct store_cursor *w, bool *any) {
    struct sqa_store *store = store_of(w);
    *any = w->head.last >= w->lo;
    w->tests = false;
    for (int i = 0; i < w->count && *any; i++) {
        const struct sqa_condition *condition = &w->conditions[i];
        int64_t min = w->head.first, max = w->head.last;
        if (condition->column != SQA_ROWID) {
            const int at = SQA_MIN_MAX_AT + 2 * condition->column;
            if (sqlite3_column_type(w->heads, at) != SQLITE_INTEGER ||
                sqlite3_column_type(w->heads, at + 1) != SQLITE_INTEGER)
                return sqa_store_corrupt(store, w->head.first, "has no integers for min and max");
            min = sqlite3_column_int64(w->heads, at);
            max = sqlite3_column_int64(w->heads, at + 1);
        }
        *any = sqa_condition_meets_any(condition, min, max);
        w->active[i] = !sqa_condition_meets_all(condition, min, max) &&
                       !(condition->column == SQA_ROWID && condition->set == NULL);
        w->tests |= w->active[i];
    }
    return SQLITE_OK;
}

/* How many rows of the chunk have a rowid below this one */
static int64_t rows_below(const struct store_cursor *w, int64_t rowid) {
    size_t low = 0, high = w->rows.n;
    if (rowid <= w->head.first)
        return 0;
    if (rowid > w->head.last)
        return (int64_t)high;
    if (sqa_rows_dense(&w->rows))
        return rowid - w->head.first;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sqa_rows_rowid(&w->rows, middle) < rowid)
            low = middle + 1;
        else
            high = middle;
    }
    return (int64_t)low;
}

/* Stands on the first row wanted of the chunk that has been read; false if there is none. */
static bool enter(struct store_cursor *w) {
    w->begin = rows_below(w, w->lo);
    w->end = w->hi == INT64_MAX ? (int64_t)w->rows.n : rows_below(w, w->hi + 1);
    if (w->begin >= w->end)
        return false;
    if (w->tests)
        return pick_next(w);
    w->row = w->plan->descending ? w->end - 1 : w->begin;
    w->last = w->plan->descending ? w->begin : w->end - 1;
    return true;
}

/* Chunks follow each other without overlap. */
static bool in_order(const struct store_cursor *w, const struct sqa_chunk_header *next) {
    if (w->head.n == 0) /* the first one */
        return true;
    return w->plan->descending ? next->last < w->head.first : next->first > w->head.last;
}

/* Begins with the chunks that have the rowids wanted. */
static void begin_heads(struct store_cursor *w) {
    (void)sqlite3_reset(w->heads);
    sqlite3_bind_int64(w->heads, 1, w->lo);
    sqlite3_bind_int64(w->heads, 2, w->hi);
    w->changes = store_of(w)->connection->store_changes;
}

/*
** Where rows have been written, or taken back, since the cursor began, chunks may have other borders: begins again
** behind the chunk that is done with. false: there is nothing behind it.
*/
static bool begin_again(struct store_cursor *w) {
    const bool down = w->plan->descending;
    if (w->head.n == 0 || w->changes == store_of(w)->connection->store_changes)
        return true;
    if (down ? w->head.first == INT64_MIN : w->head.last == INT64_MAX)
        return false;
    if (down)
        w->hi = w->head.first - 1;
    else
        w->lo = w->head.last + 1;
    begin_heads(w);
    w->head.n = 0;
    return w->lo <= w->hi;
}

/* Reads the columns that the plan needs, if they are not there already. */
static int read_rows(struct store_cursor *w, const struct sqa_chunk_header *head) {
    struct sqa_store *store = store_of(w);
    /* unreached: another mask, for all plans of a statement have the same colUsed */
    if (w->has_rows && w->rows_changes == store->connection->store_changes &&
        memcmp(&w->rows_head, head, sizeof *head) == 0 && w->rows_mask == w->plan->mask)
        return SQLITE_OK;
    sqa_rows_give(&w->rows, store->layout.columns);
    const int rc = sqa_chunk_fetch(store, head, w->plan->mask, &w->rows);
    w->has_rows = rc == SQLITE_OK;
    w->rows_changes = store->connection->store_changes;
    w->rows_head = *head;
    w->rows_mask = w->plan->mask;
    return rc;
}

/* Before anything is read: by the name that the table had when the cursor was opened another may be meant now. */
static int enter_store(const struct store_cursor *w) {
    struct sqa_store *store = store_of(w);
    if (w->renames != store->renames)
        return sqa_store_fail(store, SQLITE_ABORT, "array_store: %s has been renamed meanwhile",
                              store->layout.table);
    return sqa_store_enter(store);
}

/* Goes to the first row wanted of the chunks that follow, or to the end. */
static int next_chunk(struct store_cursor *w) {
    struct sqa_store *store = store_of(w);
    if (w->from_open_chunk) {
        w->eof = true;
        return SQLITE_OK;
    }
    int rc = enter_store(w);
    if (rc == SQLITE_OK)
        rc = sqa_store_write(store);
    if (rc != SQLITE_OK)
        return rc;
    if (!begin_again(w)) {
        w->eof = true;
        return SQLITE_OK;
    }
    for (;;) {
        struct sqa_chunk_header head;
        bool any;
        if (sqlite3_step(w->heads) != SQLITE_ROW) {
            w->eof = true;
            return sqlite3_reset(w->heads);
        }
        rc = sqa_chunk_header_read(store, w->heads, &head);
        if (rc == SQLITE_OK && !in_order(w, &head))
            rc = sqa_store_corrupt(store, head.first, "overlaps another");
        w->head = head;
        if (rc == SQLITE_OK)
            rc = meets(w, &any);
        if (rc == SQLITE_OK && any)
            rc = read_rows(w, &head);
        if (rc != SQLITE_OK)
            return rc;
        if (any && enter(w))
            return SQLITE_OK;
    }
}

/* Is a row alone wanted, that would be in the open chunk? Then nothing needs to be written, and nothing read. */
static bool is_for_open_chunk(const struct store_cursor *w) {
    const struct sqa_open_chunk *open = &store_of(w)->open;
    return w->lo == w->hi && open->is_open && open->lo <= w->lo && w->lo <= open->hi &&
           !store_of(w)->half_written;
}

/* Stands on the row wanted, if it is in the open chunk. The row is copied: it may be changed or deleted next. */
static void enter_open_chunk(struct store_cursor *w) {
    const struct sqa_chunk *chunk = &store_of(w)->open.chunk;
    size_t i;
    w->from_open_chunk = true;
    w->has_rows = false;
    sqa_rows_give(&w->rows, chunk->columns);
    w->eof = !sqa_chunk_find(chunk, w->lo, &i);
    if (w->eof)
        return;
    for (int c = 0; c < chunk->columns; c++) {
        w->values[c] = chunk->column[c][i];
        w->rows.columns[c] = sqa_column_of(&w->values[c], 1);
    }
    w->rows.n = 1;
    w->rows.first = w->lo;
    w->head = (struct sqa_chunk_header){.first = w->lo, .last = w->lo, .n = 1};
    w->tests = false;
    for (int c = 0; c < w->count; c++) {
        w->active[c] = !(w->conditions[c].column == SQA_ROWID && w->conditions[c].set == NULL);
        w->tests |= w->active[c];
    }
    w->eof = !enter(w);
}

/* ---- Methods */

/* Borrows the statement that the plan needs. */
static int open_heads(struct store_cursor *w) {
    const enum sqa_statement kind =
        w->plan->descending ? SQA_STATEMENT_HEADERS_BACK : SQA_STATEMENT_HEADERS;
    if (w->heads_kind == (int)kind) {
        (void)sqlite3_reset(w->heads);
        return SQLITE_OK;
    }
    close_heads(w);
    const int rc = sqa_store_prepare(store_of(w), kind, &w->heads);
    if (rc == SQLITE_OK)
        w->heads_kind = (int)kind;
    return rc;
}

/* Reads plan and values. *none: no row can be wanted. */
static int read_plan(struct store_cursor *w, const char *text, sqlite3_value **argv, bool *none) {
    struct sqa_store *store = store_of(w);
    clear_plan(w); /* the terms of an OR may share a cursor, each with a plan of its own */
    w->plan = sqa_store_plan_copy(text);
    if (w->plan == NULL)
        return SQLITE_NOMEM;
    const size_t most = (size_t)w->plan->count + 1; /* none would be no memory */
    w->conditions = sqa_object_new(most * sizeof w->conditions[0]);
    w->active = sqa_object_new(most * sizeof w->active[0]);
    if (w->conditions == NULL || w->active == NULL)
        return SQLITE_NOMEM;
    const int rc = sqa_conditions_read(store, w->plan, argv, w->conditions, &w->count, none);
    w->lo = INT64_MIN;
    w->hi = INT64_MAX;
    for (int i = 0; i < w->count; i++) {
        if (w->conditions[i].column == SQA_ROWID && w->conditions[i].lo > w->lo)
            w->lo = w->conditions[i].lo;
        if (w->conditions[i].column == SQA_ROWID && w->conditions[i].hi < w->hi)
            w->hi = w->conditions[i].hi;
    }
    return rc;
}

int sqa_store_cursor_filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc,
                            sqlite3_value **argv) {
    (void)number, (void)argc;
    struct store_cursor *w = (struct store_cursor *)cursor;
    struct sqa_store *store = store_of(w);
    bool none = false;
    w->eof = true;
    w->from_open_chunk = false;
    w->head.n = 0;
    int rc = enter_store(w);
    if (rc == SQLITE_OK)
        rc = read_plan(w, text, argv, &none);
    if (rc == SQLITE_OK && !none && is_for_open_chunk(w)) {
        enter_open_chunk(w);
        return SQLITE_OK;
    }
    if (rc == SQLITE_OK)
        rc = sqa_store_write(store);
    if (rc == SQLITE_OK)
        rc = sqa_store_check(store);
    if (rc != SQLITE_OK || none || w->lo > w->hi)
        return rc;
    rc = open_heads(w);
    if (rc != SQLITE_OK)
        return rc;
    begin_heads(w);
    w->eof = false;
    return next_chunk(w);
}

int sqa_store_cursor_next(sqlite3_vtab_cursor *cursor) {
    struct store_cursor *w = (struct store_cursor *)cursor;
    const int64_t step = w->plan->descending ? -1 : 1;
    if (!w->tests) {
        if (w->row == w->last)
            return next_chunk(w);
        w->row += step;
        return SQLITE_OK;
    }
    w->at += step;
    if (w->at < 0 || w->at == w->picked_count)
        return pick_next(w) ? SQLITE_OK : next_chunk(w);
    w->row = w->picked[w->at];
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
    const struct store_cursor *w = (const struct store_cursor *)cursor;
    /* unreached: a column that is not in colUsed, which is all that SQLite says of it */
    if (column < store_of(w)->layout.columns && (w->plan->mask & sqa_column_bit(column)) &&
        !sqlite3_vtab_nochange(context))
        sqlite3_result_int64(context, sqa_column_get(&w->rows.columns[column], (size_t)w->row));
    return SQLITE_OK;
}

int sqa_store_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    const struct store_cursor *w = (const struct store_cursor *)cursor;
    *rowid = sqa_rows_rowid(&w->rows, (size_t)w->row);
    return SQLITE_OK;
}
