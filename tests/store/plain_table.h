/*
** A store x and a plain table with the same rows in one database. Random transactions write to
** both; whatever happens to one of them, the two are the same afterwards, and `done` says which
** were committed.
*/
#ifndef SQA_STORE_PLAIN_TABLE_H
#define SQA_STORE_PLAIN_TABLE_H

#include "helpers.h"

/*
** Statements for the store and the plain table; one text with "%s" where they differ only by name.
** ?1 is a rowid, ?2 a value, ?3 a small number.
*/
static const struct plain_write {
    const char *store, *plain;
} plain_writes[] = {
    {"INSERT INTO %s(a, b) VALUES (?1, ?2)", NULL},
    {"INSERT INTO %s(a, b) SELECT value, ?2 FROM array_each(array_series(1, ?3))", NULL},
    {"INSERT OR REPLACE INTO %s(rowid, a, b) SELECT ?1 + value * 3, ?2, value"
     " FROM array_each(array_series(1, ?3))",
     NULL},
    {"INSERT OR IGNORE INTO %s(rowid, a, b) VALUES (?1, ?2, 1), (?1 - 1, 2, ?2)", NULL},
    {"INSERT INTO x(a, b) VALUES (array_random(?3, -100, ?2, ?1), array_series(1, ?3))",
     "INSERT INTO plain(a, b) SELECT a, b FROM array_zip(array_random(?3, -100, ?2, ?1),"
     " array_series(1, ?3))"},
    {"UPDATE %s SET b = b + ?3 WHERE rowid BETWEEN ?1 AND ?1 + ?3", NULL},
    {"UPDATE %s SET a = ?2 WHERE a %% 7 = ?3 %% 7", NULL},
    {"UPDATE OR REPLACE %s SET rowid = ?1 + 1000 WHERE rowid = ?1", NULL},
    {"DELETE FROM %s WHERE rowid = ?1", NULL},
    {"DELETE FROM %s WHERE rowid BETWEEN ?1 AND ?1 + ?3", NULL},
    {"DELETE FROM %s WHERE rowid > 400", NULL},
};

#define PLAIN_WRITES (sizeof plain_writes / sizeof plain_writes[0])

SQA_UNIT_SHARED void plain_create(sqlite3 *db, long chunk) {
    unit_must(db,
              "CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=%d);"
              "CREATE TABLE plain(a INTEGER, b INTEGER);"
              "CREATE TABLE done(k INTEGER PRIMARY KEY)",
              (int)chunk);
}

/* Whether the two hold the same rows, and the store is sound. */
SQA_UNIT_SHARED bool plain_same(sqlite3 *db, bool check) {
    const char *said = unit_answer(
        db, "SELECT (SELECT count(*) FROM x) - (SELECT count(*) FROM plain), count(*) FROM"
            " (SELECT rowid, a, b FROM x EXCEPT SELECT rowid, a, b FROM plain)");
    if (strcmp(said, "0|0") != 0)
        printf("# rows too many, rows that differ: %s\n", said);
    return strcmp(said, "0|0") == 0 && (!check || unit_sound(db, "x"));
}

/* The last transaction committed. */
SQA_UNIT_SHARED int64_t plain_done(sqlite3 *db) {
    return unit_integer(db, "SELECT ifnull(max(k), 0) FROM done");
}

static int plain_write(sqlite3 *db, const char *sql, const char *table, const int64_t *numbers) {
    sqlite3_stmt *statement = NULL;
    char *text = sqlite3_mprintf(sql, table);
    int rc = text == NULL ? SQLITE_NOMEM : sqlite3_prepare_v2(db, text, -1, &statement, NULL);
    sqlite3_free(text);
    for (int i = 1; rc == SQLITE_OK && i <= sqlite3_bind_parameter_count(statement); i++)
        rc = sqlite3_bind_int64(statement, i, numbers[i - 1]);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(statement);
        rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    sqlite3_finalize(statement);
    return rc;
}

/* Whether a transaction failed between the two. */
static bool plain_halfway;

/* One statement of the list on the store, and if that succeeds on the plain table. */
SQA_UNIT_SHARED int plain_both(sqlite3 *db, size_t which) {
    const struct plain_write *w = &plain_writes[which];
    const int64_t numbers[] = {1 + unit_below(420),
                               unit_below(4) > 0 ? unit_below(100) : unit_below((int64_t)1 << 40),
                               1 + unit_below(30)};
    int rc = plain_write(db, w->store, "x", numbers);
    if (rc == SQLITE_OK) {
        rc = plain_write(db, w->plain ? w->plain : w->store, "plain", numbers);
        plain_halfway = rc != SQLITE_OK;
    }
    return rc;
}

/*
** Transaction k: random statements, some in savepoints that are rolled back. Stops where one fails.
*/
SQA_UNIT_SHARED int plain_transaction(sqlite3 *db, int64_t k) {
    char begin[100], insert[100];
    snprintf(begin, sizeof begin, "BEGIN%s", unit_below(2) ? "" : " IMMEDIATE");
    snprintf(insert, sizeof insert, "INSERT INTO done VALUES (%" PRId64 "); COMMIT", k);
    int rc = sqlite3_exec(db, begin, NULL, NULL, NULL);
    for (int64_t n = 1 + unit_below(6); rc == SQLITE_OK && n > 0; n--) {
        switch (unit_below(8)) {
        case 0:
            rc = sqlite3_exec(db, "SAVEPOINT s", NULL, NULL, NULL);
            if (rc == SQLITE_OK)
                rc = plain_both(db, (size_t)unit_below((int64_t)PLAIN_WRITES));
            if (rc == SQLITE_OK)
                rc = sqlite3_exec(db, unit_below(2) ? "ROLLBACK TO s; RELEASE s" : "RELEASE s",
                                  NULL, NULL, NULL);
            break;
        case 1:
            rc = sqlite3_exec(db, "SELECT sum(a) FROM x", NULL, NULL, NULL);
            break;
        case 2:
            rc = sqlite3_exec(db,
                              unit_below(2) ? "INSERT INTO x(x) VALUES ('optimize')"
                                            : "INSERT INTO x(x) VALUES ('merge=1')",
                              NULL, NULL, NULL);
            break;
        default:
            rc = plain_both(db, (size_t)unit_below((int64_t)PLAIN_WRITES));
        }
    }
    return rc != SQLITE_OK ? rc : sqlite3_exec(db, insert, NULL, NULL, NULL);
}

#endif
