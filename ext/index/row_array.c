#include "index/row_array.h"

#include "sql/arguments.h"

SQLITE_EXTENSION_INIT3

int sqa_row_array_read(struct sqa_index *index, sqlite3_value *value, struct sqa_row_array *array) {
    char why[240];
    *array = (struct sqa_row_array){.is_null =
                                        value == NULL || sqlite3_value_type(value) == SQLITE_NULL};
    array->array = sqa_array_empty();
    if (array->is_null)
        return SQLITE_OK;
    switch (sqa_value_array(index->vtab.connection, value, &array->array, &array->owned, why,
                            sizeof why)) {
    case SQA_OK:
        return SQLITE_OK;
    case SQA_NOMEM:
        return SQLITE_NOMEM;
    case SQA_INTERRUPT:
        return SQLITE_INTERRUPT;
    default:
        return sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: %s.%s%s",
                             index->source.table, index->source.column, why);
    }
}

void sqa_row_array_clear(struct sqa_row_array *array) {
    sqa_pool_give(array->owned);
    array->owned = NULL;
}

int64_t *sqa_row_array_set(struct sqa_index *index, const struct sqa_row_array *array, size_t *n) {
    const struct sqa_kernels *kernels = index->vtab.connection->kernels;
    const size_t count = array->array.count;
    int64_t *set = sqa_pool_take(index->vtab.connection->pool, (uint64_t)count * sizeof *set);
    *n = count;
    if (set == NULL || count == 0)
        return set;
    sqa_array_copy(kernels, &array->array, 0, count, set, 8);
    if (kernels->ascending[3](set, count) == count)
        return set;
    int64_t *scratch = sqa_pool_take(index->vtab.connection->pool, (uint64_t)count * sizeof *set);
    if (scratch == NULL) {
        sqa_pool_give(set);
        return NULL;
    }
    kernels->sort[3](set, count, scratch, NULL);
    sqa_pool_give(scratch);
    *n = kernels->unique[3](set, set, count);
    return set;
}
