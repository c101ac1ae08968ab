/*
** The array_store virtual table as its files share it: what a connection keeps of one table, and the tables
** that hold it (layout.h says what stands in them).
**
**     layout.c    the arguments, the SQL of the tables
**     codec.c     values as the array that is kept of them
**     chunk.c     a chunk in memory, to be changed
**     shadow.c    the shadow tables: statements, and whether they are what they should be
**     stored.c    chunks read from them and written to them
**     slot.c      which chunk is in memory; when and how it is written
**     update.c    rows and arrays put in, changed and deleted
**     plan..      conditions.c: which rows a query wants, and what they will cost
**     walk.c      the cursor: which chunks and rows meet the conditions
**     maintain.c  merging small chunks, checking all of them
**     module.c    the virtual table: making, opening, transactions, renaming, dropping
**
** What is written inside a transaction gathers in the slot: one chunk in memory. It is written to the
** shadow tables before another chunk takes its place, before anything but one row of it is read, at a
** savepoint and at the commit; so they are complete whenever somebody looks, and a rollback of whatever
** kind has only to forget the slot. Where SQLite has read a schema anew, in the middle of a transaction, there
** are two virtual tables for one: only one of them has a slot at any time.
**
** Functions give SQLite result codes; the message of a failure is left where SQLite looks for it.
*/
#ifndef SQA_STORE_H
#define SQA_STORE_H

#include "sql/connection.h"
#include "store/codec.h"
#include "store/layout.h"

enum sqa_statement {
    SQA_STATEMENT_BEFORE, /* the heads with id <= ?1, backwards */
    SQA_STATEMENT_FROM,   /* the heads with id >= ?1 */
    SQA_STATEMENT_SAVE,   /* a head, anew or in place of another */
    SQA_STATEMENT_REMOVE, /* the heads with ?1 <= id <= ?2 */
    SQA_STATEMENT_WALK,   /* heads and figures of the chunks that may have rowids in ?1 .. ?2 */
    SQA_STATEMENT_WALK_BACK,
    SQA_STATEMENT_TOTALS, /* figures of the whole table */
    SQA_STATEMENT_FREE,   /* the id behind all arrays */
    SQA_STATEMENT_COUNT,  /* how many arrays there are */
    SQA_STATEMENT_FETCH,  /* code and array of ?1 */
    SQA_STATEMENT_KEEP,   /* these, anew or in place of others */
    SQA_STATEMENT_DROP,   /* the arrays with ?1 <= id <= ?2 */
    SQA_STATEMENT_SCHEMA, /* the number that changes with the schema */
    SQA_STATEMENT_TEMP_SCHEMA,
    SQA_STATEMENTS
};

/* What a chunk's head says of it, but for its columns; first is its id. */
struct sqa_head {
    int64_t first, last, n, arrays;
};
enum { SQA_FIGURES = 4 }; /* where min and max of the columns begin in the rows of heads */

/* The chunk that is in memory, if any. Rowids lo .. hi belong to it; if hi is the largest, it is the last. */
struct sqa_slot {
    struct sqa_chunk chunk;
    bool open;          /* there is one: empty, perhaps */
    bool dirty;         /* it is not as the shadow tables have it: .. */
    uint64_t changed;   /* .. these columns are not, or .. */
    bool reshaped;      /* .. rows have come or gone */
    bool stored;        /* the shadow tables have it .. */
    int64_t id, arrays; /* .. by this id, with its arrays there */
    bool follows;       /* nothing is in it yet, and the chunk before it is full */
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
        torn; /* the shadow tables are being changed, or half changed: then only a rollback helps */
    int savepoints;  /* open ones: below this number are those at which the slot was written */
    int64_t renames; /* counted, so that a cursor does not go on in another table of its old name */
    int64_t rollbacks; /* counted, so that what failed knows whether it has been taken back */
    struct sqa_slot slot;
    struct sqa_totals totals;
    struct sqa_column *columns; /* for a chunk that is read or written */
    int64_t *values;            /* of a row */
    sqlite3_stmt *statements[SQA_STATEMENTS];
};

/* ---- module.c */

/* Leaves a message and gives rc. */
int sqa_store_fail(struct sqa_store *store, int rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The tables are damaged: SQLITE_CORRUPT_VTAB. id: of the chunk. */
int sqa_store_corrupt(struct sqa_store *store, int64_t id, const char *what);

/* To be called before anything is read or changed: the slots of the twins, if any, are written and forgotten. */
int sqa_store_enter(struct sqa_store *store);
/* Writes the slot, as sqa_slot_flush() does, and leaves last_insert_rowid() as it was. */
int sqa_store_write(struct sqa_store *store);

/* ---- shadow.c */

/*
** Makes sure that the tables are those of layout.h and have been made by a version that is understood.
** To be called before anything of them is read; costs no more than a look at the schema's number.
*/
int sqa_store_check(struct sqa_store *store);
/* Fails with SQLITE_CORRUPT_VTAB: the shadow table is `how`. */
int sqa_store_wrong(struct sqa_store *store, enum sqa_shadow shadow, const char *how);
/* A statement, borrowed, prepared where it was not. sqa_store_prepare gives one to be kept. */
int sqa_store_statement(struct sqa_store *store, enum sqa_statement which,
                        sqlite3_stmt **statement);
int sqa_store_prepare(struct sqa_store *store, enum sqa_statement which, sqlite3_stmt **statement);
void sqa_store_finalize(struct sqa_store *store);

/* Runs a statement that gives no rows, bound before, to its end. */
int sqa_store_run(sqlite3_stmt *statement);

/* ---- stored.c */

/* Reads and checks a head, the first columns of a row. */
int sqa_store_head(struct sqa_store *store, sqlite3_stmt *row, struct sqa_head *head);
/* Of the chunks that begin at this rowid or before (BEFORE), or there or after (FROM), the nearest. */
int sqa_store_find(struct sqa_store *store, enum sqa_statement which, int64_t rowid,
                   struct sqa_head *head, bool *found);
/*
** The rows of a chunk, checked, in rows->columns: the columns whose bit is in mask, bit 63 standing for
** all from column 63 on, aligned. sqa_rows_give() gives them back; after a failure there are none.
*/
int sqa_store_fetch(struct sqa_store *store, const struct sqa_head *head, uint64_t mask,
                    struct sqa_rows *rows);
/* SQLITE_CORRUPT_VTAB unless array i of a chunk, the rowids (0) or a column (from 1), is kept as encoded here. */
int sqa_store_compare(struct sqa_store *store, const struct sqa_head *head, int i,
                      const struct sqa_encoded *encoded);
/* What sqa_store_save() writes, and in place of what */
struct sqa_save {
    bool is_new;      /* the arrays get places of their own, and arrays is set; or .. */
    int64_t arrays;   /* .. that is where they are already */
    bool reshaped;    /* all of them are written; or .. */
    uint64_t changed; /* .. only these columns, as a mask */
    bool
        replaces; /* the chunks with ids first_id .. last_id are removed, but for arrays that stay */
    int64_t first_id, last_id;
};
/* Writes rows, at least one, as a chunk, in place of others and of one that begins with the same rowid. */
int sqa_store_save(struct sqa_store *store, const struct sqa_rows *rows, struct sqa_save *save);
/* Removes the chunk with this id, whose arrays are there. */
int sqa_store_remove(struct sqa_store *store, int64_t id, int64_t arrays);

static inline uint64_t sqa_column_bit(int column) {
    return (uint64_t)1 << (column < 63 ? column : 63);
}

/* ---- slot.c */

/* Adds the stored chunks with ids first_id .. last_id to one in memory. */
int sqa_store_load(struct sqa_store *store, int64_t first_id, int64_t last_id,
                   struct sqa_chunk *chunk);
/* Writes the slot, if it is dirty, and keeps it. */
int sqa_slot_flush(struct sqa_store *store);
/* Forgets it, written or not. */
void sqa_slot_forget(struct sqa_store *store);
/* Rows of the slot have come or gone; values of a column have changed. */
void sqa_slot_reshape(struct sqa_slot *slot);
void sqa_slot_change(struct sqa_slot *slot, int column);
/* Makes the slot the chunk that this rowid belongs to. */
int sqa_slot_reach(struct sqa_store *store, int64_t rowid);
/*
** Makes the slot the last chunk, or one to come behind it, with room for a row at the end. *last: the
** largest rowid, or 0 where there is none and is_empty; where it is the largest integer nothing can be
** behind it, and the slot is any.
*/
int sqa_slot_reach_end(struct sqa_store *store, int64_t *last, bool *is_empty);
/*
** A row with this rowid, in lo .. hi, that no other row has: row *i. Where the slot is full, rows of it
** are written.
*/
int sqa_slot_insert(struct sqa_store *store, int64_t rowid, size_t *i);

/* ---- update.c, conditions.c, walk.c, maintain.c: methods */

int sqa_store_update(sqlite3_vtab *vtab, int argc, sqlite3_value **argv, sqlite3_int64 *rowid);
int sqa_store_best_index(sqlite3_vtab *vtab, sqlite3_index_info *info);

int sqa_walk_open(sqlite3_vtab *vtab, sqlite3_vtab_cursor **cursor);
int sqa_walk_close(sqlite3_vtab_cursor *cursor);
int sqa_walk_filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int argc,
                    sqlite3_value **argv);
int sqa_walk_next(sqlite3_vtab_cursor *cursor);
int sqa_walk_eof(sqlite3_vtab_cursor *cursor);
int sqa_walk_column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column);
int sqa_walk_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid);

/* 'optimize', 'integrity-check', 'merge=N' */
int sqa_store_command(struct sqa_store *store, const char *command);
/* The first thing that is wrong, as a message that the caller frees, or NULL. */
int sqa_store_examine(struct sqa_store *store, char **wrong);

#endif
