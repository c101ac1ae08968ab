#include "store/planner.h"

#include <string.h>

#include "store/row_queue.h"
#include "store/totals.h"
#include "vtab/comparison.h"

SQLITE_EXTENSION_INIT3

enum {
    UNKNOWN_ROWS = 1000000, /* assumed number of rows if nothing is known of the table */
    UNKNOWN_LIST = 25,      /* assumed number of values after IN; the same as in SQLite */
    UNKNOWN_PART = 4,       /* one of so many rows satisfies a comparison with an unknown value */
    ROWS_PER_LOOK = 16,     /* number of rows that are tested in the time of returning one */
    MOST_PASSES = 256,      /* with more passes, sorting is faster */
    ROWS_PER_READ = 256, /* number of rows of a chunk that are read in the time of returning one */
};

/* An estimate of how many rows and chunks satisfy the terms of a plan */
struct estimate {
    const struct sqa_totals *totals; /* NULL if they are not known */
    double all_rows, all_chunks;     /* of the table */
    double rows, chunks;             /* the parts of them, 0 to 1, that satisfy the terms */
    bool tests;                      /* true if rows have to be tested */
    bool by_rowid;                   /* true if rows and chunks are found by their rowids */
};

static double at_most_one(double x) {
    return x < 1 ? x : 1;
}

static double min_of(const struct estimate *e, int column) {
    return e->totals == NULL ? 1 : e->totals->columns[column + 1].min;
}
static double max_of(const struct estimate *e, int column) {
    return e->totals == NULL ? UNKNOWN_ROWS : e->totals->columns[column + 1].max;
}
static double span_of_column(const struct estimate *e, int column) {
    return e->totals == NULL ? SQA_CHUNK_DEFAULT : e->totals->columns[column + 1].span;
}

/* Reads the totals of the table, if they are known, and adds the rows of the open chunk. */
static void begin_estimate(struct sqa_store *store, struct estimate *e) {
    const struct sqa_open_chunk *open = &store->memory->open;
    *e = (struct estimate){.rows = 1, .chunks = 1, .totals = sqa_totals_read(store)};
    e->all_rows = e->totals == NULL ? UNKNOWN_ROWS : e->totals->rows;
    e->all_chunks =
        e->totals == NULL ? (double)UNKNOWN_ROWS / SQA_CHUNK_DEFAULT : e->totals->chunks;
    if (e->totals != NULL && open->is_open) {
        e->all_rows += (double)sqa_chunk_count(&open->chunk);
        e->all_rows -= open->stored ? (double)open->stored_n : 0;
    }
}

/*
** Returns the part of the rows that satisfy a comparison, if the values are evenly distributed.
*/
static double part_of_range(const struct estimate *e, sqlite3_index_info *info, int i, int column,
                            int op) {
    const double min = min_of(e, column), max = max_of(e, column);
    sqlite3_value *value;
    if (op == SQA_TERM_IN)
        return at_most_one(UNKNOWN_LIST / (max - min + 1));
    if (op == SQA_EQ)
        return 1 / (max - min + 1);
    if (sqlite3_vtab_rhs_value(info, i, &value) != SQLITE_OK)
        return 1.0 / UNKNOWN_PART;
    const struct sqa_range range = sqa_range_of(op, value);
    const double lo = (double)range.lo > min ? (double)range.lo : min;
    const double hi = (double)range.hi < max ? (double)range.hi : max;
    return hi >= lo ? at_most_one((hi - lo + 1) / (max - min + 1)) : 0;
}

static void estimate_term(sqlite3_index_info *info, int i, int column, int op, struct estimate *e) {
    const double part = part_of_range(e, info, i, column, op);
    const double range = max_of(e, column) - min_of(e, column) + 1;
    const double chunk = at_most_one((span_of_column(e, column) + 1) / range);
    const double times = op == SQA_TERM_IN ? UNKNOWN_LIST : 1;
    const bool is_range = column == SQA_ROWID && op != SQA_TERM_IN;
    e->rows *= part;
    e->chunks *= at_most_one(part + times * chunk);
    e->tests |= !is_range;
    e->by_rowid |= is_range;
}

/*
** Returns the cost in units of returning a row: for reading the chunk headers, reading chunks,
** testing rows and returning `rows` rows.
*/
static double cost_of(const struct estimate *e, double rows) {
    const double read = e->chunks * e->all_rows;
    return (e->by_rowid ? 1 : e->all_chunks) + read / ROWS_PER_READ +
           (e->tests ? read / ROWS_PER_LOOK : 0) + rows;
}

/*
** Returns the estimate as an integer of at least 1. The totals of a damaged table can make it
** infinite or NaN.
*/
static sqlite3_int64 rows_of(double estimate) {
    const double most = 1e15;
    return !(estimate > 1) ? 1 : (sqlite3_int64)(estimate < most ? estimate : most);
}

/*
** Appends a comparison to the text for EXPLAIN QUERY PLAN. Returns the longer text, or NULL when
** out of memory.
*/
static char *explain_comparison(const struct sqa_store *store, char *text, int column,
                                const char *what) {
    text = sqa_sql_add(text, text != NULL && text[0] != 0 ? " AND " : "");
    return column == SQA_ROWID ? sqa_sql_add(text, "rowid%s", what)
                               : sqa_sql_add(text, "%s%s", store->layout.names[column], what);
}

int sqa_plan_op(sqlite3_index_info *info, int i, const char **what) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    if (!constraint->usable)
        return -1;
    if (constraint->op == SQLITE_INDEX_CONSTRAINT_EQ && sqlite3_vtab_in(info, i, 1)) {
        *what = " IN (?)";
        return SQA_TERM_IN;
    }
    for (int c = 0; c < SQA_COMPARISONS; c++) {
        if (sqa_comparisons[c].constraint == constraint->op) {
            *what = sqa_comparisons[c].text;
            return sqa_comparisons[c].bit;
        }
    }
    return -1;
}

struct sqa_store_plan *sqa_plan_new(struct sqa_store *store, const sqlite3_index_info *info) {
    struct sqa_store_plan *plan = sqa_vtab_object(
        &store->base, sizeof *plan + (size_t)info->nConstraint * sizeof plan->terms[0]);
    if (plan != NULL)
        plan->order_column = SQA_ROWID;
    return plan;
}

void sqa_plan_give(struct sqa_store *store, sqlite3_index_info *info, char *text,
                   struct sqa_store_plan *plan) {
    const size_t size = sizeof *plan + (size_t)plan->count * sizeof plan->terms[0];
    const size_t text_size = text == NULL ? 0 : strlen(text) + 1;
    info->idxStr = text == NULL ? NULL : sqa_object_new(text_size + size);
    if (info->idxStr != NULL) {
        memcpy(info->idxStr, text, text_size);
        memcpy(info->idxStr + text_size, plan, size);
        info->needToFreeIdxStr = 1;
    }
    (void)sqa_vtab_has_memory(&store->base, info->idxStr != NULL);
    sqa_object_free(text);
    sqa_object_free(plan);
}

struct sqa_store_plan *sqa_store_plan_copy(const char *text) {
    const char *bytes = text + strlen(text) + 1; /* not aligned for the structure */
    struct sqa_store_plan head;
    memcpy(&head, bytes, sizeof head);
    const size_t size = sizeof head + (size_t)head.count * sizeof head.terms[0];
    struct sqa_store_plan *plan = sqa_object_new(size);
    if (plan != NULL)
        memcpy(plan, bytes, size);
    return plan;
}

size_t sqa_store_plan_rows(const struct sqa_store_plan *plan, sqlite3_value **argv) {
    const int64_t limit = plan->limit == 0 ? -1 : sqlite3_value_int64(argv[plan->limit - 1]);
    const int64_t offset = plan->offset == 0 ? 0 : sqlite3_value_int64(argv[plan->offset - 1]);
    if (limit < 0)
        return SIZE_MAX;
    return (size_t)limit + (offset > 0 ? (size_t)offset : 0);
}

/*
** Returns true if ORDER BY asks for the order of one column, and for ascending rowids or no order
** of rows with equal values. Terms after the rowid do not matter, because rowids are unique.
*/
static bool is_order_of_column(const struct sqa_store *store, const sqlite3_index_info *info) {
    const struct sqlite3_index_orderby *terms = info->aOrderBy;
    return info->nOrderBy > 0 && terms[0].iColumn < store->layout.columns &&
           (info->nOrderBy == 1 || terms[0].iColumn == SQA_ROWID ||
            (terms[1].iColumn == SQA_ROWID && !terms[1].desc));
}

/*
** Returns how many passes over the table are needed to return all rows in the order of a column,
** see ordered_scan.h. It is about one if the ranges of the chunks do not overlap.
*/
static double passes_of(const struct estimate *e, int column) {
    const double range = max_of(e, column) - min_of(e, column) + 1;
    return e->all_rows * at_most_one((span_of_column(e, column) + 1) / range) / SQA_ROW_QUEUE_MOST;
}

/*
** Returns true if SQLite should sort, because that takes less time: there would be many passes,
** there is no LIMIT, and more columns are read than for min() and max().
*/
static bool is_to_be_sorted(const sqlite3_index_info *info, const struct sqa_store_plan *plan,
                            const struct estimate *e) {
    const int column = info->aOrderBy[0].iColumn;
    if (column == SQA_ROWID || passes_of(e, column) < MOST_PASSES)
        return false;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_LIMIT)
            return false;
    }
    uint64_t named = sqa_column_bit(column);
    for (int i = 0; i < plan->count; i++)
        named |= plan->terms[i].column == SQA_ROWID ? 0 : sqa_column_bit(plan->terms[i].column);
    return (plan->carried & ~named) != 0;
}

/*
** Passes LIMIT or OFFSET to xFilter and returns the number of the argument, or 0 if there is none.
** SQLite still counts the rows itself.
*/
static int use_limit(sqlite3_index_info *info, int op, int *passed) {
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].op == op && info->aConstraint[i].usable) {
            info->aConstraintUsage[i].argvIndex = ++*passed;
            return *passed;
        }
    }
    return 0;
}

/* Takes the ORDER BY into the plan if possible. Returns the longer text. */
static char *use_order(const struct sqa_store *store, sqlite3_index_info *info,
                       const struct estimate *e, struct sqa_store_plan *plan, char *text) {
    int passed = plan->count;
    if (!is_order_of_column(store, info) || is_to_be_sorted(info, plan, e))
        return text;
    info->orderByConsumed = 1;
    plan->order_column = info->aOrderBy[0].iColumn;
    plan->descending = info->aOrderBy[0].desc;
    text = sqa_sql_add(text, "%sORDER BY %s%s", plan->count > 0 ? " " : "",
                       plan->order_column == SQA_ROWID ? "rowid"
                                                       : store->layout.names[plan->order_column],
                       plan->descending ? " DESC" : "");
    if (plan->order_column == SQA_ROWID)
        return text;
    plan->mask |= sqa_column_bit(plan->order_column);
    plan->limit = use_limit(info, SQLITE_INDEX_CONSTRAINT_LIMIT, &passed);
    plan->offset = use_limit(info, SQLITE_INDEX_CONSTRAINT_OFFSET, &passed);
    return plan->limit == 0 ? text : sqa_sql_add(text, " LIMIT ?");
}

/*
** Takes the comparisons that can be used into the plan. Returns their text. Sets *one to true if
** the rowid is given, so that there is at most one row.
*/
static char *use_terms(const struct sqa_store *store, sqlite3_index_info *info, struct estimate *e,
                       struct sqa_store_plan *plan, bool *one) {
    char *text = sqa_sql("%s", "");
    for (int i = 0; i < info->nConstraint; i++) {
        const int column = info->aConstraint[i].iColumn;
        const char *what;
        const int op = column < store->layout.columns ? sqa_plan_op(info, i, &what) : -1;
        if (op < 0)
            continue;
        text = explain_comparison(store, text, column, what);
        plan->terms[plan->count++] = (struct sqa_store_term){column, op};
        plan->mask |= column == SQA_ROWID ? 0 : sqa_column_bit(column);
        info->aConstraintUsage[i].argvIndex = plan->count;
        info->aConstraintUsage[i].omit = 1;
        estimate_term(info, i, column, op, e);
        *one |= column == SQA_ROWID && op == SQA_EQ;
    }
    return text;
}

int sqa_store_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const int outer = sqa_status_begin(&store->base);
    struct sqa_store_plan *plan = sqa_plan_new(store, info);
    struct estimate e;
    bool one = false;
    if (plan == NULL)
        return sqa_status_end(&store->base, outer);
    begin_estimate(store, &e);
    plan->mask = plan->carried = info->colUsed;
    char *text = use_terms(store, info, &e, plan, &one);
    text = use_order(store, info, &e, plan, text);
    const double rows = one ? 1 : e.rows * e.all_rows;
    info->idxFlags |= one ? SQLITE_INDEX_SCAN_UNIQUE : 0;
    info->estimatedRows = rows_of(rows);
    info->estimatedCost = cost_of(&e, (double)info->estimatedRows);
    sqa_plan_give(store, info, text, plan);
    return sqa_status_end(&store->base, outer);
}
