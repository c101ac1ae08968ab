/*
** array_index as its files share it: the rows of a table by the elements of their arrays.
**
** The shadow tables, of an index NAME:
**
** NAME_values, a row for each value that is in an array:
**
**     value    INTEGER PRIMARY KEY
**     n        how many rows have it: as many keys does the value's list have
**     first    the first key of the list's last block, which is usually its only one
**     block    this block (core/posting_block.h); NULL where it is one key, `first`
**
** NAME_blocks, the other blocks:
**
**     id       INTEGER PRIMARY KEY
**     value    whose list it belongs to
**     first    its first key; (value, first) is UNIQUE
**     block    the block
**
** NAME_rows, the list of all rows whose array is not NULL, a row a block:
**
**     first    INTEGER PRIMARY KEY: its first key
**     block    the block
**
** The status of an index is that of its struct sqa_vtab: once something has failed, functions that
** take an index, or what belongs to one, do nothing; see vtab/vtab.h.
*/
#ifndef SQA_INDEX_H
#define SQA_INDEX_H

#include "core/posting_block.h"
#include "index/index_definition.h"
#include "vtab/shadow.h"
#include "vtab/transaction.h"

enum sqa_index_shadow { SQA_INDEX_VALUES, SQA_INDEX_BLOCKS, SQA_INDEX_ROWS, SQA_INDEX_SHADOWS };

/* The columns that CREATE TABLE declares, in this order */
enum sqa_index_column {
    SQA_INDEX_KEY,   /* the key of the table's row; the rowid */
    SQA_INDEX_QUERY, /* hidden, named as the index: a query; in an INSERT a command */
    SQA_INDEX_ARRAY, /* hidden, named as the column: the row's array */
    SQA_INDEX_OLD,   /* these only the triggers use */
    SQA_INDEX_NEW,
    SQA_INDEX_NOTE
};

enum sqa_index_option { SQA_INDEX_BLOCK, SQA_INDEX_LOG, SQA_INDEX_OPTIONS };

enum sqa_index_statement {
    SQA_INDEX_GET_VALUE,     /* n, first, block of value ?1 */
    SQA_INDEX_PUT_VALUE,     /* the row ?1 to ?4, anew or in place of another */
    SQA_INDEX_SET_COUNT,     /* n ?2 of value ?1 */
    SQA_INDEX_DROP_VALUE,    /* without value ?1 */
    SQA_INDEX_ALL_COUNTS,    /* value, n of all values, ascending */
    SQA_INDEX_ALL_VALUES,    /* value, n, first, block likewise */
    SQA_INDEX_ALL_BLOCKS,    /* value, first, block of the other blocks, ascending by both */
    SQA_INDEX_BLOCKS_BEHIND, /* value, first, block of those behind value ?1 and first ?2 */
    SQA_INDEX_COUNTS,        /* how many values and other blocks there are */
    SQA_INDEX_BLOCK_BEFORE,  /* id, first, block of value ?1 with the greatest first <= ?2 */
    SQA_INDEX_BLOCK_AFTER,   /* likewise with the least first > ?2 */
    SQA_INDEX_ADD_BLOCK,     /* a row of value ?1, first ?2, block ?3 */
    SQA_INDEX_SET_BLOCK,     /* block ?2 of the row with id ?1 */
    SQA_INDEX_DROP_BLOCK,    /* without the row with id ?1 */
    SQA_INDEX_ROWS_BEFORE,   /* first, first, block of all rows with the greatest first <= ?2 */
    SQA_INDEX_ROWS_AFTER,    /* likewise with the least first > ?2 */
    SQA_INDEX_PUT_ROWS,      /* the row of first ?2, block ?3, anew or in place of another */
    SQA_INDEX_DROP_ROWS,     /* without first ?1 */
    SQA_INDEX_COUNT_ROWS,    /* how many blocks NAME_rows has */
    SQA_INDEX_GET_ARRAY,     /* the array of the row with key ?1 of the table */
    SQA_INDEX_HAS_ROW,       /* whether the table has a row with key ?1 */
    SQA_INDEX_STATEMENTS
};

struct sqa_log;

/* The virtual table */
struct sqa_index {
    struct sqa_vtab vtab;
    struct sqa_indexed source; /* the table that is indexed, as it was called last */
    int source_checked_at;     /* vtab.verified_at when the triggers were looked at */
    bool is_covered;           /* the triggers see every row that REPLACE may remove */
    bool is_behind;            /* they were made before a UNIQUE index of the table */
    bool has_other_triggers;   /* the table has triggers that are not the index's */
    /*
    ** sqa_index_enter() found all in order, outside a transaction that writes, when the data had
    ** this version.
    */
    bool was_entered;
    uint32_t entered_version;
    struct sqa_search *cached; /* a query that may be asked again, see kept_search.h */
};

static inline struct sqa_index *sqa_index_of(sqlite3_vtab *base) {
    return (struct sqa_index *)base;
}

/* What is in memory of the index; it is a struct sqa_memory, too. */
static inline struct sqa_log *sqa_index_log(const struct sqa_index *index) {
    return (struct sqa_log *)index->vtab.memory;
}

/* The size that blocks should not exceed. */
static inline size_t sqa_index_block_bytes(const struct sqa_index *index) {
    return (size_t)index->vtab.options[SQA_INDEX_BLOCK];
}

static inline bool sqa_index_failed(const struct sqa_index *index) {
    return sqa_vtab_failed(&index->vtab);
}

/* A kept statement of the index; NULL after a failure */
static inline sqlite3_stmt *sqa_index_statement(struct sqa_index *index,
                                                enum sqa_index_statement which) {
    return sqa_vtab_statement(&index->vtab, (int)which);
}
/* Prepares PRAGMA schema.what(name), of the schema of the index. NULL after a failure */
sqlite3_stmt *sqa_index_pragma(struct sqa_index *index, const char *what, const char *name);
/* Runs a kept statement of a parameter that gives no rows. */
void sqa_index_run_with(struct sqa_index *index, enum sqa_index_statement which, int64_t parameter);

/*
** Passes over the failure rc of what the index can do without, and forgets its message. But where
** SQLite may have rolled back the transaction, it becomes the status of the index.
*/
void sqa_index_pass_over(struct sqa_index *index, int rc);

/*
** Memory of the pool that grows: gives at least `size` bytes, which begin with the first `used` of
** memory. It takes memory, which may be NULL. After a failure, which this may be, it gives memory
** as it was.
*/
void *sqa_index_reserve(struct sqa_index *index, void *memory, uint64_t used, uint64_t size);

/*
** Fails with SQLITE_CORRUPT_VTAB: "array_index: the list of value V of NAME", or, with is_rows, the
** list of all rows, and what is wrong with it.
*/
void sqa_index_corrupt(struct sqa_index *index, bool is_rows, int64_t value, const char *what);

#endif
