/*
** The entry points that SQLite looks for when it loads build/array.so. They are all that the library
** exports. Linked into a program instead (-DSQLITE_CORE), sqlite3_array_init() is for
** sqlite3_auto_extension() or to be called with an open connection.
*/
#include "sql/registry.h"
#include "sqlite_array.h"

/* The list of build/array.so */
#define SQA_DEF  "functions/functions.def"
#define SQA_LIST sqa_functions
#include "sql/list_tpl.h"

SQLITE_EXTENSION_INIT1

int sqlite3_array_init(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return sqa_register(db, &sqa_functions, api, error_message);
}

#ifndef SQLITE_CORE
/* The name SQLite tries first, whatever the file is called. */
__attribute__((visibility("default"))) int sqlite3_extension_init(sqlite3 *db, char **error_message,
                                                                  const sqlite3_api_routines *api);

int sqlite3_extension_init(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return sqlite3_array_init(db, error_message, api);
}
#endif
