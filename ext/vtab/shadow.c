#include "vtab/shadow.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

enum { VERSION, TOKEN, FIRST_OPTION }; /* columns of NAME_config */

static const char config_name[] = "config";

static int table_count(const struct sqa_vtab_form *form) {
    return form->shadow_count + 1; /* the last is NAME_config */
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

/* ---- Making, renaming, dropping */

static int create_table(const struct sqa_vtab *vtab, int shadow) {
    char *columns = columns_of_shadow(vtab, shadow);
    char *sql = columns == NULL ? NULL
                                : sqa_sql("CREATE TABLE \"%w\".\"%w_%s\"%s", vtab->schema,
                                          vtab->table, name_of(vtab->form, shadow), columns);
    sqa_object_free(columns);
    return sqa_vtab_execute(vtab, sql);
}

static int fill_config(struct sqa_vtab *vtab) {
    do
        sqlite3_randomness(sizeof vtab->token, &vtab->token);
    while (vtab->token == 0);
    char *sql = sqa_sql("INSERT INTO \"%w\".\"%w_%s\" VALUES(%d, %lld", vtab->schema, vtab->table,
                        config_name, vtab->form->version, (long long)vtab->token);
    for (int i = 0; i < vtab->form->option_count; i++)
        sql = sqa_sql_add(sql, ", %lld", (long long)vtab->options[i]);
    return sqa_vtab_execute(vtab, sqa_sql_add(sql, ")"));
}

int sqa_shadow_create(struct sqa_vtab *vtab, const char *arguments) {
    const struct sqa_vtab_form *form = vtab->form;
    sqlite3 *db = vtab->connection->db;
    const int64_t last_insert = sqlite3_last_insert_rowid(db);
    int rc = SQLITE_OK;
    for (int i = 0; i < table_count(form) && rc == SQLITE_OK; i++)
        rc = create_table(vtab, i);
    if (rc == SQLITE_OK)
        rc = fill_config(vtab);
    if (rc == SQLITE_OK && form->companion != NULL)
        rc = sqa_vtab_execute(vtab, sqa_sql("CREATE VIRTUAL TABLE \"%w\".\"%w_%s\" USING %s(%s)",
                                            vtab->schema, vtab->table, form->companion,
                                            form->companion_module, arguments));
    sqlite3_set_last_insert_rowid(db, last_insert);
    return rc;
}

static int rename_one(struct sqa_vtab *vtab, const char *ending, const char *name) {
    const int rc =
        sqa_vtab_execute(vtab, sqa_sql("ALTER TABLE \"%w\".\"%w_%s\" RENAME TO \"%w_%s\"",
                                       vtab->schema, vtab->table, ending, name, ending));
    if ((rc & 0xff) == SQLITE_ERROR)
        return sqa_vtab_fail(vtab, rc, "%s: cannot rename %s_%s to %s_%s: %s", vtab->form->module,
                             vtab->table, ending, name, ending,
                             sqlite3_errmsg(vtab->connection->db));
    return rc;
}

/* Is there something by this name in the schema? */
static int is_name_taken(struct sqa_vtab *vtab, const char *name, bool *found) {
    sqlite3_stmt *schema;
    int rc = sqa_vtab_prepare(
        vtab,
        sqa_sql("SELECT 1 FROM \"%w\".sqlite_master WHERE name = '%q' COLLATE NOCASE", vtab->schema,
                name),
        0, &schema);
    *found = rc == SQLITE_OK && sqlite3_step(schema) == SQLITE_ROW;
    const int end = sqlite3_finalize(schema);
    return rc != SQLITE_OK ? rc : end;
}

int sqa_shadow_exists(struct sqa_vtab *vtab, const char *name, bool *found) {
    char *config = sqa_sql("%s_%s", name, config_name);
    const int rc = config == NULL ? SQLITE_NOMEM : is_name_taken(vtab, config, found);
    sqa_object_free(config);
    return rc;
}

int sqa_shadow_rename(struct sqa_vtab *vtab, const char *name) {
    int rc = SQLITE_OK;
    for (int i = 0; i < table_count(vtab->form) && rc == SQLITE_OK; i++)
        rc = rename_one(vtab, name_of(vtab->form, i), name);
    if (rc != SQLITE_OK || vtab->form->companion == NULL)
        return rc;
    bool found;
    char *companion = sqa_sql("%s_%s", vtab->table, vtab->form->companion);
    rc = companion == NULL ? SQLITE_NOMEM : is_name_taken(vtab, companion, &found);
    sqa_object_free(companion);
    return rc == SQLITE_OK && found ? rename_one(vtab, vtab->form->companion, name) : rc;
}

int sqa_shadow_drop(struct sqa_vtab *vtab) {
    const struct sqa_vtab_form *form = vtab->form;
    int rc = SQLITE_OK;
    if (form->companion != NULL)
        rc = sqa_vtab_execute(vtab, sqa_sql("DROP TABLE IF EXISTS \"%w\".\"%w_%s\"", vtab->schema,
                                            vtab->table, form->companion));
    for (int i = 0; i < table_count(form) && rc == SQLITE_OK; i++)
        rc = sqa_vtab_execute(vtab, sqa_sql("DROP TABLE IF EXISTS \"%w\".\"%w_%s\"", vtab->schema,
                                            vtab->table, name_of(form, i)));
    return rc;
}

/* ---- Verifying */

int sqa_shadow_wrong(struct sqa_vtab *vtab, const char *shadow, const char *how) {
    return sqa_vtab_fail(vtab, SQLITE_CORRUPT_VTAB, "%s: %s_%s %s", vtab->form->module, vtab->table,
                         shadow, how);
}

static bool ends_with(const char *text, const char *end) {
    const size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && memcmp(text + size - end_size, end, end_size) == 0;
}

/* Does a change of the shadow table run a trigger? Asked of SQLite's compiler, as only it knows which table is meant. */
static int has_trigger(struct sqa_vtab *vtab, const char *shadow, bool *found) {
    static const char *const changes[] = {"INSERT INTO \"%w\".\"%w_%s\" DEFAULT VALUES",
                                          "UPDATE \"%w\".\"%w_%s\" SET rowid = rowid",
                                          "DELETE FROM \"%w\".\"%w_%s\""};
    enum { OPCODE = 1 };
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0] && rc == SQLITE_OK; i++) {
        sqlite3_stmt *program;
        char *change = sqa_sql(changes[i], vtab->schema, vtab->table, shadow);
        char *sql = change == NULL ? NULL : sqa_sql("EXPLAIN %s", change);
        sqa_object_free(change);
        rc = sqa_vtab_prepare(vtab, sql, 0, &program);
        while (rc == SQLITE_OK && sqlite3_step(program) == SQLITE_ROW) {
            const char *opcode = (const char *)sqlite3_column_text(program, OPCODE);
            *found |= opcode != NULL && strcmp(opcode, "Program") == 0;
        }
        const int end = sqlite3_finalize(program);
        if (rc == SQLITE_ERROR) { /* a trigger that cannot even be compiled */
            *found = true;
            return SQLITE_OK;
        }
        rc = rc == SQLITE_OK ? end : rc;
    }
    return rc;
}

/*
** A shadow table is in the schema, with its columns, and nothing else belongs to it: what a trigger or an index does
** would become part of our writing. A temporary trigger may be for a table of this name in another database.
*/
static int verify_table(struct sqa_vtab *vtab, int shadow) {
    char *columns = columns_of_shadow(vtab, shadow);
    const char *which = name_of(vtab->form, shadow);
    sqlite3_stmt *schema = NULL;
    bool found = false, is_wrong = false, maybe_trigger = false;
    int rc = columns == NULL
                 ? SQLITE_NOMEM
                 : sqa_vtab_prepare(
                       vtab,
                       sqa_sql("SELECT type, sql, 0 FROM \"%w\".sqlite_master "
                               "WHERE tbl_name = '%q_%s' COLLATE NOCASE "
                               "UNION ALL SELECT type, sql, 1 FROM temp.sqlite_master "
                               "WHERE tbl_name = '%q_%s' COLLATE NOCASE AND type = 'trigger'",
                               vtab->schema, vtab->table, which, vtab->table, which),
                       0, &schema);
    while (rc == SQLITE_OK && sqlite3_step(schema) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(schema, 0);
        const char *sql = (const char *)sqlite3_column_text(schema, 1);
        if (sqlite3_column_int64(schema, 2) != 0)
            maybe_trigger = true;
        /* unreached: no type, which SQLite does not let pass */
        else if (type != NULL && sql != NULL && strcmp(type, "table") == 0 &&
                 ends_with(sql, columns))
            found = true;
        else if (sql != NULL) /* the index of a UNIQUE constraint has none */
            is_wrong = true;
    }
    const int end = sqlite3_finalize(schema);
    sqa_object_free(columns);
    if (rc == SQLITE_OK)
        rc = end;
    if (rc == SQLITE_OK && found && maybe_trigger)
        rc = has_trigger(vtab, which, &is_wrong);
    if (rc == SQLITE_OK && (is_wrong || !found)) {
        char *how = sqa_sql("is not the table that %s made", vtab->form->module);
        rc = how == NULL ? SQLITE_NOMEM : sqa_shadow_wrong(vtab, which, how);
        sqa_object_free(how);
    }
    return rc;
}

static int verify_tables(struct sqa_vtab *vtab) {
    int rc = SQLITE_OK;
    for (int i = 0; i < table_count(vtab->form) && rc == SQLITE_OK; i++)
        rc = verify_table(vtab, i);
    return rc;
}

/* The kept statement that reads NAME_config */
static int config_statement(struct sqa_vtab *vtab, sqlite3_stmt **config) {
    const int which = vtab->form->statements;
    if (vtab->statements[which] == NULL) {
        char *sql = sqa_sql("SELECT version, token");
        for (int i = 0; i < vtab->form->option_count; i++)
            sql = sqa_sql_add(sql, ", \"%w\"", vtab->form->options[i]);
        sql = sqa_sql_add(sql, " FROM \"%w\".\"%w_%s\"", vtab->schema, vtab->table, config_name);
        const int rc =
            sqa_vtab_prepare(vtab, sql, SQLITE_PREPARE_PERSISTENT, &vtab->statements[which]);
        if (rc != SQLITE_OK)
            return rc;
    }
    *config = vtab->statements[which];
    return SQLITE_OK;
}

/* Reads NAME_config. *compiled: how often the statement for it has been compiled, which follows the schema. */
static int read_config(struct sqa_vtab *vtab, int64_t *version, int64_t *token, int *compiled) {
    sqlite3_stmt *config;
    *version = *token = 0;
    const int rc = config_statement(vtab, &config);
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(config) == SQLITE_ROW) {
        *version = sqlite3_column_int64(config, VERSION);
        *token = sqlite3_column_int64(config, TOKEN);
        for (int i = 0; i < vtab->form->option_count; i++)
            vtab->options[i] = sqlite3_column_int64(config, FIRST_OPTION + i);
    }
    *compiled = sqlite3_stmt_status(config, SQLITE_STMTSTATUS_REPREPARE, 0);
    return sqlite3_reset(config);
}

/* Is a virtual table of this module by this object's name in the schema? */
static int is_in_schema(struct sqa_vtab *vtab, bool *found) {
    sqlite3_stmt *schema;
    const int rc =
        sqa_vtab_prepare(vtab,
                         sqa_sql("SELECT 1 FROM \"%w\".sqlite_master WHERE name = '%q' "
                                 "COLLATE NOCASE AND rootpage = 0 AND instr(lower(sql), '%q')",
                                 vtab->schema, vtab->table, vtab->form->module),
                         0, &schema);
    *found = rc == SQLITE_OK && sqlite3_step(schema) == SQLITE_ROW;
    const int end = sqlite3_finalize(schema);
    return rc != SQLITE_OK ? rc : end;
}

int sqa_shadow_verify(struct sqa_vtab *vtab, int64_t *token) {
    const struct sqa_vtab_form *form = vtab->form;
    int64_t version;
    int compiled;
    int rc = read_config(vtab, &version, token, &compiled);
    if (rc == SQLITE_ERROR) { /* there is no such table, or it has other columns */
        bool found;
        *token = 0;
        rc = is_in_schema(vtab, &found);
        if (rc != SQLITE_OK || !found)
            return rc;
        rc = verify_tables(vtab);
        return rc == SQLITE_OK ? SQLITE_ERROR : rc;
    }
    if (rc == SQLITE_OK && vtab->verified_at != compiled) {
        vtab->verified_at = -1;
        rc = verify_tables(vtab);
    }
    if (rc != SQLITE_OK)
        return rc;
    if (version > form->version)
        return sqa_vtab_fail(vtab, SQLITE_ERROR,
                             "%s: %s has format %lld, this library reads up to %d", form->module,
                             vtab->table, (long long)version, form->version);
    if (version < 1 || *token == 0 ||
        (form->options_are_sound != NULL && !form->options_are_sound(vtab)))
        return sqa_shadow_wrong(vtab, config_name, "is damaged");
    vtab->verified_at = compiled;
    return SQLITE_OK;
}
