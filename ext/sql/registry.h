/*
** A list of SQL functions as data: what functions.def becomes, and file/file.def for the second library.
** Registration, the table that is the manual, the reference and the tests of the examples are made
** from it.
*/
#ifndef SQA_REGISTRY_H
#define SQA_REGISTRY_H

#include "sql/call.h"

enum sqa_kind {
    SQA_KIND_FAMILY, /* no function: the family of those that follow; only name is set */
    SQA_KIND_SCALAR,
    SQA_KIND_AGGREGATE, /* a window function too */
    SQA_KIND_TABLE,     /* a table-valued function */
    SQA_KIND_VIRTUAL_TABLE
};

/* What a scalar function or an aggregate may be used for. */
enum sqa_flags {
    SQA_PURE,   /* its arguments alone decide: DETERMINISTIC, INNOCUOUS */
    SQA_JSON,   /* pure, and its result has the JSON subtype */
    SQA_SEEDED, /* INNOCUOUS; pure when called with its last argument, the seed */
    SQA_DIRECT, /* shows or changes memory, settings or files: DIRECTONLY */
};

/*
** An aggregate's four methods. `state` is zeroed before the first step. Rows with a NULL argument are
** skipped by the caller. After a failure of one nothing but clear is called.
*/
struct sqa_aggregate {
    size_t state_size;
    void (*step)(struct sqa_call *call, void *state);
    /* The oldest row leaves. */
    void (*inverse)(struct sqa_call *call, void *state);
    /* The SQL result over the rows in state. last: state will not be used again but for clear. */
    void (*value)(struct sqa_call *call, void *state, bool last);
    void (*clear)(void *state); /* gives back what state holds */
};

/* A module with xIntegrity, which came with SQLite 3.44 and stands behind all that older headers have */
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
    int least, most; /* arguments; most is -1 for any number */
    /* From this argument on (from 1; 0: none) NULL is an error, and does not make the result NULL. */
    int elements_from;
    enum sqa_flags flags;
    sqa_body_fn *body;
    const struct sqa_aggregate *aggregate;
    const sqlite3_module *module;
    const char *signature, *summary, *example, *result; /* the manual */
};

/* In the order of the .def file */
struct sqa_list {
    const struct sqa_function *functions;
    size_t count;
};

extern const struct sqa_list sqa_functions; /* functions.def */

/*
** For xFindFunction: how SQLite calls the scalar function of this name, and with what user data. False where the
** connection has none of the name.
*/
bool sqa_registered_function(struct sqa_connection *connection, const char *name,
                             void (**call)(sqlite3_context *, int, sqlite3_value **),
                             void **user_data);

/*
** For an entry point, in place of SQLITE_EXTENSION_INIT2: registers everything in a list with db, and gives an SQLite
** result code. On failure nothing is leaked, and *error_message may hold a text for SQLite to free.
*/
int sqa_register(sqlite3 *db, const struct sqa_list *list, const sqlite3_api_routines *api,
                 char **error_message);

/* An entry point */
typedef int sqa_entry_fn(sqlite3 *db, char **error_message, const sqlite3_api_routines *api);

/*
** The same for db and for every connection that this process opens from now on, by sqlite3_auto_extension(entry), where
** entry registers the list. SQLITE_OK_LOAD_PERMANENTLY, or an error: then nothing has changed.
*/
int sqa_register_always(sqlite3 *db, const struct sqa_list *list, sqa_entry_fn *entry,
                        const sqlite3_api_routines *api, char **error_message);

#endif
