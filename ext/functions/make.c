/* Functions that make arrays, and that turn them into other forms and back. */
#include <string.h>

#include "core/random.h"
#include "core/machine_ints.h"
#include "sql/arguments.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/machine_int_result.h"
#include "sql/result.h"

SQLITE_EXTENSION_INIT3

enum sqa_status fn_of(struct sqa_call *call) {
    const size_t count = (size_t)call->argc;
    struct sqa_out out;
    uint64_t sig = 0;
    enum sqa_status status = sqa_out_open(&out, call, count, 1);
    if (status != SQA_OK)
        return status;
    for (size_t i = 0; i < count && status == SQA_OK; i++) {
        int64_t x;
        status = sqa_arg_integer(call, (int)i, &x);
        if (status != SQA_OK)
            break;
        sig |= sqa_sig(x);
        if (sqa_sig_width(sig) > out.width)
            status = sqa_out_widen(&out, i, sqa_sig_width(sig));
        if (status == SQA_OK)
            memcpy((unsigned char *)sqa_out_data(&out) + i * out.width, &x, out.width);
    }
    return sqa_out_close(&out, status, count, sig);
}

/* The result is start + i * step for i < count, all of which fit 64 bits. */
static enum sqa_status result_series(struct sqa_call *call, int64_t start, int64_t step,
                                     uint64_t count) {
    const uint64_t steps = count > 0 ? count - 1 : 0;
    const int64_t last = (int64_t)((uint64_t)start + steps * (uint64_t)step);
    const uint64_t sig = count > 0 ? sqa_sig(start) | sqa_sig(last) : 0; /* the rest is between */
    const unsigned width = sqa_sig_width(sig);
    struct sqa_out out;
    const enum sqa_status status = sqa_out_open(&out, call, count, width);
    if (status != SQA_OK)
        return status;
    sqa_series_fn *series = call->connection->kernels->series[sqa_width_index(width)];
    unsigned char *data = sqa_out_data(&out);
    for (size_t at = 0, n; (n = sqa_next_run((size_t)count, at, &call->poll)) > 0; at += n)
        series(data + at * width, (int64_t)((uint64_t)start + at * (uint64_t)step), step, n);
    return sqa_out_close(&out, SQA_OK, (size_t)count, sig);
}

enum sqa_status fn_series(struct sqa_call *call) {
    int64_t start, stop, step = 1;
    enum sqa_status status = sqa_arg_integer(call, 0, &start);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &stop);
    if (status == SQA_OK && call->argc > 2)
        status = sqa_arg_integer(call, 2, &step);
    if (status != SQA_OK)
        return status;
    if (step == 0)
        return sqa_fail(call, "argument 3, the step, must not be 0");
    if (step > 0 ? start > stop : start < stop)
        return result_series(call, 0, 0, 0);
    /* unsigned, for the ends may be up to 2^64-1 apart */
    const uint64_t from = (uint64_t)start, to = (uint64_t)stop;
    const uint64_t distance = step > 0 ? to - from : from - to;
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    return result_series(call, start, step, sqa_add_size(distance / stride, 1));
}

enum sqa_status fn_fill(struct sqa_call *call) {
    int64_t n, v;
    enum sqa_status status = sqa_arg_count(call, 0, "number of elements", 0, &n);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &v);
    return status == SQA_OK ? result_series(call, v, 0, (uint64_t)n) : status;
}

/* The result is count integers from lo..hi; lo <= hi. */
static enum sqa_status result_random(struct sqa_call *call, uint64_t count, int64_t lo, int64_t hi,
                                     struct sqa_random *random) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned width = sqa_sig_width(sqa_sig(lo) | sqa_sig(hi));
    const unsigned index = sqa_width_index(width);
    const uint64_t bound = (uint64_t)hi - (uint64_t)lo + 1; /* 0 if it is 2^64 */
    struct sqa_out out;
    const enum sqa_status status = sqa_out_open(&out, call, count, width);
    if (status != SQA_OK)
        return status;
    unsigned char *data = sqa_out_data(&out);
    uint64_t sig = 0;
    for (uint64_t at = 0; at < count; at += SQA_BLOCK) {
        const size_t n = count - at < SQA_BLOCK ? (size_t)(count - at) : SQA_BLOCK;
        int64_t block[SQA_BLOCK];
        if (at % SQA_RUN == 0 && at > 0 && sqa_stopped(&call->poll))
            break;
        for (size_t i = 0; i < n; i++)
            block[i] = (int64_t)((uint64_t)lo + sqa_random_below(random, bound));
        sig |= kernels->sig[3](block, n);
        kernels->from64[index](data + at * width, block, n);
    }
    return sqa_out_close(&out, SQA_OK, (size_t)count, sig);
}

enum sqa_status fn_random(struct sqa_call *call) {
    int64_t n, lo, hi;
    struct sqa_random random;
    enum sqa_status status = sqa_arg_count(call, 0, "number of elements", 0, &n);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &lo);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 2, &hi);
    if (status == SQA_OK)
        status = sqa_arg_random(call, 3, &random);
    if (status != SQA_OK)
        return status;
    if (lo > hi)
        return sqa_fail(call, "lo is greater than hi (%lld and %lld given)", (long long)lo,
                        (long long)hi);
    return result_random(call, (uint64_t)n, lo, hi, &random);
}

enum sqa_status fn_parse(struct sqa_call *call) {
    struct sqa_text text = {.poll = &call->poll};
    struct sqa_out out;
    enum sqa_status status = sqa_arg_text(call, 0, &text.text, &text.size);
    if (status == SQA_OK && call->argc > 1) {
        status = sqa_arg_text(call, 1, &text.separator, &text.separator_size);
        if (status == SQA_OK && text.separator_size == 0)
            return sqa_fail(call, "argument 2, the separator, must not be empty");
        if (status == SQA_OK && *text.separator >= '0' && *text.separator <= '9')
            return sqa_fail(call, "argument 2, the separator, must not begin with a digit");
    }
    if (status == SQA_OK)
        status = sqa_text_scan(&text, &call->error);
    if (status == SQA_OK)
        status = sqa_out_open(&out, call, text.count, sqa_sig_width(text.sig));
    if (status != SQA_OK)
        return status;
    sqa_text_store(&text, sqa_out_data(&out), out.width);
    return sqa_out_close(&out, SQA_OK, text.count, text.sig);
}

/* Arguments 1 and 2, which say how packed integers look */
static enum sqa_status arg_dtype(struct sqa_call *call, enum sqa_dtype *dtype, bool *big) {
    static const char *const orders[] = {"big", NULL};
    int which;
    enum sqa_status status = sqa_arg_word(call, 1, sqa_dtype_names, &which);
    if (status != SQA_OK)
        return status;
    *dtype = (enum sqa_dtype)which;
    *big = call->argc > 2;
    return *big ? sqa_arg_word(call, 2, orders, &which) : SQA_OK;
}

enum sqa_status fn_from_blob(struct sqa_call *call) {
    sqlite3_value *value = call->argv[0];
    struct sqa_machine_ints ints;
    if (sqlite3_value_type(value) != SQLITE_BLOB)
        return sqa_fail(call, "argument 1 is not a blob (%s given)", sqa_type_name(value));
    enum sqa_status status = arg_dtype(call, &ints.dtype, &ints.big);
    if (status != SQA_OK)
        return status;
    ints.data = sqlite3_value_blob(value); /* first: it may expand a zeroblob */
    ints.size = (size_t)sqlite3_value_bytes(value);
    return sqa_result_from_machine_ints(call, &ints);
}

enum sqa_status fn_to_blob(struct sqa_call *call) {
    struct sqa_view view;
    enum sqa_dtype dtype;
    bool big;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = arg_dtype(call, &dtype, &big);
    return status == SQA_OK ? sqa_result_machine_ints(call, &view, dtype, big, NULL, 0) : status;
}

enum sqa_status fn_to_json(struct sqa_call *call) {
    static const struct sqa_text_form plain = {"[", ",", 1, "]"};
    static const struct sqa_text_form quoted = {"[\"", "\",\"", 3, "\"]"};
    static const char *const words[] = {"quoted", NULL};
    struct sqa_view view;
    int unused;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_word(call, 1, words, &unused);
    if (status == SQA_OK)
        status = sqa_result_text(call, &view, call->argc > 1 && view.count > 0 ? &quoted : &plain);
    if (status == SQA_OK)
        sqlite3_result_subtype(call->context, 'J');
    return status;
}

enum sqa_status fn_to_text(struct sqa_call *call) {
    struct sqa_text_form form = {"", ",", 1, ""};
    struct sqa_view view;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_text(call, 1, &form.separator, &form.separator_size);
    return status == SQA_OK ? sqa_result_text(call, &view, &form) : status;
}

enum sqa_status fn_width(struct sqa_call *call) {
    struct sqa_view view;
    const enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        sqlite3_result_int(call->context, (int)view.width);
    return status;
}

enum sqa_status fn_valid(struct sqa_call *call) {
    sqlite3_value *value = call->argv[0];
    struct sqa_view view;
    struct sqa_error unused;
    enum sqa_status status = SQA_OK;
    bool valid = false;
    if (sqlite3_value_type(value) == SQLITE_BLOB) {
        const void *blob = sqlite3_value_blob(value);
        uint64_t sig;
        valid = sqa_blob_view(blob, (size_t)sqlite3_value_bytes(value), &view, &unused) == SQA_OK;
        if (valid)
            status = sqa_whole_sig(call, &view, &sig);
        valid = valid && status == SQA_OK && sqa_sig_width(sig) == view.width;
    }
    sqlite3_result_int(call->context, valid);
    return status;
}
