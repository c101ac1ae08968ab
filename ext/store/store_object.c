#include "store/store_object.h"

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

/* Allocates what depends on the number of columns. Returns false when out of memory. */
static bool make_columns_of_store(struct sqa_store *store) {
    const size_t columns = (size_t)store->layout.columns;
    store->columns = sqa_object_new(columns * sizeof store->columns[0]);
    store->values = sqa_object_new(columns * sizeof store->values[0]);
    return store->columns != NULL && store->values != NULL;
}

int sqa_store_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *table, struct sqa_store **result, char **error) {
    struct sqa_layout layout;
    struct sqa_store *store = NULL;
    *result = NULL;
    const int rc = sqa_layout_read(&layout, table, argc, argv, error);
    if (rc == SQLITE_OK)
        store = (struct sqa_store *)sqa_vtab_new(&sqa_store_form, sizeof *store, connection,
                                                 layout.schema, table, layout.columns);
    if (store == NULL) {
        sqa_layout_clear(&layout);
        return rc == SQLITE_OK ? SQLITE_NOMEM : rc;
    }
    store->layout = layout;
    store->memory = (struct sqa_store_memory *)store->base.memory;
    store->base.options[0] = layout.chunk;
    if (!make_columns_of_store(store)) {
        sqa_store_free(store);
        return SQLITE_NOMEM;
    }
    *result = store;
    return SQLITE_OK;
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
