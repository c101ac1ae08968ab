/* Sorted copies of array arguments, and single elements of the sorted order. */
#ifndef SQA_SELECTION_H
#define SQA_SELECTION_H

#include "core/blob.h"
#include "sql/call.h"

/*
** Returns the elements in ascending order, each `width` bytes wide (at least the array's width),
** in scratch memory. Returns NULL after a failure: SQA_NOMEM or SQA_INTERRUPT.
*/
void *sqa_sorted_copy(struct sqa_call *call, const struct sqa_array *array, unsigned width);

/*
** Sets x[0] to the element at position `rank` (from 0, less than the count) of the sorted order,
** and x[1] to the one after it if it exists. Faster than sorting, and with memory for half
** of the elements. Fails with SQA_NOMEM or SQA_INTERRUPT.
*/
void sqa_nth(struct sqa_call *call, const struct sqa_array *array, size_t rank, int64_t x[2]);

/*
** Returns the significance of sorted elements, ascending or descending: that of the first and
** last one.
*/
uint64_t sqa_sorted_sig(const struct sqa_view *sorted);

#endif
