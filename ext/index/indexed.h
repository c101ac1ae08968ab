/*
** Finds the table that is indexed, and checks that the triggers (triggers.h) report its changes.
**
** When a table or a column is renamed, SQLite rewrites triggers, but not the arguments of a virtual
** table. So the present names are read from the trigger NAME_insert.
*/
#ifndef SQA_INDEXED_H
#define SQA_INDEXED_H

#include "index/index.h"

/*
** Updates index->source to the present names. Without the trigger, the names in the arguments of
** CREATE VIRTUAL TABLE stay. Does not change the key if there is no such table.
*/
void sqa_indexed_find(struct sqa_index *index);
/*
** Does the same if the names may have changed since the last call. Then the key is NULL if there is
** no such table.
*/
void sqa_indexed_find_again(struct sqa_index *index);

/* Fails with SQLITE_ERROR and the reason if the table cannot be indexed. */
void sqa_indexed_inspect(struct sqa_index *index);

/* Creates the triggers for an index of this name. */
void sqa_indexed_follow(struct sqa_index *index, const char *name);
/* Drops the triggers that exist. */
void sqa_indexed_leave(struct sqa_index *index);

/*
** If the schema may have changed since the last call, finds the table again and checks the
** triggers. Fails with SQLITE_ERROR and a message that recommends 'rebuild' if one of them is
** missing or was changed. Sets index->is_covered, is_behind and has_other_triggers.
*/
void sqa_indexed_check(struct sqa_index *index);
/* Does the same inside xRename, when the triggers already contain the new name of the index. */
void sqa_indexed_check_renamed(struct sqa_index *index, const char *name);

#endif
