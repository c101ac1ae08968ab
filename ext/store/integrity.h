/* Reads and checks everything, for the command 'integrity-check' and for xIntegrity. */
#ifndef SQA_INTEGRITY_H
#define SQA_INTEGRITY_H

#include "store/store.h"

/* Fails with SQLITE_CORRUPT_VTAB if something is not as described in layout.h. */
void sqa_store_check_all(struct sqa_store *store);
/*
** Implements xIntegrity: sets *wrong to a message about the first thing that is wrong, which the
** caller frees, or leaves it NULL. Returns an SQLite result code.
*/
int sqa_store_integrity(struct sqa_store *store, char **wrong);

#endif
