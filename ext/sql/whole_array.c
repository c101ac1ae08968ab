#include "sql/whole_array.h"

#include <string.h>

#include "sql/scratch.h"

struct sqa_view sqa_whole_view(struct sqa_call *call, const struct sqa_array *array) {
    struct sqa_view view;
    if (sqa_array_is_plain(array, &view))
        return view;
    void *copy = sqa_scratch_take(call, array->count, array->width);
    sqa_whole_copy(call, array, copy, array->width);
    return copy == NULL ? sqa_view_empty() : (struct sqa_view){copy, array->count, array->width};
}

void sqa_whole_copy(struct sqa_call *call, const struct sqa_array *array, void *dst,
                    unsigned width) {
    for (size_t at = 0, n; (n = sqa_next_run(array->count, at, &call->poll)) > 0; at += n)
        sqa_array_copy(call->connection->kernels, array, at, n, (unsigned char *)dst + at * width,
                       width);
}

void sqa_whole_stride(struct sqa_call *call, const struct sqa_view *view, size_t start,
                      ptrdiff_t step, size_t count, void *dst) {
    const unsigned width = view->width;
    sqa_stride_fn *const stride = call->connection->kernels->stride[sqa_width_index(width)];
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        const size_t from = start + (size_t)((ptrdiff_t)at * step);
        stride((unsigned char *)dst + at * width, view->data + from * width, step, n);
    }
}

void sqa_whole_zero(struct sqa_call *call, void *dst, size_t size) {
    for (size_t at = 0, n; (n = sqa_next_run(size, at, &call->poll)) > 0; at += n)
        memset((unsigned char *)dst + at, 0, n);
}

size_t sqa_whole_unique(struct sqa_call *call, void *sorted, size_t count, unsigned width) {
    sqa_unique_fn *const unique = call->connection->kernels->unique[sqa_width_index(width)];
    unsigned char *const data = sorted;
    size_t kept = 0;
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        /* a chunk that begins with the last kept element writes it again */
        if (at > 0 && memcmp(data + (kept - 1) * width, data + at * width, width) == 0)
            kept--;
        kept += unique(data + kept * width, data + at * width, n);
    }
    return kept;
}

unsigned sqa_whole_width(struct sqa_call *call, const struct sqa_array *array) {
    return sqa_array_canonical_width(call->connection->kernels, array, &call->poll);
}

uint64_t sqa_whole_sig(struct sqa_call *call, const struct sqa_array *array) {
    return sqa_array_sig(call->connection->kernels, array, &call->poll);
}

uint64_t sqa_plain_sig(struct sqa_call *call, const void *elements, size_t count, unsigned width) {
    const struct sqa_view view = {elements, count, width};
    const struct sqa_array array = sqa_array_of(&view);
    return (uint64_t)sqa_width_most(sqa_whole_width(call, &array));
}

struct sqa_extremes sqa_whole_extremes(struct sqa_call *call, const struct sqa_array *array) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(array->width);
    struct sqa_extremes extremes = {INT64_MAX, INT64_MIN};
    struct sqa_reader reader;
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        const int64_t least = kernels->min[index](reader.data, reader.n);
        const int64_t most = kernels->max[index](reader.data, reader.n);
        extremes.least = least < extremes.least ? least : extremes.least;
        extremes.most = most > extremes.most ? most : extremes.most;
    }
    return extremes;
}

struct sqa_wide sqa_whole_sum(struct sqa_call *call, const struct sqa_array *array,
                              sqa_sum_fn *const *kernel) {
    struct sqa_wide sum = {{0}};
    struct sqa_reader reader;
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader))
        kernel[sqa_width_index(array->width)](reader.data, reader.n, &sum);
    return sum;
}

size_t sqa_whole_find(struct sqa_call *call, const struct sqa_array *array, int64_t v) {
    sqa_search_fn *const find = call->connection->kernels->find[sqa_width_index(array->width)];
    struct sqa_view view;
    struct sqa_reader reader;
    /* the value does not fit the width of the array */
    if (sqa_sig_width(sqa_sig(v)) > array->width)
        return array->count;
    /* a reader would take as long as the search of 16 elements */
    if (array->count <= SQA_BLOCK && sqa_array_is_plain(array, &view) && sqa_view_aligned(&view))
        return find(view.data, v, view.count);
    sqa_read(&reader, call, array, array->width);
    for (sqa_reader_pass(&reader, v); sqa_reader_next(&reader); sqa_reader_pass(&reader, v)) {
        const size_t i = find(reader.data, v, reader.n);
        if (i < reader.n)
            return reader.at + i;
    }
    return array->count;
}

size_t sqa_whole_count(struct sqa_call *call, const struct sqa_array *array, int64_t v) {
    sqa_search_fn *const count = call->connection->kernels->count[sqa_width_index(array->width)];
    struct sqa_reader reader;
    size_t n = 0;
    if (sqa_sig_width(sqa_sig(v)) > array->width)
        return 0;
    sqa_read(&reader, call, array, array->width);
    for (sqa_reader_pass(&reader, v); sqa_reader_next(&reader); sqa_reader_pass(&reader, v))
        n += count(reader.data, v, reader.n);
    return n;
}
