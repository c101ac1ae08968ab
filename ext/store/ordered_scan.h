/*
** Rows in the order of a column, without sorting all of them: for ORDER BY column [DESC], with or
** without LIMIT, and for min and max, which SQLite asks for as an ORDER BY of which it reads one
** row.
**
** Chunks are read in the order of their bounds, the min or max of the column, into a queue
** (row_queue.h). The rows in it that stand before the bound of the next chunk are final: they are
** given, and another chunk is read only when there are none. So chunks that do not overlap are read
** one by one, and a chunk that cannot matter is not read at all. Where the queue was cut, another
** pass over the chunks follows, for the rows behind the last one given. So memory stays bounded,
** whatever the number of passes.
**
** When rows are written meanwhile, a new pass begins too.
*/
#ifndef SQA_ORDERED_SCAN_H
#define SQA_ORDERED_SCAN_H

#include "store/conditions.h"
#include "store/row_queue.h"

struct sqa_ordered_chunk {
    struct sqa_chunk_header header;
    bool is_open;
    int64_t bound; /* the least key of its rows */
};

struct sqa_ordered_scan {
    struct sqa_store *store;
    struct sqa_conditions *conditions; /* borrowed, with the plan */
    struct sqa_chunk_scan chunk_scan;  /* with the rowids wanted, lo to hi */

    struct sqa_row_queue queue;
    size_t wanted;  /* how many more rows will be asked for; SIZE_MAX: that is not known */
    bool has_given; /* rows have been given, up to this place */
    struct sqa_place given;
    bool in_pass;
    int64_t changes;                      /* of memory when the pass began */
    struct sqa_ordered_chunk *chunks;     /* of this pass, in the order of their rowids */
    uint32_t *order;                      /* of their bounds, as indexes */
    size_t chunk_count, next;             /* how many, how many of them have been read */
    const struct sqa_ordered_chunk *read; /* the chunk that rows are of, or NULL */
    struct sqa_rows rows;
    uint64_t mask; /* the columns of rows */
};

/*
** A scan for a plan with order_column, its conditions and the rowids wanted; rows: how many will be
** asked for, or SIZE_MAX. sqa_ordered_scan_end() gives back what it owns.
*/
void sqa_ordered_scan_begin(struct sqa_ordered_scan *scan, struct sqa_store *store,
                            struct sqa_conditions *conditions, int64_t lo, int64_t hi, size_t rows);
void sqa_ordered_scan_end(struct sqa_ordered_scan *scan);
/*
** The rows that come next, in their order, in place of what was in rows: the columns of
** plan->carried. rows->n is 0 at the end, and after a failure.
*/
void sqa_ordered_scan_next(struct sqa_ordered_scan *scan, struct sqa_rows *rows);

#endif
