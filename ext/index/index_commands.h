/*
** The commands:
**
**     'rebuild'           everything anew from the table, and the triggers, also if they were lost
**     'optimize'          all lists anew from the table: full blocks on full pages
**     'merge=N'           neighbouring blocks of a list become one where that fits, until there are
**                         N blocks less
**     'integrity-check'   compares everything with the table; fails with SQLITE_CORRUPT_VTAB at
**                         what is not as it should be
*/
#ifndef SQA_INDEX_COMMANDS_H
#define SQA_INDEX_COMMANDS_H

#include "index/index.h"

/* 'rebuild'; and the part of it that fills the shadow tables, which is 'optimize' */
void sqa_index_rebuild(struct sqa_index *index);
void sqa_index_write_anew(struct sqa_index *index);
void sqa_index_command(struct sqa_index *index, const char *command);
/* For xIntegrity: the first thing that is wrong, as a message that the caller frees, or NULL. */
int sqa_index_examine(struct sqa_index *index, char **wrong);

#endif
