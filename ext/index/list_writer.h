/*
** Lists written from beginning to end: ascending keys become full blocks. The list must not be
** there yet.
*/
#ifndef SQA_LIST_WRITER_H
#define SQA_LIST_WRITER_H

#include "index/index.h"

struct sqa_list_writer {
    struct sqa_index *index; /* borrowed */
    bool is_rows;            /* NAME_rows is written; else the list of value */
    int64_t value;
    int64_t *keys; /* of the pool: those that are not in a block yet */
    size_t waiting;
    int64_t n; /* keys written */
};

/* To be cleared in any case. One writer can write list after list. */
void sqa_writer_init(struct sqa_list_writer *writer, struct sqa_index *index);
void sqa_writer_clear(struct sqa_list_writer *writer);

void sqa_writer_begin(struct sqa_list_writer *writer, bool is_rows, int64_t value);
/* Another key, above all before */
void sqa_writer_add(struct sqa_list_writer *writer, int64_t key);
/* Writes what is not written yet. A list without keys is none. */
void sqa_writer_finish(struct sqa_list_writer *writer);

/* Writes rows of the shadow tables; keys are those of one block. */
void sqa_write_last_block(struct sqa_index *index, int64_t value, int64_t n, const int64_t *keys,
                          size_t count);
void sqa_rewrite_block(struct sqa_index *index, int64_t id, const int64_t *keys, size_t count);
void sqa_write_block(struct sqa_index *index, bool is_rows, int64_t value, const int64_t *keys,
                     size_t count);

#endif
