/*
** Huge requests. A result that would be too large is SQLITE_TOOBIG, without work and without
** allocating memory. A request that only seems huge is answered. Every function that has a count,
** an index, a width or a text among its arguments is tested.
**
** few is an array of 1,000 elements, many one of 200,000, blank a text of 100,000 bytes; least
** and most are the smallest and the largest 64-bit integer.
*/
#include "unit_sql.h"
#include "unit_work.h"

enum { LENGTH = 1000000000 }; /* SQLITE_LIMIT_LENGTH, by default */

/*
** Expressions, and their results as text; "": over the limit. Others are errors, of which this is a
** part.
*/
static const struct {
    const char *sql, *expected;
} requests[] = {
    /* make and convert */
    {"array_fill(1000000000, 0)", ""},
    {"array_fill(999999993, 0)", ""},
    {"array_fill(124999999, most)", "-"},
    {"array_fill(125000000, most)", ""},
    {"array_fill(4294967295, 0)", ""},
    {"array_fill(4294967296, 0)", ""},
    {"array_fill(most, 1)", ""},
    {"array_fill(least, 1)", "!at least 0"},
    {"array_series(0, most)", ""},
    {"array_series(least, most)", ""},
    {"array_series(most, least, -1)", ""},
    {"array_series(least, most, 2)", ""},
    {"array_series(least, most, most)", "[-9223372036854775808,-1,9223372036854775806]"},
    {"array_series(most, least, least)", "[9223372036854775807,-1]"},
    {"array_series(most, most, most)", "[9223372036854775807]"},
    {"array_series(most, least, 1)", "[]"},
    {"array_random(1000000000, 0, 1)", ""},
    {"array_random(most, least, most)", ""},
    {"array_random(4294967296, 0, 0, 1)", ""},
    {"array_to_text(many, blank)", ""},
    {"array_to_text(few, blank || blank || blank || blank || blank || blank || blank || blank || "
     "blank || blank || blank)",
     ""},
    /* access */
    {"array_get(few, most)", NULL},
    {"array_get(few, least, 5)", "5"},
    {"array_slice(few, least, most)", "few"},
    {"array_slice(few, 1, most, most)", "[1]"},
    {"array_slice(few, most, least, least)", "[1000]"},
    {"array_slice(few, most, least, -1)", "array_reverse(few)"},
    {"array_head(few, most)", "few"},
    {"array_tail(few, most)", "few"},
    /* elementwise */
    {"array_pow('[1,-1,0]', most)", "[1,-1,0]"},
    {"array_pow('[2]', most)", "!overflow"},
    {"array_shl(few, most)", "array_fill(1000, 0)"},
    {"array_shl(few, least)", "array_fill(1000, 0)"},
    {"array_shr(array_neg(few), most)", "array_fill(1000, -1)"},
    {"array_clip(few, least, most)", "few"},
    {"array_between(few, least, most)", "array_fill(1000, 1)"},
    /* reduce */
    {"array_var(few, most)", NULL},
    {"array_var(few, least)", "!must be at least 0"},
    {"array_bincount('[1099511627776]')", ""},
    {"array_bincount(array_of(most))", ""},
    {"array_bincount('[1]', most)", ""},
    {"array_bincount('[1]', 1000000000)", ""},
    {"array_bincount('[1]', 4294967296)", ""},
    {"array_histogram(few, array_of(least, most))", "[1000]"},
    {"array_sparkline('[5]', most)", "\xe2\x96\x81"},
    {"length(array_sparkline(few, most))", "1000"},
    /* scan */
    {"array_diff(few, most)", "[]"},
    /* order and search */
    {"array_topk(few, most, 'asc')", "few"},
    {"array_topk(few, 4294967296)", "array_reverse(few)"},
    {"array_nth(few, most)", NULL},
    {"array_nth(few, least)", NULL},
    {"array_sample(few, most)", "!over the array's"},
    {"array_sample(few, 4294967297, 1)", "!over the array's"},
    {"array_position(few, 1, most)", NULL},
    {"array_position(few, 1, least)", NULL},
    {"array_search(few, array_of(least, most))", "[1,1001]"},
    {"array_match(few, replace(blank, ' ', '('))", "!query"},
    {"array_match(few, replace(blank, ' ', '!') || '1')", "1"},
    /* edit */
    {"array_insert(few, most, 1)", "!outside"},
    {"array_insert(few, least, 1)", "!outside"},
    {"array_set_at(few, least, 1)", "!outside"},
    {"array_remove_at(few, 2, most)", "[1]"},
    {"array_remove_at(few, least)", "!outside"},
    {"array_resize(few, 1000000000)", ""},
    {"array_resize(few, most)", ""},
    {"array_resize('[]', 4294967296, 7)", ""},
    {"array_rotate(few, least)", "array_rotate(few, -808)"},
    {"array_rotate(few, most)", "array_rotate(few, 807)"},
    {"array_rotate('[]', least)", "[]"},
    {"array_shift(few, most)", "array_fill(1000, 0)"},
    {"array_shift(few, least, 1)", "array_fill(1000, 1)"},
    {"array_repeat(few, most)", ""},
    {"array_repeat(few, 1000000)", ""},
    {"array_repeat('[]', most)", "[]"},
    {"array_repeat('[1]', 4294967296)", ""},
    {"array_tile(few, most)", ""},
    {"array_tile(few, 18446744073709552)", ""}, /* 1000 times it is over 2^64 */
    {"array_tile(few, 1000000)", ""},
    {"array_tile('[]', most)", "[]"},
    /* gather, scatter, moving windows */
    {"array_take(few, array_of(most))", "!outside"},
    {"array_take(few, array_of(least, 0, most), 'clip')", "[1,1,1000]"},
    {"array_take(few, array_of(least, 0, most), 'skip')", "[]"},
    {"array_put(few, array_of(least), 1)", "!outside"},
    {"array_scatter_add(1000000000, '[]', 1)", ""},
    {"array_scatter_add(most, '[1]', 1)", ""},
    {"array_scatter_add(4294967297, '[1]', 1)", ""},
    {"array_scatter_add(5, array_of(least), 1)", "!outside"},
    {"array_moving_sum(few, most)", "[]"},
    {"array_moving_min(few, most)", "[]"},
    {"array_moving_max(few, 4294967296)", "[]"},
    /* tables */
    {"(SELECT count(*) FROM array_each(few) WHERE idx BETWEEN least AND most)", "1000"},
    {"(SELECT count(*) FROM array_each(few) WHERE idx > most OR idx < least)", "0"},
    {"(SELECT count(*) FROM array_zip(few, few) WHERE idx >= most)", "0"},
    {"(SELECT count(*) FROM array_windows(few, most))", "0"},
    {"(SELECT count(*) FROM array_windows(few, 1, most))", "1"},
    {"(SELECT count(*) FROM array_windows(few, most, most))", "0"},
    {"(SELECT count(*) FROM array_windows(few, 2, 4294967296) WHERE idx <= most)", "1"},
    {"(SELECT count(*) FROM array_windows(few, 2, most) WHERE idx > 1)", "0"},
    {"(SELECT count(*) FROM array_chunks(few, most))", "1"},
    {"(SELECT count(*) FROM array_chunks(few, most) WHERE idx = most)", "0"},
    {"(SELECT count(*) FROM array_bins(few, most))", ""},
    {"(SELECT count(*) FROM array_bins(few, 4611686018427387904))", ""},
    {"(SELECT count(*) FROM array_bins(few, 125000001))", ""},
    {"(SELECT sum(count) FROM array_bins(array_of(least, 0, most), 1000))", "3"},
    {"array_limit('pool_bytes', most)", "9223372036854775807"},
    {"array_limit('result_bytes', most)", "9223372036854775807"},
};

/* With a result limit of 1,000,000 bytes: `many` as something larger */
static const char *const over_a_million[] = {
    "array_to_json(many)",
    "array_to_text(many)",
    "array_to_blob(many, 'int64')",
    "array_to_npy(many)",
    "array_key(many)",
    "array_concat(many, many)",
    "array_append(array_resize(many, 249998), 1)",
    "array_repeat(many, 2)",
    "array_tile(many, 2)",
    "array_convolve(many, many)",
    "array_resize(many, 300000)",
    "array_scatter_add(1000000, '[1]', 1)",
    "array_bincount('[1]', 1000000)",
    "array_cumsum(many)",
    "array_mul(many, 100000)",
    "array_union(many, array_add(many, 200000))",
    "array_put(many, '[1]', 9223372036854775807)",
    "array_moving_sum(array_mul(many, 10000), 1000)",
    "(SELECT array_concat_agg(a) FROM (SELECT many AS a UNION ALL SELECT many))",
    "(SELECT array_agg(value + 10000000000) FROM array_each(many))",
    "(SELECT array_sum_agg(a) FROM (SELECT many AS a UNION ALL SELECT array_mul(many, 100000)))",
    "(SELECT array_union_agg(a) FROM (SELECT many AS a UNION ALL SELECT array_add(many, 200000)))",
    "(SELECT count(*) FROM array_bins(many, 125001))",
};

/* What was needed for the last value */
static struct {
    uint64_t work; /* basic blocks */
    int largest;   /* request of memory, bytes */
} cost;

/* Gives a statement with that expression, in which the letters are parameters. */
static sqlite3_stmt *prepare(sqlite3 *db, const char *expression) {
    char *const sql =
        sqlite3_mprintf("SELECT %s FROM (SELECT :few AS few, :many AS many, :blank AS blank,"
                        " 9223372036854775807 AS most, -9223372036854775807 - 1 AS least)",
                        expression);
    sqlite3_stmt *const statement = unit_prepare(db, sql);
    sqlite3_free(sql);
    for (int i = 1; i <= 3; i++) {
        static const char *const makers[] = {"SELECT array_series(1, 1000)",
                                             "SELECT array_series(1, 200000)",
                                             "SELECT printf('%100000s', '')"};
        sqlite3_stmt *const make = unit_prepare(db, makers[i - 1]);
        sqlite3_step(make);
        sqlite3_bind_value(statement, i, sqlite3_column_value(make, 0));
        sqlite3_finalize(make);
    }
    return statement;
}

/*
** The value of an expression as text, arrays as JSON; NULL: it is NULL, or *rc an error, whose text
** is in the db.
*/
static char *value_of(sqlite3 *db, const char *expression, int *rc) {
    sqlite3_stmt *const statement = prepare(db, expression);
    char *text = NULL;
    unit_memory.largest = 0;
    const uint64_t start = unit_work;
    *rc = sqlite3_step(statement);
    cost.work = unit_work - start;
    cost.largest = unit_memory.largest;
    sqlite_array_view view;
    if (*rc == SQLITE_ROW && sqlite_array_column(statement, 0, &view) == SQLITE_OK) {
        sqlite3_stmt *const json = unit_prepare(db, "SELECT array_to_json(?1)");
        sqlite3_bind_value(json, 1, sqlite3_column_value(statement, 0));
        sqlite3_step(json);
        text = sqlite3_mprintf("%s", sqlite3_column_text(json, 0));
        sqlite3_finalize(json);
    } else if (*rc == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
        text = sqlite3_mprintf("%s", sqlite3_column_text(statement, 0));
    }
    const int finalized = sqlite3_finalize(statement);
    if (*rc != SQLITE_ROW)
        *rc = finalized;
    return text;
}

enum { MOST_WORK = 10000000, MOST_BYTES = 10000000 };

/* With no more work and memory than a few times what the arguments take */
static bool was_cheap(void) {
    if (cost.work < MOST_WORK && cost.largest < MOST_BYTES)
        return true;
    printf("# %" PRIu64 " basic blocks, %d bytes\n", cost.work, cost.largest);
    return false;
}

static void test_refused(sqlite3 *db, const char *sql) {
    int rc;
    char *const text = value_of(db, sql, &rc);
    const bool cheap = was_cheap();
    ok(rc == SQLITE_TOOBIG && text == NULL && cheap &&
           strstr(sqlite3_errmsg(db), "over the limit") != NULL,
       "refused: %s", sql);
    sqlite3_free(text);
}

static void test_answered(sqlite3 *db, const char *sql, const char *expected) {
    int rc;
    char *const text = value_of(db, sql, &rc);
    const bool cheap = was_cheap();
    if (expected != NULL && *expected == '!') {
        ok(rc == SQLITE_ERROR && cheap && strstr(sqlite3_errmsg(db), expected + 1) != NULL,
           "an error: %s", sql);
    } else if (expected == NULL) {
        ok(rc == SQLITE_ROW && cheap && text == NULL, "NULL: %s", sql);
    } else {
        const bool is_literal = strchr("[0123456789\xe2", *expected) != NULL;
        int unused;
        char *const other =
            is_literal ? sqlite3_mprintf("%s", expected) : value_of(db, expected, &unused);
        ok(rc == SQLITE_ROW && cheap, "answered: %s", sql);
        eq_text(text != NULL ? text : "NULL", other, "with %s", expected);
        sqlite3_free(other);
    }
    sqlite3_free(text);
}

/* Within the limit, but more than there is memory for under this heap limit */
static void test_memory(sqlite3 *db, const char *sql) {
    int rc;
    sqlite3_hard_heap_limit64(500000000);
    char *const text = value_of(db, sql, &rc);
    sqlite3_hard_heap_limit64(0);
    ok((rc == SQLITE_NOMEM || rc == SQLITE_TOOBIG) && text == NULL && cost.work < MOST_WORK,
       "no memory: %s", sql);
    sqlite3_free(text);
}

int main(void) {
    unit_memory_install();
    sqlite3 *const db = unit_open(":memory:");
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        const char *const expected = requests[i].expected;
        if (expected != NULL && *expected == 0)
            test_refused(db, requests[i].sql);
        else if (expected != NULL && *expected == '-')
            test_memory(db, requests[i].sql);
        else
            test_answered(db, requests[i].sql, expected);
    }
    unit_exec(db, "SELECT array_limit('result_bytes', 1000000)");
    for (size_t i = 0; i < sizeof over_a_million / sizeof *over_a_million; i++)
        test_refused(db, over_a_million[i]);
    sqlite3_close(db);
    return done();
}
