/*
** A virtual table that keeps its rows in tables of its own, shadow tables: what all modules of this kind share.
**
**     form.h         what a module tells of itself
**     vtab.c         the object that SQLite calls xCreate or xConnect for: names, messages, kept statements
**     shadow.c       the shadow tables: made, verified, renamed, dropped
**     table_memory.c what is kept in memory until it is written, shared by the objects of a table
**     transaction.c  the transaction methods
**     companion.c    the virtual table that is made, renamed and dropped along with it
**     command.c      commands that are inserted into its hidden column
**
** A module describes itself in a struct sqa_vtab_form, and its objects and memory begin with the structures below.
**
** An object has a status: the result code of the first failure of the method that is running. The failure's message is
** left in base.zErrMsg, where SQLite looks for it. From then on every function that takes the object does nothing, finds
** nothing, and gives NULL, 0 or false. So a method reads as its steps, and gives the status at its end:
**
**     const int outer = sqa_status_begin(vtab);
**     sqa_vtab_enter(vtab);
**     sqlite3_stmt *rows = sqa_vtab_statement(vtab, ROWS);
**     while (sqa_vtab_step(vtab, rows))
**         total += sqlite3_column_int64(rows, 0);
**     sqa_vtab_reset(vtab, rows);
**     return sqa_status_end(vtab, outer);
**
** While a method runs SQL on the shadow tables, SQLite may call another method of the same object, such as xSavepoint.
** That one has a status of its own. Functions that give an int give the status.
*/
#ifndef SQA_VTAB_H
#define SQA_VTAB_H

#include "memory/pool.h"
#include "sql/connection.h"
#include "vtab/form.h"

/* An object of a module. A module's own structure begins with it. */
struct sqa_vtab {
    sqlite3_vtab base;
    const struct sqa_vtab_form *form;
    struct sqa_connection *connection;
    char *schema, *table; /* names: of the database, of the virtual table */
    int64_t token;        /* tells tables of this name apart, see shadow.h; 0: not known yet */
    int64_t options[SQA_VTAB_OPTIONS]; /* as NAME_config says, after sqa_vtab_enter() */
    /*
    ** How often the statement for NAME_config had been compiled again when the shadow tables were verified; -1: they are
    ** not.
    */
    int verified_at;
    struct sqa_memory *memory; /* shared with its siblings, see transaction.h */
    sqlite3_stmt **statements;
    int status; /* see above */
};

/*
** Gives an object of `size` bytes for the table with these names, or NULL without memory. It reads nothing, so that a
** damaged table can be dropped. sqa_vtab_free() takes it, also what xCreate and xConnect have not finished.
*/
struct sqa_vtab *sqa_vtab_new(const struct sqa_vtab_form *form, size_t size,
                              struct sqa_connection *connection, const char *schema,
                              const char *table, size_t table_size);
void sqa_vtab_free(struct sqa_vtab *vtab);

/* ---- The status */

/* Begins a method, or a part of one whose failure is not the method's: the status is clean. Gives the one before. */
static inline int sqa_status_begin(struct sqa_vtab *vtab) {
    const int outer = vtab->status;
    vtab->status = SQLITE_OK;
    return outer;
}
/* Ends it: gives its status, and returns to the one before. */
static inline int sqa_status_end(struct sqa_vtab *vtab, int outer) {
    const int status = vtab->status;
    vtab->status = outer;
    return status;
}
static inline bool sqa_vtab_failed(const struct sqa_vtab *vtab) {
    return vtab->status != SQLITE_OK;
}
/* Notes the result code of a function of SQLite's. */
static inline int sqa_vtab_note(struct sqa_vtab *vtab, int rc) {
    if (vtab->status == SQLITE_OK)
        vtab->status = rc;
    return vtab->status;
}
/* SQLITE_NOMEM if there was no memory for this: gives true if there was, and nothing has failed before. */
static inline bool sqa_vtab_has_memory(struct sqa_vtab *vtab, bool has_memory) {
    return sqa_vtab_note(vtab, has_memory ? SQLITE_OK : SQLITE_NOMEM) == SQLITE_OK;
}
/* Gives zeroed memory for sqa_object_free(), or NULL after a failure, which this may be. */
void *sqa_vtab_object(struct sqa_vtab *vtab, size_t size);
/* Fails with rc and a message; with SQLITE_NOMEM where there is no memory for it. */
int sqa_vtab_fail(struct sqa_vtab *vtab, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Gives the failure that has just been noted a message. */
int sqa_vtab_explain(struct sqa_vtab *vtab, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
** For xIntegrity, with the status of a method that has checked the table: a message becomes that of *wrong, which the caller
** frees, and the check has not failed.
*/
int sqa_vtab_report(struct sqa_vtab *vtab, int status, char **wrong);

/* ---- Statements */

/*
** A kept statement, borrowed, compiled where it was not. _take gives it to the caller, who returns it by _return;
** then sqa_vtab_statement() compiles another one meanwhile. NULL after a failure, which all of these accept.
*/
sqlite3_stmt *sqa_vtab_statement(struct sqa_vtab *vtab, int which);
sqlite3_stmt *sqa_vtab_take_statement(struct sqa_vtab *vtab, int which);
void sqa_vtab_return_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt *statement);
void sqa_vtab_finalize_statements(struct sqa_vtab *vtab);

/* Compiles sql, which it frees, for the connection; NULL is SQLITE_NOMEM. *statement is NULL after a failure. */
int sqa_vtab_prepare(struct sqa_vtab *vtab, char *sql, unsigned flags, sqlite3_stmt **statement);
/* Binds integers to the parameters number `at`, and at + 1. */
void sqa_bind(sqlite3_stmt *statement, int at, int64_t x);
void sqa_bind_two(sqlite3_stmt *statement, int at, int64_t x, int64_t y);
/* Is there another row? */
bool sqa_vtab_step(struct sqa_vtab *vtab, sqlite3_stmt *statement);
/* Ends it, and notes what went wrong in a step. */
void sqa_vtab_reset(struct sqa_vtab *vtab, sqlite3_stmt *statement);
void sqa_vtab_finalize(struct sqa_vtab *vtab, sqlite3_stmt *statement);
/* Runs a statement that gives no rows, bound before, to its end. */
void sqa_vtab_run(struct sqa_vtab *vtab, sqlite3_stmt *statement);
/* The same without an object: gives the result code. */
int sqa_statement_run(sqlite3_stmt *statement);
/* Runs sql, which it frees; NULL is SQLITE_NOMEM. */
int sqa_vtab_execute(struct sqa_vtab *vtab, char *sql);

#endif
