/*
** The nodes of an elementwise computation. A node computes a block of results from blocks of its inputs; it
** knows neither where the inputs come from nor what becomes of the results. See core/elementwise.h for the
** driver, which does.
*/
#ifndef SQA_NODE_H
#define SQA_NODE_H

#include <stdbool.h>

#include "kernel/kernels.h"

enum { SQA_INPUTS = 3 }; /* the most a node has */

/* A block of an input: n elements in the width that is computed in, or one where it is an integer. */
struct sqa_node_input {
    const void *data;
    bool is_scalar;
};

struct sqa_node;

/*
** Fills dst with n <= SQA_BLOCK results of the width with this index, of a mask: bytes. What they need and
** what went wrong is added to acc.
*/
typedef void sqa_compute_fn(struct sqa_node *node, unsigned index,
                            const struct sqa_node_input *inputs, void *dst, size_t n,
                            struct sqa_acc *acc);

/* A kernel of two operands in its three shapes: arrays, an array and an integer, an integer and an array. */
struct sqa_binary_op {
    sqa_binary_fn *const *vv, *const *vs, *const *sv;
};
struct sqa_compare_op {
    sqa_compare_fn *const *vv, *const *vs, *const *sv;
};
#define SQA_OP3(kernels, name)                                                                     \
    { (kernels)->name##_vv, (kernels)->name##_vs, (kernels)->name##_sv }

struct sqa_node {
    sqa_compute_fn *compute;
    const struct sqa_kernels *kernels; /* set by the driver */
    /* The results are 0 and 1 in bytes, whatever the width. */
    bool is_mask;
    /* Integers among the inputs are wanted as n copies. */
    bool in_full;
    /* What compute needs beside the inputs */
    union {
        struct sqa_binary_op binary;
        struct sqa_compare_op compare;
        sqa_unary_fn *const *unary;
        struct {
            int64_t lo, hi;
        } range;
        struct {
            const void *sorted; /* elements of the width that is computed in */
            size_t count;
        } set;
        struct {
            sqa_scan_fn *const *kernel;
            int64_t running; /* result so far; before the first element one that changes nothing */
        } scan;
    } op;
};

sqa_compute_fn sqa_compute_binary;  /* op.binary of inputs 0 and 1 */
sqa_compute_fn sqa_compute_unary;   /* op.unary of input 0 */
sqa_compute_fn sqa_compute_clip;    /* input 0 limited to op.range: lo <= hi, both fit the width */
sqa_compute_fn sqa_compute_where;   /* input 1 where input 0 (an array) is not 0, else 2; in full */
sqa_compute_fn sqa_compute_compare; /* mask: op.compare of inputs 0 and 1 */
sqa_compute_fn sqa_compute_between; /* mask: is input 0 inside op.range? */
sqa_compute_fn sqa_compute_isin;    /* mask: is input 0 among op.set? See sqa_isin_fn. */
sqa_compute_fn sqa_compute_scan;    /* running results, op.scan, of input 0 */

#endif
