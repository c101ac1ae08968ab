/*
** Reads the list of a value, or of all rows, from the shadow tables. It is read block by block, and
** every block is checked before it is used.
**
** A list contains a copy of one block, the current one, and keeps no statement open. After the
** shadow tables were written to, sqa_list_forget() must be called.
*/
#ifndef SQA_POSTING_LIST_H
#define SQA_POSTING_LIST_H

#include "core/key_window.h"
#include "index/index.h"

struct sqa_posting_list {
    struct sqa_index *index; /* borrowed */
    bool is_rows;            /* true: the list of all rows; false: the list of `value` */
    int64_t value;

    /* Only for the list of a value. is_known is true if its row of NAME_values was read. */
    bool is_known;
    int64_t n;          /* number of keys; 0 if there is no such value */
    int64_t last_first; /* the first key of the last block, if n > 0 */

    /* The current block, if has_block is true */
    bool has_block;
    bool is_last; /* true if it is the one in NAME_values */
    int64_t id;   /* otherwise the id of its row in NAME_blocks */
    int64_t from; /* no earlier block has a key >= from */
    struct sqa_posting_block block;
    unsigned char *bytes; /* memory of the pool: the block */
    int64_t *keys;        /* memory of the pool: the keys of the block, if is_decoded is true */
    bool is_decoded;
    unsigned steps; /* number of calls of sqa_list_next() since the last search */
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

/*
** Initializes a list. Reads nothing. The memory that it will own is freed by sqa_list_clear().
*/
void sqa_list_init(struct sqa_posting_list *list, struct sqa_index *index, bool is_rows,
                   int64_t value);
void sqa_list_clear(struct sqa_posting_list *list);
/* Forgets what was read, so that it will be read again. */
void sqa_list_forget(struct sqa_posting_list *list);

/* Reads n and last_first of the list of a value, if they are not known. */
void sqa_list_count(struct sqa_posting_list *list);

/*
** seek() goes to the last block whose first key is <= key, or to the first block if there is none.
** next() goes to the block after the current one. If there is no such block, and after a failure,
** has_block is false.
*/
void sqa_list_seek(struct sqa_posting_list *list, int64_t key);
void sqa_list_next(struct sqa_posting_list *list);
/* Does the same as seek() with the blocks in NAME_blocks or NAME_rows only. */
void sqa_list_seek_stored(struct sqa_posting_list *list, int64_t key);
/* Decodes the current block to list->keys. Returns false after a failure. */
bool sqa_list_decode(struct sqa_posting_list *list);

/*
** Sets *nearest to the smallest key of the list that is >= key or, if backwards is true, to the
** largest one that is <= key. Returns false if there is none, and after a failure.
*/
bool sqa_list_nearest(struct sqa_posting_list *list, int64_t key, bool backwards, int64_t *nearest);
/*
** Adds the list's keys from lo to hi to a window, whose range must contain lo and hi. They must be
** greater than all keys in the window.
*/
void sqa_list_collect(struct sqa_posting_list *list, int64_t lo, int64_t hi,
                      struct sqa_key_window *window);

#endif
