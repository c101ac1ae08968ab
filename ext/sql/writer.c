#include "sql/writer.h"

void sqa_writer_open(struct sqa_writer *writer, struct sqa_call *call, uint64_t count,
                     unsigned width) {
    sqa_out_open(&writer->out, call, count, width);
    writer->done = 0;
    writer->sig = 0;
}

/* Returns true if the result needs its full width. */
static bool is_settled(const struct sqa_writer *writer) {
    return sqa_sig_width(writer->sig) >= writer->out.width;
}

/* Returns how many of the `left` elements to process before the next poll; 0 after a failure. */
static size_t portion(const struct sqa_writer *writer, uint64_t left) {
    if (left == 0 || sqa_failed(writer->out.call))
        return 0;
    const size_t most = is_settled(writer) ? SQA_RUN : SQA_BLOCK;
    return left < most ? (size_t)left : most;
}

void sqa_writer_wrote(struct sqa_writer *writer, size_t n) {
    struct sqa_call *call = writer->out.call;
    sqa_sig_fn *const sig = call->connection->kernels->sig[sqa_width_index(writer->out.width)];
    for (size_t step; (step = portion(writer, n)) > 0; n -= step) {
        if (!is_settled(writer))
            writer->sig |= sig(sqa_writer_room(writer), step);
        writer->done += step;
        (void)sqa_stopped(&call->poll);
    }
}

void sqa_writer_array(struct sqa_writer *writer, const struct sqa_array *array) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    for (size_t at = 0, n; (n = portion(writer, array->count - at)) > 0; at += n) {
        sqa_array_copy(kernels, array, at, n, sqa_writer_room(writer), writer->out.width);
        sqa_writer_wrote(writer, n);
    }
}

void sqa_writer_fill(struct sqa_writer *writer, int64_t x, uint64_t n) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    for (size_t step; (step = portion(writer, n)) > 0; n -= step) {
        kernels->series[sqa_width_index(writer->out.width)](sqa_writer_room(writer), x, 0, step);
        sqa_writer_wrote(writer, step);
    }
}

void sqa_writer_widening(struct sqa_writer *writer, const void *elements, unsigned width,
                         size_t n) {
    struct sqa_call *call = writer->out.call;
    const struct sqa_kernels *kernels = call->connection->kernels;
    const struct sqa_view view = {elements, n, width};
    if (sqa_failed(call))
        return;
    const uint64_t sig = kernels->sig[sqa_width_index(width)](elements, n);
    if (sqa_sig_width(sig) > writer->out.width)
        sqa_out_widen(&writer->out, writer->done, sqa_sig_width(sig));
    if (sqa_failed(call))
        return;
    sqa_view_copy(kernels, &view, 0, n, sqa_writer_room(writer), writer->out.width);
    writer->sig |= sig;
    writer->done += n;
    (void)sqa_stopped(&call->poll);
}

void sqa_writer_close(struct sqa_writer *writer) {
    sqa_out_close(&writer->out, writer->done, writer->sig);
}
