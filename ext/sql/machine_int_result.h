/* Machine integers as arguments and results: array_from_blob, array_from_npy and the reverse. */
#ifndef SQA_MACHINE_INT_RESULT_H
#define SQA_MACHINE_INT_RESULT_H

#include "core/machine_ints.h"
#include "sql/call.h"

/* The result is an array of these machine integers. Fails with SQA_INTS_SIZE or SQA_UNSIGNED. */
void sqa_result_from_machine_ints(struct sqa_call *call, const struct sqa_machine_ints *ints);

/*
** Fails if dtype cannot hold every element. The message has the number of the first such element,
** counted from 1 after `before` other elements, its value and the type.
*/
void sqa_check_machine_ints(struct sqa_call *call, const struct sqa_array *array,
                            enum sqa_dtype dtype, uint64_t before);

/*
** The result is a BLOB: the header_size bytes at header, then the elements as integers of type
** dtype, most significant byte first if `big`. dtype must be able to hold all elements.
*/
void sqa_result_machine_ints(struct sqa_call *call, const struct sqa_array *array,
                             enum sqa_dtype dtype, bool big, const void *header,
                             size_t header_size);

#endif
