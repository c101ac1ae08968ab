/*
** Everything read and checked: 'integrity-check', xIntegrity.
*/
#ifndef SQA_INTEGRITY_H
#define SQA_INTEGRITY_H

#include "store/store.h"

/* Fails with SQLITE_CORRUPT_VTAB at the first thing that is not as layout.h says. */
void sqa_store_check_all(struct sqa_store *store);
/* The first thing that is wrong, as a message that the caller frees, or NULL. */
int sqa_store_integrity(struct sqa_store *store, char **wrong);

#endif
