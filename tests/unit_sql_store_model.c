/*
** array_store compared with a model, an ordinary table with the same columns: the same random
** statements on both, in two databases, must give the same result codes, changes(),
** last_insert_rowid() and rows.
**
**     N      number of statements for each chunk size (500)
**     SEED   seed of the random numbers
**     TRACE  prints the statements on the store, for the sqlite3 shell
**     EACH   compares all rows after each statement, to find the one that fails
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"
#include "store/statements.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The two sides: a connection, and its statements, prepared when first used. */
enum { STORE, TABLE, SIDES };

#define MOST_STATEMENTS 120
#define CONFLICTS       6
static const char *const conflicts[CONFLICTS] = {"",           "OR ABORT ",   "OR FAIL ",
                                                 "OR IGNORE ", "OR REPLACE ", "OR ROLLBACK "};

static struct side {
    sqlite3 *db;
    sqlite3_stmt *statements[MOST_STATEMENTS][CONFLICTS];
    sqlite3_stmt *all; /* rows */
} sides[SIDES];

static long chunk, step;
static int64_t rows; /* in the table, when last compared */
static bool trace, each;

_Static_assert(COUNT_OF(statements) <= MOST_STATEMENTS, "room for all statements");

/* A parameter's value, chosen once and bound on both sides. */
struct value {
    enum { INTEGER, REAL, TEXT, BLOB, NOTHING, ARRAY } type;
    int64_t integer;
    double real;
    const char *text;
    int64_t elements[400];
    size_t count;
};

static int64_t random_value(void) {
    switch (unit_below(16)) {
    case 0:
        return (int64_t)unit_random();
    case 1:
        return unit_below(2) ? INT64_MAX : INT64_MIN;
    case 2:
        return (int32_t)unit_random();
    case 3:
    case 4:
        return (int16_t)unit_random();
    case 5:
    case 6:
    case 7:
        return (int8_t)unit_random();
    default:
        return unit_below(10);
    }
}

/*
** Mostly where rows are. The greatest of all is left to unit_sql_store_manners.c: what follows it
** is random.
*/
static int64_t random_rowid(void) {
    switch (unit_below(24)) {
    case 0:
        return -unit_below(50);
    case 1:
        return 1000 + unit_below(1000);
    case 2:
        return INT64_MIN + unit_below(3);
    case 3:
        return unit_below(40) > 0 ? unit_below(100000) : ((int64_t)1 << 62) + unit_below(5);
    default:
        return 1 + unit_below(rows + 10);
    }
}

static void random_any(struct value *value) {
    static const double reals[] = {
        2.5, 2.0, -0.5, 9.2e18, 9.3e18, -9.3e18, 9223372036854775808.0, 1e300, -1e300};
    static const char *const texts[] = {"abc", "5", "-3.5", "", "9223372036854775808", " 7 "};
    switch (unit_below(8)) {
    case 0:
        value->type = NOTHING;
        break;
    case 1:
    case 2:
        value->type = REAL;
        value->real = reals[unit_below(COUNT_OF(reals))];
        break;
    case 3:
        value->type = TEXT;
        value->text = texts[unit_below(COUNT_OF(texts))];
        break;
    case 4:
        value->type = BLOB;
        break;
    default:
        value->integer = unit_below(2) ? random_value() : random_rowid();
    }
}

static void choose(struct value *value, char kind, size_t length) {
    value->type = INTEGER;
    switch (kind) {
    case 'r':
        value->integer = random_rowid();
        break;
    case 'v':
        value->integer = random_value();
        break;
    case 'n':
        value->integer = unit_below(20);
        break;
    case 'o':
    case 'i':
    case 'w':
        random_any(value);
        if (kind == 'i' && value->type == INTEGER)
            value->integer = random_rowid();
        if (kind == 'w' && value->type == TEXT)
            value->text = "abc";
        break;
    default:
        value->type = ARRAY;
        value->count = length;
        for (size_t i = 0; i < length; i++)
            value->elements[i] = random_value();
    }
}

static void bind(sqlite3_stmt *statement, int at, const struct value *value) {
    int rc = SQLITE_OK;
    switch (value->type) {
    case INTEGER:
        rc = sqlite3_bind_int64(statement, at, value->integer);
        break;
    case REAL:
        rc = sqlite3_bind_double(statement, at, value->real);
        break;
    case TEXT:
        rc = sqlite3_bind_text(statement, at, value->text, -1, SQLITE_STATIC);
        break;
    case BLOB:
        rc = sqlite3_bind_blob(statement, at, "\1\2", 2, SQLITE_STATIC);
        break;
    case NOTHING:
        rc = sqlite3_bind_null(statement, at);
        break;
    case ARRAY:
        rc = sqlite_array_bind(statement, at, value->elements, value->count);
    }
    if (rc != SQLITE_OK)
        unit_bail_out("binding: %d", rc);
}

static sqlite3_stmt *prepared(int side, size_t which, int conflict) {
    sqlite3_stmt **statement = &sides[side].statements[which][conflict];
    if (*statement == NULL) {
        const struct statement *s = &statements[which];
        const char *form = side == TABLE && s->table_sql != NULL ? s->table_sql : s->sql;
        char *sql = sqlite3_mprintf(form, conflicts[conflict]);
        *statement = unit_prepare(sides[side].db, sql);
        sqlite3_free(sql);
    }
    return *statement;
}

/*
** A trigger's writes come after a write of its own, so that ABORT, FAIL, IGNORE and ROLLBACK have
** something to undo.
*/
static const char schema[] = "CREATE TABLE written(k INTEGER PRIMARY KEY, v);"
                             "CREATE TRIGGER inserted AFTER INSERT ON written BEGIN"
                             "  INSERT INTO x(rowid, a, b, c) VALUES (new.k, new.v, 1, 2);"
                             "  UPDATE x SET b = ~b WHERE rowid = new.k / 2;"
                             "  SELECT raise(ROLLBACK, 'eight') WHERE new.v = 8;"
                             "  SELECT raise(FAIL, 'seven') WHERE new.v = 7;"
                             "  SELECT raise(ABORT, 'six') WHERE new.v = 6;"
                             "  SELECT raise(IGNORE) WHERE new.v = 5;"
                             "  INSERT INTO x(a, b, c) VALUES (new.v, new.k, 3);"
                             "END;"
                             "CREATE TRIGGER updated BEFORE UPDATE ON written BEGIN"
                             "  UPDATE x SET a = new.v, rowid = 5000 + old.k WHERE rowid = old.k;"
                             "END;"
                             "CREATE TRIGGER deleted BEFORE DELETE ON written BEGIN"
                             "  DELETE FROM x WHERE rowid = old.k AND b < 1000;"
                             "END;";

static const char *const files[SIDES] = {"store.db", "table.db"};

static void connect(int side) {
    sides[side].db = unit_open(unit_path(files[side]));
    sqlite3_extended_result_codes(sides[side].db, 1);
    unit_exec(sides[side].db, "PRAGMA synchronous = OFF; PRAGMA cache_size = 20");
}

static void disconnect(int side) {
    struct side *s = &sides[side];
    sqlite3_finalize(s->all);
    s->all = NULL;
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        for (int k = 0; k < CONFLICTS; k++) {
            sqlite3_finalize(s->statements[i][k]);
            s->statements[i][k] = NULL;
        }
    }
    if (sqlite3_close(s->db) != SQLITE_OK)
        unit_bail_out("closing: %s", sqlite3_errmsg(s->db));
}

static void create(void) {
    const char *journal = unit_below(2) ? "WAL" : "DELETE";
    for (int side = 0; side < SIDES; side++) {
        unit_remove(files[side]);
        connect(side);
        unit_must(sides[side].db, "PRAGMA page_size = %d; PRAGMA journal_mode = %s", 1024, journal);
        if (side == STORE)
            unit_must(sides[side].db, "CREATE VIRTUAL TABLE x USING array_store(a, b, c, chunk=%d)",
                      (int)chunk);
        else
            unit_must(sides[side].db, "CREATE TABLE x(a INTEGER NOT NULL, b INTEGER NOT NULL,"
                                      " c INTEGER NOT NULL) STRICT");
        unit_exec(sides[side].db, schema);
    }
    rows = 0;
}

/* Whether both hold the same rows, in the order of their rowids. */
static bool same_rows(void) {
    sqlite3_stmt *s[SIDES];
    int rc[SIDES];
    bool same = true;
    for (int side = 0; side < SIDES; side++) {
        if (sides[side].all == NULL)
            sides[side].all = unit_prepare(sides[side].db, "SELECT rowid, a, b, c FROM x");
        s[side] = sides[side].all;
    }
    rows = 0;
    do {
        for (int side = 0; side < SIDES; side++)
            rc[side] = sqlite3_step(s[side]);
        same = rc[STORE] == rc[TABLE];
        for (int i = 0; same && rc[STORE] == SQLITE_ROW && i < 4; i++)
            same = sqlite3_column_int64(s[STORE], i) == sqlite3_column_int64(s[TABLE], i) &&
                   sqlite3_column_type(s[STORE], i) == SQLITE_INTEGER;
        rows++;
    } while (same && rc[STORE] == SQLITE_ROW);
    for (int i = 0; !same && i < 4; i++)
        printf("# row %" PRId64 ", column %d: %d %lld, %d %lld\n", rows, i, rc[STORE],
               sqlite3_column_int64(s[STORE], i), rc[TABLE], sqlite3_column_int64(s[TABLE], i));
    sqlite3_reset(s[STORE]);
    sqlite3_reset(s[TABLE]);
    return same;
}

/* NAME_chunks, which holds everything once a transaction is over. */
static bool same_chunks(void) {
    const char *const wrong = unit_answer(
        sides[STORE].db,
        "SELECT chunk_id, chunk_first, chunk_last, chunk_rows FROM (SELECT *, lag(chunk_last) OVER "
        "(ORDER BY chunk_id) AS previous FROM "
        "x_chunks)"
        " WHERE chunk_rows < 1 OR chunk_rows > %d OR chunk_first > chunk_last OR chunk_first <= "
        "previous"
        "  OR CASE WHEN chunk_rowids IS NULL THEN chunk_last - chunk_first + 1 <> chunk_rows"
        "     ELSE NOT array_valid(chunk_rowids) OR array_length(chunk_rowids) <> chunk_rows OR "
        "chunk_last - chunk_first + 1 <= chunk_rows"
        "      OR array_first(chunk_rowids) <> chunk_first OR array_last(chunk_rowids) <> "
        "chunk_last"
        "      OR array_unique(chunk_rowids) <> chunk_rowids END"
        "  OR NOT array_valid(a) OR array_length(a) <> chunk_rows OR array_min(a) <> a_min OR "
        "array_max(a) "
        "<> a_max"
        "  OR NOT array_valid(b) OR array_length(b) <> chunk_rows OR array_min(b) <> b_min OR "
        "array_max(b) "
        "<> b_max"
        "  OR NOT array_valid(c) OR array_length(c) <> chunk_rows OR array_min(c) <> c_min OR "
        "array_max(c) "
        "<> c_max",
        (int)chunk);
    static const char from_chunks[] =
        "SELECT sum(chunk_rows), array_hash(array_concat_agg(a)), array_hash(array_concat_agg(b)), "
        "array_hash(array_concat_agg(c)),"
        " array_hash(array_concat_agg(ifnull(chunk_rowids, array_series(chunk_first, chunk_last))))"
        " FROM (SELECT * FROM x_chunks ORDER BY chunk_id)";
    static const char from_table[] =
        "SELECT nullif(count(*), 0), array_hash(array_agg(a)), array_hash(array_agg(b)), "
        "array_hash(array_agg(c)),"
        " array_hash(array_agg(rowid)) FROM (SELECT rowid, * FROM x ORDER BY rowid)";
    const char *const got = unit_answer(sides[STORE].db, from_chunks);
    const char *const expected = unit_answer(sides[TABLE].db, from_table);
    if (wrong[0] != '\0')
        printf("# x_chunks: %.200s\n", wrong);
    if (strcmp(got, expected) != 0)
        printf("# x_chunks: %s\n#    table: %s\n", got, expected);
    return wrong[0] == '\0' && strcmp(got, expected) == 0;
}

static size_t choose_statement(void) {
    static int total;
    if (total == 0) {
        for (size_t i = 0; i < COUNT_OF(statements); i++)
            total += statements[i].weight;
    }
    int64_t left = unit_below(total);
    size_t i = 0;
    while (left >= statements[i].weight)
        left -= statements[i++].weight;
    return i;
}

/*
** A STRICT table says SQLITE_CONSTRAINT_DATATYPE of what is no integer, whatever the conflict
** clause; others do not mind.
*/
static int result_code(int rc) {
    return rc == SQLITE_CONSTRAINT_DATATYPE ? SQLITE_MISMATCH : rc & 255;
}

/* One statement on both sides: whether they agree. */
static bool same_step(size_t which) {
    static struct value values[9];
    const struct statement *statement = &statements[which];
    const bool writes = strchr("IUD", statement->sql[0]) != NULL && statement->table_sql == NULL;
    const int conflict = strstr(statement->sql, "%s") != NULL ? (int)unit_below(CONFLICTS) : 0;
    const size_t length = (size_t)unit_below(unit_below(8) > 0 ? 12 : 200);
    sqlite3_int64 changes[SIDES] = {0, 0}, last[SIDES] = {0, 0};
    char *answers[SIDES];
    int codes[SIDES];
    for (int side = 0; side < SIDES; side++) {
        sqlite3 *db = sides[side].db;
        sqlite3_stmt *s = prepared(side, which, conflict);
        sqlite3_str *text = sqlite3_str_new(NULL);
        for (int i = 1; i <= sqlite3_bind_parameter_count(s); i++) {
            if (side == STORE)
                choose(&values[i - 1], sqlite3_bind_parameter_name(s, i)[1], length);
            bind(s, i, &values[i - 1]);
        }
        if (side == STORE && trace) {
            char *expanded = sqlite3_expanded_sql(s);
            printf("%s;\n", expanded);
            fflush(stdout);
            sqlite3_free(expanded);
        }
        sqlite3_set_last_insert_rowid(db, -77);
        codes[side] = unit_rows(s, text);
        if (writes)
            changes[side] = sqlite3_changes64(db);
        last[side] = sqlite3_last_insert_rowid(db);
        answers[side] = sqlite3_str_finish(text);
    }
    const char *got = answers[STORE] != NULL ? answers[STORE] : "";
    const char *expected = answers[TABLE] != NULL ? answers[TABLE] : "";
    const bool same =
        result_code(codes[STORE]) == result_code(codes[TABLE]) &&
        changes[STORE] == changes[TABLE] && last[STORE] == last[TABLE] &&
        (codes[STORE] != SQLITE_OK || strcmp(got, expected) == 0) &&
        sqlite3_get_autocommit(sides[STORE].db) == sqlite3_get_autocommit(sides[TABLE].db);
    if (!same) {
        char *expanded = sqlite3_expanded_sql(prepared(STORE, which, conflict));
        printf("# %s\n", expanded);
        for (int side = 0; side < SIDES; side++)
            printf("# %s: %d (%s), changes %lld, last rowid %lld, autocommit %d: %.400s\n",
                   files[side], codes[side], sqlite3_errmsg(sides[side].db), changes[side],
                   last[side], sqlite3_get_autocommit(sides[side].db),
                   answers[side] != NULL ? answers[side] : "");
        sqlite3_free(expanded);
    }
    sqlite3_free(answers[STORE]);
    sqlite3_free(answers[TABLE]);
    return same;
}

static bool same_again(void) {
    for (int side = 0; side < SIDES; side++) {
        disconnect(side);
        connect(side);
    }
    return same_rows();
}

/*
** n steps with one chunk size. Rows are compared after each in some stretches; in others the store
** is left alone.
*/
static bool walk(long n) {
    bool same = true;
    int64_t pause = 0;
    create();
    for (step = 1; same && step <= n; step++) {
        same = same_step(choose_statement());
        if (pause-- <= 0 || each) {
            same = same && same_rows();
        }
        if (pause < 0) {
            pause = unit_below(3) > 0 ? 0 : unit_below(30);
        }
        if (rows > 400) { /* small enough to be compared often */
            for (int side = 0; side < SIDES; side++)
                unit_exec(sides[side].db,
                          "DELETE FROM x WHERE rowid % 4 > 0 OR rowid > 1000000000");
        }
        if (same && sqlite3_get_autocommit(sides[STORE].db)) {
            if (unit_below(10) == 0)
                same = same_chunks();
            if (unit_below(100) == 0)
                same = same && unit_sound(sides[STORE].db, "x");
            if (unit_below(200) == 0)
                same = same && same_again();
        }
        if (!same)
            printf("# at step %ld\n", step);
    }
    for (int side = 0; side < SIDES; side++) {
        if (!sqlite3_get_autocommit(sides[side].db))
            unit_exec(sides[side].db, "COMMIT");
    }
    same = same && same_again() && same_chunks() && unit_sound(sides[STORE].db, "x");
    disconnect(STORE);
    disconnect(TABLE);
    return same;
}

int main(void) {
    static const int chunks[] = {1, 2, 3, 7, 64, 65536};
    const long n = unit_setting("N", 500), seed = unit_setting("SEED", 1);
    trace = getenv("TRACE") != NULL;
    each = getenv("EACH") != NULL;
    for (size_t i = 0; i < COUNT_OF(chunks); i++) {
        chunk = chunks[i];
        unit_random_state = (uint64_t)seed * 1000003 + (uint64_t)chunk;
        ok(walk(n), "%ld steps, chunks of %ld, SEED=%ld", n, chunk, seed);
    }
    unit_remove("");
    return done();
}
