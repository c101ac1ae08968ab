#include "sql/machine_int_result.h"

#include <string.h>

#include "core/npy.h"
#include "sql/result.h"

/* Returns n of the integers, from index `at` on. */
static struct sqa_machine_ints slice_ints(const struct sqa_machine_ints *ints, size_t at,
                                          size_t n) {
    const unsigned width = sqa_dtype_width(ints->dtype);
    return (struct sqa_machine_ints){.data = (const unsigned char *)ints->data + at * width,
                                     .size = n * width,
                                     .dtype = ints->dtype,
                                     .big = ints->big,
                                     .count = n};
}

/* Computes ints->count and ints->sig, the number of the integers and their significance. */
static void scan_ints(struct sqa_call *call, struct sqa_machine_ints *ints) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = sqa_dtype_width(ints->dtype);
    struct sqa_error error = {0, 0};
    ints->count = ints->size / width;
    ints->sig = 0;
    if (ints->size % width != 0)
        sqa_fail_status(call, SQA_INTS_SIZE, (struct sqa_error){(int64_t)ints->size, width});
    for (size_t at = 0, n; (n = sqa_next_run(ints->count, at, &call->poll)) > 0; at += n) {
        struct sqa_machine_ints run = slice_ints(ints, at, n);
        const enum sqa_status status = sqa_machine_ints_scan(kernels, &run, &error);
        /* error.a is the number of the element in the run */
        sqa_fail_status(call, status, (struct sqa_error){(int64_t)at + error.a, error.b});
        ints->sig |= run.sig;
    }
}

void sqa_result_from_machine_ints(struct sqa_call *call, const struct sqa_machine_ints *given) {
    struct sqa_machine_ints ints = *given;
    struct sqa_out out;
    scan_ints(call, &ints);
    sqa_out_open(&out, call, ints.count, sqa_sig_width(ints.sig));
    for (size_t at = 0, n; (n = sqa_next_run(ints.count, at, &call->poll)) > 0; at += n) {
        const struct sqa_machine_ints run = slice_ints(&ints, at, n);
        sqa_machine_ints_store(call->connection->kernels, &run, sqa_out_at(&out, at), out.width);
    }
    sqa_out_close(&out, ints.count, ints.sig);
}

void sqa_check_machine_ints(struct sqa_call *call, const struct sqa_array *array,
                            enum sqa_dtype dtype, uint64_t before) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    for (size_t at = 0, n; (n = sqa_next_run(array->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_array run = sqa_array_slice(array, at, n);
        struct sqa_error error;
        if (sqa_machine_ints_check(kernels, &run, dtype, &error) != SQA_OK)
            sqa_fail(call, "element %lld is %lld, outside the range of %s",
                     (long long)(before + at) + error.a, (long long)error.b, sqa_npy_dtypes[dtype]);
    }
}

void sqa_result_machine_ints(struct sqa_call *call, const struct sqa_array *array,
                             enum sqa_dtype dtype, bool big, const void *header,
                             size_t header_size) {
    const unsigned width = sqa_dtype_width(dtype);
    const uint64_t size = header_size + (uint64_t)array->count * width;
    sqa_check_machine_ints(call, array, dtype, 0);
    unsigned char *bytes = sqa_bytes_open(call, size);
    if (bytes == NULL)
        return;
    if (header_size > 0)
        memcpy(bytes, header, header_size);
    for (size_t at = 0, n; (n = sqa_next_run(array->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_array run = sqa_array_slice(array, at, n);
        sqa_machine_ints_write(call->connection->kernels, &run, dtype, big,
                               bytes + header_size + at * width);
    }
    sqa_bytes_close(call, bytes, size);
}
