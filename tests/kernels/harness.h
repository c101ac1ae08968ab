/* What the tests of all kernels share: the report, guarded memory, vectors of every kind and
 * length. */
#ifndef SQA_TEST_HARNESS_H
#define SQA_TEST_HARNESS_H

#include <stddef.h>
#include <stdlib.h>

#include "core/random.h"
#include "kernel/kernels.h"
#include "../unit.h"

/* What is being tested, for the report; and how often it was wrong. */
static struct {
    const char *name, *isa;
    unsigned width;
    int wrong;
} now;

static void begin(const char *name, const char *isa, unsigned width) {
    now.name = name;
    now.isa = isa;
    now.width = width;
    now.wrong = 0;
}

static void finish(void) {
    ok(now.wrong == 0, "%s, %u bits, %s", now.name, now.width * 8, now.isa);
}

/* Counts a mistake unless right is true, and describes the first few. */
SQA_UNIT_FORMAT(2, 3)
static void expect(bool right, const char *what, ...) {
    if (right || ++now.wrong > 3)
        return;
    va_list args;
    va_start(args, what);
    printf("# %s, %u bits, %s: ", now.name, now.width * 8, now.isa);
    vprintf(what, args);
    putchar('\n');
    va_end(args);
}

/* Memory */

static void *allocate(size_t size) {
    void *memory = malloc(size > 0 ? size : 1);
    if (memory == NULL)
        abort();
    return memory;
}

static struct sqa_random generator;

static size_t random_below(size_t bound) {
    return (size_t)sqa_random_below(&generator, bound);
}

/* Bytes at an address that is a multiple of `align`, if of nothing more, between guards */
struct bytes {
    unsigned char *block, *data;
    size_t size;
};
enum { GUARD = 64, GUARD_BYTE = 0xa5 };

static struct bytes bytes_new(size_t size, size_t align) {
    const size_t before = GUARD + align * random_below(64 / align);
    struct bytes b = {allocate(before + size + GUARD), NULL, size};
    b.data = b.block + before;
    memset(b.block, GUARD_BYTE, before + size + GUARD);
    return b;
}

/* The same without a guard behind: a sanitizer sees what is read past the end. */
static struct bytes input_new(size_t size, size_t align) {
    const size_t before = GUARD + align * random_below(64 / align);
    struct bytes b = {allocate(before + size), NULL, size};
    b.data = b.block + before;
    return b;
}

static void bytes_free(struct bytes *b) {
    free(b->block);
}

/* Frees an output, after a look at what stands around it. */
static void output_free(struct bytes *b) {
    bool intact = true;
    for (const unsigned char *p = b->block; p < b->data; p++)
        intact &= *p == GUARD_BYTE;
    for (size_t i = 0; i < GUARD; i++)
        intact &= b->data[b->size + i] == GUARD_BYTE;
    expect(intact, "wrote outside its %zu bytes", b->size);
    free(b->block);
}

/* Elements */

static int64_t get(const void *data, unsigned width, size_t i) {
    const unsigned char *at = (const unsigned char *)data + i * width;
    int8_t x1;
    int16_t x2;
    int32_t x4;
    int64_t x8;
    switch (width) {
    case 1:
        return memcpy(&x1, at, 1), x1;
    case 2:
        return memcpy(&x2, at, 2), x2;
    case 4:
        return memcpy(&x4, at, 4), x4;
    default:
        return memcpy(&x8, at, 8), x8;
    }
}

static void put(void *data, unsigned width, size_t i, int64_t x) {
    const int8_t x1 = (int8_t)x;
    const int16_t x2 = (int16_t)x;
    const int32_t x4 = (int32_t)x;
    unsigned char *at = (unsigned char *)data + i * width;
    memcpy(at,
           width == 1   ? (const void *)&x1
           : width == 2 ? (const void *)&x2
           : width == 4 ? (const void *)&x4
                        : &x,
           width);
}

static int64_t most(void) {
    return now.width == 8 ? INT64_MAX : ((int64_t)1 << (8 * now.width - 1)) - 1;
}

static int64_t least(void) {
    return -most() - 1;
}

static bool fits(int64_t x) {
    return least() <= x && x <= most();
}

/* Kinds of vectors */
enum style { SAME, FULL, SMALL, ANY_SIZE, HALF, EXTREMES, ASCENDING, DESCENDING, STYLES };

/* One element of the current width; those of HALF have products that fit. */
static int64_t random_element(enum style style) {
    const int64_t extremes[] = {
        least(), least() + 1, least() / 2,    -2, -1, 0, 1, 2, 3, most() / 2,
        most(),  most() - 1,  least() / 2 - 1};
    const unsigned bits = 8 * now.width;
    const uint64_t random = sqa_random_next(&generator);
    switch (style) {
    case EXTREMES:
        return extremes[random % (sizeof extremes / sizeof *extremes)];
    case SMALL:
        return (int64_t)(random % 9) - 4;
    case ANY_SIZE: /* of every number of significant bits about as many */
        return (int64_t)random >> (64 - bits + random % bits);
    case HALF:
        return (int64_t)random >> (64 - bits / 2 + 1);
    default:
        return (int64_t)random >> (64 - bits);
    }
}

static int compare_int64(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/*
** Sorts integers of the current width by one byte after another, the lowest first: qsort() would
** take most of the time of these tests.
*/
static void sort_int64(int64_t *x, size_t n) {
    if (n < 256) {
        qsort(x, n, sizeof *x, compare_int64);
        return;
    }
    int64_t *sorted = allocate(n * sizeof *x);
    for (unsigned shift = 0; shift < 8 * now.width; shift += 8) {
        const unsigned sign =
            shift + 8 == 8 * now.width ? 0x80 : 0; /* the negative ones come first */
        size_t place[257] = {0};
        for (size_t i = 0; i < n; i++)
            place[(((uint64_t)x[i] >> shift & 0xff) ^ sign) + 1]++;
        for (unsigned byte = 0; byte < 256; byte++)
            place[byte + 1] += place[byte];
        for (size_t i = 0; i < n; i++)
            sorted[place[((uint64_t)x[i] >> shift & 0xff) ^ sign]++] = x[i];
        memcpy(x, sorted, n * sizeof *x);
    }
    free(sorted);
}

static void reverse(int64_t *x, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        const int64_t swap = x[i];
        x[i] = x[n - 1 - i];
        x[n - 1 - i] = swap;
    }
}

/* A vector, as the kernel sees it and as the model does */
struct vector {
    struct bytes bytes;
    const void *data; /* n elements of the current width */
    int64_t *x;       /* the same */
    size_t n;
};

static struct vector vector_of(int64_t *x, size_t n, unsigned width, size_t align) {
    struct vector v = {input_new(n * width, align), NULL, x, n};
    v.data = v.bytes.data;
    for (size_t i = 0; i < n; i++)
        put(v.bytes.data, width, i, x[i]);
    return v;
}

static struct vector vector_new(size_t n, enum style style) {
    int64_t *x = allocate(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = random_element(style);
    if (style == SAME && n > 0) {
        for (size_t i = 1; i < n; i++)
            x[i] = x[0];
        if (n > 1 && random_below(2) == 0)
            x[random_below(n)] = random_element(FULL);
    }
    if (style == ASCENDING || style == DESCENDING)
        sort_int64(x, n);
    if (style == DESCENDING)
        reverse(x, n);
    return vector_of(x, n, now.width, now.width);
}

static void vector_free(struct vector *v) {
    bytes_free(&v->bytes);
    free(v->x);
}

/* n values of 0 and 1 */
static uint8_t *mask_new(size_t n) {
    uint8_t *mask = allocate(n);
    const size_t often = random_below(5);
    for (size_t i = 0; i < n; i++)
        mask[i] = random_below(4) < often;
    return mask;
}

/*
** The lengths: all up to 130 (if not thorough up to 34), then some around blocks and counters. Ends
** over `last`.
*/
#define BLOCKS 1024 /* the most that SQA_BLOCK allows */
#define LONG   4099
#define HUGE   140001
static size_t next_length(size_t n) {
    static const size_t lengths[] = {255,  256,  257,  1000,  1023, 1024,
                                     1025, 2048, LONG, 65537, HUGE, SIZE_MAX};
    if (n < 130)
        return n + (n < 34 || unit_thorough() ? 1 : 8);
    size_t i = 0;
    while (lengths[i] <= n)
        i++;
    return lengths[i];
}
/* Long vectors do not come in every style. */
static enum style next_style(enum style style, size_t n) {
    const bool thorough = unit_thorough();
    const unsigned next = style + (n > LONG ? (thorough ? 3 : 7) : n > 130 && !thorough ? 5 : 1);
    return next > STYLES ? STYLES : (enum style)next;
}

/* Runs the statement for all lengths n up to last, in many styles. */
#define FOR_LENGTHS(n, style, last)                                                                \
    for (size_t n = 0; n <= (last); n = next_length(n))                                            \
        for (enum style style = 0; style != STYLES; style = next_style(style, n))

static enum style random_style(void) {
    return (enum style)random_below(STYLES);
}

/* What the accumulators begin with: bits that no kernel sets, and none may clear. */
static struct sqa_acc acc_before = {0, 1u << 20};

#endif
