/*
** SQL functions that print TAP, for the tests written in SQL. Each check returns its line as text:
**
**     SELECT plan(2);                                           -- 1..2
**     SELECT eq(array_sum('[1,2]'), 3, 'adds up');              -- ok 1 - adds up
**     SELECT throws('SELECT array_sum(7)', 'not an array', 'an integer is no array');
**     SELECT done();                                            -- # 2 checks
**
**     plan(n)                     at the beginning: n is the number of checks
**     ok(x, name)                 passes if x is true
**     eq(got, expected, name)     passes if got IS expected
**     throws(sql, pattern, name)  passes if sql fails with a message that contains pattern (a GLOB)
**                                 and is UTF-8
**     skip(name, why)             passes; for checks that this version of SQLite cannot do
**     diag(text)                  a comment
**     done()                      at the end: an error if there were not as many checks as planned
**     env(name)                   returns an environment variable, such as BUILD
**     thorough()                  returns 1 if everything is to be tested, as by make check
**                                 (TEST_THOROUGH), and 0 if tests that take seconds are left out
**     rows(sql)                   returns the rows of sql: columns separated by |, rows by newline,
**                                 NULL as nothing, arrays as JSON; checks inside of sql are
**                                 numbered from 1
**     printed(sql)                like rows(sql), but with arrays as the shell prints them: bytes
**                                 up to the first 0
*/
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef sqlite3_context context;
typedef sqlite3_value value;

/*
** Appends the array in a blob as [1,2,3] and returns its width. If the blob is not an array,
** appends nothing and returns 0.
*/
static unsigned append_array(sqlite3_str *s, const unsigned char *p, size_t size) {
    if (size < 8 || p[0] != 0xA1 || p[1] != 0x41 || p[2] != 0)
        return 0;
    const unsigned width = p[3];
    const size_t count = p[4] | (size_t)p[5] << 8 | (size_t)p[6] << 16 | (size_t)p[7] << 24;
    if ((width != 1 && width != 2 && width != 4 && width != 8) || size != 8 + count * width)
        return 0;
    sqlite3_str_appendchar(s, 1, '[');
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = 0;
        for (unsigned byte = 0; byte < width; byte++)
            bits |= (uint64_t)p[8 + i * width + byte] << 8 * byte;
        const unsigned spare = 64 - 8 * width;
        sqlite3_str_appendf(s, i ? ",%lld" : "%lld",
                            (long long)((int64_t)(bits << spare) >> spare));
    }
    sqlite3_str_appendchar(s, 1, ']');
    return width;
}

/* Appends text, with `prefix` at the start of each line except the first. */
static void append_lines(sqlite3_str *s, const char *text, const char *prefix) {
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        sqlite3_str_append(s, text, (int)(end - text) + 1);
        sqlite3_str_appendall(s, prefix);
    }
    sqlite3_str_appendall(s, text);
}

/* Appends x as SQL literal; an array as [1,2,3] with its width. Long values are cut off. */
static void append_literal(sqlite3_str *s, value *x) {
    enum { LONGEST = 2000 };
    sqlite3_str *text = sqlite3_str_new(NULL);
    switch (sqlite3_value_type(x)) {
    case SQLITE_BLOB: {
        const unsigned char *p = sqlite3_value_blob(x);
        const int size = sqlite3_value_bytes(x);
        const unsigned width = append_array(text, p, (size_t)size);
        if (width > 0) {
            sqlite3_str_appendf(text, " of width %u", width);
            break;
        }
        sqlite3_str_appendall(text, "x'");
        for (int i = 0; i < size && i < LONGEST; i++)
            sqlite3_str_appendf(text, "%02x", p[i]);
        sqlite3_str_appendall(text, "'");
        break;
    }
    case SQLITE_TEXT:
        sqlite3_str_appendf(text, "%Q", sqlite3_value_text(x));
        break;
    case SQLITE_FLOAT:
        sqlite3_str_appendf(text, "%!.17g", sqlite3_value_double(x));
        break;
    case SQLITE_NULL:
        sqlite3_str_appendall(text, "NULL");
        break;
    default:
        sqlite3_str_appendall(text, (const char *)sqlite3_value_text(x));
    }
    const int length = sqlite3_str_length(text);
    char *shown = sqlite3_str_finish(text);
    if (length > LONGEST)
        memcpy(shown + LONGEST - 3, "...", 4);
    append_lines(s, shown, "#           ");
    sqlite3_free(shown);
}

/* Sets s as the function's result and frees it. */
static void result_str(context *ctx, sqlite3_str *s) {
    const int rc = sqlite3_str_errcode(s);
    char *text = sqlite3_str_finish(s);
    if (rc == SQLITE_OK)
        sqlite3_result_text(ctx, text, -1, sqlite3_free);
    else
        sqlite3_result_error_code(ctx, rc);
}

/* State shared by all functions of a connection */
struct progress {
    int checks;  /* number of checks so far */
    int planned; /* number of planned checks, or -1 before plan() */
};

/* Begins the line of the next check: "ok 1 - name". A name is one line without TAP directives. */
static sqlite3_str *begin_check(context *ctx, int passed, value *name) {
    struct progress *progress = sqlite3_user_data(ctx);
    sqlite3_str *s = sqlite3_str_new(sqlite3_context_db_handle(ctx));
    sqlite3_str_appendf(s, "%sok %d - ", passed ? "" : "not ", ++progress->checks);
    const unsigned char *c = sqlite3_value_text(name);
    for (; c != NULL && *c != 0; c++) {
        if (*c == '#')
            sqlite3_str_appendchar(s, 1, '\\');
        sqlite3_str_appendchar(s, 1, *c == '\n' ? ' ' : (char)*c);
    }
    return s;
}

static void fn_plan(context *ctx, int argc, value **argv) {
    (void)argc;
    struct progress *progress = sqlite3_user_data(ctx);
    sqlite3_str *s = sqlite3_str_new(NULL);
    progress->planned = sqlite3_value_int(argv[0]);
    sqlite3_str_appendf(s, "1..%d", progress->planned);
    result_str(ctx, s);
}

static void fn_done(context *ctx, int argc, value **argv) {
    (void)argc, (void)argv;
    const struct progress *progress = sqlite3_user_data(ctx);
    sqlite3_str *s = sqlite3_str_new(NULL);
    if (progress->planned == progress->checks) {
        sqlite3_str_appendf(s, "# %d checks", progress->checks);
        result_str(ctx, s);
        return;
    }
    if (progress->planned < 0)
        sqlite3_str_appendf(s, "no plan: write SELECT plan(%d); at the beginning",
                            progress->checks);
    else
        sqlite3_str_appendf(s, "the plan is %d, but there were %d checks: write SELECT plan(%d);",
                            progress->planned, progress->checks, progress->checks);
    char *message = sqlite3_str_finish(s);
    sqlite3_result_error(ctx, message != NULL ? message : "out of memory", -1);
    sqlite3_free(message);
}

static void fn_diag(context *ctx, int argc, value **argv) {
    (void)argc;
    const char *text = (const char *)sqlite3_value_text(argv[0]);
    sqlite3_str *s = sqlite3_str_new(NULL);
    sqlite3_str_appendall(s, "# ");
    append_lines(s, text ? text : "NULL", "# ");
    result_str(ctx, s);
}

static void fn_ok(context *ctx, int argc, value **argv) {
    (void)argc;
    result_str(ctx, begin_check(ctx, sqlite3_value_double(argv[0]) != 0, argv[1]));
}

static void fn_skip(context *ctx, int argc, value **argv) {
    (void)argc;
    sqlite3_str *s = begin_check(ctx, 1, argv[0]);
    sqlite3_str_appendf(s, " # SKIP %s", sqlite3_value_text(argv[1]));
    result_str(ctx, s);
}

static void fn_eq(context *ctx, int argc, value **argv) {
    (void)argc;
    sqlite3_stmt *is;
    if (sqlite3_prepare_v2(sqlite3_context_db_handle(ctx), "SELECT ?1 IS ?2", -1, &is, NULL)) {
        sqlite3_result_error_nomem(ctx);
        return;
    }
    sqlite3_bind_value(is, 1, argv[0]);
    sqlite3_bind_value(is, 2, argv[1]);
    const int passed = sqlite3_step(is) == SQLITE_ROW && sqlite3_column_int(is, 0);
    sqlite3_finalize(is);

    sqlite3_str *s = begin_check(ctx, passed, argv[2]);
    if (!passed) {
        sqlite3_str_appendall(s, "\n#      got: ");
        append_literal(s, argv[0]);
        sqlite3_str_appendall(s, "\n# expected: ");
        append_literal(s, argv[1]);
    }
    result_str(ctx, s);
}

/*
** Runs every statement of sql, and appends the rows to `rows` if it is not NULL. arrays_as_json
** writes arrays as JSON, not as the bytes that the shell would print.
*/
static int run(sqlite3 *db, const char *sql, sqlite3_str *rows, int arrays_as_json) {
    int rc = SQLITE_OK, nth_row = 0;
    while (rc == SQLITE_OK && sql != NULL && *sql != 0) {
        sqlite3_stmt *stmt;
        rc = sqlite3_prepare_v2(db, sql, -1, &stmt, &sql);
        if (rc != SQLITE_OK || stmt == NULL)
            continue;
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            if (rows == NULL)
                continue;
            if (nth_row++ > 0)
                sqlite3_str_appendchar(rows, 1, '\n');
            for (int i = 0; i < sqlite3_column_count(stmt); i++) {
                if (i > 0)
                    sqlite3_str_appendchar(rows, 1, '|');
                if (!arrays_as_json || sqlite3_column_type(stmt, i) != SQLITE_BLOB ||
                    !append_array(rows, sqlite3_column_blob(stmt, i),
                                  (size_t)sqlite3_column_bytes(stmt, i)))
                    sqlite3_str_appendf(rows, "%s", sqlite3_column_text(stmt, i));
            }
        }
        rc = sqlite3_finalize(stmt);
    }
    return rc;
}

/* Has the text whole characters of UTF-8 only, as a message that was cut off may not? */
static int is_utf8(const char *text) {
    for (const unsigned char *p = (const unsigned char *)text; *p != 0;) {
        int more = *p < 0x80 ? 0 : *p >= 0xC2 && *p < 0xE0 ? 1 : *p >= 0xE0 && *p < 0xF0 ? 2 : 3;
        if ((*p >= 0x80 && *p < 0xC2) || *p > 0xF4)
            return 0;
        for (p++; more > 0; more--, p++) {
            if ((*p & 0xC0) != 0x80)
                return 0;
        }
    }
    return 1;
}

static void fn_throws(context *ctx, int argc, value **argv) {
    (void)argc;
    sqlite3 *db = sqlite3_context_db_handle(ctx);
    const int rc = run(db, (const char *)sqlite3_value_text(argv[0]), NULL, 0);
    char *message = rc == SQLITE_OK ? NULL : sqlite3_mprintf("%s", sqlite3_errmsg(db));
    char *pattern = sqlite3_mprintf("*%s*", sqlite3_value_text(argv[1]));
    const int passed =
        message && pattern && sqlite3_strglob(pattern, message) == 0 && is_utf8(message);

    sqlite3_str *s = begin_check(ctx, passed, argv[2]);
    if (!passed) {
        sqlite3_str_appendall(s, "\n#      got: ");
        append_lines(s, message ? message : "no error", "#           ");
        sqlite3_str_appendall(s, "\n# expected: ");
        append_lines(s, pattern ? pattern : "", "#           ");
    }
    sqlite3_free(message);
    sqlite3_free(pattern);
    result_str(ctx, s);
}

static void fn_env(context *ctx, int argc, value **argv) {
    (void)argc;
    const char *name = (const char *)sqlite3_value_text(argv[0]);
    sqlite3_result_text(ctx, name ? getenv(name) : NULL, -1, SQLITE_TRANSIENT);
}

static void fn_thorough(context *ctx, int argc, value **argv) {
    (void)argc, (void)argv;
    sqlite3_result_int(ctx, getenv("TEST_THOROUGH") != NULL);
}

/* The result is the rows of the statements in argv[0], one per line. */
static void result_rows(context *ctx, value **argv, int arrays_as_json) {
    struct progress *progress = sqlite3_user_data(ctx);
    const struct progress outside = *progress;
    sqlite3 *db = sqlite3_context_db_handle(ctx);
    sqlite3_str *s = sqlite3_str_new(db);
    *progress = (struct progress){0, -1};
    const int rc = run(db, (const char *)sqlite3_value_text(argv[0]), s, arrays_as_json);
    *progress = outside;
    if (rc != SQLITE_OK) {
        sqlite3_free(sqlite3_str_finish(s));
        sqlite3_result_error(ctx, sqlite3_errmsg(db), -1);
    } else if (sqlite3_str_length(s) == 0) {
        sqlite3_free(sqlite3_str_finish(s));
        sqlite3_result_text(ctx, "", 0, SQLITE_STATIC);
    } else {
        result_str(ctx, s);
    }
}

static void fn_rows(context *ctx, int argc, value **argv) {
    (void)argc;
    result_rows(ctx, argv, 1);
}

static void fn_printed(context *ctx, int argc, value **argv) {
    (void)argc;
    result_rows(ctx, argv, 0);
}

__attribute__((visibility("default"))) int sqlite3_tap_init(sqlite3 *db, char **error,
                                                            const sqlite3_api_routines *api);

int sqlite3_tap_init(sqlite3 *db, char **error, const sqlite3_api_routines *api) {
    static const struct {
        const char *name;
        int args;
        void (*fn)(context *, int, value **);
    } functions[] = {
        {"plan", 1, fn_plan},
        {"done", 0, fn_done},
        {"diag", 1, fn_diag},
        {"ok", 2, fn_ok},
        {"eq", 3, fn_eq},
        {"throws", 3, fn_throws},
        {"skip", 2, fn_skip},
        {"rows", 1, fn_rows},
        {"printed", 1, fn_printed},
        {"env", 1, fn_env},
        {"thorough", 0, fn_thorough},
    };
    const int last = (int)(sizeof functions / sizeof functions[0]) - 1;
    (void)error;
    SQLITE_EXTENSION_INIT2(api);

    /* freed by the destructor of the first function */
    struct progress *progress = sqlite3_malloc(sizeof *progress);
    if (progress == NULL)
        return SQLITE_NOMEM;
    *progress = (struct progress){0, -1};
    int rc = SQLITE_OK;
    for (int i = 0; i <= last && rc == SQLITE_OK; i++)
        rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].args, SQLITE_UTF8,
                                        progress, functions[i].fn, NULL, NULL,
                                        i == 0 ? sqlite3_free : NULL);
    return rc;
}
