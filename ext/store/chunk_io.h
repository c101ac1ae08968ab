/* Reads, writes and removes stored chunks: their headers and arrays. */
#ifndef SQA_CHUNK_IO_H
#define SQA_CHUNK_IO_H

#include "store/statements.h"

/*
** Reads a header from a row of NAME_headers and checks it. After a failure the header is harmless:
** it has one row.
*/
void sqa_chunk_header_read(struct sqa_store *store, sqlite3_stmt *row,
                           struct sqa_chunk_header *header);
/*
** Reads the header of the nearest chunk whose first rowid is at most this one (`which` is
** SQA_STATEMENT_BEFORE) or at least this one (SQA_STATEMENT_FROM). Returns false if there is none,
** and after a failure.
*/
bool sqa_chunk_find_header(struct sqa_store *store, enum sqa_statement which, int64_t rowid,
                           struct sqa_chunk_header *header);
/*
** Reads and checks the rows of a stored chunk, with the columns whose bit is in mask (see
** sqa_column_bit()). rows->columns is memory of the caller. The caller frees the rows with
** sqa_rows_give(). Returns false after a failure; then there are no rows.
*/
bool sqa_chunk_fetch(struct sqa_store *store, const struct sqa_chunk_header *header, uint64_t mask,
                     struct sqa_rows *rows);
/* Appends the rows of the stored chunks with ids from first_id to last_id to a chunk in memory. */
void sqa_chunk_load(struct sqa_store *store, int64_t first_id, int64_t last_id,
                    struct sqa_chunk *chunk);
/* Appends the rows of the stored chunk with this header. Returns false after a failure. */
bool sqa_chunk_load_one(struct sqa_store *store, const struct sqa_chunk_header *header,
                        struct sqa_chunk *chunk);
/*
** Fails with SQLITE_CORRUPT_VTAB unless array i of a chunk is canonically encoded. Array 0 has the
** rowids, array 1 + c has column c. Returns false if there is no such array, and after a failure.
*/
bool sqa_chunk_check_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i);
/* Inserts or replaces the array with this id. */
void sqa_chunk_put_array(struct sqa_store *store, int64_t id, const void *blob, uint64_t size);
/* Tells sqa_chunk_save() what to write, and what that replaces. */
struct sqa_chunk_write {
    /* If true, the arrays get new ids, and sqa_chunk_save() sets `arrays` to the first one. */
    bool is_new;
    /* Otherwise: the id of the first array of the stored chunk, and its number of rows */
    int64_t arrays, stored_n;
    bool reshaped;    /* true: the rowids and all columns are written */
    uint64_t changed; /* otherwise only the columns in this mask are */
    /*
    ** If true, the chunks with ids from first_id to last_id are removed; if the arrays are not
    ** new, only their headers
    */
    bool replaces;
    int64_t first_id, last_id;
};
/*
** Writes rows, of which there must be one, as a chunk. A chunk with the same first rowid is
** replaced. Returns false after a failure.
*/
bool sqa_chunk_save(struct sqa_store *store, const struct sqa_rows *rows,
                    struct sqa_chunk_write *save);
/* Removes the chunk of n rows with this id; `arrays` is the id of its first array. */
void sqa_chunk_remove(struct sqa_store *store, int64_t id, int64_t arrays, int64_t n);

#endif
