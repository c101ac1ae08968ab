/*
** The open chunk, the one chunk of a table that is in memory to be changed: which chunk it is, and
** rows that come into it.
*/
#ifndef SQA_OPEN_CHUNK_H
#define SQA_OPEN_CHUNK_H

#include "store/open_chunk_write.h"

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
** Makes the open chunk the last chunk, or one to come behind it, with room for a row at the end.
** Where the largest rowid is the largest integer nothing can be behind it, and the open chunk is
** any.
*/
struct sqa_end sqa_open_chunk_reach_end(struct sqa_store *store);
/*
** Inserts a row with this rowid, in lo to hi, that no other row has: it is row *i. Where the open
** chunk is full, rows of it are written. Gives false after a failure.
*/
bool sqa_open_chunk_insert(struct sqa_store *store, int64_t rowid, size_t *i);

#endif
