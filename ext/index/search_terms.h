/* From the terms of a plan to the tree of a search. */
#ifndef SQA_SEARCH_TERMS_H
#define SQA_SEARCH_TERMS_H

#include "index/search_tree.h"

/* Fills a new search's nodes, root and lists. */
void sqa_search_compile(struct sqa_search *search, const struct sqa_term *terms, int n);

#endif
