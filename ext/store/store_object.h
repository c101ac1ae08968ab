/* Objects of array_store: made and freed, and how vtab/ sees them. */
#ifndef SQA_STORE_OBJECT_H
#define SQA_STORE_OBJECT_H

#include "store/store.h"

/*
** Gives an object for the store that is described by the arguments of xCreate or xConnect, with `table` in place of the
** name among them. It reads nothing. An SQLite result code; *error may be a message for SQLite where it is not
** SQLITE_OK.
*/
int sqa_store_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *table, struct sqa_store **store, char **error);
extern const struct sqa_vtab_form sqa_store_form;

void sqa_store_free(struct sqa_store *store);

#endif
