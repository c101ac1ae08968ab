#include "sql/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

uint64_t sqa_result_limit(const struct sqa_connection *connection) {
    const int64_t length = sqlite3_limit(connection->db, SQLITE_LIMIT_LENGTH, -1);
    const int64_t result = sqa_pool_stats(connection->pool)->result_limit;
    return (uint64_t)(length < result ? length : result);
}

static bool ask(void *connection) {
    return sqa_interrupted(connection);
}

struct sqa_poll sqa_poll_of(struct sqa_connection *connection) {
    return (struct sqa_poll){connection->is_interrupted != NULL ? ask : NULL, connection, false};
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
    const enum sqa_status status = sqa_check_limit(call, size); /* below 2^31: so count fits, too */
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
    sqa_convert_in_place(out->call->connection->kernels, sqa_out_data(out), done, out->width, width,
                         &out->call->poll);
    out->width = width;
    return sqa_call_status(out->call);
}

enum sqa_status sqa_out_close(struct sqa_out *out, enum sqa_status status, size_t count,
                              uint64_t sig) {
    struct sqa_call *call = out->call;
    size_t size = 0;
    if (status == SQA_OK) {
        size = sqa_blob_finish(call->connection->kernels, out->blob, count, out->width, sig,
                               &call->poll);
        status = sqa_call_status(call);
    }
    if (status == SQA_OK)
        sqlite3_result_blob64(call->context, out->blob, size,
                              is_small(out) ? SQLITE_TRANSIENT : sqa_pool_give);
    else if (!is_small(out))
        sqa_pool_give(out->blob);
    return status;
}

enum sqa_status sqa_result_array(struct sqa_call *call, const struct sqa_view *view) {
    struct sqa_out out;
    uint64_t sig;
    enum sqa_status status = sqa_whole_sig(call, view, &sig);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, view->count, sqa_sig_width(sig));
    if (status != SQA_OK)
        return status;
    status = sqa_whole_copy(call, view, sqa_out_data(&out), out.width);
    return sqa_out_close(&out, status, view->count, sig);
}

enum sqa_status sqa_result_strided(struct sqa_call *call, const struct sqa_view *view, size_t start,
                                   int64_t step, size_t count) {
    struct sqa_out out;
    uint64_t sig = 0;
    enum sqa_status status = sqa_out_open(&out, call, count, view->width);
    if (status != SQA_OK)
        return status;
    const struct sqa_view result = {sqa_out_data(&out), count, view->width};
    status = sqa_whole_stride(call, view, start, (ptrdiff_t)step, count, sqa_out_data(&out));
    if (status == SQA_OK)
        status = sqa_whole_sig(call, &result, &sig);
    return sqa_out_close(&out, status, count, sig);
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
        if (e->done < e->count && sqa_stopped(&call->poll))
            status = SQA_INTERRUPT;
    }
    return sqa_out_close(&out, status, e->count, e->sig);
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

/* The status with which the bytes are closed; they are given back where it is a failure. */
static enum sqa_status close_bytes(const struct sqa_call *call, enum sqa_status status, void *bytes,
                                   uint64_t size) {
    if (status == SQA_OK)
        status = sqa_call_status(call);
    if (status != SQA_OK && size > SQA_SMALL)
        sqa_pool_give(bytes);
    return status;
}

enum sqa_status sqa_bytes_close(struct sqa_call *call, enum sqa_status status, void *bytes,
                                uint64_t size) {
    status = close_bytes(call, status, bytes, size);
    if (status == SQA_OK)
        sqlite3_result_blob64(call->context, bytes, size, destructor(size));
    return status;
}

enum sqa_status sqa_text_close(struct sqa_call *call, enum sqa_status status, void *bytes,
                               uint64_t size) {
    status = close_bytes(call, status, bytes, size);
    if (status == SQA_OK)
        sqlite3_result_text64(call->context, bytes, size, destructor(size), SQLITE_UTF8);
    return status;
}

enum sqa_status sqa_result_text(struct sqa_call *call, const struct sqa_view *view,
                                const struct sqa_text_form *form) {
    void *text;
    const uint64_t size = sqa_text_length(view, form, &call->poll);
    enum sqa_status status = sqa_call_status(call);
    if (status == SQA_OK)
        status = sqa_bytes_open(call, size, &text);
    if (status != SQA_OK)
        return status;
    sqa_text_write(view, form, text, &call->poll);
    return sqa_text_close(call, SQA_OK, text, size);
}

void *sqa_scratch_take(struct sqa_call *call, uint64_t count, unsigned width) {
    const uint64_t size = sqa_add_size(SQA_HEADER, sqa_mul_size(count, width));
    unsigned char *buffer = sqa_pool_take(call->connection->pool, size);
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
    enum sqa_status status = copy != NULL && scratch != NULL ? SQA_OK : SQA_NOMEM;
    if (status == SQA_OK)
        status = sqa_whole_copy(call, view, copy, width);
    if (status == SQA_OK) {
        kernels->sort[sqa_width_index(width)](copy, view->count, scratch, &call->poll);
        status = sqa_call_status(call);
    }
    if (status != SQA_OK)
        sqa_scratch_give(copy);
    sqa_scratch_give(scratch);
    *sorted = status == SQA_OK ? copy : NULL;
    return status;
}

enum sqa_status sqa_nth(struct sqa_call *call, const struct sqa_view *view, size_t rank,
                        int64_t x[2]) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    const size_t size = view->count * view->width;
    unsigned char *copy = sqa_scratch_take(call, 2 * (uint64_t)view->count, view->width);
    if (copy == NULL)
        return SQA_NOMEM;
    enum sqa_status status = sqa_whole_copy(call, view, copy, view->width);
    if (status == SQA_OK) {
        x[0] = kernels->nth[index](copy, view->count, rank, copy + size, &call->poll);
        x[1] = rank + 1 < view->count ? INT64_MAX : x[0];
        status = sqa_call_status(call);
    }
    if (status == SQA_OK) { /* nth leaves what is not smaller behind rank */
        const size_t behind = view->count - rank - 1;
        for (size_t at = 0, n; (n = sqa_next_run(behind, at, &call->poll)) > 0; at += n) {
            const int64_t least = kernels->min[index](copy + (rank + 1 + at) * view->width, n);
            x[1] = least < x[1] ? least : x[1];
        }
        status = sqa_call_status(call);
    }
    sqa_scratch_give(copy);
    return status;
}

enum sqa_status sqa_fail(struct sqa_call *call, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(call->message, sizeof call->message, format, arguments);
    va_end(arguments);
    return SQA_ARGUMENT;
}

int sqa_excerpt(const char *text, int most) {
    const char *end = memchr(text, '\0', (size_t)most + 1);
    if (end != NULL)
        return (int)(end - text);
    while (most > 0 && (text[most] & 0xC0) == 0x80)
        most--;
    return most;
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
