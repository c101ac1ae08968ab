#include "index/index_cursor.h"

#include <string.h>

#include "index/index_object.h"
#include "index/index_plan.h"
#include "index/kept_search.h"
#include "index/search_windows.h"
#include "vtab/comparison.h"

SQLITE_EXTENSION_INIT3

/* The first windows are asked for in part: who wants a few keys does not wait for thousands. */
enum { FIRST_SPAN = 4096 };

struct index_cursor {
    sqlite3_vtab_cursor base;
    bool is_entered; /* the index was looked at since the cursor was opened */
    bool backwards, is_end;
    struct sqa_search *search;
    sqlite3_value *query;  /* a copy of what stands for the hidden column, or NULL */
    struct sqa_range rest; /* keys that are not evaluated yet; none if lo > hi */
    int64_t span;          /* how many keys are to be evaluated next */
    int64_t key;           /* the current one */
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

/* What is asked for next: from the nearest possible answer on, within its window and the span */
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

/* What is left when `part` is done; none where that was the end of it. */
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

/* Evaluates until there is a window with a key, or no more. */
static int fill(struct index_cursor *cursor) {
    struct sqa_key_window *window = sqa_windows_in(cursor->memory);
    int rc = sqa_search_refresh(cursor->search);
    while (rc == SQLITE_OK && cursor->rest.lo <= cursor->rest.hi) {
        int64_t nearest;
        bool found;
        rc = sqa_search_skip(cursor->search, cursor->backwards ? cursor->rest.hi : cursor->rest.lo,
                             cursor->backwards, &nearest, &found);
        if (rc != SQLITE_OK || !found || nearest < cursor->rest.lo || nearest > cursor->rest.hi)
            break;
        const struct sqa_range part = next_part(cursor, nearest);
        rc = sqa_search_window(cursor->search, part.lo, part.hi, window);
        leave_out(cursor, part);
        if (rc == SQLITE_OK && window->n > 0) {
            sqa_window_walk_begin(&cursor->walk, window, cursor->backwards);
            return SQLITE_OK;
        }
    }
    cursor->is_end = true;
    return rc;
}

int sqa_index_next(sqlite3_vtab_cursor *base) {
    struct index_cursor *cursor = cursor_of(base);
    if (sqa_window_walk_next(&cursor->walk, &cursor->key))
        return SQLITE_OK;
    (void)sqa_status_begin(&index_of(cursor)->vtab);
    const int rc = fill(cursor);
    if (rc == SQLITE_OK && !cursor->is_end)
        (void)sqa_window_walk_next(&cursor->walk, &cursor->key);
    return rc;
}

/* ---- Beginning */

/* Takes the values of a plan apart: terms, whose number is given, and the range of keys. */
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

/* The cursor's search becomes the one for these terms. */
static int take_search(struct index_cursor *cursor, const struct sqa_term *terms, int n) {
    if (cursor->search != NULL && sqa_search_has_words(cursor->search, terms, n))
        return sqa_search_refresh(cursor->search);
    sqa_search_give(cursor->search);
    cursor->search = NULL;
    sqlite3_value_free(cursor->query);
    cursor->query = NULL;
    for (int i = 0; i < n && cursor->query == NULL; i++) {
        if (terms[i].kind == SQA_TERM_QUERY) {
            cursor->query = sqlite3_value_dup(terms[i].value);
            if (cursor->query == NULL)
                return SQLITE_NOMEM;
        }
    }
    return sqa_search_take(index_of(cursor), terms, n, &cursor->search);
}

static int look_up(struct index_cursor *cursor) {
    bool found;
    cursor->key = cursor->rest.lo;
    cursor->rest = (struct sqa_range){1, 0};
    const int rc = sqa_search_lookup(cursor->search, cursor->key, &found);
    cursor->is_end = rc != SQLITE_OK || !found;
    return rc;
}

int sqa_index_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc,
                     sqlite3_value **argv) {
    struct index_cursor *cursor = cursor_of(base);
    struct sqa_index *index = index_of(cursor);
    struct sqa_term terms[SQA_INDEX_PLAN_MOST];
    cursor->is_end = true;
    cursor->walk = (struct sqa_window_walk){0};
    (void)sqa_status_begin(&index->vtab);
    int rc = cursor->is_entered ? SQLITE_OK : sqa_index_enter(index);
    if (rc != SQLITE_OK)
        return rc;
    cursor->is_entered = true;
    cursor->backwards = number != 0;
    cursor->span = FIRST_SPAN;
    const int n = cursor_read_plan(cursor, plan, argc, argv, terms);
    rc = take_search(cursor, terms, n);
    if (rc != SQLITE_OK || cursor->rest.lo > cursor->rest.hi)
        return rc;
    if (cursor->rest.lo == cursor->rest.hi)
        return look_up(cursor);
    if (cursor->memory == NULL)
        cursor->memory = sqa_pool_take(index->vtab.connection->pool,
                                       sizeof(struct sqa_key_window) + SQA_WINDOW_ALIGNMENT);
    if (cursor->memory == NULL)
        return SQLITE_NOMEM;
    cursor->is_end = false;
    return sqa_index_next(base);
}

int sqa_index_eof(sqlite3_vtab_cursor *base) {
    return cursor_of(base)->is_end;
}

/* ---- Columns */

/* The row's array, as the table has it */
static int cursor_give_array(struct index_cursor *cursor, sqlite3_context *context) {
    sqlite3_stmt *row;
    (void)sqa_status_begin(&index_of(cursor)->vtab);
    const int rc = sqa_index_statement(index_of(cursor), SQA_INDEX_GET_ARRAY, &row);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(row, 1, cursor->key);
    if (sqlite3_step(row) == SQLITE_ROW)
        sqlite3_result_value(context, sqlite3_column_value(row, 0));
    return sqlite3_reset(row);
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
