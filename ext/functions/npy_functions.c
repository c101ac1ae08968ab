/* NumPy's .npy files, as blobs. */
#include "core/npy.h"
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

/* Argument 1: a file of which npy is the header, followed by all its elements and nothing else. */
static enum sqa_status arg_npy(struct sqa_call *call, struct sqa_npy *npy,
                               struct sqa_machine_ints *ints) {
    sqlite3_value *value = call->argv[0];
    if (sqlite3_value_type(value) != SQLITE_BLOB)
        return sqa_fail(call, "argument 1 is not a blob (%s given)", sqa_type_name(value));
    const unsigned char *bytes = sqlite3_value_blob(value); /* first: it may expand a zeroblob */
    const size_t size = (size_t)sqlite3_value_bytes(value);
    const enum sqa_status status = sqa_npy_read(bytes, size, npy, &call->error);
    if (status == SQA_NPY_TYPE)
        return sqa_fail(call, "dtype %s is not an integer type", npy->descr);
    if (status != SQA_OK)
        return status;
    const uint64_t expected = sqa_npy_size(npy);
    if (size != expected) {
        call->error.a = (int64_t)size;
        call->error.b = expected > INT64_MAX ? INT64_MAX : (int64_t)expected;
        return SQA_NPY_SIZE;
    }
    *ints = (struct sqa_machine_ints){.data = bytes + npy->offset,
                                      .size = size - (size_t)npy->offset,
                                      .dtype = npy->dtype,
                                      .big = npy->big};
    return SQA_OK;
}

enum sqa_status fn_from_npy(struct sqa_call *call) {
    struct sqa_npy npy;
    struct sqa_machine_ints ints;
    const enum sqa_status status = arg_npy(call, &npy, &ints);
    return status == SQA_OK ? sqa_result_from_machine_ints(call, &ints) : status;
}

enum sqa_status fn_npy_shape(struct sqa_call *call) {
    struct sqa_npy npy;
    struct sqa_machine_ints ints;
    const enum sqa_status status = arg_npy(call, &npy, &ints);
    if (status != SQA_OK)
        return status;
    const struct sqa_view lengths = {(const unsigned char *)npy.shape.lengths, npy.shape.dimensions,
                                     sizeof npy.shape.lengths[0]};
    return sqa_result_array(call, &lengths);
}

/* Argument 3, the shape that count elements are to have */
static enum sqa_status arg_shape(struct sqa_call *call, size_t count, struct sqa_npy_shape *shape) {
    struct sqa_view lengths;
    const enum sqa_status status = sqa_arg_array(call, 2, &lengths);
    if (status != SQA_OK)
        return status;
    if (lengths.count > SQA_NPY_DIMENSIONS_MOST)
        return sqa_fail(call, "argument 3, the shape, has %zu dimensions, more than %d",
                        lengths.count, (int)SQA_NPY_DIMENSIONS_MOST);
    shape->dimensions = (unsigned)lengths.count;
    for (unsigned d = 0; d < shape->dimensions; d++) {
        shape->lengths[d] = sqa_view_get(&lengths, d);
        if (shape->lengths[d] < 0)
            return sqa_fail(call, "argument 3, the shape: dimension %u is %lld, expected 0 or more",
                            d + 1, (long long)shape->lengths[d]);
    }
    const uint64_t expected = sqa_npy_count(shape);
    if (expected == count)
        return SQA_OK;
    const bool over = expected > INT64_MAX;
    return sqa_fail(call, "argument 1 has %zu elements, argument 3, the shape, is one of %s%lld",
                    count, over ? "more than " : "",
                    over ? (long long)INT64_MAX : (long long)expected);
}

enum sqa_status fn_to_npy(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_npy_shape shape;
    unsigned char header[SQA_NPY_HEADER_MOST];
    int dtype = SQA_INT64;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_word(call, 1, sqa_npy_dtypes, &dtype);
    if (status == SQA_OK && call->argc > 2) {
        status = arg_shape(call, view.count, &shape);
    } else {
        shape.dimensions = 1;
        shape.lengths[0] = (int64_t)view.count;
    }
    if (status != SQA_OK)
        return status;
    const size_t size = sqa_npy_write(header, (enum sqa_dtype)dtype, false, &shape);
    return sqa_result_machine_ints(call, &view, (enum sqa_dtype)dtype, false, header, size);
}
