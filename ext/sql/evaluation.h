/* Evaluates an expression (core/expression.h) for SQL, in memory of the call. */
#ifndef SQA_EVALUATION_H
#define SQA_EVALUATION_H

#include "core/expression_bind.h"
#include "sql/call.h"

struct sqa_evaluation {
    const struct sqa_expression *expression; /* borrowed */
    struct sqa_operand arguments[SQA_EXPRESSION_LETTERS];
    void *memory;
    size_t size; /* bytes of memory */
    struct sqa_elementwise e;
    struct sqa_source results[2]; /* the values; for a filter also the mask */
};

/* Compiles a text, for so many arguments; a failure names argument 1. */
void sqa_evaluation_compile(struct sqa_call *call, struct sqa_expression *expression,
                            const char *text, size_t size, int arguments);

/*
** Binds the expression to the arguments. Both must have been set. Then the computation can be run,
** see core/elementwise.h.
*/
void sqa_evaluation_bind(struct sqa_call *call, struct sqa_evaluation *evaluation);

/*
** Computes the inner stages for the block at e.done. Returns the number of its elements, which the
** caller adds to e.done; 0 at the end and after a failure.
*/
size_t sqa_evaluation_block(struct sqa_call *call, struct sqa_evaluation *evaluation);

#endif
