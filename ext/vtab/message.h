/* The message of a virtual table's failure. */
#ifndef SQA_VTAB_MESSAGE_H
#define SQA_VTAB_MESSAGE_H

#include "sqlite3ext.h"

/*
** Leaves message, which it takes, where SQLite looks for it, and gives rc: `return sqa_vtab_message(..)` ends a method of
** the table. A NULL message means that there was no memory for it: SQLITE_NOMEM.
*/
int sqa_vtab_message(sqlite3_vtab *vtab, int rc, char *message);

#endif
