/*
** sqlite3_array_register(), the entry point that registers the functions with every connection
** that is opened afterwards. Connection pools, and tools that open their own connections, need
** this.
*/
#include "unit_sql.h"

static bool enter(sqlite3 *db, char **message) {
    *message = NULL;
#ifdef SQLITE_CORE
    return sqlite3_array_register(db, message, NULL) == SQLITE_OK_LOAD_PERMANENTLY;
#else
    char path[1000];
    unit_library_path(path, sizeof path, "array.so");
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    return sqlite3_load_extension(db, path, "sqlite3_array_register", message) == SQLITE_OK;
#endif
}

static sqlite3 *open_plain(void) {
    sqlite3 *db;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        unit_bail_out("sqlite3_open()");
    return db;
}

static bool has_functions(sqlite3 *db) {
    return sqlite3_exec(db, "SELECT array_sum('[1]')", NULL, NULL, NULL) == SQLITE_OK;
}

/*
** Each allocation fails in turn. Where SQLite cannot do without it no function is left, neither in
** the connection nor in later ones.
*/
static void test_out_of_memory(void) {
    int failures = 0, wrong = 0;
    for (bool refused = true; refused;) {
        char *message;
        sqlite3 *db = open_plain();
        unit_memory_fail(failures + 1, false);
        const bool entered = enter(db, &message);
        refused = unit_memory.refused > 0;
        failures += refused;
        unit_memory_fail(0, false);
        sqlite3_free(message);
        sqlite3 *later = open_plain();
        wrong += has_functions(db) != entered || has_functions(later) != entered;
        wrong += !entered && !refused;
        sqlite3_close(db);
        sqlite3_close(later);
        sqlite3_reset_auto_extension();
    }
    ok(wrong == 0 && failures > 20, "out of memory %d times, %d wrong", failures, wrong);
}

static void test_connections(void) {
    char *message;
    sqlite3 *earlier = open_plain(), *db = open_plain();
    ok(enter(db, &message) && has_functions(db), "its own connection has the functions");
    ok(!has_functions(earlier), "one that was open before has not");
    sqlite3_close(earlier);
    sqlite3_close(db);
    db = open_plain();
    ok(has_functions(db), "one that is opened afterwards has, also when the first one is closed");
    ok(enter(db, &message) && has_functions(db), "entered twice");
    eq_int(
        sqlite3_exec(db,
                     "CREATE TABLE t(a CHECK (array_valid(a)), n AS (array_length(a)));"
                     "CREATE INDEX i ON t(array_sum(a)); INSERT INTO t VALUES (array_of(7, 300));"
                     "CREATE VIRTUAL TABLE s USING array_store(x); INSERT INTO s VALUES (1)",
                     NULL, NULL, NULL),
        SQLITE_OK, "a schema that calls functions is made in it");
    eq_int(sqlite3_exec(db, "SELECT array_file_length('')", NULL, NULL, NULL), SQLITE_ERROR,
           "functions that open files are not registered");
    sqlite3_close(db);
    sqlite3_reset_auto_extension();
    db = open_plain();
    ok(!has_functions(db), "until SQLite forgets what it does automatically");
    sqlite3_close(db);
}

/* Uses functions and modules. */
static int use_all(sqlite3 *db) {
    return sqlite3_exec(
        db,
        "SELECT array_sum(value) FROM array_chunks('[1,2]', 1), array_functions;"
        "CREATE VIRTUAL TABLE temp.s USING array_store(x); INSERT INTO s VALUES (1);"
        "SELECT x FROM s; DROP TABLE s",
        NULL, NULL, NULL);
}

/* SQLite does not replace functions while a statement runs, as SELECT load_extension() does. */
static void test_loaded_again(void) {
    char *message;
    sqlite3_stmt *running;
    sqlite3 *db = open_plain();
    ok(unit_load(db, &message) == SQLITE_OK, "loaded");
    if (sqlite3_prepare_v2(db, "SELECT 1 UNION SELECT 2", -1, &running, NULL) != SQLITE_OK ||
        sqlite3_step(running) != SQLITE_ROW)
        unit_bail_out("a running statement");
    ok(unit_load(db, &message) != SQLITE_OK, "again, while a statement runs: an error");
    ok(message != NULL && strstr(message, "loaded already, and cannot be loaded again while a "
                                          "statement runs") != NULL,
       "its message");
    sqlite3_free(message);
    eq_int(use_all(db), SQLITE_OK, "it has all that it had");
    ok(enter(db, &message) && message == NULL, "entered: no error, as it has the functions");
    eq_int(use_all(db), SQLITE_OK, "and keeps them");
    sqlite3 *later = open_plain();
    ok(has_functions(later), "and so have later ones");
    sqlite3_finalize(running);
    ok(unit_load(db, &message) == SQLITE_OK, "again, when it has ended");
    eq_int(use_all(db), SQLITE_OK, "all of it is there");
    sqlite3_close(later);
    sqlite3_close(db);
    sqlite3_reset_auto_extension();
}

int main(void) {
    unit_memory_install();
    test_loaded_again();
    test_out_of_memory();
    test_connections();
    return done();
}
