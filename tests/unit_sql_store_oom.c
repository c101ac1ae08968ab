/*
** Out of memory at every allocation of every kind of statement on an array_store. Each attempt
** has a new connection, so that nothing is prepared or cached. Only the N-th request fails; or
** the N-th and all later ones; or only the N-th while the pool keeps nothing, so that every
** buffer is a request. The statement gives the usual result, or SQLITE_NOMEM without having
** changed anything. Later statements work, and no memory is leaked.
**
**     STRIDE  average increment of N from one attempt to the next (200; 24 if everything is
**             to be tested); 1 tests all
*/
#define _DEFAULT_SOURCE
#include "store/helpers.h"

static long stride;

static const char setup[] =
    "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=16);"
    "CREATE TABLE source(k INTEGER PRIMARY KEY, v);"
    "CREATE TRIGGER inserted AFTER INSERT ON source BEGIN"
    "  INSERT INTO x(a, b) VALUES (new.k, new.v); UPDATE x SET b = b + 1 WHERE rowid = new.k; END;"
    "INSERT INTO x(a, b) VALUES (array_series(1, 100), array_random(100, -1000, 70000, 1));"
    "DELETE FROM x WHERE rowid % 5 = 2 OR rowid BETWEEN 50 AND 60";

/*
** Further tables: v has one chunk without gaps, with as many rows as there is room for. w is a
** large one with gaps to insert into.
*/
static const char more_setup[] =
    "CREATE VIRTUAL TABLE v USING array_store(a, chunk=100);"
    "CREATE TABLE todo(k INTEGER);"
    "CREATE TRIGGER gone AFTER INSERT ON todo WHEN new.k > 0 BEGIN"
    "  DELETE FROM v WHERE rowid = new.k; END;"
    "CREATE TRIGGER come AFTER INSERT ON todo WHEN new.k <= 0 BEGIN"
    "  INSERT INTO v(a) VALUES (new.k); END;"
    "INSERT INTO v VALUES (array_series(1, 64));"
    "CREATE VIRTUAL TABLE w USING array_store(a, chunk=600);"
    "INSERT INTO w(rowid, a) SELECT 2 * value, value FROM array_each(array_series(1, 500))";

static const char *const statements[] = {
    "SELECT rowid, * FROM x",
    "SELECT rowid, b FROM x WHERE a BETWEEN 20 AND 70 AND b > 100 ORDER BY rowid DESC",
    "SELECT count(*), sum(b) FROM x WHERE rowid IN (3, 4, 90) OR a = 17",
    "SELECT p.a, q.b FROM x AS p JOIN x AS q ON p.rowid = q.a - 1 WHERE p.b > 0 LIMIT 7",
    "SELECT chunk_id, chunk_last, chunk_rows, array_sum(a), array_length(chunk_rowids), b_min FROM "
    "x_chunks",
    "SELECT rowid, a FROM x WHERE a > 7 ORDER BY b DESC LIMIT 5 OFFSET 2",
    "SELECT min(b) FROM x",
    "EXPLAIN QUERY PLAN SELECT a FROM x WHERE a > 5 AND rowid < 100",
    "INSERT INTO x(a, b) VALUES (1, 2)",
    "INSERT INTO x(a, b) SELECT k.value, 1 << (k.value % 60) FROM array_each(array_series(1, 40)) "
    "AS k",
    "INSERT INTO x(a, b) VALUES (array_series(1, 50), array_fill(50, 1000000))",
    "INSERT INTO x(rowid, a, b) VALUES (52, 1, 2), (-7, 3, 4), (55, 5, 6), (1000, 7, 8)",
    "INSERT OR REPLACE INTO x(rowid, a, b) SELECT value, 0, 0 FROM array_each(array_series(40, "
    "70))",
    "INSERT OR IGNORE INTO x(rowid, a, b) SELECT value, 0, 0 FROM array_each(array_series(45, 55))",
    "INSERT INTO x(a, b) SELECT b, a FROM x WHERE a > 30",
    "INSERT INTO source VALUES (3, 4), (5, 6)",
    "UPDATE x SET b = b + 1",
    "UPDATE x SET b = 5000000000 WHERE rowid BETWEEN 10 AND 40",
    "UPDATE x SET rowid = rowid + 1000 WHERE a < 40",
    "UPDATE OR REPLACE x SET rowid = 3 WHERE rowid = 48",
    "DELETE FROM x WHERE rowid = 33",
    "DELETE FROM x WHERE a % 3 = 0",
    "DELETE FROM x",
    "INSERT INTO x(x) VALUES ('optimize')",
    "INSERT INTO x(x) VALUES ('merge=2')",
    "INSERT INTO x(x) VALUES ('integrity-check')",
    "PRAGMA integrity_check",
    "CREATE VIRTUAL TABLE y USING array_store(c, d, chunk=9)",
    "ALTER TABLE x RENAME TO z",
    "DROP TABLE x",
    "SAVEPOINT s; INSERT INTO x(a, b) VALUES (1, 2); UPDATE x SET a = 9 WHERE rowid = 7; RELEASE s",
    "SAVEPOINT s; DELETE FROM x WHERE a > 20; INSERT INTO x(a, b) VALUES (1, 2); ROLLBACK TO s",
    "SAVEPOINT s; CREATE TABLE more(z); SELECT count(*) FROM x; RELEASE s",
    "SELECT sum(b) FROM x WHERE a IN ('no integer, and too long to be kept in a page', 17, 18)",
    "INSERT INTO x(x) VALUES (x'6F7074696D697A65') /* a blob, to be made a text */",
};

static const char *const more_statements[] = {
    "INSERT INTO v VALUES ('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]')",
    "INSERT INTO v(rowid, a) VALUES (-5, 1)",
    "INSERT INTO v(rowid, a) VALUES (1000, 1)",
    "DELETE FROM v WHERE rowid = 30",
    "UPDATE v SET rowid = rowid + 100 WHERE a % 3 = 0",
    "INSERT INTO todo SELECT 41 - value FROM array_each(array_series(1, 45))",
    "SAVEPOINT s; DELETE FROM v WHERE rowid = 30; INSERT INTO v VALUES (array_series(1, 50)); "
    "RELEASE s",
    "SAVEPOINT s; INSERT INTO v SELECT value FROM array_each(array_series(1, 136));"
    "DELETE FROM v WHERE rowid = 150; INSERT INTO v VALUES (1); INSERT INTO v VALUES (2); RELEASE "
    "s",
    "SAVEPOINT s; INSERT INTO v SELECT value FROM array_each(array_series(1, 136));"
    "DELETE FROM v WHERE rowid = 150; INSERT INTO v VALUES (1);"
    "INSERT INTO v(rowid, a) VALUES (150, 2); RELEASE s",
    "INSERT INTO w(rowid, a) SELECT 563 - 2 * value, value FROM array_each(array_series(1, 280))",
    "INSERT INTO w(rowid, a) SELECT 401 + 2 * value, value FROM array_each(array_series(1, 280))",
    "INSERT INTO w(rowid, a) SELECT 203 - 2 * value, value FROM array_each(array_series(1, 101))",
    "INSERT INTO w(rowid, a) SELECT iif(value <= 600, 2000 + value, 1500), value"
    " FROM array_each(array_series(1, 601))",
    "INSERT INTO w(w) VALUES ('optimize')",
    "SAVEPOINT s; DELETE FROM w; SELECT count(*) FROM w; RELEASE s",
};

/* The file: without v and w, which cost SQLite time when it reads the schema, or with them */
static const char *file = "oom.db";

/* The rows of a statement, or of each in a list, as text. */
static int ask(sqlite3 *db, const char *sql, sqlite3_str *text) {
    int rc = SQLITE_OK;
    while (rc == SQLITE_OK && *sql != '\0') {
        sqlite3_stmt *statement = NULL;
        rc = sqlite3_prepare_v2(db, sql, -1, &statement, &sql);
        if (rc == SQLITE_OK)
            rc = unit_rows(statement, text);
        sqlite3_finalize(statement);
    }
    return rc == SQLITE_OK && sqlite3_str_errcode(text) == SQLITE_NOMEM ? SQLITE_NOMEM : rc;
}

/* What the store holds, whatever it is called now. */
static char *contents(sqlite3 *db) {
    sqlite3_str *text = sqlite3_str_new(NULL);
    if (ask(db, "SELECT rowid, a, b FROM x", text) != SQLITE_OK &&
        ask(db, "SELECT rowid, a, b FROM z", text) != SQLITE_OK)
        sqlite3_str_appendall(text, "none");
    ask(db, "SELECT rowid, a FROM v", text);
    ask(db, "SELECT array_hash(array_agg(rowid)), array_hash(array_agg(a)) FROM w", text);
    return sqlite3_str_finish(text);
}

/*
** A statement in a transaction of a new connection. What it answered and left is the caller's to
** free.
*/
struct outcome {
    int rc;
    long refused;     /* requests for memory */
    bool rolled_back; /* the whole transaction */
    char *answer, *left;
};

/* Which requests fail, and how */
enum manner { ONCE, FOR_GOOD, ONCE_WITHOUT_POOL, MANNERS };

static struct outcome try_once(const char *sql, long nth, enum manner manner) {
    struct outcome o;
    sqlite3 *db = unit_open(unit_path(file));
    sqlite3_str *text = sqlite3_str_new(NULL);
    if (manner == ONCE_WITHOUT_POOL)
        unit_exec(db, "SELECT array_limit('pool_bytes', 0)");
    unit_exec(db,
              "PRAGMA synchronous = OFF; PRAGMA cache_size = 10; BEGIN;"
              "INSERT INTO x(a, b) VALUES (-11, -12)"); /* it is in memory, and not to be lost */
    unit_memory_fail(nth, manner == FOR_GOOD);
    o.rc = ask(db, sql, text);
    o.refused = unit_memory.refused;
    unit_memory_fail(0, false);
    o.answer = sqlite3_str_finish(text);
    /*
    ** what memory was refused to half-way through several chunks can only be rolled back, and says
    ** so
    */
    if (o.rc == SQLITE_NOMEM && unit_try(db, "SELECT count(*) FROM x") == SQLITE_ABORT)
        unit_exec(db, "ROLLBACK");
    o.rolled_back = sqlite3_get_autocommit(db);
    o.left = contents(db);
    if (sqlite3_get_autocommit(db)) /* it has been rolled back */
        unit_exec(db, "BEGIN");
    if (o.rc == SQLITE_NOMEM && strstr(sql, "DROP") == NULL && strstr(sql, "RENAME") == NULL &&
        unit_try(db, "INSERT INTO x(a, b) VALUES (1, 2); DELETE FROM x WHERE rowid = 1;"
                     "INSERT INTO x(x) VALUES ('integrity-check')") != SQLITE_OK) {
        printf("# allocation %ld: afterwards %s\n", nth, sqlite3_errmsg(db));
        o.rc = SQLITE_ERROR;
    }
    unit_exec(db, "ROLLBACK");
    if (sqlite3_close(db) != SQLITE_OK)
        unit_bail_out("a statement is left");
    return o;
}

static void forget(struct outcome *o) {
    sqlite3_free(o->answer);
    sqlite3_free(o->left);
}

static bool same_text(const char *a, const char *b) {
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

static void fail_each(const char *sql) {
    long points = 0, wrong = 0;
    const long live = unit_memory.live;
    struct outcome before = try_once("", 0, ONCE), normal = try_once(sql, 0, ONCE),
                   outside = try_once("ROLLBACK", 0, ONCE);
    const bool several = strncmp(sql, "SAVEPOINT", 9) == 0;
    for (enum manner manner = ONCE; manner < MANNERS; manner++) {
        static const char *const words[] = {"", " and all after it", ", without a pool"};
        long refused = 1;
        for (long n = 1; refused > 0; n += 1 + unit_below(2 * stride - 1), points++) {
            struct outcome o = try_once(sql, n, manner);
            const bool well =
                o.rc == SQLITE_NOMEM
                    ? several || same_text(o.left, o.rolled_back ? outside.left : before.left)
                    : o.rc == normal.rc && same_text(o.answer, normal.answer) &&
                          same_text(o.left, normal.left);
            if (!well && ++wrong < 4)
                printf("# allocation %ld%s: code %d: %.200s\n#     left: %.200s\n", n,
                       words[manner], o.rc, o.answer, o.left);
            refused = o.refused;
            forget(&o);
        }
    }
    if (normal.rc != SQLITE_OK)
        printf("# %d: %s\n", normal.rc, sql);
    forget(&before);
    forget(&outside);
    ok(normal.rc == SQLITE_OK && wrong == 0, "%ld points, %ld wrong: %s", points, wrong, sql);
    forget(&normal);
    eq_int(unit_memory.live, live, "nothing is left");
}

/*
** A savepoint without memory is none; what came before it and after the one before can be taken
** back.
*/
static void fail_savepoints(void) {
    long refused = 1, wrong = 0, failed = 0;
    for (long n = 1; refused > 0; n++) {
        sqlite3 *db = unit_open(unit_path(file));
        unit_exec(db, "BEGIN; INSERT INTO x(a, b) VALUES (1, 2); SAVEPOINT s");
        char *const before = contents(db);
        unit_exec(db, "INSERT INTO x(a, b) VALUES (3, 4)");
        unit_memory_fail(n, false);
        const bool has_failed = unit_try(db, "SAVEPOINT t") != SQLITE_OK;
        refused = unit_memory.refused;
        unit_memory_fail(0, false);
        failed += has_failed;
        if (!sqlite3_get_autocommit(db)) {
            unit_exec(db, "ROLLBACK TO s");
            char *const after = contents(db);
            wrong += !same_text(before, after);
            sqlite3_free(after);
        }
        sqlite3_free(before);
        sqlite3_close(db);
    }
    ok(failed > 10 && wrong == 0, "%ld savepoints without memory, %ld wrong", failed, wrong);
}

/* A statement that fails anyway says why, or has no memory to do so. */
static void fail_messages(void) {
    static const char sql[] = "INSERT INTO x(rowid, a, b) VALUES (1, 2, 3)";
    long refused = 1, wrong = 0, failed = 0;
    for (long n = 1; refused > 0; n++) {
        sqlite3 *db = unit_open(unit_path(file));
        unit_memory_fail(n, false);
        const int rc = unit_try(db, sql);
        refused = unit_memory.refused;
        unit_memory_fail(0, false);
        failed += rc == SQLITE_NOMEM;
        wrong += rc != SQLITE_NOMEM && (rc & 0xff) != SQLITE_CONSTRAINT;
        sqlite3_close(db);
    }
    ok(failed > 10 && wrong == 0, "%ld messages without memory, %ld wrong", failed, wrong);
}

/* A statement that is half read fails where the rows that came meanwhile cannot be written. */
static void fail_readers(void) {
    long refused = 1, wrong = 0, failed = 0;
    for (long n = 1; refused > 0; n++) {
        sqlite3 *db = unit_open(unit_path(file));
        unit_exec(db, "BEGIN");
        sqlite3_stmt *half = unit_prepare(db, "SELECT rowid FROM x");
        int64_t rows = 1, sum = 0;
        int rc = sqlite3_step(half);
        unit_exec(db, "INSERT INTO x(a, b) VALUES (3, 4)");
        unit_memory_fail(n, false);
        for (; rc == SQLITE_ROW; rows++) {
            sum += sqlite3_column_int64(half, 0);
            rc = sqlite3_step(half);
        }
        refused = unit_memory.refused;
        unit_memory_fail(0, false);
        sqlite3_finalize(half);
        failed += rc == SQLITE_NOMEM;
        if (rc == SQLITE_DONE)
            wrong += sum != unit_integer(db, "SELECT sum(rowid) FROM x");
        else
            wrong += rc != SQLITE_NOMEM;
        if (!sqlite3_get_autocommit(db))
            unit_exec(db, "ROLLBACK");
        sqlite3_close(db);
    }
    ok(failed > 10 && wrong == 0, "%ld readers without memory, %ld wrong", failed, wrong);
}

int main(void) {
    stride = unit_setting("STRIDE", unit_thorough() ? 24 : 300);
    unit_memory_install();
    sqlite3 *db = unit_open(unit_path(file));
    unit_exec(db, setup);
    sqlite3_close(db);
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        fail_each(statements[i]);
    fail_savepoints();
    fail_messages();
    fail_readers();
    unit_copy(file, "more.db");
    file = "more.db";
    db = unit_open(unit_path(file));
    unit_exec(db, more_setup);
    sqlite3_close(db);
    for (size_t i = 0; i < sizeof more_statements / sizeof more_statements[0]; i++)
        fail_each(more_statements[i]);
    unit_remove("");
    return done();
}
