/*
** What the table-valued functions have in common: an eponymous virtual table whose hidden columns
** are the function's arguments, and a cursor that keeps the arguments and moves from row to row.
**
** The names of the hidden columns begin with _ because SQLite also resolves names inside the
** arguments to them. In `FROM t, array_each(array)` a hidden column called array would make the
** column t.array ambiguous.
**
** The file of a table defines xConnect, xBestIndex, xFilter and xColumn, and takes the other
** methods from here unless it needs its own.
*/
#ifndef SQA_CURSOR_H
#define SQA_CURSOR_H

#include "core/blob.h"
#include "sql/call.h"

enum { SQA_ARGUMENTS = 7 }; /* the largest number of arguments of any table */

/* Describes a table-valued function to SQLite and to the methods below. */
struct sqa_form {
    const char *name;   /* the name of the table-valued function */
    const char *schema; /* the CREATE TABLE statement for sqlite3_declare_vtab() */
    int config;         /* SQLITE_VTAB_INNOCUOUS or SQLITE_VTAB_DIRECTONLY */
    /* size of the table object, which begins with a struct sqa_table; 0: only that */
    size_t table_size;
    size_t cursor_size;     /* size of the cursor object, which begins with a struct sqa_cursor */
    int first_argument;     /* column number of the first argument */
    int arrays;             /* how many arguments are arrays; these come first */
    int required, optional; /* number of required and of optional arguments */
};

struct sqa_table {
    sqlite3_vtab base;
    const struct sqa_form *form;
    struct sqa_connection *connection;
};

/*
** An argument, copied because SQLite frees the sqlite3_value after xFilter. An array is copied as
** plain elements into a buffer of the pool, which aligns them for the kernels and causes no page
** faults.
*/
struct sqa_argument {
    struct sqa_view view; /* of an array; points into blob */
    unsigned char *blob;  /* the array, parsed if it was text; NULL before there is one */
    sqlite3_value *value; /* a duplicate of an argument that is not a BLOB, or NULL */
};

/* Frees the argument's copy. Afterwards it counts as not given. */
void sqa_argument_drop(struct sqa_argument *argument);

/* A cursor over rows that are numbered from 0. */
struct sqa_cursor {
    sqlite3_vtab_cursor base;
    int64_t row;  /* the current row */
    int64_t step; /* distance to the next row; -1 goes backwards */
    int64_t end;  /* the value of row after the last step */
    struct sqa_argument arguments[SQA_ARGUMENTS];
    void *scratch; /* memory kept from a call and freed with the cursor, or NULL */
};

/* Implements xConnect for the table that form describes. */
int sqa_table_connect(const struct sqa_form *form, sqlite3 *db, void *connection,
                      sqlite3_vtab **vtab);
/* Implementations of the other methods. The rowid is row + 1. */
int sqa_table_disconnect(sqlite3_vtab *vtab);
int sqa_cursor_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor);
int sqa_cursor_close(sqlite3_vtab_cursor *cursor);
int sqa_cursor_next(sqlite3_vtab_cursor *cursor);
int sqa_cursor_eof(sqlite3_vtab_cursor *cursor);
int sqa_cursor_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid);

/*
** Sets the cursor's rows to those from first to last (from 0), forwards or backwards. There are
** none if first > last.
*/
void sqa_cursor_rows(struct sqa_cursor *cursor, int64_t first, int64_t last, bool backwards);

/*
** For a cursor whose rows are runs of equal elements: sets step to the length of the run that
** starts at row. A run ends at `end` at the latest. If the poll stops the work, step is
** undefined.
*/
void sqa_cursor_measure(struct sqa_cursor *cursor, const struct sqa_view *view,
                        struct sqa_poll *poll);

/* The SQL result becomes the value of a hidden column, which is the argument as it was given. */
void sqa_cursor_argument(const struct sqa_cursor *cursor, sqlite3_context *context, int column);

static inline struct sqa_table *sqa_cursor_table(const struct sqa_cursor *cursor) {
    return (struct sqa_table *)cursor->base.pVtab;
}

/*
** Begins a call without arguments inside a method of the table. In xColumn context is SQLite's
** and the call ends with sqa_call_end(). In any other method context is NULL and the call ends
** with sqa_table_end(), which returns the result code for the method and stores the error message
** in the table, where SQLite reads it.
*/
void sqa_table_call(const sqlite3_vtab *vtab, struct sqa_call *call, sqlite3_context *context);
int sqa_table_end(sqlite3_vtab *vtab, struct sqa_call *call);

#endif
