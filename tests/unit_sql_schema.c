/*
** Which functions a trusted and an untrusted schema may use: in views, triggers, defaults, CHECK,
** generated columns and indexes.
*/
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "unit_examples.h"

/* The schema of a database that is not trusted: what an example's call stands in */
static const struct {
    const char *name, *create, *use; /* %s: the call */
    bool expressions;                /* takes an expression, not a SELECT */
} places[] = {
    {"a view", "CREATE VIEW v AS SELECT * FROM (%s)", "SELECT * FROM v", false},
    {"a trigger",
     "CREATE TABLE t(x); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT * FROM (%s); END",
     "INSERT INTO t VALUES (1)", false},
    {"a default", "CREATE TABLE t(x, y DEFAULT (%s))", "INSERT INTO t(x) VALUES (1)", true},
    {"CHECK", "CREATE TABLE t(x, CHECK ((%s) IS NOT x))", "INSERT INTO t VALUES ('none')", true},
    {"a generated column", "CREATE TABLE t(x, y AS (%s) STORED)", "INSERT INTO t VALUES (1)", true},
    {"an index on an expression", "CREATE TABLE t(x); CREATE INDEX i ON t((%s))",
     "INSERT INTO t VALUES (1)", true},
    {"a partial index", "CREATE TABLE t(x); CREATE INDEX i ON t(x) WHERE (%s) IS NOT x",
     "INSERT INTO t VALUES (1)", true},
};

static void fn_probe(sqlite3_context *context, int argc, sqlite3_value **argv) {
    (void)context, (void)argc, (void)argv;
}

/* Does a place take the example, in a schema that is trusted or not? */
static bool takes(const struct unit_example *e, size_t place, bool trusted) {
    sqlite3 *db = unit_open(":memory:");
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, trusted, NULL);
    sqlite3_create_function(db, "probe", 0, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, fn_probe, NULL,
                            NULL);
    char *create = sqlite3_mprintf(places[place].create,
                                   places[place].expressions ? e->expression : e->select);
    int rc = sqlite3_exec(db, create, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, places[place].use, NULL, NULL, NULL);
    if (rc != SQLITE_OK && !e->direct)
        printf("# %s in %s: %s\n", e->name, places[place].name, sqlite3_errmsg(db));
    sqlite3_free(create);
    unit_close(db);
    return rc == SQLITE_OK;
}

/*
** All that is pure is taken everywhere, and what is DIRECTONLY nowhere where SQLite looks (CHECK:
** from 3.41 on).
*/
static void test_schema(void) {
    const struct unit_example probe = {
        .name = "probe", .expression = "probe()", .select = "SELECT probe()", .direct = true};
    for (size_t place = 0; place < sizeof places / sizeof *places; place++) {
        const bool expected = takes(&probe, place, true);
        int taken = 0, refused = 0, wrong = 0;
        for (size_t i = 0; i < unit_example_count; i++) {
            const struct unit_example *e = &unit_examples[i];
            if (places[place].expressions && e->expression == NULL)
                continue;
            for (int trusted = 0; trusted < 2; trusted++) {
                const bool taken_now = takes(e, place, trusted);
                taken += taken_now;
                refused += !taken_now;
                wrong += taken_now != (!e->direct || expected);
            }
        }
        ok(wrong == 0 && taken > 200 && (refused >= 8 || expected),
           "%s takes %d calls, refuses %d, %d wrong", places[place].name, taken, refused, wrong);
    }
}

int main(void) {
    unit_collect_examples();
    test_schema();
    unit_free_examples();
    return done();
}
