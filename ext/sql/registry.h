/*
** A list of SQL functions as data. functions.def becomes one, and so does file/file.def of the
** second library. The lists are used for registration, for the table array_functions, for the
** reference, and to test the examples.
*/
#ifndef SQA_REGISTRY_H
#define SQA_REGISTRY_H

#include "sql/call.h"

enum sqa_kind {
    SQA_KIND_FAMILY, /* not a function but a heading for those that follow; only name is set */
    SQA_KIND_SCALAR,
    SQA_KIND_AGGREGATE, /* an aggregate, also usable as a window function */
    SQA_KIND_TABLE,     /* a table-valued function */
    SQA_KIND_VIRTUAL_TABLE
};

/* SQLite's flags of a scalar function or aggregate. */
enum sqa_flags {
    SQA_PURE,   /* depends only on its arguments: DETERMINISTIC, INNOCUOUS */
    SQA_JSON,   /* as SQA_PURE, and the result has the JSON subtype */
    SQA_SEEDED, /* INNOCUOUS; also DETERMINISTIC if called with its last argument, the seed */
    SQA_DIRECT, /* reads or changes memory, settings or files: DIRECTONLY */
};

/*
** The four methods of an aggregate. `state` is zeroed before the first step. Rows with a NULL
** argument are not passed to the methods. After a failure only clear is called.
*/
struct sqa_aggregate {
    size_t state_size;
    void (*step)(struct sqa_call *call, void *state);
    /* Removes the oldest row. */
    void (*inverse)(struct sqa_call *call, void *state);
    /*
    ** Computes the SQL result over all rows in state. If `last` is true, only clear will be
    ** called afterwards.
    */
    void (*value)(struct sqa_call *call, void *state, bool last);
    void (*clear)(void *state); /* frees everything that state owns */
};

/*
** A module with xIntegrity, which was added in SQLite 3.44 after all members that older headers
** have.
*/
struct sqa_module {
    sqlite3_module base;
#if SQLITE_VERSION_NUMBER < 3044000
    int (*xIntegrity)(sqlite3_vtab *vtab, const char *schema, const char *table, int flags,
                      char **wrong);
#endif
};

struct sqa_function {
    const char *name;
    enum sqa_kind kind;
    int least, most; /* number of arguments; most is -1 for any number */
    /*
    ** The first argument (from 1) for which NULL is an error instead of making the result NULL; 0
    ** if there is none.
    */
    int elements_from;
    enum sqa_flags flags;
    sqa_body_fn *body;
    const struct sqa_aggregate *aggregate;
    const sqlite3_module *module;
    /* texts for the reference and array_functions */
    const char *signature, *summary, *example, *result;
};

/* A list in the order of its .def file */
struct sqa_list {
    const struct sqa_function *functions;
    size_t count;
};

extern const struct sqa_list sqa_functions; /* the list of functions.def */

/*
** Looks up a scalar function for xFindFunction: how SQLite calls it, and its user data. Returns
** false if the connection has no function of this name.
*/
bool sqa_registered_function(struct sqa_connection *connection, const char *name,
                             void (**call)(sqlite3_context *, int, sqlite3_value **),
                             void **user_data);

/*
** Registers all functions of a list with db; called by an entry point instead of
** SQLITE_EXTENSION_INIT2. Returns an SQLite result code. On failure nothing stays allocated or
** registered, and *error_message may be set to a text that SQLite frees. SQLITE_BUSY: db has the
** functions, and SQLite does not replace them while a statement runs; they stay as they are.
*/
int sqa_register(sqlite3 *db, const struct sqa_list *list, const sqlite3_api_routines *api,
                 char **error_message);

/* An entry point of the library */
typedef int sqa_entry_fn(sqlite3 *db, char **error_message, const sqlite3_api_routines *api);

/*
** Registers the list with db and, by sqlite3_auto_extension(entry), with every connection that the
** process opens from now on; entry has to register the same list. Returns
** SQLITE_OK_LOAD_PERMANENTLY, also where db has had them before, or an error if nothing was
** changed.
*/
int sqa_register_always(sqlite3 *db, const struct sqa_list *list, sqa_entry_fn *entry,
                        const sqlite3_api_routines *api, char **error_message);

#endif
