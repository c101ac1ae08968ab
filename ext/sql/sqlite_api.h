/* The SQLite that loads the library: whether it will do, and what it has beyond the oldest that does. */
#ifndef SQA_SQLITE_API_H
#define SQA_SQLITE_API_H

#include "sqlite3ext.h"

/*
** Makes sure that sqlite3_api is this table of routines until sqa_api_release(): SQLITE_OK. Or an error, and
** *error_message may hold a text for the SQLite of this table to free: it is too old, or lacks a routine, or the library
** is in use by another SQLite in this process (a second one that an application is linked with, say), whose memory it
** holds. With SQLITE_CORE there is no table, and every hold is given. Threads may call both at the same time.
*/
int sqa_api_hold(const sqlite3_api_routines *api, char **error_message);
/* Takes a hold back; after the last one sqlite3_api must not be used, and the next table may be any. */
void sqa_api_release(void);

/* sqlite3_is_interrupted(), SQLite 3.41, or NULL */
int (*sqa_api_is_interrupted(void))(sqlite3 *);

#endif
