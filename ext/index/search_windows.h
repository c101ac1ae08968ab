/* The tree of a search evaluated, window by window. */
#ifndef SQA_SEARCH_WINDOWS_H
#define SQA_SEARCH_WINDOWS_H

#include "index/search_tree.h"

/*
** A key that is not beyond the nearest answer >= key (backwards: <= key); found is false where there
** is none.
*/
int sqa_search_skip(struct sqa_search *search, int64_t key, bool backwards, int64_t *nearest,
                    bool *found);
/* The answers among lo .. hi, which lie in one window */
int sqa_search_window(struct sqa_search *search, int64_t lo, int64_t hi,
                      struct sqa_key_window *window);
/* Is this key an answer? */
int sqa_search_lookup(struct sqa_search *search, int64_t key, bool *found);

#endif
