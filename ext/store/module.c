/*
** array_store: a table of integer columns kept as arrays.
**
**     CREATE VIRTUAL TABLE ticks USING array_store(ts, price, qty);
**     INSERT INTO ticks(ts, price, qty) VALUES (1, 100, 5);        -- a row
**     INSERT INTO ticks(ts, price, qty) VALUES (?1, ?2, ?3);       -- arrays of one length: as many rows
**     SELECT price, qty FROM ticks WHERE ts BETWEEN ?1 AND ?2;     -- rows; other chunks are not read
**     SELECT sum(array_dot(price, qty)) FROM ticks_chunks;         -- chunks, at vector speed
**     INSERT INTO ticks(ticks) VALUES ('optimize');                -- 'integrity-check', 'merge=N'
**
** store.h has the map of it.
*/
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sql/registry.h"
#include "store/integrity.h"
#include "store/open_chunk.h"
#include "store/planner.h"
#include "store/rows.h"
#include "store/store_cursor.h"

SQLITE_EXTENSION_INIT3

int sqa_store_fail(struct sqa_store *store, int rc, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    sqa_object_free(store->base.zErrMsg);
    store->base.zErrMsg = sqa_message("%s", text);
    return store->base.zErrMsg == NULL ? SQLITE_NOMEM : rc;
}

int sqa_store_corrupt(struct sqa_store *store, int64_t id, const char *what) {
    return sqa_store_fail(store, SQLITE_CORRUPT_VTAB, "array_store: chunk %lld of %s %s",
                          (long long)id, store->layout.table, what);
}

/* ---- The stores of a connection */

/* The first store of the connection from this one on that is another for the same tables, or NULL */
static struct sqa_store *find_twin(const struct sqa_store *store, struct sqa_store *from) {
    const struct sqa_layout *layout = &store->layout;
    while (from != NULL &&
           (from == store || sqlite3_stricmp(from->layout.schema, layout->schema) != 0 ||
            sqlite3_stricmp(from->layout.table, layout->table) != 0))
        from = from->next;
    return from;
}

static void enter_list(struct sqa_store *store) {
    struct sqa_connection *connection = store->connection;
    for (struct sqa_store *twin = connection->stores; (twin = find_twin(store, twin)) != NULL;
         twin = twin->next)
        store->has_twins = twin->has_twins = true;
    store->next = connection->stores;
    connection->stores = store;
}

static void leave_list(struct sqa_store *store) {
    struct sqa_store **at = &store->connection->stores;
    while (*at != NULL && *at != store)
        at = &(*at)->next;
    if (*at != NULL)
        *at = store->next;
}

int sqa_store_enter(struct sqa_store *store) {
    struct sqa_store *twin = store->has_twins ? store->connection->stores : NULL;
    store->has_twins = false;
    while ((twin = find_twin(store, twin)) != NULL) {
        const int rc = sqa_store_write(twin);
        store->has_twins = true;
        if (rc != SQLITE_OK) {
            sqa_object_free(store->base.zErrMsg);
            store->base.zErrMsg = twin->base.zErrMsg;
            twin->base.zErrMsg = NULL;
            return rc;
        }
        sqa_open_chunk_forget(twin);
        twin = twin->next;
    }
    return SQLITE_OK;
}

/* ---- Making and opening */

static void free_store(struct sqa_store *store) {
    leave_list(store);
    sqa_store_finalize(store);
    sqa_chunk_free(&store->open.chunk);
    sqa_layout_clear(&store->layout);
    sqa_object_free(store->totals.columns);
    sqa_object_free(store->columns);
    sqa_object_free(store->values);
    sqa_object_free(store->base.zErrMsg); /* of a failure whose message SQLite does not ask for */
    sqa_object_free(store);
}

/* Runs sql and frees it. */
static int execute(sqlite3 *db, char *sql) {
    const int rc = sql == NULL ? SQLITE_NOMEM : sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqa_object_free(sql);
    return rc;
}

static int create_table(const struct sqa_store *store, enum sqa_shadow shadow) {
    const struct sqa_layout *layout = &store->layout;
    char *columns = sqa_layout_columns(layout, shadow);
    char *sql = columns == NULL ? NULL
                                : sqa_sql("CREATE TABLE \"%w\".\"%w_%s\"%s", layout->schema,
                                          layout->table, sqa_shadow_names[shadow], columns);
    sqa_object_free(columns);
    return execute(store->connection->db, sql);
}

/* Creates the view NAME_chunks of a table that has this name, or will have it. */
static int create_view(const struct sqa_store *store, const char *table) {
    const struct sqa_layout *layout = &store->layout;
    char *select = sqa_layout_chunks(layout, table);
    char *sql = select == NULL ? NULL
                               : sqa_sql("CREATE VIEW \"%w\".\"%w_chunks\" AS %s", layout->schema,
                                         table, select);
    sqa_object_free(select);
    return execute(store->connection->db, sql);
}

static int create_tables(const struct sqa_store *store) {
    const struct sqa_layout *layout = &store->layout;
    sqlite3 *db = store->connection->db;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    int rc = SQLITE_OK;
    for (int i = 0; i < SQA_SHADOWS && rc == SQLITE_OK; i++)
        rc = create_table(store, (enum sqa_shadow)i);
    if (rc == SQLITE_OK)
        rc = create_view(store, layout->table);
    if (rc == SQLITE_OK)
        rc =
            execute(db, sqa_sql("INSERT INTO \"%w\".\"%w_config\" VALUES(%d, %lld)", layout->schema,
                                layout->table, SQA_STORE_VERSION, (long long)layout->chunk));
    sqlite3_set_last_insert_rowid(db, last_insert);
    return rc;
}

static int declare(const struct sqa_store *store) {
    sqlite3 *db = store->connection->db;
    char *columns = sqa_layout_declaration(&store->layout);
    char *sql = columns == NULL ? NULL : sqa_sql("CREATE TABLE x%s", columns);
    int rc = sql == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql);
    sqa_object_free(sql);
    sqa_object_free(columns);
    if (rc == SQLITE_OK)
        rc = sqlite3_vtab_config(db, SQLITE_VTAB_CONSTRAINT_SUPPORT, 1);
    if (rc == SQLITE_OK)
        rc = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    return rc;
}

/* xCreate where the tables are to be created, else xConnect. Reads nothing: a damaged one can be dropped. */
static int open_store(sqlite3 *db, void *connection, int argc, const char *const *argv, bool create,
                      sqlite3_vtab **vtab, char **error) {
    struct sqa_store *store = sqa_object_new(sizeof *store);
    if (store == NULL)
        return SQLITE_NOMEM;
    store->connection = connection;
    int rc = sqa_layout_read(&store->layout, argc, argv, error);
    const int columns = store->layout.columns;
    if (rc == SQLITE_OK) {
        store->chunk = store->layout.chunk;
        store->columns = sqa_object_new((size_t)columns * sizeof store->columns[0]);
        store->values = sqa_object_new((size_t)columns * sizeof store->values[0]);
        store->totals.columns =
            sqa_object_new((size_t)(columns + 1) * sizeof store->totals.columns[0]);
        if (store->columns == NULL || store->values == NULL || store->totals.columns == NULL ||
            !sqa_chunk_init(&store->open.chunk, store->connection->kernels, store->connection->pool,
                            columns))
            rc = SQLITE_NOMEM;
    }
    if (rc == SQLITE_OK && create) {
        rc = create_tables(store);
        if (rc != SQLITE_OK)
            *error = sqa_message("array_store: %s", sqlite3_errmsg(db));
    }
    if (rc == SQLITE_OK) {
        rc = declare(store);
        if (rc != SQLITE_OK)
            *error = sqa_message("array_store: %s", sqlite3_errmsg(db));
    }
    if (rc != SQLITE_OK) {
        free_store(store);
        return rc;
    }
    enter_list(store);
    *vtab = &store->base;
    return SQLITE_OK;
}

static int store_create(sqlite3 *db, void *connection, int argc, const char *const *argv,
                        sqlite3_vtab **vtab, char **error) {
    return open_store(db, connection, argc, argv, true, vtab, error);
}

static int store_connect(sqlite3 *db, void *connection, int argc, const char *const *argv,
                         sqlite3_vtab **vtab, char **error) {
    return open_store(db, connection, argc, argv, false, vtab, error);
}

static int store_disconnect(sqlite3_vtab *vtab) {
    free_store((struct sqa_store *)vtab);
    return SQLITE_OK;
}

/* The view is gone where somebody has dropped it before. */
static int drop_view(const struct sqa_store *store) {
    return execute(store->connection->db, sqa_sql("DROP VIEW IF EXISTS \"%w\".\"%w_chunks\"",
                                                  store->layout.schema, store->layout.table));
}

static int store_destroy(sqlite3_vtab *vtab) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const struct sqa_layout *layout = &store->layout;
    int rc = sqa_store_enter(store);
    sqa_open_chunk_forget(store);
    sqa_store_finalize(store);
    for (int i = 0; i < SQA_SHADOWS && rc == SQLITE_OK; i++)
        rc = execute(store->connection->db,
                     sqa_sql("DROP TABLE IF EXISTS \"%w\".\"%w_%s\"", layout->schema, layout->table,
                             sqa_shadow_names[i]));
    if (rc == SQLITE_OK)
        rc = drop_view(store);
    if (rc == SQLITE_OK)
        free_store(store);
    return rc;
}

/*
** Afterwards SQLite opens the table anew, by its new name: this one sees the transaction's end, and statements that
** have read a part of it. They cannot go on.
*/
static int store_rename(sqlite3_vtab *vtab, const char *name) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const struct sqa_layout *layout = &store->layout;
    int rc = sqa_store_enter(store);
    /* unreached: a failure, for ALTER begins with a savepoint, at which all is written */
    if (rc == SQLITE_OK)
        rc = sqa_open_chunk_flush(store);
    if (rc != SQLITE_OK) /* unreached: likewise */
        return rc;
    sqa_open_chunk_forget(store);
    sqa_store_finalize(store);
    store->renames++;
    for (struct sqa_store *twin = store->connection->stores;
         (twin = find_twin(store, twin)) != NULL; twin = twin->next)
        twin->renames++;
    rc = drop_view(store);
    for (int i = 0; i < SQA_SHADOWS && rc == SQLITE_OK; i++)
        rc = execute(store->connection->db,
                     sqa_sql("ALTER TABLE \"%w\".\"%w_%s\" RENAME TO \"%w_%s\"", layout->schema,
                             layout->table, sqa_shadow_names[i], name, sqa_shadow_names[i]));
    return rc == SQLITE_OK ? create_view(store, name) : rc;
}

/* ---- Transactions: what is in the open chunk is written, or forgotten. */

int sqa_store_write(struct sqa_store *store) {
    sqlite3 *db = store->connection->db;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    const int rc = sqa_open_chunk_flush(store);
    sqlite3_set_last_insert_rowid(db, last_insert);
    return rc;
}

static int write_open_chunk(sqlite3_vtab *vtab) {
    return sqa_store_write((struct sqa_store *)vtab);
}

static int forget_open_chunk(sqlite3_vtab *vtab) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    sqa_open_chunk_forget(store);
    store->half_written = false;
    store->savepoints = 0;
    store->rollbacks++;
    store->connection->store_changes++;
    return SQLITE_OK;
}

static int store_savepoint(sqlite3_vtab *vtab, int savepoint) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    const int rc = write_open_chunk(vtab);
    store->savepoints = rc == SQLITE_OK ? savepoint + 1 : savepoint;
    return rc;
}

static int store_release(sqlite3_vtab *vtab, int savepoint) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    if (store->savepoints > savepoint)
        store->savepoints = savepoint;
    return SQLITE_OK;
}

/*
** To a savepoint at which the open chunk was not written it is what it was then: SQLite stops at the first table that cannot
** write its own, and then rolls all of them back.
*/
static int store_rollback_to(sqlite3_vtab *vtab, int savepoint) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    if (savepoint >= store->savepoints)
        return SQLITE_OK;
    const int rc = forget_open_chunk(vtab);
    store->savepoints = savepoint + 1;
    return rc;
}

/* The view's name is reserved, too. */
static int store_shadow_name(const char *name) {
    bool is_ours = sqlite3_stricmp(name, "chunks") == 0;
    for (int i = 0; i < SQA_SHADOWS; i++)
        is_ours |= sqlite3_stricmp(name, sqa_shadow_names[i]) == 0;
    return is_ours;
}

/* ---- The module */

static int store_integrity(sqlite3_vtab *vtab, const char *schema, const char *table, int flags,
                           char **wrong) {
    (void)schema, (void)table, (void)flags;
    return sqa_store_integrity((struct sqa_store *)vtab, wrong);
}

const struct sqa_module module_store = {
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
            .xBegin = forget_open_chunk,
            .xSync = write_open_chunk,
            .xCommit = forget_open_chunk,
            .xRollback = forget_open_chunk,
            .xRename = store_rename,
            .xSavepoint = store_savepoint,
            .xRelease = store_release,
            .xRollbackTo = store_rollback_to,
            .xShadowName = store_shadow_name,
#if SQLITE_VERSION_NUMBER >= 3044000
            .xIntegrity = store_integrity,
#endif
        },
#if SQLITE_VERSION_NUMBER < 3044000
    .xIntegrity = store_integrity,
#endif
};
