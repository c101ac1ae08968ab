#include "vtab/shadow.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum { VERSION, TOKEN, FIRST_OPTION }; /* the columns of NAME_config */

static const char config_name[] = "config";

static int table_count(const struct sqa_vtab_form *form) {
    return form->shadow_count + 1; /* one more for NAME_config, which comes last */
}

static const char *name_of(const struct sqa_vtab_form *form, int shadow) {
    return shadow < form->shadow_count ? form->shadows[shadow] : config_name;
}

static char *columns_of_shadow(const struct sqa_vtab *vtab, int shadow) {
    const struct sqa_vtab_form *form = vtab->form;
    if (shadow < form->shadow_count)
        return form->columns(vtab, shadow);
    char *sql = sqa_sql("(version INTEGER, token INTEGER");
    for (int i = 0; i < form->option_count; i++)
        sql = sqa_sql_add(sql, ", \"%w\" INTEGER", form->options[i]);
    return sqa_sql_add(sql, ")");
}

bool sqa_shadow_is_name(const struct sqa_vtab_form *form, const char *name) {
    bool is_ours = form->companion != NULL && sqlite3_stricmp(name, form->companion) == 0;
    for (int i = 0; i < table_count(form); i++)
        is_ours |= sqlite3_stricmp(name, name_of(form, i)) == 0;
    return is_ours;
}

/* ---- Create, rename, drop */

static void create_table(struct sqa_vtab *vtab, int shadow) {
    char *columns = columns_of_shadow(vtab, shadow);
    char *sql = columns == NULL ? NULL
                                : sqa_sql("CREATE TABLE \"%w\".\"%w_%s\"%s", vtab->schema,
                                          vtab->table, name_of(vtab->form, shadow), columns);
    sqa_object_free(columns);
    (void)sqa_vtab_execute(vtab, sql);
}

static void fill_config(struct sqa_vtab *vtab) {
    do
        sqlite3_randomness(sizeof vtab->token, &vtab->token);
    while (vtab->token == 0);
    char *sql = sqa_sql("INSERT INTO \"%w\".\"%w_%s\" VALUES(%d, %lld", vtab->schema, vtab->table,
                        config_name, vtab->form->version, (long long)vtab->token);
    for (int i = 0; i < vtab->form->option_count; i++)
        sql = sqa_sql_add(sql, ", %lld", (long long)vtab->options[i]);
    (void)sqa_vtab_execute(vtab, sqa_sql_add(sql, ")"));
}

int sqa_shadow_create(struct sqa_vtab *vtab, const char *arguments) {
    const struct sqa_vtab_form *form = vtab->form;
    sqlite3 *db = vtab->connection->db;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    for (int i = 0; i < table_count(form); i++)
        create_table(vtab, i);
    fill_config(vtab);
    if (form->companion != NULL)
        (void)sqa_vtab_execute(vtab, sqa_sql("CREATE VIRTUAL TABLE \"%w\".\"%w_%s\" USING %s(%s)",
                                             vtab->schema, vtab->table, form->companion,
                                             form->companion_module, arguments));
    sqlite3_set_last_insert_rowid(db, last_insert);
    return vtab->status;
}

static void rename_one(struct sqa_vtab *vtab, const char *ending, const char *name) {
    if (sqa_vtab_failed(vtab))
        return;
    const int rc =
        sqa_vtab_execute(vtab, sqa_sql("ALTER TABLE \"%w\".\"%w_%s\" RENAME TO \"%w_%s\"",
                                       vtab->schema, vtab->table, ending, name, ending));
    if ((rc & 0xff) == SQLITE_ERROR)
        (void)sqa_vtab_explain(vtab, "%s: cannot rename %s_%s to %s_%s: %s", vtab->form->module,
                               vtab->table, ending, name, ending,
                               sqlite3_errmsg(vtab->connection->db));
}

/* Runs the query, which is freed, and returns true if it has a row. */
static bool gives_row(struct sqa_vtab *vtab, char *sql) {
    sqlite3_stmt *query;
    (void)sqa_vtab_prepare(vtab, sql, 0, &query);
    const bool found = sqa_vtab_step(vtab, query);
    sqa_vtab_finalize(vtab, query);
    return found && !sqa_vtab_failed(vtab);
}

/* Returns true if the schema has a table, view or index called NAME_ending. */
static bool is_taken(struct sqa_vtab *vtab, const char *name, const char *ending) {
    return gives_row(vtab, sqa_sql("SELECT 1 FROM \"%w\".sqlite_master "
                                   "WHERE name = '%q_%q' COLLATE NOCASE",
                                   vtab->schema, name, ending));
}

bool sqa_shadow_exists(struct sqa_vtab *vtab, const char *name) {
    return is_taken(vtab, name, config_name);
}

int sqa_shadow_rename(struct sqa_vtab *vtab, const char *name) {
    const struct sqa_vtab_form *form = vtab->form;
    for (int i = 0; i < table_count(form); i++)
        rename_one(vtab, name_of(form, i), name);
    if (form->companion != NULL && is_taken(vtab, vtab->table, form->companion))
        rename_one(vtab, form->companion, name);
    return vtab->status;
}

static void drop_one(struct sqa_vtab *vtab, const char *ending) {
    (void)sqa_vtab_execute(
        vtab, sqa_sql("DROP TABLE IF EXISTS \"%w\".\"%w_%s\"", vtab->schema, vtab->table, ending));
}

int sqa_shadow_drop(struct sqa_vtab *vtab) {
    const struct sqa_vtab_form *form = vtab->form;
    if (form->companion != NULL)
        drop_one(vtab, form->companion);
    for (int i = 0; i < table_count(form); i++)
        drop_one(vtab, name_of(form, i));
    return vtab->status;
}

/* ---- Verify */

int sqa_shadow_wrong(struct sqa_vtab *vtab, const char *shadow, const char *how) {
    return sqa_vtab_fail(vtab, SQLITE_CORRUPT_VTAB, "%s: %s_%s %s", vtab->form->module, vtab->table,
                         shadow, how);
}

static bool ends_with(const char *text, const char *end) {
    const size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

/*
** Returns true if this SQL statement, which is freed, would run a trigger. Also true if the
** trigger does not compile.
*/
static bool runs_trigger(struct sqa_vtab *vtab, char *change) {
    enum { OPCODE = 1 };
    sqlite3_stmt *program;
    bool found = false;
    char *sql = change == NULL ? NULL : sqa_sql("EXPLAIN %s", change);
    sqa_object_free(change);
    const int outer = sqa_status_begin(vtab);
    const int compiled = sqa_vtab_prepare(vtab, sql, 0, &program);
    while (sqa_vtab_step(vtab, program)) {
        const char *opcode = (const char *)sqlite3_column_text(program, OPCODE);
        found |= opcode != NULL && strcmp(opcode, "Program") == 0;
    }
    sqa_vtab_finalize(vtab, program);
    const int status = sqa_status_end(vtab, outer);
    if (compiled == SQLITE_ERROR)
        return true;
    (void)sqa_vtab_note(vtab, status);
    return found;
}

/*
** Returns true if changing the shadow table runs a trigger. Compiling such changes is the only
** way to learn which table a temporary trigger belongs to.
*/
static bool has_trigger(struct sqa_vtab *vtab, const char *shadow) {
    static const char *const changes[] = {"INSERT INTO \"%w\".\"%w_%s\" DEFAULT VALUES",
                                          "UPDATE \"%w\".\"%w_%s\" SET rowid = rowid",
                                          "DELETE FROM \"%w\".\"%w_%s\""};
    bool found = false;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0] && !sqa_vtab_failed(vtab); i++)
        found |= runs_trigger(vtab, sqa_sql(changes[i], vtab->schema, vtab->table, shadow));
    return found;
}

/* What the schema contains under the name of a shadow table */
struct shadow_search {
    bool has_table; /* the shadow table with the expected columns */
    /* something that the module did not create: another table, a trigger or an index */
    bool has_other;
    /* A temporary trigger. It may belong to a table of the same name in another database. */
    bool has_temporary_trigger;
};

static struct shadow_search look_for(struct sqa_vtab *vtab, const char *shadow,
                                     const char *columns) {
    struct shadow_search found = {false, false, false};
    sqlite3_stmt *schema;
    (void)sqa_vtab_prepare(vtab,
                           sqa_sql("SELECT type, sql, 0 FROM \"%w\".sqlite_master "
                                   "WHERE tbl_name = '%q_%s' COLLATE NOCASE "
                                   "UNION ALL SELECT type, sql, 1 FROM temp.sqlite_master "
                                   "WHERE tbl_name = '%q_%s' COLLATE NOCASE AND type = 'trigger'",
                                   vtab->schema, vtab->table, shadow, vtab->table, shadow),
                           0, &schema);
    while (sqa_vtab_step(vtab, schema)) {
        const char *type = (const char *)sqlite3_column_text(schema, 0);
        const char *sql = (const char *)sqlite3_column_text(schema, 1);
        if (sqlite3_column_int64(schema, 2) != 0)
            found.has_temporary_trigger = true;
        /* unreached: SQLite rejects a schema row without a type */
        else if (type != NULL && sql != NULL && strcmp(type, "table") == 0 &&
                 ends_with(sql, columns))
            found.has_table = true;
        else if (sql != NULL) /* the automatic index of a UNIQUE constraint has no SQL */
            found.has_other = true;
    }
    sqa_vtab_finalize(vtab, schema);
    return found;
}

/*
** Fails unless the shadow table exists with its columns, and has no other index and no trigger,
** because these would take effect when the module writes to the table.
*/
static void verify_table(struct sqa_vtab *vtab, int shadow) {
    const char *name = name_of(vtab->form, shadow);
    char *columns = columns_of_shadow(vtab, shadow);
    if (sqa_vtab_has_memory(vtab, columns != NULL)) {
        struct shadow_search found = look_for(vtab, name, columns);
        if (found.has_table && found.has_temporary_trigger)
            found.has_other |= has_trigger(vtab, name);
        if (found.has_other || !found.has_table)
            (void)sqa_vtab_fail(vtab, SQLITE_CORRUPT_VTAB,
                                "%s: %s_%s is not the table that %s made", vtab->form->module,
                                vtab->table, name, vtab->form->module);
    }
    sqa_object_free(columns);
}

static void verify_tables(struct sqa_vtab *vtab) {
    for (int i = 0; i < table_count(vtab->form); i++)
        verify_table(vtab, i);
}

/* The contents of NAME_config except the options */
struct shadow_config {
    int64_t version, token;
    /*
    ** how often SQLite has recompiled the statement that reads it, which shows changes of the
    ** schema
    */
    int compiled;
};

/* Returns the kept statement that reads NAME_config, or NULL after a failure. */
static sqlite3_stmt *config_statement(struct sqa_vtab *vtab) {
    const int which = vtab->form->statements;
    if (vtab->statements[which] == NULL) {
        char *sql = sqa_sql("SELECT version, token");
        for (int i = 0; i < vtab->form->option_count; i++)
            sql = sqa_sql_add(sql, ", \"%w\"", vtab->form->options[i]);
        sql = sqa_sql_add(sql, " FROM \"%w\".\"%w_%s\"", vtab->schema, vtab->table, config_name);
        (void)sqa_vtab_prepare(vtab, sql, SQLITE_PREPARE_PERSISTENT, &vtab->statements[which]);
    }
    return vtab->statements[which];
}

/*
** Reads NAME_config. If the table does not exist or has other columns, returns SQLITE_ERROR
** without making the method fail.
*/
static int read_config(struct sqa_vtab *vtab, struct shadow_config *read) {
    *read = (struct shadow_config){0, 0, 0};
    const int outer = sqa_status_begin(vtab);
    sqlite3_stmt *config = config_statement(vtab);
    if (sqa_vtab_step(vtab, config)) {
        read->version = sqlite3_column_int64(config, VERSION);
        read->token = sqlite3_column_int64(config, TOKEN);
        for (int i = 0; i < vtab->form->option_count; i++)
            vtab->options[i] = sqlite3_column_int64(config, FIRST_OPTION + i);
    }
    if (config != NULL)
        read->compiled = sqlite3_stmt_status(config, SQLITE_STMTSTATUS_REPREPARE, 0);
    sqa_vtab_reset(vtab, config);
    const int rc = sqa_status_end(vtab, outer);
    (void)sqa_vtab_note(vtab, rc == SQLITE_ERROR ? SQLITE_OK : rc);
    return rc;
}

/* Returns true if the schema has a virtual table of this module under the name of this object. */
static bool is_in_schema(struct sqa_vtab *vtab) {
    return gives_row(vtab, sqa_sql("SELECT 1 FROM \"%w\".sqlite_master WHERE name = '%q' "
                                   "COLLATE NOCASE AND rootpage = 0 AND instr(lower(sql), '%q')",
                                   vtab->schema, vtab->table, vtab->form->module));
}

int64_t sqa_shadow_verify(struct sqa_vtab *vtab) {
    const struct sqa_vtab_form *form = vtab->form;
    struct shadow_config config;
    if (sqa_vtab_failed(vtab))
        return 0;
    const int rc = read_config(vtab, &config);
    if (rc == SQLITE_OK && vtab->token != 0 && config.token != 0 && config.token != vtab->token)
        return config.token; /* another table, which this object does not describe */
    if (rc == SQLITE_ERROR) {
        if (!is_in_schema(vtab))
            return 0;
        verify_tables(vtab); /* reports what is wrong, unless NAME_config has become readable */
        (void)sqa_vtab_note(vtab, SQLITE_ERROR);
    } else if (vtab->verified_at != config.compiled) {
        vtab->verified_at = -1;
        verify_tables(vtab);
    }
    if (config.version > form->version)
        (void)sqa_vtab_fail(vtab, SQLITE_ERROR,
                            "%s: %s has format %lld, this library reads up to %d", form->module,
                            vtab->table, (long long)config.version, form->version);
    if (config.version < 1 || config.token == 0 ||
        (form->options_are_sound != NULL && !form->options_are_sound(vtab)))
        (void)sqa_shadow_wrong(vtab, config_name, "is damaged");
    if (sqa_vtab_failed(vtab))
        return 0;
    vtab->verified_at = config.compiled;
    return config.token;
}
