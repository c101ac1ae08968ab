/*
** Codec 1, packed: an array in blocks of 1,024 elements (the last one may be shorter), each with as many bits an
** element as the block needs. This is the reading side; core/packing.h is the writing side.
**
**     byte  0      1      2      3       4..7               8..
**           0xA1   0x41   0x01   width   count, u32 LE      blocks, described by four lists of one entry a block:
**
**     form         1 byte: bit 0 says how the elements follow from offsets, integers >= 0: they are base + offset (0,
**                  frame), or what the first differs from base, and each from the one before it, is step + offset (1,
**                  steps; the first offset is 0, and there is no step before the first element). Bits 1 and 2 are the size
**                  of an exception: 0 for none, 1 for 2 bytes, 2 for 4, 3 for 8. Bits 3 to 7 are 0.
**     bits         1 byte: the bits of an offset, 0 to 64
**     exceptions   1 byte: their bytes, all together, divided by 2
**     base         width bytes, two's complement, LE
**
** Behind the lists stand the contents of the blocks, in their order:
**
**     step         width bytes, two's complement, LE; in blocks of steps only
**     offsets      the lowest bits of each: 128 * bits bytes in the lanes of sqa_pack_fn (kernel/kernels.h) for a block
**                  of 1,024; (n * bits + 7) / 8 bytes, one offset behind the other, in a last block of n < 1,024
**     exceptions   for each offset that needs more bits an integer, LE: in its bits 0 to 9 the offset's place in the
**                  block, ascending (of two for one place the last counts); above these the bits of the offset above its lowest
**
** A lane has L bytes, the least of 1, 2, 4 and 8 for which need < 8 * L, or 8; where need is the number of bits, and 6,
** 22 or 54 more in a block with exceptions of 2, 4 or 8 bytes, and 10 more in a block of steps. So what offsets add up to
** fits a lane. Elements are computed modulo 2^(8 * width): whatever the bytes are, they are integers of this width.
**
** Frame of reference: Goldstein, Ramakrishnan, Shaft, "Compressing Relations and Indexes", ICDE 1998. Exceptions: Zukowski,
** Heman, Nes, Boncz, "Super-Scalar RAM-CPU Cache Compression", ICDE 2006. Lanes: see kernel/pack_tpl.h.
*/
#ifndef SQA_PACKED_H
#define SQA_PACKED_H

#include "core/array.h"
#include "core/range.h"

enum {
    SQA_PACKED_STEPS = 1,                   /* bit of a form */
    SQA_PACKED_PLACE_BITS = 10,             /* of an exception: the place in the block */
    SQA_PACKED_BLOCK_BYTES = 8 + 8192 + 510 /* the most that a block's contents take */
};

/* A block taken apart. It borrows its contents from the array. */
struct sqa_packed_block {
    size_t n;       /* elements, 1 .. SQA_BLOCK */
    unsigned width; /* bytes a plain element */
    bool is_steps;
    unsigned bits; /* of an offset */
    int64_t base, step;
    const unsigned char *offsets, *exceptions;
    unsigned exception_size; /* bytes of each; 0 where there are none */
    size_t exception_count;
};

/* Where the blocks of an array stand. It borrows the array. Fields are private. */
struct sqa_packed_cursor {
    const unsigned char *lists;
    size_t count, blocks;
    unsigned width;
    size_t index; /* the block that stands at `contents` */
    const unsigned char *contents;
};

/* Blocks of an array of count elements */
static inline size_t sqa_packed_blocks(size_t count) {
    return count / SQA_BLOCK + (count % SQA_BLOCK != 0);
}

/* Bytes of the lists of such an array */
static inline size_t sqa_packed_lists_size(size_t count, unsigned width) {
    return sqa_packed_blocks(count) * (3 + width);
}

/*
** Validates `size` bytes at `lists`, which are what follows the header of a packed array of `count` elements of `width`
** bytes: SQA_OK; or SQA_BAD_SIZE, SQA_BAD_BLOCK. Then all blocks can be read.
*/
SQA_MUST_CHECK enum sqa_status sqa_packed_check(const unsigned char *lists, uint64_t size,
                                                uint64_t count, unsigned width,
                                                struct sqa_error *error);

/* A cursor over the blocks of the packed array that `array` is, or is a slice of */
struct sqa_packed_cursor sqa_packed_open(const struct sqa_array *array);

/* The block with this index, from 0. Its place is found from the last one's, or from the beginning if that was behind it. */
struct sqa_packed_block sqa_packed_seek(struct sqa_packed_cursor *cursor, size_t index);

/*
** The same without all of the array in memory. What the lists say of a block, and where the contents of the next one
** begin. Of the contents nothing is read but a step.
*/
struct sqa_packed_entry {
    unsigned char form, bits, exceptions;
};
/* True if an entry is one that the format allows. */
bool sqa_packed_is_sound(struct sqa_packed_entry entry);
/* Bytes of the contents of n blocks of 1,024 elements, whose entries in the lists are these bytes */
uint64_t sqa_packed_contents_size(const unsigned char *forms, const unsigned char *bits,
                                  const unsigned char *exceptions, size_t n, unsigned width);
/* Bytes of the contents of one block of n elements, at most SQA_PACKED_BLOCK_BYTES */
size_t sqa_packed_block_size(struct sqa_packed_entry entry, size_t n, unsigned width);
/* The block of n elements with this sound entry, whose base is read, and whose contents are borrowed, where they stand */
struct sqa_packed_block sqa_packed_block_at(struct sqa_packed_entry entry, size_t n, unsigned width,
                                            const unsigned char *base,
                                            const unsigned char *contents);

/* All elements of the block are in this range, which is no wider than what base, step and bits allow. */
struct sqa_range sqa_packed_range(const struct sqa_packed_block *block);

/* Fills dst, aligned for it, with the block's n elements of `width` bytes each, of which the low bits are kept. */
void sqa_packed_decode(const struct sqa_kernels *kernels, const struct sqa_packed_block *block,
                       void *dst, unsigned width);

/* sqa_array_copy() of a packed array */
void sqa_packed_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                     size_t count, void *dst, unsigned width);

/* sqa_array_get() of a packed array: takes as long as to read the block that element i is in. */
int64_t sqa_packed_get(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t i);

/* The bytes L of a lane: see above. */
unsigned sqa_packed_lane(bool is_steps, unsigned bits, unsigned exception_size);

/* Bytes of the offsets of a block of n elements */
static inline size_t sqa_packed_offsets_size(size_t n, unsigned bits) {
    return (n * bits + 7) / 8;
}

#endif
