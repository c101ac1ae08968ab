/*
** For the unit tests of the second library: a directory for the test, a connection with both
** libraries, and checks of what a failed write leaves behind.
*/
#ifndef SQA_UNIT_FILES_H
#define SQA_UNIT_FILES_H

#include <dirent.h>

#include "unit_sql.h"

static char directory[500];

static const char *path(const char *name) {
    static char text[4][600];
    static unsigned next;
    char *p = text[next++ % 4];
    snprintf(p, sizeof text[0], "%s/%s", directory, name);
    return p;
}

/* Creates an empty directory with this name under $BUILD/tests. */
static void make_directory(const char *name) {
    const char *build = getenv("BUILD");
    char command[1200];
    snprintf(directory, sizeof directory, "%s/tests/%s", build != NULL ? build : "build", name);
    snprintf(command, sizeof command, "rm -rf '%s' && mkdir '%s'", directory, directory);
    if (system(command) != 0)
        unit_bail_out("%s", command);
}

/* Opens a database with both libraries. */
static sqlite3 *open_files(const char *database) {
    char *message;
    sqlite3 *db = unit_open(database);
    if (unit_load_file(db, &message) != SQLITE_OK)
        unit_bail_out("%s", message != NULL ? message : sqlite3_errmsg(db));
    return db;
}

/*
** Returns true if this SQLite prevents triggers from writing files. Otherwise array_file refuses
** INSERT.
*/
SQA_UNIT_SHARED bool can_insert(void) {
    return sqlite3_libversion_number() >= 3040000;
}

static sqlite3 *open_both(void) {
    return open_files(":memory:");
}

/*
** Formats and runs a statement. Returns the result code, and sets *value to the first column of
** the last row.
*/
SQA_UNIT_FORMAT(3, 4)
static int run(sqlite3 *db, sqlite3_int64 *value, const char *format, ...) {
    va_list args;
    char sql[2000];
    sqlite3_stmt *statement = NULL;
    va_start(args, format);
    vsnprintf(sql, sizeof sql, format, args);
    va_end(args);
    *value = -1;
    const int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc;
    while (sqlite3_step(statement) == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    return sqlite3_finalize(statement);
}

/* Counts the entries of a directory whose names begin with `prefix`. */
static int count_entries(const char *of, const char *prefix) {
    DIR *d = opendir(of);
    int n = 0;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        n += strncmp(e->d_name, prefix, strlen(prefix)) == 0;
    if (d != NULL)
        closedir(d);
    return n;
}

static int descriptors(void) {
    return count_entries("/proc/self/fd", "");
}

SQA_UNIT_SHARED void write_ten(sqlite3 *db) {
    sqlite3_int64 n;
    run(db, &n, "SELECT array_file_write('%s', array_series(1, 10))", path("a.npy"));
    if (n != 208)
        unit_bail_out("%s", sqlite3_errmsg(db));
}

#endif
