/* Which of some values an array has: found by one walk over the array, which need not be sorted for that. */
#ifndef SQA_MARKS_H
#define SQA_MARKS_H

#include "core/blob.h"
#include "sql/call.h"

/*
** marks[j] becomes 1 where element j of values is in the array, else 0. values is a set; of elements that fit the array's
** width, and plain 8-byte ones if there are more than SQA_BLOCK. one: the walk may end when one of them is found.
*/
void sqa_mark_values(struct sqa_call *call, const struct sqa_array *array,
                     const struct sqa_array *values, uint8_t *marks, bool one);

#endif
