/*
** How many rows answer a search, by its lists' counts; and the order of the parts of its ANDs,
** which follows from that.
*/
#ifndef SQA_SEARCH_ESTIMATE_H
#define SQA_SEARCH_ESTIMATE_H

#include "index/search_tree.h"

/* Counts the lists, estimates, and sorts the parts of ANDs. */
void sqa_search_count(struct sqa_search *search);
/* The estimate of how many rows answer it */
double sqa_search_estimate(const struct sqa_search *search);
/* Gives text for EXPLAIN QUERY PLAN with more behind: the values and their counts. */
char *sqa_search_explain(const struct sqa_search *search, char *text);

#endif
