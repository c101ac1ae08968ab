/*
** Elementwise computations over whole arrays: operands, a node that computes (core/node.h), and the driver,
** which broadcasts integers and finds the width on demand.
**
** A run computes block by block in one width, at first the widest of its operands. A block with a
** result that does not fit ends the run with SQA_WIDEN: the caller widens what is finished and calls
** again, and the run goes on in twice the width. So the common case is one pass over memory, and the
** core allocates nothing.
*/
#ifndef SQA_ELEMENTWISE_H
#define SQA_ELEMENTWISE_H

#include "core/node.h"
#include "core/reader.h"

/* An argument that is an array, or an integer standing for as many copies as are needed. */
struct sqa_operand {
    bool is_scalar;
    int64_t scalar;
    struct sqa_array array; /* where it is one */
};

/* Bytes an element of the operand */
static inline unsigned sqa_operand_width(const struct sqa_operand *operand) {
    return operand->is_scalar ? sqa_sig_width(sqa_sig(operand->scalar)) : operand->array.width;
}

/* A reader of the operand's elements; of an integer it has so many copies in a block. */
static inline void sqa_operand_read(const struct sqa_operand *operand, struct sqa_reader *reader,
                                    const struct sqa_kernels *kernels, unsigned width,
                                    size_t copies) {
    if (operand->is_scalar)
        sqa_reader_init_constant(reader, kernels, operand->scalar, width, copies);
    else
        sqa_reader_init(reader, kernels, &operand->array, width, NULL);
}

/* One computation. The caller fills the first part, see sqa_elementwise_init(); start() the second. */
struct sqa_elementwise {
    struct sqa_node node;
    unsigned least_width; /* to compute in, beside what the operands need; may be 0 */
    int operand_count;
    struct sqa_operand operands[SQA_INPUTS]; /* the node's inputs, borrowed until the last run */

    struct sqa_reader *readers; /* of the operands */
    size_t count;               /* elements of the result */
    size_t done;                /* of these finished */
    unsigned width;             /* that is computed in */
    uint64_t sig;               /* significance of the finished results */
};

/*
** Describes a computation whose operands are arrays. These, or integers in their places, and what else compute needs are
** still to be filled in. Other fields stay undefined: an initialiser would clear all, which takes measurable time where
** arrays are short.
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
/* The same of one whose results are a mask */
static inline void sqa_elementwise_init_mask(struct sqa_elementwise *e, sqa_compute_fn *compute,
                                             int operand_count) {
    sqa_elementwise_init(e, compute, operand_count);
    e->node.is_mask = true;
}

/*
** Finds the count (SQA_LENGTHS if two arrays differ) and the width to begin with. At least one
** operand is an array. readers is memory of the caller's, uninitialised, borrowed until the last run.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e,
                                                     const struct sqa_kernels *kernels,
                                                     struct sqa_reader readers[SQA_INPUTS],
                                                     struct sqa_error *error);

/* Bytes of a result element while it is computed */
static inline unsigned sqa_elementwise_width(const struct sqa_elementwise *e) {
    return e->node.is_mask ? 1 : e->width;
}

/*
** Computes on from e->done, one run of elements (see kernel/poll.h), into dst, which has room for e->count elements of
** sqa_elementwise_width() and is aligned for them. SQA_OK: done has moved on; call until it is
** count. SQA_WIDEN: e->width has doubled; widen the e->done finished elements and call again.
** SQA_OVERFLOW, SQA_DIVISION, SQA_EXPONENT: error->a is the element.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst,
                                                   struct sqa_error *error);

#endif
