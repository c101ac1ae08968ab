/*
** The nodes of an elementwise computation. A node computes a block of results from blocks of its
** inputs. Where the inputs come from and what happens to the results is the task of
** core/elementwise.h.
*/
#ifndef SQA_NODE_H
#define SQA_NODE_H

#include <stdbool.h>

#include "kernel/kernels.h"

enum { SQA_INPUTS = 3 }; /* the largest number of inputs of a node */

/*
** A block of an input: n elements in the width of the computation, or one element if the input is
** an integer.
*/
struct sqa_node_input {
    const void *data;
    bool is_scalar;
};

struct sqa_node;

/*
** Computes n <= SQA_BLOCK results into dst, in the width with this index, or as bytes for a mask.
** Adds the significance of the results, and which errors occurred, to acc.
*/
typedef void sqa_compute_fn(struct sqa_node *node, unsigned index,
                            const struct sqa_node_input *inputs, void *dst, size_t n,
                            struct sqa_acc *acc);

/*
** The kernels of an operation with two operands: for two arrays, for an array and an integer, and
** for an integer and an array.
*/
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
    const struct sqa_kernels *kernels; /* set by sqa_elementwise_start() */
    /* If true, the results are bytes of 0 and 1, whatever the width. */
    bool is_mask;
    /* If true, inputs that are integers are passed as n copies. */
    bool in_full;
    /* Parameters of compute, depending on the node */
    union {
        struct sqa_binary_op binary;
        struct sqa_compare_op compare;
        sqa_unary_fn *const *unary;
        struct {
            int64_t lo, hi;
        } range;
        struct {
            const void *sorted; /* the elements, of `width` bytes each */
            size_t count;
            unsigned width; /* at most the width of the computation */
            void *room;     /* the memory of `sorted` if it has 8 bytes for each element, or NULL */
        } set;
        struct {
            sqa_scan_fn *const *kernel;
            int64_t running; /* the result so far; before the first element, the neutral element */
        } scan;
    } op;
};

sqa_compute_fn sqa_compute_binary; /* op.binary of inputs 0 and 1 */
sqa_compute_fn sqa_compute_unary;  /* op.unary of input 0 */
sqa_compute_fn sqa_compute_clip;   /* input 0 limited to op.range, with lo <= hi */
/* input 1 where the array in input 0 is not 0, else input 2; needs in_full */
sqa_compute_fn sqa_compute_where;
sqa_compute_fn sqa_compute_compare; /* a mask: op.compare of inputs 0 and 1 */
sqa_compute_fn sqa_compute_between; /* a mask: 1 where input 0 is in op.range */
sqa_compute_fn sqa_compute_within;  /* a mask: input 1 <= input 0 <= input 2; needs in_full */
sqa_compute_fn sqa_compute_isin;    /* a mask: 1 where input 0 is in op.set, see sqa_isin_fn */
sqa_compute_fn sqa_compute_scan;    /* running results of op.scan over input 0 */

#endif
