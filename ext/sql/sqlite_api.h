/* The SQLite that loads the library: whether it will do, and what it has beyond the oldest that does. */
#ifndef SQA_SQLITE_API_H
#define SQA_SQLITE_API_H

#include "sqlite3ext.h"

/*
** Takes these routines for SQLite's (with SQLITE_CORE they are not looked at): SQLITE_OK; or an error, and
** *error_message may hold a text for SQLite to free.
*/
int sqa_api_accept(const sqlite3_api_routines *api, char **error_message);

/* sqlite3_is_interrupted(), SQLite 3.41, or NULL */
int (*sqa_api_is_interrupted(void))(sqlite3 *);

#endif
