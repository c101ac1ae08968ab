/*
** Combines an expression (core/expression.h) with the arguments of one call into a computation
** (core/elementwise.h).
**
** Steps that have only integers as inputs are computed immediately, in 64 bits. If something is
** wrong with a step itself, such as different lengths of its inputs, this is the error of the
** computation unless an earlier step has an error.
*/
#ifndef SQA_EXPRESSION_BIND_H
#define SQA_EXPRESSION_BIND_H

#include "core/elementwise.h"
#include "core/expression.h"

/* The arguments of a call. All is borrowed until the last run. */
struct sqa_expression_call {
    const struct sqa_expression *expression;
    const struct sqa_kernels *kernels;
    const struct sqa_operand *arguments; /* number of arguments: expression->letters */
    /*
    ** Returns the elements of an array in ascending order, as 8 bytes each, in memory that remains
    ** valid until the last run; NULL without memory.
    */
    void *(*sort)(void *context, const struct sqa_array *array);
    void *context;
};

/*
** Returns the bytes of memory that binding needs: at most SQA_EXPRESSION_BLOCKS blocks of 8 KiB,
** less than 1 KiB for each step, and 16.5 KiB for each packed array.
*/
size_t sqa_expression_room(const struct sqa_expression_call *call);

/* A step after binding, for array_explain */
struct sqa_bound_step {
    bool is_integer;
    struct sqa_source source; /* where its results are */
    struct sqa_operand integer;
};

/*
** Makes the computation, in memory of that size, which is aligned for 64 bytes and borrowed until
** the last run. `results` receives the sources of the values and, for a filter, of the mask. If the
** expression gives an array that is not simply an argument, the values are computed by the last
** node of *e. Otherwise *e has only inner stages, for sqa_elementwise_block().
**
** Returns the error of the computation if that is known, or SQA_NOMEM if `sort` returned NULL. If
** e->failed is not -1, the computation will fail: sqa_elementwise_block() finds the error.
*/
SQA_MUST_CHECK enum sqa_status sqa_expression_bind(const struct sqa_expression_call *call,
                                                   void *memory, struct sqa_elementwise *e,
                                                   struct sqa_source results[2],
                                                   struct sqa_error *error);

/* Returns the step with this index after binding in memory. */
const struct sqa_bound_step *sqa_expression_bound(const void *memory, unsigned step);

#endif
