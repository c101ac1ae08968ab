/*
** Stored chunks: headers and arrays read, written and removed.
*/
#ifndef SQA_CHUNK_IO_H
#define SQA_CHUNK_IO_H

#include "store/statements.h"

/*
** Reads and checks a header, the first columns of a row of NAME_headers. After a failure it is one
** of no danger.
*/
void sqa_chunk_header_read(struct sqa_store *store, sqlite3_stmt *row,
                           struct sqa_chunk_header *header);
/*
** Finds the nearest of the chunks that begin at this rowid or before (BEFORE), or there or after
** (FROM).
*/
bool sqa_chunk_find_header(struct sqa_store *store, enum sqa_statement which, int64_t rowid,
                           struct sqa_chunk_header *header);
/*
** The rows of a chunk, checked, in rows->columns: the columns whose bit is in mask, bit 63 standing
** for all from column 63 on, aligned. sqa_rows_give() gives them back; after a failure there are
** none, and it gives false.
*/
bool sqa_chunk_fetch(struct sqa_store *store, const struct sqa_chunk_header *header, uint64_t mask,
                     struct sqa_rows *rows);
/* Adds the stored chunks with ids first_id to last_id to one in memory. */
void sqa_chunk_load(struct sqa_store *store, int64_t first_id, int64_t last_id,
                    struct sqa_chunk *chunk);
/* Adds the chunk that is stored with this header; gives false after a failure. */
bool sqa_chunk_load_one(struct sqa_store *store, const struct sqa_chunk_header *header,
                        struct sqa_chunk *chunk);
/*
** Fails with SQLITE_CORRUPT_VTAB unless array i of a chunk, the rowids (0) or a column (from 1), is
** encoded as arrays are. Gives false where there is none, or after a failure.
*/
bool sqa_chunk_check_array(struct sqa_store *store, const struct sqa_chunk_header *header, int i);
/* Writes an array, anew or in place of another. */
void sqa_chunk_put_array(struct sqa_store *store, int64_t id, const void *blob, uint64_t size);
/* What sqa_chunk_save() writes, and in place of what */
struct sqa_chunk_write {
    bool is_new;      /* the arrays get new places, and `arrays` is set to them */
    int64_t arrays;   /* otherwise the arrays are there already */
    int64_t stored_n; /* as those of a chunk of so many rows */
    bool reshaped;    /* the rowids and all columns are written */
    uint64_t changed; /* otherwise the columns in this mask are */
    /* The chunks with ids first_id to last_id are removed, except arrays that stay. */
    bool replaces;
    int64_t first_id, last_id;
};
/*
** Writes rows, at least one, as a chunk, in place of others and of one that begins with the same
** rowid. Gives false after a failure.
*/
bool sqa_chunk_save(struct sqa_store *store, const struct sqa_rows *rows,
                    struct sqa_chunk_write *save);
/* Removes the chunk of n rows with this id, whose arrays are there. */
void sqa_chunk_remove(struct sqa_store *store, int64_t id, int64_t arrays, int64_t n);

#endif
