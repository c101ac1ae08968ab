/*
** Single rows of an array_store are read and changed by rowid, each in a transaction of its own:
** the results are those of an ordinary table, and only a few pages are written.
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

static int64_t pages_written(sqlite3 *db) {
    int pages, ignored;
    sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &ignored, 0);
    return pages;
}

static int64_t chunks_read(sqlite3 *db) {
    return unit_integer(db, "SELECT value FROM array_memory WHERE name = 'chunks_read'");
}

/*
** What an UPDATE of a row in autocommit writes: the file's first page, one or two of the array,
** sometimes the header's.
*/
static void test_work(void) {
    static const char *const updates[] = {
        "narrow = 50",       "wide = 77777777", "steps = steps + 1",
        "narrow = 100",      "wide = wide",     "narrow = narrow + 1, wide = wide - 1",
        "steps = steps + 2", "narrow = '51'",   "narrow = 7.0, steps = steps - 1",
    };
    unit_remove("point.db");
    sqlite3 *db = unit_open(unit_path("point.db"));
    unit_exec(db, "PRAGMA synchronous = OFF;"
                  "CREATE VIRTUAL TABLE x USING array_store(narrow, wide, steps);"
                  "INSERT INTO x VALUES (array_random(200000, 0, 100, 1),"
                  " array_random(200000, 0, 1000000000, 2),"
                  " array_add(array_series(10, 2000000, 10), array_random(200000, 0, 5, 3)))");
    for (size_t i = 0; i < sizeof updates / sizeof updates[0]; i++) {
        for (int k = 0; k < 3; k++) {
            const int64_t read = chunks_read(db), pages = pages_written(db);
            eq_int(unit_try(db, "UPDATE x SET %s WHERE rowid = %d", updates[i], 70000 + 777 * k),
                   SQLITE_OK, "%s", updates[i]);
            ok(pages_written(db) - pages <= 5 && chunks_read(db) == read, "%s: %d pages",
               updates[i], (int)(pages_written(db) - pages));
        }
    }
    ok(unit_sound(db, "x"), "sound");
    int64_t read = chunks_read(db);
    /*
    ** a block that takes more bytes with the value: its array alone is written, and no chunk is
    ** read
    */
    for (int k = 0; k < 3; k++) {
        const int64_t pages = pages_written(db);
        eq_int(unit_try(db, "UPDATE x SET steps = %d WHERE rowid = %d", k == 1 ? 1000007 : -5,
                        90000 + 777 * k),
               SQLITE_OK, "a value that is far from its neighbours");
        ok(pages_written(db) - pages <= 30, "%d pages", (int)(pages_written(db) - pages));
    }
    eq_int(chunks_read(db), read, "no chunk is read for them");
    eq_text(unit_answer(db, "SELECT sum(steps), min(steps), max(steps) FROM x WHERE rowid IN "
                            "(89999, 90000, 90777, 91554)"),
            "1899987|-5|1000007", "they are there");
    ok(unit_sound(db, "x"), "sound");
    read = chunks_read(db);
    eq_text(unit_answer(db, "SELECT narrow, rowid FROM x WHERE rowid = 70000"), "7|70000", "a row");
    eq_text(unit_answer(db, "SELECT count(*) FROM x WHERE rowid = 70000 AND narrow = 8"), "0",
            "that does not meet a condition");
    eq_text(unit_answer(db, "SELECT count(*) FROM x WHERE rowid = 700000"), "0", "or is not there");
    eq_int(chunks_read(db), read, "no chunk is read for a row");
    /* many rows of one chunk in a statement: it is read instead */
    unit_exec(db, "UPDATE x SET narrow = narrow + 1 WHERE rowid BETWEEN 1000 AND 3000");
    read = chunks_read(db);
    eq_int(unit_integer(db, "SELECT sum(narrow) > 0 FROM array_each(array_series(1, 3000)) AS e"
                            " CROSS JOIN x ON x.rowid = e.value"),
           1, "many rows by their rowids");
    ok(chunks_read(db) - read <= 2, "%d chunks are read", (int)(chunks_read(db) - read));
    ok(unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

/* Both tables */
static int both(sqlite3 *db, const char *format, ...) {
    char sql[2][400];
    int codes[2];
    va_list args;
    va_start(args, format);
    vsnprintf(sql[0], sizeof sql[0], format, args);
    va_end(args);
    char *to = sql[1];
    for (const char *from = sql[0]; *from != 0; from++)
        *to++ = *from == '@' ? 't' : *from;
    *to = 0;
    for (char *at = sql[0]; *at != 0; at++)
        *at = *at == '@' ? 'x' : *at;
    for (int side = 0; side < 2; side++)
        codes[side] = unit_parsed(db, sqlite3_exec(db, sql[side], NULL, NULL, NULL)) & 0xff;
    if (codes[0] != codes[1])
        printf("# %s: %d and %d, %s\n", sql[0], codes[0], codes[1], sqlite3_errmsg(db));
    return codes[0] == codes[1] ? SQLITE_OK : SQLITE_ERROR;
}

/* Integers at the borders of widths, of the columns' ranges and of 64 bits, and any */
static int64_t some_value(int column) {
    static const int64_t borders[] = {0,     1,          -1,         127,       128,
                                      255,   256,        -128,       -129,      32767,
                                      65536, 2147483647, 2147483648, INT64_MAX, INT64_MIN / 2};
    static const int64_t around[] = {50, 1000000000000, 5000, 3};
    if (unit_below(10) == 0)
        return borders[unit_below(sizeof borders / sizeof borders[0])];
    return around[column] + unit_below(column == 3 ? 2 : 200) - 100 * (column != 3);
}

static void test_against_table(void) {
    static const char *const names[] = {"a", "b", "c", "d"};
    const long steps = unit_setting("N", 1500);
    sqlite3 *db = unit_open(":memory:");
    bool same = true, sound = true;
    unit_random_state = (uint64_t)unit_setting("SEED", 1);
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, b, c, d, chunk=100);"
                  "CREATE TABLE t(a INTEGER, b INTEGER, c INTEGER, d INTEGER);"
                  "INSERT INTO x SELECT value % 100, 1000000000000 + value % 50, value * 10, 3"
                  " FROM array_each(array_series(1, 1000));"
                  "DELETE FROM x WHERE rowid BETWEEN 300 AND 700 AND rowid % 3 = 1;"
                  "INSERT INTO t(rowid, a, b, c, d) SELECT rowid, * FROM x");
    for (long i = 0; i < steps && same; i++) {
        const int c = (int)unit_below(4), e = (int)unit_below(4);
        const int64_t row =
            unit_below(20) == 0 ? unit_below(1100) : 1 + 100 * unit_below(10) + unit_below(3) * 49;
        const int kind = (int)unit_below(40);
        int rc;
        if (kind < 24)
            rc = both(db, "UPDATE @ SET %s = %lld WHERE rowid = %lld", names[c],
                      (long long)some_value(c), (long long)row);
        else if (kind < 28)
            rc = both(db, "UPDATE @ SET %s = %lld, %s = %s - 1 WHERE rowid = %lld AND c > -1000",
                      names[c], (long long)some_value(c), names[(c + 1) % 4], names[(c + 1) % 4],
                      (long long)row);
        else if (kind < 30)
            rc = both(db, "UPDATE @ SET %s = 5 WHERE %s > 60 AND rowid BETWEEN %lld AND %lld",
                      names[c], names[e], (long long)row, (long long)row + 40);
        else if (kind < 32)
            rc = both(db, "DELETE FROM @ WHERE rowid = %lld", (long long)row);
        else if (kind < 33)
            rc = both(db, "INSERT INTO @(a, b, c, d) VALUES (1, 2, 3, 4)");
        else if (kind < 34)
            rc = both(db, sqlite3_get_autocommit(db) ? "SAVEPOINT s" : "ROLLBACK TO s");
        else if (kind < 36)
            rc = sqlite3_get_autocommit(db) ? SQLITE_OK : sqlite3_exec(db, "COMMIT", 0, 0, 0);
        else
            rc = both(db, "UPDATE @ SET rowid = %lld WHERE rowid = %lld", (long long)row + 1,
                      (long long)row);
        same = rc == SQLITE_OK;
        const char *const queries[] = {
            ("SELECT array_hash(array_agg(rowid)), array_hash(array_agg(a)), "
             "array_hash(array_agg(b)), array_hash(array_agg(c)), array_hash(array_agg(d)) FROM "
             "%s"),
            "SELECT a, b, c, d, rowid FROM %s WHERE rowid = %lld",
            "SELECT c FROM %s WHERE rowid = %lld AND b > 3"};
        for (size_t q = i % 10 == 0 ? 0 : 1; q < 3; q++) {
            const char *const got = unit_answer(db, queries[q], "x", row);
            const char *const expected = unit_answer(db, queries[q], "t", row);
            if (strcmp(got, expected) != 0) {
                printf("# step %ld, %s\n#      got: %s\n# expected: %s\n", i, queries[q], got,
                       expected);
                same = false;
            }
        }
        if (i % 50 == 0 && sqlite3_get_autocommit(db))
            sound = sound && unit_sound(db, "x");
    }
    ok(same, "%ld changes and queries", steps);
    unit_exec(db, sqlite3_get_autocommit(db) ? "" : "COMMIT");
    ok(sound && unit_sound(db, "x"), "sound");
    sqlite3_close(db);
}

/*
** A row that is read as a point, and is changed, moved to memory or deleted before its columns are
** asked for
*/
static void test_changes(void) {
    static const char *const changes[][2] = {{"UPDATE x SET a = 70 WHERE rowid = 7", "70|7"},
                                             {"INSERT INTO x(rowid, a) VALUES (-7, 1)", "7|7"},
                                             {"UPDATE x SET a = a + 100", "107|7"},
                                             {"DELETE FROM x WHERE rowid = 7", "NULL|7"},
                                             {"DELETE FROM x", "NULL|7"}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        sqlite3 *db = unit_open(":memory:");
        unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=10);"
                      "INSERT INTO x VALUES (array_series(1, 50)); BEGIN");
        sqlite3_stmt *s = unit_prepare(
            db, "SELECT (SELECT a FROM array_each('[1]') WHERE x.rowid = 7), x.rowid FROM"
                " array_each('[1,2]') CROSS JOIN x ON x.rowid = 7");
        ok(sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == 7, "a row");
        unit_exec(db, changes[i][0]);
        const char *again = unit_answer(db, "SELECT ifnull(max(a), 'NULL') FROM x WHERE rowid = 7");
        ok(strncmp(again, changes[i][1], strlen(again)) == 0, "%s: %s", changes[i][0], again);
        ok(sqlite3_step(s) != SQLITE_CORRUPT_VTAB, "the statement goes on");
        sqlite3_finalize(s);
        unit_exec(db, "ROLLBACK");
        eq_int(unit_integer(db, "SELECT a FROM x WHERE rowid = 7"), 7, "and is rolled back");
        ok(unit_sound(db, "x"), "sound");
        sqlite3_close(db);
    }
}

/*
** The same while a cursor stands on the row, which a join reads again for each row of its inner
** loop
*/
static void test_standing(void) {
    static const struct {
        const char *change, *then;
    } changes[] = {
        {"UPDATE x SET a = 70 WHERE rowid = 7", "70"},   {"UPDATE x SET a = a + 100", "107"},
        {"INSERT INTO x(rowid, a) VALUES (-7, 1)", "7"}, {"DELETE FROM x WHERE rowid = 3", "7"},
        {"DELETE FROM x WHERE rowid = 7", "NULL"},       {"DELETE FROM x", "NULL"}};
    for (size_t i = 0; i < 2 * (sizeof changes / sizeof changes[0]); i++) {
        const char *change = changes[i / 2].change;
        sqlite3 *db = unit_open(":memory:");
        unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a, chunk=10);"
                      "INSERT INTO x VALUES (array_series(1, 50)); BEGIN");
        if (i % 2 == 1) /* its chunk is in memory */
            unit_exec(db, "UPDATE x SET a = a WHERE rowid IN (5, 6, 8, 9)");
        sqlite3_stmt *s = unit_prepare(db, "SELECT x.a FROM x CROSS JOIN array_each('[1,2,3]')"
                                           " WHERE x.rowid = 7");
        ok(sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int(s, 0) == 7, "a row");
        unit_exec(db, change);
        for (int again = 0; again < 2; again++) {
            const int rc = sqlite3_step(s);
            const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : "none";
            eq_text(text != NULL ? text : "NULL", changes[i / 2].then, "then: %s", change);
        }
        eq_int(sqlite3_step(s), SQLITE_DONE, "and no more");
        sqlite3_finalize(s);
        unit_exec(db, "ROLLBACK");
        ok(unit_sound(db, "x"), "sound");
        sqlite3_close(db);
    }
}

int main(void) {
    test_work();
    test_standing();
    test_against_table();
    test_changes();
    unit_remove("");
    return done();
}
