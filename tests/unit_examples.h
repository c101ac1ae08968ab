/*
** All examples of the manual with their results in an ordinary connection. Tests run them again
** under other conditions. Examples that begin with CREATE are left out because they change the
** database.
*/
#ifndef SQA_UNIT_EXAMPLES_H
#define SQA_UNIT_EXAMPLES_H

#include "unit_sql.h"

enum { UNIT_MOST_EXAMPLES = 400, UNIT_LONGEST = 20000 };

static struct unit_example {
    /* SQL of the function's example; if NULL, the example is a complete SELECT */
    char *name, *expression;
    char *select; /* the rows, with arrays as JSON, separated by newlines and | */
    char *result;
    bool direct; /* the function is DIRECTONLY: it cannot be used in a schema */
} unit_examples[UNIT_MOST_EXAMPLES];
static size_t unit_example_count;

static char *copy(const unsigned char *text) { /* does not use SQLite's memory, which is counted */
    return text == NULL ? NULL : strdup((const char *)text);
}

/*
** Runs one statement and writes its rows to dst as text, cut off at UNIT_LONGEST bytes. Returns
** the result code.
*/
SQA_UNIT_SHARED int unit_rows(sqlite3 *db, const char *sql, char *dst) {
    sqlite3_stmt *statement = NULL;
    size_t used = 0;
    dst[0] = '\0';
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    while (rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const int n = sqlite3_column_bytes(statement, i);
            const unsigned char *bytes = sqlite3_column_blob(statement, i);
            for (int b = 0; b < n && used + 4 < UNIT_LONGEST; b++)
                used += (size_t)snprintf(dst + used, UNIT_LONGEST - used, "%02x", bytes[b]);
            if (used + 2 < UNIT_LONGEST)
                used += (size_t)snprintf(dst + used, UNIT_LONGEST - used, "|");
        }
    }
    const int finalized = sqlite3_finalize(statement);
    return rc != SQLITE_OK ? rc : finalized;
}

/* Returns the result code of a statement that may fail. */
SQA_UNIT_SHARED int unit_code(sqlite3 *db, const char *sql) {
    static char ignored[UNIT_LONGEST];
    return unit_rows(db, sql, ignored);
}

/*
** Collects the examples from the manual, except those that begin with CREATE, which change the
** database.
*/
SQA_UNIT_SHARED void unit_collect_examples(void) {
    static char result[UNIT_LONGEST];
    sqlite3 *db = unit_open(":memory:");
    sqlite3_stmt *rows = unit_prepare(
        db, "SELECT name, iif(whole, NULL, example), iif(whole, example, 'SELECT ' || example),"
            " name = 'array_memory' OR name IN (SELECT name FROM pragma_function_list WHERE flags "
            "& 0x80000)"
            " FROM (SELECT *, example LIKE 'SELECT %' OR example LIKE 'WITH %' AS whole FROM "
            "array_functions)"
            " WHERE example NOT LIKE 'CREATE %'");
    for (; sqlite3_step(rows) == SQLITE_ROW && unit_example_count < UNIT_MOST_EXAMPLES;
         unit_example_count++) {
        struct unit_example *e = &unit_examples[unit_example_count];
        e->name = copy(sqlite3_column_text(rows, 0));
        e->expression = copy(sqlite3_column_text(rows, 1));
        e->select = copy(sqlite3_column_text(rows, 2));
        e->direct = sqlite3_column_int(rows, 3);
        if (unit_rows(db, e->select, result) != SQLITE_OK)
            unit_bail_out("%s: %s", e->select, sqlite3_errmsg(db));
        e->result = strdup(result);
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
    ok(unit_example_count > 140, "%zu examples", unit_example_count);
}

/*
** Runs all examples. Each must give the same result as before, or the error code `allowed` (0:
** none), because something is too big.
*/
SQA_UNIT_SHARED void unit_run_examples(sqlite3 *db, int allowed, const char *setting) {
    static char got[UNIT_LONGEST];
    int wrong = 0, refused = 0;
    for (size_t i = 0; i < unit_example_count; i++) {
        const int rc = unit_rows(db, unit_examples[i].select, got);
        refused += rc != SQLITE_OK && rc == allowed;
        if ((rc == SQLITE_OK && strcmp(got, unit_examples[i].result) != 0) ||
            (rc != SQLITE_OK && rc != allowed)) {
            printf("# %s: %d, %s\n", unit_examples[i].select, rc, sqlite3_errmsg(db));
            wrong++;
        }
    }
    ok(wrong == 0 && refused <= (int)unit_example_count / 2, "%s: %d examples wrong, %d refused",
       setting, wrong, refused);
}

/* Closes the only connection, and checks that all of SQLite's memory is free. */
SQA_UNIT_SHARED void unit_close(sqlite3 *db) {
    if (sqlite3_close(db) != SQLITE_OK || sqlite3_memory_used() != 0)
        unit_bail_out("the connection does not close, or leaves %lld bytes", sqlite3_memory_used());
}

SQA_UNIT_SHARED void unit_free_examples(void) {
    for (size_t i = 0; i < unit_example_count; i++) {
        struct unit_example *e = &unit_examples[i];
        free(e->name);
        free(e->expression);
        free(e->select);
        free(e->result);
    }
}

#endif
