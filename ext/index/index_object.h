/* The object that SQLite calls xCreate or xConnect for, of an index and of its NAME_counts. */
#ifndef SQA_INDEX_OBJECT_H
#define SQA_INDEX_OBJECT_H

#include "index/index.h"

/*
** Makes an object for the index of this name, with what the arguments of CREATE VIRTUAL TABLE say.
** Gives SQLITE_OK, or an error with a message, and then there is no object.
*/
int sqa_index_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *name, struct sqa_index **made, char **error);
/* Declares the table to SQLite, by SQL that is freed; NULL is SQLITE_NOMEM. */
void sqa_index_declare(struct sqa_index *index, char *sql);
/*
** The end of xCreate and xConnect: hands the object over to SQLite; or, where it has failed, gives
** its status and its message, and frees it.
*/
int sqa_index_finish(struct sqa_index *index, sqlite3_vtab **vtab, char **error);
void sqa_index_free(struct sqa_index *index);

/*
** To be called before anything of the index is read: the shadow tables are those of the index, the
** triggers are there, and the log is in order.
*/
void sqa_index_enter(struct sqa_index *index);

#endif
