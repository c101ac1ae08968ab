/* The module array_index and the parts of it that its methods call. */
#ifndef SQA_INDEX_MODULE_H
#define SQA_INDEX_MODULE_H

#include "index/list_search.h"

/* The columns that CREATE TABLE declares, in this order */
enum sqa_index_column {
    SQA_INDEX_KEY,   /* the key of the table's row; the rowid */
    SQA_INDEX_QUERY, /* hidden, named as the index: a query; in an INSERT a command */
    SQA_INDEX_ARRAY, /* hidden, named as the column: the row's array */
    SQA_INDEX_OLD,   /* these only the triggers use */
    SQA_INDEX_NEW,
    SQA_INDEX_NOTE
};

extern const struct sqa_vtab_form sqa_index_form;

/*
** Makes an object for the index of this name, with what the arguments of CREATE VIRTUAL TABLE say. sqa_index_free() takes
** it, also after a failure; NULL is allowed.
*/
int sqa_index_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *name, struct sqa_index **made, char **error);
void sqa_index_free(struct sqa_index *index);

/*
** To be called before anything of the index is read: the shadow tables are those of the index, the triggers are there,
** and the log is in order.
*/
int sqa_index_enter(struct sqa_index *index);

/* The functions on the hidden column that a plan takes over; SQLITE_INDEX_CONSTRAINT_FUNCTION + i stands for each. */
enum { SQA_INDEX_FUNCTIONS = 4 };
extern const struct sqa_index_function {
    const char *name;
    enum sqa_term_kind kind;
} sqa_index_functions[SQA_INDEX_FUNCTIONS];

/* index_plan.c, index_cursor.c, index_commands.c: methods */
int sqa_index_best_index(sqlite3_vtab *base, sqlite3_index_info *info);
int sqa_index_open(sqlite3_vtab *base, sqlite3_vtab_cursor **cursor);
int sqa_index_close(sqlite3_vtab_cursor *base);
int sqa_index_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc,
                     sqlite3_value **argv);
int sqa_index_next(sqlite3_vtab_cursor *base);
int sqa_index_eof(sqlite3_vtab_cursor *base);
int sqa_index_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column);
int sqa_index_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid);

/* 'rebuild', 'optimize', 'merge=N', 'integrity-check' */
int sqa_index_command(struct sqa_index *index, const char *command);
/* The first thing that is wrong, as a message that the caller frees, or NULL. */
int sqa_index_examine(struct sqa_index *index, char **wrong);

#endif
