/*
** array_nth(), array_quantile(), array_median() and array_topk() of long arrays, which they do not
** copy: against a sorted copy, for elements of every width and kind of order, and where the samples
** that sql/selection.c takes tell nothing.
*/
#include "core/random.h"
#include "unit_sql.h"

enum { MOST = 300000, BLOCK = 1024 };

static sqlite3 *db;
static sqlite3_stmt *nth, *quantile, *median, *topk;
static int64_t elements[MOST], sorted[MOST];

static int by_value(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double real_of(sqlite3_stmt *statement) {
    const double x =
        sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_double(statement, 0) : -0.5;
    sqlite3_reset(statement);
    return x;
}

/* Element k (from 1) of the sorted order, and the quantile a quarter behind it */
static int is_wrong_at(size_t n, size_t k) {
    sqlite3_bind_int64(nth, 2, (sqlite3_int64)k);
    int wrong = sqlite3_step(nth) != SQLITE_ROW || sqlite3_column_int64(nth, 0) != sorted[k - 1];
    sqlite3_reset(nth);
    const double place = ((double)k - 0.75) / (double)(n - 1);
    if (k < n) {
        const size_t rank = (size_t)(place * (double)(n - 1));
        const double weight = place * (double)(n - 1) - (double)rank;
        const double x = (double)sorted[rank], y = (double)sorted[rank + 1];
        sqlite3_bind_double(quantile, 2, place);
        wrong |= real_of(quantile) !=
                 (weight < 0.5 ? x + (y - x) * weight : y - (y - x) * (1.0 - weight));
    }
    return wrong;
}

/* The rank (from 1) of the last element that equals the one of this rank */
static size_t last_equal(size_t n, size_t k) {
    while (k < n && sorted[k] == sorted[k - 1])
        k++;
    return k;
}

/* The k smallest and the k largest, against slices of the sorted array that sorted has */
static int are_wrong_first(size_t k) {
    sqlite3_bind_int64(topk, 2, (sqlite3_int64)k);
    const int right = sqlite3_step(topk) == SQLITE_ROW && sqlite3_column_int(topk, 0);
    sqlite3_reset(topk);
    return !right;
}

/* Compares the first n elements with a sorted copy of them, plain and packed. */
static void check(size_t n, const char *name) {
    char *const blob = malloc(n * 8 + 8);
    if (blob == NULL)
        unit_bail_out("no memory");
    memcpy(sorted, elements, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    const size_t size = (size_t)sqlite_array_encode(blob, elements, n);
    const size_t ranks[] = {1,
                            2,
                            n / 50,
                            n / 3,
                            n / 2,
                            n / 2 + 1,
                            last_equal(n, n / 2),
                            last_equal(n, n / 3),
                            n - n / 7,
                            n - 1,
                            n};
    const double middle = n % 2 == 1 ? (double)sorted[n / 2]
                                     : ((double)sorted[n / 2 - 1] + (double)sorted[n / 2]) / 2;
    for (int packed = 0; packed < 2; packed++) {
        sqlite3_stmt *const statements[] = {nth, quantile, median, topk};
        sqlite3_stmt *const pack = unit_prepare(db, packed ? "SELECT array_pack(?1)" : "SELECT ?1");
        sqlite3_bind_blob(pack, 1, blob, (int)size, SQLITE_STATIC);
        sqlite3_step(pack);
        for (int i = 0; i < 4; i++)
            sqlite3_bind_value(statements[i], 1, sqlite3_column_value(pack, 0));
        int wrong = real_of(median) != middle;
        for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
            wrong += is_wrong_at(n, ranks[i]) + are_wrong_first(ranks[i]);
        eq_int(wrong, 0, "%s, %zu elements%s", name, n, packed ? ", packed" : "");
        sqlite3_finalize(pack);
    }
    free(blob);
}

/* Element i of an array of this kind */
enum kind {
    UNIFORM,
    EXTREMES,
    TWO_VALUES,
    ONE_VALUE,
    ASCENDING,
    DESCENDING,
    HALF_EQUAL,
    BLOCKS,
    FAR,
    KINDS
};
static const char *const kind_names[KINDS] = {"uniform",
                                              "two values",
                                              "one value",
                                              "ascending",
                                              "descending",
                                              "half of them equal",
                                              "blocks of equal ones",
                                              "a few far away"};

static int64_t element_of(enum kind kind, size_t i, int64_t limit, struct sqa_random *random) {
    const int64_t x = (int64_t)sqa_random_below(random, 2 * (uint64_t)limit + 2) - limit - 1;
    switch (kind) {
    case EXTREMES:
        return x % 3 == 0   ? x
               : i % 8 == 0 ? (limit > INT32_MAX ? INT64_MIN : -limit - 1)
                            : (limit > INT32_MAX ? INT64_MAX : limit);
    case TWO_VALUES:
        return x & 1;
    case ONE_VALUE:
        return -limit - 1;
    case ASCENDING:
        return (int64_t)((double)i / MOST * (double)limit);
    case DESCENDING:
        return limit - (int64_t)((double)i / MOST * (double)limit);
    case HALF_EQUAL:
        return i % 2 == 0 ? limit / 3 : x;
    case BLOCKS:
        return (int64_t)(i / BLOCK * 7919 % 101) - 50;
    case FAR:
        return i % 1000 == 0 ? x : x % 5;
    default:
        return x;
    }
}

/*
** Elements that the samples find lie at both ends, so that the samples tell nothing of the others;
** later all that they find are out of the range that is left.
*/
static void test_misled(void) {
    enum { N = 200001, PLACES = 64, AT_A_PLACE = 4, ROUNDS = 40 };
    const int64_t far_away = (int64_t)1 << 62;
    struct sqa_random random = sqa_random_seeded(5), sampled = sqa_random_seeded(0);
    for (size_t i = 0; i < N; i++)
        elements[i] = (int64_t)sqa_random_below(&random, 1000) - 77;
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t place = 0; place < PLACES; place++) {
            const size_t blocks = N / BLOCK;
            const size_t from = place * blocks / PLACES, end = (place + 1) * blocks / PLACES;
            const size_t block = from + (size_t)sqa_random_below(&sampled, end - from);
            for (int i = 0; i < AT_A_PLACE; i++)
                elements[block * BLOCK + (size_t)sqa_random_below(&sampled, BLOCK)] =
                    round < 2 && place % 2 == 0 ? -far_away : far_away;
        }
    }
    check(N, "misleading samples");
}

int main(void) {
    static const size_t sizes[] = {8193, 70000, 262143, MOST};
    db = unit_open(":memory:");
    nth = unit_prepare(db, "SELECT array_nth(?1, ?2)");
    quantile = unit_prepare(db, "SELECT array_quantile(?1, ?2)");
    median = unit_prepare(db, "SELECT array_median(?1)");
    topk = unit_prepare(db, "SELECT array_topk(?1, ?2, 'asc') = array_head(s, ?2)"
                            " AND array_topk(?1, ?2) = array_reverse(array_tail(s, ?2))"
                            " FROM (SELECT array_sort(?1) AS s)");
    for (unsigned width = 8; width <= 64; width *= 2) {
        struct sqa_random random = sqa_random_seeded(width);
        /* sums of two 8-byte elements are exact as doubles */
        const int64_t limit = width == 64 ? (int64_t)1 << 50 : ((int64_t)1 << (width - 1)) - 1;
        for (int kind = 0; kind < KINDS; kind++) {
            const size_t n = sizes[(width / 8 + (unsigned)kind) % 4];
            char name[60];
            for (size_t i = 0; i < n; i++)
                elements[i] = element_of((enum kind)kind, i, limit, &random);
            snprintf(name, sizeof name, "%u bits, %s", width, kind_names[kind]);
            check(n, name);
        }
    }
    test_misled();
    sqlite3_finalize(nth);
    sqlite3_finalize(quantile);
    sqlite3_finalize(median);
    sqlite3_finalize(topk);
    eq_int(sqlite3_close(db), SQLITE_OK, "close");
    return done();
}
