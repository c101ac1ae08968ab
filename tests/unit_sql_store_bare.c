/*
** A database with a store that is opened by a connection without the extension: all other tables
** can still be used.
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

/* A connection that has nothing but SQLite. */
static sqlite3 *open_bare(void) {
    sqlite3 *db;
    if (sqlite3_open(unit_path("bare.db"), &db) != SQLITE_OK)
        unit_bail_out("cannot open bare.db");
    sqlite3_extended_result_codes(db, 1);
    return db;
}

/* Every kind of object that the extension makes, beside what an application has */
static void make_file(void) {
    unit_remove("bare.db");
    sqlite3 *db = unit_open(unit_path("bare.db"));
    unit_exec(
        db,
        "CREATE VIRTUAL TABLE ticks USING array_store(ts, price INTEGER NOT NULL, \"order\", "
        "chunk=8);"
        "INSERT INTO ticks SELECT value, value % 5, 7 FROM array_each(array_series(1, 30));"
        "DELETE FROM ticks WHERE rowid % 4 = 0;"
        "CREATE VIRTUAL TABLE empty USING array_store(a);"
        "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT UNIQUE, born INTEGER, tags BLOB);"
        "INSERT INTO people SELECT NULL, 'p' || value, value, array_of(value) FROM"
        " array_each(array_series(1, 100));"
        "CREATE TABLE visits(person REFERENCES people, at);"
        "CREATE INDEX by_born ON people(born); CREATE VIEW old AS SELECT name FROM people WHERE "
        "born < 9;"
        "CREATE TRIGGER visited AFTER INSERT ON visits BEGIN UPDATE people SET born = born + 1"
        " WHERE id = new.person; END;");
    sqlite3_close(db);
}

static void test_everything_else(void) {
    static const char *const all[] = {
        "ALTER TABLE people RENAME TO persons",
        "ALTER TABLE persons RENAME COLUMN born TO year",
        "ALTER TABLE persons ADD COLUMN more TEXT",
        "ALTER TABLE persons DROP COLUMN more",
        "INSERT INTO visits VALUES (1, 2)",
        "CREATE TABLE copy AS SELECT * FROM persons",
        "DROP TABLE copy",
        "CREATE INDEX i ON visits(at)",
        "DROP INDEX i",
        "DROP VIEW old",
        "DROP TRIGGER visited",
        "ANALYZE persons",
        "REINDEX",
        "CREATE TABLE persons_new(id INTEGER PRIMARY KEY, name TEXT, year INTEGER, tags BLOB)",
        "INSERT INTO persons_new SELECT id, name, year, tags FROM persons",
        "DROP TABLE persons",
        "ALTER TABLE persons_new RENAME TO persons",
        "PRAGMA optimize",
        "PRAGMA wal_checkpoint",
        "VACUUM"};
    sqlite3 *db = open_bare();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        eq_int(unit_try(db, "%s", all[i]), SQLITE_OK, "without the extension: %s", all[i]);
    eq_text(unit_answer(db, "PRAGMA integrity_check"), "ok", "PRAGMA integrity_check");
    eq_text(unit_answer(db, "PRAGMA foreign_key_check"), "", "PRAGMA foreign_key_check");
    eq_text(unit_answer(db, "SELECT count(*), sum(year) FROM persons"), "100|5051", "rows");
    eq_int(unit_try(db, "SELECT * FROM ticks"), SQLITE_ERROR, "not the store");
    eq_text(sqlite3_errmsg(db), "no such module: array_store", "why");
    eq_int(unit_try(db, "SELECT * FROM ticks_chunks"), SQLITE_ERROR, "nor its chunks");
    eq_text(sqlite3_errmsg(db), "no such module: array_store_chunks", "why");
    unit_exec(db, "BEGIN; SAVEPOINT s; DELETE FROM persons; ROLLBACK TO s; COMMIT");
    eq_int(unit_try(db, "VACUUM INTO %Q", unit_path("bare-copy.db")), SQLITE_OK, "VACUUM INTO");
    sqlite3_close(db);
}

/* The stores are as they were. */
static void test_stores(const char *file) {
    sqlite3 *db = unit_open(unit_path(file));
    eq_text(unit_answer(db, "SELECT count(*), sum(ts), sum(price), max(rowid) FROM ticks"),
            "23|353|43|30", "%s: rows", file);
    eq_text(unit_answer(db, "SELECT sum(chunk_rows), sum(array_sum(ts)) FROM ticks_chunks"),
            "23|353", "%s: chunks", file);
    unit_exec(db, "INSERT INTO empty VALUES (1); INSERT INTO ticks VALUES (1, 2, 3)");
    ok(unit_sound(db, "ticks") && unit_sound(db, "empty"), "%s: sound", file);
    unit_exec(db, "ALTER TABLE ticks RENAME TO t; DROP TABLE t; DROP TABLE empty");
    eq_int(unit_integer(db, "SELECT count(*) FROM sqlite_schema WHERE name GLOB 't*_*'"), 0,
           "%s: dropped", file);
    sqlite3_close(db);
}

/* .dump of a shell without the extension, read by one without it as well */
static void test_dump(void) {
    char command[1500];
    if (system("sqlite3 -version >/dev/null 2>&1") != 0) {
        puts("# there is no sqlite3 shell");
        return;
    }
    snprintf(command, sizeof command,
             "sqlite3 -init /dev/null %s .dump | sqlite3 -bail -init /dev/null %s",
             unit_path("bare.db"), unit_path("bare-dumped.db"));
    ok(system(command) == 0, "dumped");
    test_stores("bare-dumped.db");
}

int main(void) {
    make_file();
    test_everything_else();
    test_dump();
    test_stores("bare.db");
    test_stores("bare-copy.db");
    unit_remove("");
    return done();
}
