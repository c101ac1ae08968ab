#include "sql/machine_int_result.h"

#include <string.h>

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

/*
** Makes the call fail with the status of a part of the array that begins after `before` elements.
*/
static void fail_in_run(struct sqa_call *call, enum sqa_status status, struct sqa_error error,
                        uint64_t before) {
    error.a += (int64_t)before; /* error.a is the number of the element in the part */
    sqa_fail_status(call, status, error);
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
        fail_in_run(call, sqa_machine_ints_scan(kernels, &run, &error), error, at);
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
    struct sqa_error error = {0, 0};
    for (size_t at = 0, n; (n = sqa_next_run(array->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_array run = sqa_array_slice(array, at, n);
        fail_in_run(call, sqa_machine_ints_check(call->connection->kernels, &run, dtype, &error),
                    error, before + at);
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
