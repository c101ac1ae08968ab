/*
** kill -9 at random points of a process that writes to a table with an array_index. Afterwards
** the index agrees with its table, no acknowledged transaction is lost, and the database is
** valid.
**
**     KILLS  number of kills (8; 60 if everything is to be tested)
**     SEED   seed of the random numbers
*/
#define _DEFAULT_SOURCE
#include "index/transactions.h"
#include "unit_kill.h"

static sqlite3 *connect(void) {
    sqlite3 *db = unit_open(unit_path("crash.db"));
    /* The machine itself goes on: what is not synchronized is not lost. */
    unit_exec(db, "PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 20");
    /*
    ** A small cache writes pages to the WAL before the commit, and some of them twice. If ROLLBACK
    ** TO follows, SQLite 3.40 forgets to compute checksums for what is written to the WAL after it,
    ** so that a recovery stops there, and the transaction is lost. sqlite3WalSavepointUndo() of
    ** 3.53.2 sees to it.
    */
    if (sqlite3_libversion_number() >= 3053002)
        unit_exec(db, "PRAGMA cache_size = 10");
    return db;
}

static void create(long number) {
    static const char *const journals[] = {"WAL", "DELETE", "WAL", "PERSIST"};
    static const char *const options[] = {", block=64, log=16", "", ", block=64, log=40"};
    static const int pages[] = {512, 4096, 1024};
    unit_remove("crash.db");
    sqlite3 *db = connect();
    unit_must(db, "PRAGMA page_size = %d; PRAGMA journal_mode = %s", pages[number % 3],
              journals[number % 4]);
    index_create(db, options[number % 3]);
    sqlite3_close(db);
}

/* The child: writes, says which transactions are committed, never ends. */
__attribute__((noreturn)) static void write_on(int acknowledgements) {
    sqlite3 *db = connect();
    for (int64_t k = index_done(db) + 1;; k++) {
        const int rc = index_transaction(db, k);
        if (rc != SQLITE_OK) {
            fprintf(stderr, "# transaction %" PRId64 ": %d %s\n", k, rc, sqlite3_errmsg(db));
            _exit(1);
        }
        if (write(acknowledgements, &k, sizeof k) != sizeof k)
            _exit(1);
    }
}

int main(void) {
    const long kills = unit_setting("KILLS", unit_thorough() ? 60 : 8),
               seed = unit_setting("SEED", 1);
    long sound = 0;
    int64_t transactions = 0, lost = 0, invented = 0;
    unit_random_state = (uint64_t)seed;
    for (long i = 0; i < kills; i++) {
        if (i % 4 == 0)
            create(i / 4);
        sqlite3 *db = connect();
        const int64_t before = index_done(db);
        sqlite3_close(db);
        const int64_t acknowledged = kill_one(write_on, 40);
        db = connect();
        const int64_t last = index_done(db);
        transactions += last - before;
        lost += acknowledged > last;
        invented += last > (acknowledged > 0 ? acknowledged : before) + 1;
        sound += index_is_sound(db) && index_transaction(db, last + 1) == SQLITE_OK &&
                 index_is_sound(db);
        sqlite3_close(db);
    }
    eq_int(lost, 0, "%ld kills, SEED=%ld: no acknowledged transaction of %" PRId64 " is lost",
           kills, seed, transactions);
    eq_int(invented, 0, "nor more than one more there");
    eq_int(sound, kills, "the index is that of its table after each");
    ok(transactions > kills, "the kills came while it was writing");
    unit_remove("");
    return done();
}
