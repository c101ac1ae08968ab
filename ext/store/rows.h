/*
** Rows inserted, changed and deleted, one at a time.
**
** It is as in a table: without a rowid a row gets the one above the largest, or where that is the
** largest integer a random one that is free; a duplicate rowid is handled by the statement's
** conflict clause; NULL violates a constraint. Everything is checked before anything is changed.
*/
#ifndef SQA_ROWS_H
#define SQA_ROWS_H

#include "store/store.h"

/* Inserts the row in store->values with this rowid, or NULL; gives its rowid. */
int64_t sqa_row_insert(struct sqa_store *store, sqlite3_value *given);
/* Adds the row in store->values with a rowid of the table's choice, which it gives. */
int64_t sqa_row_add(struct sqa_store *store);
/* Deletes the row with this rowid, if there is one. */
void sqa_row_delete(struct sqa_store *store, int64_t rowid);
/*
** Changes a row. argv: its rowid, its new rowid, the values; what the statement leaves as it is may
** have none.
*/
void sqa_row_update(struct sqa_store *store, sqlite3_value **argv);

/*
** To be called after what belongs together: if it failed after a part of it was done, only a
** rollback helps, as SQLite does not always take the part back. rollbacks: memory's counter from
** before; one that has come since has taken it back.
*/
void sqa_row_check_whole(struct sqa_store *store, int64_t rollbacks);

#endif
