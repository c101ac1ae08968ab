/* Sets, which are arrays sorted ascending without duplicates, as arguments of functions. */
#ifndef SQA_SET_OPERAND_H
#define SQA_SET_OPERAND_H

#include "core/blob.h"
#include "sql/call.h"

/* Returns true if the elements are in strictly ascending order. */
bool sqa_is_set(struct sqa_call *call, const struct sqa_array *array);

/*
** Tells whether argument i is a set. For a long constant array this is remembered until the
** statement ends, because testing it may cost more than the function itself. The auxiliary data
** is a constant that means nothing else than "is a set". (A text argument uses the auxiliary data
** for the parsed array.)
*/
bool sqa_arg_is_set(struct sqa_call *call, int i, const struct sqa_array *array);

/* Room on the stack for a set of few elements */
struct sqa_set_room {
    _Alignas(64) unsigned char bytes[SQA_FEW * 8];
};

/*
** An operand of a set function. `scratch` is the memory that holds the set, or NULL if the set is
** used in place.
*/
struct sqa_set_operand {
    struct sqa_array array;
    void *scratch;
};

/*
** Replaces set->array, which is argument i, by a set, unless it already is one. The set is stored
** in room, if that is not NULL and large enough, otherwise in scratch memory.
*/
void sqa_make_set(struct sqa_call *call, int i, struct sqa_set_room *room,
                  struct sqa_set_operand *set);

/*
** Returns the array in argument i as a set. An array that already is one is used in place.
** Otherwise the set is stored in room or in memory of the call; or, if the argument is a constant
** with more than a few elements, SQLite keeps it for the next row.
*/
struct sqa_array sqa_arg_set(struct sqa_call *call, int i, struct sqa_set_room *room);

#endif
