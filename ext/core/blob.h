/*
** The array as bytes: the only code that reads or writes an array's header.
**
**     byte  0      1      2       3       4..7               8..
**           0xA1   0x41   codec   width   count, u32 LE      count elements, two's complement, LE
**
** This is codec 0, plain. Codec 1, packed, has other bytes behind the header: see core/packed.h. width is 1, 2, 4 or 8.
** Canonical: width is the narrowest that holds every element; 1 when there is none.
*/
#ifndef SQA_BLOB_H
#define SQA_BLOB_H

#include "core/packed.h"

enum sqa_codec { SQA_CODEC_PLAIN, SQA_CODEC_PACKED };

/* Bytes of an array of count elements of width bytes, header included. Cannot wrap: count < 2^32. */
static inline uint64_t sqa_blob_size(uint64_t count, unsigned width) {
    return SQA_HEADER + count * width;
}

/* What a header says */
struct sqa_blob_header {
    enum sqa_codec codec;
    unsigned width; /* bytes a plain element */
    uint32_t count; /* elements */
};

/*
** Reads and validates the header of a blob of `size` bytes, of which the first SQA_HEADER, or all if there are fewer,
** stand at bytes. SQA_OK: of a plain array size is right, too. Otherwise SQA_SHORT_HEADER, SQA_BAD_MAGIC, SQA_BAD_CODEC,
** SQA_BAD_WIDTH, SQA_BAD_SIZE, and error says what is wrong.
*/
SQA_MUST_CHECK enum sqa_status sqa_blob_read_header(const void *bytes, size_t size,
                                                    struct sqa_blob_header *header,
                                                    struct sqa_error *error);

/*
** Validates size bytes at blob, which may be NULL if there are none, and gives an array that borrows them. Reads nothing
** outside. On failure *array is not changed and error says what is wrong: SQA_SHORT_HEADER, SQA_BAD_MAGIC,
** SQA_BAD_CODEC, SQA_BAD_WIDTH, SQA_BAD_SIZE, SQA_BAD_BLOCK.
*/
SQA_MUST_CHECK enum sqa_status sqa_blob_array(const void *blob, size_t size,
                                              struct sqa_array *array, struct sqa_error *error);

/* The array in a blob that this library has written: nothing is checked. */
struct sqa_array sqa_blob_trusted(const void *blob);

/* Fills the 8 bytes at blob with the header of a plain array, or of a packed one. count < 2^32. */
void sqa_blob_header(void *blob, uint64_t count, unsigned width);
void sqa_blob_packed_header(void *blob, uint64_t count, unsigned width);

/*
** Makes the array in place canonical: the count elements of `width` bytes behind the header at blob
** are narrowed if sig allows, and the header is written. Elements are aligned for their width.
** Returns the blob's size in bytes. Where poll stops it the elements are undefined.
*/
size_t sqa_blob_finish(const struct sqa_kernels *kernels, void *blob, size_t count, unsigned width,
                       uint64_t sig, struct sqa_poll *poll);

/* Element i (from 0, i < count); of a packed array it takes as long as to read a block of it. */
static inline int64_t sqa_array_get(const struct sqa_kernels *kernels,
                                    const struct sqa_array *array, size_t i) {
    struct sqa_view view;
    return sqa_array_is_plain(array, &view) ? sqa_view_get(&view, i)
                                            : sqa_packed_get(kernels, array, i);
}

/* Fills dst with the count elements from index `at` on (all inside) as `width` bytes each; keeps the low bits. */
void sqa_array_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                    size_t count, void *dst, unsigned width);

#endif
