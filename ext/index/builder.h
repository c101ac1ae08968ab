/*
** Building: the lists of all values, from a table that is read in the order of its keys.
**
** For each value the gaps between its keys are kept as varints, 1.4 bytes a pair. Where that is more than the pool may
** keep (array_limit('pool_bytes')), the upper half of the values is given up and left to another pass over the
** table. So memory is bounded whatever the table's size, and nothing is written to files.
*/
#ifndef SQA_BUILDER_H
#define SQA_BUILDER_H

#include "index/index.h"

/* Fills the shadow tables, which are empty. */
int sqa_index_build(struct sqa_index *index);

/*
** What a pass has gathered: its values ascending, and the keys of each, given to a function that takes them: take_value, then
** take_key for each of its keys, ascending. All of them give SQLite result codes; the first that fails ends it.
*/
struct sqa_gathered {
    int (*begin_value)(void *context, int64_t value, int64_t n);
    int (*take_key)(void *context, int64_t key);
    int (*end_value)(void *context);
    int (*take_row)(void *context, int64_t key); /* in the first pass: a row that is not NULL */
    int (*end_rows)(void *context);
    void *context;
};

/* Reads the table, and gives everything that an index of it holds. */
int sqa_index_gather(struct sqa_index *index, const struct sqa_gathered *to);

#endif
