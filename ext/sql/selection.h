/* Order statistics of an argument: its elements sorted, or those at one rank. */
#ifndef SQA_SELECTION_H
#define SQA_SELECTION_H

#include "core/blob.h"
#include "sql/call.h"

/*
** The elements as `width` bytes each (at least the array's), ascending, in scratch memory; NULL after a
** failure: SQA_NOMEM, SQA_INTERRUPT.
*/
void *sqa_sorted_copy(struct sqa_call *call, const struct sqa_array *array, unsigned width);

/*
** x[0]: the element at `rank` (from 0, below the count) in sorted order; x[1]: the one after it,
** where there is one. By selection in a copy, not by sorting. SQA_NOMEM, SQA_INTERRUPT.
*/
void sqa_nth(struct sqa_call *call, const struct sqa_array *array, size_t rank, int64_t x[2]);

/* The significance of sorted elements, in either direction: that of the ends. */
uint64_t sqa_sorted_sig(const struct sqa_view *sorted);

#endif
