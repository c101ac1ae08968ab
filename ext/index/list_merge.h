/* Merges neighbouring blocks, which changes may have split or left nearly empty. */
#ifndef SQA_LIST_MERGE_H
#define SQA_LIST_MERGE_H

#include "index/index.h"

/*
** Merges blocks in NAME_blocks until there are `most` blocks fewer, or no two neighbours fit into
** one.
*/
void sqa_merge_lists(struct sqa_index *index, int64_t most);

#endif
