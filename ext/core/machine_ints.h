/*
** Arrays as packed machine integers, both ways: signed or unsigned, of 1, 2, 4 or 8 bytes, little-
** or big-endian, at any address.
**
** Reading goes in two passes, so that nothing has to be allocated before the size is known: scan
** validates and finds the width; store fills memory of that size. Before writing, check.
*/
#ifndef SQA_MACHINE_INTS_H
#define SQA_MACHINE_INTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/reader.h"
#include "core/status.h"

/* The types; sqa_dtype_width() knows their order. */
enum sqa_dtype {
    SQA_INT8,
    SQA_INT16,
    SQA_INT32,
    SQA_INT64,
    SQA_UINT8,
    SQA_UINT16,
    SQA_UINT32,
    SQA_UINT64,
    SQA_BOOL, /* a byte that is not 0, read as 1; .npy files have it, it has no name of its own */
};

/* The names of those up to SQA_UINT64 as users write them; NULL ends the list. */
extern const char *const sqa_dtype_names[];

/* True if the size bytes at name are a type's name, in any case of letters; then *dtype is it. */
bool sqa_dtype_find(const char *name, size_t size, enum sqa_dtype *dtype);

/* Bytes an element */
static inline unsigned sqa_dtype_width(enum sqa_dtype dtype) {
    return 1u << (dtype % 4); /* SQA_BOOL: 1 */
}

static inline bool sqa_dtype_unsigned(enum sqa_dtype dtype) {
    return dtype >= SQA_UINT8;
}

/* Packed integers to be read. Borrows the bytes. */
struct sqa_machine_ints {
    const void *data;
    size_t size; /* bytes */
    enum sqa_dtype dtype;
    bool big; /* most significant byte first */
    /* filled by sqa_machine_ints_scan */
    size_t count; /* elements */
    uint64_t sig; /* sqa_sig_width() of it is the width that holds every element */
};

/*
** Validates all elements and fills count and sig. SQA_INTS_SIZE: size is no multiple of the type's
** width. SQA_UNSIGNED: error->a is the first element (from 1) that is over INT64_MAX, error->b its value as unsigned.
*/
SQA_MUST_CHECK enum sqa_status sqa_machine_ints_scan(const struct sqa_kernels *kernels,
                                                     struct sqa_machine_ints *ints,
                                                     struct sqa_error *error);

/*
** Fills dst with ints->count elements of width bytes: aligned for it, at least sqa_sig_width(sig).
*/
void sqa_machine_ints_store(const struct sqa_kernels *kernels, const struct sqa_machine_ints *ints,
                            void *dst, unsigned width);

/* SQA_OK if dtype holds every element; SQA_RANGE: error->a is the first that it does not, error->b its value. */
SQA_MUST_CHECK enum sqa_status sqa_machine_ints_check(const struct sqa_kernels *kernels,
                                                      const struct sqa_array *array,
                                                      enum sqa_dtype dtype,
                                                      struct sqa_error *error);

/* Fills dst with array->count elements of dtype, of which it keeps the low bits. */
void sqa_machine_ints_write(const struct sqa_kernels *kernels, const struct sqa_array *array,
                            enum sqa_dtype dtype, bool big, void *dst);

#endif
