/*
** Stores are created, dropped and renamed in nested savepoints, with writes and reads in between,
** and compared with ordinary tables: the same random statements on both, in two databases, must
** give the same result codes and rows. SQLite calls only some of the transaction methods of a
** table that was created in the running transaction, so data in memory may belong to a table that
** no longer exists.
**
**     N      number of statements (3000)
**     SEED   seed of the random numbers
**     TRACE  prints the statements
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

enum { STORE, TABLE, SIDES };

static sqlite3 *sides[SIDES];
static const char *const names[] = {"x", "y", "z"};
static const char *const savepoints[] = {"p", "q", "r"};
enum { NAMES = sizeof names / sizeof names[0] };

/*
** %1$s and %2$s: two different names; %3$d, %4$d: small numbers; %5$s: a savepoint. Of two texts
** the second is for tables.
*/
static const struct {
    int weight;
    const char *sql, *table_sql;
} statements[] = {
    {12, "CREATE VIRTUAL TABLE %1$s USING array_store(a, b, chunk=4)",
     "CREATE TABLE %1$s(a INTEGER NOT NULL, b INTEGER NOT NULL)"},
    {3, "CREATE VIRTUAL TABLE %1$s USING array_store(a, chunk=9)",
     "CREATE TABLE %1$s(a INTEGER NOT NULL)"},
    {6, "DROP TABLE %1$s", NULL},
    {8, "ALTER TABLE %1$s RENAME TO %2$s", NULL},
    {20, "INSERT INTO %1$s(a, b) VALUES (%3$d, %4$d)", NULL},
    {6, "INSERT INTO %1$s(a) VALUES (%3$d)", NULL},
    {6, "INSERT INTO %1$s(rowid, a, b) VALUES (%3$d, %4$d, 1)", NULL},
    {6, "INSERT OR REPLACE INTO %1$s(rowid, a, b) VALUES (%3$d, %4$d, 2), (%4$d, 1, %3$d)", NULL},
    {6, "INSERT INTO %1$s(a, b) SELECT a + 1, b FROM %2$s LIMIT %3$d", NULL},
    {6, "UPDATE %1$s SET a = a + %3$d WHERE rowid %% 3 = %4$d %% 3", NULL},
    {6, "UPDATE %1$s SET b = %3$d WHERE rowid = %4$d", NULL},
    {6, "DELETE FROM %1$s WHERE rowid = %3$d", NULL},
    {3, "DELETE FROM %1$s WHERE rowid > %3$d", NULL},
    {4, "INSERT INTO o VALUES (%3$d)", NULL},
    {4, "INSERT INTO o VALUES (%3$d), (%4$d)", NULL},
    {3, "CREATE TABLE n%3$d(v)", NULL},
    {3, "DROP TABLE n%3$d", NULL},
    {10, "SELECT rowid, * FROM %1$s", NULL},
    {6, "SELECT a FROM %1$s WHERE rowid = %3$d", NULL},
    {4, "SELECT count(*), sum(a) FROM %1$s WHERE a > %3$d", NULL},
    {4, "SELECT ifnull(sum(chunk_rows), 0), ifnull(sum(array_sum(a)), 0) FROM %1$s_chunks",
     "SELECT count(*), ifnull(sum(a), 0) FROM %1$s"},
    {2, "INSERT INTO %1$s(%1$s) VALUES ('integrity-check')", "SELECT * FROM %1$s WHERE 0"},
    {2, "INSERT INTO %1$s(%1$s) VALUES ('optimize')", "SELECT * FROM %1$s WHERE 0"},
    {1, "PRAGMA writable_schema = RESET", NULL},
    {14, "SAVEPOINT %5$s", NULL},
    {10, "ROLLBACK TO %5$s", NULL},
    {6, "RELEASE %5$s", NULL},
    {6, "BEGIN", NULL},
    {3, "COMMIT", NULL},
    {2, "ROLLBACK", NULL},
};
enum { STATEMENTS = sizeof statements / sizeof statements[0] };

static size_t choose_statement(void) {
    int total = 0;
    for (size_t i = 0; i < STATEMENTS; i++)
        total += statements[i].weight;
    int64_t left = unit_below(total);
    size_t i = 0;
    while (left >= statements[i].weight)
        left -= statements[i++].weight;
    return i;
}

static int run(int side, const char *sql, char **rows) {
    sqlite3_stmt *statement = NULL;
    sqlite3_str *text = sqlite3_str_new(NULL);
    int rc = unit_parsed(sides[side], sqlite3_prepare_v2(sides[side], sql, -1, &statement, NULL));
    if (rc == SQLITE_OK)
        rc = unit_rows(statement, text);
    sqlite3_finalize(statement);
    *rows = sqlite3_str_finish(text);
    return rc & 255;
}

/* Runs the same on both sides: whether they agree. */
static bool same(const char *sql, const char *table_sql) {
    char *rows[SIDES];
    int codes[SIDES];
    if (getenv("TRACE") != NULL) {
        printf("%s;\n", sql);
        fflush(stdout);
    }
    for (int side = 0; side < SIDES; side++)
        codes[side] = run(side, side == TABLE && table_sql != NULL ? table_sql : sql, &rows[side]);
    const bool agree =
        codes[STORE] == codes[TABLE] &&
        sqlite3_get_autocommit(sides[STORE]) == sqlite3_get_autocommit(sides[TABLE]) &&
        strcmp(rows[STORE] ? rows[STORE] : "", rows[TABLE] ? rows[TABLE] : "") == 0;
    if (!agree) {
        printf("# %s\n", sql);
        for (int side = 0; side < SIDES; side++)
            printf("# %s: %d (%s) %.300s\n", side == STORE ? "store" : "table", codes[side],
                   sqlite3_errmsg(sides[side]), rows[side] ? rows[side] : "");
    }
    for (int side = 0; side < SIDES; side++)
        sqlite3_free(rows[side]);
    return agree;
}

static bool same_everywhere(void) {
    bool agree = same("SELECT * FROM o", NULL);
    for (size_t i = 0; i < NAMES && agree; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT rowid, * FROM %s", names[i]);
        agree = same(sql, NULL);
    }
    return agree;
}

static void test_random(long n, long seed) {
    char sql[300], table_sql[300];
    bool agree = true;
    unit_random_state = (uint64_t)seed;
    for (int side = 0; side < SIDES; side++) {
        sides[side] = unit_open(":memory:");
        unit_exec(sides[side], "CREATE TABLE o(v); CREATE TEMP TRIGGER t AFTER INSERT ON main.o"
                               " BEGIN SELECT 1; END");
    }
    for (long i = 0; i < n && agree; i++) {
        const size_t which = choose_statement();
        const int64_t first = unit_below(NAMES);
        const char *one = names[first], *other = names[(first + 1 + unit_below(NAMES - 1)) % NAMES];
        const char *savepoint = savepoints[unit_below(3)];
        const int a = (int)unit_below(15), b = (int)unit_below(15);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
        snprintf(sql, sizeof sql, statements[which].sql, one, other, a, b, savepoint);
        if (statements[which].table_sql != NULL)
            snprintf(table_sql, sizeof table_sql, statements[which].table_sql, one, other, a, b,
                     savepoint);
#pragma GCC diagnostic pop
        agree = same(sql, statements[which].table_sql != NULL ? table_sql : NULL);
        if (agree && unit_below(8) == 0)
            agree = same_everywhere();
    }
    if (!sqlite3_get_autocommit(sides[STORE]) && agree)
        agree = same("COMMIT", NULL);
    agree = agree && same_everywhere();
    ok(agree, "%ld statements, SEED=%ld", n, seed);
    for (int side = 0; side < SIDES; side++)
        eq_int(sqlite3_close(sides[side]), SQLITE_OK, "closed");
}

/* The cases that were found first */
static void test_rolled_back(void) {
    static const struct {
        const char *sql, *answer;
    } cases[] = {
        {"CREATE VIRTUAL TABLE v USING array_store(q); INSERT INTO v VALUES (7), (8), (9);"
         "BEGIN; SAVEPOINT p; DROP TABLE v; CREATE VIRTUAL TABLE v USING array_store(q);"
         "INSERT INTO v VALUES (1); ROLLBACK TO p; COMMIT",
         "1|7 2|8 3|9"},
        {"CREATE VIRTUAL TABLE v USING array_store(q); INSERT INTO v VALUES (7), (8), (9);"
         "BEGIN; SAVEPOINT p; DROP TABLE v; CREATE VIRTUAL TABLE v USING array_store(q);"
         "INSERT INTO v(rowid, q) VALUES (2, 77); ROLLBACK TO p; COMMIT",
         "1|7 2|8 3|9"},
        {"CREATE VIRTUAL TABLE v USING array_store(q); INSERT INTO v VALUES (array_series(1, 9));"
         "BEGIN; SAVEPOINT p; DROP TABLE v; CREATE VIRTUAL TABLE v USING array_store(q, r);"
         "INSERT INTO v VALUES (1, 2); ROLLBACK TO p; INSERT INTO v VALUES (10);"
         "DELETE FROM v WHERE rowid < 10; SAVEPOINT q; INSERT INTO v VALUES (11); ROLLBACK TO q;"
         "COMMIT",
         "10|10"},
        {"CREATE VIRTUAL TABLE v USING array_store(q); INSERT INTO v VALUES (1);"
         "BEGIN; SAVEPOINT p; INSERT INTO v VALUES (2); ROLLBACK TO p; INSERT INTO v VALUES (3);"
         "COMMIT",
         "1|1 2|3"},
        {"CREATE VIRTUAL TABLE u USING array_store(q); INSERT INTO u VALUES (5); BEGIN; SAVEPOINT "
         "p;"
         "ALTER TABLE u RENAME TO v; INSERT INTO v VALUES (6); ROLLBACK TO p;"
         "CREATE VIRTUAL TABLE v USING array_store(q); INSERT INTO v SELECT q + 1 FROM u; COMMIT",
         "1|6"},
        {"CREATE TABLE o(a); CREATE VIRTUAL TABLE v USING array_store(q); BEGIN;"
         "INSERT INTO o VALUES (1); SAVEPOINT p; CREATE VIRTUAL TABLE w USING array_store(q);"
         "INSERT INTO w VALUES (1); ROLLBACK TO p; SAVEPOINT p2; INSERT INTO v SELECT a FROM o;"
         "COMMIT",
         "1|1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sqlite3 *db = unit_open(":memory:");
        eq_int(unit_try(db, "%s", cases[i].sql), SQLITE_OK, "%s", cases[i].sql);
        eq_text(unit_answer(db, "SELECT rowid, * FROM v"), cases[i].answer, "its rows");
        ok(unit_sound(db, "v"), "sound");
        sqlite3_close(db);
    }
}

int main(void) {
    const long n = unit_setting("N", 3000), seed = unit_setting("SEED", 1);
    test_rolled_back();
    for (long i = 0; i < 5; i++)
        test_random(n, seed + i);
    return done();
}
