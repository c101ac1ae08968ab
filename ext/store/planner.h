/*
** The plan of a query: what xBestIndex tells xFilter.
**
** idxStr is the plan: first, for people, what EXPLAIN QUERY PLAN shows
**
**     rowid>=? AND ts<=? AND qty IN (?) ORDER BY qty DESC LIMIT ?
**
** and behind the NUL that ends it a struct sqa_store_plan. Chunks are skipped by all of these
** comparisons, and what is left of the rows meets all of them: SQLite does not compare once more.
*/
#ifndef SQA_PLANNER_H
#define SQA_PLANNER_H

#include "store/store.h"

/* One comparison, whose right side xFilter is passed */
struct sqa_store_term {
    int column;
    int op; /* a bit of enum sqa_relation, or SQA_TERM_IN: the column is one of several values */
};
enum { SQA_TERM_IN = 0 };

struct sqa_store_plan {
    uint64_t mask;     /* columns that are needed, as sqa_chunk_fetch() takes it */
    uint64_t carried;  /* those of them that are given to SQLite */
    bool reads;        /* a plan of NAME_chunks needs arrays */
    int order_column;  /* the column in whose order rows are wanted, or SQA_ROWID */
    int descending;    /* 1: from the last row in this order to the first, else 0 */
    int limit, offset; /* which arguments of xFilter are LIMIT and OFFSET, from 1; 0: none */
    int count;         /* of terms */
    struct sqa_store_term terms[];
};

/* How many rows will be asked for, SIZE_MAX where that is not known; argv: xFilter's */
size_t sqa_store_plan_rows(const struct sqa_store_plan *plan, sqlite3_value **argv);

/* Gives a copy of the plan in idxStr, for sqa_object_free(), or NULL without memory. */
struct sqa_store_plan *sqa_store_plan_copy(const char *text);

/*
** For xBestIndex: the operator of constraint i, as struct sqa_store_term has it, and its text in
** *what; -1 where it cannot be used. It is used if it is not -1: of IN SQLite passes the list then.
*/
int sqa_plan_op(sqlite3_index_info *info, int i, const char **what);
/*
** Gives an empty plan with room for all constraints, or NULL after a failure. sqa_plan_give() takes
** it.
*/
struct sqa_store_plan *sqa_plan_new(struct sqa_store *store, const sqlite3_index_info *info);
/*
** Hands the plan to SQLite behind the text. Both are freed; the text may be NULL, for want of
** memory.
*/
void sqa_plan_give(struct sqa_store *store, sqlite3_index_info *info, char *text,
                   struct sqa_store_plan *plan);

int sqa_store_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info);

#endif
