/*
** array_store: a table of integer columns that are stored as arrays.
**
**     CREATE VIRTUAL TABLE ticks USING array_store(ts, price, qty);
**     INSERT INTO ticks(ts, price, qty) VALUES (1, 100, 5);     -- a row
**     INSERT INTO ticks(ts, price, qty) VALUES (?1, ?2, ?3);    -- arrays: as many rows
**     SELECT price, qty FROM ticks WHERE ts BETWEEN ?1 AND ?2;  -- rows; other chunks are not read
**     SELECT sum(array_dot(price, qty)) FROM ticks_chunks;      -- chunks, at vector speed
**     INSERT INTO ticks(ticks) VALUES ('optimize');             -- 'integrity-check', 'merge=N'
**
** store.h describes how it is made.
*/
#include "sql/registry.h"
#include "store/integrity.h"
#include "store/planner.h"
#include "store/store_cursor.h"
#include "store/store_object.h"
#include "store/update.h"
#include "vtab/message.h"
#include "vtab/shadow.h"

SQLITE_EXTENSION_INIT3

static void declare_store(struct sqa_store *store) {
    char *columns = sqa_layout_declaration(&store->layout);
    char *sql = columns == NULL ? NULL : sqa_sql("CREATE TABLE x%s", columns);
    sqa_object_free(columns);
    sqa_store_declare(store, "array_store", sql);
    (void)sqa_vtab_note(&store->base, sqlite3_vtab_config(store->base.connection->db,
                                                          SQLITE_VTAB_CONSTRAINT_SUPPORT, 1));
}

/* Returns the arguments of the store, with which NAME_chunks is created. */
static char *arguments_of(int argc, const char *const *argv) {
    enum { FIRST = 3 };
    char *sql = sqa_sql("%s", argv[FIRST]);
    for (int i = FIRST + 1; i < argc; i++)
        sql = sqa_sql_add(sql, ", %s", argv[i]);
    return sql;
}

/*
** Creates the shadow tables. Then begins to write, because SQLite may not call xBegin for this
** object in the transaction that creates it.
*/
static void create_store_tables(struct sqa_store *store, int argc, const char *const *argv) {
    char *arguments = arguments_of(argc, argv);
    if (sqa_vtab_has_memory(&store->base, arguments != NULL))
        (void)sqa_shadow_create(&store->base, arguments);
    sqa_object_free(arguments);
    if (sqa_vtab_enter_to_write(&store->base) != SQLITE_OK)
        sqa_store_explain(store, "array_store");
}

static int open_store(void *connection, int argc, const char *const *argv, bool create,
                      sqlite3_vtab **vtab, char **error) {
    enum { TABLE = 2 };
    struct sqa_store *store;
    const int rc = sqa_store_new(connection, argc, argv, argv[TABLE], &store, error);
    if (rc != SQLITE_OK)
        return rc;
    if (create)
        create_store_tables(store, argc, argv);
    declare_store(store);
    return sqa_store_finish(store, vtab, error);
}

static int store_create(sqlite3 *db, void *connection, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    (void)db;
    return open_store(connection, argc, argv, true, vtab, error);
}

/* Reads nothing, so that a damaged table can be dropped. */
static int store_connect(sqlite3 *db, void *connection, int argc, const char *const *argv,
                         sqlite3_vtab **vtab, char **error) {
    (void)db;
    return open_store(connection, argc, argv, false, vtab, error);
}

static int store_disconnect(sqlite3_vtab *vtab) {
    sqa_store_free((struct sqa_store *)vtab);
    return SQLITE_OK;
}

static int store_destroy(sqlite3_vtab *vtab) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const int outer = sqa_status_begin(&store->base);
    (void)sqa_vtab_destroy(&store->base);
    const int rc = sqa_status_end(&store->base, outer);
    return rc == SQLITE_OK ? store_disconnect(vtab) : rc;
}

static int store_rename(sqlite3_vtab *vtab, const char *name) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    char *error = NULL;
    const int outer = sqa_status_begin(&store->base);
    const int rc = sqa_layout_check(&store->layout, name, &error);
    if (rc != SQLITE_OK)
        (void)sqa_vtab_note(&store->base, sqa_vtab_message(vtab, rc, error));
    (void)sqa_vtab_rename(&store->base, name);
    return sqa_status_end(&store->base, outer);
}

static int store_shadow_name(const char *name) {
    return sqa_shadow_is_name(&sqa_store_form, name);
}

static int store_integrity(sqlite3_vtab *vtab, const char *schema, const char *table, int flags,
                           char **wrong) {
    (void)schema, (void)table, (void)flags;
    return sqa_store_integrity((struct sqa_store *)vtab, wrong);
}

const struct sqa_module sqa_module_store = {
    .base =
        {
            .iVersion = 4,
            .xCreate = store_create,
            .xConnect = store_connect,
            .xBestIndex = sqa_store_best_index,
            .xDisconnect = store_disconnect,
            .xDestroy = store_destroy,
            .xOpen = sqa_store_cursor_open,
            .xClose = sqa_store_cursor_close,
            .xFilter = sqa_store_cursor_filter,
            .xNext = sqa_store_cursor_next,
            .xEof = sqa_store_cursor_eof,
            .xColumn = sqa_store_cursor_column,
            .xRowid = sqa_store_cursor_rowid,
            .xUpdate = sqa_store_update,
            .xBegin = sqa_vtab_begin,
            .xSync = sqa_vtab_sync,
            .xCommit = sqa_vtab_commit,
            .xRollback = sqa_vtab_rollback,
            .xRename = store_rename,
            .xSavepoint = sqa_vtab_savepoint,
            .xRelease = sqa_vtab_release,
            .xRollbackTo = sqa_vtab_rollback_to,
            .xShadowName = store_shadow_name,
#if SQLITE_VERSION_NUMBER >= 3044000
            .xIntegrity = store_integrity,
#endif
        },
#if SQLITE_VERSION_NUMBER < 3044000
    .xIntegrity = store_integrity,
#endif
};
