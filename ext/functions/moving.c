/* Functions of windows of w elements that move over an array: n-w+1 of them, none where w > n. */
#include "sql/arguments.h"
#include "sql/blocks.h"
#include "functions/bodies.h"
#include "sql/whole_array.h"
#include "sql/writer.h"

SQLITE_EXTENSION_INIT3

/* The array in argument 0, the window w in argument 1; the number of windows */
static enum sqa_status arg_windows(struct sqa_call *call, struct sqa_view *view, size_t *w,
                                   size_t *windows) {
    int64_t size;
    enum sqa_status status = sqa_arg_array(call, 0, view);
    if (status == SQA_OK)
        status = sqa_arg_count(call, 1, "size of the window", 1, &size);
    if (status != SQA_OK)
        return status;
    const bool fits = (uint64_t)size <= view->count;
    *w = fits ? (size_t)size : 1;
    *windows = fits ? view->count - *w + 1 : 0;
    return SQA_OK;
}

/* *sum: the sum of all elements */
static enum sqa_status sum_of(struct sqa_call *call, const struct sqa_view *view,
                              struct sqa_wide *sum) {
    struct sqa_blocks blocks;
    *sum = (struct sqa_wide){{0}};
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks))
        call->connection->kernels->sum[sqa_width_index(view->width)](blocks.data, blocks.n, sum);
    return blocks.status;
}

enum sqa_status fn_moving_sum(struct sqa_call *call) {
    struct sqa_view view;
    struct sqa_writer writer;
    struct sqa_blocks leaving;
    struct sqa_reader entering;
    struct sqa_wide rest; /* of a window without its last element */
    size_t w, windows;
    enum sqa_status status = arg_windows(call, &view, &w, &windows);
    if (status != SQA_OK)
        return status;
    const struct sqa_view first = sqa_view_slice(&view, 0, windows > 0 ? w - 1 : 0);
    status = sum_of(call, &first, &rest);
    if (status != SQA_OK)
        return status;
    sqa_moving_sum_fn *const moving_sum =
        call->connection->kernels->moving_sum[sqa_width_index(view.width)];
    const struct sqa_view starts = sqa_view_slice(&view, 0, windows);
    sqa_writer_open(&writer, call, windows, view.width);
    sqa_reader_init(&entering, call->connection->kernels, &view, view.width);
    sqa_blocks_begin(&leaving, call, &starts, view.width);
    while (writer.status == SQA_OK && sqa_blocks_next(&leaving)) {
        int64_t sums[SQA_BLOCK];
        const size_t done =
            moving_sum(sums, sqa_reader_block(&entering, leaving.at + w - 1, leaving.n),
                       leaving.data, leaving.n, &rest);
        if (done < leaving.n) {
            call->error.a = (int64_t)(leaving.at + done + 1);
            writer.status = SQA_OVERFLOW;
            break;
        }
        sqa_writer_widening(&writer, sums, sizeof *sums, leaving.n);
    }
    sqa_writer_fail(&writer, leaving.status);
    return sqa_writer_close(&writer);
}

/* What array_moving_min or array_moving_max is made of */
struct extreme {
    sqa_moving_fn *const *moving;
    sqa_moving_join_fn *const *join;
    bool largest;
};

/* Elements of scratch that windows of w > SQA_WINDOW over n elements need */
static uint64_t scratch_size(size_t n, size_t w) {
    uint64_t size = 0;
    while (w > SQA_WINDOW) {
        const size_t rows = n / SQA_WINDOW;
        size += n - SQA_WINDOW + 1 + 2 * (uint64_t)rows;
        n = rows - 1;
        w = w / SQA_WINDOW - 1;
    }
    return size;
}

/*
** Fills dst with the extremes of all windows of w elements of view, 1 <= w <= view->count. Windows
** up to SQA_WINDOW are a kernel's. A longer one is one of these at its start, one at its end, and
** whole rows of SQA_WINDOW between: the extremes of windows of rows, the same problem with 64
** times fewer elements. So the time does not depend on w. Writer is for interruption alone.
*/
static void extremes(const struct extreme *op, struct sqa_writer *writer, unsigned char *dst,
                     const struct sqa_view *view, size_t w, unsigned char *scratch) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    const unsigned width = view->width, index = sqa_width_index(width);
    const size_t windows = view->count - w + 1;
    if (w <= SQA_WINDOW) {
        const size_t most = SQA_BLOCK - (w - 1);
        struct sqa_reader reader;
        sqa_reader_init(&reader, kernels, view, width);
        for (size_t at = 0; at < windows && writer->status == SQA_OK; at += most) {
            const size_t n = windows - at < most ? windows - at : most;
            op->moving[index](dst + at * width, sqa_reader_block(&reader, at, n + w - 1), n, w);
            sqa_writer_poll(writer);
        }
        return;
    }
    const size_t row_count = view->count / SQA_WINDOW, between_count = w / SQA_WINDOW - 1;
    unsigned char *const shorter = scratch;
    unsigned char *const rows = shorter + (view->count - SQA_WINDOW + 1) * width;
    unsigned char *const between = rows + row_count * width;
    const struct sqa_view shorter_view = {shorter, view->count - SQA_WINDOW + 1, width};
    extremes(op, writer, shorter, view, SQA_WINDOW, NULL);
    if (writer->status == SQA_OK)
        writer->status =
            sqa_whole_stride(writer->out.call, &shorter_view, 0, SQA_WINDOW, row_count, rows);
    if (writer->status != SQA_OK)
        return;
    if (between_count > 0) {
        const struct sqa_view after_first = {rows + width, row_count - 1, width};
        extremes(op, writer, between, &after_first, between_count, between + row_count * width);
    } else { /* the extreme of nothing */
        const int64_t most = sqa_width_most(width);
        struct sqa_poll *const poll = &writer->out.call->poll;
        for (size_t at = 0, n; (n = sqa_next_run(row_count, at, poll)) > 0; at += n)
            kernels->series[index](between + at * width, op->largest ? -most - 1 : most, 0, n);
    }
    for (size_t at = 0; at < windows && writer->status == SQA_OK; at += SQA_BLOCK) {
        const size_t n = windows - at < SQA_BLOCK ? windows - at : SQA_BLOCK;
        const size_t row = at / SQA_WINDOW * width;
        op->join[index](dst + at * width, shorter + at * width, n, w, rows + row, between + row);
        sqa_writer_poll(writer);
    }
}

static enum sqa_status moving_extreme(struct sqa_call *call, const struct extreme *op) {
    struct sqa_view view;
    struct sqa_writer writer;
    size_t w, windows;
    void *scratch = NULL;
    const enum sqa_status status = arg_windows(call, &view, &w, &windows);
    if (status != SQA_OK)
        return status;
    sqa_writer_open(&writer, call, windows, view.width);
    if (w > SQA_WINDOW && writer.status == SQA_OK) {
        scratch = sqa_scratch_take(call, scratch_size(view.count, w), view.width);
        if (scratch == NULL)
            sqa_writer_fail(&writer, SQA_NOMEM);
    }
    if (windows > 0 && writer.status == SQA_OK)
        extremes(op, &writer, sqa_writer_room(&writer), &view, w, scratch);
    if (writer.status == SQA_OK)
        sqa_writer_wrote(&writer, windows);
    sqa_scratch_give(scratch);
    return sqa_writer_close(&writer);
}

enum sqa_status fn_moving_min(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    return moving_extreme(call,
                          &(struct extreme){kernels->moving_min, kernels->moving_min_join, false});
}

enum sqa_status fn_moving_max(struct sqa_call *call) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    return moving_extreme(call,
                          &(struct extreme){kernels->moving_max, kernels->moving_max_join, true});
}
