/*
** Arrays as C values: encoded arrays, as they are in a blob, and views of plain elements in
** memory. Both point to memory that they do not own. core/blob.h and core/packed.h describe the
** encodings.
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

enum { SQA_HEADER = 8 }; /* size of a blob's header, which precedes everything else */

/*
** A valid array in its encoded form. `encoded` points to memory that somebody else owns. Only
** core/blob and core/packed know the encoding; all other code reads the elements with
** core/reader.h or asks for a view.
*/
struct sqa_array {
    const unsigned char *encoded; /* the bytes after the header, at any address; never NULL */
    size_t count;                 /* number of elements */
    unsigned width;               /* bytes of a plain element: 1, 2, 4 or 8 */
    /*
    ** If the array is packed: the number of elements in the blob, and the index of the first one
    ** that belongs to this array. If it is plain, packed_count is 0.
    */
    size_t packed_count, packed_first;
};

/* Plain elements in memory that somebody else owns. Allows random access. */
struct sqa_view {
    const unsigned char *data; /* count * width bytes at any address; never NULL */
    size_t count;              /* number of elements */
    unsigned width;            /* bytes of an element: 1, 2, 4 or 8 */
};

/*
** Returns the empty array. Its pointer is not NULL, so that it can be used in address arithmetic.
*/
static inline struct sqa_array sqa_array_empty(void) {
    static const unsigned char nothing[1] = {0};
    return (struct sqa_array){nothing, 0, 1, 0, 0};
}
static inline struct sqa_view sqa_view_empty(void) {
    return (struct sqa_view){sqa_array_empty().encoded, 0, 1};
}

/* Returns the view as an array in the plain encoding, which points to the same elements. */
static inline struct sqa_array sqa_array_of(const struct sqa_view *view) {
    return (struct sqa_array){view->data, view->count, view->width, 0, 0};
}

/*
** If the array is plain, sets *view to its elements and returns true. Otherwise leaves *view
** unchanged.
*/
static inline bool sqa_array_is_plain(const struct sqa_array *array, struct sqa_view *view) {
    if (array->packed_count > 0)
        return false;
    *view = (struct sqa_view){array->encoded, array->count, array->width};
    return true;
}

/*
** Returns element i (from 0, i < count). Inline because a function call takes longer than the
** load.
*/
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

/*
** Returns `count` elements from index `start` on, all of which must exist, as a view of the same
** memory.
*/
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

/*
** Returns true if the address is aligned for elements of `width` bytes. The compiler does not know
** that the width is a power of two, and a division would take as long as a small kernel.
*/
static inline bool sqa_is_aligned(const void *elements, unsigned width) {
    return ((uintptr_t)elements & (width - 1)) == 0;
}
/* Returns true if the elements are aligned for their width. */
static inline bool sqa_view_aligned(const struct sqa_view *view) {
    return sqa_is_aligned(view->data, view->width);
}
/* Returns false if the block reader has to copy the elements only because they are not aligned. */
static inline bool sqa_array_aligned(const struct sqa_array *array) {
    return array->packed_count > 0 || sqa_is_aligned(array->encoded, array->width);
}

/*
** Copies `count` elements from index `at` on, all of which must exist, to dst, each `width` bytes
** wide. Higher bits are cut off.
*/
void sqa_view_copy(const struct sqa_kernels *kernels, const struct sqa_view *view, size_t at,
                   size_t count, void *dst, unsigned width);

/*
** Converts `count` elements at data from one width to another, in place. For widening, data needs
** room for count * to bytes. Narrowing cuts off the higher bits. If the poll stops the work, the
** elements are undefined.
*/
void sqa_convert_in_place(const struct sqa_kernels *kernels, void *data, size_t count,
                          unsigned from, unsigned to, struct sqa_poll *poll);

#endif
