/* Packed machine integers as arguments and results: array_from_blob, array_from_npy and the reverse. */
#ifndef SQA_MACHINE_INT_RESULT_H
#define SQA_MACHINE_INT_RESULT_H

#include "core/machine_ints.h"
#include "sql/call.h"

/* The result is the array of these packed integers. */
SQA_MUST_CHECK enum sqa_status sqa_result_from_machine_ints(struct sqa_call *call,
                                                            const struct sqa_machine_ints *ints);

/* SQA_OK if dtype holds every element; SQA_RANGE: call->error.a is the first that it does not, call->error.b its value. */
SQA_MUST_CHECK enum sqa_status
sqa_check_machine_ints(struct sqa_call *call, const struct sqa_view *view, enum sqa_dtype dtype);

/*
** The result is a BLOB of view's elements as dtype, which has to hold them all, most significant byte first if
** `big`; behind the header_size bytes at header.
*/
SQA_MUST_CHECK enum sqa_status sqa_result_machine_ints(struct sqa_call *call,
                                                       const struct sqa_view *view,
                                                       enum sqa_dtype dtype, bool big,
                                                       const void *header, size_t header_size);

#endif
