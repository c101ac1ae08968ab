#include "file/input.h"

#include <errno.h>
#include <string.h>

#include "file/system.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

/*
** Reads up to `size` bytes at an offset, fewer at the end of the file, and sets *got to their
** number. Returns false after an error, which is in errno.
*/
static bool read_at(int fd, void *bytes, size_t size, uint64_t offset, size_t *got) {
    for (*got = 0; *got < size;) {
        const ptrdiff_t n =
            sqa_system_read(fd, (unsigned char *)bytes + *got, size - *got, offset + *got);
        if (n == 0)
            break;
        if (n > 0)
            *got += (size_t)n;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

/*
** Opens the file and returns its size. Fails for a directory, device or pipe, which hold no
** integers, and on which opening could block.
*/
static uint64_t open_regular(struct sqa_input *input, struct sqa_call *call, const char *path) {
    struct sqa_file_status status;
    input->fd = sqa_system_open(path);
    if (input->fd < 0)
        sqa_fail_path(call, "open", path);
    else if (sqa_system_look(input->fd, &status) && status.is_regular)
        return status.size;
    sqa_fail(call, "%.*s is not a regular file", sqa_excerpt(path, 150), path);
    return 0;
}

/* Reads the header of a .npy file into the connection's small buffer and checks it. */
static void read_npy(struct sqa_input *input, struct sqa_call *call, const unsigned char *bytes,
                     size_t size, uint64_t file_size) {
    struct sqa_npy npy;
    struct sqa_error error = {0, 0};
    const enum sqa_status status = sqa_npy_read(bytes, size, &npy, &error);
    if (status == SQA_NPY_TYPE)
        sqa_fail(call, "dtype %s is not an integer type", npy.descr);
    else if (status == SQA_NPY_SHORT && file_size > size)
        sqa_fail(call, "a .npy header of %lld bytes is longer than %d", (long long)error.b,
                 SQA_SMALL);
    sqa_fail_status(call, status, error);
    if (sqa_failed(call))
        return;
    const uint64_t expected = sqa_npy_size(&npy);
    if (file_size != expected)
        sqa_fail_status(call, SQA_NPY_SIZE,
                        (struct sqa_error){(int64_t)file_size,
                                           expected > INT64_MAX ? INT64_MAX : (int64_t)expected});
    input->big = npy.big;
    input->dtype = npy.dtype;
    input->offset = npy.offset;
    input->count = npy.count;
    input->shape = npy.shape;
}

static void find_form(struct sqa_input *input, struct sqa_call *call, const char *path, int dtype,
                      int otherwise, uint64_t file_size) {
    unsigned char *header = sqa_pool_small(call->connection->pool);
    size_t got;
    if (!read_at(input->fd, header, SQA_SMALL, 0, &got)) {
        sqa_fail_path(call, "read", path);
        return;
    }
    input->is_npy = sqa_npy_recognise(header, got);
    if (input->is_npy) {
        read_npy(input, call, header, got, file_size);
        if (dtype != SQA_NO_DTYPE && dtype != (int)input->dtype)
            sqa_fail(call, "dtype is %s, the file holds %s", sqa_npy_dtypes[dtype],
                     sqa_npy_dtypes[input->dtype]);
        return;
    }
    dtype = dtype == SQA_NO_DTYPE ? otherwise : dtype;
    if (dtype == SQA_NO_DTYPE) {
        sqa_fail(call, "argument 2, the dtype, is needed: %.*s is not a .npy file",
                 sqa_excerpt(path, 120), path);
        return;
    }
    const unsigned width = sqa_dtype_width((enum sqa_dtype)dtype);
    input->dtype = (enum sqa_dtype)dtype;
    input->count = file_size / width;
    if (file_size % width != 0)
        sqa_fail_status(call, SQA_INTS_SIZE, (struct sqa_error){(int64_t)file_size, width});
}

void sqa_input_open(struct sqa_input *input, struct sqa_call *call, const char *path, int dtype,
                    int otherwise) {
    *input = (struct sqa_input){.fd = -1};
    if (sqa_failed(call))
        return;
    const uint64_t size = open_regular(input, call, path);
    if (!sqa_failed(call))
        find_form(input, call, path, dtype, otherwise, size);
}

void sqa_input_close(struct sqa_input *input) {
    if (input->fd >= 0)
        sqa_system_close(input->fd);
    input->fd = -1;
}

void sqa_input_expect(const struct sqa_input *input, uint64_t first, uint64_t n) {
    const unsigned width = sqa_dtype_width(input->dtype);
    sqa_system_expect(input->fd, input->offset + first * width, n * width);
}

void sqa_input_read(const struct sqa_input *input, struct sqa_call *call, uint64_t first, size_t n,
                    void *bytes) {
    const unsigned width = sqa_dtype_width(input->dtype);
    for (size_t at = 0, run; (run = sqa_next_run(n, at, &call->poll)) > 0; at += run) {
        unsigned char *to = (unsigned char *)bytes + at * width;
        const long long element = (long long)(first + at) + 1;
        size_t got;
        if (!read_at(input->fd, to, run * width, input->offset + (first + at) * width, &got))
            sqa_fail(call, "cannot read element %lld: %s", element, strerror(errno));
        else if (got < run * width)
            sqa_fail(call, "the file has become shorter, element %lld is missing",
                     element + (long long)(got / width));
    }
}

/* Reads elements that need no conversion directly into the result. */
static void result_directly(const struct sqa_input *input, struct sqa_call *call, uint64_t first,
                            size_t n) {
    struct sqa_out out;
    sqa_out_open(&out, call, n, sqa_dtype_width(input->dtype));
    sqa_input_read(input, call, first, n, out.elements);
    sqa_out_close(&out, n, sqa_plain_sig(call, out.elements, n, out.width));
}

static void result_converted(const struct sqa_input *input, struct sqa_call *call, uint64_t first,
                             size_t n) {
    const unsigned width = sqa_dtype_width(input->dtype);
    void *bytes = sqa_scratch_take(call, n, width);
    const struct sqa_machine_ints ints = {
        .data = bytes, .size = n * width, .dtype = input->dtype, .big = input->big};
    sqa_input_read(input, call, first, n, bytes);
    sqa_result_from_machine_ints(call, &ints);
    if (call->status == SQA_UNSIGNED)
        call->error.a += (int64_t)first;
}

void sqa_input_result(const struct sqa_input *input, struct sqa_call *call, uint64_t first,
                      uint64_t n) {
    const uint64_t size = sqa_mul_size(n, sqa_dtype_width(input->dtype));
    sqa_check_limit(call, sqa_add_size(SQA_HEADER, size));
    if (sqa_failed(call))
        return;
    if (input->big || sqa_dtype_unsigned(input->dtype))
        result_converted(input, call, first, (size_t)n);
    else
        result_directly(input, call, first, (size_t)n);
}
