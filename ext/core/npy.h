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

/* The most dimensions of a shape: NumPy 2 has no more, NumPy 1 no more than 32. */
enum { SQA_NPY_DIMENSIONS_MOST = 64 };

/*
** The lengths of an array's dimensions, the outermost first. Of no dimension the array is one element. The elements are
** in C order: the index of the last dimension changes from each one to the next.
*/
struct sqa_npy_shape {
    unsigned dimensions;
    int64_t lengths[SQA_NPY_DIMENSIONS_MOST]; /* 0 or more */
};

/* What a header says. Borrows nothing. */
struct sqa_npy {
    enum sqa_dtype dtype;
    bool big; /* most significant byte first */
    struct sqa_npy_shape shape;
    uint64_t count;  /* elements: sqa_npy_count() of the shape */
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
** SQA_NPY_SYNTAX: no such file, or one with a header of more than 1 MiB. SQA_NPY_TYPE: descr is filled, and no type of
** integers. SQA_NPY_DIMENSIONS, SQA_NPY_LENGTH: a shape that struct sqa_npy_shape cannot hold. SQA_NPY_FORTRAN: the
** index of the first dimension changes from each element to the next, and more than one dimension is longer than 1.
*/
SQA_MUST_CHECK enum sqa_status sqa_npy_read(const void *bytes, size_t size, struct sqa_npy *npy,
                                            struct sqa_error *error);

/* How many elements an array of this shape has; UINT64_MAX is over every limit. */
uint64_t sqa_npy_count(const struct sqa_npy_shape *shape);

/* Bytes of the whole file that the header describes, or UINT64_MAX: over every limit. */
static inline uint64_t sqa_npy_size(const struct sqa_npy *npy) {
    return sqa_add_size(npy->offset, sqa_mul_size(npy->count, sqa_dtype_width(npy->dtype)));
}

enum {
    SQA_NPY_HEADER = 128,       /* the size of every header of one dimension that is written */
    SQA_NPY_HEADER_MOST = 1536, /* and the most of any number of dimensions */
};

/*
** Writes the header of a file in C order, the same as NumPy does since 1.23: version 1. Gives its size, as many bytes as it
** fills: a multiple of 64, up to SQA_NPY_HEADER_MOST, and SQA_NPY_HEADER where the shape has one dimension.
*/
size_t sqa_npy_write(void *bytes, enum sqa_dtype dtype, bool big,
                     const struct sqa_npy_shape *shape);

/* The same of one dimension: fills SQA_NPY_HEADER bytes. */
void sqa_npy_write_flat(void *bytes, enum sqa_dtype dtype, bool big, uint64_t count);

#endif
