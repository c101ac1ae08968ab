/* Reads the arrays of rows of the indexed table. */
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
** Reads a value of the indexed column. `value` may be a NULL pointer, which counts as NULL. Fails
** with SQLITE_ERROR if it is neither an array nor NULL; then is_null is true. The caller must call
** sqa_row_array_clear() in any case.
*/
struct sqa_row_array sqa_row_array_read(struct sqa_index *index, sqlite3_value *value);
void sqa_row_array_clear(struct sqa_row_array *array);

/*
** Returns the set of the array's elements, ascending and without duplicates, and sets *n to their
** number. The set of a NULL is empty. The memory is that of the pool, which the caller frees with
** sqa_pool_give(). Returns NULL after a failure.
*/
int64_t *sqa_row_array_set(struct sqa_index *index, const struct sqa_row_array *array, size_t *n);

#endif
