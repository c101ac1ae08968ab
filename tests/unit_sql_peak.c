/*
** How much memory a statement needs: its arguments, its result, and beside these at most one
** scratch, which is as large as the arguments or the result, and 64 KiB. Statements that need more
** are listed below, with the reason. Memory that the pool keeps between statements is not counted;
** pool_bytes limits it.
*/
#include "unit_long_statements.h"

enum { MOST_BESIDE = 64 * 1024 };

/*
** What needs more than one scratch: how many, in quarters. The first entry that a statement
** contains is valid.
*/
static const struct {
    const char *part;
    int quarters;
    const char *why;
} exceptions[] = {
    {"array_match('[0]', :terms)", 16, "a query becomes a program of 17 bytes a number"},
    {"array_match(", 8, "a query becomes a program"},
    {"array_pow(:bits", 28, "computed in the width of the exponent, 8 bytes"},
    {"array_eval('a IN b'", 11, "the set becomes one of 8 bytes an element"},
    {"array_mode(", 8, "a sorted copy and the scratch of the sort"},
    {"array_distinct_count(", 8, "a sorted copy and the scratch of the sort"},
    {"array_unique(:x1)", 8, "the result is sorted with all its duplicates"},
    {"array_distinct(:adversary)", 8, "a sorted copy after a hash table"},
    {"array_distinct(", 5, "a hash table"},
    {"array_union(:x8, :x4, :x2)", 6, "the union of two before that of three"},
    {"array_sort(:packed)", 6, "elements of 2 bytes, packed in 12 bits"},
    {"array_moving_", 5, "prefixes of windows"},
    {"array_sum_agg(", 20, "sums of 24 bytes for each element of a row"},
    {"array_union_agg(", 20, "each element has 16 bytes; the set is doubled and merged"},
    {"array_unique_agg(", 20, "each element has 16 bytes; the set is doubled and merged"},
    {"array_intersect_agg(", 72, "each element has 16 bytes; the set is doubled and merged"},
    {"OVER", 24, "the rows of the frame"},
    {"_agg(", 20, "the state of the aggregate"},
    {"array_counts(", 12, "a copy of the argument, another that is sorted, and the sort's scratch"},
    {"FROM array_windows(", 8, "a copy of the argument, and two values of half of it"},
    {"FROM array_chunks(", 8, "a copy of the argument, and a value of all of it"},
    {"array_bins(:x8, :N)", 8, "a copy of the argument, and as many counts"},
};

static int64_t result_bytes;

static int64_t size_of(int type, int bytes) {
    return type == SQLITE_BLOB || type == SQLITE_TEXT ? bytes : 0;
}

/* size(x): the bytes of x */
static void size_function(sqlite3_context *context, int argc, sqlite3_value **argv) {
    (void)argc;
    result_bytes = size_of(sqlite3_value_type(argv[0]), sqlite3_value_bytes(argv[0]));
    sqlite3_result_int64(context, result_bytes);
}

/* Runs a statement, and sets result_bytes to the size of its largest result. */
static void run_rows(sqlite3_stmt *statement, const char *text, bool whole) {
    int rc;
    result_bytes = 0;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        const int64_t size =
            size_of(sqlite3_column_type(statement, 0), sqlite3_column_bytes(statement, 0));
        if (whole && size > result_bytes)
            result_bytes = size;
    }
    if (rc != SQLITE_DONE)
        unit_bail_out("%s: %d", text, rc);
}

/* Does the statement call one function only, so that it has no result in between? */
static bool is_one_call(const char *text) {
    const char *const call = strstr(text, "array_"), *const next = strstr(call + 1, "array_");
    return next == NULL || strstr(text, "_agg(value) FROM array_each(") != NULL;
}

static int quarters_allowed(const char *text) {
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        if (strstr(text, exceptions[i].part) != NULL)
            return exceptions[i].quarters;
    }
    return 4;
}

static void test_statement(sqlite3 *db, const char *text) {
    const bool whole = strncmp(text, "SELECT ", 7) == 0;
    char *const sql = sqlite3_mprintf(whole ? "%s" : "SELECT size(%s)", text);
    sqlite3_stmt *const statement = unit_prepare(db, sql);
    int64_t input = 0;
    sqlite3_free(sql);
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++)
        input += bind_argument(db, statement, i);
    const int64_t before = sqlite3_memory_used();
    sqlite3_memory_highwater(1);
    run_rows(statement, text, whole);
    const int64_t beside = sqlite3_memory_highwater(0) - before - result_bytes;
    const int64_t scratch = input > result_bytes ? input : result_bytes;
    ok(beside <= scratch * quarters_allowed(text) / 4 + MOST_BESIDE,
       "%.2f of %" PRId64 " bytes beside arguments and result: %s",
       (double)beside / (double)(scratch > 0 ? scratch : 1), scratch, text);
    sqlite3_finalize(statement);
}

int main(void) {
    const char *const chosen = getenv("SQA_ELEMENTS");
    elements = chosen != NULL ? (size_t)strtoull(chosen, NULL, 10) : 200000;
    sqlite3 *const db = unit_open(":memory:");
    sqlite3_create_function(db, "size", 1, SQLITE_UTF8, NULL, size_function, NULL, NULL);
    /* SQLite computes what is constant once, ahead, and then copies it. */
    sqlite3_test_control(SQLITE_TESTCTRL_OPTIMIZATIONS, db, 0x0008);
    unit_exec(db, "SELECT array_limit('pool_bytes', 0)");
    store_arrays(db);
    for (size_t i = 0; i < STATEMENTS; i++) {
        if (is_one_call(statements[i]))
            test_statement(db, statements[i]);
    }
    free_arguments();
    eq_int(sqlite3_close(db), SQLITE_OK, "close");
    return done();
}
