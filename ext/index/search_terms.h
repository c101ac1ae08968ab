/* Makes the tree of a search from the terms of a plan. */
#ifndef SQA_SEARCH_TERMS_H
#define SQA_SEARCH_TERMS_H

#include "index/search_tree.h"

/*
** Fills nodes, root and lists of a zeroed search whose index is set. The answers satisfy all n
** terms. Fails with SQLITE_ERROR if a value is not what its term needs.
*/
void sqa_search_compile(struct sqa_search *search, const struct sqa_term *terms, int n);

#endif
