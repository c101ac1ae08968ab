/*
** A companion: the virtual table NAME_ending that is made, renamed and dropped along with the virtual table NAME. Its object
** is one of NAME's module for the table NAME.
*/
#ifndef SQA_COMPANION_H
#define SQA_COMPANION_H

#include "vtab/vtab.h"

/*
** Gives the name of the table whose companion has this name, for sqa_object_free(), or NULL without memory; "": no table's
** companion has it.
*/
char *sqa_companion_owner(const struct sqa_vtab_form *form, const char *name);
/*
** xRename of a companion: allowed where its table has been renamed just before, whose shadow tables have their new names
** already.
*/
int sqa_companion_rename(struct sqa_vtab *vtab, const char *to);

#endif
