/*
** One process with two copies of SQLite: the library serves one of them at a time. It refuses the
** other with a message that the other can free, while a copy of the library serves that one. The
** library is loaded, unloaded and loaded again, also by threads.
**
** The first SQLite is in this program, the second one is the system's library.
*/
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include <dlfcn.h>
#include <pthread.h>

#include "unit_sql.h"

/* What is called of an SQLite here. X(result, name, parameters) */
#define ROUTINES(X)                                                                                \
    X(int, open, (const char *, sqlite3 **))                                                       \
    X(int, close, (sqlite3 *))                                                                     \
    X(int, enable_load_extension, (sqlite3 *, int))                                                \
    X(int, load_extension, (sqlite3 *, const char *, const char *, char **))                       \
    X(int, exec, (sqlite3 *, const char *, sqlite3_callback, void *, char **))                     \
    X(void, free, (void *))                                                                        \
    X(const char *, libversion, (void))

struct host {
#define MEMBER(result, name, parameters) result(*name) parameters;
    ROUTINES(MEMBER)
#undef MEMBER
};

static const struct host first = {
#define MEMBER(result, name, parameters) .name = sqlite3_##name,
    ROUTINES(MEMBER)
#undef MEMBER
};

static int keep_row(void *answer, int columns, char **values, char **names) {
    (void)columns, (void)names;
    snprintf(answer, 100, "%s", values[0] != NULL ? values[0] : "NULL");
    return 0;
}

/* Does the library work in this connection, with the pool, a cursor and a message? */
static bool works(const struct host *host, sqlite3 *db) {
    char answer[100] = "", *message = NULL;
    const int rc = host->exec(db,
                              "SELECT array_sum(array_agg(value * 2)) FROM "
                              "array_each(array_sort(array_series(10000, 1, -1)))",
                              keep_row, answer, NULL);
    const int failed = host->exec(db, "SELECT array_sum(7)", NULL, NULL, &message);
    const bool passed = rc == SQLITE_OK && strcmp(answer, "100010000") == 0 &&
                        failed == SQLITE_ERROR && message != NULL &&
                        strncmp(message, "array_sum: argument 1", 21) == 0;
    if (!passed)
        printf("# %d, %s, %d, %s\n", rc, answer, failed, message != NULL ? message : "no message");
    host->free(message);
    return passed;
}

#ifdef SQLITE_CORE
static bool load(const struct host *host, sqlite3 *db, const char *path, const char *entry,
                 char **message) {
    (void)host, (void)path, (void)entry;
    return sqlite3_array_init(db, message, NULL) == SQLITE_OK;
}
#else
static bool load(const struct host *host, sqlite3 *db, const char *path, const char *entry,
                 char **message) {
    host->enable_load_extension(db, 1);
    return host->load_extension(db, path, entry, message) == SQLITE_OK;
}
#endif

/* Gives a connection into which the library is loaded; NULL if it was refused as being in use. */
static sqlite3 *connect_to(const struct host *host, const char *path) {
    sqlite3 *db;
    char *message = NULL;
    if (host->open(":memory:", &db) != SQLITE_OK)
        unit_bail_out("sqlite3_open()");
    if (load(host, db, path, NULL, &message))
        return db;
    if (message == NULL || strstr(message, "is in use by another SQLite in this process, version "
                                           "3.") == NULL)
        unit_bail_out("%s: %s", path, message != NULL ? message : "no message");
    host->free(message);
    host->close(db);
    return NULL;
}

enum { THREADS = 4 };
static struct worker {
    pthread_t thread;
    const struct host *host;
    const char *path;
    int loaded, refused, wrong;
} workers[THREADS];

static void *load_often(void *argument) {
    struct worker *worker = argument;
    const int rounds = unit_thorough() ? 150 : 40;
    for (int i = 0; i < rounds; i++) {
        sqlite3 *db = connect_to(worker->host, worker->path);
        if (db == NULL) {
            worker->refused++;
            continue;
        }
        worker->loaded++;
        worker->wrong += !works(worker->host, db);
        worker->host->close(db);
    }
    return NULL;
}

/* Half of the threads use the other host and the other path. */
static void run_threads(const struct host *other, const char *path, const char *other_path,
                        bool may_refuse, const char *name) {
    int loaded = 0, refused = 0, wrong = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i] =
            (struct worker){.host = i % 2 ? other : &first, .path = i % 2 ? other_path : path};
        if (pthread_create(&workers[i].thread, NULL, load_often, &workers[i]) != 0)
            unit_bail_out("pthread_create()");
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        loaded += workers[i].loaded;
        refused += workers[i].refused;
        wrong += workers[i].wrong;
    }
    ok(wrong == 0 && loaded > 0 && (may_refuse || refused == 0),
       "%s: loaded %d times, refused %d times, %d wrong", name, loaded, refused, wrong);
}

static char library[1000];

static void test_loading(void) {
    sqlite3 *a = connect_to(&first, library), *b = connect_to(&first, library);
    char *message = NULL;
    ok(works(&first, a) && works(&first, b), "loaded in two connections");
    ok(load(&first, a, library, NULL, &message) && works(&first, a) && works(&first, b),
       "and once more in one of them");
    first.close(a);
    ok(works(&first, b), "and unloaded in it");
    first.close(b);
#ifndef SQLITE_CORE
    ok(dlopen(library, RTLD_NOW | RTLD_NOLOAD) == NULL, "nobody holds the library afterwards");
#endif
    b = connect_to(&first, library);
    ok(works(&first, b), "loaded again");
    first.close(b);
    run_threads(&first, library, library, false, "four threads");
}

#ifndef SQLITE_CORE
static struct host second;
static char copied[1000];

static void copy_file(const char *from, const char *to) {
    char bytes[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (in == NULL || out == NULL)
        unit_bail_out("cannot copy %s to %s", from, to);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
        fwrite(bytes, 1, n, out);
    fclose(in);
    fclose(out);
}

/* Fills second; gives NULL, or why there is none. */
static const char *find_second(void) {
    if (dlsym(RTLD_DEFAULT, "sqlite3_libversion") != NULL)
        return "a second SQLite would call the first one, which this program exports";
    void *const handle = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return "there is no second SQLite";
#define MEMBER(result, name, parameters)                                                           \
    {                                                                                              \
        void *const symbol = dlsym(handle, "sqlite3_" #name);                                      \
        if (symbol == NULL)                                                                        \
            return "the second SQLite lacks sqlite3_" #name "()";                                  \
        memcpy(&second.name, &symbol, sizeof symbol);                                              \
    }
    ROUTINES(MEMBER)
#undef MEMBER
    return NULL;
}

static void test_two_hosts(const char *name) {
    char path[1000];
    unit_library_path(path, sizeof path, name);
    copy_file(path, copied);
    sqlite3 *a = connect_to(&first, path), *b = connect_to(&second, path);
    ok(a != NULL && b == NULL, "%s: in use by one SQLite, refused to another", name);
    sqlite3 *c = connect_to(&first, path);
    first.close(a);
    b = connect_to(&second, path);
    ok(c != NULL && b == NULL, "%s: likewise as long as one connection is left", name);
    first.close(c);
    b = connect_to(&second, path);
    a = connect_to(&first, path);
    ok(b != NULL && a == NULL, "%s: then it is the other's", name);
    a = connect_to(&first, copied);
    ok(a != NULL, "%s: a copy for the one that is refused", name);
    if (strcmp(name, "array.so") == 0)
        ok(works(&first, a) && works(&second, b) && works(&first, a), "%s: both work", name);
    second.close(b);
    c = connect_to(&first, path);
    ok(c != NULL, "%s: and the library is free again", name);
    first.close(c);
    first.close(a);
}

static void test_second(void) {
    const char *why = find_second();
    if (why != NULL) {
        ok(true, "two SQLites # SKIP %s", why);
        return;
    }
    printf("# SQLite %s and SQLite %s\n", first.libversion(), second.libversion());
    test_two_hosts("array.so");
    test_two_hosts("array_file.so");
    unit_library_path(library, sizeof library, "array.so");
    copy_file(library, copied);
    run_threads(&second, library, copied, false, "two threads each of two SQLites, two copies");
    run_threads(&second, library, library, true, "two threads each of two SQLites, one file");
}
#endif

#ifndef SQLITE_CORE
/* The last test: the library stays. */
static void test_register(void) {
    sqlite3 *db = NULL;
    char *message = NULL;
    first.open(":memory:", &db);
    ok(load(&first, db, library, "sqlite3_array_register", &message), "sqlite3_array_register()");
    first.close(db);
    ok(second.open == NULL || connect_to(&second, library) == NULL,
       "no other SQLite gets the library any more");
}
#endif

int main(void) {
#ifndef SQLITE_CORE
    const char *build = getenv("BUILD");
    snprintf(copied, sizeof copied, "%s/tests/copied_library.so", build != NULL ? build : "build");
    unit_library_path(library, sizeof library, "array.so");
#endif
    test_loading();
#ifndef SQLITE_CORE
    test_second();
    test_register();
#endif
    return done();
}
