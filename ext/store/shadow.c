#include <string.h>

#include "store/store.h"

SQLITE_EXTENSION_INIT3

static const char *schema_of(const struct sqa_store *store) {
    return store->layout.schema;
}
static const char *table_of(const struct sqa_store *store) {
    return store->layout.table;
}

/* What sqa_store_head() reads; a chunk that is not where its first rowid says has none. */
#define HEAD "SELECT CASE WHEN first IS id THEN first END, last, n"

/* " FROM schema.NAME_chunks" behind sql */
static char *from_chunks(const struct sqa_store *store, char *sql) {
    return sqa_sql_add(sql, " FROM \"%w\".\"%w_chunks\"", schema_of(store), table_of(store));
}

static char *sql_fetch(const struct sqa_store *store) {
    char *sql = sqa_sql("SELECT rowids");
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", CASE WHEN ?2 & %lld THEN \"%w\" END",
                          (long long)sqa_column_bit(c), store->layout.names[c]);
    return sqa_sql_add(from_chunks(store, sql), " WHERE id = ?1");
}

static char *sql_walk(const struct sqa_store *store, const char *order) {
    char *sql = sqa_sql(HEAD);
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", \"%w_min\", \"%w_max\"", store->layout.names[c],
                          store->layout.names[c]);
    sql = from_chunks(store, sql);
    sql = from_chunks(store, sqa_sql_add(sql, " WHERE id >= ifnull((SELECT max(id)"));
    return sqa_sql_add(sql, " WHERE id <= ?1), ?1) AND id <= ?2 ORDER BY id %s", order);
}

static char *sql_save(const struct sqa_store *store) {
    char *sql = sqa_sql("REPLACE INTO \"%w\".\"%w_chunks\" VALUES(?1, ?1", schema_of(store),
                        table_of(store));
    for (int i = 0; i < 3 + 3 * store->layout.columns; i++) /* last, n, rowids; three a column */
        sql = sqa_sql_add(sql, ", ?%d", i + 2);
    return sqa_sql_add(sql, ")");
}

static char *sql_totals(const struct sqa_store *store) {
    char *sql = sqa_sql("SELECT count(*), sum(n), min(first), max(last), avg(last - first)");
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", min(\"%w_min\"), max(\"%w_max\"), avg(\"%w_max\" - \"%w_min\")",
                          store->layout.names[c], store->layout.names[c], store->layout.names[c],
                          store->layout.names[c]);
    return from_chunks(store, sql);
}

static char *sql_of(const struct sqa_store *store, enum sqa_statement which) {
    switch (which) {
    case SQA_STATEMENT_BEFORE:
        return sqa_sql_add(from_chunks(store, sqa_sql(HEAD)), " WHERE id <= ?1 ORDER BY id DESC");
    case SQA_STATEMENT_FROM:
        return sqa_sql_add(from_chunks(store, sqa_sql(HEAD)), " WHERE id >= ?1 ORDER BY id");
    case SQA_STATEMENT_FETCH:
        return sql_fetch(store);
    case SQA_STATEMENT_SAVE:
        return sql_save(store);
    case SQA_STATEMENT_REMOVE:
        return sqa_sql_add(from_chunks(store, sqa_sql("DELETE")), " WHERE id BETWEEN ?1 AND ?2");
    case SQA_STATEMENT_WALK:
        return sql_walk(store, "");
    case SQA_STATEMENT_WALK_BACK:
        return sql_walk(store, "DESC");
    case SQA_STATEMENT_TOTALS:
        return sql_totals(store);
    case SQA_STATEMENT_TEMP_SCHEMA:
        return sqa_sql("PRAGMA temp.schema_version");
    default:
        return sqa_sql("PRAGMA \"%w\".schema_version", schema_of(store));
    }
}

/* Prepares and frees sql. */
static int prepare(struct sqa_store *store, char *sql, sqlite3_stmt **statement) {
    if (sql == NULL)
        return SQLITE_NOMEM;
    const int rc =
        sqlite3_prepare_v3(store->connection->db, sql, -1,
                           SQLITE_PREPARE_PERSISTENT | SQLITE_PREPARE_NO_VTAB, statement, NULL);
    sqa_object_free(sql);
    return rc;
}

int sqa_store_prepare(struct sqa_store *store, enum sqa_statement which, sqlite3_stmt **statement) {
    *statement = store->statements[which];
    store->statements[which] = NULL;
    return *statement != NULL ? SQLITE_OK : prepare(store, sql_of(store, which), statement);
}

int sqa_store_statement(struct sqa_store *store, enum sqa_statement which,
                        sqlite3_stmt **statement) {
    int rc = SQLITE_OK;
    if (store->statements[which] == NULL)
        rc = prepare(store, sql_of(store, which), &store->statements[which]);
    *statement = store->statements[which];
    return rc;
}

void sqa_store_finalize(struct sqa_store *store) {
    for (int i = 0; i < SQA_STATEMENTS; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
}

int sqa_store_run(sqlite3_stmt *statement) {
    (void)sqlite3_step(statement);
    return sqlite3_reset(statement);
}

/* ---- Are the tables those that this library makes? */

static int wrong_table(struct sqa_store *store, const char *which, const char *how) {
    return sqa_store_fail(store, SQLITE_CORRUPT_VTAB, "array_store: %s%s %s", table_of(store),
                          which, how);
}

static bool ends_with(const char *text, const char *end) {
    const size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

/*
** One of the two tables: NAME`which` is in the schema, with these columns and nothing else, and nothing
** belongs to it: what a trigger or an index does would become part of our writing.
*/
static int check_table(struct sqa_store *store, const char *which, char *columns) {
    sqlite3_stmt *schema = NULL;
    bool found = false, wrong = false;
    int rc =
        columns == NULL
            ? SQLITE_NOMEM
            : prepare(store,
                      sqa_sql("SELECT type, sql FROM \"%w\".sqlite_master "
                              "WHERE tbl_name = '%q%q' COLLATE NOCASE "
                              "UNION SELECT type, sql FROM temp.sqlite_master "
                              "WHERE tbl_name = '%q%q' COLLATE NOCASE "
                              "AND type = 'trigger'",
                              schema_of(store), table_of(store), which, table_of(store), which),
                      &schema);
    while (rc == SQLITE_OK && sqlite3_step(schema) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(schema, 0);
        const char *sql = (const char *)sqlite3_column_text(schema, 1);
        if (type != NULL && sql != NULL && strcmp(type, "table") == 0 && ends_with(sql, columns))
            found = true;
        else
            wrong = true;
    }
    const int end = sqlite3_finalize(schema);
    sqa_object_free(columns);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && (wrong || !found))
        rc = wrong_table(store, which, "is not the table that array_store made");
    return rc;
}

static int read_config(struct sqa_store *store) {
    sqlite3_stmt *config;
    int64_t version = 0, chunk = 0;
    int rc = prepare(store,
                     sqa_sql("SELECT version, chunk FROM \"%w\".\"%w_config\"", schema_of(store),
                             table_of(store)),
                     &config);
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(config) == SQLITE_ROW) {
        version = sqlite3_column_int64(config, 0);
        chunk = sqlite3_column_int64(config, 1);
    }
    rc = sqlite3_finalize(config);
    if (rc != SQLITE_OK)
        return rc;
    if (version > SQA_STORE_VERSION)
        return sqa_store_fail(store, SQLITE_ERROR,
                              "array_store: %s has format %lld, this library reads up to %d",
                              table_of(store), (long long)version, SQA_STORE_VERSION);
    if (version < 1 || chunk < 1 || chunk > SQA_CHUNK_MOST)
        return wrong_table(store, "_config", "is damaged");
    store->chunk = chunk;
    return SQLITE_OK;
}

/* The number of a schema, which every change of it changes */
static int schema_number(struct sqa_store *store, enum sqa_statement which, int64_t *number) {
    sqlite3_stmt *schema;
    const int rc = sqa_store_statement(store, which, &schema);
    if (rc != SQLITE_OK)
        return rc;
    *number = sqlite3_step(schema) == SQLITE_ROW ? sqlite3_column_int64(schema, 0) : 0;
    return sqlite3_reset(schema);
}

int sqa_store_check(struct sqa_store *store) {
    int64_t number, temp;
    int rc = schema_number(store, SQA_STATEMENT_SCHEMA, &number);
    if (rc == SQLITE_OK)
        rc = schema_number(store, SQA_STATEMENT_TEMP_SCHEMA, &temp); /* it may have triggers */
    if (rc != SQLITE_OK ||
        (store->checked && store->schema_number == number && store->temp_number == temp))
        return rc;
    store->checked = false;
    rc = check_table(store, "_chunks", sqa_layout_chunks(&store->layout));
    if (rc == SQLITE_OK)
        rc = check_table(store, "_config", sqa_layout_config());
    if (rc == SQLITE_OK)
        rc = read_config(store);
    store->checked = rc == SQLITE_OK;
    store->schema_number = number;
    store->temp_number = temp;
    return rc;
}

/* ---- Chunks */

int sqa_store_head(struct sqa_store *store, sqlite3_stmt *row, struct sqa_head *head) {
    *head = (struct sqa_head){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                              sqlite3_column_int64(row, 2)};
    for (int i = 0; i < 3; i++) {
        if (sqlite3_column_type(row, i) != SQLITE_INTEGER)
            return sqa_store_corrupt(store, head->first, "has no sound first, last and n");
    }
    if (head->n < 1 || head->n > store->chunk || head->last < head->first ||
        (uint64_t)head->last - (uint64_t)head->first < (uint64_t)head->n - 1)
        return sqa_store_corrupt(store, head->first, "has impossible first, last and n");
    return SQLITE_OK;
}

int sqa_store_find(struct sqa_store *store, enum sqa_statement which, int64_t rowid,
                   struct sqa_head *head, bool *found) {
    sqlite3_stmt *find;
    int rc = sqa_store_statement(store, which, &find);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(find, 1, rowid);
    *found = sqlite3_step(find) == SQLITE_ROW;
    if (*found)
        rc = sqa_store_head(store, find, head);
    const int end = sqlite3_reset(find);
    return rc != SQLITE_OK ? rc : end;
}

/* The array in a column of a row; it has n elements. */
static int column_array(struct sqa_store *store, sqlite3_stmt *row, int column,
                        const struct sqa_head *head, struct sqa_view *view) {
    struct sqa_error error;
    const void *blob = sqlite3_column_blob(row, column);
    const size_t size = (size_t)sqlite3_column_bytes(row, column);
    if (blob == NULL && sqlite3_errcode(store->connection->db) == SQLITE_NOMEM)
        return SQLITE_NOMEM;
    if (sqlite3_column_type(row, column) != SQLITE_BLOB || blob == NULL ||
        sqa_blob_view(blob, size, view, &error) != SQA_OK)
        return sqa_store_corrupt(store, head->first, "has a column that is no array");
    if ((int64_t)view->count != head->n)
        return sqa_store_corrupt(store, head->first, "has a column of another length");
    return SQLITE_OK;
}

/* Rowids, where they stand in the row, are ascending and those of the head. */
static int column_rowids(struct sqa_store *store, sqlite3_stmt *row, const struct sqa_head *head,
                         struct sqa_rows *rows) {
    const bool dense = (uint64_t)head->last - (uint64_t)head->first == (uint64_t)head->n - 1;
    if (sqlite3_column_type(row, 0) == SQLITE_NULL)
        return dense ? SQLITE_OK : sqa_store_corrupt(store, head->first, "has no rowids");
    const int rc = column_array(store, row, 0, head, &rows->rowids);
    if (rc != SQLITE_OK)
        return rc;
    const struct sqa_kernels *kernels = store->connection->kernels;
    const struct sqa_view *rowids = &rows->rowids;
    if (sqa_view_get(rowids, 0) != head->first ||
        sqa_view_get(rowids, rowids->count - 1) != head->last ||
        kernels->ascending[sqa_width_index(rowids->width)](rowids->data, rowids->count) !=
            rowids->count)
        return sqa_store_corrupt(store, head->first, "has other rowids than it says");
    return SQLITE_OK;
}

int sqa_store_fetch(struct sqa_store *store, sqlite3_stmt *fetch, const struct sqa_head *head,
                    uint64_t mask, struct sqa_rows *rows) {
    rows->n = (size_t)head->n;
    rows->first = head->first;
    rows->rowids = sqa_view_empty();
    sqlite3_bind_int64(fetch, 1, head->first);
    sqlite3_bind_int64(fetch, 2, (int64_t)mask);
    int rc = sqlite3_step(fetch);
    if (rc != SQLITE_ROW) {
        rc = sqlite3_reset(fetch);
        return rc != SQLITE_OK ? rc
                               : sqa_store_corrupt(store, head->first, "is not where it begins");
    }
    rc = column_rowids(store, fetch, head, rows);
    for (int c = 0; c < store->layout.columns && rc == SQLITE_OK; c++) {
        if (mask & sqa_column_bit(c))
            rc = column_array(store, fetch, c + 1, head, &rows->columns[c]);
    }
    return rc;
}

/* ---- Writing */

/* A column as it is written: an array blob, its figures, and the memory it stands in if it is a copy. */
struct encoded {
    const void *blob;
    uint64_t size;
    int64_t min, max;
    void *owned;
};

/*
** Encodes elements of any width, at an aligned address: the codec of the store is chosen here, and is plain.
** What is an array in its narrowest width already (is_array: a header stands before it) is not copied.
*/
static int encode(struct sqa_store *store, const struct sqa_view *view, bool is_array,
                  struct encoded *e) {
    const struct sqa_kernels *kernels = store->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    e->min = kernels->min[index](view->data, view->count);
    e->max = kernels->max[index](view->data, view->count);
    const unsigned width = sqa_sig_width(sqa_sig(e->min) | sqa_sig(e->max));
    e->size = sqa_blob_size(view->count, width);
    e->owned = NULL;
    if (is_array && width == view->width) {
        e->blob = view->data - SQA_HEADER;
        return SQLITE_OK;
    }
    unsigned char *blob = sqa_pool_take(store->connection->pool, e->size);
    if (blob == NULL)
        return SQLITE_NOMEM;
    sqa_blob_header(blob, view->count, width);
    sqa_view_copy(kernels, view, 0, view->count, blob + SQA_HEADER, width);
    e->blob = e->owned = blob;
    return SQLITE_OK;
}

int sqa_store_save(struct sqa_store *store, const struct sqa_rows *rows) {
    enum { FIRST = 1, LAST, N, FIGURES };
    const int columns = store->layout.columns, rowids = FIGURES + 2 * columns;
    sqlite3_stmt *save;
    int rc = sqa_store_statement(store, SQA_STATEMENT_SAVE, &save);
    if (rc != SQLITE_OK)
        return rc;
    void **owned = sqa_object_new((size_t)(columns + 1) * sizeof owned[0]);
    if (owned == NULL)
        return SQLITE_NOMEM;
    struct encoded e;
    sqlite3_bind_int64(save, FIRST, rows->first);
    sqlite3_bind_int64(save, LAST, sqa_rows_rowid(rows, rows->n - 1));
    sqlite3_bind_int64(save, N, (int64_t)rows->n);
    if (!sqa_rows_dense(rows)) {
        rc = encode(store, &rows->rowids, false, &e);
        if (rc == SQLITE_OK) {
            owned[columns] = e.owned;
            rc = sqlite3_bind_blob64(save, rowids, e.blob, e.size, SQLITE_STATIC);
        }
    }
    for (int c = 0; c < columns && rc == SQLITE_OK; c++) {
        rc = encode(store, &rows->columns[c], rows->are_arrays, &e);
        if (rc != SQLITE_OK)
            break;
        owned[c] = e.owned;
        sqlite3_bind_int64(save, FIGURES + 2 * c, e.min);
        sqlite3_bind_int64(save, FIGURES + 2 * c + 1, e.max);
        rc = sqlite3_bind_blob64(save, rowids + 1 + c, e.blob, e.size, SQLITE_STATIC);
    }
    if (rc == SQLITE_OK)
        rc = sqa_store_run(save);
    store->totals.known = false;
    store->writes++;
    sqlite3_clear_bindings(save);
    for (int c = 0; c <= columns; c++)
        sqa_pool_give(owned[c]);
    sqa_object_free(owned);
    return rc;
}

int sqa_store_remove(struct sqa_store *store, int64_t first_id, int64_t last_id) {
    sqlite3_stmt *remove;
    const int rc = sqa_store_statement(store, SQA_STATEMENT_REMOVE, &remove);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_bind_int64(remove, 1, first_id);
    sqlite3_bind_int64(remove, 2, last_id);
    store->writes++;
    return sqa_store_run(remove);
}
