/*
** The plan of a query, which xBestIndex passes to xFilter.
**
** idxStr contains the plan twice: as text for EXPLAIN QUERY PLAN, such as
**
**     rowid>=? AND ts<=? AND qty IN (?) ORDER BY qty DESC LIMIT ?
**
** and, after the NUL at its end, as a struct sqa_store_plan. The cursor returns only rows that
** satisfy all comparisons in the plan, so SQLite does not check them again.
*/
#ifndef SQA_PLANNER_H
#define SQA_PLANNER_H

#include "store/store.h"

/* A comparison of a column with a value that xFilter is passed */
struct sqa_store_term {
    int column; /* or SQA_ROWID */
    int op;     /* a value of enum sqa_relation, or SQA_TERM_IN if there are several values */
};
enum { SQA_TERM_IN = 0 };

struct sqa_store_plan {
    uint64_t mask;     /* columns that are needed, see sqa_column_bit() */
    uint64_t carried;  /* those of them whose values SQLite asks for */
    bool reads;        /* only for NAME_chunks: true if arrays are needed */
    int order_column;  /* the column in whose order the rows are returned, or SQA_ROWID */
    int descending;    /* 1 if the order is descending, otherwise 0 */
    int limit, offset; /* numbers (from 1) of the arguments of xFilter for LIMIT and OFFSET, or 0 */
    int count;         /* number of terms; xFilter is passed their values in this order */
    struct sqa_store_term terms[];
};

/*
** Returns how many rows SQLite will ask for at most, or SIZE_MAX if that is not known. argv are the
** arguments of xFilter.
*/
size_t sqa_store_plan_rows(const struct sqa_store_plan *plan, sqlite3_value **argv);

/*
** Returns a copy of the plan in idxStr, which the caller frees with sqa_object_free(), or NULL when
** out of memory.
*/
struct sqa_store_plan *sqa_store_plan_copy(const char *text);

/*
** Returns the operator of constraint i for struct sqa_store_term, and sets *what to its text for
** EXPLAIN QUERY PLAN. Returns -1 if the constraint cannot be used; otherwise the caller must use
** it, because for IN this function asks SQLite to pass all values at once.
*/
int sqa_plan_op(sqlite3_index_info *info, int i, const char **what);
/*
** Returns an empty plan with room for all constraints, or NULL after a failure. It is passed to
** sqa_plan_give().
*/
struct sqa_store_plan *sqa_plan_new(struct sqa_store *store, const sqlite3_index_info *info);
/*
** Stores text and plan in info->idxStr. Both are freed. If the text is NULL, fails with
** SQLITE_NOMEM.
*/
void sqa_plan_give(struct sqa_store *store, sqlite3_index_info *info, char *text,
                   struct sqa_store_plan *plan);

/* Implements xBestIndex of array_store. */
int sqa_store_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info);

#endif
