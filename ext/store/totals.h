/*
** Totals of a table, for estimates. They are read once, and follow what this connection writes.
** They become unknown when another connection commits, and after a rollback.
*/
#ifndef SQA_TOTALS_H
#define SQA_TOTALS_H

#include "store/store.h"

/*
** Gives the totals, borrowed, or NULL where nothing is known, for a plan can do without. Fails only
** with what has to end the statement: SQLITE_NOMEM, SQLITE_IOERR, SQLITE_INTERRUPT. Writes nothing.
*/
const struct sqa_totals *sqa_totals_read(struct sqa_store *store);

/* A chunk of n rows has been written, or one has been removed. column is -1 for the rowid. */
void sqa_totals_add_chunk(struct sqa_store *store, int64_t n);
void sqa_totals_add_range(struct sqa_store *store, int column, int64_t min, int64_t max);
void sqa_totals_remove_chunk(struct sqa_store *store, int64_t n);

#endif
