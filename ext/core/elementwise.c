#include "core/elementwise.h"

static void open_operands(struct sqa_elementwise *e) {
    const size_t full = e->count < SQA_BLOCK ? e->count : SQA_BLOCK;
    for (int i = 0; i < e->operand_count; i++)
        sqa_operand_read(&e->operands[i], &e->readers[i], e->node.kernels, e->width,
                         e->node.in_full ? full : 1);
}

enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e, const struct sqa_kernels *kernels,
                                      struct sqa_reader readers[SQA_INPUTS],
                                      struct sqa_error *error) {
    bool found = false;
    e->node.kernels = kernels;
    e->readers = readers;
    e->done = e->count = 0;
    e->sig = 0;
    e->width = e->least_width > 1 ? e->least_width : 1;
    for (int i = 0; i < e->operand_count; i++) {
        const struct sqa_operand *operand = &e->operands[i];
        const unsigned width = sqa_operand_width(operand);
        if (width > e->width)
            e->width = width;
        if (operand->is_scalar)
            continue;
        if (found && operand->array.count != e->count) {
            *error = (struct sqa_error){(int64_t)e->count, (int64_t)operand->array.count};
            return SQA_LENGTHS;
        }
        found = true;
        e->count = operand->array.count;
    }
    open_operands(e);
    return SQA_OK;
}

/* Computes n results from index `at` on into dst. */
static void compute(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                    struct sqa_acc *acc) {
    struct sqa_node_input inputs[SQA_INPUTS];
    for (int i = 0; i < e->operand_count; i++)
        inputs[i] = (struct sqa_node_input){sqa_reader_block(&e->readers[i], at, n),
                                            e->operands[i].is_scalar};
    e->node.compute(&e->node, sqa_width_index(e->width), inputs, dst, n, acc);
}

/* Computes the block again, one element at a time, to find the first element that fails. */
static enum sqa_status blame(struct sqa_elementwise *e, void *dst, size_t n,
                             struct sqa_error *error) {
    struct sqa_acc acc = {0, 0};
    size_t i = 0;
    while (i < n && acc.fault == 0)
        compute(e, dst, e->done + i++, 1, &acc);
    error->a = (int64_t)(e->done + i);
    return acc.fault & SQA_FAULT_DIVISION   ? SQA_DIVISION
           : acc.fault & SQA_FAULT_EXPONENT ? SQA_EXPONENT
                                            : SQA_OVERFLOW;
}

enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst, struct sqa_error *error) {
    const size_t end = e->count - e->done < SQA_RUN ? e->count : e->done + SQA_RUN;
    while (e->done < end) {
        const size_t n = end - e->done < SQA_BLOCK ? end - e->done : SQA_BLOCK;
        void *to = (unsigned char *)dst + e->done * sqa_elementwise_width(e);
        struct sqa_acc acc = {e->sig, 0};
        compute(e, to, e->done, n, &acc);
        if ((acc.fault & SQA_FAULT_OVERFLOW) != 0 && e->width < 8) {
            e->width *= 2;
            open_operands(e);
            return SQA_WIDEN;
        }
        if (acc.fault != 0)
            return blame(e, to, n, error);
        e->sig |= acc.sig;
        e->done += n;
    }
    return SQA_OK;
}
