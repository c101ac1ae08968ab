/*
** The shadow tables of a virtual table NAME: those that its form describes, and NAME_config,
** which has one row:
**
**     version   of the format
**     token     a random integer, not 0, chosen when the table is created
**     options   one column for each option of the form
**
** If a statement that created or renamed a virtual table is rolled back, SQLite does not call any
** of its methods, and later another table may get the same name. The token distinguishes the two
** tables.
*/
#ifndef SQA_SHADOW_H
#define SQA_SHADOW_H

#include "vtab/vtab.h"

/* Creates the tables with the values in vtab->options, and the companion with these arguments. */
int sqa_shadow_create(struct sqa_vtab *vtab, const char *arguments);
/*
** Renames the tables for a new name of the virtual table. Fails with SQLITE_ERROR and a message
** if one of the names exists.
*/
int sqa_shadow_rename(struct sqa_vtab *vtab, const char *name);
/*
** Returns true if a virtual table of this name has shadow tables in the database of the object.
** For xRename of a companion.
*/
bool sqa_shadow_exists(struct sqa_vtab *vtab, const char *name);
/* Drops the tables that exist. */
int sqa_shadow_drop(struct sqa_vtab *vtab);
/* Implements xShadowName: returns true if NAME_name is a shadow table of NAME. */
bool sqa_shadow_is_name(const struct sqa_vtab_form *form, const char *name);

/*
** Reads NAME_config. If the schema may have changed since the last call, also checks that the
** tables are those that the form describes, without other indexes or triggers. Returns the token,
** or 0 if the virtual table is not in the schema. If the token is not that of this object's table,
** nothing else is checked. As long as the schema does not change, this is as fast as reading a row.
*/
int64_t sqa_shadow_verify(struct sqa_vtab *vtab);
/* Fails with SQLITE_CORRUPT_VTAB and a message that says how the shadow table is wrong. */
int sqa_shadow_wrong(struct sqa_vtab *vtab, const char *shadow, const char *how);

#endif
