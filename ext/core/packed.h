/*
** Codec 1, packed: an array in blocks of 1,024 elements (the last one may have fewer), each with as
** many bits an element as the block needs. This is the reading side; core/packing.h is the writing
** side.
**
**     byte  0      1      2      3       4..7             8..
**           0xA1   0x41   0x01   width   count, u32 LE    four lists, then the blocks' contents
**
** Each list has one entry for each block:
**
**     form         1 byte, see below
**     bits         1 byte: the bits of an offset, 0 to 64
**     exceptions   1 byte: the size of all exceptions of the block in bytes, divided by 2
**     base         width bytes, two's complement, LE
**
** Bit 0 of form says how the elements are computed from offsets, which are integers >= 0:
**
**     0, frame     each element is base + offset
**     1, steps     the first element is base + its offset, which is 0; each following element is
**                  the one before it + step + its offset
**
** Bits 1 and 2 of form are the size of an exception: 0 means none, 1 means 2 bytes, 2 means 4, and
** 3 means 8. Bits 3 to 7 are 0.
**
** After the lists come the contents of the blocks, in order:
**
**     step         width bytes, two's complement, LE; only in blocks of steps
**     offsets      the lowest bits of each offset. In a block of 1,024 elements they take
**                  128 * bits bytes, in the lanes of sqa_pack_fn (kernel/kernels.h). In a last
**                  block of n < 1,024 elements they take (n * bits + 7) / 8 bytes, one after the
**                  other.
**     exceptions   an integer, LE, for each offset that needs more bits. Its bits 0 to 9 are the
**                  index of the offset in the block, in ascending order (if an index occurs twice
**                  the last one counts). Its other bits are the higher bits of the offset.
**
** A lane has L bytes: the least of 1, 2, 4 and 8 for which need < 8 * L, or 8 if there is none.
** need is the number of bits, plus 6, 22 or 54 in a block with exceptions of 2, 4 or 8 bytes, plus
** 10 in a block of steps. So sums of offsets fit a lane. Elements are computed modulo
** 2^(8 * width), so that any bytes give integers of this width.
**
** Frame of reference: Goldstein, Ramakrishnan, Shaft, "Compressing Relations and Indexes", ICDE
** 1998. Exceptions: Zukowski, Heman, Nes, Boncz, "Super-Scalar RAM-CPU Cache Compression", ICDE
** 2006. Lanes: see kernel/pack_tpl.h.
*/
#ifndef SQA_PACKED_H
#define SQA_PACKED_H

#include "core/array.h"
#include "core/range.h"

enum {
    SQA_PACKED_STEPS = 1, /* bit 0 of `form` */
    /* bits of an exception that hold the offset's index in the block */
    SQA_PACKED_PLACE_BITS = 10,
    SQA_PACKED_BLOCK_BYTES = 8 + 8192 + 510 /* the largest size of a block's contents */
};

/* The fields of a block. Its pointers point into the array. */
struct sqa_packed_block {
    size_t n;       /* number of elements, 1 to SQA_BLOCK */
    unsigned width; /* bytes of a plain element */
    bool is_steps;
    unsigned bits; /* bits of an offset */
    int64_t base, step;
    const unsigned char *offsets, *exceptions;
    unsigned exception_size; /* bytes of an exception; 0 if there are none */
    size_t exception_count;
};

/* A position in the blocks of an array, which is borrowed. All members are private. */
struct sqa_packed_cursor {
    const unsigned char *lists;
    size_t count, blocks;
    unsigned width;
    size_t index; /* index of the block whose contents are at `contents` */
    const unsigned char *contents;
};

/* Returns the number of blocks of an array with `count` elements. */
static inline size_t sqa_packed_blocks(size_t count) {
    return count / SQA_BLOCK + (count % SQA_BLOCK != 0);
}

/* Returns the size of the lists of such an array in bytes. */
static inline size_t sqa_packed_lists_size(size_t count, unsigned width) {
    return sqa_packed_blocks(count) * (3 + width);
}

/*
** Checks the `size` bytes at `lists`, which follow the header of a packed array of `count`
** elements of `width` bytes. Returns SQA_OK, SQA_BAD_SIZE or SQA_BAD_BLOCK. After SQA_OK all
** blocks can be read safely.
*/
SQA_MUST_CHECK enum sqa_status sqa_packed_check(const unsigned char *lists, uint64_t size,
                                                uint64_t count, unsigned width,
                                                struct sqa_error *error);

/* Returns a cursor over the blocks of a packed array or of a slice of one. */
struct sqa_packed_cursor sqa_packed_open(const struct sqa_array *array);

/*
** Returns the block with this index (from 0). Its position is found from that of the last block,
** or from the beginning if the index is lower.
*/
struct sqa_packed_block sqa_packed_seek(struct sqa_packed_cursor *cursor, size_t index);

/*
** The entries of a block in the lists. The functions below are for callers that do not have the
** whole array in memory. Of a block's contents they read only the step.
*/
struct sqa_packed_entry {
    unsigned char form, bits, exceptions;
};
/* Returns true if the format allows this entry. */
bool sqa_packed_is_sound(struct sqa_packed_entry entry);
/*
** Returns the bytes of the contents of n blocks of 1,024 elements that have these entries in the
** lists.
*/
uint64_t sqa_packed_contents_size(const unsigned char *forms, const unsigned char *bits,
                                  const unsigned char *exceptions, size_t n, unsigned width);
/* Returns the bytes of the contents of one block of n elements, at most SQA_PACKED_BLOCK_BYTES. */
size_t sqa_packed_block_size(struct sqa_packed_entry entry, size_t n, unsigned width);
/*
** Returns the block of n elements with this entry, which must be sound, and this base. Its
** contents are borrowed.
*/
struct sqa_packed_block sqa_packed_block_at(struct sqa_packed_entry entry, size_t n, unsigned width,
                                            const unsigned char *base,
                                            const unsigned char *contents);

/*
** Returns a range that holds all elements of the block. It is computed from base, step and bits
** and may be wider than necessary.
*/
struct sqa_range sqa_packed_range(const struct sqa_packed_block *block);

/*
** Decodes the block's n elements to dst, each `width` bytes wide. Higher bits are cut off. dst
** must be aligned for this width.
*/
void sqa_packed_decode(const struct sqa_kernels *kernels, const struct sqa_packed_block *block,
                       void *dst, unsigned width);

/* Implements sqa_array_copy() for a packed array. */
void sqa_packed_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                     size_t count, void *dst, unsigned width);

/*
** Implements sqa_array_get() for a packed array. Takes as long as reading the block that has
** element i.
*/
int64_t sqa_packed_get(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t i);

/* Returns the bytes L of a lane, see above. */
unsigned sqa_packed_lane(bool is_steps, unsigned bits, unsigned exception_size);

/* Returns the bytes of the offsets of a block of n elements. */
static inline size_t sqa_packed_offsets_size(size_t n, unsigned bits) {
    return (n * bits + 7) / 8;
}

#endif
