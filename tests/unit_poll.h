/*
** For the tests of interruption: a connection with its own sqlite3_is_interrupted(), so that
** interruption can be tested with versions of SQLite that lack this routine. It counts how often
** it is called, returns true from the n-th call on, and measures the work between two calls
** (unit_work.h), which is how long an interruption may have to wait.
**
** With -DSQLITE_CORE the extension calls SQLite's own routine, and nothing is counted.
*/
#ifndef SQA_UNIT_POLL_H
#define SQA_UNIT_POLL_H

#ifndef SQLITE_CORE
#include <dlfcn.h>
#endif
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include "unit_sql.h"
#include "unit_work.h"

/* only the structure, without the macros that replace SQLite's functions */
#define SQLITE_OMIT_LOAD_EXTENSION
#include "sqlite3ext.h"

static struct {
    long asked, stop_at; /* number of the call that returns true; 0: none */
    /* in units of work: when it was last called, and the most between two calls */
    uint64_t last, longest;
    uint64_t stopped; /* in units of work: when call number stop_at was made */
    atomic_bool interrupted;
} poll;

static void poll_begin(long stop_at) {
    poll.asked = 0;
    poll.stop_at = stop_at;
    poll.longest = 0;
    atomic_store(&poll.interrupted, false);
    poll.last = unit_work;
}

static void poll_measure(void) {
    if (unit_work - poll.last > poll.longest)
        poll.longest = unit_work - poll.last;
    poll.last = unit_work;
}

/*
** Implements sqlite3_is_interrupted(): counts the call and returns true from call number stop_at
** on.
*/
SQA_UNIT_SHARED bool poll_ask(void) {
    poll_measure();
    if (++poll.asked == poll.stop_at)
        poll.stopped = poll.last;
    return poll.stop_at > 0 && poll.asked >= poll.stop_at;
}

#ifdef SQLITE_CORE
SQA_UNIT_SHARED sqlite3 *open_polled(const char *file) {
    return unit_open(file);
}

SQA_UNIT_SHARED void load_file_polled(sqlite3 *db) {
    char *message;
    if (unit_load_file(db, &message) != SQLITE_OK)
        unit_bail_out("%s", sqlite3_errmsg(db));
}
#else
static int is_interrupted(sqlite3 *db) {
    (void)db;
    const bool stop = poll_ask();
    return stop || atomic_load(&poll.interrupted);
}

static int newer_than_all(void) {
    return 3041000 > sqlite3_libversion_number() ? 3041000 : sqlite3_libversion_number();
}

/* SQLite's table of routines for extensions, with our routine appended to that of SQLite 3.40. */
static union {
    sqlite3_api_routines routines;
    char room[4096];
} api;

static int take_routines(sqlite3 *db, char **message, const sqlite3_api_routines *given) {
    int (*const routine)(sqlite3 *) = is_interrupted;
    const size_t at = offsetof(sqlite3_api_routines, error_offset) + 10 * sizeof(void (*)(void));
    (void)db, (void)message;
    memcpy(&api, given, sizeof *given);
    api.routines.libversion_number = newer_than_all;
    memcpy(api.room + at, &routine, sizeof routine);
    return SQLITE_OK;
}

SQA_UNIT_SHARED sqlite3 *open_polled(const char *file) {
    sqlite3 *db;
    char *message = NULL;
    sqlite3_auto_extension((void (*)(void))take_routines);
    if (sqlite3_open(file, &db) != SQLITE_OK ||
        sqlite3_array_init(db, &message, &api.routines) != SQLITE_OK)
        unit_bail_out("%s", message != NULL ? message : sqlite3_errmsg(db));
    sqlite3_reset_auto_extension();
    return db;
}

/* Loads the second library into such a connection. */
SQA_UNIT_SHARED void load_file_polled(sqlite3 *db) {
    int (*init)(sqlite3 *, char **, const sqlite3_api_routines *) = NULL;
    char path[1000], *message = NULL;
    unit_library_path(path, sizeof path, "array_file.so");
    void *const library = dlopen(path, RTLD_NOW);
    void *const symbol = library == NULL ? NULL : dlsym(library, "sqlite3_arrayfile_init");
    memcpy(&init, &symbol, sizeof init);
    if (init == NULL || init(db, &message, &api.routines) != SQLITE_OK)
        unit_bail_out("%s: %s", path, message != NULL ? message : "cannot be loaded");
}
#endif

/* A thread that interrupts this one after a delay */
static struct {
    sqlite3 *db;
    double delay;                  /* seconds after its start */
    const volatile uint64_t *work; /* work counter of the thread that is interrupted */
    uint64_t at;                   /* its value at that time */
    pthread_t thread;
} interruption;

static void *interrupt(void *unused) {
    const struct timespec delay = {
        (time_t)interruption.delay,
        (long)(1e9 * (interruption.delay - (double)(time_t)interruption.delay))};
    (void)unused;
    nanosleep(&delay, NULL);
    interruption.at = *interruption.work;
    atomic_store(&poll.interrupted, true);
    sqlite3_interrupt(interruption.db);
    return NULL;
}

static void interrupt_begin(sqlite3 *db, double delay) {
    poll_begin(0);
    interruption.db = db;
    interruption.delay = delay;
    interruption.work = &unit_work;
    pthread_create(&interruption.thread, NULL, interrupt, NULL);
}

/* Ends the thread and returns how much work was done after the interruption. */
static uint64_t interrupt_end(void) {
    const uint64_t now = unit_work;
    pthread_join(interruption.thread, NULL);
    atomic_store(&poll.interrupted, false);
    return now - interruption.at;
}

#endif
