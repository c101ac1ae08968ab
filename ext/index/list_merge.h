/* Neighbouring blocks made one: what changes have split and emptied takes less room again. */
#ifndef SQA_LIST_MERGE_H
#define SQA_LIST_MERGE_H

#include "index/index.h"

/* Merges blocks in NAME_blocks until there are `most` less, or no more two fit into one. */
void sqa_merge_lists(struct sqa_index *index, int64_t most);

#endif
