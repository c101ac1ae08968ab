/*
** A scan of the chunks of a table in the order of their rowids. It includes the open chunk, and
** omits what is stored of it. Nothing is written.
**
** Rows may be written or rolled back during a scan. It returns the chunks that exist when it
** reaches them, and never goes back before one that it has returned.
*/
#ifndef SQA_CHUNK_SCAN_H
#define SQA_CHUNK_SCAN_H

#include "store/chunk_io.h"

struct sqa_chunk_scan {
    struct sqa_store *store;
    bool is_descending;
    int64_t lo, hi; /* only chunks that may contain rowids from lo to hi are returned */
    /* the header of the current chunk; n is 0 before the first one */
    struct sqa_chunk_header header;
    bool is_open; /* true if the current chunk is the open one */

    int statement;         /* the number of the kept statement, or -1 */
    sqlite3_stmt *headers; /* this statement, taken from the object; or NULL */
    bool is_done;          /* true if the statement has no more rows */
    bool has_next;         /* true if `next`, the statement's row, was not returned yet */
    struct sqa_chunk_header next;
    bool has_given_open; /* true if the open chunk was returned */
    int64_t changes;     /* memory->base.changes when the statement began */
};

/*
** Begins a scan; sqa_chunk_scan_next() will go to the first chunk. Before the first scan the struct
** must be zeroed and its store set. The caller must call sqa_chunk_scan_end() in any case.
*/
void sqa_chunk_scan_begin(struct sqa_chunk_scan *scan, int64_t lo, int64_t hi, bool is_descending);
/* Goes to the next chunk. Returns false if there is none, and after a failure. */
bool sqa_chunk_scan_next(struct sqa_chunk_scan *scan);
void sqa_chunk_scan_end(struct sqa_chunk_scan *scan);

/*
** Sets *min and *max to the smallest and the largest value of a column in the current chunk. Reads
** no array.
*/
void sqa_chunk_scan_min_max(struct sqa_chunk_scan *scan, int column, int64_t *min, int64_t *max);
/*
** Read the rows of a chunk like sqa_chunk_fetch(): of the current chunk of a scan, or of one that a
** scan has returned, if memory has not changed since then. The rows are a copy, which does not
** change with the chunk.
*/
bool sqa_chunk_scan_fetch(struct sqa_chunk_scan *scan, uint64_t mask, struct sqa_rows *rows);
bool sqa_chunk_read(struct sqa_store *store, const struct sqa_chunk_header *header, bool is_open,
                    uint64_t mask, struct sqa_rows *rows);

#endif
