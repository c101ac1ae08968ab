/*
** ORDER BY a column of an array_store, with and without LIMIT, and min() and max(): the results
** are those of an ordinary table, and few chunks are read. Rows that compare equal may come in
** any order; the comparisons allow for that.
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

static int64_t chunks_read(sqlite3 *db) {
    return unit_integer(db, "SELECT value FROM array_memory WHERE name = 'chunks_read'");
}

static void expect_reads(sqlite3 *db, const char *sql, const char *answer, int64_t most) {
    const int64_t before = chunks_read(db);
    eq_text(unit_answer(db, "%s", sql), answer, "%s", sql);
    const int64_t read = chunks_read(db) - before;
    ok(read <= most, "%s: %d of at most %d chunks", sql, (int)read, (int)most);
}

/*
** 100 chunks of 100 rows: a column that ascends, one that descends, one at random, one of few
** values.
*/
static const char fill[] =
    "CREATE VIRTUAL TABLE x USING array_store(up, down, random, few, chunk=100);"
    "INSERT INTO x SELECT value * 3, -value * 3, value * 7919 % 10007, value % 4"
    " FROM array_each(array_series(1, 10000));"
    "CREATE TABLE t AS SELECT rowid AS id, * FROM x";

/* A chunk is read once for the order, and once more where other columns are given. */
static void test_reads(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, fill);
    static const struct {
        const char *sql, *answer;
        int64_t chunks;
    } reads[] = {
        {"SELECT min(up) FROM x", "3", 1},
        {"SELECT max(up) FROM x", "30000", 1},
        {"SELECT min(down) FROM x", "-30000", 1},
        {"SELECT max(down) FROM x", "-3", 1},
        {"SELECT min(random) FROM x", "1", 1},
        {"SELECT max(random) FROM x", "10006", 1},
        {"SELECT min(up) FROM x WHERE few = 2", "6", 1},
        {"SELECT max(down) FROM x WHERE up > 15000", "-15003", 1},
        {"SELECT max(up) FROM x WHERE rowid < 5050", "15147", 1},
        {"SELECT min(up) FROM x WHERE few = 5", "NULL", 0},
        {"SELECT sum(up) FROM (SELECT up FROM x ORDER BY up LIMIT 3)", "18", 1},
        {"SELECT sum(up) FROM (SELECT up FROM x ORDER BY up DESC LIMIT 3)", "89991", 1},
        {"SELECT sum(up) FROM (SELECT up, down FROM x ORDER BY down LIMIT 2 OFFSET 3)", "59979", 2},
        {"SELECT sum(random) FROM (SELECT random FROM x ORDER BY random LIMIT 3)", "6", 4},
        {"SELECT sum(down) FROM (SELECT down, up FROM x WHERE few < 2 ORDER BY up DESC LIMIT 3)",
         "-89979", 2},
        /* no LIMIT: the reader stops */
        {"SELECT (SELECT up FROM x ORDER BY up DESC)", "30000", 1},
        /* chunks that do not overlap are read in turn, for the order and for what is given */
        {"SELECT count(*) FROM (SELECT up, few FROM x ORDER BY up LIMIT -1)", "10000", 200},
        {"SELECT count(*) FROM (SELECT random FROM x ORDER BY random LIMIT -1)", "10000", 100},
    };
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
        expect_reads(db, reads[i].sql, reads[i].answer, reads[i].chunks);
    sqlite3_close(db);
}

static void expect_plan(sqlite3 *db, const char *sql, const char *plan) {
    sqlite3_stmt *s;
    char explain[300];
    snprintf(explain, sizeof explain, "EXPLAIN QUERY PLAN %s", sql);
    s = unit_prepare(db, explain);
    const bool has_row = sqlite3_step(s) == SQLITE_ROW;
    const char *detail = has_row ? (const char *)sqlite3_column_text(s, 3) : NULL;
    ok(detail != NULL && strstr(detail, plan) != NULL, "%s: %s", sql, detail);
    const bool sorts = sqlite3_step(s) == SQLITE_ROW;
    ok(sorts == (strstr(plan, "ORDER BY") == NULL), "%s: %s", sql, sorts ? "sorts" : "no sort");
    sqlite3_finalize(s);
}

static void test_plans(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, fill);
    expect_plan(db, "SELECT * FROM x ORDER BY up DESC LIMIT 5", ":ORDER BY up DESC LIMIT ?");
    expect_plan(db, "SELECT * FROM x WHERE few = 1 ORDER BY up, rowid LIMIT 5 OFFSET 2",
                ":few=? ORDER BY up LIMIT ?");
    expect_plan(db, "SELECT * FROM x WHERE abs(few) = 1 ORDER BY up", ":ORDER BY up");
    expect_plan(db, "SELECT * FROM x ORDER BY up, rowid DESC", "x VIRTUAL TABLE INDEX 0:");
    expect_plan(db, "SELECT * FROM x ORDER BY up, few", "x VIRTUAL TABLE INDEX 0:");
    expect_plan(db, "SELECT * FROM x ORDER BY up + 1", "x VIRTUAL TABLE INDEX 0:");
    expect_plan(db, "SELECT few, count(*) FROM x GROUP BY few", ":ORDER BY few");
    sqlite3_close(db);
}

/*
** Where rows would be read hundreds of times to give them in the order of a column, SQLite sorts
** them. The headers say that there are so many rows.
*/
static void test_many_passes(void) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, b);"
                  "INSERT INTO x VALUES (1, 2);"
                  "INSERT INTO x_headers SELECT value * 1000000, value * 1000000 + 999999, 1000000,"
                  " value + 1, 0, 1000, 0, 1000 FROM array_each(array_series(1, 300))");
    expect_plan(db, "SELECT a, b FROM x ORDER BY a", "VIRTUAL TABLE");
    expect_plan(db, "SELECT a, b FROM x WHERE b > 7 ORDER BY a", "b>? ORDER BY a");
    expect_plan(db, "SELECT a FROM x WHERE a > 7 ORDER BY a", "ORDER BY a");
    expect_plan(db, "SELECT a, b FROM x ORDER BY a LIMIT 3", "ORDER BY a");
    expect_plan(db, "SELECT a, b FROM x ORDER BY rowid", "ORDER BY rowid");
    expect_plan(db, "SELECT min(a) FROM x", "ORDER BY a");
    sqlite3_close(db);
}

/*
** Queries at random, of both tables. The answer is a sum over rows that the order and LIMIT select,
** and their values in order.
*/
static void test_against_table(void) {
    static const char *const columns[] = {"up", "down", "random", "few"};
    static const char *const wheres[] = {"1",
                                         "few = 1",
                                         "random > 5000",
                                         "up BETWEEN 500 AND 9000",
                                         "few IN (0, 3) AND random < 7000",
                                         "abs(random) % 3 = 1",
                                         "ROW > 5000 AND few <> 2",
                                         "ROW IN (17, 500, 501, 9999)",
                                         "random = 77",
                                         "few > 3"};
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, fill);
    /*
    ** rowids with gaps, chunks of several sizes, the largest and smallest integers, many equal ones
    */
    unit_exec(db, "BEGIN; DELETE FROM x WHERE rowid % 7 = 3; DELETE FROM t WHERE id % 7 = 3;"
                  "UPDATE x SET random = 77 WHERE rowid BETWEEN 3000 AND 6000;"
                  "UPDATE t SET random = 77 WHERE id BETWEEN 3000 AND 6000;"
                  "UPDATE x SET random = 9223372036854775807, down = -9223372036854775807 - 1"
                  " WHERE rowid IN (100, 2000, 9000);"
                  "UPDATE t SET random = 9223372036854775807, down = -9223372036854775807 - 1"
                  " WHERE id IN (100, 2000, 9000)");
    uint64_t seed =
        1; /* half of the queries in the transaction, with rows that are not written yet */
    int wrong = 0, queries = 0;
    const int tried = unit_thorough() ? 600 : 200;
    for (int i = 0; i < tried; i++) {
        char sql[2][600];
        if (i == 300)
            unit_exec(db, "COMMIT");
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const unsigned r = (unsigned)(seed >> 33);
        const char *const column = columns[r % 4], *const where = wheres[r / 4 % 10];
        const bool by_rowid = r / 40 % 2 == 1; /* then which rows come is determined, too */
        const char *const direction = r / 80 % 2 == 1 ? "DESC" : "";
        const int limit = (int)(r / 160 % 5 == 0 ? -1 : (int)(r / 800 % 400)),
                  offset = (int)(r / 320000 % 3 * (r / 960000 % 50));
        for (int side = 0; side < 2; side++) {
            const char *const row = side == 0 ? "rowid" : "id";
            char test[200], *at = test;
            for (const char *w = where; *w != 0;) {
                const bool is_row = strncmp(w, "ROW", 3) == 0;
                at += snprintf(at, 10, "%.*s", is_row ? (int)strlen(row) : 1, is_row ? row : w);
                w += is_row ? 3 : 1;
            }
            snprintf(sql[side], sizeof sql[side],
                     "SELECT array_hash(array_agg(%s)), count(*) FROM (SELECT %s AS r, * FROM %s"
                     " WHERE %s ORDER BY %s %s%s%s LIMIT %d OFFSET %d)",
                     by_rowid ? "r * 31 + few * 7 + up + down % 1000 + random % 1000" : column, row,
                     side == 0 ? "x" : "t", test, column, direction, by_rowid ? ", " : "",
                     by_rowid ? row : "", limit, offset);
        }
        char *got = sqlite3_mprintf("%s", unit_answer(db, "%s", sql[0]));
        const char *const expected = unit_answer(db, "%s", sql[1]);
        queries++;
        if (strcmp(got, expected) != 0 && ++wrong <= 3)
            printf("# %s\n#      got: %.100s\n# expected: %.100s\n", sql[0], got, expected);
        sqlite3_free(got);
    }
    ok(wrong == 0, "%d queries", queries);
    static const char *const same[][2] = {
        {"SELECT group_concat(few || ' ' || n) FROM (SELECT few, count(*) AS n FROM x GROUP BY "
         "few)",
         "SELECT group_concat(few || ' ' || n) FROM (SELECT few, count(*) AS n FROM t GROUP BY "
         "few)"},
        {"SELECT group_concat(few) FROM (SELECT DISTINCT few FROM x ORDER BY few DESC)",
         "SELECT group_concat(few) FROM (SELECT DISTINCT few FROM t ORDER BY few DESC)"},
        {"SELECT count(*) FROM (SELECT DISTINCT random FROM x)",
         "SELECT count(*) FROM (SELECT DISTINCT random FROM t)"},
        {"SELECT sum(up * n) FROM (SELECT up, row_number() OVER (ORDER BY random, rowid) AS n FROM "
         "x)",
         "SELECT sum(up * n) FROM (SELECT up, row_number() OVER (ORDER BY random, id) AS n FROM "
         "t)"},
        {"SELECT count(x.up), count(*) FROM t LEFT JOIN x ON x.up = t.up + 2 WHERE x.few IS NULL",
         "SELECT 0, count(*) FROM t"},
        {"SELECT sum(m) FROM (SELECT (SELECT min(up) FROM x WHERE up > t.up) AS m FROM t LIMIT 50)",
         "SELECT sum(m) FROM (SELECT (SELECT min(up) FROM t AS x WHERE up > t.up) AS m FROM t "
         "LIMIT 50)"},
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        char *got = sqlite3_mprintf("%s", unit_answer(db, same[i][0]));
        eq_text(got, unit_answer(db, same[i][1]), "%s", same[i][0]);
        sqlite3_free(got);
    }
    sqlite3_close(db);
}

/* More rows than the queue has room for: several passes, equal values across their borders. */
static void test_passes(void) {
    const int64_t all = unit_thorough() ? 1200000 : 800000;
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=10000)");
    unit_must(db, "INSERT INTO x VALUES (array_random(%lld, 0, 1000, 1), array_series(1, %lld))",
              all, all);
    for (int descending = 0; descending < 2; descending++) {
        sqlite3_stmt *s = unit_prepare(db, descending ? "SELECT a, b, rowid FROM x ORDER BY a DESC"
                                                      : "SELECT a, b, rowid FROM x ORDER BY a");
        int64_t rows = 0, sum = 0, wrong = 0, before[2] = {INT64_MIN, 0};
        for (; sqlite3_step(s) == SQLITE_ROW; rows++) {
            const int64_t a = sqlite3_column_int64(s, 0) * (descending ? -1 : 1),
                          b = sqlite3_column_int64(s, 1);
            wrong += a < before[0] || (a == before[0] && b <= before[1]);
            wrong += b != sqlite3_column_int64(s, 2);
            before[0] = a;
            before[1] = b;
            sum += b;
        }
        sqlite3_finalize(s);
        ok(wrong == 0 && rows == all && sum == all * (all + 1) / 2,
           "all rows in order: %d, %d wrong", (int)rows, (int)wrong);
    }
    sqlite3_close(db);
}

/*
** Rows that are written between two steps: those behind the last one given are seen, none is seen
** twice for it.
*/
static void test_changes(void) {
    sqlite3 *db = unit_open(":memory:");
    sqlite3_stmt *s;
    unit_exec(db, fill);
    int64_t last = INT64_MIN, rows = 0;
    bool ascending = true;
    s = unit_prepare(db, "SELECT random FROM x ORDER BY random");
    while (sqlite3_step(s) == SQLITE_ROW && rows < 20000) {
        const int64_t x = sqlite3_column_int64(s, 0);
        ascending &= x >= last;
        last = x;
        rows++;
        if (rows == 50)
            unit_exec(db, "DELETE FROM x WHERE random BETWEEN 5000 AND 5999");
        if (rows == 100)
            unit_exec(db, "INSERT INTO x SELECT 1, 1, 20000 + value, 1"
                          " FROM array_each(array_series(1, 10))");
        if (rows == 150)
            unit_exec(db, "INSERT INTO x VALUES (0, 0, -5, 0)");
    }
    sqlite3_finalize(s);
    ok(ascending && last == 20010, "ascending, to the new end");
    eq_int(rows, unit_integer(db, "SELECT count(*) - 1 FROM x"), "all that are behind");
    s = unit_prepare(db, "SELECT random FROM x ORDER BY random DESC");
    sqlite3_step(s);
    unit_exec(db, "DELETE FROM x");
    for (rows = 0; sqlite3_step(s) == SQLITE_ROW;)
        rows++;
    eq_int(sqlite3_finalize(s), SQLITE_OK, "where all rows go meanwhile");
    ok(rows <= 100, "what had been read already is given: %d rows", (int)rows);
    sqlite3_close(db);
}

int main(void) {
    test_reads();
    test_plans();
    test_many_passes();
    test_against_table();
    test_passes();
    test_changes();
    return done();
}
