/*
** Calls of every function, generated from array_functions, which says how a function is called.
** The tables below have valid values for each parameter name. So a new function is tested as soon
** as it is in functions.def, and a parameter name that is not known here makes the test fail.
**
** A call is SQL text in which each parameter is an SQL parameter with the same name:
** array_get(:A, :i).
*/
#ifndef SQA_UNIT_CALLS_H
#define SQA_UNIT_CALLS_H

#include "unit_sql.h"

enum { UNIT_PARAMETERS = 8, UNIT_FUNCTIONS = 300 };

struct unit_function {
    char name[40], kind[16];
    char example[500]; /* the call as a statement */
    int least, most;   /* numbers of arguments to try; for `A, ...` these are 1 to 3 */
    char parameters[UNIT_PARAMETERS][40];
};

/* Parses a signature: `name(a, b [, c])`, `name(A, ...)` or `name`. */
static void unit_parse_signature(const char *signature, struct unit_function *f) {
    static const char *const arrays[] = {"A", "B", "C"};
    bool optional = false, rest = false;
    for (const char *at = strchr(signature, '('); at != NULL && *at != ')' && *at != '\0';) {
        optional |= *at == '[';
        at += strspn(at, "([, ");
        size_t size = strcspn(at, "[],)");
        rest = strncmp(at, "...", 3) == 0;
        if (f->most + 2 > UNIT_PARAMETERS || (rest && f->most == 0))
            unit_bail_out("cannot read %s", signature);
        char *dst = f->parameters[f->most];
        snprintf(dst, sizeof f->parameters[0], "%.*s", (int)size, at);
        while (size > 0 && dst[size - 1] == ' ')
            dst[--size] = '\0';
        f->most += !rest && size > 0;
        f->least = optional ? f->least : f->most;
        at += strcspn(at, "[],)");
        at += strspn(at, " ]");
    }
    for (int i = 1; rest && i <= 2; i++, f->most++) {
        const char *last = f->parameters[f->most - 1];
        snprintf(f->parameters[f->most], sizeof f->parameters[0], "%s",
                 last[0] >= 'A' && last[0] <= 'B' ? arrays[i] : last);
    }
}

static void unit_read_manual(sqlite3 *db, const char *manual, struct unit_function *dst,
                             size_t *count) {
    char sql[400];
    snprintf(
        sql, sizeof sql,
        "SELECT name, kind, signature, CASE WHEN example LIKE 'SELECT %%' OR example LIKE 'WITH %%'"
        " THEN example WHEN example LIKE 'INSERT %%' THEN iif(sqlite_version() < '3.40', 'SELECT "
        "1',"
        " example) WHEN example LIKE 'CREATE %%' THEN 'SELECT 1' ELSE 'SELECT ' || example END"
        " FROM %s WHERE kind <> 'virtual table'",
        manual);
    sqlite3_stmt *s = unit_prepare(db, sql);
    for (; sqlite3_step(s) == SQLITE_ROW && *count < UNIT_FUNCTIONS; ++*count) {
        struct unit_function *f = &dst[*count];
        memset(f, 0, sizeof *f);
        snprintf(f->name, sizeof f->name, "%s", (const char *)sqlite3_column_text(s, 0));
        snprintf(f->kind, sizeof f->kind, "%s", (const char *)sqlite3_column_text(s, 1));
        unit_parse_signature((const char *)sqlite3_column_text(s, 2), f);
        snprintf(f->example, sizeof f->example, "%s", (const char *)sqlite3_column_text(s, 3));
    }
    sqlite3_finalize(s);
}

/*
** Fills dst, which has UNIT_FUNCTIONS entries, with all functions and returns their number.
** Includes the functions of the second library if it is loaded.
*/
SQA_UNIT_SHARED size_t unit_functions(sqlite3 *db, struct unit_function *dst) {
    size_t count = 0;
    unit_read_manual(db, "array_functions", dst, &count);
    if (unit_integer(db,
                     "SELECT count(*) FROM pragma_module_list WHERE name = 'array_file_functions'"))
        unit_read_manual(db, "array_file_functions", dst, &count);
    return count;
}

/*
** A parameter name that means something else in this function, or in this function with so many
** arguments
*/
static const struct unit_exception {
    const char *function;
    int arguments; /* 0: with any number of arguments */
    const char *parameter, *known_as;
} unit_exceptions[] = {
    {"array_parse", 2, "text", "list"},
    {"array_convolve", 0, "B", "few"},
    {"array_repeat", 0, "n", "w"},
    {"array_tile", 0, "n", "w"},
    {"array_file_write", 0, "path", "written"},
    {"array_file_append", 0, "path", "written"},
};

/*
** Appends the SQL of a parameter in a call with so many arguments: an SQL parameter, or one of
** its words.
*/
static void unit_argument(const struct unit_function *f, int arguments, int i, int choice,
                          char *dst, size_t size) {
    const char *name = f->parameters[i], *word = name;
    for (int c = 0; c < choice && (word = strstr(word, "| ")) != NULL; c++)
        word += 2;
    for (size_t e = 0; e < sizeof unit_exceptions / sizeof *unit_exceptions; e++) {
        const struct unit_exception *x = &unit_exceptions[e];
        if (strcmp(x->function, f->name) == 0 && strcmp(x->parameter, name) == 0 &&
            (x->arguments == 0 || x->arguments == arguments))
            name = x->known_as;
    }
    if (name[0] == '\'' && word != NULL)
        snprintf(dst, size, "%.*s", (int)strcspn(word, " "), word);
    else
        snprintf(dst, size, ":%s", name);
}

/*
** Builds the call with so many arguments: name(:a, :b). If parameters are a choice of words, such
** as 'asc' | 'desc', uses the one with this number (from 0), and returns false if there is none.
** Argument number `place` (from 1; 0: none) is replaced by `special`.
*/
SQA_UNIT_SHARED bool unit_call(const struct unit_function *f, int arguments, int choice, int place,
                               const char *special, char *dst, size_t size) {
    int choices = 1;
    size_t used = (size_t)snprintf(dst, size, "%s(", f->name);
    for (int i = 0; i < arguments && used < size; i++) {
        char argument[60];
        int words = 1;
        for (const char *at = f->parameters[i]; (at = strchr(at, '|')) != NULL; at++)
            words++;
        choices = words > choices ? words : choices;
        unit_argument(f, arguments, i, choice < words ? choice : 0, argument, sizeof argument);
        used += (size_t)snprintf(dst + used, size - used, "%s%s", i > 0 ? ", " : "",
                                 i + 1 == place ? special : argument);
    }
    if (used + 2 > size)
        unit_bail_out("%s: the call is too long", f->name);
    memcpy(dst + used, ")", 2);
    return choice < choices;
}

/* The value of a parameter */
struct unit_value {
    const char *name;
    int type; /* SQLITE_BLOB, SQLITE_TEXT, SQLITE_INTEGER or SQLITE_FLOAT */
    double number;
    void *bytes;
    size_t size;
};
struct unit_values {
    struct unit_value list[60];
    size_t count;
};

static void unit_values_add(struct unit_values *v, const char *name, int type, double number,
                            void *bytes, size_t size) {
    if (v->count == sizeof v->list / sizeof *v->list)
        unit_bail_out("too many values");
    v->list[v->count++] = (struct unit_value){name, type, number, bytes, size};
}

/* Adds an array with this name, as a blob or as JSON text. */
static void unit_values_array(struct unit_values *v, const char *name, const int64_t *x, size_t n,
                              bool text) {
    char *bytes = malloc(n * 22 + 16);
    size_t size = 1;
    if (bytes == NULL)
        unit_bail_out("no memory");
    if (!text) {
        size = (size_t)sqlite_array_encode(bytes, x, n);
    } else {
        bytes[0] = '[';
        for (size_t i = 0; i < n; i++)
            size += (size_t)sprintf(bytes + size, "%s%" PRId64, i > 0 ? "," : "", x[i]);
        size += (size_t)sprintf(bytes + size, "]");
    }
    unit_values_add(v, name, text ? SQLITE_TEXT : SQLITE_BLOB, 0, bytes, size);
}

/* Adds a Roaring bitmap of at least one of the integers up to n, whose container is an array. */
SQA_UNIT_SHARED void unit_values_bitmap(struct unit_values *v, size_t n) {
    enum { HEADER = 16, MOST = 4096 };
    const size_t count = n == 0 ? 1 : n < MOST ? n : MOST;
    unsigned char *bytes = calloc(HEADER + 2 * count, 1);
    if (bytes == NULL)
        unit_bail_out("no memory");
    memcpy(bytes, "\x3a\x30\0\0\1\0\0\0\0\0\0\0\x10\0\0\0", HEADER);
    bytes[10] = (unsigned char)((count - 1) & 0xff);
    bytes[11] = (unsigned char)((count - 1) >> 8);
    for (size_t i = 0; i < count; i++) {
        bytes[HEADER + 2 * i] = (unsigned char)(3 * i & 0xff);
        bytes[HEADER + 2 * i + 1] = (unsigned char)(3 * i >> 8);
    }
    unit_values_add(v, "bitmap", SQLITE_BLOB, 0, bytes, HEADER + 2 * count);
}

enum unit_flavour {
    UNIT_VARIED, /* elements of up to 41 bits in random order */
    UNIT_TAME,   /* elements 0 and 1, so that products and powers do not overflow */
};

/*
** Fills v with valid values for arrays of n elements, which are blobs or text. unit_values_free()
** frees them.
*/
SQA_UNIT_SHARED void unit_values_make(struct unit_values *v, size_t n, enum unit_flavour flavour,
                                      bool text) {
    static const char *const arrays[] = {"A", "B", "C", "D", "S", "M", "I", "edges", "x", "few"};
    enum { ARRAYS = sizeof arrays / sizeof *arrays, NPY_HEADER = 128 };
    int64_t *x = malloc((n + 1) * sizeof *x);
    char *raw = malloc((n + 1) * sizeof *x + NPY_HEADER), *list;
    v->count = 0;
    if (x == NULL || raw == NULL)
        unit_bail_out("no memory");
    for (int a = 0; a < ARRAYS; a++) {
        for (size_t i = 0; i < n; i++) {
            const uint64_t mixed = (i + (size_t)a) * 0x9E3779B97F4A7C15u;
            switch (arrays[a][0]) {
            case 'M':
                x[i] = i % 3 != 0;
                break;
            case 'I': /* a permutation of the elements of the first half */
                x[i] = (int64_t)(mixed % (n / 2 + 1)) + 1;
                x[i] = x[i] > (int64_t)n ? 1 : x[i];
                break;
            case 'e':
                x[i] = (int64_t)i * 3 - 1000;
                break;
            default:
                x[i] = flavour == UNIT_TAME ? (int64_t)(mixed >> 63)
                                            : (int64_t)(mixed >> 23) - (1LL << 38);
            }
        }
        unit_values_array(v, arrays[a], x, arrays[a][0] == 'f' && n > 3 ? 3 : n, text);
    }
    unit_values_array(v, "shape", &(int64_t){(int64_t)n}, 1, text);
    unit_values_array(v, "text", x, n, true);
    list = malloc(v->list[v->count - 1].size);
    const size_t size = v->list[v->count - 1].size - 2;
    if (list == NULL)
        unit_bail_out("no memory");
    memcpy(list, (char *)v->list[v->count - 1].bytes + 1, size);
    unit_values_add(v, "list", SQLITE_TEXT, 0, list, size);

    memset(raw, ' ', NPY_HEADER);
    memcpy(raw, "\x93NUMPY\1\0\x76\0", 10);
    const int said =
        sprintf(raw + 10, "{'descr': '<i8', 'fortran_order': False, 'shape': (%zu,), }", n);
    raw[10 + said] = ' ';
    raw[NPY_HEADER - 1] = '\n';
    memcpy(raw + NPY_HEADER, x, n * sizeof *x);
    unit_values_add(v, "blob", SQLITE_BLOB, 0, raw, NPY_HEADER + n * sizeof *x);
    unit_values_add(v, "raw", SQLITE_BLOB, 0, x, n * sizeof *x);
    unit_values_bitmap(v, n);

    /* files in the build directory of the tests: one to read, one to write */
    static const char *const files[] = {"path", "written"};
    const char *build = getenv("BUILD");
    for (size_t i = 0; i < 2; i++) {
        char path[1000];
        snprintf(path, sizeof path, "%s/tests/%s.npy", build != NULL ? build : "build", files[i]);
        unit_values_add(v, files[i], SQLITE_TEXT, 0, strdup(path), strlen(path));
    }
    static const struct {
        const char *name, *text;
    } texts[] = {{"separator", ","},
                 {"query", "1 & (2 | !3)"},
                 {"dtype", "int64"},
                 {"schema", "temp"},
                 {"table", "stored"},
                 {"column", "a"},
                 {"expression", "filter(a * 3 + 1, a > 1)"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        unit_values_add(v, texts[i].name, SQLITE_TEXT, 0, strdup(texts[i].text),
                        strlen(texts[i].text));
    static const struct {
        const char *name;
        int value;
    } integers[] = {{"v", 1},         {"i", 2},     {"default", 7}, {"start", 1}, {"step", 1},
                    {"w", 3},         {"lo", 1},    {"hi", 999},    {"seed", 42}, {"ddof", 0},
                    {"lag", 1},       {"width", 9}, {"fill", -1},   {"old", 1},   {"new", 300},
                    {"minlength", 5}, {"chunk", 2}, {"bits", 64},   {"rowid", 1}};
    for (size_t i = 0; i < sizeof integers / sizeof *integers; i++)
        unit_values_add(v, integers[i].name, SQLITE_INTEGER, integers[i].value, NULL, 0);
    unit_values_add(v, "stop", SQLITE_INTEGER, (double)n, NULL, 0);
    unit_values_add(v, "n", SQLITE_INTEGER, (double)(n / 2 + 1), NULL, 0);
    unit_values_add(v, "k", SQLITE_INTEGER, (double)(n / 2 + 1), NULL, 0);
    unit_values_add(v, "size", SQLITE_INTEGER, (double)(n / 2 + 1), NULL, 0);
    unit_values_add(v, "q", SQLITE_FLOAT, 0.5, NULL, 0);
}

/* Creates the table that :schema, :table, :column and :rowid name, with an array in it. */
SQA_UNIT_SHARED void unit_make_stored(sqlite3 *db) {
    unit_exec(db, "CREATE TEMP TABLE stored AS SELECT array_series(-1000, 2000) AS a");
}

SQA_UNIT_SHARED void unit_values_free(struct unit_values *v) {
    for (size_t i = 0; i < v->count; i++)
        free(v->list[i].bytes);
    v->count = 0;
}

/*
** Binds the parameters of a statement by their names, except :special. SQLite uses the memory of
** v without copying it. Returns false if a name is unknown.
*/
SQA_UNIT_SHARED bool unit_bind(sqlite3_stmt *s, const struct unit_values *v) {
    bool known = true;
    for (int p = 1; p <= sqlite3_bind_parameter_count(s); p++) {
        const char *name = sqlite3_bind_parameter_name(s, p) + 1;
        const struct unit_value *x = v->list, *const end = v->list + v->count;
        while (x < end && strcmp(x->name, name) != 0)
            x++;
        if (x == end) {
            known &= strcmp(name, "special") == 0;
            continue;
        }
        if (x->type == SQLITE_BLOB)
            sqlite3_bind_blob64(s, p, x->bytes, x->size, SQLITE_STATIC);
        else if (x->type == SQLITE_TEXT)
            sqlite3_bind_text64(s, p, x->bytes, x->size, SQLITE_STATIC, SQLITE_UTF8);
        else if (x->type == SQLITE_FLOAT)
            sqlite3_bind_double(s, p, x->number);
        else
            sqlite3_bind_int64(s, p, (sqlite3_int64)x->number);
    }
    return known;
}

#endif
