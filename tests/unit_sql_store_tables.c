/*
** Properties that only an array_store has: the space that its shadow tables use and free,
** 'optimize' in steps, all page sizes and encodings, tables that nobody else may write to, writes
** that fail half-way, and random rowids.
*/
#define _DEFAULT_SOURCE
#include <sys/stat.h>

#include "store/helpers.h"

static sqlite3 *open_file(const char *name) {
    sqlite3 *db = unit_open(unit_path(name));
    unit_exec(db, "PRAGMA synchronous = OFF");
    return db;
}

/* What comes back after DELETE, 'optimize' and VACUUM; what goes when the store goes. */
static int64_t file_size(const char *name) {
    struct stat status;
    return stat(unit_path(name), &status) == 0 ? (int64_t)status.st_size : -1;
}

static void test_space(void) {
    unit_remove("space.db");
    sqlite3 *db = open_file("space.db");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=1000);"
                  "INSERT INTO x(a) VALUES (array_random(100000, 0, 1000000000, 1))");
    const int64_t full = file_size("space.db");
    unit_exec(db, "DELETE FROM x WHERE rowid % 10 > 0");
    const int64_t before = unit_integer(db, "SELECT count(*) FROM x_chunks");
    unit_exec(db, "INSERT INTO x(x) VALUES ('optimize'); VACUUM");
    const int64_t after = unit_integer(db, "SELECT count(*) FROM x_chunks");
    ok(before == 100 && after == 10, "optimize leaves full chunks: %d of %d", (int)after,
       (int)before);
    ok(file_size("space.db") < full / 4, "a tenth of the rows, with rowids: %d bytes of %d",
       (int)file_size("space.db"), (int)full);
    ok(unit_sound(db, "x"), "sound");
    eq_text(unit_answer(db, "SELECT count(*), min(rowid), max(rowid) FROM x"), "10000|10|100000",
            "complete");
    unit_exec(db, "DELETE FROM x");
    eq_int(unit_integer(db, "SELECT count(*) FROM x_chunks"), 0, "no rows, no chunks");
    unit_exec(db, "VACUUM");
    ok(file_size("space.db") < 40000, "and hardly a file: %d bytes", (int)file_size("space.db"));
    unit_exec(db, "INSERT INTO x(a) VALUES (1); DROP TABLE x");
    eq_int(unit_integer(db, "SELECT count(*) FROM sqlite_schema"), 0, "DROP TABLE leaves nothing");
    sqlite3_close(db);
}

/* merge=N does no more at a time than it is told, and comes to the same end. */
static void test_merge(void) {
    unit_remove("merge.db");
    sqlite3 *db = open_file("merge.db");
    unit_exec(db,
              "CREATE VIRTUAL TABLE x USING array_store(a, chunk=16);"
              "INSERT INTO x(a) VALUES (array_series(1, 1600)); DELETE FROM x WHERE rowid % 4 > 0");
    int64_t before = unit_integer(db, "SELECT count(*) FROM x_chunks"), steps = 0;
    bool bounded = true;
    for (;; steps++) {
        unit_exec(db, "INSERT INTO x(x) VALUES ('merge=8')");
        const int64_t now = unit_integer(db, "SELECT count(*) FROM x_chunks");
        if (now == before || steps > 100)
            break;
        bounded = bounded && before - now <= 8;
        before = now;
    }
    ok(bounded && steps >= 10 && steps <= 100 && before <= 30,
       "merge=8 merges 100 chunks in %d steps to %d", (int)steps, (int)before);
    eq_text(unit_answer(db, "SELECT count(*), sum(a), sum(rowid) FROM x"), "400|320800|320800",
            "and keeps all rows");
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

static void test_page_sizes(void) {
    for (int size = 512; size <= 65536; size *= 2) {
        unit_remove("pages.db");
        sqlite3 *db = open_file("pages.db");
        unit_must(db, "PRAGMA page_size = %d; PRAGMA auto_vacuum = %d; PRAGMA encoding = %Q", size,
                  size % 3, size % 5 < 2 ? "UTF-16le" : "UTF-16be");
        unit_exec(
            db,
            "CREATE VIRTUAL TABLE \"тики\" USING array_store(\"größe\", 数量, chunk=3000);"
            "INSERT INTO тики VALUES (array_series(1, 10000), array_random(10000, 0, "
            "1000000000000, 1));"
            "INSERT INTO тики(数量, größe) VALUES (1, 2); DELETE FROM тики WHERE größe % 3 = 0");
        sqlite3_close(db);
        db = open_file("pages.db");
        eq_text(unit_answer(db, "SELECT count(*), sum(größe), max(rowid) FROM \"тики\" WHERE größe "
                                "> 50 OR 数量 = 1"),
                "6634|33335802|10001", "pages of %d, UTF-16", size);
        eq_text(unit_answer(db, "SELECT sum(chunk_rows), sum(array_sum(größe)), max(数量_max) > 0, "
                                "min(größe_min) FROM тики_chunks"),
                "6668|33336669|1|1", "its chunks");
        ok(unit_sound(db, "тики"), "sound");
        sqlite3_close(db);
    }
}

static void test_defensive(void) {
    unit_remove("defensive.db");
    sqlite3 *db = open_file("defensive.db");
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    unit_exec(
        db, "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=4);"
            "INSERT INTO x(a, b) VALUES (array_series(1, 10), array_series(11, 20));"
            "INSERT INTO x(a, b) VALUES (1, 2); UPDATE x SET a = 0 WHERE rowid = 3; DELETE FROM x "
            "WHERE rowid = 5;"
            "INSERT INTO x(x) VALUES ('optimize'); ALTER TABLE x RENAME TO y; UPDATE y SET b = 0");
    eq_text(unit_answer(db, "SELECT sum(chunk_rows), sum(array_sum(a)) FROM y_chunks"), "10|48",
            "works with DEFENSIVE");
    static const struct {
        const char *sql, *message; /* a part of it */
    } attacks[] = {{"UPDATE y_headers SET n = 1", "may not be modified"},
                   {"UPDATE y_chunks SET chunk_rows = 1", "modif"},
                   {"DELETE FROM y_arrays", "may not be modified"},
                   {"INSERT INTO y_headers(id) VALUES (99)", "may not be modified"},
                   {"DROP TABLE y_headers", "may not be dropped"},
                   {"DROP TABLE y_arrays", "may not be dropped"},
                   {"DELETE FROM y_config", "may not be modified"},
                   {"DROP TABLE y_config", "may not be dropped"},
                   {"ALTER TABLE y_headers RENAME TO z", "may not be altered"},
                   {"CREATE TABLE w_chunks(z)", "w_chunks"}};
    unit_exec(db, "CREATE VIRTUAL TABLE w USING array_store(a)");
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++)
        ok(unit_try(db, "%s", attacks[i].sql) == SQLITE_ERROR &&
               strstr(sqlite3_errmsg(db), attacks[i].message) != NULL,
           "DEFENSIVE refuses %s", attacks[i].sql);
    unit_exec(db, "DROP TABLE y; DROP TABLE w");
    eq_int(unit_integer(db, "SELECT count(*) FROM sqlite_schema"), 0, "DROP TABLE works with it");
    sqlite3_close(db);
}

/* Through .dump of the sqlite3 shell, which does not know array_store, and back. */
static void test_dump(void) {
    static const char all[] = "SELECT array_hash(array_agg(rowid)), array_hash(array_agg(ts)),"
                              " array_hash(array_agg(price)), sum(\"the qty\") FROM ticks";
    char command[1500];
    sqlite3 *db = open_file("dumped.db");
    unit_exec(db, "CREATE VIRTUAL TABLE ticks USING array_store(ts, price, \"the qty\", chunk=7);"
                  "INSERT INTO ticks VALUES (array_series(1700000000000, 1700000000019),"
                  " array_random(20, -300, 300, 1), array_fill(20, 5));"
                  "INSERT INTO ticks(rowid, ts, price, \"the qty\") VALUES (-5, 1, 2, 3),"
                  " (1000, -9223372036854775808, 9223372036854775807, 0);"
                  "DELETE FROM ticks WHERE rowid IN (3, 9, 10);"
                  "CREATE VIRTUAL TABLE empty USING array_store(a);"
                  "CREATE TABLE sales(t UNIQUE, n);"
                  "CREATE TRIGGER sold AFTER INSERT ON sales BEGIN"
                  " INSERT INTO ticks VALUES (new.t, 0, new.n); END;"
                  "CREATE VIEW dear AS SELECT * FROM ticks WHERE price > 100;");
    snprintf(command, sizeof command,
             "sqlite3 -init /dev/null %s .dump | sqlite3 -init /dev/null %s",
             unit_path("dumped.db"), unit_path("reloaded.db"));
    if (system("sqlite3 -version >/dev/null 2>&1") != 0) {
        skip("a dump", "there is no sqlite3 shell");
    } else if (ok(system(command) == 0, "dumped")) {
        sqlite3 *copy = open_file("reloaded.db");
        eq_text(unit_answer(copy, all), unit_answer(db, all), "reloaded");
        ok(unit_sound(copy, "ticks") && unit_sound(copy, "empty"), "sound");
        eq_text(unit_answer(copy, "SELECT count(*) FROM dear"),
                unit_answer(db, "SELECT count(*) FROM dear"), "a view of it");
        unit_exec(copy, "INSERT INTO sales VALUES (7, 8); INSERT INTO empty VALUES (9)");
        eq_text(unit_answer(copy, "SELECT rowid, ts FROM ticks WHERE rowid > 1000"), "1001|7",
                "a trigger into it");
        unit_exec(copy, "DROP TABLE ticks; DROP TABLE empty");
        eq_int(unit_integer(copy, "SELECT count(*) FROM sqlite_schema WHERE name GLOB '*_c*'"), 0,
               "dropped without a trace");
        sqlite3_close(copy);
    }
    sqlite3_close(db);
}

/*
** What fails half-way through a write makes every statement fail, whatever row it is for, until it
** is rolled back.
*/
static void test_half_done(void) {
    static const char *const all[] = {"SELECT * FROM x",
                                      "SELECT a FROM x WHERE rowid = 109",
                                      "INSERT INTO x VALUES (1)",
                                      "INSERT INTO x VALUES ('[1]')",
                                      "INSERT INTO x(rowid, a) VALUES (-1, 1)",
                                      "INSERT INTO x(rowid, a) VALUES (5, 1)",
                                      "INSERT OR REPLACE INTO x(rowid, a) VALUES (109, 1)",
                                      "UPDATE x SET a = 0 WHERE rowid = 109",
                                      "DELETE FROM x WHERE rowid = 109",
                                      "INSERT INTO x(x) VALUES ('optimize')",
                                      "INSERT INTO x(x) VALUES ('integrity-check')",
                                      "ALTER TABLE x RENAME TO y",
                                      "SAVEPOINT s",
                                      "COMMIT"};
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=1000);"
                  "INSERT INTO x VALUES (array_series(1, 100)); BEGIN;"
                  "INSERT INTO x SELECT (value * 7919 % 1000 - 500) << 54"
                  "  FROM array_each(array_series(1, 300))");
    const int most = sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 2000);
    eq_int(unit_try(db, "SAVEPOINT s"), SQLITE_TOOBIG, "a chunk longer than a value");
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, most);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        eq_int(unit_try(db, "%s", all[i]), SQLITE_ABORT, "half-way: %s", all[i]);
    eq_text(sqlite3_errmsg(db), "array_store: an earlier write failed half-way, roll back", "why");
    eq_int(sqlite3_get_autocommit(db), 1, "which a COMMIT does");
    eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "100|5050", "all is as before");
    /* a savepoint that fails so is none, but the one before it is still there */
    unit_exec(db, "BEGIN; INSERT INTO x VALUES (101); SAVEPOINT s;"
                  "INSERT INTO x SELECT (value * 7919 % 1000 - 500) << 54"
                  "  FROM array_each(array_series(1, 300))");
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 2000);
    eq_int(unit_try(db, "SAVEPOINT t"), SQLITE_TOOBIG, "a savepoint");
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, most);
    eq_int(unit_try(db, "ROLLBACK TO s"), SQLITE_OK, "back to the one before");
    eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "101|5151", "all is as it was then");
    unit_exec(db, "COMMIT; INSERT INTO x VALUES (array_series(1, 300))");
    eq_int(unit_integer(db, "SELECT count(*) FROM x"), 401, "and works");
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

/*
** Where the largest rowid is taken others are tried, a hundred at random. These numbers are always
** the same.
*/
static void test_random_rowids(void) {
    bool distinct = true;
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a);"
                  "INSERT INTO x(rowid, a) VALUES (9223372036854775807, 0); BEGIN");
    sqlite3_stmt *insert = unit_prepare(db, "INSERT INTO x VALUES (1)");
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SAVE);
    for (int i = 0; i < 100 && distinct; i++) {
        sqlite3_test_control(SQLITE_TESTCTRL_PRNG_RESTORE);
        distinct = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_reset(insert);
    }
    ok(distinct, "a rowid that is taken is not taken again");
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_RESTORE);
    eq_int(sqlite3_step(insert), SQLITE_FULL, "a hundred of them are taken");
    eq_text(sqlite3_errmsg(db), "array_store: no rowid is free in x", "why");
    sqlite3_finalize(insert);
    eq_int(sqlite3_get_autocommit(db), 1, "which rolls back, as with a table");
    unit_exec(db, "INSERT INTO x VALUES (1)");
    eq_text(unit_answer(db, "SELECT count(*), min(rowid) > 0 FROM x"), "2|1", "others are not");
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

/*
** Arrays at an address that suits no integer, as an application may bind them, also more than a
** chunk of them
*/
static void test_unaligned(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=100)");
    sqlite3_stmt *series = unit_prepare(db, "SELECT array_mul(array_series(1, 250), 1000003)");
    if (sqlite3_step(series) != SQLITE_ROW)
        unit_bail_out("%s", sqlite3_errmsg(db));
    const int size = sqlite3_column_bytes(series, 0);
    char *memory = sqlite3_malloc(size + 1);
    if (memory == NULL)
        unit_bail_out("no memory");
    memcpy(memory + 1, sqlite3_column_blob(series, 0), (size_t)size);
    sqlite3_stmt *insert = unit_prepare(db, "INSERT INTO x VALUES (?1, array_series(1, 250))");
    sqlite3_bind_blob(insert, 1, memory + 1, size, SQLITE_STATIC);
    for (int i = 0; i < 2; i++) {
        eq_int(sqlite3_step(insert), SQLITE_DONE, "inserted");
        sqlite3_reset(insert);
    }
    sqlite3_finalize(series);
    sqlite3_finalize(insert);
    sqlite3_free(memory);
    eq_text(unit_answer(db, "SELECT count(*), sum(a = b * 1000003), sum(b) FROM x"),
            "500|500|62750", "all rows");
    eq_text(unit_answer(db, "SELECT group_concat(chunk_rows) FROM x_chunks"), "100,100,100,100,100",
            "in full chunks");
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

/*
** A search leaves the statement that it read the chunks with to the next one: none is compiled
** again.
*/
static void test_statements(void) {
    static const char *const searches[] = {
        "SELECT sum(a) FROM x", "SELECT a FROM x ORDER BY rowid DESC", "SELECT sum(a) FROM x",
        "SELECT a FROM x ORDER BY rowid DESC"};
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=10);"
                  "INSERT INTO x VALUES (array_series(1, 100))");
    enum { SEARCHES = sizeof searches / sizeof searches[0] };
    int kept[SEARCHES] = {0};
    for (size_t i = 0; i < SEARCHES; i++) {
        unit_exec(db, searches[i]);
        for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(db, s)) != NULL;)
            kept[i]++;
    }
    ok(kept[0] < kept[1], "one for each direction: %d, %d", kept[0], kept[1]);
    ok(kept[1] == kept[2] && kept[2] == kept[3], "no further one: %d, %d", kept[2], kept[3]);
    sqlite3_close(db);
}

/*
** A table that is filled from its own chunks ends: they are read before the first row is written.
*/
static void test_own_chunks(void) {
    static const struct {
        const char *sql, *rows;
    } cases[] = {
        {"INSERT INTO x SELECT a, b FROM x_chunks", "40|420"},
        {"INSERT INTO x SELECT e.value, 1 FROM x_chunks AS c, array_each(c.a) AS e", "80|840"},
        {"WITH c AS (SELECT * FROM main.x_chunks) INSERT INTO x SELECT chunk_rows, chunk_id FROM c",
         "91|920"},
        {"UPDATE x SET a = a + 1 WHERE rowid IN (SELECT chunk_id FROM x_chunks)", "91|933"},
        {"DELETE FROM x WHERE rowid IN (SELECT chunk_last FROM x_chunks)", "78|769"},
    };
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=8);"
                  "INSERT INTO x SELECT value, -value FROM array_each(array_series(1, 20))");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unit_exec(db, cases[i].sql);
        eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), cases[i].rows, "%s",
                cases[i].sql);
        unit_exec(db, "INSERT INTO x(x) VALUES ('optimize')");
    }
    /* in either direction, and where each row that is written is one that comes next */
    unit_exec(db, "DELETE FROM x; INSERT INTO x VALUES (array_series(1, 20), array_series(1, 20));"
                  "INSERT INTO x SELECT a, b FROM x_chunks ORDER BY chunk_id DESC");
    eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "40|420", "from the last one on");
    sqlite3_close(db);
    for (int chunk = 1; chunk < 4; chunk++) {
        db = unit_open(":memory:");
        unit_must(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=%d);", chunk);
        unit_exec(db, "INSERT INTO x(rowid, a) VALUES (1, 1), (2, 2), (1000000000, 3)");
        const int64_t chunks = unit_integer(db, "SELECT count(*) FROM x_chunks");
        unit_exec(db, "INSERT OR IGNORE INTO x(rowid, a) SELECT chunk_last + 1, 0 FROM x_chunks");
        unit_exec(db, "INSERT OR IGNORE INTO x(rowid, a) SELECT chunk_first - 1, 0 FROM x_chunks"
                      " ORDER BY chunk_id DESC");
        const int64_t rows = unit_integer(db, "SELECT count(*) FROM x");
        ok(rows > 3 && rows <= 3 + 4 * (chunks + 2), "chunks of %d: %d rows", chunk, (int)rows);
        ok(unit_sound(db, "x"), "sound");
        sqlite3_close(db);
    }
}

/* Triggers in temp are those of a store only where they are on its own shadow tables. */
static void test_temporary_triggers(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "ATTACH ':memory:' AS aux; CREATE VIRTUAL TABLE main.t USING array_store(a);"
                  "CREATE VIRTUAL TABLE aux.t USING array_store(a);"
                  "INSERT INTO main.t VALUES (1); INSERT INTO aux.t VALUES (2);"
                  "CREATE TEMP TRIGGER g AFTER INSERT ON aux.t_headers BEGIN SELECT 1; END");
    eq_text(unit_answer(db, "SELECT a FROM main.t"), "1", "it is on the other one's");
    unit_exec(db, "INSERT INTO main.t VALUES (3)");
    eq_int(unit_try(db, "SELECT a FROM aux.t"), SQLITE_CORRUPT_VTAB, "this one's");
    eq_text(sqlite3_errmsg(db), "array_store: t_headers is not the table that array_store made",
            "and says so");
    unit_exec(db, "DROP TRIGGER g; INSERT INTO aux.t VALUES (4)");
    eq_text(unit_answer(db, "SELECT sum(a) FROM aux.t"), "6", "without it");
    static const char *const events[] = {"INSERT", "DELETE", "UPDATE"};
    for (size_t i = 0; i < 3; i++) {
        unit_must(db, "CREATE TEMP TRIGGER g AFTER %s ON t_arrays BEGIN SELECT 1; END", events[i]);
        eq_int(unit_try(db, "SELECT a FROM main.t"), SQLITE_CORRUPT_VTAB, "%s, unqualified",
               events[i]);
        eq_text(unit_answer(db, "SELECT sum(a) FROM aux.t"), "6", "not the other");
        unit_exec(db, "DROP TRIGGER g");
    }
    sqlite3_close(db);
}

/* What a name cannot be for a new table it cannot become. */
static void test_rename_checks(void) {
    static const struct {
        const char *sql, *why;
    } cases[] = {
        {"ALTER TABLE t RENAME TO A", "array_store: a column cannot have the name of the table: a"},
        {"PRAGMA legacy_alter_table = ON; ALTER TABLE t RENAME TO a",
         "array_store: a column cannot have the name of the table: a"},
        {"ALTER TABLE t RENAME TO u", "array_store: cannot rename t_arrays to u_arrays: there is "
                                      "already another table or index with this name: u_arrays"},
        {"ALTER TABLE t RENAME TO v", "array_store: cannot rename t_chunks to v_chunks: there is "
                                      "already another table or index with this name: v_chunks"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sqlite3 *db = unit_open(":memory:");
        unit_exec(db, "CREATE VIRTUAL TABLE t USING array_store(a); CREATE TABLE u_arrays(x);"
                      "CREATE VIEW v_chunks AS SELECT 1; INSERT INTO t VALUES (5)");
        eq_int(unit_try(db, "%s", cases[i].sql), SQLITE_ERROR, "%s", cases[i].sql);
        eq_text(sqlite3_errmsg(db), cases[i].why, "why");
        unit_exec(db, "INSERT INTO t VALUES (6)");
        eq_text(unit_answer(db, "SELECT sum(a) FROM t"), "11", "it is as before");
        unit_exec(db, "ALTER TABLE t RENAME TO w; DROP TABLE w");
        sqlite3_close(db);
    }
}

/* A statement's savepoint that one table cannot be written at takes nothing from the others. */
static void test_savepoint_of_others(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=4);"
                  "CREATE VIRTUAL TABLE y USING array_store(a, chunk=4);"
                  "CREATE TABLE t(x UNIQUE); INSERT INTO x VALUES (1), (2);"
                  "BEGIN; INSERT INTO x VALUES (3); INSERT INTO y VALUES (1);"
                  "INSERT INTO x SELECT 4 UNION SELECT 5;"
                  "INSERT INTO x VALUES (6); INSERT INTO y VALUES (2);"
                  "UPDATE x_headers SET n = -n");
    eq_int(sqlite3_exec(db, "INSERT INTO t SELECT 1 UNION SELECT 2", NULL, NULL, NULL),
           SQLITE_CORRUPT, "a statement that cannot begin");
    unit_exec(db, "UPDATE x_headers SET n = -n");
    eq_text(unit_answer(db, "SELECT group_concat(a) FROM y"), "1,2", "the other's rows stay");
    eq_text(unit_answer(db, "SELECT group_concat(a) FROM x"), "1,2,3,4,5,6", "and its own");
    unit_exec(db, "SAVEPOINT s; INSERT INTO y VALUES (3); SAVEPOINT t; INSERT INTO y VALUES (4);"
                  "RELEASE t; INSERT INTO y VALUES (5); ROLLBACK TO s; INSERT INTO y VALUES (6);"
                  "ROLLBACK TO s; COMMIT");
    eq_text(unit_answer(db, "SELECT group_concat(a) FROM y"), "1,2", "savepoints in one another");
    ok(unit_sound(db, "x") && unit_sound(db, "y"), "sound");
    sqlite3_close(db);
}

/* A statement that has read a part of a table does not go on in another that has its name now. */
static void test_renamed(void) {
    static const char another[] =
        "ALTER TABLE x RENAME TO z; CREATE VIRTUAL TABLE x USING array_store(a, chunk=2);"
        "INSERT INTO x SELECT 100 + value FROM array_each('[1,2,3,4,5,6,7,8]')";
    static const char *const renames[] = {
        another, "ALTER TABLE x RENAME TO z",
        "PRAGMA writable_schema = RESET; ALTER TABLE x RENAME TO z"};
    static const char *const queries[] = {
        "SELECT a FROM x", "SELECT a FROM array_each('[1,2,7,8]') CROSS JOIN x ON x.rowid = value"};
    for (size_t i = 0; i < 6; i++) {
        sqlite3 *db = unit_open(":memory:");
        unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=2);"
                      "INSERT INTO x SELECT value FROM array_each('[1,2,3,4,5,6,7,8]')");
        sqlite3_stmt *half = unit_prepare(db, queries[i % 2]);
        ok(sqlite3_step(half) == SQLITE_ROW && sqlite3_column_int(half, 0) == 1, "a row");
        unit_exec(db, renames[i / 2]);
        int rc;
        while ((rc = sqlite3_step(half)) == SQLITE_ROW && sqlite3_column_int(half, 0) <= 8) {
        }
        eq_int(rc, SQLITE_ABORT, "ends: %s", renames[i / 2]);
        eq_text(sqlite3_errmsg(db), "array_store: x has been renamed meanwhile", "and says why");
        sqlite3_finalize(half);
        eq_int(unit_integer(db, "SELECT sum(a) FROM z"), 36, "by the new name");
        unit_exec(db, "INSERT INTO z VALUES (9)");
        ok(unit_sound(db, "z"), "sound");
        sqlite3_close(db);
    }
}

/*
** Where SQLite reads the schema anew and what the table had in memory cannot be written, the new
** virtual table does not go on without it.
*/
static void test_sibling_fails(void) {
    static const char *const all[] = {"SAVEPOINT s", "UPDATE x SET rowid = -1 WHERE rowid = 1",
                                      "INSERT INTO x(x) VALUES ('integrity-check')",
                                      "DROP TABLE x"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        sqlite3 *db = unit_open(":memory:");
        unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=1000);"
                      "INSERT INTO x VALUES (7); BEGIN; INSERT INTO x SELECT (value * 7919 % 1000 "
                      "- 500) << 54"
                      "  FROM array_each(array_series(1, 300)); PRAGMA writable_schema = RESET");
        const int most = sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 2000);
        eq_int(unit_try(db, "%s", all[i]), SQLITE_TOOBIG, "cannot be written: %s", all[i]);
        sqlite3_limit(db, SQLITE_LIMIT_LENGTH, most);
        eq_int(unit_try(db, "%s", all[i]), SQLITE_ABORT, "and not gone on with");
        if (i == 1 || i == 2) /* SQLite loses the message of others */
            eq_text(sqlite3_errmsg(db), "array_store: an earlier write failed half-way, roll back",
                    "and says so");
        unit_exec(db, "ROLLBACK");
        eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "1|7", "is as before");
        ok(unit_sound(db, "x"), "sound");
        sqlite3_close(db);
    }
}

/*
** Rows given as arrays at the end of all rowids, where the first or the second of them cannot be
** put
*/
static void test_scattered(void) {
    for (int i = 0; i < 2; i++) {
        sqlite3 *db = unit_open(":memory:");
        unit_must(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=%d)", 300 + i);
        unit_exec(db, "BEGIN; INSERT INTO x(rowid, a)"
                      " SELECT 9223372036854775507 + value, (value * 7919 % 1000 - 500) << 54"
                      " FROM array_each(array_series(1, 300))");
        const int most = sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000);
        eq_int(unit_try(db, "INSERT INTO x VALUES ('[1,2,3]')"), SQLITE_TOOBIG,
               "rows that cannot be put");
        sqlite3_limit(db, SQLITE_LIMIT_LENGTH, most);
        eq_int(unit_try(db, "SELECT * FROM x"), SQLITE_ABORT, "nor others then");
        unit_exec(db, "ROLLBACK; INSERT INTO x VALUES ('[1,2,3]')");
        eq_text(unit_answer(db, "SELECT count(*), sum(a) FROM x"), "3|6",
                "until it is rolled back");
        sqlite3_close(db);
    }
}

/* A constraint that the conflict clause ignores leaves no message to a failure that follows. */
static int stop(void *unused) {
    (void)unused;
    return 1;
}
static void test_ignored(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db,
              "CREATE VIRTUAL TABLE x USING array_store(a); INSERT INTO x VALUES (1), (2), (3)");
    sqlite3_progress_handler(db, 2000, stop, NULL);
    eq_int(sqlite3_exec(db,
                        "INSERT OR IGNORE INTO x(rowid, a) SELECT 2, value FROM "
                        "array_each(array_series(1, 1000))",
                        NULL, NULL, NULL),
           SQLITE_INTERRUPT, "interrupted");
    eq_text(sqlite3_errmsg(db), "interrupted", "and says so");
    sqlite3_close(db);
}

/* Making a table is no INSERT. */
static void test_last_insert_rowid(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE TABLE t(x); INSERT INTO t(rowid) VALUES (77);"
                  "CREATE VIRTUAL TABLE x USING array_store(a)");
    eq_int(sqlite3_last_insert_rowid(db), 77, "CREATE VIRTUAL TABLE leaves last_insert_rowid()");
    unit_exec(db, "BEGIN; INSERT INTO x(rowid, a) VALUES (-5, 1); PRAGMA integrity_check; COMMIT");
    eq_int(sqlite3_last_insert_rowid(db), -5, "so does an integrity check");
    sqlite3_close(db);
}

int main(void) {
    test_half_done();
    test_own_chunks();
    test_temporary_triggers();
    test_rename_checks();
    test_savepoint_of_others();
    test_renamed();
    test_sibling_fails();
    test_scattered();
    test_ignored();
    test_last_insert_rowid();
    test_statements();
    test_random_rowids();
    test_unaligned();
    test_space();
    test_merge();
    test_page_sizes();
    test_defensive();
    test_dump();
    unit_remove("");
    return done();
}
