/*
** Reads and writes the header of a NumPy .npy file (NEP 1): magic, version 1 to 3, and a
** dictionary in Python's syntax with type and shape. The elements follow as machine integers: see
** machine_ints.h.
**
**     byte  0 .. 5       6      7      8 .. 9 (version 1) or 11        to a multiple of 64
**           93 "NUMPY"   major  minor  size of the rest, LE            {'descr': '<i8', ...}   \
**
*/
#ifndef SQA_NPY_H
#define SQA_NPY_H

#include "core/checked.h"
#include "core/machine_ints.h"

/* The largest number of dimensions: 64 as in NumPy 2; NumPy 1 allows 32. */
enum { SQA_NPY_DIMENSIONS_MOST = 64 };

/*
** The lengths of an array's dimensions, the outermost first. An array without dimensions has one
** element. The elements are in C order: the index of the last dimension changes fastest.
*/
struct sqa_npy_shape {
    unsigned dimensions;
    int64_t lengths[SQA_NPY_DIMENSIONS_MOST]; /* not negative */
};

/* The contents of a header. Points to nothing. */
struct sqa_npy {
    enum sqa_dtype dtype;
    bool big; /* if true, the most significant byte comes first */
    struct sqa_npy_shape shape;
    uint64_t count;  /* number of elements: sqa_npy_count() of the shape */
    uint64_t offset; /* offset of the first element in the file, in bytes */
    char descr[40];  /* the type as written, with quotes, for messages; long ones are cut off */
};

/*
** The names of the types that a file may have, in the order of enum sqa_dtype; the last element
** is NULL.
*/
extern const char *const sqa_npy_dtypes[];

/* Returns true if the bytes begin like a .npy file. Then any error is one of its header. */
bool sqa_npy_recognise(const void *bytes, size_t size);

/*
** Reads the header from the first `size` bytes of a file, and never reads outside of them.
** Returns
** SQA_NPY_SHORT if more bytes are needed; error->b is how many in all,
** SQA_NPY_MAGIC, SQA_NPY_VERSION, SQA_NPY_SYNTAX if this is not such a file,
** SQA_NPY_LONG if the header has more than 1 MiB,
** SQA_NPY_TYPE if the type, which is stored in descr, is not an integer type,
** SQA_NPY_DIMENSIONS, SQA_NPY_LENGTH if struct sqa_npy_shape cannot hold the shape,
** SQA_NPY_FORTRAN if the elements are in Fortran order and this differs from C order.
*/
SQA_MUST_CHECK enum sqa_status sqa_npy_read(const void *bytes, size_t size, struct sqa_npy *npy,
                                            struct sqa_error *error);

/* Returns the number of elements of an array of this shape, or UINT64_MAX if it is too large. */
uint64_t sqa_npy_count(const struct sqa_npy_shape *shape);

/*
** Returns the size of the whole file that the header describes, or UINT64_MAX if it is too large.
*/
static inline uint64_t sqa_npy_size(const struct sqa_npy *npy) {
    return sqa_add_size(npy->offset, sqa_mul_size(npy->count, sqa_dtype_width(npy->dtype)));
}

enum {
    SQA_NPY_HEADER = 128,       /* size of the header of a shape with one dimension */
    SQA_NPY_HEADER_MOST = 1536, /* largest size of a header */
};

/*
** Writes the header of a file in C order, byte for byte like NumPy since 1.23, in version 1.
** Returns its size, a multiple of 64, at most SQA_NPY_HEADER_MOST. If the shape has one
** dimension, it is SQA_NPY_HEADER.
*/
size_t sqa_npy_write(void *bytes, enum sqa_dtype dtype, bool big,
                     const struct sqa_npy_shape *shape);

/* Writes the header for a shape with one dimension of this length: SQA_NPY_HEADER bytes. */
void sqa_npy_write_flat(void *bytes, enum sqa_dtype dtype, bool big, uint64_t count);

#endif
