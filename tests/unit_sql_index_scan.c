/*
** array_index compared with scans: the same random statements on a table with an index and on one
** without, in two databases, each used by two connections. They must give the same result codes,
** changes(), last_insert_rowid(), rows and answers. The contents of the index are compared with
** its table for each value.
**
**     N      number of statements for each kind of table (250)
**     SEED   seed of the random numbers
**     TRACE  prints the statements on the table with an index, for the sqlite3 shell
**     EACH   compares everything after each statement, to find the one that fails
*/
#define _DEFAULT_SOURCE
#include "index/statements.h"
#include "store/helpers.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { INDEXED, PLAIN, SIDES, CONNECTIONS = 2 };
static sqlite3 *connections[SIDES][CONNECTIONS];
static sqlite3 *sides[SIDES]; /* those that are given the next statement */
static const char *const files[SIDES] = {"indexed.db", "plain.db"};

/* Today's names. */
enum { TABLE, COLUMN, INDEX, NAMES };
static const char *const possible_names[NAMES][2] = {
    {"a", "the \"table\""}, {"tags", "my tags"}, {"i", "INSERT VALUES (new.x"}};
static int names[NAMES]; /* which of the two */

static struct shape {
    const char *name, *source, *options;
    bool has_triggers;
} shapes[] = {
    {"blocks of 64 bytes, a log of 16", "tags", ", block=64, log=16", false},
    {"as by default", "tags", "", false},
    {"a generated column", "src", ", block=64", false},
    {"other triggers", "tags", ", log=16", true},
    {"a generated column, and other triggers", "src", ", block=64, log=40", true},
};
static const struct shape *shape;
static long step;
static bool trace, each;

/* ---- SQL with today's names */

static const char *expansion(char letter, char *name, size_t size) {
    static const char letters[] = "TCI", others[] = "tci";
    const char *is = strchr(letters, letter), *other = strchr(others, letter);
    if (letter == 'S' && strcmp(shape->source, "tags") != 0)
        return shape->source;
    if (letter == 'S')
        is = letters + COLUMN;
    const long which = letter == 'F' ? INDEX : is != NULL ? is - letters : other - others;
    sqlite3_snprintf((int)size, name, "\"%w%s\"",
                     possible_names[which][other != NULL ? !names[which] : names[which]],
                     letter == 'F' ? "_counts" : "");
    return name;
}

/* Names for $T and so on, and the conflict clause for %s; %% becomes %. */
static char *expanded(const char *form, const char *conflict) {
    sqlite3_str *sql = sqlite3_str_new(NULL);
    char name[100];
    for (; *form != '\0'; form++) {
        if (*form == '$')
            sqlite3_str_appendall(sql, expansion(*++form, name, sizeof name));
        else if (*form != '%')
            sqlite3_str_appendchar(sql, 1, *form);
        else if (*++form == 's')
            sqlite3_str_appendall(sql, conflict);
        else
            sqlite3_str_appendchar(sql, 1, '%');
    }
    return sqlite3_str_finish(sql);
}

/* ALTER, ROLLBACK and the like change what the names are. */
static void read_names(void) {
    static const char *const sql[NAMES] = {
        "SELECT name = '%q' FROM sqlite_master WHERE type = 'table' AND sql LIKE '%%slug TEXT%%'",
        ("SELECT count(*) FROM sqlite_master AS s, pragma_table_xinfo(s.name) AS c "
         "WHERE s.type = 'table' AND s.sql LIKE '%%slug TEXT%%' AND c.name = '%q'"),
        "SELECT name = '%q' FROM sqlite_master WHERE sql LIKE '%%USING array_index(%%'"};
    for (int i = 0; i < NAMES; i++) {
        char *query = sqlite3_mprintf(sql[i], possible_names[i][1]);
        names[i] = (int)unit_integer(sides[INDEXED], query);
        sqlite3_free(query);
    }
}

/* ---- Random values */

static int64_t rows; /* in the table, when last compared */

static int64_t random_value(void) {
    switch (unit_below(20)) {
    case 0:
        return (int64_t)unit_random();
    case 1:
        return unit_below(2) ? INT64_MAX : INT64_MIN;
    case 2:
        return -1 - unit_below(3);
    default:
        return unit_below(1 + unit_below(14));
    }
}

static int64_t random_key(void) {
    switch (unit_below(24)) {
    case 0:
        return -unit_below(50);
    case 1:
        return 65536 * (1 + unit_below(3)) - 5 + unit_below(10);
    case 2:
        return INT64_MIN + unit_below(3);
    case 3:
        return unit_below(20) > 0 ? unit_below(1000000) : ((int64_t)1 << 62) + unit_below(5);
    default:
        return 1 + unit_below(rows + 10);
    }
}

static void add_query(sqlite3_str *text, int depth) {
    switch (depth == 0 ? 0 : unit_below(5)) {
    case 1:
        sqlite3_str_appendall(text, "!");
        add_query(text, depth - 1);
        break;
    case 2:
    case 3:
        sqlite3_str_appendall(text, "(");
        add_query(text, depth - 1);
        sqlite3_str_appendall(text, unit_below(2) ? " & " : " | ");
        add_query(text, depth - 1);
        sqlite3_str_appendall(text, ")");
        break;
    default:
        sqlite3_str_appendf(text, "%lld", random_value());
    }
}

static void add_array(sqlite3_str *text) {
    const int64_t n = unit_below(unit_below(20) > 0 ? 6 : 60);
    sqlite3_str_appendall(text, "[");
    for (int64_t i = 0; i < n; i++)
        sqlite3_str_appendf(text, "%s%lld", i > 0 ? "," : "", random_value());
    sqlite3_str_appendall(text, "]");
}

/* As an SQL literal, to be freed by sqlite3_free() */
static char *random_literal(char kind) {
    static const char *const any[] = {"NULL",   "2.5",   "'3'",   "x'31'", "1e300",
                                      "-1e300", "'abc'", "'2.5'", "9.3e18"};
    sqlite3_str *text = sqlite3_str_new(NULL);
    char *made, *literal;
    switch (kind) {
    case 'k':
        sqlite3_str_appendf(text, "%lld", random_key());
        return sqlite3_str_finish(text);
    case 'v':
        sqlite3_str_appendf(text, "%lld", random_value());
        return sqlite3_str_finish(text);
    case 'n':
        sqlite3_str_appendf(text, "%lld", unit_below(unit_below(10) > 0 ? 12 : 150));
        return sqlite3_str_finish(text);
    case 'o':
        if (unit_below(2))
            sqlite3_str_appendall(text, any[unit_below(COUNT_OF(any))]);
        else
            sqlite3_str_appendf(text, "%lld", random_key());
        return sqlite3_str_finish(text);
    case 's':
        if (unit_below(4) == 0)
            sqlite3_str_appendall(text, "NULL");
        else
            sqlite3_str_appendf(text, "'%c%lld'", unit_below(2) ? 'w' : 'W', unit_below(20));
        return sqlite3_str_finish(text);
    case 'q':
        add_query(text, (int)unit_below(4));
        break;
    default:
        add_array(text);
    }
    made = sqlite3_str_finish(text);
    literal =
        kind != 'A' && unit_below(15) == 0 ? sqlite3_mprintf("NULL") : sqlite3_mprintf("%Q", made);
    sqlite3_free(made);
    return literal;
}

/* ---- One statement on both sides */

enum { PARAMETERS = 9 };
struct given {
    char *names[PARAMETERS], *literals[PARAMETERS];
    int n;
};

static const char *given_literal(struct given *given, const char *name) {
    for (int i = 0; i < given->n; i++) {
        if (strcmp(given->names[i], name) == 0)
            return given->literals[i];
    }
    given->names[given->n] = sqlite3_mprintf("%s", name);
    given->literals[given->n] = random_literal(name[1]);
    return given->literals[given->n++];
}

static void clear_given(struct given *given) {
    for (int i = 0; i < given->n; i++) {
        sqlite3_free(given->names[i]);
        sqlite3_free(given->literals[i]);
    }
    given->n = 0;
}

/* Binds the value that SELECT literal gives, which may be of any type. */
static void bind_literal(sqlite3_stmt *statement, int at, const char *literal) {
    char *sql = sqlite3_mprintf("SELECT %s", literal);
    sqlite3_stmt *select = unit_prepare(sqlite3_db_handle(statement), sql);
    sqlite3_step(select);
    sqlite3_bind_value(statement, at, sqlite3_column_value(select, 0));
    sqlite3_finalize(select);
    sqlite3_free(sql);
}

static void bind_all(sqlite3_stmt *statement, struct given *given) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++)
        bind_literal(statement, i, given_literal(given, sqlite3_bind_parameter_name(statement, i)));
}

/*
** Runs one or more statements; their rows are added to text. With as_literals parameters become a
** part of the SQL.
*/
static int run(sqlite3 *db, const char *sql, struct given *given, bool as_literals, bool shows,
               sqlite3_str *text) {
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && *sql != '\0') {
        sqlite3_stmt *statement = NULL;
        const char *tail = sql;
        rc = sqlite3_prepare_v2(db, sql, -1, &statement, &tail);
        if (rc ==
            /* 3.40 may say so once after another connection has changed the schema */
            SQLITE_SCHEMA)
            rc = sqlite3_prepare_v2(db, sql, -1, &statement, &tail);
        if (rc != SQLITE_OK || statement == NULL)
            break;
        bind_all(statement, given);
        char *whole = sqlite3_expanded_sql(statement);
        if (shows) {
            printf("%s;\n", whole);
            fflush(stdout);
        }
        if (as_literals) {
            sqlite3_finalize(statement);
            rc = sqlite3_prepare_v2(db, whole, -1, &statement, NULL);
        }
        sqlite3_free(whole);
        if (rc == SQLITE_OK)
            rc = unit_rows(statement, text);
        sqlite3_finalize(statement);
        sql = tail;
    }
    return rc;
}

static size_t choose_statement(void) {
    static int total;
    if (total == 0) {
        for (size_t i = 0; i < COUNT_OF(index_statements); i++)
            total += index_statements[i].weight;
    }
    int64_t left = unit_below(total);
    size_t i = 0;
    while (left >= index_statements[i].weight)
        left -= index_statements[i++].weight;
    return i;
}

static bool same_step(const struct index_statement *statement) {
    static const char *const conflicts[] = {"",           "OR ABORT ",   "OR FAIL ",
                                            "OR IGNORE ", "OR REPLACE ", "OR ROLLBACK "};
    const char *const conflict = conflicts[unit_below(2) ? 4 : unit_below(COUNT_OF(conflicts))];
    const bool as_literals = unit_below(2) > 0;
    const bool writes =
        (strncmp(statement->sql, "INSERT", 6) == 0 || strncmp(statement->sql, "UPDATE", 6) == 0 ||
         strncmp(statement->sql, "DELETE", 6) == 0) &&
        (statement->plain == NULL || statement->plain[0] != 'S');
    struct given given = {.n = 0};
    char *sql[SIDES], *answers[SIDES];
    int codes[SIDES];
    sqlite3_int64 changes[SIDES] = {0, 0}, last[SIDES] = {0, 0};
    for (int side = 0; side < SIDES; side++) {
        sqlite3_str *text = sqlite3_str_new(NULL);
        sql[side] =
            expanded(side == PLAIN && statement->plain != NULL ? statement->plain : statement->sql,
                     conflict);
        sqlite3_set_last_insert_rowid(sides[side], -77);
        codes[side] =
            run(sides[side], sql[side], &given, as_literals, trace && side == INDEXED, text);
        if (writes) {
            changes[side] = sqlite3_changes64(sides[side]);
            last[side] = sqlite3_last_insert_rowid(sides[side]);
        }
        answers[side] = sqlite3_str_finish(text);
    }
    const char *got = answers[INDEXED] != NULL ? answers[INDEXED] : "";
    const char *expected = answers[PLAIN] != NULL ? answers[PLAIN] : "";
    const bool same =
        codes[INDEXED] == codes[PLAIN] && changes[INDEXED] == changes[PLAIN] &&
        last[INDEXED] == last[PLAIN] &&
        (codes[INDEXED] != SQLITE_OK || strcmp(got, expected) == 0) &&
        sqlite3_get_autocommit(sides[INDEXED]) == sqlite3_get_autocommit(sides[PLAIN]);
    for (int side = 0; side < SIDES; side++) {
        if (!same)
            printf("# %s: %s\n# %d (%s), changes %lld, last rowid %lld, autocommit %d: %.600s\n",
                   files[side], sql[side], codes[side], sqlite3_errmsg(sides[side]), changes[side],
                   last[side], sqlite3_get_autocommit(sides[side]),
                   answers[side] != NULL ? answers[side] : "");
        sqlite3_free(sql[side]);
        sqlite3_free(answers[side]);
    }
    for (int i = 0; !same && i < given.n; i++)
        printf("# %s = %s\n", given.names[i], given.literals[i]);
    clear_given(&given);
    return same;
}

/* ---- Comparing everything */

/* The answers of both are the same; else they are printed. */
static bool same_answers(sqlite3 *got_of, const char *got_form, sqlite3 *expected_of,
                         const char *expected_form) {
    sqlite3 *const db[2] = {got_of, expected_of};
    const char *const forms[2] = {got_form, expected_form};
    char *answers[2];
    for (int i = 0; i < 2; i++) {
        sqlite3_str *text = sqlite3_str_new(NULL);
        struct given given = {.n = 0};
        char *sql = expanded(forms[i], "");
        const int rc = unit_parsed(db[i], run(db[i], sql, &given, false, false, text));
        if (rc != SQLITE_OK)
            sqlite3_str_appendf(text, "error %d: %s", rc, sqlite3_errmsg(db[i]));
        answers[i] = sqlite3_str_finish(text);
        sqlite3_free(sql);
    }
    const bool same =
        strcmp(answers[0] != NULL ? answers[0] : "", answers[1] != NULL ? answers[1] : "") == 0;
    if (!same)
        printf("# %s\n#      got: %.900s\n# expected: %.900s\n", got_form, answers[0], answers[1]);
    sqlite3_free(answers[0]);
    sqlite3_free(answers[1]);
    return same;
}

static bool same_rows(void) {
    static const char all[] =
        "SELECT id, slug, u, w, score, half, parent, array_to_json($C) FROM $T ORDER BY id";
    char *count = expanded("SELECT count(*) FROM $T", "");
    rows = unit_integer(sides[PLAIN], count);
    sqlite3_free(count);
    return same_answers(sides[INDEXED], all, sides[PLAIN], all);
}

static bool same_postings(void) {
    return same_answers(
               sides[INDEXED],
               "SELECT n.v, group_concat(x.id) FROM vals AS n CROSS JOIN $I AS x ON x.$I = "
               "CAST(n.v AS TEXT) GROUP BY n.v ORDER BY n.v",
               sides[INDEXED],
               "SELECT n.v, group_concat(x.id) FROM vals AS n CROSS JOIN (SELECT * FROM $T ORDER "
               "BY id) AS x ON array_contains(x.$C, n.v) GROUP BY n.v ORDER BY n.v") &&
           same_answers(sides[INDEXED], "SELECT id FROM $I", sides[INDEXED],
                        "SELECT id FROM $T WHERE $C NOT NULL ORDER BY id") &&
           same_answers(sides[INDEXED], "INSERT INTO $I($I) VALUES ('integrity-check')",
                        sides[PLAIN], "SELECT 1 WHERE 0");
}

/* ---- A walk */

/* Triggers that change the row again; $T and $S are of the beginning. */
static const char other_triggers[] =
    "CREATE TRIGGER inserted AFTER INSERT ON $T WHEN new.score > 0 BEGIN"
    "  UPDATE $T SET $S = '[1,2,14]', score = -1 WHERE id = new.id AND new.score = 3;"
    "  UPDATE $T SET id = new.id + 300, score = -1 WHERE id = new.id AND new.score = 4;"
    "  DELETE FROM $T WHERE id = new.id AND new.score = 5;"
    "  UPDATE $T SET $S = '[3]', score = -1 WHERE id = new.id / 2 AND new.score = 6;"
    "  INSERT INTO $T($S) SELECT '[7]' WHERE new.score = 7;"
    "END;"
    "CREATE TRIGGER changed AFTER UPDATE OF $S ON $T WHEN new.score > 0 BEGIN"
    "  UPDATE $T SET $S = '[1,14]', score = -1 WHERE id = new.id AND new.score = 1;"
    "  UPDATE $T SET id = new.id + 300, score = -1 WHERE id = new.id AND new.score = 2;"
    "  DELETE FROM $T WHERE id = new.id AND new.score = 8;"
    "END;"
    "CREATE TRIGGER early BEFORE INSERT ON $T WHEN new.score = 9 BEGIN"
    "  UPDATE $T SET $S = '[5,6]' WHERE id = new.id - 1;"
    "  INSERT INTO $T($S, score) VALUES ('[9]', -1);"
    "END;"
    "CREATE TRIGGER gone AFTER DELETE ON $T WHEN old.score = 10 BEGIN"
    "  INSERT INTO $T(id, $S, score) VALUES (old.id, '[11]', -1);"
    "END;";

/*
** A trigger's writes come after a write of its own, so that ABORT, FAIL, IGNORE and ROLLBACK have
** something to undo.
*/
static const char trigger_of_other[] =
    "CREATE TABLE other(k INTEGER PRIMARY KEY, a, s);"
    "CREATE TRIGGER other_inserted AFTER INSERT ON other BEGIN"
    "  INSERT INTO $T(id, slug, $S) VALUES (new.k, new.s, new.a);"
    "  UPDATE OR REPLACE $T SET slug = 'w3' WHERE id = new.k / 2;"
    "  SELECT raise(ROLLBACK, 'eight') WHERE new.s = 'w8';"
    "  SELECT raise(FAIL, 'seven') WHERE new.s = 'w7';"
    "  SELECT raise(ABORT, 'six') WHERE new.s = 'w6';"
    "  SELECT raise(IGNORE) WHERE new.s = 'w5';"
    "  INSERT OR REPLACE INTO $T(slug, $S) VALUES (new.s, new.a);"
    "END;"
    "CREATE TRIGGER other_updated BEFORE UPDATE ON other BEGIN"
    "  UPDATE $T SET $S = new.a, id = 5000 + old.k WHERE id = old.k;"
    "END;";

/*
** Triggers as those of the index, which do nothing: some of what UPDATE OR REPLACE does depends on
** whether there are any. It must be no failure of the index.
*/
static const char no_triggers[] =
    "CREATE TRIGGER n1 AFTER INSERT ON $T BEGIN SELECT 1; END;"
    "CREATE TRIGGER n2 AFTER DELETE ON $T BEGIN SELECT 1; END;"
    "CREATE TRIGGER n3 AFTER UPDATE OF id, rowid, oid, _rowid_, $S ON $T BEGIN SELECT 1; END;"
    "CREATE TRIGGER n4 BEFORE INSERT ON $T BEGIN SELECT 1; END;"
    "CREATE TRIGGER n5 BEFORE UPDATE ON $T BEGIN SELECT 1; END;";

static void must(sqlite3 *db, const char *form) {
    char *sql = expanded(form, "");
    unit_exec(db, sql);
    sqlite3_free(sql);
}

static void connect_all(bool foreign_keys) {
    for (int side = 0; side < SIDES; side++) {
        for (int i = 0; i < CONNECTIONS; i++) {
            sqlite3 *db = unit_open(unit_path(files[side]));
            sqlite3_extended_result_codes(db, 1);
            unit_must(db, "PRAGMA synchronous = OFF; PRAGMA foreign_keys = %d", foreign_keys);
            connections[side][i] = db;
        }
        sides[side] = connections[side][0];
    }
}

static void disconnect_all(void) {
    for (int side = 0; side < SIDES; side++) {
        for (int i = 0; i < CONNECTIONS; i++) {
            if (sqlite3_close(connections[side][i]) != SQLITE_OK)
                unit_bail_out("closing: %s", sqlite3_errmsg(connections[side][i]));
        }
    }
}

static void create(void) {
    const char *journal = unit_below(2) ? "WAL" : "DELETE";
    const bool is_generated = strcmp(shape->source, "tags") != 0;
    memset(names, 0, sizeof names);
    for (int side = 0; side < SIDES; side++)
        unit_remove(files[side]);
    connect_all(unit_below(2) > 0);
    for (int side = 0; side < SIDES; side++) {
        sqlite3 *db = sides[side];
        unit_must(db, "PRAGMA page_size = 1024; PRAGMA journal_mode = %s", journal);
        unit_must(
            db,
            "CREATE TABLE a(id INTEGER PRIMARY KEY, slug TEXT COLLATE NOCASE UNIQUE, u, w, "
            "score INTEGER, half, quarter AS (half / 2) UNIQUE, parent REFERENCES a ON DELETE "
            "CASCADE, %s, UNIQUE(u, w))",
            is_generated ? "src TEXT, tags AS (array_parse(src))" : "tags");
        unit_exec(db,
                  "CREATE TABLE vals(v INTEGER PRIMARY KEY); INSERT INTO vals SELECT value FROM "
                  "array_each(array_series(-4, 20)); INSERT INTO vals VALUES "
                  "(9223372036854775807), (-9223372036854775808)");
        must(db, trigger_of_other);
        if (shape->has_triggers && unit_below(2))
            must(db, other_triggers);
        if (side == INDEXED)
            unit_must(db, "CREATE VIRTUAL TABLE i USING array_index(a, tags%s)", shape->options);
        else
            must(db, no_triggers);
    }
    /* some before, some after the index was made */
    char *sql = expanded("SELECT count(*) FROM sqlite_master WHERE name = 'gone'", "");
    if (shape->has_triggers && unit_integer(sides[PLAIN], sql) == 0)
        must(sides[PLAIN], other_triggers);
    if (shape->has_triggers && unit_integer(sides[INDEXED], sql) == 0)
        must(sides[INDEXED], other_triggers);
    sqlite3_free(sql);
    rows = 0;
}

/* Outside a transaction another connection may go on. */
static void choose_connection(void) {
    if (!sqlite3_get_autocommit(sides[INDEXED]) || unit_below(5) > 0)
        return;
    const int64_t i = unit_below(CONNECTIONS);
    for (int side = 0; side < SIDES; side++)
        sides[side] = connections[side][i];
    if (trace)
        printf("-- connection %d\n", (int)i);
}

static bool walk(long n) {
    bool same = true;
    int64_t pause = 0;
    create();
    for (step = 1; same && step <= n; step++) {
        const struct index_statement *const statement = &index_statements[choose_statement()];
        choose_connection();
        same = same_step(statement);
        read_names();
        const bool compares = pause-- <= 0;
        if (compares)
            pause = unit_below(3) > 0 ? 0 : unit_below(30);
        if (same && (compares || each))
            same = same_rows() && same_postings();
        if (rows > 400 && same) {
            for (int side = 0; side < SIDES; side++)
                must(sides[side], "DELETE FROM $T WHERE id % 4 > 0 OR id > 1000000000");
        }
        if (!same)
            printf("# at step %ld\n", step);
    }
    for (int side = 0; side < SIDES; side++) {
        if (same && !sqlite3_get_autocommit(sides[side]))
            same = unit_try(sides[side], "COMMIT") == SQLITE_OK;
    }
    same = same && same_rows() && same_postings();
    if (same)
        disconnect_all();
    return same;
}

int main(void) {
    const long n = unit_setting("N", unit_thorough() ? 3000 : 250), seed = unit_setting("SEED", 1);
    trace = getenv("TRACE") != NULL;
    each = getenv("EACH") != NULL;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        shape = &shapes[i];
        unit_random_state = (uint64_t)seed * 1000003 + i;
        ok(walk(n), "%ld steps, %s, SEED=%ld", n, shape->name, seed);
    }
    unit_remove("");
    return done();
}
