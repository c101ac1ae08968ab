/*
** Elementwise computations on whole arrays. A computation has operands, a node that computes
** (core/node.h), and the code here, which broadcasts integers and determines the width of the
** result.
**
** The results are computed block by block in one width, at first the widest of the operands. If a
** result does not fit, the run ends with SQA_WIDEN. The caller widens the finished results and
** calls again, and the computation continues in twice the width. So usually one pass over memory
** suffices, and no memory is allocated here.
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

/*
** A computation. The caller sets the members up to `operands`, see sqa_elementwise_init();
** sqa_elementwise_start() sets the others.
*/
struct sqa_elementwise {
    struct sqa_node node;
    /* lower limit of the width, in addition to the operands' widths; may be 0 */
    unsigned least_width;
    int operand_count;
    struct sqa_operand operands[SQA_INPUTS]; /* borrowed until the last run */

    struct sqa_reader *readers; /* one reader for each operand */
    size_t count;               /* number of elements of the result */
    size_t done;                /* number of results that are finished */
    unsigned width;             /* width of the computation */
    uint64_t sig;               /* significance of the finished results */
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
** Begins a computation: determines the number of elements and the first width. At least one
** operand must be an array. `readers` is uninitialized memory of the caller, borrowed until the
** last run. Returns SQA_LENGTHS if two arrays have different lengths.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e,
                                                     const struct sqa_kernels *kernels,
                                                     struct sqa_reader readers[SQA_INPUTS],
                                                     struct sqa_error *error);

/* Returns the bytes of a result during the computation. */
static inline unsigned sqa_elementwise_width(const struct sqa_elementwise *e) {
    return e->node.is_mask ? 1 : e->width;
}

/*
** Computes one run of results (see kernel/poll.h) from index e->done on into dst, which has room
** for e->count elements of sqa_elementwise_width() bytes and is aligned for them.
** SQA_OK: e->done has increased; call again until it is e->count.
** SQA_WIDEN: e->width has doubled; widen the e->done finished elements and call again.
** SQA_OVERFLOW, SQA_DIVISION, SQA_EXPONENT: error->a is the number of the element.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst,
                                                   struct sqa_error *error);

#endif
