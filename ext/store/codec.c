#include "store/codec.h"

/* Bytes of the narrowest element that has so many different values, less one */
static unsigned width_of_range(uint64_t range) {
    return range <= UINT8_MAX ? 1 : range <= UINT16_MAX ? 2 : range <= UINT32_MAX ? 4 : 8;
}

struct sqa_frame sqa_frame_of(int64_t min, int64_t max) {
    const uint64_t range = (uint64_t)max - (uint64_t)min;
    const unsigned plain = sqa_sig_width(sqa_sig(min) | sqa_sig(max));
    const unsigned width = width_of_range(range);
    if (width >= plain)
        return (struct sqa_frame){plain, 0};
    /* amid the values, above the middle: -2^(b-1) is as far below it as the b bits of an element allow */
    return (struct sqa_frame){width, min + (int64_t)(range / 2 + range % 2)};
}

bool sqa_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                const struct sqa_view *values, bool is_array, struct sqa_encoded *encoded) {
    const unsigned index = sqa_width_index(values->width);
    const int64_t min = kernels->min[index](values->data, values->count);
    const int64_t max = kernels->max[index](values->data, values->count);
    const struct sqa_frame frame = sqa_frame_of(min, max);
    *encoded = (struct sqa_encoded){.min = min, .max = max, .base = frame.base};
    encoded->size = sqa_blob_size(values->count, frame.width);
    if (is_array && frame.base == 0 && frame.width == values->width) {
        encoded->blob = values->data - SQA_HEADER;
        return true;
    }
    unsigned char *blob = sqa_pool_take(pool, encoded->size);
    if (blob == NULL)
        return false;
    encoded->blob = encoded->owned = blob;
    sqa_blob_header(blob, values->count, frame.width);
    void *elements = blob + SQA_HEADER;
    sqa_view_copy(kernels, values, 0, values->count, elements, frame.width);
    if (frame.base !=
        0) { /* the low bits of a difference come from the low bits of its terms alone */
        struct sqa_acc ignored = {0, 0};
        kernels->sub_vs[sqa_width_index(frame.width)](elements, elements, &frame.base,
                                                      values->count, &ignored);
    }
    return true;
}
