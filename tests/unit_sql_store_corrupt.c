/*
** Shadow tables of an array_store are changed directly: values, rows, whole tables. Every
** statement must then give an answer or SQLITE_CORRUPT_VTAB. What 'integrity-check' accepts must
** be consistent.
** There are N random changes, 150 (400 if everything is to be tested): see store/damage.h.
*/
#define _DEFAULT_SOURCE
#include "store/damage.h"

/* Some chunks with gaps between their rowids and some without, widths of 1, 2 and 8 */
static const char setup[] =
    "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=16);"
    "INSERT INTO x(a, b) VALUES (array_series(1, 80), array_random(80, -1000, 1000, 1));"
    "INSERT INTO x(rowid, a, b) SELECT 100 + value * 3, value * 1000000000000, value"
    "  FROM array_each(array_series(1, 40));"
    "DELETE FROM x WHERE rowid BETWEEN 20 AND 70 AND rowid % 3 = 0;";

/* What integrity-check must find; each changes the second chunk, or the last, which has gaps. */
#define SECOND            " WHERE id = (SELECT id FROM x_headers ORDER BY id LIMIT 1 OFFSET 1)"
#define LAST              " WHERE id = (SELECT max(id) FROM x_headers)"
#define OF_SECOND(column) " WHERE id = (SELECT arrays + " column " FROM x_headers" SECOND ")"
#define OF_LAST(column)   " WHERE id = (SELECT arrays + " column " FROM x_headers" LAST ")"
#define ROWIDS            "0"
#define A                 "1"
#define B                 "2"
static const char *const detectable[] = {
    "UPDATE x_headers SET n = n + 1" SECOND,
    "UPDATE x_headers SET n = n - 1" SECOND,
    "UPDATE x_headers SET n = 0" SECOND,
    "UPDATE x_headers SET n = NULL" SECOND,
    "UPDATE x_headers SET n = 4294967296" SECOND,
    "UPDATE x_headers SET n = -1" LAST,
    "UPDATE x_headers SET n = 'many'" LAST,
    "UPDATE x_headers SET id = last + 1" SECOND,
    "UPDATE x_headers SET last = NULL" LAST,
    "UPDATE x_headers SET last = last + 1" SECOND,
    "UPDATE x_headers SET last = last + 1" LAST,
    "UPDATE x_headers SET last = 9223372036854775807" LAST,
    "UPDATE x_headers SET last = 9223372036854775807, id = -9223372036854775808" SECOND,
    "UPDATE x_headers SET arrays = arrays + 1" SECOND,
    "UPDATE x_headers SET arrays = arrays + 100" SECOND,
    "UPDATE x_headers SET arrays = NULL" LAST,
    "UPDATE x_headers SET arrays = 9223372036854775807" LAST,
    "UPDATE x_headers SET arrays = -9223372036854775808" LAST,
    "UPDATE x_headers SET arrays = (SELECT min(arrays) FROM x_headers)" SECOND,
    "UPDATE x_headers SET a_min = a_min + 1" SECOND,
    "UPDATE x_headers SET a_min = NULL" SECOND,
    "UPDATE x_headers SET a_max = a_max - 1" SECOND,
    "UPDATE x_headers SET b_max = 'x'" LAST,
    "UPDATE x_headers SET b_min = b_max, b_max = b_min" SECOND,
    "UPDATE x_headers SET id = id + 1000" SECOND,
    "UPDATE x_arrays SET array = NULL" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = 5" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = 'text'" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = x''" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = array_reverse(array)" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = array_fill(array_length(array), array_first(array))" OF_LAST(
        ROWIDS),
    "UPDATE x_arrays SET array = array_slice(array, 1, -2)" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = array_set_at(array, 2, array_first(array) - 1)" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = array_set_at(array, -1, array_last(array) + 1)" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = NULL" OF_SECOND(A),
    "UPDATE x_arrays SET array = 7" OF_SECOND(A),
    "UPDATE x_arrays SET array = 'text'" OF_SECOND(A),
    "UPDATE x_arrays SET array = 2.5" OF_LAST(A),
    "UPDATE x_arrays SET array = x''" OF_SECOND(A),
    "UPDATE x_arrays SET array = zeroblob(24)" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_append(array, array_last(array))" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_slice(array, 1, -2)" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_of()" OF_LAST(A),
    "UPDATE x_arrays SET array = CAST(substr(array, 1, length(array) - 1) AS BLOB)" OF_SECOND(A),
    "UPDATE x_arrays SET array = CAST(array || x'00' AS BLOB)" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_set_at(array, 3, 7000)" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_set_at(array, 1, -7000)" OF_SECOND(B),
    "UPDATE x_arrays SET array = CAST(x'A1410008' || substr(array, 5, 4) || zeroblob(8 * "
    "array_length(array)) AS BLOB)" OF_SECOND(B),
    "UPDATE x_arrays SET array = array_pack(array_add(array, 1))" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_pack(array_append(array, 5))" OF_SECOND(A),
    "UPDATE x_arrays SET array = array_pack(array_set_at(array, 1, -7000))" OF_SECOND(B),
    "UPDATE x_arrays SET array = array_pack(array_reverse(array))" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = CAST(substr(array, 1, length(array) - 1) AS BLOB)" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET array = CAST(array || x'00' AS BLOB)" OF_LAST(ROWIDS),
    "UPDATE x_arrays SET id = -5" OF_SECOND(B),
    "UPDATE x_arrays SET id = 5000" OF_LAST(ROWIDS),
    "INSERT INTO x_headers SELECT id + 1, last, n, arrays, a_min, a_max, b_min, b_max FROM "
    "x_headers" SECOND,
    "INSERT INTO x_arrays SELECT max(id) + 1, array FROM x_arrays",
    "DELETE FROM x_headers" SECOND,
    "DELETE FROM x_arrays" OF_SECOND(A),
    "DELETE FROM x_arrays" OF_LAST(ROWIDS),
};

/*
** The same in a store y of one chunk, sixteen rows of 5: arrays of the right values, encoded
** otherwise. A plain array is sound, as values that are changed in place lead to it where packing
** would pay; but a packed array has one form, each has the narrowest width, and there is no array
** of rowids that have no gap.
*/
enum { SOUND_ENCODINGS = 1 };
static const char *const encodings[] = {
    "UPDATE y_arrays SET array = array_unpack(array)",
    "UPDATE y_arrays SET array = "
    "x'A1410002100000000500050005000500050005000500050005000500050005000"
    "500050005000500'",
    "UPDATE y_arrays SET array = x'A1410101100000000100000500'",   /* steps of 0 */
    "UPDATE y_arrays SET array = x'A141010110000000000100050000'", /* frame, a bit each */
    "UPDATE y_arrays SET array = x'A1410102100000000000000500'",   /* of two bytes */
    "INSERT INTO y_arrays SELECT arrays, array_series(id, last) FROM y_headers",
};

static void test_encodings(void) {
    static const char rows[] = "SELECT count(*), sum(rowid), sum(a), min(a), max(a) FROM y";
    for (size_t i = 0; i < COUNT_OF(encodings); i++) {
        sqlite3 *db = connect();
        unit_exec(db, "CREATE VIRTUAL TABLE y USING array_store(a);"
                      "INSERT INTO y VALUES (array_fill(16, 5));"
                      "INSERT INTO y(y) VALUES ('integrity-check')");
        unit_exec(db, encodings[i]);
        eq_text(unit_answer(db, rows), "16|136|80|5|5", "the same rows: %s", encodings[i]);
        eq_int(unit_try(db, "INSERT INTO y(y) VALUES ('integrity-check')"),
               i < SOUND_ENCODINGS ? SQLITE_OK : SQLITE_CORRUPT_VTAB, "integrity-check: %s",
               encodings[i]);
        eq_int(unit_try(db, "UPDATE y SET a = a + 1 WHERE rowid IN (1, 5, 8)"), SQLITE_OK,
               "and changed: %s", encodings[i]);
        sqlite3_close(db);
    }
}

/* Every bit of the header and the lists of packed arrays, and what stands in the place of one. */
static void test_bits(void) {
    static const char *const arrays[] = {OF_SECOND(A), OF_SECOND(B), OF_LAST(ROWIDS), OF_LAST(A)};
    for (size_t i = 0; i < COUNT_OF(arrays); i++) {
        long bits = 0, noticed = 0;
        sqlite3 *db = connect();
        const int64_t lists = atoi(unit_answer(db,
                                               "SELECT iif(substr(array, 3, 1) = x'01', 3 + "
                                               "array_width(array), 0) FROM x_arrays%s",
                                               arrays[i]));
        ok(lists > 0, "packed: array%s", arrays[i]);
        for (int64_t at = 0; at < 8 + lists; at++) {
            for (int bit = 0; bit < 8; bit++, bits++) {
                unit_exec(db, "SAVEPOINT s");
                unit_must(db,
                          "UPDATE x_arrays SET array = CAST(substr(array, 1, %d) || "
                          "array_to_blob(array_bit_xor(array_from_blob(substr(array, %d, 1), "
                          "'uint8'), %d), 'uint8') || substr(array, %d) AS BLOB)%s",
                          (int)at, (int)at + 1, 1 << bit, (int)at + 2, arrays[i]);
                const int rc = unit_try(db, "INSERT INTO x(x) VALUES ('integrity-check')");
                if (rc == SQLITE_CORRUPT_VTAB)
                    noticed++;
                else
                    printf("# byte %d, bit %d: %d\n", (int)at, bit, rc);
                unit_exec(db, "ROLLBACK TO s; RELEASE s");
            }
        }
        eq_int(noticed, bits, "each bit is noticed: array%s", arrays[i]);
        sqlite3_close(db);
    }
}

/* A chunk of the last ones that has been moved into the one before: whoever comes by notices. */
static void test_overlap(void) {
    static const char *const writers[] = {"INSERT INTO y(y) VALUES ('optimize')",
                                          "INSERT INTO y VALUES (5)",
                                          "SELECT count(*) FROM y",
                                          "SELECT a FROM y ORDER BY rowid DESC",
                                          "UPDATE y SET a = 1 WHERE rowid = 70",
                                          "INSERT INTO y(y) VALUES ('integrity-check')"};
    for (size_t i = 0; i < COUNT_OF(writers); i++) {
        sqlite3 *db = connect();
        unit_exec(db, "CREATE VIRTUAL TABLE y USING array_store(a, chunk=85);"
                      "INSERT INTO y VALUES (array_series(1, 80));"
                      "INSERT INTO y VALUES (array_series(1, 4));"
                      "UPDATE y_headers SET id = id - 5, last = last - 5 WHERE id = 81");
        eq_int(unit_try(db, "%s", writers[i]), SQLITE_CORRUPT_VTAB, "%s", writers[i]);
        sqlite3_close(db);
    }
}

/* No place behind an array that is at the end of all places */
static void test_full(void) {
    static const char *const ids[] = {"9223372036854775807", "9223372036854775806",
                                      "9223372036854775805"};
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        sqlite3 *db = connect();
        unit_must(db, "INSERT INTO x_arrays(id) VALUES (%s)", ids[i]);
        eq_int(unit_try(db, "INSERT INTO x(a, b) VALUES (1, 2)"), SQLITE_CORRUPT_VTAB,
               "an array %s", ids[i]);
        sqlite3_close(db);
    }
}

/*
** The largest rowid is taken, so one is drawn: from between the rows of the one chunk, whose rowids
** are damaged.
*/
static void test_drawn_rowid(void) {
    sqlite3 *db = connect();
    unit_exec(db, "CREATE VIRTUAL TABLE y USING array_store(a);"
                  "INSERT INTO y(rowid, a) VALUES (1, 1), (9223372036854775807, 2);"
                  "UPDATE y_arrays SET array = x'' WHERE id = (SELECT arrays FROM y_headers)");
    eq_int(unit_try(db, "INSERT INTO y VALUES (3)"), SQLITE_CORRUPT_VTAB, "a rowid is drawn");
    sqlite3_close(db);
}

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
** Shadow tables that are not what the store made, for which it is refused. "%s" is how x_headers
** was made.
*/
static const char *const impostors[] = {
    "DROP TABLE x_headers",
    "DROP TABLE x_arrays",
    "DROP TABLE x_config",
    "DELETE FROM x_config",
    "ALTER TABLE x_headers ADD COLUMN more",
    "ALTER TABLE x_headers DROP COLUMN b_min",
    "DROP TABLE x_chunks; ALTER TABLE x_headers RENAME COLUMN a_min TO aa",
    "DROP TABLE x_chunks; ALTER TABLE x_headers RENAME TO y; CREATE VIEW x_headers AS SELECT * "
    "FROM y",
    "DROP TABLE x_chunks; ALTER TABLE x_headers RENAME TO y; %s WITHOUT ROWID;"
    "INSERT INTO x_headers SELECT * FROM y",
    "DROP TABLE x_chunks; ALTER TABLE x_headers RENAME TO y; CREATE TABLE x_headers AS SELECT * "
    "FROM y",
    "DROP TABLE x_chunks; ALTER TABLE x_arrays RENAME TO y;"
    "CREATE VIEW x_arrays AS SELECT * FROM y",
    "DROP TABLE x_chunks; ALTER TABLE x_arrays RENAME TO y;"
    "CREATE TABLE x_arrays(id INTEGER PRIMARY KEY, array)",
    "DROP TABLE x_chunks; ALTER TABLE x_arrays RENAME TO y; CREATE TABLE x_arrays(id INTEGER "
    "PRIMARY KEY, array BLOB UNIQUE); INSERT INTO x_arrays SELECT * FROM y WHERE 0",
    "ALTER TABLE x_config RENAME TO y; CREATE VIEW x_config AS SELECT * FROM y",
    "CREATE INDEX i ON x_headers(last)",
    "CREATE TRIGGER t AFTER INSERT ON x_headers BEGIN DELETE FROM x_headers; END",
    "CREATE TRIGGER t BEFORE UPDATE ON x_headers BEGIN SELECT raise(IGNORE); END",
    "CREATE TRIGGER t AFTER DELETE ON x_headers BEGIN INSERT INTO x_headers(id) VALUES (old.id); "
    "END",
    "CREATE TRIGGER t AFTER INSERT ON x_arrays BEGIN DELETE FROM x_arrays; END",
    "CREATE TRIGGER t BEFORE UPDATE ON x_config BEGIN SELECT raise(IGNORE); END",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE x USING "
    "array_store(a)'"
    " WHERE name = 'x'; PRAGMA writable_schema = RESET",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE x USING "
    "array_store(a, b, c)'"
    " WHERE name = 'x'; PRAGMA writable_schema = RESET",
};

static void test_impostors(void) {
    for (size_t i = 0; i < COUNT_OF(impostors); i++) {
        const bool data = strncmp(impostors[i], "DELETE", 6) ==
                          0; /* no schema: that is read when it is first used */
        for (int used = 0; used < (data ? 1 : 2); used++) {
            sqlite3 *db = connect();
            if (used)
                unit_exec(db, "SELECT count(*) FROM x");
            char *made = sqlite3_mprintf(
                "%s", unit_answer(db, "SELECT sql FROM sqlite_schema WHERE name = 'x_headers'"));
            unit_must(db, impostors[i], made);
            sqlite3_free(made);
            const int read = unit_try(db, "SELECT * FROM x");
            const int written = unit_try(db, "INSERT INTO x(a, b) VALUES (1, 2)");
            if (!ok(read == SQLITE_CORRUPT_VTAB && written != SQLITE_OK, "%s%s", impostors[i],
                    used ? ", after the store was used" : ""))
                printf("# reading %d, writing %d: %s\n", read, written, sqlite3_errmsg(db));
            sqlite3_close(db);
        }
    }
}

/*
** The schema gives a store other columns, and its shadow tables those that belong to them, while an
** object with the columns before holds rows that are not written. What it has in memory is not that
** of the new object, which finds the stored arrays of its own columns missing.
*/
static void test_other_columns(void) {
    static const struct {
        const char *columns, *bounds, *insert;
    } changes[] = {
        {"a", "\"a_min\" INTEGER, \"a_max\" INTEGER", "INSERT INTO x(a) VALUES (7)"},
        {"a, b, c, d, e, f",
         "\"a_min\" INTEGER, \"a_max\" INTEGER, \"b_min\" INTEGER, \"b_max\" INTEGER, "
         "\"c_min\" INTEGER, \"c_max\" INTEGER, \"d_min\" INTEGER, \"d_max\" INTEGER, "
         "\"e_min\" INTEGER, \"e_max\" INTEGER, \"f_min\" INTEGER, \"f_max\" INTEGER",
         "INSERT INTO x(a, b, c, d, e, f) VALUES (7, 7, 7, 7, 7, 7)"},
    };
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        sqlite3 *db = connect();
        unit_exec(db, "BEGIN; INSERT INTO x(a, b) VALUES (5, 6)");
        unit_must(db,
                  "PRAGMA writable_schema = ON;"
                  "UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE x USING array_store(%s)'"
                  " WHERE name = 'x';"
                  "UPDATE sqlite_schema SET sql = 'CREATE TABLE \"x_headers\"(id INTEGER PRIMARY "
                  "KEY, last INTEGER, n INTEGER, arrays INTEGER, %s)' WHERE name = 'x_headers';"
                  "PRAGMA writable_schema = RESET",
                  changes[i].columns, changes[i].bounds);
        (void)unit_try(db, "SELECT * FROM x WHERE rowid = (SELECT max(rowid) FROM x)");
        (void)unit_try(db, "%s", changes[i].insert);
        (void)unit_try(db, "%s", changes[i].insert);
        const int rc = unit_try(db, "COMMIT");
        if (!ok(rc == SQLITE_CORRUPT_VTAB && sqlite3_get_autocommit(db), "other columns: %s",
                changes[i].columns))
            printf("# code %d: %s\n", rc, sqlite3_errmsg(db));
        unit_exec(db, "PRAGMA writable_schema = RESET;"
                      "INSERT INTO x(x) VALUES ('integrity-check')");
        sqlite3_close(db);
    }
}

/* Values for columns of the shadow tables */
static const char *const values[] = {"NULL",
                                     "0",
                                     "1",
                                     "-1",
                                     "16",
                                     "4294967295",
                                     "4294967296",
                                     "9223372036854775807",
                                     "-9223372036854775808",
                                     "2.5",
                                     "1e300",
                                     "'text'",
                                     "'[1,2,3]'",
                                     "x''",
                                     "x'A14100'",
                                     "zeroblob(8)",
                                     "zeroblob(100)",
                                     "array_of()",
                                     "array_of(1, 2, 3)",
                                     "array_series(1, 16)",
                                     "array_fill(16, 9223372036854775807)",
                                     "array_fill(100000, 3)",
                                     "x'A1410001FFFFFFFF'",
                                     "x'A1410101FFFFFFFF'",
                                     "array_pack(array_series(1, 16))",
                                     "array_pack(array_fill(16, -5))",
                                     "x'A1410108100000000000000000000000'"};

/* A random expression for a column of a shadow table: at times an array made of an array there */
static void random_value(char *to, size_t size, const char *column, const char *other) {
    static const char *const arrays[] = {
        "iif(array_valid(%s), array_reverse(%s), 1)",
        "iif(array_valid(%s), array_append(%s, 5), 1)",
        "iif(array_valid(%s), array_slice(%s, 1, -2), 1)",
        "iif(array_valid(%s), array_unpack(%s), 1)",
        "iif(array_valid(%s), array_pack(array_reverse(%s)), 1)",
        "iif(array_valid(%s), array_add(0, %s), 2)",
        "iif(array_valid(%s), array_concat(%s, array_series(1, 100)), 3)",
        "iif(array_valid(%s), array_sort(%s, 'desc'), 0)"};
    if (unit_below(6) == 0)
        sqlite3_snprintf((int)size, to, arrays[unit_below(COUNT_OF(arrays))], column, column);
    else
        random_expression(to, size, column, other, values, COUNT_OF(values), 12, 150);
}

static void change(sqlite3 *db) {
    static const char columns[] = "SELECT name FROM pragma_table_info(%Q)";
    char table[100], column[100], other[100], expression[400], row[200];
    random_name(db, table, sizeof table,
                "SELECT name FROM sqlite_schema WHERE name GLOB 'x_*' AND name <> 'x_chunks' AND "
                "type = 'table' AND %Q <> ''",
                "x");
    if (unit_below(4) > 0)
        snprintf(table, sizeof table, unit_below(2) ? "x_headers" : "x_arrays");
    random_name(db, column, sizeof column, columns, table);
    random_name(db, other, sizeof other, columns, table);
    snprintf(row, sizeof row, "rowid = (SELECT rowid FROM %s ORDER BY rowid LIMIT 1 OFFSET %d)",
             table, (int)unit_below(unit_below(2) ? 2 : 8));
    random_value(expression, sizeof expression, column, other);
    switch (unit_below(10)) {
    case 0:
        make_change(db, "UPDATE %s SET %s = %s", table, column, expression);
        break;
    case 1:
        make_change(
            db,
            "INSERT OR REPLACE INTO x_headers SELECT id + %d, last + %d, n, arrays + %d, a_min, "
            "a_max,"
            " b_min, b_max FROM x_headers WHERE %s",
            (int)unit_below(12) - 6, (int)unit_below(30) - 15, (int)unit_below(6) - 3,
            strcmp(table, "x_headers") == 0 ? row : "id = 1");
        break;
    default:
        change_row(db, table, row, column, other, expression, 8);
    }
}

static const char *const statements[] = {
    "SELECT rowid, * FROM x",
    "SELECT rowid, b FROM x ORDER BY rowid DESC",
    "SELECT sum(a / 1000), count(*), min(b), max(b) FROM x WHERE b > -500",
    "SELECT rowid FROM x WHERE rowid BETWEEN 10 AND 60 AND a >= 12",
    "SELECT a FROM x WHERE rowid IN (3, 18, 33, 103, 9999) OR a = 40 ORDER BY rowid",
    "SELECT a FROM x WHERE rowid = 30",
    "SELECT count(*) FROM x AS p JOIN x AS q ON q.rowid = p.a",
    "INSERT INTO x(a, b) VALUES (5, 6)",
    "INSERT INTO x(a, b) VALUES (array_series(1, 40), array_series(1, 40))",
    "INSERT INTO x(rowid, a, b) VALUES (21, 1, 2)",
    "INSERT OR REPLACE INTO x(rowid, a, b) SELECT value, 1, 2 FROM array_each('[15,33,60]')",
    "UPDATE x SET b = b / 2 WHERE rowid < 60",
    "UPDATE x SET a = 1000000 WHERE rowid % 7 = 0",
    "UPDATE x SET b = b + 1 WHERE rowid = 77",
    "UPDATE x SET a = 7 WHERE rowid = 130",
    "UPDATE OR REPLACE x SET rowid = rowid + 400 WHERE a BETWEEN 10 AND 30",
    "DELETE FROM x WHERE rowid = 35",
    "DELETE FROM x WHERE a % 4 = 1",
    "SAVEPOINT s; INSERT INTO x(a, b) VALUES (1, 2); ROLLBACK TO s; RELEASE s",
    "INSERT INTO x(x) VALUES ('merge=2')",
    "INSERT INTO x(x) VALUES ('optimize')",
    "INSERT INTO x(x) VALUES ('integrity-check')",
    "PRAGMA integrity_check",
    "ALTER TABLE x RENAME TO y; ALTER TABLE y RENAME TO x",
    "DELETE FROM x",
};

/* What is true of a store that integrity-check has passed. */
static bool consistent(sqlite3 *db) {
    static const char sql[] =
        "SELECT (SELECT count(*) FROM x) = (SELECT ifnull(sum(chunk_rows), 0) FROM x_chunks),"
        " NOT EXISTS (SELECT 1 FROM (SELECT rowid AS r, lag(rowid) OVER () AS before FROM x) WHERE "
        "r <= before),"
        " NOT EXISTS (SELECT 1 FROM x AS p WHERE a <> (SELECT a FROM x AS q WHERE q.rowid = "
        "p.rowid)),"
        " NOT EXISTS (SELECT 1 FROM x AS p WHERE (SELECT count(*) FROM x AS q WHERE q.b = p.b)"
        "  <> (SELECT count(*) FROM x AS q WHERE +q.b = p.b))";
    const char *said = unit_answer(db, "%s", sql);
    if (strcmp(said, "1|1|1|1") != 0)
        printf("# passed by integrity-check, but %s\n", said);
    return strcmp(said, "1|1|1|1") == 0;
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
        well = consistent(db);
    return survives(db, statements, COUNT_OF(statements)) && well;
}

int main(void) {
    make_image(setup);
    test_detection();
    test_encodings();
    test_bits();
    test_overlap();
    test_full();
    test_drawn_rowid();
    test_impostors();
    test_other_columns();
    damage_again_and_again(corrupt_once, unit_thorough() ? 400 : 100);
    sqlite3_free(image);
    return done();
}
