#include "vtab/message.h"

#include <stddef.h>

#include "memory/pool.h"

SQLITE_EXTENSION_INIT3

int sqa_vtab_message(sqlite3_vtab *vtab, int rc, char *message) {
    sqa_object_free(vtab->zErrMsg); /* of a failure whose message SQLite has not asked for */
    vtab->zErrMsg = message;
    return message == NULL ? SQLITE_NOMEM : rc;
}
