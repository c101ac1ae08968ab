/*
** Operations on a table and its array_index, a few bytes of input each. After each of them the
** index answers as a scan of the table does. Once an operation has damaged a shadow table the
** answers are nobody's: then nothing may happen but an error.
*/
#ifndef SQA_TEST_INDEX_OPERATIONS_H
#define SQA_TEST_INDEX_OPERATIONS_H

#include "../fuzz/fuzz_sql.h"

enum { INDEX_MOST_ROWS = 5000 };

static sqlite3 *index_db;
static bool index_is_damaged;
static struct fuzz_answer index_answers[2];
static const char *index_last = ""; /* what was done before an answer that is wrong */

/* Runs a statement; SQLite's primary result code. */
static int index_ask(const char *sql, struct fuzz_answer *answer) {
    sqlite3_stmt *statement = NULL;
    answer->size = 0;
    answer->rc = sqlite3_prepare_v2(index_db, sql, -1, &statement, NULL);
    if (answer->rc == SQLITE_OK)
        fuzz_run(statement, INDEX_MOST_ROWS, false, answer);
    sqlite3_finalize(statement);
    must(answer->rc != SQLITE_MISUSE && answer->rc != SQLITE_INTERNAL &&
         answer->rc != SQLITE_NOMEM);
    return answer->rc & 0xff;
}

/* Both give the same rows. */
static void index_compare(const char *by_index, const char *by_scan) {
    struct fuzz_answer *a = &index_answers[0], *b = &index_answers[1];
    const int got = index_ask(by_index, a), expected = index_ask(by_scan, b);
    if (index_is_damaged)
        return;
    if (got != expected || a->size != b->size ||
        (a->size > 0 && memcmp(a->bytes, b->bytes, a->size) != 0)) {
        (void)fprintf(stderr, "after %s\n%s\n%s\n", index_last, by_index, by_scan);
        fuzz_show("array_index", a);
        fuzz_show("table", b);
        fuzz_fail(__FILE__, __LINE__, "the index answers as the table does");
    }
}

/* A key, mostly one of a few that many rows want */
static long long index_key(struct fuzz_input *input) {
    static const long long ends[] = {INT64_MAX, INT64_MIN, INT64_MAX - 1, 65535,
                                     65536,     -65537,    1000000};
    const unsigned b = fuzz_byte(input);
    return b < 235 ? (int)b % 60 - 15 : ends[b % (sizeof ends / sizeof *ends)];
}

static long long index_value(struct fuzz_input *input) {
    static const long long ends[] = {INT64_MAX, INT64_MIN, -5, 100000};
    const unsigned b = fuzz_byte(input);
    return b < 245 ? (int)b % 12 : ends[b % 4];
}

/* An array as an SQL literal, or NULL */
static const char *index_array(struct fuzz_input *input, char *text, size_t size) {
    const unsigned kind = fuzz_byte(input);
    const unsigned n = kind % 16 == 15 ? 30 : kind % 5;
    size_t used = (size_t)snprintf(text, size, "'[");
    if (kind % 16 == 14)
        return "NULL";
    for (unsigned i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i > 0 ? "," : "",
                                 index_value(input));
    snprintf(text + used, size - used, "]'");
    return text;
}

static void index_query(struct fuzz_input *input, unsigned depth, char *text, size_t size) {
    const unsigned kind = fuzz_below(input, 6);
    char a[300], b[300];
    if (depth == 0 || kind < 2) {
        snprintf(text, size, "%s%lld", kind == 0 ? "!" : "", index_value(input));
        return;
    }
    index_query(input, depth - 1, a, sizeof a);
    index_query(input, depth - 1, b, sizeof b);
    snprintf(text, size,
             kind == 2   ? "!(%.100s | %.100s)"
             : kind == 3 ? "(%.100s | %.100s)"
                         : "%.100s & %.100s",
             a, b);
}

/* A question in one of the ways there are. */
static void index_question(struct fuzz_input *input) {
    char query[300], array[400], a[900], b[900];
    const long long lo = index_key(input), hi = index_key(input), v = index_value(input);
    index_query(input, 2, query, sizeof query);
    const char *literal = index_array(input, array, sizeof array);
    switch (fuzz_below(input, 8)) {
    case 0:
        snprintf(a, sizeof a, "SELECT id FROM i('%s') ORDER BY id", query);
        snprintf(b, sizeof b, "SELECT id FROM t WHERE array_match(tags, '%s') ORDER BY id", query);
        break;
    case 1:
        snprintf(a, sizeof a, "SELECT id FROM i WHERE i MATCH '%s' AND id < %lld ORDER BY id DESC",
                 query, hi);
        snprintf(b, sizeof b,
                 "SELECT id FROM t WHERE array_match(tags, '%s') AND id < %lld ORDER BY id DESC",
                 query, hi);
        break;
    case 2:
        snprintf(a, sizeof a, "SELECT id, tags FROM t WHERE id IN i('%s') ORDER BY id", query);
        snprintf(b, sizeof b, "SELECT id, tags FROM t WHERE array_match(tags, '%s') ORDER BY id",
                 query);
        break;
    case 3:
        snprintf(a, sizeof a,
                 "SELECT x.id FROM i AS x WHERE array_contains_any(x.tags, %s)"
                 " AND x.id BETWEEN %lld AND %lld ORDER BY x.id LIMIT 3",
                 literal, lo, hi);
        snprintf(b, sizeof b,
                 "SELECT id FROM t WHERE array_contains_any(tags, %s)"
                 " AND id BETWEEN %lld AND %lld ORDER BY id LIMIT 3",
                 literal, lo, hi);
        break;
    case 4:
        snprintf(a, sizeof a,
                 "SELECT x.id FROM i AS x WHERE array_contains_all(x.tags, %s)"
                 " AND NOT array_contains(x.tags, %lld) ORDER BY 1",
                 literal, v);
        snprintf(b, sizeof b,
                 "SELECT id FROM t WHERE array_contains_all(tags, %s)"
                 " AND NOT array_contains(tags, %lld) ORDER BY 1",
                 literal, v);
        break;
    case 5:
        snprintf(a, sizeof a,
                 "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM i('%s') AS x WHERE x.id = t.id)"
                 " ORDER BY id",
                 query);
        snprintf(b, sizeof b, "SELECT id FROM t WHERE array_match(tags, '%s') ORDER BY id", query);
        break;
    case 6:
        snprintf(a, sizeof a, "SELECT value, count FROM i_counts('%s')", query);
        snprintf(b, sizeof b,
                 "SELECT value, count(*) FROM (SELECT DISTINCT id, value FROM t, array_each(tags)"
                 " WHERE array_match(tags, '%s')) GROUP BY 1 ORDER BY 1",
                 query);
        break;
    default:
        snprintf(a, sizeof a, "SELECT value, count FROM i_counts");
        snprintf(b, sizeof b,
                 "SELECT value, count(*) FROM (SELECT DISTINCT id, value FROM t, array_each(tags))"
                 " GROUP BY 1 ORDER BY 1");
    }
    index_compare(a, b);
}

/* Something in a row of a shadow table becomes something else. */
static void index_damage(struct fuzz_input *input) {
    static const char *const places[][2] = {
        {"values", "value"}, {"values", "n"},     {"values", "first"},
        {"values", "block"}, {"blocks", "value"}, {"blocks", "first"},
        {"blocks", "block"}, {"rows", "first"},   {"rows", "block"}};
    const char *const *place = places[fuzz_below(input, sizeof places / sizeof *places)];
    const char *column = place[1];
    const unsigned row = fuzz_below(input, 12), at = fuzz_below(input, 30), to = fuzz_byte(input);
    char change[200], sql[500];
    switch (fuzz_below(input, 5)) {
    case 0:
        snprintf(change, sizeof change, "NULL");
        break;
    case 1:
        snprintf(change, sizeof change, "%d", (int)to - 100);
        break;
    case 2:
        snprintf(change, sizeof change, "substr(%s, 1, %u)", column, at);
        break;
    case 3:
        snprintf(change, sizeof change, "x'02%02x%02x'", at, to);
        break;
    default:
        snprintf(change, sizeof change,
                 "cast(substr(%s, 1, %u) || x'%02x' || substr(%s, %u) AS BLOB)", column, at, to,
                 column, at + 2);
    }
    snprintf(sql, sizeof sql,
             "UPDATE OR IGNORE i_%s SET %s = %s WHERE rowid = (SELECT rowid FROM i_%s LIMIT 1 "
             "OFFSET %u)",
             place[0], column, change, place[0], row);
    index_is_damaged = true;
    (void)index_ask(sql, &index_answers[0]);
}

static void index_change(struct fuzz_input *input) {
    static const char *const conflicts[] = {"",        "OR IGNORE", "OR REPLACE",
                                            "OR FAIL", "OR ABORT",  "OR ROLLBACK"};
    static const char *const transactions[] = {"BEGIN",       "COMMIT",        "ROLLBACK",
                                               "SAVEPOINT p", "ROLLBACK TO p", "RELEASE p",
                                               "SAVEPOINT q", "ROLLBACK TO q", "RELEASE q"};
    static const char *const commands[] = {"optimize", "merge=2", "integrity-check", "rebuild"};
    static char sql[1500];
    char array[400], other[400];
    const char *conflict = conflicts[fuzz_below(input, 6)];
    const long long key = index_key(input), to = index_key(input);
    const int u = (int)fuzz_below(input, 40);
    const unsigned kind = fuzz_below(input, 16);
    int rc;
    if (kind < 9)
        snprintf(array, sizeof array, "%s", index_array(input, other, sizeof other));
    switch (kind) {
    case 0:
    case 1:
    case 2:
        snprintf(sql, sizeof sql, "INSERT %s INTO t(id, u, tags) VALUES (%lld, %d, %.390s)",
                 conflict, key, u, array);
        break;
    case 3:
        snprintf(sql, sizeof sql,
                 "INSERT %s INTO t(u, tags) VALUES (%d, %.390s), (%d, '[1,2]'), (%d, '[3]')",
                 conflict, u, array, u + 1, u + 2);
        break;
    case 4:
        snprintf(sql, sizeof sql,
                 "INSERT INTO t(id, u, tags) VALUES (%lld, %d, %.390s) ON CONFLICT(%s) DO %s", key,
                 u, array, u % 2 ? "id" : "u",
                 u % 3 == 0   ? "NOTHING"
                 : u % 3 == 1 ? "UPDATE SET tags = excluded.tags"
                              : "UPDATE SET id = excluded.id / 2 + 1");
        break;
    case 5:
    case 6:
        snprintf(sql, sizeof sql, "UPDATE %s t SET tags = %.390s WHERE id = %lld", conflict, array,
                 key);
        break;
    case 7:
        snprintf(sql, sizeof sql, "UPDATE %s t SET tags = %.390s, id = id + 1 WHERE id >= %lld",
                 conflict, array, key);
        break;
    case 8:
        snprintf(sql, sizeof sql, "UPDATE %s t SET u = %d WHERE id = %lld", conflict, u, key);
        break;
    case 9:
        snprintf(sql, sizeof sql, "UPDATE %s t SET id = %lld WHERE id = %lld", conflict, to, key);
        break;
    case 10:
        snprintf(sql, sizeof sql, "DELETE FROM t WHERE id = %lld", key);
        break;
    case 11:
        snprintf(sql, sizeof sql, "DELETE FROM t WHERE u %% 7 = %d", u % 7);
        break;
    case 12:
    case 13:
    case 14:
        snprintf(sql, sizeof sql, "%s", transactions[fuzz_below(input, 9)]);
        break;
    default:
        snprintf(sql, sizeof sql, "INSERT INTO i(i) VALUES ('%s')", commands[fuzz_below(input, 4)]);
        rc = index_ask(sql, &index_answers[0]);
        must(rc == SQLITE_DONE || index_is_damaged);
        index_last = sql;
        return;
    }
    /*
    ** SQLITE_FULL: the largest key is taken; SQLITE_MISMATCH: and what is behind it is no integer
    */
    rc = index_ask(sql, &index_answers[0]);
    must(rc == SQLITE_DONE || rc == SQLITE_CONSTRAINT || rc == SQLITE_ERROR || rc == SQLITE_FULL ||
         rc == SQLITE_MISMATCH || index_is_damaged);
    index_last = sql;
}

/* All operations of an input, on a new table in an empty database */
static void index_run(struct fuzz_input *input, int most) {
    char sql[300];
    const unsigned options = fuzz_byte(input);
    index_is_damaged = false;
    if (index_db == NULL)
        index_db = fuzz_open(sqa_kernels_choose(NULL)->isa);
    snprintf(sql, sizeof sql,
             "PRAGMA recursive_triggers = %u;"
             "CREATE TABLE t(id INTEGER PRIMARY KEY, u %s, tags);"
             "INSERT INTO t SELECT value, value, array_of(value %% 12, value %% 5)"
             "  FROM array_each(array_series(1, %u));"
             "CREATE VIRTUAL TABLE i USING array_index(t, tags, block=%u, log=%u)",
             options & 1, options & 2 ? "UNIQUE" : "", options & 4 ? 0 : 30,
             options & 8 ? 64 : 1000, options & 16 ? 16 : 32768);
    unit_exec(index_db, sql);
    for (int n = 0; n < most && input->size > 0; n++) {
        index_change(input);
        index_question(input);
        if (fuzz_byte(input) == 255)
            index_damage(input);
    }
    if (sqlite3_get_autocommit(index_db) == 0)
        (void)index_ask("COMMIT", &index_answers[0]);
    const int rc = index_ask("INSERT INTO i(i) VALUES ('integrity-check')", &index_answers[0]);
    must(index_is_damaged || rc == SQLITE_DONE);
    (void)sqlite3_exec(index_db, "ROLLBACK", NULL, NULL, NULL);
    unit_exec(index_db, "DROP TABLE i; DROP TABLE t");
}

#endif
