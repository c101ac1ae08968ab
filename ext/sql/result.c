#include "sql/result.h"

#include <string.h>

#include "sql/scratch.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

enum { SMALL_CAPACITY = SQA_SMALL - SQA_HEADER }; /* bytes of elements in the small buffer */

bool sqa_is_within_limit(const struct sqa_call *call, uint64_t size) {
    return size <= sqa_result_limit(call->connection);
}

void sqa_check_limit(struct sqa_call *call, uint64_t size) {
    const uint64_t limit = sqa_result_limit(call->connection);
    const struct sqa_error error = {size > INT64_MAX ? INT64_MAX : (int64_t)size, (int64_t)limit};
    if (size > limit)
        sqa_fail_status(call, SQA_TOOBIG, error);
}

static unsigned char *small_elements(const struct sqa_call *call) {
    return (unsigned char *)sqa_pool_small(call->connection->pool) + SQA_HEADER;
}

void sqa_out_open(struct sqa_out *out, struct sqa_call *call, uint64_t count, unsigned width) {
    const uint64_t size = sqa_add_size(SQA_HEADER, sqa_mul_size(count, width));
    *out = (struct sqa_out){.call = call,
                            .elements = small_elements(call),
                            .capacity = SMALL_CAPACITY,
                            .count = count,
                            .width = width};
    if (size <= SQA_SMALL)
        return;
    sqa_check_limit(call, size); /* size is below 2^31, so count also fits size_t */
    if (sqa_failed(call))
        return;
    void *elements = sqa_scratch_take(call, count, width);
    if (elements == NULL)
        return;
    out->elements = elements;
    out->capacity = sqa_scratch_capacity(elements);
}

static bool is_small(const struct sqa_out *out) {
    return out->capacity <= SMALL_CAPACITY; /* memory of the call is only for larger results */
}

void sqa_out_widen(struct sqa_out *out, size_t done, unsigned width) {
    sqa_out_grow(out, done, out->count, width);
}

void sqa_out_grow(struct sqa_out *out, size_t done, uint64_t count, unsigned width) {
    struct sqa_call *call = out->call;
    const uint64_t size = sqa_mul_size(count, width);
    const size_t keep = done * out->width;
    if (size > SMALL_CAPACITY)
        sqa_check_limit(call, sqa_add_size(SQA_HEADER, size));
    if (sqa_failed(call))
        return;
    out->count = count;
    if (size > out->capacity) {
        const bool small = is_small(out);
        void *grown = small ? sqa_scratch_take(call, count, width)
                            : sqa_scratch_grow(call, out->elements, keep, size);
        if (grown == NULL)
            return;
        if (small)
            memcpy(grown, out->elements, keep);
        out->elements = grown;
        out->capacity = sqa_scratch_capacity(grown);
    }
    sqa_convert_in_place(call->connection->kernels, out->elements, done, out->width, width,
                         &call->poll);
    out->width = width;
}

void sqa_out_close(const struct sqa_out *out, size_t count, uint64_t sig) {
    struct sqa_call *call = out->call;
    unsigned char *const blob = out->elements - SQA_HEADER;
    const bool small = is_small(out);
    if (sqa_failed(call))
        return;
    if (!small)
        (void)sqa_scratch_keep(call, out->elements);
    const size_t size =
        sqa_blob_finish(call->connection->kernels, blob, count, out->width, sig, &call->poll);
    if (small)
        sqa_check_limit(call, size);
    if (!sqa_failed(call))
        sqlite3_result_blob64(call->context, blob, size, small ? SQLITE_TRANSIENT : sqa_pool_give);
    else if (!small)
        sqa_pool_give(blob);
}

void sqa_result_array(struct sqa_call *call, const struct sqa_array *array) {
    struct sqa_out out;
    sqa_out_open(&out, call, array->count, sqa_whole_width(call, array));
    sqa_whole_copy(call, array, out.elements, out.width);
    sqa_out_close(&out, array->count, (uint64_t)sqa_width_most(out.width));
}

void sqa_result_strided(struct sqa_call *call, const struct sqa_view *view, size_t start,
                        int64_t step, size_t count) {
    struct sqa_out out;
    sqa_out_open(&out, call, count, view->width);
    sqa_whole_stride(call, view, start, (ptrdiff_t)step, count, out.elements);
    sqa_out_close(&out, count, sqa_plain_sig(call, out.elements, count, view->width));
}

void sqa_result_wide(struct sqa_call *call, const struct sqa_wide *w) {
    int64_t x = 0;
    if (!sqa_wide_fits(w, &x))
        sqa_fail_status(call, SQA_RESULT_OVERFLOW, (struct sqa_error){0, 0});
    sqlite3_result_int64(call->context, x);
}

void sqa_result_empty(struct sqa_call *call) {
    const struct sqa_array empty = sqa_array_empty();
    sqa_result_array(call, &empty);
}

/* Sets the result and returns true if the computation can be made at once. */
static bool result_at_once(struct sqa_call *call, struct sqa_elementwise *e) {
    struct sqa_out out;
    sqa_out_open(&out, call, SQA_BLOCK, 8); /* is a small one, and cannot fail */
    if (!sqa_elementwise_at_once(e, call->connection->kernels, out.elements))
        return false;
    out.width = sqa_elementwise_width(e);
    sqa_out_close(&out, e->count, e->sig);
    return true;
}

void sqa_result_elementwise(struct sqa_call *call, struct sqa_elementwise *e) {
    struct sqa_elementwise_room room;
    struct sqa_error error = {0, 0};
    if (sqa_failed(call) || result_at_once(call, e))
        return;
    sqa_fail_status(call, sqa_elementwise_start(e, call->connection->kernels, &room, &error),
                    error);
    sqa_result_started(call, e);
}

void sqa_result_started(struct sqa_call *call, struct sqa_elementwise *e) {
    struct sqa_out out;
    struct sqa_error error = {0, 0};
    sqa_out_open(&out, call, e->count, sqa_elementwise_width(e));
    while (e->done < e->count && !sqa_failed(call)) {
        const enum sqa_status status = sqa_elementwise_run(e, out.elements, &error);
        if (status == SQA_WIDEN)
            sqa_out_widen(&out, e->done, e->last.width);
        else
            sqa_fail_status(call, status, error);
        if (e->done < e->count)
            (void)sqa_stopped(&call->poll);
    }
    sqa_out_close(&out, e->count, e->sig);
}

void *sqa_bytes_open(struct sqa_call *call, uint64_t size) {
    sqa_check_limit(call, size);
    if (sqa_failed(call))
        return NULL;
    return size <= SQA_SMALL ? sqa_pool_small(call->connection->pool)
                             : sqa_scratch_take(call, size, 1);
}

/* Returns what SQLite does with memory from sqa_bytes_open(): copy it, or take ownership. */
static sqlite3_destructor_type hand_over(struct sqa_call *call, void *bytes, uint64_t size) {
    if (size <= SQA_SMALL)
        return SQLITE_TRANSIENT;
    (void)sqa_scratch_keep(call, bytes);
    return sqa_scratch_free;
}

void sqa_bytes_close(struct sqa_call *call, void *bytes, uint64_t size) {
    if (!sqa_failed(call))
        sqlite3_result_blob64(call->context, bytes, size, hand_over(call, bytes, size));
}

void sqa_text_close(struct sqa_call *call, void *bytes, uint64_t size) {
    if (!sqa_failed(call))
        sqlite3_result_text64(call->context, bytes, size, hand_over(call, bytes, size),
                              SQLITE_UTF8);
}

void sqa_result_text(struct sqa_call *call, const struct sqa_array *array,
                     const struct sqa_text_form *form) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const uint64_t size = sqa_text_length(kernels, array, form, &call->poll);
    void *text = sqa_bytes_open(call, size);
    if (text == NULL)
        return;
    sqa_text_write(kernels, array, form, text, &call->poll);
    sqa_text_close(call, text, size);
}
