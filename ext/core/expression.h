/*
** Expressions on arrays: '(a - b) * 100 / b' becomes the steps that compute it.
**
** Letters name the arguments, which are arrays or integers, in their order. The operators and
** their precedence are those of SQLite. From the strongest to the weakest:
**
**     ~ + -                            of one operand
**     * / %
**     + -
**     & | << >>
**     < <= > >=
**     = == <> != BETWEEN IN            also NOT BETWEEN, NOT IN
**     NOT
**     AND
**     OR
**
**     expression = value | outermost "(" value ")" | "filter" "(" value "," value ")"
**     operand    = integer | letter | ( value ) | function ( value { , value } )
**     IN           is followed by a letter, or by ( value { , value } )
**
** Integers are decimal, or hexadecimal as 0x7f; words are in any case. Blanks may stand between.
**
** Each operation means the function array_<name>. Equal subexpressions are one step. Each step
** needs a block of memory for its results until the last step that reads them, except for the step
** whose results are the array that the whole expression gives. There are SQA_EXPRESSION_BLOCKS
** blocks at most, of which SQA_INPUTS are for conversions.
*/
#ifndef SQA_EXPRESSION_H
#define SQA_EXPRESSION_H

#include "core/node.h"
#include "core/status.h"

enum {
    SQA_EXPRESSION_TEXT = 1000000, /* bytes, at most */
    SQA_EXPRESSION_STEPS = 256,    /* the largest number of steps */
    SQA_EXPRESSION_ITEMS = 1024,   /* the largest number of items in all lists after IN together */
    SQA_EXPRESSION_LETTERS = 26,
    SQA_EXPRESSION_BLOCKS = 16,
    /* the largest depth of brackets, functions and operators before their operand */
    SQA_EXPRESSION_NESTING = 200
};

/*
** Operations with two operands, which have kernels in three forms; and their signs, "" for
** functions
*/
#define SQA_EXPRESSION_BINARY(X)                                                                   \
    X(add)                                                                                         \
    X(sub)                                                                                         \
    X(mul)                                                                                         \
    X(div)                                                                                         \
    X(mod)                                                                                         \
    X(floor_div)                                                                                   \
    X(floor_mod) X(pow) X(least) X(greatest) X(bit_and) X(bit_or) X(bit_xor) X(shl) X(shr)
/* Comparisons; the other ones are these with their inputs exchanged */
#define SQA_EXPRESSION_COMPARE(X) X(eq) X(ne) X(lt) X(le)
/*
** argument: the letter with the number `value`. integer: `value`. The operands of `and` and `or`
** are masks; other operands are first compared with 0. isin has a list of items, or an array as its
** second input.
*/
#define SQA_EXPRESSION_OTHER(X)                                                                    \
    X(argument)                                                                                    \
    X(integer) X(abs) X(popcount) X(sign) X(clip) X(where) X(between) X(isin) X(and) X(or)

enum sqa_operation {
#define X(name) SQA_OPERATION_##name,
    SQA_EXPRESSION_BINARY(X) SQA_EXPRESSION_COMPARE(X) SQA_EXPRESSION_OTHER(X) SQA_OPERATIONS
#undef X
};

/*
** What is done with the values: nothing, one number is computed, or the elements are selected for
** which a mask is not 0
*/
#define SQA_EXPRESSION_OUTERMOST(X)                                                                \
    X(none) X(sum) X(min) X(max) X(avg) X(count) X(any) X(all) X(argmin) X(argmax) X(filter)
enum sqa_outermost {
#define X(name) SQA_OUTERMOST_##name,
    SQA_EXPRESSION_OUTERMOST(X)
#undef X
};

struct sqa_expression_step {
    uint8_t operation; /* a value of enum sqa_operation */
    uint8_t inputs;
    bool is_swapped; /* true if inputs 0 and 1 were written in the other order */
    uint8_t block;   /* block for its results; SQA_EXPRESSION_BLOCKS if it needs none */
    uint16_t input[SQA_INPUTS];
    /* index of the first item of the list after IN, and number of items, which are steps, too */
    uint16_t first, items;
    uint32_t at; /* number of the byte, from 1, where it is in the text */
    int64_t value;
};

struct sqa_expression {
    struct sqa_expression_step steps[SQA_EXPRESSION_STEPS];
    uint16_t items[SQA_EXPRESSION_ITEMS];
    unsigned count, item_count; /* of these */
    unsigned letters;           /* number of letters that name arguments */
    unsigned blocks;            /* number of blocks for the results of steps */
    enum sqa_outermost outermost;
    /* the steps with the values of the outermost function and, for a filter, with the mask */
    unsigned result, mask;
};

/*
** Compiles the `size` bytes at `text`, for this number of arguments. On failure error->a is the
** number of the byte, from 1, and the status, one of SQA_EXPRESSION_... or SQA_TEXT_..., says what
** was expected there. Needs less than 1 KiB of stack for each of at most SQA_EXPRESSION_NESTING
** levels of nesting.
*/
SQA_MUST_CHECK enum sqa_status sqa_expression_compile(struct sqa_expression *expression,
                                                      const char *text, size_t size,
                                                      unsigned arguments, struct sqa_error *error);

/* Return the name of an operation, as in array_<name>, and that of an outermost function. */
const char *sqa_operation_name(enum sqa_operation operation);
const char *sqa_outermost_name(enum sqa_outermost outermost);

/* Returns true if the results are 0 and 1 in bytes. */
static inline bool sqa_operation_is_mask(enum sqa_operation operation) {
    return (operation >= SQA_OPERATION_eq && operation <= SQA_OPERATION_le) ||
           operation == SQA_OPERATION_between || operation == SQA_OPERATION_isin ||
           operation == SQA_OPERATION_and || operation == SQA_OPERATION_or;
}

#endif
