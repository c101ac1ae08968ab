/*
** What a query asks of columns, with the values that xFilter is given.
*/
#ifndef SQA_CONDITIONS_H
#define SQA_CONDITIONS_H

#include "store/planner.h"

/* The integers that a column may be: those from lo to hi; if set is not NULL, only those among it. */
struct sqa_condition {
    int column;
    int64_t lo, hi;
    int64_t *set;     /* ascending, without duplicates */
    size_t set_count; /* > 0 */
};

/*
** Fills conditions[plan->count] from the values; ranges of one column become one condition. *none: no
** integer meets them. The sets are given; sqa_conditions_clear() frees them.
*/
int sqa_conditions_read(struct sqa_store *store, const struct sqa_store_plan *plan,
                        sqlite3_value **argv, struct sqa_condition *conditions, int *count,
                        bool *none);
void sqa_conditions_clear(struct sqa_condition *conditions, int count);

/* Can an integer of min .. max meet it? Do all of them? */
bool sqa_condition_meets_any(const struct sqa_condition *condition, int64_t min, int64_t max);
bool sqa_condition_meets_all(const struct sqa_condition *condition, int64_t min, int64_t max);

#endif
