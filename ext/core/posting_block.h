/*
** A block stores ascending keys, 64-bit integers without duplicates, in few bytes.
**
**     codec (1 byte)   n (varint)   span (varint)   payload
**
** n >= 1 is the number of keys, and span is the last key minus the first. The first key is stored
** outside of the block; all offsets are relative to it. A varint has 7 bits in each byte, the
** lowest ones first. Bit 7 is 1 in all bytes but the last. It has no more bytes than necessary.
**
**     codec 0   Elias-Fano code, as in kernels.h, of the m = n - 2 offsets between the first key
**               (0) and the last (span). low_bits is the number of the highest bit that is 1 in
**               span / m, or 0. It takes m * low_bits bits, then ((span - 1) >> low_bits) + m bits,
**               each part rounded up to whole bytes.
**     codec 1   a bitmap of span + 1 bits
**     codec 2   a run: every integer from the first to the last; no payload
**
** A block has the codec that takes the fewest bytes, and the higher number of two equal ones. So
** its size depends only on n and span. Bits after the last one are 0.
*/
#ifndef SQA_POSTING_BLOCK_H
#define SQA_POSTING_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/kernels.h"

enum {
    SQA_BLOCK_KEYS = 16384,  /* the largest number of keys of a block */
    SQA_BLOCK_BYTES = 16384, /* the largest size of a block */
    SQA_BLOCK_SLACK =
        SQA_ELIAS_FANO_SLACK /* so many bytes after a block may be read when it is decoded */
};

enum sqa_block_codec { SQA_BLOCK_ELIAS_FANO, SQA_BLOCK_BITMAP, SQA_BLOCK_RUN };

/* The parts of a block. The payload is borrowed. */
struct sqa_posting_block {
    enum sqa_block_codec codec;
    size_t n;
    int64_t first, last;
    const unsigned char *payload;
    size_t payload_size;
};

/*
** Returns the size of the block of n keys (1 to SQA_BLOCK_KEYS) with this span, which is at least
** n - 1.
*/
size_t sqa_block_size(size_t n, uint64_t span);

/*
** Returns how many of the n > 0 ascending keys, from the first on, the next block should have, so
** that it has at most `most` bytes (at least 32). Returns at least 1, and at least 2 if n > 1.
*/
size_t sqa_block_fit(const int64_t *keys, size_t n, size_t most);

/*
** Writes the block of n ascending keys (1 to SQA_BLOCK_KEYS) to dst and returns its size, which
** is that of sqa_block_size().
*/
size_t sqa_block_encode(unsigned char *dst, const int64_t *keys, size_t n);

/*
** Reads the parts of the block of `size` bytes whose first key is `first`. Returns false if the
** block is invalid. Checks the header, the size, the range of the keys and the first and last
** bytes of the payload, but not the payload of codec 0 or the number of ones in a bitmap.
*/
bool sqa_block_open(struct sqa_posting_block *block, int64_t first, const unsigned char *bytes,
                    size_t size);

/*
** Writes all n keys to keys. Returns false if the payload is damaged; then keys is undefined. May
** read SQA_BLOCK_SLACK bytes after the block.
*/
bool sqa_block_decode(const struct sqa_kernels *kernels, const struct sqa_posting_block *block,
                      int64_t *keys);

#endif
