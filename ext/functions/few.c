#include "functions/few.h"

bool sqa_few_pair(struct sqa_few_pair *pair, const struct sqa_kernels *kernels,
                  const struct sqa_array *a, const struct sqa_array *b) {
    struct sqa_view views[2];
    const unsigned width = a->width > b->width ? a->width : b->width;
    const size_t most = SQA_FEW_BYTES / width;
    if (a->count > most || b->count > most || a->count + b->count > SQA_FEW ||
        !sqa_array_is_plain(a, &views[0]) || !sqa_array_is_plain(b, &views[1]))
        return false;
    pair->kernels = kernels;
    pair->width = width;
    for (int s = 0; s < 2; s++) {
        struct sqa_few_side *side = &pair->side[s];
        side->count = views[s].count;
        side->data = views[s].data;
        if (views[s].width == width && sqa_view_aligned(&views[s]))
            continue;
        sqa_view_copy(kernels, &views[s], 0, side->count, side->copy, width);
        side->data = side->copy;
    }
    return true;
}

/* Sets mask[i] to 1 if the other side has element i of side s, else to 0. */
static void find_in_other(const struct sqa_few_pair *pair, int s, uint8_t mask[SQA_FEW]) {
    const struct sqa_few_side *side = &pair->side[s], *other = &pair->side[1 - s];
    pair->kernels->among_few[sqa_width_index(pair->width)](mask, side->data, side->count,
                                                           other->data, other->count);
}

size_t sqa_few_choose(const struct sqa_few_pair *pair, int s, bool in_other, void *dst) {
    const struct sqa_few_side *side = &pair->side[s];
    uint8_t mask[SQA_FEW] = {0};
    find_in_other(pair, s, mask);
    for (size_t i = 0; i < SQA_FEW && !in_other; i++)
        mask[i] ^= 1;
    return pair->kernels->filter[sqa_width_index(pair->width)](dst, side->data, mask, side->count);
}

size_t sqa_few_common(const struct sqa_few_pair *pair, int s) {
    uint8_t mask[SQA_FEW] = {0};
    size_t n = 0;
    find_in_other(pair, s, mask);
    /* adds eight bytes of 0 and 1; their sum becomes the highest byte of the product */
    for (size_t i = 0; i < SQA_FEW; i += 8) {
        uint64_t eight;
        memcpy(&eight, mask + i, sizeof eight);
        n += (size_t)(eight * 0x0101010101010101u >> 56);
    }
    return n;
}

void sqa_few_unique(struct sqa_few_pair *pair) {
    for (int s = 0; s < 2; s++) {
        struct sqa_few_side *side = &pair->side[s];
        side->count = pair->kernels->set_of_few[sqa_width_index(pair->width)](
            side->copy, side->data, side->count);
        side->data = side->copy;
    }
}
