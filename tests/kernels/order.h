/* Tests and models of the kernels that sort and search, and of those on sets. */
#ifndef SQA_TEST_ORDER_H
#define SQA_TEST_ORDER_H

#include "reduce.h"

/* Sets and order */

static bool model_isin(const int64_t *set, size_t m, int64_t x) {
    return model_find(set, x, m) < m;
}

static void test_isin(sqa_isin_fn *kernel, bool (*model)(const int64_t *set, size_t m, int64_t x)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style);
        const size_t m = random_below(2) == 0 ? random_below(12) : random_below(300);
        struct vector any = vector_new(m, style);
        int64_t *sorted = allocate(m * sizeof *sorted);
        memcpy(sorted, any.x, m * sizeof *sorted);
        for (size_t i = 0; i < m && n > 0; i += 2) /* half of them are found */
            sorted[i] = a.x[random_below(n)];
        sort_int64(sorted, m);
        struct vector set = vector_of(sorted, m, now.width, now.width);
        struct bytes dst = bytes_new(n, 1);
        kernel(dst.data, a.data, n, set.data, m);
        for (size_t i = 0; i < n; i++)
            expect_byte(&dst, i, model(set.x, m, a.x[i]));
        output_free(&dst);
        vector_free(&a);
        vector_free(&any);
        vector_free(&set);
    }
}

static void model_sort(int64_t *x, size_t n) {
    sort_int64(x, n);
}

static void test_sort(sqa_sort_fn *kernel, void (*model)(int64_t *x, size_t n)) {
    FOR_LENGTHS(n, style, HUGE) {
        struct vector a = vector_new(n, style);
        struct bytes array = bytes_new(n * now.width, now.width);
        struct bytes scratch = bytes_new(n * now.width, now.width);
        memcpy(array.data, a.data, n * now.width);
        kernel(array.data, n, scratch.data, NULL);
        model(a.x, n);
        for (size_t i = 0; i < n; i++)
            expect(get(array.data, now.width, i) == a.x[i], "at %zu of %zu", i, n);
        output_free(&array);
        output_free(&scratch);
        vector_free(&a);
    }
}

/* The smallest of those in order that is k-th from 0 */
static int64_t model_nth(int64_t *x, size_t n, size_t k) {
    model_sort(x, n);
    return x[k];
}

static void test_nth(sqa_nth_fn *kernel, int64_t (*model)(int64_t *x, size_t n, size_t k)) {
    FOR_LENGTHS(n, style, 65537) {
        if (n == 0)
            continue;
        struct vector a = vector_new(n, style);
        struct bytes array = bytes_new(n * now.width, now.width);
        struct bytes scratch = bytes_new(n * now.width, now.width);
        const size_t places[] = {0, n - 1, n / 2, random_below(n)}, k = places[random_below(4)];
        memcpy(array.data, a.data, n * now.width);
        const int64_t got = kernel(array.data, n, k, scratch.data, NULL),
                      expected = model(a.x, n, k);
        expect(got == expected, "number %zu of %zu: got %lld, expected %lld", k, n, (long long)got,
               (long long)expected);
        int64_t *after = allocate(n * sizeof *after);
        for (size_t i = 0; i < n; i++) {
            after[i] = get(array.data, now.width, i);
            expect(i < k ? after[i] <= expected : after[i] >= expected, "%zu is on the wrong side",
                   i);
        }
        expect(after[k] == expected, "%zu is not in its place", k);
        model_sort(after, n);
        expect(memcmp(after, a.x, n * sizeof *after) == 0, "%zu elements are not the same", n);
        free(after);
        output_free(&array);
        output_free(&scratch);
        vector_free(&a);
    }
}

static bool model_descent(int64_t before, int64_t x) {
    return x < before;
}

static void test_descent(sqa_descent_fn *kernel, bool (*model)(int64_t before, int64_t x)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        if (style == ASCENDING && n > 1 && random_below(2) == 0) { /* one small step down, late */
            const size_t at = n - 1 - random_below(n / 2 + 1);
            a.x[at] = at > 0 && a.x[at - 1] > least() ? a.x[at - 1] - 1 : a.x[at];
            put(a.bytes.data, now.width, at, a.x[at]);
        }
        size_t expected = n > 0;
        while (expected < n && !model(a.x[expected - 1], a.x[expected]))
            expected++;
        const size_t got = kernel(a.data, n);
        expect(got == expected, "%zu elements: got %zu, expected %zu", n, got, expected);
        vector_free(&a);
    }
}

/* True if an element x at position i comes before y at position j */
static bool model_argsort(int64_t x, size_t i, int64_t y, size_t j, bool descending) {
    return x == y ? i < j : (x < y) != descending;
}

typedef bool argsort_model(int64_t x, size_t i, int64_t y, size_t j, bool descending);

static struct bytes positions_new(size_t n) {
    return bytes_new(n * sizeof(uint32_t), sizeof(uint32_t));
}

static void test_argsort(sqa_argsort_fn *kernel, argsort_model *before) {
    FOR_LENGTHS(n, style, 65537) {
        int64_t *x = allocate(n * sizeof *x);
        struct vector any = vector_new(n, style);
        memcpy(x, any.x, n * sizeof *x);
        struct vector a = vector_of(x, n, now.width, 1);
        struct bytes order = positions_new(n), scratch = positions_new(n);
        const bool descending = random_below(2) == 0;
        kernel((uint32_t *)(void *)order.data, a.data, n, descending,
               (uint32_t *)(void *)scratch.data, NULL);
        /* positions in strictly the right order are all of them, each once */
        for (size_t i = 0; i < n; i++) {
            const size_t at = (uint32_t)get(order.data, 4, i) - (size_t)1;
            const size_t last = i > 0 ? (uint32_t)get(order.data, 4, i - 1) - (size_t)1 : 0;
            if (at >= n || last >= n)
                expect(false, "%zu elements: position %zu at %zu", n, at, i);
            else
                expect(i == 0 || before(x[last], last, x[at], at, descending),
                       "%zu elements: wrong order at %zu", n, i);
        }
        output_free(&order);
        output_free(&scratch);
        vector_free(&any);
        vector_free(&a);
    }
}

/* The rank of an element after one of this rank: equal to it, or larger */
static uint32_t model_rank(uint32_t rank, int64_t before, int64_t x) {
    return x == before ? rank : rank + 1;
}

static void test_rank(sqa_rank_fn *kernel,
                      uint32_t (*model)(uint32_t rank, int64_t before, int64_t x)) {
    FOR_LENGTHS(n, style, 65537) {
        /*
        ** the order of a sorted vector that is then turned round is known: it descends from n to 1
        */
        struct vector a = vector_new(n, style), turned;
        model_sort(a.x, n);
        int64_t *x = allocate(n * sizeof *x);
        uint32_t *order = allocate(n * sizeof *order);
        for (size_t i = 0; i < n; i++) {
            x[n - 1 - i] = a.x[i];
            order[i] = (uint32_t)(n - i);
        }
        turned = vector_of(x, n, now.width, 1);
        struct bytes dst = positions_new(n);
        const uint32_t got = kernel((uint32_t *)(void *)dst.data, order, turned.data, n, NULL);
        uint32_t rank = n > 0;
        for (size_t i = 0; i < n; i++) {
            rank = i > 0 ? model(rank, a.x[i - 1], a.x[i]) : rank;
            expect((uint32_t)get(dst.data, 4, n - 1 - i) == rank, "number %zu of %zu", i, n);
        }
        expect(got == rank, "%zu elements: %u ranks, expected %u", n, got, rank);
        output_free(&dst);
        free(order);
        vector_free(&a);
        vector_free(&turned);
    }
}

static bool model_bound(int64_t x, int64_t v, bool right) {
    return right ? x <= v : x < v;
}

static void test_bound(sqa_bound_fn *kernel, bool (*counts)(int64_t x, int64_t v, bool right)) {
    FOR_LENGTHS(m, style, LONG) {
        struct vector any = vector_new(m, style);
        int64_t *x = allocate(m * sizeof *x), v[40];
        const size_t n = random_below(sizeof v / sizeof *v);
        const bool right = random_below(2) == 0;
        memcpy(x, any.x, m * sizeof *x);
        model_sort(x, m);
        struct vector a = vector_of(x, m, now.width, 1);
        for (size_t i = 0; i < n; i++)
            v[i] = i % 3 == 0 && m > 0 ? x[random_below(m)]
                   : i % 3 == 1        ? random_element(style)
                                       : (int64_t)sqa_random_next(&generator) >> random_below(64);
        struct bytes dst = bytes_new(n * sizeof(int64_t), sizeof(int64_t));
        kernel((int64_t *)(void *)dst.data, a.data, m, v, n, right);
        for (size_t i = 0; i < n; i++) {
            int64_t expected = 0;
            for (size_t j = 0; j < m; j++)
                expected += counts(x[j], v[i], right);
            expect(get(dst.data, 8, i) == expected, "%lld in %zu elements: got %lld, expected %lld",
                   (long long)v[i], m, (long long)get(dst.data, 8, i), (long long)expected);
        }
        output_free(&dst);
        vector_free(&any);
        vector_free(&a);
    }
}

static bool model_match(const int64_t *x, const int64_t *y, size_t m) {
    return memcmp(x, y, m * sizeof *x) == 0;
}

static void test_match(sqa_match_fn *kernel,
                       bool (*model)(const int64_t *x, const int64_t *y, size_t m)) {
    FOR_LENGTHS(n, style, LONG) {
        /* letters of a small alphabet, so that much nearly matches */
        const int64_t letters = 1 + (int64_t)style / 2;
        int64_t *x = allocate(n * sizeof *x);
        const size_t period = 1 + random_below(style % 4 == 1 ? 9 : 99);
        for (size_t i = 0; i < n; i++)
            x[i] = style % 2 == 1 && i >= period && random_below(300) > 0 ? x[i - period]
                   : random_below(64) > 0 ? (int64_t)random_below((size_t)letters)
                                          : most();
        struct vector a = vector_of(x, n, now.width, 1);
        for (int round = 0; round < 4; round++) {
            const size_t m = 1 + random_below(round == 0 ? n + 1 : 40);
            int64_t *y = allocate(m * sizeof *y);
            const size_t from = m <= n ? random_below(n - m + 1) : 0;
            for (size_t i = 0; i < m; i++)
                y[i] = m <= n ? x[from + i] : 0;
            if (round == 3)
                y[random_below(m)] = letters;
            struct vector b = vector_of(y, m, now.width, 1);
            size_t expected = 0;
            while (expected + m <= n && !model(x + expected, y, m))
                expected++;
            if (expected + m > n)
                expected = n;
            const size_t got = kernel(a.data, n, b.data, m, NULL);
            expect(got == expected, "%zu in %zu: got %zu, expected %zu", m, n, got, expected);
            vector_free(&b);
        }
        vector_free(&a);
    }
}

#endif
