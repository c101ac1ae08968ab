#include "index/indexed.h"

#include <string.h>

#include "index/triggers.h"

SQLITE_EXTENSION_INIT3

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

enum { INDEX_ORIGIN = 3 }; /* of PRAGMA index_list */

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
        index->source.has_column = columns->found;
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

/* ---- The triggers made and dropped */

int sqa_indexed_follow(struct sqa_index *index, const char *name) {
    struct sqa_uniques uniques;
    int rc = sqa_uniques_read(&uniques, index);
    for (int i = 0; i < SQA_TRIGGERS && rc == SQLITE_OK; i++) {
        char *trigger = sqa_trigger_sql(index, (enum sqa_trigger)i, name, name, &uniques);
        char *sql = trigger == NULL
                        ? NULL
                        : sqa_sql("CREATE TRIGGER \"%w\".%s", index->vtab.schema, trigger);
        sqa_object_free(trigger);
        rc = sqa_vtab_execute(&index->vtab, sql);
        if (rc == SQLITE_ERROR)
            rc = sqa_vtab_explain(&index->vtab, "array_index: %s",
                                  sqlite3_errmsg(index->vtab.connection->db));
    }
    sqa_uniques_clear(&uniques);
    index->source_checked_at = -1;
    return rc;
}

int sqa_indexed_leave(struct sqa_index *index) {
    int rc = SQLITE_OK;
    for (int i = 0; i < SQA_TRIGGERS && rc == SQLITE_OK; i++)
        rc = sqa_vtab_execute(&index->vtab,
                              sqa_sql("DROP TRIGGER IF EXISTS \"%w\".\"%w_%w\"", index->vtab.schema,
                                      index->vtab.table, sqa_trigger_names[i]));
    index->source_checked_at = -1;
    return rc;
}

/* ---- Today's names */

/*
** The column of the trigger NAME_insert, whose names SQLite may have written anew, in quotes or without:
**
**     CREATE TRIGGER name AFTER INSERT ON name BEGIN INSERT INTO name(rowid, _new) VALUES (new.name, new.name); END
*/
static char *indexed_column_of(const char *sql) {
    static const char *const words[] = {"CREATE TRIGGER ", " AFTER INSERT ON ",
                                        " BEGIN INSERT INTO ", "(rowid, _new) VALUES (new.",
                                        ", new."};
    char *name = sql == NULL ? NULL : sqa_object_new(strlen(sql) + 1);
    for (size_t i = 0; name != NULL && sql != NULL && i < sizeof words / sizeof words[0]; i++) {
        const size_t n = strlen(words[i]);
        sql = sqlite3_strnicmp(sql, words[i], (int)n) == 0
                  ? sqa_index_definition_name(sql + n, name)
                  : NULL;
    }
    if (sql != NULL)
        return name;
    sqa_object_free(name);
    return NULL;
}

/* Prepares a look at a trigger: its table's name and its SQL. */
static int prepare_trigger(struct sqa_index *index, enum sqa_trigger which, sqlite3_stmt **row) {
    return sqa_vtab_prepare(&index->vtab,
                            sqa_sql("SELECT tbl_name, sql FROM \"%w\".sqlite_master WHERE type = "
                                    "'trigger' AND name = '%q_%q' COLLATE NOCASE",
                                    index->vtab.schema, index->vtab.table,
                                    sqa_trigger_names[which]),
                            0, row);
}

int sqa_indexed_find(struct sqa_index *index) {
    struct sqa_indexed *source = &index->source;
    struct columns columns = {0};
    sqlite3_stmt *row;
    int rc = prepare_trigger(index, SQA_TRIGGER_INSERT, &row);
    if (rc == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW) {
        char *column = indexed_column_of((const char *)sqlite3_column_text(row, 1));
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

/* Does a trigger's SQL have each condition of the UNIQUE indexes? It may have those of indexes that are gone. NULL: no */
static bool has_conditions(const char *sql, const char *conditions) {
    static const char mark[] = " OR (";
    while (sql != NULL && *conditions != 0) {
        const char *end = strstr(conditions + 1, mark);
        end = end == NULL ? conditions + strlen(conditions) : end;
        char *condition = sqa_sql("%.*s", (int)(end - conditions), conditions);
        if (condition == NULL || strstr(sql, condition) == NULL)
            sql = NULL;
        sqa_object_free(condition);
        conditions = end;
    }
    return sql != NULL;
}

/* Compares a trigger with what it has to be. *same is false where it does not do for that. */
static int compare_trigger(struct sqa_index *index, enum sqa_trigger which, const char *into,
                           const struct sqa_uniques *uniques, bool *found, bool *same) {
    static const char create[] = "CREATE TRIGGER ";
    char *expected = sqa_trigger_sql(index, which, index->vtab.table, into, uniques);
    sqlite3_stmt *row = NULL;
    int rc = expected == NULL ? SQLITE_NOMEM : prepare_trigger(index, which, &row);
    *found = rc == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW;
    if (*found) {
        const char *sql = (const char *)sqlite3_column_text(row, 1);
        *same |= sql != NULL && sqlite3_strnicmp(sql, create, sizeof create - 1) == 0 &&
                 (strcmp(sql + sizeof create - 1, expected) == 0 ||
                  (which >= SQA_TRIGGER_REPLACE_INSERT && has_conditions(sql, uniques->condition)));
    }
    const int end = sqlite3_finalize(row);
    sqa_object_free(expected);
    return rc != SQLITE_OK ? rc : end;
}

static int check_triggers(struct sqa_index *index, const char *into, bool *is_covered) {
    struct sqa_uniques uniques;
    int rc = sqa_uniques_read(&uniques, index);
    *is_covered = uniques.is_covered;
    for (int i = 0; i < SQA_TRIGGERS && rc == SQLITE_OK; i++) {
        const enum sqa_trigger which = (enum sqa_trigger)i;
        bool found, same = false;
        rc = compare_trigger(index, which, into, &uniques, &found, &same);
        if (rc == SQLITE_OK && found && !same) /* PRAGMA legacy_alter_table leaves it as it was */
            rc = compare_trigger(index, which, index->vtab.table, &uniques, &found, &same);
        if (rc == SQLITE_OK && !found)
            rc = lost(index, sqa_trigger_names[i], "is missing");
        else if (rc == SQLITE_OK && !same && which < SQA_TRIGGER_REPLACE_INSERT)
            rc = lost(index, sqa_trigger_names[i], "has been changed");
        else if (rc == SQLITE_OK && !same)
            *is_covered = false;
    }
    sqa_uniques_clear(&uniques);
    return rc;
}

/* Has the table triggers of others? Those may change a row before ours tell of the change that has fired both. */
static int find_other_triggers(struct sqa_index *index) {
    static const char *const schemas[] = {NULL, "temp"};
    index->has_other_triggers = false;
    for (int i = 0; i < 2; i++) {
        const char *schema = schemas[i] == NULL ? index->vtab.schema : schemas[i];
        sqlite3_stmt *others;
        int rc = sqa_vtab_prepare(
            &index->vtab,
            sqa_sql("SELECT 1 FROM \"%w\".sqlite_master WHERE type = 'trigger' AND tbl_name = "
                    "'%q' COLLATE NOCASE AND NOT (%d AND name COLLATE NOCASE IN ('%q_insert', "
                    "'%q_delete', '%q_update', '%q_replace_insert', '%q_replace_update'))",
                    schema, index->source.table, schemas[i] == NULL, index->vtab.table,
                    index->vtab.table, index->vtab.table, index->vtab.table, index->vtab.table),
            0, &others);
        if (rc == SQLITE_OK && sqlite3_step(others) == SQLITE_ROW)
            index->has_other_triggers = true;
        const int end = sqlite3_finalize(others);
        if (rc != SQLITE_OK || end != SQLITE_OK)
            return rc != SQLITE_OK ? rc : end;
    }
    return SQLITE_OK;
}

/* Statements on the table may have its old names. */
static void finalize_source_statements(struct sqa_index *index) {
    for (int i = SQA_INDEX_GET_ARRAY; i <= SQA_INDEX_HAS_ROW; i++) {
        sqlite3_finalize(index->vtab.statements[i]);
        index->vtab.statements[i] = NULL;
    }
}

int sqa_indexed_find_again(struct sqa_index *index) {
    index->source_checked_at = -1;
    sqa_object_free(index->source.key);
    index->source.key = NULL;
    finalize_source_statements(index);
    return sqa_indexed_find(index);
}

/* into: the name by which the triggers call the index */
static int check(struct sqa_index *index, const char *into) {
    int rc = sqa_indexed_find_again(index);
    if (rc == SQLITE_OK && index->source.key == NULL)
        rc = sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                           "array_index: %s is the index of a table %s that is not there; drop "
                           "it, or make the table and INSERT INTO %s(%s) VALUES ('rebuild')",
                           index->vtab.table, index->source.table, index->vtab.table,
                           index->vtab.table);
    if (rc == SQLITE_OK && !index->source.has_column)
        rc = sqa_vtab_fail(&index->vtab, SQLITE_ERROR,
                           "array_index: %s is the index of a column %s that %s does not have any "
                           "more; drop it",
                           index->vtab.table, index->source.column, index->source.table);
    if (rc == SQLITE_OK)
        rc = check_triggers(index, into, &index->is_covered);
    if (rc == SQLITE_OK)
        rc = find_other_triggers(index);
    if (rc == SQLITE_OK)
        index->source_checked_at = index->vtab.verified_at;
    return rc;
}

int sqa_indexed_check(struct sqa_index *index) {
    if (index->source_checked_at >= 0 && index->source_checked_at == index->vtab.verified_at)
        return SQLITE_OK;
    return check(index, index->vtab.table);
}

int sqa_indexed_check_renamed(struct sqa_index *index, const char *name) {
    return check(index, name);
}
