/*
** The kernels sort and nth in every instruction set of this machine, compared with qsort(): all
** small lengths and some large ones, inputs with many patterns. Arrays and scratch memory begin
** or end at an inaccessible page, with guard bytes on the other side.
*/
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <stdlib.h>
#include <sys/mman.h>

#include "kernel/dispatch.h"
#include "unit.h"

enum { PAGE = 1 << 16, LARGEST = 140000, ARENA = (LARGEST * 8 / PAGE + 2) * PAGE, GUARD = 0xa5 };

/* ARENA bytes between two pages without access */
static uint8_t *arena_make(void) {
    uint8_t *const p = mmap(NULL, ARENA + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if ((void *)p == MAP_FAILED || mprotect(p + PAGE, ARENA, PROT_READ | PROT_WRITE) != 0)
        abort();
    memset(p + PAGE, GUARD, ARENA);
    return p + PAGE;
}

/* Where `size` bytes stand in an arena: at its end or, if low, its beginning */
static uint8_t *place(uint8_t *arena, size_t size, bool low) {
    return low ? arena : arena + ARENA - size;
}

/* Whether the bytes next to them are what they were; as far as a kernel could stray */
static bool guarded(const uint8_t *arena, size_t size, bool low) {
    const uint8_t *const guard = low ? arena + size : arena + ARENA - size - 256;
    for (int i = 0; i < 256; i++) {
        if (guard[i] != GUARD)
            return false;
    }
    return true;
}

static int64_t get(const void *a, size_t i, unsigned w) {
    switch (w) {
    case 0:
        return ((const int8_t *)a)[i];
    case 1:
        return ((const int16_t *)a)[i];
    case 2:
        return ((const int32_t *)a)[i];
    default:
        return ((const int64_t *)a)[i];
    }
}

static void put(void *a, size_t i, unsigned w, int64_t x) {
    switch (w) {
    case 0:
        ((int8_t *)a)[i] = (int8_t)x;
        break;
    case 1:
        ((int16_t *)a)[i] = (int16_t)x;
        break;
    case 2:
        ((int32_t *)a)[i] = (int32_t)x;
        break;
    default:
        ((int64_t *)a)[i] = x;
    }
}

/* xorshift64* (S. Vigna, 2014) */
static uint64_t random64(void) {
    static uint64_t x = 88172645463325252u;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return x * 2685821657736338717u;
}

static const char *const shapes[] = {
    "random",      "three values",     "equal",           "ascending",         "descending",
    "organ pipe",  "sawtooth",         "extremes",        "ascending but one", "descending but one",
    "small range", "small at samples", "large at samples"};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

/* Element i of n, in the numbers of 8 << w bits */
static int64_t shaped(int shape, size_t i, size_t n, unsigned w) {
    const unsigned spare = 64 - (8u << w);
    const int64_t max = INT64_MAX >> spare, min = -max - 1;
    const uint64_t range = UINT64_MAX >> spare;
    const size_t stride = n / 8 > 0 ? n / 8 : 1;
    const int64_t rising = (int64_t)((uint64_t)min + range / n * i);
    switch (shape) {
    case 0:
        return (int64_t)random64() >> spare;
    case 1:
        return (int64_t)(random64() % 3) - 1;
    case 2:
        return min;
    case 3:
        return rising;
    case 4:
        return ~rising;
    case 5:
        return i < n / 2 ? rising : (int64_t)((uint64_t)min + range / n * (n - 1 - i));
    case 6:
        return (int64_t)(i % 17);
    case 7:
        return (const int64_t[]){min, max, 0, -1}[random64() % 4];
    case 8:
        return i == n / 2 ? min : rising;
    case 9:
        return i == n - 1 ? max : ~rising;
    case 10:
        return 100 - (int64_t)(random64() % 28);
    case 11:
        return i % stride == 0 ? min + (int64_t)(i / stride) : (int64_t)random64() >> spare;
    default:
        return i % stride == 0 ? max - (int64_t)(i / stride) : (int64_t)random64() >> spare;
    }
}

static int compare(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static const struct sqa_kernels *sets[SQA_ISA_MOST];
static size_t set_count;
static uint8_t *array_arena, *scratch_arena;
static int64_t input[LARGEST], sorted[LARGEST];

/* A number that tells which elements there are, whatever their order */
static uint64_t contents(const void *a, size_t n, unsigned w) {
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t x = (uint64_t)get(a, i, w) * 2685821657736338717u;
        sum += (x ^ x >> 32) * 2685821657736338717u;
    }
    return sum;
}

static bool is_sorted(const void *a, size_t n, unsigned w) {
    for (size_t i = 0; i < n; i++) {
        if (get(a, i, w) != sorted[i])
            return false;
    }
    return true;
}

static bool is_split(const void *a, size_t n, size_t k, unsigned w) {
    for (size_t i = 0; i < n; i++) {
        if (i < k ? get(a, i, w) > sorted[k] : get(a, i, w) < sorted[k])
            return false;
    }
    return get(a, k, w) == sorted[k] && contents(a, n, w) == contents(sorted, n, 3);
}

/* Runs sort, or nth if k < n, on input[0..n): is the result right, and nothing else written? */
static bool run(const struct sqa_kernels *set, unsigned w, size_t n, size_t k) {
    const size_t size = n << w;
    const bool low = n % 2 == 0;
    uint8_t *const a = place(array_arena, size, low);
    uint8_t *const scratch = place(scratch_arena, size, low);
    for (size_t i = 0; i < n; i++)
        put(a, i, w, input[i]);
    bool right;
    if (k < n) {
        right = set->nth[w](a, n, k, scratch, NULL) == sorted[k] && is_split(a, n, k, w);
    } else {
        set->sort[w](a, n, scratch, NULL);
        right = is_sorted(a, n, w);
    }
    right = right && guarded(array_arena, size, low) && guarded(scratch_arena, size, low);
    memset(a, GUARD, size);
    memset(scratch, GUARD, size);
    if (!right)
        printf("# %s, n = %zu, k = %zu\n", set->isa, n, k);
    return right;
}

static bool test_length(int shape, size_t n, unsigned w) {
    for (size_t i = 0; i < n; i++)
        input[i] = sorted[i] = shaped(shape, i, n, w);
    qsort(sorted, n, sizeof(sorted[0]), compare);
    bool right = true;
    for (size_t s = 0; s < set_count; s++) {
        right &= run(sets[s], w, n, n);
        const size_t some[] = {0, n / 3, n / 2, n - 1, random64() % (n + 1)};
        const bool all = n < 20 || n == 129 || n == 257;
        for (size_t i = 0; i < (all ? n : 5); i++)
            right &= run(sets[s], w, n, all ? i : some[i]);
    }
    return right;
}

/*
** What makes nth partition in vain, as long as it does: in each round the samples are the smallest
** of what is left, and the largest is sought. The elements get their values when they are first
** sampled. (After M. D. McIlroy, "A killer adversary for quicksort", 1999.) The order in which a
** round leaves elements is that of sort_plain_tpl.h.
*/
static void resist_nth(size_t n) {
    static size_t left[LARGEST], next[LARGEST]; /* numbers of elements, in the order of the round */
    size_t m = n, values = 0;
    for (size_t i = 0; i < n; i++) {
        left[i] = i;
        input[i] = -1;
    }
    while (m > 128) {
        const size_t root = m < 16384 ? 8 : 16, count = root * root, step = m / count;
        int64_t sample[256];
        for (size_t i = 0; i < count; i++) {
            int64_t *const value = &input[left[step * i]];
            if (*value < 0)
                *value = (int64_t)values++;
            sample[i] = *value;
        }
        qsort(sample, count, sizeof sample[0], compare);
        const int64_t pivot = sample[(m - 1) / (step + 1) - root];
        size_t high = 0;
        for (size_t i = m; i-- > 0;) {
            if (input[left[i]] < 0 || input[left[i]] > pivot)
                next[high++] = left[i];
        }
        memcpy(left, next, high * sizeof left[0]);
        m = high;
    }
    for (size_t i = 0; i < n; i++) {
        if (input[i] < 0)
            input[i] = (int64_t)values++;
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = (int64_t)i;
}

/*
** Before each partition of sort: puts the smallest elements that are left where it takes its
** samples.
*/
static struct {
    uint8_t *from, *to;
    size_t n;
    unsigned w, asked;
    bool largest; /* whether the largest elements, all equal, were split off in place */
} resistance;

static bool resist_sort(void *unused) {
    const unsigned w = resistance.w;
    const size_t count = resistance.n < 65536 ? 32 : 64, step = resistance.n / count;
    const bool largest = resistance.largest && resistance.asked++ == 0;
    (void)unused;
    if (resistance.n < 4096)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t best = i;
        for (size_t j = i; j < resistance.n; j++) { /* the first i are chosen already */
            const int64_t x = get(resistance.from, j, w), y = get(resistance.from, best, w);
            if (largest ? x > y : x < y)
                best = j;
        }
        const int64_t x = get(resistance.from, best, w);
        put(resistance.from, best, w, get(resistance.from, i, w));
        put(resistance.from, i, w, x);
    }
    for (size_t i = count; i-- > 1;) { /* from the front to their places, the last one first */
        const int64_t x = get(resistance.from, i, w);
        put(resistance.from, i, w, get(resistance.from, step * i, w));
        put(resistance.from, step * i, w, x);
    }
    if (largest) {
        resistance.n -= count;
        return false;
    }
    const size_t low = count / 2 + 1;
    uint8_t *const rest = resistance.to + (low << w);
    resistance.to = resistance.from + (low << w);
    resistance.from = rest;
    resistance.n -= low;
    return false;
}

/*
** Sorts in spite of that. The resistance ends with the partitions, of which no more than so many
** are tried.
*/
static bool run_resisted(const struct sqa_kernels *set, unsigned w, size_t n, bool largest) {
    struct sqa_poll poll = {resist_sort, NULL, false};
    uint8_t *const a = place(array_arena, n << w, false);
    uint8_t *const scratch = place(scratch_arena, n << w, false);
    for (size_t i = 0; i < n; i++)
        input[i] = sorted[i] =
            largest && i < 32 ? INT64_MAX >> (64 - (8u << w)) : shaped(0, i, n, w);
    qsort(sorted, n, sizeof(sorted[0]), compare);
    for (size_t i = 0; i < n; i++)
        put(a, i, w, input[i]);
    resistance.from = a, resistance.to = scratch;
    resistance.n = n, resistance.w = w;
    resistance.asked = 0, resistance.largest = largest;
    set->sort[w](a, n, scratch, &poll);
    const bool right = is_sorted(a, n, w) && guarded(array_arena, n << w, false) &&
                       guarded(scratch_arena, n << w, false);
    memset(a, GUARD, n << w);
    memset(scratch, GUARD, n << w);
    return right;
}

static void test_resistance(void) {
    for (size_t s = 0; s < set_count; s++) {
        for (unsigned w = 1; w < 4; w++) {
            resist_nth(10007);
            ok(run(sets[s], w, 10007, 10006), "%s, %d bits: nth, where all partitions are in vain",
               sets[s]->isa, 8 << w);
        }
        for (unsigned w = 2; w < 4; w++)
            ok(run_resisted(sets[s], w, 10007, false) && run_resisted(sets[s], w, 10007, true),
               "%s, %d bits: sort, likewise", sets[s]->isa, 8 << w);
    }
}

int main(void) {
    array_arena = arena_make();
    scratch_arena = arena_make();
    set_count = sqa_kernels_list(sets);
    for (unsigned w = 0; w < 4; w++) {
        for (int shape = 0; shape < SHAPES; shape++) {
            bool right = true;
            for (size_t n = 0; n <= 300; n++)
                right &= test_length(shape, n, w);
            ok(right, "%d bits, %s, up to 300 elements", 8 << w, shapes[shape]);
            /* 131073 is where counting replaces radix for 16 bits */
            ok(test_length(shape, 1000, w) && test_length(shape, 4096, w) &&
                   test_length(shape, 10007, w) && test_length(shape, 131072, w) &&
                   ((w != 1 && !unit_thorough()) || test_length(shape, 131073, w)),
               "%d bits, %s, many elements", 8 << w, shapes[shape]);
        }
    }
    test_resistance();
    return done();
}
