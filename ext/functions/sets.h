/* Sets: arrays sorted ascending without duplicates. */
#ifndef SQA_SETS_H
#define SQA_SETS_H

#include "core/blob.h"
#include "sql/call.h"

/* Returns true if the elements are in strictly ascending order. */
bool sqa_is_set(struct sqa_call *call, const struct sqa_array *array);

/* Room on the stack for a set of few elements */
struct sqa_set_room {
    _Alignas(64) unsigned char bytes[SQA_FEW * 8];
};

/*
** Returns the array in argument i as a set. An array that already is one is used in place.
** Otherwise the set is stored in room or in memory of the call; or, if the argument is a constant
** with more than a few elements, SQLite keeps it for the next row.
*/
struct sqa_array sqa_arg_set(struct sqa_call *call, int i, struct sqa_set_room *room);

#endif
