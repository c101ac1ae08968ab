/*
** Facets: counts for each value how many of the rows that satisfy a search contain it.
**
** For all rows the counts are in NAME_values. For few rows their arrays are read. For many rows all
** lists are read once, and each key is looked up among the answers. The waiting pairs of the log
** are taken into account in every case.
*/
#ifndef SQA_FACETS_H
#define SQA_FACETS_H

#include "index/search_tree.h"

struct sqa_facet {
    int64_t value, count;
};

struct sqa_facets {
    struct sqa_index *index; /* borrowed */
    /* memory of the pool; in ascending order of the values; no count is 0 */
    struct sqa_facet *facets;
    size_t n; /* number of facets */
};

/*
** Fills facets, which must be empty, for a search, or for all rows if it is NULL. The caller must
** call sqa_facets_clear() in any case.
*/
void sqa_facets_count(struct sqa_facets *facets, struct sqa_search *search);
void sqa_facets_clear(struct sqa_facets *facets);

#endif
