/*
** A queue of rows in the order of one column. It contains a key and a rowid for each row. This file
** knows nothing of SQLite.
**
** The order is that of the keys, ascending, and of the rowids if keys are equal. Rows are added in
** any order and taken from the front. A queue keeps a limited number of rows: if it is full, the
** later half is cut off, and rows after the cut are no longer added. When all rows up to the cut
** have been taken, the caller adds the rows after the cut again.
*/
#ifndef SQA_ROW_QUEUE_H
#define SQA_ROW_QUEUE_H

#include "core/status.h"
#include "kernel/kernels.h"
#include "memory/pool.h"

/* The largest number of rows that a queue keeps. It has room for twice as many: 16 MiB. */
enum { SQA_ROW_QUEUE_MOST = 1 << 19 };

/* A place in the order: that of a row with this key and rowid */
struct sqa_place {
    int64_t key, rowid;
};

struct sqa_row_queue {
    const struct sqa_kernels *kernels;
    struct sqa_pool *pool;
    size_t most;            /* number of rows that it keeps */
    size_t count, capacity; /* number of rows in it, and of rows that there is room for */
    int64_t *keys, *rowids; /* of the rows, in any order; memory of the pool */
    struct sqa_place first; /* no row in the queue is before this place */
    bool is_cut;            /* true if rows after `cut` were refused or cut off */
    struct sqa_place cut;
};

/* Rows taken from a queue, in the order of their rowids. The memory is that of the pool. */
struct sqa_taken_rows {
    size_t count;
    int64_t *keys, *rowids;
    /* order[k] is the index of the row that is k-th (from 0) in the order of the queue. */
    uint32_t *order;
};

/* Returns true if place a is before place b. */
static inline bool sqa_place_before(struct sqa_place a, struct sqa_place b) {
    return a.key < b.key || (a.key == b.key && a.rowid < b.rowid);
}

/*
** Makes an empty queue that keeps at least `rows` rows, but no more than SQA_ROW_QUEUE_MOST. Its
** memory comes from the pool and is freed by sqa_row_queue_free().
*/
void sqa_row_queue_init(struct sqa_row_queue *queue, const struct sqa_kernels *kernels,
                        struct sqa_pool *pool, size_t rows);
/* Removes the rows and the cut. */
void sqa_row_queue_clear(struct sqa_row_queue *queue);
void sqa_row_queue_free(struct sqa_row_queue *queue);

/* Returns true if a row at this place may be added: it is not after the cut. */
static inline bool sqa_row_queue_wants(const struct sqa_row_queue *queue, struct sqa_place place) {
    return !queue->is_cut || !sqa_place_before(queue->cut, place);
}
/*
** Adds n <= SQA_BLOCK rows, which must not be after the cut. Returns false when out of memory.
*/
SQA_MUST_CHECK bool sqa_row_queue_add(struct sqa_row_queue *queue, const int64_t *keys,
                                      const int64_t *rowids, size_t n);
/*
** Takes the first rows from the queue, at most `most` (> 0). If `before` is not NULL, takes only
** rows before that place, and none if these are fewer than `least`, or if `least` is the number of
** rows that the queue keeps and it was cut. Returns false when out of memory. The caller must call
** sqa_taken_rows_give() in any case.
*/
SQA_MUST_CHECK bool sqa_row_queue_take(struct sqa_row_queue *queue, const struct sqa_place *before,
                                       size_t least, size_t most, struct sqa_taken_rows *rows);
void sqa_taken_rows_give(struct sqa_taken_rows *rows);

#endif
