/*
** Roaring bitmaps (Lemire et al., "Roaring Bitmaps: Implementation of an Optimized Software
** Library", Software: Practice and Experience 48(4), 2018) in their portable format,
** github.com/RoaringBitmap/RoaringFormatSpec. The 32-bit format holds sets of unsigned 32-bit
** integers. Its 64-bit extension has a count (u64) and then, for each value of the upper 32 bits,
** this value (u32) and a 32-bit bitmap of the lower ones. All three kinds of containers are read
** and written.
**
** Reading takes two passes, so that the size is known before memory is allocated: scan checks and
** counts, store fills memory of that size. Writing also takes two: the first computes the size,
** the second writes the bytes.
*/
#ifndef SQA_ROARING_H
#define SQA_ROARING_H

#include "core/blob.h"

/*
** A bitmap that is read. data is borrowed, and so is poll, which stops both passes, scan with
** SQA_INTERRUPT.
*/
struct sqa_roaring {
    const unsigned char *data; /* may have any address */
    size_t size;               /* bytes of data */
    struct sqa_poll *poll;
    /* set by sqa_roaring_scan() */
    unsigned bits;  /* the format: 32 or 64 */
    uint64_t count; /* number of elements */
    uint64_t sig;   /* significance of the elements, see sqa_sig_width() */
};

/*
** Checks all of the bitmap, also that everything is in ascending order. Tries the 32-bit format
** first. Returns SQA_ROARING if it is invalid; error->a is the number (from 1) of the wrong byte.
** Returns SQA_UNSIGNED if an element is greater than INT64_MAX; error->a is its number (from 1)
** and error->b its bits.
*/
SQA_MUST_CHECK enum sqa_status sqa_roaring_scan(const struct sqa_kernels *kernels,
                                                struct sqa_roaring *roaring,
                                                struct sqa_error *error);

/*
** Fills dst with the elements in ascending order, each `width` bytes wide, which must be at least
** sqa_sig_width(sig). dst must be aligned for this width.
*/
void sqa_roaring_store(const struct sqa_kernels *kernels, const struct sqa_roaring *roaring,
                       void *dst, unsigned width);

/*
** Returns the bytes of the bitmap of a set. Its elements must not be negative; for the 32-bit
** format they must be less than 2^32. If the poll stops the work, the result is undefined.
*/
uint64_t sqa_roaring_size(const struct sqa_view *set, unsigned bits, struct sqa_poll *poll);

/* Writes the bitmap, sqa_roaring_size() bytes, to dst. */
void sqa_roaring_write(const struct sqa_view *set, unsigned bits, unsigned char *dst,
                       struct sqa_poll *poll);

#endif
