/*
** The commands that are inserted into the hidden column:
**
**     'optimize'         neighbouring chunks that fit into one become one
**     'merge=N'          the same, but at most N chunks are taken up by their neighbours
**     'integrity-check'  everything is read; fails with SQLITE_CORRUPT_VTAB at what is not as
**                        layout.h says
*/
#ifndef SQA_MERGE_H
#define SQA_MERGE_H

#include "store/store.h"

void sqa_store_command(struct sqa_store *store, const char *command);

#endif
