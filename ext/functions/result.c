#include "functions/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

SQLITE_EXTENSION_INIT3

uint64_t sqa_result_limit(const struct sqa_connection *connection) {
    const int64_t length = sqlite3_limit(connection->db, SQLITE_LIMIT_LENGTH, -1);
    const int64_t result = sqa_pool_stats(connection->pool)->result_limit;
    return (uint64_t)(length < result ? length : result);
}

enum sqa_status sqa_check_limit(struct sqa_call *call, uint64_t size) {
    const uint64_t limit = sqa_result_limit(call->connection);
    if (size <= limit)
        return SQA_OK;
    call->error.a = size > INT64_MAX ? INT64_MAX : (int64_t)size;
    call->error.b = (int64_t)limit;
    return SQA_TOOBIG;
}

enum sqa_status sqa_out_open(struct sqa_out *out, struct sqa_call *call, uint64_t count,
                             unsigned width) {
    struct sqa_pool *pool = call->connection->pool;
    const uint64_t size = sqa_add_size(SQA_HEADER, sqa_mul_size(count, width));
    const enum sqa_status status = sqa_check_limit(call, count > SQA_MAX_COUNT ? UINT64_MAX : size);
    if (status != SQA_OK)
        return status;
    *out = (struct sqa_out){.call = call, .count = count, .width = width, .capacity = SQA_SMALL};
    if (size <= SQA_SMALL) {
        out->blob = sqa_pool_small(pool);
        return SQA_OK;
    }
    out->blob = sqa_pool_take(pool, size);
    if (out->blob == NULL)
        return SQA_NOMEM;
    out->capacity = sqa_pool_capacity(out->blob);
    return SQA_OK;
}

static bool is_small(const struct sqa_out *out) {
    return out->blob == sqa_pool_small(out->call->connection->pool);
}

enum sqa_status sqa_out_widen(struct sqa_out *out, size_t done, unsigned width) {
    struct sqa_pool *pool = out->call->connection->pool;
    const uint64_t size = sqa_blob_size(out->count, width);
    const enum sqa_status status = sqa_check_limit(out->call, size);
    if (status != SQA_OK)
        return status;
    if (size > out->capacity) {
        const size_t keep = (size_t)sqa_blob_size(done, out->width);
        void *grown;
        if (is_small(out)) {
            grown = sqa_pool_take(pool, size);
            if (grown != NULL)
                memcpy(grown, out->blob, keep);
        } else {
            grown = sqa_pool_grow(pool, out->blob, keep, size);
        }
        if (grown == NULL)
            return SQA_NOMEM;
        out->blob = grown;
        out->capacity = sqa_pool_capacity(grown);
    }
    sqa_convert_in_place(out->call->connection->kernels, sqa_out_data(out), done, out->width,
                         width);
    out->width = width;
    return SQA_OK;
}

void sqa_out_close(struct sqa_out *out, size_t count, uint64_t sig) {
    const struct sqa_call *call = out->call;
    const size_t size =
        sqa_blob_finish(call->connection->kernels, out->blob, count, out->width, sig);
    sqlite3_result_blob64(call->context, out->blob, size,
                          is_small(out) ? SQLITE_TRANSIENT : sqa_pool_give);
}

void sqa_out_drop(struct sqa_out *out) {
    if (!is_small(out))
        sqa_pool_give(out->blob);
}

enum sqa_status sqa_result_array(struct sqa_call *call, const struct sqa_view *view) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_out out;
    const uint64_t sig = sqa_view_sig(kernels, view);
    const unsigned width = sqa_sig_width(sig);
    enum sqa_status status = sqa_out_open(&out, call, view->count, width);
    if (status == SQA_OK) {
        sqa_view_copy(kernels, view, 0, view->count, sqa_out_data(&out), width);
        sqa_out_close(&out, view->count, sig);
    }
    return status;
}

enum sqa_status sqa_result_strided(struct sqa_call *call, const struct sqa_view *view, size_t start,
                                   int64_t step, size_t count) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    struct sqa_out out;
    const enum sqa_status status = sqa_out_open(&out, call, count, view->width);
    if (status != SQA_OK)
        return status;
    kernels->stride[index](sqa_out_data(&out), view->data + start * view->width, (ptrdiff_t)step,
                           count);
    sqa_out_close(&out, count, kernels->sig[index](sqa_out_data(&out), count));
    return SQA_OK;
}

enum sqa_status sqa_result_empty(struct sqa_call *call) {
    const struct sqa_view empty = sqa_view_empty();
    return sqa_result_array(call, &empty);
}

enum sqa_status sqa_result_elementwise(struct sqa_call *call, struct sqa_elementwise *e) {
    struct sqa_out out;
    struct sqa_source sources[3];
    enum sqa_status status =
        sqa_elementwise_start(e, call->connection->kernels, sources, &call->error);
    if (status != SQA_OK)
        return status;
    status = sqa_out_open(&out, call, e->count, e->mask ? 1 : e->width);
    if (status != SQA_OK)
        return status;
    while (status == SQA_OK && e->done < e->count) {
        status = sqa_elementwise_run(e, sqa_out_data(&out), &call->error);
        if (status == SQA_WIDEN)
            status = sqa_out_widen(&out, e->done, e->width);
        if (sqa_interrupted(call->connection))
            status = SQA_INTERRUPT;
    }
    if (status == SQA_OK)
        sqa_out_close(&out, e->count, e->sig);
    else
        sqa_out_drop(&out);
    return status;
}

enum sqa_status sqa_bytes_open(struct sqa_call *call, uint64_t size, void **bytes) {
    struct sqa_pool *pool = call->connection->pool;
    const enum sqa_status status = sqa_check_limit(call, size);
    if (status != SQA_OK)
        return status;
    *bytes = size <= SQA_SMALL ? sqa_pool_small(pool) : sqa_pool_take(pool, size);
    return *bytes == NULL ? SQA_NOMEM : SQA_OK;
}

/* What SQLite is to do with memory from sqa_bytes_open(): copy it, or give it back. */
static sqlite3_destructor_type destructor(uint64_t size) {
    return size <= SQA_SMALL ? SQLITE_TRANSIENT : sqa_pool_give;
}

void sqa_bytes_close(struct sqa_call *call, void *bytes, uint64_t size) {
    sqlite3_result_blob64(call->context, bytes, size, destructor(size));
}

void sqa_text_close(struct sqa_call *call, void *bytes, uint64_t size) {
    sqlite3_result_text64(call->context, bytes, size, destructor(size), SQLITE_UTF8);
}

void sqa_bytes_drop(void *bytes, uint64_t size) {
    if (size > SQA_SMALL)
        sqa_pool_give(bytes);
}

enum sqa_status sqa_result_text(struct sqa_call *call, const struct sqa_view *view,
                                const struct sqa_text_form *form) {
    const uint64_t size = sqa_text_length(view, form);
    void *text;
    const enum sqa_status status = sqa_bytes_open(call, size, &text);
    if (status != SQA_OK)
        return status;
    sqa_text_write(view, form, text);
    sqa_text_close(call, text, size);
    return SQA_OK;
}

void *sqa_scratch_take(struct sqa_call *call, uint64_t count, unsigned width) {
    unsigned char *buffer = sqa_pool_take(call->connection->pool, sqa_blob_size(count, width));
    return buffer == NULL ? NULL : buffer + SQA_HEADER;
}

void sqa_scratch_give(void *scratch) {
    if (scratch != NULL)
        sqa_pool_give((unsigned char *)scratch - SQA_HEADER);
}

enum sqa_status sqa_sorted_copy(struct sqa_call *call, const struct sqa_view *view, unsigned width,
                                void **sorted) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    void *copy = sqa_scratch_take(call, view->count, width);
    void *scratch = sqa_scratch_take(call, view->count, width);
    const bool ok = copy != NULL && scratch != NULL;
    if (ok) {
        sqa_view_copy(kernels, view, 0, view->count, copy, width);
        kernels->sort[sqa_width_index(width)](copy, view->count, scratch);
    } else {
        sqa_scratch_give(copy);
    }
    sqa_scratch_give(scratch);
    *sorted = ok ? copy : NULL;
    return ok ? SQA_OK : SQA_NOMEM;
}

enum sqa_status sqa_nth(struct sqa_call *call, const struct sqa_view *view, size_t rank,
                        int64_t x[2]) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    const size_t size = view->count * view->width;
    unsigned char *copy = sqa_scratch_take(call, 2 * (uint64_t)view->count, view->width);
    if (copy == NULL)
        return SQA_NOMEM;
    sqa_view_copy(kernels, view, 0, view->count, copy, view->width);
    x[0] = x[1] = kernels->nth[index](copy, view->count, rank, copy + size);
    if (rank + 1 < view->count) /* nth leaves what is not smaller behind rank */
        x[1] = kernels->min[index](copy + (rank + 1) * view->width, view->count - rank - 1);
    sqa_scratch_give(copy);
    return SQA_OK;
}

enum sqa_status sqa_fail(struct sqa_call *call, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(call->message, sizeof call->message, format, arguments);
    va_end(arguments);
    return SQA_ARGUMENT;
}

void sqa_result_error(struct sqa_call *call, enum sqa_status status) {
    if (status == SQA_NOMEM) {
        sqlite3_result_error_nomem(call->context);
        return;
    }
    char text[sizeof call->message + 80], detail[sizeof call->message];
    if (status != SQA_ARGUMENT)
        sqa_status_text(status, &call->error, detail, sizeof detail);
    (void)snprintf(text, sizeof text, "%s: %s", call->name,
                   status == SQA_ARGUMENT ? call->message : detail);
    sqlite3_result_error(call->context, text, -1);
    if (status == SQA_TOOBIG)
        sqlite3_result_error_code(call->context, SQLITE_TOOBIG);
    else if (status == SQA_INTERRUPT)
        sqlite3_result_error_code(call->context, SQLITE_INTERRUPT);
}
