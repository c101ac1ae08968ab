/*
** The transaction methods of a module whose tables keep data in memory (vtab/table_memory.h)
** until it is written.
**
** Memory has the token (see shadow.h) of the table that it belongs to. Before memory is read or
** written, this token is compared with the one in the database. If they differ, the table was
** dropped, or the statement that created it was rolled back; then the data in memory is
** discarded.
**
** The table shows the next state for each event, and what is done:
**
**     state          begin      sync, savepoint       commit, rollback    rollback to
**     CLOSED         OPEN       nothing               CLOSED, nothing     nothing
**     OPEN           OPEN       flush                 CLOSED, forget      OPEN, forget
**     HALF_WRITTEN   the same   an error              CLOSED, forget      OPEN, forget
*/
#ifndef SQA_TRANSACTION_H
#define SQA_TRANSACTION_H

#include "vtab/table_memory.h"
#include "vtab/vtab.h"

/*
** Must be called before anything of the table is read or changed. Checks the shadow tables, and
** makes memory belong to this table. Fails with SQLITE_ABORT if the object's table has been
** renamed or dropped.
*/
int sqa_vtab_enter(struct sqa_vtab *vtab);
/* Fails if the shadow tables are half written. */
int sqa_vtab_check_written(struct sqa_vtab *vtab);
/* Calls sqa_vtab_enter() and sqa_vtab_check_written(). For methods that read. */
int sqa_vtab_enter_to_read(struct sqa_vtab *vtab);
/* Does the same for methods that write, and records that the transaction writes to the table. */
int sqa_vtab_enter_to_write(struct sqa_vtab *vtab);
/*
** Returns true if data in memory can be used without calling sqa_vtab_enter(). This is safe
** because SQLite creates another object when the schema changes, and because the token is
** compared again before memory is written.
*/
static inline bool sqa_vtab_memory_is_current(const struct sqa_vtab *vtab) {
    return vtab->token != 0 && vtab->token == vtab->memory->token &&
           vtab->memory->state == SQA_MEMORY_OPEN;
}

/*
** Must be called before and after each change of the shadow tables. Calls may be nested. If a
** change fails, the state stays HALF_WRITTEN, unless rc shows that nothing was changed (PRAGMA
** query_only), or SQLite has rolled back in the meantime.
*/
struct sqa_change {
    enum sqa_memory_state before;
    int64_t rollbacks;
};
struct sqa_change sqa_memory_begin_change(struct sqa_memory *memory);
void sqa_memory_end_change(struct sqa_memory *memory, struct sqa_change change, int rc);

/*
** Writes unwritten changes if memory belongs to this object's table. Does not change
** last_insert_rowid().
*/
int sqa_vtab_flush(struct sqa_vtab *vtab);

/* The parts of xRename and xDestroy that all modules have in common. */
int sqa_vtab_rename(struct sqa_vtab *vtab, const char *name);
int sqa_vtab_destroy(struct sqa_vtab *vtab);

/* The transaction methods for sqlite3_module */
int sqa_vtab_begin(sqlite3_vtab *vtab);
int sqa_vtab_sync(sqlite3_vtab *vtab);
int sqa_vtab_commit(sqlite3_vtab *vtab);
int sqa_vtab_rollback(sqlite3_vtab *vtab);
int sqa_vtab_savepoint(sqlite3_vtab *vtab, int savepoint);
int sqa_vtab_release(sqlite3_vtab *vtab, int savepoint);
int sqa_vtab_rollback_to(sqlite3_vtab *vtab, int savepoint);

#endif
