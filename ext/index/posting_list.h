/*
** The list of a value, or of all rows, read from the shadow tables block by block: every block is
** checked before it is used.
**
** A list holds one block at a time, a copy, and no statement: what has been written meanwhile is
** seen by sqa_list_forget(), after which it begins anew.
*/
#ifndef SQA_POSTING_LIST_H
#define SQA_POSTING_LIST_H

#include "core/key_window.h"
#include "index/index.h"

struct sqa_posting_list {
    struct sqa_index *index; /* borrowed */
    bool is_rows;            /* the list of all rows; else of value */
    int64_t value;

    bool is_known;      /* the row of NAME_values was read: */
    int64_t n;          /* keys of the list; 0: there is no such value. Not known of all rows. */
    int64_t last_first; /* the first key of the last block, if n > 0 */

    bool has_block; /* a block is in memory: */
    bool is_last;   /* it is the one in NAME_values */
    int64_t id;     /* else the id of its row */
    int64_t from;   /* the block is the first that may have keys from here on */
    struct sqa_posting_block block;
    unsigned char *bytes; /* of the pool: a copy of it */
    int64_t *keys;        /* of the pool */
    bool is_decoded;      /* keys has all of the block's */
    unsigned steps;       /* blocks gone forward one after the other since the last search */
};

/*
** Reads the number of keys of a list from a column of NAME_values. Fails with SQLITE_CORRUPT_VTAB
** if there cannot be so many.
*/
int64_t sqa_list_read_count(struct sqa_index *index, int64_t value, sqlite3_stmt *row, int column);
/*
** Reads a block: its first key is in a column of the row, its bytes are in the next one. They are
** copied to *bytes, memory of the pool, which grows. If may_be_null is true, NULL in place of them
** is the block of one key. Returns NULL, or what is wrong with the block, for sqa_index_corrupt().
** After a failure of the index *block is undefined.
*/
const char *sqa_list_read_block(struct sqa_index *index, sqlite3_stmt *row, int column,
                                bool may_be_null, unsigned char **bytes,
                                struct sqa_posting_block *block);

/* An empty list to begin with. sqa_list_clear() gives back what it has come to own. */
void sqa_list_init(struct sqa_posting_list *list, struct sqa_index *index, bool is_rows,
                   int64_t value);
void sqa_list_clear(struct sqa_posting_list *list);
/* What was read is no longer true. */
void sqa_list_forget(struct sqa_posting_list *list);

/* Reads n. */
void sqa_list_count(struct sqa_posting_list *list);

/*
** Makes that block the current one which has the greatest first key <= key, or else the first one;
** has_block is false where the list is empty. _next: the block behind the current one; has_block is
** false where there is none. After a failure has_block is false, too.
*/
void sqa_list_seek(struct sqa_posting_list *list, int64_t key);
void sqa_list_next(struct sqa_posting_list *list);
/* Likewise, but of the blocks in NAME_blocks or NAME_rows alone. */
void sqa_list_seek_stored(struct sqa_posting_list *list, int64_t key);
/* list->keys becomes all keys of the current block; false after a failure. */
bool sqa_list_decode(struct sqa_posting_list *list);

/*
** The least key of the list >= key; or, with backwards, the greatest <= key. False where there is
** none, and after a failure.
*/
bool sqa_list_nearest(struct sqa_posting_list *list, int64_t key, bool backwards, int64_t *nearest);
/* Adds the keys lo to hi, which lie in the window, above what is in it. */
void sqa_list_collect(struct sqa_posting_list *list, int64_t lo, int64_t hi,
                      struct sqa_key_window *window);

#endif
