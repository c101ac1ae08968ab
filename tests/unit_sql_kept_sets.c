/*
** Sets that functions make of their arguments. SQLite keeps that of a constant for the next row
** (functions/set_operand.c). It may be used for no other argument than the one it was made of: not
** for another constant in its place, and a text that SQLite keeps as the parsed array is no set.
** The limit of results may not depend on it either: a function whose result seems to be too large
** runs once more with arguments that are narrowed.
**
** The table rows has two arrays in each row, which are not sorted and have more elements than those
** sets have that are made for each row: `a`, another one in each row, and `c`, the same one in all
** rows. What a function gives for a constant must be what it gives for this column.
*/
#include "unit_sql.h"

enum { ROWS = 200, LENGTH = 300, HEADER = 8 };

static const char *const calls[] = {
    "array_isin(a, %s)",
    "array_union(a, %s)",
    "array_union(%s, a)",
    "array_intersect(a, %s)",
    "array_intersect(%s, a)",
    "array_except(a, %s)",
    "array_except(%s, a)",
    "array_symdiff(a, %s)",
    "array_union(a, %s, %s)",
    "array_union_count(a, %s)",
    "array_contains_all(%s, a)",
    "array_contains_any(a, %s)",
    "array_intersect_count(%s, a)",
    "array_jaccard(a, %s)",
    "array_contains_all(a, %s)",
};
enum { CALLS = sizeof calls / sizeof *calls };

static sqlite3 *db;

/* The elements of a constant, in no order, each twice; those of another seed are others. */
static void fill(int64_t *x, int seed) {
    for (int i = 0; i < LENGTH; i++)
        x[i] = (i * 7919 + seed * 104729) % 1009 % (LENGTH / 2) + 10 * seed;
}

/* The array as `form` says: canonical, 8 bytes an element where 2 would do, or JSON. */
enum form { CANONICAL, WIDE, JSON, FORMS };
static const char *const form_names[FORMS] = {"canonical", "wide", "JSON"};

static void bind_constant(sqlite3_stmt *statement, int parameter, int seed, enum form form) {
    int64_t x[LENGTH];
    char bytes[HEADER + LENGTH * 8] = {0};
    fill(x, seed);
    size_t size = (size_t)sqlite_array_encode(bytes, x, LENGTH);
    if (form == JSON) {
        size = 0;
        for (int i = 0; i < LENGTH; i++)
            size += (size_t)snprintf(bytes + size, sizeof bytes - size, "%c%" PRId64,
                                     i > 0 ? ',' : '[', x[i]);
        bytes[size++] = ']';
        sqlite3_bind_text(statement, parameter, bytes, (int)size, SQLITE_TRANSIENT);
        return;
    }
    if (form == WIDE) {
        bytes[3] = 8;
        memcpy(bytes + HEADER, x, sizeof x);
        size = sizeof bytes;
    }
    sqlite3_bind_blob(statement, parameter, bytes, (int)size, SQLITE_TRANSIENT);
}

static void make_rows(void) {
    unit_exec(db, "CREATE TABLE rows(id INTEGER PRIMARY KEY, a, c)");
    sqlite3_stmt *const insert = unit_prepare(db, "INSERT INTO rows(a) VALUES (?1)");
    for (int i = 0; i < ROWS; i++) {
        bind_constant(insert, 1, i, CANONICAL);
        sqlite3_step(insert);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
}

/* Sets the column c of all rows to a constant, in canonical form. */
static void set_column(int seed) {
    sqlite3_stmt *const update = unit_prepare(db, "UPDATE rows SET c = ?1");
    bind_constant(update, 1, seed, CANONICAL);
    if (sqlite3_step(update) != SQLITE_DONE)
        unit_bail_out("%s", sqlite3_errmsg(db));
    sqlite3_finalize(update);
}

/* A statement of the results of all rows, with this argument in the call */
static sqlite3_stmt *prepare_call(const char *call, const char *argument) {
    char text[100], sql[200];
    snprintf(text, sizeof text, call, argument, argument); /* NOLINT */
    snprintf(sql, sizeof sql, "SELECT %s FROM rows ORDER BY id", text);
    return unit_prepare(db, sql);
}

/*
** How many of the rows differ? Both statements must end alike: with all rows, or with the error
** `expected` and one message.
*/
static int different_rows(sqlite3_stmt *one, sqlite3_stmt *other, int expected) {
    int different = 0, rc, rc_other;
    char message[200];
    for (;;) {
        rc = sqlite3_step(one);
        snprintf(message, sizeof message, "%s", sqlite3_errmsg(db));
        rc_other = sqlite3_step(other);
        if (rc != SQLITE_ROW || rc_other != SQLITE_ROW)
            break;
        const int size = sqlite3_column_bytes(one, 0), same = sqlite3_column_bytes(other, 0);
        const void *const bytes = sqlite3_column_blob(one, 0);
        different +=
            size != same || memcmp(bytes, sqlite3_column_blob(other, 0), (size_t)size) != 0;
    }
    different += rc != expected || rc_other != expected || strcmp(message, sqlite3_errmsg(db)) != 0;
    if (different > 0)
        printf("# %d and %d: %s; %s\n", rc, rc_other, message, sqlite3_errmsg(db));
    sqlite3_reset(one);
    sqlite3_reset(other);
    return different;
}

/*
** A constant, then another one in its place, by the same statement: SQLite keeps sets to the end of
** the statement only.
*/
static void test_constants(const char *how, int large_ends) {
    for (int f = 0; f < FORMS; f++) {
        for (int i = 0; i < CALLS; i++) {
            const bool large = strstr(calls[i], "union(") || strstr(calls[i], "symdiff(");
            sqlite3_stmt *const constant = prepare_call(calls[i], "?1");
            sqlite3_stmt *const column = prepare_call(calls[i], "c");
            int different = 0;
            for (int seed = 1; seed < 4; seed++) {
                bind_constant(constant, 1, seed, (enum form)f);
                set_column(seed);
                different += different_rows(constant, column, large ? large_ends : SQLITE_DONE);
            }
            eq_int(different, 0, "three constants, %s%s: %s", form_names[f], how, calls[i]);
            sqlite3_finalize(constant);
            sqlite3_finalize(column);
        }
    }
}

static int64_t takes(void) {
    return unit_integer(db, "SELECT value FROM array_memory WHERE name = 'takes'");
}

/* How many buffers of the pool does the statement take? */
static int64_t takes_of(sqlite3_stmt *statement) {
    const int64_t before = takes();
    while (sqlite3_step(statement) == SQLITE_ROW) {
    }
    sqlite3_reset(statement);
    return takes() - before;
}

/* The set of a constant is made a few times, that of a column once for each row. */
static void test_is_kept(void) {
    static const char few_of_a[] = "array_contains_any(array_head(a, 9), %s)";
    for (int f = 0; f < FORMS; f++) {
        sqlite3_stmt *const constant = prepare_call(few_of_a, "?1");
        sqlite3_stmt *const column = prepare_call(few_of_a, "c");
        bind_constant(constant, 1, 1, (enum form)f);
        set_column(1);
        const int64_t of_constant = takes_of(constant), of_column = takes_of(column);
        ok(of_constant < 40 && of_column >= ROWS,
           "%s: %" PRId64 " buffers for the set of a constant, %" PRId64 " for those of a column",
           form_names[f], of_constant, of_column);
        sqlite3_finalize(constant);
        sqlite3_finalize(column);
    }
}

int main(void) {
    db = unit_open(":memory:");
    make_rows();
    test_constants("", SQLITE_DONE);
    test_is_kept();
    /* room for the union of two rows of 2 bytes an element, but not for one of 8 bytes */
    unit_exec(db, "SELECT array_limit('result_bytes', 1500)");
    test_constants(", narrowed", SQLITE_DONE);
    unit_exec(db, "SELECT array_limit('result_bytes', 400)");
    test_constants(", too large", SQLITE_TOOBIG);

    eq_int(sqlite3_close(db), SQLITE_OK, "close");
    return done();
}
