/*
** The plan of a query of an index. idxStr has a letter for each value that xFilter is passed, in
** this order, and then a blank and text for EXPLAIN QUERY PLAN:
**
**     q m c a y        a term, see enum sqa_term_kind
**     =  <  {  >  }    the key is =, <, <=, >, >= the value
**
** idxNum is 1 if the rows are wanted in descending order of their keys, otherwise 0.
*/
#ifndef SQA_INDEX_PLAN_H
#define SQA_INDEX_PLAN_H

#include "index/search_tree.h"

enum { SQA_INDEX_PLAN_MOST = 32 }; /* the largest number of constraints in a plan */

/*
** The functions on the array column that the index can evaluate. Constraint operator
** SQLITE_INDEX_CONSTRAINT_FUNCTION + i stands for function i.
*/
enum { SQA_INDEX_FUNCTIONS = 4 };
extern const struct sqa_index_function {
    const char *name;
    enum sqa_term_kind kind;
} sqa_index_functions[SQA_INDEX_FUNCTIONS];

/* Implements xBestIndex. */
int sqa_index_best_index(sqlite3_vtab *base, sqlite3_index_info *info);

#endif
