/*
** Returns rows in the order of a column without sorting all of them. This is for ORDER BY column
** [DESC], with or without LIMIT, and for min() and max(), which SQLite passes as an ORDER BY and of
** which it reads one row.
**
** The bound of a chunk is the smallest key of its rows, which the min or max of the column in its
** header tells. Chunks are read in the order of their bounds, and their rows are added to a queue
** (row_queue.h). No unread chunk has a row before the bound of the next chunk, so the rows of the
** queue before this bound are returned. The next chunk is read when there are no such rows. So
** chunks whose ranges do not overlap are read one by one, and with LIMIT most chunks are not read
** at all. If the queue was cut, another pass over the chunks follows for the rows after the last
** one returned. So memory is limited, but there may be many passes.
**
** If rows are written in the meantime, a new pass begins, too.
*/
#ifndef SQA_ORDERED_SCAN_H
#define SQA_ORDERED_SCAN_H

#include "store/conditions.h"
#include "store/row_queue.h"

struct sqa_ordered_chunk {
    struct sqa_chunk_header header;
    bool is_open;
    int64_t bound; /* the smallest key of its rows */
};

struct sqa_ordered_scan {
    struct sqa_store *store;
    struct sqa_conditions *conditions; /* borrowed, with the plan */
    struct sqa_chunk_scan chunk_scan;  /* has the range of the rowids, lo to hi */

    struct sqa_row_queue queue;
    size_t wanted;  /* how many more rows will be asked for; SIZE_MAX if not known */
    bool has_given; /* true if rows were returned; `given` is the place of the last one */
    struct sqa_place given;
    bool in_pass;
    int64_t changes;                      /* memory->base.changes when the pass began */
    struct sqa_ordered_chunk *chunks;     /* those of this pass, in the order of their rowids */
    uint32_t *order;                      /* their numbers, from 1, in the order of their bounds */
    size_t chunk_count, next;             /* number of chunks, and of those that were read */
    const struct sqa_ordered_chunk *read; /* the chunk whose rows are in `rows`, or NULL */
    struct sqa_rows rows;
    uint64_t mask; /* the columns in `rows` */
};

/*
** Begins a scan for a plan with order_column, with its conditions and for the rowids from lo to hi.
** `rows` is how many rows will be asked for, or SIZE_MAX. The caller must call
** sqa_ordered_scan_end().
*/
void sqa_ordered_scan_begin(struct sqa_ordered_scan *scan, struct sqa_store *store,
                            struct sqa_conditions *conditions, int64_t lo, int64_t hi, size_t rows);
void sqa_ordered_scan_end(struct sqa_ordered_scan *scan);
/*
** Replaces `rows` by the rows that are next in the order, with the columns in plan->carried. At the
** end and after a failure rows->n is 0.
*/
void sqa_ordered_scan_next(struct sqa_ordered_scan *scan, struct sqa_rows *rows);

#endif
