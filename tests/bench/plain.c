/*
** What a C programmer would write: plain loops over int32_t and int64_t, compiled at -O3 for AVX2,
** as SQL functions, so that they pay for the same call. Argument: a blob with the array's 8-byte
** header.
*/
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#if defined(__x86_64__)
#define FAST __attribute__((target("avx2"), noinline))
#else
#define FAST __attribute__((noinline))
#endif

#define LOOPS(T, name)                                                                             \
    FAST static int64_t sum_##name(const T *a, size_t n) {                                         \
        int64_t sum = 0;                                                                           \
        for (size_t i = 0; i < n; i++)                                                             \
            sum += a[i];                                                                           \
        return sum;                                                                                \
    }                                                                                              \
    FAST static int64_t max_##name(const T *a, size_t n) {                                         \
        T max = a[0];                                                                              \
        for (size_t i = 1; i < n; i++)                                                             \
            max = a[i] > max ? a[i] : max;                                                         \
        return max;                                                                                \
    }                                                                                              \
    FAST static void mul2_##name(T *restrict dst, const T *restrict a, size_t n) {                 \
        for (size_t i = 0; i < n; i++)                                                             \
            dst[i] = a[i] * 2;                                                                     \
    }                                                                                              \
    FAST static void add_##name(T *restrict dst, const T *restrict a, const T *restrict b,         \
                                size_t n) {                                                        \
        for (size_t i = 0; i < n; i++)                                                             \
            dst[i] = a[i] + b[i];                                                                  \
    }
LOOPS(int32_t, 4)
LOOPS(int64_t, 8)

struct array {
    const void *data;
    size_t n;
    int width;
};

static struct array array_of_value(sqlite3_value *value) {
    const unsigned char *blob = sqlite3_value_blob(value);
    const int width = blob[3];
    return (struct array){blob + 8, ((size_t)sqlite3_value_bytes(value) - 8) / (size_t)width,
                          width};
}

static void blob_size(sqlite3_context *context, int argc, sqlite3_value **argv) {
    (void)argc;
    (void)sqlite3_value_blob(argv[0]);
    sqlite3_result_int(context, sqlite3_value_bytes(argv[0]));
}

static void plain_sum(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const struct array a = array_of_value(argv[0]);
    (void)argc;
    sqlite3_result_int64(context, a.width == 4 ? sum_4(a.data, a.n) : sum_8(a.data, a.n));
}

static void plain_max(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const struct array a = array_of_value(argv[0]);
    (void)argc;
    sqlite3_result_int64(context, a.width == 4 ? max_4(a.data, a.n) : max_8(a.data, a.n));
}

/* Into memory already touched: one buffer for all calls; the result is not copied. */
static void plain_into(sqlite3_context *context, int argc, sqlite3_value **argv) {
    static void *buffer;
    static size_t capacity;
    const struct array a = array_of_value(argv[0]);
    const size_t size = a.n * (size_t)a.width;
    if (capacity < size) {
        free(buffer);
        buffer = malloc(size);
        capacity = size;
        memset(buffer, 1, size);
    }
    if (argc == 2) {
        const struct array b = array_of_value(argv[1]);
        if (a.width == 4)
            add_4(buffer, a.data, b.data, a.n);
        else
            add_8(buffer, a.data, b.data, a.n);
    } else if (a.width == 4) {
        mul2_4(buffer, a.data, a.n);
    } else {
        mul2_8(buffer, a.data, a.n);
    }
    sqlite3_result_blob64(context, buffer, size, SQLITE_STATIC);
}

static void plain_copy(sqlite3_context *context, int argc, sqlite3_value **argv) {
    static char buffer[8 << 20];
    const struct array a = array_of_value(argv[0]);
    const size_t size = a.n * (size_t)a.width;
    (void)argc;
    memcpy(buffer, a.data, size < sizeof buffer ? size : sizeof buffer);
    sqlite3_result_blob64(context, buffer, size, SQLITE_STATIC);
}

/* Into memory of its own, given back by SQLite: what an extension without a pool does. */
static void malloc_mul2(sqlite3_context *context, int argc, sqlite3_value **argv) {
    const struct array a = array_of_value(argv[0]);
    const size_t size = a.n * (size_t)a.width;
    void *result = sqlite3_malloc64(size);
    (void)argc;
    if (a.width == 4)
        mul2_4(result, a.data, a.n);
    else
        mul2_8(result, a.data, a.n);
    sqlite3_result_blob64(context, result, size, sqlite3_free);
}

int bench_register_plain(sqlite3 *db) {
    static const struct {
        const char *name;
        int argc;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"blob_size", 1, blob_size},   {"plain_sum", 1, plain_sum},
                     {"plain_max", 1, plain_max},   {"plain_mul2", 1, plain_into},
                     {"plain_add", 2, plain_into},  {"malloc_mul2", 1, malloc_mul2},
                     {"plain_copy", 1, plain_copy}, {"std_sort", 1, bench_std_sort},
                     {"vqsort", 1, bench_vqsort}};
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof functions / sizeof functions[0]; i++)
        rc = sqlite3_create_function(db, functions[i].name, functions[i].argc,
                                     SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                     functions[i].function, NULL, NULL);
    return rc;
}
