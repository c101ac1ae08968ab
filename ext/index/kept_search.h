/*
** Searches are made, and kept after they were used: asked again with the same words, and of the
** same data, a search has its windows already. So a join that asks for one key after the other
** costs no more than looking them up.
*/
#ifndef SQA_KEPT_SEARCH_H
#define SQA_KEPT_SEARCH_H

#include "index/search_tree.h"

/*
** Gives the search for the rows that answer all n terms: one that is kept, or a new one, whose
** lists have been counted; NULL after a failure. sqa_search_give() takes it back, and may keep it;
** NULL is allowed.
*/
struct sqa_search *sqa_search_take(struct sqa_index *index, const struct sqa_term *terms, int n);
void sqa_search_give(struct sqa_search *search);
/* Does it ask for these terms? false may be wrong where they are long. */
bool sqa_search_has_words(const struct sqa_search *search, const struct sqa_term *terms, int n);
/* Frees it; NULL is allowed. */
void sqa_search_free(struct sqa_search *search);

/*
** To be called before keys are asked for where something may have been written since the last time:
** what is no longer true is read again.
*/
void sqa_search_refresh(struct sqa_search *search);

#endif
