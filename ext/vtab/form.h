/* What a module of virtual tables with shadow tables tells of itself, and what it has to do. */
#ifndef SQA_FORM_H
#define SQA_FORM_H

#include <stdbool.h>
#include <stddef.h>

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
    int statements;     /* how many are kept */
    size_t memory_size; /* bytes of the structure that begins with a struct sqa_memory */

    /* Gives the columns of a shadow table in brackets, as its CREATE TABLE has them; NULL without memory. */
    char *(*columns)(const struct sqa_vtab *vtab, int shadow);
    /* Gives the SQL of a kept statement; NULL without memory. */
    char *(*sql)(const struct sqa_vtab *vtab, int statement);
    /* Are the options that were read from NAME_config possible? NULL: all are. */
    bool (*options_are_sound)(const struct sqa_vtab *vtab);

    /* Makes empty memory ready for the table of this object. NULL: there is nothing to make. */
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

/* What forget() is passed instead of a savepoint */
enum sqa_forget {
    /* The transaction is committed: all was written before. */
    SQA_FORGET_COMMITTED = -1,
    /* The transaction, or all of it that concerns memory, is rolled back. */
    SQA_FORGET_ROLLED_BACK = -2
};

#endif
