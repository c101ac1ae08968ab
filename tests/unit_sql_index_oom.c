/*
** Out of memory at every allocation of every kind of statement on an array_index and its table:
** only the N-th request fails, or the N-th and all later ones. The statement gives the usual
** result or SQLITE_NOMEM. Afterwards the index agrees with the table, and no memory is leaked.
**
**     STRIDE  increment of N from one attempt to the next (401; 61 if everything is to be tested);
**             1 tests all
*/
#define _DEFAULT_SOURCE
#include "unit_sql.h"

#include <stdlib.h>

static const char setup[] =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE, tags);"
    "INSERT INTO t SELECT value, value, array_of(value % 3, value % 5, 10 + value)"
    "  FROM array_each(array_series(1, 300));"
    "CREATE VIRTUAL TABLE i USING array_index(t, tags, block=64, log=200);"
    "INSERT INTO t(tags) VALUES ('[1,2,3]')";

static const char *const statements[] = {
    "SELECT count(*), sum(id) FROM i('1 & (2 | !3)')",
    "SELECT id FROM t WHERE id IN i('1 & 4') ORDER BY id DESC",
    "SELECT x.id, x.tags FROM i AS x WHERE array_contains_any(x.tags, '[1,4]')"
    " AND NOT array_contains(x.tags, 0) ORDER BY x.id DESC LIMIT 5",
    "SELECT count(*) FROM t WHERE EXISTS (SELECT 1 FROM i('1 | 2') AS x WHERE x.id = t.id)",
    "SELECT id FROM i WHERE id BETWEEN 20 AND 30",
    "SELECT * FROM i_counts('1')",
    "SELECT count(*), sum(count) FROM i_counts",
    "EXPLAIN QUERY PLAN SELECT id FROM i('1 & 2')",
    "INSERT INTO t(tags) VALUES ('[5,6,7]')",
    "INSERT INTO t(tags) SELECT tags FROM t",
    "INSERT OR REPLACE INTO t(id, u, tags) VALUES (5, 9, '[77]'), (400, 8, '[78]')",
    "INSERT INTO t(id, tags) VALUES (5, '[77]') ON CONFLICT DO UPDATE SET tags = excluded.tags",
    "UPDATE t SET tags = array_append(tags, 99) WHERE id % 2 = 0",
    "UPDATE OR REPLACE t SET u = 7 WHERE id = 9",
    "UPDATE t SET id = id + 1000",
    "DELETE FROM t WHERE id < 250",
    "DELETE FROM t",
    "BEGIN; INSERT INTO t(tags) VALUES ('[1]'); SELECT count(*) FROM i('1'); COMMIT",
    "BEGIN; DELETE FROM t WHERE id < 9; SAVEPOINT s; UPDATE t SET tags = '[1]' WHERE id < 20;"
    " ROLLBACK TO s; COMMIT",
    "INSERT INTO i(i) VALUES ('rebuild')",
    "INSERT INTO i(i) VALUES ('optimize')",
    "INSERT INTO i(i) VALUES ('merge=5')",
    "INSERT INTO i(i) VALUES ('integrity-check')",
    "CREATE VIRTUAL TABLE j USING array_index(t, tags)",
    "ALTER TABLE i RENAME TO k; ALTER TABLE k RENAME TO i",
    "DROP TABLE i",
};

/* The table as text, the caller's to free */
static char *contents(sqlite3 *db) {
    sqlite3_stmt *row = unit_prepare(db, "SELECT group_concat(id || ' ' || quote(tags))"
                                         " FROM (SELECT id, tags FROM t ORDER BY id)");
    if (sqlite3_step(row) != SQLITE_ROW)
        unit_bail_out("no row");
    char *text = sqlite3_mprintf("%s", sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return text;
}

/* The index answers as its table; or there is none. */
static bool is_right(sqlite3 *db) {
    if (unit_integer(db, "SELECT count(*) FROM sqlite_master WHERE name = 'i'") == 0)
        return true;
    return sqlite3_exec(db, "INSERT INTO i(i) VALUES ('integrity-check')", NULL, NULL, NULL) ==
           SQLITE_OK;
}

/* How many requests were refused; *rc: what the statement gave */
static long try_once(const char *sql, long nth, bool for_good, int *rc, bool *right) {
    sqlite3 *db = unit_open(":memory:");
    unit_exec(db, setup);
    char *before = contents(db);
    unit_memory_fail(nth, for_good);
    *rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    const long refused = unit_memory.refused;
    unit_memory_fail(0, false);
    if (!sqlite3_get_autocommit(db))
        unit_exec(db, "ROLLBACK");
    *right = is_right(db);
    if (*rc != SQLITE_OK && strstr(sql, ";") == NULL) { /* nothing has changed */
        char *after = contents(db);
        *right = *right && strcmp(before, after) == 0;
        sqlite3_free(after);
    }
    if (!*right)
        printf("# %s\n", sqlite3_errmsg(db));
    sqlite3_free(before);
    if (sqlite3_close(db) != SQLITE_OK)
        unit_bail_out("a statement is left");
    return refused;
}

int main(void) {
    const char *given = getenv("STRIDE");
    const long stride = given != NULL ? strtol(given, NULL, 10) : unit_thorough() ? 61 : 401;
    unit_memory_install();
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        long points = 0, wrong = 0;
        int rc;
        bool right;
        const long live = unit_memory.live;
        (void)try_once(statements[i], 0, false, &rc, &right);
        if (rc != SQLITE_OK || !right)
            wrong++;
        for (int for_good = 0; for_good < 2; for_good++) {
            for (long n = 1 + (long)i % stride;; n += stride, points++) {
                if (try_once(statements[i], n, for_good, &rc, &right) == 0)
                    break;
                if ((rc != SQLITE_OK && rc != SQLITE_NOMEM) || !right) {
                    if (++wrong < 4)
                        printf("# allocation %ld%s: code %d\n", n, for_good ? " and on" : "", rc);
                }
            }
        }
        ok(wrong == 0, "%ld points, %ld wrong: %s", points, wrong, statements[i]);
        eq_int(unit_memory.live, live, "nothing is left");
    }
    return done();
}
