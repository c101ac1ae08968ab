#include "vtab/vtab.h"

#include <stdarg.h>

#include "vtab/message.h"
#include "vtab/table_memory.h"

SQLITE_EXTENSION_INIT3

struct sqa_vtab *sqa_vtab_new(const struct sqa_vtab_form *form, size_t size,
                              struct sqa_connection *connection, const char *schema,
                              const char *table, int columns) {
    struct sqa_vtab *vtab = sqa_object_new(size);
    if (vtab == NULL)
        return NULL;
    vtab->form = form;
    vtab->connection = connection;
    vtab->verified_at = -1;
    vtab->schema = sqa_message("%s", schema);
    vtab->table = sqa_message("%s", table);
    /* One more than the form has: the last one reads NAME_config. */
    vtab->statements = sqa_object_new((size_t)(form->statements + 1) * sizeof(sqlite3_stmt *));
    if (vtab->schema != NULL && vtab->table != NULL && vtab->statements != NULL)
        vtab->memory = sqa_memory_hold(connection, form, vtab->schema, vtab->table, columns);
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
        sqa_memory_release(vtab->connection, vtab->memory);
    sqa_object_free(vtab->statements);
    sqa_object_free(vtab->schema);
    sqa_object_free(vtab->table);
    /* may be set by a failure whose message SQLite has not read */
    sqa_object_free(vtab->base.zErrMsg);
    sqa_object_free(vtab);
}

/* ---- Status */

void *sqa_vtab_object(struct sqa_vtab *vtab, size_t size) {
    void *object = sqa_vtab_failed(vtab) ? NULL : sqa_object_new(size);
    (void)sqa_vtab_has_memory(vtab, object != NULL);
    return object;
}

/*
** Stores the error message where SQLite reads it. Returns rc, or SQLITE_NOMEM if there is no
** memory for the message.
*/
static int leave_message(struct sqa_vtab *vtab, int rc, const char *format, va_list arguments) {
    return sqa_vtab_message(&vtab->base, rc, sqa_message_of(format, arguments));
}

int sqa_vtab_fail(struct sqa_vtab *vtab, int rc, const char *format, ...) {
    va_list arguments;
    if (sqa_vtab_failed(vtab))
        return vtab->status;
    va_start(arguments, format);
    vtab->status = leave_message(vtab, rc, format, arguments);
    va_end(arguments);
    return vtab->status;
}

int sqa_vtab_explain(struct sqa_vtab *vtab, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vtab->status = leave_message(vtab, vtab->status, format, arguments);
    va_end(arguments);
    return vtab->status;
}

int sqa_vtab_refuse(struct sqa_vtab *vtab, char **error) {
    *error = vtab->base.zErrMsg;
    vtab->base.zErrMsg = NULL;
    if (*error == NULL && vtab->status != SQLITE_NOMEM)
        *error = sqa_message("%s", sqlite3_errstr(vtab->status));
    return vtab->status;
}

int sqa_vtab_report(struct sqa_vtab *vtab, int status, char **wrong) {
    if (status == SQLITE_OK || vtab->base.zErrMsg == NULL)
        return status;
    *wrong = vtab->base.zErrMsg;
    vtab->base.zErrMsg = NULL;
    return SQLITE_OK;
}

/* ---- Statements */

int sqa_vtab_prepare(struct sqa_vtab *vtab, char *sql, unsigned flags, sqlite3_stmt **statement) {
    *statement = NULL;
    if (sqa_vtab_has_memory(vtab, sql != NULL))
        vtab->status = sqlite3_prepare_v3(vtab->connection->db, sql, -1,
                                          SQLITE_PREPARE_NO_VTAB | flags, statement, NULL);
    sqa_object_free(sql);
    return vtab->status;
}

sqlite3_stmt *sqa_vtab_take_statement(struct sqa_vtab *vtab, int which) {
    sqlite3_stmt *statement = vtab->statements[which];
    if (sqa_vtab_failed(vtab))
        return NULL;
    vtab->statements[which] = NULL;
    if (statement == NULL)
        (void)sqa_vtab_prepare(vtab, vtab->form->sql(vtab, which), SQLITE_PREPARE_PERSISTENT,
                               &statement);
    return statement;
}

void sqa_vtab_return_statement(struct sqa_vtab *vtab, int which, sqlite3_stmt *statement) {
    (void)sqlite3_reset(statement);
    if (vtab->statements[which] == NULL)
        vtab->statements[which] = statement;
    else
        sqlite3_finalize(statement);
}

sqlite3_stmt *sqa_vtab_statement(struct sqa_vtab *vtab, int which) {
    sqlite3_stmt *statement = sqa_vtab_take_statement(vtab, which);
    if (statement != NULL)
        vtab->statements[which] = statement;
    return statement;
}

void sqa_vtab_finalize_statements(struct sqa_vtab *vtab) {
    for (int i = 0; i <= vtab->form->statements; i++) {
        sqlite3_finalize(vtab->statements[i]);
        vtab->statements[i] = NULL;
    }
    vtab->verified_at = -1;
}

void sqa_bind(sqlite3_stmt *statement, int at, int64_t x) {
    if (statement != NULL)
        sqlite3_bind_int64(statement, at, x);
}

void sqa_bind_two(sqlite3_stmt *statement, int at, int64_t x, int64_t y) {
    sqa_bind(statement, at, x);
    sqa_bind(statement, at + 1, y);
}

bool sqa_vtab_step(struct sqa_vtab *vtab, sqlite3_stmt *statement) {
    return !sqa_vtab_failed(vtab) && sqlite3_step(statement) == SQLITE_ROW;
}

void sqa_vtab_reset(struct sqa_vtab *vtab, sqlite3_stmt *statement) {
    (void)sqa_vtab_note(vtab, sqlite3_reset(statement));
}

void sqa_vtab_finalize(struct sqa_vtab *vtab, sqlite3_stmt *statement) {
    (void)sqa_vtab_note(vtab, sqlite3_finalize(statement));
}

int sqa_statement_run(sqlite3_stmt *statement) {
    (void)sqlite3_step(statement);
    return sqlite3_reset(statement);
}

void sqa_vtab_run(struct sqa_vtab *vtab, sqlite3_stmt *statement) {
    if (!sqa_vtab_failed(vtab))
        vtab->status = sqa_statement_run(statement);
}

int sqa_vtab_execute(struct sqa_vtab *vtab, char *sql) {
    if (sqa_vtab_has_memory(vtab, sql != NULL))
        vtab->status = sqlite3_exec(vtab->connection->db, sql, NULL, NULL, NULL);
    sqa_object_free(sql);
    return vtab->status;
}
