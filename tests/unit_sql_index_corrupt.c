/*
** Shadow tables of an array_index are changed directly: values, blocks, whole rows. Every statement
** must then give an answer or an error. What 'integrity-check' accepts must answer as the table.
** There are N random changes, 60 (300 if everything is to be tested): see store/damage.h.
*/
#define _DEFAULT_SOURCE
#include "store/damage.h"

/*
** Lists of several blocks of each codec: runs (-1), bitmaps (the values below 3), Elias-Fano (from
** 10 on), of one key (from 1000 on).
*/
static const char setup[] =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, tags);"
    "INSERT INTO t(id, tags) SELECT value + 40 * (value / 300), array_of(-1, value * value % 3,"
    "  10 + value * 7919 % 90, iif(value % 400 = 0, 1000 + value, 10))"
    "  FROM array_each(array_series(1, 1500));"
    "INSERT INTO t(id, tags) VALUES (1000000, '[]'), (-5, '[1,10]'), (1000001, NULL);"
    "CREATE VIRTUAL TABLE x USING array_index(t, tags, block=64, log=16);";

/* What integrity-check must find */
static const char *const detectable[] = {
    "UPDATE x_values SET n = n + 1 WHERE value = 1",
    "UPDATE x_values SET n = 0 WHERE value = 1",
    "UPDATE x_values SET n = NULL WHERE value = 1",
    "UPDATE x_values SET n = 9223372036854775807 WHERE value = 1",
    "UPDATE x_values SET first = first + 1 WHERE value = 1",
    "UPDATE x_values SET first = 'x' WHERE value = 1",
    "UPDATE x_values SET block = NULL WHERE value = 1",
    "UPDATE x_values SET block = x'' WHERE value = 1",
    "UPDATE x_values SET block = x'' WHERE value = 1400",
    "UPDATE x_values SET block = 'text' WHERE value = 1400",
    "UPDATE x_values SET block = zeroblob(20000) WHERE value = 1",
    "UPDATE x_values SET value = 5 WHERE value = 1",
    "DELETE FROM x_values WHERE value = 1",
    "INSERT INTO x_values VALUES (5, 1, 7, NULL)",
    "UPDATE x_blocks SET block = NULL WHERE id = (SELECT min(id) FROM x_blocks WHERE value = 1)",
    "UPDATE x_blocks SET block = x'' WHERE id = (SELECT min(id) FROM x_blocks WHERE value = 1)",
    "UPDATE x_blocks SET first = first + 1 WHERE id = (SELECT min(id) FROM x_blocks)",
    "UPDATE x_blocks SET value = 2 WHERE id = (SELECT min(id) FROM x_blocks WHERE value = 1)",
    "DELETE FROM x_blocks WHERE id = (SELECT min(id) FROM x_blocks WHERE value = 1)",
    "INSERT INTO x_blocks(value, first, block) VALUES (1400, 3, x'020100')",
    "UPDATE x_rows SET block = NULL WHERE first = (SELECT min(first) FROM x_rows)",
    "UPDATE x_rows SET first = first + 1 WHERE first = (SELECT min(first) FROM x_rows)",
    "DELETE FROM x_rows WHERE first = (SELECT max(first) FROM x_rows)",
};

static void test_detection(void) {
    for (size_t i = 0; i < COUNT_OF(detectable); i++) {
        sqlite3 *db = connect();
        unit_exec(db, detectable[i]);
        const int changes = sqlite3_changes(db);
        const int rc = unit_try(db, "INSERT INTO x(x) VALUES ('integrity-check')");
        if (!ok(rc == SQLITE_CORRUPT_VTAB && changes == 1, "%s", detectable[i]))
            printf("# code %d: %s\n", rc, sqlite3_errmsg(db));
        sqlite3_close(db);
    }
}

/*
** Damage that NAME_counts meets: of all rows it reads the counts, of a few their arrays, and of
** more than 8,000 all blocks.
*/
static void test_counts(void) {
    static const struct {
        const char *change, *counted;
    } damages[] = {
        {"UPDATE x_values SET n = 0 WHERE value = 1", "x_counts"},
        {"UPDATE x_values SET n = 'many' WHERE value = 1", "x_counts"},
        {"UPDATE x_values SET n = 9223372036854775807 WHERE value = 1", "x_counts"},
        {"UPDATE x_values SET block = x'' WHERE value = 1400", "x_counts('-1 | 2000000')"},
        {"UPDATE x_values SET block = 'text' WHERE value = 1400", "x_counts('-1 | 2000000')"},
        {"UPDATE x_values SET first = NULL WHERE value = 1400", "x_counts('-1 | 2000000')"},
        {"UPDATE x_blocks SET block = NULL WHERE id = (SELECT min(id) FROM x_blocks)",
         "x_counts('-1 | 2000000')"},
    };
    for (size_t i = 0; i < COUNT_OF(damages); i++) {
        sqlite3 *db = connect();
        unit_exec(db, "INSERT INTO t SELECT 2000000 + value, '[2000000]'"
                      " FROM array_each(array_series(1, 9000))");
        unit_exec(db, damages[i].change);
        unit_exec(db, "BEGIN; INSERT INTO t(tags) VALUES ('[1,1400]')"); /* waits in the log */
        const int rc = unit_try(db, "SELECT * FROM %s", damages[i].counted);
        if (!ok(rc == SQLITE_CORRUPT_VTAB, "%s, then %s", damages[i].change, damages[i].counted))
            printf("# code %d: %s\n", rc, sqlite3_errmsg(db));
        sqlite3_close(db);
    }
}

/* Values for columns of the shadow tables */
static const char *const values[] = {"NULL",
                                     "0",
                                     "1",
                                     "-1",
                                     "64",
                                     "4294967296",
                                     "9223372036854775807",
                                     "-9223372036854775808",
                                     "2.5",
                                     "1e300",
                                     "'text'",
                                     "x''",
                                     "x'02'",
                                     "x'020100'",
                                     "x'021F1E'",
                                     "x'01020309'",
                                     "x'02808001FFFF00'",
                                     "x'0103FFFFFFFFFFFFFFFF7F'",
                                     "x'00038010FF0F'",
                                     "zeroblob(64)",
                                     "zeroblob(20000)"};

static void change(sqlite3 *db) {
    static const char columns[] = "SELECT name FROM pragma_table_info(%Q)";
    static const char *const tables[] = {"x_values", "x_values", "x_blocks",
                                         "x_blocks", "x_rows",   "x_config"};
    const char *table = tables[unit_below(COUNT_OF(tables))];
    char column[100], other[100], expression[400], row[200];
    random_name(db, column, sizeof column, columns, table);
    random_name(db, other, sizeof other, columns, table);
    snprintf(row, sizeof row, "rowid = (SELECT rowid FROM %s ORDER BY rowid LIMIT 1 OFFSET %d)",
             table, (int)unit_below(unit_below(2) ? 3 : 60));
    random_expression(expression, sizeof expression, column, other, values, COUNT_OF(values), 5,
                      64);
    switch (unit_below(10)) {
    case 0:
        make_change(db, "UPDATE OR IGNORE %s SET %s = %s", table, column, expression);
        break;
    case 1:
        make_change(db,
                    "INSERT OR REPLACE INTO x_blocks(value, first, block) SELECT value + %d, "
                    "first + %d, block FROM x_blocks WHERE %s",
                    (int)unit_below(3) - 1, (int)unit_below(60) - 30,
                    strcmp(table, "x_blocks") == 0 ? row : "id = 1");
        break;
    default:
        change_row(db, table, row, column, other, expression, 60);
    }
}

static const char *const statements[] = {
    "SELECT id FROM x",
    "SELECT id FROM x ORDER BY id DESC LIMIT 40",
    "SELECT id, tags FROM x('1 & 10') ORDER BY id DESC",
    "SELECT count(*) FROM x('(0 | 1) & !12 & -1')",
    "SELECT count(*) FROM x('!1') WHERE id BETWEEN 100 AND 900",
    "SELECT id FROM x('1400 | 1401 | 5')",
    "SELECT count(*) FROM t JOIN x('1') USING (id)",
    "SELECT count(*) FROM x WHERE array_contains_any(tags, array_of(11, 12, 13, 1400))",
    "SELECT id FROM x('1 & 10') WHERE id = 77",
    "SELECT * FROM x_counts",
    "SELECT * FROM x_counts('1 & 10')",
    "EXPLAIN QUERY PLAN SELECT * FROM x('1 & 10 & !11')",
    "INSERT INTO t(tags) VALUES ('[1,10,1400,5]')",
    ("INSERT INTO t(id, tags) SELECT 2000 - value, array_of(value % 3, 10 + value)"
     "  FROM array_each(array_series(1, 60)) WHERE 2000 - value NOT IN (SELECT id FROM t)"),
    "INSERT OR REPLACE INTO t(id, tags) VALUES (3, '[1,2]'), (700, '[10]'), (1000000, NULL)",
    "UPDATE t SET tags = array_append(tags, 5) WHERE id % 50 = 0",
    "UPDATE t SET id = id + 100000 WHERE id BETWEEN 200 AND 220",
    "UPDATE t SET tags = NULL WHERE id % 90 = 1",
    "DELETE FROM t WHERE id BETWEEN 30 AND 60",
    "DELETE FROM t WHERE id % 7 = 1",
    "SAVEPOINT s; INSERT INTO t(tags) VALUES ('[1,2]'); ROLLBACK TO s; RELEASE s",
    "INSERT INTO x(x) VALUES ('merge=2')",
    "INSERT INTO x(x) VALUES ('merge=1000')",
    "INSERT INTO x(x) VALUES ('integrity-check')",
    "ALTER TABLE x RENAME TO y; ALTER TABLE y RENAME TO x",
    "DELETE FROM t WHERE id > 500",
    "INSERT INTO x(x) VALUES ('optimize')",
    "INSERT INTO x(x) VALUES ('integrity-check')",
};

/* Does an index that integrity-check has passed answer as the table? */
static bool answers_as_table(sqlite3 *db) {
    static const char *const queries[] = {"1 & 10", "(0 | 1) & !12 & -1", "!1", "1400 | 5"};
    bool well = true;
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        const char *said = unit_answer(
            db,
            "SELECT (SELECT array_agg(id) FROM x('%s')) IS (SELECT array_agg(id) FROM (SELECT id "
            "FROM t WHERE tags IS NOT NULL AND array_match(tags, '%s') ORDER BY id))",
            queries[i], queries[i]);
        well &= strcmp(said, "1") == 0;
        if (!well)
            printf("# passed by integrity-check, but it answers %s otherwise\n", queries[i]);
    }
    return well;
}

/* Up to three changes, then all statements */
static bool corrupt_once(void) {
    bool well = true;
    sqlite3 *db = connect();
    if (unit_below(2))
        unit_exec(db, "SELECT count(*) FROM x");
    for (int64_t changes = 1 + unit_below(3); changes > 0; changes--)
        change(db);
    if (unit_try(db, "INSERT INTO x(x) VALUES ('integrity-check')") == SQLITE_OK)
        well = answers_as_table(db);
    return survives(db, statements, COUNT_OF(statements)) && well;
}

int main(void) {
    make_image(setup);
    test_detection();
    test_counts();
    damage_again_and_again(corrupt_once, unit_thorough() ? 300 : 30);
    sqlite3_free(image);
    return done();
}
