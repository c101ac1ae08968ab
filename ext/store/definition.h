/*
** The definition of a column as CREATE VIRTUAL TABLE NAME USING array_store(...) has it:
**
**     name [type] [NOT NULL]
**
** The name is bare or quoted in any way that SQL has. The type is one that gives a column of a
** table INTEGER affinity: its name contains INT. Blanks and comments may stand between all of
** these.
*/
#ifndef SQA_DEFINITION_H
#define SQA_DEFINITION_H

#include <stddef.h>

/* Where blanks and comments from s on end */
const char *sqa_definition_skip(const char *s);
/*
** Fills name, which has room for the text from s on, with the name there. Gives the first thing
** behind the name, or NULL where s is not a name.
*/
const char *sqa_definition_name(const char *s, char *name);
/* The room that sqa_definition_type() needs for a definition or a part of one */
size_t sqa_definition_room(const char *definition);
/*
** Fills type with what is to follow the name in the CREATE TABLE of sqlite3_declare_vtab(): the
** type, INTEGER where there is none, and NOT NULL in any case. No column holds NULL, and only of
** one that is known not to SQLite asks a virtual table for min as an ORDER BY. Gives NULL, or the
** place in s of what is not allowed.
*/
const char *sqa_definition_type(const char *s, char *type);

#endif
