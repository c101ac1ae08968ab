/*
** Writes lists from beginning to end: ascending keys are encoded as full blocks. The list must not
** exist yet.
*/
#ifndef SQA_LIST_WRITER_H
#define SQA_LIST_WRITER_H

#include "index/index.h"

struct sqa_list_writer {
    struct sqa_index *index; /* borrowed */
    bool is_rows;            /* true: NAME_rows is written; false: the list of `value` */
    int64_t value;
    int64_t *keys;  /* memory of the pool: keys that are not in a block yet */
    size_t waiting; /* number of these keys */
    int64_t n;      /* number of keys in the blocks that were written */
};

/*
** Initializes a writer, which can write one list after another. The caller must call
** sqa_writer_clear() in any case.
*/
void sqa_writer_init(struct sqa_list_writer *writer, struct sqa_index *index);
void sqa_writer_clear(struct sqa_list_writer *writer);

/* Begins the list of all rows or of a value. */
void sqa_writer_begin(struct sqa_list_writer *writer, bool is_rows, int64_t value);
/* Appends a key, which must be greater than all before. */
void sqa_writer_add(struct sqa_list_writer *writer, int64_t key);
/* Ends the list: writes what is not yet written. A list without keys leaves no row. */
void sqa_writer_finish(struct sqa_list_writer *writer);

/*
** Write a block of `count` > 0 keys, which must fit in a block: as the last block of the list of a
** value, which has n keys; in place of the block with this id in NAME_blocks; and as another block
** of a value or of NAME_rows.
*/
void sqa_write_last_block(struct sqa_index *index, int64_t value, int64_t n, const int64_t *keys,
                          size_t count);
void sqa_rewrite_block(struct sqa_index *index, int64_t id, const int64_t *keys, size_t count);
void sqa_write_block(struct sqa_index *index, bool is_rows, int64_t value, const int64_t *keys,
                     size_t count);

#endif
