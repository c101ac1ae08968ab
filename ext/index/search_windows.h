/* The tree of a search evaluated, window by window. After a failure there are no keys. */
#ifndef SQA_SEARCH_WINDOWS_H
#define SQA_SEARCH_WINDOWS_H

#include "index/search_tree.h"

/*
** *nearest: a key that is not beyond the nearest answer >= key (backwards: <= key). False where
** there is none.
*/
bool sqa_search_skip(struct sqa_search *search, int64_t key, bool backwards, int64_t *nearest);
/* The answers from lo to hi, which lie in one window */
void sqa_search_window(struct sqa_search *search, int64_t lo, int64_t hi,
                       struct sqa_key_window *window);
/* Is this key an answer? */
bool sqa_search_lookup(struct sqa_search *search, int64_t key);

#endif
