/*
** A chunk in memory that can be changed: rows of 64-bit integers, stored as columns, in the order
** of their rowids. This file knows nothing of SQLite.
**
**     row 0 to sorted - 1      ascending, some of them dead
**     row sorted to n - 1      in any order, all alive
**     row n to capacity - 1    free
**
** Inserting or deleting a single row does not move others: a deleted row becomes dead and stays in
** its place, and a row that belongs between others is added at the end, where there are at most
** SQA_UNSORTED such rows. sqa_chunk_settle() sorts the rows and removes the dead ones. Afterwards
** all n rows are alive and ascending; such a chunk is called settled.
*/
#ifndef SQA_CHUNK_H
#define SQA_CHUNK_H

#include "store/column.h"

enum { SQA_UNSORTED = 256 };

/* Returns how many of n ascending integers are less than x. */
size_t sqa_lower_bound(const int64_t *sorted, size_t n, int64_t x);

struct sqa_chunk {
    const struct sqa_kernels *kernels;
    struct sqa_pool *pool;
    int columns;                      /* number of columns */
    size_t n, sorted, dead, capacity; /* numbers of rows, see above */
    int64_t *rowids;                  /* NULL if they have no gap and all rows are sorted */
    int64_t first;                    /* the rowid of row 0, if rowids is NULL */
    uint8_t *live;    /* 0 for dead rows, 1 for all others; NULL if no row is dead */
    int64_t **column; /* the values of each column */
};

/*
** Makes an empty chunk. Its memory comes from the pool and is freed by sqa_chunk_free(). Returns
** false when out of memory.
*/
SQA_MUST_CHECK bool sqa_chunk_init(struct sqa_chunk *chunk, const struct sqa_kernels *kernels,
                                   struct sqa_pool *pool, int columns);
void sqa_chunk_free(struct sqa_chunk *chunk);
/* Removes all rows and frees their memory. */
void sqa_chunk_clear(struct sqa_chunk *chunk);

/* Returns the number of rows that are alive. */
static inline size_t sqa_chunk_count(const struct sqa_chunk *chunk) {
    return chunk->n - chunk->dead;
}
/* Returns the rowid of row i, dead or alive. */
static inline int64_t sqa_chunk_rowid(const struct sqa_chunk *chunk, size_t i) {
    return chunk->rowids == NULL ? chunk->first + (int64_t)i : chunk->rowids[i];
}
/* Returns the largest rowid of the rows that are alive, of which there must be one. */
int64_t sqa_chunk_last(const struct sqa_chunk *chunk);

/* Returns true if there is a row with this rowid, and sets *i to its number. */
bool sqa_chunk_find(const struct sqa_chunk *chunk, int64_t rowid, size_t *i);

/*
** The next functions return false when out of memory; then the chunk is unchanged.
*/

/*
** Adds a row with a rowid that no other row has, and sets *i to its number. The caller stores the
** values.
*/
SQA_MUST_CHECK bool sqa_chunk_insert(struct sqa_chunk *chunk, int64_t rowid, size_t *i);
/* Deletes row i. */
SQA_MUST_CHECK bool sqa_chunk_delete(struct sqa_chunk *chunk, size_t i);
/*
** Appends n of `rows`, from row `at` on, whose rowids are greater than all in the chunk. The chunk
** must be settled.
*/
SQA_MUST_CHECK bool sqa_chunk_add(struct sqa_chunk *chunk, const struct sqa_rows *rows, size_t at,
                                  size_t n);
/* Sorts the rows and removes the dead ones. */
SQA_MUST_CHECK bool sqa_chunk_settle(struct sqa_chunk *chunk);

/* Remove the first n rows, or all rows from row n on. The chunk must be settled. */
void sqa_chunk_drop_front(struct sqa_chunk *chunk, size_t n);
void sqa_chunk_drop_back(struct sqa_chunk *chunk, size_t n);

/*
** Returns n > 0 rows of a settled chunk, from row `at` on. They point into the chunk and are valid
** until it changes. `columns` has room for the columns.
*/
struct sqa_rows sqa_chunk_rows(const struct sqa_chunk *chunk, size_t at, size_t n,
                               struct sqa_column *columns);

/*
** Copies all rows of a settled chunk, of which there must be one, with the columns whose bit is in
** mask. rows->columns is memory of the caller. The caller frees the copy with sqa_rows_give().
** Returns false when out of memory.
*/
SQA_MUST_CHECK bool sqa_chunk_copy(const struct sqa_chunk *chunk, uint64_t mask,
                                   struct sqa_rows *rows);

/*
** Returns the bit of a column in a mask of columns. As in SQLite's colUsed, bit 63 stands for all
** columns from 63 on.
*/
static inline uint64_t sqa_column_bit(int column) {
    return (uint64_t)1 << (column < 63 ? column : 63);
}

#endif
