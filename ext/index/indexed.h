/*
** The table that is indexed, and whether the index follows it by its triggers (triggers.h).
**
** SQLite rewrites triggers when a table or a column is renamed, but not the arguments of a virtual
** table: the names of today are those in the trigger NAME_insert.
*/
#ifndef SQA_INDEXED_H
#define SQA_INDEXED_H

#include "index/index.h"

/*
** Fills index->source, which has the names that the arguments of CREATE VIRTUAL TABLE gave, or
** none, with those of today. The key is NULL where there is no such table any more.
*/
void sqa_indexed_find(struct sqa_index *index);
/* The same where the names may have changed since; what was known of them before is forgotten. */
void sqa_indexed_find_again(struct sqa_index *index);

/* Fails with the reason if the table cannot be indexed. */
void sqa_indexed_inspect(struct sqa_index *index);

/* Makes the triggers for an index of this name. */
void sqa_indexed_follow(struct sqa_index *index, const char *name);
/* Drops those that are there. */
void sqa_indexed_leave(struct sqa_index *index);

/*
** Looks again at the triggers where the schema may have changed: fails with a message that names
** 'rebuild' where one is missing or has been changed. index->is_covered: the triggers look at all
** UNIQUE indexes of the table.
*/
void sqa_indexed_check(struct sqa_index *index);
/* The same in xRename: in the triggers the index has its new name already. */
void sqa_indexed_check_renamed(struct sqa_index *index, const char *name);

#endif
