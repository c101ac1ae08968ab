/*
** The commands:
**
**     'rebuild'           makes all lists and the triggers again, even if triggers are missing
**     'optimize'          makes all lists again: full blocks on full pages
**     'merge=N'           merges neighbouring blocks of a list that fit into one, until there are N
**                         blocks fewer
**     'integrity-check'   compares everything with the table; fails with SQLITE_CORRUPT_VTAB if
**                         something differs
*/
#ifndef SQA_INDEX_COMMANDS_H
#define SQA_INDEX_COMMANDS_H

#include "index/index.h"

/* Implement 'rebuild', and 'optimize', which fills the shadow tables again. */
void sqa_index_rebuild(struct sqa_index *index);
void sqa_index_write_anew(struct sqa_index *index);
/* Runs a command. Fails with SQLITE_ERROR if there is no such command. */
void sqa_index_command(struct sqa_index *index, const char *command);
/*
** Implements xIntegrity: sets *wrong to a message about the first thing that is wrong, which the
** caller frees, or leaves it NULL. Returns an SQLite result code.
*/
int sqa_index_examine(struct sqa_index *index, char **wrong);

#endif
