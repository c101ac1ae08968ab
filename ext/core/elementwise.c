#include "core/elementwise.h"

unsigned sqa_source_width(const struct sqa_source *source) {
    if (source->stage != NULL)
        return source->stage->node->is_mask ? 1 : source->stage->width;
    return sqa_operand_width(source->operand);
}

const void *sqa_source_read(const struct sqa_source *source, const struct sqa_kernels *kernels,
                            size_t at, size_t skip, size_t n, unsigned width, bool in_full,
                            void *conversion) {
    const struct sqa_operand *const operand = source->operand;
    struct sqa_view view = {NULL, skip + n, sqa_source_width(source)};
    if (source->stage != NULL) {
        view.data = source->stage->block;
    } else if (operand->is_scalar) {
        if (!in_full)
            return &operand->scalar; /* little-endian: the low bytes come first */
        kernels->series[sqa_width_index(width)](conversion, operand->scalar, 0, n);
        return conversion;
    } else if (operand->array.packed_count > 0) {
        view.data = sqa_reader_block(source->reader, at + skip, n);
        skip = 0;
    } else {
        view.data = operand->array.encoded + at * view.width;
    }
    const unsigned char *const elements = view.data + skip * view.width;
    if (view.width == width && sqa_is_aligned(elements, width))
        return elements;
    sqa_view_copy(kernels, &view, skip, n, conversion, width);
    return conversion;
}

enum sqa_status sqa_elementwise_start(struct sqa_elementwise *e, const struct sqa_kernels *kernels,
                                      struct sqa_elementwise_room *room, struct sqa_error *error) {
    struct sqa_stage *const last = &e->last;
    unsigned widest = e->least_width > 1 ? e->least_width : 1;
    size_t count = 0;
    bool found = false;
    e->node.kernels = kernels;
    e->conversions = room->conversions;
    e->conversion_size = SQA_CONVERSION;
    e->inner_count = 0;
    e->done = e->count = 0;
    e->sig = 0;
    e->failed = -1;
    last->node = &e->node;
    last->source_count = e->operand_count;
    last->width = 1; /* also if the lengths differ */
    for (int i = 0; i < e->operand_count; i++) {
        const struct sqa_operand *operand = &e->operands[i];
        const unsigned width = sqa_operand_width(operand);
        last->sources[i].stage = NULL;
        last->sources[i].operand = operand;
        if (width > widest)
            widest = width;
        if (operand->is_scalar)
            continue;
        if (operand->array.packed_count > 0) {
            last->sources[i].reader = &room->readers[i];
            sqa_reader_init(&room->readers[i], kernels, &operand->array, width, NULL);
        }
        if (found && operand->array.count != count) {
            *error = (struct sqa_error){(int64_t)count, (int64_t)operand->array.count};
            return SQA_LENGTHS;
        }
        found = true;
        count = operand->array.count;
    }
    last->width = widest;
    last->count = e->count = count;
    return SQA_OK;
}

bool sqa_elementwise_at_once(struct sqa_elementwise *e, const struct sqa_kernels *kernels,
                             void *dst) {
    struct sqa_node_input inputs[SQA_INPUTS];
    struct sqa_acc acc = {0, 0};
    unsigned width = e->least_width > 1 ? e->least_width : 1;
    size_t count = SIZE_MAX;
    for (int i = 0; i < e->operand_count; i++) {
        const unsigned needed = sqa_operand_width(&e->operands[i]);
        width = needed > width ? needed : width;
    }
    for (int i = 0; i < e->operand_count; i++) {
        const struct sqa_operand *const operand = &e->operands[i];
        const struct sqa_array *const array = &operand->array;
        inputs[i].is_scalar = operand->is_scalar;
        inputs[i].data = operand->is_scalar ? (const void *)&operand->scalar : array->encoded;
        if (operand->is_scalar && !e->node.in_full)
            continue;
        if (operand->is_scalar || array->packed_count > 0 || array->width != width ||
            !sqa_array_aligned(array) || array->count > SQA_BLOCK ||
            (count != SIZE_MAX && array->count != count))
            return false;
        count = array->count;
    }
    e->node.kernels = kernels;
    e->node.compute(&e->node, sqa_width_index(width), inputs, dst, count, &acc);
    e->last.width = width;
    e->count = count;
    e->sig = acc.sig;
    return acc.fault == 0;
}

/* The same as sqa_source_read(), inlined for operands that need no conversion. */
static inline const void *read_source(const struct sqa_source *source,
                                      const struct sqa_kernels *kernels, size_t at, size_t skip,
                                      size_t n, unsigned width, bool in_full, void *conversion) {
    const struct sqa_operand *const operand = source->operand;
    if (source->stage == NULL && operand->is_scalar && !in_full)
        return &operand->scalar;
    if (source->stage == NULL && !operand->is_scalar && operand->array.packed_count == 0 &&
        operand->array.width == width) {
        const unsigned char *const elements = operand->array.encoded + (at + skip) * width;
        if (sqa_is_aligned(elements, width))
            return elements;
    }
    return sqa_source_read(source, kernels, at, skip, n, width, in_full, conversion);
}

/* Computes n results of a stage into dst. A block begins at `at`; its first `skip` are left out. */
static inline void compute(const struct sqa_elementwise *e, const struct sqa_stage *stage,
                           void *dst, size_t at, size_t skip, size_t n, struct sqa_acc *acc) {
    struct sqa_node *const node = stage->node;
    struct sqa_node_input inputs[SQA_INPUTS];
    for (int i = 0; i < stage->source_count; i++) {
        const struct sqa_source *source = &stage->sources[i];
        inputs[i].data =
            read_source(source, node->kernels, at, skip, n, stage->width, node->in_full,
                        e->conversions + (size_t)i * e->conversion_size);
        inputs[i].is_scalar = source->stage == NULL && source->operand->is_scalar;
    }
    node->compute(node, sqa_width_index(stage->width), inputs, dst, n, acc);
}

/* Returns the width that a stage needs, after the widths of its inputs may have increased. */
static unsigned needed_width(const struct sqa_stage *stage) {
    unsigned needed = stage->width;
    for (int i = 0; i < stage->source_count; i++) {
        const unsigned width =
            stage->sources[i].stage == NULL ? 1 : sqa_source_width(&stage->sources[i]);
        needed = width > needed ? width : needed;
    }
    return needed;
}

static bool is_too_narrow(const struct sqa_stage *stage, const struct sqa_acc *acc) {
    return (acc->fault & SQA_FAULT_OVERFLOW) != 0 && stage->width < 8;
}

/* Returns the elements of a stage in the block at `at`. Lengths may differ in case of an error. */
static size_t block_length(size_t count, size_t at) {
    return at >= count ? 0 : count - at < SQA_BLOCK ? count - at : SQA_BLOCK;
}

/*
** Computes the first `limit` inner stages for the block at `at`. Returns the number of the first
** one that fails, or limit.
*/
static int compute_inner(struct sqa_elementwise *e, int limit, size_t at) {
    for (int k = 0; k < limit; k++) {
        struct sqa_stage *const stage = &e->inner[k];
        const size_t n = block_length(stage->count, at);
        struct sqa_acc acc;
        stage->width = needed_width(stage);
        do {
            /* the significance is not needed, and kernels are faster without it */
            acc.sig = UINT64_MAX;
            acc.fault = 0;
            if (n > 0)
                compute(e, stage, stage->block, at, 0, n, &acc);
        } while (is_too_narrow(stage, &acc) && (stage->width *= 2) > 0);
        if (acc.fault != 0)
            return k;
    }
    return limit;
}

static void fail_stage(struct sqa_elementwise *e, int stage) {
    e->failed = stage;
    e->failed_at = e->done;
    e->failure = SQA_OK;
}

/* Computes the failed block again, one element at a time, to find the first element that fails. */
static enum sqa_status blame(struct sqa_elementwise *e, void *dst, struct sqa_error *error) {
    const bool is_last = e->failed == e->inner_count;
    const struct sqa_stage *stage = is_last ? &e->last : &e->inner[e->failed];
    const size_t at = e->failed_at, n = block_length(stage->count, at);
    struct sqa_acc acc = {0, 0};
    size_t i = 0;
    (void)compute_inner(e, e->failed, at);
    while (i < n && acc.fault == 0)
        compute(e, stage, is_last ? dst : stage->block, at, i++, 1, &acc);
    error->a = (int64_t)(at + i);
    return acc.fault & SQA_FAULT_DIVISION   ? SQA_DIVISION
           : acc.fault & SQA_FAULT_EXPONENT ? SQA_EXPONENT
                                            : SQA_OVERFLOW;
}

/* Looks for an error of an earlier stage, in the elements from e->done to `end`. */
static enum sqa_status look_for_failure(struct sqa_elementwise *e, void *dst, size_t end,
                                        struct sqa_error *error) {
    while (e->done < end && e->failed > 0) {
        const int first = compute_inner(e, e->failed, e->done);
        if (first < e->failed)
            fail_stage(e, first);
        e->done += block_length(e->count, e->done);
    }
    if (e->done < e->count && e->failed > 0)
        return SQA_OK;
    if (e->failure == SQA_OK)
        return blame(e, dst, error);
    *error = e->failure_error;
    return e->failure;
}

/* Computes n elements of the last node. Returns SQA_OK or SQA_WIDEN. */
static enum sqa_status compute_last(struct sqa_elementwise *e, void *dst, size_t n,
                                    struct sqa_acc *acc) {
    const unsigned needed = e->inner_count > 0 ? needed_width(&e->last) : e->last.width;
    if (needed > e->last.width) {
        e->last.width = needed;
        if (!e->node.is_mask)
            return SQA_WIDEN;
    }
    compute(e, &e->last, dst, e->done, 0, n, acc);
    if (!is_too_narrow(&e->last, acc))
        return SQA_OK;
    e->last.width *= 2;
    return SQA_WIDEN;
}

static size_t end_of_run(const struct sqa_elementwise *e) {
    return e->count - e->done < SQA_RUN ? e->count : e->done + SQA_RUN;
}

enum sqa_status sqa_elementwise_run(struct sqa_elementwise *e, void *dst, struct sqa_error *error) {
    const size_t end = end_of_run(e);
    while (e->done < end && e->failed < 0) {
        const size_t n = end - e->done < SQA_BLOCK ? end - e->done : SQA_BLOCK;
        void *to = (unsigned char *)dst + e->done * sqa_elementwise_width(e);
        struct sqa_acc acc = {e->sig, 0};
        const int first = e->inner_count == 0 ? 0 : compute_inner(e, e->inner_count, e->done);
        if (first == e->inner_count && compute_last(e, to, n, &acc) == SQA_WIDEN)
            return SQA_WIDEN;
        if (first < e->inner_count || acc.fault != 0) {
            fail_stage(e, first);
            break;
        }
        e->sig |= acc.sig;
        e->done += n;
    }
    return e->failed < 0 ? SQA_OK : look_for_failure(e, dst, end, error);
}

enum sqa_status sqa_elementwise_block(struct sqa_elementwise *e, size_t *n,
                                      struct sqa_error *error) {
    if (e->failed < 0) {
        const int first = compute_inner(e, e->inner_count, e->done);
        *n = block_length(e->count, e->done);
        if (first == e->inner_count)
            return SQA_OK;
        fail_stage(e, first);
    }
    *n = 0;
    return look_for_failure(e, NULL, end_of_run(e), error);
}
