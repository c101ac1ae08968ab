/*
** Transactions on a table with an array_index in which the N-th allocation, read, write, sync,
** truncation, opening or deletion of a file fails, or which is interrupted at the N-th step, once
** or from then on. The same for building an index. Each transaction takes effect completely or
** not at all, the index agrees with its table, and the connection can still be used. A query that
** fails in this way is answered when it is repeated.
**
**     STRIDE        largest increment of N from one attempt to the next (1,000; 20 if everything is
**                   to be tested)
**     TRANSACTIONS  number of transactions (2; 10)
**     SEED          seed of the random numbers
*/
#define _DEFAULT_SOURCE
#include "index/transactions.h"
#include "store/faults.h"

static void create(const char *journal, const char *options, int page_size) {
    unit_remove("base.db");
    sqlite3 *db = unit_open(unit_path("base.db"));
    unit_must(db, "PRAGMA page_size = %d; PRAGMA synchronous = OFF", page_size);
    index_create(db, options);
    unit_must(db, "PRAGMA journal_mode = %s", journal);
    for (int64_t k = 1; k <= 5; k++) {
        if (index_transaction(db, k) != SQLITE_OK)
            unit_bail_out("%s", sqlite3_errmsg(db));
    }
    sqlite3_close(db);
}

static sqlite3 *connect(void) {
    sqlite3 *db = unit_open(unit_path("fault.db"));
    unit_exec(db, "PRAGMA cache_size = 10");
    return db;
}

/* What is tried */
enum action { TRANSACTION, BUILDING, CATCHING_UP };

/* A UNIQUE index is newer than the array_index, which the commit makes anew. */
static void prepare(sqlite3 *db, enum action action) {
    if (action == CATCHING_UP)
        unit_exec(db, "CREATE UNIQUE INDEX late ON a(slug, id)");
}

static int act(sqlite3 *db, enum action action, int64_t k) {
    switch (action) {
    case BUILDING:
        return unit_try(db, "CREATE VIRTUAL TABLE built USING array_index(a, tags, block=64)");
    case CATCHING_UP:
        return unit_try(db, "DELETE FROM a WHERE id < 20");
    default:
        return index_transaction(db, k);
    }
}

/*
** Tries something in which the nth operation fails: 0 if there was none, 1 if all is well, -1 if
** not.
*/
static int try_point(enum kind kind, long nth, bool for_good, uint64_t seed, enum action action) {
    const long live = unit_memory.live;
    unit_remove("fault.db");
    unit_copy("base.db", "fault.db");
    sqlite3 *db = connect();
    const int64_t before = index_done(db);
    prepare(db, action);
    unit_random_state = seed;
    sqlite3_progress_handler(db, kind == INTERRUPT ? 1 : 0, interrupted, NULL);
    arm(kind, nth, for_good);
    const int rc = act(db, action, before + 1);
    const long hits = disarm();
    sqlite3_progress_handler(db, 0, NULL, NULL);
    bool well = rc == SQLITE_OK || (hits > 0 && expected(rc, sqlite3_errmsg(db), kind));
    if (!well)
        printf("# code %d: %s\n", rc, sqlite3_errmsg(db));
    if (!sqlite3_get_autocommit(db))
        unit_exec(db, "ROLLBACK");
    const int64_t done_now = index_done(db);
    well &= action != TRANSACTION ? done_now == before
            : rc == SQLITE_OK     ? done_now == before + 1
                                  : done_now <= before + 1;
    well &= index_is_sound(db);
    if (action == CATCHING_UP && rc == SQLITE_OK)
        well &= unit_integer(db, "SELECT sql GLOB '*slug*slug*slug*' FROM sqlite_master"
                                 " WHERE name = 'i_replace_insert'") == 1;
    if (action == BUILDING) {
        const bool is_there =
            unit_integer(db, "SELECT count(*) > 0 FROM sqlite_master WHERE name LIKE 'built%'");
        /* SQLite may say so of a statement that is done */
        well &= is_there == (rc == SQLITE_OK) || (is_there && rc == SQLITE_INTERRUPT);
        if (is_there)
            well &= unit_sound(db, "built");
    } else {
        well &= index_transaction(db, done_now + 1) == SQLITE_OK && index_is_sound(db);
    }
    if (sqlite3_close(db) != SQLITE_OK)
        unit_bail_out("the database cannot be closed");
    if (unit_memory.live != live) {
        printf("# %ld allocations are left\n", unit_memory.live - live);
        well = false;
    }
    return !well ? -1 : hits > 0;
}

/* The point that is tried after the nth one: the further, the greater the steps. */
static long next_point(long nth, long stride) {
    const long further = nth / (unit_thorough() ? 4 : 2);
    return nth + 1 + (further < stride ? further : stride);
}

static void try_all(enum kind kind, long stride, uint64_t seed, enum action action,
                    const char *name) {
    long points = 0, wrong = 0;
    for (int for_good = 0; for_good < 2; for_good++) {
        int found = 1;
        for (long nth = 1; found != 0; nth = next_point(nth, stride)) {
            found = try_point(kind, nth, for_good, seed, action);
            points += found != 0;
            wrong += found < 0;
            if (found < 0)
                printf("# %s %ld%s fails\n", names[kind], nth, for_good ? " and all after it" : "");
        }
    }
    eq_int(wrong, 0, "%s: %s fails, at %ld points", name, names[kind], points);
}

/* ---- Questions */

static const char *const questions[] = {
    "SELECT total(id) FROM i('7 & (1 | 2 | 8) & !9')",
    "SELECT total(id) FROM i('!7')",
    "SELECT total(id) FROM (SELECT id FROM i('3 | 7') ORDER BY id DESC LIMIT 40)",
    "SELECT total(a.id) FROM a CROSS JOIN i('3 & !4') AS x ON x.id = a.id",
    "SELECT total(value * count) FROM i_counts('7 | 8')",
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

static int ask(sqlite3 *db, const char *question, double *answer) {
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db, question, -1, &statement, NULL);
    if (rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        *answer = sqlite3_column_double(statement, 0);
    const int end = sqlite3_finalize(statement);
    return rc == SQLITE_OK ? end : rc;
}

/* As try_point(). */
static int try_question(enum kind kind, long nth, bool for_good, const char *question,
                        double expected_answer) {
    double answer = -1;
    sqlite3 *db = connect();
    sqlite3_progress_handler(db, kind == INTERRUPT ? 1 : 0, interrupted, NULL);
    arm(kind, nth, for_good);
    const int rc = ask(db, question, &answer);
    const long hits = disarm();
    sqlite3_progress_handler(db, 0, NULL, NULL);
    bool well = rc == SQLITE_OK ? answer == expected_answer
                                : hits > 0 && expected(rc, sqlite3_errmsg(db), kind);
    well &= ask(db, question, &answer) == SQLITE_OK && answer == expected_answer;
    sqlite3_close(db);
    return !well ? -1 : hits > 0;
}

static void try_questions(enum kind kind, long stride) {
    long points = 0, wrong = 0;
    for (int q = 0; q < QUESTIONS; q++) {
        sqlite3 *db = connect();
        double answer = -1;
        if (ask(db, questions[q], &answer) != SQLITE_OK)
            unit_bail_out("%s", sqlite3_errmsg(db));
        sqlite3_close(db);
        for (int for_good = 0; for_good < 2; for_good++) {
            int found = 1;
            for (long nth = 1; found != 0; nth = next_point(nth, stride)) {
                found = try_question(kind, nth, for_good, questions[q], answer);
                points += found != 0;
                wrong += found < 0;
                if (found < 0)
                    printf("# %s: %s %ld%s\n", questions[q], names[kind], nth,
                           for_good ? " and all after it" : "");
            }
        }
    }
    eq_int(wrong, 0, "questions: %s fails, at %ld points", names[kind], points);
}

int main(void) {
    static const char *const journals[] = {"DELETE", "WAL"};
    static const char *const options[] = {", block=64, log=16", ", block=64"};
    const long stride = unit_setting("STRIDE", unit_thorough() ? 20 : 1500),
               transactions = unit_setting("TRANSACTIONS", unit_thorough() ? 4 : 2),
               seed = unit_setting("SEED", 1);
    static const enum kind reading[] = {MEMORY, READ, INTERRUPT};
    unit_memory_install();
    install_vfs();
    unit_random_state = (uint64_t)seed;
    create("DELETE", ", block=64", 512);
    unit_copy("base.db", "fault.db");
    for (size_t k = 0; k < sizeof reading / sizeof reading[0]; k++)
        try_questions(reading[k], stride / 20);
    for (long t = 0; t < transactions; t++) {
        unit_random_state = (uint64_t)(seed * 1000 + t);
        create(journals[t % 2], options[t / 2 % 2], 512);
        const uint64_t its_seed = unit_random();
        char name[100];
        snprintf(name, sizeof name, "transaction %ld, %s", t, journals[t % 2]);
        for (int kind = 0; kind < KINDS; kind++)
            try_all((enum kind)kind, stride, its_seed, TRANSACTION, name);
    }
    for (int kind = 0; kind < KINDS; kind++)
        try_all((enum kind)kind, stride, (uint64_t)seed, BUILDING, "building");
    for (int kind = 0; kind < KINDS; kind++)
        try_all((enum kind)kind, stride, (uint64_t)seed, CATCHING_UP, "catching up");
    unit_remove("");
    return done();
}
