/*
** What a statement gives as values, read: integers, as a column of INTEGER affinity takes them, and
** arrays.
*/
#ifndef SQA_ROW_VALUES_H
#define SQA_ROW_VALUES_H

#include "store/store.h"

/*
** Is it a blob, or text that begins as an array does? Other text is that of an integer, if of
** anything.
*/
bool sqa_value_is_array(struct sqa_store *store, sqlite3_value *value);
/* Reads the value that a column would have, if that is an integer. Text of a number becomes one. */
void sqa_value_read(struct sqa_store *store, int column, sqlite3_value *value, int64_t *x);
/* Reads the values of a new row into store->values. */
void sqa_row_read(struct sqa_store *store, sqlite3_value **argv);
/* Gives a rowid, which as in a table may also be a number that is whole, or text of one. */
int64_t sqa_rowid_read(struct sqa_store *store, sqlite3_value *value);
/*
** Reads the rows that arrays are which a statement gives as values, one a column. In any case they
** are to be freed by sqa_arrays_free().
*/
void sqa_arrays_read(struct sqa_store *store, sqlite3_value **argv, struct sqa_rows *rows);
void sqa_arrays_free(struct sqa_store *store, struct sqa_rows *rows);

/* Fails because a constraint is violated. */
void sqa_store_violates(struct sqa_store *store, const char *constraint, const char *column);

#endif
