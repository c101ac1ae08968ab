/* Sets: arrays sorted ascending without duplicates. */
#ifndef SQA_SETS_H
#define SQA_SETS_H

#include "core/blob.h"
#include "sql/call.h"

/* Returns true if the elements are in strictly ascending order. */
bool sqa_is_set(struct sqa_call *call, const struct sqa_array *array);

#endif
