/*
** Columns of rows: values that are read from an array, and written as one. It knows nothing of
** SQLite.
**
** Arrays that are stored are packed where that takes fewer bytes than the plain array
** (core/packing.h). Of a packed array one block at a time is unpacked, when a value in it is asked
** for; what base and bits say of a block needs no unpacking.
*/
#ifndef SQA_COLUMN_H
#define SQA_COLUMN_H

#include "core/blob.h"
#include "memory/pool.h"

/*
** An array to be read, which somebody else owns, or the column. Its fields are private, all but the
** array and the size.
*/
struct sqa_column {
    struct sqa_array array;
    uint64_t size; /* of the blob that it is, with the header before array.encoded; 0: it is none */
    /* The buffer of the pool's that the array stands in, for sqa_column_give(), or NULL. */
    void *owned;
    /*
    ** The elements that can be read, from index `first` on: all, or those of one block of a packed
    ** array
    */
    struct sqa_view view;
    size_t first;
    /* Of a packed array: */
    const struct sqa_kernels *kernels;
    struct sqa_packed_cursor blocks;
    unsigned char *unpacked; /* room for a block, in the same buffer */
};

/* A column of plain elements, which it borrows */
static inline struct sqa_column sqa_column_of_view(const struct sqa_view *view) {
    return (struct sqa_column){.array = sqa_array_of(view), .view = *view};
}
static inline struct sqa_column sqa_column_of(const int64_t *elements, size_t n) {
    const struct sqa_view view = {(const unsigned char *)elements, n, sizeof *elements};
    return sqa_column_of_view(&view);
}
static inline struct sqa_column sqa_column_empty(void) {
    const struct sqa_view none = sqa_view_empty();
    return sqa_column_of_view(&none);
}
/*
** A copy of a blob that sqa_blob_array() has found to be `array`; plain elements are aligned. Gives
** false without memory.
*/
SQA_MUST_CHECK bool sqa_column_copy(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                                    const struct sqa_array *array, uint64_t size,
                                    struct sqa_column *column);
/*
** A column of the elements of an array, of any form and at any address, in a plain blob that it
** owns. Gives false without memory.
*/
SQA_MUST_CHECK bool sqa_column_unpack(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                                      const struct sqa_array *array, struct sqa_column *column);
/* Gives back what the column owns; it is empty afterwards. */
void sqa_column_give(struct sqa_column *column);

/* Makes value i one of those that can be read, by unpacking its block; it is not yet. */
void sqa_column_reach(struct sqa_column *column, size_t i);
/* Value i */
static inline int64_t sqa_column_get(struct sqa_column *column, size_t i) {
    if (i - column->first >= column->view.count)
        sqa_column_reach(column, i);
    return sqa_view_get(&column->view, i - column->first);
}
/*
** The values from value `at` to the end of its block of SQA_BLOCK: elements of the array's width,
** until another block is read
*/
static inline const void *sqa_column_block(struct sqa_column *column, size_t at) {
    if (at - column->first >= column->view.count)
        sqa_column_reach(column, at);
    return column->view.data + (at - column->first) * column->view.width;
}
/* Values of the block that value i is in are in this range, which is known without unpacking it. */
struct sqa_range sqa_column_range(struct sqa_column *column, size_t i);

/* Rows to be read: of a chunk, of an array_store's stored chunk, or that a user gives. */
struct sqa_rows {
    size_t n;
    int64_t first;              /* the first rowid */
    struct sqa_column rowids;   /* all n of them, plain; or none where they follow without a gap */
    struct sqa_column *columns; /* n elements in each */
};

/* True if the rows have their rowids without a gap. */
static inline bool sqa_rows_dense(const struct sqa_rows *rows) {
    return rows->rowids.view.count != rows->n;
}
/* The rowid of row i */
static inline int64_t sqa_rows_rowid(const struct sqa_rows *rows, size_t i) {
    return sqa_rows_dense(rows) ? rows->first + (int64_t)i : sqa_view_get(&rows->rowids.view, i);
}
/* How many of the rows, which are in the order of their rowids, have a rowid below this one */
size_t sqa_rows_below(const struct sqa_rows *rows, int64_t rowid);
/* Gives back what the rows own; they are none afterwards. */
void sqa_rows_give(struct sqa_rows *rows, int columns);

/* Values as they are written: an array, and the least and the largest of them */
struct sqa_encoded {
    const void *blob;
    uint64_t size;
    int64_t min, max;
    void *owned; /* the buffer for sqa_pool_give() that blob is in; NULL: it is the column's */
};

/*
** Encodes the values of a column of plain elements, aligned, one at least. Gives false without
** memory.
*/
SQA_MUST_CHECK bool sqa_column_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                                      const struct sqa_column *column, struct sqa_encoded *encoded);
/*
** Are these elements, one at least, encoded as sqa_column_encode() does it, or as the narrowest
** plain array?
*/
bool sqa_column_is_canonical(const struct sqa_kernels *kernels, const struct sqa_array *array);

#endif
