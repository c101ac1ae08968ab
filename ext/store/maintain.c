#include <string.h>

#include "store/store.h"

SQLITE_EXTENSION_INIT3

int sqa_store_command(struct sqa_store *store, const char *command) {
    return sqa_store_fail(store, SQLITE_ERROR, "array_store: unknown command '%.40s'", command);
}

int sqa_store_examine(struct sqa_store *store, char **wrong) {
    (void)store, (void)wrong;
    return SQLITE_OK;
}
