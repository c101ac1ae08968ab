/* Sets: arrays sorted ascending without duplicates. */
#ifndef SQA_SETS_H
#define SQA_SETS_H

#include "core/blob.h"
#include "sql/call.h"

/* Returns true if the elements are in strictly ascending order. */
bool sqa_is_set(struct sqa_call *call, const struct sqa_array *array);

/* Room for a set of few elements, on the stack */
struct sqa_set_room {
    _Alignas(64) unsigned char bytes[SQA_FEW * 8];
};

/*
** The array in argument i as a set: borrowed where it is one; else it stands in room or in memory of the call, or, where
** it is a constant of more than a few elements, is kept by SQLite for the next row.
*/
struct sqa_array sqa_arg_set(struct sqa_call *call, int i, struct sqa_set_room *room);

#endif
