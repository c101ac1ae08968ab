/*
** Out of memory, tested as SQLite tests itself: the N-th allocation fails, or the N-th and all
** later ones, for N = 1, 2, 3 and so on until the statement succeeds. It must give the usual
** result or SQLITE_NOMEM, the extension must not keep any memory, the connection must still be
** usable, and after it is closed no allocation may be left.
**
** The statements are: for every function of the manual its example, and calls with small, pooled
** and large arrays, as blobs and as text, in UTF-8 and UTF-16 databases; for a table its plans;
** for an aggregate its frames. The first allocations of a statement are all tested, later ones at
** growing distances. $TEST_THOROUGH tests many more of them, and $OOM_DEEP tests all, which takes
** minutes.
*/
#define _POSIX_C_SOURCE 200809L /* strdup */
#include <limits.h>

#include "unit_answer.h"
#include "unit_calls.h"

enum { SMALL = 10, POOLED = 10000, LARGE = 400000 }; /* elements, of 6 bytes and so stored in 8 */

/*
** How memory gets short: the N-th allocation is refused, once or with all that follow; or a heap
** limit is N steps off.
*/
enum way { ONCE, FOR_GOOD, HARD_LIMIT, SOFT_LIMIT, WAYS };
static const char *const way_names[WAYS] = {"allocation", "allocations from", "hard limit",
                                            "soft limit"};

static bool deep;
static long
    /* after so many allocations each second one is tried, after twice as many each third one */
    sparse;
static long statements;
static long points;   /* how often an allocation was refused */
static long answered; /* how often the statement gave its answer in spite of that */

/* Prepares a statement and runs it. */
static void prepare_and_run(sqlite3 *db, const char *sql, const struct unit_values *values,
                            struct unit_answer *a) {
    sqlite3_stmt *s = NULL;
    a->rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    if (a->rc == SQLITE_OK) {
        unit_bind(s, values);
        unit_answer_run(a, s, LONG_MAX);
    }
    sqlite3_finalize(s);
}

/* A connection under test, and its statements that look whether all is well */
struct subject {
    sqlite3 *db;
    sqlite3_stmt *check, *trim;
    long before; /* allocations that were live before it was opened */
    long wrong;
    long statements, points;
};

static void open_subject(struct subject *x, const char *encoding) {
    char sql[60];
    *x = (struct subject){.before = unit_memory.live};
    x->db = unit_open(":memory:");
    snprintf(sql, sizeof sql, "PRAGMA encoding = '%s'", encoding);
    unit_exec(x->db, sql);
    unit_make_stored(x->db);
    x->check = unit_prepare(x->db, "SELECT value + array_sum('[1,2,3]') FROM array_memory"
                                   " WHERE name = 'live_bytes'");
    x->trim = unit_prepare(x->db, "SELECT array_pool_trim()");
}

static void close_subject(struct subject *x, const char *name) {
    sqlite3_finalize(x->check);
    sqlite3_finalize(x->trim);
    const int rc = sqlite3_close(x->db);
    ok(x->wrong == 0 && rc == SQLITE_OK && unit_memory.live == x->before && x->statements > 0,
       "%s: %ld statements, %ld points, %ld left", name, x->statements, x->points,
       unit_memory.live - x->before);
    statements += x->statements;
    points += x->points;
}

static void complain(struct subject *x, const char *sql, const char *what, enum way way, long n) {
    printf("# %s: %s, %s %ld\n", sql, what, way_names[way], n);
    x->wrong++;
}

/* Nothing of the extension is live, and the connection answers. */
static void check_after(struct subject *x, const char *sql, enum way way, long n) {
    const bool well =
        sqlite3_step(x->check) == SQLITE_ROW && sqlite3_column_int64(x->check, 0) == 6;
    if (!well)
        complain(x, sql, "not well after", way, n);
    sqlite3_reset(x->check);
    sqlite3_step(x->trim); /* so that everything is allocated again */
    sqlite3_reset(x->trim);
}

static void begin_shortage(enum way way, long n) {
    if (way == HARD_LIMIT)
        sqlite3_hard_heap_limit64(sqlite3_memory_used() + (n > 12 ? 1LL << 40 : 1 << (2 * n + 6)));
    else if (way == SOFT_LIMIT)
        sqlite3_soft_heap_limit64(1);
    else
        unit_memory_fail(n, way == FOR_GOOD);
}

/* Was anything refused? */
static bool end_shortage(enum way way, int rc) {
    const bool refused = way == HARD_LIMIT ? rc == SQLITE_NOMEM : unit_memory.refused > 0;
    unit_memory_fail(0, false);
    sqlite3_hard_heap_limit64(0);
    sqlite3_soft_heap_limit64(0);
    return refused;
}

/*
** One statement with each of its allocations failing in turn; those made while it is prepared only
** where it is prepared anew. False if it has no answer but an error.
*/
static bool fail_each(struct subject *x, const char *sql, const struct unit_values *values,
                      bool prepare) {
    static struct unit_answer expected, again, got;
    sqlite3_stmt *s = unit_prepare(x->db, sql);
    if (!unit_bind(s, values))
        complain(x, sql, "a parameter is not known", ONCE, 0);
    unit_answer_run(&expected, s, LONG_MAX);
    unit_answer_run(&again, s, LONG_MAX);
    /* what is random or counts memory changes */
    const bool compare = unit_answer_same(&expected, &again) && strstr(sql, "array_memory") == NULL;
    check_after(x, sql, ONCE, 0);
    x->statements++;
    for (enum way way = ONCE; way < WAYS; way++) {
        bool refused = true;
        for (long n = 1; refused; n += deep || way >= HARD_LIMIT ? 1 : 1 + n / sparse) {
            begin_shortage(way, n);
            if (prepare)
                prepare_and_run(x->db, sql, values, &got);
            else
                unit_answer_run(&got, s, LONG_MAX);
            refused = end_shortage(way, got.rc);
            x->points += refused;
            answered += refused && got.rc == expected.rc;
            if ((got.rc != SQLITE_NOMEM || !refused) &&
                (got.rc != expected.rc || (compare && !unit_answer_same(&got, &expected))))
                complain(x, sql, "another answer", way, n);
            check_after(x, sql, way, n);
        }
    }
    unit_answer_run(&got, s, LONG_MAX);
    if (got.rc != expected.rc || (compare && !unit_answer_same(&got, &expected)))
        complain(x, sql, "another answer afterwards", ONCE, 0);
    sqlite3_finalize(s);
    return expected.rc == SQLITE_DONE;
}

/* The values of one size, of either flavour */
struct size {
    size_t elements;
    bool text;
    struct unit_values varied, tame;
};

/*
** A statement with varied elements; with tame ones where those are an error, such as an overflow.
*/
static void fail_sized(struct subject *x, const char *sql, const struct size *size, bool prepare) {
    if (!fail_each(x, sql, &size->varied, prepare))
        fail_each(x, sql, &size->tame, prepare);
}

/*
** A table: all columns, hidden ones too; where arrays are small each of the others as a plan may
** use it, too.
*/
static void fail_table(struct subject *x, const struct unit_function *f, int arguments, int choice,
                       const struct size *size) {
    char call[300], columns[400] = "", sql[900];
    unit_call(f, arguments, choice, 0, NULL, call, sizeof call);
    if (f->most == 0)
        snprintf(call, sizeof call, "%s", f->name);
    sqlite3_stmt *s = unit_prepare(x->db, "SELECT name, hidden FROM pragma_table_xinfo(?)");
    sqlite3_bind_text(s, 1, f->name, -1, SQLITE_STATIC);
    while (sqlite3_step(s) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(s, 0);
        const size_t used = strlen(columns);
        snprintf(columns + used, sizeof columns - used, ", %s", name);
        if (sqlite3_column_int(s, 1) == 0 && size->elements == SMALL) {
            snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s >= 2 ORDER BY %s DESC LIMIT 4",
                     call, name, name);
            fail_sized(x, sql, size, true);
        }
    }
    sqlite3_finalize(s);
    snprintf(sql, sizeof sql, "SELECT 0%s FROM %s LIMIT 4", columns, call);
    fail_sized(x, sql, size, true);
    if (f->most == 0)
        return;
    /* an xFilter for each row: what the cursor keeps of one serves the next */
    unit_call(f, arguments, choice, 1, "iif(e.value = 1, :A, :B)", call, sizeof call);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM array_each('[1,1,2]') AS e JOIN %s", call);
    fail_sized(x, sql, size, true);
}

static const struct frame {
    const char *definition;
    bool peers; /* the same for all rows of a group, so that it may be large */
} frames[] = {
    {"", true},
    {"ORDER BY k ROWS 1 PRECEDING", false},
    {"ORDER BY k ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", false},
    {"ORDER BY k ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING", false},
    {"ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW", false},
    {"PARTITION BY k % 2 ORDER BY k ROWS 1 PRECEDING", false},
    {"ORDER BY k / 2 RANGE BETWEEN 1 PRECEDING AND CURRENT ROW", true},
    {"ORDER BY k / 2 RANGE BETWEEN CURRENT ROW AND 1 FOLLOWING", true},
    {"ORDER BY k / 2 GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES", false},
    {"ORDER BY k / 2 GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP", false},
    {"ORDER BY k / 2 GROUPS 1 PRECEDING", true},
};

/* An aggregate of all rows, by groups, and over each kind of frame. */
static void fail_aggregate(struct subject *x, const struct unit_function *f,
                           const struct size *size) {
    const bool integers = f->parameters[0][0] == 'v';
    char rows[200], sql[600];
    if (integers)
        snprintf(rows, sizeof rows, "(SELECT idx * 6 / %zu AS k, value AS a FROM array_each(:A))",
                 size->elements);
    else
        snprintf(rows, sizeof rows,
                 "(SELECT column1 AS k, column2 AS a FROM (VALUES (1, :A),"
                 " (2, :B), (3, NULL), (3, :C), (4, :D), (5, :A)))");
    snprintf(sql, sizeof sql, "SELECT %s(a) FROM %s", f->name, rows);
    fail_sized(x, sql, size, false);
    if (size->elements == LARGE && !deep)
        return;
    snprintf(sql, sizeof sql, "SELECT k / 2, %s(a) FROM %s GROUP BY 1", f->name, rows);
    fail_sized(x, sql, size, false);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        if (integers && size->elements > SMALL && (size->elements == LARGE || !frames[i].peers))
            continue; /* as many rows as elements */
        if (size->elements > SMALL && size->text && !deep)
            continue;
        /* rows that are skipped step, leave and have values, but cost nothing more */
        snprintf(sql, sizeof sql, "SELECT %s(a) OVER (%s) FROM %s LIMIT 8 OFFSET %zu", f->name,
                 frames[i].definition, rows, integers ? size->elements * 2 / 3 : 0);
        fail_sized(x, sql, size, false);
    }
}

/* All calls of a function with arrays of one size */
static void fail_calls(struct subject *x, const struct unit_function *f, const struct size *size) {
    const bool table = strcmp(f->kind, "table") == 0;
    char call[300], sql[310];
    if (strcmp(f->kind, "aggregate") == 0) {
        fail_aggregate(x, f, size);
        return;
    }
    if (f->most == 0 && (size->elements != SMALL || size->text))
        return;
    for (int arguments = f->least; arguments <= f->most; arguments++) {
        for (int choice = 0; unit_call(f, arguments, choice, 0, NULL, call, sizeof call);
             choice++) {
            snprintf(sql, sizeof sql, "SELECT %s", call);
            if (table)
                fail_table(x, f, arguments, choice, size);
            else if (strcmp(f->kind, "scalar") == 0)
                fail_sized(x, sql, size, size->elements == SMALL && deep);
        }
    }
}

/* Loading the library itself */
static void fail_loading(void) {
    long loaded = 0, refused = 0;
    const long before = unit_memory.live;
    for (long n = 1; loaded == 0; n++) {
        sqlite3 *db;
        char *message;
        sqlite3_open(":memory:", &db);
        unit_memory_fail(n, false);
        const int rc = unit_load(db, &message);
        if (unit_memory.refused == 0)
            loaded++;
        else
            refused += rc != SQLITE_OK;
        unit_memory_fail(0, false);
        sqlite3_free(message);
        sqlite3_close(db);
    }
    points += refused;
    ok(loaded == 1 && refused > 0 && unit_memory.live == before,
       "loading fails %ld times, then loads; %ld left", refused, unit_memory.live - before);
}

#define ADVERSARY "SELECT array_length(array_distinct(a)) FROM adversary"

/* Statements in which one result is the next function's argument, or comes from a row */
static const char *const others[] = {
    "SELECT array_sum(array_mul(array_add(array_series(1, 50000), 1), 200000))",
    "SELECT array_sum(array_filter(a, array_gt(a, 100))) FROM (SELECT array_series(1, 50000) AS a)",
    "SELECT array_length(array_parse(array_to_json(array_series(1, 50000))))",
    "SELECT array_length(array_agg(value)) FROM array_each(array_series(1, 50000))",
    ("SELECT sum(array_sum(a)) FROM (SELECT array_agg(value) OVER (ROWS 2000 PRECEDING) AS a"
     " FROM array_each(array_series(1, 4000, 2)))"),
    "SELECT sum(array_get('[1,2,3]', value)) FROM array_each('[1,2,3]')",
    "SELECT array_length(array_add(array_fill(20000, 100), 100))",
    "SELECT array_length(array_moving_max(array_series(1, 50000), 20000))",
    "SELECT array_find(array_series(1, 50000), array_series(200, 2000))",
    "SELECT array_length(array_union('[1]', '[2]', '[3]', '[4]', '[5]', '[6]', '[7]', '[8]', "
    "'[9]'))",
    "SELECT array_length(array_distinct(array_mul(array_series(1, 50000), 30)))",
    ADVERSARY,
    "SELECT array_length(array_max_agg(array_mul(array_series(1, 20000),"
    " iif(value < 7, 5000000000, 1))) OVER (ROWS 11 PRECEDING))"
    " FROM array_each(array_series(1, 25))",
    "SELECT array_length(array_scatter_add(30000, array_fill(100, 1), 100))",
    /* sums that need more than 64 bits while they are formed */
    "SELECT array_length(array_sum_agg(array_add(a, k))) FROM huge",
    "SELECT array_length(array_sum_agg(array_sub(a, k)) OVER (ROWS 1 PRECEDING)) FROM huge",
    "SELECT array_length(array_sum_agg(array_neg(array_add(a, k)))) FROM huge",
    "SELECT array_length(array_sum_agg(array_div(a, 2 + k))) FROM huge",
    /* SQLite makes the bytes of a zeroblob when they are asked for */
    "SELECT array_valid(zeroblob(100000)), array_sum(zeroblob(100))",
    "SELECT array_from_blob(zeroblob(800000), 'int64')",
    "SELECT array_from_npy(zeroblob(100000))",
    "SELECT array_sort(array_pack(array_series(1, 20000))), "
    "array_unpack(array_pack(array_fill(40000, 1)))",
    "SELECT value FROM array_each(array_pack(array_series(1, 20000))) WHERE idx = 7",
    "SELECT array_from_roaring(array_to_roaring(array_random(20000, 0, 1000000, 1)))",
    "SELECT array_add(zeroblob(100000), 1)",
    "SELECT array_eval('(a * 3 - b) * 100000 / 7', a, array_pack(a)) FROM (SELECT "
    "array_series(1, 20000) AS a)",
    "SELECT array_eval('count(a IN b OR a IN (3, 5, c))', a, array_reverse(a), 9) FROM (SELECT "
    "array_series(1, 20000) AS a)",
    "SELECT array_eval('filter(a * 1000000, a % 3)', a) FROM (SELECT array_series(1, 20000) AS a)",
    "SELECT array_eval('a + b / a', '[1,0,2]', 3)",
    /* a blob that stays open for the next row; values that are no array */
    "SELECT sum(array_blob_get('temp', 'stored', 'a', 1, value)) FROM array_each('[1,2,-1]')",
    "SELECT array_blob_get('temp', 'kept', 'a', value, 1999) FROM array_each('[1,2,1]')",
    "SELECT array_blob_slice('temp', 'kept', 'a', 1, 900, 2900)",
    "SELECT array_blob_get('temp', 'kept', 'a', 2, 1)",
    "SELECT array_blob_get('temp', 'kept', 'a', 3, 1)",
    "SELECT array_blob_set('temp', 'kept', 'a', 4, 1, 7)",
    "SELECT * FROM array_each(zeroblob(100000))",
    "SELECT array_length(array_concat_agg(zeroblob(value))) FROM array_each('[8,100000]')",
};

/* Elements of one hash; and rows of opposite signs, whose sums overflow */
static const char tables[] =
    "CREATE TEMP TABLE kept(a);"
    "INSERT INTO kept VALUES (array_pack(array_random(3000, 1, 900, 1))), (NULL), ('[1]'), ('[2]');"
    "CREATE TEMP TRIGGER kept_changed AFTER UPDATE ON kept BEGIN SELECT 1; END;"
    "CREATE TABLE adversary AS SELECT " SQA_UNIT_ADVERSARY " AS a;"
    "CREATE TABLE huge AS SELECT value % 2 AS k, array_fill(5000, iif(value % 4 < 2, 1, -1) *"
    " 9223372036854775806) AS a FROM array_each(array_series(0, 7));";

/* A result that is within a limit where the room for it is not */
static const char in_limit[] = "SELECT array_length(array_union(a, array_reverse(a))) FROM (SELECT "
                               "array_series(1, 60000) AS a)";

/* One within a limit that an argument in wider elements than it needs seems to exceed */
static const char narrowed[] =
    "SELECT array_length(array_reverse(a)) FROM (SELECT CAST(x'A1410008' || x'60EA0000' ||"
    " zeroblob(8 * 60000) AS BLOB) AS a)";

int main(void) {
    static struct unit_function functions[UNIT_FUNCTIONS];
    static const struct unit_values none = {.count = 0};
    static char pages[4500 * 6000];
    static struct size sizes[] = {{SMALL, false, {.count = 0}, {.count = 0}},
                                  {SMALL, true, {.count = 0}, {.count = 0}},
                                  {POOLED, false, {.count = 0}, {.count = 0}},
                                  {POOLED, true, {.count = 0}, {.count = 0}},
                                  {LARGE, false, {.count = 0}, {.count = 0}}};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    struct subject x;
    deep = getenv("OOM_DEEP") != NULL;
    sparse = unit_thorough() ? 16 : 2;
    /*
    ** SQLite's pages, of which there may be thousands, come from here: it is not they who are to
    ** fail.
    */
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, pages, 4500, (int)(sizeof pages / 4500));
    unit_memory_install();
    fail_loading();

    sqlite3 *db = unit_open(":memory:");
    const size_t count = unit_functions(db, functions);
    sqlite3_close(db);
    ok(count > 100, "%zu functions", count);
    const size_t sizes_tried =
        deep || unit_thorough() ? SIZES : SIZES - 1; /* without the large ones */
    for (size_t i = 0; i < SIZES; i++) {
        unit_values_make(&sizes[i].varied, sizes[i].elements, UNIT_VARIED, sizes[i].text);
        unit_values_make(&sizes[i].tame, sizes[i].elements, UNIT_TAME, sizes[i].text);
    }
    for (size_t i = 0; i < count; i++) {
        open_subject(&x, "UTF-8");
        fail_each(&x, functions[i].example, &none, true);
        for (size_t at = 0; at < sizes_tried; at++)
            fail_calls(&x, &functions[i], &sizes[at]);
        close_subject(&x, functions[i].name);
    }
    /*
    ** Nothing is kept in the pool, so that memory is free when it is given back: sanitizers see it
    ** being used.
    */
    open_subject(&x, "UTF-16");
    unit_integer(x.db, "SELECT array_limit('pool_bytes', 0)");
    for (size_t i = 0; i < count; i++) {
        if (strstr(functions[i].name, "_limit") != NULL)
            continue;
        fail_each(&x, functions[i].example, &none, true);
        for (size_t at = 0; at < SIZES; at++) {
            if (sizes[at].elements <= (deep || unit_thorough() ? POOLED : SMALL))
                fail_calls(&x, &functions[i], &sizes[at]);
        }
    }
    close_subject(&x, "in UTF-16, without a pool");
    open_subject(&x, "UTF-8");
    unit_exec(x.db, tables);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        fail_each(&x, others[i], &none, true);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        fail_each(&x, others[i], &none, false); /* so many fewer that each is tried */
    unit_integer(x.db, "SELECT array_limit('result_bytes', 400000)");
    fail_each(&x, in_limit, &none, false);
    ok(fail_each(&x, narrowed, &none, false), "narrowed to fit");
    unit_integer(x.db, "SELECT array_limit('pool_bytes', 0)");
    fail_each(&x, narrowed, &none, false);
    fail_each(&x, ADVERSARY, &none, false);
    close_subject(&x, "others");

    for (size_t i = 0; i < SIZES; i++) {
        unit_values_free(&sizes[i].varied);
        unit_values_free(&sizes[i].tame);
    }
    printf("# %ld statements, %ld failure points, %ld of them with an answer all the same\n",
           statements, points, answered);
    return done();
}
