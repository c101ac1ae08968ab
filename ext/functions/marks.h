/*
** Tells which of several values an array contains, by reading the array once. The array need not
** be sorted.
*/
#ifndef SQA_MARKS_H
#define SQA_MARKS_H

#include "core/blob.h"
#include "sql/call.h"

/*
** Sets marks[j] to 1 if the array contains element j of values, else to 0. values is a set whose
** elements fit the array's width; if it has more than SQA_BLOCK elements, they must be plain and
** of 8 bytes. `one` means that reading may end as soon as one value is found.
*/
void sqa_mark_values(struct sqa_call *call, const struct sqa_array *array,
                     const struct sqa_array *values, uint8_t *marks, bool one);

#endif
