/*
** Conversion between arrays and machine integers: signed or unsigned, of 1, 2, 4 or 8 bytes,
** little- or big-endian, at any address.
**
** Reading takes two passes, so that the size is known before memory is allocated: scan checks the
** integers and finds the width, store fills memory of the right size. Before writing, check tests
** whether the type holds all elements.
*/
#ifndef SQA_MACHINE_INTS_H
#define SQA_MACHINE_INTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/reader.h"
#include "core/status.h"

/* The types. sqa_dtype_width() depends on their order. */
enum sqa_dtype {
    SQA_INT8,
    SQA_INT16,
    SQA_INT32,
    SQA_INT64,
    SQA_UINT8,
    SQA_UINT16,
    SQA_UINT32,
    SQA_UINT64,
    SQA_BOOL, /* a byte; any value but 0 is read as 1; only for .npy files */
};

/* The names of the types up to SQA_UINT64; the last element is NULL. */
extern const char *const sqa_dtype_names[];

/*
** Returns true if the `size` bytes at name are the name of a type, in upper or lower case, and
** sets *dtype.
*/
bool sqa_dtype_find(const char *name, size_t size, enum sqa_dtype *dtype);

/* Returns the bytes of an integer of this type. */
static inline unsigned sqa_dtype_width(enum sqa_dtype dtype) {
    return 1u << (dtype % 4); /* SQA_BOOL has 1 byte */
}

static inline bool sqa_dtype_unsigned(enum sqa_dtype dtype) {
    return dtype >= SQA_UINT8;
}

/* Machine integers to be read. `bytes` is borrowed. */
struct sqa_machine_ints {
    const void *data;
    size_t size; /* number of bytes */
    enum sqa_dtype dtype;
    bool big; /* if true, the most significant byte comes first */
    /* set by sqa_machine_ints_scan() */
    size_t count; /* number of elements */
    uint64_t sig; /* their significance; sqa_sig_width(sig) is the width that they need */
};

/*
** Checks all elements and sets count and sig. Returns SQA_INTS_SIZE if size is not a multiple of
** the type's width. Returns SQA_UNSIGNED if an element is greater than INT64_MAX; error->a is its
** number (from 1) and error->b its bits.
*/
SQA_MUST_CHECK enum sqa_status sqa_machine_ints_scan(const struct sqa_kernels *kernels,
                                                     struct sqa_machine_ints *ints,
                                                     struct sqa_error *error);

/*
** Fills dst with the ints->count elements, each `width` bytes wide, which must be at least
** sqa_sig_width(ints->sig). dst must be aligned for this width.
*/
void sqa_machine_ints_store(const struct sqa_kernels *kernels, const struct sqa_machine_ints *ints,
                            void *dst, unsigned width);

/*
** Returns SQA_OK if dtype can hold every element. Otherwise returns SQA_RANGE; error->a is the
** number (from 1) of the first element that does not fit, and error->b its value.
*/
SQA_MUST_CHECK enum sqa_status sqa_machine_ints_check(const struct sqa_kernels *kernels,
                                                      const struct sqa_array *array,
                                                      enum sqa_dtype dtype,
                                                      struct sqa_error *error);

/* Fills dst with the elements as integers of type dtype. Higher bits are cut off. */
void sqa_machine_ints_write(const struct sqa_kernels *kernels, const struct sqa_array *array,
                            enum sqa_dtype dtype, bool big, void *dst);

#endif
