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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/checked.h"
#include "core/status.h"
#include "kernel/kernels.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "arrays are little-endian, and so must be the machine: kernels read them in place"
#endif

enum { SQA_HEADER = 8 }; /* bytes before the first element */
enum sqa_codec { SQA_CODEC_PLAIN, SQA_CODEC_PACKED };

/*
** A validated array, encoded as its blob is. It borrows: `encoded` points into memory that somebody else
** owns. Only this header, blob.c and the block reader (core/reader.h) know what is there; everybody else
** reads through them, or asks for a view.
*/
struct sqa_array {
    const unsigned char
        *encoded;   /* what follows the header, at any address; not NULL, even if nothing does */
    size_t count;   /* elements */
    unsigned width; /* bytes a plain element: 1, 2, 4 or 8 */
    /* Of a packed array: the elements of the blob, 0 for plain ones; and the first of them that belongs to the array */
    size_t packed_count, packed_first;
};

/* Plain elements in memory, which somebody else owns: what random access needs. */
struct sqa_view {
    const unsigned char
        *data;      /* count * width bytes, at any address; not NULL, even if there are none */
    size_t count;   /* elements */
    unsigned width; /* bytes an element: 1, 2, 4 or 8 */
};

/* The empty array. Its pointer is not NULL, so that places in it can be computed. */
static inline struct sqa_array sqa_array_empty(void) {
    static const unsigned char nothing[1] = {0};
    return (struct sqa_array){nothing, 0, 1, 0, 0};
}
static inline struct sqa_view sqa_view_empty(void) {
    return (struct sqa_view){sqa_array_empty().encoded, 0, 1};
}

/* Plain elements are an array, too: of codec 0. Borrows what view borrows. */
static inline struct sqa_array sqa_array_of(const struct sqa_view *view) {
    return (struct sqa_array){view->data, view->count, view->width, 0, 0};
}

/* True if the elements of array stand in memory as a view has them; then *view borrows them there, else it is unchanged. */
static inline bool sqa_array_is_plain(const struct sqa_array *array, struct sqa_view *view) {
    if (array->packed_count > 0)
        return false;
    *view = (struct sqa_view){array->encoded, array->count, array->width};
    return true;
}

/* Bytes of an array of count elements of width bytes, header included. Cannot wrap: count < 2^32. */
static inline uint64_t sqa_blob_size(uint64_t count, unsigned width) {
    return SQA_HEADER + count * width;
}

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

/*
** Rewrites count elements at data from one width to another. Widening needs room for count * to
** bytes and goes backwards through a block of scratch; narrowing keeps the low bits. Where poll stops it the elements
** are undefined.
*/
void sqa_convert_in_place(const struct sqa_kernels *kernels, void *data, size_t count,
                          unsigned from, unsigned to, struct sqa_poll *poll);

/* Element i (from 0, i < count), one unaligned load. Here because a call would cost more than that. */
static inline int64_t sqa_view_get(const struct sqa_view *view, size_t i) {
    const unsigned char *at = view->data + i * view->width;
    int16_t x16;
    int32_t x32;
    int64_t x64;
    switch (view->width) {
    case 1:
        return (int8_t)*at;
    case 2:
        memcpy(&x16, at, sizeof x16);
        return x16;
    case 4:
        memcpy(&x32, at, sizeof x32);
        return x32;
    default:
        memcpy(&x64, at, sizeof x64);
        return x64;
    }
}
/* The same of an array; of a packed one it takes as long as to read a block of it. */
int64_t sqa_packed_get(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t i);
static inline int64_t sqa_array_get(const struct sqa_kernels *kernels,
                                    const struct sqa_array *array, size_t i) {
    struct sqa_view view;
    return sqa_array_is_plain(array, &view) ? sqa_view_get(&view, i)
                                            : sqa_packed_get(kernels, array, i);
}

/* count elements from index start on (both must be inside): borrows what is sliced. */
static inline struct sqa_view sqa_view_slice(const struct sqa_view *view, size_t start,
                                             size_t count) {
    return (struct sqa_view){view->data + start * view->width, count, view->width};
}
static inline struct sqa_array sqa_array_slice(const struct sqa_array *array, size_t start,
                                               size_t count) {
    const bool is_plain = array->packed_count == 0;
    return (struct sqa_array){array->encoded + (is_plain ? start * array->width : 0), count,
                              array->width, array->packed_count,
                              array->packed_first + (is_plain ? 0 : start)};
}

/* Fills dst with the count elements from index `at` on (all inside) as `width` bytes each; keeps the low bits. */
void sqa_array_copy(const struct sqa_kernels *kernels, const struct sqa_array *array, size_t at,
                    size_t count, void *dst, unsigned width);
void sqa_view_copy(const struct sqa_kernels *kernels, const struct sqa_view *view, size_t at,
                   size_t count, void *dst, unsigned width);

/* True if the elements stand at an address that suits their width. */
static inline bool sqa_view_aligned(const struct sqa_view *view) {
    return (uintptr_t)view->data % view->width == 0;
}
/* True unless the block reader copies the elements because of their address alone. */
static inline bool sqa_array_aligned(const struct sqa_array *array) {
    return array->packed_count > 0 || (uintptr_t)array->encoded % array->width == 0;
}

#endif
