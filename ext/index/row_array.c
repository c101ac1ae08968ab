#include "index/row_array.h"

#include "sql/arguments.h"

SQLITE_EXTENSION_INIT3

struct sqa_row_array sqa_row_array_read(struct sqa_index *index, sqlite3_value *value) {
    char why[240];
    struct sqa_row_array array = {.is_null = true, .array = sqa_array_empty()};
    if (sqa_index_failed(index) || value == NULL || sqlite3_value_type(value) == SQLITE_NULL)
        return array;
    switch (sqa_value_array(index->vtab.connection, value, &array.array, &array.owned, why,
                            sizeof why)) {
    case SQA_OK:
        array.is_null = false;
        break;
    case SQA_NOMEM:
        (void)sqa_vtab_note(&index->vtab, SQLITE_NOMEM);
        break;
    case SQA_INTERRUPT:
        (void)sqa_vtab_note(&index->vtab, SQLITE_INTERRUPT);
        break;
    default:
        (void)sqa_vtab_fail(&index->vtab, SQLITE_ERROR, "array_index: %s.%s%s", index->source.table,
                            index->source.column, why);
    }
    if (array.is_null)
        sqa_row_array_clear(&array);
    return array;
}

void sqa_row_array_clear(struct sqa_row_array *array) {
    sqa_pool_give(array->owned);
    array->owned = NULL;
}

int64_t *sqa_row_array_set(struct sqa_index *index, const struct sqa_row_array *array, size_t *n) {
    const struct sqa_kernels *kernels = index->vtab.connection->kernels;
    const size_t count = array->array.count;
    const uint64_t size = (uint64_t)count * sizeof(int64_t);
    int64_t *set = sqa_index_reserve(index, NULL, 0, size), *scratch = NULL;
    *n = set == NULL ? 0 : count;
    if (*n == 0)
        return set;
    sqa_array_copy(kernels, &array->array, 0, count, set, 8);
    if (kernels->ascending[SQA_INDEX_64](set, count) == count)
        return set;
    scratch = sqa_index_reserve(index, NULL, 0, size);
    if (scratch != NULL) {
        kernels->sort[SQA_INDEX_64](set, count, scratch, NULL);
        *n = kernels->unique[SQA_INDEX_64](set, set, count);
        sqa_pool_give(scratch);
        return set;
    }
    sqa_pool_give(set);
    *n = 0;
    return NULL;
}
