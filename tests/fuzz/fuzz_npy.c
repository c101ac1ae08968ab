/*
** Any bytes as a .npy file. Every prefix of the header is too short and says so; a header that is
** understood can be written again, with the same meaning; its elements are read where all of them
** are there.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include "core/npy.h"
#include "kernel/dispatch.h"

static void elements(const struct sqa_npy *npy, const void *bytes) {
    const struct sqa_kernels *kernels = sqa_kernels_choose(NULL);
    const size_t size = (size_t)(sqa_npy_size(npy) - npy->offset);
    struct sqa_machine_ints raw = {.data = (const unsigned char *)bytes + npy->offset,
                                   .size = size,
                                   .dtype = npy->dtype,
                                   .big = npy->big};
    struct sqa_error error;
    const enum sqa_status status = sqa_machine_ints_scan(kernels, &raw, &error);
    if (status == SQA_UNSIGNED) {
        must(error.b < 0 && npy->dtype == SQA_UINT64 && error.a >= 1 &&
             (uint64_t)error.a <= npy->count);
        return;
    }
    must(status == SQA_OK && raw.count == npy->count);
    const unsigned width = sqa_sig_width(raw.sig);
    const struct fuzz_memory values = fuzz_room(raw.count * width, 0);
    const struct fuzz_memory back = fuzz_room(size, 5);
    sqa_machine_ints_store(kernels, &raw, values.data, width);
    const struct sqa_array view = {values.data, raw.count, width, 0, 0};
    must(sqa_machine_ints_check(kernels, &view, npy->dtype, &error) == SQA_OK);
    sqa_machine_ints_write(kernels, &view, npy->dtype, npy->big, back.data);
    if (npy->dtype != SQA_BOOL)
        must(memcmp(back.data, raw.data, size) == 0);
    else
        for (size_t i = 0; i < size; i++)
            must(back.data[i] == (((const unsigned char *)raw.data)[i] != 0));
    free(values.block);
    free(back.block);
}

static bool same_shape(const struct sqa_npy_shape *a, const struct sqa_npy_shape *b) {
    bool same = a->dimensions == b->dimensions;
    for (unsigned d = 0; same && d < a->dimensions; d++)
        same = a->lengths[d] == b->lengths[d] && a->lengths[d] >= 0;
    return same;
}

/* The product of the lengths, or UINT64_MAX, by division */
static uint64_t plain_count(const struct sqa_npy_shape *shape) {
    uint64_t count = 1;
    bool over = false;
    for (unsigned d = 0; d < shape->dimensions; d++) {
        const uint64_t length = (uint64_t)shape->lengths[d];
        if (length == 0)
            return 0;
        over |= count > UINT64_MAX / length;
        count *= over ? 1 : length;
    }
    return over ? UINT64_MAX : count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct fuzz_memory file = fuzz_copy(data, size, 0);
    struct sqa_error error = {0, 0};
    struct sqa_npy npy;
    const enum sqa_status status = sqa_npy_read(file.data, size, &npy, &error);
    must(memchr(npy.descr, 0, sizeof npy.descr) != NULL);
    if (status == SQA_NPY_SHORT)
        must(error.a == (int64_t)size && error.b > (int64_t)size);
    if (status == SQA_NPY_SYNTAX)
        must(error.a >= 1 && (size_t)error.a <= size + 1);
    if (status == SQA_OK) {
        must(npy.offset <= size && npy.dtype <= SQA_BOOL);
        struct sqa_npy again;
        const struct fuzz_memory room = fuzz_room(SQA_NPY_HEADER_MOST, 0);
        const size_t written = sqa_npy_write(room.data, npy.dtype, npy.big, &npy.shape);
        must(written % 64 == 0 && written <= SQA_NPY_HEADER_MOST);
        must(npy.shape.dimensions != 1 || written == SQA_NPY_HEADER);
        must(sqa_npy_read(room.data, written, &again, &error) == SQA_OK);
        must(again.dtype == npy.dtype && again.count == npy.count && again.offset == written);
        must(again.big == npy.big || sqa_dtype_width(npy.dtype) == 1);
        must(same_shape(&npy.shape, &again.shape) && plain_count(&npy.shape) == npy.count);
        free(room.block);
        for (size_t n = 0; n < npy.offset; n += 1 + n / 16) {
            const struct fuzz_memory prefix = fuzz_copy(data, n, 0);
            must(sqa_npy_read(prefix.data, n, &again, &error) == SQA_NPY_SHORT);
            must(error.b > (int64_t)n && error.b <= (int64_t)npy.offset);
            free(prefix.block);
        }
        if (sqa_npy_size(&npy) <= size)
            elements(&npy, file.data);
    } else {
        char message[200];
        sqa_status_text(status, &error, message, sizeof message);
    }
    free(file.block);
    return 0;
}
