#include "core/array.h"

/* Converts n elements at src, `from` bytes wide and at any address, to dst, `to` bytes wide. */
static void convert(const struct sqa_kernels *kernels, void *dst, unsigned to, const void *src,
                    unsigned from, size_t n) {
    sqa_convert_fn *const *const by_source[4] = {kernels->from8, kernels->from16, kernels->from32,
                                                 kernels->from64};
    by_source[sqa_width_index(from)][sqa_width_index(to)](dst, src, n);
}

void sqa_convert_in_place(const struct sqa_kernels *kernels, void *data, size_t count,
                          unsigned from, unsigned to, struct sqa_poll *poll) {
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
    unsigned char *bytes = data;
    if (from == to)
        return;
    for (size_t done = 0; done < count;) {
        if (done % SQA_RUN == 0 && done > 0 && sqa_stopped(poll))
            return;
        const size_t n = count - done < SQA_BLOCK ? count - done : SQA_BLOCK;
        const size_t at = to < from ? done : count - done - n;
        convert(kernels, scratch, to, bytes + at * from, from, n);
        memcpy(bytes + at * to, scratch, n * to);
        done += n;
    }
}

void sqa_view_copy(const struct sqa_kernels *kernels, const struct sqa_view *view, size_t at,
                   size_t count, void *dst, unsigned width) {
    const unsigned char *source = view->data + at * view->width;
    if (view->width != width)
        convert(kernels, dst, width, source, view->width, count);
    else
        memcpy(dst, source, count * width);
}
