/*
** Changes stored lists: reads the blocks that contain the changed keys, changes them, and writes
** them again.
*/
#ifndef SQA_LIST_UPDATE_H
#define SQA_LIST_UPDATE_H

#include "index/posting_list.h"

/* A key that is added to a list or removed from it */
struct sqa_key_change {
    int64_t key;
    bool is_added;
};

/* The state of updates, which may change one list after another */
struct sqa_list_update {
    struct sqa_index *index; /* borrowed */
    int64_t *keys;           /* memory of the pool: the keys of a block after the changes */
    int64_t difference;      /* is still to be added to the list's count in NAME_values */
};

void sqa_update_init(struct sqa_list_update *update, struct sqa_index *index);
void sqa_update_clear(struct sqa_list_update *update);

/*
** Makes n > 0 changes, which are in ascending order of their keys, in the list of a value or of all
** rows. It does no harm to add a key that exists, or to remove one that does not.
*/
void sqa_update_list(struct sqa_list_update *update, bool is_rows, int64_t value,
                     const struct sqa_key_change *changes, size_t n);

#endif
