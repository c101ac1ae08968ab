/*
** A long run: N mixed calls ($N, by default 20,000) with growing and shrinking sizes on three
** connections. Some statements are abandoned after a row, some are interrupted, some fail, and
** sometimes there is no memory. Every answer is checked. In the last tenth the average resident
** memory is the same as after the first tenth; averages are used because it varies with the
** sizes. After closing, there are as many allocations as before.
*/
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "core/random.h"
#include "unit_sql.h"

enum { CONNECTIONS = 3, PERIOD = 2000, SMALLEST = 3, LARGEST = 17, POOL_LIMIT = 8 << 20 };
enum { LONG_RUN = 500000 }; /* calls after whose tenth the pools are full */

/* Each gives 1 for every n = ?1 > 0 and 0 < ?2 < 100. */
static const char *const right[] = {
    "SELECT array_sum(array_add(array_series(1, ?1), ?2)) = ?1 * (?1 + 1) / 2 + ?1 * ?2",
    "SELECT array_sort(array_reverse(array_series(1, ?1))) = array_series(1, ?1)",
    "SELECT array_sort(array_shuffle(array_series(1, ?1), ?2)) = array_series(1, ?1)",
    ("SELECT array_length(array_filter(a, array_gt(a, ?1 / 2))) = ?1 - ?1 / 2"
     "  FROM (SELECT array_series(1, ?1) AS a)"),
    "SELECT array_length(array_concat(array_fill(?1, ?2), array_fill(?1, 70000))) = 2 * ?1",
    ("SELECT array_parse(array_to_json(a)) = a"
     "  FROM (SELECT array_random(?1, -?2, 1000 * ?2, ?2) AS a)"),
    "SELECT array_length(array_union(array_series(1, ?1), array_series(?1, 2 * ?1))) = 2 * ?1",
    "SELECT array_last(array_cumsum(array_fill(?1, ?2))) = ?1 * ?2",
    "SELECT array_dot(array_fill(?1, ?2), array_fill(?1, ?2)) = ?1 * ?2 * ?2",
    "SELECT array_from_npy(array_to_npy(array_series(1, ?1))) = array_series(1, ?1)",
    "SELECT array_distinct_count(array_mul(array_series(1, ?1), 30000 * ?2)) = ?1",
    "SELECT array_median(array_series(1, ?1)) = (1 + ?1) / 2.0",
    "SELECT array_argsort(array_series(?1, 1)) = array_series(?1, 1)",
    "SELECT array_match(array_series(1, ?1), '1 & !0 & (2 | !2)')",
    ("SELECT array_length(array_agg(value)) = min(?1, 500)"
     "  FROM array_each(array_series(1, min(?1, 500)))"),
    ("SELECT sum(array_length(a)) = 5 * min(?1, 200) - 10 * (?1 >= 5) - (?1 < 5) * ?1 * (9 - ?1) / "
     "2"
     "  FROM (SELECT array_agg(value) OVER (ROWS 4 PRECEDING) AS a"
     "          FROM array_each(array_series(1, min(?1, 200))))"),
    ("SELECT array_length(array_concat_agg(value)) = ?1"
     "  FROM array_chunks(array_series(1, ?1), 1 + ?1 / 7)"),
    ("INSERT INTO kept VALUES (?2, array_random(min(?1, 5000), -9, 900, ?2))"
     "  ON CONFLICT DO UPDATE SET a = excluded.a RETURNING array_length(a) = min(?1, 5000)"),
    "SELECT count(*) FILTER (WHERE NOT array_valid(a)) = 0 FROM kept",
};

/* Many rows, each of them 1 */
static const char *const rows[] = {
    "SELECT value > 0 FROM array_each(array_series(1, ?1))",
    "SELECT array_length(value) = 1 + ?1 / 2 FROM array_windows(array_series(1, ?1), 1 + ?1 / 2)",
    "SELECT array_any(array_add(value, ?2)) FROM array_chunks(array_series(1, ?1), 1 + ?1 / 9)",
};

static const char *const wrong[] = {
    "SELECT array_div(array_series(1, ?1), array_reverse(array_series(0, ?1 - 1)))",
    "SELECT array_mul(array_fill(?1, 9223372036854775807), ?2 + 1)",
    "SELECT array_tile(array_series(1, ?1), 4000000000)",
    "SELECT array_parse(array_to_json(array_series(1, ?1)) || ?2)",
    "SELECT array_sum(cast(substr(array_series(1, ?1), 1, 7 + ?1) AS BLOB))",
    "SELECT array_sum_agg(array_series(value, ?1 + 1)) FROM array_each(array_of(1, 2))",
};

enum { RIGHT = sizeof right / sizeof *right, ROWS = sizeof rows / sizeof *rows };
enum { WRONG = sizeof wrong / sizeof *wrong };

static struct connection {
    sqlite3 *db;
    sqlite3_stmt *right[RIGHT], *rows[ROWS], *wrong[WRONG], *figure;
} connections[CONNECTIONS];

static struct sqa_random generator;
static struct {
    long answered, given_up, interrupted, failed, without_memory, mistaken;
    int64_t most_pooled, hits, takes;
    bool over_limit;
} seen;

static int64_t below(uint64_t bound) {
    return (int64_t)sqa_random_below(&generator, bound);
}

static void prepare(sqlite3 *db, sqlite3_stmt **to, const char *const *sql, int n) {
    for (int i = 0; i < n; i++)
        to[i] = unit_prepare(db, sql[i]);
}

static void open_all(void) {
    for (struct connection *c = connections; c < connections + CONNECTIONS; c++) {
        c->db = unit_open(":memory:");
        unit_exec(c->db, "CREATE TABLE kept(id INTEGER PRIMARY KEY, a)");
        char sql[60];
        snprintf(sql, sizeof sql, "SELECT array_limit('pool_bytes', %d)", POOL_LIMIT);
        unit_exec(c->db, sql);
        prepare(c->db, c->right, right, RIGHT);
        prepare(c->db, c->rows, rows, ROWS);
        prepare(c->db, c->wrong, wrong, WRONG);
        c->figure = unit_prepare(c->db, "SELECT value FROM array_memory WHERE name = ?1");
    }
}

static void close_all(void) {
    for (struct connection *c = connections; c < connections + CONNECTIONS; c++) {
        for (sqlite3_stmt *s; (s = sqlite3_next_stmt(c->db, NULL)) != NULL;)
            sqlite3_finalize(s);
        if (sqlite3_close(c->db) != SQLITE_OK)
            unit_bail_out("a connection does not close");
    }
}

/* Memory that the process has in use, in MB */
static double resident(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1)
        unit_bail_out("/proc/self/statm");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* A figure of array_memory, asked for until nobody interrupts */
static int64_t figure(const struct connection *c, const char *name) {
    int rc;
    do {
        sqlite3_reset(c->figure);
        sqlite3_bind_text(c->figure, 1, name, -1, SQLITE_STATIC);
        rc = sqlite3_step(c->figure);
    } while (rc == SQLITE_INTERRUPT);
    if (rc != SQLITE_ROW)
        unit_bail_out("array_memory: %s", sqlite3_errmsg(c->db));
    const int64_t value = sqlite3_column_int64(c->figure, 0);
    sqlite3_reset(c->figure);
    return value;
}

/* The hits of all pools, and whether each keeps to its limit */
static void look_at_pools(void) {
    seen.hits = seen.takes = 0;
    for (struct connection *c = connections; c < connections + CONNECTIONS; c++) {
        const int64_t pooled = figure(c, "pooled_bytes");
        seen.over_limit |= pooled > POOL_LIMIT;
        seen.most_pooled = pooled > seen.most_pooled ? pooled : seen.most_pooled;
        seen.hits += figure(c, "hits");
        seen.takes += figure(c, "takes");
    }
}

/* From another thread, about every 20 ms */
static atomic_bool stop;
static void *interrupt_now_and_then(void *unused) {
    (void)unused;
    for (unsigned i = 0; !stop; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 20000000 + i % 7 * 1000000}, NULL);
        sqlite3_interrupt(connections[i % CONNECTIONS].db);
    }
    return NULL;
}

/* 2^3 to 2^18 elements, up and down again within a period */
static int64_t size_of_call(long call) {
    const long half = PERIOD / 2, at = call % PERIOD;
    const long distance = at < half ? at : PERIOD - at;
    const int64_t n = (int64_t)1 << (SMALLEST + distance * (LARGEST - SMALLEST) / half);
    return n + below((uint64_t)n);
}

static int give_up_at_once(void *unused) {
    (void)unused;
    return 1;
}

static void run(struct connection *c, sqlite3_stmt *statement, bool is_right, bool to_the_end) {
    int rc;
    bool answers_right = true;
    int answers = 0;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        answers_right &= sqlite3_column_int(statement, 0) == 1;
        answers++;
        if (!to_the_end && answers > 1)
            break;
    }
    if (rc == SQLITE_INTERRUPT)
        seen.interrupted++;
    else if (rc == SQLITE_NOMEM && unit_memory.refused > 0)
        seen.without_memory++;
    else if (rc == SQLITE_ROW)
        seen.given_up++;
    else if (rc == SQLITE_DONE)
        seen.answered++;
    else
        seen.failed++;
    const bool expected = rc == SQLITE_INTERRUPT ||
                          (rc == SQLITE_NOMEM && unit_memory.refused > 0) ||
                          (is_right ? rc == SQLITE_DONE || rc == SQLITE_ROW
                                    : rc == SQLITE_ERROR || rc == SQLITE_TOOBIG);
    if ((!expected || !answers_right) && ++seen.mistaken < 10)
        printf("# %s: result code %d, %d rows: %s\n", sqlite3_sql(statement), rc, answers,
               sqlite3_errmsg(c->db));
    sqlite3_reset(statement);
}

static void call_once(long call) {
    struct connection *c = &connections[below(CONNECTIONS)];
    const int64_t kind = below(20);
    sqlite3_stmt *statement = kind == 0   ? c->wrong[below(WRONG)]
                              : kind == 1 ? c->rows[below(ROWS)]
                                          : c->right[below(RIGHT)];
    const bool no_memory = below(500) == 0, cancelled = below(200) == 0;
    sqlite3_bind_int64(statement, 1, size_of_call(call));
    sqlite3_bind_int64(statement, 2, 1 + below(99));
    if (cancelled)
        sqlite3_progress_handler(c->db, 1 + (int)below(60), give_up_at_once, NULL);
    if (no_memory)
        unit_memory_fail(1 + (long)below(10), below(2) == 0);
    run(c, statement, kind > 0, kind > 1 || call % PERIOD < PERIOD / 8);
    unit_memory_fail(0, false);
    if (cancelled)
        sqlite3_progress_handler(c->db, 0, NULL, NULL);
}

int main(void) {
    const char *wanted = getenv("N");
    const long calls = wanted != NULL ? atol(wanted) : 20000;
    const long tenth = calls / 10;
    double early = 0, late = 0;
    long early_count = 0, late_count = 0;
    pthread_t thread;
    generator = sqa_random_seeded(1);
    unit_memory_install();
    const long before = unit_memory.live;
    open_all();
    pthread_create(&thread, NULL, interrupt_now_and_then, NULL);
    for (long call = 0; call < calls; call++) {
        call_once(call);
        if (call % 100 > 0)
            continue;
        look_at_pools();
        if (call >= tenth && call < 2 * tenth) {
            early += resident();
            early_count++;
        } else if (call >= calls - tenth) {
            late += resident();
            late_count++;
        }
    }
    stop = true;
    pthread_join(thread, NULL);
    look_at_pools();

    ok(seen.mistaken == 0,
       "%ld calls: %ld answered, %ld given up, %ld interrupted, %ld failed, %ld without memory",
       calls, seen.answered, seen.given_up, seen.interrupted, seen.failed, seen.without_memory);
    ok(seen.given_up > 0 && seen.interrupted > 0 && seen.failed > 0 && seen.without_memory > 0,
       "all of these happen");
    early /= (double)early_count;
    late /= (double)late_count;
    const double change = 100 * (late - early) / early;
    printf("# %.1f MB resident after a tenth, %+.2f %% at the end\n", early, change);
    if (calls >= LONG_RUN && !SQA_SANITIZED) /* which keeps what is freed */
        ok(change < 5, "it does not grow");
    ok(!seen.over_limit, "at most %.1f of %.1f MB pooled", (double)seen.most_pooled / 1e6,
       POOL_LIMIT / 1e6);
    ok(seen.hits * 10 > seen.takes * 9, "%.2f %% of %lld buffers came from the pools",
       100.0 * (double)seen.hits / (double)seen.takes, (long long)seen.takes);
    int64_t live = 0;
    for (int i = 0; i < CONNECTIONS; i++)
        live += figure(&connections[i], "live_bytes");
    eq_int(live, 0, "no buffer is out");
    close_all();
    eq_int(unit_memory.live - before, 0, "no allocation is left");
    return done();
}
