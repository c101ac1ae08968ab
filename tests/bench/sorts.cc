/* The rivals of array_sort: a copy of the argument, an array blob of 4 or 8 bytes an element, is sorted. */
#include <algorithm>
#include <cstdint>
#include <cstring>

#include <hwy/contrib/sort/vqsort.h>

#include "bench.h"

alignas(64) static char copy[8 << 20];

template <typename Sort>
static void sort_copy(sqlite3_context *context, sqlite3_value *value, Sort sort) {
    const char *blob = static_cast<const char *>(sqlite3_value_blob(value));
    const size_t size = static_cast<size_t>(sqlite3_value_bytes(value)) - 8;
    std::memcpy(copy, blob + 8, size);
    if (blob[3] == 4)
        sort(reinterpret_cast<int32_t *>(copy), size / 4);
    else
        sort(reinterpret_cast<int64_t *>(copy), size / 8);
    sqlite3_result_blob64(context, copy, size, SQLITE_STATIC);
}

void bench_std_sort(sqlite3_context *context, int, sqlite3_value **argv) {
    sort_copy(context, argv[0], [](auto *a, size_t n) { std::sort(a, a + n); });
}

void bench_vqsort(sqlite3_context *context, int, sqlite3_value **argv) {
    static hwy::Sorter sorter;
    sort_copy(context, argv[0], [](auto *a, size_t n) { sorter(a, n, hwy::SortAscending()); });
}
