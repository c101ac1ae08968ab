/*
** A chunk in memory, to be changed: rows of 64-bit integers, a column after the other, in the order
** of their rowids. It knows nothing of SQLite.
**
**     row 0 to sorted - 1      ascending, some of them dead
**     row sorted to n - 1      added in any order
**     row n to capacity - 1    free
**
** Moving many rows for a single one is put off: a row that is deleted stays in its place, dead; one
** that is inserted between others is added behind all, with at most SQA_UNSORTED - 1 like it.
** sqa_chunk_settle() sorts the rows and removes the dead ones: then n rows are alive and ascending.
*/
#ifndef SQA_CHUNK_H
#define SQA_CHUNK_H

#include "store/column.h"

enum { SQA_UNSORTED = 256 };

/* How many of n ascending integers are below x */
size_t sqa_lower_bound(const int64_t *sorted, size_t n, int64_t x);

struct sqa_chunk {
    const struct sqa_kernels *kernels;
    struct sqa_pool *pool;
    int columns;
    size_t n, sorted, dead, capacity;
    int64_t *rowids;  /* NULL: they follow without a gap, and all rows are sorted */
    int64_t first;    /* the rowid of row 0, where rowids is NULL */
    uint8_t *live;    /* 0 for the dead rows, 1 for all others; NULL: none is dead */
    int64_t **column; /* columns of them */
};

/*
** An empty chunk. Gives false without memory. Memory comes from pool; sqa_chunk_free() returns it.
*/
SQA_MUST_CHECK bool sqa_chunk_init(struct sqa_chunk *chunk, const struct sqa_kernels *kernels,
                                   struct sqa_pool *pool, int columns);
void sqa_chunk_free(struct sqa_chunk *chunk);
/* Makes the chunk empty and gives the memory of its rows back. */
void sqa_chunk_clear(struct sqa_chunk *chunk);

/* Rows that are alive */
static inline size_t sqa_chunk_count(const struct sqa_chunk *chunk) {
    return chunk->n - chunk->dead;
}
/* The rowid of row i, dead or alive */
static inline int64_t sqa_chunk_rowid(const struct sqa_chunk *chunk, size_t i) {
    return chunk->rowids == NULL ? chunk->first + (int64_t)i : chunk->rowids[i];
}
/* The largest rowid; there is a row. */
int64_t sqa_chunk_last(const struct sqa_chunk *chunk);

/* True if there is a row with this rowid, row *i. */
bool sqa_chunk_find(const struct sqa_chunk *chunk, int64_t rowid, size_t *i);

/* Those that follow may need memory: they give false without it, and the chunk is as it was. */

/* A row with a rowid that no other row has: row *i, whose values are the caller's to fill in. */
SQA_MUST_CHECK bool sqa_chunk_insert(struct sqa_chunk *chunk, int64_t rowid, size_t *i);
/* Row i is no more. */
SQA_MUST_CHECK bool sqa_chunk_delete(struct sqa_chunk *chunk, size_t i);
/* n rows of rows, from row `at` on, behind all; their rowids are above. The chunk is settled. */
SQA_MUST_CHECK bool sqa_chunk_add(struct sqa_chunk *chunk, const struct sqa_rows *rows, size_t at,
                                  size_t n);
SQA_MUST_CHECK bool sqa_chunk_settle(struct sqa_chunk *chunk);

/* The first n rows, or all rows from row n on, are no more. The chunk is settled. */
void sqa_chunk_drop_front(struct sqa_chunk *chunk, size_t n);
void sqa_chunk_drop_back(struct sqa_chunk *chunk, size_t n);

/*
** n rows of a settled chunk, n > 0, from row `at` on, to be read; columns is room for as many. They
** borrow until the chunk changes.
*/
struct sqa_rows sqa_chunk_rows(const struct sqa_chunk *chunk, size_t at, size_t n,
                               struct sqa_column *columns);

/*
** A copy of all rows of a settled chunk, at least one, with the columns whose bit is in mask;
** rows->columns is the caller's. Gives false without memory. sqa_rows_give() gives it back.
*/
SQA_MUST_CHECK bool sqa_chunk_copy(const struct sqa_chunk *chunk, uint64_t mask,
                                   struct sqa_rows *rows);

/* The bit of a column in a mask of columns: bit 63 stands for all from column 63 on. */
static inline uint64_t sqa_column_bit(int column) {
    return (uint64_t)1 << (column < 63 ? column : 63);
}

#endif
