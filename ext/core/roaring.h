/*
** Roaring bitmaps (Lemire et al., "Roaring Bitmaps: Implementation of an Optimized Software Library", Software: Practice
** and Experience 48(4), 2018) in their portable format, github.com/RoaringBitmap/RoaringFormatSpec: sets of unsigned
** integers of 32 bits; and its extension to 64 bits: a count (u64), then for each value of the upper 32 bits that
** (u32) and a bitmap of the lower ones. Containers of all three kinds are read and written.
**
** Reading goes in two passes, so that nothing has to be allocated before the size is known: scan validates and counts;
** store fills memory of that size. Writing too: the size first, then the bytes.
*/
#ifndef SQA_ROARING_H
#define SQA_ROARING_H

#include "core/blob.h"

/* A bitmap that is read. It borrows data, and poll, which stops both passes (scan with SQA_INTERRUPT). */
struct sqa_roaring {
    const unsigned char *data; /* at any address */
    size_t size;               /* bytes */
    struct sqa_poll *poll;
    /* filled by sqa_roaring_scan() */
    unsigned bits;  /* 32 or 64: the format */
    uint64_t count; /* elements */
    uint64_t sig;   /* significance of the elements, see sqa_sig_width() */
};

/*
** Validates all of it: that everything is in ascending order, too. What can be read in the format of 32 bits is. SQA_ROARING:
** error->a is the byte, from 1, that is not as it has to be. SQA_UNSIGNED: error->a is the element, error->b its bits.
*/
SQA_MUST_CHECK enum sqa_status sqa_roaring_scan(const struct sqa_kernels *kernels,
                                                struct sqa_roaring *roaring,
                                                struct sqa_error *error);

/* Fills dst with the count elements, ascending, of width bytes (aligned for it, at least sqa_sig_width(sig)). */
void sqa_roaring_store(const struct sqa_kernels *kernels, const struct sqa_roaring *roaring,
                       void *dst, unsigned width);

/*
** Bytes of the bitmap of a set: elements are >= 0 and strictly ascend; with 32 bits they are below 2^32. Undefined where poll
** stops it.
*/
uint64_t sqa_roaring_size(const struct sqa_view *set, unsigned bits, struct sqa_poll *poll);

/* Fills dst with the bitmap: as many bytes as sqa_roaring_size() says. */
void sqa_roaring_write(const struct sqa_view *set, unsigned bits, unsigned char *dst,
                       struct sqa_poll *poll);

#endif
