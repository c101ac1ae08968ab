/* A SELECT from a store writes nothing, and does not read what it does not need. */
#define _DEFAULT_SOURCE
#include "store/helpers.h"

/* What was written before the connection became one that only reads is read, and committed. */
static void test_query_only(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a); INSERT INTO x VALUES (1), (2);"
                  "CREATE TABLE p(a); BEGIN; INSERT INTO p VALUES (1); INSERT INTO x VALUES (3);"
                  "PRAGMA query_only = ON");
    eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "3|6", "is read");
    eq_text(unit_answer(db, "SELECT sum(chunk_rows) FROM x_chunks"), "3", "also as chunks");
    eq_int(unit_try(db, "INSERT INTO x VALUES (4)"), SQLITE_READONLY, "no more is written");
    unit_exec(db, "SAVEPOINT s; RELEASE s; COMMIT");
    eq_int(unit_integer(db, "PRAGMA query_only"), 1, "it stays one that only reads");
    eq_text(unit_answer(db, "SELECT (SELECT count(*) FROM p), count(*), sum(a) FROM x"), "1|3|6",
            "all is committed");
    unit_exec(db, "PRAGMA query_only = OFF; BEGIN; DELETE FROM x WHERE a < 3;"
                  "PRAGMA query_only = ON; COMMIT; PRAGMA query_only = OFF");
    eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "1|3", "a deletion, too");
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

/* Denies all that writes. */
static int deny_writes(void *unused, int action, const char *a, const char *b, const char *c,
                       const char *d) {
    (void)unused, (void)a, (void)b, (void)c, (void)d;
    return action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE
               ? SQLITE_DENY
               : SQLITE_OK;
}

/* Interrupts at the first step. */
static int interrupt(void *unused) {
    (void)unused;
    return 1;
}

/*
** A SELECT in a transaction writes nothing: it needs no permission, takes nothing along when it
** fails, changes no count.
*/
static void test_reading_only(void) {
    static const char *const queries[] = {
        "SELECT count(*), sum(a) FROM %s",
        "SELECT a FROM %s WHERE rowid = 60",
        "SELECT a FROM %s WHERE rowid = 20",
        "SELECT rowid, a FROM %s WHERE rowid BETWEEN 30 AND 55",
        "SELECT rowid FROM %s WHERE a > 990 OR a IN (7, 20, 33) ORDER BY rowid",
        "SELECT a FROM %s ORDER BY rowid DESC LIMIT 12",
        "SELECT q.rowid FROM %s AS p JOIN %s AS q ON q.rowid = p.a WHERE p.rowid > 40",
        "SELECT rowid IN (SELECT rowid FROM %s WHERE a = 996) FROM %s WHERE rowid > 50"};
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=16); CREATE TABLE p(a);"
                  "INSERT INTO x VALUES (array_series(1, 50)); CREATE TABLE y AS SELECT a FROM x;"
                  "BEGIN; INSERT INTO p VALUES (1)");
    for (int i = 0; i < 10; i++)
        unit_must(db, "INSERT INTO x(rowid, a) VALUES (%d, %d)", 51 + i, 1000 - i);
    unit_exec(db, "UPDATE x SET a = -a WHERE rowid = 58; DELETE FROM x WHERE rowid = 53;"
                  "INSERT INTO y(rowid, a) SELECT 51 + value, 1000 - value"
                  "  FROM array_each(array_series(0, 9));"
                  "UPDATE y SET a = -a WHERE rowid = 58; DELETE FROM y WHERE rowid = 53");
    const int64_t total = sqlite3_total_changes64(db);
    unit_exec(db, "PRAGMA query_only = ON");
    sqlite3_set_authorizer(db, deny_writes, NULL);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        eq_text(unit_answer(db, queries[i], "x", "x"), unit_answer(db, queries[i], "y", "y"), "%s",
                queries[i]);
    eq_text(unit_answer(db, "SELECT sum(chunk_rows), sum(array_sum(a)), max(a_max) FROM x_chunks"),
            unit_answer(db, "SELECT count(*), sum(a), max(a) FROM y"), "its chunks");
    sqlite3_set_authorizer(db, NULL, NULL);
    eq_int(sqlite3_total_changes64(db), total, "nothing is written");
    eq_int(sqlite3_changes64(db), 1, "changes() is that of the last change");
    sqlite3_stmt *sum = unit_prepare(db, "SELECT sum(a) FROM x");
    sqlite3_progress_handler(db, 1, interrupt, NULL);
    eq_int(sqlite3_step(sum), SQLITE_INTERRUPT, "interrupted");
    sqlite3_finalize(sum);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    eq_int(sqlite3_get_autocommit(db), 0, "the transaction goes on");
    unit_exec(db, "PRAGMA query_only = OFF; COMMIT");
    eq_text(unit_answer(db, "SELECT (SELECT count(*) FROM p), count(*), max(a) FROM x"),
            "1|59|1000", "and is committed");
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

static int count_steps(void *steps) {
    ++*(int64_t *)steps;
    return 0;
}

/* Preparing a statement costs the same whatever was written before: the totals are kept. */
static void test_totals(void) {
    sqlite3 *db = unit_open(":memory:");
    int64_t steps = 0;
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=1);"
                  "INSERT INTO x VALUES (array_series(1, 5000))");
    sqlite3_finalize(unit_prepare(db, "SELECT a FROM x WHERE a > 7"));
    sqlite3_progress_handler(db, 1, count_steps, &steps);
    for (int i = 0; i < 20; i++) {
        unit_must(db, "INSERT INTO x VALUES (%d)", i);
        unit_must(db, "DELETE FROM x WHERE rowid = %d", 3 * i + 1);
        unit_must(db, "UPDATE x SET a = a + 1 WHERE rowid = %d", 3 * i + 2);
        sqlite3_finalize(unit_prepare(db, "SELECT a FROM x WHERE a > 7"));
        sqlite3_finalize(unit_prepare(db, "SELECT a FROM x_chunks WHERE a_min > 7"));
    }
    ok(steps < 60000, "80 statements: %d steps of SQLite's", (int)steps);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    sqlite3_close(db);
}

int main(void) {
    test_query_only();
    test_reading_only();
    test_totals();
    return done();
}
