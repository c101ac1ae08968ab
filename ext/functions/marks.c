#include "functions/marks.h"

#include "functions/set_operand.h"
#include "sql/whole_array.h"

#include <string.h>

/* The values to look for, as elements of one width */
struct wanted {
    const void *elements;
    size_t count;
    unsigned width;
    _Alignas(64) unsigned char copy[SQA_BLOCK * 8];
};

/*
** Converts the values to the array's width if there are at most SQA_BLOCK, otherwise leaves them
** at 8 bytes.
*/
static void want(struct wanted *wanted, const struct sqa_kernels *kernels,
                 const struct sqa_array *values, unsigned width) {
    struct sqa_view view = sqa_view_empty();
    wanted->count = values->count;
    if (values->count <= SQA_BLOCK) {
        sqa_array_copy(kernels, values, 0, values->count, wanted->copy, width);
        wanted->elements = wanted->copy;
        wanted->width = width;
    } else {
        (void)sqa_array_is_plain(values, &view);
        wanted->elements = view.data;
        wanted->width = 8;
    }
}

/* For an array in any order: reads it once, to the end or until the result is known. */
static void mark_by_reading(struct sqa_call *call, const struct sqa_array *array,
                            const struct sqa_array *values, uint8_t *marks, bool one) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct wanted wanted;
    struct sqa_reader reader;
    want(&wanted, kernels, values, array->width);
    sqa_mark_fn *const mark = kernels->mark[sqa_width_index(wanted.width)];
    sqa_read(&reader, call, array, wanted.width);
    while (sqa_reader_next(&reader)) {
        mark(marks, reader.data, reader.n, wanted.elements, wanted.count);
        const bool found_one = one && memchr(marks, 1, wanted.count) != NULL;
        if (found_one || memchr(marks, 0, wanted.count) == NULL)
            break;
    }
}

/* For an array that is a set: finds each value by binary search. */
static void mark_by_searching(struct sqa_call *call, const struct sqa_array *array,
                              const struct sqa_array *values, uint8_t *marks) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_view set = sqa_whole_view(call, array);
    struct sqa_reader reader;
    sqa_read(&reader, call, values, set.width);
    while (sqa_reader_next(&reader))
        kernels->isin[sqa_width_index(set.width)](marks + reader.at, reader.data, reader.n,
                                                  set.data, set.count);
}

/* For a short array and few values: compares each value with each element. */
static void mark_few(struct sqa_call *call, const struct sqa_view *array,
                     const struct sqa_array *values, uint8_t *marks) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    _Alignas(64) unsigned char wanted[SQA_FEW * 8];
    sqa_array_copy(kernels, values, 0, values->count, wanted, array->width);
    kernels->among_few[sqa_width_index(array->width)](marks, wanted, values->count, array->data,
                                                      array->count);
}

void sqa_mark_values(struct sqa_call *call, const struct sqa_array *array,
                     const struct sqa_array *values, uint8_t *marks, bool one) {
    struct sqa_view view;
    if (sqa_failed(call))
        return;
    if (values->count <= SQA_FEW && array->count <= SQA_FEW && sqa_array_is_plain(array, &view)) {
        mark_few(call, &view, values, marks);
        return;
    }
    const bool is_set = sqa_is_set(call, array);
    sqa_whole_zero(call, marks, values->count);
    if (is_set)
        mark_by_searching(call, array, values, marks);
    else if (values->count > 0)
        mark_by_reading(call, array, values, marks, one);
}
