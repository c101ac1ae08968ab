#include "store/row_values.h"

#include <string.h>

#include "sql/arguments.h"
#include "sql/call.h"

SQLITE_EXTENSION_INIT3

static const char *stored_column_name(const struct sqa_store *store, int column) {
    return store->layout.names[column];
}

/*
** If the conflict clause ignores the violation, no message is stored, because SQLite would show it
** for another failure.
*/
void sqa_store_violates(struct sqa_store *store, const char *constraint, const char *column) {
    if (sqlite3_vtab_on_conflict(store->base.connection->db) == SQLITE_IGNORE)
        (void)sqa_vtab_note(&store->base, SQLITE_CONSTRAINT);
    else
        (void)sqa_vtab_fail(&store->base, SQLITE_CONSTRAINT, "%s constraint failed: %s.%s",
                            constraint, store->layout.table, column);
}

static void violates_not_null(struct sqa_store *store, int column) {
    sqa_store_violates(store, "NOT NULL", stored_column_name(store, column));
}

/* ---- Integers */

bool sqa_value_is_array(struct sqa_store *store, sqlite3_value *value) {
    const int type = sqlite3_value_type(value);
    if (type != SQLITE_TEXT)
        return type == SQLITE_BLOB;
    const char *text = (const char *)sqlite3_value_text(value);
    if (!sqa_vtab_has_memory(&store->base, text != NULL))
        return false;
    text += strspn(text, " \t\n\v\f\r");
    return *text == '[' || *text == '{';
}

/* Fails because the first column is an integer and this one an array, or the reverse. */
static void not_alike(struct sqa_store *store, int column, sqlite3_value *value, const char *kind) {
    (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                        "array_store: %s.%s is not %s, as %s.%s is (%s given)", store->layout.table,
                        stored_column_name(store, column), kind, store->layout.table,
                        stored_column_name(store, 0), sqa_type_name(value));
}

/* Fails because the value is not an integer. It is shown as text in these quotes. */
static void no_integer(struct sqa_store *store, int column, sqlite3_value *value,
                       const char *quote) {
    const char *text = (const char *)sqlite3_value_text(value);
    if (sqa_vtab_has_memory(&store->base, text != NULL))
        (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                            "array_store: %s.%s is not an integer (%s%.*s%s given)",
                            store->layout.table, stored_column_name(store, column), quote,
                            sqa_excerpt(text, 40), text, quote);
}

void sqa_value_read(struct sqa_store *store, int column, sqlite3_value *value, int64_t *x) {
    switch (sqlite3_value_numeric_type(value)) {
    case SQLITE_INTEGER:
        *x = sqlite3_value_int64(value);
        break;
    case SQLITE_FLOAT:
        /* smaller integers become -2^63, so a table refuses it, and so does this */
        if (!sqa_whole(sqlite3_value_double(value), x) || *x == INT64_MIN)
            no_integer(store, column, value, "");
        break;
    case SQLITE_TEXT:
        no_integer(store, column, value, "'");
        break;
    case SQLITE_NULL:
        violates_not_null(store, column);
        break;
    default:
        (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                            "array_store: %s.%s is not an integer (%s given)", store->layout.table,
                            stored_column_name(store, column), sqa_type_name(value));
    }
}

void sqa_row_read(struct sqa_store *store, sqlite3_value **argv) {
    for (int c = 0; c < store->layout.columns; c++) {
        if (sqlite3_value_type(argv[c]) == SQLITE_INTEGER) {
            store->values[c] = sqlite3_value_int64(argv[c]);
            continue;
        }
        if (sqa_value_is_array(store, argv[c])) /* the first is none */
            not_alike(store, c, argv[c], "an integer");
        sqa_value_read(store, c, argv[c], &store->values[c]);
    }
}

int64_t sqa_rowid_read(struct sqa_store *store, sqlite3_value *value) {
    const int type = sqlite3_value_numeric_type(value);
    int64_t rowid = sqlite3_value_int64(value);
    if (type != SQLITE_INTEGER &&
        !(type == SQLITE_FLOAT && sqa_whole(sqlite3_value_double(value), &rowid)))
        (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                            "array_store: the rowid of %s is not an integer (%s given)",
                            store->layout.table, sqa_type_name(value));
    return rowid;
}

/* ---- Arrays */

/*
** Makes a column of an array, which `owned` contains if it is not NULL. A plain array is not
** copied. Returns false when out of memory.
*/
static bool column_of_array(struct sqa_store *store, const struct sqa_array *array, void *owned,
                            struct sqa_column *column) {
    const struct sqa_connection *connection = store->base.connection;
    struct sqa_view view;
    if (!sqa_array_is_plain(
            array, &view)) /* a packed BLOB; then `owned` is NULL, which is only used for text */
        return sqa_column_unpack(connection->kernels, connection->pool, array, column);
    *column = sqa_column_of_view(&view);
    column->size = sqa_blob_size(view.count, view.width);
    column->owned = owned;
    return true;
}

/* Reads the array of a column. */
static void read_stored_array(struct sqa_store *store, int c, sqlite3_value *value,
                              struct sqa_column *column) {
    char why[200];
    struct sqa_array array;
    void *owned = NULL;
    if (sqlite3_value_type(value) == SQLITE_NULL)
        violates_not_null(store, c);
    else if (!sqa_value_is_array(store, value)) /* the first is one */
        not_alike(store, c, value, "an array");
    if (sqa_vtab_failed(&store->base))
        return;
    switch (sqa_value_array(store->base.connection, value, &array, &owned, why, sizeof why)) {
    case SQA_OK:
        (void)sqa_vtab_has_memory(&store->base, column_of_array(store, &array, owned, column));
        break;
    case SQA_NOMEM:
        (void)sqa_vtab_note(&store->base, SQLITE_NOMEM);
        break;
    case SQA_INTERRUPT:
        (void)sqa_vtab_note(&store->base, SQLITE_INTERRUPT);
        break;
    default:
        (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH, "array_store: %s.%s%s",
                            store->layout.table, stored_column_name(store, c), why);
    }
}

void sqa_arrays_read(struct sqa_store *store, sqlite3_value **argv, struct sqa_rows *rows) {
    const int columns = store->layout.columns;
    *rows = (struct sqa_rows){.rowids = sqa_column_empty()};
    rows->columns = sqa_vtab_object(&store->base, (size_t)columns * sizeof rows->columns[0]);
    for (int c = 0; c < columns && !sqa_vtab_failed(&store->base); c++) {
        struct sqa_column *column = &rows->columns[c];
        read_stored_array(store, c, argv[c], column);
        rows->n = rows->columns[0].view.count;
        if (column->view.count != rows->n)
            (void)sqa_vtab_fail(&store->base, SQLITE_MISMATCH,
                                "array_store: length mismatch: %lld in %s.%s and %lld in %s.%s",
                                (long long)rows->n, store->layout.table,
                                stored_column_name(store, 0), (long long)column->view.count,
                                store->layout.table, stored_column_name(store, c));
    }
}

void sqa_arrays_free(struct sqa_store *store, struct sqa_rows *rows) {
    if (rows->columns != NULL)
        sqa_rows_give(rows, store->layout.columns);
    sqa_object_free(rows->columns);
}
