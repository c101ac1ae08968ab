/*
** xBestIndex of the table-valued functions: which constraints a table uses, and what SQLite shows of it. What xFilter is
** told of the plan is in vtab/plan_key.h.
*/
#ifndef SQA_PLAN_H
#define SQA_PLAN_H

#include "tables/cursor.h"

struct sqa_plan {
    const struct sqa_form *form;
    sqlite3_index_info *info;
    int passed;      /* values that xFilter will be passed */
    int columns;     /* that have been looked at for constraints */
    double elements; /* of the longest array: its length, or a guess */
    double rows;     /* that xFilter will give; at first as many as elements */
    double cost;     /* of finding the first of them */
    char text[160];  /* the plan, for people */
};

/*
** Begins a plan with the arguments. Otherwise what xBestIndex returns: SQLITE_ERROR with a message if the statement does
** not give a required argument, SQLITE_CONSTRAINT if this plan does not know an argument yet.
*/
int sqa_plan_start(struct sqa_plan *plan, sqlite3_vtab *vtab, sqlite3_index_info *info);
/*
** Uses comparisons of a column with something; true if there are any. is_rowid: the column is the
** rowid, so that it has no value twice, and comparisons of the rowid count too. xFilter calls
** sqa_filter_range() for the same columns in the same order.
*/
bool sqa_plan_column(struct sqa_plan *plan, int column, const char *name, bool is_rowid);
/* Where rows are wanted in the order of this column, which is the rowid, SQLite need not sort. */
void sqa_plan_order(struct sqa_plan *plan, int column, const char *name, bool backwards_too);
/* The argument number i (from 0) where the statement says it, or `otherwise`. For estimates. */
double sqa_plan_number(const struct sqa_plan *plan, int i, double otherwise);
/* Hands the plan over to SQLite; returns what xBestIndex does. */
int sqa_plan_end(struct sqa_plan *plan);

#endif
