#include "store/update.h"

#include "store/array_rows.h"
#include "store/merge.h"
#include "store/row_values.h"
#include "store/rows.h"

SQLITE_EXTENSION_INIT3

/* Inserts a row, or as many rows as arrays have elements. The first value decides which. */
static void insert_values(struct sqa_store *store, sqlite3_value **argv, int64_t *rowid) {
    if (sqa_value_is_array(store, argv[2])) {
        sqa_arrays_insert(store, argv[1], argv + 2, rowid);
        return;
    }
    sqa_row_read(store, argv + 2);
    *rowid = sqa_row_insert(store, argv[1]);
}

static void run_command(struct sqa_store *store, sqlite3_value **argv) {
    const int columns = store->layout.columns;
    for (int i = 0; i < 2 + columns; i++) {
        if (sqlite3_value_type(argv[i]) != SQLITE_NULL)
            (void)sqa_vtab_fail(&store->base, SQLITE_ERROR,
                                "array_store: a command is inserted into the column %s alone",
                                store->layout.table);
    }
    const char *command = (const char *)sqlite3_value_text(argv[2 + columns]);
    if (sqa_vtab_enter_to_write(&store->base) == SQLITE_OK &&
        sqa_vtab_has_memory(&store->base, command != NULL))
        sqa_store_command(store, command);
}

int sqa_store_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid) {
    struct sqa_store *store = (struct sqa_store *)vtab;
    sqlite3 *db = store->base.connection->db;
    const int outer = sqa_status_begin(&store->base);
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    int64_t inserted = last_insert;
    if (!sqa_vtab_memory_is_current(&store->base) &&
        sqa_vtab_enter_to_write(&store->base) != SQLITE_OK)
        return sqa_status_end(&store->base, outer);
    if (argc == 1)
        sqa_row_delete(store, sqlite3_value_int64(argv[0]));
    else if (sqlite3_value_type(argv[2 + store->layout.columns]) != SQLITE_NULL)
        run_command(store, argv);
    else if (sqlite3_value_type(argv[0]) != SQLITE_NULL)
        sqa_row_update(store, argv);
    else
        insert_values(store, argv, &inserted);
    sqlite3_set_last_insert_rowid(db, last_insert); /* writing chunks has changed it */
    if (argc > 1)
        *rowid = inserted;
    return sqa_status_end(&store->base, outer);
}
