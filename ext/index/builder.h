/*
** Builds the lists of all values from the table, which is read in the order of its keys.
**
** The lists are collected in memory (gaps.h), where a pair of value and key takes 1.4 bytes. If
** that becomes more than the pool may keep (array_limit('pool_bytes')), the lists of the larger
** half of the values are removed and left to another pass over the table. So memory is limited,
** whatever the size of the table, and no temporary files are needed.
*/
#ifndef SQA_BUILDER_H
#define SQA_BUILDER_H

#include "index/index.h"

/* Fills the shadow tables, which must be empty. */
void sqa_index_build(struct sqa_index *index);

/* The functions that sqa_index_gather() calls. They end the work by making the index fail. */
struct sqa_gathered {
    /* called for each value in ascending order; n is the number of its keys */
    void (*begin_value)(void *context, int64_t value, int64_t n);
    void (*take_key)(void *context, int64_t key); /* for each of its keys in ascending order */
    void (*end_value)(void *context);
    /* called before that, for each row whose array is not NULL, in ascending order of the keys */
    void (*take_row)(void *context, int64_t key);
    void (*end_rows)(void *context);
    void *context; /* the first argument of all functions */
};

/* Reads the table and passes to the functions everything that an index of it contains. */
void sqa_index_gather(struct sqa_index *index, const struct sqa_gathered *to);

#endif
