/* Tests and models of the kernels that fold vectors into one that is kept. */
#ifndef SQA_TEST_FOLD_H
#define SQA_TEST_FOLD_H

#include "harness.h"

static int64_t model_least_into(int64_t kept, int64_t x) {
    return x < kept ? x : kept;
}
static int64_t model_greatest_into(int64_t kept, int64_t x) {
    return x > kept ? x : kept;
}

static int64_t model_and_into(int64_t kept, int64_t x) {
    return kept & x;
}
static int64_t model_or_into(int64_t kept, int64_t x) {
    return kept | x;
}
static int64_t model_and_not_into(int64_t kept, int64_t x) {
    return kept & ~x;
}

static void test_fold(sqa_fold_fn *kernel, int64_t (*model)(int64_t kept, int64_t x)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector kept = vector_new(n, style), a = vector_new(n, random_style());
        struct bytes dst = bytes_new(n * now.width, now.width);
        if (n > 0)
            memcpy(dst.data, kept.data, n * now.width);
        kernel(dst.data, a.data, n);
        for (size_t i = 0; i < n; i++)
            expect(get(dst.data, now.width, i) == model(kept.x[i], a.x[i]), "at %zu of %zu", i, n);
        output_free(&dst);
        vector_free(&kept);
        vector_free(&a);
    }
}

static uint64_t model_add_into(uint64_t sum, int64_t x) {
    return sum + (uint64_t)x;
}
static uint64_t model_sub_into(uint64_t sum, int64_t x) {
    return sum - (uint64_t)x;
}

static void test_gather_sum(sqa_gather_sum_fn *kernel, uint64_t (*model)(uint64_t sum, int64_t x)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        uint64_t *before = allocate(n * sizeof *before);
        struct bytes dst = bytes_new(n * sizeof *before, sizeof *before);
        for (size_t i = 0; i < n; i++) {
            before[i] = sqa_random_next(&generator);
            put(dst.data, 8, i, (int64_t)before[i]);
        }
        kernel((uint64_t *)(void *)dst.data, a.data, n);
        for (size_t i = 0; i < n; i++)
            expect((uint64_t)get(dst.data, 8, i) == model(before[i], a.x[i]), "at %zu of %zu", i,
                   n);
        output_free(&dst);
        free(before);
        vector_free(&a);
    }
}

static uint64_t model_add_wrapping(uint64_t x, uint64_t addend) {
    return x + addend;
}

/* The low bits of x as an element of the width that is being tested */
static int64_t wrapped(uint64_t x) {
    const unsigned unused = 64 - 8 * now.width;
    return (int64_t)(x << unused) >> unused;
}

static void test_add_wrapping(sqa_add_wrapping_fn *kernel,
                              uint64_t (*model)(uint64_t x, uint64_t addend)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        struct bytes dst = bytes_new(n * now.width, now.width);
        const uint64_t addend = sqa_random_next(&generator);
        if (n > 0)
            memcpy(dst.data, a.data, n * now.width);
        kernel(dst.data, (int64_t)addend, n);
        for (size_t i = 0; i < n; i++)
            expect(get(dst.data, now.width, i) == wrapped(model((uint64_t)a.x[i], addend)),
                   "at %zu of %zu", i, n);
        output_free(&dst);
        vector_free(&a);
    }
}

static uint64_t model_add_ramp(uint64_t x, uint64_t start, uint64_t step, size_t i) {
    return x + start + step * i;
}

static void test_add_ramp(sqa_add_ramp_fn *kernel,
                          uint64_t (*model)(uint64_t x, uint64_t start, uint64_t step, size_t i)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        struct bytes dst = bytes_new(n * now.width, now.width);
        const uint64_t start = sqa_random_next(&generator), step = sqa_random_next(&generator);
        if (n > 0)
            memcpy(dst.data, a.data, n * now.width);
        kernel(dst.data, (int64_t)start, (int64_t)step, n);
        for (size_t i = 0; i < n; i++)
            expect(get(dst.data, now.width, i) == wrapped(model((uint64_t)a.x[i], start, step, i)),
                   "at %zu of %zu", i, n);
        output_free(&dst);
        vector_free(&a);
    }
}

static uint64_t model_cumsum_wrapping(uint64_t running, uint64_t x, uint64_t step) {
    return running + x + step;
}

static void test_cumsum_wrapping(sqa_cumsum_wrapping_fn *kernel,
                                 uint64_t (*model)(uint64_t running, uint64_t x, uint64_t step)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        struct bytes dst = bytes_new(n * now.width, now.width);
        const uint64_t step = sqa_random_next(&generator), start = sqa_random_next(&generator);
        uint64_t expected = start;
        int64_t running = (int64_t)start;
        if (n > 0)
            memcpy(dst.data, a.data, n * now.width);
        kernel(dst.data, n, (int64_t)step, &running);
        for (size_t i = 0; i < n; i++) {
            expected = model(expected, (uint64_t)a.x[i], step);
            expect(get(dst.data, now.width, i) == wrapped(expected), "at %zu of %zu", i, n);
        }
        expect(running == wrapped(expected), "the last of %zu", n);
        output_free(&dst);
        vector_free(&a);
    }
}

static int64_t model_tally(int64_t count) {
    return count + 1;
}

static void test_tally(sqa_tally_fn *kernel, int64_t (*model)(int64_t count)) {
    for (size_t n = 0; n <= LONG; n = next_length(n)) {
        const size_t places = n / 20 + 1; /* no count leaves 8 bits: see below */
        struct bytes counts = bytes_new(places * now.width, now.width);
        int64_t *at = allocate(n * sizeof *at), *expected = allocate(places * sizeof *expected);
        for (size_t i = 0; i < places; i++)
            put(counts.data, now.width, i, expected[i] = (int64_t)random_below(9));
        for (size_t i = 0; i < n; i++) {
            do
                at[i] = (int64_t)random_below(places);
            while (expected[at[i]] == INT8_MAX);
            expected[at[i]] = model(expected[at[i]]);
        }
        kernel(counts.data, at, n);
        for (size_t i = 0; i < places; i++)
            expect(get(counts.data, now.width, i) == expected[i], "place %zu of %zu", i, places);
        output_free(&counts);
        free(at);
        free(expected);
    }
}

#endif
