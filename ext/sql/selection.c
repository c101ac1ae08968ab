#include "sql/selection.h"

#include "sql/scratch.h"
#include "sql/whole_array.h"

void *sqa_sorted_copy(struct sqa_call *call, const struct sqa_array *array, unsigned width) {
    void *copy = sqa_scratch_take(call, array->count, width);
    struct sqa_stack_scratch stack;
    void *scratch = sqa_scratch_take_either(call, &stack, array->count, width);
    sqa_whole_copy(call, array, copy, width);
    if (sqa_failed(call))
        return NULL;
    call->connection->kernels->sort[sqa_width_index(width)](copy, array->count, scratch,
                                                            &call->poll);
    sqa_scratch_give_either(call, &stack, scratch);
    return sqa_failed(call) ? NULL : copy;
}

void sqa_nth(struct sqa_call *call, const struct sqa_array *array, size_t rank, int64_t x[2]) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = array->width, index = sqa_width_index(width);
    const size_t behind = array->count - rank - 1;
    struct sqa_stack_scratch stack;
    unsigned char *copy = sqa_scratch_take_either(call, &stack, 2 * (uint64_t)array->count, width);
    x[0] = x[1] = 0;
    sqa_whole_copy(call, array, copy, width);
    if (sqa_failed(call))
        return;
    x[0] = kernels->nth[index](copy, array->count, rank, copy + array->count * width, &call->poll);
    x[1] = behind > 0 ? INT64_MAX : x[0];
    /* nth has moved all elements that are not smaller behind rank */
    for (size_t at = 0, n; (n = sqa_next_run(behind, at, &call->poll)) > 0; at += n) {
        const int64_t least = kernels->min[index](copy + (rank + 1 + at) * width, n);
        x[1] = least < x[1] ? least : x[1];
    }
    sqa_scratch_give_either(call, &stack, copy);
}

uint64_t sqa_sorted_sig(const struct sqa_view *sorted) {
    if (sorted->count == 0)
        return 0;
    return sqa_sig(sqa_view_get(sorted, 0)) | sqa_sig(sqa_view_get(sorted, sorted->count - 1));
}
