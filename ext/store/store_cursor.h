/* The methods of array_store's cursor. */
#ifndef SQA_STORE_CURSOR_H
#define SQA_STORE_CURSOR_H

#include "store/store.h"

int sqa_store_cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor);
int sqa_store_cursor_close(sqlite3_vtab_cursor *cursor);
int sqa_store_cursor_filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int argc,
                            sqlite3_value **argv);
int sqa_store_cursor_next(sqlite3_vtab_cursor *cursor);
int sqa_store_cursor_eof(sqlite3_vtab_cursor *cursor);
int sqa_store_cursor_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column);
int sqa_store_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid);

#endif
