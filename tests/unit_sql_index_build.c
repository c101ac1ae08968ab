/*
** Building an array_index: in several passes if memory is short, which must give the same index;
** stopped at any time, which must leave nothing behind; and the same for commands that rebuild
** it.
*/
#define _DEFAULT_SOURCE
#include "unit_sql.h"

/* 40,000 rows of 4 values, which together have 50,000 different ones */
static const char setup[] = "CREATE TABLE t(id INTEGER PRIMARY KEY, tags);"
                            "INSERT INTO t SELECT value, array_of(value * 7919 % 50000, value * "
                            "104729 % 50000, value % 11, -value)"
                            "  FROM array_each(array_series(1, 40000))";

static int64_t postings(sqlite3 *db, const char *index) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT sum(count * (value %% 1000 + 1)) FROM %s_counts", index);
    return unit_integer(db, sql);
}

static int64_t pool_peak(sqlite3 *db) {
    return unit_integer(db, "SELECT value FROM array_memory WHERE name = 'peak_bytes'");
}

static void build_in_passes(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, setup);
    const int64_t before = pool_peak(db);
    unit_exec(db, "SELECT array_limit('pool_bytes', 1 << 20);"
                  "CREATE VIRTUAL TABLE small USING array_index(t, tags)");
    const int64_t peak = pool_peak(db) - before;
    ok(peak < 8 << 20, "a limit of 1 MiB takes no more than a few: %lld bytes", (long long)peak);
    unit_exec(db, "SELECT array_limit('pool_bytes', 64 << 20);"
                  "CREATE VIRTUAL TABLE large USING array_index(t, tags)");
    eq_int(postings(db, "small"), postings(db, "large"), "passes come to the same");
    eq_int(unit_integer(
               db, "SELECT count(*) FROM (SELECT value, n, first, block FROM small_values EXCEPT"
                   " SELECT value, n, first, block FROM large_values)"),
           0, "to the byte");
    unit_exec(
        db,
        "SELECT array_limit('pool_bytes', 1 << 20);"
        "INSERT INTO small(small) VALUES ('integrity-check'), ('optimize'), ('integrity-check')");
    eq_int(postings(db, "small"), postings(db, "large"), "'optimize' in passes, too");
    sqlite3_close(db);
}

static long asked, stop_at;

static int stop(void *context) {
    (void)context;
    return ++asked >= stop_at;
}

static int points(void) {
    return unit_thorough() ? 60 : 3;
}

/* Stops a statement at each of some points of its work; how many times that was. */
static int stop_everywhere(sqlite3 *db, const char *sql, int *left) {
    enum { OPERATIONS = 1000 };
    int stopped = 0;
    asked = 0;
    stop_at = INT32_MAX;
    unit_exec(db, "BEGIN");
    sqlite3_progress_handler(db, OPERATIONS, stop, NULL);
    unit_exec(db, sql);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    unit_exec(db, "ROLLBACK");
    const long all = asked;
    for (int i = 0; i < points(); i++) {
        asked = 0;
        stop_at = 1 + all * i / points();
        sqlite3_progress_handler(db, OPERATIONS, stop, NULL);
        const int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
        sqlite3_progress_handler(db, 0, NULL, NULL);
        stopped += rc == SQLITE_INTERRUPT;
        *left += asked > stop_at + 20; /* it went on */
    }
    return stopped;
}

static void build_stopped(void) {
    int left = 0;
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, setup);
    eq_int(stop_everywhere(db, "CREATE VIRTUAL TABLE i USING array_index(t, tags)", &left),
           points(), "CREATE stops wherever it is");
    eq_int(left, 0, "at once");
    eq_int(unit_integer(db, "SELECT count(*) FROM sqlite_master"), 1, "and leaves nothing");
    unit_exec(db, "CREATE VIRTUAL TABLE i USING array_index(t, tags)");
    const int64_t whole = postings(db, "i");
    left = 0;
    eq_int(stop_everywhere(db, "INSERT INTO i(i) VALUES ('rebuild')", &left), points(),
           "'rebuild' stops wherever it is");
    eq_int(left, 0, "at once");
    eq_int(postings(db, "i"), whole, "and the index is as before");
    unit_exec(db, "INSERT INTO i(i) VALUES ('integrity-check')");
    sqlite3_close(db);
}

int main(void) {
    build_in_passes();
    build_stopped();
    return done();
}
