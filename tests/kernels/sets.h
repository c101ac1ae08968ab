/* Tests and models of the kernels on sets, and of those that find out what is distinct. */
#ifndef SQA_TEST_SETS_H
#define SQA_TEST_SETS_H

#include "order.h"

/* A vector of these elements, as they are, at any address */
static struct vector vector_any(const int64_t *x, size_t n) {
    int64_t *copy = allocate(n * sizeof *copy);
    if (n > 0)
        memcpy(copy, x, n * sizeof *copy);
    return vector_of(copy, n, now.width, 1);
}

/* x sorted, without duplicates; how many are left */
static size_t make_set(int64_t *x, size_t n) {
    size_t kept = 0;
    model_sort(x, n);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || x[i] != x[i - 1])
            x[kept++] = x[i];
    }
    return kept;
}

/* The first n bytes of dst are these elements, and count is n. */
static void expect_elements(const struct bytes *dst, size_t count, const int64_t *x, size_t n) {
    expect(count == n, "got %zu elements, expected %zu", count, n);
    for (size_t i = 0; i < n && i < count; i++)
        expect(get(dst->data, now.width, i) == x[i], "at %zu of %zu", i, n);
}

static bool model_ascending(int64_t before, int64_t x) {
    return before < x;
}

static void test_ascending(sqa_ascending_fn *kernel, bool (*model)(int64_t before, int64_t x)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector any = vector_new(n, style);
        const size_t m = style == ASCENDING ? make_set(any.x, n) : n;
        if (style == ASCENDING && m > 1 && random_below(2) == 0) { /* an equal pair, late */
            const size_t at = m - 1 - random_below(m / 2);
            any.x[at] = any.x[at - 1];
        }
        struct vector a = vector_any(any.x, m);
        size_t expected = m > 0;
        while (expected < m && model(a.x[expected - 1], a.x[expected]))
            expected++;
        const size_t got = kernel(a.data, m);
        expect(got == expected, "%zu elements: got %zu, expected %zu", m, got, expected);
        vector_free(&any);
        vector_free(&a);
    }
}

static size_t model_unique(int64_t *x, size_t n) {
    return make_set(x, n);
}

/* The kernel makes the m elements at x of the n of a, into other memory and in place. */
static void expect_set(sqa_unique_fn *kernel, const struct vector *a, size_t n, const int64_t *x,
                       size_t m) {
    for (int in_place = 0; in_place < 2; in_place++) {
        struct bytes dst = bytes_new(n * now.width, now.width);
        if (in_place && n > 0)
            memcpy(dst.data, a->data, n * now.width);
        expect_elements(&dst, kernel(dst.data, in_place ? dst.data : a->data, n), x, m);
        output_free(&dst);
    }
}

static void test_unique(sqa_unique_fn *kernel, size_t (*model)(int64_t *x, size_t n)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector any = vector_new(n, style);
        model_sort(any.x, n);
        struct vector a = vector_any(any.x, n);
        const size_t m = model(any.x, n);
        expect_set(kernel, &a, n, any.x, m);
        vector_free(&any);
        vector_free(&a);
    }
}

static bool model_changes(int64_t before, int64_t x) {
    return before != x;
}

static void test_changes(sqa_changes_fn *kernel, bool (*model)(int64_t before, int64_t x)) {
    FOR_LENGTHS(n, style, HUGE) {
        struct vector any = vector_new(n, style), a = vector_any(any.x, n);
        size_t expected = 0;
        for (size_t i = 1; i < n; i++)
            expected += model(a.x[i - 1], a.x[i]);
        const size_t got = kernel(a.data, n);
        expect(got == expected, "%zu elements: got %zu, expected %zu", n, got, expected);
        vector_free(&any);
        vector_free(&a);
    }
}

/* Of a sorted vector */
static int64_t model_mode(const int64_t *x, size_t n) {
    size_t longest = 0, run = 0;
    int64_t mode = 0;
    for (size_t i = 0; i < n; i++) {
        run = i > 0 && x[i] == x[i - 1] ? run + 1 : 1;
        if (run > longest) {
            longest = run;
            mode = x[i];
        }
    }
    return mode;
}

static void test_mode(sqa_mode_fn *kernel, int64_t (*model)(const int64_t *x, size_t n)) {
    FOR_LENGTHS(n, style, LONG) {
        if (n == 0)
            continue;
        struct vector any = vector_new(n, style);
        model_sort(any.x, n);
        struct vector a = vector_any(any.x, n);
        const int64_t got = kernel(a.data, n, NULL), expected = model(a.x, n);
        expect(got == expected, "%zu elements: got %lld, expected %lld", n, (long long)got,
               (long long)expected);
        vector_free(&any);
        vector_free(&a);
    }
}

static bool model_mark(bool before, const int64_t *x, size_t n, int64_t v) {
    return before || model_find(x, v, n) < n;
}

static void test_mark(sqa_mark_fn *kernel,
                      bool (*model)(bool before, const int64_t *x, size_t n, int64_t v)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector any = vector_new(n, style), a = vector_any(any.x, n);
        struct vector others = vector_new(random_below(2) == 0 ? random_below(12) : 100, style);
        for (size_t i = 0; i < others.n && n > 0; i += 2) /* half of them are found */
            others.x[i] = a.x[random_below(n)];
        const size_t m = make_set(others.x, others.n);
        struct vector set = vector_any(others.x, m);
        struct bytes marks = bytes_new(m, 1);
        for (size_t j = 0; j < m; j++)
            marks.data[j] = random_below(8) == 0;
        uint8_t before[100];
        memcpy(before, marks.data, m);
        kernel(marks.data, a.data, n, set.data, m);
        for (size_t j = 0; j < m; j++)
            expect(marks.data[j] == model(before[j], a.x, n, set.x[j]), "mark %zu of %zu", j, m);
        output_free(&marks);
        vector_free(&any);
        vector_free(&a);
        vector_free(&others);
        vector_free(&set);
    }
}

/* Two sets of lengths alike or not, with elements in common or none, or one after the other */
static void sets_new(size_t n, enum style style, struct vector *a, struct vector *b) {
    const size_t lengths[] = {n, random_below(2 * n + 1), n / 20, n / 200, random_below(9)};
    const size_t m = lengths[random_below(5)], shared = random_below(4);
    struct vector x = vector_new(n, style), y = vector_new(m, random_style());
    for (size_t i = 0; i < m && n > 0; i++) {
        if (random_below(4) < shared)
            y.x[i] = x.x[random_below(n)];
    }
    if (shared == 3 && random_below(2) == 0) { /* one half each */
        for (size_t i = 0; i < n; i++)
            x.x[i] |= least();
        for (size_t i = 0; i < m; i++)
            y.x[i] &= most();
    }
    const bool swap = random_below(2) == 0;
    *(swap ? b : a) = vector_any(x.x, make_set(x.x, n));
    *(swap ? a : b) = vector_any(y.x, make_set(y.x, m));
    vector_free(&x);
    vector_free(&y);
}

/* Whether the result has an element that is in a, in b; and for which of them it needs room */
struct merge_model {
    bool a, b, both, room_of_a, room_of_b;
};
static const struct merge_model model_unite = {true, true, true, true, true};
static const struct merge_model model_intersect = {false, false, true, false, false};
static const struct merge_model model_except = {true, false, false, true, false};
static const struct merge_model model_symdiff = {true, true, false, true, true};

static size_t merge(const struct vector *a, const struct vector *b, struct merge_model keep,
                    int64_t *dst) {
    size_t i = 0, j = 0, k = 0;
    while (i < a->n || j < b->n) {
        const bool in_a = i < a->n && (j == b->n || a->x[i] <= b->x[j]);
        const bool in_b = j < b->n && (i == a->n || b->x[j] <= a->x[i]);
        dst[k] = in_a ? a->x[i] : b->x[j];
        k += in_a && in_b ? keep.both : in_a ? keep.a : keep.b;
        i += in_a;
        j += in_b;
    }
    return k;
}

static void test_merge(sqa_merge_fn *kernel, struct merge_model model) {
    FOR_LENGTHS(n, style, 65537) {
        struct vector a, b;
        sets_new(n, style, &a, &b);
        int64_t *expected = allocate((a.n + b.n + 1) * sizeof *expected);
        const size_t count = merge(&a, &b, model, expected);
        const size_t smaller = a.n < b.n ? a.n : b.n;
        const size_t room = !model.room_of_a ? smaller : a.n + (model.room_of_b ? b.n : 0);
        struct bytes dst = bytes_new(room * now.width, now.width);
        expect_elements(&dst, kernel(dst.data, a.data, a.n, b.data, b.n), expected, count);
        output_free(&dst);
        free(expected);
        vector_free(&a);
        vector_free(&b);
    }
}

static size_t model_common(const struct vector *a, const struct vector *b, int64_t *work) {
    return merge(a, b, model_intersect, work);
}

static void test_common(sqa_common_fn *kernel,
                        size_t (*model)(const struct vector *a, const struct vector *b,
                                        int64_t *work)) {
    FOR_LENGTHS(n, style, 65537) {
        struct vector a, b;
        sets_new(n, style, &a, &b);
        int64_t *work = allocate((a.n + b.n + 1) * sizeof *work);
        const size_t got = kernel(a.data, a.n, b.data, b.n), expected = model(&a, &b, work);
        expect(got == expected, "%zu and %zu elements: got %zu, expected %zu", a.n, b.n, got,
               expected);
        free(work);
        vector_free(&a);
        vector_free(&b);
    }
}

/* x is reduced to the first occurrences; how many are left */
static size_t model_distinct(int64_t *x, size_t n) {
    int64_t *sorted = allocate(n * sizeof *sorted);
    bool *seen = allocate(n * sizeof *seen); /* at the first of its equals in sorted */
    size_t kept = 0;
    memcpy(sorted, x, n * sizeof *x);
    memset(seen, 0, n * sizeof *seen);
    sort_int64(sorted, n);
    for (size_t i = 0; i < n; i++) {
        size_t first = 0;
        for (size_t end = n; first < end;) {
            const size_t middle = (first + end) / 2;
            if (sorted[middle] < x[i])
                first = middle + 1;
            else
                end = middle;
        }
        if (!seen[first]) {
            seen[first] = true;
            x[kept++] = x[i];
        }
    }
    free(sorted);
    free(seen);
    return kept;
}

static void test_distinct(sqa_distinct_fn *kernel, size_t (*model)(int64_t *x, size_t n)) {
    FOR_LENGTHS(n, style, HUGE) {
        struct vector any = vector_new(n, style);
        for (size_t i = 0; i < n; i++) /* some often, some twice */
            any.x[i] = any.x[random_below(4) == 0 ? random_below(n < 9 ? n : 9) : i];
        for (size_t i = 0; i < n; i += 3)
            any.x[i] = any.x[random_below(n)];
        struct vector a = vector_any(any.x, n);
        const size_t m = model(any.x, n);
        struct bytes dst = bytes_new(n * now.width, now.width);
        struct bytes scratch = bytes_new((size_t)sqa_distinct_room(n) * now.width, now.width);
        expect_elements(&dst, kernel(dst.data, a.data, n, scratch.data, NULL), any.x, m);
        output_free(&dst);
        output_free(&scratch);
        vector_free(&any);
        vector_free(&a);
    }
}

static size_t model_distinct_range(int64_t *x, size_t n) {
    return model_distinct(x, n);
}

static void test_distinct_range(sqa_distinct_range_fn *kernel,
                                size_t (*model)(int64_t *x, size_t n)) {
    FOR_LENGTHS(n, style, LONG) {
        const size_t range = 1 + random_below(2 * n + 1) % 256;
        const int64_t starts[] = {least(), most() - (int64_t)(range - 1), 0};
        const int64_t lo = starts[now.width == 1 ? 0 : style % 3];
        int64_t *x = allocate(n * sizeof *x);
        for (size_t i = 0; i < n; i++)
            x[i] = lo + (int64_t)random_below(range);
        struct vector a = vector_of(x, n, now.width, 1);
        struct bytes dst = bytes_new(n * now.width, now.width);
        struct bytes seen = bytes_new((range + 63) / 64 * 8, 8);
        memset(seen.data, 0, seen.size);
        const size_t got = kernel(dst.data, a.data, n, lo, (uint64_t *)(void *)seen.data);
        expect_elements(&dst, got, x, model(x, n));
        output_free(&dst);
        output_free(&seen);
        vector_free(&a);
    }
}

static size_t model_set_of_few(int64_t *x, size_t n) {
    return make_set(x, n);
}

static void test_set_of_few(sqa_set_of_few_fn *kernel, size_t (*model)(int64_t *x, size_t n)) {
    FOR_LENGTHS(n, style, SQA_FEW) {
        struct vector any = vector_new(n, style);
        for (size_t i = 0; i + 1 < n && random_below(2) == 0; i++) /* equal ones, apart */
            any.x[i] = any.x[random_below(n)];
        struct vector a = vector_any(any.x, n);
        const size_t m = model(any.x, n);
        expect_set(kernel, &a, n, any.x, m);
        vector_free(&any);
        vector_free(&a);
    }
}

static bool model_among_few(int64_t x, const int64_t *b, size_t m) {
    return model_find(b, x, m) < m;
}

static void test_among(sqa_among_fn *kernel, bool (*model)(int64_t x, const int64_t *b, size_t m)) {
    FOR_LENGTHS(n, style, SQA_FEW) {
        struct vector any = vector_new(n, style), a = vector_any(any.x, n);
        struct vector others = vector_new(random_below(100), style);
        for (size_t i = 0; i < others.n && n > 0; i += 2) /* half of them are found */
            others.x[i] = a.x[random_below(n)];
        struct vector b = vector_any(others.x, others.n);
        struct bytes dst = bytes_new(n, 1);
        kernel(dst.data, a.data, n, b.data, b.n);
        for (size_t i = 0; i < n; i++)
            expect(dst.data[i] == model(a.x[i], b.x, b.n), "at %zu of %zu", i, n);
        output_free(&dst);
        vector_free(&any);
        vector_free(&a);
        vector_free(&others);
        vector_free(&b);
    }
}

#endif
