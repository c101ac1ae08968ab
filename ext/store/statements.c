#include "store/statements.h"

SQLITE_EXTENSION_INIT3

static const char *schema_of(const struct sqa_store *store) {
    return store->layout.schema;
}
static const char *layout_table_name(const struct sqa_store *store) {
    return store->layout.table;
}

/* The columns that sqa_chunk_header_read() reads */
#define HEADER_COLUMNS "SELECT id, last, n, arrays"

/* Appends " FROM schema.NAME_shadow" to sql. */
static char *from(const struct sqa_store *store, enum sqa_shadow shadow, char *sql) {
    return sqa_sql_add(sql, " FROM \"%w\".\"%w_%s\"", schema_of(store), layout_table_name(store),
                       sqa_shadow_names[shadow]);
}
static char *from_headers(const struct sqa_store *store, char *sql) {
    return from(store, SQA_SHADOW_HEADERS, sql);
}
static char *from_arrays(const struct sqa_store *store, char *sql) {
    return from(store, SQA_SHADOW_ARRAYS, sql);
}

/* Returns SQL that inserts or replaces a row of the values ?1 to ?values. */
static char *sql_replace(const struct sqa_store *store, enum sqa_shadow shadow, int values) {
    char *sql = sqa_sql("REPLACE INTO \"%w\".\"%w_%s\" VALUES(?1", schema_of(store),
                        layout_table_name(store), sqa_shadow_names[shadow]);
    for (int i = 2; i <= values; i++)
        sql = sqa_sql_add(sql, ", ?%d", i);
    return sqa_sql_add(sql, ")");
}

static char *sql_walk(const struct sqa_store *store, const char *order) {
    char *sql = sqa_sql(HEADER_COLUMNS);
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", \"%w_min\", \"%w_max\"", store->layout.names[c],
                          store->layout.names[c]);
    sql = from_headers(store, sql);
    sql = from_headers(store, sqa_sql_add(sql, " WHERE id >= ifnull((SELECT max(id)"));
    return sqa_sql_add(sql, " WHERE id <= ?1), ?1) AND id <= ?2 ORDER BY id %s", order);
}

static char *sql_totals(const struct sqa_store *store) {
    char *sql = sqa_sql("SELECT count(*), sum(n), min(id), max(last), avg(last - id)");
    for (int c = 0; c < store->layout.columns; c++)
        sql = sqa_sql_add(sql, ", min(\"%w_min\"), max(\"%w_max\"), avg(\"%w_max\" - \"%w_min\")",
                          store->layout.names[c], store->layout.names[c], store->layout.names[c],
                          store->layout.names[c]);
    return from_headers(store, sql);
}

char *sqa_store_sql(const struct sqa_vtab *vtab, int which) {
    const struct sqa_store *store = (const struct sqa_store *)vtab;
    static const char in_range[] = " WHERE id BETWEEN ?1 AND ?2";
    switch (which) {
    case SQA_STATEMENT_BEFORE:
        return sqa_sql_add(from_headers(store, sqa_sql(HEADER_COLUMNS)),
                           " WHERE id <= ?1 ORDER BY id DESC");
    case SQA_STATEMENT_FROM:
        return sqa_sql_add(from_headers(store, sqa_sql(HEADER_COLUMNS)),
                           " WHERE id >= ?1 ORDER BY id");
    case SQA_STATEMENT_PUT_HEADER:
        return sql_replace(store, SQA_SHADOW_HEADERS, SQA_MIN_MAX_AT + 2 * store->layout.columns);
    case SQA_STATEMENT_DROP_HEADERS:
        return sqa_sql_add(from_headers(store, sqa_sql("DELETE")), in_range);
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
        return sqa_sql_add(from_arrays(store, sqa_sql("SELECT array")), " WHERE id = ?1");
    case SQA_STATEMENT_PUT_ARRAY:
        return sql_replace(store, SQA_SHADOW_ARRAYS, 2);
    case SQA_STATEMENT_COUNT_HEADERS:
        return sqa_sql_add(from_headers(store, sqa_sql("SELECT count(*)")), in_range);
    case SQA_STATEMENT_DATA_VERSION:
        return sqa_sql("PRAGMA \"%w\".data_version", schema_of(store));
    default: /* DROP_ARRAYS */
        return sqa_sql_add(from_arrays(store, sqa_sql("DELETE")), in_range);
    }
}
