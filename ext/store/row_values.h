/*
** Reads the values that a statement writes: integers, by the rules for a column of INTEGER
** affinity, and arrays.
*/
#ifndef SQA_ROW_VALUES_H
#define SQA_ROW_VALUES_H

#include "store/store.h"

/*
** Returns true if the value is a BLOB, or text that begins like an array. Other text can only be an
** integer.
*/
bool sqa_value_is_array(struct sqa_store *store, sqlite3_value *value);
/*
** Sets *x to the integer that the column would store. Text of a number is converted. Fails with
** SQLITE_MISMATCH or SQLITE_CONSTRAINT if the column would store anything else.
*/
void sqa_value_read(struct sqa_store *store, int column, sqlite3_value *value, int64_t *x);
/* Reads the values of a new row into store->values. argv has one for each column. */
void sqa_row_read(struct sqa_store *store, sqlite3_value **argv);
/*
** Returns a rowid. As in a table it may also be a REAL that is whole, or text of such a number.
*/
int64_t sqa_rowid_read(struct sqa_store *store, sqlite3_value *value);
/*
** Reads rows that are given as arrays, one for each column. They may point into the values. The
** caller must call sqa_arrays_free() in any case.
*/
void sqa_arrays_read(struct sqa_store *store, sqlite3_value **argv, struct sqa_rows *rows);
void sqa_arrays_free(struct sqa_store *store, struct sqa_rows *rows);

/* Fails with SQLITE_CONSTRAINT and "CONSTRAINT constraint failed: NAME.COLUMN". */
void sqa_store_violates(struct sqa_store *store, const char *constraint, const char *column);

#endif
