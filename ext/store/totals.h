/*
** Totals of a table, for estimates. They are read once and then updated when this connection
** writes. They have to be read again after another connection commits and after a rollback.
*/
#ifndef SQA_TOTALS_H
#define SQA_TOTALS_H

#include "store/store.h"

/*
** Returns the totals, which memory owns, or NULL if they cannot be read; a plan can be made without
** them. Fails only with errors that must end the statement, such as SQLITE_NOMEM, SQLITE_IOERR and
** SQLITE_INTERRUPT. Writes nothing.
*/
const struct sqa_totals *sqa_totals_read(struct sqa_store *store);

/*
** Update the totals after a chunk of n rows was written or removed. The range of each column of a
** written chunk, and of its rowids (SQA_ROWID), is added separately.
*/
void sqa_totals_add_chunk(struct sqa_store *store, int64_t n);
void sqa_totals_add_range(struct sqa_store *store, int column, int64_t min, int64_t max);
void sqa_totals_remove_chunk(struct sqa_store *store, int64_t n);

#endif
