/*
** A companion is a virtual table NAME_ending that is created, renamed and dropped together with
** the virtual table NAME. Its object belongs to NAME's module and uses the table NAME.
*/
#ifndef SQA_COMPANION_H
#define SQA_COMPANION_H

#include "vtab/vtab.h"

/*
** Returns the name of the table to which a companion with this name belongs, to be freed with
** sqa_object_free(). Returns "" if the name is not that of a companion, and NULL if there is no
** memory.
*/
char *sqa_companion_owner(const struct sqa_vtab_form *form, const char *name);
/*
** Implements xRename of a companion. It succeeds only if the companion's table has just been
** renamed, so that shadow tables with the new name exist.
*/
int sqa_companion_rename(struct sqa_vtab *vtab, const char *to);

#endif
