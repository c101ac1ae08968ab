/* Makes and frees the objects of array_store; describes the module to vtab/. */
#ifndef SQA_STORE_OBJECT_H
#define SQA_STORE_OBJECT_H

#include "store/store.h"

/*
** Makes an object for the store named `table`, with the arguments of xCreate or xConnect. Reads
** nothing from the database. Returns an SQLite result code. If that is not SQLITE_OK, *store is
** NULL and *error may be a message, which SQLite frees.
*/
int sqa_store_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *table, struct sqa_store **store, char **error);
extern const struct sqa_vtab_form sqa_store_form;

/*
** Declares the columns of a table to SQLite. sql is a CREATE TABLE statement, which is freed; if it
** is NULL, fails with SQLITE_NOMEM. `module` is the name of the module for the message.
*/
void sqa_store_declare(struct sqa_store *store, const char *module, char *sql);
/*
** Sets the message of the last failure to "MODULE: " and the database's error message, unless
** memory is what was missing.
*/
void sqa_store_explain(struct sqa_store *store, const char *module);
/*
** Ends xCreate or xConnect and returns its result code. If the status is SQLITE_OK, *vtab becomes
** the object; otherwise the object is freed and *error becomes its message.
*/
int sqa_store_finish(struct sqa_store *store, sqlite3_vtab **vtab, char **error);

void sqa_store_free(struct sqa_store *store);

#endif
