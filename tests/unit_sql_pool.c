/*
** memory/pool: size and alignment of buffers, which buffers are kept and reused, limits,
** counters, failing allocations. The pool is linked in and used without SQL.
*/
#include <sys/resource.h>

#include "memory/pool.h"
#include "unit_sql.h"

enum { MB = 1 << 20 };

/* Gives the linked-in extension SQLite's interface, which comes with the first connection. */
static void start(void) {
    sqlite3 *db;
    unit_memory_install();
    sqlite3_auto_extension((void (*)(void))sqlite3_array_init);
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        unit_bail_out("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    sqlite3_reset_auto_extension();
}

static void *take(struct sqa_pool *pool, uint64_t size) {
    void *buffer = sqa_pool_take(pool, size);
    if (buffer == NULL)
        unit_bail_out("no buffer of %" PRIu64 " bytes", size);
    return buffer;
}

/*
** Keeps a buffer of each of these sizes (a 0 ends the list): the first has been unused the longest.
*/
static void keep(struct sqa_pool *pool, const uint64_t *sizes) {
    void *buffers[10];
    int n = 0;
    for (; sizes[n] > 0; n++)
        buffers[n] = take(pool, sizes[n]);
    for (int i = 0; i < n; i++)
        sqa_pool_give(buffers[i]);
}

/*
** Is a request of this size served by a kept buffer? Afterwards the same ones are kept as before.
*/
static bool is_kept(struct sqa_pool *pool, uint64_t size) {
    struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    const int64_t hits = stats->hits, limit = stats->pool_limit;
    void *buffer = take(pool, size);
    const bool hit = stats->hits == hits + 1;
    if (!hit)
        stats->pool_limit = 0; /* a new one is not to be kept */
    sqa_pool_give(buffer);
    stats->pool_limit = limit;
    return hit;
}

static void test_fit(void) {
    static const uint64_t sizes[] = {
        1,    8,      55,   56,     57,           63,     64,         65,         127,  128,
        129,  1000,   4000, 4031,   4032,         4033,   4095,       4096,       4097, 8191,
        8192, MB - 1, MB,   MB + 1, 4 * MB - 500, 4 * MB, 4 * MB + 1, 5 * MB + 77};
    struct sqa_pool *pool = sqa_pool_new(NULL);
    const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    int64_t live = 0, peak = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const uint64_t spare = sizes[i] / 8 < 32 << 10 ? sizes[i] / 8 : 32 << 10;
        const uint64_t most = sizes[i] > 512 ? sizes[i] + spare : 512;
        unsigned char *buffer = take(pool, sizes[i]);
        const uint64_t capacity = sqa_pool_capacity(buffer);
        memset(buffer, (int)i, capacity);
        live += (int64_t)capacity;
        peak = live > peak ? live : peak;
        ok(((uintptr_t)buffer + 8) % 64 == 0 && capacity >= sizes[i] && capacity <= most &&
               capacity % 64 == 0,
           "%" PRIu64 " bytes: aligned, room for %" PRIu64, sizes[i], capacity);
        ok(stats->live_bytes == live && stats->peak_bytes == peak, "is counted");
        sqa_pool_give(buffer);
        live -= (int64_t)capacity;
        sqa_pool_trim(pool);
    }
    eq_int(stats->live_bytes, 0, "nothing is live");
    eq_int(stats->pooled_bytes, 0, "nothing is kept");
    eq_int(stats->takes, sizeof sizes / sizeof *sizes, "takes");
    eq_int(stats->misses, stats->takes, "misses");
    eq_int(stats->hits, 0, "hits");
    eq_int(stats->trims, stats->takes, "trims");
    ok(((uintptr_t)sqa_pool_small(pool) + 8) % 64 == 0, "the small buffer is aligned");
    memset(sqa_pool_small(pool), 1, SQA_SMALL);
    eq_int((int64_t)sqa_pool_capacity(sqa_pool_small(pool)), SQA_SMALL, "and as large as it says");
    eq_int(stats->pool_limit, SQA_POOL_BYTES, "the default limit");
    sqa_pool_release(pool);
}

/*
** A kept buffer serves requests that it is large enough for, of its class and of the seven below:
** of down to about half its size.
*/
static void test_reuse(void) {
    static const struct {
        uint64_t kept, asked;
        bool reused;
    } cases[] = {{MB, MB, true},
                 {MB, MB - 5000, true},
                 {MB, MB + 1, false},
                 {MB + 8192, MB + 4096, true},
                 {MB + 4096, MB + 8192, true},
                 {MB + 4096, MB + 32 * 1024, true},
                 {MB + 4096, MB + 32 * 1024 + 1, false},
                 {MB / 4 + 4096, MB / 4 + 32 * 1024, true},
                 {MB / 4 + 4096, MB / 4 + 32 * 1024 + 1, false},
                 {3 * MB, 2 * MB, true},
                 {3 * MB, 2 * MB - 1, true},
                 {3 * MB, 3 * MB / 2 + 1, true},
                 {3 * MB, 3 * MB / 2, false},
                 {5 * MB / 2, 5 * MB / 4 + 1, true},
                 {5 * MB / 2, 5 * MB / 4, false},
                 {2 * MB, MB + 1, true},
                 {2 * MB, MB, false},
                 {4 * MB, 2 * MB, false},
                 {15 * MB / 8, MB, true},
                 {15 * MB / 8, 15 * MB / 16, false},
                 {960, 1, true},
                 {961, 1, false},
                 {64, 1, true},
                 {1, 512, true},
                 {1, 513, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sqa_pool *pool = sqa_pool_new(NULL);
        const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
        sqa_pool_give(take(pool, cases[i].kept));
        const int64_t kept = stats->pooled_bytes;
        void *buffer = take(pool, cases[i].asked);
        eq_int(stats->hits, cases[i].reused, "%" PRIu64 " bytes kept, %" PRIu64 " asked for",
               cases[i].kept, cases[i].asked);
        eq_int(stats->pooled_bytes, cases[i].reused ? 0 : kept, "kept meanwhile");
        ok(sqa_pool_capacity(buffer) >= cases[i].asked, "large enough");
        sqa_pool_give(buffer);
        sqa_pool_release(pool);
    }
}

/* Sizes that no memory has; UINT64_MAX stands for one that would have wrapped. */
static void test_too_large(void) {
    static const uint64_t sizes[] = {UINT64_MAX, UINT64_MAX - 7, (uint64_t)1 << 63,
                                     (uint64_t)1 << 41, (uint64_t)1 << 40};
    struct sqa_pool *pool = sqa_pool_new(NULL);
    const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    char *buffer = take(pool, 1000);
    memset(buffer, 7, 1000);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct sqa_pool_stats before = *stats;
        ok(sqa_pool_take(pool, sizes[i]) == NULL, "no buffer of %" PRIu64 " bytes", sizes[i]);
        ok(sqa_pool_grow(pool, buffer, 1000, sizes[i]) == NULL && buffer[999] == 7,
           "nor does one grow to that");
        ok(stats->takes == before.takes + 1 && stats->misses == before.misses + 1 &&
               stats->live_bytes == before.live_bytes,
           "the request is counted, as a miss");
    }
    sqa_pool_give(buffer);
    sqa_pool_release(pool);
}

/*
** What was of no use for 4,096 requests is freed, whether they were served or not; what is used
** stays.
*/
static void test_idle(void) {
    struct sqa_pool *pool = sqa_pool_new(NULL);
    const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    keep(pool, (const uint64_t[]){8 * MB, MB, 0});
    for (int i = 0; i < 4096; i++)
        sqa_pool_give(take(pool, MB));
    eq_int(stats->pooled_bytes, 9 * MB, "kept for 4096 requests");
    sqa_pool_give(take(pool, MB));
    eq_int(stats->pooled_bytes, MB, "and no longer");
    eq_int(stats->trims, 0, "which no limit has asked for");
    sqa_pool_release(pool);
}

/* Kept buffers in any order of coming and going, of one class and of many. */
static void test_kept(void) {
    struct sqa_pool *pool = sqa_pool_new(NULL);
    const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    static const uint64_t sizes[] = {MB, 8 * MB, MB / 8, 2 * MB + 4096, MB / 32, 0};
    for (int taken = 0; taken < 5; taken++) {
        keep(pool, sizes);
        int64_t all = stats->pooled_bytes;
        void *buffer = take(pool, sizes[taken]);
        const int64_t size = (int64_t)sqa_pool_capacity(buffer);
        eq_int(stats->pooled_bytes, all - size, "one of five taken: %d", taken);
        for (int i = 0; i < 5; i++)
            ok(is_kept(pool, sizes[i]) == (i != taken), "the others are there: %d", i);
        sqa_pool_give(buffer);
        eq_int(stats->pooled_bytes, all, "and back");
        eq_int(sqa_pool_trim(pool), all, "trim tells the bytes");
        eq_int(stats->pooled_bytes, 0, "and leaves none");
        eq_int(sqa_pool_trim(pool), 0, "trim again");
    }
    /* of one class: the newest first */
    void *same[4];
    for (int i = 0; i < 4; i++)
        same[i] = take(pool, MB);
    for (int i = 0; i < 4; i++)
        sqa_pool_give(same[i]);
    for (int i = 3; i >= 0; i--)
        ok(take(pool, MB) == same[i], "the newest first: %d", i);
    eq_int(stats->pooled_bytes, 0, "none is left");
    for (int i = 0; i < 4; i++)
        sqa_pool_give(same[i]);
    sqa_pool_trim(pool);
    /* of one class: those that are too small are passed over */
    keep(pool, (const uint64_t[]){MB + 96 * 1024, MB, MB + 64 * 1024, MB + 32 * 1024, 0});
    void *larger = take(pool, MB + 64 * 1024 + 1);
    eq_int((int64_t)sqa_pool_capacity(larger), MB + 96 * 1024, "the only one that is large enough");
    sqa_pool_give(larger);
    sqa_pool_release(pool);
}

static void test_limit(void) {
    struct sqa_pool *pool = sqa_pool_new(NULL);
    const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    keep(pool, (const uint64_t[]){MB, 3 * MB, 8 * MB, 0});
    const int64_t trims = stats->trims;
    sqa_pool_set_limit(pool, 12 * MB);
    ok(stats->pooled_bytes == 12 * MB && stats->trims == trims, "what is at the limit stays");
    sqa_pool_set_limit(pool, 12 * MB - 1);
    ok(stats->pooled_bytes == 11 * MB && stats->trims == trims + 1, "the oldest goes first");
    ok(!is_kept(pool, MB), "it is gone");
    sqa_pool_set_limit(pool, 12 * MB);
    keep(pool, (const uint64_t[]){2 * MB - 4096, 0});
    ok(stats->pooled_bytes <= 12 * MB, "a new one within the limit");
    sqa_pool_trim(pool);
    keep(pool, (const uint64_t[]){MB, 8 * MB, 0});
    sqa_pool_give(take(pool, 4 * MB));
    eq_int(stats->pooled_bytes, 12 * MB, "the oldest makes room for the newest");
    ok(!is_kept(pool, MB), "it is gone");
    sqa_pool_trim(pool);
    void *buffer = take(pool, 12 * MB), *larger = take(pool, 12 * MB + 1);
    sqa_pool_give(buffer);
    eq_int(stats->pooled_bytes, 12 * MB, "one as large as the limit is kept");
    sqa_pool_give(larger);
    eq_int(stats->pooled_bytes, 12 * MB, "a larger one is not");
    sqa_pool_set_limit(pool, 0);
    eq_int(stats->pooled_bytes, 0, "none is kept");
    sqa_pool_give(take(pool, 100));
    eq_int(stats->pooled_bytes, 0, "not even a small one");
    sqa_pool_release(pool);
}

static bool holds(const unsigned char *buffer, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (buffer[i] != (unsigned char)(i * 7 + i / 251))
            return false;
    return true;
}

static unsigned char *filled(struct sqa_pool *pool, size_t n) {
    unsigned char *buffer = take(pool, n);
    for (size_t i = 0; i < n; i++)
        buffer[i] = (unsigned char)(i * 7 + i / 251);
    return buffer;
}

static void test_grow(void) {
    struct sqa_pool *pool = sqa_pool_new(NULL);
    const struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    for (size_t n = 100; n < 9 * MB; n = n * 7 / 2 + 1) {
        unsigned char *buffer = filled(pool, n);
        const uint64_t capacity = sqa_pool_capacity(buffer);
        ok(sqa_pool_grow(pool, buffer, n, capacity) == buffer, "room for %zu bytes is there", n);
        const int64_t misses = stats->misses, takes = stats->takes;
        buffer = sqa_pool_grow(pool, buffer, n, capacity + 1);
        ok(holds(buffer, n) && ((uintptr_t)buffer + 8) % 64 == 0, "grown, it holds them");
        ok(stats->misses == misses + 1 && stats->takes == takes + 1, "is counted");
        const int64_t room = (int64_t)sqa_pool_capacity(buffer);
        ok(room > (int64_t)capacity && stats->live_bytes == room, "live");
        memset(buffer, 1, (size_t)room);
        sqa_pool_give(buffer);
        buffer = filled(pool, n);
        buffer = sqa_pool_grow(pool, buffer, n, capacity + 1);
        ok(holds(buffer, n), "by a kept one, too");
        sqa_pool_give(buffer);
        sqa_pool_trim(pool);
    }
    unsigned char *small = filled(pool, 1000), *kept = take(pool, MB);
    sqa_pool_give(kept);
    ok(sqa_pool_grow(pool, small, 1000, MB) == kept && holds(kept, 1000), "a kept one is used");
    eq_int(stats->live_bytes, MB, "alone it is live");
    sqa_pool_trim(pool);
    unit_memory_fail(1, true);
    ok(sqa_pool_grow(pool, kept, 1000, 3 * MB) == NULL, "without memory it does not grow");
    unit_memory_fail(0, false);
    ok(holds(kept, 1000) && stats->live_bytes == MB, "and stays what it is");
    sqa_pool_give(kept);
    sqa_pool_release(pool);
}

/* The pool gives up what it keeps before memory runs out. */
static void test_memory(void) {
    struct sqa_pool *pool = sqa_pool_new(NULL);
    struct sqa_pool_stats *stats = sqa_pool_stats(pool);
    sqa_pool_give(take(pool, MB));
    unit_memory_fail(1, false);
    void *buffer = sqa_pool_take(pool, 4 * MB);
    unit_memory_fail(0, false);
    ok(buffer != NULL, "refused once, it asks again");
    eq_int(stats->pooled_bytes, 0, "after giving up what was kept");
    sqa_pool_give(buffer);
    const struct sqa_pool_stats before = *stats;
    unit_memory_fail(1, true);
    buffer = sqa_pool_take(pool, 9 * MB);
    ok(buffer == NULL && unit_memory.refused == 2, "refused twice, it is over");
    ok(stats->pooled_bytes == 0 && stats->live_bytes == 0, "nothing is kept or live");
    ok(stats->takes == before.takes + 1 && stats->misses == before.misses + 1, "is counted");
    unit_memory_fail(1, true);
    ok(sqa_pool_take(pool, 9 * MB) == NULL && unit_memory.refused == 1,
       "with nothing to give up, once");
    ok(sqa_pool_new(NULL) == NULL, "no pool");
    unit_memory_fail(2, true);
    ok(sqa_pool_new(NULL) == NULL, "no buffer for a pool");
    unit_memory_fail(0, false);

    for (int hard = 0; hard < 2; hard++) {
        sqa_pool_give(take(pool, 4 * MB));
        const int64_t used = sqlite3_memory_used(), trims = stats->trims;
        const int64_t limit = used + 2 * MB;
        (void)(hard ? sqlite3_hard_heap_limit64(limit) : sqlite3_soft_heap_limit64(limit));
        buffer = take(pool, MB);
        ok(stats->trims == trims && stats->pooled_bytes == 4 * MB, "below a limit nothing changes");
        sqa_pool_give(buffer);
        const long requests = unit_memory.requests;
        buffer = take(pool, 5 * MB / 2 - 1000);
        ok(stats->trims == trims + 1 && stats->pooled_bytes == 0, "a limit would be crossed: trim");
        eq_int(unit_memory.requests, requests + 1, "before the request, which is the only one");
        sqa_pool_give(buffer);
        sqa_pool_trim(pool);
        sqlite3_hard_heap_limit64(0);
        sqlite3_soft_heap_limit64(0);
    }
    sqa_pool_give(take(pool, 4 * MB));
    sqa_pool_give(take(pool, 9 * MB));
    eq_int(stats->pooled_bytes, 13 * MB, "without a limit all is kept");
    sqa_pool_release(pool);
}

static void test_holds(void) {
    const long live = unit_memory.live;
    struct sqa_pool *pool = sqa_pool_new(NULL);
    void *a = take(pool, 100), *b = take(pool, MB);
    sqa_pool_give(take(pool, 5 * MB));
    sqa_pool_release(pool);
    ok(unit_memory.live > live, "buffers hold the pool");
    memset(b, 1, MB);
    sqa_pool_give(a);
    ok(unit_memory.live > live, "the last of them, too");
    sqa_pool_give(b);
    eq_int(unit_memory.live, live, "and with it all is freed");
    sqa_pool_give(NULL);
    unsigned char *object = sqa_object_new(1000);
    bool zero = true;
    for (int i = 0; i < 1000; i++)
        zero &= object[i] == 0;
    ok(zero, "objects are zeroed");
    sqa_object_free(object);
    sqa_object_free(NULL);
    char *message = sqa_message("%d and %s", 7, "text");
    eq_text(message, "7 and text", "a message");
    sqlite3_free(message);
    eq_int(unit_memory.live, live, "all is freed");
}

static long page_faults(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

/*
** Of a large buffer that grows the pages move: a copy would have to find new ones, even huge ones
** of 2 MB.
*/
static void test_moved(void) {
#if !defined(__GLIBC__) || SQA_SANITIZED
    skip("a large buffer grows", "this realloc copies");
#else
    struct sqa_pool *pool = sqa_pool_new(NULL);
    unsigned char *buffer = take(pool, 64 * MB);
    memset(buffer, 7, 64 * MB);
    const long before = page_faults();
    unsigned char *grown = sqa_pool_grow(pool, buffer, 64 * MB, 200 * MB);
    const long faults = page_faults() - before;
    ok(grown != NULL && grown[64 * MB - 1] == 7 && faults < 16,
       "a large buffer grows: %ld page faults", faults);
    sqa_pool_give(grown != NULL ? grown : buffer);
    sqa_pool_release(pool);
#endif
}

int main(void) {
    start();
    test_fit();
    test_too_large();
    test_reuse();
    test_idle();
    test_kept();
    test_limit();
    test_grow();
    test_moved();
    test_memory();
    test_holds();
    return done();
}
