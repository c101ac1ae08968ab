#include "index/triggers.h"

SQLITE_EXTENSION_INIT3

const char *const sqa_trigger_names[SQA_TRIGGERS] = {"insert", "delete", "update", "replace_insert",
                                                     "replace_update"};

/* ---- Unique columns */

/* Returns true if the column with this cid is generated. */
static bool is_generated_column(struct sqa_index *index, int64_t cid) {
    enum { CID = 0, HIDDEN = 6 }; /* of PRAGMA table_xinfo */
    bool is_generated = false;
    sqlite3_stmt *columns = sqa_index_pragma(index, "table_xinfo", index->source.table);
    while (sqa_vtab_step(&index->vtab, columns)) {
        if (sqlite3_column_int64(columns, CID) == cid)
            is_generated = sqlite3_column_int64(columns, HIDDEN) > 1;
    }
    sqa_vtab_finalize(&index->vtab, columns);
    return is_generated;
}

/* The columns of a UNIQUE index, without its expressions. is_plain is false if it has any. */
struct unique {
    char *condition, *columns; /* as in struct sqa_uniques; NULL when out of memory */
    bool is_plain, is_generated;
};

static void add_unique_column(struct unique *unique, struct sqa_index *index, sqlite3_stmt *row) {
    enum { CID = 1, NAME = 2, COLLATION = 4 }; /* of PRAGMA index_xinfo */
    const int64_t cid = sqlite3_column_int64(row, CID);
    const char *column = (const char *)sqlite3_column_text(row, NAME);
    const char *collation = (const char *)sqlite3_column_text(row, COLLATION);
    if (cid < 0 || column == NULL || collation == NULL) {
        unique->is_plain = false;
        return;
    }
    unique->is_generated |= is_generated_column(index, cid);
    const bool is_first = unique->condition != NULL && unique->condition[0] == 0;
    unique->condition = sqa_sql_add(unique->condition, "%sc.\"%w\" = new.\"%w\" COLLATE \"%w\"",
                                    is_first ? "" : " AND ", column, column, collation);
    unique->columns = sqa_sql_add(unique->columns, ", \"%w\"", column);
}

static void add_unique(struct sqa_uniques *uniques, struct sqa_index *index, const char *name) {
    enum { IS_KEY = 5 }; /* of PRAGMA index_xinfo */
    struct unique unique = {sqa_sql(""), sqa_sql(""), true, false};
    sqlite3_stmt *rows = sqa_index_pragma(index, "index_xinfo", name);
    while (sqa_vtab_step(&index->vtab, rows)) {
        if (sqlite3_column_int64(rows, IS_KEY) != 0)
            add_unique_column(&unique, index, rows);
    }
    sqa_vtab_finalize(&index->vtab, rows);
    if (sqa_vtab_has_memory(&index->vtab, unique.condition != NULL && unique.columns != NULL) &&
        unique.is_plain) {
        uniques->condition = sqa_sql_add(uniques->condition, " OR (%s)", unique.condition);
        uniques->columns = sqa_sql_add(uniques->columns, "%s", unique.columns);
    }
    uniques->is_covered &= unique.is_plain;
    uniques->is_computed |= unique.is_generated || !unique.is_plain;
    sqa_object_free(unique.condition);
    sqa_object_free(unique.columns);
}

void sqa_uniques_read(struct sqa_uniques *uniques, struct sqa_index *index) {
    enum { NAME = 1, IS_UNIQUE = 2, IS_PARTIAL = 4 }; /* of PRAGMA index_list */
    *uniques = (struct sqa_uniques){sqa_sql(""), sqa_sql(""), true, false};
    sqlite3_stmt *names = sqa_index_pragma(index, "index_list", index->source.table);
    while (sqa_vtab_step(&index->vtab, names)) {
        if (sqlite3_column_int64(names, IS_UNIQUE) == 0)
            continue;
        const char *name = (const char *)sqlite3_column_text(names, NAME);
        if (sqlite3_column_int64(names, IS_PARTIAL) != 0) {
            uniques->is_covered = false;
            uniques->is_computed = true;
        } else if (sqa_vtab_has_memory(&index->vtab, name != NULL)) {
            add_unique(uniques, index, name);
        }
    }
    sqa_vtab_finalize(&index->vtab, names);
    (void)sqa_vtab_has_memory(&index->vtab, uniques->condition != NULL && uniques->columns != NULL);
}

void sqa_uniques_clear(struct sqa_uniques *uniques) {
    sqa_object_free(uniques->condition);
    sqa_object_free(uniques->columns);
}

/* ---- SQL */

/*
** Returns the SQL of the trigger BEFORE UPDATE OF the columns through which REPLACE may remove a
** row. If the rows cannot be determined, the trigger reports the row itself, so that xUpdate sees
** whether REPLACE is in force.
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
** Returns the SQL of the trigger for UPDATE. The key also has the name rowid: an UPDATE that sets
** rowid fires only UPDATE OF rowid. UPDATE OF a generated column does not fire if the columns
** change that it is computed from.
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
