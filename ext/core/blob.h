/*
** The encoding of arrays as blobs. No other code reads or writes the header.
**
**     byte  0      1      2       3       4..7               8..
**           0xA1   0x41   codec   width   count, u32 LE      count elements, two's complement, LE
**
** This is codec 0, plain. Codec 1, packed, has other bytes after the header: see core/packed.h.
** width is 1, 2, 4 or 8. In the canonical form it is the narrowest one that holds every element,
** and 1 for the empty array.
*/
#ifndef SQA_BLOB_H
#define SQA_BLOB_H

#include "core/packed.h"

enum sqa_codec { SQA_CODEC_PLAIN, SQA_CODEC_PACKED };

/* Returns the size of a plain blob with header. Cannot overflow, because count < 2^32. */
static inline uint64_t sqa_blob_size(uint64_t count, unsigned width) {
    return SQA_HEADER + count * width;
}

/* The fields of a header */
struct sqa_blob_header {
    enum sqa_codec codec;
    unsigned width; /* bytes of a plain element */
    uint32_t count; /* number of elements */
};

/*
** Reads and checks the header of a blob of `size` bytes; `bytes` are the first SQA_HEADER of
** them, or all if there are fewer. Also checks the size of a plain array. Returns SQA_OK, or
** SQA_SHORT_HEADER, SQA_BAD_MAGIC, SQA_BAD_CODEC, SQA_BAD_WIDTH or SQA_BAD_SIZE with values for
** the message in error.
*/
SQA_MUST_CHECK enum sqa_status sqa_blob_read_header(const void *bytes, size_t size,
                                                    struct sqa_blob_header *header,
                                                    struct sqa_error *error);

/*
** Returns true if a blob of `size` bytes, which may be NULL if size is 0, is a plain array; then
** *view points into it. False says nothing: sqa_blob_array() tells. This is an inline function
** because it is called for every argument of every row.
*/
static inline bool sqa_blob_is_plain(const void *blob, size_t size, struct sqa_view *view) {
    const uint64_t magic_and_codec = 0x0041A1;
    uint64_t header; /* little-endian: byte 3 is the width, the upper half is the count */
    if (size < SQA_HEADER)
        return false;
    memcpy(&header, blob, sizeof header);
    const uint64_t count = header >> 32;
    const unsigned width = (unsigned)(header >> 24 & 0xff);
    const bool is_width = width == 1 || width == 2 || width == 4 || width == 8;
    if ((header & 0xffffff) != magic_and_codec || !is_width || size != sqa_blob_size(count, width))
        return false;
    *view = (struct sqa_view){(const unsigned char *)blob + SQA_HEADER, (size_t)count, width};
    return true;
}

/*
** Checks a blob of `size` bytes, which may be NULL if size is 0, and fills *array, which points
** into the blob. Never reads outside of the blob. Returns SQA_OK, or SQA_SHORT_HEADER,
** SQA_BAD_MAGIC, SQA_BAD_CODEC, SQA_BAD_WIDTH, SQA_BAD_SIZE or SQA_BAD_BLOCK with values for the
** message in error; then *array is unchanged.
*/
SQA_MUST_CHECK enum sqa_status sqa_blob_array(const void *blob, size_t size,
                                              struct sqa_array *array, struct sqa_error *error);

/* Returns the array in a blob that this library has written. Checks nothing. */
struct sqa_array sqa_blob_trusted(const void *blob);

/* Write the header, 8 bytes, of a plain array and of a packed one. count < 2^32. */
void sqa_blob_header(void *blob, uint64_t count, unsigned width);
void sqa_blob_packed_header(void *blob, uint64_t count, unsigned width);

/*
** Makes a plain array canonical, in place, and writes its header. `count` elements of `width`
** bytes follow the space for the header at blob, aligned for their width; `sig` is their
** significance. Returns the size of the blob in bytes. If the poll stops the work, the elements
** are undefined.
*/
size_t sqa_blob_finish(const struct sqa_kernels *kernels, void *blob, size_t count, unsigned width,
                       uint64_t sig, struct sqa_poll *poll);

/*
** Returns element i (from 0, i < count). For a packed array this takes as long as reading a
** block.
*/
static inline int64_t sqa_array_get(const struct sqa_kernels *kernels,
                                    const struct sqa_array *array, size_t i) {
    struct sqa_view view;
    return sqa_array_is_plain(array, &view) ? sqa_view_get(&view, i)
                                            : sqa_packed_get(kernels, array, i);
}

/*
** Copies `count` elements from index `at` on, all of which must exist, to dst, each `width` bytes
** wide. Higher bits are cut off.
*/
void sqa_array_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                    size_t count, void *dst, unsigned width);

#endif
