#include "index/indexed.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum trigger { INSERTED, DELETED, UPDATED, REPLACE_INSERT, REPLACE_UPDATE, TRIGGERS };
static const char *const trigger_names[TRIGGERS] = {"insert", "delete", "update", "replace_insert",
                                                    "replace_update"};

static char *copy_text(const unsigned char *text) {
    return text == NULL ? NULL : sqa_sql("%s", (const char *)text);
}

/* *text becomes a copy; the old one is freed. */
static int set_text(char **text, const unsigned char *to) {
    char *copy = copy_text(to);
    if (copy == NULL)
        return SQLITE_NOMEM;
    sqa_object_free(*text);
    *text = copy;
    return SQLITE_OK;
}

/* ---- What the schema says of the table */

/* PRAGMA schema.what(name) */
static int prepare_pragma(struct sqa_index *index, const char *what, const char *name,
                          sqlite3_stmt **rows) {
    return sqa_vtab_prepare(
        &index->vtab, sqa_sql("PRAGMA \"%w\".%s(\"%w\")", index->vtab.schema, what, name), 0, rows);
}

struct columns {
    int keys;        /* columns of the PRIMARY KEY */
    char *key;       /* the name of the last one */
    bool is_integer; /* which is INTEGER */
    bool found;      /* the column that is indexed .. */
    bool is_generated;
    bool has_key_index; /* the primary key is not the rowid */
};

static int read_columns(struct sqa_index *index, struct columns *columns) {
    enum { NAME = 1, TYPE = 2, KEY = 5, HIDDEN = 6 }; /* of PRAGMA table_xinfo */
    sqlite3_stmt *rows;
    int rc = prepare_pragma(index, "table_xinfo", index->source.table, &rows);
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, NAME);
        const char *type = (const char *)sqlite3_column_text(rows, TYPE);
        if (name == NULL || type == NULL) {
            rc = SQLITE_NOMEM;
        } else if (sqlite3_column_int64(rows, KEY) > 0) {
            columns->keys++;
            columns->is_integer = sqlite3_stricmp(type, "INTEGER") == 0;
            rc = set_text(&columns->key, (const unsigned char *)name);
        }
        if (rc == SQLITE_OK && sqlite3_stricmp(name, index->source.column) == 0) {
            columns->found = true;
            columns->is_generated = sqlite3_column_int64(rows, HIDDEN) > 1;
        }
    }
    const int end = sqlite3_finalize(rows);
    return rc != SQLITE_OK ? rc : end;
}

enum { INDEX_NAME = 1, INDEX_UNIQUE = 2, INDEX_ORIGIN = 3, INDEX_PARTIAL = 4 }; /* of index_list */

/* A primary key that is the rowid has no index. */
static int read_key_index(struct sqa_index *index, struct columns *columns) {
    sqlite3_stmt *rows;
    int rc = prepare_pragma(index, "index_list", index->source.table, &rows);
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        const char *origin = (const char *)sqlite3_column_text(rows, INDEX_ORIGIN);
        columns->has_key_index |= origin != NULL && strcmp(origin, "pk") == 0;
    }
    const int end = sqlite3_finalize(rows);
    return rc != SQLITE_OK ? rc : end;
}

/* *kind: "table", "view", "virtual table"; or "" where nothing has this name */
static int read_kind(struct sqa_index *index, const char **kind) {
    sqlite3_stmt *schema;
    int rc =
        sqa_vtab_prepare(&index->vtab,
                         sqa_sql("SELECT type = 'view', rootpage = 0 FROM \"%w\".sqlite_master "
                                 "WHERE name = '%q' COLLATE NOCASE AND type IN ('table', 'view')",
                                 index->vtab.schema, index->source.table),
                         0, &schema);
    *kind = "";
    if (rc == SQLITE_OK && sqlite3_step(schema) == SQLITE_ROW)
        *kind = sqlite3_column_int64(schema, 0) != 0   ? "view"
                : sqlite3_column_int64(schema, 1) != 0 ? "virtual table"
                                                       : "table";
    const int end = sqlite3_finalize(schema);
    return rc != SQLITE_OK ? rc : end;
}

/* Copies what PRAGMAs say of the key and the column; source.key is NULL where there is no table. */
static int read_table(struct sqa_index *index, struct columns *columns) {
    int rc = read_columns(index, columns);
    if (rc == SQLITE_OK)
        rc = read_key_index(index, columns);
    if (rc == SQLITE_OK && columns->key != NULL) {
        sqa_object_free(index->source.key);
        index->source.key = columns->key;
        columns->key = NULL;
        index->source.is_generated = columns->is_generated;
    }
    sqa_object_free(columns->key);
    columns->key = NULL;
    return rc;
}

int sqa_indexed_inspect(struct sqa_index *index) {
    const struct sqa_indexed *source = &index->source;
    struct columns columns = {0};
    const char *kind;
    const char *why = NULL;
    int rc = read_kind(index, &kind);
    if (rc == SQLITE_OK && kind[0] == 0)
        return sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: there is no table %s in %s",
                             source->table, index->vtab.schema);
    if (rc == SQLITE_OK && strcmp(kind, "table") != 0)
        return sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                             "array_index: %s is a %s, whose changes cannot be followed",
                             source->table, kind);
    if (rc == SQLITE_OK)
        rc = read_table(index, &columns);
    if (rc != SQLITE_OK)
        return rc;
    if (columns.keys != 1 || !columns.is_integer || columns.has_key_index)
        why = "has no INTEGER PRIMARY KEY, and VACUUM may give its rows other numbers";
    else if (!columns.found)
        return sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: %s has no column %s",
                             source->table, source->column);
    else if (sqlite3_stricmp(source->key, source->column) == 0)
        why = "has its key as this column, which holds no arrays";
    else if (sqlite3_stricmp(source->key, index->vtab.table) == 0 ||
             sqlite3_stricmp(source->column, index->vtab.table) == 0)
        why = "has a column by the name of the index";
    if (why != NULL)
        return sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: %s %s", source->table, why);
    return SQLITE_OK;
}

/* ---- The SQL of the triggers */

/*
** Adds to sql the condition that row c has what is to be unique in common with row new, an OR for each UNIQUE index that
** it can be said of; what is partial or of expressions is not covered.
*/
static int add_unique(struct sqa_index *index, const char *name, char **sql, char **columns,
                      bool *is_covered) {
    enum { CID = 1, NAME = 2, COLLATION = 4, IS_KEY = 5 }; /* of PRAGMA index_xinfo */
    sqlite3_stmt *rows;
    char *condition = sqa_sql("");
    char *of = sqa_sql("");
    bool is_plain = true;
    int rc = prepare_pragma(index, "index_xinfo", name, &rows);
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        if (sqlite3_column_int64(rows, IS_KEY) == 0)
            continue;
        const char *column = (const char *)sqlite3_column_text(rows, NAME);
        const char *collation = (const char *)sqlite3_column_text(rows, COLLATION);
        if (sqlite3_column_int64(rows, CID) < 0 || column == NULL || collation == NULL) {
            is_plain = false;
            continue;
        }
        condition = sqa_sql_add(condition, "%sc.\"%w\" = new.\"%w\" COLLATE \"%w\"",
                                condition != NULL && condition[0] != 0 ? " AND " : "", column,
                                column, collation);
        of = sqa_sql_add(of, ", \"%w\"", column);
    }
    const int end = sqlite3_finalize(rows);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && (condition == NULL || of == NULL))
        rc = SQLITE_NOMEM;
    if (rc == SQLITE_OK && is_plain) {
        *sql = sqa_sql_add(*sql, " OR (%s)", condition);
        *columns = sqa_sql_add(*columns, "%s", of);
    }
    *is_covered &= is_plain;
    sqa_object_free(condition);
    sqa_object_free(of);
    return rc;
}

/* The conditions of all UNIQUE indexes, and a list of their columns, each after a comma */
static int unique_conditions(struct sqa_index *index, char **sql, char **columns,
                             bool *is_covered) {
    sqlite3_stmt *rows;
    *sql = sqa_sql("");
    *columns = sqa_sql("");
    *is_covered = true;
    int rc = prepare_pragma(index, "index_list", index->source.table, &rows);
    while (rc == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        if (sqlite3_column_int64(rows, INDEX_UNIQUE) == 0)
            continue;
        if (sqlite3_column_int64(rows, INDEX_PARTIAL) != 0)
            *is_covered = false;
        else
            rc = add_unique(index, (const char *)sqlite3_column_text(rows, INDEX_NAME), sql,
                            columns, is_covered);
    }
    const int end = sqlite3_finalize(rows);
    if (rc == SQLITE_OK)
        rc = end;
    return rc == SQLITE_OK && (*sql == NULL || *columns == NULL) ? SQLITE_NOMEM : rc;
}

/* From the name of the trigger on, as sqlite_master has it behind "CREATE TRIGGER "; into: the index. NULL without memory */
static char *trigger_sql(const struct sqa_index *index, enum trigger which, const char *name,
                         const char *into, const char *unique, const char *unique_columns) {
    const char *table = index->source.table, *key = index->source.key,
               *column = index->source.column, *ending = trigger_names[which];
    switch (which) {
    case INSERTED:
        return sqa_sql("\"%w_%w\" AFTER INSERT ON \"%w\" BEGIN INSERT INTO \"%w\"(rowid, _new) "
                       "VALUES (new.\"%w\", new.\"%w\"); END",
                       name, ending, table, into, key, column);
    case DELETED:
        return sqa_sql("\"%w_%w\" AFTER DELETE ON \"%w\" BEGIN INSERT INTO \"%w\"(rowid, _old) "
                       "VALUES (old.\"%w\", old.\"%w\"); END",
                       name, ending, table, into, key, column);
    case UPDATED: {
        /* UPDATE OF a generated column is not true where what it is computed from changes */
        char *of =
            index->source.is_generated ? sqa_sql("") : sqa_sql(" OF \"%w\", \"%w\"", key, column);
        char *sql = of == NULL ? NULL
                               : sqa_sql("\"%w_%w\" AFTER UPDATE%s ON \"%w\" BEGIN INSERT INTO "
                                         "\"%w\"(rowid, _old, _new, _note) VALUES (new.\"%w\", "
                                         "old.\"%w\", new.\"%w\", old.\"%w\"); END",
                                         name, ending, of, table, into, key, column, column, key);
        sqa_object_free(of);
        return sql;
    }
    case REPLACE_INSERT:
        return sqa_sql("\"%w_%w\" BEFORE INSERT ON \"%w\" BEGIN INSERT INTO \"%w\"(rowid, _old, "
                       "_note) SELECT c.\"%w\", c.\"%w\", 'replace' FROM \"%w\" AS c WHERE "
                       "c.\"%w\" = new.\"%w\"%s; END",
                       name, ending, table, into, key, column, table, key, key, unique);
    default:
        return sqa_sql("\"%w_%w\" BEFORE UPDATE OF \"%w\"%s ON \"%w\" BEGIN INSERT INTO "
                       "\"%w\"(rowid, _old, _note) SELECT c.\"%w\", c.\"%w\", 'replace' FROM "
                       "\"%w\" AS c WHERE (c.\"%w\" = new.\"%w\"%s) AND c.\"%w\" <> old.\"%w\"; "
                       "END",
                       name, ending, key, unique_columns, table, into, key, column, table, key, key,
                       unique, key, key);
    }
}

int sqa_indexed_follow(struct sqa_index *index, const char *name) {
    char *unique, *columns;
    bool is_covered;
    int rc = unique_conditions(index, &unique, &columns, &is_covered);
    for (int i = 0; i < TRIGGERS && rc == SQLITE_OK; i++) {
        char *trigger = trigger_sql(index, (enum trigger)i, name, name, unique, columns);
        char *sql = trigger == NULL
                        ? NULL
                        : sqa_sql("CREATE TRIGGER \"%w\".%s", index->vtab.schema, trigger);
        sqa_object_free(trigger);
        rc = sqa_vtab_execute(&index->vtab, sql);
        if (rc == SQLITE_ERROR)
            rc = sqa_vtab_fail(&index->vtab, rc, "array_index: %s",
                               sqlite3_errmsg(index->vtab.connection->db));
    }
    sqa_object_free(unique);
    sqa_object_free(columns);
    index->source_checked_at = -1;
    return rc;
}

int sqa_indexed_leave(struct sqa_index *index) {
    int rc = SQLITE_OK;
    for (int i = 0; i < TRIGGERS && rc == SQLITE_OK; i++)
        rc = sqa_vtab_execute(&index->vtab,
                              sqa_sql("DROP TRIGGER IF EXISTS \"%w\".\"%w_%w\"", index->vtab.schema,
                                      index->vtab.table, trigger_names[i]));
    index->source_checked_at = -1;
    return rc;
}

/* ---- Today's names */

/* The name behind the nth "new." of a trigger's text, or NULL */
static char *name_behind_new(const char *sql, int nth) {
    static const char mark[] = "new.";
    for (; nth > 0 && sql != NULL; nth--) {
        sql = strstr(sql, mark);
        sql = sql == NULL ? NULL : sql + sizeof mark - 1;
    }
    if (sql == NULL)
        return NULL;
    char *name = sqa_object_new(strlen(sql) + 1);
    if (name != NULL && sqa_index_definition_name(sql, name) == NULL) {
        sqa_object_free(name);
        return NULL;
    }
    return name;
}

/* Prepares a look at a trigger: its table's name and its SQL. */
static int prepare_trigger(struct sqa_index *index, enum trigger which, sqlite3_stmt **row) {
    return sqa_vtab_prepare(&index->vtab,
                            sqa_sql("SELECT tbl_name, sql FROM \"%w\".sqlite_master WHERE type = "
                                    "'trigger' AND name = '%q_%q' COLLATE NOCASE",
                                    index->vtab.schema, index->vtab.table, trigger_names[which]),
                            0, row);
}

int sqa_indexed_find(struct sqa_index *index) {
    struct sqa_indexed *source = &index->source;
    struct columns columns = {0};
    sqlite3_stmt *row;
    int rc = prepare_trigger(index, INSERTED, &row);
    if (rc == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
        const char *sql = (const char *)sqlite3_column_text(row, 1);
        const char *body = sql == NULL ? NULL : strstr(sql, " BEGIN ");
        char *column = body == NULL ? NULL : name_behind_new(body, 2);
        rc = set_text(&source->table, sqlite3_column_text(row, 0));
        if (column != NULL) {
            sqa_object_free(source->column);
            source->column = column;
        }
    }
    const int end = sqlite3_finalize(row);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && source->table != NULL)
        rc = read_table(index, &columns);
    return rc;
}

/* ---- Are the triggers there? */

static int lost(struct sqa_index *index, const char *ending, const char *how) {
    return sqa_vtab_fail(
        &index->vtab, SQLITE_ERROR,
        "array_index: %s does not follow %s any more, its trigger %s_%s %s; it does after INSERT "
        "INTO %s(%s) VALUES ('rebuild')",
        index->vtab.table, index->source.table, index->vtab.table, ending, how, index->vtab.table,
        index->vtab.table);
}

/* Compares a trigger with what it has to be. *same is false where it is another. */
static int compare_trigger(struct sqa_index *index, enum trigger which, const char *into,
                           const char *unique, const char *columns, bool *found, bool *same) {
    static const char create[] = "CREATE TRIGGER ";
    char *expected = trigger_sql(index, which, index->vtab.table, into, unique, columns);
    sqlite3_stmt *row = NULL;
    int rc = expected == NULL ? SQLITE_NOMEM : prepare_trigger(index, which, &row);
    *found = rc == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW;
    if (*found) {
        const char *sql = (const char *)sqlite3_column_text(row, 1);
        *same |= sql != NULL && sqlite3_strnicmp(sql, create, sizeof create - 1) == 0 &&
                 strcmp(sql + sizeof create - 1, expected) == 0;
    }
    const int end = sqlite3_finalize(row);
    sqa_object_free(expected);
    return rc != SQLITE_OK ? rc : end;
}

static int check_triggers(struct sqa_index *index, const char *into, bool *is_covered) {
    char *unique, *columns;
    int rc = unique_conditions(index, &unique, &columns, is_covered);
    for (int i = 0; i < TRIGGERS && rc == SQLITE_OK; i++) {
        bool found, same = false;
        rc = compare_trigger(index, (enum trigger)i, into, unique, columns, &found, &same);
        if (rc == SQLITE_OK && found && !same) /* PRAGMA legacy_alter_table leaves it as it was */
            rc = compare_trigger(index, (enum trigger)i, index->vtab.table, unique, columns, &found,
                                 &same);
        if (rc == SQLITE_OK && !found)
            rc = lost(index, trigger_names[i], "is missing");
        else if (rc == SQLITE_OK && !same && i < REPLACE_INSERT)
            rc = lost(index, trigger_names[i], "has been changed");
        else if (rc == SQLITE_OK && !same)
            *is_covered = false;
    }
    sqa_object_free(unique);
    sqa_object_free(columns);
    return rc;
}

/* into: the name by which the triggers call the index */
static int check(struct sqa_index *index, const char *into) {
    index->source_checked_at = -1;
    sqa_object_free(index->source.key);
    index->source.key = NULL;
    int rc = sqa_indexed_find(index);
    if (rc == SQLITE_OK && index->source.key == NULL)
        rc = sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                           "array_index: %s is the index of a table %s that is not there; drop "
                           "it, or make the table and INSERT INTO %s(%s) VALUES ('rebuild')",
                           index->vtab.table, index->source.table, index->vtab.table,
                           index->vtab.table);
    if (rc == SQLITE_OK)
        rc = check_triggers(index, into, &index->is_covered);
    if (rc != SQLITE_OK)
        return rc;
    /* statements on the table may have its old names */
    for (int i = SQA_INDEX_GET_ARRAY; i <= SQA_INDEX_HAS_ROW; i++) {
        sqlite3_finalize(index->vtab.statements[i]);
        index->vtab.statements[i] = NULL;
    }
    index->source_checked_at = index->vtab.verified_at;
    return SQLITE_OK;
}

int sqa_indexed_check(struct sqa_index *index) {
    if (index->source_checked_at >= 0 && index->source_checked_at == index->vtab.verified_at)
        return SQLITE_OK;
    return check(index, index->vtab.table);
}

int sqa_indexed_check_renamed(struct sqa_index *index, const char *name) {
    return check(index, name);
}
