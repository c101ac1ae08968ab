/* Sets: arrays sorted ascending without duplicates. */
#ifndef SQA_SETS_H
#define SQA_SETS_H

#include "core/elementwise.h"
#include "sql/call.h"

/* *is_set: the elements of view are in strictly ascending order. Fails with SQA_INTERRUPT only. */
SQA_MUST_CHECK enum sqa_status sqa_is_set(struct sqa_call *call, const struct sqa_view *view,
                                          bool *is_set);

#endif
