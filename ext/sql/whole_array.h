/*
** Work on all elements of an array at once, run by run, so that sqlite3_interrupt() can end it:
** SQA_INTERRUPT, and what was to be filled is undefined.
*/
#ifndef SQA_WHOLE_ARRAY_H
#define SQA_WHOLE_ARRAY_H

#include "core/blob.h"
#include "sql/call.h"

/* Fills dst with the elements of view as `width` bytes each; keeps the low bits. */
SQA_MUST_CHECK enum sqa_status sqa_whole_copy(struct sqa_call *call, const struct sqa_view *view,
                                              void *dst, unsigned width);
/* Fills dst with every step-th element of view from start (from 0) on, count of them, all inside. */
SQA_MUST_CHECK enum sqa_status sqa_whole_stride(struct sqa_call *call, const struct sqa_view *view,
                                                size_t start, ptrdiff_t step, size_t count,
                                                void *dst);
/* Fills dst with size bytes of 0. */
SQA_MUST_CHECK enum sqa_status sqa_whole_zero(struct sqa_call *call, void *dst, size_t size);
/* *sig: the significance of all elements of view */
SQA_MUST_CHECK enum sqa_status sqa_whole_sig(struct sqa_call *call, const struct sqa_view *view,
                                             uint64_t *sig);
/* Makes a set, in place, of count sorted elements of width bytes; *kept: how many it has. */
SQA_MUST_CHECK enum sqa_status sqa_whole_unique(struct sqa_call *call, void *sorted, size_t count,
                                                unsigned width, size_t *kept);

#endif
