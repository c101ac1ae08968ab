/* Roaring bitmaps: array_from_roaring, array_to_roaring. */
#include "core/roaring.h"
#include "functions/bodies.h"
#include "functions/set_operand.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_from_roaring(struct sqa_call *call) {
    struct sqa_roaring roaring = {.poll = &call->poll};
    struct sqa_error error = {0, 0};
    struct sqa_out out;
    roaring.data = sqa_arg_blob(call, 0, &roaring.size);
    if (sqa_failed(call))
        return;
    sqa_fail_status(call, sqa_roaring_scan(call->connection->kernels, &roaring, &error), error);
    sqa_out_open(&out, call, roaring.count, sqa_sig_width(roaring.sig));
    if (sqa_failed(call))
        return;
    sqa_roaring_store(call->connection->kernels, &roaring, out.elements, out.width);
    sqa_out_close(&out, (size_t)roaring.count, roaring.sig);
}

/* Returns the elements as a sorted set in plain memory. */
static struct sqa_view roaring_set_of(struct sqa_call *call, const struct sqa_array *array) {
    if (sqa_is_set(call, array))
        return sqa_whole_view(call, array);
    void *sorted = sqa_sorted_copy(call, array, array->width);
    const size_t count = sqa_whole_unique(call, sorted, array->count, array->width);
    return (struct sqa_view){sorted, count, array->width};
}

/*
** Returns the format, 32 or 64 bits, that argument 2 names. Without it, returns 32 if all
** elements fit, otherwise 64.
*/
static unsigned roaring_format_of(struct sqa_call *call, int64_t most) {
    const int64_t bits = sqa_arg_integer_or(call, 1, most > UINT32_MAX ? 64 : 32);
    if (bits != 32 && bits != 64)
        sqa_fail(call, "argument 2 is %lld, expected 32 or 64", (long long)bits);
    else if (bits == 32 && most > UINT32_MAX)
        sqa_fail(call, "argument 1 has the element %lld, more than 4294967295, which needs 64 bits",
                 (long long)most);
    return (unsigned)bits;
}

void sqa_fn_to_roaring(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const struct sqa_view set = roaring_set_of(call, &array);
    if (sqa_failed(call))
        return;
    const int64_t least = set.count > 0 ? sqa_view_get(&set, 0) : 0;
    const int64_t most = set.count > 0 ? sqa_view_get(&set, set.count - 1) : 0;
    const unsigned bits = roaring_format_of(call, most);
    if (least < 0)
        sqa_fail(call, "argument 1 has the element %lld, which is negative", (long long)least);
    if (sqa_failed(call))
        return;
    const uint64_t size = sqa_roaring_size(&set, bits, &call->poll);
    unsigned char *bytes = sqa_bytes_open(call, size);
    if (bytes == NULL)
        return;
    sqa_roaring_write(&set, bits, bytes, &call->poll);
    sqa_bytes_close(call, bytes, size);
}
