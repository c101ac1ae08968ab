/*
** Inserts, changes and deletes single rows.
**
** The rules are those of a table. A row without a rowid gets the largest rowid plus 1, or, if that
** would be too large, a random one that is free. A duplicate rowid is handled by the conflict
** clause of the statement. NULL violates a constraint. Everything is checked before anything is
** changed.
*/
#ifndef SQA_ROWS_H
#define SQA_ROWS_H

#include "store/store.h"

/* Inserts the row in store->values. `given` is its rowid or NULL. Returns the rowid. */
int64_t sqa_row_insert(struct sqa_store *store, sqlite3_value *given);
/* Inserts the row in store->values with a rowid that the table chooses. Returns the rowid. */
int64_t sqa_row_add(struct sqa_store *store);
/* Deletes the row with this rowid, if there is one. */
void sqa_row_delete(struct sqa_store *store, int64_t rowid);
/*
** Changes a row. argv has its rowid, its new rowid, and the values. A column that the statement
** does not change may have no value (sqlite3_value_nochange()).
*/
void sqa_row_update(struct sqa_store *store, sqlite3_value **argv);

/*
** Must be called after a change that consists of several parts. If it has failed, some parts may be
** done, and SQLite does not always undo them; then the table can only be used after a rollback.
** `rollbacks` is the counter in memory from before the change; if it has increased, SQLite has
** undone the parts.
*/
void sqa_row_check_whole(struct sqa_store *store, int64_t rollbacks);

#endif
