#include "tables/plan.h"

#include <stdio.h>
#include <string.h>

#include "vtab/comparison.h"
#include "vtab/message.h"
#include "vtab/plan_key.h"

SQLITE_EXTENSION_INIT3

enum {
    SOME_ELEMENTS = 100,   /* assumed length of an array of which nothing is known */
    MOST_ROWS = 1000000000 /* upper limit of the estimated number of rows */
};

/* Returns the index of a usable constraint `column op ...`, or -1 if there is none. */
static int find_constraint(const sqlite3_index_info *info, int column, int op) {
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *c = &info->aConstraint[i];
        if (c->iColumn == column && c->op == op && c->usable)
            return i;
    }
    return -1;
}

/*
** Returns true if there is an equality constraint on the column, whether or not this plan can use
** it.
*/
static bool is_constrained(const sqlite3_index_info *info, int column) {
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn == column &&
            info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ)
            return true;
    }
    return false;
}

/*
** Returns true if the statement uses the column, as an argument or by its name. SQLite plans each
** term of an OR by itself, without the other constraints; so a missing constraint does not mean a
** missing argument.
*/
static bool is_named(const sqlite3_index_info *info, int column) {
    return (info->colUsed >> column & 1) != 0;
}

/* Returns the index of the LIMIT constraint, or -1. */
static int find_limit(const sqlite3_index_info *info) {
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_LIMIT)
            return i;
    }
    return -1;
}

/*
** Tells SQLite to pass the right side of the constraint to xFilter and not to check the
** constraint itself.
*/
static void use(struct sqa_plan *plan, int constraint) {
    plan->info->aConstraintUsage[constraint].argvIndex = ++plan->passed;
    plan->info->aConstraintUsage[constraint].omit = 1;
}

/*
** Returns the length of an array that is known while the statement is prepared; for text, an
** estimate from its size.
*/
static double length_of(sqlite3_index_info *info, int constraint) {
    sqlite3_value *value;
    struct sqa_array array;
    struct sqa_error error;
    if (sqlite3_vtab_rhs_value(info, constraint, &value) != SQLITE_OK)
        return SOME_ELEMENTS;
    if (sqlite3_value_type(value) == SQLITE_TEXT)
        return 1 + sqlite3_value_bytes(value) / 4;
    if (sqlite3_value_type(value) == SQLITE_BLOB) {
        const void *blob = sqlite3_value_blob(value);
        if (sqa_blob_array(blob, (size_t)sqlite3_value_bytes(value), &array, &error) == SQA_OK)
            return (double)array.count;
    }
    return SOME_ELEMENTS;
}

int sqa_plan_start(struct sqa_plan *plan, sqlite3_vtab *vtab, sqlite3_index_info *info) {
    const struct sqa_form *form = ((struct sqa_table *)vtab)->form;
    *plan = (struct sqa_plan){.form = form, .info = info};
    info->idxNum = 0;
    for (int i = 0; i < form->required + form->optional; i++) {
        const int column = form->first_argument + i;
        const int constraint = find_constraint(info, column, SQLITE_INDEX_CONSTRAINT_EQ);
        if (constraint >= 0) {
            use(plan, constraint);
            if (i >= form->required)
                info->idxNum |= sqa_plan_key_option(i);
            const double length = i < form->arrays ? length_of(info, constraint) : 0;
            plan->elements = length > plan->elements ? length : plan->elements;
            continue;
        }
        if (i < form->required && !is_named(info, column))
            return sqa_vtab_message(vtab, SQLITE_ERROR,
                                    sqa_message("%s: argument %d is missing", form->name, i + 1));
        if (i < form->required || is_constrained(info, column))
            return SQLITE_CONSTRAINT;
    }
    plan->rows = plan->elements;
    return SQLITE_OK;
}

static void explain_column(struct sqa_plan *plan, const char *before, const char *name,
                           const char *after) {
    const size_t used = strlen(plan->text);
    (void)snprintf(plan->text + used, sizeof plan->text - used, "%s%s%s", used > 0 ? before : "",
                   name, after);
}

bool sqa_plan_column(struct sqa_plan *plan, int column, const char *name, bool is_rowid) {
    int bits = 0;
    for (size_t i = 0; i < SQA_COMPARISONS; i++) {
        int constraint = find_constraint(plan->info, column, sqa_comparisons[i].constraint);
        if (constraint < 0 && is_rowid)
            constraint = find_constraint(plan->info, -1, sqa_comparisons[i].constraint);
        if (constraint < 0)
            continue;
        use(plan, constraint);
        bits |= sqa_comparisons[i].bit;
        explain_column(plan, " AND ", name, sqa_comparisons[i].text);
        plan->rows /= sqa_comparisons[i].bit == SQA_EQ ? 10 : 3;
    }
    if (is_rowid && (bits & SQA_EQ)) {
        plan->rows = 1;
        plan->info->idxFlags |= SQLITE_INDEX_SCAN_UNIQUE;
    }
    plan->info->idxNum |= bits << (plan->columns++ * SQA_PLAN_COLUMN_BITS);
    return bits != 0;
}

void sqa_plan_order(struct sqa_plan *plan, int column, const char *name, bool backwards_too) {
    sqlite3_index_info *info = plan->info;
    if (info->nOrderBy == 0)
        return;
    /* the column is unique, so further ORDER BY terms change nothing */
    const int first = info->aOrderBy[0].iColumn, backwards = info->aOrderBy[0].desc;
    if ((first != column && first != -1) || (backwards && !backwards_too))
        return;
    info->orderByConsumed = 1;
    explain_column(plan, " ", "ORDER BY ", name);
    if (backwards) {
        info->idxNum |= SQA_PLAN_DESC;
        explain_column(plan, " ", "DESC", "");
    }
}

double sqa_plan_number(const struct sqa_plan *plan, int i, double otherwise) {
    sqlite3_value *value;
    const int constraint =
        find_constraint(plan->info, plan->form->first_argument + i, SQLITE_INDEX_CONSTRAINT_EQ);
    return constraint >= 0 && sqlite3_vtab_rhs_value(plan->info, constraint, &value) == SQLITE_OK
               ? sqlite3_value_double(value)
               : otherwise;
}

/*
** Returns the number of rows that a LIMIT lets through, or `rows` if that is less or there is
** none. SQLite applies the limit; this is only an estimate.
*/
static double limit_rows(sqlite3_index_info *info, double rows) {
    sqlite3_value *limit;
    if (info->nOrderBy > 0 && !info->orderByConsumed)
        return rows; /* all rows are needed for sorting */
    const int constraint = find_limit(info);
    if (constraint < 0 || sqlite3_vtab_rhs_value(info, constraint, &limit) != SQLITE_OK)
        return rows;
    const double most = sqlite3_value_double(limit);
    /* a negative LIMIT means none; unreached: SQLite does not pass it */
    return most >= 0 && most < rows ? most : rows;
}

int sqa_plan_end(struct sqa_plan *plan) {
    sqlite3_index_info *info = plan->info;
    plan->rows = limit_rows(info, plan->rows);
    if (!(plan->rows >= 1)) /* also true for a NaN: the arguments can be anything */
        plan->rows = 1;
    if (plan->rows > MOST_ROWS)
        plan->rows = MOST_ROWS;
    info->estimatedRows = (sqlite3_int64)plan->rows;
    info->estimatedCost = plan->cost + plan->rows;
    if (plan->text[0] != 0) {
        info->idxStr = sqa_message("%s", plan->text);
        info->needToFreeIdxStr = 1;
        if (info->idxStr == NULL)
            return SQLITE_NOMEM;
    }
    return SQLITE_OK;
}
