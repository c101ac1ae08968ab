/* Error messages of virtual tables. */
#ifndef SQA_VTAB_MESSAGE_H
#define SQA_VTAB_MESSAGE_H

#include "sqlite3ext.h"

/*
** Stores an error message in the table, where SQLite reads it, and returns rc, so that a method
** can end with `return sqa_vtab_message(...)`. Takes ownership of message. If message is NULL
** there was no memory for it, and SQLITE_NOMEM is returned.
*/
int sqa_vtab_message(sqlite3_vtab *vtab, int rc, char *message);

#endif
