/*
** What a virtual table keeps in memory until it is written.
**
** Memory belongs to a connection and a table, not to a virtual table object: after ALTER TABLE, ROLLBACK TO or another
** change of the schema SQLite makes a second object for the table, a sibling, while the first one still gets the calls
** of the running transaction. All siblings share one struct sqa_memory, which they find by their names.
*/
#ifndef SQA_TABLE_MEMORY_H
#define SQA_TABLE_MEMORY_H

#include "sql/connection.h"
#include "vtab/form.h"

enum sqa_memory_state {
    SQA_MEMORY_CLOSED, /* no transaction writes to the table: nothing is dirty */
    SQA_MEMORY_OPEN,   /* one does */
    SQA_MEMORY_HALF_WRITTEN /* the shadow tables are being changed or half changed: only a rollback helps */
};

/* A module's own structure begins with it. */
struct sqa_memory {
    struct sqa_memory *next; /* of the connection's */
    const struct sqa_vtab_form *form;
    char *schema, *table;
    int64_t holds; /* how many objects share it */
    int64_t token; /* that of the table that this is for; 0: it is for none yet */
    enum sqa_memory_state state;
    bool is_dirty; /* something is not written: set by the module, and unset by its flush() */
    /*
    ** Memory is marked or written at those open savepoints whose number is below this; INT_MAX: it was empty at all of
    ** them.
    */
    int savepoints;
    int64_t
        rollbacks; /* how many there were, so that what failed knows whether it has been taken back */
    int64_t
        changes; /* how many there were, so that what reads knows whether it has to look again */
};

/*
** Gives the memory of the table with these names and this form, which sqa_memory_release() takes. It is made, and empty,
** where there is none. NULL without memory.
*/
struct sqa_memory *sqa_memory_hold(struct sqa_connection *connection,
                                   const struct sqa_vtab_form *form, const char *schema,
                                   const char *table);
/* Frees it when the last object releases it. */
void sqa_memory_release(struct sqa_connection *connection, struct sqa_memory *memory);

#endif
