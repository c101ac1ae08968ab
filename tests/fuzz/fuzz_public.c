/*
** The public header: any bytes as integers, of a width that the first byte says, become an array
** and come back; any bytes are read as an array or refused. The library's own reader has to agree
** on both.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/reader.h"
#include "kernel/dispatch.h"
#include "sqlite_array.h"

static void encode(const int64_t *values, size_t count) {
    const struct sqa_kernels *kernels = sqa_kernels_choose(NULL);
    const uint64_t size = sqlite_array_size(values, count);
    const struct fuzz_memory blob = fuzz_room((size_t)size, 7);
    must(size == 8 + (uint64_t)count * sqlite_array_width(values, count));
    must(sqlite_array_encode(blob.data, values, count) == size);
    struct sqa_array view;
    struct sqa_error error;
    must(sqa_blob_array(blob.data, (size_t)size, &view, &error) == SQA_OK);
    must(view.count == count && sqa_sig_width(sqa_array_sig(kernels, &view, NULL)) == view.width);
    for (size_t i = 0; i < count; i++)
        must(sqa_array_get(kernels, &view, i) == values[i]);
    sqlite_array_view back;
    must(sqlite_array_read(blob.data, (size_t)size, &back) == SQLITE_OK);
    const struct fuzz_memory decoded = fuzz_room(count * sizeof *values, 0);
    sqlite_array_decode(&back, (int64_t *)(void *)decoded.data);
    must(count == 0 || memcmp(decoded.data, values, count * sizeof *values) == 0);
    free(decoded.block);
    free(blob.block);
}

static void read_any(const void *bytes, size_t size) {
    const struct fuzz_memory blob = fuzz_copy(bytes, size, 0);
    sqlite_array_view array = {NULL, 77, 0, 0, 0};
    struct sqa_array view;
    struct sqa_error error;
    const int rc = sqlite_array_read(blob.data, size, &array);
    must((rc == SQLITE_OK) == (sqa_blob_array(blob.data, size, &view, &error) == SQA_OK));
    if (rc != SQLITE_OK) {
        must(rc == SQLITE_MISMATCH && array.data == NULL && array.count == 77 && array.width == 0);
    } else {
        const struct fuzz_memory values = fuzz_room(array.count * 8, 0);
        int64_t *const x = (int64_t *)(void *)values.data;
        sqlite_array_decode(&array, x);
        for (size_t i = 0; i < array.count; i++)
            must(x[i] == sqlite_array_get(&array, i) &&
                 x[i] == sqa_array_get(sqa_kernels_choose(NULL), &view, i));
        encode(x, array.count);
        free(values.block);
    }
    free(blob.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    const unsigned width = 1 + fuzz_below(&input, 8);
    const size_t count = input.size / width;
    const struct fuzz_memory values = fuzz_room(count * 8, 0);
    int64_t *const x = (int64_t *)(void *)values.data;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = 0;
        for (unsigned b = 0; b < width; b++)
            bits |= (uint64_t)input.at[i * width + b] << (64 - 8 * width + 8 * b);
        x[i] = (int64_t)bits >> (64 - 8 * width);
    }
    encode(x, count);
    read_any(data, size);
    read_any(input.at, input.size);
    free(values.block);
    return 0;
}
