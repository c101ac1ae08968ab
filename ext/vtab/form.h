/*
** The description of a module of virtual tables with shadow tables, and the functions that the
** module has to implement.
*/
#ifndef SQA_FORM_H
#define SQA_FORM_H

#include <stdbool.h>
#include <stddef.h>

enum { SQA_VTAB_OPTIONS = 4 }; /* the largest number of options of any form */

struct sqa_memory;
struct sqa_vtab;

/* Describes a module. The strings are parts of names and of SQL. */
struct sqa_vtab_form {
    const char *module;         /* name of the module, for messages */
    int version;                /* version of the format of the shadow tables */
    const char *const *shadows; /* endings of the names of the shadow tables, except NAME_config */
    int shadow_count;
    const char *const *options; /* names of the integers that NAME_config stores */
    int option_count;
    /*
    ** Ending of the name of the companion (see companion.h), or NULL if there is none; and the
    ** companion's module
    */
    const char *companion, *companion_module;
    int statements;     /* number of kept statements */
    size_t memory_size; /* size of the module's structure that begins with a struct sqa_memory */

    /*
    ** Returns the column list of a shadow table, with brackets, for CREATE TABLE. Returns NULL when
    ** there is no memory.
    */
    char *(*columns)(const struct sqa_vtab *vtab, int shadow);
    /* Returns the SQL of a kept statement, or NULL when out of memory. */
    char *(*sql)(const struct sqa_vtab *vtab, int statement);
    /*
    ** Returns true if the options read from NAME_config are valid. NULL means that all values
    ** are.
    */
    bool (*options_are_sound)(const struct sqa_vtab *vtab);

    /*
    ** Prepares memory, which is empty, for the table of this object. NULL means that there is
    ** nothing to prepare.
    */
    int (*adopt)(struct sqa_vtab *vtab);
    /*
    ** Writes unwritten changes to the shadow tables and sets memory->is_dirty to false. The data
    ** may stay in memory. Calls sqa_memory_begin_change() before the first change of a shadow
    ** table.
    */
    int (*flush)(struct sqa_vtab *vtab);
    /*
    ** Records the current state of memory for a savepoint, so that forget() can restore it. NULL
    ** means that memory is written at each savepoint instead.
    */
    int (*mark)(struct sqa_vtab *vtab, int savepoint);
    /*
    ** Discards all changes since a savepoint, whether written or not; or everything, see enum
    ** sqa_forget. Cannot fail.
    */
    void (*forget)(struct sqa_memory *memory, int savepoint);
    /* Frees everything that memory owns, but not memory itself. */
    void (*clear)(struct sqa_memory *memory);
};

/* Values that forget() may get instead of a savepoint */
enum sqa_forget {
    /* The transaction was committed; everything had been written before. */
    SQA_FORGET_COMMITTED = -1,
    /* The transaction, or the part of it that concerns memory, was rolled back. */
    SQA_FORGET_ROLLED_BACK = -2
};

#endif
