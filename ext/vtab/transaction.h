/*
** The transaction methods of a module whose tables keep something in memory (vtab/table_memory.h) until it is written.
**
** Memory remembers the token (see shadow.h) of the table it is for. Before it is read or written the token is
** compared with the one that is in the database. If they differ, the table that memory was for has gone, by DROP or
** because the statement that made it was rolled back, and so has what is in memory.
**
**     state          begin      sync, savepoint       commit, rollback    rollback to
**     CLOSED         OPEN       nothing to do         CLOSED              nothing to do
**     OPEN           OPEN       flush                 CLOSED, forget      OPEN, forget
**     HALF_WRITTEN   the same   an error              CLOSED, forget      OPEN, forget
*/
#ifndef SQA_TRANSACTION_H
#define SQA_TRANSACTION_H

#include "vtab/table_memory.h"
#include "vtab/vtab.h"

/*
** To be called before anything of the table is read or changed. Verifies the shadow tables, and makes memory that of
** this table. SQLITE_ABORT: the table that this object was made for has been renamed or dropped meanwhile.
*/
int sqa_vtab_enter(struct sqa_vtab *vtab);
/* Fails where the shadow tables are half written. */
int sqa_vtab_check_written(struct sqa_vtab *vtab);
/* Both, before something is read. */
int sqa_vtab_enter_to_read(struct sqa_vtab *vtab);
/* Both, before something is written; the transaction writes to the table from here on. */
int sqa_vtab_enter_to_write(struct sqa_vtab *vtab);
/*
** Can what is only in memory be read and changed without either? SQLite makes another object where the schema has
** changed, and before memory is written the token is compared in any case.
*/
static inline bool sqa_vtab_memory_is_current(const struct sqa_vtab *vtab) {
    return vtab->token != 0 && vtab->token == vtab->memory->token &&
           vtab->memory->state == SQA_MEMORY_OPEN;
}

/*
** Around a change of the shadow tables. What belongs together may be nested. After a failure the state stays
** HALF_WRITTEN, unless rc says that nothing was changed (PRAGMA query_only), or SQLite has rolled back meanwhile.
*/
struct sqa_change {
    enum sqa_memory_state before;
    int64_t rollbacks;
};
struct sqa_change sqa_memory_begin_change(struct sqa_memory *memory);
void sqa_memory_end_change(struct sqa_memory *memory, struct sqa_change change, int rc);

/* Writes what is in memory, if it is of this object's table and dirty. Leaves last_insert_rowid() as it was. */
int sqa_vtab_flush(struct sqa_vtab *vtab);

/* The part of xRename and of xDestroy that is everybody's. */
int sqa_vtab_rename(struct sqa_vtab *vtab, const char *name);
int sqa_vtab_destroy(struct sqa_vtab *vtab);

/* Methods */
int sqa_vtab_begin(sqlite3_vtab *vtab);
int sqa_vtab_sync(sqlite3_vtab *vtab);
int sqa_vtab_commit(sqlite3_vtab *vtab);
int sqa_vtab_rollback(sqlite3_vtab *vtab);
int sqa_vtab_savepoint(sqlite3_vtab *vtab, int savepoint);
int sqa_vtab_release(sqlite3_vtab *vtab, int savepoint);
int sqa_vtab_rollback_to(sqlite3_vtab *vtab, int savepoint);

#endif
