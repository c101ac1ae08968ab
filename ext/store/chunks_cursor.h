/* The columns of NAME_chunks and the methods of its cursor. */
#ifndef SQA_CHUNKS_CURSOR_H
#define SQA_CHUNKS_CURSOR_H

#include "store/store.h"

/*
** The first columns of NAME_chunks. SQA_CHUNKS_VALUES is the number of the first column that
** belongs to a column of the store.
*/
enum {
    SQA_CHUNKS_ID,
    SQA_CHUNKS_FIRST,
    SQA_CHUNKS_LAST,
    SQA_CHUNKS_ROWS,
    SQA_CHUNKS_ROWIDS,
    SQA_CHUNKS_VALUES
};
/*
** The columns that belong to column c of the store. The first of them has the number
** SQA_CHUNKS_VALUES + SQA_CHUNKS_PER_COLUMN * c. They are the array of its values, the smallest
** value, and the largest value.
*/
enum { SQA_CHUNKS_ARRAY, SQA_CHUNKS_MIN, SQA_CHUNKS_MAX, SQA_CHUNKS_PER_COLUMN };

/*
** Returns true if this column, or the rowid (-1), is an integer, which is stored in the header of
** the chunk; returns false if it is an array.
*/
bool sqa_chunks_is_integer(int column);

int sqa_chunks_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor);
int sqa_chunks_close(sqlite3_vtab_cursor *cursor);
int sqa_chunks_filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int argc,
                      sqlite3_value **argv);
int sqa_chunks_next(sqlite3_vtab_cursor *cursor);
int sqa_chunks_eof(sqlite3_vtab_cursor *cursor);
int sqa_chunks_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column);
int sqa_chunks_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid);

#endif
