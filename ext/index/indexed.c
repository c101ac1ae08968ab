#include "index/indexed.h"

#include <string.h>

#include "index/triggers.h"

SQLITE_EXTENSION_INIT3

/*
** Replaces *text, which is freed, by a copy of `to`. Fails if `to` is NULL, which SQLite returns
** when out of memory.
*/
static void set_text(struct sqa_index *index, char **text, const unsigned char *to) {
    char *copy = to == NULL ? NULL : sqa_sql("%s", (const char *)to);
    if (!sqa_vtab_has_memory(&index->vtab, copy != NULL)) {
        sqa_object_free(copy);
        return;
    }
    sqa_object_free(*text);
    *text = copy;
}

/* ---- What the schema says about the table */

struct columns {
    int keys;        /* number of columns of the PRIMARY KEY */
    char *key;       /* the name of the last one, owned */
    bool is_integer; /* the type of this column is INTEGER */
    bool found;      /* the table has the indexed column */
    bool is_generated;
    bool has_key_index; /* the primary key is not the rowid */
};

static void read_column(struct sqa_index *index, struct columns *columns, sqlite3_stmt *row) {
    enum { NAME = 1, TYPE = 2, KEY = 5, HIDDEN = 6 }; /* of PRAGMA table_xinfo */
    const unsigned char *name = sqlite3_column_text(row, NAME);
    const char *type = (const char *)sqlite3_column_text(row, TYPE);
    if (!sqa_vtab_has_memory(&index->vtab, name != NULL && type != NULL))
        return;
    if (sqlite3_column_int64(row, KEY) > 0) {
        columns->keys++;
        columns->is_integer = sqlite3_stricmp(type, "INTEGER") == 0;
        set_text(index, &columns->key, name);
    }
    if (sqlite3_stricmp((const char *)name, index->source.column) == 0) {
        columns->found = true;
        columns->is_generated = sqlite3_column_int64(row, HIDDEN) > 1;
    }
}

static void read_columns(struct sqa_index *index, struct columns *columns) {
    sqlite3_stmt *rows = sqa_index_pragma(index, "table_xinfo", index->source.table);
    while (sqa_vtab_step(&index->vtab, rows))
        read_column(index, columns, rows);
    sqa_vtab_finalize(&index->vtab, rows);
}

/* Finds out whether the primary key has an index; if not, it is the rowid. */
static void read_key_index(struct sqa_index *index, struct columns *columns) {
    enum { ORIGIN = 3 }; /* of PRAGMA index_list */
    sqlite3_stmt *rows = sqa_index_pragma(index, "index_list", index->source.table);
    while (sqa_vtab_step(&index->vtab, rows)) {
        const char *origin = (const char *)sqlite3_column_text(rows, ORIGIN);
        columns->has_key_index |= origin != NULL && strcmp(origin, "pk") == 0;
    }
    sqa_vtab_finalize(&index->vtab, rows);
}

/* Returns "table", "view" or "virtual table", or NULL if nothing has this name. */
static const char *read_kind(struct sqa_index *index) {
    const char *kind = NULL;
    sqlite3_stmt *schema;
    (void)sqa_vtab_prepare(&index->vtab,
                           sqa_sql("SELECT type = 'view', rootpage = 0 FROM \"%w\".sqlite_master "
                                   "WHERE name = '%q' COLLATE NOCASE AND type IN ('table', 'view')",
                                   index->vtab.schema, index->source.table),
                           0, &schema);
    if (sqa_vtab_step(&index->vtab, schema))
        kind = sqlite3_column_int64(schema, 0) != 0   ? "view"
               : sqlite3_column_int64(schema, 1) != 0 ? "virtual table"
                                                      : "table";
    sqa_vtab_finalize(&index->vtab, schema);
    return kind;
}

/*
** Reads what PRAGMAs say about the key and the column. source.key stays unchanged if there is no
** such table.
*/
static struct columns read_table(struct sqa_index *index) {
    struct sqa_indexed *source = &index->source;
    struct columns columns = {0};
    read_columns(index, &columns);
    read_key_index(index, &columns);
    if (!sqa_index_failed(index) && columns.key != NULL) {
        sqa_object_free(source->key);
        source->key = columns.key;
        source->has_column = columns.found;
        source->is_generated = columns.is_generated;
    } else {
        sqa_object_free(columns.key);
    }
    columns.key = NULL;
    return columns;
}

void sqa_indexed_inspect(struct sqa_index *index) {
    const struct sqa_indexed *source = &index->source;
    struct sqa_vtab *vtab = &index->vtab;
    const char *kind = read_kind(index), *why = NULL;
    if (kind == NULL)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR, "array_index: there is no table %s in %s",
                            source->table, vtab->schema);
    else if (strcmp(kind, "table") != 0)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR,
                            "array_index: %s is a %s, whose changes cannot be followed",
                            source->table, kind);
    const struct columns columns = read_table(index);
    if (sqa_index_failed(index))
        return;
    if (columns.keys != 1 || !columns.is_integer || columns.has_key_index)
        why = "has no INTEGER PRIMARY KEY, and VACUUM may give its rows other numbers";
    else if (!columns.found)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR, "array_index: %s has no column %s", source->table,
                            source->column);
    else if (sqlite3_stricmp(source->key, source->column) == 0)
        why = "has its key as this column, which holds no arrays";
    else if (sqlite3_stricmp(source->key, vtab->table) == 0 ||
             sqlite3_stricmp(source->column, vtab->table) == 0)
        why = "has a column by the name of the index";
    if (why != NULL)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR, "array_index: %s %s", source->table, why);
}

/* ---- Creating and dropping the triggers */

static void create_trigger(struct sqa_index *index, enum sqa_trigger which, const char *name,
                           const struct sqa_uniques *uniques) {
    if (sqa_index_failed(index))
        return;
    char *trigger = sqa_trigger_sql(index, which, name, name, uniques);
    char *sql =
        trigger == NULL ? NULL : sqa_sql("CREATE TRIGGER \"%w\".%s", index->vtab.schema, trigger);
    sqa_object_free(trigger);
    if (sqa_vtab_execute(&index->vtab, sql) == SQLITE_ERROR)
        (void)sqa_vtab_explain(&index->vtab, "array_index: %s",
                               sqlite3_errmsg(index->vtab.connection->db));
}

void sqa_indexed_follow(struct sqa_index *index, const char *name) {
    struct sqa_uniques uniques;
    sqa_uniques_read(&uniques, index);
    for (int i = 0; i < SQA_TRIGGERS; i++)
        create_trigger(index, (enum sqa_trigger)i, name, &uniques);
    sqa_uniques_clear(&uniques);
    index->source_checked_at = -1;
}

void sqa_indexed_leave(struct sqa_index *index) {
    for (int i = 0; i < SQA_TRIGGERS; i++)
        (void)sqa_vtab_execute(&index->vtab, sqa_sql("DROP TRIGGER IF EXISTS \"%w\".\"%w_%w\"",
                                                     index->vtab.schema, index->vtab.table,
                                                     sqa_trigger_names[i]));
    index->source_checked_at = -1;
}

/* ---- Present names */

/*
** Returns the indexed column, read from the SQL of the trigger NAME_insert. SQLite may have renamed
** what it names, with or without quotes:
**
**     CREATE TRIGGER name AFTER INSERT ON name BEGIN INSERT INTO name(rowid, _new) VALUES
**         (new.name, new.name); END
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

/* Prepares a query for a trigger's table and SQL. Returns NULL after a failure. */
static sqlite3_stmt *prepare_trigger(struct sqa_index *index, enum sqa_trigger which) {
    sqlite3_stmt *row;
    (void)sqa_vtab_prepare(&index->vtab,
                           sqa_sql("SELECT tbl_name, sql FROM \"%w\".sqlite_master WHERE type = "
                                   "'trigger' AND name = '%q_%q' COLLATE NOCASE",
                                   index->vtab.schema, index->vtab.table, sqa_trigger_names[which]),
                           0, &row);
    return row;
}

void sqa_indexed_find(struct sqa_index *index) {
    struct sqa_indexed *source = &index->source;
    sqlite3_stmt *row = prepare_trigger(index, SQA_TRIGGER_INSERT);
    if (sqa_vtab_step(&index->vtab, row)) {
        char *column = indexed_column_of((const char *)sqlite3_column_text(row, 1));
        set_text(index, &source->table, sqlite3_column_text(row, 0));
        if (column != NULL) {
            sqa_object_free(source->column);
            source->column = column;
        }
    }
    sqa_vtab_finalize(&index->vtab, row);
    if (source->table != NULL)
        (void)read_table(index);
}

/* Finalizes the statements on the table, because they may contain old names. */
static void finalize_source_statements(struct sqa_index *index) {
    for (int i = SQA_INDEX_GET_ARRAY; i <= SQA_INDEX_HAS_ROW; i++) {
        sqlite3_finalize(index->vtab.statements[i]);
        index->vtab.statements[i] = NULL;
    }
}

void sqa_indexed_find_again(struct sqa_index *index) {
    if (sqa_index_failed(index))
        return;
    index->source_checked_at = -1;
    sqa_object_free(index->source.key);
    index->source.key = NULL;
    finalize_source_statements(index);
    sqa_indexed_find(index);
}

/* ---- Checking the triggers */

static void lost(struct sqa_index *index, const char *ending, const char *how) {
    (void)sqa_vtab_fail(
        &index->vtab, SQLITE_ERROR,
        "array_index: %s does not follow %s any more, its trigger %s_%s %s; it does after INSERT "
        "INTO %s(%s) VALUES ('rebuild')",
        index->vtab.table, index->source.table, index->vtab.table, ending, how, index->vtab.table,
        index->vtab.table);
}

/* Returns true if sql contains the text, which is freed. */
static bool has_text(const char *sql, char *text) {
    const bool has = text != NULL && strstr(sql, text) != NULL;
    sqa_object_free(text);
    return has;
}

/*
** Returns true if the SQL of a trigger for REPLACE covers everything that is unique in the table.
** It may cover more, which was unique when the trigger was created.
*/
static bool looks_at_all(const struct sqa_index *index, const char *sql,
                         const struct sqa_uniques *uniques) {
    static const char mark[] = " OR (";
    bool does = has_text(sql, sqa_sql(" FROM \"%w\" AS c WHERE ", index->source.table)) &&
                !(uniques->is_computed && strstr(sql, " BEFORE UPDATE OF ") != NULL);
    for (const char *condition = uniques->condition; does && *condition != 0;) {
        const char *end = strstr(condition + 1, mark);
        end = end == NULL ? condition + strlen(condition) : end;
        does = has_text(sql, sqa_sql("%.*s", (int)(end - condition), condition));
        condition = end;
    }
    return does;
}

enum trigger_state { TRIGGER_MISSING, TRIGGER_CHANGED, TRIGGER_THERE };

/* Compares a trigger with the one expected, in which the index is called `into`. */
static enum trigger_state compare_trigger(struct sqa_index *index, enum sqa_trigger which,
                                          const char *into, const struct sqa_uniques *uniques) {
    static const char create[] = "CREATE TRIGGER ";
    enum trigger_state state = TRIGGER_MISSING;
    char *expected = sqa_trigger_sql(index, which, index->vtab.table, into, uniques);
    (void)sqa_vtab_has_memory(&index->vtab, expected != NULL);
    sqlite3_stmt *row = prepare_trigger(index, which);
    if (sqa_vtab_step(&index->vtab, row)) {
        const char *sql = (const char *)sqlite3_column_text(row, 1);
        const bool is_same =
            sql != NULL && sqlite3_strnicmp(sql, create, sizeof create - 1) == 0 &&
            (strcmp(sql + sizeof create - 1, expected) == 0 ||
             (which >= SQA_TRIGGER_REPLACE_INSERT && looks_at_all(index, sql, uniques)));
        state = is_same ? TRIGGER_THERE : TRIGGER_CHANGED;
    }
    sqa_vtab_finalize(&index->vtab, row);
    sqa_object_free(expected);
    return state;
}

/* Sets index->is_behind if a trigger for REPLACE does not cover everything that is unique. */
static void check_trigger(struct sqa_index *index, enum sqa_trigger which, const char *into,
                          const struct sqa_uniques *uniques) {
    if (sqa_index_failed(index))
        return;
    enum trigger_state state = compare_trigger(index, which, into, uniques);
    if (state == TRIGGER_CHANGED) /* PRAGMA legacy_alter_table keeps the old name in it */
        state = compare_trigger(index, which, index->vtab.table, uniques);
    if (state == TRIGGER_MISSING)
        lost(index, sqa_trigger_names[which], "is missing");
    else if (state == TRIGGER_CHANGED && which < SQA_TRIGGER_REPLACE_INSERT)
        lost(index, sqa_trigger_names[which], "has been changed");
    else if (state == TRIGGER_CHANGED)
        index->is_behind = true;
}

static void check_triggers(struct sqa_index *index, const char *into) {
    struct sqa_uniques uniques;
    sqa_uniques_read(&uniques, index);
    index->is_behind = false;
    for (int i = 0; i < SQA_TRIGGERS; i++)
        check_trigger(index, (enum sqa_trigger)i, into, &uniques);
    index->is_covered = uniques.is_covered && !index->is_behind;
    sqa_uniques_clear(&uniques);
}

/*
** Returns true if this schema has other triggers of the table. They may change a row before ours
** report the change that fired both.
*/
static bool has_other_triggers_in(struct sqa_index *index, const char *schema, bool with_ours) {
    const char *name = index->vtab.table;
    sqlite3_stmt *others;
    (void)sqa_vtab_prepare(
        &index->vtab,
        sqa_sql("SELECT 1 FROM \"%w\".sqlite_master WHERE type = 'trigger' AND tbl_name = "
                "'%q' COLLATE NOCASE AND NOT (%d AND name COLLATE NOCASE IN ('%q_insert', "
                "'%q_delete', '%q_update', '%q_replace_insert', '%q_replace_update'))",
                schema, index->source.table, with_ours, name, name, name, name, name),
        0, &others);
    const bool found = sqa_vtab_step(&index->vtab, others);
    sqa_vtab_finalize(&index->vtab, others);
    return found;
}

/* Checks the triggers. `into` is the name by which they call the index. */
static void check(struct sqa_index *index, const char *into) {
    struct sqa_vtab *vtab = &index->vtab;
    const struct sqa_indexed *source = &index->source;
    sqa_indexed_find_again(index);
    if (source->key == NULL)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR,
                            "array_index: %s is the index of a table %s that is not there; drop "
                            "it, or make the table and INSERT INTO %s(%s) VALUES ('rebuild')",
                            vtab->table, source->table, vtab->table, vtab->table);
    else if (!source->has_column)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR,
                            "array_index: %s is the index of a column %s that %s does not have any "
                            "more; drop it",
                            vtab->table, source->column, source->table);
    if (sqa_index_failed(index))
        return;
    check_triggers(index, into);
    index->has_other_triggers = has_other_triggers_in(index, vtab->schema, true);
    index->has_other_triggers |= has_other_triggers_in(index, "temp", false);
    if (!sqa_index_failed(index))
        index->source_checked_at = vtab->verified_at;
}

void sqa_indexed_check(struct sqa_index *index) {
    if (index->source_checked_at < 0 || index->source_checked_at != index->vtab.verified_at)
        check(index, index->vtab.table);
}

void sqa_indexed_check_renamed(struct sqa_index *index, const char *name) {
    check(index, name);
}
