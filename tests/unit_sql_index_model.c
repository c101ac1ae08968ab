/*
** An array_index against scans of its table: random changes with every conflict clause, UPSERT, savepoints, commands, and
** questions in every form after each of them (tests/index/operations.h).
**
** N     changes (3000)
** SEED  of them (1)
*/
#define _POSIX_C_SOURCE 200809L
#include "index/operations.h"

#include "core/random.h"

int main(void) {
    enum { BYTES = 30, CHANGES = 500 };
    const char *n = getenv("N"), *seed = getenv("SEED");
    const long changes = n == NULL ? 3000 : strtol(n, NULL, 10);
    struct sqa_random random =
        sqa_random_seeded(seed == NULL ? 1 : strtoll(seed, NULL, 10));
    static uint8_t bytes[CHANGES * BYTES];
    long done_changes = 0;
    while (done_changes < changes) {
        for (size_t i = 0; i < sizeof bytes; i++) /* 255 damages a table */
            bytes[i] = (uint8_t)sqa_random_below(&random, 255);
        struct fuzz_input input = {bytes, sizeof bytes};
        index_run(&input, CHANGES);
        done_changes += CHANGES;
    }
    ok(true, "%ld changes, and the index answered as the table", done_changes);
    sqlite3_close(index_db);
    return done();
}
