/*
** Facets: how many of the rows that answer a search have each value.
**
** Of all rows the counts are in NAME_values. Few rows have their arrays read. For many rows all
** lists are read once, and each key is looked for among the answers; what waits in the log is
** counted in every case.
*/
#ifndef SQA_FACETS_H
#define SQA_FACETS_H

#include "index/search_tree.h"

struct sqa_facet {
    int64_t value, count;
};

struct sqa_facets {
    struct sqa_index *index;  /* borrowed */
    struct sqa_facet *facets; /* of the pool: ascending by value, each counted at least once */
    size_t n;
};

/* Fills facets, which is empty, for a search; NULL: of all rows. To be cleared in any case. */
void sqa_facets_count(struct sqa_facets *facets, struct sqa_search *search);
void sqa_facets_clear(struct sqa_facets *facets);

#endif
