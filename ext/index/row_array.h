/* The array of a row of the table that is indexed. */
#ifndef SQA_ROW_ARRAY_H
#define SQA_ROW_ARRAY_H

#include "core/blob.h"
#include "index/index.h"

struct sqa_row_array {
    bool is_null;
    struct sqa_array array; /* borrows from the value, or from owned */
    void *owned;            /* memory of the pool, or NULL */
};

/*
** Reads a value of the column; NULL is that of no row. Fails if it is neither an array nor NULL,
** and gives NULL then. To be cleared in any case.
*/
struct sqa_row_array sqa_row_array_read(struct sqa_index *index, sqlite3_value *value);
void sqa_row_array_clear(struct sqa_row_array *array);

/*
** The set of its elements: ascending, without duplicates; memory of the pool, or NULL after a
** failure. A NULL has none. *n: how many.
*/
int64_t *sqa_row_array_set(struct sqa_index *index, const struct sqa_row_array *array, size_t *n);

#endif
