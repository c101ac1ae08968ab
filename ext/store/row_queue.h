/*
** Rows that wait for their turn in the order of one column: a key and a rowid each. It knows
** nothing of SQLite.
**
** The order is that of the keys, ascending, and of the rowids where keys are equal. A queue is
** filled from chunks, in any order, and emptied from the front. It keeps a bounded number of rows:
** when it is full, the later half is cut off, and rows behind the cut are not taken in any more.
** When it has been emptied as far as the cut, it is filled again with the rows behind the cut.
*/
#ifndef SQA_ROW_QUEUE_H
#define SQA_ROW_QUEUE_H

#include "core/status.h"
#include "kernel/kernels.h"
#include "memory/pool.h"

/* Rows that a queue keeps; it has room for twice as many, 16 MiB. */
enum { SQA_ROW_QUEUE_MOST = 1 << 19 };

/* A place in the order: that of the row with this key and rowid */
struct sqa_place {
    int64_t key, rowid;
};

struct sqa_row_queue {
    const struct sqa_kernels *kernels;
    struct sqa_pool *pool;
    size_t most;            /* that it keeps */
    size_t count, capacity; /* rows in it, and that there is room for */
    int64_t *keys, *rowids; /* of the rows, in any order */
    struct sqa_place first; /* no row in it is before this place */
    bool is_cut;            /* rows behind this place were refused or cut off: */
    struct sqa_place cut;
};

/* Rows taken from a queue, in the order of their rowids. */
struct sqa_taken_rows {
    size_t count;
    int64_t *keys, *rowids;
    /* order[k] is the index of the row that is k-th (from 0) in the order of the queue. */
    uint32_t *order;
};

static inline bool sqa_place_before(struct sqa_place a, struct sqa_place b) {
    return a.key < b.key || (a.key == b.key && a.rowid < b.rowid);
}

/*
** An empty queue for at least so many rows; memory comes from pool. sqa_row_queue_free() returns
** it.
*/
void sqa_row_queue_init(struct sqa_row_queue *queue, const struct sqa_kernels *kernels,
                        struct sqa_pool *pool, size_t rows);
/* Forgets the rows and the cut. */
void sqa_row_queue_clear(struct sqa_row_queue *queue);
void sqa_row_queue_free(struct sqa_row_queue *queue);

/* Can a row at this place still be taken in? */
static inline bool sqa_row_queue_wants(const struct sqa_row_queue *queue, struct sqa_place place) {
    return !queue->is_cut || !sqa_place_before(queue->cut, place);
}
/* Takes in n <= SQA_BLOCK rows that it wants. Gives false without memory. */
SQA_MUST_CHECK bool sqa_row_queue_add(struct sqa_row_queue *queue, const int64_t *keys,
                                      const int64_t *rowids, size_t n);
/*
** Takes the first rows from the queue, at most `most` (> 0) and, unless `before` is NULL, only
** those before that place, and none if these are fewer than `least`, or few where as many as the
** queue keeps are wanted and it was cut. Gives false without memory; rows is to be given back by
** sqa_taken_rows_give() in any case.
*/
SQA_MUST_CHECK bool sqa_row_queue_take(struct sqa_row_queue *queue, const struct sqa_place *before,
                                       size_t least, size_t most, struct sqa_taken_rows *rows);
void sqa_taken_rows_give(struct sqa_taken_rows *rows);

#endif
