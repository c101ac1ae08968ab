/*
** Makes searches, and keeps the last one after it was used. If the same query is repeated and the
** data has not changed, its windows are already computed. So a join that repeats a query for one
** key after another only looks up the keys.
*/
#ifndef SQA_KEPT_SEARCH_H
#define SQA_KEPT_SEARCH_H

#include "index/search_tree.h"

/*
** Returns a search for the rows that satisfy all n terms: the kept one, or a new one. Its estimates
** are current. Returns NULL after a failure. The caller passes it to sqa_search_give(), which keeps
** it instead of the one before; NULL is allowed.
*/
struct sqa_search *sqa_search_take(struct sqa_index *index, const struct sqa_term *terms, int n);
void sqa_search_give(struct sqa_search *search);
/* Returns true if the search is for these terms. Always returns false if they are long. */
bool sqa_search_has_words(const struct sqa_search *search, const struct sqa_term *terms, int n);
/* Frees a search. NULL is allowed. */
void sqa_search_free(struct sqa_search *search);

/*
** Must be called before a search is used again if something may have been written in the meantime.
** Then the estimates are made again, and lists and windows will be read again.
*/
void sqa_search_refresh(struct sqa_search *search);

#endif
