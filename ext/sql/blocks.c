#include "sql/blocks.h"

enum sqa_status sqa_extremes(struct sqa_call *call, const struct sqa_view *view, int64_t *lo,
                             int64_t *hi) {
    const struct sqa_kernels *kernels = call->connection->kernels;
    const unsigned index = sqa_width_index(view->width);
    struct sqa_blocks blocks;
    *lo = INT64_MAX;
    *hi = INT64_MIN;
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks)) {
        const int64_t least = kernels->min[index](blocks.data, blocks.n);
        const int64_t most = kernels->max[index](blocks.data, blocks.n);
        *lo = least < *lo ? least : *lo;
        *hi = most > *hi ? most : *hi;
    }
    return blocks.status;
}

enum sqa_status sqa_find(struct sqa_call *call, const struct sqa_view *view, int64_t v,
                         size_t *at) {
    struct sqa_blocks blocks;
    *at = view->count;
    if (sqa_sig_width(sqa_sig(v)) > view->width) /* it cannot be there */
        return SQA_OK;
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks)) {
        const size_t i =
            call->connection->kernels->find[sqa_width_index(view->width)](blocks.data, v, blocks.n);
        if (i < blocks.n) {
            *at = blocks.at + i;
            break;
        }
    }
    return blocks.status;
}

enum sqa_status sqa_count(struct sqa_call *call, const struct sqa_view *view, int64_t v,
                          size_t *n) {
    struct sqa_blocks blocks;
    *n = 0;
    if (sqa_sig_width(sqa_sig(v)) > view->width)
        return SQA_OK;
    sqa_search_fn *const count = call->connection->kernels->count[sqa_width_index(view->width)];
    sqa_blocks_begin(&blocks, call, view, view->width);
    while (sqa_blocks_next(&blocks))
        *n += count(blocks.data, v, blocks.n);
    return blocks.status;
}
