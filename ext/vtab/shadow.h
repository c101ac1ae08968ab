/*
** The shadow tables of a virtual table NAME: those that its form describes, and NAME_config of one row:
**
**     version   of the format
**     token     a random integer, not 0, made with the table
**     and the options of the form, each by its name
**
** SQLite calls no method of a virtual table when the statement that has made or renamed it is rolled back, and then
** another table may have the name. The token tells them apart.
*/
#ifndef SQA_SHADOW_H
#define SQA_SHADOW_H

#include "vtab/vtab.h"

/* Makes the tables with vtab->options, and the companion with these arguments. */
int sqa_shadow_create(struct sqa_vtab *vtab, const char *arguments);
/* Renames them for the name that the table is to have. SQLITE_ERROR, with a message, if a name is taken. */
int sqa_shadow_rename(struct sqa_vtab *vtab, const char *name);
/* Does a table by this name have shadow tables in the database of the object? For the xRename of a companion. */
bool sqa_shadow_exists(struct sqa_vtab *vtab, const char *name);
/* Drops those that are there. */
int sqa_shadow_drop(struct sqa_vtab *vtab);
/* Is NAME_name one of the names above? For xShadowName. */
bool sqa_shadow_is_name(const struct sqa_vtab_form *form, const char *name);

/*
** Reads NAME_config and, where the schema may have changed since, makes sure that the tables are those that the form
** describes, with no index or trigger on them. Gives the token, or 0 where the virtual table is not in the schema
** (any more). Costs no more than reading a row where the schema has not changed.
*/
int64_t sqa_shadow_verify(struct sqa_vtab *vtab);
/* Fails with SQLITE_CORRUPT_VTAB: the shadow table is `how`. */
int sqa_shadow_wrong(struct sqa_vtab *vtab, const char *shadow, const char *how);

#endif
