/*
** Out of memory, as SQLite tests itself: an allocator that fails the N-th request, once or from then on, N = 1,
** 2, 3 .. until the statement runs through. Statements: every example of the manual, and some with large arrays.
** Each answers as before or with SQLITE_NOMEM; the connection works on; after it closes nothing is left.
*/
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite3.h"
#include "unit.h"

static sqlite3_mem_methods system_memory;
static long live;      /* allocations not freed */
static long countdown; /* requests until one fails; 0: none will */
static bool keep_failing;
static long failures;

static bool refuse(void) {
    if (countdown == 0 || --countdown > 0)
        return false;
    failures++;
    countdown = keep_failing ? 1 : 0;
    return true;
}

static void *counted_malloc(int size) {
    void *p = refuse() ? NULL : system_memory.xMalloc(size);
    live += p != NULL;
    return p;
}

static void counted_free(void *p) {
    live -= p != NULL;
    system_memory.xFree(p);
}

static void *counted_realloc(void *p, int size) {
    return refuse() ? NULL : system_memory.xRealloc(p, size);
}

static sqlite3 *open_connection(void) {
    sqlite3 *db;
    char *error = NULL;
    const char *build = getenv("BUILD");
    char path[500];
    snprintf(path, sizeof path, "%s/array.so", build != NULL ? build : "build");
    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_enable_load_extension(db, 1) != SQLITE_OK ||
        sqlite3_load_extension(db, path, NULL, &error) != SQLITE_OK) {
        printf("Bail out! %s\n", error != NULL ? error : sqlite3_errmsg(db));
        exit(1);
    }
    return db;
}

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
    const long before = live;
    sqlite3 *db = open_connection();
    const int normal = run(db, sql, expected, sizeof expected);
    const bool changes = strstr(sql, "array_random") != NULL ||
                         strstr(sql, "array_memory") != NULL || strstr(sql, "trim") != NULL;
    for (int mode = 0; mode < 2; mode++) {
        for (long n = 1;; n++) {
            keep_failing = mode == 1;
            failures = 0;
            countdown = n;
            const int rc = run(db, sql, got, sizeof got);
            countdown = 0;
            points++;
            if (rc != SQLITE_NOMEM && (rc != normal || (!changes && strcmp(got, expected) != 0))) {
                printf("# %s: allocation %ld: result code %d\n", sql, n, rc);
                wrong++;
            }
            if (failures == 0)
                break;
            run(db, "SELECT array_pool_trim()", got, sizeof got); /* so that it allocates again */
        }
    }
    if (run(db, sql, got, sizeof got) != normal || (!changes && strcmp(got, expected) != 0)) {
        printf("# %s: another answer afterwards\n", sql);
        wrong++;
    }
    sqlite3_close(db);
    ok(normal == SQLITE_DONE && wrong == 0 && live == before, "%ld points, %ld left: %.150s",
       points, live - before, sql);
}

/* Loading the library itself */
static void fail_loading(void) {
    char path[500];
    long loaded = 0, refused = 0;
    snprintf(path, sizeof path, "%s/array.so", getenv("BUILD") != NULL ? getenv("BUILD") : "build");
    const long before = live;
    for (long n = 1; loaded == 0; n++) {
        sqlite3 *db;
        char *error = NULL;
        sqlite3_open(":memory:", &db);
        sqlite3_enable_load_extension(db, 1);
        countdown = n;
        keep_failing = false;
        failures = 0;
        const int rc = sqlite3_load_extension(db, path, NULL, &error);
        countdown = 0;
        if (failures == 0)
            loaded++;
        else
            refused += rc != SQLITE_OK;
        sqlite3_free(error);
        sqlite3_close(db);
    }
    ok(loaded == 1 && refused > 0 && live == before,
       "loading fails %ld times, then loads; %ld left", refused, live - before);
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
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_memory);
    sqlite3_mem_methods counted = system_memory;
    counted.xMalloc = counted_malloc;
    counted.xFree = counted_free;
    counted.xRealloc = counted_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
    sqlite3_initialize();
    sqlite3_close(open_connection()); /* what SQLite allocates once and keeps */
    fail_loading();

    char *examples[600];
    size_t count = 0;
    sqlite3 *db = open_connection();
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
