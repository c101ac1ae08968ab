/*
** Elementwise operations over whole arrays: broadcasting, and width on demand.
**
** A run computes block by block in one width, at first the widest of its operands. A block with a
** result that does not fit ends the run with SQA_WIDEN: the caller widens what is finished and calls
** again, and the run goes on in twice the width. So the common case is one pass over memory, and the
** core allocates nothing.
*/
#ifndef SQA_ELEMENTWISE_H
#define SQA_ELEMENTWISE_H

#include "core/blob.h"

/* An argument that is an array, or an integer standing for as many copies as are needed. */
struct sqa_operand {
    bool is_scalar;
    int64_t scalar;
    struct sqa_view view; /* where it is an array */
};

/* An operand being read: an array's blocks, or one aligned element where the operand is an integer. */
struct sqa_source {
    const struct sqa_operand *operand;
    _Alignas(8) unsigned char scalar[8];
    struct sqa_reader reader;
};

/* What is computed, as kernels: of vector and vector, vector and scalar, scalar and vector. */
struct sqa_binary_op {
    sqa_binary_fn *const *vv, *const *vs, *const *sv;
};
struct sqa_compare_op {
    sqa_compare_fn *const *vv, *const *vs, *const *sv;
};
#define SQA_OP3(kernels, name)                                                                     \
    { (kernels)->name##_vv, (kernels)->name##_vs, (kernels)->name##_sv }

struct sqa_elementwise;

/* Fills dst with the results at index at .. at+n, n <= SQA_BLOCK, in e->width (a mask: bytes). */
typedef void sqa_step_fn(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                         struct sqa_acc *acc);

/* One computation. The caller fills the first part, zero where not needed; start() the second. */
struct sqa_elementwise {
    sqa_step_fn *step;
    bool mask;            /* the results are 0 and 1 in bytes, whatever the width */
    unsigned least_width; /* to compute in, beside what the operands need; may be 0 */
    int operand_count;
    struct sqa_operand operands[3]; /* borrowed until the last run */
    union {                         /* what the step needs beside its operands */
        struct sqa_binary_op binary;
        struct sqa_compare_op compare;
        sqa_unary_fn *const *unary;
        struct {
            int64_t lo, hi;
        } range;
        struct {
            const void *sorted; /* elements of the width that start() will find */
            size_t count;
        } set;
        struct {
            sqa_scan_fn *const *kernel;
            int64_t running; /* result so far; before the first element one that changes nothing */
        } scan;
    } op;

    const struct sqa_kernels *kernels;
    struct sqa_source *sources;
    size_t count;   /* elements of the result */
    size_t done;    /* of these finished */
    unsigned width; /* that is computed in */
    uint64_t sig;   /* significance of the finished results */
};

/* The steps */
sqa_step_fn sqa_step_binary;  /* op.binary on operands 0 and 1 */
sqa_step_fn sqa_step_unary;   /* op.unary on operand 0 */
sqa_step_fn sqa_step_clip;    /* operand 0 into op.range: lo <= hi, both fit the width */
sqa_step_fn sqa_step_where;   /* operand 0 (an array) chooses between operands 1 and 2 */
sqa_step_fn sqa_step_compare; /* mask: op.compare on operands 0 and 1 */
sqa_step_fn sqa_step_between; /* mask: operand 0 inside op.range */
sqa_step_fn sqa_step_isin;    /* mask: operand 0 among op.set, see sqa_isin_fn */
sqa_step_fn sqa_step_scan;    /* running results, op.scan, of operand 0 */

/*
** Finds the count (SQA_LENGTHS if two arrays differ) and the width to begin with. At least one
** operand is an array. sources is memory of the caller's, uninitialised, borrowed until the last run.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e,
                                                     const struct sqa_kernels *kernels,
                                                     struct sqa_source sources[3],
                                                     struct sqa_error *error);

/*
** Computes on from e->done, one run of elements (see kernel/poll.h), into dst, which has room for e->count elements of
** e->width (of a mask: bytes) and is aligned for them. SQA_OK: done has moved on; call until it is
** count. SQA_WIDEN: e->width has doubled; widen the e->done finished elements and call again.
** SQA_OVERFLOW, SQA_DIVISION, SQA_EXPONENT: error->a is the element.
*/
SQA_MUST_CHECK enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst,
                                                   struct sqa_error *error);

#endif
