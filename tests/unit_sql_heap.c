/*
** Buffers that the pool keeps are available to its own requests and, as far as an extension can
** know, to SQLite's. A request that fails, or that would exceed a heap limit, is repeated after
** the pool has been emptied. Under a heap limit the pool keeps at most an eighth of what the
** limit leaves, so that SQLite can use the rest.
*/
#include "unit_sql.h"

enum { MB = 1 << 20, COUNT = 16 };

static sqlite3 *db;

static int64_t counter(const char *name) {
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT value FROM array_memory WHERE name = '%s'", name);
    return unit_integer(db, sql);
}

/*
** Fills the pool with up to 16 buffers of 1 MB. (The result of a constant expression SQLite would
** copy.)
*/
static void fill_pool(void) {
    sqlite3_stmt *s[COUNT];
    for (int i = 0; i < COUNT; i++) {
        s[i] = unit_prepare(db, "SELECT array_fill(value, 100) FROM array_each('[1000000]')");
        if (sqlite3_step(s[i]) != SQLITE_ROW)
            unit_bail_out("%s", sqlite3_errmsg(db));
    }
    for (int i = 0; i < COUNT; i++)
        sqlite3_finalize(s[i]);
}

static bool pool_is_full(void) {
    return counter("pooled_bytes") >= COUNT * 1000000;
}

/* The result code of a statement's first row */
static int step_once(const char *sql) {
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s);
    sqlite3_finalize(s);
    return rc;
}

/* A limit `room` bytes above what is in use now */
static void set_limit(const char *which, int64_t room) {
    char sql[80];
    snprintf(sql, sizeof sql, "PRAGMA %s_heap_limit = %lld", which, sqlite3_memory_used() + room);
    unit_exec(db, sql);
}

static void lift_limits(void) {
    sqlite3_hard_heap_limit64(0);
    sqlite3_soft_heap_limit64(0);
}

/* The allocator refuses one request, the pool is emptied, and the request is made again. */
static void test_refused(void) {
    sqlite3_stmt *s = unit_prepare(db, "SELECT array_length(array_fill(8000000, 100))");
    fill_pool();
    const int64_t trims = counter("trims");
    ok(pool_is_full(), "the pool is full");
    unit_memory_fail(1, false);
    eq_int(sqlite3_step(s), SQLITE_ROW, "a request that is refused once is made again");
    eq_int(unit_memory.refused, 1, "one was refused");
    unit_memory_fail(0, false);
    sqlite3_reset(s);
    eq_int(counter("trims"), trims + 1, "for that the pool was emptied");
    unit_memory_fail(1, true);
    eq_int(sqlite3_step(s), SQLITE_ROW, "what it keeps serves without a request");
    sqlite3_reset(s);
    unit_memory_fail(0, false);
    sqlite3_finalize(s);
}

/*
** An array that has room only where the kept buffers are now: what is in use stays below the limit.
*/
static void test_own_requests(const char *which) {
    unit_integer(db, "SELECT array_pool_trim()");
    fill_pool();
    ok(pool_is_full(), "the pool is full");
    const int64_t before = sqlite3_memory_used();
    set_limit(which, MB);
    sqlite3_memory_highwater(1);
    eq_int(step_once("SELECT array_length(array_fill(12000000, 100))"), SQLITE_ROW,
           "under a %s limit 12 MB are had where 16 MB are kept", which);
    ok(sqlite3_memory_highwater(0) < before + MB, "and the limit was not crossed");
    lift_limits();
    fill_pool();
    set_limit(which, MB);
    eq_int(step_once("SELECT array_length(array_fill(40000000, 100))"),
           strcmp(which, "hard") == 0 ? SQLITE_NOMEM : SQLITE_ROW, "40 MB are not there: %s",
           which);
    eq_int(counter("pooled_bytes"), 0, "though all that was kept was given up");
    lift_limits();
}

/* The limit is there first: SQLite's own requests have seven eighths of it. */
static void test_share(const char *which) {
    unit_integer(db, "SELECT array_pool_trim()");
    const int64_t room = 16 * MB, before = sqlite3_memory_used();
    set_limit(which, room);
    fill_pool();
    const int64_t kept = counter("pooled_bytes");
    ok(kept > 0 && kept <= room / 8, "under a %s limit the pool keeps an eighth: %" PRId64, which,
       kept);
    sqlite3_memory_highwater(1);
    eq_int(step_once("SELECT length(randomblob(12000000))"), SQLITE_ROW, "SQLite has the rest");
    ok(sqlite3_memory_highwater(0) < before + room, "below the limit");
    lift_limits();
    fill_pool();
    ok(pool_is_full(), "without a limit it keeps all again");
}

/*
** The limit comes when more is kept than it allows: then SQLite can do nothing, but for what is
** prepared.
*/
static void test_lowered(void) {
    sqlite3_stmt *s = unit_prepare(db, "SELECT array_sum(array_fill(1000000, 100))");
    lift_limits();
    fill_pool();
    sqlite3_hard_heap_limit64(sqlite3_memory_used() -
                              8 * MB); /* the PRAGMA has no memory left to answer */
    eq_int(step_once("SELECT 1"), SQLITE_NOMEM,
           "with a limit below what is in use nothing is prepared");
    eq_int(sqlite3_step(s), SQLITE_ROW, "a statement that is finds a buffer in the pool");
    sqlite3_reset(s);
    eq_int(step_once("SELECT 1"), SQLITE_ROW, "and when it goes back there is room again");
    ok(counter("pooled_bytes") <= MB, "for the others were freed");
    lift_limits();
    sqlite3_finalize(s);
}

int main(void) {
    unit_memory_install();
    const long before = unit_memory.live;
    db = unit_open(":memory:");
    test_refused();
    test_own_requests("hard");
    test_own_requests("soft");
    test_share("hard");
    test_share("soft");
    test_lowered();
    eq_int(counter("live_bytes"), 0, "nothing is live");
    eq_int(sqlite3_close(db), SQLITE_OK, "closes");
    eq_int(unit_memory.live - before, 0, "nothing is left");
    return done();
}
