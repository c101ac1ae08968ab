/*
** A point is a single row of a stored chunk that is read or changed in place. The chunk is not
** decoded. Only the pages that contain the row are written, if the new values fit the encoding of
** their arrays.
*/
#ifndef SQA_POINT_H
#define SQA_POINT_H

#include "store/chunk_io.h"

/*
** Returns true if it is better to read or change one more row of this chunk as a point than to read
** the whole chunk: for the first few rows in succession. *id and *points belong to the caller and
** record the chunk of the last point and how many points in succession were in it.
*/
bool sqa_point_is_worth(const struct sqa_chunk_header *header, int64_t *id, int *points);

/* Finds the stored chunk whose range contains this rowid. Returns false if there is none. */
bool sqa_point_find_chunk(struct sqa_store *store, int64_t rowid, struct sqa_point *point);
/* Finds the row in the point's chunk. Returns false if there is none. */
bool sqa_point_find_row(struct sqa_store *store, int64_t rowid, struct sqa_point *point);
/*
** Records the row that xFilter has found, or NULL if it has found none, for an xUpdate that may
** follow. sqa_point_kept() returns true if the row with this rowid was recorded and memory has not
** changed since; then *point is it, otherwise *point is undefined.
*/
void sqa_point_keep(struct sqa_store *store, int64_t rowid, const struct sqa_point *point);
bool sqa_point_kept(const struct sqa_store *store, int64_t rowid, struct sqa_point *point);
/* Returns the row's value in a column, or 0 after a failure. */
int64_t sqa_point_get(struct sqa_store *store, const struct sqa_point *point, int column);
/*
** Changes the row: its value becomes values[c] in each column c for which changes[c] is true. Also
** updates min and max in the chunk's header. Returns false if a value does not fit the encoding of
** its array; then nothing was changed.
*/
bool sqa_point_set(struct sqa_store *store, const struct sqa_point *point, const int64_t *values,
                   const bool *changes);

#endif
