/*
** sqlite3_interrupt() ends statements that read and write an array_store or files at any point:
** with SQLITE_INTERRUPT and after little further work (unit_work.h). The store is unchanged and
** valid; a file is the complete old or the complete new one.
**
** A statement is stopped at the n-th time that SQLite's progress handler or the extension
** (unit_poll.h) is asked, then by a thread that really interrupts it.
**
**     SQA_ROWS       number of rows: 100,000 by default, 30,000 if not thorough; a store has a
**                    third of them
**     SQA_ONLY       tests only statements that contain these words
*/
#define _GNU_SOURCE
#include "store/helpers.h"
#include "unit_poll.h"

enum { STOPS = 8, OPERATIONS = 50 /* of SQLite, between two calls of the progress handler */ };
static const uint64_t most_work =
    10000000; /* basic blocks of the extension, between two times that it asks */
static long long elements;

/* Chunks with gaps, a third full; files of two types, one of which is read as it is */
static const char setup[] =
    "PRAGMA synchronous = OFF;" /* what a disk takes is not measured */
    "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=4096);"
    "INSERT INTO x(a, b) VALUES (array_series(1, %lld), array_random(%lld, -1000, 1000, 1));"
    "DELETE FROM x WHERE rowid %% 3 > 0;";
static const char files[] = "SELECT array_file_write('%s', array_series(1, %lld)), "
                            "array_file_write('%s', array_fill(%lld, 200), 'uint8')";

/*
** The parameters: N is the number of elements, json an array of more, the others are paths, of
** which one is written.
*/
static const char *const statements[] = {
    "SELECT sum(a), min(b) FROM x",
    "SELECT count(*) FROM x WHERE b = 5 AND a % 7 = 3",
    "SELECT max(a) FROM (SELECT a FROM x ORDER BY rowid DESC)",
    "SELECT count(*) FROM x AS p JOIN x AS q ON q.rowid = p.a",
    "INSERT INTO x(a, b) VALUES (array_series(1, :N), array_series(1, :N))",
    "INSERT INTO x(a, b) VALUES (:json, :json)",
    "INSERT INTO x(a, b) SELECT value, -value FROM array_each(array_series(1, :N / 4))",
    "INSERT OR REPLACE INTO x(rowid, a, b) SELECT value, 5, 6 FROM array_each(array_series(1, "
    ":N, 3))",
    "UPDATE x SET b = b + 1000000",
    "UPDATE x SET rowid = rowid + 1000000000 WHERE b > 800",
    "DELETE FROM x",
    "DELETE FROM x WHERE b > 0",
    "INSERT INTO x(x) VALUES ('optimize')",
    "INSERT INTO x(x) VALUES ('integrity-check')",
    "PRAGMA integrity_check",
    "SELECT sum(array_sum(value)) FROM array_file(:read)",
    "SELECT array_sum(value) FROM array_file(:read, 'int64', :N)",
    "SELECT array_sum(value) FROM array_file(:other, 'uint8', :N)",
    "SELECT array_file_write(:written, array_series(1, :N))",
    "SELECT array_file_write(:written, array_random(:N, -1000, 1000, 1), 'int32')",
    "SELECT array_file_append(:written, array_series(1, :N))",
    "INSERT INTO array_file(path, value) SELECT :written, value FROM array_file_read(:read)",
    "INSERT INTO array_file(path, value) SELECT :written, value FROM array_file(:read)",
    "INSERT INTO array_file(path, value) SELECT :written, array_series(value, value + 99) FROM "
    "array_each(array_series(1, :N / 100))",
};

/* 5 * N elements: so many that reading them asks */
static char *make_json(void) {
    const size_t size = 10 * (size_t)elements + 1;
    char *const text = malloc(size + 1);
    if (text == NULL)
        unit_bail_out("out of memory");
    for (size_t i = 1; i < size; i += 2)
        text[i] = '1', text[i + 1] = ',';
    text[0] = '[';
    text[size - 1] = ']';
    text[size] = 0;
    return text;
}

static const char *npy_path(const char *name) {
    char file[100];
    snprintf(file, sizeof file, "%s.npy", name);
    return unit_path(file);
}

static int ask(void *db) {
    if (poll_ask())
        sqlite3_interrupt(db);
    return 0;
}

/* A connection to a fresh copy of the database, with a file of ten integers */
static sqlite3 *connect(void) {
    poll_begin(0);
    unit_remove("copy.db");
    unit_copy("whole.db", "copy.db");
    sqlite3 *const db = open_polled(unit_path("copy.db"));
    load_file_polled(db);
    unit_exec(db, "PRAGMA synchronous = OFF; SELECT count(*) FROM x WHERE rowid = 3");
    unit_must(db, "SELECT array_file_write(%Q, array_series(1, 10))", npy_path("written"));
    return db;
}

static int64_t entries(void) {
    int64_t n = 0;
    DIR *const directory = opendir(unit_path("."));
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;)
        n += strncmp(entry->d_name, ".array-", 7) == 0;
    if (directory != NULL)
        closedir(directory);
    return n;
}

/* All that a statement can have changed */
static const char *state(sqlite3 *db) {
    return unit_answer(
        db,
        "SELECT (SELECT count(*) || ' ' || sum(a) || ' ' || sum(b) || ' ' || sum(rowid * b) FROM "
        "x),"
        " (SELECT sum(array_length(value)) || ' ' || sum(array_sum(value)) FROM array_file(%Q))",
        npy_path("written"));
}

static int run(sqlite3 *db, const char *sql) {
    sqlite3_stmt *const statement = unit_prepare(db, sql);
    int rc;
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
        const char *const name = sqlite3_bind_parameter_name(statement, i);
        if (strcmp(name, ":N") == 0)
            sqlite3_bind_int64(statement, i, elements);
        else if (strcmp(name, ":json") == 0)
            sqlite3_bind_text(statement, i, make_json(), -1, free);
        else
            sqlite3_bind_text(statement, i, npy_path(name + 1), -1, SQLITE_TRANSIENT);
    }
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
    }
    sqlite3_finalize(statement);
    return rc;
}

/*
** After a statement that was interrupted: is all as before? In a transaction, when that is rolled
** back. Or as the statement makes it, where that has written a file: what ends with its renaming
** cannot be taken back.
*/
static bool is_whole(sqlite3 *db, const char *sql, const char *before, const char *finished) {
    sqlite3_progress_handler(db, 0, NULL, NULL);
    poll_begin(0);
    if (!sqlite3_get_autocommit(db))
        unit_exec(db, "ROLLBACK");
    const char *const after = state(db);
    const int64_t left = entries();
    const bool as_it_was = strcmp(after, before) == 0 ||
                           (strstr(sql, "array_file_") != NULL && strcmp(after, finished) == 0);
    if (!as_it_was)
        printf("# before: %s\n#  after: %s\n", before, after);
    if (left != 0)
        printf("# temporary files: %lld\n", (long long)left);
    const int64_t live =
        unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'");
    return unit_sound(db, "x") && as_it_was && left == 0 && live == 0;
}

/*
** Stops a statement at STOPS of the times that it asks, each second one in a transaction that has
** changed a row.
*/
static void stop_everywhere(const char *sql) {
    sqlite3 *db = connect();
    char before[1000], finished[1000];
    uint64_t latest = 0;
    snprintf(before, sizeof before, "%s", state(db));
    sqlite3_progress_handler(db, OPERATIONS, ask, db);
    poll_begin(0);
    const int rc = run(db, sql);
    poll_measure();
    const uint64_t longest = poll.longest;
    const long asked = poll.asked;
    ok(rc == SQLITE_DONE, "%s", sql);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    snprintf(finished, sizeof finished, "%s", state(db));
    sqlite3_close(db);
#ifndef SQLITE_CORE
    ok(asked > 0 && longest <= most_work, "asks %ld times, after %" PRIu64 " basic blocks at most",
       asked, longest);
#else
    (void)longest;
#endif
    int wrong = 0;
    for (int i = 0; i < STOPS && asked > 1;
         i += elements > 1000000 ? 3 : 1) { /* as each takes long */
        const long at = i == 0 ? 1 : i == STOPS - 1 ? asked - 1 : asked * i / STOPS;
        db = connect();
        if (i % 2 == 1)
            unit_exec(db, "BEGIN; UPDATE x SET b = 12345678 WHERE rowid = 3");
        sqlite3_progress_handler(db, OPERATIONS, ask, db);
        poll_begin(at > 0 ? at : 1);
        const int stopped = run(db, sql);
        const uint64_t late = unit_work - poll.stopped;
        if (stopped == SQLITE_INTERRUPT && late > latest)
            latest = late;
        const bool done = stopped == SQLITE_DONE && i == STOPS - 1; /* so near to the end */
        if ((!done && stopped != SQLITE_INTERRUPT) ||
            (!done && !is_whole(db, sql, before, finished))) {
            printf("# stopped at %ld of %ld: %d, %s\n", at, asked, stopped, sqlite3_errmsg(db));
            wrong++;
        }
        if (i == 1)
            wrong += run(db, sql) != SQLITE_DONE; /* it works on */
        sqlite3_close(db);
    }
    ok(wrong == 0 && latest <= most_work,
       "stopped: ends after %" PRIu64 " basic blocks, and all is as it was", latest);
}

/* By a thread, after some milliseconds, which may be before it has begun or after it is done */
static void interrupt_once(const char *sql) {
    sqlite3 *db = connect();
    char before[1000], finished[1000];
    snprintf(before, sizeof before, "%s", state(db));
    run(db, sql);
    snprintf(finished, sizeof finished, "%s", state(db));
    sqlite3_close(db);
    db = connect();
    interrupt_begin(db, 0.003);
    const int rc = run(db, sql);
    const uint64_t late = interrupt_end();
    ok(rc == SQLITE_DONE ||
           (rc == SQLITE_INTERRUPT && late <= 2 * most_work && is_whole(db, sql, before, finished)),
       "interrupted: %s", rc == SQLITE_DONE ? "done before" : "all is as it was");
    sqlite3_close(db);
}

int main(void) {
    const char *const only = getenv("SQA_ONLY");
    setvbuf(stdout, NULL, _IOLBF, 0);
    elements = unit_setting("SQA_ROWS", unit_thorough() || UNIT_WORK_COUNTED ? 100000 : 30000);
    sqlite3 *const db = open_polled(unit_path("whole.db"));
    load_file_polled(db);
    char sql[1000];
    snprintf(sql, sizeof sql, setup, elements, elements);
    unit_exec(db, sql);
    unit_must(db, files, npy_path("read"), elements, npy_path("other"), elements);
    sqlite3_close(db);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        const bool is_insert = strstr(statements[i], "INSERT INTO array_file") != NULL;
        if (is_insert && sqlite3_libversion_number() < 3040000)
            continue; /* refused there */
        if (only == NULL || strstr(statements[i], only) != NULL) {
            stop_everywhere(statements[i]);
            interrupt_once(statements[i]);
        }
    }
    unit_remove("");
    return done();
}
