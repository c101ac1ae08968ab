/*
** Estimates the number of answers of a search from the counts of its lists, and sorts the parts of
** its ANDs accordingly.
*/
#ifndef SQA_SEARCH_ESTIMATE_H
#define SQA_SEARCH_ESTIMATE_H

#include "index/search_tree.h"

/* Reads the counts of the lists, makes the estimates, and sorts the parts of all ANDs. */
void sqa_search_count(struct sqa_search *search);
/* Returns the estimated number of answers. */
double sqa_search_estimate(const struct sqa_search *search);
/*
** Appends the first values and their counts to a text for EXPLAIN QUERY PLAN. Frees `text` and
** returns the longer text, or NULL when out of memory.
*/
char *sqa_search_explain(const struct sqa_search *search, char *text);

#endif
