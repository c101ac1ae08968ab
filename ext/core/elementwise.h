/*
** Elementwise computations on whole arrays. A computation has operands, one or more nodes that
** compute (core/node.h), and the code here, which broadcasts integers and determines widths. A
** function such as array_add() has one node. An expression (core/expression.h) has several nodes,
** whose inputs are operands or the results of earlier nodes.
**
** The results are computed block by block. Each node computes in a width of its own, at first the
** widest of its inputs. If a result does not fit, the node continues in twice the width. The
** results of the last node form an array. If these need to become wider, the run ends with
** SQA_WIDEN; the caller widens the finished results and calls again. So usually one pass over
** memory suffices, only one block of the results between two nodes exists at a time, and no memory
** is allocated here.
**
** The error of a computation is the error that would occur if each node computed all elements
** before the next node begins: the error of the first node that has one, at its first element.
** Therefore, if a node fails, all blocks of the earlier nodes are computed to look for an error
** there.
*/
#ifndef SQA_ELEMENTWISE_H
#define SQA_ELEMENTWISE_H

#include "core/node.h"
#include "core/reader.h"

/* An operand: an array, or an integer that is used for all elements. */
struct sqa_operand {
    bool is_scalar;
    int64_t scalar;
    struct sqa_array array; /* its value if is_scalar */
};

/* Returns the bytes of an element of the operand. */
static inline unsigned sqa_operand_width(const struct sqa_operand *operand) {
    return operand->is_scalar ? sqa_sig_width(sqa_sig(operand->scalar)) : operand->array.width;
}

/*
** Initializes a reader of the operand's elements. For an integer its blocks contain `copies`
** copies.
*/
static inline void sqa_operand_read(const struct sqa_operand *operand, struct sqa_reader *reader,
                                    const struct sqa_kernels *kernels, unsigned width,
                                    size_t copies) {
    if (operand->is_scalar)
        sqa_reader_init_constant(reader, kernels, operand->scalar, width, copies);
    else
        sqa_reader_init(reader, kernels, &operand->array, width, NULL);
}

struct sqa_stage;

/* The source of an input: an operand, or an earlier stage. Borrows all of it. */
struct sqa_source {
    const struct sqa_stage *stage; /* NULL: the source is the operand */
    const struct sqa_operand *operand;
    struct sqa_reader *reader; /* the reader of the operand if that is a packed array */
};

/* A node with its inputs. */
struct sqa_stage {
    struct sqa_node *node;
    int source_count;
    struct sqa_source sources[SQA_INPUTS];
    size_t count;         /* number of elements */
    unsigned width;       /* width of the computation */
    unsigned char *block; /* memory for a block of results, aligned for 8 bytes; not for the last */
};

enum { SQA_CONVERSION = SQA_BLOCK * 8 }; /* bytes that the conversion of a block may need */

/*
** A computation. The caller sets the members up to `operands`, see sqa_elementwise_init();
** sqa_elementwise_start() sets the others.
*/
struct sqa_elementwise {
    struct sqa_node node; /* the last node */
    /* lower limit of the width, in addition to the operands' widths; may be 0 */
    unsigned least_width;
    int operand_count;
    struct sqa_operand operands[SQA_INPUTS]; /* borrowed until the last run */

    struct sqa_stage last;   /* the stage of `node` */
    struct sqa_stage *inner; /* the earlier stages, in the order of computation */
    int inner_count;
    /* memory for converted inputs: conversion_size bytes for each of SQA_INPUTS, aligned for 8 */
    unsigned char *conversions;
    size_t conversion_size;
    size_t count; /* number of elements of the result */
    size_t done;  /* number of results that are finished */
    uint64_t sig; /* significance of the finished results */

    /*
    ** The number of the stage that has failed, or -1. failed_at is the first element of the block
    ** that has failed. If `failure` is not SQA_OK, it is the error of the stage instead.
    */
    int failed;
    size_t failed_at;
    enum sqa_status failure;
    struct sqa_error failure_error;
};

/* Memory for a computation with one node. It need not be initialized. */
struct sqa_elementwise_room {
    struct sqa_reader readers[SQA_INPUTS]; /* for packed operands */
    _Alignas(64) unsigned char conversions[SQA_INPUTS * SQA_CONVERSION];
};

/*
** Initializes a computation whose operands are arrays. The caller then stores the operands, which
** may also be integers, and the parameters of the node. Other members are not initialized,
** because clearing all of them takes noticeable time for short arrays.
*/
static inline void sqa_elementwise_init(struct sqa_elementwise *e, sqa_compute_fn *compute,
                                        int operand_count) {
    e->node.compute = compute;
    e->node.is_mask = e->node.in_full = false;
    e->least_width = 0;
    e->operand_count = operand_count;
    for (int i = 0; i < operand_count; i++)
        e->operands[i].is_scalar = false;
}
/* Initializes a computation whose result is a mask. */
static inline void sqa_elementwise_init_mask(struct sqa_elementwise *e, sqa_compute_fn *compute,
                                             int operand_count) {
    sqa_elementwise_init(e, compute, operand_count);
    e->node.is_mask = true;
}

/*
** Computes all results at once, if they are one block, the operands can be read in place and all
** results fit. dst has room for a block of elements of 8 bytes. Returns false otherwise; then
** sqa_elementwise_start() begins the computation, and dst is undefined. For arrays of 16 elements
** it takes a third of the instructions.
*/
bool sqa_elementwise_at_once(struct sqa_elementwise *e, const struct sqa_kernels *kernels,
                             void *dst);

/*
** Begins a computation with one node: determines the number of elements and the first width. At
** least one operand must be an array. The room is borrowed until the last run. Returns SQA_LENGTHS
** if two arrays have different lengths.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e,
                                                     const struct sqa_kernels *kernels,
                                                     struct sqa_elementwise_room *room,
                                                     struct sqa_error *error);

/* Returns the bytes of a result during the computation. */
static inline unsigned sqa_elementwise_width(const struct sqa_elementwise *e) {
    return e->node.is_mask ? 1 : e->last.width;
}

/*
** Computes one run of results (see kernel/poll.h) from index e->done on into dst, which has room
** for e->count elements of sqa_elementwise_width() bytes and is aligned for them.
** SQA_OK: e->done has increased; call again until it is e->count.
** SQA_WIDEN: the width has increased; widen the e->done finished elements and call again.
** SQA_OVERFLOW, SQA_DIVISION, SQA_EXPONENT: error->a is the number of the element.
** Any other status is the one that e->failure was set to.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst,
                                                   struct sqa_error *error);

/*
** Computes only the inner stages, for the block of *n <= SQA_BLOCK elements from index e->done on.
** The caller then adds *n to e->done. If *n is 0, an error is being looked for, one run of elements
** at a time; call again. Errors are those of sqa_elementwise_run().
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_block(struct sqa_elementwise *e, size_t *n,
                                                     struct sqa_error *error);

/* Returns the bytes of an element of a source, or the bytes that an integer needs. */
unsigned sqa_source_width(const struct sqa_source *source);
/*
** Returns n elements of a source, as `width` bytes each, which must be enough for them. The block
** begins at index `at`, and the first `skip` elements of it are left out. An integer is returned
** once, or n times if in_full is set. The elements are borrowed from the source, or from
** `conversion`, which has SQA_CONVERSION bytes and is aligned, until that is used again.
*/
const void *sqa_source_read(const struct sqa_source *source, const struct sqa_kernels *kernels,
                            size_t at, size_t skip, size_t n, unsigned width, bool in_full,
                            void *conversion);

#endif
