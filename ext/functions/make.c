/* Functions that create arrays, and that convert them to and from other formats. */
#include <string.h>

#include "core/machine_ints.h"
#include "core/packing.h"
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"
#include "sql/whole_array.h"

SQLITE_EXTENSION_INIT3

void sqa_fn_of(struct sqa_call *call) {
    const size_t count = (size_t)call->argc;
    struct sqa_out out;
    uint64_t sig = 0;
    sqa_out_open(&out, call, count, 1);
    for (size_t i = 0; i < count; i++) {
        const int64_t x = sqa_arg_integer(call, (int)i);
        sig |= sqa_sig(x);
        if (sqa_sig_width(sig) > out.width)
            sqa_out_widen(&out, i, sqa_sig_width(sig));
        if (sqa_failed(call))
            return;
        memcpy(sqa_out_at(&out, i), &x, out.width); /* the low bytes come first: little-endian */
    }
    sqa_out_close(&out, count, sig);
}

/* The result is start + i * step for 0 <= i < count. All of these values must fit 64 bits. */
static void result_series(struct sqa_call *call, int64_t start, int64_t step, uint64_t count) {
    const uint64_t steps = count > 0 ? count - 1 : 0;
    const int64_t last = (int64_t)((uint64_t)start + steps * (uint64_t)step);
    /* all others lie between them */
    const uint64_t sig = count > 0 ? sqa_sig(start) | sqa_sig(last) : 0;
    const unsigned width = sqa_sig_width(sig);
    struct sqa_out out;
    sqa_out_open(&out, call, count, width);
    sqa_series_fn *series = call->connection->kernels->series[sqa_width_index(width)];
    for (size_t at = 0, n; (n = sqa_next_run((size_t)count, at, &call->poll)) > 0; at += n)
        series(sqa_out_at(&out, at), (int64_t)((uint64_t)start + at * (uint64_t)step), step, n);
    sqa_out_close(&out, (size_t)count, sig);
}

void sqa_fn_series(struct sqa_call *call) {
    const int64_t start = sqa_arg_integer(call, 0), stop = sqa_arg_integer(call, 1);
    const int64_t step = sqa_arg_integer_or(call, 2, 1);
    if (step == 0)
        sqa_fail(call, "argument 3, the step, must not be 0");
    if (sqa_failed(call))
        return;
    if (step > 0 ? start > stop : start < stop) {
        sqa_result_empty(call);
        return;
    }
    /* The distance may be up to 2^64 - 1, so it is computed with unsigned integers. */
    const uint64_t from = (uint64_t)start, to = (uint64_t)stop;
    const uint64_t distance = step > 0 ? to - from : from - to;
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    result_series(call, start, step, sqa_add_size(distance / stride, 1));
}

void sqa_fn_fill(struct sqa_call *call) {
    const int64_t n = sqa_arg_count(call, 0, "number of elements", 0);
    result_series(call, sqa_arg_integer(call, 1), 0, (uint64_t)n);
}

void sqa_fn_random(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const uint64_t count = (uint64_t)sqa_arg_count(call, 0, "number of elements", 0);
    const int64_t lo = sqa_arg_integer(call, 1), hi = sqa_arg_integer(call, 2);
    struct sqa_random random = sqa_arg_random(call, 3);
    if (lo > hi)
        sqa_fail(call, "lo is greater than hi (%lld and %lld given)", (long long)lo, (long long)hi);
    const unsigned width = sqa_sig_width(sqa_sig(lo) | sqa_sig(hi));
    const uint64_t bound = (uint64_t)hi - (uint64_t)lo + 1; /* 0 if it is 2^64 */
    struct sqa_out out;
    uint64_t sig = 0;
    sqa_out_open(&out, call, count, width);
    for (uint64_t at = 0; at < count && !sqa_failed(call); at += SQA_BLOCK) {
        const size_t n = count - at < SQA_BLOCK ? (size_t)(count - at) : SQA_BLOCK;
        int64_t block[SQA_BLOCK];
        for (size_t i = 0; i < n; i++)
            block[i] = (int64_t)((uint64_t)lo + sqa_random_below(&random, bound));
        sig |= kernels->sig[3](block, n);
        kernels->from64[sqa_width_index(width)](sqa_out_at(&out, (size_t)at), block, n);
        if (at % SQA_RUN == SQA_RUN - SQA_BLOCK)
            (void)sqa_stopped(&call->poll);
    }
    sqa_out_close(&out, (size_t)count, sig);
}

void sqa_fn_parse(struct sqa_call *call) {
    int64_t kept[SQA_TEXT_KEPT];
    struct sqa_text text = {.poll = &call->poll, .kept = kept};
    struct sqa_error error = {0, 0};
    struct sqa_out out;
    text.text = sqa_arg_text(call, 0, &text.size);
    if (call->argc > 1) {
        text.separator = sqa_arg_text(call, 1, &text.separator_size);
        if (text.separator_size == 0)
            sqa_fail(call, "argument 2, the separator, must not be empty");
        else if (*text.separator >= '0' && *text.separator <= '9')
            sqa_fail(call, "argument 2, the separator, must not begin with a digit");
    }
    if (sqa_failed(call))
        return;
    sqa_fail_status(call, sqa_text_scan(&text, &error), error);
    sqa_out_open(&out, call, text.count, sqa_sig_width(text.sig));
    if (sqa_failed(call))
        return;
    sqa_text_store(call->connection->kernels, &text, out.elements, out.width);
    sqa_out_close(&out, text.count, text.sig);
}

/* Reads arguments 2 and 3, the integer type and the byte order of machine integers. */
static enum sqa_dtype arg_dtype(struct sqa_call *call, bool *big) {
    static const char *const orders[] = {"big", NULL};
    const int dtype = sqa_arg_word(call, 1, sqa_dtype_names);
    *big = call->argc > 2;
    if (*big)
        (void)sqa_arg_word(call, 2, orders);
    return (enum sqa_dtype)dtype;
}

void sqa_fn_from_blob(struct sqa_call *call) {
    struct sqa_machine_ints ints = {.count = 0};
    ints.data = sqa_arg_blob(call, 0, &ints.size);
    ints.dtype = arg_dtype(call, &ints.big);
    sqa_result_from_machine_ints(call, &ints);
}

void sqa_fn_to_blob(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    bool big;
    const enum sqa_dtype dtype = arg_dtype(call, &big);
    sqa_result_machine_ints(call, &array, dtype, big, NULL, 0);
}

void sqa_fn_to_json(struct sqa_call *call) {
    static const struct sqa_text_form plain = {"[", ",", 1, "]"};
    static const struct sqa_text_form quoted = {"[\"", "\",\"", 3, "\"]"};
    static const char *const words[] = {"quoted", NULL};
    const struct sqa_array array = sqa_arg_array(call, 0);
    if (call->argc > 1)
        (void)sqa_arg_word(call, 1, words);
    sqa_result_text(call, &array, call->argc > 1 && array.count > 0 ? &quoted : &plain);
    sqlite3_result_subtype(call->context, 'J');
}

void sqa_fn_to_text(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_text_form form = {"", ",", 1, ""};
    if (call->argc > 1)
        form.separator = sqa_arg_text(call, 1, &form.separator_size);
    sqa_result_text(call, &array, &form);
}

void sqa_fn_width(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    sqlite3_result_int(call->context, (int)array.width);
}

static bool is_canonical(struct sqa_call *call, const struct sqa_array *array) {
    struct sqa_view view;
    if (sqa_array_is_plain(array, &view))
        return sqa_whole_width(call, array) == array->width;
    return sqa_packing_is_canonical(call->connection->kernels, array, &call->poll);
}

void sqa_fn_valid(struct sqa_call *call) {
    sqlite3_value *value = call->argv[0];
    struct sqa_array array;
    struct sqa_error unused;
    bool valid = false;
    if (sqlite3_value_type(value) == SQLITE_BLOB) {
        const void *blob = sqlite3_value_blob(value);
        const size_t size = (size_t)sqlite3_value_bytes(value);
        valid = sqa_blob_array(blob, size, &array, &unused) == SQA_OK && is_canonical(call, &array);
    }
    sqlite3_result_int(call->context, valid);
}
