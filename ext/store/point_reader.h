/*
** One row that is read where it is stored, column by column. Between two columns it may be changed,
** moved into the open chunk, or deleted.
*/
#ifndef SQA_POINT_READER_H
#define SQA_POINT_READER_H

#include "store/conditions.h"
#include "store/point.h"

struct sqa_point_reader {
    struct sqa_store *store;
    int64_t rowid;
    struct sqa_point point;
    int64_t changes; /* how many changes of memory there had been when it was there */
};

/*
** True if the row with this rowid, if there is one, is in the open chunk. Then it is not read where
** it is stored.
*/
bool sqa_point_is_open(struct sqa_store *store, int64_t rowid);

/*
** Begins to read the row with this rowid in a chunk that is stored; gives false if there is none,
** or after a failure.
*/
bool sqa_point_reader_begin(struct sqa_point_reader *reader, struct sqa_store *store, int64_t rowid,
                            const struct sqa_chunk_header *header);
/* Reads a column; gives false if the row is not there any more, or after a failure. */
bool sqa_point_reader_get(struct sqa_point_reader *reader, int column, int64_t *value);
/* Does the row meet all conditions? False after a failure, too. */
bool sqa_point_reader_meets(struct sqa_point_reader *reader,
                            const struct sqa_conditions *conditions);

#endif
