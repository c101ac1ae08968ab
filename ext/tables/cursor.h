/*
** What the table-valued functions have in common: an eponymous virtual table whose hidden columns
** are the function's arguments, and a cursor that keeps them and walks from row to row.
**
** The hidden columns' names begin with _ because SQLite looks among them, too, for the names in the
** arguments: in `FROM t, array_each(array)` the column t.array would be ambiguous.
**
** A table's file brings xConnect, xBestIndex, xFilter and xColumn of its own. The other methods are
** those below, unless it knows better.
*/
#ifndef SQA_CURSOR_H
#define SQA_CURSOR_H

#include "core/blob.h"
#include "sql/call.h"

enum { SQA_ARGUMENTS = 4 }; /* the most a table has */

/* What SQLite and the methods below need to know of a table. */
struct sqa_form {
    const char *name;   /* of the SQL function */
    const char *schema; /* the CREATE TABLE for sqlite3_declare_vtab() */
    int config;         /* SQLITE_VTAB_INNOCUOUS or SQLITE_VTAB_DIRECTONLY */
    size_t table_size; /* bytes of its table, which begins with a struct sqa_table; 0: that alone */
    size_t cursor_size;     /* bytes of its cursor, which begins with a struct sqa_cursor */
    int first_argument;     /* number of the first hidden column */
    int arrays;             /* so many of the arguments, the first ones, are arrays */
    int required, optional; /* arguments */
};

struct sqa_table {
    sqlite3_vtab base;
    const struct sqa_form *form;
    struct sqa_connection *connection;
};

/*
** An argument, kept because the sqlite3_value is gone when xFilter returns. An array is copied, as plain elements,
** into a buffer from the pool, which costs no page faults and aligns them for the kernels.
*/
struct sqa_argument {
    struct sqa_view view; /* of an array: borrows from blob */
    unsigned char *blob;  /* the array, also of text; NULL: none yet */
    sqlite3_value *value; /* a duplicate of any argument but a BLOB, or NULL */
};

/* Forgets an argument: none is given. */
void sqa_argument_drop(struct sqa_argument *argument);

/* Rows are counted from 0. */
struct sqa_cursor {
    sqlite3_vtab_cursor base;
    int64_t row;  /* where the cursor stands */
    int64_t step; /* to the next row: 1, or -1 from the last to the first */
    int64_t end;  /* where row is after the last step */
    struct sqa_argument arguments[SQA_ARGUMENTS];
    void *scratch; /* kept scratch, freed with the cursor; or NULL */
};

/* xConnect, but for the form */
int sqa_table_connect(const struct sqa_form *form, sqlite3 *db, void *connection,
                      sqlite3_vtab **vtab);
/* The other methods. The rowid is row + 1. */
int sqa_table_disconnect(sqlite3_vtab *vtab);
int sqa_cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor);
int sqa_cursor_close(sqlite3_vtab_cursor *cursor);
int sqa_cursor_next(sqlite3_vtab_cursor *cursor);
int sqa_cursor_eof(sqlite3_vtab_cursor *cursor);
int sqa_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid);

/* The rows are first .. last (from 0), in this order or backwards; none if first > last. */
void sqa_cursor_rows(struct sqa_cursor *cursor, int64_t first, int64_t last, bool backwards);

/*
** Where the rows are runs of equal elements: makes step the length of the one that starts at row, unless poll
** stops that. A run does not go on past end.
*/
void sqa_cursor_measure(struct sqa_cursor *cursor, const struct sqa_view *view,
                        struct sqa_poll *poll);

/* The result is the value of a hidden column: the argument as it was given. */
void sqa_cursor_argument(const struct sqa_cursor *cursor, sqlite3_context *context, int column);

static inline struct sqa_table *sqa_cursor_table(const struct sqa_cursor *cursor) {
    return (struct sqa_table *)cursor->base.pVtab;
}

/*
** Begins a call in a method of the table, without arguments; context is NULL but in xColumn, where sqa_call_end()
** ends it. Elsewhere sqa_table_end() does, and gives what the method returns; the message of a failure is left where
** SQLite looks for it.
*/
void sqa_table_call(const sqlite3_vtab *vtab, struct sqa_call *call, sqlite3_context *context);
int sqa_table_end(sqlite3_vtab *vtab, struct sqa_call *call);

#endif
