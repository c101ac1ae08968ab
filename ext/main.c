/*
** The entry points that SQLite looks for when it loads build/array.so. They are all that the
** library exports. Linked into a program instead (-DSQLITE_CORE), sqlite3_array_init() is for
** sqlite3_auto_extension() or to be called with an open connection.
*/
#include "sql/registry.h"
#include "sqlite_array.h"

/* The list of build/array.so */
#define SQA_DEF  "functions/functions.def"
#define SQA_LIST sqa_functions
#include "sql/list_tpl.h"

SQLITE_EXTENSION_INIT1

/*
** What all entry points do. None of them calls another one: where two copies of the library are
** loaded, the name of an exported function leads to the copy that was loaded first.
*/
static int register_functions(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return sqa_register(db, &sqa_functions, api, error_message);
}

int sqlite3_array_init(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return register_functions(db, error_message, api);
}

int sqlite3_array_register(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return sqa_register_always(db, &sqa_functions, register_functions, api, error_message);
}

#ifndef SQLITE_CORE
/* The name SQLite tries first, whatever the file is called. */
SQLITE_ARRAY_API int sqlite3_extension_init(sqlite3 *db, char **error_message,
                                            const sqlite3_api_routines *api);

int sqlite3_extension_init(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return register_functions(db, error_message, api);
}
#endif
