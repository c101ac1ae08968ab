/*
** The structures that the files of array_store share: a virtual table object, and what is in memory
** of its table. The files, from the lowest to the highest:
**
**     definition.c        reads the definition of a column in CREATE VIRTUAL TABLE
**     layout.c            reads the other arguments; the columns of the shadow tables
**     statements.c        the SQL of the kept statements
**     column.c            the values of a column: reads them from an array, encodes them as one
**     chunk.c             a chunk in memory that can be changed
**     totals.c            totals of the table, for estimates
**     chunk_io.c          reads chunks from the shadow tables and writes them
**     stored_array.c      reads and changes one value of a stored array
**     point.c             reads and changes one row of a stored chunk
**     open_chunk_write.c  writes the open chunk
**     open_chunk.c        decides which chunk is open, and inserts rows into it
**     chunk_scan.c        goes through all chunks in order, including the open one
**     planner.c           xBestIndex: which conditions a query has, and what it will cost
**     conditions.c        the values of these conditions
**     point_reader.c      reads one stored row, column by column
**     row_queue.c         keeps the next rows in the order of a column
**     ordered_scan.c      gives rows in the order of a column: ORDER BY, min and max
**     store_cursor.c      the cursor
**     integrity.c         checks everything
**     merge.c             merges small chunks; the other commands
**     row_values.c        reads the values that a statement writes
**     rows.c              inserts, changes and deletes single rows
**     array_rows.c        inserts arrays, which are as many rows as they have elements
**     update.c            xUpdate
**     store_object.c      makes and frees objects; the form for vtab/
**     chunks_cursor.c     the cursor of NAME_chunks
**     chunks_table.c      the module of NAME_chunks
**     module.c            the module of array_store
**
** Rows that a transaction writes are collected in the open chunk, the only chunk in memory. It is
** written to the shadow tables before another chunk is opened, at a savepoint, and at the commit
** (vtab/transaction.h). Until then all readers use it instead of the stored chunk. So a rollback
** only has to forget it.
**
** Failures are recorded in the status of the object, see vtab/vtab.h.
*/
#ifndef SQA_STORE_H
#define SQA_STORE_H

#include "store/chunk.h"
#include "store/layout.h"
#include "vtab/transaction.h"

/*
** The fields of a row of NAME_headers except min and max of the columns. `first`, the first rowid,
** is the id of the chunk. See layout.h.
*/
struct sqa_chunk_header {
    int64_t first, last, n, arrays;
};
/* Returns true if the rowids run from first to last without a gap. */
static inline bool sqa_chunk_header_dense(const struct sqa_chunk_header *header) {
    return (uint64_t)header->last - (uint64_t)header->first == (uint64_t)header->n - 1;
}
enum { SQA_MIN_MAX_AT = 4 }; /* index of the first column's min in a row of NAME_headers */

/*
** The chunk that is in memory and can be changed. All rowids from lo to hi belong to it; if hi is
** the largest integer, it is the last chunk. Whether it has to be written is memory->base.is_dirty.
*/
struct sqa_open_chunk {
    bool is_open;           /* true if a chunk is open, which may have no rows */
    struct sqa_chunk chunk; /* its rows */
    int64_t lo, hi;
    bool reshaped;     /* rows were added or removed since it was last written */
    uint64_t changed;  /* if not: a mask of the columns that have changed since then */
    bool follows_full; /* it has no rows yet, and the chunk before it is full */
    bool stored;       /* it was written: the shadow tables contain it with the fields below */
    int64_t id, arrays, stored_n; /* its id, the id of its first array, and its number of rows */
};

/* Identifies a row: its index (from 0) in the stored chunk with this header */
struct sqa_point {
    struct sqa_chunk_header header;
    size_t row;
};

enum { SQA_ROWID = -1 }; /* stands for the rowid where the number of a column is expected */

/* Totals of the table, for estimates: see totals.h. */
struct sqa_totals {
    bool known;
    bool is_changed;     /* true if the running transaction has changed them */
    int64_t version;     /* PRAGMA data_version when they were read */
    double rows, chunks; /* numbers of rows and chunks */
    /*
    ** For the rowid and then for each column: the smallest and the largest value, and the average
    ** of max - min over the chunks
    */
    struct {
        double min, max, span;
    } * columns;
};

/* The memory of a table, shared by all of its objects (see vtab/table_memory.h) */
struct sqa_store_memory {
    struct sqa_memory base;
    struct sqa_open_chunk open;
    /* The row that the last xFilter has found, if it was for a single row: see sqa_point_keep(). */
    struct sqa_point found;
    int64_t found_rowid; /* its rowid */
    int64_t found_at;    /* base.changes when it was found; -1 if no row was found */
    int64_t point_id;    /* id of the chunk that was last changed in place in this transaction */
    int points;          /* number of its rows that were changed in succession */
    struct sqa_totals totals;
    int64_t readers;      /* number of cursors of NAME_chunks that have not reached their end */
    int64_t readers_last; /* the largest rowid when the newest of them began */
};

/* A virtual table object, of an array_store or of its NAME_chunks */
struct sqa_store {
    struct sqa_vtab base;
    struct sqa_layout layout;
    struct sqa_store_memory *memory; /* the same as base.memory */
    struct sqa_column *columns;      /* space for the columns of a chunk; valid for one function */
    int64_t *values;                 /* space for the values of a row */
};

/* Returns the largest number of rows of a chunk, which NAME_config stores. */
static inline int64_t sqa_chunk_limit(const struct sqa_store *store) {
    return store->base.options[0];
}

/*
** Fails with SQLITE_CORRUPT_VTAB and a message that says what is wrong with the chunk with this
** id: "array_store: chunk ID of NAME WHAT".
*/
void sqa_store_corrupt(struct sqa_store *store, int64_t id, const char *what);

#endif
