/*
** Data of a virtual table that is kept in memory until it is written.
**
** It belongs to a table of a connection, not to a single virtual table object. After ALTER TABLE,
** ROLLBACK TO or another change of the schema SQLite creates a second object for the table, a
** sibling, while the first one still gets the calls for the running transaction. All siblings
** share one struct sqa_memory, which is found by the names of database and table. Siblings whose
** tables have different numbers of columns, as PRAGMA writable_schema can make them, share none.
*/
#ifndef SQA_TABLE_MEMORY_H
#define SQA_TABLE_MEMORY_H

#include "sql/connection.h"
#include "vtab/form.h"

enum sqa_memory_state {
    SQA_MEMORY_CLOSED, /* no transaction writes to the table, and nothing is dirty */
    SQA_MEMORY_OPEN,   /* a transaction writes to the table */
    /*
    ** a change of the shadow tables is running or has failed; after a failure only a rollback
    ** helps
    */
    SQA_MEMORY_HALF_WRITTEN
};

/* The first member of a module's own structure. */
struct sqa_memory {
    struct sqa_memory *next; /* next in the list of the connection */
    const struct sqa_vtab_form *form;
    char *schema, *table;
    int columns;   /* number of columns of the table, if memory depends on it; otherwise 0 */
    int64_t holds; /* number of objects that share this */
    int64_t token; /* token of the table whose data this is; 0 if there is none yet */
    enum sqa_memory_state state;
    /* there are unwritten changes: set to true by the module, and to false by its flush() */
    bool is_dirty;
    /*
    ** At all open savepoints with a lower number than this, memory has been marked or written.
    ** INT_MAX means that memory was empty at all open savepoints.
    */
    int savepoints;
    int64_t rollbacks; /* number of rollbacks; shows whether a failed change has been undone */
    int64_t changes;   /* number of changes; shows a reader whether it has to read again */
};

/*
** Returns the memory of the table with these names, this form and this number of columns. If there
** is none, creates an empty one. The caller must call sqa_memory_release(). Returns NULL when out
** of memory.
*/
struct sqa_memory *sqa_memory_hold(struct sqa_connection *connection,
                                   const struct sqa_vtab_form *form, const char *schema,
                                   const char *table, int columns);
/* Ends one use of the memory. After the last one it is freed. */
void sqa_memory_release(struct sqa_connection *connection, struct sqa_memory *memory);

#endif
