/*
** xFilter of the table-valued functions. Each one calls, in this order:
**
**     sqa_filter_start()   to read and keep the arguments
**     sqa_filter_range()   to read the constraints of a column, once for each column that
**                          xBestIndex has passed to sqa_plan_column()
**     sqa_filter_rows()    to select the cursor's rows; or sqa_filter_steps(), or sqa_cursor_rows()
**     sqa_filter_end()     to report a failure
*/
#ifndef SQA_FILTER_H
#define SQA_FILTER_H

#include "tables/cursor.h"
#include "vtab/comparison.h"

struct sqa_filter {
    struct sqa_call call;                    /* a call whose arguments are those of the table */
    sqlite3_value *arguments[SQA_ARGUMENTS]; /* an argument that is left out is a NULL pointer */
    struct sqa_cursor *cursor;
    int key;                     /* SQLite's idxNum, whose bits are explained in vtab/plan_key.h */
    int columns;                 /* number of columns whose constraints have been read */
    sqlite3_value **constraints; /* the constraint values that have not been read yet */
};

/*
** Fills filter, copies the arguments into the cursor, and leaves the cursor without rows. key is
** xFilter's idxNum. The state of an earlier xFilter is cleared, because SQLite 3.41 lets the
** terms of an OR, each with its own plan, share one cursor. Returns false if xFilter has nothing
** else to read: after a failure, and if an argument is NULL, in which case there are no rows. The
** caller calls sqa_filter_end() in any case.
*/
bool sqa_filter_start(struct sqa_filter *filter, struct sqa_cursor *cursor, int key,
                      sqlite3_value **argv);

/* Returns the range of integers that satisfy the constraints of the next column. */
struct sqa_range sqa_filter_range(struct sqa_filter *filter);

/*
** Selects as the cursor's rows those from 1 to count that are in the range, in the order of the
** plan.
*/
void sqa_filter_rows(struct sqa_filter *filter, struct sqa_range range, int64_t count);
/*
** Selects the cursor's rows as sqa_filter_rows() does, for `count` rows that are numbered 1, 1 +
** step, 1 + 2 step and so on.
*/
void sqa_filter_steps(struct sqa_filter *filter, struct sqa_range range, int64_t step,
                      int64_t count);

/*
** Returns the result code for xFilter. After a failure the message is stored in the table, where
** SQLite reads it, and the cursor has no rows.
*/
int sqa_filter_end(struct sqa_filter *filter);

#endif
