#include "index/index.h"

SQLITE_EXTENSION_INIT3

int sqa_index_corrupt(struct sqa_index *index, bool is_rows, int64_t value, const char *what) {
    if (is_rows)
        return sqa_vtab_fail(&index->vtab, SQLITE_CORRUPT_VTAB,
                             "array_index: the list of all rows of %s %s", index->vtab.table, what);
    return sqa_vtab_fail(&index->vtab, SQLITE_CORRUPT_VTAB,
                         "array_index: the list of value %lld of %s %s", (long long)value,
                         index->vtab.table, what);
}
