/* Packed arrays, which use fewer bits an element: array_pack, array_unpack, array_bits. */
#include "core/packing.h"
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_pack(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_packing packing;
    sqa_packing_start(&packing, call->connection->kernels, &array, &call->poll);
    if (!sqa_packing_pays(&packing)) {
        sqa_result_array(call, &array);
        return;
    }
    void *blob = sqa_bytes_open(call, packing.size);
    if (blob == NULL)
        return;
    sqa_packing_write(&packing, blob);
    sqa_bytes_close(call, blob, packing.size);
}

void sqa_fn_unpack(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    sqa_result_array(call, &array);
}

/*
** The number of bits after the header, divided by the number of elements. Text counts as the
** array that it stands for.
*/
void sqa_fn_bits(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    double bits = 8.0 * (double)array.count * array.width;
    if (sqlite3_value_type(call->argv[0]) == SQLITE_BLOB)
        bits = 8.0 * (sqlite3_value_bytes(call->argv[0]) - SQA_HEADER);
    if (array.count > 0)
        sqlite3_result_double(call->context, bits / (double)array.count);
}
