/*
** Runs the SQL script on standard input in an empty in-memory database with both libraries and
** the TAP functions of tap.c. Like the sqlite3 shell in tests/run, it prints each column on a
** line of its own, and stops at the first error with an exit status that fails the test. It is
** used for versions of SQLite without a shell, and for sanitizers, which need the whole program
** to be compiled with them.
**
** With -DSQLITE_CORE the extension and the TAP functions are linked in; otherwise unit_load()
** says where they are. readfile() is the only function of the shell that is provided. At the end
** all of SQLite's memory must be free.
*/
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

#include "unit_sql.h"

int sqlite3_tap_init(sqlite3 *db, char **error, const struct sqlite3_api_routines *api);

/*
** Reads the rest of a stream and returns it with its size. Returns NULL if out of memory or if it
** cannot be read.
*/
static char *read_all(FILE *stream, size_t *size) {
    char *text = NULL;
    size_t room = 0, got = 1;
    for (*size = 0; got > 0; *size += got) {
        if (*size + 1 >= room) {
            char *larger = realloc(text, room = 2 * room + 4096);
            if (larger == NULL) {
                free(text);
                return NULL;
            }
            text = larger;
        }
        got = fread(text + *size, 1, room - *size - 1, stream);
    }
    text[*size] = '\0';
    if (ferror(stream)) {
        free(text);
        return NULL;
    }
    return text;
}

static void fn_readfile(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const char *path = (const char *)sqlite3_value_text(argv[0]);
    FILE *file = path == NULL ? NULL : fopen(path, "rb");
    (void)argc;
    if (file == NULL)
        return;
    size_t size;
    char *bytes = read_all(file, &size);
    fclose(file);
    if (bytes != NULL)
        sqlite3_result_blob64(context, bytes, size, free);
}

static sqlite3 *open_database(void) {
    sqlite3 *db = unit_open(":memory:");
    char *message = NULL;
    int rc = unit_load_file(db, &message);
    if (rc != SQLITE_OK)
        unit_bail_out("the second library: %s", message != NULL ? message : sqlite3_errmsg(db));
#ifdef SQLITE_CORE
    rc = sqlite3_tap_init(db, &message, NULL);
#else
    char path[1000];
    snprintf(path, sizeof path, "%s/tests/tap.so", getenv("BUILD"));
    rc = sqlite3_load_extension(db, path, NULL, &message);
#endif
    if (rc == SQLITE_OK)
        rc = sqlite3_create_function(db, "readfile", 1, SQLITE_UTF8, NULL, fn_readfile, NULL, NULL);
    if (rc != SQLITE_OK)
        unit_bail_out("the TAP functions: %s", message != NULL ? message : sqlite3_errmsg(db));
    return db;
}

/* Runs the first statement of sql, and sets *rest to the text after it. */
static int run_one(sqlite3 *db, const char *sql, const char **rest) {
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, rest);
    if (rc != SQLITE_OK || statement == NULL)
        return rc;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const unsigned char *text = sqlite3_column_text(statement, i);
            puts(text != NULL ? (const char *)text : "");
        }
        fflush(stdout);
    }
    return sqlite3_finalize(statement);
}

int main(void) {
    size_t size;
#ifdef _WIN32
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    char *script = read_all(stdin, &size);
    if (script == NULL)
        unit_bail_out("no script");
    static const char needs[] = "-- needs SQLite 3.40\n"; /* may be the first line of a script */
    if (strncmp(script, needs, sizeof needs - 1) == 0 && sqlite3_libversion_number() < 3040000) {
        printf("1..0 # SKIP this is SQLite %s\n", sqlite3_libversion());
        free(script);
        return 0;
    }
    sqlite3 *db = open_database();
    for (const char *sql = script, *rest; *sql != '\0'; sql = rest) {
        if (run_one(db, sql, &rest) == SQLITE_OK)
            continue;
        int line = 1;
        for (const char *c = script; c < rest; c++)
            line += *c == '\n';
        unit_bail_out("in the statement that ends in line %d: %s", line, sqlite3_errmsg(db));
    }
    const int rc = sqlite3_close(db);
    free(script);
    if (rc != SQLITE_OK || sqlite3_memory_used() != 0)
        unit_bail_out("closing gives %d, %lld bytes are left", rc, sqlite3_memory_used());
    return 0;
}
