/* Code that several aggregates of arrays share. */
#ifndef SQA_AGGREGATE_H
#define SQA_AGGREGATE_H

#include "sql/arguments.h"

/*
** Checks that all rows of a window frame have the same length. SQLite may add the rows of the
** next frame before it removes those of the last one (RANGE BETWEEN 1 FOLLOWING AND 1 FOLLOWING
** does so). So a row of another length is no error at once: the aggregate starts again with it,
** and the rows before it must be removed before a value is computed.
*/
struct sqa_lengths {
    size_t length;      /* of the newest row */
    uint64_t rows;      /* number of rows with this length */
    uint64_t leaving;   /* number of earlier rows with other lengths */
    size_t mismatch[2]; /* two different lengths, for the message, if leaving > 0 */
};

/*
** Adds a row. Returns true if it is the first of its length; then the aggregate must forget all
** earlier rows.
*/
bool sqa_lengths_add(struct sqa_lengths *lengths, size_t length);
/* Removes the oldest row. Returns true if it is one of those counted in lengths->rows. */
bool sqa_lengths_remove(struct sqa_lengths *lengths);
/* Fails with SQA_LENGTHS if the rows of the frame have different lengths. */
void sqa_lengths_check(struct sqa_call *call, const struct sqa_lengths *lengths);

#endif
