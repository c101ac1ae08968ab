/*
** array_each(A): the elements of an array as rows.
**
**     SELECT idx, value FROM array_each('[5,6]');                  -- 1|5, 2|6
**     SELECT * FROM t WHERE id IN (SELECT value FROM array_each(?1));
**     SELECT t.id, e.value FROM t, array_each(t.a) AS e WHERE e.idx <= 3;
**
** Comparisons of idx, which is the rowid, limit the rows to a part of the array. Comparisons of
** value are evaluated in xNext, so that SQLite does not see the elements that fail them. ORDER BY
** idx needs no sorting, in either direction.
*/
#include "core/reader.h"
#include "sql/registry.h"
#include "tables/cursor.h"
#include "tables/filter.h"
#include "tables/plan.h"

SQLITE_EXTENSION_INIT3

enum { EACH_COLUMN_IDX, EACH_COLUMN_VALUE, EACH_COLUMN_ARRAY };

struct each_cursor {
    struct sqa_cursor base;
    /* only elements in this range are rows; it is limited to what the elements' width can hold */
    bool selects;
    struct sqa_range wanted;
};

static const struct sqa_form each_form = {
    .name = "array_each",
    .schema = "CREATE TABLE x(idx INTEGER, value INTEGER, _array HIDDEN)",
    .config = SQLITE_VTAB_INNOCUOUS,
    .cursor_size = sizeof(struct each_cursor),
    .first_argument = EACH_COLUMN_ARRAY,
    .arrays = 1,
    .required = 1,
};

static int each_connect(sqlite3 *db, void *aux, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)argc, (void)argv, (void)error;
    return sqa_table_connect(&each_form, db, aux, vtab);
}

static int each_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_plan plan;
    const int rc = sqa_plan_start(&plan, vtab, info);
    if (rc != SQLITE_OK)
        return rc;
    sqa_plan_column(&plan, EACH_COLUMN_IDX, "idx", true);
    const double searched = plan.rows;
    if (sqa_plan_column(&plan, EACH_COLUMN_VALUE, "value", false))
        plan.cost += searched / 16; /* examining an element costs less than returning a row */
    sqa_plan_order(&plan, EACH_COLUMN_IDX, "idx", true);
    return sqa_plan_end(&plan);
}

static inline int64_t element(const struct each_cursor *c) {
    return sqa_view_get(&c->base.arguments[0].view, (size_t)c->base.row);
}

/* Returns how many elements from row on may be searched before the next poll; at least 1. */
static size_t stretch(const struct sqa_cursor *c) {
    const uint64_t left = (uint64_t)(c->end - c->row);
    return left < SQA_RUN ? (size_t)left : SQA_RUN;
}

/* Moves to the first wanted element at or after row, or to the end. */
static int seek(struct each_cursor *c) {
    struct sqa_cursor *base = &c->base;
    const struct sqa_connection *connection = sqa_cursor_table(base)->connection;
    const struct sqa_view *view = &base->arguments[0].view;
    sqa_search_fn *find = connection->kernels->find[sqa_width_index(view->width)];
    const bool by_kernel = c->wanted.lo == c->wanted.hi && base->step > 0;
    for (uint64_t seen = 1; base->row != base->end; seen++) {
        if (by_kernel) {
            const size_t n = stretch(base);
            const size_t at = find(view->data + (uint64_t)base->row * view->width, c->wanted.lo, n);
            base->row += (int64_t)at;
            if (at < n)
                break;
        } else {
            const int64_t x = element(c);
            if (c->wanted.lo <= x && x <= c->wanted.hi)
                break;
            base->row += base->step;
        }
        if ((by_kernel || seen % SQA_RUN == 0) && sqa_interrupted(connection))
            return SQLITE_INTERRUPT;
    }
    return SQLITE_OK;
}

static int each_filter(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int argc,
                       sqlite3_value **argv) {
    (void)plan_text, (void)argc;
    struct each_cursor *c = (struct each_cursor *)cursor;
    struct sqa_filter filter;
    if (!sqa_filter_start(&filter, &c->base, plan, argv))
        return sqa_filter_end(&filter);

    const struct sqa_view *view = &c->base.arguments[0].view;
    const int64_t most = sqa_width_most(view->width);
    const struct sqa_range idx = sqa_filter_range(&filter), value = sqa_filter_range(&filter);
    c->selects = value.lo > -most - 1 || value.hi < most;
    c->wanted.lo = value.lo > -most - 1 ? value.lo : -most - 1;
    c->wanted.hi = value.hi < most ? value.hi : most;
    if (c->wanted.lo <= c->wanted.hi)
        sqa_filter_rows(&filter, idx, (int64_t)view->count);
    return c->selects ? seek(c) : SQLITE_OK;
}

static int each_next(sqlite3_vtab_cursor *cursor) {
    struct each_cursor *c = (struct each_cursor *)cursor;
    c->base.row += c->base.step;
    return c->selects ? seek(c) : SQLITE_OK;
}

static int each_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const struct each_cursor *c = (const struct each_cursor *)cursor;
    switch (column) {
    case EACH_COLUMN_IDX:
        sqlite3_result_int64(context, c->base.row + 1);
        break;
    case EACH_COLUMN_VALUE:
        sqlite3_result_int64(context, element(c));
        break;
    default:
        sqa_cursor_argument(&c->base, context, column);
    }
    return SQLITE_OK;
}

const sqlite3_module sqa_table_each = {
    .xConnect = each_connect,
    .xBestIndex = each_best_index,
    .xDisconnect = sqa_table_disconnect,
    .xOpen = sqa_cursor_open,
    .xClose = sqa_cursor_close,
    .xFilter = each_filter,
    .xNext = each_next,
    .xEof = sqa_cursor_eof,
    .xColumn = each_column,
    .xRowid = sqa_cursor_rowid,
};
