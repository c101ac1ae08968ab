/*
** What a query asks of columns, with the values that xFilter is given.
*/
#ifndef SQA_CONDITIONS_H
#define SQA_CONDITIONS_H

#include "store/chunk_scan.h"
#include "store/planner.h"

/*
** The integers that a column may be: those from lo to hi; if set is not NULL, only those among it.
*/
struct sqa_condition {
    int column;
    int64_t lo, hi;
    int64_t *set;     /* ascending, without duplicates */
    size_t set_count; /* > 0 */
};

/* A plan, with the values of this time */
struct sqa_conditions {
    struct sqa_store_plan *plan;
    struct sqa_condition *list; /* with room for one more */
    int count;
};

/*
** Reads the plan in idxStr and the values that xFilter is passed, in place of what was in
** conditions; ranges of one column become one condition. Gives false where no integer meets them,
** or after a failure. sqa_conditions_clear() frees what it owns.
*/
bool sqa_conditions_read(struct sqa_store *store, const char *text, sqlite3_value **argv,
                         struct sqa_conditions *conditions);
void sqa_conditions_clear(struct sqa_conditions *conditions);

/* Can an integer from min to max meet it? Do all of them? */
bool sqa_condition_meets_any(const struct sqa_condition *condition, int64_t min, int64_t max);
bool sqa_condition_meets_all(const struct sqa_condition *condition, int64_t min, int64_t max);

/*
** Can the chunk that a scan stands on have rows that meet all conditions? Otherwise, and after a
** failure, gives false. active[i] says then whether the rows are to be tested for condition i: not
** where all of them meet it, nor for a range of rowids. It may be NULL.
*/
bool sqa_conditions_meet_chunk(struct sqa_chunk_scan *scan, const struct sqa_conditions *conditions,
                               bool *active);
/*
** Picks those of n rows, from row `at` on, which are in one block of SQA_BLOCK, that meet the
** conditions that are active; NULL: those are all but ranges of rowids. Fills picked with their
** indexes, ascending; gives their number. Columns are unpacked only where what is known of their
** block leaves open whether its rows meet a condition.
*/
size_t sqa_conditions_pick(const struct sqa_kernels *kernels, const struct sqa_rows *rows,
                           const struct sqa_condition *conditions, const bool *active, int count,
                           size_t at, size_t n, int64_t *picked);

#endif
