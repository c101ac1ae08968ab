/*
** Any bytes as packed machine integers. The first byte is their type and order, the second where
** they lie. What is read must be what a byte loop reads, with each set of kernels, and is written
** back in every type that holds it.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/machine_ints.h"
#include "kernel/dispatch.h"

/* Element i as a byte loop reads it; false where it is over the largest 64-bit integer */
static bool plain_get(const unsigned char *bytes, enum sqa_dtype dtype, bool big, size_t i,
                      int64_t *x) {
    const unsigned width = sqa_dtype_width(dtype), bits = 8 * width;
    uint64_t u = 0;
    for (unsigned b = 0; b < width; b++)
        u |= (uint64_t)bytes[i * width + (big ? width - 1 - b : b)] << 8 * b;
    if (dtype == SQA_BOOL)
        u = u != 0;
    else if (!sqa_dtype_unsigned(dtype) && (u >> (bits - 1) & 1) != 0)
        u |= bits < 64 ? UINT64_MAX << bits : 0;
    *x = (int64_t)u;
    return !sqa_dtype_unsigned(dtype) || u <= INT64_MAX;
}

/* What a type holds, in 128 bits so that nothing needs care */
static bool plain_fits(enum sqa_dtype dtype, int64_t x) {
    const unsigned bits = 8 * sqa_dtype_width(dtype);
    if (dtype == SQA_BOOL)
        return x == 0 || x == 1;
    if (sqa_dtype_unsigned(dtype))
        return x >= 0 && (bits == 64 || x >> bits == 0);
    return bits == 64 || (x >= -((int64_t)1 << (bits - 1)) && x < (int64_t)1 << (bits - 1));
}

static void write_as(const struct sqa_kernels *kernels, const struct sqa_array *view,
                     enum sqa_dtype dtype, bool big) {
    struct sqa_error error = {0, 0};
    size_t fit = 0;
    while (fit < view->count && plain_fits(dtype, sqa_array_get(kernels, view, fit)))
        fit++;
    const enum sqa_status status = sqa_machine_ints_check(kernels, view, dtype, &error);
    if (fit < view->count) {
        must(status == SQA_RANGE && error.a == (int64_t)fit + 1);
        must(error.b == sqa_array_get(kernels, view, fit));
        return;
    }
    must(status == SQA_OK);
    const struct fuzz_memory room = fuzz_room(view->count * sqa_dtype_width(dtype), 1);
    sqa_machine_ints_write(kernels, view, dtype, big, room.data);
    for (size_t i = 0; i < view->count; i++) {
        int64_t x;
        must(plain_get(room.data, dtype, big, i, &x) && x == sqa_array_get(kernels, view, i));
    }
    free(room.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const unsigned kind = fuzz_below(&input, 18);
    const enum sqa_dtype dtype = (enum sqa_dtype)(kind / 2);
    const unsigned offset = fuzz_below(&input, 8);
    const struct fuzz_memory bytes = fuzz_copy(input.at, input.size, offset);
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t n = sqa_kernels_list(sets), count = input.size / sqa_dtype_width(dtype);
    for (size_t s = 0; s < n; s++) {
        struct sqa_machine_ints raw = {bytes.data, input.size, dtype, kind % 2, 0, 0};
        struct sqa_error error = {0, 0};
        const enum sqa_status status = sqa_machine_ints_scan(sets[s], &raw, &error);
        must((status == SQA_INTS_SIZE) == (input.size % sqa_dtype_width(dtype) != 0));
        if (status == SQA_INTS_SIZE)
            continue;
        size_t fit = 0;
        for (int64_t x; fit < count && plain_get(bytes.data, dtype, raw.big, fit, &x);)
            fit++;
        if (fit < count) {
            must(status == SQA_UNSIGNED && error.a == (int64_t)fit + 1 && error.b < 0);
            continue;
        }
        must(status == SQA_OK && raw.count == count);
        for (unsigned width = sqa_sig_width(raw.sig); width <= 8; width *= 2) {
            const struct fuzz_memory values = fuzz_room(count * width, 0);
            const struct sqa_array view = {values.data, count, width, 0, 0};
            sqa_machine_ints_store(sets[s], &raw, values.data, width);
            for (size_t i = 0; i < count; i++) {
                int64_t x;
                must(plain_get(bytes.data, dtype, raw.big, i, &x) &&
                     x == sqa_array_get(sets[0], &view, i));
            }
            for (enum sqa_dtype to = SQA_INT8; to <= SQA_BOOL; to++)
                write_as(sets[s], &view, to, kind % 2);
            free(values.block);
        }
    }
    free(bytes.block);
    return 0;
}
