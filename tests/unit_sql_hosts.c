/*
** Different configurations of SQLite: under each setting, every example of the manual, a store
** and files give the same results as without it; with lowered limits they may give an error
** because something is too big. Also tests limits that hold although SQLite does not count
** memory.
*/
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "unit_examples.h"

/* A store's life and a file's; %Q is the file. */
static const char *const steps[] = {
    "CREATE VIRTUAL TABLE s USING array_store(a, \"b c\", chunk=64)",
    "INSERT INTO s(a, \"b c\") VALUES (array_series(1, 300), array_series(300, 1, -1))",
    "INSERT INTO s(a, \"b c\") VALUES ('[1,2]', '[3,40000000000]')",
    "INSERT INTO s(rowid, a, \"b c\") VALUES (1000, 7, 8), (999, 5, 6)",
    "UPDATE s SET \"b c\" = \"b c\" + 1 WHERE a > 250",
    "UPDATE s SET rowid = rowid + 2000 WHERE a IN (3, 30, 200)",
    "DELETE FROM s WHERE rowid %% 3 = 0",
    "SELECT count(*), sum(a), sum(\"b c\") FROM s",
    "SELECT rowid, a FROM s WHERE \"b c\" BETWEEN 40 AND 60 ORDER BY rowid DESC",
    "INSERT INTO s(s) VALUES ('optimize')",
    "INSERT INTO s(s) VALUES ('integrity-check')",
    "PRAGMA integrity_check",
    "ALTER TABLE s RENAME TO \"it's\"",
    "SELECT min(rowid), sum(a) FROM \"it's\"",
    "SELECT array_file_write(%Q, array_series(1, 100), 'int32')",
    "SELECT array_file_append(%Q, '[5,6]', 'int32')",
    "SELECT sum(array_sum(value)), count(*) FROM array_file(%Q, 'int32', 40)",
    ("INSERT INTO array_file(path, value, dtype) SELECT %Q, array_reverse(value), 'int32' FROM "
     "array_file(%Q, 'int32', 40)"),
    "SELECT array_file_length(%Q, 'int32')",
};
enum { STEPS = sizeof steps / sizeof *steps };
static char *answers[STEPS];

static const char *path_of_file(void) {
    static char path[1000];
    const char *build = getenv("BUILD");
    snprintf(path, sizeof path, "%s/hosts.bin", build != NULL ? build : "build");
    return path;
}

static int take_step(sqlite3 *db, int i, char *answer) {
    char *const sql = sqlite3_mprintf(steps[i], path_of_file(), path_of_file());
    const bool is_refused = sqlite3_libversion_number() < 3040000;
    if (is_refused && strncmp(sql, "INSERT INTO array_file", 22) == 0)
        sql[0] = '\0'; /* by array_file, in every host */
    const int rc = unit_rows(db, sql, answer);
    sqlite3_free(sql);
    return rc;
}

static void load_file(sqlite3 *db) {
    char *message;
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
    if (unit_load_file(db, &message) != SQLITE_OK)
        unit_bail_out("%s", message != NULL ? message : sqlite3_errmsg(db));
}

static void collect_answers(void) {
    static char answer[UNIT_LONGEST];
    sqlite3 *db = unit_open(":memory:");
    load_file(db);
    for (int i = 0; i < STEPS; i++) {
        if (take_step(db, i, answer) != SQLITE_OK)
            unit_bail_out("%s: %s", steps[i], sqlite3_errmsg(db));
        answers[i] = strdup(answer);
    }
    ok(strncmp(answers[7], "323035|3330303433|", 18) == 0 && /* 205 rows, 30043 */
           strcmp(answers[STEPS - 1], "313032|") == 0,       /* 102 elements */
       "a store and a file without any setting: %s", answers[7]);
    unit_close(db);
}

/*
** All the steps, each with its answer; what a limit refuses (allowed) leaves a store that is whole.
*/
static void run_steps(sqlite3 *db, int allowed, const char *setting) {
    static char answer[UNIT_LONGEST];
    int wrong = 0, refused = 0;
    load_file(db);
    for (int i = 0; i < STEPS; i++) {
        const int rc = take_step(db, i, answer);
        const bool follows = rc == SQLITE_ERROR && refused > 0; /* no such table */
        /* sqlite3_declare_vtab() says SQLITE_ERROR of whatever it refuses. */
        const bool is_too_big =
            rc == SQLITE_TOOBIG || strstr(sqlite3_errmsg(db), "too big") != NULL;
        const bool may_fail = allowed != 0 && (rc == allowed || is_too_big || follows);
        refused += rc != SQLITE_OK;
        if ((rc != SQLITE_OK && !may_fail) ||
            (rc == SQLITE_OK && refused == 0 && strcmp(answer, answers[i]) != 0)) {
            printf("# %s: %d, %s\n", steps[i], rc, rc == SQLITE_OK ? answer : sqlite3_errmsg(db));
            wrong++;
        }
    }
    ok(wrong == 0 && (refused == 0 || allowed != 0),
       "%s: %d of a store and files wrong, %d refused", setting, wrong, refused);
}

/* Settings of a connection under which everything goes on */
static void test_settings(void) {
    static const struct {
        int op, value;
        const char *name;
    } settings[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1, "DEFENSIVE on"},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, "TRUSTED_SCHEMA off"},
        {SQLITE_DBCONFIG_DQS_DML, 0, "DQS_DML off"},
        {SQLITE_DBCONFIG_DQS_DDL, 0, "DQS_DDL off"},
        {SQLITE_DBCONFIG_ENABLE_QPSG, 1, "ENABLE_QPSG on"},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, "ENABLE_TRIGGER off"},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0, "ENABLE_VIEW off"},
    };
    static const char *const pragmas[] = {
        "PRAGMA encoding = 'UTF-16le'", "PRAGMA encoding = 'UTF-16be'", "PRAGMA query_only = 1",
        "PRAGMA temp_store = FILE",     "PRAGMA cell_size_check = 1",
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        sqlite3 *db = unit_open(":memory:");
        if (sqlite3_db_config(db, settings[i].op, settings[i].value, NULL) != SQLITE_OK)
            unit_bail_out("%s", settings[i].name);
        unit_run_examples(db, 0, settings[i].name);
        run_steps(db, 0, settings[i].name);
        unit_close(db);
    }
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++) {
        sqlite3 *db = unit_open(":memory:");
        unit_exec(db, pragmas[i]);
        unit_run_examples(db, 0, pragmas[i]);
        run_steps(db, strstr(pragmas[i], "query_only") != NULL ? SQLITE_READONLY : 0, pragmas[i]);
        unit_close(db);
    }
}

/* A limit lowered as far as it goes, before and after the extension is loaded */
static void test_limits(void) {
    static const struct {
        int limit, value, error;
        const char *name;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, 1000, SQLITE_TOOBIG, "values of 1,000 bytes"},
        {SQLITE_LIMIT_LENGTH, 300, SQLITE_TOOBIG, "values of 300 bytes"},
        {SQLITE_LIMIT_SQL_LENGTH, 100, SQLITE_ERROR, "statements of 100 bytes"},
        {SQLITE_LIMIT_COLUMN, 5, SQLITE_ERROR, "5 columns"},
        {SQLITE_LIMIT_EXPR_DEPTH, 3, SQLITE_ERROR, "expressions 3 deep"},
        {SQLITE_LIMIT_COMPOUND_SELECT, 2, SQLITE_ERROR, "2 SELECTs in a compound"},
        {SQLITE_LIMIT_VDBE_OP, 100, SQLITE_NOMEM, "100 instructions"},
        {SQLITE_LIMIT_FUNCTION_ARG, 2, SQLITE_ERROR, "2 arguments"},
        {SQLITE_LIMIT_ATTACHED, 0, SQLITE_ERROR, "nothing attached"},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1, SQLITE_ERROR, "patterns of 1 byte"},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 1, SQLITE_ERROR, "1 parameter"},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1, SQLITE_ERROR, "triggers 1 deep"},
        {SQLITE_LIMIT_WORKER_THREADS, 0, SQLITE_ERROR, "no worker threads"},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        char *message;
        sqlite3 *db;
        char name[100];
        for (int before = 0; before < 2; before++) {
            snprintf(name, sizeof name, "%s, set %s loading", limits[i].name,
                     before ? "before" : "after");
            sqlite3_open(":memory:", &db);
            if (before)
                sqlite3_limit(db, limits[i].limit, limits[i].value);
            if (unit_load(db, &message) != SQLITE_OK)
                unit_bail_out("%s: %s", name, message != NULL ? message : sqlite3_errmsg(db));
            sqlite3_limit(db, limits[i].limit, limits[i].value);
            unit_run_examples(db, limits[i].error, name);
            run_steps(db, limits[i].error, name);
            sqlite3_limit(db, limits[i].limit, 1000000000); /* as high as it goes */
            if (unit_integer(db, "SELECT count(*) FROM sqlite_schema WHERE name = 's'") > 0) {
                eq_int(unit_code(db, "INSERT INTO s(s) VALUES ('integrity-check')"), SQLITE_OK,
                       "whole");
            }
            unit_close(db);
        }
    }
}

/* At the limit and one byte over it; what is over it allocates nothing. */
static void test_length(void) {
    static const struct {
        const char *sql;
        int expected;
    } cases[] = {
        {"SELECT array_fill(992, 1)", SQLITE_OK},
        {"SELECT array_fill(993, 1)", SQLITE_TOOBIG},
        {"SELECT array_fill(124, 1e18)", SQLITE_OK},
        {"SELECT array_fill(125, 1e18)", SQLITE_TOOBIG},
        {"SELECT array_add(array_fill(496, 127), 1)", SQLITE_OK},
        {"SELECT array_add(array_fill(497, 127), 1)", SQLITE_TOOBIG},
        {"SELECT array_sum(array_add(array_fill(497, 127), 1))", SQLITE_TOOBIG},
        {"SELECT array_concat(array_fill(500, 1), array_fill(492, 1))", SQLITE_OK},
        {"SELECT array_concat(array_fill(500, 1), array_fill(493, 1))", SQLITE_TOOBIG},
        {"SELECT array_to_json(array_fill(499, 1))", SQLITE_OK},
        {"SELECT array_to_json(array_fill(500, 1))", SQLITE_TOOBIG},
        {"SELECT array_to_text(array_fill(500, 1))", SQLITE_OK},
        {"SELECT array_to_text(array_fill(501, 1))", SQLITE_TOOBIG},
        {"SELECT array_to_blob(array_fill(125, 1), 'int64')", SQLITE_OK},
        {"SELECT array_to_blob(array_fill(126, 1), 'int64')", SQLITE_TOOBIG},
        {"SELECT array_to_npy(array_fill(109, 1))", SQLITE_OK},
        {"SELECT array_to_npy(array_fill(110, 1))", SQLITE_TOOBIG},
        {"SELECT array_key(array_fill(125, 1))", SQLITE_OK},
        {"SELECT array_key(array_fill(126, 1))", SQLITE_TOOBIG},
        {"SELECT array_tile('[1,2]', 496)", SQLITE_OK},
        {"SELECT array_tile('[1,2]', 497)", SQLITE_TOOBIG},
        {"SELECT array_sparkline(array_series(1, 400), 333)", SQLITE_OK},
        {"SELECT array_sparkline(array_series(1, 400), 334)", SQLITE_TOOBIG},
        {"SELECT array_agg(1) FROM array_each(array_fill(992, 0))", SQLITE_OK},
        {"SELECT array_agg(1) FROM array_each(array_fill(992, 0)), array_each('[1,2]')",
         SQLITE_TOOBIG},
        {"SELECT array_sum_agg(array_fill(496, 100)) FROM array_each('[1,2]')", SQLITE_OK},
        {"SELECT array_sum_agg(array_fill(497, 100)) FROM array_each('[1,2]')", SQLITE_TOOBIG},
        {"SELECT array_union_agg(array_series(value, value + 495)) FROM array_each('[0]')",
         SQLITE_OK},
        {"SELECT array_union_agg(array_series(value, value + 300)) FROM array_each('[0,400]')",
         SQLITE_TOOBIG},
        {"SELECT sum(array_length(value)) FROM array_windows(array_fill(992, 1), 900)", SQLITE_OK},
    };
    sqlite3 *db = unit_open(":memory:");
    int wrong = 0;
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int rc = unit_code(db, cases[i].sql);
        if (rc != cases[i].expected) {
            printf("# %s: %d, %s\n", cases[i].sql, rc, sqlite3_errmsg(db));
            wrong++;
        }
    }
    eq_int(wrong, 0, "results at and over 1,000 bytes");
    unit_exec(db, "CREATE VIRTUAL TABLE s USING array_store(a);"
                  "INSERT INTO s(a) VALUES (array_series(1, 400))");
    eq_int(unit_code(db, "INSERT INTO s(a) SELECT value FROM array_each(array_series(1, 600))"),
           SQLITE_TOOBIG, "a chunk over it");
    eq_int(unit_code(db, "INSERT INTO s(s) VALUES ('integrity-check')"), SQLITE_OK, "is not there");
    eq_int(unit_integer(db, "SELECT count(*) FROM s"), 400, "and what was there is");
    sqlite3_memory_highwater(1);
    const int64_t before = sqlite3_memory_highwater(0);
    unit_code(db, "SELECT array_fill(1000000, 1)");
    unit_code(db, "SELECT array_tile('[1,2,3]', 1000000)");
    unit_code(db, "SELECT array_scatter_add(1000000, '[1]', 1)");
    ok(sqlite3_memory_highwater(0) - before < 100000, "nothing large is allocated");
    eq_int(unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
           "nothing is held");
    unit_close(db);
}

/* Settings of the library: SQLite is shut down, told, and started again. */
static void test_configurations(void) {
    static const struct {
        int op, value;
        const char *name;
    } configurations[] = {
        {SQLITE_CONFIG_MEMSTATUS, 0, "MEMSTATUS off"},
        {SQLITE_CONFIG_SMALL_MALLOC, 1, "SMALL_MALLOC on"},
        {SQLITE_CONFIG_SINGLETHREAD, 0, "one thread"},
        {SQLITE_CONFIG_MULTITHREAD, 0, "no mutex in connections"},
        {SQLITE_CONFIG_STMTJRNL_SPILL, -1, "statement journals in memory"},
    };
    for (size_t i = 0; i < sizeof configurations / sizeof *configurations; i++) {
        sqlite3_shutdown();
        if (sqlite3_config(configurations[i].op, configurations[i].value) != SQLITE_OK) {
            skip(configurations[i].name, "this SQLite is compiled without");
            continue;
        }
        sqlite3 *db = unit_open(":memory:");
        unit_run_examples(db, 0, configurations[i].name);
        run_steps(db, 0, configurations[i].name);
        sqlite3_close(db);
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_SERIALIZED);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1);
        sqlite3_config(SQLITE_CONFIG_SMALL_MALLOC, 0);
        sqlite3_initialize();
    }
}

/* Without MEMSTATUS SQLite ignores its heap limits; what array_limit() sets is kept to. */
static void test_without_memstatus(void) {
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
    sqlite3 *db = unit_open(":memory:");
    eq_int(unit_integer(db, "SELECT value FROM array_memory WHERE name = 'sqlite_used'"), 0,
           "SQLite does not count");
    const char *pooled = "SELECT value FROM array_memory WHERE name = 'pooled_bytes'";
    const char *sizes = "SELECT sum(array_sum(array_add(array_series(1, value), 1)))"
                        " FROM array_each(array_series(20000, 900000, 9700))";
    const int64_t sum = unit_integer(db, sizes);
    ok(unit_integer(db, pooled) > 2000000, "the pool keeps a few megabytes");
    unit_exec(db, "SELECT array_limit('pool_bytes', 1000000)");
    ok(unit_integer(db, pooled) <= 1000000, "pool_bytes: lowered");
    eq_int(unit_integer(db, sizes), sum, "the same sum");
    ok(unit_integer(db, pooled) <= 1000000, "pool_bytes holds");
    eq_int(unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
           "nothing is held");
    unit_exec(db, "SELECT array_limit('result_bytes', 1000000)");
    eq_int(unit_code(db, "SELECT array_fill(999992, 1)"), SQLITE_OK, "result_bytes: at it");
    eq_int(unit_code(db, "SELECT array_fill(999993, 1)"), SQLITE_TOOBIG, "result_bytes: over it");
    eq_int(unit_code(db, "SELECT array_agg(value) FROM array_each(array_series(1, 500000))"),
           SQLITE_TOOBIG, "result_bytes: an aggregate over it");
    unit_exec(db,
              "SELECT array_limit('result_bytes', 100000000); PRAGMA hard_heap_limit = 1000000");
    eq_int(unit_code(db, "SELECT array_fill(5000000, 1)"), SQLITE_OK, "the heap limit is ignored");
    sqlite3_close(db);
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 1);
    sqlite3_initialize();
}

/* A database on disk that may only be read */
static void test_read_only(void) {
    char path[1000], uri[1100];
    snprintf(path, sizeof path, "%s/read_only.db",
             getenv("BUILD") != NULL ? getenv("BUILD") : "build");
    remove(path);
    sqlite3 *db = unit_open(path);
    unit_exec(db, "CREATE TABLE t(a); INSERT INTO t SELECT array_series(value, value + 50000)"
                  " FROM array_each('[1,2,3]');"
                  "CREATE VIEW sums AS SELECT array_sum(a) AS s FROM t;"
                  "CREATE INDEX i ON t(array_length(a));"
                  "CREATE VIRTUAL TABLE s USING array_store(a);"
                  "INSERT INTO s(a) VALUES (array_series(1, 1000))");
    const int64_t sum = unit_integer(db, "SELECT sum(s) FROM sums");
    unit_close(db);
    static const char *const modes[] = {"mode=ro", "immutable=1"};
    for (int i = 0; i < 2; i++) {
        char *message;
        snprintf(uri, sizeof uri, "file:%s?%s", path, modes[i]);
        if (sqlite3_open_v2(uri, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI, NULL) != SQLITE_OK ||
            unit_load(db, &message) != SQLITE_OK)
            unit_bail_out("%s: %s", uri, sqlite3_errmsg(db));
        ok(sqlite3_db_readonly(db, "main") == 1, "%s", modes[i]);
        unit_run_examples(db, 0, modes[i]);
        eq_int(unit_integer(db, "SELECT sum(s) FROM sums"), sum, "a view");
        eq_int(unit_integer(db, "SELECT count(*) FROM t WHERE array_length(a) = 50001"), 3,
               "an index on an expression");
        eq_int(unit_integer(db, "SELECT sum(a) FROM s"), 500500, "a store");
        eq_int(unit_code(db, "INSERT INTO t SELECT array_add(a, 1) FROM t"), SQLITE_READONLY,
               "nothing can be written");
        eq_int(unit_code(db, "INSERT INTO s(a) VALUES (1)"), SQLITE_READONLY, "nor into a store");
        eq_int(unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
               "nothing is held");
        unit_close(db);
    }
    remove(path);
}

int main(void) {
    unit_collect_examples();
    collect_answers();
    test_settings();
    test_limits();
    test_length();
    test_read_only();
    test_configurations();
    test_without_memstatus();
    for (int i = 0; i < STEPS; i++)
        free(answers[i]);
    remove(path_of_file());
    unit_free_examples();
    return done();
}
