#include "functions/packed.h"

#include "core/npy.h"
#include "functions/result.h"

/* The n integers from index `at` on */
static struct sqa_raw raw_slice(const struct sqa_raw *raw, size_t at, size_t n) {
    const unsigned width = sqa_dtype_width(raw->dtype);
    return (struct sqa_raw){.data = (const unsigned char *)raw->data + at * width,
                            .size = n * width,
                            .dtype = raw->dtype,
                            .big = raw->big,
                            .count = n};
}

/* What core/raw says of a run that begins at index `at`, said of the whole. */
static enum sqa_status said_of_run(struct sqa_call *call, enum sqa_status status, size_t at) {
    call->error.a += (int64_t)at;
    return status;
}

/* The significance of all of them: raw->sig; and their number. */
static enum sqa_status scan(struct sqa_call *call, struct sqa_raw *raw) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = sqa_dtype_width(raw->dtype);
    const size_t count = raw->size / width;
    uint64_t sig = 0;
    if (raw->size % width != 0)
        return sqa_raw_scan(kernels, raw, &call->error); /* which says so */
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        struct sqa_raw run = raw_slice(raw, at, n);
        const enum sqa_status status = sqa_raw_scan(kernels, &run, &call->error);
        if (status != SQA_OK)
            return said_of_run(call, status, at);
        sig |= run.sig;
    }
    raw->count = count;
    raw->sig = sig;
    return sqa_call_status(call);
}

enum sqa_status sqa_result_raw(struct sqa_call *call, const struct sqa_raw *given) {
    struct sqa_raw raw = *given;
    struct sqa_out out;
    enum sqa_status status = scan(call, &raw);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, raw.count, sqa_sig_width(raw.sig));
    if (status != SQA_OK)
        return status;
    for (size_t at = 0, n; (n = sqa_next_run(raw.count, at, &call->poll)) > 0; at += n) {
        const struct sqa_raw run = raw_slice(&raw, at, n);
        sqa_raw_store(call->connection->kernels, &run,
                      (unsigned char *)sqa_out_data(&out) + at * out.width, out.width);
    }
    return sqa_out_close(&out, SQA_OK, raw.count, raw.sig);
}

enum sqa_status sqa_packed_check(struct sqa_call *call, const struct sqa_view *view,
                                 enum sqa_dtype dtype) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_view run = sqa_view_slice(view, at, n);
        const enum sqa_status status = sqa_raw_check(kernels, &run, dtype, &call->error);
        if (status != SQA_OK)
            return said_of_run(call, status, at);
    }
    return sqa_call_status(call);
}

enum sqa_status sqa_result_packed(struct sqa_call *call, const struct sqa_view *view,
                                  enum sqa_dtype dtype, bool big, size_t header) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = sqa_dtype_width(dtype);
    const uint64_t size = header + (uint64_t)view->count * width;
    void *bytes;
    enum sqa_status status = sqa_packed_check(call, view, dtype);
    if (status == SQA_OK)
        status = sqa_bytes_open(call, size, &bytes);
    if (status != SQA_OK)
        return status;
    if (header > 0)
        sqa_npy_write(bytes, dtype, big, view->count);
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_view run = sqa_view_slice(view, at, n);
        sqa_raw_write(kernels, &run, dtype, big, (unsigned char *)bytes + header + at * width);
    }
    return sqa_bytes_close(call, SQA_OK, bytes, size);
}
