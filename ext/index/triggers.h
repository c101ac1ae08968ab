/*
** The SQL of the triggers that report the changes of the indexed table to the index NAME. They
** insert into its hidden columns:
**
**     NAME_insert, NAME_delete, NAME_update        report every row that changes
**     NAME_replace_insert, NAME_replace_update     report rows that REPLACE may remove, as that
**                                                  fires no DELETE trigger
*/
#ifndef SQA_TRIGGERS_H
#define SQA_TRIGGERS_H

#include "index/index.h"

enum sqa_trigger {
    SQA_TRIGGER_INSERT,
    SQA_TRIGGER_DELETE,
    SQA_TRIGGER_UPDATE,
    SQA_TRIGGER_REPLACE_INSERT,
    SQA_TRIGGER_REPLACE_UPDATE,
    SQA_TRIGGERS
};
/* The endings of their names, after NAME_ */
extern const char *const sqa_trigger_names[SQA_TRIGGERS];

/* The UNIQUE indexes of a table, because of which REPLACE may remove rows. The texts are owned. */
struct sqa_uniques {
    /*
    ** SQL that is true if row c conflicts with row new: " OR (...)" for each index that consists
    ** only of columns
    */
    char *condition;
    char *columns;   /* SQL: the columns of these indexes, each after a comma */
    bool is_covered; /* true if there are no partial indexes and no indexes on expressions */
    /*
    ** True if an UPDATE of other columns may change a unique value, because it is a generated
    ** column, or if is_covered is false
    */
    bool is_computed;
};

/*
** Reads the UNIQUE indexes of the indexed table. The caller must call sqa_uniques_clear() in any
** case.
*/
void sqa_uniques_read(struct sqa_uniques *uniques, struct sqa_index *index);
void sqa_uniques_clear(struct sqa_uniques *uniques);

/*
** Returns the SQL of a trigger as in sqlite_master, but without "CREATE TRIGGER " at its beginning.
** The caller frees it; NULL when out of memory. The name of the trigger begins with `name`, and it
** inserts into the table `into`. Both are names of the index, which differ inside xRename.
*/
char *sqa_trigger_sql(const struct sqa_index *index, enum sqa_trigger which, const char *name,
                      const char *into, const struct sqa_uniques *uniques);

#endif
