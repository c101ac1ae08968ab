#include "file/posix.h"

#include "file/input.h"

#include <string.h>

#include "sql/whole_array.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/* Fills bytes from an offset on, up to the end of the file; *got: how many. False: see errno. */
static bool read_at(int fd, void *bytes, size_t size, uint64_t offset, size_t *got) {
    for (*got = 0; *got < size;) {
        const ssize_t n =
            pread(fd, (unsigned char *)bytes + *got, size - *got, (off_t)(offset + *got));
        if (n == 0)
            break;
        if (n > 0)
            *got += (size_t)n;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

/* A directory, a device or a pipe is no file of integers; and opening it must not wait for anybody. */
static enum sqa_status open_regular(struct sqa_call *call, const char *path, int *fd,
                                    uint64_t *size) {
    struct stat status;
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (*fd < 0)
        return sqa_fail_path(call, "open", path);
    if (fstat(*fd, &status) == 0 && S_ISREG(status.st_mode)) {
        *size = (uint64_t)status.st_size;
        return SQA_OK;
    }
    (void)close(*fd);
    return sqa_fail(call, "%.*s is not a regular file", sqa_excerpt(path, 150), path);
}

/* What the header says; the memory it is read into is the connection's small buffer. */
static enum sqa_status read_npy(struct sqa_input *input, struct sqa_call *call,
                                const unsigned char *bytes, size_t size, uint64_t file_size) {
    struct sqa_npy npy;
    const enum sqa_status status = sqa_npy_read(bytes, size, &npy, &call->error);
    if (status == SQA_NPY_TYPE)
        return sqa_fail(call, "dtype %s is not an integer type", npy.descr);
    if (status == SQA_NPY_SHORT && file_size > size)
        return sqa_fail(call, "a .npy header of %lld bytes is longer than %d",
                        (long long)call->error.b, SQA_SMALL);
    if (status != SQA_OK)
        return status;
    const uint64_t expected = sqa_npy_size(&npy);
    if (file_size != expected) {
        call->error.a = (int64_t)file_size;
        call->error.b = expected > INT64_MAX ? INT64_MAX : (int64_t)expected;
        return SQA_NPY_SIZE;
    }
    input->big = npy.big;
    input->dtype = npy.dtype;
    input->offset = npy.offset;
    input->count = npy.count;
    input->shape = npy.shape;
    return SQA_OK;
}

static enum sqa_status find_form(struct sqa_input *input, struct sqa_call *call, const char *path,
                                 int dtype, int otherwise, uint64_t file_size) {
    unsigned char *header = sqa_pool_small(call->connection->pool);
    size_t got;
    if (!read_at(input->fd, header, SQA_SMALL, 0, &got))
        return sqa_fail_path(call, "read", path);
    input->is_npy = sqa_npy_recognise(header, got);
    if (input->is_npy) {
        const enum sqa_status status = read_npy(input, call, header, got, file_size);
        if (status == SQA_OK && dtype != SQA_NO_DTYPE && dtype != (int)input->dtype)
            return sqa_fail(call, "dtype is %s, the file holds %s", sqa_npy_dtypes[dtype],
                            sqa_npy_dtypes[input->dtype]);
        return status;
    }
    dtype = dtype == SQA_NO_DTYPE ? otherwise : dtype;
    if (dtype == SQA_NO_DTYPE)
        return sqa_fail(call, "argument 2, the dtype, is needed: %.*s is not a .npy file",
                        sqa_excerpt(path, 120), path);
    const unsigned width = sqa_dtype_width((enum sqa_dtype)dtype);
    input->dtype = (enum sqa_dtype)dtype;
    input->count = file_size / width;
    call->error = (struct sqa_error){(int64_t)file_size, width};
    return file_size % width == 0 ? SQA_OK : SQA_INTS_SIZE;
}

enum sqa_status sqa_input_open(struct sqa_input *input, struct sqa_call *call, const char *path,
                               int dtype, int otherwise) {
    uint64_t size = 0;
    *input = (struct sqa_input){.fd = -1};
    enum sqa_status status = open_regular(call, path, &input->fd, &size);
    if (status != SQA_OK)
        return status;
    status = find_form(input, call, path, dtype, otherwise, size);
    if (status != SQA_OK)
        sqa_input_close(input);
    return status;
}

void sqa_input_close(struct sqa_input *input) {
    (void)close(input->fd);
    input->fd = -1;
}

void sqa_input_expect(const struct sqa_input *input, uint64_t first, uint64_t n) {
    const unsigned width = sqa_dtype_width(input->dtype);
    (void)posix_fadvise(input->fd, (off_t)(input->offset + first * width), (off_t)(n * width),
                        POSIX_FADV_WILLNEED);
}

enum sqa_status sqa_input_read(const struct sqa_input *input, struct sqa_call *call, uint64_t first,
                               size_t n, void *bytes) {
    const unsigned width = sqa_dtype_width(input->dtype);
    for (size_t at = 0, run; (run = sqa_next_run(n, at, &call->poll)) > 0; at += run) {
        unsigned char *to = (unsigned char *)bytes + at * width;
        const long long element = (long long)(first + at) + 1;
        size_t got;
        if (!read_at(input->fd, to, run * width, input->offset + (first + at) * width, &got))
            return sqa_fail(call, "cannot read element %lld: %s", element, strerror(errno));
        if (got < run * width)
            return sqa_fail(call, "the file has become shorter, element %lld is missing",
                            element + (long long)(got / width));
    }
    return sqa_call_status(call);
}

/* Elements that kernels can read as they are go into the result at once. */
static enum sqa_status result_directly(const struct sqa_input *input, struct sqa_call *call,
                                       uint64_t first, size_t n) {
    struct sqa_out out;
    enum sqa_status status = sqa_out_open(&out, call, n, sqa_dtype_width(input->dtype));
    if (status != SQA_OK)
        return status;
    const struct sqa_view view = {sqa_out_data(&out), n, out.width};
    uint64_t sig = 0;
    status = sqa_input_read(input, call, first, n, sqa_out_data(&out));
    if (status == SQA_OK)
        status = sqa_whole_sig(call, &view, &sig);
    return sqa_out_close(&out, status, n, sig);
}

static enum sqa_status result_converted(const struct sqa_input *input, struct sqa_call *call,
                                        uint64_t first, size_t n) {
    const unsigned width = sqa_dtype_width(input->dtype);
    void *bytes = sqa_scratch_take(call, n, width);
    if (bytes == NULL)
        return SQA_NOMEM;
    const struct sqa_machine_ints ints = {
        .data = bytes, .size = n * width, .dtype = input->dtype, .big = input->big};
    enum sqa_status status = sqa_input_read(input, call, first, n, bytes);
    if (status == SQA_OK)
        status = sqa_result_from_machine_ints(call, &ints);
    if (status == SQA_UNSIGNED)
        call->error.a += (int64_t)first;
    sqa_scratch_give(bytes);
    return status;
}

enum sqa_status sqa_input_result(const struct sqa_input *input, struct sqa_call *call,
                                 uint64_t first, uint64_t n) {
    const uint64_t size = sqa_mul_size(n, sqa_dtype_width(input->dtype));
    const enum sqa_status status = sqa_check_limit(call, sqa_add_size(SQA_HEADER, size));
    if (status != SQA_OK)
        return status;
    return input->big || sqa_dtype_unsigned(input->dtype)
               ? result_converted(input, call, first, (size_t)n)
               : result_directly(input, call, first, (size_t)n);
}
