/*
** The codec of the store: how the values of a column of a chunk become the array that NAME_arrays keeps. It
** knows nothing of SQLite. The values of a chunk's column alone decide which of these codes it gets when it is written;
** values that are changed in place (point.h) keep it:
**
**     plain   the values
**     frame   their distances from a base amid them. Values near each other but far from zero take
**             so much less: frame of reference (Goldstein, Ramakrishnan, Shaft, "Compressing
**             Relations and Indexes", ICDE 1998)
**     steps   the difference of each value to the one before, less a step amid all of these; base, step and
**             the sums of the elements give the values. Times and other ascending integers take a byte.
**
** Elements have the narrowest width that holds them. The first code that takes least is chosen. Steps, which are slower
** to read, are chosen only where they take no more than a quarter of the better one of the others.
*/
#ifndef SQA_CODEC_H
#define SQA_CODEC_H

#include "memory/pool.h"
#include "store/chunk.h"

struct sqa_code {
    int64_t base; /* 0 for plain values */
    bool is_steps;
    int64_t step;
};

/* Values as they are written: an array, its code, and the least and the largest value. */
struct sqa_encoded {
    const void *blob;
    uint64_t size;
    struct sqa_code code;
    int64_t min, max;
    /* The buffer that blob is in, for sqa_pool_give(), or NULL where it is the caller's. */
    void *owned;
};

/* Bytes of an element where values between these two are encoded as a frame or plain */
unsigned sqa_frame_width(int64_t min, int64_t max);

/*
** Encodes values of any width at an aligned address, one at least. is_array: they stand behind the header
** of an array, which is borrowed if it is what would be written. Gives false without memory.
*/
SQA_MUST_CHECK bool sqa_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                               const struct sqa_view *values, bool is_array,
                               struct sqa_encoded *encoded);

/*
** Fills column with the values of an array, at an aligned address; they stand in a buffer that the column
** owns. Gives false without memory.
*/
SQA_MUST_CHECK bool sqa_decode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                               const struct sqa_view *array, const struct sqa_code *code,
                               struct sqa_column *column);

#endif
