/*
** A block: ascending keys, 64-bit integers without duplicates, in few bytes.
**
**     codec (1 byte)   n (varint)   span (varint)   payload
**
** n >= 1 is how many keys there are, span the last less the first; the first stands beside the
** block, and offsets count from it. A varint has 7 bits in each byte, the lowest first; bit 7 is 1
** in all bytes but the last; it has no more bytes than it needs.
**
**     codec 0   Elias-Fano of the m = n - 2 offsets between the first (0) and the last (span), as
**               kernels.h lays it out, with low_bits = the place of the highest 1 in span / m, or 0:
**               m * low_bits bits, then ((span - 1) >> low_bits) + m bits, each part in whole bytes
**     codec 1   a bitmap of span + 1 bits
**     codec 2   a run: every integer from the first to the last; no payload
**
** A block has the codec that takes the fewest bytes, the higher number of equals; so its size
** follows from n and span. Bits behind the last one are 0.
*/
#ifndef SQA_POSTING_BLOCK_H
#define SQA_POSTING_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernels.h"

enum {
    SQA_BLOCK_KEYS = 16384,  /* the most keys of a block */
    SQA_BLOCK_BYTES = 16384, /* the most bytes of a block */
    SQA_BLOCK_SLACK =
        SQA_ELIAS_FANO_SLACK /* bytes behind a block that may be read when it is decoded */
};

enum sqa_block_codec { SQA_BLOCK_ELIAS_FANO, SQA_BLOCK_BITMAP, SQA_BLOCK_RUN };

/* A block taken apart. It borrows the payload. */
struct sqa_posting_block {
    enum sqa_block_codec codec;
    size_t n;
    int64_t first, last;
    const unsigned char *payload;
    size_t payload_size;
};

/* Bytes of the block of n keys (1 .. SQA_BLOCK_KEYS) over this span (>= n - 1) */
size_t sqa_block_size(size_t n, uint64_t span);

/*
** How many of n > 0 ascending keys, from the first on, become the next block of no more than `most`
** bytes (at least 32): at least 1, and 2 where there are as many.
*/
size_t sqa_block_fit(const int64_t *keys, size_t n, size_t most);

/*
** Fills dst with the block of n ascending keys (1 .. SQA_BLOCK_KEYS): sqa_block_size() bytes, which
** it returns.
*/
size_t sqa_block_encode(unsigned char *dst, const int64_t *keys, size_t n);

/*
** Takes apart the block of `size` bytes whose first key this is. False where it is none: of its
** header, its size, its keys' range and the ends of its payload everything is checked; the payload
** of codec 0 and the number of ones in a bitmap are not.
*/
bool sqa_block_open(struct sqa_posting_block *block, int64_t first, const unsigned char *bytes,
                    size_t size);

/*
** Fills keys with all n of them. False where the payload is damaged; keys is unspecified then.
** SQA_BLOCK_SLACK bytes behind the block may be read.
*/
bool sqa_block_decode(const struct sqa_kernels *kernels, const struct sqa_posting_block *block,
                      int64_t *keys);

#endif
