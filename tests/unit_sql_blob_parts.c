/*
** Parts of large values: how much is read and how much memory is used, which must not depend on
** the size of the value; changes of the row by others; transactions.
*/
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "unit_sql.h"

enum { MOST_MEMORY = 64 * 1024, PAGE = 65536, CACHE = 8 /* pages */ };

static const char *path;
static long elements;

static sqlite3 *open_file(void) {
    char sql[100];
    sqlite3 *db = unit_open(path);
    snprintf(sql, sizeof sql, "PRAGMA page_size = %d; PRAGMA cache_size = %d", PAGE, CACHE);
    unit_exec(db, sql);
    return db;
}

/* Pages that the connection has read from its file */
static int pages_read(sqlite3 *db) {
    int now = 0, unused = 0;
    sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_MISS, &now, &unused, 0);
    return now;
}

/*
** Runs a statement that gives `expected`, in so much memory beyond SQLite's pages and so many pages
** read at most.
*/
static void frugal(sqlite3 *db, const char *sql, int64_t expected, int most_pages) {
    sqlite3_stmt *s = unit_prepare(db, sql);
    sqlite3_step(s); /* so that the page cache is full */
    sqlite3_reset(s);
    const int64_t before = sqlite3_memory_used();
    const int pages = pages_read(db);
    sqlite3_memory_highwater(1);
    const int rc = sqlite3_step(s);
    const int64_t memory = sqlite3_memory_highwater(0) - before, got = sqlite3_column_int64(s, 0);
    const int read = pages_read(db) - pages;
    ok(rc == SQLITE_ROW && got == expected && memory <= MOST_MEMORY && read <= most_pages,
       "%s: %lld, %lld bytes, %d pages", sql, (long long)got, (long long)memory, read);
    if (rc != SQLITE_ROW)
        printf("# %s\n", sqlite3_errmsg(db));
    sqlite3_finalize(s);
}

static void test_memory(void) {
    sqlite3 *db = open_file();
    char sql[300];
    const int pages = (int)(elements * 4 / PAGE) + 20; /* of the value */
    snprintf(sql, sizeof sql,
             "CREATE TABLE t(a); INSERT INTO t VALUES (array_series(100001, %ld)); INSERT INTO t"
             " SELECT array_pack(array_random(%ld, 0, 1000000000, 1))",
             elements + 100000, elements);
    unit_exec(db, sql);
    frugal(db, "SELECT array_blob_length('main', 't', 'a', 1)", elements, 8);
    frugal(db, "SELECT array_length(array_blob_slice('main', 't', 'a', 1, 1, 1000))", 1000, 8);
    /* to a place inside the list of pages has to be walked: of each its first bytes are read */
    frugal(db, "SELECT array_blob_get('main', 't', 'a', 1, -1)", elements + 100000, pages);
    frugal(db, "SELECT array_sum(array_blob_slice('main', 't', 'a', 1, -1000))",
           1000 * (int64_t)(elements + 100000) - 999 * 500, pages);
    /* but once in a statement */
    frugal(db,
           "SELECT sum(array_length(array_blob_slice('main', 't', 'a', 1, -value, -value + 2)))"
           " FROM array_each(array_series(1000, 1999))",
           3000, pages);
    frugal(db, "SELECT array_blob_set('main', 't', 'a', 1, -1000, 5)", 5, pages + 8);
    frugal(db, "SELECT array_blob_get('main', 't', 'a', 1, -1000)", 5, pages);
    frugal(db, "SELECT array_length(array_blob_slice('main', 't', 'a', 2, -1000))", 1000, pages);
    frugal(db, "SELECT array_length(array_blob_slice('main', 't', 'a', 2, 1, 1000))", 1000, 12);
    sqlite3_close(db);
}

/* A statement that reads a row three times while another one changes it */
static void test_changes(void) {
    sqlite3 *db = unit_open(":memory:");
    static const char *const changes[] = {
        "UPDATE t SET a = array_of(7, 8, 9)",
        "SELECT array_blob_set('main', 't', 'a', 1, 2, 8)",
        "DELETE FROM t; INSERT INTO t VALUES (array_of(7, 8, 9))",
        "INSERT INTO t SELECT array_of(1) FROM t",
    };
    static const int expected[] = {8, 8, 8, 2};
    for (int i = 0; i < 4; i++) {
        unit_exec(db, "DROP TABLE IF EXISTS t; CREATE TABLE t(a);"
                      "INSERT INTO t VALUES (array_of(1, 2, 3))");
        sqlite3_stmt *s = unit_prepare(
            db, "SELECT array_blob_get('main', 't', 'a', 1, 2) FROM array_each('[1,2,3]')");
        sqlite3_step(s);
        const int before = sqlite3_column_int(s, 0);
        unit_exec(db, changes[i]);
        const int rc = sqlite3_step(s), after = sqlite3_column_int(s, 0);
        ok(before == 2 && rc == SQLITE_ROW && after == expected[i], "%s: %d, then %d", changes[i],
           before, after);
        unit_exec(db, "DELETE FROM t");
        const int gone = sqlite3_step(s);
        ok(gone == SQLITE_ERROR && strstr(sqlite3_errmsg(db), "no such rowid: 1") != NULL,
           "then the row is gone: %s", sqlite3_errmsg(db));
        sqlite3_finalize(s);
    }
    /* names that are not constant */
    unit_exec(db, "INSERT INTO t VALUES (array_of(1, 2, 3)); CREATE TABLE u(b);"
                  "INSERT INTO u VALUES (array_of(4)); CREATE TABLE names(t, c);"
                  "INSERT INTO names VALUES ('t', 'a'), ('u', 'b'), ('t', 'a')");
    eq_int(unit_integer(db, "SELECT sum(array_blob_length('main', t, c, 1)) FROM names"), 7,
           "names from a table");
    /* nothing stays open */
    unit_exec(db, "DROP TABLE t; DROP TABLE u");
    sqlite3_close(db);
}

/* Two connections to one file */
static void test_transactions(void) {
    sqlite3 *db = open_file(), *other = open_file();
    static const char set[] = "SELECT array_blob_set('main', 't', 'a', 1, 3, 1)";
    static const char get[] = "SELECT array_blob_get('main', 't', 'a', 1, 3)";
    eq_int(unit_integer(db, set), 1, "set");
    eq_int(unit_integer(other, get), 1, "committed: another connection sees it");
    unit_exec(other, "BEGIN IMMEDIATE");
    sqlite3_stmt *s = unit_prepare(db, set);
    eq_int(sqlite3_step(s), SQLITE_BUSY, "another one writes: SQLITE_BUSY");
    ok(strstr(sqlite3_errmsg(db), "array_blob_set: main.t.a, rowid 1: database is locked") != NULL,
       "%s", sqlite3_errmsg(db));
    sqlite3_finalize(s);
    unit_exec(other, "ROLLBACK");
    /* a reader that keeps a blob open holds back no writer of its own connection */
    s = unit_prepare(db, "SELECT array_blob_get('main', 't', 'a', 1, 3) FROM array_each('[1,2]')");
    sqlite3_step(s);
    eq_int(unit_integer(db, "SELECT array_blob_set('main', 't', 'a', 1, 3, 77)"), 77, "set again");
    eq_int(sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int(s, 0) : 0, 77, "the reader sees it");
    sqlite3_finalize(s);
    unit_exec(other, "BEGIN IMMEDIATE; COMMIT");
    sqlite3_close(db);
    eq_int(unit_integer(other, get), 77, "and it is there for all");
    sqlite3_close(other);
}

int main(void) {
    char name[1000];
    const char *build = getenv("BUILD");
    snprintf(name, sizeof name, "%s/tests/blob_parts.db", build != NULL ? build : "build");
    path = name;
    remove(path);
    elements = unit_thorough() ? 25000000 : 2500000; /* of 4 bytes: 100 MB, or 10 */
    test_memory();
    test_changes();
    test_transactions();
    remove(path);
    return done();
}
