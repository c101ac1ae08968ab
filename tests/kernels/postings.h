/* Tests and models of the kernels on bitmaps and on lists of keys. */
#ifndef SQA_TEST_POSTINGS_H
#define SQA_TEST_POSTINGS_H

#include "sets.h"

static bool model_bit(const unsigned char *bits, size_t i) {
    return (bits[i / 8] >> i % 8 & 1) != 0;
}

static size_t model_ones(const unsigned char *bits, size_t n) {
    size_t ones = 0;
    for (size_t i = 0; i < n; i++)
        ones += model_bit(bits, i);
    return ones;
}

static void test_ones(sqa_ones_fn *kernel, size_t (*model)(const unsigned char *bits, size_t n)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector any = vector_new(n, style), a = vector_any(any.x, n);
        const size_t got = kernel(a.data, n), expected = model(a.data, n * now.width * 8);
        expect(got == expected, "%zu elements: got %zu, expected %zu", n, got, expected);
        vector_free(&any);
        vector_free(&a);
    }
}

/* A bitmap of n bits, few or many of which are 1 */
static struct bytes bitmap_new(size_t n) {
    struct bytes bits = input_new((n + 7) / 8, 1);
    const size_t often = random_below(4);
    for (size_t i = 0; i < bits.size; i++) {
        const unsigned a = (unsigned)random_below(256), b = (unsigned)random_below(256);
        bits.data[i] = (unsigned char)(often == 0   ? a & b & -(unsigned)(random_below(4) == 0)
                                       : often == 1 ? a & b
                                       : often == 2 ? a
                                                    : a | b);
    }
    return bits;
}

/* x as an element of the current width, which keeps its low bits */
static int64_t cut(uint64_t x) {
    const unsigned shift = 64 - 8 * now.width;
    return (int64_t)(x << shift) >> shift;
}

static size_t model_bit_positions(int64_t *x, const unsigned char *bits, size_t n, int64_t base) {
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        if (model_bit(bits, i))
            x[found++] = cut((uint64_t)base + i);
    }
    return found;
}

static void test_bit_positions(sqa_bit_positions_fn *kernel,
                               size_t (*model)(int64_t *x, const unsigned char *bits, size_t n,
                                               int64_t base)) {
    for (size_t n = 0; n <= LONG; n = next_length(n)) {
        for (int repeat = 0; repeat < 8; repeat++) {
            struct bytes bits = bitmap_new(n);
            int64_t *x = allocate(n * sizeof *x);
            const int64_t base = (int64_t)sqa_random_next(&generator);
            const size_t found = model(x, bits.data, n, base);
            struct bytes dst = bytes_new(found * now.width, now.width);
            expect_elements(&dst, kernel(dst.data, bits.data, n, base), x, found);
            output_free(&dst);
            bytes_free(&bits);
            free(x);
        }
    }
}

/* n elements that have a bit among `places` that begin at *base */
static struct vector bits_places_new(size_t n, size_t places, int64_t *base) {
    int64_t *x = allocate(n * sizeof *x);
    const int64_t span = (int64_t)(places - 1);
    *base = random_below(2) == 0 ? least() : random_element(FULL);
    if (*base > most() - span)
        *base = most() - span;
    for (size_t i = 0; i < n; i++)
        x[i] = *base + (int64_t)random_below(places);
    return vector_of(x, n, now.width, now.width);
}

static void model_bit_put(unsigned char *bits, size_t i, bool one) {
    const unsigned bit = 1u << i % 8;
    bits[i / 8] = (unsigned char)(one ? bits[i / 8] | bit : bits[i / 8] & ~bit);
}

static void test_bit_put(sqa_bit_put_fn *kernel,
                         void (*model)(unsigned char *bits, size_t i, bool one)) {
    for (size_t n = 0; n <= LONG; n = next_length(n)) {
        const size_t places = now.width == 1 ? 256 : 5000;
        struct bytes bits = bitmap_new(places), copy = bytes_new(bits.size, 1);
        int64_t base;
        struct vector at = bits_places_new(n, places, &base);
        const bool one = random_below(2) == 0;
        memcpy(copy.data, bits.data, bits.size);
        kernel(copy.data, at.data, n, base, one);
        for (size_t i = 0; i < n; i++)
            model(bits.data, (size_t)(at.x[i] - base), one);
        expect(memcmp(copy.data, bits.data, bits.size) == 0, "%zu bits put to %d", n, one);
        output_free(&copy);
        bytes_free(&bits);
        vector_free(&at);
    }
}

static bool model_bit_filter(const unsigned char *bits, size_t i, bool one) {
    return model_bit(bits, i) == one;
}

static void test_bit_filter(sqa_bit_filter_fn *kernel,
                            bool (*model)(const unsigned char *bits, size_t i, bool one)) {
    for (size_t n = 0; n <= LONG; n = next_length(n)) {
        const size_t places = now.width == 1 ? 256 : 5000;
        struct bytes bits = bitmap_new(places);
        int64_t base;
        struct vector at = bits_places_new(n, places, &base);
        const bool one = random_below(2) == 0;
        size_t kept = 0;
        int64_t *x = allocate(n * sizeof *x);
        for (size_t i = 0; i < n; i++) {
            if (model(bits.data, (size_t)(at.x[i] - base), one))
                x[kept++] = at.x[i];
        }
        for (int in_place = 0; in_place < 2; in_place++) {
            struct bytes dst = bytes_new(n * now.width, now.width);
            if (in_place && n > 0)
                memcpy(dst.data, at.data, n * now.width);
            expect_elements(
                &dst, kernel(dst.data, in_place ? dst.data : at.data, n, bits.data, base, one), x,
                kept);
            output_free(&dst);
        }
        bytes_free(&bits);
        vector_free(&at);
        free(x);
    }
}

/* Ascending integers of 64 bits, with gaps of up to `bits` bits; x[0] is 0, or more. */
static void ascending_new(uint64_t *x, size_t n, unsigned bits) {
    uint64_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t gap = bits == 0 ? 1 : 1 + (sqa_random_next(&generator) >> (64 - bits));
        at += i == 0 ? random_below(2) * (gap - 1) : gap;
        x[i] = at;
    }
}

/* Bit i of all low parts, or of all high parts, that model_elias_fano() puts */
static void model_elias_fano(unsigned char *data, size_t low_size, const uint64_t *x, size_t n,
                             unsigned low_bits) {
    for (size_t i = 0; i < n; i++) {
        for (unsigned b = 0; b < low_bits; b++)
            model_bit_put(data, i * low_bits + b, (x[i] >> b & 1) != 0);
        model_bit_put(data + low_size, (size_t)(x[i] >> low_bits) + i, true);
    }
}

static void test_elias_fano(sqa_elias_fano_fn *kernel,
                            void (*model)(unsigned char *data, size_t low_size, const uint64_t *x,
                                          size_t n, unsigned low_bits)) {
    for (size_t n = 0; n <= LONG; n = next_length(n)) {
        for (int repeat = 0; repeat < 20; repeat++) {
            uint64_t *x = allocate(n * sizeof *x);
            const unsigned room = n > 1 ? (unsigned)__builtin_clzll(n - 1) - 1 : 62;
            const unsigned bits = (unsigned)random_below(room);
            ascending_new(x, n, bits);
            const uint64_t last = n > 0 ? x[n - 1] : 0;
            unsigned low_bits = bits + (unsigned)random_below(3);
            low_bits = low_bits < 63 ? low_bits : 63;
            while (last >> low_bits > 4 * n + 100)
                low_bits++;
            const size_t low_size = (n * low_bits + 7) / 8;
            const size_t size = low_size + ((size_t)(last >> low_bits) + n + 7) / 8;
            struct bytes data = input_new(size + 1 + SQA_ELIAS_FANO_SLACK, 1);
            memset(data.data, 0, size + 1);
            model(data.data, low_size, x, n, low_bits);
            const int64_t base = (int64_t)sqa_random_next(&generator);
            struct bytes dst = bytes_new(n * now.width, now.width);
            int64_t *expected = allocate(n * sizeof *expected);
            for (size_t i = 0; i < n; i++)
                expected[i] = cut((uint64_t)base + x[i]);
            expect_elements(&dst, kernel(dst.data, data.data, size, n, low_bits, base), expected,
                            n);
            data.data[size] = 0xff; /* more bits than integers */
            expect_elements(&dst, kernel(dst.data, data.data, size + 1, n, low_bits, base),
                            expected, n);
            if (n > 0) { /* without the last one's bit, or without any */
                model_bit_put(data.data + low_size, (size_t)(last >> low_bits) + n - 1, false);
                expect(kernel(dst.data, data.data, size, n, low_bits, base) == n - 1,
                       "one bit less of %zu", n);
                expect(kernel(dst.data, data.data, low_size, n, low_bits, base) == 0,
                       "no high part");
            }
            output_free(&dst);
            bytes_free(&data);
            free(x);
            free(expected);
        }
    }
}

#endif
