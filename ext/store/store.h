/*
** What the files of array_store share: an object, what it keeps in memory, its messages. From the
** lowest to the highest:
**
**     layout.c        the arguments, the columns of the shadow tables
**     statements.c    the SQL of the kept statements
**     column.c        values read from an array, and written as the one that is kept
**     chunk.c         a chunk in memory, to be changed
**     totals.c        totals of the table, for estimates
**     chunk_io.c      chunks read from the shadow tables and written to them
**     stored_array.c  arrays of chunks read and changed where they stand
**     point.c         rows of stored chunks read and changed where they stand
**     open_chunk_write.c  the chunk that is being changed, how it is written
**     open_chunk.c    which chunk that is, and rows that come into it
**     chunk_scan.c    all chunks in order, the open one among them
**     planner.c       xBestIndex: which conditions a query has, and what it will cost
**     conditions.c    the values of these conditions
**     point_reader.c  one row read where it is stored, column by column
**     row_queue.c     rows that wait for their turn in the order of a column
**     ordered_scan.c  rows in the order of a column: ORDER BY, min and max
**     store_cursor.c  the cursor: the chunks and rows that meet the conditions
**     integrity.c     everything checked
**     merge.c         small chunks made one; the commands
**     row_values.c    the values of a statement read
**     rows.c          rows inserted, changed and deleted, one at a time
**     array_rows.c    arrays inserted, as many rows
**     update.c        xUpdate
**     store_object.c  objects made and freed, how vtab/ sees them
**     chunks_cursor.c the cursor of NAME_chunks
**     chunks_table.c  the module of NAME_chunks
**     module.c        the methods of array_store
**
** Rows that are written inside a transaction gather in the open chunk: one chunk in memory. It is
** written to the shadow tables before another chunk takes its place, at a savepoint and at the
** commit (vtab/transaction.h). What reads takes it from memory in place of the one that is stored.
** A rollback of any kind has only to forget it.
**
** Failures are noted in the object's status, as vtab/vtab.h says.
*/
#ifndef SQA_STORE_H
#define SQA_STORE_H

#include "store/chunk.h"
#include "store/layout.h"
#include "vtab/transaction.h"

/* What NAME_headers says of a chunk, beside its columns: first is its id. See layout.h. */
struct sqa_chunk_header {
    int64_t first, last, n, arrays;
};
/* Do the rowids run from first to last without a gap? */
static inline bool sqa_chunk_header_dense(const struct sqa_chunk_header *header) {
    return (uint64_t)header->last - (uint64_t)header->first == (uint64_t)header->n - 1;
}
enum { SQA_MIN_MAX_AT = 4 }; /* where min and max of the columns begin in a row of NAME_headers */

/*
** The chunk that is in memory to be changed, if any. All rowids from lo to hi belong to it; where
** hi is the largest integer it is the last chunk. What of it is not written memory->base.is_dirty
** tells.
*/
struct sqa_open_chunk {
    bool is_open;           /* there is one, perhaps without rows */
    struct sqa_chunk chunk; /* its rows */
    int64_t lo, hi;
    bool reshaped;     /* rows have come or gone since it was written */
    uint64_t changed;  /* otherwise: a mask of the columns that have changed since then */
    bool follows_full; /* it has no rows yet, and the chunk before it is full */
    bool stored;       /* the shadow tables have it as well */
    int64_t id, arrays, stored_n; /* its id, where its arrays are, and how many rows it has there */
};

/* A row: which one (from 0) of the stored chunk with this header */
struct sqa_point {
    struct sqa_chunk_header header;
    size_t row;
};

enum { SQA_ROWID = -1 }; /* as the number of a column */

/* Totals of the table, for estimates: see totals.h. */
struct sqa_totals {
    bool known;
    bool is_changed; /* in the running transaction */
    int64_t version; /* of the data, as PRAGMA data_version has it */
    double rows, chunks;
    /*
    ** Of the rowid and then of each column: the least and the largest value, and how far a chunk
    ** reaches on average
    */
    struct {
        double min, max, span;
    } * columns;
};

/* What is in memory of a table, shared by all objects for it */
struct sqa_store_memory {
    struct sqa_memory base;
    struct sqa_open_chunk open;
    /* The row that the last xFilter has found, if it was for a single row: see sqa_point_keep(). */
    struct sqa_point found;
    int64_t found_rowid; /* its rowid */
    int64_t found_at;    /* how many changes of memory there had been; -1: no row was found */
    int64_t point_id;    /* the chunk that was changed in place last in this transaction */
    int points;          /* how many of its rows were changed in succession */
    struct sqa_totals totals;
    int64_t readers;      /* cursors of NAME_chunks that have not come to their end */
    int64_t readers_last; /* the last rowid when the newest of them began */
};

struct sqa_store {
    struct sqa_vtab base;
    struct sqa_layout layout;
    struct sqa_store_memory *memory; /* which is base.memory, too */
    struct sqa_column *columns;      /* for a chunk that is read or written */
    int64_t *values;                 /* of a row */
};

/* The most rows of a chunk, as NAME_config says */
static inline int64_t sqa_chunk_limit(const struct sqa_store *store) {
    return store->base.options[0];
}

/* Fails with SQLITE_CORRUPT_VTAB: the chunk with this id is damaged. */
void sqa_store_corrupt(struct sqa_store *store, int64_t id, const char *what);

#endif
