/*
** The commands that are inserted into the hidden column:
**
**     'optimize'         merges neighbouring chunks that fit into one
**     'merge=N'          the same, until there are N chunks fewer
**     'integrity-check'  reads everything; fails with SQLITE_CORRUPT_VTAB if something is not as
**                        described in layout.h
*/
#ifndef SQA_MERGE_H
#define SQA_MERGE_H

#include "store/store.h"

/* Runs a command. Fails with SQLITE_ERROR if there is no such command. */
void sqa_store_command(struct sqa_store *store, const char *command);

#endif
