/* What the aggregates of arrays share. */
#ifndef SQA_AGGREGATE_H
#define SQA_AGGREGATE_H

#include "sql/arguments.h"

/*
** The lengths of a frame's rows, which have to be one. Before it lets rows leave, SQLite may add those
** of the next frame (RANGE BETWEEN 1 FOLLOWING AND 1 FOLLOWING does). So another length is not an error
** at once: it begins anew, and rows that came before it only have to leave before a value is wanted.
*/
struct sqa_lengths {
    size_t length;      /* of the newest row */
    uint64_t rows;      /* that have this length */
    uint64_t leaving;   /* rows of other lengths before them */
    size_t mismatch[2]; /* two lengths that differ, if any rows are leaving */
};

/* A row comes. True if it is the first of its length: what there was is to be forgotten. */
bool sqa_lengths_add(struct sqa_lengths *lengths, size_t length);
/* The oldest row leaves. True if it is one of lengths->rows. */
bool sqa_lengths_remove(struct sqa_lengths *lengths);
/* SQA_LENGTHS if the frame's rows have several. */
void sqa_lengths_check(struct sqa_call *call, const struct sqa_lengths *lengths);

#endif
