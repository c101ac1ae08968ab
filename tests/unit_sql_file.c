/*
** The second library with files that change, that fail, or that are not regular files. After any
** failure the path has the complete old or the complete new file, no other file is left in the
** directory, and no descriptor and no memory is leaked.
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit_files.h"

/* What every failing write has to leave behind: a.npy with 1 to 10, and no temporary file. */
static bool is_untouched(sqlite3 *db) {
    sqlite3_int64 sum, old = 0;
    const int rc =
        run(db, &sum, "SELECT sum(array_sum(value)) FROM array_file('%s')", path("a.npy"));
    run(db, &old, "SELECT array_file_length('%s')", path("a.npy"));
    const int left = count_entries(directory, ".array-");
    if (rc != SQLITE_OK || sum != 55 || old != 10 || left != 0)
        printf("# code %d, sum %lld, length %lld, temporary files: %d\n", rc, (long long)sum,
               (long long)old, left);
    return rc == SQLITE_OK && sum == 55 && old == 10 && left == 0;
}

static void test_shrinking(sqlite3 *db) {
    sqlite3_int64 n;
    char sql[800];
    run(db, &n, "SELECT array_file_write('%s', array_series(1, 1000000))", path("cut"));
    snprintf(sql, sizeof sql, "SELECT array_length(value) FROM array_file('%s', 'int64')",
             path("cut"));
    sqlite3_stmt *statement = unit_prepare(db, sql);
    ok(sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 65536,
       "the first chunk");
    if (truncate(path("cut"), 100000 * 8) != 0)
        unit_bail_out("truncate");
    ok(sqlite3_step(statement) == SQLITE_ERROR, "the file was cut inside the second");
    eq_text(sqlite3_errmsg(db),
            "array_file: the file has become shorter, element 100001 is missing", "says which");
    sqlite3_finalize(statement);

    statement = unit_prepare(db, sql);
    ok(sqlite3_step(statement) == SQLITE_ROW && truncate(path("cut"), 0) == 0 &&
           sqlite3_step(statement) == SQLITE_ERROR,
       "cut to nothing");
    eq_text(sqlite3_errmsg(db), "array_file: the file has become shorter, element 65537 is missing",
            "says which");
    sqlite3_finalize(statement);

    run(db, &n, "SELECT array_file_write('%s', array_series(1, 200000))", path("cut"));
    statement = unit_prepare(db, sql);
    ok(sqlite3_step(statement) == SQLITE_ROW && unlink(path("cut")) == 0 &&
           sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 65536,
       "a file that is removed is read to its end");
    sqlite3_finalize(statement);
}

static void test_no_files(sqlite3 *db) {
    sqlite3_int64 n;
    /* Opening a pipe would wait for ever for somebody at its other end. */
    if (mkfifo(path("pipe"), 0600) != 0)
        unit_bail_out("mkfifo");
    ok(run(db, &n, "SELECT array_file_length('%s', 'int8')", path("pipe")) == SQLITE_ERROR &&
           strstr(sqlite3_errmsg(db), "is not a regular file") != NULL,
       "a pipe is not read");
    ok(run(db, &n, "SELECT array_file_write('%s', '[1]')", path("pipe")) == SQLITE_ERROR &&
           strstr(sqlite3_errmsg(db), "is not a regular file") != NULL,
       "a pipe is not written");
    ok(run(db, &n, "SELECT array_file_append('%s', '[1]')", path("pipe")) == SQLITE_ERROR,
       "nor extended");
}

/* An .npy file of no bytes lacks the header: it is begun, not extended. */
static void test_no_bytes(sqlite3 *db) {
    sqlite3_int64 n;
    FILE *file = fopen(path("bytes.npy"), "w");
    if (file == NULL || fclose(file) != 0)
        unit_bail_out("fopen");
    ok(run(db, &n, "SELECT array_file_append('%s', '[1,-1]', 'int16')", path("bytes.npy")) ==
               SQLITE_OK &&
           n == 132,
       "a file of no bytes gets a header");
    ok(run(db, &n, "SELECT array_sum(value) * 10 + idx FROM array_file('%s')", path("bytes.npy")) ==
               SQLITE_OK &&
           n == 1,
       "and is read");
    ok(run(db, &n, "SELECT array_file_append('%s/x.npy', '[1]')", path("bytes.npy")) ==
               SQLITE_ERROR &&
           strstr(sqlite3_errmsg(db), "Not a directory") != NULL,
       "a file is no directory");
    if (mkdir(path("directory.npy"), 0755) != 0)
        unit_bail_out("mkdir");
    ok(run(db, &n, "SELECT array_file_append('%s', '[1]')", path("directory.npy")) ==
               SQLITE_ERROR &&
           strstr(sqlite3_errmsg(db), "is not a regular file") != NULL,
       "and a directory no file");
}

static void test_links_and_modes(sqlite3 *db) {
    sqlite3_int64 n;
    struct stat link_status, status;
    write_ten(db);
    chmod(path("a.npy"), 0640);
    if (symlink("a.npy", path("link")) != 0 || symlink("nowhere", path("dangling")) != 0)
        unit_bail_out("symlink");
    run(db, &n, "SELECT array_file_append('%s', '[11]')", path("link"));
    ok(n == 8 && lstat(path("link"), &link_status) == 0 && S_ISLNK(link_status.st_mode) &&
           stat(path("a.npy"), &status) == 0 && status.st_size == 216,
       "what a link points to is replaced");
    eq_int(status.st_mode & 07777, 0640, "and keeps its mode");
    ok(run(db, &n, "SELECT array_file_write('%s', '[1]')", path("dangling")) == SQLITE_ERROR &&
           access(path("nowhere"), F_OK) != 0,
       "a link to nowhere is refused");
    umask(027);
    run(db, &n, "SELECT array_file_write('%s', '[1]', 'int8')", path("new"));
    umask(022);
    ok(n == 1 && stat(path("new"), &status) == 0, "a new file");
    eq_int(status.st_mode & 07777, 0640, "has the mode that the process gives its files");
    chmod(path("new"), 0444);
    if (geteuid() != 0)
        ok(run(db, &n, "SELECT array_file_write('%s', '[1]')", path("new")) == SQLITE_ERROR,
           "one that may not be written is not replaced either");
}

/*
** Descriptors that a program would inherit which the process starts now: inheritable(x) gives x,
** and keeps the most.
*/
static int most_inheritable;

static void inheritable(sqlite3_context *context, int argc, sqlite3_value **argv) {
    int n = 0;
    (void)argc;
    for (int fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) == 0;
    most_inheritable = n > most_inheritable ? n : most_inheritable;
    sqlite3_result_value(context, argv[0]);
}

static void test_inheritance(sqlite3 *db) {
    sqlite3_int64 n;
    write_ten(db);
    sqlite3_create_function(db, "inheritable", 1, SQLITE_UTF8, NULL, inheritable, NULL, NULL);
    run(db, &n, "SELECT inheritable(0)");
    const int before = most_inheritable;
    run(db, &n,
        "INSERT INTO array_file(path, value) SELECT '%s', inheritable(value) FROM "
        "array_file_read('%s', 'int64', 1)",
        path("copy.npy"), path("a.npy"));
    run(db, &n, "SELECT array_file_length('%s')", path("copy.npy"));
    eq_int(n, 10, "elements written while others are read");
    eq_int(most_inheritable, before, "neither file is open in a program that is started meanwhile");
}

/* The disk is full: here, files may not grow past a limit. */
static void test_full(sqlite3 *db) {
    struct rlimit before, limit;
    sqlite3_int64 n;
    write_ten(db);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    for (int kb = 0; kb <= 1200; kb += 400) {
        limit = (struct rlimit){(rlim_t)kb * 1024, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
        const int write =
            run(db, &n, "SELECT array_file_write('%s', array_series(1, 200000))", path("a.npy"));
        bool too_large = strstr(sqlite3_errmsg(db), "File too large") != NULL;
        const int append =
            run(db, &n, "SELECT array_file_append('%s', array_series(1, 200000))", path("a.npy"));
        too_large &= strstr(sqlite3_errmsg(db), "File too large") != NULL;
        const int insert = run(db, &n,
                               "INSERT INTO array_file(path, value) SELECT '%s', array_series("
                               "value, value + 999) FROM array_each(array_series(1, 200))",
                               path("a.npy"));
        too_large &= strstr(sqlite3_errmsg(db), "File too large") != NULL;
        setrlimit(RLIMIT_FSIZE, &before);
        ok(write == SQLITE_ERROR && append == SQLITE_ERROR && insert == SQLITE_ERROR && too_large &&
               is_untouched(db),
           "full after %d kB", kb);
    }
    getrlimit(RLIMIT_NOFILE, &before);
    const int lowest = dup(0);
    close(lowest);
    limit = (struct rlimit){(rlim_t)lowest, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &limit);
    const int rc = run(db, &n, "SELECT array_file_write('%s', '[1]')", path("a.npy"));
    setrlimit(RLIMIT_NOFILE, &before);
    ok(rc == SQLITE_ERROR && strstr(sqlite3_errmsg(db), "Too many open files") != NULL &&
           is_untouched(db),
       "no descriptor left");
}

static int stop(void *calls) {
    return --*(int *)calls <= 0;
}

static void fn_rollback(sqlite3_context *context, int argc, sqlite3_value **argv) {
    sqlite3 *db = sqlite3_context_db_handle(context);
    (void)argc;
    if (sqlite3_value_int(argv[0]) == 50)
        sqlite3_result_int(context, sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL));
}

static void fn_interrupt(sqlite3_context *context, int argc, sqlite3_value **argv) {
    (void)argc;
    if (sqlite3_value_int(argv[0]) == 50)
        sqlite3_interrupt(sqlite3_context_db_handle(context));
}

static void fn_fail(sqlite3_context *context, int argc, sqlite3_value **argv) {
    (void)argc;
    if (sqlite3_value_int(argv[0]) == 50)
        sqlite3_result_error(context, "no more", -1);
}

/* A statement that fails, alone and in a transaction with rows before it and after it */
static void test_statements_that_fail(sqlite3 *db) {
    static const char insert[] =
        "INSERT INTO array_file(path, value) SELECT '%s', array_of(value, %s) FROM %s";
    static const char rows[] = "array_each(array_series(1, 100))";
    sqlite3_int64 n;
    int ended = 0, wrong = 0;
    write_ten(db);
    sqlite3_create_function(db, "roll_back", 1, SQLITE_UTF8, NULL, fn_rollback, NULL, NULL);
    sqlite3_create_function(db, "stop", 1, SQLITE_UTF8, NULL, fn_interrupt, NULL, NULL);
    sqlite3_create_function(db, "fail", 1, SQLITE_UTF8, NULL, fn_fail, NULL, NULL);
    for (int steps = 1; steps < 900 && ended == 0; steps += 3) {
        int calls = steps;
        sqlite3_progress_handler(db, 10, stop, &calls);
        const int rc = run(db, &n, insert, path("b.npy"), "1", rows);
        sqlite3_progress_handler(db, 0, NULL, NULL);
        const bool is_there = access(path("b.npy"), F_OK) == 0;
        if ((rc == SQLITE_OK) != is_there || count_entries(directory, ".array-") != 0) {
            printf("# stopped after %d steps: code %d, a file: %d\n", steps, rc, is_there);
            wrong++;
        }
        ended = rc == SQLITE_OK;
    }
    ok(wrong == 0 && ended == 1, "stopped by a progress handler, or not");
    ok(run(db, &n, insert, path("a.npy"), "stop(value) IS 1", rows) == SQLITE_INTERRUPT &&
           is_untouched(db),
       "interrupted");
    ok(run(db, &n, insert, path("a.npy"), "fail(value) IS 1", rows) == SQLITE_ERROR &&
           is_untouched(db),
       "another function fails");
    unit_exec(db, "CREATE TABLE IF NOT EXISTS t AS SELECT value FROM array_each(array_series(1, "
                  "100)); CREATE INDEX IF NOT EXISTS by_value ON t(value)");
    unit_exec(db, "BEGIN; CREATE TABLE other(x)");
    ok(run(db, &n, insert, path("a.npy"), "roll_back(value) IS 1", "t") != SQLITE_OK &&
           is_untouched(db),
       "its transaction is rolled back, and with it the schema");
    unit_exec(db, "BEGIN");
    run(db, &n, insert, path("c.npy"), "1", "array_each('[1,2,3]')");
    ok(run(db, &n, insert, path("c.npy"), "fail(value) IS 1", rows) == SQLITE_ERROR &&
           run(db, &n, insert, path("d.npy"), "fail(value) IS 1", rows) == SQLITE_ERROR &&
           run(db, &n, "INSERT INTO array_file(path, value) VALUES ('%s', '[4]')", path("c.npy")) ==
               SQLITE_OK,
       "in a transaction");
    unit_exec(db, "COMMIT");
    run(db, &n, "SELECT array_file_length('%s')", path("c.npy"));
    ok(n == 7 && access(path("d.npy"), F_OK) != 0 && count_entries(directory, ".array-") == 0,
       "it takes back its own rows: elements %lld", (long long)n);
    unit_exec(db, "BEGIN");
    run(db, &n, insert, path("c.npy"), "1", rows);
    sqlite3 *const other = open_both();
    unit_exec(other, "BEGIN");
    run(other, &n, insert, path("d.npy"), "1", rows);
    sqlite3_close(other);
    ok(count_entries(directory, ".array-") == 1 && access(path("d.npy"), F_OK) != 0,
       "a connection that is closed in a transaction removes its files");
    unit_exec(db, "ROLLBACK");
    eq_int(count_entries(directory, ".array-"), 0, "as ROLLBACK does");
}

/*
** A database that cannot be committed because another connection reads it: the files are in place
** before.
*/
static void test_busy(void) {
    sqlite3_int64 n;
    char message[200];
    sqlite3 *const db = open_files(path("busy.db")), *const reader = unit_open(path("busy.db"));
    unit_exec(db, "CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    sqlite3_stmt *const reading = unit_prepare(reader, "SELECT a FROM t");
    ok(sqlite3_step(reading) == SQLITE_ROW, "somebody reads");
    unit_exec(db, "BEGIN; INSERT INTO t VALUES (2)");
    run(db, &n, "INSERT INTO array_file(path, value) VALUES ('%s', '[1,2,3]')", path("e.npy"));
    eq_int(run(db, &n, "COMMIT"), SQLITE_BUSY, "COMMIT is refused");
    run(db, &n, "SELECT array_file_length('%s')", path("e.npy"));
    eq_int(n, 3, "the file is there");
    ok(run(db, &n, "INSERT INTO array_file(path, value) VALUES ('%s', '[4]')", path("e.npy")) ==
           SQLITE_ERROR,
       "no row can follow");
    snprintf(message, sizeof message, "%s", sqlite3_errmsg(db));
    eq_text(message, "array_file: the files of this transaction are in place, no row can follow",
            "says why");
    sqlite3_finalize(reading);
    eq_int(run(db, &n, "COMMIT"), SQLITE_OK, "COMMIT again");
    run(db, &n, "INSERT INTO array_file(path, value) VALUES ('%s', '[4]')", path("e.npy"));
    run(db, &n, "SELECT array_file_length('%s')", path("e.npy"));
    eq_int(n, 1, "the next transaction writes it anew");
    sqlite3_close(reader);
    sqlite3_close(db);
}

/*
** A transaction in which the nth request for memory is refused: every statement that fails is tried
** again.
*/
static void test_memory_of_savepoints(sqlite3 *db) {
    static const char *const statements[] = {
        "BEGIN",
        "INSERT INTO array_file(path, value) SELECT '%s', array_series(1, 40000)",
        "SAVEPOINT a",
        "INSERT INTO array_file(path, value) SELECT '%s', '[1]' ",
        "INSERT INTO array_file(path, value) SELECT replace('%s', 'a.npy', 'other.npy'), '[1]' ",
        "SAVEPOINT b",
        "INSERT INTO array_file(path, value) SELECT '%s', array_series(1, 40000)",
        "ROLLBACK TO a",
        "INSERT INTO array_file(path, value) VALUES ('%s', array_series(40001, 50000))",
        "COMMIT",
    };
    sqlite3_int64 n, sum;
    long points = 0, wrong = 0;
    for (long nth = 1, refused = 1; refused > 0; nth++, points++) {
        write_ten(db);
        unit_exec(db, "SELECT array_pool_trim()");
        unit_memory_fail(nth, false);
        for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
            int rc = run(db, &n, statements[i], path("a.npy"));
            if (rc == SQLITE_NOMEM && !sqlite3_get_autocommit(db))
                rc = run(db, &n, statements[i], path("a.npy"));
            if (rc != SQLITE_OK) /* COMMIT that fails has rolled back */
                break;
        }
        refused = unit_memory.refused;
        unit_memory_fail(0, false);
        if (!sqlite3_get_autocommit(db))
            unit_exec(db, "ROLLBACK");
        run(db, &n, "SELECT array_file_length('%s')", path("a.npy"));
        run(db, &sum, "SELECT sum(array_sum(value)) FROM array_file('%s')", path("a.npy"));
        if (!(n == 50000 && sum == 1250025000) && !(n == 10 && refused > 0))
            wrong++, printf("# request %ld: %lld elements, sum %lld\n", nth, (long long)n,
                            (long long)sum);
        wrong += access(path("other.npy"), F_OK) == 0 || count_entries(directory, ".array-") != 0;
    }
    ok(wrong == 0 && points > 20, "in a transaction with savepoints: %ld", points);
}

/* Each request for memory refused, once and for good. */
static void test_memory(sqlite3 *db) {
    static const char *const statements[] = {
        "SELECT array_file_write('%s', array_series(1, 50000))",
        "SELECT array_file_append('%s', array_series(1, 50000))",
        ("INSERT INTO array_file(path, value) SELECT '%s', array_series(value, value + 20000) "
         "FROM array_each('[1,2,3]')"),
    };
    sqlite3_int64 n;
    long points = 0, wrong = 0;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        for (int mode = 0; mode < 2; mode++) {
            for (long nth = 1;; nth++) {
                write_ten(db);
                unit_exec(db, "SELECT array_pool_trim()");
                unit_memory_fail(nth, mode == 1);
                const int rc = run(db, &n, statements[i], path("a.npy"));
                const long refused = unit_memory.refused;
                unit_memory_fail(0, false);
                points++;
                if (rc != SQLITE_OK && rc != SQLITE_NOMEM)
                    wrong++, printf("# %s: request %ld: code %d\n", statements[i], nth, rc);
                if (rc != SQLITE_OK)
                    wrong += !is_untouched(db);
                if (refused == 0)
                    break;
            }
        }
    }
    ok(wrong == 0, "requests for memory refused: %ld", points);
    test_memory_of_savepoints(db);
    static const struct {
        const char *sql;
        sqlite3_int64 sum;
    } readings[] = {
        {"SELECT sum(array_sum(value)) FROM array_file('%s', 'int64', 3)", 55},
        {"SELECT sum(array_sum(value)) FROM array_file('%s')", 20000100000},
        {"SELECT sum(array_sum(value)) FROM array_file('%s', 'uint64')", 20000100000},
    };
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        points = 0;
        write_ten(db);
        if (i > 0)
            run(db, &n, "SELECT array_file_write('%s', array_series(1, 200000), '%s')",
                path("a.npy"), i == 1 ? "int64" : "uint64");
        for (long nth = 1;; nth++) {
            sqlite3 *fresh = open_both(); /* whose pools are empty */
            unit_memory_fail(nth, false);
            const int rc = run(fresh, &n, readings[i].sql, path("a.npy"));
            const long refused = unit_memory.refused;
            unit_memory_fail(0, false);
            sqlite3_close(fresh);
            points++;
            if (rc != SQLITE_NOMEM && (rc != SQLITE_OK || n != readings[i].sum))
                ok(false, "reading, request %ld: code %d", nth, rc);
            if (refused == 0)
                break;
        }
        ok(points > 5, "reading, refused: %ld", points);
    }
    const int length = sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1000);
    ok(run(db, &n, "SELECT value FROM array_file('%s')", path("a.npy")) == SQLITE_TOOBIG,
       "a chunk over the limit");
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, length);
}

/* Loading the second library itself */
static void test_loading(void) {
    long refused = 0, left_wrong = 0;
    for (long nth = 1;; nth++) {
        const long before = unit_memory.live;
        sqlite3 *db;
        char *message;
        sqlite3_open(":memory:", &db);
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
        unit_memory_fail(nth, false);
        const int rc = unit_load_file(db, &message);
        const bool done = unit_memory.refused == 0;
        unit_memory_fail(0, false);
        refused += rc != SQLITE_OK;
        sqlite3_free(message);
        sqlite3_close(db);
        left_wrong += unit_memory.live != before;
        if (done)
            break;
    }
    ok(refused > 0 && left_wrong == 0, "loading fails %ld times, then loads", refused);
}

int main(void) {
    if (!can_insert()) {
        printf("1..0 # SKIP INSERT INTO array_file needs SQLite 3.40\n");
        return 0;
    }
    unit_memory_install();
    make_directory("files");
    const long before = unit_memory.live;
    const int open_before = descriptors();
    sqlite3 *db = open_both();
    test_shrinking(db);
    test_no_files(db);
    test_no_bytes(db);
    test_links_and_modes(db);
    test_inheritance(db);
    test_full(db);
    test_statements_that_fail(db);
    test_busy();
    test_memory(db);
    eq_int(count_entries(directory, ".array-"), 0, "temporary files left");
    sqlite3_close(db);
    test_loading();
    eq_int(unit_memory.live, before, "allocations left");
    eq_int(descriptors(), open_before, "descriptors");
    return done();
}
