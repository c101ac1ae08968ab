/*
** Invalid blobs in every argument of every function, in memory that ends at an inaccessible page,
** at all eight addresses modulo 8. A blob that is a valid array must give the same result as the
** canonical one. Any other blob must give an error that names the function and the argument.
**
** $CORRUPT_DEEP tests more of them, which takes minutes.
*/
#define _DEFAULT_SOURCE /* mmap */
#include "unit_probes.h"

enum {
    MOST_BYTES = 8 + 8 * 40000,
    PLACES = 9 /* 8 gaps before the upper guard, and at the lower */
};

static bool deep;
static sqlite3 *db;
static struct unit_function functions[UNIT_FUNCTIONS];
static struct unit_probe probes[UNIT_PROBES];
static size_t probe_count;
static struct unit_guarded guarded;
static struct unit_answer got, expected;
static long blobs, runs, wrong;

static struct unit_values values; /* of the other arguments */

/* The other arguments fit arrays of this length. */
static void bind_others(size_t length) {
    unit_values_free(&values);
    unit_values_make(&values, length, UNIT_TAME, false);
    for (size_t i = 0; i < probe_count; i++)
        if (!unit_bind(probes[i].statement, &values))
            unit_bail_out("%s: a parameter is not known", sqlite3_sql(probes[i].statement));
}

static void complain(const struct unit_probe *p, const char *what, const void *bytes, size_t size) {
    wrong++;
    if (wrong > 100)
        return;
    printf("# %s: %s; got %d, %s; expected %d, %s; %zu bytes: ", sqlite3_sql(p->statement), what,
           got.rc, got.message, expected.rc, expected.message, size);
    for (size_t i = 0; i < size && i < 40; i++)
        printf("%02x", ((const unsigned char *)bytes)[i]);
    printf("\n");
}

static void put_header(unsigned char *blob, unsigned width, uint32_t count) {
    const unsigned char header[8] = {0xA1,
                                     0x41,
                                     0,
                                     (unsigned char)width,
                                     (unsigned char)count,
                                     (unsigned char)(count >> 8),
                                     (unsigned char)(count >> 16),
                                     (unsigned char)(count >> 24)};
    memcpy(blob, header, sizeof header);
}

/* The values as elements of `width` bytes, which may be more than they need; the size. */
static size_t encode(unsigned char *blob, const int64_t *x, size_t count, unsigned width) {
    put_header(blob, width, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        for (unsigned b = 0; b < width; b++)
            blob[8 + i * width + b] = (unsigned char)((uint64_t)x[i] >> (8 * b));
    return 8 + count * width;
}

/* These functions tell how an array is stored. */
static bool tells_storage(const struct unit_probe *p) {
    return strcmp(p->function->name, "array_width") == 0 ||
           strcmp(p->function->name, "array_bits") == 0 ||
           strcmp(p->function->name, "array_explain") == 0 ||
           strcmp(p->function->name, "array_valid") == 0;
}

/*
** An array in every width that holds it, everywhere: the answers are those for the canonical blob
** on the heap.
*/
static void try_array(const int64_t *x, size_t count) {
    static unsigned char blob[MOST_BYTES];
    const unsigned narrowest = sqlite_array_width(x, count);
    const size_t size = encode(blob, x, count, narrowest);
    unsigned char *canonical = malloc(size);
    if (canonical == NULL)
        unit_bail_out("no memory");
    memcpy(canonical, blob, size);
    bind_others(count);
    for (size_t i = 0; i < probe_count; i++) {
        const struct unit_probe *p = &probes[i];
        if (!p->is_array || (p->is_file && count != 3))
            continue;
        unit_probe_run(p, SQLITE_BLOB, canonical, size, &expected);
        for (unsigned width = narrowest; width <= 8; width *= 2) {
            const size_t wide = encode(blob, x, count, width);
            for (int place = 0; place < PLACES; place++) {
                const void *at = unit_guarded_place(&guarded, blob, wide, place < 8 ? place : -1);
                unit_probe_run(p, SQLITE_BLOB, at, wide, &got);
                runs++;
                if (tells_storage(p) ? got.rc != SQLITE_DONE
                                     : p->is_constant && !unit_answer_same(&got, &expected))
                    complain(p, "not as the canonical one", at, wide);
            }
        }
    }
    for (unsigned width = narrowest; width <= 8; width *= 2)
        blobs += PLACES;
    free(canonical);
}

/* Does the message begin with the function's name, and name the argument? */
static bool names_argument(const struct unit_probe *p, const char *message) {
    char name[60];
    snprintf(name, sizeof name, "%s: ", p->function->name);
    return strncmp(message, name, strlen(name)) == 0 && strstr(message, p->said) != NULL;
}

/* Any blob. An array or not is what the reader for applications says. */
static void try_blob(const void *bytes, size_t size, int gap, bool all) {
    sqlite_array_view view;
    const void *at = unit_guarded_place(&guarded, bytes, size, gap);
    const bool is_array = sqlite_array_read(bytes, size, &view) == SQLITE_OK;
    blobs++;
    expected.rc = SQLITE_ERROR;
    snprintf(expected.message, sizeof expected.message, "an error for the argument");
    for (size_t i = 0; i < probe_count; i++) {
        const struct unit_probe *p = &probes[i];
        if (!all && (!p->is_array || !p->is_full))
            continue;
        unit_probe_run(p, SQLITE_BLOB, at, size, &got);
        runs++;
        if (got.rc != SQLITE_DONE && got.rc != p->refuses && got.rc != SQLITE_TOOBIG)
            complain(p, "not the right error", at, size);
        else if (strcmp(p->wants, "x") == 0
                     ? got.rc != SQLITE_DONE
                     : p->is_array && !is_array &&
                           (got.rc != p->refuses || !names_argument(p, got.message)))
            complain(p, "no array", at, size);
    }
}

/* Data of several kinds, for every length around the widths of registers and the sizes of blocks */
static void test_arrays(void) {
    static const size_t more[] = {63, 64, 65, 127, 255, 1023, 1024, 1025, 2049, 5000, 40000};
    static int64_t x[40000];
    uint64_t random = 1;
    for (size_t l = 0; l < 41 + sizeof more / sizeof *more; l++) {
        const size_t n = l < 41 ? l : more[l - 41];
        const bool few = n < 4 || (n > 6 && n < 10) || n == 33 || n == 1025;
        if (!deep && !few && (!unit_thorough() || (n > 18 && n != 32 && n != 65)))
            continue;
        for (int bits = 8; bits <= 64; bits *= 2) { /* the extremes and what is between */
            for (size_t i = 0; i < n; i++) {
                random = random * 6364136223846793005u + 1442695040888963407u;
                x[i] = (int64_t)random >> (64 - bits);
                if (i % 7 == 3)
                    x[i] = i % 2 ? INT64_MAX >> (64 - bits) : INT64_MIN >> (64 - bits);
            }
            try_array(x, n);
        }
        for (size_t i = 0; i < n; i++)
            x[i] = (int64_t)(i * 5 % n) / 2 + 1; /* indexes */
        try_array(x, n);
        for (size_t i = 0; i < n; i++)
            x[i] = (int64_t)i / 2; /* ascending */
        try_array(x, n);
    }
    ok(wrong == 0, "arrays at every address: %ld blobs, %ld calls", blobs, runs);
}

/* Every prefix, every value of every byte of the header */
static void test_changed(void) {
    static const int64_t x[] = {1, -100, 3, 70, 5, 6, 7, 8};
    unsigned char blob[8 + 8 * 8], changed[sizeof blob];
    const long before = wrong;
    bind_others(3);
    for (unsigned width = 1; width <= 8; width *= 2) {
        for (size_t count = deep ? 0 : 3; count <= (deep ? 8 : 3); count++) {
            const size_t size = encode(blob, x, count, width);
            for (size_t n = 0; n <= size; n++)
                for (int place = 0; place < PLACES; place += unit_thorough() ? 1 : 4)
                    try_blob(blob, n, place < 8 ? place : -1, true);
            for (size_t at = 0; at < 8; at++)
                for (int value = 0; value < 256; value += deep || (at < 5 && unit_thorough()) ? 1
                                                          : unit_thorough()                   ? 5
                                                                            : 11) {
                    memcpy(changed, blob, size);
                    changed[at] = (unsigned char)value;
                    try_blob(changed, size, value % 8, deep);
                }
        }
    }
    ok(wrong == before, "prefixes and changed headers: %ld blobs, %ld calls", blobs, runs);
}

/* Headers that promise what is not there: sizes that are right modulo 2^32 among them */
static void test_counts(void) {
    static const uint32_t counts[] = {0,          1,          2,          4,          8,
                                      0x7f,       0xff,       0xffff,     0x10000,    0x1fffffff,
                                      0x20000000, 0x20000001, 0x3fffffff, 0x40000000, 0x40000002,
                                      0x7fffffff, 0x80000000, 0x80000001, 0x80000004, 0xe0000001,
                                      0xfffffff7, 0xfffffff8, 0xfffffffc, 0xffffffff};
    static const unsigned char widths[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 32, 64, 127, 128, 255};
    static const size_t sizes[] = {8, 9, 10, 12, 15, 16, 24, 40};
    unsigned char blob[40];
    const long before = wrong;
    memset(blob, 1, sizeof blob);
    bind_others(3);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t w = 0; w < sizeof widths; w++)
            for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
                for (int codec = 0; codec < 3; codec += deep ? 1 : 2) {
                    put_header(blob, widths[w], counts[c]);
                    blob[2] = (unsigned char)(codec == 2 ? (int)(c * 37 + 1) : codec);
                    if (deep || s == 0 || (codec == 0 && (unit_thorough() || (c + s) % 3 == w % 3)))
                        try_blob(blob, sizes[s], (int)(c + w) % 8, deep);
                }
    ok(wrong == before, "counts, widths and codecs: %ld blobs, %ld calls", blobs, runs);
}

/*
** What is no array: packed integers and .npy files. At the guard they give what they give on the
** heap.
*/
static void try_other(const char *wants, const void *bytes, size_t size, int gap) {
    unsigned char *heap = malloc(size + 1);
    if (heap == NULL)
        unit_bail_out("no memory");
    if (size > 0)
        memcpy(heap, bytes, size);
    blobs++;
    for (size_t i = 0; i < probe_count; i++) {
        const struct unit_probe *p = &probes[i];
        if (strcmp(p->wants, wants) != 0)
            continue;
        unit_probe_run(p, SQLITE_BLOB, heap, size, &expected);
        const void *at = unit_guarded_place(&guarded, bytes, size, gap);
        unit_probe_run(p, SQLITE_BLOB, at, size, &got);
        runs++;
        if (!unit_answer_same(&got, &expected) || (got.rc != SQLITE_DONE && got.rc != SQLITE_ERROR))
            complain(p, "not as on the heap", at, size);
    }
    free(heap);
}

static void test_others(void) {
    static const char *const dtypes[] = {"int8",  "int16",  "int32",  "int64",
                                         "uint8", "uint16", "uint32", "uint64"};
    unsigned char bytes[200];
    const long before = wrong;
    for (size_t d = 0; d < sizeof dtypes / sizeof *dtypes; d++) {
        for (size_t i = 0; i < probe_count; i++) {
            sqlite3_stmt *s = probes[i].statement;
            const int at = sqlite3_bind_parameter_index(s, ":dtype");
            if (at > 0)
                sqlite3_bind_text(s, at, dtypes[d], -1, SQLITE_STATIC);
        }
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)(i * 151 + 7);
        for (size_t size = 0; size < 100; size++)
            for (int place = 0; place < PLACES; place++)
                try_other("raw", bytes, size, place < 8 ? place : -1);

        sqlite3_stmt *s = unit_prepare(db, "SELECT array_to_npy('[1,0,100]', ?)");
        sqlite3_bind_text(s, 1, dtypes[d], -1, SQLITE_STATIC);
        if (sqlite3_step(s) != SQLITE_ROW)
            unit_bail_out("%s", sqlite3_errmsg(db));
        const size_t size = (size_t)sqlite3_column_bytes(s, 0);
        memcpy(bytes, sqlite3_column_blob(s, 0), size);
        sqlite3_finalize(s);
        for (size_t n = 0; n <= size; n++)
            try_other("blob", bytes, n, (int)n % 8);
        for (size_t at = 0; at < size; at++) {
            const unsigned char was = bytes[at];
            for (int value = 0; value < 256; value += deep || at < 12 ? 1 : 5) {
                bytes[at] = (unsigned char)value;
                try_other("blob", bytes, size, value % 8);
            }
            bytes[at] = was;
        }
    }
    ok(wrong == before, "packed integers and .npy: %ld blobs, %ld calls", blobs, runs);
}

/* An array_store takes arrays, too, for several rows at once. */
static void add_store(void) {
    static const struct unit_function store = {
        .name = "array_store", .least = 2, .most = 2, .parameters = {"A", "B"}};
    unit_exec(db, "CREATE VIRTUAL TABLE temp.s USING array_store(a, b)");
    unit_probe_add(db, &store, 2, 1, "INSERT INTO s(a, b) VALUES (:special, :A)", probes,
                   &probe_count);
    struct unit_probe *p = &probes[probe_count - 1];
    snprintf(p->said, sizeof p->said, "s.a");
    p->refuses = SQLITE_MISMATCH;
    p->is_file = true; /* not for every length */
}

/* The test sees the memory itself: SQLite passes on what is bound with SQLITE_STATIC. */
static void fn_address(sqlite3_context *context, int argc, sqlite3_value **argv) {
    (void)argc;
    sqlite3_result_int64(context, (sqlite3_int64)(intptr_t)sqlite3_value_blob(argv[0]));
}

static void test_address(void) {
    sqlite3_create_function_v2(db, "address", 1, SQLITE_UTF8, NULL, fn_address, NULL, NULL, NULL);
    sqlite3_stmt *s = unit_prepare(db, "SELECT address(?)");
    const void *at = unit_guarded_place(&guarded, "12345", 5, 0);
    sqlite3_bind_blob(s, 1, at, 5, SQLITE_STATIC);
    ok(sqlite3_step(s) == SQLITE_ROW && sqlite3_column_int64(s, 0) == (sqlite3_int64)(intptr_t)at,
       "functions see the very memory");
    sqlite3_finalize(s);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    deep = getenv("CORRUPT_DEEP") != NULL;
    db = unit_open_both();
    guarded = unit_guarded_new(MOST_BYTES + 8);
    const size_t count = unit_functions(db, functions);
    probe_count = unit_probes(db, functions, count, probes);
    add_store();
    ok(probe_count > 300, "%zu arguments of %zu functions", probe_count, count);
    test_address();
    test_arrays();
    test_changed();
    test_counts();
    test_others();
    printf("# %ld blobs, %ld calls\n", blobs, runs);
    unit_probes_free(probes, probe_count);
    ok(unit_integer(db, "SELECT count(*) FROM s") > 100 &&
           sqlite3_exec(db, "INSERT INTO s(s) VALUES ('integrity-check'); DROP TABLE s", NULL, NULL,
                        NULL) == SQLITE_OK,
       "the array_store is whole");
    unit_values_free(&values);
    eq_int(unit_integer(db, "SELECT value FROM array_memory WHERE name = 'live_bytes'"), 0,
           "nothing is live");
    eq_int(sqlite3_close(db), SQLITE_OK, "closes");
    eq_int(sqlite3_memory_used(), 0, "nothing is left");
    return done();
}
