/* Tests and models of the kernels that give an element a few bits. */
#ifndef SQA_TEST_PACK_H
#define SQA_TEST_PACK_H

#include "fold.h"
#include "postings.h"

/*
** Bit b of element i of a block, among the bits of the block, whose lanes have a byte, two, four or
** eight each
*/
static size_t model_packed_bit(size_t i, unsigned b, unsigned bits) {
    const size_t lane_bits = 8 * now.width, lanes = BLOCKS / lane_bits;
    const size_t in_lane = i / lanes * bits + b;
    return in_lane / lane_bits * BLOCKS + i % lanes * lane_bits + in_lane % lane_bits;
}
static size_t model_pack(size_t i, unsigned b, unsigned bits) {
    return model_packed_bit(i, b, bits);
}
static size_t model_unpack(size_t i, unsigned b, unsigned bits) {
    return model_packed_bit(i, b, bits);
}
static size_t model_pack_tail(size_t i, unsigned b, unsigned bits) {
    return i * bits + b;
}
static size_t model_unpack_tail(size_t i, unsigned b, unsigned bits) {
    return i * bits + b;
}

typedef size_t packed_bit_fn(size_t i, unsigned b, unsigned bits);

/* `bits` bits of n elements, packed */
static struct bytes packed_new(const struct vector *a, unsigned bits, packed_bit_fn *model) {
    struct bytes packed = input_new((a->n * bits + 7) / 8, 1);
    memset(packed.data, 0, packed.size);
    for (size_t i = 0; i < a->n; i++)
        for (unsigned b = 0; b < bits; b++)
            model_bit_put(packed.data, model(i, b, bits), ((uint64_t)a->x[i] >> b & 1) != 0);
    return packed;
}

static void expect_packed(const struct bytes *dst, const struct vector *a, unsigned bits,
                          packed_bit_fn *model) {
    struct bytes packed = packed_new(a, bits, model);
    expect(memcmp(dst->data, packed.data, packed.size) == 0, "%zu elements in %u bits", a->n, bits);
    bytes_free(&packed);
}

static void expect_unpacked(const struct bytes *dst, const struct vector *a, unsigned bits) {
    for (size_t i = 0; i < a->n; i++) {
        const uint64_t low = bits == 0 ? 0 : (uint64_t)a->x[i] & UINT64_MAX >> (64 - bits);
        expect(get(dst->data, now.width, i) == wrapped(low), "at %zu of %zu in %u bits", i, a->n,
               bits);
    }
}

static void test_pack(sqa_pack_fn *kernel, packed_bit_fn *model) {
    for (unsigned bits = 0; bits <= 8 * now.width; bits++) {
        struct vector a = vector_new(BLOCKS, FULL);
        struct bytes dst = bytes_new(128 * bits, 1);
        kernel(dst.data, a.data, bits);
        expect_packed(&dst, &a, bits, model);
        output_free(&dst);
        vector_free(&a);
    }
}

static void test_unpack(sqa_unpack_fn *kernel, packed_bit_fn *model) {
    for (unsigned bits = 0; bits <= 8 * now.width; bits++) {
        struct vector a = vector_new(BLOCKS, FULL);
        struct bytes packed = packed_new(&a, bits, model);
        struct bytes dst = bytes_new(BLOCKS * now.width, now.width);
        kernel(dst.data, packed.data, bits);
        expect_unpacked(&dst, &a, bits);
        output_free(&dst);
        bytes_free(&packed);
        vector_free(&a);
    }
}

/* Runs the statement for lengths of a block and all numbers of bits. */
#define FOR_TAILS(n, bits)                                                                         \
    for (size_t n = 0; n <= BLOCKS; n = next_length(n))                                            \
        for (unsigned bits = 0; bits <= 8 * now.width; bits += n > 66 && !unit_thorough() ? 3 : 1)

static void test_pack_tail(sqa_pack_tail_fn *kernel, packed_bit_fn *model) {
    FOR_TAILS(n, bits) {
        struct vector a = vector_new(n, FULL);
        struct bytes dst = bytes_new((n * bits + 7) / 8, 1);
        kernel(dst.data, a.data, n, bits);
        expect_packed(&dst, &a, bits, model);
        output_free(&dst);
        vector_free(&a);
    }
}

static void test_unpack_tail(sqa_unpack_tail_fn *kernel, packed_bit_fn *model) {
    FOR_TAILS(n, bits) {
        struct vector a = vector_new(n, FULL);
        struct bytes packed = packed_new(&a, bits, model);
        struct bytes dst = bytes_new(n * now.width, now.width);
        kernel(dst.data, packed.data, n, bits);
        expect_unpacked(&dst, &a, bits);
        output_free(&dst);
        bytes_free(&packed);
        vector_free(&a);
    }
}

static bool model_wider(int64_t x, unsigned bits) {
    return ((uint64_t)x & UINT64_MAX >> (64 - 8 * now.width)) >> bits != 0;
}

static void test_wider(sqa_wider_fn *kernel, bool (*model)(int64_t x, unsigned bits)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        const unsigned bits = (unsigned)random_below(8 * now.width);
        size_t expected = 0;
        for (size_t i = 0; i < n; i++)
            expected += model(a.x[i], bits);
        const size_t got = kernel(a.data, n, bits);
        expect(got == expected, "%zu of %zu, expected %zu", got, n, expected);
        vector_free(&a);
    }
}

static uint64_t model_steps(uint64_t x, uint64_t next) {
    return next - x;
}

static void test_steps(sqa_steps_fn *kernel, uint64_t (*model)(uint64_t x, uint64_t next)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        const size_t count = n > 0 ? n - 1 : 0;
        struct bytes dst = bytes_new(count * now.width, now.width);
        kernel(dst.data, a.data, n);
        for (size_t i = 0; i < count; i++)
            expect(get(dst.data, now.width, i) ==
                       wrapped(model((uint64_t)a.x[i], (uint64_t)a.x[i + 1])),
                   "at %zu of %zu", i, n);
        output_free(&dst);
        vector_free(&a);
    }
}

#endif
