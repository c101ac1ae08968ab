/* Computes the answers of a search window by window. After a failure there are no answers. */
#ifndef SQA_SEARCH_WINDOWS_H
#define SQA_SEARCH_WINDOWS_H

#include "index/search_tree.h"

/*
** Sets *nearest to a key >= key that is not greater than the first answer >= key; or, if backwards
** is true, to a key <= key that is not less than the last answer <= key. Returns false if there is
** no such answer, and after a failure.
*/
bool sqa_search_skip(struct sqa_search *search, int64_t key, bool backwards, int64_t *nearest);
/* Fills the window with the answers from lo to hi, which must be in the range of one window. */
void sqa_search_window(struct sqa_search *search, int64_t lo, int64_t hi,
                       struct sqa_key_window *window);
/* Returns true if this key is an answer. */
bool sqa_search_lookup(struct sqa_search *search, int64_t key);

#endif
