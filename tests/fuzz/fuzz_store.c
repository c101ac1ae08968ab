/*
** Operations on an array_store, a few bytes each, and the same on an ordinary table in another
** database: both succeed or fail alike and hold the same rows. Once an operation has damaged a
** shadow table the answers are nobody's: then nothing may happen but an error.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz_sql.h"

enum { MOST_OPERATIONS = 60, MOST_ROWS = 5000 };

static sqlite3 *store, *table;
static bool damaged;
static struct fuzz_answer answers[2];

/* Runs a statement on one database; SQLite's primary result code. */
static int ask(sqlite3 *db, const char *sql, struct fuzz_answer *answer) {
    sqlite3_stmt *statement = NULL;
    answer->size = 0;
    answer->rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (answer->rc == SQLITE_OK)
        fuzz_run(statement, MOST_ROWS, false, answer);
    sqlite3_finalize(statement);
    must(answer->rc != SQLITE_MISUSE && answer->rc != SQLITE_INTERNAL &&
         answer->rc != SQLITE_NOMEM);
    return answer->rc & 0xff;
}

/* The same on both */
static void both(const char *sql) {
    const int got = ask(store, sql, &answers[0]), expected = ask(table, sql, &answers[1]);
    if (damaged)
        return;
    if (got != expected || answers[0].size != answers[1].size ||
        (answers[0].size > 0 && memcmp(answers[0].bytes, answers[1].bytes, answers[0].size) != 0)) {
        (void)fprintf(stderr, "%s\n", sql);
        fuzz_show("array_store", &answers[0]);
        fuzz_show("table", &answers[1]);
        fuzz_fail(__FILE__, __LINE__, "both answer the same");
    }
}

static int small(struct fuzz_input *input) {
    return (int8_t)fuzz_byte(input) / 4;
}

/* A value, small or at the border of a width */
static long long value(struct fuzz_input *input) {
    static const long long borders[] = {127, -129, 32768, -32769, 2147483648, INT64_MAX, INT64_MIN};
    const unsigned b = fuzz_byte(input);
    return b < 240 ? (int)b % 32 - 16 : borders[b % (sizeof borders / sizeof *borders)];
}

static void condition(struct fuzz_input *input, char *sql, size_t size) {
    static const char *const operands[] = {"a", "b", "rowid"};
    const char *operand = operands[fuzz_below(input, 3)];
    const int lo = small(input), hi = small(input);
    switch (fuzz_below(input, 5)) {
    case 0:
        snprintf(sql, size, "%s = %d", operand, lo);
        break;
    case 1:
        snprintf(sql, size, "%s BETWEEN %d AND %d", operand, lo, hi);
        break;
    case 2:
        snprintf(sql, size, "%s > %d AND a <= %d.5", operand, lo, hi);
        break;
    case 3:
        snprintf(sql, size, "%s IN (%d, %d, %d)", operand, lo, hi, lo + 1);
        break;
    default:
        snprintf(sql, size, "%s < %d OR b >= %d", operand, lo, hi);
    }
}

/* Several rows at once, as arrays; for the table by json_each() */
static void insert_arrays(struct fuzz_input *input) {
    char a[500] = "[", b[500] = "[", sql[1400];
    const unsigned n = 1 + fuzz_below(input, 40), step = fuzz_byte(input);
    for (unsigned i = 0; i < n; i++) {
        const size_t used_a = strlen(a), used_b = strlen(b);
        snprintf(a + used_a, sizeof a - used_a, "%s%d", i > 0 ? "," : "", (int)(i * step % 300));
        snprintf(b + used_b, sizeof b - used_b, "%s%d", i > 0 ? "," : "", (int)i - (int)step);
    }
    snprintf(sql, sizeof sql, "INSERT INTO t(a, b) VALUES ('%s]', '%s]')", a, b);
    const int rc = ask(store, sql, &answers[0]);
    snprintf(sql, sizeof sql,
             "INSERT INTO t(a, b) SELECT x.value, y.value FROM json_each('%s]') AS x"
             "  JOIN json_each('%s]') AS y ON x.key = y.key ORDER BY x.key",
             a, b);
    must(damaged || rc == (ask(table, sql, &answers[1]) & 0xff));
}

/* Something in a row of a shadow table becomes something else. */
static void damage(struct fuzz_input *input) {
    static const char *const columns[][2] = {
        {"headers", "id"},    {"headers", "last"},  {"headers", "n"},     {"headers", "arrays"},
        {"headers", "a_min"}, {"headers", "a_max"}, {"headers", "b_min"}, {"headers", "b_max"},
        {"arrays", "id"},     {"arrays", "array"},  {"arrays", "array"},  {"arrays", "array"}};
    const char *const *place = columns[fuzz_below(input, sizeof columns / sizeof *columns)];
    const char *shadow = place[0], *column = place[1];
    const unsigned row = fuzz_below(input, 8), at = fuzz_below(input, 30), to = fuzz_byte(input);
    char change[200], sql[500];
    switch (fuzz_below(input, 6)) {
    case 0:
        snprintf(change, sizeof change, "NULL");
        break;
    case 1:
        snprintf(change, sizeof change, "%d", (int)to - 100);
        break;
    case 2:
        snprintf(change, sizeof change, "substr(%s, 1, %u)", column, at);
        break;
    case 3:
        snprintf(change, sizeof change, "'[%u,%u]'", at, to);
        break;
    case 4:
        snprintf(change, sizeof change, "array_series(%u, %u)", at, to);
        break;
    default:
        snprintf(change, sizeof change,
                 "cast(substr(%s, 1, %u) || x'%02x' || substr(%s, %u) AS BLOB)", column, at, to,
                 column, at + 2);
    }
    snprintf(sql, sizeof sql,
             "UPDATE OR IGNORE t_%s SET %s = %s WHERE id = (SELECT id FROM t_%s LIMIT 1 OFFSET %u)",
             shadow, column, change, shadow, row);
    damaged = true;
    (void)ask(store, sql, &answers[0]);
}

static void operate(struct fuzz_input *input) {
    static const char *const conflicts[] = {"", "OR IGNORE", "OR REPLACE", "OR FAIL",
                                            "OR ROLLBACK"};
    static const char *const transactions[] = {"BEGIN",       "COMMIT",        "ROLLBACK",
                                               "SAVEPOINT p", "ROLLBACK TO p", "RELEASE p"};
    char sql[500], where[200];
    const char *conflict = conflicts[fuzz_below(input, sizeof conflicts / sizeof *conflicts)];
    switch (fuzz_below(input, 10)) {
    case 0:
        insert_arrays(input);
        return;
    case 1: {
        const long long a = value(input), b = value(input);
        snprintf(sql, sizeof sql, "INSERT INTO t(a, b) VALUES (%lld, %lld)", a, b);
        break;
    }
    case 2: {
        const int first = small(input), second = small(input);
        const long long a = value(input);
        snprintf(sql, sizeof sql, "INSERT %s INTO t(rowid, a, b) VALUES (%d, %lld, 1), (%d, 2, 3)",
                 conflict, first, a, second);
        break;
    }
    case 3: {
        const long long a = value(input);
        condition(input, where, sizeof where);
        snprintf(sql, sizeof sql, "UPDATE t SET a = %lld, b = b / 2 WHERE %s", a, where);
        break;
    }
    case 4: {
        const int from = small(input), to = small(input);
        snprintf(sql, sizeof sql, "UPDATE %s t SET rowid = %d, b = 9 WHERE rowid = %d", conflict,
                 to, from);
        break;
    }
    case 5:
        condition(input, where, sizeof where);
        snprintf(sql, sizeof sql, "DELETE FROM t WHERE %s", where);
        break;
    case 6:
        condition(input, where, sizeof where);
        snprintf(sql, sizeof sql, "SELECT rowid, a, b FROM t WHERE %s ORDER BY rowid %s", where,
                 fuzz_below(input, 2) ? "DESC" : "");
        break;
    case 7:
        snprintf(sql, sizeof sql, "%s", transactions[fuzz_below(input, 6)]);
        break;
    case 8: {
        static const char *const commands[] = {"optimize", "merge=2", "integrity-check"};
        snprintf(sql, sizeof sql, "INSERT INTO t(t) VALUES ('%s')", commands[fuzz_below(input, 3)]);
        const int rc = ask(store, sql, &answers[0]);
        must(rc == SQLITE_DONE || damaged);
        return;
    }
    default:
        if (fuzz_below(input, 4) == 0)
            damage(input);
        return;
    }
    both(sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    char sql[100];
    if (store == NULL) {
        store = fuzz_open(sqa_kernels_choose(NULL)->isa);
        table = fuzz_open("base");
    }
    damaged = false;
    snprintf(sql, sizeof sql, "CREATE VIRTUAL TABLE t USING array_store(a, b, chunk=%u)",
             1 + fuzz_below(&input, 20));
    unit_exec(store, sql);
    unit_exec(table,
              "CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER NOT NULL)");
    for (int i = 0; i < MOST_OPERATIONS && input.size > 0; i++)
        operate(&input);
    both("SELECT rowid, a, b FROM t ORDER BY rowid");
    both("SELECT count(*), sum(a / 8), min(b), max(rowid) FROM t");
    if (sqlite3_get_autocommit(store) == 0)
        both("COMMIT");
    both("SELECT rowid, a, b FROM t ORDER BY a, rowid");
    const int rc = ask(store, "INSERT INTO t(t) VALUES ('integrity-check')", &answers[0]);
    must(damaged || rc == SQLITE_DONE);
    must(unit_integer(store, "SELECT value FROM array_memory WHERE name = 'live_bytes'") == 0);
    (void)sqlite3_exec(store, "ROLLBACK", NULL, NULL, NULL);
    (void)sqlite3_exec(table, "ROLLBACK", NULL, NULL, NULL);
    unit_exec(store, "DROP TABLE t");
    unit_exec(table, "DROP TABLE t");
    return 0;
}
