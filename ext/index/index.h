/*
** The structures that the files of array_index share. An index finds the rows of a table by the
** elements of their arrays: for each element, which is called a value here, it has the list of the
** keys of the rows that contain it.
**
** The shadow tables of an index NAME:
**
** NAME_values has a row for each value:
**
**     value    INTEGER PRIMARY KEY
**     n        the number of keys in the value's list, which is the number of rows that contain it
**     first    the first key of the list's last block, which is usually its only one
**     block    this block (core/posting_block.h); NULL if its only key is `first`
**
** NAME_blocks has a row for each of the other blocks:
**
**     id       INTEGER PRIMARY KEY
**     value    the value whose list contains the block
**     first    the first key of the block; (value, first) is UNIQUE
**     block    the block
**
** NAME_rows is the list of all rows whose array is not NULL, with a row for each block:
**
**     first    INTEGER PRIMARY KEY: the first key of the block
**     block    the block
**
** The status of an index is that of its struct sqa_vtab. After a failure, functions that take an
** index, or a structure that contains one, do nothing; see vtab/vtab.h.
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
    SQA_INDEX_OLD,   /* the last three are for the triggers, see triggers.h */
    SQA_INDEX_NEW,
    SQA_INDEX_NOTE
};

enum sqa_index_option { SQA_INDEX_BLOCK, SQA_INDEX_LOG, SQA_INDEX_OPTIONS };

enum sqa_index_statement {
    SQA_INDEX_GET_VALUE,     /* n, first, block of value ?1 */
    SQA_INDEX_PUT_VALUE,     /* inserts or replaces the row ?1, ?2, ?3, ?4 */
    SQA_INDEX_SET_COUNT,     /* sets n of value ?1 to ?2 */
    SQA_INDEX_DROP_VALUE,    /* deletes value ?1 */
    SQA_INDEX_ALL_COUNTS,    /* value, n of all values in ascending order */
    SQA_INDEX_ALL_VALUES,    /* value, n, first, block of the same */
    SQA_INDEX_ALL_BLOCKS,    /* value, first, block of NAME_blocks in ascending order of both */
    SQA_INDEX_BLOCKS_BEHIND, /* those of them after value ?1 and first ?2 */
    SQA_INDEX_COUNTS,        /* the number of rows of NAME_values and of NAME_blocks */
    SQA_INDEX_BLOCK_BEFORE,  /* id, first, block of value ?1 with first <= ?2, the largest first */
    SQA_INDEX_BLOCK_AFTER,   /* the same with first > ?2, the smallest first */
    SQA_INDEX_ADD_BLOCK,     /* inserts a block: value ?1, first ?2, block ?3 */
    SQA_INDEX_SET_BLOCK,     /* sets the block with id ?1 to ?2 */
    SQA_INDEX_DROP_BLOCK,    /* deletes the block with id ?1 */
    SQA_INDEX_ROWS_BEFORE,   /* first, first, block of NAME_rows, like BLOCK_BEFORE */
    SQA_INDEX_ROWS_AFTER,    /* the same like BLOCK_AFTER */
    SQA_INDEX_PUT_ROWS,      /* inserts or replaces a block of NAME_rows: first ?2, block ?3 */
    SQA_INDEX_DROP_ROWS,     /* deletes the block of NAME_rows with first ?1 */
    SQA_INDEX_COUNT_ROWS,    /* the number of rows of NAME_rows */
    SQA_INDEX_GET_ARRAY,     /* the array of the row with key ?1 of the table */
    SQA_INDEX_HAS_ROW,       /* whether the table has a row with key ?1 */
    SQA_INDEX_STATEMENTS
};

struct sqa_log;

/* The virtual table */
struct sqa_index {
    struct sqa_vtab vtab;
    struct sqa_indexed source; /* the table that is indexed, with its last known names */
    int source_checked_at;     /* vtab.verified_at when the triggers were checked; or -1 */
    bool is_covered;           /* the triggers report every row that REPLACE may remove */
    bool is_behind;            /* the triggers do not know a newer UNIQUE index of the table */
    bool has_other_triggers;   /* the table has triggers that do not belong to the index */
    /*
    ** If was_entered is true, sqa_index_enter() has succeeded outside of a write transaction, when
    ** the data had this version.
    */
    bool was_entered;
    uint32_t entered_version;
    struct sqa_search *cached; /* the last search that was given back, or NULL: kept_search.h */
};

static inline struct sqa_index *sqa_index_of(sqlite3_vtab *base) {
    return (struct sqa_index *)base;
}

/* Returns the log of the index, whose first member is the struct sqa_memory. */
static inline struct sqa_log *sqa_index_log(const struct sqa_index *index) {
    return (struct sqa_log *)index->vtab.memory;
}

/* Returns the largest size of new blocks in bytes. */
static inline size_t sqa_index_block_bytes(const struct sqa_index *index) {
    return (size_t)index->vtab.options[SQA_INDEX_BLOCK];
}

static inline bool sqa_index_failed(const struct sqa_index *index) {
    return sqa_vtab_failed(&index->vtab);
}

/* Returns a kept statement of the index, or NULL after a failure. */
static inline sqlite3_stmt *sqa_index_statement(struct sqa_index *index,
                                                enum sqa_index_statement which) {
    return sqa_vtab_statement(&index->vtab, (int)which);
}
/*
** Compiles PRAGMA schema.what(name) for the index's database. The caller finalizes the statement.
** Returns NULL after a failure.
*/
sqlite3_stmt *sqa_index_pragma(struct sqa_index *index, const char *what, const char *name);
/* Runs a kept statement that has one parameter and returns no rows. */
void sqa_index_run_with(struct sqa_index *index, enum sqa_index_statement which, int64_t parameter);

/*
** Ignores the failure rc of something that is not necessary, and its message. But if SQLite may
** have rolled back the transaction because of it, the index fails with rc.
*/
void sqa_index_pass_over(struct sqa_index *index, int rc);

/*
** Returns memory of the pool with at least `size` bytes, which begin with the first `used` bytes of
** `memory`. `memory`, which may be NULL, belongs to the result. After a failure, such as a lack of
** memory, returns `memory` unchanged.
*/
void *sqa_index_reserve(struct sqa_index *index, void *memory, uint64_t used, uint64_t size);

/*
** Fails with SQLITE_CORRUPT_VTAB and the message "array_index: the list of value VALUE of NAME
** WHAT", or the same about the list of all rows if is_rows is true.
*/
void sqa_index_corrupt(struct sqa_index *index, bool is_rows, int64_t value, const char *what);

#endif
