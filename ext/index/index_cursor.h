/*
** The methods of the cursor of an index. It returns the answers of a search window by window, in
** either direction, or looks up a single key.
*/
#ifndef SQA_INDEX_CURSOR_H
#define SQA_INDEX_CURSOR_H

#include "index/index.h"

int sqa_index_open(sqlite3_vtab *base, sqlite3_vtab_cursor **made);
int sqa_index_close(sqlite3_vtab_cursor *base);
int sqa_index_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc,
                     sqlite3_value **argv);
int sqa_index_next(sqlite3_vtab_cursor *base);
int sqa_index_eof(sqlite3_vtab_cursor *base);
int sqa_index_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column);
int sqa_index_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid);

#endif
