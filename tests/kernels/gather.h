/* Tests and models of the kernels that repeat, gather and scatter. */
#ifndef SQA_TEST_GATHER_H
#define SQA_TEST_GATHER_H

#include "harness.h"

static size_t model_repeat(size_t i, size_t times) {
    return i / times;
}

static void test_repeat(sqa_repeat_fn *kernel, size_t (*model)(size_t i, size_t times)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style);
        const size_t times = random_below(2) == 0 ? random_below(5) : random_below(40);
        struct bytes dst = bytes_new(n * times * now.width, now.width);
        kernel(dst.data, a.data, n, times);
        for (size_t i = 0; i < n * times; i++)
            expect(get(dst.data, now.width, i) == a.x[model(i, times)], "%zu times, at %zu of %zu",
                   times, i, n);
        output_free(&dst);
        vector_free(&a);
    }
}

/* The place among count elements; 2^32 where there is none */
static uint64_t model_places(int64_t index, size_t count) {
    if (index > 0)
        return (uint64_t)index <= count ? (uint64_t)index - 1 : (uint64_t)1 << 32;
    return index < 0 && index >= -(int64_t)count ? count - (0 - (uint64_t)index)
                                                 : (uint64_t)1 << 32;
}

static void test_places(sqa_places_fn *kernel, uint64_t (*model)(int64_t index, size_t count)) {
    static const size_t counts[] = {0,     1,     2,         127,        128,        129,
                                    32767, 32769, INT32_MAX, 1ull << 31, UINT32_MAX, 1000};
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector index = vector_new(n, style);
        const size_t count = counts[random_below(sizeof counts / sizeof *counts)];
        const uint32_t outside = random_below(2) == 0 ? 0 : UINT32_MAX;
        struct bytes dst = bytes_new(n * sizeof(uint32_t), sizeof(uint32_t));
        kernel((uint32_t *)(void *)dst.data, index.data, n, count, outside);
        for (size_t i = 0; i < n; i++) {
            const uint64_t place = model(index.x[i], count);
            const uint32_t expected = place > UINT32_MAX ? outside : (uint32_t)place;
            const uint32_t got = (uint32_t)get(dst.data, 4, i);
            expect(got == expected, "index %lld of %zu: got %u, expected %u", (long long)index.x[i],
                   count, got, expected);
        }
        output_free(&dst);
        vector_free(&index);
    }
}

/* n places among m elements */
static uint32_t *places_new(size_t n, size_t m) {
    uint32_t *places = allocate(n * sizeof *places);
    for (size_t i = 0; i < n; i++)
        places[i] = (uint32_t)random_below(m);
    return places;
}

static int64_t model_gather(const int64_t *x, uint32_t place) {
    return x[place];
}

static void test_gather(sqa_gather_fn *kernel, int64_t (*model)(const int64_t *x, uint32_t place)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        const size_t m = 1 + random_below(2 * n + 1);
        int64_t *x = allocate(m * sizeof *x);
        for (size_t i = 0; i < m; i++)
            x[i] = random_element(style);
        struct vector a = vector_of(x, m, now.width, 1);
        uint32_t *places = places_new(n, m);
        struct bytes dst = bytes_new(n * now.width, now.width);
        kernel(dst.data, a.bytes.data, places, n);
        for (size_t i = 0; i < n; i++)
            expect(get(dst.data, now.width, i) == model(x, places[i]), "%u of %zu, at %zu of %zu",
                   places[i], m, i, n);
        output_free(&dst);
        free(places);
        vector_free(&a);
    }
}

/* The new element, of the old one and what came; false where there is none */
static bool model_scatter(int64_t *old, int64_t x) {
    return *old = x, true;
}
static bool model_scatter_add(int64_t *old, int64_t x) {
    int64_t sum;
    const bool ok = !__builtin_add_overflow(*old, x, &sum) && fits(sum);
    if (ok)
        *old = sum;
    return ok;
}

/* What both kinds of scattering share: into m elements, from a; `done` of them by the model */
struct scattered {
    struct vector a;
    size_t m, done;
    int64_t *x;
    uint32_t *places;
    struct bytes dst;
};

static struct scattered scattered_new(size_t n, enum style style,
                                      bool (*model)(int64_t *old, int64_t x)) {
    struct scattered s = {.a = vector_new(n, style), .m = 1 + random_below(2 * n + 1)};
    s.x = allocate(s.m * sizeof *s.x);
    s.places = places_new(n, s.m);
    s.dst = bytes_new(s.m * now.width, now.width);
    for (size_t i = 0; i < s.m; i++) {
        s.x[i] = random_element(random_style());
        put(s.dst.data, now.width, i, s.x[i]);
    }
    while (s.done < n && model(&s.x[s.places[s.done]], s.a.x[s.done]))
        s.done++;
    return s;
}

static void scattered_check(struct scattered *s, size_t done) {
    expect(done == s->done, "%zu elements: %zu done, expected %zu", s->a.n, done, s->done);
    for (size_t i = 0; i < s->m; i++)
        expect(get(s->dst.data, now.width, i) == s->x[i], "at %zu of %zu", i, s->m);
    output_free(&s->dst);
    free(s->places);
    free(s->x);
    vector_free(&s->a);
}

static void test_scatter(sqa_scatter_fn *kernel, bool (*model)(int64_t *old, int64_t x)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct scattered s = scattered_new(n, style, model);
        kernel(s.dst.data, s.places, s.a.data, n);
        scattered_check(&s, n);
    }
}

static void test_scatter_add(sqa_scatter_add_fn *kernel, bool (*model)(int64_t *old, int64_t x)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct scattered s = scattered_new(n, style, model);
        const size_t done = kernel(s.dst.data, s.places, s.a.data, n);
        scattered_check(&s, done);
    }
}

#endif
