/* What is measured. To add a comparison, add a line. */
#include "bench.h"

#define END                                                                                        \
    { NULL, NULL, NULL, 0, AT_MOST, 0 }

static const struct bench_row small_rows[] = {
    {"array_sum, 16 elements", "SELECT count(array_sum(a)) FROM small",
     "SELECT count(blob_size(a)) FROM small", 1e6, DIFFERENCE, 25},
    {"array_get, 16 elements", "SELECT count(array_get(a, 3)) FROM small",
     "SELECT count(blob_size(a)) FROM small", 1e6, DIFFERENCE, 25},
    {"array_length, 16 elements", "SELECT count(array_length(a)) FROM small",
     "SELECT count(blob_size(a)) FROM small", 1e6, DIFFERENCE, 25},
    {"array_mul(a, 2), 16 elements", "SELECT count(array_mul(a, 2)) FROM small",
     "SELECT count(blob_size(a)) FROM small", 1e6, DIFFERENCE, 60},
    END};

#define REDUCE(name, width, size)                                                                  \
    {                                                                                              \
        "array_" name ", " #size " of " #width " bytes",                                           \
            "SELECT array_" name "(:i" #width "_" #size ")",                                       \
            "SELECT plain_" name "(:i" #width "_" #size ")", size, AT_MOST, 1.15                   \
    }
static const struct bench_row reduce_rows[] = {REDUCE("sum", 4, 1e3),
                                               REDUCE("sum", 8, 1e3),
                                               REDUCE("max", 4, 1e3),
                                               REDUCE("max", 8, 1e3),
                                               REDUCE("sum", 4, 1e6),
                                               REDUCE("sum", 8, 1e6),
                                               REDUCE("max", 4, 1e6),
                                               REDUCE("max", 8, 1e6),
                                               REDUCE("sum", 4, 16e6),
                                               REDUCE("sum", 8, 16e6),
                                               REDUCE("max", 4, 16e6),
                                               REDUCE("max", 8, 16e6),
                                               {"array_max, 1e6 of 8 bytes, NumPy",
                                                "SELECT array_max(:i8_1e6)", "numpy np.max(i8_1e6)",
                                                1e6, AT_MOST, 1},
                                               END};

/*
** The result goes to a C function that drops it. Given to the application instead, as "handed out",
** it is copied by SQLite once: the value of an expression that holds no column is kept for the next
** row.
*/
#define DROPPED(expression) "SELECT blob_size(" expression ")"
#define MAP(width, size)                                                                           \
    {"array_mul(a, 2), " #size " of " #width " bytes, C loop",                                     \
     DROPPED("array_mul(:i" #width "_" #size ", 2)"),                                              \
     DROPPED("plain_mul2(:i" #width "_" #size ")"),                                                \
     size,                                                                                         \
     AT_MOST,                                                                                      \
     1.5},                                                                                         \
        {"array_mul(a, 2), " #size " of " #width " bytes, malloc and free",                        \
         DROPPED("array_mul(:i" #width "_" #size ", 2)"),                                          \
         DROPPED("malloc_mul2(:i" #width "_" #size ")"),                                           \
         size,                                                                                     \
         AT_LEAST,                                                                                 \
         4},                                                                                       \
        {"array_mul(a, 2), " #size " of " #width " bytes, NumPy",                                  \
         DROPPED("array_mul(:i" #width "_" #size ", 2)"),                                          \
         "numpy i" #width "_" #size " * 2",                                                        \
         size,                                                                                     \
         AT_MOST,                                                                                  \
         1},                                                                                       \
        {"array_add(a, b), " #size " of " #width " bytes, C loop",                                 \
         DROPPED("array_add(:i" #width "_" #size ", :j" #width "_" #size ")"),                     \
         DROPPED("plain_add(:i" #width "_" #size ", :j" #width "_" #size ")"),                     \
         size,                                                                                     \
         AT_MOST,                                                                                  \
         1.5},                                                                                     \
    {                                                                                              \
        "array_add(a, b), " #size " of " #width " bytes, NumPy",                                   \
            DROPPED("array_add(:i" #width "_" #size ", :j" #width "_" #size ")"),                  \
            "numpy i" #width "_" #size " + j" #width "_" #size, size, AT_MOST, 1                   \
    }
static const struct bench_row map_rows[] = {
    MAP(4, 1e6),
    MAP(8, 1e6),
    MAP(4, 16e6),
    MAP(8, 16e6),
    {"array_mul(a, 2), 1e6 of 8 bytes, handed out, malloc and free", "SELECT array_mul(:i8_1e6, 2)",
     "SELECT malloc_mul2(:i8_1e6)", 1e6, AT_LEAST, 0},
    END};

static const struct bench_row default_pool_rows[] = {
    {"array_mul(a, 2), 16e6 of 4 bytes, C loop", DROPPED("array_mul(:i4_16e6, 2)"),
     DROPPED("plain_mul2(:i4_16e6)"), 16e6, AT_MOST, 0},
    {"array_mul(a, 2), 16e6 of 8 bytes, C loop", DROPPED("array_mul(:i8_16e6, 2)"),
     DROPPED("plain_mul2(:i8_16e6)"), 16e6, AT_MOST, 0},
    END};

static const struct bench_row nested_rows[] = {
    {"sum(mul(add(a, 1), 2)), 1e6 of 8 bytes, its three parts",
     "SELECT array_sum(array_mul(array_add(:i8_1e6, 1), 2))",
     "SELECT array_add(:i8_1e6, 1); SELECT array_mul(:i8_1e6, 2); SELECT array_sum(:i8_1e6)", 1e6,
     AT_MOST, 1.3},
    END};

/* count of (a*2+b)>t: not more than 0.28 and 0.45 ns an element, and less than nested and NumPy */
#define EVAL(size, ns)                                                                             \
    {"array_eval, count of (a*2+b)>t, " #size " of 4 bytes, under " #ns " ns",                     \
     "SELECT array_eval('count((a*2+b)>c)', :i4_" #size ", :j4_" #size ", 1000)",                  \
     "SELECT 0",                                                                                   \
     size,                                                                                         \
     DIFFERENCE,                                                                                   \
     ns},                                                                                          \
        {"array_eval, count of (a*2+b)>t, " #size " of 4 bytes, nested",                           \
         "SELECT array_eval('count((a*2+b)>c)', :i4_" #size ", :j4_" #size ", 1000)",              \
         "SELECT array_count(array_gt(array_add(array_mul(:i4_" #size ", 2), :j4_" #size           \
         "), 1000), 1)",                                                                           \
         size,                                                                                     \
         AT_MOST,                                                                                  \
         0.6},                                                                                     \
    {                                                                                              \
        "array_eval, count of (a*2+b)>t, " #size " of 4 bytes, NumPy",                             \
            "SELECT array_eval('count((a*2+b)>c)', :i4_" #size ", :j4_" #size ", 1000)",           \
            "numpy np.count_nonzero((i4_" #size " * 2 + j4_" #size ") > 1000)", size, AT_MOST, 1   \
    }
static const struct bench_row eval_rows[] = {EVAL(1e6, 0.28), EVAL(16e6, 0.45), END};

static const struct bench_row each_rows[] = {
    {"array_each, count(*), 1e5", "SELECT count(*) FROM array_each(:i4_1e5)",
     "SELECT count(*) FROM json_each(:json_1e5)", 1e5, AT_LEAST, 2},
    {"array_each, count(*), 1e5, under 20 ns", "SELECT count(*) FROM array_each(:i4_1e5)",
     "SELECT 0", 1e5, DIFFERENCE, 20},
    {"array_each, sum(value), 1e5", "SELECT sum(value) FROM array_each(:i4_1e5)",
     "SELECT sum(value) FROM json_each(:json_1e5)", 1e5, AT_LEAST, 2},
    {"array_agg, 1e6 rows in 1,000 groups", "SELECT g, array_agg(v) FROM pairs GROUP BY g",
     "SELECT g, json_group_array(v) FROM pairs GROUP BY g", 1e6, AT_LEAST, 3},
    END};

static const struct bench_row aggregate_rows[] = {
    {"array_sum_agg, 1e5 rows of 16", "SELECT array_sum_agg(a) FROM sixteens",
     "SELECT count(array_sum(a)) FROM sixteens", 1.6e6, AT_MOST, 0},
    {"array_min_agg, 1e5 rows of 16", "SELECT array_min_agg(a) FROM sixteens",
     "SELECT count(array_min(a)) FROM sixteens", 1.6e6, AT_MOST, 0},
    END};

/* The bare time, an element or a row */
#define NOTHING "SELECT 0"

#define SORT(width, size)                                                                          \
    {"array_sort, " #size " of " #width " bytes, vqsort",                                          \
     DROPPED("array_sort(:i" #width "_" #size ")"),                                                \
     DROPPED("vqsort(:i" #width "_" #size ")"),                                                    \
     size,                                                                                         \
     AT_MOST,                                                                                      \
     1.3},                                                                                         \
    {                                                                                              \
        "array_sort, " #size " of " #width " bytes, NumPy",                                        \
            DROPPED("array_sort(:i" #width "_" #size ")"), "numpy np.sort(i" #width "_" #size ")", \
            size, AT_MOST, 0                                                                       \
    }
#define STD_SORT(width, ratio)                                                                     \
    {                                                                                              \
        "array_sort, 1e6 of " #width " bytes, std::sort", DROPPED("array_sort(:i" #width "_1e6)"), \
            DROPPED("std_sort(:i" #width "_1e6)"), 1e6, AT_LEAST, ratio                            \
    }
#define IN_ORDER(width)                                                                            \
    {"array_sort, 1e6 of " #width " bytes, sorted, memcpy",                                        \
     DROPPED("array_sort(:s" #width "_1e6)"),                                                      \
     DROPPED("plain_copy(:s" #width "_1e6)"),                                                      \
     1e6,                                                                                          \
     AT_MOST,                                                                                      \
     3},                                                                                           \
    {                                                                                              \
        "array_sort, 1e6 of " #width " bytes, reversed, memcpy",                                   \
            DROPPED("array_sort(:r" #width "_1e6)"), DROPPED("plain_copy(:r" #width "_1e6)"), 1e6, \
            AT_MOST, 3                                                                             \
    }
static const struct bench_row sort_rows[] = {
    SORT(4, 1e3),
    SORT(4, 1e6),
    SORT(8, 1e3),
    SORT(8, 1e6),
    {"array_sort, 1e3 of 8 bytes, in 5.0 ns", DROPPED("array_sort(:i8_1e3)"), NOTHING, 1e3,
     DIFFERENCE, 5},
    {"array_sort, 1e6 of 8 bytes, in 6.5 ns", DROPPED("array_sort(:i8_1e6)"), NOTHING, 1e6,
     DIFFERENCE, 6.5},
    STD_SORT(4, 8),
    STD_SORT(8, 4),
    {"array_sort, 1e6 of 1 byte", DROPPED("array_sort(:i1_1e6)"), NOTHING, 1e6, DIFFERENCE, 1.5},
    {"array_sort, 1e6 of 2 bytes", DROPPED("array_sort(:i2_1e6)"), NOTHING, 1e6, DIFFERENCE, 1.5},
    IN_ORDER(4),
    IN_ORDER(8),
    {"array_sort, 16 elements, an element", "SELECT count(array_sort(a)) FROM small",
     "SELECT count(blob_size(a)) FROM small", 16e6, DIFFERENCE, 15},
    {"array_nth, 1e6 of 4 bytes, array_sort", "SELECT array_nth(:i4_1e6, 500000)",
     DROPPED("array_sort(:i4_1e6)"), 1e6, AT_MOST, 0.33},
    {"array_median, 1e6 of 8 bytes, array_sort", "SELECT array_median(:i8_1e6)",
     DROPPED("array_sort(:i8_1e6)"), 1e6, AT_MOST, 0.33},
    {"array_distinct, 1e6 of 4 bytes, array_sort", DROPPED("array_distinct(:i4_1e6)"),
     DROPPED("array_sort(:i4_1e6)"), 1e6, DIFFERENCE, 3},
    {"array_mode, 1e6 of 4 bytes, array_sort", "SELECT array_mode(:i4_1e6)",
     DROPPED("array_sort(:i4_1e6)"), 1e6, DIFFERENCE, 3},
    {"array_distinct_count, 1e6 of 8 bytes, array_sort", "SELECT array_distinct_count(:i8_1e6)",
     DROPPED("array_sort(:i8_1e6)"), 1e6, DIFFERENCE, 3},
    END};

#define SET(name)                                                                                  \
    {                                                                                              \
        "array_" name ", 1e6 and 1e6 of 4 bytes, sorted",                                          \
            DROPPED("array_" name "(:s4_1e6, :t4_1e6)"), NOTHING, 2e6, DIFFERENCE, 1.5             \
    }
static const struct bench_row set_rows[] = {
    {"array_unique, 1e6 of 4 bytes, sorted", DROPPED("array_unique(:s4_1e6)"), NOTHING, 1e6,
     DIFFERENCE, 1.5},
    SET("union"),
    SET("intersect"),
    SET("except"),
    {"array_intersect_count, 1e3 in 1e6, a full merge",
     "SELECT count(array_intersect_count(:s4_1e6, c.value)) FROM array_chunks(:s4_1e3, 1000) AS c, "
     "array_each(:i4_1e3)",
     "SELECT array_intersect_count(:s4_1e6, :t4_1e6)", 1e3, AT_MOST, 10},
    {"array_contains_all, 1e3 in 1e6, a full merge",
     "SELECT count(array_contains_all(:s4_1e6, c.value)) FROM array_chunks(:s4_1e3, 1000) AS c, "
     "array_each(:i4_1e3)",
     "SELECT array_intersect_count(:s4_1e6, :t4_1e6)", 1e3, AT_MOST, 10},
    {"array_union_agg, 1e5 sets of 16, json_each",
     "SELECT blob_size(array_union_agg(a)) FROM (SELECT a FROM small LIMIT 100000)",
     "SELECT count(*) FROM (SELECT DISTINCT e.value FROM (SELECT j FROM small_json LIMIT 100000), "
     "json_each(j) AS e)",
     1e5, AT_LEAST, 5},
    END};

/*
** `thousands` has 1,000 lists of 1,000 integers of 4 bytes, `sixteens` 100,000 of 16 of 2 bytes. A
** constant set has 1 or 8 values, none of which occurs. Of lists the time to read them is
** subtracted, as the time of array_contains. With "an element" the time is that of the whole
** statement.
*/
#define LIST_TABLES                                                                                \
    "CREATE TEMP TABLE thousands AS SELECT"                                                        \
    " array_random(1000, -1000000000, 1000000000, value) AS a FROM array_each(array_series(1, "    \
    "1000));"                                                                                      \
    "CREATE TEMP TABLE sixteens AS SELECT array_random(16, -1000, 1000, value) AS a,"              \
    " array_random(16, -1000, 1000, value + 1000000) AS b, array_random(16, 0, 1, value) AS m,"    \
    " array_to_json(array_random(16, -1000, 1000, value)) AS j"                                    \
    " FROM array_each(array_series(1, 100000))"
#define EIGHT                                                                                      \
    "'[2000000001,2000000002,2000000003,2000000004,2000000005,2000000006,2000000007,2000000008]'"
#define FIND(function)                                                                             \
    {function " of 1, 1e6 of 4 bytes",                                                             \
     "SELECT " function "(:i4_1e6, '[2000000001]')",                                               \
     NOTHING,                                                                                      \
     1e6,                                                                                          \
     DIFFERENCE,                                                                                   \
     0.3},                                                                                         \
        {function " of 8, 1e6 of 4 bytes",                                                         \
         "SELECT " function "(:i4_1e6, " EIGHT ")",                                                \
         NOTHING,                                                                                  \
         1e6,                                                                                      \
         DIFFERENCE,                                                                               \
         8 * 0.3},                                                                                 \
        {function " of 1, lists of 1,000, array_contains",                                         \
         "SELECT sum(" function "(a, '[2000000001]')) FROM thousands",                             \
         "SELECT sum(array_contains(a, 2000000001)) FROM thousands",                               \
         1e6,                                                                                      \
         DIFFERENCE,                                                                               \
         0.3},                                                                                     \
    {                                                                                              \
        function " of 8, lists of 1,000, array_contains",                                          \
            "SELECT sum(" function "(a, " EIGHT ")) FROM thousands",                               \
            "SELECT sum(array_contains(a, 2000000001)) FROM thousands", 1e6, DIFFERENCE, 8 * 0.3   \
    }
#define FIND_SIXTEEN(title, call)                                                                  \
    {                                                                                              \
        title ", 16 elements, array_contains, a row", "SELECT sum(" call ") FROM sixteens",        \
            "SELECT sum(array_contains(a, 2000)) FROM sixteens", 1e5, DIFFERENCE, 30               \
    }
#define SIXTEEN(title, call, target)                                                               \
    {                                                                                              \
        title ", 16 elements, an element", "SELECT count(" call ") FROM sixteens", NOTHING, 1.6e6, \
            DIFFERENCE, target                                                                     \
    }
#define LESS_LENGTH(title, call, target)                                                           \
    {                                                                                              \
        title ", 16 elements, length(a), a row", "SELECT count(" call ") FROM sixteens",           \
            "SELECT count(length(a)) FROM sixteens", 1e5, DIFFERENCE, target                       \
    }
static const struct bench_row list_rows[] = {
    FIND("array_contains_all"),
    FIND("array_contains_any"),
    {"array_match of 8, 1e6 of 4 bytes",
     "SELECT array_match(:i4_1e6, '2000000001 | 2000000002 | 2000000003 | 2000000004 | 2000000005 "
     "| "
     "2000000006 | 2000000007 | 2000000008')",
     NOTHING, 1e6, DIFFERENCE, 8 * 0.3},
    FIND_SIXTEEN("array_contains_all of 1", "array_contains_all(a, '[2000]')"),
    FIND_SIXTEEN("array_contains_all of 8",
                 "array_contains_all(a, '[2001,2002,2003,2004,2005,2006,2007,2008]')"),
    FIND_SIXTEEN("array_contains_any of 8",
                 "array_contains_any(a, '[2001,2002,2003,2004,2005,2006,2007,2008]')"),
    FIND_SIXTEEN("array_match of 3", "array_match(a, '2001 & (2002 | !2003)')"),
    SIXTEEN("array_unique", "array_unique(a)", 9),
    SIXTEEN("array_intersect", "array_intersect(a, b)", 16),
    SIXTEEN("array_union", "array_union(a, b)", 16),
    SIXTEEN("array_distinct_count", "array_distinct_count(a)", 8),
    SIXTEEN("array_filter", "array_filter(a, m)", 8),
    SIXTEEN("array_parse of a column", "array_parse(j)", 15),
    LESS_LENGTH("array_contains", "array_contains(a, 2000)", 25),
    LESS_LENGTH("array_mul", "array_mul(a, 2)", 60),
    LESS_LENGTH("a C function, blob_size()", "blob_size(a)", 0),
    END};

static const struct bench_row other_rows[] = {
    {"array_filter, 1e6 of 4 bytes, half of it", DROPPED("array_filter(:i4_1e6, :b1_1e6)"), NOTHING,
     1e6, DIFFERENCE, 1},
    {"array_cumsum, 1e6 of 8 bytes, NumPy", DROPPED("array_cumsum(:i8_1e6)"),
     "numpy np.cumsum(i8_1e6)", 1e6, AT_MOST, 1},
    {"array_reverse, 1e6 of 8 bytes, NumPy", DROPPED("array_reverse(:i8_1e6)"),
     "numpy i8_1e6[::-1].copy()", 1e6, AT_MOST, 1},
    {"array_diff, 1e6 of 4 bytes, NumPy", DROPPED("array_diff(:i4_1e6)"), "numpy np.diff(i4_1e6)",
     1e6, AT_MOST, 1},
    {"array_diff, 1e6 of 8 bytes, NumPy", DROPPED("array_diff(:i8_1e6)"), "numpy np.diff(i8_1e6)",
     1e6, AT_MOST, 1},
    {"array_contains, absent, 1e6 of 4 bytes, reading",
     "SELECT array_contains(:i4_1e6, 2000000000)", "SELECT plain_sum(:i4_1e6)", 1e6, AT_MOST, 1.3},
    {"array_moving_min, w = 10000, 1e6 of 4 bytes, w = 100",
     DROPPED("array_moving_min(:i4_1e6, 10000)"), DROPPED("array_moving_min(:i4_1e6, 100)"), 1e6,
     AT_MOST, 1.2},
    {"array_take, random, 1e6 of 4 bytes, NumPy", DROPPED("array_take(:i4_1e6, :p4_1e6)"),
     "numpy i4_1e6[p4_1e6]", 1e6, AT_MOST, 1},
    {"array_take, random, 1e6 of 8 bytes, NumPy", DROPPED("array_take(:i8_1e6, :p4_1e6)"),
     "numpy i8_1e6[p4_1e6]", 1e6, AT_MOST, 1},
    {"array_windows of 16, each 16 on, 1e6, a row",
     "SELECT count(value) FROM array_windows(:i4_1e6, 16, 16)", NOTHING, 62500, DIFFERENCE, 0},
    {"array_windows of 1600, each 16 on, 1e6, a row",
     "SELECT count(value) FROM array_windows(:i4_1e6, 1600, 16)", NOTHING, 62400, DIFFERENCE, 0},
    END};

/*
** 153 chunks of 65,536 rows, as an array_store has: a time that goes up by 1 to 2,000 ms, a price
** that walks by -3 to 3, a quantity of 1 to 1,000.
*/
#define PACKED_TABLES                                                                              \
    "CREATE TEMP TABLE plain_ticks AS SELECT"                                                      \
    " array_cumsum(array_concat(array_of(1700000000000 + value * 65536000),"                       \
    "   array_random(65535, 1, 2000, value))) AS ts,"                                              \
    " array_cumsum(array_concat(array_of(250000), array_random(65535, -3, 3, value + 1000)))"      \
    "   AS price, array_random(65536, 1, 1000, value + 2000) AS qty"                               \
    " FROM array_each(array_series(1, 153));"                                                      \
    "CREATE TEMP TABLE packed_ticks AS SELECT array_pack(ts) AS ts, array_pack(price) AS price,"   \
    " array_pack(qty) AS qty FROM plain_ticks;"                                                    \
    "CREATE VIRTUAL TABLE temp.store_ticks USING array_store(ts, price, qty);"                     \
    "INSERT INTO store_ticks SELECT ts, price, qty FROM plain_ticks"
#define PACKED_ROWS (153 * 65536.0)
static const struct bench_row packed_rows[] = {
    {"array_max, 10 bits of 4 bytes, packed, less plain, decode", "SELECT array_max(:k4_1e5)",
     "SELECT array_max(:i4_1e5)", 1e5, DIFFERENCE, 0.15},
    {"array_max, walk of 3 bits, packed, less plain, decode", "SELECT array_max(:w4_1e5)",
     "SELECT array_max(:i4_1e5)", 1e5, DIFFERENCE, 0},
    {"array_max, sorted ids, packed, less plain, decode", "SELECT array_max(:d4_1e6)",
     "SELECT array_max(:i4_1e6)", 1e6, DIFFERENCE, 0},
    {"array_get, packed, 1e6 of 4 bytes, a block", "SELECT array_get(:d4_1e6, 500000)", NOTHING,
     1024, DIFFERENCE, 0},
    {"array_pack, 1e6 of 4 bytes", DROPPED("array_pack(:i4_1e6)"), NOTHING, 1e6, DIFFERENCE, 0},
    {"array_pack, packed sorted ids, 1e6", DROPPED("array_pack(:d4_1e6)"), NOTHING, 1e6, DIFFERENCE,
     0},
    {"sum(price), chunks, packed, a row", "SELECT sum(array_sum(price)) FROM packed_ticks", NOTHING,
     PACKED_ROWS, DIFFERENCE, 0.7},
    {"sum(price * qty), chunks, packed, a row",
     "SELECT sum(array_dot(price, qty)) FROM packed_ticks", NOTHING, PACKED_ROWS, DIFFERENCE, 1.5},
    {"sum(price) where qty > 900, chunks, packed, a row",
     "SELECT sum(array_sum(array_filter(price, array_gt(qty, 900)))) FROM packed_ticks", NOTHING,
     PACKED_ROWS, DIFFERENCE, 1.8},
    {"sum by qty, chunks, packed, a row",
     "SELECT array_sum_agg(array_scatter_add(1000, qty, price)) FROM packed_ticks", NOTHING,
     PACKED_ROWS, DIFFERENCE, 4},
    {"sum(price), chunks of an array_store, packed, a row",
     "SELECT sum(array_sum(price)) FROM store_ticks_chunks", NOTHING, PACKED_ROWS, DIFFERENCE, 0.7},
    {"sum(price * qty), chunks of an array_store, packed, a row",
     "SELECT sum(array_dot(price, qty)) FROM store_ticks_chunks", NOTHING, PACKED_ROWS, DIFFERENCE,
     1.5},
    {"sum(price) where qty > 900, chunks of an array_store, packed, a row",
     "SELECT sum(array_sum(array_filter(price, array_gt(qty, 900)))) FROM store_ticks_chunks",
     NOTHING, PACKED_ROWS, DIFFERENCE, 1.8},
    {"sum by qty, chunks of an array_store, packed, a row",
     "SELECT array_sum_agg(array_scatter_add(1000, qty, price)) FROM store_ticks_chunks", NOTHING,
     PACKED_ROWS, DIFFERENCE, 4},
    {"sum(price), chunks, packed and plain", "SELECT sum(array_sum(price)) FROM packed_ticks",
     "SELECT sum(array_sum(price)) FROM plain_ticks", PACKED_ROWS, AT_LEAST, 2},
    END};

/*
** Above 32 MiB glibc gives memory back, so that each result has fresh pages; below it keeps blocks.
*/
#define MALLOC_FLOOR(width, size)                                                                  \
    {                                                                                              \
        "array_mul(a, 2), " #size " of " #width " bytes, malloc and free",                         \
            DROPPED("plain_mul2(:i" #width "_" #size ")")                                          \
    }
const struct bench_floor bench_floors[] = {
    MALLOC_FLOOR(4, 1e6),
    MALLOC_FLOOR(8, 1e6),
    MALLOC_FLOOR(4, 16e6),
    MALLOC_FLOOR(8, 16e6),
    {"array_each, count(*), 1e5", "SELECT count(*) FROM bare_rows(100000)"},
    {"array_each, sum(value), 1e5", "SELECT sum(value) FROM bare_rows(100000)"},
    {"array_agg, 1e6 rows in 1,000 groups", "SELECT g, count(v) FROM pairs GROUP BY g"},
    {NULL, NULL}};

#define PEAK(call, scratches)                                                                      \
    { call, DROPPED("array_" call), scratches }
#define PEAK_COUNT(call, scratches)                                                                \
    { call, "SELECT array_" call, scratches }
#define PEAK_ROWS(call, scratches)                                                                 \
    { call, "SELECT count(*) FROM array_" call, scratches }
const struct bench_peak bench_peaks[] = {
    PEAK("mul(:i4_N, 2)", 0),
    PEAK("mul(:i8_N, 2)", 0),
    PEAK("add(:i4_N, :j4_N)", 0),
    PEAK("gt(:i4_N, :j4_N)", 1),
    PEAK("eval('(a - b) * 3 / 7', :i4_N, :j4_N)", 1),
    PEAK_COUNT("eval('count((a * 2 + b) > c)', :i4_N, :j4_N, 1000)", 0),
    PEAK_COUNT("sum(:i8_N)", 0),
    PEAK_COUNT("max(:i4_N)", 0),
    PEAK_COUNT("hash(:i4_N)", 0),
    PEAK_COUNT("contains(:i4_N, 2000000000)", 0),
    PEAK("cumsum(:i4_N)", 1),
    PEAK("diff(:i4_N)", 1),
    PEAK("moving_sum(:i4_N, 100)", 1),
    PEAK("moving_min(:i4_N, 100)", 1),
    PEAK("filter(:i4_N, :b1_N)", 1),
    PEAK("nonzero(:b1_N)", 1),
    PEAK("where(:b1_N, :i4_N, :j4_N)", 1),
    PEAK("take(:i4_N, :p4_N)", 1),
    PEAK("put(:i4_N, :p4_N, 5)", 1),
    PEAK("reverse(:i4_N)", 0),
    PEAK("concat(:i4_N, :j4_N)", 0),
    PEAK("insert(:i4_N, 3, 7)", 0),
    PEAK("remove(:i4_N, 1, 2, 3)", 1),
    PEAK("sort(:i4_N)", 1),
    PEAK("sort(:i4_N, 'desc')", 1),
    PEAK("argsort(:i4_N)", 1),
    PEAK("rank(:i4_N)", 1),
    PEAK("shuffle(:i4_N, 1)", 1),
    PEAK_COUNT("median(:i4_N)", 1),
    PEAK_COUNT("quantile(:i4_N, 0.9)", 1),
    PEAK("topk(:i4_N, 100)", 1),
    PEAK_COUNT("mode(:i4_N)", 1),
    PEAK_COUNT("distinct_count(:i4_N)", 1),
    PEAK("distinct(:i4_N)", 1),
    PEAK("unique(:i4_N)", 1),
    PEAK("union(:s4_N, :t4_N)", 1),
    PEAK("intersect(:s4_N, :t4_N)", 1),
    PEAK("union(:i4_N, :j4_N)", 1),
    PEAK("intersect(:i4_N, :j4_N)", 1),
    PEAK_COUNT("contains_all(:s4_N, :t4_N)", 0),
    PEAK_COUNT("intersect_count(:i4_N, :j4_N)", 1),
    PEAK_COUNT("match(:i4_N, '5 & (7 | !9)')", 0),
    PEAK("pack(:i4_N)", 1),
    PEAK("unpack(:k4_N)", 1),
    PEAK_COUNT("sum(:k4_N)", 0),
    PEAK("to_blob(:i4_N, 'int64')", 0),
    PEAK("to_roaring(:s4_N, 64)", 1),
    PEAK_ROWS("each(:i4_N) WHERE value = 2000000000", 1),
    PEAK_ROWS("runs(:b1_N) WHERE start = 5", 1),
    PEAK_ROWS("counts(:i4_N) WHERE value = 5", 2),
    {"concat_agg of 2",
     "SELECT blob_size(array_concat_agg(a)) FROM (SELECT :i4_N AS a UNION ALL SELECT :j4_N)", 1},
    {"sum_agg of 2",
     "SELECT blob_size(array_sum_agg(a)) FROM (SELECT :i4_N AS a UNION ALL SELECT :j4_N)", 1},
    {"union_agg of 2",
     "SELECT blob_size(array_union_agg(a)) FROM (SELECT :s4_N AS a UNION ALL SELECT :t4_N)", 1},
    {NULL, NULL, 0}};

const struct bench_section bench_sections[] = {
    {"Small arrays, a row (less a C function that gives the blob's size)", NULL, NULL, small_rows},
    {"Reductions, an element (against a C loop, -O3 -mavx2, in an SQL function)", NULL, NULL,
     reduce_rows},
    {"Elementwise, an element (pool_bytes raised to 512 MiB)",
     "SELECT array_limit('pool_bytes', 536870912)", "SELECT array_limit('pool_bytes', 67108864)",
     map_rows},
    {"Elementwise, an element (pool_bytes by default, 64 MiB)", NULL, NULL, default_pool_rows},
    {"Nested calls, an element", NULL, NULL, nested_rows},
    {"Expressions, an element", NULL, NULL, eval_rows},
    {"Rows, an element", NULL, NULL, each_rows},
    {"Aggregates of arrays, an element",
     "CREATE TEMP TABLE sixteens AS SELECT a FROM small LIMIT 100000", "DROP TABLE sixteens",
     aggregate_rows},
    {"Order, an element", NULL, NULL, sort_rows},
    {"Sets, an input element (counts and aggregates: a row)", NULL, NULL, set_rows},
    {"Lists: sets of few values, and few elements", LIST_TABLES,
     "DROP TABLE thousands; DROP TABLE sixteens", list_rows},
    {"Scans, search, windows, an element", NULL, NULL, other_rows},
    {"Packed arrays", PACKED_TABLES,
     "DROP TABLE plain_ticks; DROP TABLE packed_ticks; DROP TABLE store_ticks", packed_rows},
    {NULL, NULL, NULL, NULL}};
