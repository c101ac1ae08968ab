/* The columns of NAME_chunks, and the methods of its cursor. */
#ifndef SQA_CHUNKS_CURSOR_H
#define SQA_CHUNKS_CURSOR_H

#include "store/store.h"

/* The columns of NAME_chunks; those of column c of the store begin at SQA_CHUNKS_VALUES + SQA_CHUNKS_PER_COLUMN * c: */
enum {
    SQA_CHUNKS_ID,
    SQA_CHUNKS_FIRST,
    SQA_CHUNKS_LAST,
    SQA_CHUNKS_ROWS,
    SQA_CHUNKS_ROWIDS,
    SQA_CHUNKS_VALUES
};
/* its array, its minimum and its maximum */
enum { SQA_CHUNKS_ARRAY, SQA_CHUNKS_MIN, SQA_CHUNKS_MAX, SQA_CHUNKS_PER_COLUMN };

/* Is this column an integer that the header of the chunk says? -1 is the rowid. */
bool sqa_chunks_is_in_header(int column);

int sqa_chunks_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor);
int sqa_chunks_close(sqlite3_vtab_cursor *cursor);
int sqa_chunks_filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int argc,
                      sqlite3_value **argv);
int sqa_chunks_next(sqlite3_vtab_cursor *cursor);
int sqa_chunks_eof(sqlite3_vtab_cursor *cursor);
int sqa_chunks_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column);
int sqa_chunks_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid);

#endif
