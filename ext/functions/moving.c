/*
** Functions of a moving window of w elements over an array of n elements. The result has n - w +
** 1 elements, none if w > n.
*/
#include "functions/bodies.h"
#include "sql/arguments.h"
#include "sql/scratch.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

SQLITE_EXTENSION_INIT3

/*
** Reads argument 2, the window size, and sets *windows to the number of windows. Returns the
** window size, or 1 if there are no windows.
*/
static size_t arg_window(struct sqa_call *call, const struct sqa_array *array, size_t *windows) {
    const uint64_t size = (uint64_t)sqa_arg_count(call, 1, "size of the window", 1);
    const bool fits = size <= array->count;
    *windows = fits ? array->count - (size_t)size + 1 : 0;
    return fits ? (size_t)size : 1;
}

void sqa_fn_moving_sum(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_array array = sqa_arg_array(call, 0);
    size_t windows;
    const size_t w = arg_window(call, &array, &windows);
    sqa_moving_sum_fn *const moving_sum = kernels->moving_sum[sqa_width_index(array.width)];
    const struct sqa_array first = sqa_array_slice(&array, 0, windows > 0 ? w - 1 : 0);
    const struct sqa_array starts = sqa_array_slice(&array, 0, windows);
    struct sqa_writer writer;
    struct sqa_reader leaving, entering;
    /* the sum of the first window without its last element */
    struct sqa_wide rest = sqa_whole_sum(call, &first, kernels->sum);
    sqa_writer_open(&writer, call, windows, array.width);
    sqa_read(&entering, call, &array, array.width);
    sqa_read(&leaving, call, &starts, array.width);
    while (sqa_reader_next(&leaving)) {
        int64_t sums[SQA_BLOCK];
        const size_t done =
            moving_sum(sums, sqa_reader_block(&entering, leaving.at + w - 1, leaving.n),
                       leaving.data, leaving.n, &rest);
        if (done < leaving.n)
            sqa_fail_status(call, SQA_OVERFLOW,
                            (struct sqa_error){.a = (int64_t)(leaving.at + done + 1)});
        sqa_writer_widening(&writer, sums, sizeof *sums, leaving.n);
    }
    sqa_writer_close(&writer);
}

/* The kernels of array_moving_min or of array_moving_max */
struct moving_op {
    struct sqa_call *call;
    sqa_moving_fn *const *moving;
    sqa_moving_join_fn *const *join;
    bool largest;
};

/*
** Returns how many elements of scratch memory are needed for windows of w > SQA_WINDOW over n
** elements.
*/
static uint64_t moving_scratch(size_t n, size_t w) {
    uint64_t size = 0;
    while (w > SQA_WINDOW) {
        const size_t rows = n / SQA_WINDOW;
        size += n - SQA_WINDOW + 1 + 2 * (uint64_t)rows;
        n = rows - 1;
        w = w / SQA_WINDOW - 1;
    }
    return size;
}

/* Computes the extremes of windows of w <= SQA_WINDOW elements with the kernel. */
static void short_extremes(const struct moving_op *op, unsigned char *dst,
                           const struct sqa_array *array, size_t w) {
    const size_t windows = array->count - w + 1, most = SQA_BLOCK - (w - 1);
    struct sqa_reader reader;
    sqa_read(&reader, op->call, array, array->width);
    for (size_t at = 0; at < windows && !sqa_failed(op->call); at += most) {
        const size_t n = windows - at < most ? windows - at : most;
        op->moving[sqa_width_index(array->width)](dst + at * array->width,
                                                  sqa_reader_block(&reader, at, n + w - 1), n, w);
        (void)sqa_stopped(&op->call->poll);
    }
}

/*
** Fills dst with the extremes of all windows of w elements of the array, 1 <= w <= its count. The
** kernel handles windows up to SQA_WINDOW. A longer window is covered by one such window at its
** start, one at its end, and whole rows of SQA_WINDOW elements between. The extremes of the rows
** are the same problem with 64 times fewer elements, solved by recursion. So the time does not
** depend on w.
*/
static void moving_extremes(const struct moving_op *op, unsigned char *dst,
                            const struct sqa_array *array, size_t w, unsigned char *scratch) {
    struct sqa_call *call = op->call;
    const unsigned width = array->width, index = sqa_width_index(width);
    const size_t windows = array->count - w + 1;
    if (w <= SQA_WINDOW) {
        short_extremes(op, dst, array, w);
        return;
    }
    const size_t row_count = array->count / SQA_WINDOW, between_count = w / SQA_WINDOW - 1;
    const struct sqa_view shorter = {scratch, array->count - SQA_WINDOW + 1, width};
    unsigned char *const rows = scratch + shorter.count * width;
    unsigned char *const between = rows + row_count * width;
    short_extremes(op, scratch, array, SQA_WINDOW);
    sqa_whole_stride(call, &shorter, 0, SQA_WINDOW, row_count, rows);
    if (between_count > 0) {
        const struct sqa_view after_first = {rows + width, row_count - 1, width};
        const struct sqa_array array_of_rows = sqa_array_of(&after_first);
        if (!sqa_failed(call))
            moving_extremes(op, between, &array_of_rows, between_count,
                            between + row_count * width);
    } else { /* the extreme of no elements */
        const int64_t most = sqa_width_most(width), none = op->largest ? -most - 1 : most;
        for (size_t at = 0, n; (n = sqa_next_run(row_count, at, &call->poll)) > 0; at += n)
            call->connection->kernels->series[index](between + at * width, none, 0, n);
    }
    for (size_t at = 0; at < windows && !sqa_failed(call); at += SQA_BLOCK) {
        const size_t n = windows - at < SQA_BLOCK ? windows - at : SQA_BLOCK;
        const size_t row = at / SQA_WINDOW * width;
        op->join[index](dst + at * width, scratch + at * width, n, w, rows + row, between + row);
        (void)sqa_stopped(&call->poll);
    }
}

static void result_moving(struct sqa_call *call, const struct moving_op *op) {
    const struct sqa_array array = sqa_arg_array(call, 0);
    size_t windows;
    const size_t w = arg_window(call, &array, &windows);
    struct sqa_writer writer;
    void *scratch = NULL;
    sqa_writer_open(&writer, call, windows, array.width);
    if (w > SQA_WINDOW)
        scratch = sqa_scratch_take(call, moving_scratch(array.count, w), array.width);
    if (windows > 0 && !sqa_failed(call))
        moving_extremes(op, writer.out.elements, &array, w, scratch);
    sqa_writer_wrote(&writer, windows);
    sqa_scratch_give(call, scratch);
    sqa_writer_close(&writer);
}

void sqa_fn_moving_min(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    result_moving(call,
                  &(struct moving_op){call, kernels->moving_min, kernels->moving_min_join, false});
}

void sqa_fn_moving_max(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    result_moving(call,
                  &(struct moving_op){call, kernels->moving_max, kernels->moving_max_join, true});
}
