#include "sql/whole_array.h"

#include <string.h>

enum sqa_status sqa_whole_copy(struct sqa_call *call, const struct sqa_view *view, void *dst,
                               unsigned width) {
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n)
        sqa_view_copy(call->connection->kernels, view, at, n, (unsigned char *)dst + at * width,
                      width);
    return sqa_call_status(call);
}

enum sqa_status sqa_whole_stride(struct sqa_call *call, const struct sqa_view *view, size_t start,
                                 ptrdiff_t step, size_t count, void *dst) {
    const unsigned width = view->width;
    sqa_stride_fn *const stride = call->connection->kernels->stride[sqa_width_index(width)];
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        const size_t from = start + (size_t)((ptrdiff_t)at * step);
        stride((unsigned char *)dst + at * width, view->data + from * width, step, n);
    }
    return sqa_call_status(call);
}

enum sqa_status sqa_whole_zero(struct sqa_call *call, void *dst, size_t size) {
    for (size_t at = 0, n; (n = sqa_next_run(size, at, &call->poll)) > 0; at += n)
        memset((unsigned char *)dst + at, 0, n);
    return sqa_call_status(call);
}

enum sqa_status sqa_whole_sig(struct sqa_call *call, const struct sqa_view *view, uint64_t *sig) {
    *sig = 0;
    for (size_t at = 0, n; (n = sqa_next_run(view->count, at, &call->poll)) > 0; at += n) {
        const struct sqa_view run = sqa_view_slice(view, at, n);
        *sig |= sqa_view_sig(call->connection->kernels, &run);
    }
    return sqa_call_status(call);
}

enum sqa_status sqa_whole_unique(struct sqa_call *call, void *sorted, size_t count, unsigned width,
                                 size_t *kept) {
    sqa_unique_fn *const unique = call->connection->kernels->unique[sqa_width_index(width)];
    unsigned char *const data = sorted;
    *kept = 0;
    for (size_t at = 0, n; (n = sqa_next_run(count, at, &call->poll)) > 0; at += n) {
        /* a run that begins with the last element kept writes that once more */
        if (at > 0 && memcmp(data + (*kept - 1) * width, data + at * width, width) == 0)
            --*kept;
        *kept += unique(data + *kept * width, data + at * width, n);
    }
    return sqa_call_status(call);
}
