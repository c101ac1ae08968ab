/*
** Columns of rows: their values are read from an array, and encoded as an array. This file knows
** nothing of SQLite.
**
** Stored arrays are packed if that takes fewer bytes than the plain array (core/packing.h). A block
** of a packed array is decoded when one of its values is needed; one block is kept decoded. The
** range of a block is known without decoding it.
*/
#ifndef SQA_COLUMN_H
#define SQA_COLUMN_H

#include "core/blob.h"
#include "memory/pool.h"

/*
** An array that is read. It is borrowed, unless `owned` is set. All fields except array and size
** are private.
*/
struct sqa_column {
    struct sqa_array array;
    /*
    ** Bytes of the array's blob, whose header precedes array.encoded; 0 if there is no header
    */
    uint64_t size;
    void *owned; /* the buffer of the pool that contains the array, or NULL */
    /*
    ** The elements that can be read, from index `first` on: all elements of a plain array, or those
    ** of the decoded block of a packed one
    */
    struct sqa_view view;
    size_t first;
    /* Only for a packed array: */
    const struct sqa_kernels *kernels;
    struct sqa_packed_cursor blocks;
    unsigned char *unpacked; /* room for the decoded block, in the same buffer */
};

/* Return a column of plain elements, which are borrowed. */
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
** Makes a column that owns a copy of the array, whose blob has `size` bytes. A packed array stays
** packed; plain elements are aligned. Returns false when out of memory.
*/
SQA_MUST_CHECK bool sqa_column_copy(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                                    const struct sqa_array *array, uint64_t size,
                                    struct sqa_column *column);
/*
** Makes a column that owns the elements of any array, at any address, as a plain blob. Returns
** false when out of memory.
*/
SQA_MUST_CHECK bool sqa_column_unpack(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                                      const struct sqa_array *array, struct sqa_column *column);
/* Frees what the column owns. Afterwards it is empty. */
void sqa_column_give(struct sqa_column *column);

/*
** Decodes the block of value i of a packed array. Called by the functions below if value i cannot
** be read yet.
*/
void sqa_column_reach(struct sqa_column *column, size_t i);
/* Returns value i. */
static inline int64_t sqa_column_get(struct sqa_column *column, size_t i) {
    if (i - column->first >= column->view.count)
        sqa_column_reach(column, i);
    return sqa_view_get(&column->view, i - column->first);
}
/*
** Returns the address of value `at`, which is followed by the other values of its block of
** SQA_BLOCK, in the array's width. Valid until a value of another block is read.
*/
static inline const void *sqa_column_block(struct sqa_column *column, size_t at) {
    if (at - column->first >= column->view.count)
        sqa_column_reach(column, at);
    return column->view.data + (at - column->first) * column->view.width;
}
/*
** Returns a range that holds all values of the block of value i. Does not decode the block.
*/
struct sqa_range sqa_column_range(struct sqa_column *column, size_t i);

/* Rows that are read: of a chunk in memory, of a stored chunk, or arrays that a user inserts */
struct sqa_rows {
    size_t n;                   /* number of rows */
    int64_t first;              /* the first rowid */
    struct sqa_column rowids;   /* n plain elements; empty if the rowids have no gap */
    struct sqa_column *columns; /* the columns, with n elements each */
};

/* Returns true if the rowids have no gap. There must be a row. */
static inline bool sqa_rows_dense(const struct sqa_rows *rows) {
    return rows->rowids.view.count != rows->n;
}
/* Returns the rowid of row i. */
static inline int64_t sqa_rows_rowid(const struct sqa_rows *rows, size_t i) {
    return sqa_rows_dense(rows) ? rows->first + (int64_t)i : sqa_view_get(&rows->rowids.view, i);
}
/* Returns how many of the rows have a rowid less than this one. */
size_t sqa_rows_below(const struct sqa_rows *rows, int64_t rowid);
/* Frees what the rows and their columns own. Afterwards n is 0. */
void sqa_rows_give(struct sqa_rows *rows, int columns);

/* A column as it is written: the blob of its array, and the smallest and the largest value */
struct sqa_encoded {
    const void *blob;
    uint64_t size; /* bytes of the blob */
    int64_t min, max;
    void *owned; /* the buffer of the pool that contains the blob; NULL if the column owns it */
};

/*
** Encodes a column of plain elements, which are aligned, and of which there must be one. The caller
** frees encoded->owned with sqa_pool_give(). Returns false when out of memory.
*/
SQA_MUST_CHECK bool sqa_column_encode(const struct sqa_kernels *kernels, struct sqa_pool *pool,
                                      const struct sqa_column *column, struct sqa_encoded *encoded);
/*
** Returns true if the array, which must have an element, is encoded as sqa_column_encode() does it,
** or is plain with the narrowest width.
*/
bool sqa_column_is_canonical(const struct sqa_kernels *kernels, const struct sqa_array *array);

#endif
