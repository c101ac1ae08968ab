/*
** What a query asks of columns: planned by xBestIndex, and known by their values in xFilter.
**
** idxStr is the plan: first, for people, what EXPLAIN QUERY PLAN shows
**
**     rowid>=? AND ts<=? AND qty IN (?) ORDER BY rowid DESC
**
** and behind the NUL that ends it a struct sqa_store_plan. Chunks are skipped by all of these
** comparisons, and what is left of the rows meets all of them: SQLite does not compare once more.
*/
#ifndef SQA_CONDITIONS_H
#define SQA_CONDITIONS_H

#include "store/store.h"
#include "tables/plan.h"

enum { SQA_ROWID = -1 }; /* as the number of a column */

/* One comparison, whose right side xFilter is passed */
struct sqa_store_term {
    int column;
    int op; /* of enum sqa_plan_bits, or .. */
};
enum { SQA_TERM_IN = 0 }; /* .. this: the column is among several values */

struct sqa_store_plan {
    uint64_t mask;  /* columns that are needed, as sqa_store_fetch() takes it */
    int descending; /* rows are wanted from the last to the first */
    int count;
    struct sqa_store_term terms[];
};

/* The integers that a column may be: those from lo to hi; if set is not NULL, only those among it. */
struct sqa_condition {
    int column;
    int64_t lo, hi;
    int64_t *set;     /* ascending, without duplicates */
    size_t set_count; /* > 0 */
};

/* Gives a copy of the plan in idxStr, for sqa_object_free(), or NULL without memory. */
struct sqa_store_plan *sqa_store_plan_copy(const char *text);

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
