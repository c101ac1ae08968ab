/*
** Packed arrays, codec 1. Any bytes as integers are packed and read again; any bytes as what
** follows the header of a packed array are refused, or read, by the library and by the public
** header alike, with each set of kernels.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/packing.h"
#include "core/reader.h"
#include "kernel/dispatch.h"
#include "sqlite_array.h"

/* The n elements of the array from index `at` on are those of values, in every width. */
static void same(const struct sqa_kernels *kernels, const struct sqa_array *array,
                 const int64_t *values) {
    struct sqa_reader reader;
    sqa_reader_init(&reader, kernels, array, 8, NULL);
    while (sqa_reader_next(&reader))
        must(memcmp(reader.data, values + reader.at, reader.n * sizeof *values) == 0);
    const size_t middle = array->count / 2;
    must(array->count == 0 || sqa_array_get(kernels, array, middle) == values[middle]);
    const struct sqa_array part = sqa_array_slice(array, middle, array->count - middle);
    sqa_reader_init(&reader, kernels, &part, array->width, NULL);
    while (sqa_reader_next(&reader))
        must(sqa_reader_get(&reader, reader.n - 1) == values[middle + reader.at + reader.n - 1]);
}

/* All elements of a block are in its range. */
static void in_range(const struct sqa_array *array, const int64_t *values) {
    struct sqa_packed_cursor cursor = sqa_packed_open(array);
    const size_t step = array->count > 4000 ? 17 : 1;
    for (size_t i = 0; i < array->count; i += step) {
        const struct sqa_packed_block block = sqa_packed_seek(&cursor, i / SQA_BLOCK);
        const struct sqa_range range = sqa_packed_range(&block);
        must(range.lo <= values[i] && values[i] <= range.hi);
    }
}

static void read_any(const struct sqa_kernels *kernels, const void *bytes, size_t size) {
    const struct fuzz_memory blob = fuzz_copy(bytes, size, 0);
    sqlite_array_view view;
    struct sqa_array array;
    struct sqa_error error;
    const int rc = sqlite_array_read(blob.data, size, &view);
    must((rc == SQLITE_OK) == (sqa_blob_array(blob.data, size, &array, &error) == SQA_OK));
    if (rc == SQLITE_OK && view.count <= 1 << 16) {
        const struct fuzz_memory values = fuzz_room(view.count * 8, 0);
        int64_t *const x = (int64_t *)(void *)values.data;
        sqlite_array_decode(&view, x);
        same(kernels, &array, x);
        in_range(&array, x);
        (void)sqa_packing_is_canonical(kernels, &array, NULL);
        free(values.block);
    }
    free(blob.block);
}

/* The values, of width bytes each at bytes, packed */
static void pack(const struct sqa_kernels *kernels, const unsigned char *bytes, size_t count,
                 unsigned width) {
    const struct fuzz_memory elements = fuzz_copy(bytes, count * width, 1);
    const struct fuzz_memory values = fuzz_room(count * 8, 0);
    const struct sqa_view view = {elements.data, count, width};
    const struct sqa_array array = sqa_array_of(&view);
    struct sqa_packing packing;
    struct sqa_array packed;
    struct sqa_error error;
    sqa_view_copy(kernels, &view, 0, count, values.data, 8);
    sqa_packing_start(&packing, kernels, &array, NULL);
    const struct fuzz_memory blob = fuzz_room((size_t)packing.size, 3);
    sqa_packing_write(&packing, blob.data);
    must(count == 0 || sqa_blob_array(blob.data, (size_t)packing.size, &packed, &error) == SQA_OK);
    if (count > 0) {
        same(kernels, &packed, (const int64_t *)(const void *)values.data);
        in_range(&packed, (const int64_t *)(const void *)values.data);
        must(sqa_packing_is_canonical(kernels, &packed, NULL) == sqa_packing_pays(&packing));
        read_any(kernels, blob.data, (size_t)packing.size);
    }
    free(blob.block);
    free(values.block);
    free(elements.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const struct sqa_kernels *sets[SQA_ISA_MOST];
    const size_t n = sqa_kernels_list(sets);
    const unsigned choice = fuzz_below(&input, 16), width = 1u << choice % 4;
    const struct sqa_kernels *kernels = sets[choice / 8 % n];
    if (choice / 4 % 2 == 0) {
        pack(kernels, input.at, input.size / width, width);
    } else {
        const unsigned count = fuzz_below(&input, 256) * 16 + fuzz_below(&input, 256);
        const struct fuzz_memory blob = fuzz_room(SQA_HEADER + input.size, 0);
        sqa_blob_packed_header(blob.data, count, width);
        if (input.size > 0)
            memcpy(blob.data + SQA_HEADER, input.at, input.size);
        read_any(kernels, blob.data, SQA_HEADER + input.size);
        free(blob.block);
    }
    return 0;
}
