/* Functions that compute one number from an array. */
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/result.h"
#include "sql/scratch.h"
#include "sql/selection.h"
#include "sql/whole_array.h"

#include <math.h>

SQLITE_EXTENSION_INIT3

void sqa_fn_sum(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const struct sqa_wide sum = sqa_whole_sum(call, &array, call->connection->kernels->sum);
    sqa_result_wide(call, &sum);
}

void sqa_fn_dot(struct sqa_call *call) {
    const struct sqa_array a = sqa_arg_array(call, 0), b = sqa_arg_array(call, 1);
    const unsigned width = a.width > b.width ? a.width : b.width;
    sqa_dot_fn *const dot = call->connection->kernels->dot[sqa_width_index(width)];
    struct sqa_reader reader, other;
    struct sqa_wide sum = {{0}};
    sqa_same_length(call, &a, &b);
    sqa_read(&reader, call, &a, width);
    sqa_read(&other, call, &b, width);
    while (sqa_reader_next(&reader))
        dot(reader.data, sqa_reader_block(&other, reader.at, reader.n), reader.n, &sum);
    sqa_result_wide(call, &sum);
}

/*
** The absolute values are multiplied and the sign is kept separately, so -2^63 is found in any
** order. Once the absolute value is too large only a 0 among the elements could bring it back,
** and arrays with a 0 are handled before.
*/
void sqa_fn_product(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    struct sqa_reader reader;
    uint64_t magnitude = 1;
    bool negative = false;
    if (sqa_whole_find(call, &array, 0) < array.count) {
        sqlite3_result_int64(call->context, 0);
        return;
    }
    sqa_read(&reader, call, &array, 8);
    while (sqa_reader_next(&reader)) {
        const int64_t *x = reader.data;
        for (size_t i = 0; i < reader.n && !sqa_failed(call); i++) {
            negative ^= x[i] < 0;
            if (__builtin_mul_overflow(magnitude, x[i] < 0 ? 0 - (uint64_t)x[i] : (uint64_t)x[i],
                                       &magnitude) ||
                magnitude > (uint64_t)1 << 63)
                sqa_fail_status(call, SQA_OVERFLOW,
                                (struct sqa_error){.a = (int64_t)(reader.at + i + 1)});
        }
    }
    if (!negative && magnitude > INT64_MAX)
        sqa_fail_status(call, SQA_RESULT_OVERFLOW, (struct sqa_error){0, 0});
    sqlite3_result_int64(call->context, (int64_t)(negative ? 0 - magnitude : magnitude));
}

/* Returns the minimum or maximum; the array must not be empty. */
static int64_t extreme(struct sqa_call *call, const struct sqa_array *array, bool largest) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    sqa_extreme_fn *const kernel =
        (largest ? kernels->max : kernels->min)[sqa_width_index(array->width)];
    int64_t x = largest ? INT64_MIN : INT64_MAX;
    struct sqa_reader reader;
    sqa_read(&reader, call, array, array->width);
    while (sqa_reader_next(&reader)) {
        const int64_t y = kernel(reader.data, reader.n);
        x = (largest ? y > x : y < x) ? y : x;
    }
    return x;
}

/*
** position: the result is the index of the first extreme element (array_argmin, array_argmax),
** not its value.
*/
static void result_extreme(struct sqa_call *call, bool largest, bool position) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    if (array.count == 0)
        return;
    const int64_t x = extreme(call, &array, largest);
    sqlite3_result_int64(call->context,
                         position ? (int64_t)sqa_whole_find(call, &array, x) + 1 : x);
}

void sqa_fn_min(struct sqa_call *call) {
    result_extreme(call, false, false);
}

void sqa_fn_max(struct sqa_call *call) {
    result_extreme(call, true, false);
}

void sqa_fn_argmin(struct sqa_call *call) {
    result_extreme(call, false, true);
}

void sqa_fn_argmax(struct sqa_call *call) {
    result_extreme(call, true, true);
}

void sqa_fn_count(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t v = sqa_arg_integer(call, 1);
    sqlite3_result_int64(call->context, (int64_t)sqa_whole_count(call, &array, v));
}

void sqa_fn_avg(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const struct sqa_wide sum = sqa_whole_sum(call, &array, call->connection->kernels->sum);
    if (array.count > 0)
        sqlite3_result_double(call->context, sqa_wide_double(sum) / (double)array.count);
}

/*
** Computes the variance (n * sum(x*x) - sum(x)^2) / (n * (n - ddof)). The numerator is exact in
** 256 bits, so no digits cancel. Returns false if there are not more than ddof elements.
*/
static bool variance(struct sqa_call *call, double *x) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    const int64_t ddof = call->argc > 1 ? sqa_arg_count(call, 1, "ddof", 0) : 1;
    const double count = (double)array.count;
    if ((int64_t)array.count <= ddof)
        return false;
    struct sqa_wide sum = sqa_whole_sum(call, &array, kernels->sum);
    const struct sqa_wide squares = sqa_whole_sum(call, &array, kernels->sumsq);
    const struct sqa_wide n = {{array.count}};
    if (sqa_wide_negative(&sum))
        sqa_wide_negate(&sum);
    const struct sqa_wide left = sqa_wide_mul(&n, &squares), right = sqa_wide_mul(&sum, &sum);
    *x = sqa_wide_double(sqa_wide_sub(&left, &right)) / count / (count - (double)ddof);
    return true;
}

void sqa_fn_var(struct sqa_call *call) {
    double x;
    if (variance(call, &x))
        sqlite3_result_double(call->context, x);
}

void sqa_fn_stddev(struct sqa_call *call) {
    double x;
    if (variance(call, &x))
        sqlite3_result_double(call->context, sqrt(x));
}

/*
** Interpolates between x (weight 0) and y (weight 1) without leaving their range. Starts from the
** nearer one, as NumPy's quantile() does.
*/
static double interpolate(double x, double y, double weight) {
    return weight < 0.5 ? x + (y - x) * weight : y - (y - x) * (1.0 - weight);
}

/*
** The result is quantile q, by linear interpolation between the elements of rank around q *
** (n-1), as in NumPy.
*/
static void result_quantile(struct sqa_call *call, const struct sqa_array *array, double q) {
    int64_t x[2];
    const double place = q * (double)(array->count - 1);
    const size_t rank = (size_t)place;
    const double weight = place - (double)rank;
    sqa_nth(call, array, rank, x);
    sqlite3_result_double(call->context, weight == 0.0
                                             ? (double)x[0]
                                             : interpolate((double)x[0], (double)x[1], weight));
}

void sqa_fn_median(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    int64_t x[2];
    if (array.count == 0)
        return;
    sqa_nth(call, &array, (array.count - 1) / 2, x);
    struct sqa_wide sum = {{0}}; /* the mean of two 64-bit integers, rounded only once */
    sqa_wide_add(&sum, x[0]);
    sqa_wide_add(&sum, array.count % 2 == 0 ? x[1] : x[0]);
    sqlite3_result_double(call->context, sqa_wide_double(sum) / 2.0);
}

void sqa_fn_quantile(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    const double q = sqa_arg_real(call, 1);
    char text[SQA_NUMBER_TEXT];
    if (!(q >= 0.0 && q <= 1.0))
        sqa_fail(call, "argument 2, the quantile, must be in 0..1 (%s given)",
                 sqa_number_text(call->argv[1], text));
    else if (array.count > 0)
        result_quantile(call, &array, q);
}

/*
** Returns the number of different elements. Sets *mode to the most frequent one; the smallest of
** several.
*/
static size_t count_runs(struct sqa_call *call, const struct sqa_array *array, int64_t *mode) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(array->width);
    void *sorted = sqa_sorted_copy(call, array, array->width);
    if (sorted == NULL || array->count == 0)
        return 0;
    size_t distinct = 1;
    const size_t pairs = array->count - 1; /* each element is compared with the next one */
    for (size_t at = 0, n; (n = sqa_next_run(pairs, at, &call->poll)) > 0; at += n)
        distinct += kernels->changes[index]((const char *)sorted + at * array->width, n + 1);
    *mode = kernels->mode[index](sorted, array->count, &call->poll);
    sqa_scratch_give(call, sorted);
    return distinct;
}

void sqa_fn_mode(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    int64_t mode;
    if (count_runs(call, &array, &mode) > 0)
        sqlite3_result_int64(call->context, mode);
}

void sqa_fn_distinct_count(struct sqa_call *call) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    _Alignas(64) unsigned char set[SQA_FEW * 8];
    struct sqa_view view;
    int64_t mode;
    size_t n;
    if (array.count <= SQA_FEW && sqa_array_is_plain(&array, &view))
        n = call->connection->kernels->set_of_few[sqa_width_index(view.width)](set, view.data,
                                                                               view.count);
    else
        n = count_runs(call, &array, &mode);
    sqlite3_result_int64(call->context, (int64_t)n);
}
