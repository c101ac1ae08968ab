#include "sql/sqlite_api.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "memory/pool.h"

SQLITE_EXTENSION_INIT3

#define OLDEST 3038000

#ifndef SQLITE_CORE
/* The first of the routines we need that is not there; NULL if all are. */
static const char *missing(const sqlite3_api_routines *api) {
#define SQA_ROUTINE(name)                                                                          \
    if (api->name == NULL)                                                                         \
        return "sqlite3_" #name;
#include "sql/routines.def"
#undef SQA_ROUTINE
    return NULL;
}

/*
** Sets sqlite3_api, which connections in other threads may be reading at this moment. All that load the library
** bring the same routines, and only the first one writes.
*/
static void set_routines(const sqlite3_api_routines *api) {
    const sqlite3_api_routines *known = __atomic_load_n(&sqlite3_api, __ATOMIC_ACQUIRE);
    /* unreached: two threads would have to load the library at the same instant */
    while (known != api && !__atomic_compare_exchange_n(&sqlite3_api, &known, api, false,
                                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        ;
}
#endif

int sqa_api_accept(const sqlite3_api_routines *api, char **error_message) {
#ifdef SQLITE_CORE
    (void)api;
#else
    if (api->libversion_number == NULL || api->libversion == NULL || api->vmprintf == NULL)
        return SQLITE_ERROR; /* even what makes a message is not there */
    set_routines(api);
#endif
    if (sqlite3_libversion_number() < OLDEST) {
        *error_message = sqa_message("sqlite-array needs SQLite 3.38 or later, this is %s",
                                     sqlite3_libversion());
        return SQLITE_ERROR;
    }
#ifndef SQLITE_CORE
    const char *name = missing(api); /* not before: the table of an older SQLite is shorter */
    if (name != NULL) {
        *error_message = sqa_message("sqlite-array needs %s(), which this SQLite lacks", name);
        return SQLITE_ERROR;
    }
#endif
    return SQLITE_OK;
}

/*
** It came after the headers of Debian's SQLite 3.40. The routines a host offers only ever grow at the end, so its
** place is known from that of an earlier one.
*/
int (*sqa_api_is_interrupted(void))(sqlite3 *) {
    if (sqlite3_libversion_number() < 3041000)
        return NULL;
#if SQLITE_VERSION_NUMBER >= 3041000
    return sqlite3_is_interrupted;
#elif defined(SQLITE_CORE)
    return NULL;
#else
    int (*routine)(sqlite3 *);
    /* 3.38: error_offset, vtab_rhs_value, vtab_distinct, vtab_in, vtab_in_first, vtab_in_next;
    ** 3.39: deserialize, serialize, db_name; 3.40: value_encoding; 3.41: is_interrupted */
    const size_t at = offsetof(sqlite3_api_routines, error_offset) + 10 * sizeof(void (*)(void));
    memcpy(&routine, (const char *)sqlite3_api + at, sizeof routine);
    return routine;
#endif
}
