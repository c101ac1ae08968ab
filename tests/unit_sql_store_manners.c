/*
** An array_store behaves like an ordinary table: each scenario is run with both, and connections
** must see the same rows and get the same result codes. The test lists which statements fail and
** with which code.
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

/*
** The cast of a scenario: connections to one file, up to two statements half read, and the protocol
** of it all.
*/
static sqlite3 *one, *two;
static sqlite3_str *protocol;
static bool store;
static const char *journal = "DELETE";
static long surprises; /* statements that did not give the expected code */

/*
** Runs statements until one fails; their rows go into the protocol, and a code that is not the
** expected one.
*/
static void run_all(sqlite3 *db, int expected, const char *sql, va_list args) {
    char *text = sqlite3_vmprintf(sql, args);
    const char *rest = text;
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && *rest != '\0') {
        sqlite3_stmt *statement = NULL;
        rc = sqlite3_prepare_v2(db, rest, -1, &statement, &rest);
        if (rc == SQLITE_OK)
            rc = unit_rows(statement, protocol);
        sqlite3_finalize(statement);
    }
    const bool misspelt = rc == SQLITE_ERROR && strstr(sqlite3_errmsg(db), "syntax error") != NULL;
    if ((rc != expected || misspelt) && ++surprises < 10)
        printf("# %s: code %d (%s), expected %d: %s\n", store ? "array_store" : "table", rc,
               sqlite3_errmsg(db), expected, text);
    sqlite3_free(text);
    if (rc != SQLITE_OK)
        sqlite3_str_appendf(protocol, "code %d ", rc & 255);
    sqlite3_str_appendall(protocol, "\n");
}

/* Statements that must succeed */
static void say(sqlite3 *db, const char *sql, ...) {
    va_list args;
    va_start(args, sql);
    run_all(db, SQLITE_OK, sql, args);
    va_end(args);
}

/* Statements of which one must give that code. Those after it are not run. */
static void gives(int code, sqlite3 *db, const char *sql, ...) {
    va_list args;
    va_start(args, sql);
    run_all(db, code, sql, args);
    va_end(args);
}

/* With a write-ahead log readers and a writer are not in each other's way. */
static bool in_wal(void) {
    return strcmp(journal, "WAL") == 0;
}

static void note(const char *what, int64_t value) {
    sqlite3_str_appendf(protocol, "%s %lld\n", what, value);
}

/* The next row's first column */
static void step(sqlite3_stmt *statement) {
    const int rc = sqlite3_step(statement);
    note(rc == SQLITE_ROW ? "row" : "end, code",
         rc == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : rc);
}

/* The rest: which of the rows a statement still gives that are gone meanwhile is not defined. */
static void drain(sqlite3_stmt *statement) {
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
    }
    note("end, code", rc);
}

static void finish(sqlite3_stmt *statement) {
    note("finalized", sqlite3_finalize(statement));
}

static void make(sqlite3 *db, const char *name) {
    if (store)
        unit_must(db, "CREATE VIRTUAL TABLE %s USING array_store(a, b, chunk=4)", name);
    else
        unit_must(db, "CREATE TABLE %s(a INTEGER NOT NULL, b INTEGER NOT NULL) STRICT", name);
}

static void fill(sqlite3 *db, const char *name, int from, int to) {
    unit_must(db,
              "INSERT INTO %s(a, b) SELECT value, value * 10 FROM array_each(array_series(%d, %d))",
              name, from, to);
}

static sqlite3 *connect(const char *file) {
    sqlite3 *db = unit_open(unit_path(file));
    unit_exec(db, "PRAGMA synchronous = OFF");
    sqlite3_extended_result_codes(db, 0);
    return db;
}

static void begin(void) {
    unit_remove("one.db");
    one = connect("one.db");
    unit_must(one, "PRAGMA journal_mode = %s", journal);
    make(one, "x");
    fill(one, "x", 1, 10);
    two = connect("one.db");
}

static void end(void) {
    note("closed", sqlite3_close(one) + sqlite3_close(two));
}

static void compare(const char *name, void (*scenario)(void)) {
    char *said[2];
    surprises = 0;
    for (int side = 0; side < 2; side++) {
        store = side == 0;
        protocol = sqlite3_str_new(NULL);
        begin();
        scenario();
        end();
        said[side] = sqlite3_str_finish(protocol);
    }
    if (said[0] == NULL || said[1] == NULL)
        unit_bail_out("no protocol");
    eq_text(said[0], said[1], "%s, journal_mode %s", name, journal);
    eq_int(surprises, 0, "each statement gives its code");
    sqlite3_free(said[0]);
    sqlite3_free(said[1]);
}

static void commits_are_seen(void) {
    static const char sums[] = "SELECT count(*), sum(b) FROM x WHERE a > 3";
    say(two, sums);
    say(one,
        "BEGIN; INSERT INTO x(a, b) VALUES (50, 1), (51, 2); UPDATE x SET b = 0 WHERE rowid = 5");
    say(one, sums);
    say(two, sums);
    say(one, "COMMIT");
    say(two, sums);
    say(two, "DELETE FROM x WHERE a < 8");
    say(one, sums);
    say(one, "SELECT rowid, * FROM x");
    say(one, "INSERT INTO x(a, b) VALUES (60, 60)");
    say(two, "INSERT INTO x(a, b) VALUES (61, 61)");
    say(one, "INSERT INTO x(a, b) VALUES (62, 62); SELECT last_insert_rowid()");
    say(two, "SELECT rowid, * FROM x");
    say(two, "DELETE FROM x");
    say(one, "INSERT INTO x(a, b) VALUES (70, 70); SELECT rowid, * FROM x");
}

static void snapshots_are_stable(void) {
    static const char sums[] = "SELECT count(*), sum(a), max(rowid) FROM x";
    say(one, "BEGIN");
    say(one, sums);
    say(two, "INSERT INTO x(a, b) VALUES (11, 11)");
    say(two, "UPDATE x SET a = a + 100; DELETE FROM x WHERE rowid < 5");
    say(one, sums);
    say(one, "SELECT rowid, * FROM x WHERE a BETWEEN 3 AND 105");
    gives(SQLITE_BUSY, one, "INSERT INTO x(a, b) VALUES (1, 1)"); /* busy: its snapshot is old */
    say(one, "COMMIT");
    say(one, sums);
    sqlite3_stmt *half = unit_prepare(one, "SELECT a FROM x");
    step(half);
    step(half);
    say(two, "UPDATE x SET a = 7; DELETE FROM x WHERE rowid > 9");
    step(half);
    step(half);
    while (sqlite3_step(half) == SQLITE_ROW)
        note("row", sqlite3_column_int64(half, 0));
    finish(half);
    say(one, sums);
}

static void locks_are_respected(void) {
    say(one, "BEGIN IMMEDIATE");
    gives(SQLITE_BUSY, two, "INSERT INTO x(a, b) VALUES (1, 1)");
    say(two, "BEGIN; SELECT count(*) FROM x");
    gives(SQLITE_BUSY, two, "UPDATE x SET a = 1 WHERE rowid = 3");
    say(two, "COMMIT");
    say(one, "INSERT INTO x(a, b) VALUES (2, 2)");
    sqlite3_stmt *half = unit_prepare(two, "SELECT a FROM x");
    step(half);
    gives(in_wal() ? SQLITE_OK : SQLITE_BUSY, one,
          "COMMIT"); /* with a rollback journal the reader is in the way */
    note("autocommit", sqlite3_get_autocommit(one));
    say(one, "SELECT count(*) FROM x");
    say(one, "INSERT INTO x(a, b) VALUES (3, 3)");
    finish(half);
    gives(in_wal() ? SQLITE_ERROR : SQLITE_OK, one, "COMMIT");
    note("autocommit", sqlite3_get_autocommit(one));
    say(two, "SELECT rowid, * FROM x");
    say(two, "BEGIN EXCLUSIVE; DELETE FROM x WHERE a = 2");
    gives(in_wal() ? SQLITE_OK : SQLITE_BUSY, one, "SELECT count(*) FROM x WHERE a > 4");
    say(two, "ROLLBACK");
    say(one, "SELECT count(*) FROM x WHERE a > 4");
}

static void schemas_are_followed(void) {
    say(two, "SELECT count(*) FROM x");
    say(one, "ALTER TABLE x RENAME TO y; INSERT INTO y(a, b) VALUES (11, 12)");
    gives(SQLITE_ERROR, two, "SELECT count(*) FROM x");
    say(two, "SELECT rowid, * FROM y");
    say(two, "DROP TABLE y");
    gives(SQLITE_ERROR, one, "SELECT * FROM y");
    make(one, "x");
    say(two, "INSERT INTO x(a, b) VALUES (1, 2); SELECT rowid, * FROM x");
    say(two, "CREATE TABLE other(z); CREATE INDEX i ON other(z)");
    say(one, "SELECT rowid, * FROM x");
}

static void renaming(void) {
    say(one, "ALTER TABLE x RENAME TO \"wei\"\"rd na'me\"");
    say(one, "INSERT INTO \"wei\"\"rd na'me\"(a, b) VALUES (11, 0)");
    say(one, "SELECT count(*), sum(a) FROM \"wei\"\"rd na'me\"");
    say(one, "ALTER TABLE \"wei\"\"rd na'me\" RENAME TO x");
    say(one, "BEGIN; INSERT INTO x(a, b) VALUES (12, 1); ALTER TABLE x RENAME TO y");
    say(one, "INSERT INTO y(a, b) VALUES (13, 2); SELECT rowid, a FROM y WHERE a > 9");
    say(one, "ROLLBACK; SELECT rowid, a FROM x WHERE a > 9");
    say(one, "SAVEPOINT s; ALTER TABLE x RENAME TO y; DELETE FROM y WHERE a < 5; ROLLBACK TO s");
    say(one, "INSERT INTO x(a, b) VALUES (14, 3); RELEASE s; SELECT rowid, a FROM x");
    say(one, "CREATE TABLE taken(z)");
    gives(SQLITE_ERROR, one, "ALTER TABLE x RENAME TO taken");
    say(one, "BEGIN; UPDATE x SET b = 5; ALTER TABLE x RENAME TO y; COMMIT; SELECT sum(b) FROM y");
    say(two, "SELECT sum(b) FROM y");
    say(one, "DROP TABLE y; SELECT name FROM sqlite_schema ORDER BY 1");
}

static void dropping(void) {
    sqlite3_stmt *half = unit_prepare(one, "SELECT a FROM x");
    step(half);
    gives(SQLITE_LOCKED, one, "DROP TABLE x");
    step(half);
    finish(half);
    say(one, "SELECT count(*) FROM x");
    say(one, "BEGIN; INSERT INTO x(a, b) VALUES (11, 1); DROP TABLE x");
    gives(SQLITE_ERROR, one, "SELECT count(*) FROM x");
    say(one, "ROLLBACK; SELECT count(*) FROM x");
    say(one, "SAVEPOINT s; DELETE FROM x WHERE a = 1; DROP TABLE x; ROLLBACK TO s; RELEASE s; "
             "SELECT sum(a) FROM x");
    say(one, "BEGIN; DROP TABLE x");
    make(one, "x");
    say(one, "INSERT INTO x(a, b) VALUES (1, 2); SELECT rowid, * FROM x");
    say(one, "ROLLBACK; SELECT rowid, * FROM x");
    say(one, "DROP TABLE x; SELECT count(*) FROM sqlite_schema");
    say(one, "BEGIN");
    make(one, "z");
    say(one, "INSERT INTO z(a, b) VALUES (1, 2); ROLLBACK; SELECT count(*) FROM sqlite_schema");
    gives(SQLITE_ERROR, one, "SELECT * FROM z");
    say(one, "SAVEPOINT s");
    make(one, "z");
    gives(SQLITE_ERROR, one, "INSERT INTO z(a, b) VALUES (1, 2); ROLLBACK TO s; SELECT * FROM z");
    make(one, "z");
    say(one, "INSERT INTO z(a, b) VALUES (1, 3); RELEASE s; SELECT rowid, * FROM z");
}

/* Writing to rows while a statement reads them, as applications do */
static void writing_while_reading(void) {
    sqlite3_stmt *half = unit_prepare(one, "SELECT rowid, a FROM x WHERE a > 2");
    while (sqlite3_step(half) == SQLITE_ROW) {
        const int64_t rowid = sqlite3_column_int64(half, 0);
        note("row", rowid);
        say(one,
            rowid % 3 == 0 ? "DELETE FROM x WHERE rowid = %lld"
                           : "UPDATE x SET b = -a WHERE rowid = %lld",
            rowid);
    }
    finish(half);
    say(one, "SELECT rowid, * FROM x");
    half = unit_prepare(one, "SELECT rowid FROM x ORDER BY rowid DESC");
    step(half);
    step(half);
    say(one, "DELETE FROM x WHERE rowid IN (4, 5)");
    step(half);
    say(one, "DELETE FROM x WHERE rowid < 5");
    drain(half);
    finish(half);
    fill(one, "x", 20, 30);
    half = unit_prepare(one, "SELECT rowid FROM x");
    step(half);
    say(one,
        "BEGIN; UPDATE x SET a = 0 WHERE rowid > 15; INSERT INTO x(rowid, a, b) VALUES (-5, 1, 1)");
    step(half);
    say(one, "ROLLBACK");
    step(half);
    say(one, "SAVEPOINT s; UPDATE x SET a = 3; ROLLBACK TO s; RELEASE s");
    step(half);
    say(one, "BEGIN; INSERT INTO x(rowid, a, b) VALUES (-5, 1, 1); COMMIT");
    step(half);
    say(one, "DELETE FROM x WHERE rowid > 0");
    drain(half);
    finish(half);
    say(one, "SELECT rowid, * FROM x");
}

/* The same at both ends of all rowids, behind which nothing can be */
static void writing_while_reading_ends(void) {
    static const char *const orders[] = {"SELECT rowid FROM x ORDER BY rowid",
                                         "SELECT rowid FROM x ORDER BY rowid DESC"};
    say(one, "INSERT INTO x(rowid, a, b) VALUES (9223372036854775807, 1, 1),"
             " (-9223372036854775808, 2, 2)");
    for (int i = 0; i < 2; i++) {
        sqlite3_stmt *half = unit_prepare(one, orders[i]);
        while (sqlite3_step(half) == SQLITE_ROW) {
            const int64_t rowid = sqlite3_column_int64(half, 0);
            note("row", rowid);
            say(one, "UPDATE x SET b = b + 1 WHERE rowid = %lld", rowid);
        }
        finish(half);
    }
    say(one, "SELECT rowid, * FROM x");
}

/* What a statement has half read is changed, read by it so, and taken back. */
static void rolling_back_while_reading(void) {
    static const char *const changes[] = {
        "DELETE FROM x WHERE a IN (3, 4)", "DELETE FROM x WHERE a < 3", "UPDATE x SET b = b + 1",
        "INSERT INTO x(rowid, a, b) VALUES (11, 11, 11), (0, 0, 0)",
        "UPDATE x SET rowid = rowid + 100 WHERE a > 2"};
    say(one, "CREATE TABLE o(v); INSERT INTO o SELECT 1 + (5 * value) %% 4 FROM "
             "array_each(array_series(1, 40))");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        for (int whole = 0; whole < 2; whole++) {
            sqlite3_stmt *lookups =
                unit_prepare(one, "SELECT b FROM o CROSS JOIN x ON x.rowid = o.v");
            sqlite3_stmt *rows = unit_prepare(one, "SELECT a FROM x");
            step(lookups);
            step(rows);
            say(one, whole ? "BEGIN" : "SAVEPOINT s");
            say(one, changes[i]);
            if (store && !whole)
                unit_must(one, "INSERT INTO x(x) VALUES ('optimize')");
            step(lookups);
            say(one, "SELECT sum(b) FROM x");
            say(one, whole ? "ROLLBACK" : "ROLLBACK TO s");
            for (int n = 0; n < 9; n++) {
                step(lookups);
                step(rows);
            }
            drain(rows);
            drain(lookups);
            finish(rows);
            finish(lookups);
            if (!whole)
                say(one, "RELEASE s");
            say(one, "SELECT rowid, * FROM x");
        }
    }
}

/*
** SQLite makes new virtual tables of those it has, in the middle of a transaction, as it reads a
** schema anew.
*/
static void schemas_read_anew(void) {
    make(one, "temp.t");
    fill(one, "temp.t", 1, 6);
    unit_must(one,
              "CREATE TEMP TABLE o AS SELECT 3 + value %% 2 AS v FROM array_each('[0,1,2,3,4]')");
    say(one, "BEGIN; INSERT INTO t(a, b) VALUES (7, 7); UPDATE t SET b = 0 WHERE rowid = 2");
    sqlite3_stmt *half = unit_prepare(one, "SELECT a FROM t");
    sqlite3_stmt *lookups = unit_prepare(one, "SELECT b FROM o CROSS JOIN t ON t.rowid = o.v");
    step(half);
    say(one, "UPDATE t SET b = 1 WHERE rowid = 3");
    step(lookups);
    step(lookups);
    say(two, "CREATE TABLE another(x)");
    say(one, "SELECT count(*) FROM x");
    say(one, "UPDATE t SET b = 2 WHERE rowid = 4; INSERT INTO t(a, b) VALUES (8, 8)");
    step(half);
    step(lookups);
    step(lookups);
    finish(lookups);
    say(one, "SELECT rowid, * FROM t; SELECT * FROM t WHERE rowid = 8");
    say(one, "COMMIT; BEGIN; UPDATE t SET b = 5 WHERE rowid = 5");
    drain(half);
    finish(half);
    gives(in_wal() ? SQLITE_OK : SQLITE_BUSY, two, "DROP TABLE another");
    say(one, "SELECT count(*) FROM x");
    say(one, "UPDATE t SET b = b + 1; ROLLBACK; SELECT rowid, * FROM t");
    say(one, "BEGIN; INSERT INTO x(a, b) VALUES (11, 11); UPDATE t SET b = 9 WHERE rowid = 1");
    say(one, "PRAGMA writable_schema = RESET; INSERT INTO x(a, b) VALUES (12, 12)");
    say(one, "SAVEPOINT s; PRAGMA writable_schema = RESET; UPDATE t SET b = 8; DELETE FROM x");
    say(one, "ROLLBACK TO s; INSERT INTO t(a, b) VALUES (9, 9); COMMIT");
    say(one, "SELECT rowid, * FROM t; SELECT rowid, * FROM x");
    say(two, "SELECT rowid, * FROM x");
}

/*
** Rowids that are changed, in forms that a table takes, and to those of rows that are to be changed
** next
*/
static void moving(void) {
    say(one, "UPDATE OR REPLACE x SET rowid = rowid + 2 WHERE a IN (1, 3, 4)");
    say(one, "SELECT rowid, * FROM x");
    say(one, "UPDATE OR REPLACE x SET rowid = rowid + 1, b = a WHERE a IN (7, 9)");
    say(one, "SELECT rowid, * FROM x");
    say(one, "UPDATE x SET rowid = 77.0 WHERE rowid = 2");
    say(one, "UPDATE x SET rowid = '78' WHERE rowid = 5");
    say(one, "UPDATE x SET rowid = ' -7.9e1 ' WHERE rowid = 77");
    say(one, "SELECT rowid, * FROM x");
    static const char *const refused[] = {
        "1.5", "'x'", "NULL", "x'31'", "'1x'", "''", "1e300", "9223372036854775808.0", "'1.5'"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        gives(SQLITE_MISMATCH, one, "UPDATE x SET rowid = %s WHERE rowid = 78", refused[i]);
    say(one, "SELECT rowid, * FROM x");
}

static void attached_and_temporary(void) {
    unit_remove("attached.db");
    say(one, "ATTACH %Q AS other", unit_path("attached.db"));
    make(one, "other.x");
    make(one, "temp.t");
    say(one, "INSERT INTO other.x(a, b) SELECT a + 100, b FROM main.x WHERE a %% 2");
    say(one, "INSERT INTO t(a, b) SELECT a, b FROM other.x WHERE a > 103; UPDATE t SET b = b + 1");
    say(one, "BEGIN; DELETE FROM main.x WHERE a < 4; DELETE FROM other.x WHERE a > 107; DELETE "
             "FROM t; ROLLBACK");
    say(one, "BEGIN; DELETE FROM main.x WHERE a < 4; DELETE FROM other.x WHERE a > 107; UPDATE t "
             "SET a = 0; COMMIT");
    say(one, "SELECT rowid, a, b, 1 FROM main.x UNION ALL SELECT rowid, a, b, 2 FROM other.x"
             " UNION ALL SELECT rowid, a, b, 3 FROM t");
    say(one, "CREATE TABLE main.source(k, v)");
    say(one, "CREATE TEMP TRIGGER w AFTER INSERT ON main.source BEGIN"
             " INSERT INTO x(a, b) VALUES (new.k, new.v); INSERT INTO t(a, b) VALUES (new.k, "
             "new.v); END");
    say(one, "INSERT INTO source VALUES (1, 2), (3, 4); SELECT rowid, * FROM t; SELECT rowid, * "
             "FROM main.x");
    say(one, "VACUUM other; SELECT rowid, * FROM other.x");
    say(one, "DETACH other");
    gives(SQLITE_ERROR, one, "SELECT * FROM other.x");
    say(one, "ATTACH %Q AS another; SELECT rowid, * FROM another.x", unit_path("attached.db"));
    say(one, "INSERT INTO another.x(a, b) VALUES (1, 1); SELECT max(rowid) FROM another.x; DROP "
             "TABLE another.x");
    say(one, "SELECT count(*) FROM another.sqlite_schema; DROP TABLE t; SELECT count(*) FROM "
             "sqlite_temp_schema");
}

static void read_only(void) {
    say(one, "PRAGMA query_only = ON");
    gives(SQLITE_READONLY, one, "INSERT INTO x(a, b) VALUES (1, 1)");
    say(one, "SELECT sum(b) FROM x WHERE a > 2");
    gives(SQLITE_READONLY, one, "BEGIN; DELETE FROM x");
    say(one, "ROLLBACK; PRAGMA query_only = OFF");
    sqlite3_close(two);
    if (sqlite3_open_v2(unit_path("one.db"), &two, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        unit_bail_out("%s", sqlite3_errmsg(two));
    char *message;
    unit_load(two, &message);
    say(two, "SELECT rowid, * FROM x WHERE a > 7");
    gives(SQLITE_READONLY, two, "INSERT INTO x(a, b) VALUES (1, 1)");
    gives(SQLITE_READONLY, two, "UPDATE x SET a = 1");
    gives(SQLITE_READONLY, two, "DELETE FROM x");
    gives(SQLITE_READONLY, two, "DROP TABLE x");
    say(one, "INSERT INTO x(a, b) VALUES (1, 1)");
    say(two, "BEGIN; SELECT count(*) FROM x; COMMIT");
}

static void copies(void) {
    unit_remove("copy.db");
    say(one,
        /* a table's rowids count up from 1 again */
        "DELETE FROM x WHERE a > 8; VACUUM; SELECT rowid, * FROM x");
    say(one, "INSERT INTO x(a, b) VALUES (11, 1)");
    say(one, "VACUUM INTO %Q", unit_path("copy.db"));
    sqlite3 *copy = connect("copy.db");
    say(copy, "SELECT rowid, * FROM x; INSERT INTO x(a, b) VALUES (12, 2); PRAGMA integrity_check");
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", one, "main");
    note("backup", sqlite3_backup_step(backup, 1));
    say(one, "INSERT INTO x(a, b) VALUES (13, 3)");
    note("backup", sqlite3_backup_step(backup, -1));
    note("backup", sqlite3_backup_finish(backup));
    say(copy,
        "SELECT rowid, * FROM x; INSERT INTO x(a, b) VALUES (14, 4); SELECT max(rowid) FROM x");
    sqlite3_close(copy);
    say(one, "BEGIN; INSERT INTO x(a, b) VALUES (15, 5)");
    gives(SQLITE_ERROR, one, "VACUUM");
    say(one, "COMMIT; VACUUM; SELECT count(*) FROM x");
    say(two, "SELECT count(*) FROM x");
}

/* Rowids, changes() and last_insert_rowid(), also after the rows have been written to the file */
static void counters(void) {
    static const char counts[] = "SELECT changes(), last_insert_rowid()";
    say(one, "BEGIN; INSERT INTO x(a, b) VALUES (11, 1), (12, 2), (13, 3)");
    say(one, counts);
    say(one, "UPDATE x SET b = 0 WHERE a > 5; SELECT changes()");
    say(one, "INSERT INTO x(rowid, a, b) VALUES (5000, 1, 1)");
    say(one, "CREATE TABLE ordinary(z); INSERT INTO ordinary VALUES (1), (2)");
    say(one, counts);
    say(one, "SELECT count(*) FROM x");
    say(one, "SELECT last_insert_rowid()");
    say(one, "COMMIT; SELECT last_insert_rowid()");
    say(one,
        "DELETE FROM x WHERE rowid = 5000; SELECT changes(); INSERT INTO x(a, b) VALUES (1, 1)");
    say(one, counts);
    say(one, "DELETE FROM x; SELECT changes(); INSERT INTO x(rowid, a, b) VALUES (-9, 1, 1)");
    say(one, "INSERT INTO x(a, b) VALUES (2, 2); SELECT rowid, * FROM x");
    say(one, "INSERT INTO x(rowid, a, b) VALUES (9223372036854775807, 3, 3); SELECT "
             "last_insert_rowid()");
    say(one, "INSERT INTO x(a, b) VALUES (4, 4), (5, 5)"); /* at random places */
    say(one,
        "SELECT count(*), count(DISTINCT rowid), sum(rowid > 0), max(rowid), min(rowid) FROM x");
    say(one,
        "DELETE FROM x WHERE a > 2; INSERT INTO x(a, b) VALUES (6, 6); SELECT rowid, * FROM x");
    say(one, "INSERT INTO x(rowid, a, b) VALUES (9223372036854775806, 3, 3)");
    say(one, "INSERT INTO x(a, b) VALUES (7, 7); SELECT max(rowid) FROM x");
}

static void distrusted_schema(void) {
    say(one, "CREATE VIEW v AS SELECT a, b FROM x WHERE a > 8; CREATE TABLE source(k, v)");
    say(one, "CREATE TRIGGER t AFTER INSERT ON source BEGIN INSERT OR ROLLBACK INTO x(rowid, a, b)"
             " VALUES (new.k, new.v, 0); UPDATE x SET b = b + 1 WHERE a > new.v; END");
    say(one, "PRAGMA trusted_schema = OFF");
    say(one, "SELECT * FROM v");
    say(one, "BEGIN; INSERT INTO source VALUES (20, 4); SELECT sum(b) FROM x");
    gives(SQLITE_CONSTRAINT, one, "INSERT INTO source VALUES (21, 4), (5, 6), (22, 7)");
    note("autocommit", sqlite3_get_autocommit(one));
    say(one, "SELECT rowid, * FROM x; SELECT * FROM source");
    say(one, "UPDATE x SET a = k FROM source WHERE source.v = x.rowid");
    say(one, "INSERT INTO source VALUES (30, 1), (31, 2); UPDATE x SET a = k FROM source WHERE v = "
             "x.rowid");
    say(one, "WITH w AS (SELECT rowid AS r, a FROM x WHERE a > 3) SELECT * FROM w JOIN x ON w.a = "
             "x.rowid");
}

static const struct {
    const char *name;
    void (*scenario)(void);
} scenarios[] = {
    {"commits of another connection are seen", commits_are_seen},
    {"locks are respected", locks_are_respected},
    {"schemas are followed", schemas_are_followed},
    {"renaming", renaming},
    {"dropping", dropping},
    {"writing while reading", writing_while_reading},
    {"writing while reading the ends", writing_while_reading_ends},
    {"rolling back while reading", rolling_back_while_reading},
    {"schemas that are read anew", schemas_read_anew},
    {"moving rows", moving},
    {"attached and temporary databases", attached_and_temporary},
    {"read-only connections", read_only},
    {"VACUUM and backup", copies},
    {"rowids, changes() and last_insert_rowid()", counters},
    {"views and triggers of a schema that is not trusted", distrusted_schema},
};

int main(void) {
    static const char *const journals[] = {"DELETE", "WAL", "MEMORY"};
    for (size_t j = 0; j < sizeof journals / sizeof journals[0]; j++) {
        journal = journals[j];
        for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
            compare(scenarios[i].name, scenarios[i].scenario);
        if (strcmp(journal, "WAL") == 0)
            compare("snapshots are stable", snapshots_are_stable);
    }
    unit_remove("");
    return done();
}
