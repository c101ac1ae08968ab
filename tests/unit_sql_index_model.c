/*
** An array_index compared with scans of its table: random changes with every conflict clause,
** UPSERT, savepoints and commands, with queries of every form after each change
** (tests/index/operations.h). Then the same with damaged shadow tables.
**
**     N     number of changes (3000)
**     SEED  seed of the random numbers (1)
*/
#define _POSIX_C_SOURCE 200809L
#include "index/operations.h"

#include "core/random.h"

/* So many changes, in runs; a byte of 255 damages a table. */
static void change(struct sqa_random *random, long changes, int run, unsigned bytes_below) {
    static uint8_t bytes[20000];
    for (long done_changes = 0; done_changes < changes; done_changes += run) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)sqa_random_below(random, bytes_below);
        struct fuzz_input input = {bytes, sizeof bytes};
        index_run(&input, run);
    }
}

int main(void) {
    const char *given = getenv("N"), *seed = getenv("SEED");
    const long changes = given == NULL ? 3000 : strtol(given, NULL, 10);
    struct sqa_random random = sqa_random_seeded(seed == NULL ? 1 : strtoll(seed, NULL, 10));
    change(&random, changes, 500, 255);
    ok(true, "%ld changes, and the index answered as the table", changes);
    change(&random, changes, 60, 256);
    ok(true, "%ld changes, some of damaged shadow tables", changes);
    eq_int(unit_integer(index_db, "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
           "no memory is left");
    sqlite3_close(index_db);
    return done();
}
