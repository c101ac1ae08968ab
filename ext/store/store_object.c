#include "store/store_object.h"

#include <string.h>

#include "store/open_chunk_write.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

static char *store_shadow_columns(const struct sqa_vtab *vtab, int shadow) {
    return sqa_layout_columns(&((const struct sqa_store *)vtab)->layout, (enum sqa_shadow)shadow);
}

static bool store_options_are_sound(const struct sqa_vtab *vtab) {
    const int64_t chunk = sqa_chunk_limit((const struct sqa_store *)vtab);
    return chunk >= 1 && chunk <= SQA_CHUNK_MOST;
}

static const char *const store_options[] = {"chunk"};

const struct sqa_vtab_form sqa_store_form = {
    .module = "array_store",
    .version = SQA_STORE_VERSION,
    .shadows = sqa_shadow_names,
    .shadow_count = SQA_SHADOWS,
    .options = store_options,
    .option_count = 1,
    .companion = "chunks",
    .companion_module = "array_store_chunks",
    .statements = SQA_STATEMENTS,
    .memory_size = sizeof(struct sqa_store_memory),
    .columns = store_shadow_columns,
    .sql = sqa_store_sql,
    .options_are_sound = store_options_are_sound,
    .adopt = sqa_open_chunk_adopt,
    .flush = sqa_open_chunk_flush,
    .forget = sqa_open_chunk_rolled_back,
    .clear = sqa_open_chunk_clear,
};

/*
** Reads the arguments, with `table` in place of the name among them, and makes what depends on the
** number of columns.
*/
static int read_arguments(struct sqa_store *store, int argc, const char *const *argv,
                          const char *table, char **error) {
    enum { TABLE = 2 };
    struct sqa_vtab *vtab = &store->base;
    const char **arguments = sqa_vtab_object(vtab, (size_t)argc * sizeof arguments[0]);
    if (arguments == NULL)
        return vtab->status;
    memcpy(arguments, argv, (size_t)argc * sizeof arguments[0]);
    arguments[TABLE] = table;
    (void)sqa_vtab_note(vtab, sqa_layout_read(&store->layout, argc, arguments, error));
    sqa_object_free(arguments);
    const size_t columns = (size_t)store->layout.columns;
    store->memory = (struct sqa_store_memory *)vtab->memory;
    vtab->options[0] = store->layout.chunk;
    store->columns = sqa_vtab_object(vtab, columns * sizeof store->columns[0]);
    store->values = sqa_vtab_object(vtab, columns * sizeof store->values[0]);
    return vtab->status;
}

int sqa_store_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *table, struct sqa_store **result, char **error) {
    enum { SCHEMA = 1 };
    struct sqa_store *store = (struct sqa_store *)sqa_vtab_new(
        &sqa_store_form, sizeof *store, connection, argv[SCHEMA], table, strlen(table));
    if (store == NULL)
        return SQLITE_NOMEM;
    const int rc = read_arguments(store, argc, argv, table, error);
    if (rc != SQLITE_OK)
        sqa_store_free(store);
    *result = rc == SQLITE_OK ? store : NULL;
    return rc;
}

void sqa_store_explain(struct sqa_store *store, const char *module) {
    if (store->base.status != SQLITE_NOMEM)
        (void)sqa_vtab_explain(&store->base, "%s: %s", module,
                               sqlite3_errmsg(store->base.connection->db));
}

void sqa_store_declare(struct sqa_store *store, const char *module, char *sql) {
    struct sqa_vtab *vtab = &store->base;
    sqlite3 *db = vtab->connection->db;
    if (sqa_vtab_has_memory(vtab, sql != NULL) &&
        (sqa_vtab_note(vtab, sqlite3_declare_vtab(db, sql)) != SQLITE_OK ||
         sqa_vtab_note(vtab, sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS)) != SQLITE_OK))
        sqa_store_explain(store, module);
    sqa_object_free(sql);
}

int sqa_store_finish(struct sqa_store *store, sqlite3_vtab **vtab, char **error) {
    if (!sqa_vtab_failed(&store->base)) {
        *vtab = &store->base.base;
        return SQLITE_OK;
    }
    const int status = sqa_vtab_refuse(&store->base, error);
    sqa_store_free(store);
    return status;
}

void sqa_store_free(struct sqa_store *store) {
    sqa_layout_clear(&store->layout);
    sqa_object_free(store->columns);
    sqa_object_free(store->values);
    sqa_vtab_free(&store->base);
}
