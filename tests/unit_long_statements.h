/*
** Statements that together call every function with long arrays, and their arguments. A test sets
** `elements` before the first argument is bound, and frees them at the end.
*/
#ifndef SQA_UNIT_LONG_STATEMENTS_H
#define SQA_UNIT_LONG_STATEMENTS_H

#include "unit_sql.h"

static size_t elements; /* how many the arrays have */

/*
** The arguments: parameters of the statements, made when they are first named and kept. N is the
** number of elements.
*/
static const struct {
    const char *name, *sql;
} arguments[] = {
    {":x8", "array_random(N, -9000000000000000000, 9000000000000000000, 1)"},
    {":x4", "array_random(N, -2000000000, 2000000000, 2)"},
    {":x2", "array_random(N, -32000, 32000, 3)"},
    {":x1", "array_random(N, -100, 100, 4)"},
    {":bits", "array_random(N, 0, 1, 5)"},
    {":ones", "array_fill(N, 1)"},
    {":zeros", "array_fill(N, 0)"},
    {":up", "array_series(1, N)"},
    {":down", "array_series(N, 1, -1)"},
    {":set", "array_unique(array_random(N, 1, 4 * N, 6))"},
    {":set2", "array_unique(array_random(N, 1, 4 * N, 7))"},
    {":set8", "array_unique(array_random(N, -9000000000000000000, 9000000000000000000, 8))"},
    {":places", "array_random(N, 1, N, 9)"},
    {":runs", "array_repeat(array_series(1, N / 1000), 1000)"},
    {":json", "array_to_json(array_random(N, -2000000000, 2000000000, 1))"},
    {":blanks", "'[' || printf('%*s', 8 * N, '') || ']'"},
    {":digits", "'[' || replace(printf('%*s', 8 * N, ''), ' ', '1') || ']'"},
    {":spaces_in_query", "printf('%*s', 8 * N, '') || ']'"},
    {":number", "replace(printf('%*s', 8 * N, ''), ' ', '1') || ']'"},
    {":lines", "array_to_text(array_random(N, 0, 1000, 1), char(10))"},
    {":spaced", "'1' || printf('%*s', N, '') || '2'"},
    {":spaces", "printf('%*s', 2000, '') || char(9)"},
    {":query", "array_to_text(array_random(N / 4, 1, 1000000, 1), ' & ') || ' | 5'"},
    {":raw8", "array_to_blob(array_random(N, 1, 9000000000000000000, 1), 'int64')"},
    {":packed", "array_pack(array_random(N, -2000, 2000, 2))"},
    {":steps", "array_pack(array_cumsum(array_random(N, 1, 200, 2)))"},
    {":roaring", "array_to_roaring(array_unique(array_random(N, 1, 4 * N, 6)))"},
    {":npy", "array_to_npy(array_random(N, 1, 200, 1), 'uint8')"},
    {":pattern", "array_concat(array_fill(N / 2, 0), '[1]')"},
    {":cut", "array_concat(array_random(N, 0, 3, 11), '[9]', array_random(100, 0, 3, 12))"},
    {":terms", "array_to_text(array_random(2 * N, 1, 1000000, 13), ' | ')"},
    {":adversary", "array_concat(" SQA_UNIT_ADVERSARY ", array_series(1, 1000000, 5))"},
    {":edges", "array_sort(array_random(N, -9000000000000000000, 9000000000000000000, 10))"},
};
enum { ARGUMENTS = sizeof arguments / sizeof *arguments };
static sqlite3_value *made[ARGUMENTS];

/*
** 8 bytes an element where 1 would do: what an application may have written. As a blob of this
** test's own, for no function makes it.
*/
static void *not_canonical(size_t *size) {
    *size = 8 + 8 * elements;
    unsigned char *const blob = calloc(*size, 1);
    if (blob == NULL)
        unit_bail_out("out of memory");
    memcpy(blob, "\xA1\x41\0\x08", 4);
    for (int i = 0; i < 4; i++)
        blob[4 + i] = (unsigned char)(elements >> 8 * i);
    return blob;
}

/* Returns the bytes of the value. */
static int64_t bind_argument(sqlite3 *db, sqlite3_stmt *statement, int parameter) {
    const char *const name = sqlite3_bind_parameter_name(statement, parameter);
    size_t i = 0;
    while (i < ARGUMENTS && strcmp(arguments[i].name, name) != 0)
        i++;
    if (strcmp(name, ":N") == 0) {
        sqlite3_bind_int64(statement, parameter, (sqlite3_int64)elements);
        return 0;
    }
    if (strcmp(name, ":wide") == 0) {
        size_t size;
        void *const blob = not_canonical(&size);
        sqlite3_bind_blob64(statement, parameter, blob, size, free);
        return (int64_t)size;
    }
    if (i == ARGUMENTS)
        unit_bail_out("no argument %s", name);
    if (made[i] == NULL) {
        char *const sql = sqlite3_mprintf("SELECT %s FROM (SELECT ?1 AS N)", arguments[i].sql);
        sqlite3_stmt *const make = unit_prepare(db, sql);
        sqlite3_bind_int64(make, 1, (sqlite3_int64)elements);
        if (sqlite3_step(make) != SQLITE_ROW)
            unit_bail_out("%s: %s", sql, sqlite3_errmsg(db));
        made[i] = sqlite3_value_dup(sqlite3_column_value(make, 0));
        sqlite3_finalize(make);
        sqlite3_free(sql);
    }
    /*
    ** Not by sqlite3_bind_value(), which copies. A text without its size, for then SQLite knows
    ** that a 0 is at the end; else it copies it for a function, to add one: 0.22 s for 552 MB.
    */
    if (sqlite3_value_type(made[i]) == SQLITE_TEXT)
        sqlite3_bind_text(statement, parameter, (const char *)sqlite3_value_text(made[i]), -1,
                          SQLITE_STATIC);
    else
        sqlite3_bind_blob64(statement, parameter, sqlite3_value_blob(made[i]),
                            (sqlite3_uint64)sqlite3_value_bytes(made[i]), SQLITE_STATIC);
    return sqlite3_value_bytes(made[i]);
}

SQA_UNIT_SHARED void free_arguments(void) {
    for (size_t i = 0; i < ARGUMENTS; i++) {
        sqlite3_value_free(made[i]);
        made[i] = NULL;
    }
}

/* The statements. Expressions; those that begin with a SELECT are whole ones. */
static const char *const statements[] = {
    "array_series(1, :N)",
    "array_fill(:N, 1000)",
    "array_random(:N, 1, 1000, 1)",
    "array_parse(:json)",
    "array_parse(:blanks)",
    "array_parse(:lines, char(10))",
    "array_max(:json)",
    "array_from_blob(:raw8, 'int64', 'big')",
    "array_to_blob(:x8, 'int64', 'big')",
    "array_to_blob(:bits, 'uint8')",
    "array_from_npy(:npy)",
    "array_to_npy(:x4)",
    "array_to_json(:x4)",
    "array_from_roaring(:roaring)",
    "array_to_roaring(:set)",
    "array_to_roaring(array_abs(:x4), 64)",
    "array_pack(:x8)",
    "array_pack(:up)",
    "array_unpack(:packed)",
    "array_unpack(:steps)",
    "array_valid(:packed)",
    "array_sum(:packed)",
    "array_sort(:packed)",
    "array_add(:steps, :packed)",
    "array_intersect(:steps, :set)",
    "array_to_text(:x1, '; ')",
    "array_valid(:wide)",
    "array_slice(:x8, 2)",
    "array_slice(:x8, 2, -1, 2)",
    "array_head(:x8, :N - 1)",
    "array_tail(:wide, :N - 1)",
    "array_add(:x8, 1)",
    "array_add(:ones, 1000000)",
    "array_sub(:x4, :x2)",
    "array_mul(:x2, :x4)",
    "array_div(:x8, 3)",
    "array_mod(:x8, 3)",
    "array_floor_div(:x8, 3)",
    "array_floor_mod(:x8, 3)",
    "array_pow(:bits, 1000000000000)",
    "array_least(:x8, 3)",
    "array_greatest(:x8, 3)",
    "array_neg(:x8)",
    "array_abs(:x8)",
    "array_sign(:x8)",
    "array_clip(:x8, -5, 5)",
    "array_bit_and(:x8, 3)",
    "array_bit_or(:x8, 3)",
    "array_bit_xor(:x8, 3)",
    "array_bit_not(:x8)",
    "array_shl(:x1, 3)",
    "array_shr(:x8, 3)",
    "array_popcount(:x8)",
    "array_eq(:x8, 1)",
    "array_ne(:x8, 1)",
    "array_lt(:x8, 1)",
    "array_le(:x8, 1)",
    "array_gt(:x8, 1)",
    "array_ge(:x8, :x4)",
    "array_between(:x8, 1, 2)",
    "array_isin(:x8, :set8)",
    "array_isin(:set8, :x8)",
    "array_not(:bits)",
    "array_where(:bits, :x8, :x4)",
    "array_filter(:x8, :bits)",
    "array_nonzero(:bits)",
    "array_any(:zeros)",
    "array_all(:ones)",
    "array_equal(:x8, :x8)",
    "array_compare(:x8, :x8)",
    "array_sum(:x4)",
    "array_product(:ones)",
    "array_min(:x8)",
    "array_max(:x8)",
    "array_avg(:x8)",
    "array_median(:x8)",
    "array_median(:x2)",
    "array_median(:x1)",
    "array_var(:x8)",
    "array_stddev(:x8)",
    "array_quantile(:x4, 0.9)",
    "array_mode(:x8)",
    "array_mode(:zeros)",
    "array_argmin(:x8)",
    "array_argmax(:x8)",
    "array_count(:x1, 5)",
    "array_distinct_count(:x4)",
    "array_dot(:x4, :x2)",
    "array_bincount(:places)",
    "array_bincount('[1]', 8 * :N)",
    "array_histogram(:x8, :edges)",
    "array_hash(:x8)",
    "array_hash(:wide)",
    "array_sparkline(:x8)",
    "array_sparkline(:x8, :N)",
    "array_cumsum(:x4)",
    "array_cumsum(:ones)",
    "array_cumprod(:ones)",
    "array_cummin(:x8)",
    "array_cummax(:x8)",
    "array_diff(:x4)",
    "array_sort(:x8)",
    "array_sort(:x4, 'desc')",
    "array_sort(:x2)",
    "array_sort(:x1)",
    "array_sort(:up)",
    "array_sort(:down)",
    "array_sort(:zeros)",
    "array_sort(:runs)",
    "array_argsort(:x8)",
    "array_argsort(:x1, 'desc')",
    "array_rank(:x8)",
    "array_rank(:x2)",
    "array_topk(:x8, 100)",
    "array_topk(:x8, :N / 2)",
    "array_topk(:x2, :N, 'asc')",
    "array_nth(:x8, :N / 3)",
    "array_key(:x4)",
    "array_reverse(:x8)",
    "array_shuffle(:x8, 1)",
    "array_sample(:x8, :N - 1, 1)",
    "array_is_sorted(:up)",
    "array_contains(:x8, 1)",
    "array_position(:x8, 1)",
    "array_positions(:x1, 5)",
    "array_search(:edges, :x8)",
    "array_find(:x8, array_slice(:x8, -8, -1))",
    "array_find(:zeros, :pattern)",
    "array_find(:x8, array_tail(:x4, :N - 1))",
    "array_find(array_concat(array_tile(array_head(:cut, 4), 32000), :cut), :cut)",
    "array_find(:runs, array_slice(:runs, :N / 2, -1))",
    "array_unique(:x8)",
    "array_unique(:x1)",
    "array_unique(:set8)",
    "array_distinct(:x8)",
    "array_distinct(:places)",
    "array_distinct(array_mul(:places, 20))",
    "array_distinct(:x2)",
    "array_distinct(:adversary)",
    "array_union(:set, :set2)",
    "array_union(:x8, :x4, :x2)",
    "array_intersect(:set, :set2)",
    "array_except(:set, :set2)",
    "array_symdiff(:set, :set8)",
    "array_union_count(:set, :set2)",
    "array_intersect_count(:set, :set2)",
    "array_contains_all(:set, :set)",
    "array_contains_any(:up, array_add(:up, :N))",
    "array_jaccard(:set, :set2)",
    "array_match(:x4, '1 & (2 | !3)')",
    "array_match(:x4, :query)",
    "array_match(:set, :query)",
    "array_match('[0]', :terms)",
    "array_append(:x8, 1)",
    "array_prepend(:x8, 1)",
    "array_concat(:x8, :x4)",
    "array_insert(:x8, 3, 1)",
    "array_set_at(:x8, 3, 1)",
    "array_remove(:x1, 1, 2, 3)",
    "array_remove_at(:x8, 3)",
    "array_replace(:x1, 1, 300)",
    "array_resize(:x8, 2 * :N)",
    "array_rotate(:x8, 5)",
    "array_shift(:x8, 5)",
    "array_repeat('[1,2,300]', :N)",
    "array_repeat(:x8, 2)",
    "array_tile('[1,2,300]', :N)",
    "array_tile(:x8, 2)",
    "array_take(:x8, :places)",
    "array_take(:x8, :places, 'skip')",
    "array_put(:x8, :places, :x4)",
    "array_scatter_add(:N, :places, :x4)",
    "array_moving_sum(:x4, 1000)",
    "array_moving_sum(:x4, :N - 5)",
    "array_moving_min(:x8, 10)",
    "array_moving_max(:x8, 10000)",
    "array_convolve(:x2, '[1,2,3,4,5,6,7,8]')",
    "array_convolve(:x8, '[0]')",
    "SELECT array_agg(value) FROM array_each(array_head(:x8, :N / 8))",
    "SELECT array_unique_agg(value) FROM array_each(array_head(:x8, :N / 8))",
    "SELECT array_concat_agg(a) FROM (SELECT :x8 AS a UNION ALL SELECT :x8)",
    "SELECT array_concat_agg(a) FROM (SELECT :x1 AS a UNION ALL SELECT :x8)",
    "SELECT array_sum_agg(a) FROM (SELECT :x4 AS a UNION ALL SELECT :x2)",
    "SELECT array_sum_agg(a) FROM (SELECT :x8 AS a UNION ALL SELECT array_neg(:x8))",
    "SELECT array_sum_agg(array_div(:x8, iif(value % 2, 4, -4))) FROM array_each('[1,2,3,4,5]')",
    "SELECT array_min_agg(a) FROM (SELECT :x4 AS a UNION ALL SELECT :x2)",
    "SELECT array_min_agg(a) FROM (SELECT :x1 AS a UNION ALL SELECT :x8 UNION ALL SELECT :x4)",
    "SELECT array_min_agg(a) OVER (ROWS 2 PRECEDING) FROM (SELECT :x8 AS a UNION ALL SELECT :x4"
    " UNION ALL SELECT :x1 UNION ALL SELECT :up UNION ALL SELECT :x2 UNION ALL SELECT :down)",
    "SELECT array_min_agg(array_add(array_head(:up, 140000), value * 5000000000)) OVER"
    " (ROWS 5 PRECEDING) FROM array_each(array_series(1, 12))",
    "SELECT array_max_agg(a) OVER (ROWS 1 PRECEDING) FROM (SELECT :x8 AS a UNION ALL SELECT :x4)",
    "SELECT array_min_agg(array_add(array_head(:up, 60000), value * 5000000000)) OVER"
    " (ROWS 5 PRECEDING) FROM array_each(array_series(1, 8)) /* each */",
    "SELECT array_min_agg(array_add(array_head(:up, 60000), value)) OVER (ROWS 15 PRECEDING)"
    " FROM array_each(array_series(1, 20)) /* each */",
    "SELECT array_union_agg(a) FROM (SELECT :x8 AS a UNION ALL SELECT :x4)",
    "SELECT array_intersect_agg(a) FROM (SELECT :x4 AS a UNION ALL SELECT :x4)",
    "SELECT count(*) FROM array_each(:x8) WHERE value = 1",
    "SELECT count(*) FROM array_each(:x8) WHERE value BETWEEN 1 AND 2",
    "SELECT count(*) FROM array_zip(:x8, :x4) WHERE idx = 1",
    "SELECT count(*) FROM (SELECT * FROM array_counts(:x8) LIMIT 5)",
    "SELECT count(*) FROM array_counts(:zeros)",
    "SELECT count(*) FROM array_counts(array_concat(:zeros, :ones))",
    "SELECT count(*) FROM array_runs(:zeros)",
    "array_eval('a * 2 + b', :x4, :x2)",
    "array_eval('count(a * 2 + b > 5)', :packed, :x4)",
    "array_eval('filter(a, a > b)', :x8, :x4)",
    "array_eval('a IN b', :x4, :x2)",
    "array_eval('a', :packed)",
    "SELECT array_blob_slice('temp', 'stored', 'a', 1, 1)",
    "SELECT array_blob_slice('temp', 'stored', 'a', 2, 5)",
    "SELECT count(*) FROM array_runs(array_concat(:zeros, :ones))",
    "SELECT sum(array_length(value)) FROM array_windows(:x8, :N / 2, :N / 4)",
    "SELECT sum(array_length(value)) FROM array_chunks(:x8, :N - 5)",
    "SELECT sum(count) FROM array_bins(:x8, 1000)",
    "SELECT sum(count) FROM (SELECT * FROM array_bins(:x8, :N) LIMIT 5)",
};
enum { STATEMENTS = sizeof statements / sizeof *statements };

/* Arrays in a table, for functions that read them there */
static void store_arrays(sqlite3 *db) {
    unit_exec(db, "CREATE TEMP TABLE stored(a)");
    sqlite3_stmt *const insert = unit_prepare(db, "INSERT INTO stored VALUES (:x4), (:packed)");
    for (int i = 1; i <= sqlite3_bind_parameter_count(insert); i++)
        bind_argument(db, insert, i);
    if (sqlite3_step(insert) != SQLITE_DONE)
        unit_bail_out("stored: %s", sqlite3_errmsg(db));
    sqlite3_finalize(insert);
}

#endif
