/*
** For the unit tests that need SQLite: a connection with the extension, short functions to run
** SQL, and an allocator for SQLite that counts and can be told to fail. An unexpected error here
** ends the test.
**
** The libraries are in $SQA_LIBRARIES, or in $BUILD. With -DSQLITE_CORE they are linked in.
*/
#ifndef SQA_UNIT_SQL_H
#define SQA_UNIT_SQL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_array.h"
#include "unit.h"

#define SQA_UNIT_SHARED __attribute__((unused)) static

/*
** SQL for an array of a thousand 32-bit integers whose hashes are 0, 1, 2 and so on, so that
** array_distinct() finds all of them at one place of its table. It inverts the hash of
** kernel/distinct_tpl.h.
*/
#define SQA_UNIT_ADVERSARY                                                                         \
    "(WITH a(h) AS (SELECT (value * 2127672349) & 4294967295 FROM array_each("                     \
    "array_series(0, 999))),"                                                                      \
    " b(h) AS (SELECT (h | (h >> 15)) - (h & (h >> 15)) FROM a),"                                  \
    " c(h) AS (SELECT (h | (h >> 30)) - (h & (h >> 30)) FROM b),"                                  \
    " d(h) AS (SELECT ((h & 65535) * 2781581891 + (((h >> 16) * 2781581891 & 65535) << 16))"       \
    " & 4294967295 FROM c)"                                                                        \
    " SELECT array_agg(iif(h < 2147483648, h, h - 4294967296)) FROM d)"

SQA_UNIT_FORMAT(1, 2)
__attribute__((noreturn)) static void unit_bail_out(const char *why, ...) {
    va_list args;
    va_start(args, why);
    printf("Bail out! ");
    vprintf(why, args);
    va_end(args);
    putchar('\n');
    exit(1);
}

#ifndef SQLITE_CORE
SQA_UNIT_SHARED void unit_library_path(char *path, size_t size, const char *name) {
    const char *from = getenv("SQA_LIBRARIES"), *build = getenv("BUILD");
    snprintf(path, size, "%s/%s", from != NULL ? from : build != NULL ? build : "build", name);
}

static int unit_load_library(sqlite3 *db, const char *name, char **message) {
    char path[1000];
    unit_library_path(path, sizeof path, name);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    return sqlite3_load_extension(db, path, NULL, message);
}
#endif

/*
** Loads the extension into a connection. Returns SQLite's result code, and sets *message to a
** message to be freed, or NULL.
*/
SQA_UNIT_SHARED int unit_load(sqlite3 *db, char **message) {
    *message = NULL;
#ifdef SQLITE_CORE
    return sqlite3_array_init(db, message, NULL);
#else
    return unit_load_library(db, "array.so", message);
#endif
}

/* Loads the second library, for files, into a connection, as unit_load() does. */
SQA_UNIT_SHARED int unit_load_file(sqlite3 *db, char **message) {
    *message = NULL;
#ifdef SQLITE_CORE
    return sqlite3_arrayfile_init(db, message, NULL);
#else
    return unit_load_library(db, "array_file.so", message);
#endif
}

/* Opens a file, or ":memory:", and returns a connection with the extension. */
SQA_UNIT_SHARED sqlite3 *unit_open(const char *file) {
    sqlite3 *db;
    char *message = NULL;
    if (sqlite3_open(file, &db) != SQLITE_OK || unit_load(db, &message) != SQLITE_OK)
        unit_bail_out("%s: %s", file, message != NULL ? message : sqlite3_errmsg(db));
    return db;
}

/* Runs statements, which must succeed. */
SQA_UNIT_SHARED void unit_exec(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        unit_bail_out("%s: %s", sql, sqlite3_errmsg(db));
}

/* Returns a compiled statement, which must be valid. */
SQA_UNIT_SHARED sqlite3_stmt *unit_prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        unit_bail_out("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

/* Returns the first column of the first row of a statement as an integer. */
SQA_UNIT_SHARED int64_t unit_integer(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = unit_prepare(db, sql);
    if (sqlite3_step(statement) != SQLITE_ROW)
        unit_bail_out("%s: %s", sql, sqlite3_errmsg(db));
    const int64_t x = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return x;
}

/* The state of the allocator that SQLite uses after unit_memory_install() */
static struct unit_memory {
    sqlite3_mem_methods system;
    long live;      /* allocations that have not been freed */
    long requests;  /* number of requests to allocate or reallocate */
    long countdown; /* number of requests until one is refused; 0: none is refused */
    bool for_good;  /* true if all later requests are refused, too */
    long refused;   /* requests refused since unit_memory_fail() */
    int largest;    /* size of the largest request; tests may reset it */
} unit_memory;

static bool unit_memory_refuses(int size) {
    unit_memory.requests++;
    if (size > unit_memory.largest)
        unit_memory.largest = size;
    if (unit_memory.countdown == 0 || --unit_memory.countdown > 0)
        return false;
    unit_memory.refused++;
    unit_memory.countdown = unit_memory.for_good ? 1 : 0;
    return true;
}

static void *unit_memory_malloc(int size) {
    void *p = unit_memory_refuses(size) ? NULL : unit_memory.system.xMalloc(size);
    unit_memory.live += p != NULL;
    return p;
}

static void *unit_memory_realloc(void *p, int size) {
    return unit_memory_refuses(size) ? NULL : unit_memory.system.xRealloc(p, size);
}

static void unit_memory_free(void *p) {
    unit_memory.live -= p != NULL;
    unit_memory.system.xFree(p);
}

/*
** Installs the allocator. Must be called before SQLite is used. Switches off lookaside, so that
** all requests reach the allocator.
*/
SQA_UNIT_SHARED void unit_memory_install(void) {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &unit_memory.system);
    sqlite3_mem_methods counted = unit_memory.system;
    counted.xMalloc = unit_memory_malloc;
    counted.xRealloc = unit_memory_realloc;
    counted.xFree = unit_memory_free;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
    if (sqlite3_initialize() != SQLITE_OK)
        unit_bail_out("sqlite3_initialize()");
    sqlite3_close(unit_open(":memory:")); /* memory that SQLite allocates only once and keeps */
}

/* Refuses the n-th request from now on (0: none), and all after it if for_good is true. */
SQA_UNIT_SHARED void unit_memory_fail(long nth, bool for_good) {
    unit_memory.countdown = nth;
    unit_memory.for_good = for_good;
    unit_memory.refused = 0;
}

#endif
