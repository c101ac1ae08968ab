/*
** A virtual table that keeps its rows in tables of its own, shadow tables: what all modules of this kind share.
**
**     vtab.c         the object that SQLite calls xCreate or xConnect for: names, messages, kept statements
**     shadow.c       the shadow tables: made, verified, renamed, dropped
**     transaction.c  what is kept in memory until it is written, and the transaction methods
**
** A module describes itself in a struct sqa_vtab_form, and its objects and memory begin with the structures below.
** Functions give SQLite result codes; the message of a failure is left in base.zErrMsg, where SQLite looks for it.
*/
#ifndef SQA_VTAB_H
#define SQA_VTAB_H

#include "sql/connection.h"

enum { SQA_VTAB_OPTIONS = 4 }; /* the most that a form has */

struct sqa_memory;
struct sqa_vtab;

/* What a module is. The strings are parts of names and SQL. */
struct sqa_vtab_form {
    const char *module;         /* as in USING module, for messages */
    int version;                /* of the format of the shadow tables */
    const char *const *shadows; /* how the names of the shadow tables end, without NAME_config */
    int shadow_count;
    const char *const *options; /* names of integers that NAME_config keeps */
    int option_count;
    /* How the name of the virtual table ends that is made, renamed and dropped along with it, or NULL; its module */
    const char *companion, *companion_module;
    int statements;     /* that are kept */
    size_t memory_size; /* of the structure that begins with a struct sqa_memory */

    /* Gives the columns of a shadow table in brackets, as its CREATE TABLE has them; NULL without memory. */
    char *(*columns)(const struct sqa_vtab *vtab, int shadow);
    /* Gives the SQL of a kept statement; NULL without memory. */
    char *(*sql)(const struct sqa_vtab *vtab, int statement);
    /* Are the options that were read from NAME_config possible? NULL: all are. */
    bool (*options_are_sound)(const struct sqa_vtab *vtab);

    /* Makes empty memory ready for the table of this object. */
    int (*adopt)(struct sqa_vtab *vtab);
    /*
    ** Writes what is in memory to the shadow tables. It may stay in memory, but memory->is_dirty is false afterwards.
    ** Before the first change it calls sqa_memory_begin_change().
    */
    int (*flush)(struct sqa_vtab *vtab);
    /*
    ** NULL: at a savepoint memory is written. Otherwise nothing is written there, and this notes what is in memory
    ** now, so that forget() can return to it.
    */
    int (*mark)(struct sqa_vtab *vtab, int savepoint);
    /*
    ** Forgets what has come into memory since this savepoint, written or not; or everything, see enum sqa_forget.
    ** Cannot fail.
    */
    void (*forget)(struct sqa_memory *memory, int savepoint);
    /* Frees everything that memory owns, but not memory itself. */
    void (*clear)(struct sqa_memory *memory);
};

/* Values of forget()'s savepoint that are none */
enum sqa_forget {
    SQA_FORGET_COMMITTED = -1, /* the transaction is committed: all was written before */
    SQA_FORGET_ROLLED_BACK =
        -2 /* the transaction, or all of it that concerns memory, is rolled back */
};

/* An object of a module. A module's own structure begins with it. */
struct sqa_vtab {
    sqlite3_vtab base;
    const struct sqa_vtab_form *form;
    struct sqa_connection *connection;
    char *schema, *table; /* names: of the database, of the virtual table */
    int64_t token;        /* which table of this name it is, see shadow.h; 0: not known yet */
    int64_t options[SQA_VTAB_OPTIONS]; /* as NAME_config says, after sqa_vtab_enter() */
    int verified_at; /* how often the statement for NAME_config had been compiled again then; -1: not verified */
    struct sqa_memory *memory; /* shared with its siblings, see transaction.h */
    sqlite3_stmt **statements;
};

/*
** Gives an object of `size` bytes for the table with these names, or NULL without memory. It reads nothing, so that a
** damaged table can be dropped. sqa_vtab_free() takes it, also what xCreate and xConnect have not finished.
*/
struct sqa_vtab *sqa_vtab_new(const struct sqa_vtab_form *form, size_t size,
                              struct sqa_connection *connection, const char *schema,
                              const char *table, size_t table_size);
void sqa_vtab_free(struct sqa_vtab *vtab);

/* Leaves a message and gives rc; SQLITE_NOMEM where there is no memory for it. */
int sqa_vtab_fail(struct sqa_vtab *vtab, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
** A kept statement, borrowed, compiled where it was not. _take gives it to the caller, who returns it by _return;
** then sqa_vtab_statement() compiles another one meanwhile.
*/
int sqa_vtab_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt **statement);
int sqa_vtab_take_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt **statement);
void sqa_vtab_return_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt *statement);
void sqa_vtab_finalize_statements(struct sqa_vtab *vtab);

/* Compiles sql, which it frees, for the connection; NULL is SQLITE_NOMEM. */
int sqa_vtab_prepare(const struct sqa_vtab *vtab, char *sql, unsigned flags,
                     sqlite3_stmt **statement);
/* Runs sql, which it frees. */
int sqa_vtab_execute(const struct sqa_vtab *vtab, char *sql);
/* Runs a statement that gives no rows, bound before, to its end. */
int sqa_statement_run(sqlite3_stmt *statement);

#endif
