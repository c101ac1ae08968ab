#include "store/store.h"

SQLITE_EXTENSION_INIT3

void sqa_store_corrupt(struct sqa_store *store, int64_t id, const char *what) {
    (void)sqa_vtab_fail(&store->base, SQLITE_CORRUPT_VTAB, "array_store: chunk %lld of %s %s",
                        (long long)id, store->layout.table, what);
}
