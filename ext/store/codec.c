#include "store/codec.h"

enum { STEPS_SAVE = 4 }; /* steps take no more than one of so many bytes of what they stand for */

/* The width of elements that hold values between two less a base amid these; 0 where they are as wide without. */
struct frame {
    unsigned width;
    int64_t base;
};

static struct frame frame_of(int64_t min, int64_t max) {
    const uint64_t range = (uint64_t)max - (uint64_t)min;
    const unsigned plain = sqa_sig_width(sqa_sig(min) | sqa_sig(max));
    const unsigned width = range <= UINT8_MAX    ? 1
                           : range <= UINT16_MAX ? 2
                           : range <= UINT32_MAX ? 4
                                                 : 8;
    if (width >= plain)
        return (struct frame){plain, 0};
    /* above the middle: -2^(b-1) is as far below it as the b bits of an element allow */
    return (struct frame){width, min + (int64_t)(range / 2 + range % 2)};
}

unsigned sqa_frame_width(int64_t min, int64_t max) {
    return frame_of(min, max).width;
}

/* The steps to the values at+1 .. at+n from those before them; false: one does not fit. n <= SQA_BLOCK */
static bool steps_of(const struct sqa_kernels *kernels, const struct sqa_view *values, size_t at,
                     size_t n, int64_t *steps) {
    int64_t block[SQA_BLOCK + 1];
    struct sqa_acc acc = {0, 0};
    sqa_view_copy(kernels, values, at, n + 1, block, sizeof block[0]);
    kernels->sub_vv[SQA_INDEX_64](steps, block + 1, block, n, &acc);
    return acc.fault == 0;
}

/* The frame of all steps; false: one does not fit, or it is wider than `most` bytes. */
static bool frame_of_steps(const struct sqa_kernels *kernels, const struct sqa_view *values,
                           unsigned most, struct frame *frame) {
    int64_t steps[SQA_BLOCK], least = INT64_MAX, largest = INT64_MIN;
    if (most == 0) /* as for a single value, which is a byte */
        return false;
    for (size_t at = 0, n; at + 1 < values->count; at += n) {
        n = values->count - 1 - at < SQA_BLOCK ? values->count - 1 - at : SQA_BLOCK;
        if (!steps_of(kernels, values, at, n, steps))
            return false;
        const int64_t min = kernels->min[SQA_INDEX_64](steps, n),
                      max = kernels->max[SQA_INDEX_64](steps, n);
        least = min < least ? min : least;
        largest = max > largest ? max : largest;
        *frame = frame_of(least, largest);
        if (frame->width > most)
            return false;
    }
    return true;
}

/*
** Chooses a code; gives the width. What is added up to read steps is the values less their base: it has to
** fit as they do.
*/
static unsigned choose_codec(const struct sqa_kernels *kernels, const struct sqa_view *values,
                             int64_t min, int64_t max, struct sqa_code *code) {
    const struct frame frame = frame_of(min, max);
    struct frame steps;
    int64_t base, ignored;
    *code = (struct sqa_code){.base = frame.base};
    if (!frame_of_steps(kernels, values, frame.width / STEPS_SAVE, &steps) ||
        __builtin_sub_overflow(sqa_view_get(values, 0), steps.base, &base) ||
        __builtin_sub_overflow(min, base, &ignored) || __builtin_sub_overflow(max, base, &ignored))
        return frame.width;
    *code = (struct sqa_code){base, true, steps.base};
    return steps.width;
}

/* Takes x from each element, modulo the width: of a difference the low bits come from the low bits alone. */
static void subtract(const struct sqa_kernels *kernels, void *elements, size_t n, unsigned width,
                     int64_t x) {
    if (x != 0)
        kernels->add_wrapping[sqa_width_index(width)](elements, (int64_t)(0 - (uint64_t)x), n);
}

/* Writes the steps, of which the first is 0. */
static void write_steps(const struct sqa_kernels *kernels, const struct sqa_view *values,
                        unsigned char *elements, unsigned width, int64_t step) {
    int64_t steps[SQA_BLOCK];
    memset(elements, 0, width);
    for (size_t at = 0, n; at + 1 < values->count; at += n) {
        n = values->count - 1 - at < SQA_BLOCK ? values->count - 1 - at : SQA_BLOCK;
        (void)steps_of(kernels, values, at, n, steps);
        subtract(kernels, steps, n, sizeof steps[0], step);
        const struct sqa_view view = {(const unsigned char *)steps, n, sizeof steps[0]};
        sqa_view_copy(kernels, &view, 0, n, elements + (at + 1) * width, width);
    }
}

bool sqa_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                const struct sqa_view *values, bool is_array, struct sqa_encoded *encoded) {
    const unsigned index = sqa_width_index(values->width);
    const int64_t min = kernels->min[index](values->data, values->count);
    const int64_t max = kernels->max[index](values->data, values->count);
    *encoded = (struct sqa_encoded){.min = min, .max = max};
    struct sqa_code *code = &encoded->code;
    const unsigned width = choose_codec(kernels, values, min, max, code);
    encoded->size = sqa_blob_size(values->count, width);
    if (is_array && width == values->width) {
        encoded->blob = values->data - SQA_HEADER;
        return true;
    }
    unsigned char *blob = sqa_pool_take(pool, encoded->size);
    if (blob == NULL)
        return false;
    encoded->blob = encoded->owned = blob;
    sqa_blob_header(blob, values->count, width);
    if (code->is_steps) {
        write_steps(kernels, values, blob + SQA_HEADER, width, code->step);
    } else {
        sqa_view_copy(kernels, values, 0, values->count, blob + SQA_HEADER, width);
        subtract(kernels, blob + SQA_HEADER, values->count, width, code->base);
    }
    return true;
}

/* Writes the values that steps add up to. */
static void read_steps(const struct sqa_kernels *kernels, const struct sqa_view *array,
                       const struct sqa_code *code, int64_t *values) {
    int64_t running = code->base;
    for (size_t at = 0, n; at < array->count; at += n) { /* by what the nearest cache holds */
        n = array->count - at < SQA_BLOCK ? array->count - at : SQA_BLOCK;
        sqa_view_copy(kernels, array, at, n, values + at, sizeof *values);
        kernels->cumsum_wrapping[SQA_INDEX_64](values + at, n, code->step, &running);
    }
}

bool sqa_decode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                const struct sqa_view *array, const struct sqa_code *code,
                struct sqa_column *column) {
    const unsigned width = code->is_steps ? sizeof(int64_t) : array->width;
    unsigned char *buffer = sqa_pool_take(pool, sqa_blob_size(array->count, width));
    if (buffer == NULL)
        return false;
    unsigned char *elements = buffer + SQA_HEADER;
    *column = (struct sqa_column){.view = {elements, array->count, width}, .owned = buffer};
    if (code->is_steps) {
        read_steps(kernels, array, code, (int64_t *)(void *)elements);
    } else {
        memcpy(elements, array->data, array->count * width);
        column->base = code->base;
    }
    return true;
}
