/*
** A scan of the chunks of a table in the order of their rowids: those that are stored and the open
** chunk, in whose place the stored one does not appear. Nothing is written.
**
** A scan may go on while rows are written or rolled back: it gives the chunks that are there when
** it comes to them, and never goes back behind one that it has given.
*/
#ifndef SQA_CHUNK_SCAN_H
#define SQA_CHUNK_SCAN_H

#include "store/chunk_io.h"

struct sqa_chunk_scan {
    struct sqa_store *store;
    bool is_descending;
    int64_t lo, hi; /* chunks that may have these rowids are wanted */
    /* Of the chunk that the scan stands on; n is 0 before the first one. */
    struct sqa_chunk_header header;
    bool is_open; /* this is the open chunk */

    int statement; /* which kept statement `headers` is, or -1 */
    sqlite3_stmt *headers;
    bool is_done;  /* headers has no more rows */
    bool has_next; /* headers stands on a chunk that was not given yet, which is `next` */
    struct sqa_chunk_header next;
    bool has_given_open;
    int64_t changes; /* of memory when headers began */
};

/*
** Begins: afterwards sqa_chunk_scan_next() goes to the first chunk. The scan was zeroed, and store
** set in it, before it was begun for the first time; sqa_chunk_scan_end() is called in any case.
*/
void sqa_chunk_scan_begin(struct sqa_chunk_scan *scan, int64_t lo, int64_t hi, bool is_descending);
/* Goes to the next chunk; gives false where there is none. */
bool sqa_chunk_scan_next(struct sqa_chunk_scan *scan);
void sqa_chunk_scan_end(struct sqa_chunk_scan *scan);

/*
** The least and the largest value of a column in the chunk that the scan stands on. Needs no array.
*/
void sqa_chunk_scan_min_max(struct sqa_chunk_scan *scan, int column, int64_t *min, int64_t *max);
/*
** Both read the rows of a chunk, as sqa_chunk_fetch() gives them. They stay as they are when the
** chunk is changed. The first is for the chunk that the scan stands on, the second for one that a
** scan has stood on, if memory has not changed since.
*/
bool sqa_chunk_scan_fetch(struct sqa_chunk_scan *scan, uint64_t mask, struct sqa_rows *rows);
bool sqa_chunk_read(struct sqa_store *store, const struct sqa_chunk_header *header, bool is_open,
                    uint64_t mask, struct sqa_rows *rows);

#endif
