#include "core/node.h"

#include "core/blob.h"

/* Selects the kernel of an operation that fits the inputs: array or integer. */
#define SHAPE(op3, in) ((in)[0].is_scalar ? (op3).sv : (in)[1].is_scalar ? (op3).vs : (op3).vv)

void sqa_compute_binary(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                        void *dst, size_t n, struct sqa_acc *acc) {
    SHAPE(node->op.binary, in)[index](dst, in[0].data, in[1].data, n, acc);
}

void sqa_compute_unary(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                       void *dst, size_t n, struct sqa_acc *acc) {
    node->op.unary[index](dst, in[0].data, n, acc);
}

void sqa_compute_clip(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                      void *dst, size_t n, struct sqa_acc *acc) {
    /* a bound beyond all values of this width must not force the computation into a wider type */
    const int64_t most = sqa_width_most(1u << index), least = -most - 1;
    const int64_t lo = node->op.range.lo, hi = node->op.range.hi;
    /* all elements are outside the range on one side, and the bound does not fit */
    if (lo > most || hi < least)
        acc->fault |= SQA_FAULT_OVERFLOW;
    else
        node->kernels->clip[index](dst, in[0].data, lo < least ? least : lo, hi > most ? most : hi,
                                   n, acc);
}

void sqa_compute_where(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                       void *dst, size_t n, struct sqa_acc *acc) {
    static const int64_t zero = 0;
    uint8_t mask[SQA_BLOCK];
    node->kernels->ne_vs[index](mask, in[0].data, &zero, n);
    node->kernels->blend[index](dst, mask, in[1].data, in[2].data, n, acc);
}

void sqa_compute_compare(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                         void *dst, size_t n, struct sqa_acc *acc) {
    (void)acc;
    SHAPE(node->op.compare, in)[index](dst, in[0].data, in[1].data, n);
}

void sqa_compute_between(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                         void *dst, size_t n, struct sqa_acc *acc) {
    (void)acc;
    node->kernels->between[index](dst, in[0].data, node->op.range.lo, node->op.range.hi, n);
}

void sqa_compute_within(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                        void *dst, size_t n, struct sqa_acc *acc) {
    uint8_t below[SQA_BLOCK];
    const struct sqa_kernels *kernels = node->kernels;
    kernels->le_vv[index](dst, in[1].data, in[0].data, n);
    kernels->le_vv[index](below, in[0].data, in[2].data, n);
    kernels->and_into[0](dst, below, n);
    (void)acc;
}

void sqa_compute_isin(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                      void *dst, size_t n, struct sqa_acc *acc) {
    (void)acc;
    if (node->op.set.width < 1u << index) {
        sqa_convert_in_place(node->kernels, node->op.set.room, node->op.set.count,
                             node->op.set.width, 1u << index, NULL);
        node->op.set.width = 1u << index;
    }
    node->kernels->isin[index](dst, in[0].data, n, node->op.set.sorted, node->op.set.count);
}

void sqa_compute_scan(struct sqa_node *node, unsigned index, const struct sqa_node_input *in,
                      void *dst, size_t n, struct sqa_acc *acc) {
    int64_t running = node->op.scan.running;
    node->op.scan.kernel[index](dst, in[0].data, n, &running, acc);
    /* otherwise this block will be computed again, wider or one element at a time */
    if (acc->fault == 0)
        node->op.scan.running = running;
}
