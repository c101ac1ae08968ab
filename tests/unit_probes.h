/*
** Probes: for every function of the manual and each of its arguments, a statement in which this
** argument is :special, which tests bind to any value. Also memory that ends where the process
** must not read.
*/
#ifndef SQA_UNIT_PROBES_H
#define SQA_UNIT_PROBES_H

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit_answer.h"
#include "unit_calls.h"

#if SQA_SANITIZED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

/* Memory between two inaccessible pages */
struct unit_guarded {
    unsigned char *start, *end;
};

enum { UNIT_PAGE = 4096 };

SQA_UNIT_SHARED struct unit_guarded unit_guarded_new(size_t size) {
    const size_t room = (size + UNIT_PAGE - 1) / UNIT_PAGE * UNIT_PAGE;
    unsigned char *at =
        mmap(NULL, room + 2 * UNIT_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || mprotect(at + UNIT_PAGE, room, PROT_READ | PROT_WRITE) != 0)
        unit_bail_out("no guarded memory");
    return (struct unit_guarded){at + UNIT_PAGE, at + UNIT_PAGE + room};
}

/*
** Copies `size` bytes so that they end `gap` bytes before the upper guard page; if gap is
** negative, so that they begin right after the lower one. With the address sanitizer, all other
** bytes are made inaccessible.
*/
SQA_UNIT_SHARED void *unit_guarded_place(const struct unit_guarded *g, const void *bytes,
                                         size_t size, int gap) {
    unsigned char *at = gap < 0 ? g->start : g->end - gap - size;
    ASAN_UNPOISON_MEMORY_REGION(g->start, (size_t)(g->end - g->start));
    if (size > 0)
        memcpy(at, bytes, size);
    ASAN_POISON_MEMORY_REGION(at + size, (size_t)(g->end - at) - size);
    return at;
}

struct unit_probe {
    const struct unit_function *function;
    sqlite3_stmt *statement;
    char said[20];    /* how messages name the argument that is :special, such as "argument 1" */
    char wants[40];   /* name of this argument in the manual */
    bool is_array;    /* true if it may be an array */
    int refuses;      /* the result code if it has an invalid value */
    bool is_full;     /* true if all arguments are given */
    bool is_constant; /* true if equal arguments always give equal results */
    bool is_file;     /* true if it reads or writes a file, which is slow */
};

enum { UNIT_PROBES = 1500 };

/* Returns true if SQLite treats the function as deterministic. Tables count as deterministic. */
static bool unit_is_deterministic(sqlite3 *db, const struct unit_function *f, int arguments) {
    sqlite3_stmt *s = unit_prepare(db, "SELECT min((flags & 0x800) > 0) FROM pragma_function_list"
                                       " WHERE name = ?1 AND narg IN (?2, -1)");
    sqlite3_bind_text(s, 1, f->name, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 2, arguments);
    const bool yes = sqlite3_step(s) == SQLITE_ROW &&
                     (sqlite3_column_type(s, 0) == SQLITE_NULL || sqlite3_column_int(s, 0));
    sqlite3_finalize(s);
    return yes;
}

static bool unit_is_window(sqlite3 *db, const struct unit_function *f) {
    sqlite3_stmt *s =
        unit_prepare(db, "SELECT 1 FROM pragma_function_list WHERE name = ? AND type = 'w'");
    sqlite3_bind_text(s, 1, f->name, -1, SQLITE_STATIC);
    const bool yes = sqlite3_step(s) == SQLITE_ROW;
    sqlite3_finalize(s);
    return yes;
}

static bool unit_wants_array(const char *parameter) {
    static const char *const names[] = {"A", "B", "C", "D", "S", "M", "I", "edges", "x", "shape"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], parameter) == 0)
            return true;
    return false;
}

static void unit_probe_add(sqlite3 *db, const struct unit_function *f, int arguments, int argument,
                           const char *sql, struct unit_probe *dst, size_t *count) {
    if (*count == UNIT_PROBES)
        unit_bail_out("too many probes");
    struct unit_probe *p = &dst[(*count)++];
    *p = (struct unit_probe){.function = f,
                             .statement = unit_prepare(db, sql),
                             .is_array = unit_wants_array(f->parameters[argument - 1]),
                             .refuses = SQLITE_ERROR,
                             .is_full = arguments == f->most,
                             .is_file = strncmp(f->name, "array_file", 10) == 0,
                             .is_constant = unit_is_deterministic(db, f, arguments)};
    snprintf(p->said, sizeof p->said, "argument %d", argument);
    snprintf(p->wants, sizeof p->wants, "%s", f->parameters[argument - 1]);
}

static const char *unit_probe_sql; /* number of the probe that ran last */

static void unit_probe_crashed(int number) {
    static const char comment[] = "\n# crashed in: ";
    (void)!write(STDOUT_FILENO, comment, sizeof comment - 1);
    (void)!write(STDOUT_FILENO, unit_probe_sql, strlen(unit_probe_sql));
    (void)!write(STDOUT_FILENO, "\n", 1);
    signal(number, SIG_DFL);
    raise(number);
}

/*
** Fills dst, which has UNIT_PROBES entries, and returns their number. Aggregates are called over
** one row, and as window functions. Functions that change settings and paths of files to be
** written are left out. From now on, a crash reports the probe that was running.
*/
SQA_UNIT_SHARED size_t unit_probes(sqlite3 *db, const struct unit_function *functions, size_t n,
                                   struct unit_probe *dst) {
    size_t count = 0;
    char call[300], sql[600];
    signal(SIGSEGV, unit_probe_crashed);
    signal(SIGBUS, unit_probe_crashed);
    for (const struct unit_function *f = functions; f < functions + n; f++) {
        if (strcmp(f->name, "array_limit") == 0 || strcmp(f->name, "array_file_limit") == 0)
            continue;
        for (int arguments = f->least; arguments <= f->most; arguments++)
            for (int argument = 1; argument <= arguments; argument++) {
                unit_argument(f, arguments, argument - 1, 0, call, sizeof call);
                for (int choice = 0;
                     strcmp(call, ":written") != 0 &&
                     unit_call(f, arguments, choice, argument, ":special", call, sizeof call);
                     choice++) {
                    snprintf(sql, sizeof sql, "SELECT %s%s",
                             strcmp(f->kind, "table") == 0 ? "* FROM " : "", call);
                    unit_probe_add(db, f, arguments, argument, sql, dst, &count);
                }
            }
        if (unit_is_window(db, f)) {
            snprintf(sql, sizeof sql,
                     "SELECT %.39s(column1) OVER (ROWS 1 PRECEDING) FROM"
                     " (VALUES (:%.39s), (:special), (NULL), (:special))",
                     f->name, f->parameters[0]);
            unit_probe_add(db, f, 1, 1, sql, dst, &count);
        }
    }
    return count;
}

/* Returns a connection with both libraries, and creates the file for :path. */
SQA_UNIT_SHARED sqlite3 *unit_open_both(void) {
    sqlite3 *db = unit_open(":memory:");
    struct unit_values values;
    char *message;
    if (unit_load_file(db, &message) != SQLITE_OK)
        unit_bail_out("array_file: %s", message);
    unit_make_stored(db);
    unit_values_make(&values, 3, UNIT_TAME, false);
    sqlite3_stmt *s = unit_prepare(db, "SELECT array_file_write(:path, :A)");
    unit_bind(s, &values);
    if (sqlite3_step(s) != SQLITE_ROW)
        unit_bail_out("array_file_write: %s", sqlite3_errmsg(db));
    sqlite3_finalize(s);
    unit_values_free(&values);
    return db;
}

SQA_UNIT_SHARED void unit_probes_free(struct unit_probe *probes, size_t count) {
    for (size_t i = 0; i < count; i++)
        sqlite3_finalize(probes[i].statement);
}

/*
** Runs a probe with :special as a blob or as text, whose memory SQLite uses without copying it,
** and stores the answer.
*/
SQA_UNIT_SHARED void unit_probe_run(const struct unit_probe *p, int type, const void *bytes,
                                    size_t size, struct unit_answer *a) {
    sqlite3_stmt *s = p->statement;
    const int at = sqlite3_bind_parameter_index(s, ":special");
    unit_probe_sql = sqlite3_sql(s);
    if (type == SQLITE_BLOB)
        sqlite3_bind_blob64(s, at, bytes, size, SQLITE_STATIC);
    else
        sqlite3_bind_text64(s, at, bytes, size, SQLITE_STATIC, SQLITE_UTF8);
    unit_answer_run(a, s, 40);
    sqlite3_bind_null(s, at);
}

#endif
