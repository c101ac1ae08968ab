/*
** A chunk in memory, to be changed: rows of 64-bit integers, a column after the other, in the order of
** their rowids. It knows nothing of SQLite.
**
**     row 0 to sorted - 1      ascending, some of them dead
**     row sorted to n - 1      added in any order
**     row n to capacity - 1    free
**
** Moving many rows for a single one is put off: a row that is deleted stays in its place, dead; one that is inserted
** between others is added behind all, with at most SQA_UNSORTED - 1 like it. sqa_chunk_settle() sorts the rows and
** removes the dead ones: then n rows are alive and ascending.
*/
#ifndef SQA_CHUNK_H
#define SQA_CHUNK_H

#include "core/blob.h"
#include "memory/pool.h"

enum { SQA_UNSORTED = 256 };

/* How many of n ascending integers are below x */
size_t sqa_lower_bound(const int64_t *sorted, size_t n, int64_t x);

/* Values to be read: the elements of the view, each plus base, modulo 2^64 */
struct sqa_column {
    struct sqa_view view;
    int64_t base;
    /* The buffer of the pool's that the view borrows from, for sqa_rows_give(), or NULL. */
    void *owned;
};

/* Rows to be read: of a chunk, of an array_store's stored chunk, or that a user gives. */
struct sqa_rows {
    size_t n;
    int64_t first;              /* the first rowid */
    struct sqa_column rowids;   /* all n of them, or none where they follow without a gap */
    struct sqa_column *columns; /* n elements in each */
    bool are_arrays; /* a column's elements stand behind the header of an array of them */
};

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

/* An empty chunk. Gives false without memory. Memory comes from pool; sqa_chunk_free() returns it. */
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

/* A column that borrows these elements, or none. */
static inline struct sqa_column sqa_column_of(const int64_t *elements, size_t n) {
    return (struct sqa_column){.view = {(const unsigned char *)elements, n, sizeof *elements}};
}
static inline struct sqa_column sqa_column_empty(void) {
    return (struct sqa_column){.view = sqa_view_empty()};
}
/* Value i of a column */
static inline int64_t sqa_column_get(const struct sqa_column *column, size_t i) {
    return (int64_t)((uint64_t)sqa_view_get(&column->view, i) + (uint64_t)column->base);
}

/*
** A copy of all rows of a settled chunk, at least one, with the columns whose bit is in mask; rows->columns is the
** caller's. Gives false without memory. sqa_rows_give() gives it back.
*/
SQA_MUST_CHECK bool sqa_chunk_copy(const struct sqa_chunk *chunk, uint64_t mask,
                                   struct sqa_rows *rows);

/* The bit of a column in a mask of columns: bit 63 stands for all from column 63 on. */
static inline uint64_t sqa_column_bit(int column) {
    return (uint64_t)1 << (column < 63 ? column : 63);
}

/* The rowid of row i; and whether rows have their rowids without a gap */
static inline bool sqa_rows_dense(const struct sqa_rows *rows) {
    return rows->rowids.view.count != rows->n;
}
static inline int64_t sqa_rows_rowid(const struct sqa_rows *rows, size_t i) {
    return sqa_rows_dense(rows) ? rows->first + (int64_t)i : sqa_column_get(&rows->rowids, i);
}
/* How many of the rows, which are in the order of their rowids, have a rowid below this one */
size_t sqa_rows_below(const struct sqa_rows *rows, int64_t rowid);
/* Gives back what the rows own; they are none afterwards. */
void sqa_rows_give(struct sqa_rows *rows, int columns);

#endif
