/*
** Elements are processed in blocks in an aligned buffer, with the kernels for signed elements. An
** unsigned element is treated as a signed one with the same bytes, which gives a different value
** only if the sign bit is set; these cases are handled here.
*/
#include "core/machine_ints.h"

#include <string.h>

const char *const sqa_dtype_names[] = {
    [SQA_INT8] = "int8",     [SQA_INT16] = "int16",   [SQA_INT32] = "int32",
    [SQA_INT64] = "int64",   [SQA_UINT8] = "uint8",   [SQA_UINT16] = "uint16",
    [SQA_UINT32] = "uint32", [SQA_UINT64] = "uint64", NULL};

bool sqa_dtype_find(const char *name, size_t size, enum sqa_dtype *dtype) {
    for (unsigned d = 0; sqa_dtype_names[d] != NULL; d++) {
        const char *const known = sqa_dtype_names[d];
        size_t i = 0;
        while (i < size && known[i] != 0) {
            const char upper = (char)(known[i] >= 'a' ? known[i] - 'a' + 'A' : known[i]);
            if (name[i] != known[i] && name[i] != upper)
                break;
            i++;
        }
        if (i == size && known[i] == 0) {
            *dtype = (enum sqa_dtype)d;
            return true;
        }
    }
    return false;
}

static size_t block_size(size_t count, size_t at) {
    return count - at < SQA_BLOCK ? count - at : SQA_BLOCK;
}

/* Reverses the order of the bytes of each element. */
static void swap(void *data, unsigned width, size_t n) {
    uint16_t *x16 = data;
    uint32_t *x32 = data;
    uint64_t *x64 = data;
    switch (width) {
    case 2:
        for (size_t i = 0; i < n; i++)
            x16[i] = __builtin_bswap16(x16[i]);
        break;
    case 4:
        for (size_t i = 0; i < n; i++)
            x32[i] = __builtin_bswap32(x32[i]);
        break;
    case 8:
        for (size_t i = 0; i < n; i++)
            x64[i] = __builtin_bswap64(x64[i]);
        break;
    }
}

/* Copies n elements from index `at` on to scratch, as signed ones of the same width. */
static void load(const struct sqa_machine_ints *ints, size_t at, size_t n, void *scratch) {
    const unsigned width = sqa_dtype_width(ints->dtype);
    memcpy(scratch, (const unsigned char *)ints->data + at * width, n * width);
    if (ints->big)
        swap(scratch, width, n);
    if (ints->dtype == SQA_BOOL) {
        uint8_t *bytes = scratch;
        for (size_t i = 0; i < n; i++)
            bytes[i] = bytes[i] != 0;
    }
}

enum sqa_status sqa_machine_ints_scan(const struct sqa_kernels *kernels,
                                      struct sqa_machine_ints *ints, struct sqa_error *error) {
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    const unsigned width = sqa_dtype_width(ints->dtype), index = sqa_width_index(width);
    if (ints->size % width != 0) {
        *error = (struct sqa_error){(int64_t)ints->size, width};
        return SQA_INTS_SIZE;
    }
    ints->count = ints->size / width;
    ints->sig = 0;
    for (size_t at = 0; at < ints->count; at += SQA_BLOCK) {
        const size_t n = block_size(ints->count, at);
        load(ints, at, n, scratch);
        ints->sig |= kernels->sig[index](scratch, n);
        if (!sqa_dtype_unsigned(ints->dtype) || kernels->min[index](scratch, n) >= 0)
            continue;
        if (ints->dtype == SQA_UINT64) {
            const int64_t *x = (const int64_t *)(const void *)scratch;
            size_t i = 0;
            while (x[i] >= 0)
                i++;
            *error = (struct sqa_error){(int64_t)(at + i) + 1, x[i]};
            return SQA_UNSIGNED;
        }
        /* without a sign it needs one bit more than the type has */
        ints->sig |= (uint64_t)1 << (8 * width - 1);
    }
    return SQA_OK;
}

void sqa_machine_ints_store(const struct sqa_kernels *kernels, const struct sqa_machine_ints *ints,
                            void *dst, unsigned width) {
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8], extended[SQA_BLOCK * 8];
    _Alignas(8) unsigned char mask[8];
    const unsigned from = sqa_dtype_width(ints->dtype);
    const uint64_t ones = UINT64_MAX >> (64 - 8 * from);
    struct sqa_acc unused = {0, 0};
    memcpy(mask, &ones, sizeof mask);
    for (size_t at = 0; at < ints->count; at += SQA_BLOCK) {
        const size_t n = block_size(ints->count, at);
        const struct sqa_view block = {scratch, n, from};
        void *const to = (unsigned char *)dst + at * width;
        load(ints, at, n, scratch);
        if (sqa_dtype_unsigned(ints->dtype) && width > from) {
            /* the conversion has extended the sign bit; for an unsigned type this is undone */
            sqa_view_copy(kernels, &block, 0, n, extended, width);
            kernels->bit_and_vs[sqa_width_index(width)](to, extended, mask, n, &unused);
        } else {
            sqa_view_copy(kernels, &block, 0, n, to, width);
        }
    }
}

enum sqa_status sqa_machine_ints_check(const struct sqa_kernels *kernels,
                                       const struct sqa_array *array, enum sqa_dtype dtype,
                                       struct sqa_error *error) {
    const unsigned width = sqa_dtype_width(dtype), index = sqa_width_index(array->width);
    const bool is_unsigned = sqa_dtype_unsigned(dtype);
    if (!is_unsigned && array->width <= width)
        return SQA_OK;
    const int64_t most = sqa_width_most(width);
    const int64_t lo = is_unsigned ? 0 : -most - 1;
    const int64_t hi = dtype == SQA_BOOL ? 1 : is_unsigned && width < 8 ? 2 * most + 1 : most;
    struct sqa_reader reader;
    uint8_t inside[SQA_BLOCK];
    sqa_reader_init(&reader, kernels, array, array->width, NULL);
    while (sqa_reader_next(&reader)) {
        kernels->between[index](inside, reader.data, lo, hi, reader.n);
        const size_t i = kernels->find[0](inside, 0, reader.n);
        if (i < reader.n) {
            *error = (struct sqa_error){(int64_t)(reader.at + i) + 1, sqa_reader_get(&reader, i)};
            return SQA_RANGE;
        }
    }
    return SQA_OK;
}

void sqa_machine_ints_write(const struct sqa_kernels *kernels, const struct sqa_array *array,
                            enum sqa_dtype dtype, bool big, void *dst) {
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    const unsigned width = sqa_dtype_width(dtype);
    for (size_t at = 0; at < array->count; at += SQA_BLOCK) {
        const size_t n = block_size(array->count, at);
        sqa_array_copy(kernels, array, at, n, scratch, width);
        if (big)
            swap(scratch, width, n);
        memcpy((unsigned char *)dst + at * width, scratch, n * width);
    }
}
