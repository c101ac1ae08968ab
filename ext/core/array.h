/*
** Arrays as values: encoded ones, as they come out of a blob, and views of plain elements in memory.
** Both borrow. What a blob looks like is in core/blob.h and core/packed.h.
*/
#ifndef SQA_ARRAY_H
#define SQA_ARRAY_H

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

enum {
    SQA_HEADER = 8
}; /* bytes of a blob before its first element, or before what else it consists of */

/*
** A validated array, encoded as its blob is. It borrows: `encoded` points into memory that somebody else
** owns. Only core/blob and core/packed know what is there; everybody else reads through core/reader.h, or asks for a view.
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

/* True if the elements stand at an address that suits their width. */
static inline bool sqa_view_aligned(const struct sqa_view *view) {
    return (uintptr_t)view->data % view->width == 0;
}
/* True unless the block reader copies the elements because of their address alone. */
static inline bool sqa_array_aligned(const struct sqa_array *array) {
    return array->packed_count > 0 || (uintptr_t)array->encoded % array->width == 0;
}

/* Fills dst with the count elements from index `at` on (all inside) as `width` bytes each; keeps the low bits. */
void sqa_view_copy(const struct sqa_kernels *kernels, const struct sqa_view *view, size_t at,
                   size_t count, void *dst, unsigned width);

/*
** Rewrites count elements at data from one width to another. Widening needs room for count * to
** bytes and goes backwards through a block of scratch; narrowing keeps the low bits. Where poll stops it the elements
** are undefined.
*/
void sqa_convert_in_place(const struct sqa_kernels *kernels, void *data, size_t count,
                          unsigned from, unsigned to, struct sqa_poll *poll);

#endif
