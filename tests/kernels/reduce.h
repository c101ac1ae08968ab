/* Tests and models of the kernels that give one value. */
#ifndef SQA_TEST_REDUCE_H
#define SQA_TEST_REDUCE_H

#include "harness.h"

/* Sums: 256 bits in digits of 32, least significant first, as on paper */

struct big {
    uint32_t digit[8];
};

static void big_add(struct big *sum, const struct big *x) {
    uint64_t carry = 0;
    for (int i = 0; i < 8; i++) {
        carry += (uint64_t)sum->digit[i] + x->digit[i];
        sum->digit[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static struct big big_product(int64_t x, int64_t y) {
    const uint32_t a[2] = {(uint32_t)magnitude(x), (uint32_t)(magnitude(x) >> 32)};
    const uint32_t b[2] = {(uint32_t)magnitude(y), (uint32_t)(magnitude(y) >> 32)};
    struct big r = {{0}};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            const uint64_t p = (uint64_t)a[i] * b[j];
            struct big shifted = {{0}};
            shifted.digit[i + j] = (uint32_t)p;
            shifted.digit[i + j + 1] = (uint32_t)(p >> 32);
            big_add(&r, &shifted);
        }
    if ((x < 0) != (y < 0)) {
        const struct big one = {{1}};
        for (int i = 0; i < 8; i++)
            r.digit[i] = ~r.digit[i];
        big_add(&r, &one);
    }
    return r;
}

static struct big model_sum(int64_t x) {
    return big_product(x, 1);
}
static struct big model_sumsq(int64_t x) {
    return big_product(x, x);
}
static struct big model_dot(int64_t x, int64_t y) {
    return big_product(x, y);
}

/* A sum to begin with, in both forms */
static struct sqa_wide wide_before(struct big *big) {
    struct sqa_wide w;
    for (int i = 0; i < 4; i++) {
        w.limb[i] = sqa_random_next(&generator);
        big->digit[2 * i] = (uint32_t)w.limb[i];
        big->digit[2 * i + 1] = (uint32_t)(w.limb[i] >> 32);
    }
    return w;
}

static void expect_wide(const struct sqa_wide *w, const struct big *big, size_t n) {
    bool same = true;
    for (int i = 0; i < 4; i++)
        same &= w->limb[i] == ((uint64_t)big->digit[2 * i + 1] << 32 | big->digit[2 * i]);
    expect(same, "of %zu elements", n);
}

static void test_sum(sqa_sum_fn *kernel, struct big (*model)(int64_t x)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        struct big expected;
        struct sqa_wide w = wide_before(&expected);
        kernel(a.data, n, &w);
        for (size_t i = 0; i < n; i++) {
            const struct big term = model(a.x[i]);
            big_add(&expected, &term);
        }
        expect_wide(&w, &expected, n);
        vector_free(&a);
    }
}

static void test_dot(sqa_dot_fn *kernel, struct big (*model)(int64_t x, int64_t y)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        struct vector b = vector_new(n, style == SAME ? SAME : random_style());
        struct big expected;
        struct sqa_wide w = wide_before(&expected);
        kernel(a.data, b.data, n, &w);
        for (size_t i = 0; i < n; i++) {
            const struct big term = model(a.x[i], b.x[i]);
            big_add(&expected, &term);
        }
        expect_wide(&w, &expected, n);
        vector_free(&a);
        vector_free(&b);
    }
}

/* Reductions */

static bool model_min(int64_t x, int64_t best) {
    return x < best;
}
static bool model_max(int64_t x, int64_t best) {
    return x > best;
}

static void test_extreme(sqa_extreme_fn *kernel, bool (*better)(int64_t x, int64_t best)) {
    FOR_LENGTHS(n, style, LONG) {
        if (n == 0)
            continue;
        struct vector a = vector_new(n, style);
        int64_t best = a.x[0];
        for (size_t i = 1; i < n; i++)
            best = better(a.x[i], best) ? a.x[i] : best;
        const int64_t got = kernel(a.data, n);
        expect(got == best, "of %zu elements: got %lld, expected %lld", n, (long long)got,
               (long long)best);
        vector_free(&a);
    }
}

static size_t model_count(const int64_t *x, int64_t v, size_t n) {
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += x[i] == v;
    return found;
}
static size_t model_find(const int64_t *x, int64_t v, size_t n) {
    size_t i = 0;
    while (i < n && x[i] != v)
        i++;
    return i;
}

static void test_search(sqa_search_fn *kernel,
                        size_t (*model)(const int64_t *x, int64_t v, size_t n)) {
    FOR_LENGTHS(n, style, HUGE) {
        struct vector a = vector_new(n, style);
        const int64_t sought[] = {n > 0 ? a.x[0] : 0, n > 0 ? a.x[n - 1] : 0,
                                  n > 0 ? a.x[random_below(n)] : 1, random_element(style)};
        for (size_t i = 0; i < sizeof sought / sizeof *sought; i++) {
            const size_t got = kernel(a.data, sought[i], n), expected = model(a.x, sought[i], n);
            expect(got == expected, "%lld in %zu elements: got %zu, expected %zu",
                   (long long)sought[i], n, got, expected);
        }
        vector_free(&a);
    }
}

static size_t model_mismatch(const int64_t *x, const int64_t *y, size_t n) {
    size_t i = 0;
    while (i < n && x[i] == y[i])
        i++;
    return i;
}

static void test_mismatch(sqa_mismatch_fn *kernel,
                          size_t (*model)(const int64_t *x, const int64_t *y, size_t n)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        int64_t *y = allocate(n * sizeof *y);
        memcpy(y, a.x, n * sizeof *y);
        for (size_t changes = random_below(3); n > 0 && changes > 0; changes--) {
            size_t at = random_below(n); /* one bit: the lowest, the sign, or any */
            const unsigned bits = 8 * now.width;
            const uint64_t bit = (uint64_t)1 << (style == FULL ? bits - 1 : random_below(bits));
            const uint64_t changed = (uint64_t)y[at] ^ bit;
            y[at] = (int64_t)(changed << (64 - bits)) >> (64 - bits);
        }
        struct vector b = vector_of(y, n, now.width, now.width);
        const size_t got = kernel(a.data, b.data, n), expected = model(a.x, b.x, n);
        expect(got == expected, "%zu elements: got %zu, expected %zu", n, got, expected);
        vector_free(&a);
        vector_free(&b);
    }
}

#endif
