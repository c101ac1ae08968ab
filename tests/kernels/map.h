/* Tests and models of the kernels that give a vector as long as their input. */
#ifndef SQA_TEST_MAP_H
#define SQA_TEST_MAP_H

#include "harness.h"

/* Maps: a model gives the fault of one element, and its result where it has none of its own. */

struct mapped {
    int64_t *x;      /* the results; */
    unsigned *fault; /* or what is wrong with them */
    struct bytes dst;
    struct sqa_acc acc;
};

static struct mapped mapped_new(size_t n) {
    acc_before.sig = n % 2 == 0 ? 0 : UINT64_MAX; /* known to be wide: the loops that do not look */
    struct mapped m = {allocate(n * sizeof *m.x), allocate(n * sizeof *m.fault),
                       bytes_new(n * now.width, now.width), acc_before};
    return m;
}

static void mapped_set(struct mapped *m, size_t i, unsigned fault, int64_t x) {
    m->x[i] = x;
    m->fault[i] = fault != 0 || fits(x) ? fault : SQA_FAULT_OVERFLOW;
}

/* Compares what the kernel has left in m->dst and m->acc with the model, and frees all. */
static void mapped_check(struct mapped *m, size_t n) {
    struct sqa_acc acc = acc_before;
    for (size_t i = 0; i < n; i++) {
        acc.fault |= m->fault[i];
        acc.sig |= sqa_sig(m->x[i]);
        const int64_t got = get(m->dst.data, now.width, i);
        expect(m->fault[i] != 0 || got == m->x[i], "element %zu of %zu: got %lld, expected %lld", i,
               n, (long long)got, (long long)m->x[i]);
    }
    expect(m->acc.fault == acc.fault, "%zu elements: faults %x, expected %x", n, m->acc.fault,
           acc.fault);
    expect(acc.fault != acc_before.fault || (sqa_sig_width(m->acc.sig) == sqa_sig_width(acc.sig) &&
                                             (m->acc.sig & acc_before.sig) == acc_before.sig),
           "%zu elements: significance %llx, expected %llx", n, (unsigned long long)m->acc.sig,
           (unsigned long long)acc.sig);
    output_free(&m->dst);
    free(m->x);
    free(m->fault);
}

enum form { VV, VS, SV };

typedef unsigned binary_model(int64_t *r, int64_t x, int64_t y);

static unsigned model_add(int64_t *r, int64_t x, int64_t y) {
    return __builtin_add_overflow(x, y, r) ? SQA_FAULT_OVERFLOW : 0;
}
static unsigned model_sub(int64_t *r, int64_t x, int64_t y) {
    return __builtin_sub_overflow(x, y, r) ? SQA_FAULT_OVERFLOW : 0;
}
static unsigned model_mul(int64_t *r, int64_t x, int64_t y) {
    return __builtin_mul_overflow(x, y, r) ? SQA_FAULT_OVERFLOW : 0;
}
static unsigned model_div(int64_t *r, int64_t x, int64_t y) {
    if (y == 0)
        return SQA_FAULT_DIVISION;
    if (x == INT64_MIN && y == -1)
        return SQA_FAULT_OVERFLOW;
    *r = x / y;
    return 0;
}
static unsigned model_mod(int64_t *r, int64_t x, int64_t y) {
    if (y == 0)
        return SQA_FAULT_DIVISION;
    *r = y == -1 ? 0 : x % y;
    return 0;
}
static unsigned model_floor_div(int64_t *r, int64_t x, int64_t y) {
    const unsigned fault = model_div(r, x, y);
    if (fault == 0 && *r * y != x && (x < 0) != (y < 0)) /* it was rounded up */
        --*r;
    return fault;
}
static unsigned model_floor_mod(int64_t *r, int64_t x, int64_t y) {
    const unsigned fault = model_mod(r, x, y);
    if (fault == 0 && *r != 0 && (*r < 0) != (y < 0))
        *r += y;
    return fault;
}
static unsigned model_pow(int64_t *r, int64_t x, int64_t y) {
    if (y < 0)
        return SQA_FAULT_EXPONENT;
    if (x == 0 || x == 1 || x == -1) {
        *r = y == 0 || (x == -1 && y % 2 == 0) ? 1 : x;
        return 0;
    }
    *r = 1;
    for (; y > 0; y--) {
        if (__builtin_mul_overflow(*r, x, r))
            return SQA_FAULT_OVERFLOW;
    }
    return 0;
}
static unsigned model_least(int64_t *r, int64_t x, int64_t y) {
    return *r = x < y ? x : y, 0;
}
static unsigned model_greatest(int64_t *r, int64_t x, int64_t y) {
    return *r = x > y ? x : y, 0;
}
static unsigned model_bit_and(int64_t *r, int64_t x, int64_t y) {
    return *r = x & y, 0;
}
static unsigned model_bit_or(int64_t *r, int64_t x, int64_t y) {
    return *r = x | y, 0;
}
static unsigned model_bit_xor(int64_t *r, int64_t x, int64_t y) {
    return *r = x ^ y, 0;
}
/* Bit by bit; after 64 of them nothing changes any more. */
static int64_t shift(int64_t x, bool left, uint64_t count) {
    for (count = count > 64 ? 64 : count; count > 0; count--)
        x = left ? (int64_t)((uint64_t)x << 1) : x >> 1;
    return x;
}
static uint64_t magnitude(int64_t x) {
    return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}
static unsigned model_shl(int64_t *r, int64_t x, int64_t y) {
    return *r = shift(x, y >= 0, magnitude(y)), 0;
}
static unsigned model_shr(int64_t *r, int64_t x, int64_t y) {
    return *r = shift(x, y < 0, magnitude(y)), 0;
}

static void test_binary(sqa_binary_fn *kernel, enum form form, binary_model *model) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(form == SV ? 1 : n, style);
        struct vector b = vector_new(form == VS ? 1 : n, random_style());
        struct mapped m = mapped_new(n);
        for (size_t i = 0; i < n; i++) {
            int64_t x = 0;
            const unsigned fault = model(&x, a.x[form == SV ? 0 : i], b.x[form == VS ? 0 : i]);
            mapped_set(&m, i, fault, x);
        }
        kernel(m.dst.data, a.data, b.data, n, &m.acc);
        mapped_check(&m, n);
        vector_free(&a);
        vector_free(&b);
    }
}

typedef unsigned unary_model(int64_t *r, int64_t x);

static unsigned model_abs(int64_t *r, int64_t x) {
    return x < 0 ? model_sub(r, 0, x) : (*r = x, 0u);
}
static unsigned model_popcount(int64_t *r, int64_t x) {
    *r = 0;
    for (int bit = 0; bit < 64; bit++)
        *r += x >> bit & 1;
    return 0;
}

static void test_unary(sqa_unary_fn *kernel, unary_model *model) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style);
        struct mapped m = mapped_new(n);
        for (size_t i = 0; i < n; i++) {
            int64_t x = 0;
            const unsigned fault = model(&x, a.x[i]);
            mapped_set(&m, i, fault, x);
        }
        kernel(m.dst.data, a.data, n, &m.acc);
        mapped_check(&m, n);
        vector_free(&a);
    }
}

static int64_t model_clip(int64_t x, int64_t lo, int64_t hi) {
    return x < lo ? lo : x > hi ? hi : x;
}

static void test_clip(sqa_clip_fn *kernel, int64_t (*model)(int64_t x, int64_t lo, int64_t hi)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style), bounds = vector_new(2, ASCENDING);
        struct mapped m = mapped_new(n);
        for (size_t i = 0; i < n; i++)
            mapped_set(&m, i, 0, model(a.x[i], bounds.x[0], bounds.x[1]));
        kernel(m.dst.data, a.data, bounds.x[0], bounds.x[1], n, &m.acc);
        mapped_check(&m, n);
        vector_free(&a);
        vector_free(&bounds);
    }
}

static int64_t model_blend(uint8_t mask, int64_t x, int64_t y) {
    return mask != 0 ? x : y;
}

static void test_blend(sqa_blend_fn *kernel, int64_t (*model)(uint8_t mask, int64_t x, int64_t y)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style), b = vector_new(n, random_style());
        struct mapped m = mapped_new(n);
        uint8_t *mask = mask_new(n);
        for (size_t i = 0; i < n; i++)
            mapped_set(&m, i, 0, model(mask[i], a.x[i], b.x[i]));
        kernel(m.dst.data, mask, a.data, b.data, n, &m.acc);
        mapped_check(&m, n);
        vector_free(&a);
        vector_free(&b);
        free(mask);
    }
}

static int64_t model_series(int64_t start, int64_t step, size_t i) {
    return (int64_t)((uint64_t)start + i * (uint64_t)step);
}

static void test_series(sqa_series_fn *kernel,
                        int64_t (*model)(int64_t start, int64_t step, size_t i)) {
    FOR_LENGTHS(n, style, LONG) {
        /* a step with which n elements stay inside the type, both ways; at 64 bits any */
        const int64_t widest = most() / (int64_t)(n + 1);
        const int64_t start = now.width == 8 ? random_element(style) : random_element(style) / 2;
        int64_t step = widest > 1 ? random_element(FULL) % widest / 2 : 0;
        if (now.width == 8 && style % 2 == 0)
            step = random_element(style);
        struct bytes dst = bytes_new(n * now.width, now.width);
        kernel(dst.data, start, step, n);
        for (size_t i = 0; i < n; i++) {
            const int64_t got = get(dst.data, now.width, i);
            expect(got == model(start, step, i), "start %lld, step %lld, at %zu: got %lld",
                   (long long)start, (long long)step, i, (long long)got);
        }
        output_free(&dst);
    }
}

/* Comparisons */

static bool model_eq(int64_t x, int64_t y) {
    return x == y;
}
static bool model_ne(int64_t x, int64_t y) {
    return x != y;
}
static bool model_lt(int64_t x, int64_t y) {
    return x < y;
}
static bool model_le(int64_t x, int64_t y) {
    return x <= y;
}

static void expect_byte(const struct bytes *dst, size_t i, bool expected) {
    expect(dst->data[i] == expected, "at %zu of %zu: got %d, expected %d", i, dst->size,
           dst->data[i], expected);
}

static void test_compare(sqa_compare_fn *kernel, enum form form,
                         bool (*model)(int64_t x, int64_t y)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(form == SV ? 1 : n, style);
        struct vector b = vector_new(form == VS ? 1 : n, random_style());
        struct bytes dst = bytes_new(n, 1);
        kernel(dst.data, a.data, b.data, n);
        for (size_t i = 0; i < n; i++)
            expect_byte(&dst, i, model(a.x[form == SV ? 0 : i], b.x[form == VS ? 0 : i]));
        output_free(&dst);
        vector_free(&a);
        vector_free(&b);
    }
}

static bool model_between(int64_t x, int64_t lo, int64_t hi) {
    return lo <= x && x <= hi;
}

static void test_between(sqa_between_fn *kernel, bool (*model)(int64_t x, int64_t lo, int64_t hi)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        /* bounds inside the type and outside, in order and out of it */
        const int64_t lo = (int64_t)sqa_random_next(&generator) >> random_below(64);
        const int64_t hi = random_below(8) == 0 ? INT64_MAX : random_element(random_style());
        struct vector a = vector_new(n, style);
        struct bytes dst = bytes_new(n, 1);
        kernel(dst.data, a.data, lo, hi, n);
        for (size_t i = 0; i < n; i++)
            expect_byte(&dst, i, model(a.x[i], lo, hi));
        output_free(&dst);
        vector_free(&a);
    }
}

/* Conversions: the models read element i of the width they are named for. */

static int64_t model_from8(const void *src, size_t i) {
    return get(src, 1, i);
}
static int64_t model_from16(const void *src, size_t i) {
    return get(src, 2, i);
}
static int64_t model_from32(const void *src, size_t i) {
    return get(src, 4, i);
}
static int64_t model_from64(const void *src, size_t i) {
    return get(src, 8, i);
}

static void test_convert(sqa_convert_fn *kernel, int64_t (*model)(const void *src, size_t i)) {
    const unsigned from = model == model_from8    ? 1
                          : model == model_from16 ? 2
                          : model == model_from32 ? 4
                                                  : 8;
    FOR_LENGTHS(n, style, LONG) {
        int64_t *x = allocate(n * sizeof *x);
        for (size_t i = 0; i < n; i++)
            x[i] = style == FULL ? (int64_t)sqa_random_next(&generator) : random_element(style);
        struct vector a = vector_of(x, n, from, 1);
        struct bytes dst = bytes_new(n * now.width, now.width);
        kernel(dst.data, a.data, n);
        for (size_t i = 0; i < n; i++) {
            unsigned char low[8]; /* the low bits of what the model reads */
            put(low, now.width, 0, model(a.data, i));
            expect(memcmp(low, dst.data + i * now.width, now.width) == 0, "at %zu of %zu", i, n);
        }
        output_free(&dst);
        vector_free(&a);
    }
}

static uint64_t model_sig(int64_t x) {
    return (uint64_t)(x < 0 ? -1 - x : x);
}

static void test_sig(sqa_sig_fn *kernel, uint64_t (*model)(int64_t x)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        uint64_t sig = 0;
        for (size_t i = 0; i < n; i++)
            sig |= model(a.x[i]);
        expect(kernel(a.data, n) == sig, "of %zu elements", n);
        vector_free(&a);
    }
}

/* Running results: a model gives the next from the last, or a fault. */

typedef unsigned scan_model(int64_t *running, int64_t x);

static unsigned model_cumsum(int64_t *running, int64_t x) {
    return __builtin_add_overflow(*running, x, running) ? SQA_FAULT_OVERFLOW : 0;
}
static unsigned model_cumprod(int64_t *running, int64_t x) {
    return __builtin_mul_overflow(*running, x, running) ? SQA_FAULT_OVERFLOW : 0;
}
static unsigned model_cummin(int64_t *running, int64_t x) {
    *running = x < *running ? x : *running;
    return 0;
}
static unsigned model_cummax(int64_t *running, int64_t x) {
    *running = x > *running ? x : *running;
    return 0;
}

static void test_scan(sqa_scan_fn *kernel, scan_model *model) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style);
        struct mapped m = mapped_new(n);
        if (style == SMALL && random_below(2) == 0) { /* so that long products and sums fit too */
            for (size_t i = 0; i < n; i++) {
                a.x[i] = a.x[i] < 0 ? -1 : 1;
                put(a.bytes.data, now.width, i, a.x[i]);
            }
        }
        const int64_t before = random_below(2) == 0 ? random_element(style) : 1;
        int64_t running = before, x = before;
        unsigned fault = 0;
        for (size_t i = 0; i < n; i++) {
            fault |= model(&x, a.x[i]);
            fault |= fits(x) ? 0 : SQA_FAULT_OVERFLOW;
            mapped_set(&m, i, fault, x);
        }
        if (fault != 0) { /* leaves all of them unspecified, also those before */
            for (size_t i = 0; i < n; i++)
                m.fault[i] = fault;
        }
        kernel(m.dst.data, a.data, n, &running, &m.acc);
        expect(fault != 0 || running == x, "%zu elements: ends at %lld, expected %lld", n,
               (long long)running, (long long)x);
        mapped_check(&m, n);
        vector_free(&a);
    }
}

#endif
