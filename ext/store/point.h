/*
** Points: single rows of stored chunks, read and changed where they stand. The chunk is not
** decoded, and of its arrays only the pages that hold the row are written: values that fit the
** encoding of their array take the place of the old ones.
*/
#ifndef SQA_POINT_H
#define SQA_POINT_H

#include "store/chunk_io.h"

/*
** Is it better to read or change one more row of this chunk as a point than to read the chunk? It
** is for a small number of rows in succession, which the caller's `points` counts; `id` is the
** chunk that they were in.
*/
bool sqa_point_is_worth(const struct sqa_chunk_header *header, int64_t *id, int *points);

/* Finds the chunk that is stored with this rowid in its range, if there is one. */
bool sqa_point_find_chunk(struct sqa_store *store, int64_t rowid, struct sqa_point *point);
/* Finds the row in this chunk, if there is one. */
bool sqa_point_find_row(struct sqa_store *store, int64_t rowid, struct sqa_point *point);
/* Keeps a row that xFilter has found for the xUpdate that follows; NULL: it has found none. */
void sqa_point_keep(struct sqa_store *store, int64_t rowid, const struct sqa_point *point);
bool sqa_point_kept(const struct sqa_store *store, int64_t rowid, struct sqa_point *point);
/* Gives the row's value in a column. */
int64_t sqa_point_get(struct sqa_store *store, const struct sqa_point *point, int column);
/*
** Gives the row values[c] for each column with changes[c], and the chunk's header the min and max
** that follow. Gives false where a value does not fit the encoding of its array; then nothing was
** changed.
*/
bool sqa_point_set(struct sqa_store *store, const struct sqa_point *point, const int64_t *values,
                   const bool *changes);

#endif
