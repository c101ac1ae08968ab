/* Tests and models of the kernels that choose among their input. */
#ifndef SQA_TEST_SELECT_H
#define SQA_TEST_SELECT_H

#include "harness.h"

/* Selections */

static bool model_filter(uint8_t mask) {
    return mask != 0;
}

static void test_filter(sqa_filter_fn *kernel, bool (*keeps)(uint8_t mask)) {
    FOR_LENGTHS(n, style, LONG) {
        struct vector a = vector_new(n, style);
        uint8_t *mask = mask_new(n);
        int64_t *expected = allocate(n * sizeof *expected);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (mask[i] != 0)
                mask[i] = (uint8_t)(1 + random_below(255));
            if (keeps(mask[i]))
                expected[kept++] = a.x[i];
        }
        for (int in_place = 0; in_place < 2; in_place++) {
            struct bytes dst = bytes_new(n * now.width, now.width);
            if (in_place)
                memcpy(dst.data, a.data, n * now.width);
            const size_t got = kernel(dst.data, in_place ? dst.data : a.data, mask, n);
            expect(got == kept, "%zu elements: kept %zu, expected %zu", n, got, kept);
            for (size_t i = 0; i < kept; i++)
                expect(get(dst.data, now.width, i) == expected[i], "at %zu of %zu%s", i, n,
                       in_place ? ", in place" : "");
            output_free(&dst);
        }
        free(expected);
        free(mask);
        vector_free(&a);
    }
}

static bool model_positions(int64_t x) {
    return x != 0;
}

static void test_positions(sqa_positions_fn *kernel, bool (*keeps)(int64_t x)) {
    FOR_LENGTHS(n, style, BLOCKS) {
        struct vector a = vector_new(n, style);
        const bool is_sparse = random_below(2) == 0;
        for (size_t i = 0; is_sparse && i < n; i++) {
            if (i / 8 % 3 > 0) {
                a.x[i] = 0;
                put(a.bytes.data, now.width, i, 0);
            }
        }
        const int64_t base = random_below(2) == 0 ? 1 : (int64_t)1 << 40;
        struct bytes dst = bytes_new(n * sizeof(int64_t), sizeof(int64_t));
        const size_t got = kernel((int64_t *)(void *)dst.data, a.data, base, n);
        size_t kept = 0;
        for (size_t i = 0; i < n; i++) {
            if (!keeps(a.x[i]))
                continue;
            expect(get(dst.data, 8, kept) == base + (int64_t)i, "number %zu of %zu", kept, n);
            kept++;
        }
        expect(got == kept, "%zu elements: found %zu, expected %zu", n, got, kept);
        output_free(&dst);
        vector_free(&a);
    }
}

static int64_t model_stride(const int64_t *x, ptrdiff_t at, ptrdiff_t step, size_t i) {
    return x[at + (ptrdiff_t)i * step];
}

static void test_stride(sqa_stride_fn *kernel, int64_t (*model)(const int64_t *x, ptrdiff_t at,
                                                                ptrdiff_t step, size_t i)) {
    static const ptrdiff_t steps[] = {1, -1, 2, -2, 3, -7, 64, -100};
    FOR_LENGTHS(n, style, BLOCKS + 1) {
        const ptrdiff_t step = steps[style];
        const size_t size = n == 0 ? 0 : (n - 1) * (size_t)(step < 0 ? -step : step) + 1;
        const ptrdiff_t at = step < 0 && n > 0 ? (ptrdiff_t)size - 1 : 0;
        int64_t *x = allocate(size * sizeof *x);
        for (size_t i = 0; i < size; i++)
            x[i] = random_element(FULL);
        struct vector a = vector_of(x, size, now.width, 1);
        struct bytes dst = bytes_new(n * now.width, now.width);
        kernel(dst.data, a.bytes.data + (size_t)at * now.width, step, n);
        for (size_t i = 0; i < n; i++)
            expect(get(dst.data, now.width, i) == model(a.x, at, step, i),
                   "step %td, at %zu of %zu", step, i, n);
        output_free(&dst);
        vector_free(&a);
    }
}

#endif
