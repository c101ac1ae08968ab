#include "sql/sqlite_api.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "memory/pool.h"

SQLITE_EXTENSION_INIT3

#define OLDEST 3038000

#ifndef SQLITE_CORE
/* Returns the name of the first required routine that is missing, or NULL if all are present. */
static const char *missing(const sqlite3_api_routines *api) {
#define SQA_ROUTINE(name)                                                                          \
    if (api->name == NULL)                                                                         \
        return "sqlite3_" #name;
#include "sql/routines.def"
#undef SQA_ROUTINE
    return NULL;
}

/*
** Returns a formatted message in memory of the SQLite that provides these routines, which will
** free it.
*/
static char *host_message(const sqlite3_api_routines *api, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *message = api->vmprintf(format, args);
    va_end(args);
    return message;
}

/* Number of users of sqlite3_api. It must not change while there are any. */
static int64_t api_holds;
enum { CHANGING = -1 }; /* in place of a count: another thread is setting sqlite3_api */

/* Adds a user if there are any. Otherwise becomes the first user and sets sqlite3_api. */
static void add_hold(const sqlite3_api_routines *api) {
    int64_t holds = __atomic_load_n(&api_holds, __ATOMIC_ACQUIRE);
    for (;;) {
        const int64_t next = holds == 0 ? CHANGING : holds + 1;
        if (holds == CHANGING) /* unreached: the other thread needs only a few instructions */
            holds = __atomic_load_n(&api_holds, __ATOMIC_ACQUIRE);
        /* unreached: another thread comes between */
        else if (__atomic_compare_exchange_n(&api_holds, &holds, next, false, __ATOMIC_ACQ_REL,
                                             __ATOMIC_ACQUIRE))
            break;
    }
    if (holds == 0) {
        sqlite3_api = api;
        __atomic_store_n(&api_holds, 1, __ATOMIC_RELEASE);
    }
}

int sqa_api_hold(const sqlite3_api_routines *api, char **error_message) {
    if (api->libversion_number == NULL || api->libversion == NULL || api->vmprintf == NULL)
        return SQLITE_ERROR; /* not even the routine that formats messages exists */
    if (api->libversion_number() < OLDEST) {
        *error_message = host_message(api, "sqlite-array needs SQLite 3.38 or later, this is %s",
                                      api->libversion());
        return SQLITE_ERROR;
    }
    /* must come after the version check, because the table of an older SQLite is shorter */
    const char *name = missing(api);
    if (name != NULL) {
        *error_message =
            host_message(api, "sqlite-array needs %s(), which this SQLite lacks", name);
        return SQLITE_ERROR;
    }
    add_hold(api);
    if (sqlite3_api == api)
        return SQLITE_OK;
    *error_message = host_message(api,
                                  "sqlite-array is in use by another SQLite in this process, "
                                  "version %s: load a copy of the library's file",
                                  sqlite3_libversion());
    sqa_api_release();
    return SQLITE_ERROR;
}

void sqa_api_release(void) {
    (void)__atomic_sub_fetch(&api_holds, 1, __ATOMIC_ACQ_REL);
}
#else
int sqa_api_hold(const sqlite3_api_routines *api, char **error_message) {
    (void)api;
    if (sqlite3_libversion_number() >= OLDEST)
        return SQLITE_OK;
    *error_message =
        sqa_message("sqlite-array needs SQLite 3.38 or later, this is %s", sqlite3_libversion());
    return SQLITE_ERROR;
}

void sqa_api_release(void) {}
#endif

/*
** sqlite3_is_interrupted() was added after the headers of Debian's SQLite 3.40. SQLite only
** appends to the table of routines, so its position is known relative to an earlier member.
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
    /*
    ** The members between are: 3.38: error_offset, vtab_rhs_value, vtab_distinct, vtab_in,
    ** vtab_in_first, vtab_in_next; 3.39: deserialize, serialize, db_name; 3.40: value_encoding;
    ** 3.41: is_interrupted.
    */
    const size_t at = offsetof(sqlite3_api_routines, error_offset) + 10 * sizeof(void (*)(void));
    memcpy(&routine, (const char *)sqlite3_api + at, sizeof routine);
    return routine;
#endif
}
