#include "index/index_form.h"

#include "index/changes.h"

SQLITE_EXTENSION_INIT3

static const char *const shadow_names[SQA_INDEX_SHADOWS] = {"values", "blocks", "rows"};
static const char *const option_names[SQA_INDEX_OPTIONS] = {"block", "log"};

static char *shadow_columns(const struct sqa_vtab *vtab, int shadow) {
    (void)vtab;
    switch (shadow) {
    case SQA_INDEX_VALUES:
        return sqa_sql("(value INTEGER PRIMARY KEY, n INTEGER, first INTEGER, block BLOB)");
    case SQA_INDEX_BLOCKS:
        return sqa_sql("(id INTEGER PRIMARY KEY, value INTEGER, first INTEGER, block BLOB, "
                       "UNIQUE(value, first))");
    default:
        return sqa_sql("(first INTEGER PRIMARY KEY, block BLOB)");
    }
}

/* Returns a statement on the indexed table. */
static char *source_sql(const struct sqa_index *index, const char *what) {
    const struct sqa_indexed *source = &index->source;
    return sqa_sql("SELECT %s FROM \"%w\".\"%w\" AS c WHERE c.\"%w\" = ?1", what,
                   index->vtab.schema, source->table, source->key);
}

static char *array_sql(const struct sqa_index *index) {
    char *column = sqa_sql("c.\"%w\"", index->source.column);
    char *sql = column == NULL ? NULL : source_sql(index, column);
    sqa_object_free(column);
    return sql;
}

static char *statement_sql(const struct sqa_vtab *vtab, int which) {
    static const struct {
        const char *before, *behind; /* the name of the shadow table */
        enum sqa_index_shadow shadow;
    } parts[SQA_INDEX_STATEMENTS] = {
        [SQA_INDEX_GET_VALUE] = {"SELECT n, first, block FROM", "WHERE value = ?1",
                                 SQA_INDEX_VALUES},
        [SQA_INDEX_PUT_VALUE] = {"REPLACE INTO", "VALUES (?1, ?2, ?3, ?4)", SQA_INDEX_VALUES},
        [SQA_INDEX_SET_COUNT] = {"UPDATE", "SET n = ?2 WHERE value = ?1", SQA_INDEX_VALUES},
        [SQA_INDEX_DROP_VALUE] = {"DELETE FROM", "WHERE value = ?1", SQA_INDEX_VALUES},
        [SQA_INDEX_ALL_COUNTS] = {"SELECT value, n FROM", "ORDER BY value", SQA_INDEX_VALUES},
        [SQA_INDEX_ALL_VALUES] = {"SELECT value, n, first, block FROM", "ORDER BY value",
                                  SQA_INDEX_VALUES},
        [SQA_INDEX_ALL_BLOCKS] = {"SELECT value, first, block FROM", "ORDER BY value, first",
                                  SQA_INDEX_BLOCKS},
        [SQA_INDEX_BLOCKS_BEHIND] = {"SELECT value, first, block FROM",
                                     "WHERE (value, first) > (?1, ?2) ORDER BY value, first",
                                     SQA_INDEX_BLOCKS},
        [SQA_INDEX_BLOCK_BEFORE] = {"SELECT id, first, block FROM",
                                    "WHERE value = ?1 AND first <= ?2 ORDER BY first DESC",
                                    SQA_INDEX_BLOCKS},
        [SQA_INDEX_BLOCK_AFTER] = {"SELECT id, first, block FROM",
                                   "WHERE value = ?1 AND first > ?2 ORDER BY first",
                                   SQA_INDEX_BLOCKS},
        [SQA_INDEX_ADD_BLOCK] = {"INSERT INTO", "(value, first, block) VALUES (?1, ?2, ?3)",
                                 SQA_INDEX_BLOCKS},
        [SQA_INDEX_SET_BLOCK] = {"UPDATE", "SET block = ?2 WHERE id = ?1", SQA_INDEX_BLOCKS},
        [SQA_INDEX_DROP_BLOCK] = {"DELETE FROM", "WHERE id = ?1", SQA_INDEX_BLOCKS},
        [SQA_INDEX_ROWS_BEFORE] = {"SELECT first, first, block FROM",
                                   "WHERE first <= ?2 ORDER BY first DESC", SQA_INDEX_ROWS},
        [SQA_INDEX_ROWS_AFTER] = {"SELECT first, first, block FROM",
                                  "WHERE first > ?2 ORDER BY first", SQA_INDEX_ROWS},
        [SQA_INDEX_PUT_ROWS] = {"REPLACE INTO", "VALUES (?2, ?3)", SQA_INDEX_ROWS},
        [SQA_INDEX_DROP_ROWS] = {"DELETE FROM", "WHERE first = ?1", SQA_INDEX_ROWS},
        [SQA_INDEX_COUNT_ROWS] = {"SELECT count(*) FROM", "", SQA_INDEX_ROWS},
    };
    if (which == SQA_INDEX_GET_ARRAY)
        return array_sql((const struct sqa_index *)vtab);
    if (which == SQA_INDEX_COUNTS)
        return sqa_sql("SELECT (SELECT count(*) FROM \"%w\".\"%w_values\"), (SELECT count(*) FROM "
                       "\"%w\".\"%w_blocks\")",
                       vtab->schema, vtab->table, vtab->schema, vtab->table);
    if (which == SQA_INDEX_HAS_ROW)
        return source_sql((const struct sqa_index *)vtab, "1");
    return sqa_sql("%s \"%w\".\"%w_%s\" %s", parts[which].before, vtab->schema, vtab->table,
                   shadow_names[parts[which].shadow], parts[which].behind);
}

static bool form_options_are_sound(const struct sqa_vtab *vtab) {
    const int64_t block = vtab->options[SQA_INDEX_BLOCK], log = vtab->options[SQA_INDEX_LOG];
    return block >= SQA_INDEX_BLOCK_LEAST && block <= SQA_BLOCK_BYTES &&
           log >= SQA_INDEX_LOG_LEAST && log <= SQA_INDEX_LOG_MOST;
}

const struct sqa_vtab_form sqa_index_form = {
    .module = "array_index",
    .version = 1,
    .shadows = shadow_names,
    .shadow_count = SQA_INDEX_SHADOWS,
    .options = option_names,
    .option_count = SQA_INDEX_OPTIONS,
    .companion = "counts",
    .companion_module = "array_index_counts",
    .statements = SQA_INDEX_STATEMENTS,
    .memory_size = sizeof(struct sqa_log),
    .columns = shadow_columns,
    .sql = statement_sql,
    .options_are_sound = form_options_are_sound,
    .flush = sqa_index_flush,
    .mark = sqa_index_mark,
    .forget = sqa_log_forget,
    .clear = sqa_log_clear,
};
