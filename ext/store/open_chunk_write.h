/* Writes and forgets the open chunk. */
#ifndef SQA_OPEN_CHUNK_WRITE_H
#define SQA_OPEN_CHUNK_WRITE_H

#include "store/chunk_io.h"

/*
** So many rows may be written again when one row is added, because they are in the same page.
*/
enum { SQA_FEW_ROWS = 64 };

/* Record that rows were added to the open chunk or removed, or that values of a column changed. */
void sqa_open_chunk_reshape(struct sqa_store *store);
void sqa_open_chunk_change(struct sqa_store *store, int column);
/* Forgets the open chunk, whether it was written or not. */
void sqa_open_chunk_forget(struct sqa_store *store);
/* Settles the open chunk (see chunk.h). Returns false after a failure. */
bool sqa_open_chunk_settle(struct sqa_store *store);

/* Writes the open chunk if it is dirty. It stays open. */
void sqa_open_chunk_write(struct sqa_store *store);
/* Writes the open chunk and, unless that fails, forgets it. */
void sqa_open_chunk_leave(struct sqa_store *store);
/*
** Writes full chunks of the open chunk's rows. Rows that do not fill a chunk stay in it. It must be
** the last chunk and not stored.
*/
void sqa_open_chunk_write_full(struct sqa_store *store);
/*
** Writes n rows of the open chunk, from row `at` on. It must be settled. Returns false after a
** failure.
*/
bool sqa_open_chunk_save(struct sqa_store *store, size_t at, size_t n, struct sqa_chunk_write *how);
/*
** Writes the first n rows of the open chunk. If it is stored, they replace what is stored of it.
** Returns false after a failure.
*/
bool sqa_open_chunk_save_first(struct sqa_store *store, size_t n);

/* flush(), forget(), adopt() and clear() of struct sqa_vtab_form */
int sqa_open_chunk_flush(struct sqa_vtab *vtab);
void sqa_open_chunk_rolled_back(struct sqa_memory *memory, int savepoint);
int sqa_open_chunk_adopt(struct sqa_vtab *vtab);
void sqa_open_chunk_clear(struct sqa_memory *memory);

#endif
