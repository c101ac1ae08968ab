/* NumPy's .npy files, as blobs. */
#include "core/npy.h"
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/*
** Reads argument 1, a complete .npy file, and fills npy with its header. Fails if the elements
** that follow are too few or too many.
*/
static struct sqa_machine_ints arg_npy(struct sqa_call *call, struct sqa_npy *npy) {
    struct sqa_error error = {0, 0};
    size_t size;
    const unsigned char *bytes = sqa_arg_blob(call, 0, &size);
    const enum sqa_status status = sqa_npy_read(bytes, size, npy, &error);
    if (status == SQA_NPY_TYPE)
        sqa_fail(call, "dtype %s is not an integer type", npy->descr);
    sqa_fail_status(call, status, error);
    if (sqa_failed(call))
        return (struct sqa_machine_ints){.dtype = SQA_INT64};
    const uint64_t expected = sqa_npy_size(npy);
    if (size != expected)
        sqa_fail_status(call, SQA_NPY_SIZE,
                        (struct sqa_error){(int64_t)size,
                                           expected > INT64_MAX ? INT64_MAX : (int64_t)expected});
    return (struct sqa_machine_ints){.data = bytes + npy->offset,
                                     .size = size - (size_t)npy->offset,
                                     .dtype = npy->dtype,
                                     .big = npy->big};
}

void sqa_fn_from_npy(struct sqa_call *call) {
    struct sqa_npy npy;
    const struct sqa_machine_ints ints = arg_npy(call, &npy);
    sqa_result_from_machine_ints(call, &ints);
}

void sqa_fn_npy_shape(struct sqa_call *call) {
    struct sqa_npy npy;
    (void)arg_npy(call, &npy);
    if (sqa_failed(call))
        return;
    const struct sqa_view view = {(const unsigned char *)npy.shape.lengths, npy.shape.dimensions,
                                  sizeof npy.shape.lengths[0]};
    const struct sqa_array lengths = sqa_array_of(&view);
    sqa_result_array(call, &lengths);
}

/*
** Reads argument 3, the shape. Its product must be `count`. Without it the shape has one
** dimension.
*/
static void arg_shape(struct sqa_call *call, size_t count, struct sqa_npy_shape *shape) {
    shape->dimensions = 1;
    shape->lengths[0] = (int64_t)count;
    if (call->argc < 3)
        return;
    const struct sqa_array lengths = sqa_arg_array(call, 2);
    if (lengths.count > SQA_NPY_DIMENSIONS_MOST)
        sqa_fail(call, "argument 3, the shape, has %lld dimensions, more than %d",
                 (long long)lengths.count, (int)SQA_NPY_DIMENSIONS_MOST);
    if (sqa_failed(call))
        return;
    shape->dimensions = (unsigned)lengths.count;
    for (unsigned d = 0; d < shape->dimensions; d++) {
        shape->lengths[d] = sqa_array_get(call->connection->kernels, &lengths, d);
        if (shape->lengths[d] < 0)
            sqa_fail(call, "argument 3, the shape: dimension %u is %lld, expected 0 or more", d + 1,
                     (long long)shape->lengths[d]);
    }
    if (sqa_failed(call))
        return;
    const uint64_t expected = sqa_npy_count(shape);
    const bool over = expected > INT64_MAX;
    if (expected != count)
        sqa_fail(call, "argument 1 has %lld elements, argument 3, the shape, is one of %s%lld",
                 (long long)count, over ? "more than " : "",
                 over ? (long long)INT64_MAX : (long long)expected);
}

void sqa_fn_to_npy(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int dtype = call->argc > 1 ? sqa_arg_word(call, 1, sqa_npy_dtypes) : SQA_INT64;
    struct sqa_npy_shape shape;
    unsigned char header[SQA_NPY_HEADER_MOST];
    arg_shape(call, array.count, &shape);
    const size_t size = sqa_npy_write(header, (enum sqa_dtype)dtype, false, &shape);
    sqa_result_machine_ints(call, &array, (enum sqa_dtype)dtype, false, header, size);
}
