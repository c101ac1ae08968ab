/* Functions that look for values in an array, and take them out or put others in their place. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/* The values to remove, as elements of the array's width, sorted; those that do not fit occur
 * nowhere. */
struct values {
    const struct sqa_kernels *kernels;
    void *memory; /* room for twice the arguments: the values, and what sorting needs */
    size_t count;
    unsigned index; /* of the width */
};

/* From the arguments behind the first. The memory has to be given back, also after a failure. */
static enum sqa_status values_take(struct sqa_call *call, struct values *values, unsigned width) {
    const size_t most = (size_t)(call->argc - 1);
    values->kernels = call->connection->kernels;
    values->index = sqa_width_index(width);
    values->count = 0;
    values->memory = sqa_scratch_take(call, 2 * (uint64_t)most, width);
    enum sqa_status status = values->memory == NULL ? SQA_NOMEM : SQA_OK;
    unsigned char *bytes = values->memory;
    for (int i = 1; i < call->argc && status == SQA_OK; i++) {
        int64_t x;
        status = sqa_arg_integer(call, i, &x);
        if (status == SQA_OK && sqa_sig_width(sqa_sig(x)) <= width)
            memcpy(bytes + values->count++ * width, &x, width); /* little-endian: the low bytes */
    }
    if (status == SQA_OK)
        values->kernels->sort[values->index](bytes, values->count, bytes + most * width, NULL);
    return status;
}

/* mask[i]: is a[i], n <= SQA_BLOCK of them, not among the values? How many are not. */
static size_t keep(const struct values *values, uint8_t *mask, const void *a, size_t n) {
    static const int8_t zero = 0;
    uint8_t found[SQA_BLOCK];
    values->kernels->isin[values->index](found, a, n, values->memory, values->count);
    values->kernels->eq_vs[0](mask, found, &zero, n);
    return values->kernels->count[0](found, 0, n);
}

/* The result is view without the values, of which there are n. */
static enum sqa_status result_without(struct sqa_call *call, const struct sqa_view *view,
                                      const struct values *values, size_t n) {
    sqa_filter_fn *const filter = values->kernels->filter[values->index];
    struct sqa_blocks blocks;
    struct sqa_writer writer;
    sqa_writer_open(&writer, call, view->count - n, view->width);
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (writer.status == SQA_OK && sqa_blocks_next(&blocks)) {
        uint8_t mask[SQA_BLOCK];
        _Alignas(64) unsigned char block[SQA_BLOCK * 8]; /* the kernel writes past what it keeps */
        keep(values, mask, blocks.data, blocks.n);
        const struct sqa_view kept = {block, filter(block, blocks.data, mask, blocks.n),
                                      view->width};
        sqa_writer_view(&writer, &kept);
    }
    sqa_writer_fail(&writer, blocks.status);
    return sqa_writer_close(&writer);
}

enum sqa_status fn_remove(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_blocks blocks;
    struct values values;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK)
        return status;
    status = values_take(call, &values, view.width);
    if (status == SQA_OK) {
        size_t n =
            view.count; /* to be removed: counted first, so that the result has its own size */
        sqa_blocks_begin(&blocks, call, &view, view.width);
        while (sqa_blocks_next(&blocks)) {
            uint8_t mask[SQA_BLOCK];
            n -= keep(&values, mask, blocks.data, blocks.n);
        }
        status = blocks.status;
        if (status == SQA_OK)
            status =
                n == 0 ? sqa_result_array(call, &view) : result_without(call, &view, &values, n);
    }
    sqa_scratch_give(values.memory);
    return status;
}

enum sqa_status fn_replace(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view view;
    struct sqa_blocks blocks;
    struct sqa_writer writer;
    int64_t old, new;
    size_t first;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &old);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 2, &new);
    if (status == SQA_OK)
        status = sqa_find(call, &view, old, &first);
    if (status != SQA_OK)
        return status;
    if (first == view.count)
        return sqa_result_array(call, &view);

    const unsigned new_width = sqa_sig_width(sqa_sig(new));
    const unsigned width = new_width > view.width ? new_width : view.width;
    const unsigned index = sqa_width_index(width);
    _Alignas(64) unsigned char news[SQA_BLOCK * 8];
    kernels->series[index](news, new, 0, SQA_BLOCK);
    sqa_writer_open(&writer, call, view.count, width);
    sqa_blocks_begin(&blocks, call, &view, width);
    while (writer.status == SQA_OK && sqa_blocks_next(&blocks)) {
        uint8_t mask[SQA_BLOCK];
        struct sqa_acc unused = {0, 0};
        kernels->eq_vs[index](mask, blocks.data, &old, blocks.n);
        kernels->blend[index](sqa_writer_room(&writer), mask, news, blocks.data, blocks.n, &unused);
        sqa_writer_wrote(&writer, blocks.n);
    }
    sqa_writer_fail(&writer, blocks.status);
    return sqa_writer_close(&writer);
}
