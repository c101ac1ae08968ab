/*
** How the open chunk is written, and forgotten.
*/
#ifndef SQA_OPEN_CHUNK_WRITE_H
#define SQA_OPEN_CHUNK_WRITE_H

#include "store/chunk_io.h"

enum { SQA_FEW_ROWS = 64 }; /* so many may be written again for a single one: they share its page */

/* Rows of the open chunk have come or gone; values of a column have changed. */
void sqa_open_chunk_reshape(struct sqa_store *store);
void sqa_open_chunk_change(struct sqa_store *store, int column);
/* Forgets it, written or not. */
void sqa_open_chunk_forget(struct sqa_store *store);
/* Puts its rows in order; gives false after a failure. */
bool sqa_open_chunk_settle(struct sqa_store *store);

/* Writes the open chunk, if it is dirty, and keeps it. */
void sqa_open_chunk_write(struct sqa_store *store);
/* Writes it, and forgets it unless that failed. */
void sqa_open_chunk_leave(struct sqa_store *store);
/*
** Writes full chunks of its rows, which are at the end and not stored, and keeps what does not fill
** one.
*/
void sqa_open_chunk_write_full(struct sqa_store *store);
/*
** Writes n rows, from row `at` on, of the open chunk, which is settled; gives false after a
** failure.
*/
bool sqa_open_chunk_save(struct sqa_store *store, size_t at, size_t n, struct sqa_chunk_write *how);
/*
** Writes the first n rows in place of what it was stored as, if it was; gives false after a
** failure.
*/
bool sqa_open_chunk_save_first(struct sqa_store *store, size_t n);

/* For struct sqa_vtab_form: flush, forget, adopt, clear */
int sqa_open_chunk_flush(struct sqa_vtab *vtab);
void sqa_open_chunk_rolled_back(struct sqa_memory *memory, int savepoint);
int sqa_open_chunk_adopt(struct sqa_vtab *vtab);
void sqa_open_chunk_clear(struct sqa_memory *memory);

#endif
