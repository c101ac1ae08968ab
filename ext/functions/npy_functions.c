/* NumPy's .npy files, as blobs. */
#include "core/npy.h"
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/machine_int_result.h"

SQLITE_EXTENSION_INIT3

/* A header that is followed by all its elements and nothing else, and where those are: argument 1. */
static enum sqa_status arg_npy(struct sqa_call *call, struct sqa_machine_ints *ints) {
    sqlite3_value *value = call->argv[0];
    struct sqa_npy npy;
    if (sqlite3_value_type(value) != SQLITE_BLOB)
        return sqa_fail(call, "argument 1 is not a blob (%s given)", sqa_type_name(value));
    const unsigned char *bytes = sqlite3_value_blob(value); /* first: it may expand a zeroblob */
    const size_t size = (size_t)sqlite3_value_bytes(value);
    const enum sqa_status status = sqa_npy_read(bytes, size, &npy, &call->error);
    if (status == SQA_NPY_TYPE)
        return sqa_fail(call, "dtype %s is not an integer type", npy.descr);
    if (status != SQA_OK)
        return status;
    const uint64_t expected = sqa_npy_size(&npy);
    if (size != expected) {
        call->error.a = (int64_t)size;
        call->error.b = expected > INT64_MAX ? INT64_MAX : (int64_t)expected;
        return SQA_NPY_SIZE;
    }
    *ints = (struct sqa_machine_ints){.data = bytes + npy.offset,
                                      .size = size - (size_t)npy.offset,
                                      .dtype = npy.dtype,
                                      .big = npy.big};
    return SQA_OK;
}

enum sqa_status fn_from_npy(struct sqa_call *call) {
    struct sqa_machine_ints ints;
    const enum sqa_status status = arg_npy(call, &ints);
    return status == SQA_OK ? sqa_result_from_machine_ints(call, &ints) : status;
}

enum sqa_status fn_to_npy(struct sqa_call *call) {
    struct sqa_view view;
    int dtype = SQA_INT64;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_word(call, 1, sqa_npy_dtypes, &dtype);
    return status == SQA_OK
               ? sqa_result_machine_ints(call, &view, (enum sqa_dtype)dtype, false, SQA_NPY_HEADER)
               : status;
}
