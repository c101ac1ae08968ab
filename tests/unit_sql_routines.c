/*
** Loads the library with tables of routines in which some are missing, as a host might provide
** them. The library is linked into this program without SQLITE_CORE, and gets the tables from
** here.
*/
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "unit_examples.h"

#ifdef SQLITE_CORE
int main(void) {
    printf("1..0 # SKIP linked into a program the extension needs no table\n");
    return 0;
}
#else

#define SQLITE_CORE /* so that the routines keep their names */
#include "sqlite3ext.h"
#undef SQLITE_CORE

/* SQLite's own table; and one that is longer, as of a newer SQLite, and has what we put into it. */
static const sqlite3_api_routines *full;
static union {
    sqlite3_api_routines routines;
    void (*pointers[2 * sizeof(sqlite3_api_routines) / sizeof(void (*)(void))])(void);
} holes;

static int see_routines(sqlite3 *db, char **message, const sqlite3_api_routines *routines) {
    (void)db, (void)message;
    full = routines;
    return SQLITE_OK;
}

static int version_number = 3038000;

static int pretended_version_number(void) {
    return version_number;
}

static const char *pretended_version(void) {
    return "3.37.2";
}

/*
** Loads by the table in holes: expects this message (NULL: to succeed; "": none), and nothing left
** on failure.
*/
static bool loads_as(const char *expected, const char *name) {
    sqlite3 *db;
    char *message = NULL;
    sqlite3_open(":memory:", &db);
    const int64_t before = sqlite3_memory_used();
    const int rc = sqlite3_array_init(db, &message, &holes.routines);
    bool passed = expected == NULL
                      ? rc == SQLITE_OK
                      : rc == SQLITE_ERROR && strcmp(message != NULL ? message : "", expected) == 0;
    if (!passed)
        printf("# without %s: %d, %s\n", name, rc, message != NULL ? message : "no message");
    sqlite3_free(message);
    if (expected != NULL)
        passed &= sqlite3_memory_used() == before &&
                  unit_code(db, "SELECT array_sum('[1]')") == SQLITE_ERROR &&
                  strcmp(sqlite3_errmsg(db), "no such function: array_sum") == 0;
    sqlite3_close(db);
    return passed;
}

static void test_routines(void) {
    sqlite3 *db;
    sqlite3_auto_extension((void (*)(void))see_routines);
    sqlite3_open(":memory:", &db);
    sqlite3_close(db);
    sqlite3_reset_auto_extension();

    /* Only what is needed: everything works. */
#define SQA_ROUTINE(name) holes.routines.name = full->name;
#include "sql/routines.def"
#undef SQA_ROUTINE
    char *message = NULL;
    sqlite3_open(":memory:", &db);
    eq_int(sqlite3_array_init(db, &message, &holes.routines), SQLITE_OK,
           "loads where there is only what it needs");
    unit_run_examples(db, 0, "no other routines");
    eq_int(unit_code(db, "SELECT array_sort(array_random(3000000, 0, 1000000))"), SQLITE_OK,
           "long work without sqlite3_is_interrupted()");
    sqlite3_close(db);

    /* One of those less: an error that names it, except for those that make the message. */
    int wrong = 0, tried = 0;
#define SQA_ROUTINE(name)                                                                          \
    holes.routines.name = NULL;                                                                    \
    wrong += !loads_as(strcmp(#name, "libversion") && strcmp(#name, "libversion_number") &&        \
                               strcmp(#name, "vmprintf")                                           \
                           ? "sqlite-array needs sqlite3_" #name "(), which this SQLite lacks"     \
                           : "",                                                                   \
                       #name);                                                                     \
    holes.routines.name = full->name;                                                              \
    tried++;
#include "sql/routines.def"
#undef SQA_ROUTINE
    ok(wrong == 0 && tried > 50, "%d routines missing in turn, %d wrong", tried, wrong);

    /* An older SQLite, whose table is shorter */
    holes.routines.libversion_number = pretended_version_number;
    holes.routines.libversion = pretended_version;
    holes.routines.vtab_rhs_value = NULL;
    version_number = 3037002;
    ok(loads_as("sqlite-array needs SQLite 3.38 or later, this is 3.37.2", "the version"),
       "SQLite 3.37 is refused");
    version_number = 3038000;
    holes.routines.vtab_rhs_value = full->vtab_rhs_value;
    ok(loads_as(NULL, "anything"), "SQLite 3.38 is not");
}

int main(void) {
    unit_collect_examples();
    test_routines();
    unit_free_examples();
    return done();
}
#endif
