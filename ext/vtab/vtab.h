/*
** A virtual table that keeps its rows in ordinary tables, its shadow tables. This folder has what
** all modules of this kind share:
**
**     form.h          the description of a module
**     vtab.c          the object that SQLite calls xCreate or xConnect for: names, messages, kept
**                     statements
**     shadow.c        the shadow tables: create, verify, rename, drop
**     table_memory.c  data in memory that is not yet written, shared by all objects of a table
**     transaction.c   the transaction methods
**     companion.c     a virtual table that is created, renamed and dropped together with this one
**     command.c       commands that are inserted into the hidden column
**
** A module describes itself in a struct sqa_vtab_form. Its own structures for the object and for
** the memory begin with struct sqa_vtab and struct sqa_memory.
**
** An object has a status: the result code of the first failure in the method that is running. The
** error message is stored in base.zErrMsg, where SQLite reads it. After a failure every function
** that takes the object does nothing and returns NULL, 0 or false. So a method needs no error
** handling but to return the status at its end:
**
**     const int outer = sqa_status_begin(vtab);
**     sqa_vtab_enter(vtab);
**     sqlite3_stmt *rows = sqa_vtab_statement(vtab, ROWS);
**     while (sqa_vtab_step(vtab, rows))
**         total += sqlite3_column_int64(rows, 0);
**     sqa_vtab_reset(vtab, rows);
**     return sqa_status_end(vtab, outer);
**
** While a method runs SQL on the shadow tables, SQLite may call another method of the same
** object, such as xSavepoint. That method has its own status. Functions that return an int return
** the status.
*/
#ifndef SQA_VTAB_H
#define SQA_VTAB_H

#include "memory/pool.h"
#include "sql/connection.h"
#include "vtab/form.h"

/* A virtual table object. The first member of a module's own structure. */
struct sqa_vtab {
    sqlite3_vtab base;
    const struct sqa_vtab_form *form;
    struct sqa_connection *connection;
    char *schema, *table; /* names of the database and of the virtual table */
    int64_t token;        /* identifies the table, see shadow.h; 0 if it is not known yet */
    int64_t options[SQA_VTAB_OPTIONS]; /* values in NAME_config, valid after sqa_vtab_enter() */
    /*
    ** The number of recompilations of the statement for NAME_config when the shadow tables were
    ** last verified; -1 if they are not verified.
    */
    int verified_at;
    struct sqa_memory *memory; /* shared with its siblings, see table_memory.h */
    sqlite3_stmt **statements;
    int status; /* the result code of the first failure, see above */
};

/*
** Returns an object of `size` bytes for the table with these names, or NULL if there is no
** memory. It reads nothing from the database, so that a damaged table can be dropped. The object
** is freed with sqa_vtab_free(), even if xCreate or xConnect fails. `columns` is the number of
** columns of the table if the module's memory depends on it, otherwise 0.
*/
struct sqa_vtab *sqa_vtab_new(const struct sqa_vtab_form *form, size_t size,
                              struct sqa_connection *connection, const char *schema,
                              const char *table, int columns);
void sqa_vtab_free(struct sqa_vtab *vtab);

/* ---- Status */

/*
** Begins a method, or a part of a method that may fail without the method failing. The status is
** SQLITE_OK. Returns the previous status for sqa_status_end().
*/
static inline int sqa_status_begin(struct sqa_vtab *vtab) {
    const int outer = vtab->status;
    vtab->status = SQLITE_OK;
    return outer;
}
/* Ends what sqa_status_begin() began: returns its status and restores the previous one. */
static inline int sqa_status_end(struct sqa_vtab *vtab, int outer) {
    const int status = vtab->status;
    vtab->status = outer;
    return status;
}
static inline bool sqa_vtab_failed(const struct sqa_vtab *vtab) {
    return vtab->status != SQLITE_OK;
}
/* Records the result code of an SQLite function. The first failure becomes the status. */
static inline int sqa_vtab_note(struct sqa_vtab *vtab, int rc) {
    if (vtab->status == SQLITE_OK)
        vtab->status = rc;
    return vtab->status;
}
/*
** Fails with SQLITE_NOMEM if `has_memory` is false. Returns true if it is true and nothing has
** failed before.
*/
static inline bool sqa_vtab_has_memory(struct sqa_vtab *vtab, bool has_memory) {
    return sqa_vtab_note(vtab, has_memory ? SQLITE_OK : SQLITE_NOMEM) == SQLITE_OK;
}
/*
** Returns zeroed memory, to be freed with sqa_object_free(). Returns NULL after a failure, which
** may be a lack of memory.
*/
void *sqa_vtab_object(struct sqa_vtab *vtab, size_t size);
/* Fails with rc and a message, or with SQLITE_NOMEM if there is no memory for the message. */
int sqa_vtab_fail(struct sqa_vtab *vtab, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Sets the message of the failure that has just been recorded. */
int sqa_vtab_explain(struct sqa_vtab *vtab, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
** Implements the end of xCreate and xConnect after a failure: moves its message to *error, which
** SQLite frees, and returns the status. A failure that has no message, such as SQLITE_BUSY, gets
** SQLite's own, because SQLite does not say what has failed otherwise.
*/
int sqa_vtab_refuse(struct sqa_vtab *vtab, char **error);
/*
** Implements the end of xIntegrity. `status` is that of a method that has checked the table. A
** message of damage is moved to *wrong, which the caller frees, and SQLITE_OK is returned.
*/
int sqa_vtab_report(struct sqa_vtab *vtab, int status, char **wrong);

/* ---- Statements */

/*
** Returns a kept statement, compiled if necessary and owned by the object.
** sqa_vtab_take_statement() makes the caller the owner until sqa_vtab_return_statement(); in the
** meantime sqa_vtab_statement() compiles another one. Returns NULL after a failure. All functions
** below accept NULL.
*/
sqlite3_stmt *sqa_vtab_statement(struct sqa_vtab *vtab, int which);
sqlite3_stmt *sqa_vtab_take_statement(struct sqa_vtab *vtab, int which);
void sqa_vtab_return_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt *statement);
void sqa_vtab_finalize_statements(struct sqa_vtab *vtab);

/*
** Compiles sql, which is freed; if sql is NULL, fails with SQLITE_NOMEM. *statement is NULL after
** a failure.
*/
int sqa_vtab_prepare(struct sqa_vtab *vtab, char *sql, unsigned flags, sqlite3_stmt **statement);
/* Binds one integer to parameter number `at`, or two to `at` and `at` + 1. */
void sqa_bind(sqlite3_stmt *statement, int at, int64_t x);
void sqa_bind_two(sqlite3_stmt *statement, int at, int64_t x, int64_t y);
/* Returns true if there is another row. */
bool sqa_vtab_step(struct sqa_vtab *vtab, sqlite3_stmt *statement);
/* Resets the statement, and records an error of its last step. */
void sqa_vtab_reset(struct sqa_vtab *vtab, sqlite3_stmt *statement);
void sqa_vtab_finalize(struct sqa_vtab *vtab, sqlite3_stmt *statement);
/* Runs a statement that returns no rows, whose parameters are bound. */
void sqa_vtab_run(struct sqa_vtab *vtab, sqlite3_stmt *statement);
/* Does the same without an object and returns the result code. */
int sqa_statement_run(sqlite3_stmt *statement);
/* Runs sql, which is freed; if sql is NULL, fails with SQLITE_NOMEM. */
int sqa_vtab_execute(struct sqa_vtab *vtab, char *sql);

#endif
