/* Objects of array_store: made and freed, and how vtab/ sees them. */
#ifndef SQA_STORE_OBJECT_H
#define SQA_STORE_OBJECT_H

#include "store/store.h"

/*
** Gives an object for the store that is described by the arguments of xCreate or xConnect, with
** `table` in place of the name among them. It reads nothing. An SQLite result code; *error may be a
** message for SQLite where it is not SQLITE_OK.
*/
int sqa_store_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *table, struct sqa_store **store, char **error);
extern const struct sqa_vtab_form sqa_store_form;

/*
** Declares the columns of a table by CREATE TABLE sql, which is freed; NULL is SQLITE_NOMEM.
** module: for the message.
*/
void sqa_store_declare(struct sqa_store *store, const char *module, char *sql);
/* Gives the message "module: " and SQLite's, unless memory is what has failed. */
void sqa_store_explain(struct sqa_store *store, const char *module);
/*
** Ends xCreate or xConnect: hands over the object, or frees it and hands over the message of the
** failure.
*/
int sqa_store_finish(struct sqa_store *store, sqlite3_vtab **vtab, char **error);

void sqa_store_free(struct sqa_store *store);

#endif
