/*
** array_store against an ordinary table of the same rows, in files, with SQLite's default cache:
** rows of a market's ticks, a time in milliseconds that goes up with jitter, a price that walks at
** random, a small quantity.
*/
#define _DEFAULT_SOURCE
#include "bench.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sqlite_array.h"

enum { BLOCK = 65536, COLUMNS = 3 };

static const char *library, *directory;
static int missed; /* targets */

/* The rows, made a block at a time, always the same. */
static struct ticks {
    uint64_t random;
    int64_t ts, price;
    int64_t values[COLUMNS][BLOCK];
} ticks;

static uint64_t next_random(void) {
    ticks.random ^= ticks.random << 13;
    ticks.random ^= ticks.random >> 7;
    ticks.random ^= ticks.random << 17;
    return ticks.random;
}

static void first_ticks(void) {
    ticks.random = 88172645463325252;
    ticks.ts = 1700000000000;
    ticks.price = 250000;
}

static void next_ticks(int n) {
    for (int i = 0; i < n; i++) {
        const uint64_t r = next_random();
        ticks.ts += (int64_t)(r % 20);
        ticks.price += (int64_t)(r >> 8) % 11 - 5;
        ticks.values[0][i] = ticks.ts;
        ticks.values[1][i] = ticks.price;
        ticks.values[2][i] = 1 + (int64_t)(r >> 32) % (1 + (int64_t)(r >> 40) % 100);
    }
}

static void fail(sqlite3 *db, const char *what) {
    fprintf(stderr, "bench: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static const char *path(const char *name) {
    static char full[600];
    snprintf(full, sizeof full, "%s/%s", directory, name);
    return full;
}

static sqlite3 *connect(const char *name) {
    sqlite3 *db;
    if (sqlite3_open(path(name), &db) != SQLITE_OK ||
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL) != SQLITE_OK ||
        sqlite3_load_extension(db, library, NULL, NULL) != SQLITE_OK)
        fail(db, name);
    return db;
}

static void execute(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(db, sql);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s;
    if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
        fail(db, sql);
    return s;
}

/* The integer that a statement answers */
static int64_t answer(sqlite3 *db, const char *sql) {
    sqlite3_stmt *s = prepare(db, sql);
    if (sqlite3_step(s) != SQLITE_ROW)
        fail(db, sql);
    const int64_t x = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return x;
}

/*
** How rows get in: one by one, or a block at a time as arrays. Each way has a database of its own.
*/
static const char insert[] = "INSERT INTO ticks(ts, price, qty) VALUES (?1, ?2, ?3)";
static const char create_store[] = "CREATE VIRTUAL TABLE ticks USING array_store(ts, price, qty)";
static const char create_table[] = "CREATE TABLE ticks(ts INTEGER, price INTEGER, qty INTEGER)";

static void insert_rows(sqlite3_stmt *s, int n) {
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < COLUMNS; c++)
            sqlite3_bind_int64(s, c + 1, ticks.values[c][i]);
        if (sqlite3_step(s) != SQLITE_DONE)
            fail(sqlite3_db_handle(s), insert);
        sqlite3_reset(s);
    }
}

/* The application has the arrays already: making them is not measured. */
static double insert_arrays(sqlite3_stmt *s, int n) {
    static unsigned char blobs[COLUMNS][8 + 8 * BLOCK];
    sqlite3_uint64 sizes[COLUMNS];
    for (int c = 0; c < COLUMNS; c++)
        sizes[c] = sqlite_array_encode(blobs[c], ticks.values[c], (size_t)n);
    const double begin = bench_now();
    for (int c = 0; c < COLUMNS; c++)
        sqlite3_bind_blob64(s, c + 1, blobs[c], sizes[c], SQLITE_STATIC);
    if (sqlite3_step(s) != SQLITE_DONE)
        fail(sqlite3_db_handle(s), insert);
    sqlite3_reset(s);
    return bench_now() - begin;
}

enum way { TABLE_ROWS, STORE_ROWS, STORE_ARRAYS, WAYS };

static const struct {
    const char *file, *create;
} ways[WAYS] = {{"table.db", create_table}, {"rows.db", create_store}, {"arrays.db", create_store}};

/*
** Fills the databases, in one transaction each, block by block in turns so that all share the
** machine's moods.
*/
static void fill(int64_t rows, sqlite3 **dbs, double *seconds) {
    sqlite3_stmt *s[WAYS];
    for (int w = 0; w < WAYS; w++) {
        unlink(path(ways[w].file));
        dbs[w] = connect(ways[w].file);
        execute(dbs[w], ways[w].create);
        s[w] = prepare(dbs[w], insert);
        execute(dbs[w], "BEGIN");
        seconds[w] = 0;
    }
    first_ticks();
    while (rows > 0) {
        const int n = rows < BLOCK ? (int)rows : BLOCK;
        next_ticks(n);
        for (int w = 0; w < STORE_ARRAYS; w++) {
            const double begin = bench_now();
            insert_rows(s[w], n);
            seconds[w] += bench_now() - begin;
        }
        seconds[STORE_ARRAYS] += insert_arrays(s[STORE_ARRAYS], n);
        rows -= n;
    }
    for (int w = 0; w < WAYS; w++) {
        const double begin = bench_now();
        execute(dbs[w], "COMMIT");
        seconds[w] += bench_now() - begin;
        sqlite3_finalize(s[w]);
    }
}

static void show(const char *title, double ours, double theirs, const char *unit, double value,
                 int at_least, double target) {
    const int ok = at_least ? value >= target : value <= target;
    printf("%-56s %9.3f %9.3f %-4s %7.2f x  %s %.4g %s\n", title, ours, theirs, unit, value,
           at_least ? ">=" : "<=", target, ok ? "ok" : "MISSED");
    fflush(stdout);
    missed += !ok;
}

/* Nanoseconds a row, and how they compare */
static void show_time(const char *title, double rows, double ours, double theirs, int at_least,
                      double target) {
    show(title, 1e9 * ours / rows, 1e9 * theirs / rows, "ns",
         at_least ? theirs / ours : ours / theirs, at_least, target);
}

/* The least seconds of some runs of two statements in turns, which must give the same. */
static void measure(sqlite3 *ours, const char *our_sql, sqlite3 *theirs, const char *their_sql,
                    int runs, double *seconds) {
    seconds[0] = seconds[1] = 1e9;
    for (int i = 0; i < runs; i++) {
        int64_t answers[2];
        for (int side = 0; side < 2; side++) {
            const double begin = bench_now();
            answers[side] = side == 0 ? answer(ours, our_sql) : answer(theirs, their_sql);
            const double took = bench_now() - begin;
            if (took < seconds[side])
                seconds[side] = took;
        }
        if (answers[0] != answers[1]) {
            fprintf(stderr, "bench: %s: %lld, %s: %lld\n", our_sql, (long long)answers[0],
                    their_sql, (long long)answers[1]);
            exit(1);
        }
    }
}

static double time_statement(sqlite3 *db, const char *sql) {
    const double begin = bench_now();
    execute(db, sql);
    return bench_now() - begin;
}

static double file_size(sqlite3 *db) {
    return (double)(answer(db, "PRAGMA page_count") * answer(db, "PRAGMA page_size"));
}

/* Updates of a row at random, a transaction each, others in each run. Gives the seconds for one. */
static double time_points(sqlite3 *db, int64_t rows, int n, int run) {
    sqlite3_stmt *s = prepare(db, "UPDATE ticks SET qty = ?1 WHERE rowid = ?2");
    ticks.random = 88172645463325252 + (uint64_t)run;
    for (int i = 0; i < 10; i++)
        (void)next_random();
    const double begin = bench_now();
    for (int i = 0; i < n; i++) {
        sqlite3_bind_int64(s, 1, 1 + (int64_t)(next_random() % 100));
        sqlite3_bind_int64(s, 2, 1 + (int64_t)(next_random() % (uint64_t)rows));
        if (sqlite3_step(s) != SQLITE_DONE)
            fail(db, "a point");
        sqlite3_reset(s);
    }
    const double seconds = (bench_now() - begin) / n;
    sqlite3_finalize(s);
    return seconds;
}

/* In turns, so that both share the disk's moods; the least of some. */
static void compare_points(sqlite3 *store, sqlite3 *table, int64_t rows, const char *mode,
                           int first_run) {
    enum { POINTS = 100, RUNS = 5 };
    char pragma[40], title[60];
    double least[2] = {1e9, 1e9};
    snprintf(pragma, sizeof pragma, "PRAGMA journal_mode = %s", mode);
    snprintf(title, sizeof title, "UPDATE of a row by rowid, autocommit, %s", mode);
    execute(store, pragma);
    execute(table, pragma);
    for (int run = first_run; run < first_run + RUNS; run++) {
        const double seconds[2] = {time_points(store, rows, POINTS, run),
                                   time_points(table, rows, POINTS, run)};
        for (int side = 0; side < 2; side++)
            least[side] = seconds[side] < least[side] ? seconds[side] : least[side];
    }
    show_time(title, 1, least[0], least[1], 0, 3);
}

static void compare(int64_t rows) {
    static const char sum[] = "SELECT sum(price) FROM ticks",
                      update[] = "UPDATE ticks SET qty = qty + 1";
    sqlite3 *dbs[WAYS];
    double seconds[WAYS], pair[2];
    char range[200];
    const double n = (double)rows;
    printf("\nA store of ts, price, qty, %.0e rows, against an ordinary table, a row", n);
    printf("\n%-56s %9s %9s\n", "", "store", "table");
    fill(rows, dbs, seconds);
    sqlite3 *store = dbs[STORE_ARRAYS], *table = dbs[TABLE_ROWS];
    const double table_size = file_size(table);
    show("bytes in the file", file_size(store) / n, table_size / n, "B",
         file_size(store) / table_size, 0, 0.5);
    show("bytes in the file, filled by rows", file_size(dbs[STORE_ROWS]) / n, table_size / n, "B",
         file_size(dbs[STORE_ROWS]) / table_size, 0, 0.5);
    show_time("INSERT of rows, one transaction", n, seconds[STORE_ROWS], seconds[TABLE_ROWS], 0,
              1.5);
    show_time("INSERT of arrays of 65536, rows into the table", n, seconds[STORE_ARRAYS],
              seconds[TABLE_ROWS], 1, 25);
    measure(store, sum, table, sum, 3, pair);
    show_time("sum(price) by rows", n, pair[0], pair[1], 0, 1);
    measure(store, "SELECT sum(array_sum(price)) FROM ticks_chunks", table, sum, 3, pair);
    show_time("sum(price) through the chunks", n, pair[0], pair[1], 1, 25);
    execute(table, "CREATE INDEX ts ON ticks(ts)");
    snprintf(range, sizeof range, "SELECT sum(qty) FROM ticks WHERE ts BETWEEN %lld AND %lld",
             (long long)answer(
                 store, "SELECT ts_min + (ts_max - ts_min) / 3 FROM (SELECT min(ts_min) AS ts_min,"
                        " max(ts_max) AS ts_max FROM ticks_chunks)"),
             (long long)answer(
                 store,
                 "SELECT ts_min + (ts_max - ts_min) / 3 + (ts_max - ts_min) / 100 FROM"
                 " (SELECT min(ts_min) AS ts_min, max(ts_max) AS ts_max FROM ticks_chunks)"));
    measure(store, range, table, range, 21, pair);
    show_time("sum(qty) of a range of 1 % by ts, index on ts", n / 100, pair[0], pair[1], 0, 1);
    printf("%-56s %9s %9.3f B\n", "the index on ts", "none", (file_size(table) - table_size) / n);
    execute(table, "DROP INDEX ts");
    pair[0] = time_statement(store, update);
    pair[1] = time_statement(table, update);
    show_time("UPDATE ticks SET qty = qty + 1", n, pair[0], pair[1], 0, 2);
    compare_points(store, table, rows, "DELETE", 1);
    compare_points(store, table, rows, "WAL", 11);
    measure(store, "SELECT sum(qty) FROM ticks", table, "SELECT sum(qty) FROM ticks", 1, pair);
    measure(store, "SELECT min(ts) FROM ticks", table, "SELECT min(ts) FROM ticks", 3, pair);
    show_time("min(ts), a table without an index", 1, pair[0], pair[1], 1, 100);
    measure(store, "SELECT sum(price) FROM (SELECT price FROM ticks ORDER BY price DESC LIMIT 10)",
            table, "SELECT sum(price) FROM (SELECT price FROM ticks ORDER BY price DESC LIMIT 10)",
            3, pair);
    show_time("ORDER BY price DESC LIMIT 10, the same", 1, pair[0], pair[1], 1, 50);
    for (int w = 0; w < WAYS; w++) {
        sqlite3_close(dbs[w]);
        unlink(path(ways[w].file));
    }
}

/* What is watched for memory, on a store of that many rows; NULL is INSERT of rows, of arrays. */
static const struct {
    const char *title, *before, *sql;
} watched[] = {
    {"INSERT of rows", NULL, NULL},
    {"INSERT of arrays of 65536", NULL, NULL},
    {"sum(price) by rows", NULL, "SELECT sum(price) FROM ticks"},
    {"sum(price) through the chunks", NULL, "SELECT sum(array_sum(price)) FROM ticks_chunks"},
    {"sum(qty) of a range by ts", NULL,
     "SELECT sum(qty) FROM ticks WHERE ts BETWEEN (SELECT min(ts_min) FROM ticks_chunks) + 500000"
     " AND (SELECT min(ts_min) FROM ticks_chunks) + 900000"},
    {"UPDATE ticks SET qty = qty + 1", NULL, "BEGIN; UPDATE ticks SET qty = qty + 1; COMMIT"},
    /* SQLite keeps the rowids that a virtual table is to delete in memory: that is not watched. */
    {"optimize after DELETE of every other row", "DELETE FROM ticks WHERE rowid % 2",
     "INSERT INTO ticks(ticks) VALUES ('optimize')"},
};

enum { WATCHED = sizeof watched / sizeof watched[0] };

/* In a process of its own: the most memory that SQLite used, less its page cache. Gives bytes. */
static double peak(int which, int64_t rows) {
    int ends[2];
    double most = -1;
    fflush(stdout);
    if (pipe(ends) != 0)
        return -1;
    const pid_t child = fork();
    if (child == 0) {
        if (which < 2)
            unlink(path("peak.db"));
        sqlite3 *db = connect("peak.db");
        if (watched[which].before != NULL)
            execute(db, watched[which].before);
        sqlite3_memory_highwater(1);
        if (which < 2) {
            execute(db, create_store);
            sqlite3_stmt *s = prepare(db, insert);
            execute(db, "BEGIN");
            first_ticks();
            for (int64_t left = rows; left > 0; left -= BLOCK) {
                const int n = left < BLOCK ? (int)left : BLOCK;
                next_ticks(n);
                if (which == 0)
                    insert_rows(s, n);
                else
                    insert_arrays(s, n);
            }
            execute(db, "COMMIT");
            sqlite3_finalize(s);
        } else {
            execute(db, watched[which].sql);
        }
        int cache = 0, ignored;
        sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_USED, &cache, &ignored, 0);
        most = (double)(sqlite3_memory_highwater(0) - cache);
        sqlite3_close(db);
        _exit(write(ends[1], &most, sizeof most) != sizeof most);
    }
    close(ends[1]);
    if (read(ends[0], &most, sizeof most) != sizeof most)
        most = -1;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return most;
}

static void show_peaks(const int64_t *sizes, int count) {
    static double peaks[WATCHED][3];
    printf("\n%-56s", "Most memory beside the page cache, MiB, rows:");
    for (int i = 0; i < count; i++) {
        printf(" %9.0e", (double)sizes[i]);
        for (int w = 0; w < WATCHED; w++)
            peaks[w][i] = peak(w, sizes[i]) / 1048576;
    }
    printf("\n");
    for (int w = 0; w < WATCHED; w++) {
        int ok = 1;
        printf("%-56s", watched[w].title);
        for (int i = 0; i < count; i++) {
            printf(" %9.3f", peaks[w][i]);
            ok &= peaks[w][i] >= 0 && peaks[w][i] <= 16;
        }
        printf("  <= 16 %s\n", ok ? "ok" : "MISSED");
        missed += !ok;
    }
    unlink(path("peak.db"));
}

int bench_stores(const char *extension, const char *scratch) {
    const char *given = getenv("ROWS");
    const int64_t rows = given != NULL ? (int64_t)atof(given) : 10000000;
    const int64_t sizes[] = {1000000, 10000000, rows};
    library = extension;
    directory = scratch;
    compare(rows > 10000000 ? 10000000 : rows);
    show_peaks(sizes, rows > 10000000 ? 3 : 2);
    return missed;
}
