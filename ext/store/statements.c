/*
** The shadow tables: the statements for them, and whether they are those that this library makes.
*/
#include <string.h>

#include "store/statements.h"

SQLITE_EXTENSION_INIT3

static const char *schema_of(const struct sqa_store *store) {
    return store->layout.schema;
}
static const char *table_of(const struct sqa_store *store) {
    return store->layout.table;
}

/* What sqa_chunk_header_read() reads */
#define HEAD "SELECT id, last, n, arrays"

/* " FROM schema.NAME_shadow" behind sql */
static char *from(const struct sqa_store *store, enum sqa_shadow shadow, char *sql) {
    return sqa_sql_add(sql, " FROM \"%w\".\"%w_%s\"", schema_of(store), table_of(store),
                       sqa_shadow_names[shadow]);
}
static char *from_heads(const struct sqa_store *store, char *sql) {
    return from(store, SQA_SHADOW_HEADS, sql);
}
static char *from_arrays(const struct sqa_store *store, char *sql) {
    return from(store, SQA_SHADOW_ARRAYS, sql);
}

/* A row, anew or in place of another, of the values ?1 .. ?values */
static char *sql_replace(const struct sqa_store *store, enum sqa_shadow shadow, int values) {
    char *sql = sqa_sql("REPLACE INTO \"%w\".\"%w_%s\" VALUES(?1", schema_of(store),
                        table_of(store), sqa_shadow_names[shadow]);
    for (int i = 2; i <= values; i++)
        sql = sqa_sql_add(sql, ", ?%d", i);
    return sqa_sql_add(sql, ")");
}

static char *sql_walk(const struct sqa_store *store, const char *order) {
    char *sql = sqa_sql(HEAD);
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", \"%w_min\", \"%w_max\"", store->layout.names[c],
                          store->layout.names[c]);
    sql = from_heads(store, sql);
    sql = from_heads(store, sqa_sql_add(sql, " WHERE id >= ifnull((SELECT max(id)"));
    return sqa_sql_add(sql, " WHERE id <= ?1), ?1) AND id <= ?2 ORDER BY id %s", order);
}

static char *sql_totals(const struct sqa_store *store) {
    char *sql = sqa_sql("SELECT count(*), sum(n), min(id), max(last), avg(last - id)");
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", min(\"%w_min\"), max(\"%w_max\"), avg(\"%w_max\" - \"%w_min\")",
                          store->layout.names[c], store->layout.names[c], store->layout.names[c],
                          store->layout.names[c]);
    return from_heads(store, sql);
}

static char *sql_of(const struct sqa_store *store, enum sqa_statement which) {
    static const char in_range[] = " WHERE id BETWEEN ?1 AND ?2";
    switch (which) {
    case SQA_STATEMENT_BEFORE:
        return sqa_sql_add(from_heads(store, sqa_sql(HEAD)), " WHERE id <= ?1 ORDER BY id DESC");
    case SQA_STATEMENT_FROM:
        return sqa_sql_add(from_heads(store, sqa_sql(HEAD)), " WHERE id >= ?1 ORDER BY id");
    case SQA_STATEMENT_PUT_HEADER:
        return sql_replace(store, SQA_SHADOW_HEADS, SQA_MIN_MAX_AT + 2 * store->layout.columns);
    case SQA_STATEMENT_DROP_HEADERS:
        return sqa_sql_add(from_heads(store, sqa_sql("DELETE")), in_range);
    case SQA_STATEMENT_HEADERS:
        return sql_walk(store, "");
    case SQA_STATEMENT_HEADERS_BACK:
        return sql_walk(store, "DESC");
    case SQA_STATEMENT_TOTALS:
        return sql_totals(store);
    case SQA_STATEMENT_FREE_PLACE:
        return from_arrays(store, sqa_sql("SELECT ifnull(max(id), 0) + 1"));
    case SQA_STATEMENT_COUNT_ARRAYS:
        return from_arrays(store, sqa_sql("SELECT count(*)"));
    case SQA_STATEMENT_GET_ARRAY:
        return sqa_sql_add(from_arrays(store, sqa_sql("SELECT base, step, array")),
                           " WHERE id = ?1");
    case SQA_STATEMENT_PUT_ARRAY:
        return sql_replace(store, SQA_SHADOW_ARRAYS, 4);
    case SQA_STATEMENT_DROP_ARRAYS:
        return sqa_sql_add(from_arrays(store, sqa_sql("DELETE")), in_range);
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

int sqa_store_wrong(struct sqa_store *store, enum sqa_shadow shadow, const char *how) {
    return sqa_store_fail(store, SQLITE_CORRUPT_VTAB, "array_store: %s_%s %s", table_of(store),
                          sqa_shadow_names[shadow], how);
}

static bool ends_with(const char *text, const char *end) {
    const size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

/*
** A shadow table is in the schema, with its columns and nothing else, and nothing belongs to it: what a
** trigger or an index does would become part of our writing.
*/
static int check_table(struct sqa_store *store, enum sqa_shadow shadow) {
    char *columns = sqa_layout_columns(&store->layout, shadow);
    const char *which = sqa_shadow_names[shadow];
    sqlite3_stmt *schema = NULL;
    bool found = false, wrong = false;
    int rc =
        columns == NULL
            ? SQLITE_NOMEM
            : prepare(store,
                      sqa_sql("SELECT type, sql FROM \"%w\".sqlite_master "
                              "WHERE tbl_name = '%q_%s' COLLATE NOCASE "
                              "UNION SELECT type, sql FROM temp.sqlite_master "
                              "WHERE tbl_name = '%q_%s' COLLATE NOCASE "
                              "AND type = 'trigger'",
                              schema_of(store), table_of(store), which, table_of(store), which),
                      &schema);
    while (rc == SQLITE_OK && sqlite3_step(schema) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(schema, 0);
        const char *sql = (const char *)sqlite3_column_text(schema, 1);
        /* unreached: no type, which SQLite does not let pass */
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
        rc = sqa_store_wrong(store, shadow, "is not the table that array_store made");
    return rc;
}

static int read_config(struct sqa_store *store) {
    sqlite3_stmt *config;
    int64_t version = 0, chunk = 0;
    int rc =
        prepare(store, from(store, SQA_SHADOW_CONFIG, sqa_sql("SELECT version, chunk")), &config);
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
        return sqa_store_wrong(store, SQA_SHADOW_CONFIG, "is damaged");
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
    for (int i = 0; i < SQA_SHADOWS && rc == SQLITE_OK; i++)
        rc = check_table(store, (enum sqa_shadow)i);
    if (rc == SQLITE_OK)
        rc = read_config(store);
    store->checked = rc == SQLITE_OK;
    store->schema_number = number;
    store->temp_number = temp;
    return rc;
}
