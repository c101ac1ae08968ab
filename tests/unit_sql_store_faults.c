/*
** Transactions on an array_store in which the N-th allocation, read, write, sync, truncation,
** opening or deletion of a file fails, or which is interrupted at the N-th step, once or from
** then on. Each takes effect completely or not at all, and the connection can still be used.
**
**     STRIDE        average increment of N from one attempt to the next (10); 1 tests every point
**     TRANSACTIONS  number of transactions (4)
**     SEED          seed of the random numbers
*/
#define _DEFAULT_SOURCE
#include "store/faults.h"
#include "store/plain_table.h"

/* What a transaction begins with: some hundred rows, and a journal mode. */
static int64_t create(const char *journal, long chunk, long page_size) {
    sqlite3 *db;
    int64_t k = 0;
    unit_remove("base.db");
    db = unit_open(unit_path("base.db"));
    unit_must(db, "PRAGMA page_size = %d; PRAGMA synchronous = OFF", (int)page_size);
    plain_create(db, chunk);
    while (k < 12 || unit_integer(db, "SELECT count(*) FROM x") < 80) {
        if (plain_transaction(db, ++k) != SQLITE_OK)
            unit_bail_out("%s", sqlite3_errmsg(db));
    }
    unit_must(db, "PRAGMA journal_mode = %s", journal);
    sqlite3_close(db);
    return k;
}

static sqlite3 *connect(void) {
    sqlite3 *db = unit_open(unit_path("fault.db"));
    unit_exec(db, "PRAGMA cache_size = 10");
    return db;
}

/*
** One transaction in which the nth operation fails: 0 if there was none, 1 if all is well, -1 if
** not.
*/
static int try_point(enum kind kind, long nth, bool for_good, uint64_t seed, int64_t before) {
    const long live = unit_memory.live;
    bool well = true;
    unit_remove("fault.db");
    unit_copy("base.db", "fault.db");
    sqlite3 *db = connect();
    unit_random_state = seed;
    plain_halfway = false;
    sqlite3_progress_handler(db, kind == INTERRUPT ? 1 : 0, interrupted, NULL);
    arm(kind, nth, for_good);
    const int rc = plain_transaction(db, before + 1);
    const long hits = disarm();
    sqlite3_progress_handler(db, 0, NULL, NULL);
    const char *message = sqlite3_errmsg(db);
    if (rc != SQLITE_OK && (hits == 0 || !expected(rc, message, kind))) {
        printf("# code %d: %s\n", rc, message);
        well = false;
    }
    const bool late = rc == SQLITE_INTERRUPT; /* SQLite may say so of a statement that is done */
    if (!sqlite3_get_autocommit(db)) {
        well =
            well && (late || plain_halfway || plain_same(db, false)); /* nothing of what failed */
        well = unit_try(db, "ROLLBACK") == SQLITE_OK && well;
    }
    const int64_t after = plain_done(db);
    if (after != before + (rc == SQLITE_OK) && !(late && after == before + 1)) {
        printf("# code %d, and transaction %" PRId64 " is the last\n", rc, after);
        well = false;
    }
    well = plain_same(db, true) && well;
    unit_random_state = seed + 1;
    if (plain_transaction(db, after + 1) != SQLITE_OK || !plain_same(db, false)) {
        printf("# afterwards: %s\n", sqlite3_errmsg(db));
        well = false;
    }
    well = sqlite3_close(db) == SQLITE_OK && well;
    db = connect();
    well = plain_done(db) == after + 1 && plain_same(db, true) && well;
    sqlite3_close(db);
    if (unit_memory.live != live) {
        printf("# %ld allocations left\n", unit_memory.live - live);
        well = false;
    }
    if (!well)
        printf("# %s %ld%s, transaction %#" PRIx64 "\n", names[kind], nth,
               for_good ? " and all after it" : "", seed);
    return !well ? -1 : hits > 0;
}

/* One transaction with each kind of fault. There are more points of some kinds than of others. */
static void try_transaction(const char *journal, long chunk, long page_size, long stride) {
    static const long strides[KINDS] = {80, 10, 10, 10, 1, 1, 1, 1, 80};
    const int64_t before = create(journal, chunk, page_size);
    const uint64_t seed = unit_random();
    for (enum kind kind = MEMORY; kind < KINDS; kind++) {
        long points = 0, wrong = 0;
        for (int for_good = 0; for_good < 2; for_good++) {
            int result = 1;
            for (long n = 1; result != 0 && wrong < 5; points++) {
                result = try_point(kind, n, for_good, seed, before);
                wrong += result < 0;
                unit_random_state = seed + (uint64_t)points;
                n += strides[kind] * stride < 20 ? 1 : 1 + unit_below(strides[kind] * stride / 10);
            }
        }
        eq_int(wrong, 0, "%s, chunks of %ld, pages of %ld: %s, %ld points", journal, chunk,
               page_size, names[kind], points);
    }
    unit_random_state = seed;
}

int main(void) {
    static const char *const journals[] = {"DELETE", "WAL", "TRUNCATE", "WAL"};
    static const int chunks[] = {7, 64, 1, 65536, 16}, pages[] = {512, 1024, 4096};
    const long stride = unit_setting("STRIDE", unit_thorough() ? 10 : 30),
               transactions = unit_setting("TRANSACTIONS", 4);
    unit_memory_install();
    install_vfs();
    unit_random_state = (uint64_t)unit_setting("SEED", 1);
    for (long i = 0; i < transactions; i++)
        try_transaction(journals[i % 4], chunks[i / 2 % 5], pages[i % 3], stride);
    unit_remove("");
    return done();
}
