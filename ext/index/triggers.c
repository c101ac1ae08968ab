#include "index/triggers.h"

SQLITE_EXTENSION_INIT3

const char *const sqa_trigger_names[SQA_TRIGGERS] = {"insert", "delete", "update", "replace_insert",
                                                     "replace_update"};

/* ---- What is unique */

/* Prepares PRAGMA schema.what(name). */
static int prepare_pragma_rows(struct sqa_index *index, const char *what, const char *name,
                               sqlite3_stmt **rows) {
    return sqa_vtab_prepare(
        &index->vtab, sqa_sql("PRAGMA \"%w\".%s(\"%w\")", index->vtab.schema, what, name), 0, rows);
}

/* *is_generated becomes true where the table's column number cid is. */
static int read_generated(struct sqa_index *index, int64_t cid, bool *is_generated) {
    enum { CID = 0, HIDDEN = 6 }; /* of PRAGMA table_xinfo */
    sqlite3_stmt *columns;
    const int rc = prepare_pragma_rows(index, "table_xinfo", index->source.table, &columns);
    while (rc == SQLITE_OK && sqlite3_step(columns) == SQLITE_ROW) {
        if (sqlite3_column_int64(columns, CID) == cid)
            *is_generated |= sqlite3_column_int64(columns, HIDDEN) > 1;
    }
    const int end = sqlite3_finalize(columns);
    return rc != SQLITE_OK ? rc : end;
}

static int add_unique(struct sqa_uniques *uniques, struct sqa_index *index, const char *name) {
    enum { CID = 1, NAME = 2, COLLATION = 4, IS_KEY = 5 }; /* of PRAGMA index_xinfo */
    sqlite3_stmt *rows;
    char *condition = sqa_sql("");
    char *columns = sqa_sql("");
    bool is_plain = true, is_generated = false;
    int rc = prepare_pragma_rows(index, "index_xinfo", name, &rows);
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        if (sqlite3_column_int64(rows, IS_KEY) == 0)
            continue;
        const char *column = (const char *)sqlite3_column_text(rows, NAME);
        const char *collation = (const char *)sqlite3_column_text(rows, COLLATION);
        if (sqlite3_column_int64(rows, CID) < 0 || column == NULL || collation == NULL) {
            is_plain = false;
            continue;
        }
        rc = read_generated(index, sqlite3_column_int64(rows, CID), &is_generated);
        condition = sqa_sql_add(condition, "%sc.\"%w\" = new.\"%w\" COLLATE \"%w\"",
                                condition != NULL && condition[0] != 0 ? " AND " : "", column,
                                column, collation);
        columns = sqa_sql_add(columns, ", \"%w\"", column);
    }
    const int end = sqlite3_finalize(rows);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && (condition == NULL || columns == NULL))
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK && is_plain) {
        uniques->condition = sqa_sql_add(uniques->condition, " OR (%s)", condition);
        uniques->columns = sqa_sql_add(uniques->columns, "%s", columns);
    }
    uniques->is_covered &= is_plain;
    uniques->is_computed |= is_generated || !is_plain;
    sqa_object_free(condition);
    sqa_object_free(columns);
    return rc;
}

int sqa_uniques_read(struct sqa_uniques *uniques, struct sqa_index *index) {
    enum { NAME = 1, IS_UNIQUE = 2, IS_PARTIAL = 4 }; /* of PRAGMA index_list */
    sqlite3_stmt *names;
    *uniques = (struct sqa_uniques){sqa_sql(""), sqa_sql(""), true, false};
    int rc = prepare_pragma_rows(index, "index_list", index->source.table, &names);
    while (rc == SQLITE_OK && sqlite3_step(names) == SQLITE_ROW) {
        if (sqlite3_column_int64(names, IS_UNIQUE) == 0)
            continue;
        const char *name = (const char *)sqlite3_column_text(names, NAME);
        if (sqlite3_column_int64(names, IS_PARTIAL) != 0) {
            uniques->is_covered = false;
            uniques->is_computed = true;
        } else {
            rc = name == NULL ? SQLITE_NOMEM : add_unique(uniques, index, name);
        }
    }
    const int end = sqlite3_finalize(names);
    if (rc == SQLITE_OK)
        rc = end;
    return rc == SQLITE_OK && (uniques->condition == NULL || uniques->columns == NULL)
               ? SQLITE_NOMEM
               : rc;
}

void sqa_uniques_clear(struct sqa_uniques *uniques) {
    sqa_object_free(uniques->condition);
    sqa_object_free(uniques->columns);
}

/* ---- SQL */

/*
** BEFORE UPDATE OF the columns by which REPLACE may remove a row. Where it cannot be said which rows, the trigger tells of the
** row itself, so that xUpdate sees whether REPLACE is in force.
*/
static char *replace_update_sql(const struct sqa_index *index, const char *name, const char *into,
                                const struct sqa_uniques *uniques) {
    const char *table = index->source.table, *key = index->source.key;
    char *of = uniques->is_computed
                   ? sqa_sql("")
                   : sqa_sql(" OF \"%w\", rowid, oid, _rowid_%s", key, uniques->columns);
    char *others = uniques->is_covered
                       ? sqa_sql("(c.\"%w\" = new.\"%w\"%s) AND c.\"%w\" <> old.\"%w\"", key, key,
                                 uniques->condition, key, key)
                       : sqa_sql("c.\"%w\" = new.\"%w\"%s OR c.\"%w\" = old.\"%w\"", key, key,
                                 uniques->condition, key, key);
    char *sql =
        of == NULL || others == NULL
            ? NULL
            : sqa_sql("\"%w_replace_update\" BEFORE UPDATE%s ON \"%w\" BEGIN INSERT INTO "
                      "\"%w\"(rowid, _old, _note) SELECT c.\"%w\", c.\"%w\", 'replace' FROM "
                      "\"%w\" AS c WHERE %s; END",
                      name, of, table, into, key, index->source.column, table, others);
    sqa_object_free(of);
    sqa_object_free(others);
    return sql;
}

/*
** The key has other names, too: UPDATE .. SET rowid fires UPDATE OF rowid. UPDATE OF a generated column is not true where
** what it is computed from changes.
*/
static char *update_sql(const struct sqa_index *index, const char *name, const char *into) {
    const char *table = index->source.table, *key = index->source.key,
               *column = index->source.column;
    char *of = index->source.is_generated
                   ? sqa_sql("")
                   : sqa_sql(" OF \"%w\", rowid, oid, _rowid_, \"%w\"", key, column);
    char *sql = of == NULL ? NULL
                           : sqa_sql("\"%w_update\" AFTER UPDATE%s ON \"%w\" BEGIN INSERT INTO "
                                     "\"%w\"(rowid, _old, _new, _note) VALUES (new.\"%w\", "
                                     "old.\"%w\", new.\"%w\", old.\"%w\"); END",
                                     name, of, table, into, key, column, column, key);
    sqa_object_free(of);
    return sql;
}

char *sqa_trigger_sql(const struct sqa_index *index, enum sqa_trigger which, const char *name,
                      const char *into, const struct sqa_uniques *uniques) {
    const char *table = index->source.table, *key = index->source.key,
               *column = index->source.column;
    switch (which) {
    case SQA_TRIGGER_INSERT:
        return sqa_sql("\"%w_insert\" AFTER INSERT ON \"%w\" BEGIN INSERT INTO \"%w\"(rowid, "
                       "_new) VALUES (new.\"%w\", new.\"%w\"); END",
                       name, table, into, key, column);
    case SQA_TRIGGER_DELETE:
        return sqa_sql("\"%w_delete\" AFTER DELETE ON \"%w\" BEGIN INSERT INTO \"%w\"(rowid, "
                       "_old) VALUES (old.\"%w\", old.\"%w\"); END",
                       name, table, into, key, column);
    case SQA_TRIGGER_UPDATE:
        return update_sql(index, name, into);
    case SQA_TRIGGER_REPLACE_INSERT:
        return sqa_sql("\"%w_replace_insert\" BEFORE INSERT ON \"%w\" BEGIN INSERT INTO "
                       "\"%w\"(rowid, _old, _note) SELECT c.\"%w\", c.\"%w\", 'replace' FROM "
                       "\"%w\" AS c WHERE c.\"%w\" = new.\"%w\"%s; END",
                       name, table, into, key, column, table, key, key, uniques->condition);
    default:
        return replace_update_sql(index, name, into, uniques);
    }
}
