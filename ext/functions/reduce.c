/* Functions that make one number of an array. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/result.h"

#include <math.h>
#include <string.h>

SQLITE_EXTENSION_INIT3

/* *w: the exact sum (kernels->sum) or sum of squares (kernels->sumsq) of the elements */
static enum sqa_status add_up(struct sqa_call *call, const struct sqa_view *view,
                              sqa_sum_fn *const *kernel, struct sqa_wide *w) {
    struct sqa_blocks blocks;
    *w = (struct sqa_wide){{0}};
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks))
        kernel[sqa_width_index(view->width)](blocks.data, blocks.n, w);
    return blocks.status;
}

/* The result is w, if it fits 64 bits. */
static enum sqa_status result_wide(struct sqa_call *call, const struct sqa_wide *w) {
    int64_t x;
    if (!sqa_wide_fits(w, &x))
        return SQA_RESULT_OVERFLOW;
    sqlite3_result_int64(call->context, x);
    return SQA_OK;
}

enum sqa_status fn_sum(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_wide sum;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = add_up(call, &view, call->connection->kernels->sum, &sum);
    return status == SQA_OK ? result_wide(call, &sum) : status;
}

enum sqa_status fn_dot(struct sqa_call *call) {
    struct sqa_view views[2];
    struct sqa_blocks blocks;
    struct sqa_reader other;
    struct sqa_wide sum = {{0}};
    enum sqa_status status = sqa_arg_arrays(call, views);
    if (status == SQA_OK)
        status = sqa_same_length(call, views);
    if (status != SQA_OK)
        return status;
    const unsigned width = views[0].width > views[1].width ? views[0].width : views[1].width;
    sqa_dot_fn *const dot = call->connection->kernels->dot[sqa_width_index(width)];
    sqa_reader_init(&other, call->connection->kernels, &views[1], width);
    sqa_blocks_begin(&blocks, call, &views[0], width);
    while (sqa_blocks_next(&blocks))
        dot(blocks.data, sqa_reader_block(&other, blocks.at, blocks.n), blocks.n, &sum);
    return blocks.status == SQA_OK ? result_wide(call, &sum) : blocks.status;
}

/*
** The magnitude is multiplied up, the sign kept apart: so -2^63 is reached whatever the order, and a
** magnitude that has grown too large can only be saved by a 0, of which there is none.
*/
enum sqa_status fn_product(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_blocks blocks;
    size_t zero_at;
    uint64_t magnitude = 1;
    bool negative = false;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_find(call, &view, 0, &zero_at);
    if (status != SQA_OK)
        return status;
    if (zero_at < view.count) {
        sqlite3_result_int64(call->context, 0);
        return SQA_OK;
    }
    sqa_blocks_begin(&blocks, call, &view, 8);
    while (sqa_blocks_next(&blocks)) {
        const int64_t *x = blocks.data;
        for (size_t i = 0; i < blocks.n; i++) {
            negative ^= x[i] < 0;
            if (__builtin_mul_overflow(magnitude, x[i] < 0 ? 0 - (uint64_t)x[i] : (uint64_t)x[i],
                                       &magnitude) ||
                magnitude > (uint64_t)1 << 63) {
                call->error.a = (int64_t)(blocks.at + i + 1);
                return SQA_OVERFLOW;
            }
        }
    }
    if (blocks.status != SQA_OK)
        return blocks.status;
    if (!negative && magnitude > INT64_MAX)
        return SQA_RESULT_OVERFLOW;
    sqlite3_result_int64(call->context, (int64_t)(negative ? 0 - magnitude : magnitude));
    return SQA_OK;
}

/* *x: the smallest element, or the largest; the array is not empty */
static enum sqa_status extreme(struct sqa_call *call, const struct sqa_view *view, bool largest,
                               int64_t *x) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    sqa_extreme_fn *const kernel =
        (largest ? kernels->max : kernels->min)[sqa_width_index(view->width)];
    struct sqa_blocks blocks;
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks)) {
        const int64_t y = kernel(blocks.data, blocks.n);
        if (blocks.at == 0 || (largest ? y > *x : y < *x))
            *x = y;
    }
    return blocks.status;
}

/* array_min, _max: the extreme; array_argmin, _argmax: where it first stands */
static enum sqa_status result_extreme(struct sqa_call *call, bool largest, bool position) {
    struct sqa_view view;
    int64_t x;
    size_t at;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK || view.count == 0)
        return status;
    status = extreme(call, &view, largest, &x);
    if (status == SQA_OK && position) {
        status = sqa_find(call, &view, x, &at);
        x = (int64_t)at + 1;
    }
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, x);
    return status;
}

enum sqa_status fn_min(struct sqa_call *call) {
    return result_extreme(call, false, false);
}

enum sqa_status fn_max(struct sqa_call *call) {
    return result_extreme(call, true, false);
}

enum sqa_status fn_argmin(struct sqa_call *call) {
    return result_extreme(call, false, true);
}

enum sqa_status fn_argmax(struct sqa_call *call) {
    return result_extreme(call, true, true);
}

enum sqa_status fn_count(struct sqa_call *call) {
    struct sqa_view view;
    int64_t v;
    size_t n;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_integer(call, 1, &v);
    if (status == SQA_OK)
        status = sqa_count(call, &view, v, &n);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (int64_t)n);
    return status;
}

enum sqa_status fn_avg(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_wide sum;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK || view.count == 0)
        return status;
    status = add_up(call, &view, call->connection->kernels->sum, &sum);
    if (status == SQA_OK)
        sqlite3_result_double(call->context, sqa_wide_double(sum) / (double)view.count);
    return status;
}

/*
** The variance (n * sum(x*x) - sum(x)^2) / (n * (n - ddof)): the numerator is exact in 256 bits, so
** nothing cancels. False in *any where there are not more than ddof elements.
*/
static enum sqa_status variance(struct sqa_call *call, bool *any, double *x) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    struct sqa_view view;
    struct sqa_wide sum, squares;
    int64_t ddof = 1;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK && call->argc > 1)
        status = sqa_arg_count(call, 1, "ddof", 0, &ddof);
    if (status != SQA_OK)
        return status;
    *any = (int64_t)view.count > ddof;
    if (!*any)
        return SQA_OK;
    status = add_up(call, &view, kernels->sum, &sum);
    if (status == SQA_OK)
        status = add_up(call, &view, kernels->sumsq, &squares);
    if (status != SQA_OK)
        return status;
    const struct sqa_wide n = {{view.count}};
    if (sqa_wide_negative(&sum))
        sqa_wide_negate(&sum);
    const struct sqa_wide left = sqa_wide_mul(&n, &squares), right = sqa_wide_mul(&sum, &sum);
    const double count = (double)view.count;
    *x = sqa_wide_double(sqa_wide_sub(&left, &right)) / count / (count - (double)ddof);
    return SQA_OK;
}

enum sqa_status fn_var(struct sqa_call *call) {
    bool any;
    double x;
    const enum sqa_status status = variance(call, &any, &x);
    if (status == SQA_OK && any)
        sqlite3_result_double(call->context, x);
    return status;
}

enum sqa_status fn_stddev(struct sqa_call *call) {
    bool any;
    double x;
    const enum sqa_status status = variance(call, &any, &x);
    if (status == SQA_OK && any)
        sqlite3_result_double(call->context, sqrt(x));
    return status;
}

/* From x (0) to y (1), never beyond them: the nearer one is the start, as in NumPy's quantile(). */
static double interpolate(double x, double y, double weight) {
    return weight < 0.5 ? x + (y - x) * weight : y - (y - x) * (1.0 - weight);
}

/* The result is quantile q by linear interpolation, as NumPy's: between the ranks around q * (n-1). */
static enum sqa_status result_quantile(struct sqa_call *call, const struct sqa_view *view,
                                       double q) {
    int64_t x[2];
    const double place = q * (double)(view->count - 1);
    const size_t rank = (size_t)place;
    const double weight = place - (double)rank;
    const enum sqa_status status = sqa_nth(call, view, rank, x);
    if (status == SQA_OK)
        sqlite3_result_double(call->context, weight == 0.0
                                                 ? (double)x[0]
                                                 : interpolate((double)x[0], (double)x[1], weight));
    return status;
}

enum sqa_status fn_median(struct sqa_call *call) {
    struct sqa_view view;
    int64_t x[2];
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status != SQA_OK || view.count == 0)
        return status;
    status = sqa_nth(call, &view, (view.count - 1) / 2, x);
    if (status != SQA_OK)
        return status;
    struct sqa_wide sum = {{0}}; /* the mean of two numbers of 64 bits, rounded once */
    sqa_wide_add(&sum, x[0]);
    sqa_wide_add(&sum, view.count % 2 == 0 ? x[1] : x[0]);
    sqlite3_result_double(call->context, sqa_wide_double(sum) / 2.0);
    return SQA_OK;
}

enum sqa_status fn_quantile(struct sqa_call *call) {
    struct sqa_view view;
    double q;
    char text[SQA_NUMBER_TEXT];
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = sqa_arg_real(call, 1, &q);
    if (status != SQA_OK)
        return status;
    if (!(q >= 0.0 && q <= 1.0))
        return sqa_fail(call, "argument 2, the quantile, must be in 0..1 (%s given)",
                        sqa_number_text(call->argv[1], text));
    return view.count > 0 ? result_quantile(call, &view, q) : SQA_OK;
}

/* How many different elements there are, and which of them is the most frequent (if there are any). */
static enum sqa_status count_runs(struct sqa_call *call, const struct sqa_view *view,
                                  size_t *distinct, int64_t *mode) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    void *sorted;
    *distinct = view->count > 0;
    const enum sqa_status status = sqa_sorted_copy(call, view, view->width, &sorted);
    if (status != SQA_OK || view->count == 0) {
        sqa_scratch_give(sorted);
        return status;
    }
    const size_t pairs = view->count - 1; /* of neighbours */
    for (size_t at = 0, n; (n = sqa_next_run(pairs, at, &call->poll)) > 0; at += n)
        *distinct += kernels->changes[index]((const char *)sorted + at * view->width, n + 1);
    *mode = kernels->mode[index](sorted, view->count, &call->poll);
    sqa_scratch_give(sorted);
    return sqa_call_status(call);
}

enum sqa_status fn_mode(struct sqa_call *call) {
    struct sqa_view view;
    size_t distinct;
    int64_t mode;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = count_runs(call, &view, &distinct, &mode);
    if (status == SQA_OK && view.count > 0)
        sqlite3_result_int64(call->context, mode);
    return status;
}

enum sqa_status fn_distinct_count(struct sqa_call *call) {
    struct sqa_view view;
    size_t distinct;
    int64_t mode;
    enum sqa_status status = sqa_arg_array(call, 0, &view);
    if (status == SQA_OK)
        status = count_runs(call, &view, &distinct, &mode);
    if (status == SQA_OK)
        sqlite3_result_int64(call->context, (int64_t)distinct);
    return status;
}
