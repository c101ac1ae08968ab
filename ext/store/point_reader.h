/*
** Reads one stored row, column by column. Between two columns the row may be changed, moved to the
** open chunk, or deleted.
*/
#ifndef SQA_POINT_READER_H
#define SQA_POINT_READER_H

#include "store/conditions.h"
#include "store/point.h"

struct sqa_point_reader {
    struct sqa_store *store;
    int64_t rowid;
    struct sqa_point point;
    int64_t changes; /* memory->base.changes when the row was last found at this point */
};

/*
** Returns true if the row with this rowid, if it exists, is in the open chunk. Then this reader is
** not used.
*/
bool sqa_point_is_open(struct sqa_store *store, int64_t rowid);

/*
** Begins to read the row with this rowid in the stored chunk with this header. Returns false if
** there is no such row, and after a failure.
*/
bool sqa_point_reader_begin(struct sqa_point_reader *reader, struct sqa_store *store, int64_t rowid,
                            const struct sqa_chunk_header *header);
/* Reads a column. Returns false if the row does not exist any more, and after a failure. */
bool sqa_point_reader_get(struct sqa_point_reader *reader, int column, int64_t *value);
/* Returns true if the row satisfies all conditions; returns false after a failure. */
bool sqa_point_reader_meets(struct sqa_point_reader *reader,
                            const struct sqa_conditions *conditions);

#endif
