#include "core/elementwise.h"

#include <string.h>

static unsigned operand_width(const struct sqa_operand *operand) {
    return operand->is_scalar ? sqa_sig_width(sqa_sig(operand->scalar)) : operand->view.width;
}

/* Bytes of a result element */
static unsigned result_width(const struct sqa_elementwise *e) {
    return e->mask ? 1 : e->width;
}

static void open_sources(struct sqa_elementwise *e) {
    for (int i = 0; i < e->operand_count; i++) {
        struct sqa_source *source = &e->sources[i];
        source->operand = &e->operands[i];
        if (source->operand->is_scalar)
            memcpy(source->scalar, &source->operand->scalar, 8); /* little-endian: all widths */
        else
            sqa_reader_init(&source->reader, e->kernels, &source->operand->view, e->width);
    }
}

enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e, const struct sqa_kernels *kernels,
                                      struct sqa_source sources[3], struct sqa_error *error) {
    bool found = false;
    e->kernels = kernels;
    e->sources = sources;
    e->done = e->count = 0;
    e->sig = 0;
    e->width = e->least_width > 1 ? e->least_width : 1;
    for (int i = 0; i < e->operand_count; i++) {
        const struct sqa_operand *operand = &e->operands[i];
        const unsigned width = operand_width(operand);
        if (width > e->width)
            e->width = width;
        if (operand->is_scalar)
            continue;
        if (found && operand->view.count != e->count) {
            error->a = (int64_t)e->count;
            error->b = (int64_t)operand->view.count;
            return SQA_LENGTHS;
        }
        found = true;
        e->count = operand->view.count;
    }
    open_sources(e);
    return SQA_OK;
}

/* Runs the block again one by one: which element was it? */
static enum sqa_status blame(struct sqa_elementwise *e, void *dst, size_t n,
                             struct sqa_error *error) {
    struct sqa_acc acc = {0, 0};
    size_t i = 0;
    while (i < n && acc.fault == 0)
        e->step(e, dst, e->done + i++, 1, &acc);
    error->a = (int64_t)(e->done + i);
    return acc.fault & SQA_FAULT_DIVISION   ? SQA_DIVISION
           : acc.fault & SQA_FAULT_EXPONENT ? SQA_EXPONENT
                                            : SQA_OVERFLOW;
}

enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst, struct sqa_error *error) {
    const size_t end = e->count - e->done < SQA_RUN ? e->count : e->done + SQA_RUN;
    while (e->done < end) {
        const size_t n = end - e->done < SQA_BLOCK ? end - e->done : SQA_BLOCK;
        void *to = (unsigned char *)dst + e->done * result_width(e);
        struct sqa_acc acc = {e->sig, 0};
        e->step(e, to, e->done, n, &acc);
        if ((acc.fault & SQA_FAULT_OVERFLOW) != 0 && e->width < 8) {
            e->width *= 2;
            open_sources(e);
            return SQA_WIDEN;
        }
        if (acc.fault != 0)
            return blame(e, to, n, error);
        e->sig |= acc.sig;
        e->done += n;
    }
    return SQA_OK;
}

/* One element where the operand is an integer, else n. */
static const void *block(struct sqa_elementwise *e, int i, size_t at, size_t n) {
    struct sqa_source *source = &e->sources[i];
    return source->operand->is_scalar ? source->scalar : sqa_reader_block(&source->reader, at, n);
}

/* n elements, for the kernels that have no shape for a scalar. */
static const void *vector(struct sqa_elementwise *e, int i, size_t at, size_t n) {
    struct sqa_source *source = &e->sources[i];
    if (!source->operand->is_scalar)
        return sqa_reader_block(&source->reader, at, n);
    e->kernels->series[sqa_width_index(e->width)](source->reader.scratch, source->operand->scalar,
                                                  0, n);
    return source->reader.scratch;
}

/* Which of the three shapes of an operation fits the operands */
#define SHAPE(e, op3)                                                                              \
    ((e)->operands[0].is_scalar   ? (op3).sv                                                       \
     : (e)->operands[1].is_scalar ? (op3).vs                                                       \
                                  : (op3).vv)[sqa_width_index((e)->width)]

void sqa_step_binary(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                     struct sqa_acc *acc) {
    SHAPE(e, e->op.binary)(dst, block(e, 0, at, n), block(e, 1, at, n), n, acc);
}

void sqa_step_unary(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                    struct sqa_acc *acc) {
    e->op.unary[sqa_width_index(e->width)](dst, block(e, 0, at, n), n, acc);
}

void sqa_step_clip(struct sqa_elementwise *e, void *dst, size_t at, size_t n, struct sqa_acc *acc) {
    e->kernels->clip[sqa_width_index(e->width)](dst, block(e, 0, at, n), e->op.range.lo,
                                                e->op.range.hi, n, acc);
}

void sqa_step_where(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                    struct sqa_acc *acc) {
    static const int64_t zero = 0;
    const unsigned index = sqa_width_index(e->width);
    uint8_t mask[SQA_BLOCK];
    e->kernels->ne_vs[index](mask, block(e, 0, at, n), &zero, n);
    e->kernels->blend[index](dst, mask, vector(e, 1, at, n), vector(e, 2, at, n), n, acc);
}

void sqa_step_compare(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                      struct sqa_acc *acc) {
    (void)acc;
    SHAPE(e, e->op.compare)(dst, block(e, 0, at, n), block(e, 1, at, n), n);
}

void sqa_step_between(struct sqa_elementwise *e, void *dst, size_t at, size_t n,
                      struct sqa_acc *acc) {
    (void)acc;
    e->kernels->between[sqa_width_index(e->width)](dst, block(e, 0, at, n), e->op.range.lo,
                                                   e->op.range.hi, n);
}

void sqa_step_isin(struct sqa_elementwise *e, void *dst, size_t at, size_t n, struct sqa_acc *acc) {
    (void)acc;
    e->kernels->isin[sqa_width_index(e->width)](dst, block(e, 0, at, n), n, e->op.set.sorted,
                                                e->op.set.count);
}

void sqa_step_scan(struct sqa_elementwise *e, void *dst, size_t at, size_t n, struct sqa_acc *acc) {
    int64_t running = e->op.scan.running;
    e->op.scan.kernel[sqa_width_index(e->width)](dst, block(e, 0, at, n), n, &running, acc);
    if (acc->fault == 0) /* else this block comes again, wider or one by one */
        e->op.scan.running = running;
}
