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
    struct sqa_call call;                    /* its arguments are those of the table */
    sqlite3_value *arguments[SQA_ARGUMENTS]; /* one that is left out is a NULL pointer */
    struct sqa_cursor *cursor;
    int key;                     /* idxNum, see vtab/plan_key.h */
    int columns;                 /* whose constraints have been read */
    sqlite3_value **constraints; /* the values that have not been read */
};

/*
** Fills filter, keeps the arguments in the cursor, and leaves the cursor without rows; key is xFilter's idxNum. Nothing
** of an earlier xFilter is left: the terms of an OR, each with a plan of its own, may share one cursor (SQLite 3.41).
** False where nothing else is to be read: after a failure, and where an argument is NULL, which makes no rows. In
** either case sqa_filter_end() has to follow.
*/
bool sqa_filter_start(struct sqa_filter *filter, struct sqa_cursor *cursor, int key,
                      sqlite3_value **argv);

/* The integers that satisfy the constraints of the next column. */
struct sqa_range sqa_filter_range(struct sqa_filter *filter);

/* The cursor's rows are those from 1 to count that are in range, in the order of the plan. */
void sqa_filter_rows(struct sqa_filter *filter, struct sqa_range range, int64_t count);
/* The same where the rows, `count` of them, are numbered 1, 1 + step, 1 + 2 step, and so forth. */
void sqa_filter_steps(struct sqa_filter *filter, struct sqa_range range, int64_t step,
                      int64_t count);

/* What xFilter returns. The message of a failure is left where SQLite looks for it, and no rows are. */
int sqa_filter_end(struct sqa_filter *filter);

#endif
