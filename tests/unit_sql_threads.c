/*
** Connections in parallel threads: each thread loads the extension into its own connection while
** others are at work in theirs, and runs every example of the manual and some statements on large
** arrays. Then all threads share one connection, whose mutex SQLite locks for each call. Then
** another thread interrupts the work. `make tsan` looks for data races; otherwise the answers
** must be right and no memory may be leaked.
*/
#define _POSIX_C_SOURCE 200809L /* strdup, nanosleep */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "unit_sql.h"

enum { THREADS = 4, ROUNDS = 3, MOST = 400 };

static const char *const large[] = {
    "SELECT array_sum(array_mul(array_add(array_series(1, 50000), 1), 200000))",
    "SELECT array_median(array_sort(array_random(40000, -1000000, 1000000, 7), 'desc'))",
    "SELECT array_length(array_parse(array_to_json(array_series(1, 50000))))",
    "SELECT array_hash(array_agg(value)) FROM array_each(array_series(1, 50000))",
    ("SELECT sum(array_sum(a)) FROM (SELECT array_agg(value) OVER (ROWS 500 PRECEDING) AS a"
     "  FROM array_each(array_series(1, 2000, 2)))"),
    "SELECT array_hash(array_union_agg(array_series(value, value + 9000, 3))) FROM "
    "array_each('[1,2,3,4]')",
    "SELECT sum(array_contains('[1,3,5,7]', value)) FROM array_each(array_series(1, 1000))",
    "SELECT array_get(1, 2)", /* an error */
};

static struct statement {
    char *sql;
    uint64_t expected;
} statements[MOST];
static int count;

/* The result code and all rows of a statement, hashed (FNV-1a). */
static uint64_t answer(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    uint64_t hash = 0xcbf29ce484222325;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    while (rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *bytes = sqlite3_column_blob(statement, i);
            const int size = sqlite3_column_bytes(statement, i);
            for (int b = 0; b < size; b++)
                hash = (hash ^ bytes[b]) * 0x100000001b3;
            hash = (hash ^ (uint64_t)size) * 0x100000001b3;
        }
    }
    rc = sqlite3_finalize(statement);
    return (hash ^ (uint64_t)rc) * 0x100000001b3;
}

/* Fills statements: those that give the same whenever they run. */
static void collect(void) {
    sqlite3 *db = unit_open(":memory:");
    sqlite3_stmt *examples = unit_prepare(db, "SELECT iif(example LIKE 'SELECT %' OR example LIKE "
                                              "'WITH %', example, 'SELECT ' || example)"
                                              "  FROM array_functions WHERE name NOT IN "
                                              "('array_limit', 'array_memory', 'array_pool_trim')"
                                              " AND example NOT LIKE 'CREATE %'");
    while (sqlite3_step(examples) == SQLITE_ROW && count < MOST)
        statements[count++].sql = strdup((const char *)sqlite3_column_text(examples, 0));
    sqlite3_finalize(examples);
    for (size_t i = 0; i < sizeof large / sizeof *large && count < MOST; i++)
        statements[count++].sql = strdup(large[i]);
    int changing = 0, failing = 0;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        failing += sqlite3_exec(db, large[i], NULL, NULL, NULL) != SQLITE_OK;
    eq_int(failing, 1, "of the large statements only the last one fails");
    for (int i = 0; i < count; i++) {
        statements[i].expected = answer(db, statements[i].sql);
        if (answer(db, statements[i].sql) != statements[i].expected) { /* without a seed */
            free(statements[i].sql);
            statements[i--] = statements[--count];
            changing++;
        }
    }
    sqlite3_close(db);
    ok(count > 100 && changing < 6, "%d statements, %d others are random", count, changing);
}

struct worker {
    pthread_t thread;
    int number;
    sqlite3 *db; /* shared, or NULL: one of its own */
    int64_t wrong, done;
};

static void *work(void *argument) {
    struct worker *w = argument;
    for (int round = 0; round < ROUNDS; round++) {
        sqlite3 *db = w->db != NULL ? w->db : unit_open(":memory:");
        for (int i = 0; i < count; i++) {
            const struct statement *s = &statements[(i + w->number * count / THREADS) % count];
            w->wrong += answer(db, s->sql) != s->expected;
            w->done++;
        }
        if (w->db == NULL)
            w->wrong += sqlite3_close(db) != SQLITE_OK;
    }
    return NULL;
}

/* All at once, in a connection of their own each or in the one given. */
static void run_workers(sqlite3 *db, const char *name) {
    struct worker workers[THREADS] = {{.number = 0}};
    int64_t wrong = 0, done = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.number = i, .db = db};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            unit_bail_out("pthread_create");
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        wrong += workers[i].wrong;
        done += workers[i].done;
    }
    ok(wrong == 0 && done == (int64_t)THREADS * ROUNDS * count,
       "%" PRId64 " calls, %" PRId64 " wrong: %s", done, wrong, name);
}

enum { INTERRUPTIONS = 20 };
static atomic_bool enough;

/* Until that many statements have been interrupted */
static void *sort_until_interrupted(void *argument) {
    struct worker *w = argument;
    static const char sql[] =
        "SELECT array_hash(array_sort(array_random(100000, -9000000000, 9000000000, value)))"
        " FROM array_each(array_series(1, 20))";
    while (w->done < INTERRUPTIONS) {
        sqlite3_stmt *statement = NULL;
        int rc =
            sqlite3_prepare_v2(w->db, sql, -1, &statement, NULL); /* it may be interrupted, too */
        while (statement != NULL && (rc = sqlite3_step(statement)) == SQLITE_ROW)
            ;
        sqlite3_finalize(statement);
        w->done += rc == SQLITE_INTERRUPT;
        w->wrong += rc != SQLITE_INTERRUPT && rc != SQLITE_DONE;
    }
    atomic_store(&enough, true);
    return NULL;
}

static void test_interrupt(void) {
    sqlite3 *db = unit_open(":memory:");
    struct worker w = {.db = db};
    const struct timespec moment = {0, 5000000};
    atomic_store(&enough, false);
    if (pthread_create(&w.thread, NULL, sort_until_interrupted, &w) != 0)
        unit_bail_out("pthread_create");
    while (!atomic_load(&enough)) {
        nanosleep(&moment, NULL);
        sqlite3_interrupt(db);
    }
    pthread_join(w.thread, NULL);
    ok(w.wrong == 0 && w.done == INTERRUPTIONS, "interrupted by another thread");
    eq_int(unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
           "nothing is held");
    sqlite3_close(db);
}

int main(void) {
    collect();
    run_workers(NULL, "a connection for each thread");
    if (sqlite3_threadsafe() == 1) {
        sqlite3 *db = unit_open(":memory:");
        run_workers(db, "one connection for all threads");
        sqlite3_close(db);
    }
    test_interrupt();
    while (count > 0)
        free(statements[--count].sql);
    eq_int(sqlite3_memory_used(), 0, "nothing is left");
    return done();
}
