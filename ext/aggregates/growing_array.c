#include "aggregates/growing_array.h"

#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

enum { FIRST_BYTES = 256 }; /* bytes in the first allocation, which doubles from then on */

struct sqa_array sqa_growing_elements(const struct sqa_growing_array *growing) {
    if (growing->count == 0)
        return sqa_array_empty();
    const struct sqa_view view = {sqa_growing_data(growing), growing->count, growing->width};
    return sqa_array_of(&view);
}

/* Moves the elements to the front of the buffer, over the dropped ones. */
static void close_up(struct sqa_growing_array *growing) {
    memmove(growing->blob + SQA_HEADER, sqa_growing_data(growing), growing->count * growing->width);
    growing->start = 0;
}

/* Enlarges the buffer. The elements must be at its front. */
static void grow_buffer(struct sqa_call *call, struct sqa_growing_array *growing, uint64_t needed) {
    struct sqa_pool *pool = call->connection->pool;
    const size_t used = (size_t)sqa_blob_size(growing->count, growing->width);
    uint64_t capacity = growing->capacity < FIRST_BYTES ? FIRST_BYTES : growing->capacity;
    while (capacity < needed)
        capacity *= 2;
    void *blob = growing->blob == NULL ? sqa_pool_take(pool, capacity)
                                       : sqa_pool_grow(pool, growing->blob, used, capacity);
    sqa_check_memory(call, blob);
    if (blob == NULL)
        return;
    growing->blob = blob;
    growing->capacity = sqa_pool_capacity(blob);
}

/* Makes room for `more` further elements of at least `width` bytes. */
static void reserve_elements(struct sqa_call *call, struct sqa_growing_array *growing, size_t more,
                             unsigned width) {
    width = width > growing->width ? width : growing->width;
    const uint64_t needed = sqa_blob_size((uint64_t)growing->count + more, width);
    sqa_check_limit(call, needed);
    if (sqa_failed(call))
        return;
    if (growing->start > 0)
        close_up(growing);
    if (needed > growing->capacity)
        grow_buffer(call, growing, needed);
    if (sqa_failed(call))
        return;
    if (width > growing->width && growing->count > 0)
        sqa_convert_in_place(call->connection->kernels, sqa_growing_data(growing), growing->count,
                             growing->width, width, &call->poll);
    growing->width = width;
}

/* Returns true if n elements of this width can be added without moving or allocating anything. */
static bool has_room(const struct sqa_growing_array *growing, size_t n, unsigned width) {
    return width <= growing->width && sqa_blob_size((uint64_t)growing->start + growing->count + n,
                                                    growing->width) <= growing->capacity;
}

void sqa_growing_add_anyway(struct sqa_call *call, struct sqa_growing_array *growing, int64_t x) {
    const struct sqa_view view = {(const unsigned char *)&x, 1, sqa_sig_width(sqa_sig(x))};
    const struct sqa_array one = sqa_array_of(&view); /* little-endian: the low bytes come first */
    sqa_growing_add_all(call, growing, &one);
}

void sqa_growing_widen(struct sqa_call *call, struct sqa_growing_array *growing, unsigned width) {
    if (!has_room(growing, 0, width))
        reserve_elements(call, growing, 0, width);
}

void sqa_growing_add_all(struct sqa_call *call, struct sqa_growing_array *growing,
                         const struct sqa_array *array) {
    if (!has_room(growing, array->count, array->width))
        reserve_elements(call, growing, array->count, array->width);
    if (sqa_failed(call))
        return;
    unsigned char *const end = sqa_growing_data(growing) + growing->count * growing->width;
    growing->count += array->count;
    sqa_whole_copy(call, array, end, growing->width);
}

void sqa_growing_drop(struct sqa_growing_array *growing, size_t n) {
    growing->start += n;
    growing->count -= n;
    if (growing->count == 0)
        growing->start = 0;
    else if (growing->start > growing->count)
        close_up(growing); /* moves fewer elements than have been dropped: O(1) for each */
}

void sqa_growing_result(struct sqa_call *call, struct sqa_growing_array *growing, bool last) {
    const struct sqa_array array = sqa_growing_elements(growing);
    if (!last || sqa_blob_size(array.count, array.width) <= SQA_SMALL || growing->start > 0) {
        sqa_result_array(call, &array);
        return;
    }
    const struct sqa_out out = {.call = call,
                                .elements = sqa_growing_data(growing),
                                .capacity = growing->capacity - SQA_HEADER,
                                .count = array.count,
                                .width = array.width};
    const unsigned width = sqa_whole_width(call, &array);
    sqa_check_limit(call, sqa_blob_size(array.count, width));
    sqa_scratch_adopt(call, growing->blob);
    *growing = (struct sqa_growing_array){.width = 1};
    sqa_out_close(&out, array.count, (uint64_t)sqa_width_most(width));
}

void sqa_growing_clear(struct sqa_growing_array *growing) {
    sqa_pool_give(growing->blob);
    *growing = (struct sqa_growing_array){.width = 1};
}
