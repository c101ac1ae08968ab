#include "vtab/message.h"

#include <stddef.h>

#include "memory/pool.h"

SQLITE_EXTENSION_INIT3

int sqa_vtab_message(sqlite3_vtab *vtab, int rc, char *message) {
    /* may be set by an earlier failure whose message SQLite has not read */
    sqa_object_free(vtab->zErrMsg);
    vtab->zErrMsg = message;
    return message == NULL ? SQLITE_NOMEM : rc;
}
