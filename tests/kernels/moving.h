/* Tests and models of the kernels of moving windows, and of convolution. */
#ifndef SQA_TEST_MOVING_H
#define SQA_TEST_MOVING_H

#include "reduce.h"

/* *sum += x - y, also where it leaves 64 bits */
static void model_moving_sum(struct big *sum, int64_t x, int64_t y) {
    const struct big added = big_product(x, 1), taken = big_product(y, -1);
    big_add(sum, &added);
    big_add(sum, &taken);
}

static bool big_is(const struct big *big, const struct sqa_wide *w) {
    bool same = true;
    for (int i = 0; i < 4; i++)
        same &= w->limb[i] == ((uint64_t)big->digit[2 * i + 1] << 32 | big->digit[2 * i]);
    return same;
}

static void test_moving_sum(sqa_moving_sum_fn *kernel,
                            void (*model)(struct big *sum, int64_t x, int64_t y)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector enter = vector_new(n, style), leave = vector_new(n, random_style());
        const int64_t before = random_element(FULL);
        struct big sum = big_product(before, 1);
        struct sqa_wide rest = {{0}};
        sqa_wide_add(&rest, before);
        struct bytes dst = bytes_new(n * sizeof(int64_t), sizeof(int64_t));
        const size_t done = kernel((int64_t *)(void *)dst.data, enter.data, leave.data, n, &rest);
        size_t i = 0;
        for (; i < n; i++) {
            struct big result = sum;
            model(&result, enter.x[i], 0);
            struct sqa_wide w = {{0}};
            const int64_t got = get(dst.data, 8, i);
            sqa_wide_add(&w, got);
            if (i < done ? !big_is(&result, &w) : true)
                break;
            model(&sum, enter.x[i], leave.x[i]);
        }
        expect(i == done, "%zu elements: %zu done, %zu of them right", n, done, i);
        if (done == n) {
            expect(big_is(&sum, &rest), "the rest after %zu elements", n);
        } else { /* then the next one must not have fitted */
            struct big result = sum;
            model(&result, enter.x[done], 0);
            struct sqa_wide w = {{0}};
            sqa_wide_add(&w, (int64_t)((uint64_t)result.digit[1] << 32 | result.digit[0]));
            expect(!big_is(&result, &w), "%zu of %zu fits", done, n);
        }
        output_free(&dst);
        vector_free(&enter);
        vector_free(&leave);
    }
}

static bool model_moving_min(int64_t x, int64_t best) {
    return x < best;
}
static bool model_moving_max(int64_t x, int64_t best) {
    return x > best;
}

static int64_t model_extreme(const int64_t *x, size_t w, bool (*better)(int64_t x, int64_t best)) {
    int64_t best = x[0];
    for (size_t i = 1; i < w; i++)
        best = better(x[i], best) ? x[i] : best;
    return best;
}

static void test_moving(sqa_moving_fn *kernel, bool (*better)(int64_t x, int64_t best)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        const size_t w = 1 + random_below(n < SQA_WINDOW ? n + 1 : SQA_WINDOW);
        if (n < w)
            continue;
        struct vector a = vector_new(n, style);
        const size_t windows = n - w + 1;
        struct bytes dst = bytes_new(windows * now.width, now.width);
        kernel(dst.data, a.data, windows, w);
        for (size_t i = 0; i < windows; i++) {
            expect(get(dst.data, now.width, i) == model_extreme(a.x + i, w, better),
                   "window %zu at %zu of %zu", w, i, n);
        }
        output_free(&dst);
        vector_free(&a);
    }
}

#define model_moving_min_join model_moving_min
#define model_moving_max_join model_moving_max

static void test_moving_join(sqa_moving_join_fn *kernel, bool (*better)(int64_t x, int64_t best)) {
    FOR_LENGTHS(windows, style, BLOCKS) {
        if (windows == 0)
            continue;
        const size_t w = SQA_WINDOW + 1 + random_below(300), n = windows + w - 1;
        struct vector x = vector_new(n, style);
        const size_t row_count = n / SQA_WINDOW, between = w / SQA_WINDOW - 1;
        const size_t g_count = (windows + SQA_WINDOW - 1) / SQA_WINDOW;
        int64_t *a = allocate((n - SQA_WINDOW + 1) * sizeof *a);
        int64_t *rows = allocate(row_count * sizeof *rows), *g = allocate(g_count * sizeof *g);
        for (size_t i = 0; i + SQA_WINDOW <= n; i++)
            a[i] = model_extreme(x.x + i, SQA_WINDOW, better);
        for (size_t k = 0; k < row_count; k++)
            rows[k] = a[k * SQA_WINDOW];
        for (size_t k = 0; k < g_count; k++)
            g[k] = between > 0    ? model_extreme(rows + k + 1, between, better)
                   : better(0, 1) ? most()
                                  : least();
        struct vector va = vector_of(a, n - SQA_WINDOW + 1, now.width, now.width);
        struct vector vrows = vector_of(rows, row_count, now.width, now.width);
        struct vector vg = vector_of(g, g_count, now.width, now.width);
        struct bytes dst = bytes_new(windows * now.width, now.width);
        kernel(dst.data, va.data, windows, w, vrows.data, vg.data);
        for (size_t i = 0; i < windows; i++)
            expect(get(dst.data, now.width, i) == model_extreme(x.x + i, w, better),
                   "window %zu at %zu of %zu", w, i, n);
        output_free(&dst);
        vector_free(&x);
        vector_free(&va);
        vector_free(&vrows);
        vector_free(&vg);
    }
}

static int64_t model_convolve(int64_t sum, int64_t x, int64_t tap) {
    return sum + x * tap;
}

/* Of elements small enough for the sums, as the contract has it. */
static void test_convolve(sqa_convolve_fn *kernel,
                          int64_t (*model)(int64_t sum, int64_t x, int64_t tap)) {
    const unsigned sum_width = now.width < 8 ? 2 * now.width : 8;
    FOR_LENGTHS(n, style, BLOCKS) {
        const size_t m = random_below(2) == 0 ? random_below(9) : random_below(70);
        struct vector a = vector_new(n + m, style), taps = vector_new(m, random_style());
        struct vector *const both[] = {&a, &taps};
        for (int v = 0; v < 2; v++) { /* 70 products of numbers of 4, 12, 28 or 28 bits */
            const unsigned bits = now.width == 1 ? 4 : now.width == 2 ? 12 : 28;
            for (size_t i = 0; i < both[v]->n; i++) {
                both[v]->x[i] = both[v]->x[i] % ((int64_t)1 << bits);
                put(both[v]->bytes.data, now.width, i, both[v]->x[i]);
            }
        }
        struct bytes dst = bytes_new(n * sum_width, sum_width);
        int64_t *expected = allocate(n * sizeof *expected);
        for (size_t i = 0; i < n; i++) {
            expected[i] = (int64_t)random_below(100) - 50;
            put(dst.data, sum_width, i, expected[i]);
            for (size_t j = 0; j < m; j++)
                expected[i] = model(expected[i], a.x[i + j], taps.x[j]);
        }
        kernel(dst.data, a.data, taps.data, n, m);
        for (size_t i = 0; i < n; i++)
            expect(get(dst.data, sum_width, i) == expected[i], "%zu taps, at %zu of %zu", m, i, n);
        free(expected);
        output_free(&dst);
        vector_free(&a);
        vector_free(&taps);
    }
}

#endif
