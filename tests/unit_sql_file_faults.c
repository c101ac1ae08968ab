/*
** System calls on files fail, one after another. After any failure the path has the complete old
** or the complete new file, and no other file is left in the directory. A process that is killed
** leaves only temporary files. System calls that do less than requested, or that a signal
** interrupts, change nothing. This program defines the system calls itself, and the library finds
** these before those of libc.
*/
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit_files.h"

static struct {
    long countdown; /* calls until one fails; 0: none will */
    int error;      /* what it leaves in errno */
    long failed;
    size_t most;   /* bytes that a call reads or writes; 0: all */
    bool stutters; /* every other call to read or write is interrupted */
    bool again;    /* the last one was */
    char call[20]; /* the one that failed */
    bool kills;    /* it does not fail: the process is killed before it */
} system_calls;

static bool fails(const char *call) {
    if (system_calls.countdown == 0 || --system_calls.countdown > 0)
        return false;
    if (system_calls.kills)
        raise(SIGKILL);
    system_calls.failed++;
    snprintf(system_calls.call, sizeof system_calls.call, "%s", call);
    errno = system_calls.error;
    return true;
}

static bool is_interrupted(void) {
    system_calls.again = system_calls.stutters && !system_calls.again;
    if (system_calls.again)
        errno = EINTR;
    return system_calls.again;
}

static size_t at_most(size_t n) {
    return system_calls.most > 0 && n > system_calls.most ? system_calls.most : n;
}

/* libc's function, of which that with 64 in its name has an off_t of 64 bits where there are two */
static void *find(const char *name) {
    char large[40];
    snprintf(large, sizeof large, "%s64", name);
    void *const found = dlsym(RTLD_NEXT, large);
    return found != NULL ? found : dlsym(RTLD_NEXT, name);
}

#define REPLACE_AS(call, result, name, parameters, arguments, stop)                                \
    __attribute__((visibility("default"))) result name parameters;                                 \
    result name parameters {                                                                       \
        static result(*real) parameters;                                                           \
        if (real == NULL)                                                                          \
            *(void **)&real = find(#name);                                                         \
        return stop || fails(call) ? -1 : real arguments;                                          \
    }
#define REPLACE(result, name, parameters, arguments, stop)                                         \
    REPLACE_AS(#name, result, name, parameters, arguments, stop)
REPLACE(ssize_t, pread, (int fd, void *p, size_t n, off_t at), (fd, p, at_most(n), at),
        is_interrupted())
/* The header of a .npy file is written by one call that must write all of it. */
REPLACE(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at),
        (fd, p, at == 0 && n == 128 ? n : at_most(n), at), (at > 0 && is_interrupted()))
REPLACE(int, ftruncate, (int fd, off_t size), (fd, size), false)
#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__)) && defined(__LP64__) &&    \
    !defined(SQLITE_CORE) /* system_posix.c */
REPLACE_AS("fstat", int, __fxstat64, (int version, int fd, struct stat *status),
           (version, fd, status), false)
REPLACE_AS("stat", int, __xstat64, (int version, const char *name, struct stat *status),
           (version, name, status), false)
#else
REPLACE(int, fstat, (int fd, struct stat *status), (fd, status), false)
REPLACE(int, stat, (const char *name, struct stat *status), (name, status), false)
#endif
REPLACE(int, access, (const char *name, int mode), (name, mode), false)
REPLACE(int, fsync, (int fd), (fd), false)
REPLACE(int, fchmod, (int fd, mode_t mode), (fd, mode), false)
REPLACE(int, rename, (const char *from, const char *to), (from, to), false)

__attribute__((visibility("default"))) int open(const char *name, int flags, ...) {
    static int (*real)(const char *, int, ...);
    va_list args;
    va_start(args, flags);
    const unsigned mode = flags & O_CREAT ? va_arg(args, unsigned) : 0;
    va_end(args);
    if (real == NULL)
        *(void **)&real = find("open");
    return fails("open") ? -1 : real(name, flags, mode);
}

/* Does a.npy hold the integers from 1 to n? */
static bool holds(sqlite3 *db, int n) {
    sqlite3_int64 right;
    run(db, &right, "SELECT array_concat_agg(value) = array_series(1, %d) FROM array_file('%s')", n,
        path("a.npy"));
    return right == 1;
}

static const struct {
    const char *sql;
    int before, after; /* elements that there are */
} statements[] = {
    {"SELECT array_file_write('%s', array_series(1, 100000))", 10, 100000},
    {"SELECT array_file_append('%s', array_series(11, 100000))", 10, 100000},
    {"SELECT array_file_append('%s', '[11]')", 10, 11},
    {"SELECT array_file_append('%s', '[100001]')", 100000, 100001},
    {"SELECT array_file_write('%s', array_series(1, 100000), 'int32')", 10, 100000},
    {"SELECT array_file_write('%s', array_series(1, 200), 'uint8')", 10, 200},
    {"INSERT INTO array_file(path, value) SELECT '%s', array_series(value, value + 49999) FROM "
     "array_each('[1,50001]')",
     10, 100000},
    {"INSERT INTO array_file(path, value) VALUES ('%s', '[1,2,3]')", 0, 3},
    {"SELECT array_file_append('%s', '[1,2,3]')", 0, 3},
    {"SELECT array_file_length('%s')", 10, 10},
    {"SELECT sum(array_sum(value)) FROM array_file('%s', 'int64', 3)", 10, 10},
};

/* What a process that is killed leaves */
static void remove_temporary(void) {
    char command[1000];
    snprintf(command, sizeof command, "rm -f '%s'/.array-*", directory);
    if (system(command) != 0)
        unit_bail_out("%s", command);
}

static void prepare(sqlite3 *db, int before) {
    sqlite3_int64 n;
    if (before > 0)
        run(db, &n, "SELECT array_file_write('%s', array_series(1, %d))", path("a.npy"), before);
    else if (unlink(path("a.npy")) != 0 && errno != ENOENT)
        unit_bail_out("unlink");
}

/* One call fails, once. */
static void test_failing(sqlite3 *db) {
    static const int errors[] = {EIO, ENOSPC, EINVAL};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        const int before = statements[i].before, after = statements[i].after;
        long points = 0, wrong = 0, refused = 0;
        for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
            for (long nth = 1;; nth++) {
                sqlite3_int64 n;
                prepare(db, before);
                system_calls.failed = 0;
                system_calls.error = errors[e];
                system_calls.countdown = nth;
                const int rc = run(db, &n, statements[i].sql, path("a.npy"));
                system_calls.countdown = 0;
                if (system_calls.failed == 0)
                    break;
                /* what is not on disk for sure is there all the same */
                const bool unsure =
                    strstr(sqlite3_errmsg(db), "cannot sync the directory of") != NULL;
                points++;
                refused += rc != SQLITE_OK;
                const bool exists = access(path("a.npy"), F_OK) == 0;
                const bool is_old = before == 0 ? !exists : holds(db, before);
                const bool is_new = exists && holds(db, after);
                if (rc == SQLITE_OK ? !is_new
                                    : rc != SQLITE_ERROR || !(unsure ? is_new : is_old) ||
                                          count_entries(directory, ".array-") != 0) {
                    printf("# call %ld, %s: %s: code %d\n", nth, system_calls.call,
                           strerror(errors[e]), rc);
                    wrong++;
                }
            }
        }
        ok(wrong == 0 && refused > 0, "%ld calls fail, %ld times the statement: %s", points,
           refused, statements[i].sql);
    }
}

/*
** How many elements a file has, each by one larger than the last; -1: there is no file, -2: it
** holds something else.
*/
static sqlite3_int64 length_of(sqlite3 *db, const char *name) {
    sqlite3_int64 n;
    if (access(path(name), F_OK) != 0)
        return -1;
    const int rc =
        run(db, &n,
            "SELECT iif(a = array_series(array_first(a), array_last(a)), array_length(a), -2) FROM "
            "(SELECT array_concat_agg(value) AS a FROM array_file('%s'))",
            path(name));
    return rc == SQLITE_OK ? n : -2;
}

/*
** One transaction that writes two files: every row is larger than the buffer, or is the last that
** fits.
*/
static const struct {
    const char *sql, *name; /* of the file, NULL for none */
    int more;               /* elements */
} steps[] = {
    {"BEGIN", NULL, 0},
    {"INSERT INTO array_file(path, value) VALUES ('%s', array_series(1, 60000))", "a.npy", 60000},
    {"INSERT INTO array_file(path, value, dtype) SELECT '%s', array_series(value, value + 69999), "
     "'int32' FROM array_each('[1,70001]')",
     "b.npy", 140000},
    {"INSERT INTO array_file(path, value) SELECT '%s', array_of(value) FROM "
     "array_each(array_series(60001, 100000))",
     "a.npy", 40000},
    {"COMMIT", NULL, 0},
};
enum { STEPS = sizeof steps / sizeof *steps };

/*
** Runs the transaction; lengths: what COMMIT gives a.npy and b.npy, by the statements that succeed.
** The last code.
*/
static int write_both(sqlite3 *db, sqlite3_int64 lengths[2]) {
    int rc = SQLITE_OK;
    lengths[0] = 0, lengths[1] = 0;
    for (size_t i = 0; i < STEPS; i++) {
        sqlite3_int64 n;
        rc = run(db, &n, steps[i].sql, path(steps[i].name != NULL ? steps[i].name : ""));
        if (rc == SQLITE_OK && steps[i].name != NULL)
            lengths[steps[i].name[0] - 'a'] += steps[i].more;
    }
    lengths[0] = lengths[0] > 0 ? lengths[0] : 10; /* nothing was written: the old files */
    lengths[1] = lengths[1] > 0 ? lengths[1] : -1;
    return rc;
}

/*
** One call fails, once: a statement takes back its own rows; COMMIT leaves the old files, or has
** begun to rename.
*/
static void test_transactions(sqlite3 *db) {
    long points = 0, statements_failed = 0, commits_failed = 0, wrong = 0;
    for (long nth = 1;; nth++) {
        sqlite3_int64 n[2];
        prepare(db, 10);
        (void)unlink(path("b.npy"));
        system_calls.failed = 0;
        system_calls.error = ENOSPC;
        system_calls.countdown = nth;
        const int rc = write_both(db, n);
        system_calls.countdown = 0;
        if (system_calls.failed == 0)
            break;
        const bool renaming =
            strcmp(system_calls.call, "rename") == 0 || strstr(sqlite3_errmsg(db), "cannot sync");
        points++;
        statements_failed += rc == SQLITE_OK && (n[0] != 100000 || n[1] != 140000);
        commits_failed += rc != SQLITE_OK;
        const sqlite3_int64 a = length_of(db, "a.npy"), b = length_of(db, "b.npy");
        const bool is_old = a == 10 && b == -1, is_new = a == n[0] && b == n[1];
        const bool is_either = (a == 10 || a == n[0]) && (b == -1 || b == n[1]);
        if (rc == SQLITE_OK
                ? !is_new
                : !(renaming ? is_either : is_old) || count_entries(directory, ".array-") != 0) {
            printf("# call %ld, %s: code %d, %lld and %lld elements\n", nth, system_calls.call, rc,
                   (long long)a, (long long)b);
            wrong++;
        }
        if (!sqlite3_get_autocommit(db))
            unit_bail_out("the transaction has not ended");
    }
    ok(wrong == 0 && statements_failed > 3 && commits_failed > 3,
       "%ld calls fail, %ld times a statement, %ld times COMMIT", points, statements_failed,
       commits_failed);
}

/* The process is killed before one of its calls: each file is the old one or all of the new one. */
static void test_killing(sqlite3 *db) {
    long killed = 0, wrong = 0, renamed = 0;
    for (long nth = 1;; nth++) {
        int status;
        prepare(db, 10);
        (void)unlink(path("b.npy"));
        fflush(stdout);
        const pid_t child = fork();
        if (child == 0) {
            sqlite3_int64 n[2];
            sqlite3 *const own = open_both();
            system_calls.kills = true;
            system_calls.countdown = nth;
            _exit(write_both(own, n) != SQLITE_OK);
        }
        if (child < 0 || waitpid(child, &status, 0) != child)
            unit_bail_out("fork");
        const sqlite3_int64 a = length_of(db, "a.npy"), b = length_of(db, "b.npy");
        const int left = count_entries(directory, ".array-");
        remove_temporary();
        if (WIFEXITED(status)) {
            wrong += WEXITSTATUS(status) != 0 || a != 100000 || b != 140000 || left != 0;
            break;
        }
        killed++;
        renamed += a == 100000;
        if ((a != 10 && a != 100000) || (b != -1 && b != 140000) || (b != -1 && a == 10) ||
            left > 2)
            wrong++, printf("# killed before call %ld: %lld and %lld\n", nth, (long long)a,
                            (long long)b);
    }
    ok(wrong == 0 && killed > 20 && renamed > 1, "killed %ld times, %ld times after a renaming",
       killed, renamed);
}

/* Bytes that have to be converted, and those that need not */
static void test_reading(sqlite3 *db) {
    static const char *const dtypes[] = {"uint8", "int8"};
    for (size_t i = 0; i < 2; i++) {
        sqlite3_int64 n;
        long refused = 0, wrong = 0;
        run(db, &n, "SELECT array_file_write('%s', array_fill(100000, 1), 'int8')", path("ones"));
        for (long nth = 1;; nth++) {
            system_calls.failed = 0;
            system_calls.error = EIO;
            system_calls.countdown = nth;
            const int rc = run(db, &n, "SELECT sum(array_sum(value)) FROM array_file('%s', '%s')",
                               path("ones"), dtypes[i]);
            system_calls.countdown = 0;
            if (system_calls.failed == 0) {
                wrong += rc != SQLITE_OK || n != 100000;
                break;
            }
            refused += rc == SQLITE_ERROR;
            wrong += rc == SQLITE_OK && n != 100000;
        }
        ok(wrong == 0 && refused > 3, "reading as %s, refused: %ld", dtypes[i], refused);
    }
}

/* The words of the error where the first or the second call of that name fails */
static void test_messages(sqlite3 *db) {
    static const struct {
        const char *call;
        int which;
        const char *sql, *message;
    } faults[] = {
        {"pread", 1, "SELECT array_file_length('%s')",
         "array_file_length: cannot read A: Input/output error"},
        {"fsync", 1, "SELECT array_file_write('%s', '[1]')",
         "array_file_write: cannot write A: Input/output error"},
        {"fsync", 2, "SELECT array_file_write('%s', '[1]')",
         "array_file_write: cannot sync the directory of A: Input/output error"},
        {"rename", 1, "SELECT array_file_write('%s', '[1]')",
         "array_file_write: cannot write A: Input/output error"},
        {"access", 1, "SELECT array_file_write('%s', '[1]')",
         "array_file_write: cannot write A: Input/output error"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char message[2000] = "", *at;
        int seen = 0;
        for (long nth = 1; seen < faults[i].which && nth < 50; nth++) {
            sqlite3_int64 n;
            write_ten(db);
            system_calls.error = EIO;
            system_calls.countdown = nth;
            run(db, &n, faults[i].sql, path("a.npy"));
            system_calls.countdown = 0;
            seen += strcmp(system_calls.call, faults[i].call) == 0;
            snprintf(message, sizeof message, "%s", sqlite3_errmsg(db));
        }
        if ((at = strstr(message, path("a.npy"))) != NULL) {
            memmove(at + 1, at + strlen(path("a.npy")), strlen(at + strlen(path("a.npy"))) + 1);
            *at = 'A';
        }
        eq_text(message, faults[i].message, "%s fails", faults[i].call);
    }
}

/* The statements give what they do otherwise. */
static void test_doing_less(sqlite3 *db, const char *what) {
    long wrong = 0;
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        sqlite3_int64 expected, n;
        const size_t most = system_calls.most;
        const bool stutters = system_calls.stutters;
        prepare(db, statements[i].before);
        system_calls.most = 0, system_calls.stutters = false;
        run(db, &expected, statements[i].sql, path("a.npy"));
        system_calls.most = most, system_calls.stutters = stutters;
        prepare(db, statements[i].before);
        const int rc = run(db, &n, statements[i].sql, path("a.npy"));
        wrong += rc != SQLITE_OK || n != expected || !holds(db, statements[i].after);
    }
    eq_int(wrong, 0, "%s", what);
}

/* A file's name without a directory is in the current one. */
static void test_bare_name(sqlite3 *db) {
    char before[1000];
    sqlite3_int64 n;
    if (getcwd(before, sizeof before) == NULL || chdir(directory) != 0)
        unit_bail_out("chdir");
    const int rc = run(db, &n, "SELECT array_file_write('bare', '[1,2]', 'int8')");
    const bool is_there = access("bare", F_OK) == 0;
    if (chdir(before) != 0)
        unit_bail_out("chdir");
    ok(rc == SQLITE_OK && n == 2 && is_there, "a path without a directory");
}

int main(void) {
    if (!can_insert()) {
        printf("1..0 # SKIP INSERT INTO array_file needs SQLite 3.40\n");
        return 0;
    }
    make_directory("file_faults");
    sqlite3 *db = open_both();
    write_ten(db);
    const int open_before = descriptors();
    test_failing(db);
    test_transactions(db);
    test_killing(db);
    test_reading(db);
    test_messages(db);
    system_calls.most = 1000;
    test_doing_less(db, "1,000 bytes at most");
    system_calls.stutters = true;
    test_doing_less(db, ".. and interrupted by signals");
    system_calls.most = 0, system_calls.stutters = false;
    test_bare_name(db);
    eq_int(count_entries(directory, ".array-"), 0, "temporary files left");
    eq_int(descriptors(), open_before, "descriptors");
    return sqlite3_close(db) == SQLITE_OK ? done() : 1;
}
