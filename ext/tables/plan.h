/*
** xBestIndex of the table-valued functions: chooses the constraints that a table uses, and
** estimates costs. vtab/plan_key.h defines how the plan is encoded for xFilter.
*/
#ifndef SQA_PLAN_H
#define SQA_PLAN_H

#include "tables/cursor.h"

struct sqa_plan {
    const struct sqa_form *form;
    sqlite3_index_info *info;
    int passed;      /* number of values that xFilter will be passed */
    int columns;     /* number of columns passed to sqa_plan_column() */
    double elements; /* length of the longest array, or a guess */
    double rows;     /* estimated number of rows; at first equal to elements */
    double cost;     /* estimated cost of finding the first row */
    char text[160];  /* the plan as text, for EXPLAIN QUERY PLAN */
};

/*
** Begins a plan and passes the arguments to xFilter. Returns SQLITE_OK or what xBestIndex has to
** return: SQLITE_ERROR with a message if the statement lacks a required argument,
** SQLITE_CONSTRAINT if the value of an argument is not available in this plan.
*/
int sqa_plan_start(struct sqa_plan *plan, sqlite3_vtab *vtab, sqlite3_index_info *info);
/*
** Uses the constraints that compare a column; returns true if there are any. is_rowid means that
** the column is the rowid: it is unique, and comparisons of the rowid count too. xFilter has to
** call sqa_filter_range() for the same columns in the same order.
*/
bool sqa_plan_column(struct sqa_plan *plan, int column, const char *name, bool is_rowid);
/*
** If the rows are wanted in the order of this column, which must be the rowid, tells SQLite not
** to sort.
*/
void sqa_plan_order(struct sqa_plan *plan, int column, const char *name, bool backwards_too);
/*
** Returns argument i (from 0) as a number if it is known while the statement is prepared, else
** `otherwise`. For estimates only.
*/
double sqa_plan_number(const struct sqa_plan *plan, int i, double otherwise);
/* Stores the plan in SQLite's structure and returns the result code for xBestIndex. */
int sqa_plan_end(struct sqa_plan *plan);

#endif
