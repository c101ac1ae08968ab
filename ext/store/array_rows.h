/*
** Arrays inserted, as many rows: one array a column, all of one length.
*/
#ifndef SQA_ARRAY_ROWS_H
#define SQA_ARRAY_ROWS_H

#include "store/store.h"

/*
** Inserts the arrays; *rowid becomes the last row's. given: the rowid in the statement, which has
** to be NULL.
*/
void sqa_arrays_insert(struct sqa_store *store, sqlite3_value *given, sqlite3_value **argv,
                       int64_t *rowid);

#endif
