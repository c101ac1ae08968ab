#include "vtab/vtab.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vtab/message.h"
#include "vtab/transaction.h"

SQLITE_EXTENSION_INIT3

static char *copy_of(const char *text, size_t size) {
    char *copy = sqa_object_new(size + 1);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

struct sqa_vtab *sqa_vtab_new(const struct sqa_vtab_form *form, size_t size,
                              struct sqa_connection *connection, const char *schema,
                              const char *table, size_t table_size) {
    struct sqa_vtab *vtab = sqa_object_new(size);
    if (vtab == NULL)
        return NULL;
    vtab->form = form;
    vtab->connection = connection;
    vtab->verified_at = -1;
    vtab->schema = copy_of(schema, strlen(schema));
    vtab->table = copy_of(table, table_size);
    /* the last is that for NAME_config */
    vtab->statements = sqa_object_new((size_t)(form->statements + 1) * sizeof(sqlite3_stmt *));
    if (vtab->schema != NULL && vtab->table != NULL && vtab->statements != NULL)
        vtab->memory = sqa_memory_hold(vtab);
    if (vtab->memory == NULL) {
        sqa_vtab_free(vtab);
        return NULL;
    }
    return vtab;
}

void sqa_vtab_free(struct sqa_vtab *vtab) {
    if (vtab->statements != NULL)
        sqa_vtab_finalize_statements(vtab);
    if (vtab->memory != NULL)
        sqa_memory_release(vtab);
    sqa_object_free(vtab->statements);
    sqa_object_free(vtab->schema);
    sqa_object_free(vtab->table);
    sqa_object_free(vtab->base.zErrMsg); /* of a failure whose message SQLite does not ask for */
    sqa_object_free(vtab);
}

int sqa_vtab_fail(struct sqa_vtab *vtab, int rc, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return sqa_vtab_message(&vtab->base, rc, sqa_message("%s", text));
}

int sqa_vtab_prepare(const struct sqa_vtab *vtab, char *sql, unsigned flags,
                     sqlite3_stmt **statement) {
    *statement = NULL;
    if (sql == NULL)
        return SQLITE_NOMEM;
    const int rc = sqlite3_prepare_v3(vtab->connection->db, sql, -1, SQLITE_PREPARE_NO_VTAB | flags,
                                      statement, NULL);
    sqa_object_free(sql);
    return rc;
}

int sqa_vtab_take_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt **statement) {
    *statement = vtab->statements[which];
    vtab->statements[which] = NULL;
    return *statement != NULL ? SQLITE_OK
                              : sqa_vtab_prepare(vtab, vtab->form->sql(vtab, which),
                                                 SQLITE_PREPARE_PERSISTENT, statement);
}

void sqa_vtab_return_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt *statement) {
    (void)sqlite3_reset(statement);
    if (vtab->statements[which] == NULL)
        vtab->statements[which] = statement;
    else
        sqlite3_finalize(statement);
}

int sqa_vtab_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt **statement) {
    const int rc = sqa_vtab_take_statement(vtab, which, statement);
    vtab->statements[which] = *statement;
    return rc;
}

void sqa_vtab_finalize_statements(struct sqa_vtab *vtab) {
    for (int i = 0; i <= vtab->form->statements; i++) {
        sqlite3_finalize(vtab->statements[i]);
        vtab->statements[i] = NULL;
    }
    vtab->verified_at = -1;
}

int sqa_vtab_execute(const struct sqa_vtab *vtab, char *sql) {
    const int rc =
        sql == NULL ? SQLITE_NOMEM : sqlite3_exec(vtab->connection->db, sql, NULL, NULL, NULL);
    sqa_object_free(sql);
    return rc;
}

int sqa_statement_run(sqlite3_stmt *statement) {
    (void)sqlite3_step(statement);
    return sqlite3_reset(statement);
}
