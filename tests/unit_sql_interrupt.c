/*
** sqlite3_interrupt() ends every function at any point: with SQLITE_INTERRUPT, after little
** further work (unit_work.h), without a leak, and the connection can still be used.
**
** First the work is stopped at the n-th time that the extension asks (unit_poll.h), then by a
** thread that really interrupts it.
**
**     SQA_ELEMENTS   number of elements of the arrays; 50000000 (make test-interrupt) takes minutes
**                    and 10 GB
**     SQA_ONLY       tests only statements that contain these words
*/
#define _POSIX_C_SOURCE 200809L
#include "unit_long_statements.h"
#include "unit_poll.h"

/*
** FEW are a little more than what is worked on without asking, so that each time can be tried. MANY
** are enough that a loop that does not ask shows in the work between two times.
*/
enum { FEW = 140000, MANY = 1500000, MOST_WORK = 30000000 /* basic blocks between two times */ };
/*
** Those that take no time, whatever their arguments; and virtual tables that have tests of their
** own
*/
static const char *const short_functions =
    " array_of array_width array_bits array_length array_npy_shape array_get array_first "
    "array_last "
    "array_limit "
    "array_pool_trim array_isa array_blob_length array_blob_get array_blob_set"
    " array_version array_memory array_functions array_explain array_store array_store_chunks "
    "array_index "
    "array_index_counts ";

/* Texts that are refused, after they have been read */
static const char *const refused[] = {
    "array_parse(:digits)",
    "array_parse(:spaced, :spaces)",
    "array_sum(:digits)",
    "array_match(:x1, :number)",
    "array_eval('a + b * b + 1 / c', :x4, :x2, :zeros)",
    "array_match(:x1, :spaces_in_query)",
};
enum { REFUSED = sizeof refused / sizeof *refused };

static sqlite3_stmt *prepare(sqlite3 *db, const char *text) {
    char *const sql = sqlite3_mprintf(strncmp(text, "SELECT ", 7) == 0 ? "%s" : "SELECT %s", text);
    sqlite3_stmt *const statement = unit_prepare(db, sql);
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++)
        bind_argument(db, statement, i);
    sqlite3_free(sql);
    return statement;
}

/*
** Runs a statement, to be stopped at the n-th time that it asks (0: not); *hash is one of the
** results.
*/
static int run(sqlite3_stmt *statement, long stop_at, uint64_t *hash) {
    int rc;
    *hash = 0;
    poll_begin(stop_at);
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        poll_measure();
        const unsigned char *const bytes = sqlite3_column_blob(statement, 0);
        const int size = sqlite3_column_bytes(statement, 0);
        for (int i = 0; i + 8 <= size; i += 8) {
            uint64_t word;
            memcpy(&word, bytes + i, sizeof word);
            *hash = (*hash ^ word) * 0x100000001b3;
        }
        poll.last = unit_work; /* the loop's is not counted */
    }
    poll_measure();
    sqlite3_reset(statement);
    return rc;
}

static int64_t live_bytes(sqlite3 *db) {
    return unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'");
}

#ifndef SQLITE_CORE
/* As often as it asks, once in 2^18 elements at least, it can be stopped. */
static void stop_everywhere(sqlite3 *db, const char *text, int expected) {
    sqlite3_stmt *const statement = prepare(db, text);
    uint64_t whole, again, none;
    const int64_t live = live_bytes(db); /* the arguments' */
    const int rc = run(statement, 0, &whole);
    const long asked = poll.asked;
    const uint64_t longest = poll.longest;
    int wrong = 0;
    /* Each question is tried. If that takes long, the first ones, halfway points and the last. */
    const bool each =
        elements == FEW && unit_thorough() && (asked <= 200 || strstr(text, "/* each */") != NULL);
    for (long n = 1; n <= asked && !UNIT_WORK_COUNTED;
         n += n > 1 && !each ? (asked - n) / 2 + 1 : 1) {
        const int stopped = run(statement, n, &none);
        const bool unused =
            strstr(text, " OVER ") != NULL && stopped == expected; /* the last value of a window */
        if (stopped != SQLITE_INTERRUPT && !unused && wrong++ < 3)
            printf("# stopped at %ld of %ld: result code %d\n", n, asked, stopped);
    }
    run(statement, 0, &again);
    ok(rc == expected && whole == again && wrong == 0 && live_bytes(db) == live,
       "stopped at any of %ld: %s", asked, text);
    if (strstr(text, "SELECT") == NULL ||
        strstr(text, "array_each(array_head") == NULL) /* SQLite asks, too */
        ok(asked + 1 >= (long)(elements >> 18) && longest <= MOST_WORK,
           "asks often, after %" PRIu64 " basic blocks at most", longest);
    sqlite3_finalize(statement);
}

/*
** How often does it ask, the first thousand times? For more elements than MANY, of which some
** functions take minutes.
*/
static void ask_often(sqlite3 *db, const char *text, int expected) {
    sqlite3_stmt *const statement = prepare(db, text);
    uint64_t hash;
    const int64_t live = live_bytes(db);
    const int rc = run(statement, 1000, &hash);
    ok((rc == expected || rc == SQLITE_INTERRUPT) && live_bytes(db) == live &&
           poll.longest <= MOST_WORK,
       "asks %ld times, after %" PRIu64 " basic blocks at most: %s", poll.asked, poll.longest,
       text);
    sqlite3_finalize(statement);
}
#endif

/* After 50 ms, if it takes so long: how much is done until it ends? */
static void interrupt_once(sqlite3 *db, const char *text, int expected) {
    sqlite3_stmt *const statement = prepare(db, text);
    uint64_t hash;
    interrupt_begin(db, 0.05);
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
    }
    const uint64_t since = interrupt_end(), late = rc == SQLITE_INTERRUPT ? since : 0;
    ok((rc == SQLITE_INTERRUPT || rc == expected) && late <= 2 * MOST_WORK,
       "%s %" PRIu64 " basic blocks: %s", rc == SQLITE_INTERRUPT ? "ends after" : "done before",
       late, text);
    sqlite3_reset(statement);
    if (elements <= MANY)
        ok(run(statement, 0, &hash) == expected, "and works on");
    sqlite3_finalize(statement);
}

static bool chosen(const char *text) {
    const char *const only = getenv("SQA_ONLY");
    return only == NULL || strstr(text, only) != NULL;
}

/* Every function of the list is in a statement, or takes no time. */
static void test_all_are_there(sqlite3 *db) {
    sqlite3_stmt *const names = unit_prepare(db, "SELECT name FROM array_functions");
    while (sqlite3_step(names) == SQLITE_ROW) {
        char call[100], word[100];
        bool found = false;
        snprintf(call, sizeof call, "%s(", (const char *)sqlite3_column_text(names, 0));
        snprintf(word, sizeof word, " %s ", (const char *)sqlite3_column_text(names, 0));
        for (size_t i = 0; i < STATEMENTS && !found; i++)
            found = strstr(statements[i], call) != NULL;
        if (!found && strstr(short_functions, word) == NULL)
            ok(false, "a statement with %s", call);
    }
    sqlite3_finalize(names);
}

/* All statements, with a connection of its own, and arguments made anew */
static int test_statements(void) {
    sqlite3 *const db = open_polled(":memory:");
    unit_exec(db, "SELECT array_limit('pool_bytes', 0)"); /* so that all is paid for each time */
    /*
    ** SQLite computes what is constant once, ahead, and then copies it: 0.1 s for 50 million
    ** elements
    */
    sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, db, 0x0008);
    test_all_are_there(db);
    store_arrays(db);
    const bool many = elements > MANY;
    for (size_t i = 0; i < STATEMENTS; i++) {
        if (chosen(statements[i]) && (many || strstr(statements[i], "sort(:x8") != NULL))
            interrupt_once(db, statements[i], SQLITE_DONE);
    }
#ifdef SQLITE_CORE
    skip("stopped at any time", "the extension is linked in and asks SQLite itself");
#else
    for (size_t i = 0; i < STATEMENTS + REFUSED; i++) {
        const bool done = i < STATEMENTS;
        const char *const text = done ? statements[i] : refused[i - STATEMENTS];
        if (chosen(text))
            (many ? ask_often : stop_everywhere)(db, text, done ? SQLITE_DONE : SQLITE_ERROR);
    }
    /* a result that seems to be too large, so that its argument is narrowed first */
    char limit[100];
    snprintf(limit, sizeof limit, "SELECT array_limit('result_bytes', %zu)", 2 * elements);
    unit_exec(db, limit);
    (many ? ask_often : stop_everywhere)(db, "array_reverse(:wide)", SQLITE_DONE);
    /* a text that is put into a store, where it is read likewise */
    uint64_t none;
    unit_exec(db, "CREATE VIRTUAL TABLE x USING array_store(a)");
    sqlite3_stmt *const insert = unit_prepare(db, "INSERT INTO x VALUES (:json)");
    bind_argument(db, insert, 1);
    ok(run(insert, 1, &none) == SQLITE_INTERRUPT && unit_integer(db, "SELECT count(*) FROM x") == 0,
       "stopped: INSERT INTO x VALUES (:json)");
    ok(run(insert, 0, &none) == SQLITE_DONE &&
           unit_integer(db, "SELECT count(*) FROM x") == (int64_t)elements,
       "and works on");
    sqlite3_finalize(insert);
#endif
    free_arguments();
    return sqlite3_close(db);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    const char *const chosen_elements = getenv("SQA_ELEMENTS");
    elements = chosen_elements != NULL ? (size_t)strtoull(chosen_elements, NULL, 10)
               : UNIT_WORK_COUNTED     ? MANY
                                       : FEW;
    int rc = test_statements();
    if (chosen_elements == NULL && unit_thorough() && !UNIT_WORK_COUNTED) {
        elements = MANY;
        rc |= test_statements();
    }
#ifndef SQLITE_CORE
    if (chosen_elements == NULL && unit_thorough() && !UNIT_WORK_COUNTED) { /* other kernels */
        elements = FEW;
        setenv("SQLITE_ARRAY_ISA", "base", 1);
        rc |= test_statements();
    }
#endif
    return rc == SQLITE_OK ? done() : 1;
}
