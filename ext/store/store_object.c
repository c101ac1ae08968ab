#include "store/store_object.h"

#include <string.h>

#include "store/open_chunk.h"
#include "store/statements.h"

SQLITE_EXTENSION_INIT3

static char *store_shadow_columns(const struct sqa_vtab *vtab, int shadow) {
    return sqa_layout_columns(&((const struct sqa_store *)vtab)->layout, (enum sqa_shadow)shadow);
}

static bool store_options_are_sound(const struct sqa_vtab *vtab) {
    const int64_t chunk = sqa_chunk_limit((const struct sqa_store *)vtab);
    return chunk >= 1 && chunk <= SQA_CHUNK_MOST;
}

static const char *const options[] = {"chunk"};

const struct sqa_vtab_form sqa_store_form = {
    .module = "array_store",
    .version = SQA_STORE_VERSION,
    .shadows = sqa_shadow_names,
    .shadow_count = SQA_SHADOWS,
    .options = options,
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

int sqa_store_new(struct sqa_connection *connection, int argc, const char *const *argv,
                  const char *table, struct sqa_store **result, char **error) {
    enum { SCHEMA = 1, TABLE = 2 };
    const char **arguments = sqa_object_new((size_t)argc * sizeof arguments[0]);
    struct sqa_store *store = (struct sqa_store *)sqa_vtab_new(
        &sqa_store_form, sizeof *store, connection, argv[SCHEMA], table, strlen(table));
    int rc = arguments == NULL || store == NULL ? SQLITE_NOMEM : SQLITE_OK;
    if (rc == SQLITE_OK) {
        memcpy(arguments, argv, (size_t)argc * sizeof arguments[0]);
        arguments[TABLE] = table;
        rc = sqa_layout_read(&store->layout, argc, arguments, error);
    }
    if (rc == SQLITE_OK) {
        const size_t columns = (size_t)store->layout.columns;
        store->memory = (struct sqa_store_memory *)store->base.memory;
        store->base.options[0] = store->layout.chunk;
        store->columns = sqa_object_new(columns * sizeof store->columns[0]);
        store->values = sqa_object_new(columns * sizeof store->values[0]);
        if (store->columns == NULL || store->values == NULL)
            rc = SQLITE_NOMEM;
    }
    sqa_object_free(arguments);
    if (rc != SQLITE_OK && store != NULL)
        sqa_store_free(store);
    *result = store;
    return rc;
}

void sqa_store_free(struct sqa_store *store) {
    sqa_layout_clear(&store->layout);
    sqa_object_free(store->columns);
    sqa_object_free(store->values);
    sqa_vtab_free(&store->base);
}
