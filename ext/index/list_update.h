/*
** Changes of a list, written: the blocks that they fall into are read, changed and written again.
*/
#ifndef SQA_LIST_UPDATE_H
#define SQA_LIST_UPDATE_H

#include "index/posting_list.h"

/* A key that comes or goes */
struct sqa_key_change {
    int64_t key;
    bool is_added;
};

/* What an update of list after list works with; memory of the pool */
struct sqa_list_update {
    struct sqa_index *index;
    int64_t *keys;      /* of a block and what comes into it */
    int64_t difference; /* by which the list's count is not written yet */
};

void sqa_update_init(struct sqa_list_update *update, struct sqa_index *index);
void sqa_update_clear(struct sqa_list_update *update);

/* Makes n > 0 changes, ascending by key, of the list of a value, or of all rows. */
void sqa_update_list(struct sqa_list_update *update, bool is_rows, int64_t value,
                     const struct sqa_key_change *changes, size_t n);

#endif
