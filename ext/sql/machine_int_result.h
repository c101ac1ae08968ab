/* Packed machine integers as arguments and results: array_from_blob, array_from_npy and the reverse. */
#ifndef SQA_MACHINE_INT_RESULT_H
#define SQA_MACHINE_INT_RESULT_H

#include "core/machine_ints.h"
#include "sql/call.h"

/* The result is the array of these packed integers. SQA_INTS_SIZE, SQA_RANGE. */
void sqa_result_from_machine_ints(struct sqa_call *call, const struct sqa_machine_ints *ints);

/*
** SQA_RANGE if dtype does not hold every element: call->error.a is the first that it does not, numbered from 1 behind
** `before` others, call->error.b its value.
*/
void sqa_check_machine_ints(struct sqa_call *call, const struct sqa_array *array,
                            enum sqa_dtype dtype, uint64_t before);

/*
** The result is a BLOB of the array's elements as dtype, which has to hold them all, most significant byte first if
** `big`; behind the header_size bytes at header.
*/
void sqa_result_machine_ints(struct sqa_call *call, const struct sqa_array *array,
                             enum sqa_dtype dtype, bool big, const void *header,
                             size_t header_size);

#endif
