/*
** The routines of the SQLite that loads the library: checks that they suffice, and finds those
** that only newer versions have.
*/
#ifndef SQA_SQLITE_API_H
#define SQA_SQLITE_API_H

#include "sqlite3ext.h"

/*
** Makes sqlite3_api point to this table of routines until sqa_api_release() is called, and
** returns SQLITE_OK. Returns an error if the SQLite is too old, lacks a routine, or if the
** library is already used by another SQLite in this process, such as one that the application is
** linked with. Then *error_message may be set to a text that the SQLite of this table frees. With
** SQLITE_CORE there is no table and this always succeeds. It may be called from several threads
** at the same time.
*/
int sqa_api_hold(const sqlite3_api_routines *api, char **error_message);
/*
** Ends one use of sqlite3_api. After the last one sqlite3_api must not be used, and the next
** table may be a different one.
*/
void sqa_api_release(void);

/* sqlite3_is_interrupted(), SQLite 3.41, or NULL */
int (*sqa_api_is_interrupted(void))(sqlite3 *);

#endif
