/* The conditions of a query on columns, with the values that xFilter is passed. */
#ifndef SQA_CONDITIONS_H
#define SQA_CONDITIONS_H

#include "store/chunk_scan.h"
#include "store/planner.h"

/*
** A condition on a column (or SQA_ROWID): its value must be in the range from lo to hi and, if set
** is not NULL, in this set.
*/
struct sqa_condition {
    int column;
    int64_t lo, hi;   /* if set is not NULL, its first and its last element */
    int64_t *set;     /* ascending, without duplicates; memory of the pool */
    size_t set_count; /* number of its elements, not 0 */
};

/* A plan and its conditions. All memory is owned. */
struct sqa_conditions {
    struct sqa_store_plan *plan;
    struct sqa_condition *list; /* has room for one more condition */
    int count;                  /* number of conditions */
};

/*
** Reads the plan in idxStr and the values that xFilter is passed. What was in `conditions` before
** is freed. Several ranges of a column become one condition. Returns false if no integer satisfies
** the conditions, and after a failure. The caller frees the conditions with sqa_conditions_clear().
*/
bool sqa_conditions_read(struct sqa_store *store, const char *text, sqlite3_value **argv,
                         struct sqa_conditions *conditions);
void sqa_conditions_clear(struct sqa_conditions *conditions);

/*
** Return true if any integer from min to max satisfies the condition, or if all of them do.
*/
bool sqa_condition_meets_any(const struct sqa_condition *condition, int64_t min, int64_t max);
bool sqa_condition_meets_all(const struct sqa_condition *condition, int64_t min, int64_t max);

/*
** Returns true if the current chunk of a scan may have rows that satisfy all conditions; returns
** false after a failure. Then sets active[i] to whether each row has to be tested for condition i.
** That is not necessary if all rows satisfy it, and for a range of rowids. `active` may be NULL.
*/
bool sqa_conditions_meet_chunk(struct sqa_chunk_scan *scan, const struct sqa_conditions *conditions,
                               bool *active);
/*
** Finds the rows that satisfy the active conditions among n rows from row `at` on, which are in one
** block of SQA_BLOCK. If `active` is NULL, all conditions are active except ranges of rowids. Fills
** `picked` with the rows' numbers in ascending order, and returns how many there are. The block of
** a column is decoded only if its range does not tell whether all or none of its rows satisfy the
** condition.
*/
size_t sqa_conditions_pick(const struct sqa_kernels *kernels, const struct sqa_rows *rows,
                           const struct sqa_condition *conditions, const bool *active, int count,
                           size_t at, size_t n, int64_t *picked);

#endif
