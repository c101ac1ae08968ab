/*
** The header of a NumPy .npy file, both ways (NEP 1): magic, version 1 to 3, and a dictionary in the
** syntax of Python that tells type and shape. Then come the elements, packed: see machine_ints.h.
**
**     byte  0 .. 5       6      7      8 .. 9 (version 1) or 11        to a multiple of 64
**           93 "NUMPY"   major  minor  size of the rest, LE            {'descr': '<i8', ...}   \n
*/
#ifndef SQA_NPY_H
#define SQA_NPY_H

#include "core/checked.h"
#include "core/machine_ints.h"

/* What a header says. Borrows nothing. */
struct sqa_npy {
    enum sqa_dtype dtype;
    bool big;        /* most significant byte first */
    uint64_t count;  /* elements; over every limit it is UINT64_MAX */
    uint64_t offset; /* of the first element's byte, from the file's first */
    char descr[40];  /* the type as written, quotes included, for people; cut where it is long */
};

/* The names of the types that a file may have, numbered as enum sqa_dtype; NULL ends the list. */
extern const char *const sqa_npy_dtypes[];

/* Is this how a .npy file begins? Then whatever is wrong with it is an error of its header. */
bool sqa_npy_recognise(const void *bytes, size_t size);

/*
** Reads a header from the first `size` bytes of a file; nothing is read outside. SQA_NPY_SHORT: it goes
** on after them, error->b bytes are needed to go on. SQA_NPY_MAGIC, SQA_NPY_VERSION, SQA_NPY_LONG,
** SQA_NPY_SYNTAX: no such file, or one with a header of more than 1 MiB. SQA_NPY_TYPE: descr is filled, and no type of integers; SQA_NPY_SHAPE:
** not one dimension.
*/
SQA_MUST_CHECK enum sqa_status sqa_npy_read(const void *bytes, size_t size, struct sqa_npy *npy,
                                            struct sqa_error *error);

/* Bytes of the whole file that the header describes, or UINT64_MAX: over every limit. */
static inline uint64_t sqa_npy_size(const struct sqa_npy *npy) {
    return sqa_add_size(npy->offset, sqa_mul_size(npy->count, sqa_dtype_width(npy->dtype)));
}

/* The size of every header that is written: the longest dictionary fits. */
enum { SQA_NPY_HEADER = 128 };

/* Fills SQA_NPY_HEADER bytes, the same as NumPy: version 1. */
void sqa_npy_write(void *bytes, enum sqa_dtype dtype, bool big, uint64_t count);

#endif
