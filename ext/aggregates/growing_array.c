#include "aggregates/growing_array.h"

#include <string.h>

#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

enum { FIRST_CAPACITY = 256 }; /* bytes; doubled from there on */

static unsigned char *elements(const struct sqa_growing_array *vector) {
    return vector->blob + SQA_HEADER;
}

struct sqa_view sqa_growing_view(const struct sqa_growing_array *vector) {
    if (vector->count == 0)
        return sqa_view_empty();
    return (struct sqa_view){elements(vector) + vector->start * vector->width, vector->count,
                             vector->width};
}

/* Moves the elements to the front, over those that have left. */
static void close_up(struct sqa_growing_array *vector) {
    memmove(elements(vector), elements(vector) + vector->start * vector->width,
            vector->count * vector->width);
    vector->start = 0;
}

/* Room for `more` further elements of at least `width` bytes. */
static enum sqa_status reserve(struct sqa_call *call, struct sqa_growing_array *vector, size_t more,
                               unsigned width) {
    struct sqa_pool *pool = call->connection->pool;
    width = width > vector->width ? width : vector->width;
    const uint64_t count = (uint64_t)vector->count + more;
    const uint64_t needed = sqa_blob_size(count, width);
    const enum sqa_status status = sqa_check_limit(call, needed);
    if (status != SQA_OK)
        return status;
    if (vector->start > 0)
        close_up(vector);
    if (needed > vector->capacity) {
        uint64_t capacity = vector->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : vector->capacity;
        while (capacity < needed)
            capacity *= 2;
        void *blob =
            vector->blob == NULL
                ? sqa_pool_take(pool, capacity)
                : sqa_pool_grow(pool, vector->blob,
                                (size_t)sqa_blob_size(vector->count, vector->width), capacity);
        if (blob == NULL)
            return SQA_NOMEM;
        vector->blob = blob;
        vector->capacity = sqa_pool_capacity(blob);
    }
    if (width > vector->width && vector->count > 0)
        sqa_convert_in_place(call->connection->kernels, elements(vector), vector->count,
                             vector->width, width, &call->poll);
    vector->width = width;
    return sqa_call_status(call);
}

/* Is there room for n elements of this width as things are? */
static bool has_room(const struct sqa_growing_array *vector, size_t n, unsigned width) {
    return width <= vector->width && sqa_blob_size((uint64_t)vector->start + vector->count + n,
                                                   vector->width) <= vector->capacity;
}

enum sqa_status sqa_growing_add_anyway(struct sqa_call *call, struct sqa_growing_array *vector,
                                       int64_t x) {
    unsigned char bytes[sizeof x];
    memcpy(bytes, &x, sizeof x);
    const struct sqa_view view = {bytes, 1, sqa_sig_width(sqa_sig(x))};
    return sqa_growing_add_all(call, vector, &view);
}

enum sqa_status sqa_growing_add_all(struct sqa_call *call, struct sqa_growing_array *vector,
                                    const struct sqa_view *view) {
    if (!has_room(vector, view->count, view->width)) {
        const enum sqa_status status = reserve(call, vector, view->count, view->width);
        if (status != SQA_OK)
            return status;
    }
    unsigned char *const end = elements(vector) + (vector->start + vector->count) * vector->width;
    vector->count += view->count;
    return sqa_whole_copy(call, view, end, vector->width);
}

void sqa_growing_drop(struct sqa_growing_array *vector, size_t n) {
    vector->start += n;
    vector->count -= n;
    if (vector->count == 0)
        vector->start = 0;
    else if (vector->start > vector->count)
        close_up(vector); /* as many moves as have left since: constant time per element */
}

enum sqa_status sqa_growing_result(struct sqa_call *call, struct sqa_growing_array *vector,
                                   bool last) {
    const struct sqa_view view = sqa_growing_view(vector);
    if (!last || sqa_blob_size(view.count, view.width) <= SQA_SMALL || vector->start > 0)
        return sqa_result_array(call, &view);
    uint64_t sig;
    enum sqa_status status = sqa_whole_sig(call, &view, &sig);
    if (status == SQA_OK)
        status = sqa_check_limit(call, sqa_blob_size(view.count, sqa_sig_width(sig)));
    if (status != SQA_OK)
        return status;
    struct sqa_out out = {.call = call,
                          .blob = vector->blob,
                          .capacity = vector->capacity,
                          .count = view.count,
                          .width = view.width};
    *vector = (struct sqa_growing_array){.width = 1};
    return sqa_out_close(&out, SQA_OK, view.count, sig);
}

void sqa_growing_clear(struct sqa_growing_array *vector) {
    sqa_pool_give(vector->blob);
    *vector = (struct sqa_growing_array){.width = 1};
}
