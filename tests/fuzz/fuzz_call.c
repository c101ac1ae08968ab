/*
** One call of any function. The first two bytes choose it, the rest makes arguments of the kinds
** that its signature asks for, now and then others. Every set of kernels must give the same answer,
** as must the same arrays in wider elements or as text; a window the same as the aggregate over its
** rows; what is an array must be canonical, what is a set ascending; and nothing may be left in
** memory.
*/
#define _POSIX_C_SOURCE 200809L
#include "fuzz_sql.h"

#include "core/random.h"

enum { MOST_ARGUMENTS = 6, MOST_FUNCTIONS = 400, MOST_ROWS = 500, LONGEST = 6000 };

/* Kinds of arguments */
enum kind { INTEGER, ARRAY, OPERAND, TEXT, WORD, RAW, REAL, ANY, KINDS };

/* The functions, from the manual and in its order */
static struct function {
    char name[40];
    bool is_table, is_aggregate;
    unsigned least, most; /* arguments */
    enum kind kinds[MOST_ARGUMENTS];
} functions[MOST_FUNCTIONS];
static unsigned function_count;

struct argument {
    int type; /* as SQLite's */
    struct fuzz_memory memory;
    size_t size;
    int64_t integer;
    double real;
    bool is_array;
    size_t count; /* of the elements in values */
    int64_t *values;
};

static enum kind kind_of(const char *name, size_t n) {
    static const struct {
        const char *name;
        enum kind kind;
    } names[] = {{"text", TEXT}, {"separator", TEXT}, {"query", TEXT},      {"raw", RAW},
                 {"blob", RAW},  {"edges", ARRAY},    {"dtype", WORD},      {"q", REAL},
                 {"x", ANY},     {"S", OPERAND},      {"expression", TEXT}, {"shape", ARRAY}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n && strncmp(names[i].name, name, n) == 0)
            return names[i].kind;
    if (*name == '\'')
        return WORD;
    return n == 1 && *name >= 'A' && *name <= 'Z' ? ARRAY : INTEGER;
}

/* array_take(A, I [, 'error' | 'clip' | 'skip']): two arguments and, optional, a word */
static void read_signature(struct function *f, const char *at) {
    bool optional = false;
    f->least = f->most = 0;
    for (at = strchr(at, '(') + 1; *at != ')' && f->most < MOST_ARGUMENTS;) {
        const size_t n = strcspn(at, " ,])");
        if (strncmp(at, "...", 3) == 0) /* any number of the last one */
            for (optional = true; f->most < MOST_ARGUMENTS - 1; f->most++)
                f->kinds[f->most + 1] = f->kinds[f->most - 1];
        f->kinds[f->most] = f->most > 0 && *at == '.' ? f->kinds[f->most - 1] : kind_of(at, n);
        f->most++;
        f->least += !optional;
        at += strcspn(at, ",)");
        optional |= at[-1] == '[';
        at += strspn(at, ", ");
    }
}

static void read_manual(sqlite3 *db) {
    sqlite3_stmt *statement =
        unit_prepare(db, "SELECT name, kind = 'table', kind = 'aggregate', signature"
                         "  FROM array_functions"
                         " WHERE signature LIKE '%(%' AND family NOT LIKE '%settings%'"
                         "   AND family NOT LIKE 'Parts of%'"
                         "   AND kind <> 'virtual table'");
    while (sqlite3_step(statement) == SQLITE_ROW && function_count < MOST_FUNCTIONS) {
        struct function *f = &functions[function_count++];
        snprintf(f->name, sizeof f->name, "%s", (const char *)sqlite3_column_text(statement, 0));
        f->is_table = sqlite3_column_int(statement, 1) != 0;
        f->is_aggregate = sqlite3_column_int(statement, 2) != 0;
        read_signature(f, (const char *)sqlite3_column_text(statement, 3));
    }
    sqlite3_finalize(statement);
}

static int64_t some_integer(struct fuzz_input *input) {
    uint64_t x = 0;
    switch (fuzz_below(input, 8)) {
    case 0:
        return INT64_MAX - fuzz_byte(input);
    case 1:
        return INT64_MIN + fuzz_byte(input);
    case 2:
        for (int i = 0; i < 8; i++)
            x = x << 8 | fuzz_byte(input);
        return (int64_t)x;
    case 3:
        return ((int64_t)1 << fuzz_below(input, 63)) - (int8_t)fuzz_byte(input);
    default:
        return (int8_t)fuzz_byte(input);
    }
}

/* The blob of an argument's elements, of this width, at an address that is not always aligned */
static void make_blob(struct argument *a, unsigned width, unsigned offset) {
    a->type = SQLITE_BLOB;
    a->size = 8 + a->count * width;
    a->memory = fuzz_room(a->size, offset);
    sqlite_array_encode(a->memory.data, a->values, 0);
    a->memory.data[3] = (unsigned char)width;
    for (unsigned b = 0; b < 4; b++)
        a->memory.data[4 + b] = (unsigned char)(a->count >> 8 * b);
    for (size_t i = 0; i < a->count; i++)
        memcpy(a->memory.data + 8 + i * width, &a->values[i], width);
}

static void make_array(struct argument *a, struct fuzz_input *input) {
    const unsigned length = fuzz_byte(input), style = fuzz_below(input, 6);
    const unsigned bits = 1 + fuzz_below(input, 64);
    const int64_t first = some_integer(input), step = some_integer(input);
    struct sqa_random random = sqa_random_seeded(first);
    a->is_array = true;
    a->count = length < 200 ? length % 40 : (length - 199) * (LONGEST / 57);
    a->values = malloc((a->count + 1) * sizeof *a->values);
    for (size_t i = 0; i < a->count; i++) {
        if (style == 0)
            a->values[i] = (int8_t)fuzz_byte(input);
        else if (style == 1)
            a->values[i] = some_integer(input);
        else if (style == 2)
            a->values[i] = (int64_t)((uint64_t)first + i * (uint64_t)step);
        else if (style == 3)
            a->values[i] = first;
        else
            a->values[i] = (int64_t)sqa_random_next(&random) >> (64 - bits);
    }
    make_blob(a, sqlite_array_width(a->values, a->count), fuzz_below(input, 8));
}

static void make_bytes(struct argument *a, struct fuzz_input *input, int type) {
    const struct fuzz_input part = fuzz_part(input, fuzz_byte(input));
    a->type = type;
    a->size = part.size;
    a->memory = fuzz_copy(part.at, part.size, fuzz_below(input, 8));
}

static void make_word(struct argument *a, struct fuzz_input *input) {
    static const char *const words[] = {"asc",   "desc",   "big",    "error",  "clip",  "skip",
                                        "left",  "right",  "INT8",   "int16",  "int32", "int64",
                                        "uint8", "uint16", "uint32", "uint64", "bool",  "1&(2|!3)",
                                        ",",     "[1,2]",  "{}",     ""};
    const char *word = words[fuzz_below(input, sizeof words / sizeof *words)];
    a->type = SQLITE_TEXT;
    a->size = strlen(word);
    a->memory = fuzz_copy(word, a->size, 0);
}

static void make_argument(struct argument *a, struct fuzz_input *input, enum kind kind) {
    *a = (struct argument){.type = SQLITE_NULL};
    const unsigned surprise = fuzz_byte(input);
    if (kind == ANY || surprise < 16)
        kind = (enum kind)(surprise % KINDS);
    if (kind == OPERAND)
        kind = surprise % 3 == 0 ? INTEGER : ARRAY;
    switch (kind) {
    case INTEGER:
        a->type = surprise % 16 == 15 ? SQLITE_FLOAT : SQLITE_INTEGER;
        a->integer = some_integer(input);
        a->real = (double)a->integer;
        break;
    case REAL:
        a->type = SQLITE_FLOAT;
        a->real = fuzz_byte(input) / 255.0 * (surprise % 16 == 15 ? 1e30 : 1);
        break;
    case ARRAY:
        make_array(a, input);
        break;
    case TEXT:
        if (surprise % 2 == 0)
            make_word(a, input);
        else
            make_bytes(a, input, SQLITE_TEXT);
        break;
    case WORD:
        make_word(a, input);
        break;
    case RAW:
        make_bytes(a, input, SQLITE_BLOB);
        break;
    default:
        break;
    }
}

static void free_arguments(struct argument *a, unsigned n) {
    for (; n > 0; n--, a++) {
        free(a->memory.block);
        free(a->values);
    }
}

/* The same array in other words: elements of 8 bytes, or JSON */
static struct argument disguise(const struct argument *a, bool as_text) {
    struct argument other = {.count = a->count, .values = a->values};
    if (as_text) {
        char *text = malloc(2 + 21 * (a->count + 1));
        size_t n = 0;
        text[n++] = '[';
        for (size_t i = 0; i < a->count; i++)
            n +=
                (size_t)snprintf(text + n, 22, "%s%lld", i > 0 ? "," : "", (long long)a->values[i]);
        text[n++] = ']';
        other.type = SQLITE_TEXT;
        other.size = n;
        other.memory = fuzz_copy(text, n, 0);
        free(text);
    } else {
        make_blob(&other, 8, (unsigned)a->count % 8);
    }
    other.values = NULL;
    return other;
}

static void bind(sqlite3_stmt *statement, const struct argument *a, unsigned n) {
    for (int i = 1; i <= (int)n; i++, a++) {
        if (a->type == SQLITE_INTEGER)
            sqlite3_bind_int64(statement, i, a->integer);
        else if (a->type == SQLITE_FLOAT)
            sqlite3_bind_double(statement, i, a->real);
        else if (a->type == SQLITE_TEXT)
            sqlite3_bind_text(statement, i, (char *)a->memory.data, (int)a->size, NULL);
        else if (a->type == SQLITE_BLOB)
            sqlite3_bind_blob(statement, i, a->memory.data, (int)a->size, NULL);
    }
}

/* A statement, its arguments, its answer. It leaves nothing behind. */
static void ask(sqlite3 *db, const char *sql, const struct argument *a, unsigned n, bool last,
                struct fuzz_answer *answer) {
    sqlite3_stmt *statement = unit_prepare(db, sql);
    bind(statement, a, n);
    fuzz_run(statement, MOST_ROWS, last, answer);
    sqlite3_finalize(statement);
    must(answer->rc == SQLITE_DONE || answer->rc == SQLITE_ERROR || answer->rc == SQLITE_TOOBIG);
    must((answer->rc == SQLITE_DONE) == (answer->message[0] == 0));
}

/* One value: is it canonical where it is an array, and ascending where it is a set? */
static void look_at(const char *name, const struct fuzz_answer *answer) {
    static const char *const sets[] = {"array_unique",    "array_union",        "array_intersect",
                                       "array_except",    "array_symdiff",      "array_unique_agg",
                                       "array_union_agg", "array_intersect_agg"};
    static const char *const bytes[] = {"array_to_blob", "array_to_npy", "array_to_roaring",
                                        "array_key"};
    int type, size;
    sqlite_array_view array;
    memcpy(&type, answer->bytes, sizeof type);
    if (type != SQLITE_BLOB)
        return;
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
        if (strcmp(name, bytes[i]) == 0)
            return;
    memcpy(&size, answer->bytes + sizeof type, sizeof size);
    must(sqlite_array_read(answer->bytes + 2 * sizeof(int), (size_t)size, &array) == SQLITE_OK);
    int64_t *values = malloc((array.count + 1) * sizeof *values);
    sqlite_array_decode(&array, values);
    must(array.width == sqlite_array_width(values, array.count));
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
        for (size_t i = 1; strcmp(name, sets[s]) == 0 && i < array.count; i++)
            must(values[i - 1] < values[i]);
    free(values);
}

/* The aggregate over the last two rows of four, and as a window that ends with them */
static void aggregate(sqlite3 **connections, size_t n, const struct function *f,
                      const struct argument *a, struct fuzz_answer answers[2]) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT %.39s(column1) FROM (VALUES (?3), (?4))", f->name);
    ask(connections[0], sql, a, 4, true, &answers[0]);
    if (answers[0].rc == SQLITE_DONE)
        look_at(f->name, &answers[0]);
    ask(connections[n - 1], sql, a, 4, true, &answers[1]);
    must_be_same(&answers[0], &answers[1]);
    snprintf(sql, sizeof sql,
             "SELECT %.39s(column1) OVER (ROWS 1 PRECEDING) FROM (VALUES (?1), (?2), (?3), (?4))",
             f->name);
    ask(connections[n - 1], sql, a, 4, true, &answers[1]);
    if (answers[1].rc == SQLITE_DONE) /* an earlier window may have failed */
        must_be_same(&answers[0], &answers[1]);
}

static void call(sqlite3 **connections, size_t n, const struct function *f, unsigned argc,
                 struct argument *a, struct fuzz_answer answers[2], unsigned way) {
    char sql[200];
    /* these may answer otherwise: they have no seed, or tell how an array is stored */
    const bool seedless = argc < f->most && (strcmp(f->name, "array_random") == 0 ||
                                             strcmp(f->name, "array_shuffle") == 0 ||
                                             strcmp(f->name, "array_sample") == 0);
    const bool stored = strcmp(f->name, "array_width") == 0 || strcmp(f->name, "array_bits") == 0 ||
                        strcmp(f->name, "array_valid") == 0;
    snprintf(sql, sizeof sql, "SELECT %s%.39s(%.*s)", f->is_table ? "* FROM " : "", f->name,
             argc > 0 ? 3 * (int)argc - 1 : 0, "?1,?2,?3,?4,?5,?6");
    ask(connections[0], sql, a, argc, false, &answers[0]);
    if (!f->is_table && answers[0].rc == SQLITE_DONE)
        look_at(f->name, &answers[0]);
    if (seedless)
        return;
    for (size_t i = 1; i < n; i++) {
        ask(connections[i], sql, a, argc, false, &answers[1]);
        must_be_same(&answers[0], &answers[1]);
    }
    if (stored)
        return;
    struct argument others[MOST_ARGUMENTS];
    for (unsigned i = 0; i < argc; i++) {
        const bool as_array = a[i].is_array && (f->kinds[i] == ARRAY || f->kinds[i] == OPERAND);
        others[i] = as_array ? disguise(&a[i], (way >> i & 1) != 0) : a[i];
    }
    ask(connections[n - 1], sql, others, argc, false, &answers[1]);
    must_be_same(&answers[0], &answers[1]);
    for (unsigned i = 0; i < argc; i++)
        if (others[i].memory.block != a[i].memory.block)
            free(others[i].memory.block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static sqlite3 *connections[SQA_ISA_MOST];
    static size_t n;
    static struct fuzz_answer answers[2];
    struct fuzz_input input = {data, size};
    struct argument a[MOST_ARGUMENTS];
    if (n == 0) {
        n = fuzz_open_all(connections);
        read_manual(connections[0]);
    }
    const struct function *f = &functions[fuzz_byte(&input) % function_count];
    const unsigned way = fuzz_byte(&input);
    const unsigned argc = f->is_aggregate ? 4 /* rows */
                                          : f->least + fuzz_below(&input, f->most - f->least + 1);
    for (unsigned i = 0; i < argc; i++) {
        make_argument(&a[i], &input, f->kinds[f->is_aggregate ? 0 : i]);
        if (f->is_aggregate && way % 2 == 1 && i > 0 && a[0].is_array && a[i].is_array) {
            const struct argument same = disguise(&a[0], false); /* a length in common */
            free_arguments(&a[i], 1);
            a[i] = same;
        }
    }
    if (f->is_aggregate)
        aggregate(connections, n, f, a, answers);
    else
        call(connections, n, f, argc, a, answers, way);
    free_arguments(a, argc);
    for (size_t i = 0; i < n; i++)
        must(unit_integer(connections[i],
                          "SELECT value FROM array_memory WHERE name = 'live_bytes'") == 0);
    return 0;
}
