#include "store/planner.h"

#include <string.h>

#include "store/statements.h"
#include "vtab/comparison.h"

SQLITE_EXTENSION_INIT3

enum {
    UNKNOWN_ROWS = 1000000, /* where nothing is known of the table */
    UNKNOWN_LIST = 25,      /* values in an IN (..): what SQLite assumes, too */
    UNKNOWN_PART = 4,       /* a comparison with an unknown value leaves this part: likewise */
    ROWS_PER_LOOK = 16,     /* rows that can be tested in the time of giving one */
    ROWS_PER_READ = 256,    /* .. and that can be read, in their chunk */
};

/* Estimates: the parts of all rows and of all chunks that meet the terms, and what they are made from */
struct estimate {
    const struct sqa_totals *totals;
    double rows, chunks;
    bool tests;    /* rows are to be tested .. */
    bool by_rowid; /* .. or found by their rowids, and chunks too */
};

static double at_most_one(double x) {
    return x < 1 ? x : 1;
}

/* The part of a column's range that one comparison leaves, if values are spread evenly */
static double part_of(const struct sqa_store *store, sqlite3_index_info *info, int i, int column,
                      int op) {
    const double min = store->totals.columns[column + 1].min;
    const double max = store->totals.columns[column + 1].max;
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

static void estimate_term(const struct sqa_store *store, sqlite3_index_info *info, int i,
                          int column, int op, struct estimate *e) {
    const double part = part_of(store, info, i, column, op);
    const double range =
        store->totals.columns[column + 1].max - store->totals.columns[column + 1].min + 1;
    const double chunk = at_most_one((store->totals.columns[column + 1].span + 1) / range);
    const double times = op == SQA_TERM_IN ? UNKNOWN_LIST : 1;
    const bool is_range = column == SQA_ROWID && op != SQA_TERM_IN;
    e->rows *= part;
    e->chunks *= at_most_one(part + times * chunk);
    e->tests |= !is_range;
    e->by_rowid |= is_range;
}

/* In units of giving a row: looking at the heads, reading chunks, testing rows, giving some */
static double cost_of(const struct estimate *e, double rows) {
    const double read = e->chunks * e->totals->rows;
    return (e->by_rowid ? 1 : e->totals->chunks) + read / ROWS_PER_READ +
           (e->tests ? read / ROWS_PER_LOOK : 0) + rows;
}

/* As an integer, from 1. Figures of a damaged table can lead to anything, no number among it. */
static sqlite3_int64 rows_of(double estimate) {
    const double most = 1e15;
    return !(estimate > 1) ? 1 : (sqlite3_int64)(estimate < most ? estimate : most);
}

/* Failures that make SQLite roll back the transaction that a statement is in, even one that only reads. */
static bool ends_transaction(int rc) {
    const int code = rc & 0xff;
    return code == SQLITE_NOMEM || code == SQLITE_IOERR || code == SQLITE_INTERRUPT;
}

/*
** The figures of the table, taken anew when the data have changed. Other failures than those above leave the
** figures as they were or unknown: a plan can do without.
*/
static int take_totals(struct sqa_store *store) {
    struct sqa_totals *totals = &store->totals;
    sqlite3_stmt *figures;
    unsigned version = 0;
    (void)sqlite3_file_control(store->connection->db, store->layout.schema,
                               SQLITE_FCNTL_DATA_VERSION, &version);
    if (totals->known && totals->version == version)
        return SQLITE_OK;
    totals->rows = UNKNOWN_ROWS;
    totals->chunks = (double)UNKNOWN_ROWS / SQA_CHUNK_DEFAULT;
    for (int c = 0; c <= store->layout.columns; c++) {
        totals->columns[c].min = 1;
        totals->columns[c].max = UNKNOWN_ROWS;
        totals->columns[c].span = SQA_CHUNK_DEFAULT;
    }
    int rc = sqa_store_check(store);
    if (rc == SQLITE_OK)
        rc = sqa_store_statement(store, SQA_STATEMENT_TOTALS, &figures);
    if (rc != SQLITE_OK)
        return ends_transaction(rc) ? rc : SQLITE_OK;
    if (sqlite3_step(figures) == SQLITE_ROW) {
        totals->known = true;
        totals->version = version;
        totals->chunks = sqlite3_column_double(figures, 0);
        totals->rows = sqlite3_column_double(figures, 1);
        for (int c = 0; c <= store->layout.columns; c++) {
            totals->columns[c].min = sqlite3_column_double(figures, 2 + 3 * c);
            totals->columns[c].max = sqlite3_column_double(figures, 3 + 3 * c);
            totals->columns[c].span = sqlite3_column_double(figures, 4 + 3 * c);
        }
    }
    rc = sqlite3_reset(figures);
    return ends_transaction(rc) ? rc : SQLITE_OK;
}

/* Writes a comparison for people; gives the longer text, or NULL without memory. */
static char *say(const struct sqa_store *store, char *text, int column, const char *what) {
    text = sqa_sql_add(text, text != NULL && text[0] != 0 ? " AND " : "");
    return column == SQA_ROWID ? sqa_sql_add(text, "rowid%s", what)
                               : sqa_sql_add(text, "%s%s", store->layout.names[column], what);
}

/* The op of a constraint that is used, its text in *what; -1 if it is none. */
static int op_of(const struct sqa_store *store, sqlite3_index_info *info, int i,
                 const char **what) {
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[i];
    if (!constraint->usable || constraint->iColumn >= store->layout.columns)
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

/* Puts the plan behind the text, which is freed. */
static int give_plan(sqlite3_index_info *info, char *text, const struct sqa_store_plan *plan) {
    const size_t size = sizeof *plan + (size_t)plan->count * sizeof plan->terms[0];
    const size_t text_size = text == NULL ? 0 : strlen(text) + 1;
    info->idxStr = text == NULL ? NULL : sqa_object_new(text_size + size);
    if (info->idxStr != NULL) {
        memcpy(info->idxStr, text, text_size);
        memcpy(info->idxStr + text_size, plan, size);
        info->needToFreeIdxStr = 1;
    }
    sqa_object_free(text);
    return info->idxStr == NULL ? SQLITE_NOMEM : SQLITE_OK;
}

struct sqa_store_plan *sqa_store_plan_copy(const char *text) {
    const char *bytes = text + strlen(text) + 1; /* at no address that suits the structure */
    struct sqa_store_plan head;
    memcpy(&head, bytes, sizeof head);
    const size_t size = sizeof head + (size_t)head.count * sizeof head.terms[0];
    struct sqa_store_plan *plan = sqa_object_new(size);
    if (plan != NULL)
        memcpy(plan, bytes, size);
    return plan;
}

int sqa_store_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    struct estimate e = {.totals = &store->totals, .rows = 1, .chunks = 1};
    struct sqa_store_plan *plan =
        sqa_object_new(sizeof *plan + (size_t)info->nConstraint * sizeof plan->terms[0]);
    char *text = sqa_sql("%s", "");
    bool one = false;
    if (plan == NULL || text == NULL) {
        sqa_object_free(plan);
        sqa_object_free(text);
        return SQLITE_NOMEM;
    }
    int rc = take_totals(store);
    plan->mask = info->colUsed;
    for (int i = 0; i < info->nConstraint; i++) {
        const int column = info->aConstraint[i].iColumn;
        const char *what;
        const int op = op_of(store, info, i, &what);
        if (op < 0)
            continue;
        text = say(store, text, column, what);
        plan->terms[plan->count++] = (struct sqa_store_term){column, op};
        plan->mask |= column == SQA_ROWID ? 0 : sqa_column_bit(column);
        info->aConstraintUsage[i].argvIndex = plan->count;
        info->aConstraintUsage[i].omit = 1;
        estimate_term(store, info, i, column, op, &e);
        one |= column == SQA_ROWID && op == SQA_EQ;
    }
    if (info->nOrderBy > 0 && info->aOrderBy[0].iColumn == SQA_ROWID) {
        info->orderByConsumed =
            1; /* no rowid is there twice: further terms have nothing to order */
        plan->descending = info->aOrderBy[0].desc;
        text = sqa_sql_add(text, "%sORDER BY rowid%s", plan->count > 0 ? " " : "",
                           plan->descending ? " DESC" : "");
    }
    const double rows = one ? 1 : e.rows * e.totals->rows;
    info->idxFlags |= one ? SQLITE_INDEX_SCAN_UNIQUE : 0;
    info->estimatedRows = rows_of(rows);
    info->estimatedCost = cost_of(&e, (double)info->estimatedRows);
    if (rc == SQLITE_OK)
        rc = give_plan(info, text, plan);
    else
        sqa_object_free(text);
    sqa_object_free(plan);
    return rc;
}
