/* Functions that find elements by value, and remove or replace them. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

#include <string.h>

SQLITE_EXTENSION_INIT3

/*
** The values to remove, sorted, in the width of the array. Values that do not fit this width are
** left out because they cannot occur.
*/
struct removed_values {
    const struct sqa_kernels *kernels;
    void *sorted;
    size_t count;
    unsigned index; /* index of the width in tables of kernels */
};

/*
** Reads the values from all arguments but the first into `stack`, or into memory of the call if
** there are too many.
*/
static struct removed_values arg_values(struct sqa_call *call, unsigned width,
                                        struct sqa_stack_scratch *stack) {
    const size_t most = (size_t)(call->argc - 1);
    struct removed_values values = {.kernels = call->connection->kernels,
                                    .index = sqa_width_index(width)};
    /* sorting needs as much memory again */
    unsigned char *bytes = values.sorted =
        sqa_scratch_take_either(call, stack, 2 * (uint64_t)most, width);
    for (int i = 1; i < call->argc && !sqa_failed(call); i++) {
        const int64_t x = sqa_arg_integer(call, i);
        if (sqa_sig_width(sqa_sig(x)) <= width)
            memcpy(bytes + values.count++ * width, &x, width); /* low bytes first: little-endian */
    }
    if (!sqa_failed(call))
        values.kernels->sort[values.index](bytes, values.count, bytes + most * width, NULL);
    return values;
}

/*
** Sets mask[i] to 1 if a[i] is not among the values, for n <= SQA_BLOCK elements. Returns the
** number of ones.
*/
static size_t keep_others(const struct removed_values *values, uint8_t *mask, const void *a,
                          size_t n) {
    static const int8_t zero = 0;
    uint8_t found[SQA_BLOCK];
    values->kernels->isin[values->index](found, a, n, values->sorted, values->count);
    values->kernels->eq_vs[0](mask, found, &zero, n);
    return values->kernels->count[0](found, 0, n);
}

/* The result is the elements of the array that are not among the values. `kept` is their number. */
static void result_others(struct sqa_call *call, const struct sqa_array *array,
                          const struct removed_values *values, size_t kept) {
    sqa_filter_fn *const filter = values->kernels->filter[values->index];
    struct sqa_reader reader;
    struct sqa_writer writer;
    sqa_writer_open(&writer, call, kept, array->width);
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        uint8_t mask[SQA_BLOCK];
        /* the kernel may write past the elements that it keeps */
        _Alignas(64) unsigned char block[SQA_BLOCK * 8];
        keep_others(values, mask, reader.data, reader.n);
        const struct sqa_view view = {block, filter(block, reader.data, mask, reader.n),
                                      array->width};
        const struct sqa_array others = sqa_array_of(&view);
        sqa_writer_array(&writer, &others);
    }
    sqa_writer_close(&writer);
}

/* The elements that remain are counted first, so that the result is allocated in its exact size. */
void sqa_fn_remove(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_stack_scratch stack;
    const struct removed_values values = arg_values(call, array.width, &stack);
    struct sqa_reader reader;
    size_t kept = 0;
    sqa_read(&reader, call, &array, array.width);
    while (sqa_reader_next(&reader)) {
        uint8_t mask[SQA_BLOCK];
        kept += keep_others(&values, mask, reader.data, reader.n);
    }
    if (kept == array.count)
        sqa_result_array(call, &array);
    else
        result_others(call, &array, &values, kept);
}

void sqa_fn_replace(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t old = sqa_arg_integer(call, 1), new = sqa_arg_integer(call, 2);
    if (sqa_whole_find(call, &array, old) == array.count) {
        sqa_result_array(call, &array);
        return;
    }
    const unsigned new_width = sqa_sig_width(sqa_sig(new));
    const unsigned width = new_width > array.width ? new_width : array.width;
    const unsigned index = sqa_width_index(width);
    struct sqa_reader reader, news;
    struct sqa_writer writer;
    sqa_reader_init_constant(&news, kernels, new, width, SQA_BLOCK);
    sqa_writer_open(&writer, call, array.count, width);
    sqa_read(&reader, call, &array, width);
    while (sqa_reader_next(&reader)) {
        uint8_t mask[SQA_BLOCK];
        struct sqa_acc unused = {0, 0};
        kernels->eq_vs[index](mask, reader.data, &old, reader.n);
        kernels->blend[index](sqa_writer_room(&writer), mask, sqa_reader_block(&news, 0, reader.n),
                              reader.data, reader.n, &unused);
        sqa_writer_wrote(&writer, reader.n);
    }
    sqa_writer_close(&writer);
}
