#include "sql/machine_int_result.h"

#include <string.h>

#include "sql/result.h"

/* The n integers from index `at` on */
static struct sqa_machine_ints slice_ints(const struct sqa_machine_ints *ints, size_t at,
                                          size_t n) {
    const unsigned width = sqa_dtype_width(ints->dtype);
    return (struct sqa_machine_ints){.data = (const unsigned char *)ints->data + at * width,
                                     .size = n * width,
                                     .dtype = ints->dtype,
                                     .big = ints->big,
                                     .count = n};
}

/* What core/machine_ints says of a run that begins at index `at`, said of the whole. */
static enum sqa_status said_of_run(struct sqa_call *call, enum sqa_status status, size_t at) {
    call->error.a += (int64_t)at;
    return status;
}

/* The significance of all of them: ints->sig; and their number. */
static enum sqa_status scan(struct sqa_call *call, struct sqa_machine_ints *ints) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = sqa_dtype_width(ints->dtype);
    const size_t count = ints->size / width;
    uint64_t sig = 0;
    if (ints->size % width != 0)
        return sqa_machine_ints_scan(kernels, ints, &call->error); /* which says so */
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        struct sqa_machine_ints run = slice_ints(ints, at, n);
        const enum sqa_status status = sqa_machine_ints_scan(kernels, &run, &call->error);
        if (status != SQA_OK)
            return said_of_run(call, status, at);
        sig |= run.sig;
    }
    ints->count = count;
    ints->sig = sig;
    return sqa_call_status(call);
}

enum sqa_status sqa_result_from_machine_ints(struct sqa_call *call,
                                             const struct sqa_machine_ints *given) {
    struct sqa_machine_ints ints = *given;
    struct sqa_out out;
    enum sqa_status status = scan(call, &ints);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, ints.count, sqa_sig_width(ints.sig));
    if (status != SQA_OK)
        return status;
    for (size_t at = 0, n; (n = sqa_next_run(ints.count, at, &call->poll)) > 0; at += n) {
        const struct sqa_machine_ints run = slice_ints(&ints, at, n);
        sqa_machine_ints_store(call->connection->kernels, &run,
                               (unsigned char *)sqa_out_data(&out) + at * out.width, out.width);
    }
    return sqa_out_close(&out, SQA_OK, ints.count, ints.sig);
}

enum sqa_status sqa_check_machine_ints(struct sqa_call *call, const struct sqa_view *view,
                                       enum sqa_dtype dtype) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_view run = sqa_view_slice(view, at, n);
        const enum sqa_status status = sqa_machine_ints_check(kernels, &run, dtype, &call->error);
        if (status != SQA_OK)
            return said_of_run(call, status, at);
    }
    return sqa_call_status(call);
}

enum sqa_status sqa_result_machine_ints(struct sqa_call *call, const struct sqa_view *view,
                                        enum sqa_dtype dtype, bool big, const void *header,
                                        size_t header_size) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = sqa_dtype_width(dtype);
    const uint64_t size = header_size + (uint64_t)view->count * width;
    void *bytes;
    enum sqa_status status = sqa_check_machine_ints(call, view, dtype);
    if (status == SQA_OK)
        status = sqa_bytes_open(call, size, &bytes);
    if (status != SQA_OK)
        return status;
    if (header_size > 0)
        memcpy(bytes, header, header_size);
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_view run = sqa_view_slice(view, at, n);
        sqa_machine_ints_write(kernels, &run, dtype, big,
                               (unsigned char *)bytes + header_size + at * width);
    }
    return sqa_bytes_close(call, SQA_OK, bytes, size);
}
