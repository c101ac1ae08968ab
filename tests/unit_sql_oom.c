/*
** Out of memory, as SQLite tests itself: an allocator that fails the N-th request, once or from then on, N = 1,
** 2, 3 .. until the statement runs through. Statements: every example of the manual, and some with large arrays.
** Each answers as before or with SQLITE_NOMEM; the connection works on; after it closes nothing is left.
*/
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "unit_sql.h"

/* Runs one statement; its rows as text, cut to size bytes, go to dst. */
static int run(sqlite3 *db, const char *sql, char *dst, size_t size) {
    sqlite3_stmt *statement = NULL;
    size_t used = 0;
    dst[0] = '\0';
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        rc = sqlite3_step(statement);
        if (rc != SQLITE_ROW)
            break;
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const int n = sqlite3_column_bytes(statement, i);
            const unsigned char *bytes = sqlite3_column_blob(statement, i);
            if (n > 0 && bytes == NULL) {
                rc = SQLITE_NOMEM;
                break;
            }
            for (int b = 0; b < n && used + 3 < size; b++)
                used += (size_t)snprintf(dst + used, size - used, "%02x", bytes[b]);
        }
    }
    const int finalized = sqlite3_finalize(statement);
    return rc == SQLITE_DONE || rc == SQLITE_NOMEM ? rc : finalized;
}

/* One statement with each of its allocations failing in turn. */
static void fail_each(const char *sql) {
    static char expected[20000], got[20000];
    long wrong = 0, points = 0;
    const long before = unit_memory.live;
    sqlite3 *db = unit_open(":memory:");
    const int normal = run(db, sql, expected, sizeof expected);
    const bool changes = strstr(sql, "array_random") != NULL ||
                         strstr(sql, "array_memory") != NULL || strstr(sql, "trim") != NULL;
    for (int mode = 0; mode < 2; mode++) {
        for (long n = 1;; n++) {
            unit_memory_fail(n, mode == 1);
            const int rc = run(db, sql, got, sizeof got);
            const bool through = unit_memory.refused == 0;
            unit_memory_fail(0, false);
            points++;
            if (rc != SQLITE_NOMEM && (rc != normal || (!changes && strcmp(got, expected) != 0))) {
                printf("# %s: allocation %ld: result code %d\n", sql, n, rc);
                wrong++;
            }
            if (through)
                break;
            run(db, "SELECT array_pool_trim()", got, sizeof got); /* so that it allocates again */
        }
    }
    if (run(db, sql, got, sizeof got) != normal || (!changes && strcmp(got, expected) != 0)) {
        printf("# %s: another answer afterwards\n", sql);
        wrong++;
    }
    sqlite3_close(db);
    ok(normal == SQLITE_DONE && wrong == 0 && unit_memory.live == before,
       "%ld points, %ld left: %.150s", points, unit_memory.live - before, sql);
}

/* Loading the library itself */
static void fail_loading(void) {
    long loaded = 0, refused = 0;
    const long before = unit_memory.live;
    for (long n = 1; loaded == 0; n++) {
        sqlite3 *db;
        char *message;
        sqlite3_open(":memory:", &db);
        unit_memory_fail(n, false);
        const int rc = unit_load(db, &message);
        if (unit_memory.refused == 0)
            loaded++;
        else
            refused += rc != SQLITE_OK;
        unit_memory_fail(0, false);
        sqlite3_free(message);
        sqlite3_close(db);
    }
    ok(loaded == 1 && refused > 0 && unit_memory.live == before,
       "loading fails %ld times, then loads; %ld left", refused, unit_memory.live - before);
}

int main(void) {
    static const char *const large[] = {
        "SELECT array_sum(array_mul(array_add(array_series(1, 50000), 1), 200000))",
        "SELECT array_sum(array_filter(a, array_gt(a, 100))) FROM (SELECT array_series(1, 50000) "
        "AS a)",
        "SELECT array_median(array_series(1, 50000)), array_mode(array_series(1, 50000))",
        "SELECT array_length(array_parse(array_to_json(array_series(1, 50000))))",
        "SELECT array_length(array_agg(value)) FROM array_each(array_series(1, 50000))",
        ("SELECT sum(array_sum(a)) FROM (SELECT array_agg(value) OVER (ROWS 2000 PRECEDING) AS a"
         "  FROM array_each(array_series(1, 4000, 2)))"),
        "SELECT array_sum(array_isin(array_series(1, 50000), array_series(2, 90000, 3)))",
        "SELECT sum(array_get('[1,2,3]', value)) FROM array_each('[1,2,3]')"};
    unit_memory_install();
    fail_loading();

    char *examples[600];
    size_t count = 0;
    sqlite3 *db = unit_open(":memory:");
    sqlite3_stmt *s;
    sqlite3_prepare_v2(
        db,
        "SELECT iif(example LIKE 'SELECT %' OR example LIKE 'WITH %', example, 'SELECT ' "
        "|| example) FROM array_functions",
        -1, &s, NULL);
    while (sqlite3_step(s) == SQLITE_ROW && count < sizeof examples / sizeof examples[0])
        examples[count++] = strdup((const char *)sqlite3_column_text(s, 0));
    sqlite3_finalize(s);
    sqlite3_close(db);
    ok(count > 50, "%zu examples", count);
    for (size_t i = 0; i < count; i++) {
        fail_each(examples[i]);
        free(examples[i]);
    }
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++)
        fail_each(large[i]);
    return done();
}
