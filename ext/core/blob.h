/*
** The array as bytes: the only code that reads or writes an array's header.
**
**     byte  0      1      2       3       4..7               8..
**           0xA1   0x41   codec   width   count, u32 LE      count elements, two's complement, LE
**
** codec 0 (plain) is the only one today. width is 1, 2, 4 or 8. Canonical: width is the narrowest
** that holds every element; 1 when there is none.
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

/* A validated array. It borrows: data points into memory that somebody else owns, at any address. */
struct sqa_view {
    const unsigned char *data; /* count * width bytes; not NULL, even if there are none */
    size_t count;              /* elements */
    unsigned width;            /* bytes an element: 1, 2, 4 or 8 */
};

/* The view of the empty array. Its data is not NULL, so that places in it can be computed. */
static inline struct sqa_view sqa_view_empty(void) {
    static const unsigned char nothing[1] = {0};
    return (struct sqa_view){nothing, 0, 1};
}

/* Bytes of an array of count elements of width bytes, header included. Cannot wrap: count < 2^32. */
static inline uint64_t sqa_blob_size(uint64_t count, unsigned width) {
    return SQA_HEADER + count * width;
}

/*
** Validates size bytes at blob, which may be NULL if there are none, and gives a view that borrows them. Reads nothing
** outside. On failure *view is not changed and error says what is wrong: SQA_SHORT_HEADER, SQA_BAD_MAGIC,
** SQA_BAD_CODEC, SQA_BAD_WIDTH, SQA_BAD_SIZE.
*/
SQA_MUST_CHECK enum sqa_status sqa_blob_view(const void *blob, size_t size, struct sqa_view *view,
                                             struct sqa_error *error);

/* The view of an array that this library has written: nothing is checked. */
struct sqa_view sqa_blob_trusted(const void *blob);

/* Fills the 8 bytes at blob with the header of a plain array. count < 2^32. */
void sqa_blob_header(void *blob, uint64_t count, unsigned width);

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

/* Fills dst with elements at .. at+count (all inside) as `width` bytes each; keeps the low bits. */
void sqa_view_copy(const struct sqa_kernels *kernels, const struct sqa_view *view, size_t at,
                   size_t count, void *dst, unsigned width);

/* The significance of all elements: sqa_sig_width() of it is the canonical width. */
uint64_t sqa_view_sig(const struct sqa_kernels *kernels, const struct sqa_view *view);

/* count elements from index start on (both must be inside): borrows what view borrows. */
static inline struct sqa_view sqa_view_slice(const struct sqa_view *view, size_t start,
                                             size_t count) {
    return (struct sqa_view){view->data + start * view->width, count, view->width};
}

/*
** The block reader: hands out an array block by block as elements of the width its user asks for,
** aligned. What is stored so already is borrowed in place; anything else is converted into scratch.
*/
struct sqa_reader {
    const struct sqa_kernels *kernels;
    struct sqa_view view;
    unsigned
        width; /* bytes an element, as handed out; not below the significance of the elements */
    _Alignas(64) unsigned char scratch[SQA_BLOCK * 8];
};

void sqa_reader_init(struct sqa_reader *reader, const struct sqa_kernels *kernels,
                     const struct sqa_view *view, unsigned width);

/*
** Elements at .. at+n (n <= SQA_BLOCK, all inside) as n aligned elements of reader->width bytes.
** Borrowed until the next call, or for as long as the view where nothing had to be converted.
*/
const void *sqa_reader_block(struct sqa_reader *reader, size_t at, size_t n);

/* True if the elements stand at an address that suits their width. */
static inline bool sqa_view_aligned(const struct sqa_view *view) {
    return (uintptr_t)view->data % view->width == 0;
}

#endif
