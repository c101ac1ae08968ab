/* The virtual table objects of an index and of its NAME_counts. */
#ifndef SQA_INDEX_OBJECT_H
#define SQA_INDEX_OBJECT_H

#include "index/index.h"

/*
** Makes an object for the index of this name, with the arguments of xCreate or xConnect. Returns an
** SQLite result code. If that is not SQLITE_OK, there is no object, and *error may be a message,
** which SQLite frees.
*/
int sqa_index_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *name, struct sqa_index **made, char **error);
/*
** Declares the columns to SQLite. sql is a CREATE TABLE statement, which is freed; if it is NULL,
** fails with SQLITE_NOMEM.
*/
void sqa_index_declare(struct sqa_index *index, char *sql);
/*
** Ends xCreate or xConnect and returns its result code. If the status is SQLITE_OK, *vtab becomes
** the object; otherwise the object is freed and *error becomes its message.
*/
int sqa_index_finish(struct sqa_index *index, sqlite3_vtab **vtab, char **error);
void sqa_index_free(struct sqa_index *index);

/*
** Must be called before the index is read. Checks the shadow tables and the triggers, settles the
** notes, and sorts the log.
*/
void sqa_index_enter(struct sqa_index *index);

#endif
