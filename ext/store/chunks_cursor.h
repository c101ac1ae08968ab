/* The columns of NAME_chunks, and the methods of its cursor. */
#ifndef SQA_CHUNKS_CURSOR_H
#define SQA_CHUNKS_CURSOR_H

#include "store/store.h"

/*
** The columns of NAME_chunks that are its own, and where those begin that each column of the store
** has
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
** What column c of the store has, from column SQA_CHUNKS_VALUES + SQA_CHUNKS_PER_COLUMN * c on: the
** array of its values, the smallest of them and the largest
*/
enum { SQA_CHUNKS_ARRAY, SQA_CHUNKS_MIN, SQA_CHUNKS_MAX, SQA_CHUNKS_PER_COLUMN };

/*
** True if this column, or the rowid (-1), is an integer: it stands in the header of the chunk.
** False for arrays.
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
