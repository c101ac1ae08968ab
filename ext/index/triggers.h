/*
** The triggers by which an index NAME follows its table, as SQL:
**
**     NAME_insert, NAME_delete, NAME_update             tell of every row that changes
**     NAME_replace_insert, NAME_replace_update          note rows that REPLACE may remove, which
**                                                       fires no DELETE trigger
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
/* How their names end, behind NAME_ */
extern const char *const sqa_trigger_names[SQA_TRIGGERS];

/* The UNIQUE indexes of a table, as REPLACE may remove rows by them. The texts are owned. */
struct sqa_uniques {
    char *condition; /* OR what row c and row new have in common, for each index of columns alone */
    char *columns;   /* of these indexes, each after a comma */
    bool is_covered; /* there are no others: partial ones, or of expressions */
    /* An UPDATE of other columns may change what is unique: it is generated, or not covered. */
    bool is_computed;
};

/* Reads the UNIQUE indexes of the table that is indexed. To be cleared in any case. */
void sqa_uniques_read(struct sqa_uniques *uniques, struct sqa_index *index);
void sqa_uniques_clear(struct sqa_uniques *uniques);

/*
** Gives the SQL of a trigger, as sqlite_master has it behind "CREATE TRIGGER "; NULL without
** memory. name: of the index, that the trigger's own begins with; into: the index as the trigger
** calls it.
*/
char *sqa_trigger_sql(const struct sqa_index *index, enum sqa_trigger which, const char *name,
                      const char *into, const struct sqa_uniques *uniques);

#endif
