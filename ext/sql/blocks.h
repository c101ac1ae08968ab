/*
** A walk over an array block by block: aligned elements of one width, with a look at
** sqlite3_interrupt() now and then. At most SQA_BLOCK elements at a time.
**
**     struct sqa_blocks blocks;
**     sqa_blocks_begin(&blocks, call, &view, width);
**     while (sqa_blocks_next(&blocks))
**         .. blocks.data, blocks.n elements, the first of them at index blocks.at ..
**     return blocks.status;
*/
#ifndef SQA_BLOCKS_H
#define SQA_BLOCKS_H

#include "core/elementwise.h"
#include "sql/call.h"

struct sqa_blocks {
    struct sqa_poll *poll;
    const void *data; /* borrowed until the next step */
    size_t at, n;
    enum sqa_status status; /* SQA_OK, or SQA_INTERRUPT where the walk was ended by that */
    struct sqa_reader reader;
};

static inline void sqa_blocks_begin(struct sqa_blocks *blocks, struct sqa_call *call,
                                    const struct sqa_view *view, unsigned width) {
    blocks->poll = &call->poll;
    blocks->at = blocks->n = 0;
    blocks->status = SQA_OK;
    sqa_reader_init(&blocks->reader, call->connection->kernels, view, width);
}

static inline bool sqa_blocks_next(struct sqa_blocks *blocks) {
    blocks->at += blocks->n;
    if (blocks->at >= blocks->reader.view.count)
        return false;
    if (blocks->at % SQA_RUN == 0 && blocks->at > 0 && sqa_stopped(blocks->poll)) {
        blocks->status = SQA_INTERRUPT;
        return false;
    }
    const size_t left = blocks->reader.view.count - blocks->at;
    blocks->n = left < SQA_BLOCK ? left : SQA_BLOCK;
    blocks->data = sqa_reader_block(&blocks->reader, blocks->at, blocks->n);
    return true;
}

/* *lo and *hi: the smallest and the largest element; INT64_MAX and INT64_MIN where there is none. */
SQA_MUST_CHECK enum sqa_status sqa_extremes(struct sqa_call *call, const struct sqa_view *view,
                                            int64_t *lo, int64_t *hi);
/* *at: the index (from 0) of the first element that equals v; count where there is none. */
SQA_MUST_CHECK enum sqa_status sqa_find(struct sqa_call *call, const struct sqa_view *view,
                                        int64_t v, size_t *at);
/* *n: how many elements equal v. */
SQA_MUST_CHECK enum sqa_status sqa_count(struct sqa_call *call, const struct sqa_view *view,
                                         int64_t v, size_t *n);

#endif
