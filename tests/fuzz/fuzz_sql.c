/*
** Any text as SQL: a query over all functions and a small table of arrays. It runs on a connection
** for each set of kernels, within limits of rows, steps and bytes; both must answer the same, and
** neither keep a buffer. The words of the language and the examples of all functions are a
** dictionary and the first inputs, see run.sh.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz_sql.h"

enum { MOST_ROWS = 200, MOST_STEPS = 20000, STEPS_AT_ONCE = 100 };

static int steps;          /* of the virtual machine, in units of STEPS_AT_ONCE */
static bool is_repeatable; /* no function in it answers as it likes */

static int count_steps(void *unused) {
    (void)unused;
    return ++steps > MOST_STEPS / STEPS_AT_ONCE;
}

static bool is_one_of(const char *word, const char *const *words) {
    for (; *words != NULL; words++)
        if (sqlite3_stricmp(word, *words) == 0)
            return true;
    return false;
}

/* Queries alone, so that a connection stays as it was made. */
static int authorize(void *unused, int action, const char *first, const char *second,
                     const char *database, const char *trigger) {
    static const char *const other[] = {
        "array_isa",    "array_limit",  "array_pool_trim",   "date",     "time",
        "datetime",     "julianday",    "unixepoch",         "strftime", "timediff",
        "current_date", "current_time", "current_timestamp", NULL};
    (void)unused, (void)database, (void)trigger;
    if (action == SQLITE_FUNCTION && is_one_of(second, other))
        is_repeatable = false;
    if (action == SQLITE_READ && sqlite3_stricmp(first, "array_memory") == 0)
        is_repeatable = false;
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
                   action == SQLITE_RECURSIVE
               ? SQLITE_OK
               : SQLITE_DENY;
}

static void furnish(sqlite3 *db) {
    unit_exec(db, "CREATE TABLE t(i INTEGER PRIMARY KEY, a, b);"
                  "INSERT INTO t(a, b) VALUES (array_of(), '[]'), (array_of(1, 2, 3), '{1,-2,3}'),"
                  " (array_of(-1, 300), 70000), (array_series(1, 1000), array_fill(1000, -1)),"
                  " (array_of(9223372036854775807), array_of(-9223372036854775807 - 1)),"
                  " (NULL, 1.5), (x'A1410008000000', x'A14100080100000002000000000000FF'),"
                  " (array_random(2000, -9000, 9000, 1), array_series(30000, 1, -7));"
                  "CREATE INDEX t_key ON t(array_hash(a)) WHERE array_valid(a);");
    sqlite3_stmt *names = unit_prepare(db, "SELECT name FROM array_functions WHERE kind = 'table'");
    while (sqlite3_step(names) ==
           SQLITE_ROW) { /* SQLite declares it now, with statements of its own */
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE false",
                 (const char *)sqlite3_column_text(names, 0));
        (void)sqlite3_exec(db, sql, NULL, NULL, NULL); /* most want arguments */
    }
    sqlite3_finalize(names);
    sqlite3_set_authorizer(db, authorize, NULL);
    sqlite3_progress_handler(db, STEPS_AT_ONCE, count_steps, NULL);
}

/* Runs the first statement of sql; false if it is none. */
static bool ask(sqlite3 *db, const char *sql, struct fuzz_answer *answer) {
    sqlite3_stmt *statement = NULL;
    steps = 0;
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 1, NULL); /* random() is the same for all */
    answer->rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (answer->rc != SQLITE_OK || statement == NULL)
        return false;
    fuzz_run(statement, MOST_ROWS, false, answer);
    must(sqlite3_finalize(statement) == SQLITE_OK); /* it has been reset */
    must(answer->rc != SQLITE_MISUSE && answer->rc != SQLITE_INTERNAL &&
         answer->rc != SQLITE_CORRUPT && answer->rc != SQLITE_NOMEM);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static sqlite3 *connections[SQA_ISA_MOST];
    static struct fuzz_answer answers[SQA_ISA_MOST];
    static size_t n;
    if (n == 0) {
        n = fuzz_open_all(connections);
        for (size_t i = 0; i < n; i++)
            furnish(connections[i]);
    }
    char *sql = malloc(size + 1);
    if (size > 0)
        memcpy(sql, data, size);
    sql[size] = 0;
    is_repeatable = true;
    for (size_t i = 0; i < n; i++) {
        if (ask(connections[i], sql, &answers[i]) && i > 0 && is_repeatable)
            must_be_same(&answers[0], &answers[i]);
        steps = 0;
        unit_exec(connections[i], "SELECT array_limit('result_bytes', 2147483647),"
                                  " array_limit('pool_bytes', 1000000)");
        must(unit_integer(connections[i],
                          "SELECT value FROM array_memory WHERE name = 'live_bytes'") == 0);
    }
    free(sql);
    return 0;
}
