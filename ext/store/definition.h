/*
** Reads the definition of a column in CREATE VIRTUAL TABLE NAME USING array_store(...):
**
**     name [type] [NOT NULL]
**
** The name is bare, or quoted in any way that SQL allows. The type is one that gives a column of a
** table INTEGER affinity: its name contains INT. Blanks and comments may stand between all of
** these.
*/
#ifndef SQA_DEFINITION_H
#define SQA_DEFINITION_H

#include <stddef.h>

/* Returns the address of the first character after the blanks and comments at s. */
const char *sqa_definition_skip(const char *s);
/*
** Copies the name at s to `name`, without its quotes; `name` has room for all of s. Returns the
** address of what follows the name, blanks and comments, or NULL if there is no name at s.
*/
const char *sqa_definition_name(const char *s, char *name);
/* Returns the bytes that sqa_definition_type() needs for the type of this definition or part. */
size_t sqa_definition_room(const char *definition);
/*
** Fills `type` with what follows the name in the CREATE TABLE statement for
** sqlite3_declare_vtab(): the type, which is INTEGER if s has none, and NOT NULL. No column can
** hold NULL, and SQLite asks a virtual table for min() in the form of an ORDER BY only if it knows
** that. Returns NULL, or the address in s of what is not allowed.
*/
const char *sqa_definition_type(const char *s, char *type);

#endif
