#include "store/column.h"

#include "core/packing.h"
#include "core/reader.h"

bool sqa_column_copy(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                     const struct sqa_array *array, uint64_t size, struct sqa_column *column) {
    struct sqa_view view;
    const bool is_plain = sqa_array_is_plain(array, &view);
    /* a decoded block comes after space for a header, like plain elements, to be aligned */
    const uint64_t room = is_plain ? 0 : SQA_HEADER + (uint64_t)SQA_BLOCK * array->width;
    unsigned char *buffer = sqa_pool_take(pool, room + size);
    if (buffer == NULL)
        return false;
    memcpy(buffer + room, array->encoded - SQA_HEADER, (size_t)size);
    *column = (struct sqa_column){.array = *array, .size = size, .owned = buffer};
    column->array.encoded = buffer + room + SQA_HEADER;
    if (is_plain) {
        column->view = (struct sqa_view){column->array.encoded, view.count, view.width};
        return true;
    }
    column->kernels = kernels;
    column->blocks = sqa_packed_open(&column->array);
    column->unpacked = buffer + SQA_HEADER;
    column->view = (struct sqa_view){column->unpacked, 0, array->width};
    return true;
}

/* Fills a plain blob with the elements. */
static void write_plain(const struct sqa_kernels *kernels, const struct sqa_array *array,
                        unsigned width, unsigned char *blob) {
    sqa_blob_header(blob, array->count, width);
    sqa_array_copy(kernels, array, 0, array->count, blob + SQA_HEADER, width);
}

bool sqa_column_unpack(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                       const struct sqa_array *array, struct sqa_column *column) {
    const uint64_t size = sqa_blob_size(array->count, array->width);
    unsigned char *blob = sqa_pool_take(pool, size);
    if (blob == NULL)
        return false;
    write_plain(kernels, array, array->width, blob);
    const struct sqa_view view = {blob + SQA_HEADER, array->count, array->width};
    *column = sqa_column_of_view(&view);
    column->size = size;
    column->owned = blob;
    return true;
}

void sqa_column_give(struct sqa_column *column) {
    sqa_pool_give(column->owned);
    *column = sqa_column_empty();
}

void sqa_column_reach(struct sqa_column *column, size_t i) {
    const struct sqa_packed_block block = sqa_packed_seek(&column->blocks, i / SQA_BLOCK);
    sqa_packed_decode(column->kernels, &block, column->unpacked, column->array.width);
    column->first = i - i % SQA_BLOCK;
    column->view.count = block.n;
}

struct sqa_range sqa_column_range(struct sqa_column *column, size_t i) {
    if (column->unpacked == NULL)
        return (struct sqa_range){INT64_MIN, INT64_MAX};
    const struct sqa_packed_block block = sqa_packed_seek(&column->blocks, i / SQA_BLOCK);
    return sqa_packed_range(&block);
}

size_t sqa_rows_below(const struct sqa_rows *rows, int64_t rowid) {
    size_t low = 0, high = rows->n;
    if (sqa_rows_dense(rows)) {
        const uint64_t i = (uint64_t)rowid - (uint64_t)rows->first;
        return rowid <= rows->first ? 0 : i < high ? (size_t)i : high;
    }
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (sqa_rows_rowid(rows, middle) < rowid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void sqa_rows_give(struct sqa_rows *rows, int columns) {
    sqa_column_give(&rows->rowids);
    for (int c = 0; c < columns; c++)
        sqa_column_give(&rows->columns[c]);
    rows->n = 0;
}

bool sqa_column_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                       const struct sqa_column *column, struct sqa_encoded *encoded) {
    const struct sqa_view *view = &column->view;
    const unsigned index = sqa_width_index(view->width);
    struct sqa_packing packing;
    sqa_packing_start(&packing, kernels, &column->array, NULL);
    const bool is_packed = sqa_packing_pays(&packing);
    *encoded = (struct sqa_encoded){.blob = view->data - SQA_HEADER,
                                    .size = is_packed ? packing.size
                                                      : sqa_blob_size(view->count, packing.width),
                                    .min = kernels->min[index](view->data, view->count),
                                    .max = kernels->max[index](view->data, view->count)};
    if (!is_packed && column->size == encoded->size)
        return true;
    encoded->blob = encoded->owned = sqa_pool_take(pool, encoded->size);
    if (encoded->owned != NULL && is_packed)
        sqa_packing_write(&packing, encoded->owned);
    else if (encoded->owned != NULL)
        write_plain(kernels, &column->array, packing.width, encoded->owned);
    return encoded->owned != NULL;
}

bool sqa_column_is_canonical(const struct sqa_kernels *kernels, const struct sqa_array *array) {
    struct sqa_view view;
    if (!sqa_array_is_plain(array, &view))
        return sqa_packing_is_canonical(kernels, array, NULL);
    return view.width == sqa_sig_width(sqa_array_sig(kernels, array, NULL));
}
