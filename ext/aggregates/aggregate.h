/* What the aggregates of arrays share. */
#ifndef SQA_AGGREGATE_H
#define SQA_AGGREGATE_H

#include "sql/arguments.h"

/*
** The array of a row, argument i (from 0). Not by sqa_arg_array(), which leaves parsed text to SQLite: of an
** aggregate's arguments SQLite keeps it from row to row, also where the text is another one.
*/
struct sqa_row {
    struct sqa_view view; /* borrowed until sqa_row_close() */
    void *parsed;
};

/* After SQA_OK sqa_row_close() has to follow; after a failure there is nothing to close. */
SQA_MUST_CHECK enum sqa_status sqa_row_open(struct sqa_call *call, int i, struct sqa_row *row);
void sqa_row_close(struct sqa_row *row);

/*
** The lengths of a frame's rows, which have to be one. Before it lets rows leave, SQLite may add those
** of the next frame (RANGE BETWEEN 1 FOLLOWING AND 1 FOLLOWING does). So another length is not an error
** at once: it begins anew, and rows that came before it only have to leave before a value is wanted.
*/
struct sqa_lengths {
    size_t length;    /* of the newest row; */
    uint64_t rows;    /* so many rows have it */
    uint64_t leaving; /* rows of other lengths before them; if there are any: */
    size_t mismatch[2];
};

/* A row comes. True if it is the first of its length: what there was is to be forgotten. */
bool sqa_lengths_add(struct sqa_lengths *lengths, size_t length);
/* The oldest row leaves. True if it is one of lengths->rows. */
bool sqa_lengths_remove(struct sqa_lengths *lengths);
/* SQA_LENGTHS if the frame's rows have several. */
SQA_MUST_CHECK enum sqa_status sqa_lengths_check(struct sqa_call *call,
                                                 const struct sqa_lengths *lengths);

#endif
