/*
** The open chunk is the only chunk of a table that is in memory and can be changed. This file
** decides which chunk that is, and inserts rows into it.
*/
#ifndef SQA_OPEN_CHUNK_H
#define SQA_OPEN_CHUNK_H

#include "store/open_chunk_write.h"

/* Returns true if this rowid belongs to the open chunk. */
bool sqa_open_chunk_covers(const struct sqa_store *store, int64_t rowid);
/* Opens the chunk that this rowid belongs to, unless it is open. */
void sqa_open_chunk_reach(struct sqa_store *store, int64_t rowid);

/* The end of the table */
struct sqa_end {
    bool is_empty; /* true if the table has no rows */
    int64_t last;  /* otherwise its largest rowid */
};
/*
** Opens the last chunk, or a new one after it, so that there is room for a row at the end. If the
** largest rowid is the largest integer, no row can follow, and any chunk may be open. Returns the
** end of the table.
*/
struct sqa_end sqa_open_chunk_reach_end(struct sqa_store *store);
/*
** Inserts a row with this rowid, which must belong to the open chunk and which no other row has,
** and sets *i to the number of the row. If the open chunk is full, some of its rows are written.
** Returns false after a failure.
*/
bool sqa_open_chunk_insert(struct sqa_store *store, int64_t rowid, size_t *i);

#endif
