/*
** For tests that damage shadow tables: a database that is made once and opened again and again as a
** copy, random changes of it, and statements, each of which has to end, with an answer or with an
** error that is allowed.
**
**     N      number of random changes
**     SEED   seed of the random numbers
**     TRACE  prints the changes
*/
#ifndef SQA_STORE_DAMAGE_H
#define SQA_STORE_DAMAGE_H

#include <signal.h>
#include <stdarg.h>
#include <unistd.h>

#include "helpers.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static unsigned char *image; /* of the database */
static sqlite3_int64 image_size;
static char last_change[1000];

static void make_image(const char *setup) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, setup);
    image = sqlite3_serialize(db, "main", &image_size, 0);
    sqlite3_close(db);
}

/* Opens a copy of the database, in which shadow tables can be written to. */
static sqlite3 *connect(void) {
    sqlite3 *db = unit_open(":memory:");
    unsigned char *copy = sqlite3_malloc64((sqlite3_uint64)image_size);
    if (copy == NULL)
        unit_bail_out("no memory");
    memcpy(copy, image, (size_t)image_size);
    if (sqlite3_deserialize(db, "main", copy, image_size, image_size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) !=
        SQLITE_OK)
        unit_bail_out("cannot open the image");
    sqlite3_extended_result_codes(db, 1);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    return db;
}

/* Puts a random name from a query into the caller's buffer. */
static void random_name(sqlite3 *db, char *to, size_t size, const char *sql, const char *table) {
    char *query = sqlite3_mprintf(
        "SELECT * FROM (%s) LIMIT 1 OFFSET %lld %%%% max(1, (SELECT count(*) FROM (%s)))", sql,
        unit_below(1000), sql);
    char *text = sqlite3_mprintf(query, table, table);
    snprintf(to, size, "%s", unit_answer(db, "%s", text));
    sqlite3_free(text);
    sqlite3_free(query);
}

/* Makes a change, which a constraint of the table may refuse. */
static void make_change(sqlite3 *db, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_change, sizeof last_change, format, arguments);
    va_end(arguments);
    if (getenv("TRACE") != NULL) {
        printf("%s;\n", last_change);
        fflush(stdout);
    }
    sqlite3_stmt *statement = unit_prepare(db, last_change);
    (void)sqlite3_step(statement);
    sqlite3_finalize(statement);
}

/*
** Puts a random expression for a column of a shadow table into the caller's buffer: one of the
** values, the column as another number, with another byte or cut off, or another column. The byte
** is one of the first `header` or of the first `most`.
*/
static void random_expression(char *to, size_t size, const char *column, const char *other,
                              const char *const *values, size_t count, int64_t header,
                              int64_t most) {
    static const char *const numbers[] = {"%s + 1", "%s - 1",   "-%s",
                                          "%s * 2", "%s + 100", "%s / 2"};
    switch (unit_below(5)) {
    case 0:
        snprintf(to, size, "%s", values[unit_below((int64_t)count)]);
        break;
    case 1:
        sqlite3_snprintf((int)size, to, numbers[unit_below(COUNT_OF(numbers))], column);
        break;
    case 2: {
        const int at = (int)unit_below(unit_below(2) ? header : most);
        snprintf(to, size, "CAST(substr(%s, 1, %d) || x'%02x' || substr(%s, %d) AS BLOB)", column,
                 at, (unsigned)unit_below(256), column, at + 2);
        break;
    }
    case 3:
        snprintf(to, size, "CAST(substr(%s, 1, %d) AS BLOB)", column, (int)unit_below(most));
        break;
    default:
        snprintf(to, size, "%s", other);
    }
}

/*
** Changes a row of a shadow table, which the condition `row` tells: deletes it, swaps two columns,
** gives a column the value that one of the first `rows` rows has there, or sets it, more often.
*/
static void change_row(sqlite3 *db, const char *table, const char *row, const char *column,
                       const char *other, const char *expression, int64_t rows) {
    switch (unit_below(8)) {
    case 0:
        make_change(db, "DELETE FROM %s WHERE %s", table, row);
        break;
    case 1:
        make_change(db, "UPDATE %s SET %s = %s, %s = %s WHERE %s", table, column, other, other,
                    column, row);
        break;
    case 2:
        make_change(db,
                    "UPDATE %s SET %s = (SELECT %s FROM %s ORDER BY rowid LIMIT 1 OFFSET %d) WHERE "
                    "%s",
                    table, column, column, table, (int)unit_below(rows), row);
        break;
    default:
        make_change(db, "UPDATE %s SET %s = %s WHERE %s", table, column, expression, row);
    }
}

/*
** A statement of more than 10 million operations of SQLite, of which a few thousand are enough, is
** taken for endless.
*/
enum { OPERATIONS = 10000, MOST_TIMES = 1000 };
static long times_asked;

static int is_endless(void *unused) {
    (void)unused;
    return ++times_asked > MOST_TIMES;
}

/* At most as many rows as any answer can have; more is a loop. */
static int run(sqlite3 *db, const char *sql) {
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && *sql != '\0') {
        sqlite3_stmt *statement = NULL;
        long most = 1000000;
        rc = sqlite3_prepare_v2(db, sql, -1, &statement, &sql);
        while (rc == SQLITE_OK && (rc = sqlite3_step(statement)) == SQLITE_ROW && most-- > 0) {
            for (int i = 0; i < sqlite3_column_count(statement); i++)
                (void)sqlite3_column_text(statement, i);
            rc = SQLITE_OK;
        }
        sqlite3_finalize(statement);
        rc = most <= 0 ? SQLITE_INTERNAL : rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    return rc;
}

/*
** Damage that is found half-way through a write is answered by SQLITE_ABORT until the transaction
** is rolled back.
*/
static bool acceptable(int rc, const char *message) {
    return rc == SQLITE_OK || rc == SQLITE_CORRUPT_VTAB || rc == SQLITE_ABORT ||
           rc == SQLITE_FULL || (rc & 255) == SQLITE_CONSTRAINT ||
           strcmp(message, "integer overflow") == 0 || strstr(message, " has format ") != NULL;
}

static bool runs_well(sqlite3 *db, const char *sql) {
    times_asked = 0;
    const int rc = run(db, sql);
    const bool well = acceptable(rc, sqlite3_errmsg(db));
    if (!well)
        printf("# code %d (%s): %s\n", rc, sqlite3_errmsg(db), sql);
    return well;
}

/*
** Runs all statements, beginning with any, in one transaction or each in its own, and closes the
** connection.
*/
static bool survives(sqlite3 *db, const char *const *statements, size_t count) {
    const bool transaction = unit_below(2);
    const size_t first = (size_t)unit_below((int64_t)count);
    bool well = true;
    sqlite3_progress_handler(db, OPERATIONS, is_endless, NULL);
    for (size_t i = 0; i < count; i++) {
        if (i % 5 == 0 && transaction && sqlite3_get_autocommit(db))
            unit_exec(db, "BEGIN");
        well &= runs_well(db, statements[(first + i) % count]);
    }
    if (!sqlite3_get_autocommit(db))
        well &= runs_well(db, "COMMIT");
    if (sqlite3_close(db) != SQLITE_OK)
        unit_bail_out("a statement is left");
    return well;
}

/* tests/run stops a test that does not end: it says at which change. */
static void say_last_change(int signal_number) {
    static const char message[] = "Bail out! a statement does not end, after: ";
    (void)signal_number;
    (void)!write(1, message, sizeof message - 1);
    (void)!write(1, last_change, strlen(last_change));
    (void)!write(1, "\n", 1);
    _exit(1);
}

/* Calls `once`, which changes a copy and tells whether all went well, N times. */
static void damage_again_and_again(bool (*once)(void), long otherwise) {
    const long n = unit_setting("N", otherwise), seed = unit_setting("SEED", 1);
    long wrong = 0;
    signal(SIGTERM, say_last_change);
    for (long i = 0; i < n && wrong < 5; i++) {
        unit_random_state = (uint64_t)(seed * 1000003 + i);
        if (!once()) {
            printf("# change %ld: %s\n", i, last_change);
            wrong++;
        }
    }
    eq_int(wrong, 0, "%ld random changes, SEED=%ld", n, seed);
}

#endif
