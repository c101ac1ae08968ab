/*
** The open chunk: the one chunk of a table that is in memory to be changed.
*/
#ifndef SQA_OPEN_CHUNK_H
#define SQA_OPEN_CHUNK_H

#include "store/chunk_io.h"

/* Writes the open chunk, if it is dirty, and keeps it. */
void sqa_open_chunk_write(struct sqa_store *store);
/* Forgets it, written or not. */
void sqa_open_chunk_forget(struct sqa_store *store);
/* Rows of the open chunk have come or gone; values of a column have changed. */
void sqa_open_chunk_reshape(struct sqa_store *store);
void sqa_open_chunk_change(struct sqa_store *store, int column);
/* Does this rowid belong to the open chunk? */
bool sqa_open_chunk_covers(const struct sqa_store *store, int64_t rowid);
/* Makes the open chunk the chunk that this rowid belongs to. */
void sqa_open_chunk_reach(struct sqa_store *store, int64_t rowid);

/* The end of the table: its largest rowid, unless it has no rows */
struct sqa_end {
    bool is_empty;
    int64_t last;
};
/*
** Makes the open chunk the last chunk, or one to come behind it, with room for a row at the end. Where the largest rowid is
** the largest integer nothing can be behind it, and the open chunk is any.
*/
struct sqa_end sqa_open_chunk_reach_end(struct sqa_store *store);
/*
** Inserts a row with this rowid, in lo .. hi, that no other row has: it is row *i. Where the open chunk is full, rows of it
** are written. Gives false after a failure.
*/
bool sqa_open_chunk_insert(struct sqa_store *store, int64_t rowid, size_t *i);

/* For struct sqa_vtab_form: flush, forget, adopt, clear */
int sqa_open_chunk_flush(struct sqa_vtab *vtab);
void sqa_open_chunk_rolled_back(struct sqa_memory *memory, int savepoint);
int sqa_open_chunk_adopt(struct sqa_vtab *vtab);
void sqa_open_chunk_clear(struct sqa_memory *memory);

#endif
