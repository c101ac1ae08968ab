/*
** Any bytes as a file of integers. Read whole, in chunks, by parts and backwards it gives what
** array_from_npy() or array_from_blob() make of the same bytes; extended it holds the old elements
** and the new ones, or else the bytes it held; what is read can be written again, also by a
** transaction of which rows are taken back.
*/
#define _GNU_SOURCE
#include "fuzz_sql.h"

#include <unistd.h>

#include "../unit_files.h"

enum { MOST_ROWS = 100000, MOST_BYTES = 1 << 20 };

static const char *const dtypes[] = {"int8",   "int16",  "int32",  "int64", "uint8",
                                     "uint16", "uint32", "uint64", "bool"};
enum { DTYPES = sizeof dtypes / sizeof *dtypes };

static sqlite3 *db;
static struct fuzz_answer got, expected;

/* Nothing here is about power failures, which is all that this call is for. */
__attribute__((visibility("default"))) int fsync(int fd) {
    (void)fd;
    return 0;
}

/* The parameters of all statements. NULL: a value that SQL is not given. */
struct question {
    struct fuzz_input bytes;  /* :bytes */
    const char *path, *dtype; /* :path, :dtype */
    int chunk, lo, hi;        /* :chunk, :lo, :hi */
    char array[2000];         /* :array */
};

static void bind(sqlite3_stmt *statement, const struct question *q) {
    const struct {
        const char *name, *text;
        int number;
    } values[] = {{":path", q->path, 0},      {":dtype", q->dtype, 0}, {":array", q->array, 0},
                  {":chunk", NULL, q->chunk}, {":lo", NULL, q->lo},    {":hi", NULL, q->hi}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const int at = sqlite3_bind_parameter_index(statement, values[i].name);
        if (values[i].text != NULL)
            sqlite3_bind_text(statement, at, values[i].text, -1, SQLITE_STATIC);
        else if (strcmp(values[i].name, ":dtype") != 0)
            sqlite3_bind_int(statement, at, values[i].number);
    }
    sqlite3_bind_blob64(statement, sqlite3_bind_parameter_index(statement, ":bytes"),
                        q->bytes.size > 0 ? q->bytes.at : (const void *)"", q->bytes.size,
                        SQLITE_STATIC);
}

/* Asks; true if there was an answer, false if there was an error that a user may see. */
static bool ask(const char *sql, const struct question *q, struct fuzz_answer *answer) {
    sqlite3_stmt *const statement = unit_prepare(db, sql);
    bind(statement, q);
    fuzz_run(statement, MOST_ROWS, false, answer);
    sqlite3_finalize(statement);
    must(answer->rc == SQLITE_DONE || (answer->rc == SQLITE_ERROR && answer->message[0] != '\0') ||
         answer->rc == SQLITE_TOOBIG);
    return answer->rc == SQLITE_DONE;
}

/* The bytes of a file, in memory that the next call reuses */
static struct fuzz_input contents(const char *path) {
    static uint8_t bytes[2 * MOST_BYTES];
    FILE *const file = fopen(path, "rb");
    must(file != NULL);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    must(size < sizeof bytes && fclose(file) == 0);
    return (struct fuzz_input){bytes, size};
}

static void write_file(const char *path, struct fuzz_input bytes) {
    FILE *const file = fopen(path, "wb");
    must(file != NULL && fwrite(bytes.at, 1, bytes.size, file) == bytes.size && fclose(file) == 0);
}

/* A sentence of SQL with array_file() of the file in it; without a dtype where none is given */
static const char *from_file(const char *format, const struct question *q) {
    static char sql[500];
    snprintf(sql, sizeof sql, format,
             q->dtype != NULL ? "array_file(:path, :dtype, :chunk)" : "array_file(:path)");
    return sql;
}

/* Is what the file gives right? True if it gives anything. */
static bool read_whole(const struct question *q, bool is_npy) {
    const char *const whole = is_npy             ? "SELECT array_from_npy(:bytes)"
                              : q->dtype == NULL ? "SELECT array_sum('no dtype')"
                              : strcmp(q->dtype, "bool") == 0
                                  ? "SELECT array_ne(array_from_blob(:bytes, 'uint8'), 0)"
                                  : "SELECT array_from_blob(:bytes, :dtype)";
    const bool answers = ask(from_file("SELECT array_concat_agg(value) FROM %s", q), q, &got);
    const bool should = ask(whole, q, &expected);
    if (answers)
        must_be_same(&got, &expected);
    else if (should) /* a .npy file of another type, or with a header that is too long */
        must(is_npy && (q->dtype != NULL || strstr(got.message, "is longer than") != NULL));
    return answers;
}

/* The same rows when idx is looked for and when all rows are */
static void read_parts(const struct question *q) {
    static const char *const pairs[][2] = {
        {"SELECT idx, n, value FROM %s WHERE idx BETWEEN :lo AND :hi",
         "SELECT idx, n, value FROM %s WHERE +idx BETWEEN :lo AND :hi"},
        {"SELECT idx, n, value FROM %s WHERE idx >= :lo ORDER BY idx DESC",
         "SELECT idx, n, value FROM %s WHERE +idx >= :lo ORDER BY +idx DESC"},
        {"SELECT value FROM %s WHERE idx = :lo OR idx < :hi ORDER BY idx",
         "SELECT value FROM %s WHERE +idx = :lo OR +idx < :hi ORDER BY +idx"},
        {"SELECT sum(n), count(*) FROM %s",
         "SELECT sum(array_length(value)), coalesce((max(idx) - 1) / :chunk + 1, 0)"
         " FROM %s"},
    };
    for (size_t i = 0; i < (q->dtype != NULL ? 4 : 3); i++) {
        must(ask(from_file(pairs[i][0], q), q, &got));
        must(ask(from_file(pairs[i][1], q), q, &expected));
        must_be_same(&got, &expected);
    }
}

static void append(struct question *q, bool is_npy, bool reads) {
    static uint8_t before[MOST_BYTES];
    const bool typed = q->dtype != NULL;
    memcpy(before, q->bytes.at, q->bytes.size);
    const bool done = ask(typed ? "SELECT array_file_append(:path, :array, :dtype)"
                                : "SELECT array_file_append(:path, :array)",
                          q, &got);
    const struct fuzz_input now = contents(q->path);
    if (!done) {
        must(now.size == q->bytes.size && memcmp(now.at, before, now.size) == 0);
        return;
    }
    /* the elements of uint64 may be too large to be read, and are copied; or it is int64 now */
    if (!reads)
        return;
    must(ask(from_file("SELECT array_concat_agg(value) FROM %s", q), q, &got));
    must(ask(is_npy ? "SELECT array_concat(array_from_npy(:bytes), :array)"
             : strcmp(q->dtype, "bool") == 0
                 ? "SELECT array_concat(array_ne(array_from_blob(:bytes, 'uint8'), 0), :array)"
                 : "SELECT array_concat(array_from_blob(:bytes, :dtype), :array)",
             q, &expected));
    must_be_same(&got, &expected);
}

/* The bytes that the functions for blobs make of :array, in expected; false where they refuse. */
static bool expect_bytes(const struct question *q, bool named_npy) {
    return ask(named_npy ? "SELECT array_to_npy(:array, coalesce(:dtype, 'int64'))"
                         : "SELECT array_to_blob(:array, iif(:dtype = 'bool', 'uint8', "
                           "coalesce(:dtype, 'int64')))",
               q, &expected);
}

static void must_hold_expected(const char *path) {
    const struct fuzz_input now = contents(path);
    const size_t head = sizeof(int) * 2; /* type and size */
    must(now.size + head == expected.size && memcmp(now.at, expected.bytes + head, now.size) == 0);
}

/* What is written is what the functions for blobs make. */
static void write_again(const struct question *q, bool named_npy) {
    const bool done =
        ask("SELECT array_file_write(:path, :array, coalesce(:dtype, 'int64'))", q, &got);
    const bool should = expect_bytes(q, named_npy);
    must(done == should || (should && q->dtype != NULL && strcmp(q->dtype, "bool") == 0));
    if (done)
        must_hold_expected(q->path);
}

/*
** The same by a transaction, of which rows are taken back; a row that is refused leaves the file.
*/
static void insert_again(const struct question *q, bool named_npy) {
    static const char row[] =
        "INSERT INTO array_file(path, value, dtype) VALUES (:path, %s, :dtype)";
    static uint8_t before[MOST_BYTES];
    const struct fuzz_input old = contents(q->path);
    char insert[200], other[200];
    snprintf(insert, sizeof insert, row, ":array");
    snprintf(other, sizeof other, row, "array_series(:lo, :hi * :chunk)");
    memcpy(before, old.at, old.size);
    must(ask("BEGIN", q, &got) && ask("SAVEPOINT s", q, &got));
    (void)ask(other, q, &got);
    must(ask("ROLLBACK TO s", q, &got));
    const bool done = ask(insert, q, &got);
    must(ask("SAVEPOINT t", q, &got));
    (void)ask(other, q, &got);
    must(ask("ROLLBACK TO t", q, &got) && ask("COMMIT", q, &got));
    if (done) {
        must(expect_bytes(q, named_npy));
        must_hold_expected(q->path);
    } else {
        const struct fuzz_input now = contents(q->path);
        must(now.size == old.size && memcmp(now.at, before, now.size) == 0);
    }
}

/* A few integers, small or at the border of a width, as JSON */
static void make_array(struct fuzz_input *input, char *text, size_t size) {
    static const long long borders[] = {127,   128,   -129,       255,       256,      32767,
                                        32768, 65536, 2147483648, INT64_MAX, INT64_MIN};
    const unsigned n = fuzz_below(input, 8);
    snprintf(text, size, "[");
    for (unsigned i = 0; i < n; i++) {
        const unsigned b = fuzz_byte(input);
        const size_t used = strlen(text);
        snprintf(text + used, size - used, "%s%lld", i > 0 ? "," : "",
                 b < 200 ? (long long)b % 5 : borders[b % (sizeof borders / sizeof *borders)]);
    }
    snprintf(text + strlen(text), size - strlen(text), "]");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_input input = {data, size};
    struct question q = {.path = NULL};
    if (db == NULL) {
        make_directory("fuzz_file");
        db = open_both();
    }
    const bool named_npy = fuzz_below(&input, 2);
    const unsigned dtype = fuzz_below(&input, DTYPES + 1);
    q.path = path(named_npy ? "a.npy" : "a.bin");
    q.dtype = dtype < DTYPES ? dtypes[dtype] : NULL;
    q.chunk = 1 + (int)fuzz_byte(&input);
    q.lo = (int8_t)fuzz_byte(&input);
    q.hi = fuzz_byte(&input);
    make_array(&input, q.array, sizeof q.array);
    if (input.size > MOST_BYTES / 2)
        return 0;
    q.bytes = input;
    const int descriptors_before = descriptors();
    write_file(q.path, q.bytes);
    const bool is_npy = q.bytes.size >= 6 && memcmp(q.bytes.at, "\x93NUMPY", 6) == 0;
    const bool reads = read_whole(&q, is_npy);
    if (reads)
        read_parts(&q);
    append(&q, is_npy, reads);
    write_again(&q, named_npy);
    if (can_insert())
        insert_again(&q, named_npy);
    must(count_entries(directory, "") == 3); /* the file, . and .. */
    must(descriptors() == descriptors_before);
    must(unlink(q.path) == 0);
    return 0;
}
