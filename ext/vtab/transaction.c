#include "vtab/transaction.h"

#include <assert.h>
#include <limits.h>

#include "vtab/shadow.h"

SQLITE_EXTENSION_INIT3

/* ---- The table and its memory */

static void assert_state(const struct sqa_memory *memory) {
    assert(memory->state != SQA_MEMORY_CLOSED || !memory->is_dirty);
    assert(memory->token != 0 || memory->state == SQA_MEMORY_CLOSED);
    (void)memory;
}

/*
** Returns true if memory belongs to the table of this object. If it does not, events of this
** table do not concern it.
*/
static bool is_mine(const struct sqa_vtab *vtab) {
    return vtab->token != 0 && vtab->token == vtab->memory->token;
}

/* Discards everything in memory. */
static void close_memory(struct sqa_memory *memory, enum sqa_forget how) {
    memory->form->forget(memory, how);
    memory->is_dirty = false;
    memory->state = SQA_MEMORY_CLOSED;
    memory->savepoints = INT_MAX;
    memory->changes++;
    memory->rollbacks += how == SQA_FORGET_ROLLED_BACK;
    assert_state(memory);
}

/* Makes memory, which belonged to another table or to none, that of this object's table. */
static void adopt(struct sqa_vtab *vtab) {
    close_memory(vtab->memory, SQA_FORGET_ROLLED_BACK);
    vtab->memory->token = 0;
    if (vtab->form->adopt != NULL)
        (void)sqa_vtab_note(vtab, vtab->form->adopt(vtab));
    if (!sqa_vtab_failed(vtab))
        vtab->memory->token = vtab->token;
}

int sqa_vtab_enter(struct sqa_vtab *vtab) {
    const int64_t token = sqa_shadow_verify(vtab);
    if (token == 0 && vtab->token == 0)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR, "%s: there is no %s named %s", vtab->form->module,
                            vtab->form->module, vtab->table);
    else if (token == 0 || (vtab->token != 0 && vtab->token != token))
        (void)sqa_vtab_fail(vtab, SQLITE_ABORT, "%s: %s has been renamed meanwhile",
                            vtab->form->module, vtab->table);
    if (sqa_vtab_failed(vtab))
        return vtab->status;
    vtab->token = token;
    if (!is_mine(vtab))
        adopt(vtab);
    return vtab->status;
}

int sqa_vtab_check_written(struct sqa_vtab *vtab) {
    if (vtab->memory->state == SQA_MEMORY_HALF_WRITTEN)
        (void)sqa_vtab_fail(vtab, SQLITE_ABORT, "%s: an earlier write failed half-way, roll back",
                            vtab->form->module);
    return vtab->status;
}

int sqa_vtab_enter_to_read(struct sqa_vtab *vtab) {
    (void)sqa_vtab_enter(vtab);
    return sqa_vtab_check_written(vtab);
}

/*
** needed because SQLite does not call xBegin for a table that was created in the running
** transaction
*/
int sqa_vtab_enter_to_write(struct sqa_vtab *vtab) {
    if (sqa_vtab_enter(vtab) == SQLITE_OK && vtab->memory->state == SQA_MEMORY_CLOSED)
        vtab->memory->state = SQA_MEMORY_OPEN;
    assert_state(vtab->memory);
    return sqa_vtab_check_written(vtab);
}

/* ---- Writing */

struct sqa_change sqa_memory_begin_change(struct sqa_memory *memory) {
    const struct sqa_change change = {memory->state, memory->rollbacks};
    assert(memory->state != SQA_MEMORY_CLOSED);
    memory->state = SQA_MEMORY_HALF_WRITTEN;
    memory->changes++;
    return change;
}

void sqa_memory_end_change(struct sqa_memory *memory, struct sqa_change change, int rc) {
    if (memory->rollbacks == change.rollbacks &&
        (rc == SQLITE_OK || (rc & 0xff) == SQLITE_READONLY))
        memory->state = change.before;
    assert_state(memory);
}

/* Calls the module's flush() and returns its result code without making the method fail. */
static int try_to_flush(struct sqa_vtab *vtab) {
    const int outer = sqa_status_begin(vtab);
    (void)sqa_vtab_note(vtab, vtab->form->flush(vtab));
    return sqa_status_end(vtab, outer);
}

static bool is_query_only(struct sqa_vtab *vtab) {
    sqlite3_stmt *pragma;
    (void)sqa_vtab_prepare(vtab, sqa_sql("PRAGMA query_only"), 0, &pragma);
    const bool is_on = sqa_vtab_step(vtab, pragma) && sqlite3_column_int64(pragma, 0);
    sqa_vtab_finalize(vtab, pragma);
    return is_on;
}

/*
** Writes although PRAGMA query_only is on. What the transaction changed before the PRAGMA was set
** still has to be committed.
*/
static void flush_query_only(struct sqa_vtab *vtab) {
    sqlite3 *db = vtab->connection->db;
    if (!is_query_only(vtab))
        (void)sqa_vtab_note(vtab, SQLITE_READONLY);
    if (sqa_vtab_execute(vtab, sqa_sql("PRAGMA query_only = 0")) != SQLITE_OK)
        return;
    (void)sqa_vtab_note(vtab, try_to_flush(vtab));
    (void)sqa_vtab_note(vtab, sqlite3_exec(db, "PRAGMA query_only = 1", NULL, NULL, NULL));
}

/* Returns true if there are unwritten changes or if the shadow tables are half written. */
static bool waits_for_flush(const struct sqa_vtab *vtab) {
    const struct sqa_memory *memory = vtab->memory;
    return !sqa_vtab_failed(vtab) && is_mine(vtab) && memory->state != SQA_MEMORY_CLOSED &&
           (memory->is_dirty || memory->state == SQA_MEMORY_HALF_WRITTEN);
}

int sqa_vtab_flush(struct sqa_vtab *vtab) {
    sqlite3 *db = vtab->connection->db;
    if (!waits_for_flush(vtab))
        return vtab->status;
    const int64_t token = sqa_shadow_verify(vtab);
    if (!sqa_vtab_failed(vtab) && token != vtab->token) { /* the table has been dropped */
        close_memory(vtab->memory, SQA_FORGET_ROLLED_BACK);
        return SQLITE_OK;
    }
    if (sqa_vtab_check_written(vtab) != SQLITE_OK)
        return vtab->status;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    const int rc = try_to_flush(vtab);
    if ((rc & 0xff) == SQLITE_READONLY)
        flush_query_only(vtab);
    else
        (void)sqa_vtab_note(vtab, rc);
    sqlite3_set_last_insert_rowid(db, last_insert);
    assert(sqa_vtab_failed(vtab) || !vtab->memory->is_dirty);
    return vtab->status;
}

/* ---- Rename, drop */

/*
** SQLite creates a new object for the new name. This object still gets the calls at the end of
** the transaction and those of statements that are reading the table, which fail.
*/
int sqa_vtab_rename(struct sqa_vtab *vtab, const char *name) {
    (void)sqa_vtab_enter_to_write(vtab);
    if (sqa_vtab_flush(vtab) != SQLITE_OK)
        return vtab->status;
    /* a module with mark() keeps memory, because ROLLBACK TO may undo what was written */
    if (vtab->form->mark == NULL)
        close_memory(vtab->memory, SQA_FORGET_ROLLED_BACK);
    sqa_vtab_finalize_statements(vtab);
    return sqa_shadow_rename(vtab, name);
}

int sqa_vtab_destroy(struct sqa_vtab *vtab) {
    sqa_vtab_finalize_statements(vtab);
    if (sqa_shadow_drop(vtab) == SQLITE_OK && is_mine(vtab))
        close_memory(vtab->memory, SQA_FORGET_ROLLED_BACK);
    return vtab->status;
}

/* ---- Methods */

/*
** Never fails, because dropping a damaged table begins with this call. Any other use of the table
** fails later.
*/
int sqa_vtab_begin(sqlite3_vtab *base) {
    struct sqa_vtab *vtab = (struct sqa_vtab *)base;
    const int outer = sqa_status_begin(vtab);
    (void)sqa_vtab_enter_to_write(vtab);
    const int rc = sqa_status_end(vtab, outer);
    return (rc & 0xff) == SQLITE_NOMEM || (rc & 0xff) == SQLITE_IOERR ? rc : SQLITE_OK;
}

int sqa_vtab_sync(sqlite3_vtab *base) {
    struct sqa_vtab *vtab = (struct sqa_vtab *)base;
    const int outer = sqa_status_begin(vtab);
    (void)sqa_vtab_flush(vtab);
    return sqa_status_end(vtab, outer);
}

int sqa_vtab_commit(sqlite3_vtab *base) {
    close_memory(((struct sqa_vtab *)base)->memory, SQA_FORGET_COMMITTED);
    return SQLITE_OK;
}

int sqa_vtab_rollback(sqlite3_vtab *base) {
    close_memory(((struct sqa_vtab *)base)->memory, SQA_FORGET_ROLLED_BACK);
    return SQLITE_OK;
}

/*
** If a sibling starts to write in the middle of a transaction, SQLite tells it of the innermost
** savepoint as if that began only then. If memory has already been marked or written for this
** savepoint, there is nothing to do.
*/
int sqa_vtab_savepoint(sqlite3_vtab *base, int savepoint) {
    struct sqa_vtab *vtab = (struct sqa_vtab *)base;
    struct sqa_memory *memory = vtab->memory;
    if (!is_mine(vtab) || memory->state == SQA_MEMORY_CLOSED ||
        (memory->savepoints < INT_MAX && savepoint < memory->savepoints))
        return SQLITE_OK;
    const int outer = sqa_status_begin(vtab);
    (void)sqa_vtab_note(vtab, vtab->form->mark != NULL ? vtab->form->mark(vtab, savepoint)
                                                       : sqa_vtab_flush(vtab));
    memory->savepoints = sqa_vtab_failed(vtab) ? savepoint : savepoint + 1;
    return sqa_status_end(vtab, outer);
}

int sqa_vtab_release(sqlite3_vtab *base, int savepoint) {
    struct sqa_vtab *vtab = (struct sqa_vtab *)base;
    if (is_mine(vtab) && vtab->memory->savepoints > savepoint && vtab->memory->savepoints < INT_MAX)
        vtab->memory->savepoints = savepoint;
    return SQLITE_OK;
}

/*
** If memory was neither marked nor written at the savepoint, it has not changed since: SQLite
** stops at the first table that fails to write at a savepoint, and rolls back all tables. At
** savepoints before the first change of the transaction memory was empty.
*/
int sqa_vtab_rollback_to(sqlite3_vtab *base, int savepoint) {
    struct sqa_vtab *vtab = (struct sqa_vtab *)base;
    struct sqa_memory *memory = vtab->memory;
    if (!is_mine(vtab) || memory->state == SQA_MEMORY_CLOSED || savepoint >= memory->savepoints)
        return SQLITE_OK;
    memory->form->forget(memory, savepoint);
    memory->state = SQA_MEMORY_OPEN;
    if (memory->savepoints < INT_MAX)
        memory->savepoints = savepoint + 1;
    memory->rollbacks++;
    memory->changes++;
    return SQLITE_OK;
}
