#include "index/index_cursor.h"

#include <string.h>

#include "index/index_object.h"
#include "index/index_plan.h"
#include "index/kept_search.h"
#include "index/search_windows.h"
#include "vtab/comparison.h"

SQLITE_EXTENSION_INIT3

/* The first parts that are evaluated are small, so that the first keys come soon. */
enum { FIRST_SPAN = 4096 };

struct index_cursor {
    sqlite3_vtab_cursor base;
    bool is_entered; /* sqa_index_enter() was called since the cursor was opened */
    bool backwards, is_end;
    struct sqa_search *search;
    sqlite3_value *query;  /* copy of the value of the hidden column, or NULL */
    struct sqa_range rest; /* keys that have not been evaluated; none if lo > hi */
    int64_t span;          /* number of keys to be evaluated next */
    int64_t key;           /* the current key */
    void *memory;          /* of the pool: the window */
    struct sqa_window_walk walk;
};

static struct index_cursor *cursor_of(sqlite3_vtab_cursor *base) {
    return (struct index_cursor *)base;
}

static struct sqa_index *index_of(const struct index_cursor *cursor) {
    return sqa_index_of(cursor->base.pVtab);
}

int sqa_index_open(sqlite3_vtab *base, sqlite3_vtab_cursor **made) {
    struct index_cursor *cursor = sqa_object_new(sizeof *cursor);
    (void)base;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *made = &cursor->base;
    return SQLITE_OK;
}

int sqa_index_close(sqlite3_vtab_cursor *base) {
    struct index_cursor *cursor = cursor_of(base);
    sqa_search_give(cursor->search);
    sqlite3_value_free(cursor->query);
    sqa_pool_give(cursor->memory);
    sqa_object_free(cursor);
    return SQLITE_OK;
}

/* ---- Keys, window by window */

/* Returns the range to evaluate next: from `nearest` on, within its window and the span. */
static struct sqa_range next_part(const struct index_cursor *cursor, int64_t nearest) {
    const int64_t base = sqa_window_base(nearest), top = base + (SQA_KEY_WINDOW - 1);
    const struct sqa_range rest = cursor->rest;
    struct sqa_range part;
    if (cursor->backwards) {
        part = (struct sqa_range){base, nearest};
        if (nearest - base >= cursor->span)
            part.lo = nearest - cursor->span + 1;
        part.lo = part.lo < rest.lo ? rest.lo : part.lo;
    } else {
        part = (struct sqa_range){nearest, top};
        if (top - nearest >= cursor->span)
            part.hi = nearest + cursor->span - 1;
        part.hi = part.hi > rest.hi ? rest.hi : part.hi;
    }
    return part;
}

/* Takes `part`, which has been evaluated, away from cursor->rest. */
static void leave_out(struct index_cursor *cursor, struct sqa_range part) {
    struct sqa_range *rest = &cursor->rest;
    const bool is_all = cursor->backwards ? part.lo <= rest->lo : part.hi >= rest->hi;
    if (is_all)
        *rest = (struct sqa_range){1, 0};
    else if (cursor->backwards)
        rest->hi = part.lo - 1;
    else
        rest->lo = part.hi + 1;
    if (cursor->span < SQA_KEY_WINDOW)
        cursor->span *= 4;
}

/* Evaluates further parts until one has a key, or to the end. */
static void fill(struct index_cursor *cursor) {
    struct sqa_key_window *window = sqa_windows_in(cursor->memory);
    const struct sqa_range *rest = &cursor->rest;
    int64_t nearest;
    sqa_search_refresh(cursor->search);
    while (rest->lo <= rest->hi &&
           sqa_search_skip(cursor->search, cursor->backwards ? rest->hi : rest->lo,
                           cursor->backwards, &nearest) &&
           nearest >= rest->lo && nearest <= rest->hi) {
        const struct sqa_range part = next_part(cursor, nearest);
        sqa_search_window(cursor->search, part.lo, part.hi, window);
        leave_out(cursor, part);
        if (window->n > 0) {
            sqa_window_walk_begin(&cursor->walk, window, cursor->backwards);
            return;
        }
    }
    cursor->is_end = true;
}

static void cursor_advance(struct index_cursor *cursor) {
    if (sqa_window_walk_next(&cursor->walk, &cursor->key))
        return;
    fill(cursor);
    if (!cursor->is_end)
        (void)sqa_window_walk_next(&cursor->walk, &cursor->key);
}

int sqa_index_next(sqlite3_vtab_cursor *base) {
    struct index_cursor *cursor = cursor_of(base);
    struct sqa_vtab *vtab = &index_of(cursor)->vtab;
    const int outer = sqa_status_begin(vtab);
    cursor_advance(cursor);
    return sqa_status_end(vtab, outer);
}

/* ---- Beginning */

/* Reads the values of a plan into terms and cursor->rest. Returns the number of terms. */
static int cursor_read_plan(struct index_cursor *cursor, const char *plan, int argc,
                            sqlite3_value **argv, struct sqa_term *terms) {
    static const char letters[] = "=>}<{"; /* in the order of sqa_comparisons */
    int n = 0;
    cursor->rest = sqa_range_all();
    for (int i = 0; i < argc; i++) {
        const char *letter = strchr(letters, plan[i]);
        if (letter == NULL)
            terms[n++] = (struct sqa_term){(enum sqa_term_kind)plan[i], argv[i]};
        else
            cursor->rest = sqa_range_both(
                cursor->rest, sqa_range_of(sqa_comparisons[letter - letters].bit, argv[i]));
    }
    return n;
}

/* Copies the value of the hidden column, which is the first query among the terms, if any. */
static void copy_query(struct index_cursor *cursor, const struct sqa_term *terms, int n) {
    int i = 0;
    while (i < n && terms[i].kind != SQA_TERM_QUERY)
        i++;
    sqlite3_value_free(cursor->query);
    cursor->query = i < n ? sqlite3_value_dup(terms[i].value) : NULL;
    (void)sqa_vtab_has_memory(&index_of(cursor)->vtab, i == n || cursor->query != NULL);
}

/* Makes cursor->search the search for these terms. */
static void take_search(struct index_cursor *cursor, const struct sqa_term *terms, int n) {
    if (cursor->search != NULL && sqa_search_has_words(cursor->search, terms, n)) {
        sqa_search_refresh(cursor->search);
        return;
    }
    sqa_search_give(cursor->search);
    cursor->search = NULL;
    copy_query(cursor, terms, n);
    if (!sqa_index_failed(index_of(cursor)))
        cursor->search = sqa_search_take(index_of(cursor), terms, n);
}

static void look_up(struct index_cursor *cursor) {
    cursor->key = cursor->rest.lo;
    cursor->rest = (struct sqa_range){1, 0};
    cursor->is_end = !sqa_search_lookup(cursor->search, cursor->key);
}

/* Goes to the first answer. */
static void begin(struct index_cursor *cursor) {
    if (sqa_index_failed(index_of(cursor)) || cursor->rest.lo > cursor->rest.hi)
        return;
    if (cursor->rest.lo == cursor->rest.hi) {
        look_up(cursor);
        return;
    }
    cursor->memory = sqa_index_reserve(index_of(cursor), cursor->memory, 0,
                                       sizeof(struct sqa_key_window) + SQA_WINDOW_ALIGNMENT);
    if (sqa_index_failed(index_of(cursor)))
        return;
    cursor->is_end = false;
    cursor_advance(cursor);
}

int sqa_index_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc,
                     sqlite3_value **argv) {
    struct index_cursor *cursor = cursor_of(base);
    struct sqa_index *index = index_of(cursor);
    struct sqa_term terms[SQA_INDEX_PLAN_MOST];
    const int outer = sqa_status_begin(&index->vtab);
    cursor->is_end = true;
    cursor->walk = (struct sqa_window_walk){0};
    cursor->backwards = number != 0;
    cursor->span = FIRST_SPAN;
    if (!cursor->is_entered)
        sqa_index_enter(index);
    cursor->is_entered = !sqa_index_failed(index);
    if (cursor->is_entered)
        take_search(cursor, terms, cursor_read_plan(cursor, plan, argc, argv, terms));
    begin(cursor);
    return sqa_status_end(&index->vtab, outer);
}

int sqa_index_eof(sqlite3_vtab_cursor *base) {
    return cursor_of(base)->is_end;
}

/* ---- Columns */

/* Returns the array of the row from the table. */
static int cursor_give_array(struct index_cursor *cursor, sqlite3_context *context) {
    struct sqa_index *index = index_of(cursor);
    const int outer = sqa_status_begin(&index->vtab);
    sqlite3_stmt *row = sqa_index_statement(index, SQA_INDEX_GET_ARRAY);
    sqa_bind(row, 1, cursor->key);
    if (sqa_vtab_step(&index->vtab, row))
        sqlite3_result_value(context, sqlite3_column_value(row, 0));
    sqa_vtab_reset(&index->vtab, row);
    return sqa_status_end(&index->vtab, outer);
}

int sqa_index_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    struct index_cursor *cursor = cursor_of(base);
    if (column == SQA_INDEX_KEY)
        sqlite3_result_int64(context, cursor->key);
    else if (column == SQA_INDEX_QUERY && cursor->query != NULL)
        sqlite3_result_value(context, cursor->query);
    else if (column == SQA_INDEX_ARRAY)
        return cursor_give_array(cursor, context);
    return SQLITE_OK;
}

int sqa_index_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid) {
    *rowid = cursor_of(base)->key;
    return SQLITE_OK;
}
