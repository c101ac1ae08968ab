/*
** The codec of the store: how the values of a column become the array that NAME_arrays keeps. It knows
** nothing of SQLite.
**
** Frame of reference: where the values of a chunk lie close together, far from zero, the array has their
** distances from a base amid them, in the narrowest width that holds these. A time in milliseconds so
** takes 4 bytes for each row, or 2. Where that would not be narrower than the values are, the base is 0
** and the array has the values themselves.
** Source: Goldstein, Ramakrishnan, Shaft, "Compressing Relations and Indexes", ICDE 1998.
*/
#ifndef SQA_CODEC_H
#define SQA_CODEC_H

#include "core/blob.h"
#include "memory/pool.h"

/* What is chosen for values between two: the bytes of an element, and the base */
struct sqa_frame {
    unsigned width;
    int64_t base;
};

struct sqa_frame sqa_frame_of(int64_t min, int64_t max);

/* Values as they are written: an array, what to add to its elements, the least and the largest value. */
struct sqa_encoded {
    const void *blob;
    uint64_t size;
    int64_t base, min, max;
    void *
        owned; /* the buffer that blob is in, for sqa_pool_give(), or NULL where it is the caller's */
};

/*
** Encodes values of any width at an aligned address, one at least. is_array: they stand behind the header
** of an array, which is borrowed if it is what would be written. Gives false without memory.
*/
SQA_MUST_CHECK bool sqa_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                               const struct sqa_view *values, bool is_array,
                               struct sqa_encoded *encoded);

#endif
