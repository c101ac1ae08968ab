/*
** The entry points of the second library, build/array_file.so, which reads and writes files. It
** exports nothing else. In a program (-DSQLITE_CORE), sqlite3_arrayfile_init() is used like
** sqlite3_array_init().
*/
#include "file/file_bodies.h"
#include "sqlite_array.h"

#ifndef SQA_SINGLE_FILE /* which already has this line from main.c */
SQLITE_EXTENSION_INIT1
#endif

int sqlite3_arrayfile_init(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return sqa_register(db, &sqa_file_functions, api, error_message);
}

#if !defined(SQLITE_CORE) && !defined(SQA_SINGLE_FILE)
/*
** The name SQLite tries first, whatever the file is called. It calls no exported function: see
** main.c.
*/
SQLITE_ARRAY_API int sqlite3_extension_init(sqlite3 *db, char **error_message,
                                            const sqlite3_api_routines *api);

int sqlite3_extension_init(sqlite3 *db, char **error_message, const sqlite3_api_routines *api) {
    return sqa_register(db, &sqa_file_functions, api, error_message);
}
#endif
