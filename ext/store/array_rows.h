/* Inserts arrays of equal length, one for each column: each index is a row. */
#ifndef SQA_ARRAY_ROWS_H
#define SQA_ARRAY_ROWS_H

#include "store/store.h"

/*
** Inserts the rows and sets *rowid to the rowid of the last one. argv has an array for each column.
** `given` is the rowid in the statement, which must be NULL.
*/
void sqa_arrays_insert(struct sqa_store *store, sqlite3_value *given, sqlite3_value **argv,
                       int64_t *rowid);

#endif
