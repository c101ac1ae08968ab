/*
** xFilter of the table-valued functions. Each one goes the same way:
**
**     sqa_filter_start()  reads and keeps the arguments
**     sqa_filter_range()  reads the constraints of a column, once for each column that sqa_plan_column() has used
**     sqa_filter_rows()   chooses the cursor's rows, or sqa_filter_steps(), or sqa_cursor_rows()
**     sqa_filter_end()    reports a failure
*/
#ifndef SQA_FILTER_H
#define SQA_FILTER_H

#include "tables/cursor.h"
#include "vtab/comparison.h"

struct sqa_filter {
    struct sqa_call call;                    /* its arguments are those of the table, .. */
    sqlite3_value *arguments[SQA_ARGUMENTS]; /* .. where one that is left out is a NULL pointer */
    struct sqa_cursor *cursor;
    int key;                     /* idxNum, see vtab/plan_key.h */
    int columns;                 /* whose constraints have been read */
    sqlite3_value **constraints; /* the values that have not been read */
    bool has_null; /* an argument is NULL: there are no rows, and nothing else is to be read */
};

/*
** Fills filter, keeps the arguments in the cursor, and leaves the cursor without rows; key is xFilter's idxNum. Nothing
** of an earlier xFilter is left: the terms of an OR, each with a plan of its own, may share one cursor (SQLite 3.41). A
** failure goes to sqa_filter_end().
*/
SQA_MUST_CHECK enum sqa_status sqa_filter_start(struct sqa_filter *filter,
                                                struct sqa_cursor *cursor, int key,
                                                sqlite3_value **argv);

/* The integers that satisfy the constraints of the next column. */
struct sqa_range sqa_filter_range(struct sqa_filter *filter);

/* The cursor's rows are those of 1 .. count that are in range, in the order of the plan. */
void sqa_filter_rows(struct sqa_filter *filter, struct sqa_range range, int64_t count);
/* The same where the rows, `count` of them, are numbered 1, 1 + step, 1 + 2 step, and so forth. */
void sqa_filter_steps(struct sqa_filter *filter, struct sqa_range range, int64_t step,
                      int64_t count);

/* What xFilter returns for a status; the message is left where SQLite looks for it, and a failure leaves no rows. */
int sqa_filter_end(struct sqa_filter *filter, enum sqa_status status);

#endif
