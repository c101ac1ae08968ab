/*
** kill -9 at random points of a process that writes to an array_store. Each commit is
** acknowledged through a pipe. After a random number of them the process is killed, while it is
** already doing something else. Afterwards no acknowledged transaction is lost, none is present
** in part, and the database is valid.
**
**     KILLS  number of kills (12)
**     SEED   seed of the random numbers
*/
#define _DEFAULT_SOURCE
#include "store/plain_table.h"
#include "unit_kill.h"

static const char *const journals[] = {"WAL", "DELETE", "WAL", "PERSIST"};

static sqlite3 *connect(void) {
    sqlite3 *db = unit_open(unit_path("crash.db"));
    sqlite3_busy_timeout(db, 10000);
    /* The machine itself goes on: what is not synchronized is not lost. */
    unit_exec(db,
              "PRAGMA synchronous = OFF; PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 20");
    return db;
}

static void create(long number) {
    static const int chunks[] = {7, 64, 1, 65536, 16}, pages[] = {512, 4096, 1024};
    unit_remove("crash.db");
    sqlite3 *db = connect();
    unit_must(db, "PRAGMA page_size = %d; PRAGMA journal_mode = %s", pages[number % 3],
              journals[number % 4]);
    plain_create(db, chunks[number % 5]);
    sqlite3_close(db);
}

/* The child: writes, says which transactions are committed, never ends. */
__attribute__((noreturn)) static void write_on(int acknowledgements) {
    sqlite3 *db = connect();
    for (int64_t k = plain_done(db) + 1;; k++) {
        const int rc = plain_transaction(db, k);
        if (rc != SQLITE_OK) {
            fprintf(stderr, "# transaction %" PRId64 ": %d %s\n", k, rc, sqlite3_errmsg(db));
            _exit(1);
        }
        if (write(acknowledgements, &k, sizeof k) != sizeof k)
            _exit(1);
        if (k % 50 == 0)
            sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
}

int main(void) {
    const long kills = unit_setting("KILLS", 12), seed = unit_setting("SEED", 1);
    long journals_left = 0, sound = 0;
    int64_t transactions = 0, lost = 0, invented = 0;
    unit_random_state = (uint64_t)seed;
    for (long i = 0; i < kills; i++) {
        if (i % 3 == 0)
            create(i / 3);
        sqlite3 *db = connect();
        const int64_t before = plain_done(db);
        sqlite3_close(db);
        const int64_t acknowledged = kill_one(write_on, 60);
        journals_left += access(unit_path("crash.db-journal"), F_OK) == 0 ||
                         access(unit_path("crash.db-wal"), F_OK) == 0;
        db = connect();
        const int64_t last = plain_done(db);
        transactions += last - before;
        lost += acknowledged > last;
        invented += last > (acknowledged > 0 ? acknowledged : before) + 1;
        sound += plain_same(db, true) && plain_transaction(db, last + 1) == SQLITE_OK &&
                 plain_same(db, false);
        sqlite3_close(db);
    }
    eq_int(lost, 0, "%ld kills, SEED=%ld: no acknowledged transaction of %" PRId64 " is lost",
           kills, seed, transactions);
    eq_int(invented, 0, "nor more than one more there");
    eq_int(sound, kills, "the database is sound, the store has the rows of the plain table");
    ok(journals_left > kills / 4 && transactions > kills,
       "the kills came while it was writing: %ld left a journal", journals_left);
    unit_remove("");
    return done();
}
