/*
** What the files of array_store share: one virtual table object, its chunk in memory, its messages.
**
**     layout.c        the arguments, the columns of the shadow tables
**     statements.c    the SQL of the kept statements; whether the shadow tables are what they should be
**     codec.c         values as the array that is kept of them
**     chunk.c         a chunk in memory, to be changed
**     chunk_io.c      chunks read from the shadow tables and written to them
**     open_chunk.c    the chunk that is being changed, and when it is written
**     rows.c          rows and arrays inserted, changed and deleted
**     planner.c       xBestIndex: which conditions a query has, and what it will cost
**     conditions.c    the values of these conditions
**     store_cursor.c  the cursor: the chunks and rows that meet the conditions
**     merge.c         small chunks made one; the commands
**     integrity.c     everything checked
**     module.c        the virtual table's methods
**
** Rows that are written inside a transaction gather in the open chunk: one chunk in memory. It is written to the
** shadow tables before another chunk takes its place, before anything but one row of it is read, at a
** savepoint and at the commit. So the shadow tables are complete whenever somebody looks, and a rollback of any
** kind has only to forget the open chunk. Where SQLite has read a schema anew in the middle of a transaction, there
** are two virtual table objects for one table, siblings: only one of them has an open chunk at any time.
**
** Functions give SQLite result codes; the message of a failure is left where SQLite looks for it.
*/
#ifndef SQA_STORE_H
#define SQA_STORE_H

#include "sql/connection.h"
#include "store/chunk.h"
#include "store/layout.h"

enum sqa_statement {
    SQA_STATEMENT_BEFORE,       /* the heads with id <= ?1, backwards */
    SQA_STATEMENT_FROM,         /* the heads with id >= ?1 */
    SQA_STATEMENT_PUT_HEADER,   /* a head, anew or in place of another */
    SQA_STATEMENT_DROP_HEADERS, /* the heads with ?1 <= id <= ?2 */
    SQA_STATEMENT_HEADERS, /* heads and figures of the chunks that may have rowids in ?1 .. ?2 */
    SQA_STATEMENT_HEADERS_BACK,
    SQA_STATEMENT_TOTALS,       /* figures of the whole table */
    SQA_STATEMENT_FREE_PLACE,   /* the id behind all arrays */
    SQA_STATEMENT_COUNT_ARRAYS, /* how many arrays there are */
    SQA_STATEMENT_GET_ARRAY,    /* code and array of ?1 */
    SQA_STATEMENT_PUT_ARRAY,    /* these, anew or in place of others */
    SQA_STATEMENT_DROP_ARRAYS,  /* the arrays with ?1 <= id <= ?2 */
    SQA_STATEMENT_SCHEMA,       /* the number that changes with the schema */
    SQA_STATEMENT_TEMP_SCHEMA,
    SQA_STATEMENTS
};

/* What a chunk's head says of it, but for its columns; first is its id. */
struct sqa_chunk_header {
    int64_t first, last, n, arrays;
};
enum { SQA_MIN_MAX_AT = 4 }; /* where min and max of the columns begin in the rows of heads */

/* The chunk that is in memory, if any. Rowids lo .. hi belong to it; if hi is the largest, it is the last. */
struct sqa_open_chunk {
    struct sqa_chunk chunk;
    bool is_open;       /* there is one: empty, perhaps */
    bool is_dirty;      /* it is not as the shadow tables have it: .. */
    uint64_t changed;   /* .. these columns are not, or .. */
    bool reshaped;      /* .. rows have come or gone */
    bool stored;        /* the shadow tables have it .. */
    int64_t id, arrays; /* .. by this id, with its arrays there */
    bool follows_full;  /* nothing is in it yet, and the chunk before it is full */
    int64_t lo, hi;
};

/* Figures of the whole table, for estimates */
struct sqa_totals {
    bool known;
    uint32_t version; /* of the data when they were taken, as SQLITE_FCNTL_DATA_VERSION has it */
    double rows, chunks;
    struct {
        double min, max, span; /* of all rows; how far a chunk reaches on average */
    } * columns;               /* the first is the rowid, then come those of the table */
};

struct sqa_store {
    sqlite3_vtab base;
    struct sqa_connection *connection;
    struct sqa_store *next; /* of the connection's */
    bool has_twins;         /* there are, or have been, others for the same tables */
    struct sqa_layout layout;
    int64_t chunk;                      /* the most rows of a chunk, as NAME_config says */
    bool checked;                       /* the tables are those that this library makes .. */
    int64_t schema_number, temp_number; /* .. as long as the schemas have these numbers */
    bool
        half_written; /* the shadow tables are being changed, or half changed: then only a rollback helps */
    int savepoints; /* open ones: below this number are those at which the open chunk was written */
    int64_t renames; /* counted, so that a cursor does not go on in another table of its old name */
    int64_t rollbacks; /* counted, so that what failed knows whether it has been taken back */
    struct sqa_open_chunk open;
    struct sqa_totals totals;
    struct sqa_column *columns; /* for a chunk that is read or written */
    int64_t *values;            /* of a row */
    sqlite3_stmt *statements[SQA_STATEMENTS];
};

/* Leaves a message and gives rc. */
int sqa_store_fail(struct sqa_store *store, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The tables are damaged: SQLITE_CORRUPT_VTAB. id: of the chunk. */
int sqa_store_corrupt(struct sqa_store *store, int64_t id, const char *what);

static inline uint64_t sqa_column_bit(int column) {
    return (uint64_t)1 << (column < 63 ? column : 63);
}

#endif
