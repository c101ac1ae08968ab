/*
** Random transactions on a table with an index, a(id, slug, tags) and i, each of which notes its
** number in `done`: for tests in which they fail or their process ends. Whatever happened, the
** index is that of its table afterwards.
*/
#ifndef SQA_INDEX_TRANSACTIONS_H
#define SQA_INDEX_TRANSACTIONS_H

#include "../store/helpers.h"

/* ?1 is a key, ?2 a value, ?3 a small number. */
static const char *const index_writes[] = {
    "INSERT INTO a(tags) VALUES (array_of(?2, ?3, 7))",
    "INSERT OR REPLACE INTO a(id, slug, tags) VALUES (?1, ?3, array_of(?2, 8))",
    "INSERT OR REPLACE INTO a(slug, tags) SELECT value, array_of(?2, value) FROM"
    " array_each(array_series(1, ?3))",
    "INSERT OR IGNORE INTO a(id, tags) SELECT ?1 + value * 3, array_series(value, value + 4) FROM"
    " array_each(array_series(1, ?3))",
    "UPDATE a SET tags = array_of(?2, 9) WHERE id = ?1",
    "UPDATE a SET tags = array_append(tags, ?2) WHERE id BETWEEN ?1 AND ?1 + ?3",
    "UPDATE a SET tags = NULL WHERE id BETWEEN ?1 AND ?1 + ?3 / 3",
    "UPDATE OR REPLACE a SET id = id + ?3 WHERE id = ?1",
    "UPDATE OR REPLACE a SET slug = ?3 WHERE id = ?1",
    "DELETE FROM a WHERE id BETWEEN ?1 AND ?1 + ?3",
    "DELETE FROM a WHERE id IN i(CAST(?2 AS TEXT)) AND id < ?1",
    "INSERT INTO i(i) VALUES (iif(?3 % 2, 'optimize', 'merge=2'))",
    "INSERT INTO i(i) SELECT 'rebuild' WHERE ?3 = 5",
    "SELECT count(*) FROM i('7 & !9') WHERE id > ?1",
};
enum { INDEX_WRITES = sizeof index_writes / sizeof index_writes[0] };

SQA_UNIT_SHARED int index_write(sqlite3 *db) {
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db, index_writes[unit_below(INDEX_WRITES)], -1, &statement, NULL);
    const int64_t key = 1 + unit_below(300),
                  value = unit_below(unit_below(3) + 1) * 1000 + unit_below(12),
                  number = unit_below(25);
    if (rc == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, key);
        if (sqlite3_bind_parameter_count(statement) > 1)
            sqlite3_bind_int64(statement, 2, value);
        if (sqlite3_bind_parameter_count(statement) > 2)
            sqlite3_bind_int64(statement, 3, number);
        while (sqlite3_step(statement) == SQLITE_ROW)
            ;
        rc = sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    return rc;
}

/* The kth transaction; rolls back where it fails. */
SQA_UNIT_SHARED int index_transaction(sqlite3 *db, int64_t k) {
    const int64_t n = 1 + unit_below(5);
    int rc = unit_try(db, "BEGIN");
    for (int64_t i = 0; rc == SQLITE_OK && i < n; i++) {
        const bool has_savepoint = unit_below(4) == 0, is_kept = unit_below(2) == 0;
        if (has_savepoint)
            rc = unit_try(db, "SAVEPOINT s");
        if (rc == SQLITE_OK)
            rc = index_write(db);
        if (rc == SQLITE_OK && has_savepoint)
            rc = unit_try(db, is_kept ? "RELEASE s" : "ROLLBACK TO s; RELEASE s");
    }
    if (rc == SQLITE_OK)
        rc = unit_try(db, "INSERT INTO done VALUES (%lld)", (long long)k);
    if (rc == SQLITE_OK)
        rc = unit_try(db, "COMMIT");
    return rc;
}

SQA_UNIT_SHARED void index_create(sqlite3 *db, const char *options) {
    unit_must(db,
              "CREATE TABLE done(k INTEGER PRIMARY KEY);"
              "CREATE TABLE a(id INTEGER PRIMARY KEY, slug UNIQUE, tags);"
              "INSERT INTO a(id, tags) SELECT value, array_of(value %% 7, value %% 10, value / 9)"
              " FROM array_each(array_series(1, 150));"
              "CREATE VIRTUAL TABLE i USING array_index(a, tags%s)",
              options);
}

SQA_UNIT_SHARED int64_t index_done(sqlite3 *db) {
    return unit_integer(db, "SELECT ifnull(max(k), 0) FROM done");
}

/* Is the index that of the table, list for list, and the database sound? */
SQA_UNIT_SHARED bool index_is_sound(sqlite3 *db) {
    const char *const lists = unit_answer(
        db, "SELECT DISTINCT e.value, a.id FROM a, array_each(a.tags) AS e EXCEPT"
            " SELECT value, x.id FROM i_values CROSS JOIN i(CAST(value AS TEXT)) AS x"
            " UNION ALL SELECT * FROM (SELECT value, x.id FROM i_values CROSS JOIN i(CAST(value AS "
            "TEXT)) AS x"
            " EXCEPT SELECT e.value, a.id FROM a, array_each(a.tags) AS e)");
    const char *const rows =
        unit_answer(db, "SELECT (SELECT array_hash(array_agg(id)) FROM (SELECT id FROM a WHERE "
                        "tags NOT NULL ORDER BY id)) = "
                        "(SELECT array_hash(array_agg(id)) FROM i)");
    const bool same = lists[0] == '\0' && strcmp(rows, "1") == 0;
    if (!same)
        printf("# lists that differ: %.300s; rows: %s\n", lists, rows);
    return unit_sound(db, "i") && same;
}

#endif
