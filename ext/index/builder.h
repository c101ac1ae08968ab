/*
** Building: the lists of all values, from a table that is read in the order of its keys.
**
** For each value the gaps between its keys are kept as varints, 1.4 bytes a pair. Where that is
** more than the pool may keep (array_limit('pool_bytes')), the upper half of the values is given up
** and left to another pass over the table. So memory is bounded whatever the table's size, and
** nothing is written to files.
*/
#ifndef SQA_BUILDER_H
#define SQA_BUILDER_H

#include "index/index.h"

/* Fills the shadow tables, which are empty. */
void sqa_index_build(struct sqa_index *index);

/*
** What a pass has gathered: its values ascending, and the keys of each, given to functions that
** take them: begin_value, then take_key for each of its keys, ascending, then end_value. A failure
** of the index ends it.
*/
struct sqa_gathered {
    void (*begin_value)(void *context, int64_t value, int64_t n);
    void (*take_key)(void *context, int64_t key);
    void (*end_value)(void *context);
    /* In the first pass: a row that is not NULL; ascending. */
    void (*take_row)(void *context, int64_t key);
    void (*end_rows)(void *context);
    void *context;
};

/* Reads the table, and gives everything that an index of it holds. */
void sqa_index_gather(struct sqa_index *index, const struct sqa_gathered *to);

#endif
