/*
** The plan of a query on an index. Its text has a letter for each value that xFilter is passed, in
** this order, and behind a blank what a person reads of it:
**
**     q m c a y    terms, see enum sqa_term_kind
**     =  <  {  >  }    the key is =, <, <=, >, >= this
**
** The number is 1 where the rows are wanted from the largest key on.
*/
#ifndef SQA_INDEX_PLAN_H
#define SQA_INDEX_PLAN_H

#include "index/search_tree.h"

enum { SQA_INDEX_PLAN_MOST = 32 }; /* constraints that a plan takes */

/*
** The functions on the hidden column that a plan takes over: SQLITE_INDEX_CONSTRAINT_FUNCTION + i
** stands for each.
*/
enum { SQA_INDEX_FUNCTIONS = 4 };
extern const struct sqa_index_function {
    const char *name;
    enum sqa_term_kind kind;
} sqa_index_functions[SQA_INDEX_FUNCTIONS];

/* xBestIndex */
int sqa_index_best_index(sqlite3_vtab *base, sqlite3_index_info *info);

#endif
