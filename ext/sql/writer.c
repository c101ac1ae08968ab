#include "sql/writer.h"

void sqa_writer_open(struct sqa_writer *writer, struct sqa_call *call, uint64_t count,
                     unsigned width) {
    *writer = (struct sqa_writer){.out.call = call};
    writer->status = sqa_out_open(&writer->out, call, count, width);
}

/* Is it known that the result cannot be narrowed? */
static bool is_settled(const struct sqa_writer *writer) {
    return sqa_sig_width(writer->sig) >= writer->out.width;
}

/* How many of the `left` elements to write, or to look at, before the next poll */
static size_t portion(const struct sqa_writer *writer, uint64_t left) {
    const size_t most = is_settled(writer) ? SQA_RUN : SQA_BLOCK;
    return left < most ? (size_t)left : most;
}

void sqa_writer_wrote(struct sqa_writer *writer, size_t n) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    sqa_sig_fn *const sig = kernels->sig[sqa_width_index(writer->out.width)];
    while (n > 0 && writer->status == SQA_OK) {
        const size_t step = portion(writer, n);
        if (!is_settled(writer))
            writer->sig |= sig(sqa_writer_room(writer), step);
        writer->done += step;
        n -= step;
        sqa_writer_poll(writer);
    }
}

void sqa_writer_view(struct sqa_writer *writer, const struct sqa_view *view) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    for (size_t at = 0; at < view->count && writer->status == SQA_OK;) {
        const size_t n = portion(writer, view->count - at);
        sqa_view_copy(kernels, view, at, n, sqa_writer_room(writer), writer->out.width);
        sqa_writer_wrote(writer, n);
        at += n;
    }
}

void sqa_writer_fill(struct sqa_writer *writer, int64_t x, uint64_t n) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    while (n > 0 && writer->status == SQA_OK) {
        const size_t step = portion(writer, n);
        kernels->series[sqa_width_index(writer->out.width)](sqa_writer_room(writer), x, 0, step);
        sqa_writer_wrote(writer, step);
        n -= step;
    }
}

void sqa_writer_widening(struct sqa_writer *writer, const void *elements, unsigned width,
                         size_t n) {
    const struct sqa_kernels *kernels = writer->out.call->connection->kernels;
    if (writer->status != SQA_OK)
        return;
    const uint64_t sig = kernels->sig[sqa_width_index(width)](elements, n);
    if (sqa_sig_width(sig) > writer->out.width)
        writer->status = sqa_out_widen(&writer->out, writer->done, sqa_sig_width(sig));
    if (writer->status != SQA_OK)
        return;
    const struct sqa_view view = {elements, n, width};
    sqa_view_copy(kernels, &view, 0, n, sqa_writer_room(writer), writer->out.width);
    writer->sig |= sig;
    writer->done += n;
    sqa_writer_poll(writer);
}

enum sqa_status sqa_writer_close(struct sqa_writer *writer) {
    return sqa_out_close(&writer->out, writer->status, writer->done, writer->sig);
}
