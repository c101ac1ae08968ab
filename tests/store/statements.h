/*
** What the model test runs on both sides: a store x(a, b, c) and a table of the same name. To try
** more, add a line.
*/
#ifndef SQA_STORE_STATEMENTS_H
#define SQA_STORE_STATEMENTS_H

#include <stddef.h>

/*
** What is run on both sides. A "%s" stands for a conflict clause. The first letter of a parameter's
** name says what it is: r a rowid, v a value, n a small number, o any SQL value at all, i the same
** with rowids for integers, w with no text that is a number, A an array, all of one step of the
** same length. (A STRICT table does not undo what precedes a value of the wrong type under a
** conflict clause other than ABORT: statements of many rows that may come to one have none.)
*/
static const struct statement {
    int weight;
    const char *sql, *table_sql; /* for the table, where it is not the same */
} statements[] = {
    /* INSERT */
    {60, "INSERT %sINTO x(a, b, c) VALUES (:v1, :v2, :v3)", NULL},
    {20, "INSERT %sINTO x VALUES (:v1, :v2, :v3), (:v4, :v5, :v6), (:v7, :v8, :v9)", NULL},
    {40, "INSERT %sINTO x(rowid, a, b, c) VALUES (:r1, :v1, :v2, :v3)", NULL},
    {20,
     "INSERT %sINTO x(rowid, c, b, a) VALUES (:r1, 1, 2, :v1), (NULL, :v2, 4, 5), (:r2, 6, 7, :v3)",
     NULL},
    {15,
     "INSERT %sINTO x(rowid, a, b, c) SELECT value + :r1, value, :v1, value %% 7"
     " FROM array_each(array_series(1, :n1))",
     NULL},
    {10,
     "INSERT %sINTO x(rowid, a, b, c) SELECT :r1 - value, :v1, value, -value"
     " FROM array_each(array_series(1, :n1))",
     NULL},
    {15,
     "INSERT %sINTO x(rowid, a, b, c) SELECT :r1 + (value * 37) %% 50, :v1, value, 0"
     " FROM array_each(array_series(1, :n1))",
     NULL},
    {10,
     "INSERT %sINTO x(a, b, c) SELECT c, a, rowid FROM x WHERE b > :v1 ORDER BY rowid LIMIT :n1",
     NULL},
    {10,
     "INSERT %sINTO x(rowid, a, b, c) SELECT rowid + :n2, a, b, c FROM x WHERE rowid > :r1"
     " ORDER BY rowid LIMIT :n1",
     NULL},
    {15, "INSERT %sINTO x(a, b, c) VALUES (:v1, :w1, :v2)", NULL},
    {10, "INSERT %sINTO x(a, b, c) VALUES (:v1, 1, 2), (:v2, :v3, NULL), (:v4, 1, 2)", NULL},
    {5, "INSERT %sINTO x(rowid, a, b, c) VALUES (:i1, 1, 2, 3)", NULL},
    {3, "INSERT INTO x DEFAULT VALUES", NULL},
    {40, "INSERT %sINTO x(a, b, c) VALUES (:A1, :A2, :A3)",
     "INSERT %sINTO x(a, b, c) SELECT a, b, c FROM array_zip(:A1, :A2, :A3)"},
    /* UPDATE */
    {40, "UPDATE %sx SET a = :v1 WHERE rowid = :r1", NULL},
    {20, "UPDATE %sx SET b = :v1, c = b WHERE rowid BETWEEN :r1 AND :r1 + :n1", NULL},
    {15, "UPDATE %sx SET a = ~a, b = :v1 WHERE a BETWEEN :v2 AND :v3", NULL},
    {5, "UPDATE %sx SET c = ~c WHERE b < :v1 OR rowid > :r1", NULL},
    {5, "UPDATE x SET c = -c WHERE b < :v1 OR rowid > :r1", NULL}, /* may overflow */
    {5, "UPDATE x SET a = a + 1, b = b - 1 WHERE a BETWEEN :v2 AND :v3", NULL},
    {5, "UPDATE x SET a = b, b = a", NULL},
    {5, "UPDATE x SET c = rowid %% 100", NULL},
    {15, "UPDATE %sx SET b = :w1 WHERE rowid = :r1", NULL},
    {5, "UPDATE %sx SET b = CASE WHEN a %% 3 = 0 THEN NULL ELSE 7 END WHERE rowid > :r1", NULL},
    {30, "UPDATE %sx SET rowid = :r1 WHERE rowid = :r2", NULL},
    {20, "UPDATE %sx SET rowid = :r1, a = :v1, c = a WHERE rowid = :r2", NULL},
    {10, "UPDATE %sx SET rowid = rowid + 1000 WHERE rowid BETWEEN :r1 AND :r1 + :n1", NULL},
    {5, "UPDATE %sx SET rowid = rowid - 1000, b = ~b WHERE rowid BETWEEN :r1 AND :r1 + :n1", NULL},
    {5, "UPDATE x SET rowid = rowid + 1 WHERE rowid BETWEEN :r1 AND :r1 + :n1", NULL},
    {5, "UPDATE OR FAIL x SET rowid = rowid - 1 WHERE rowid BETWEEN :r1 AND :r1 + :n1", NULL},
    {5, "UPDATE OR IGNORE x SET rowid = rowid + 3 WHERE rowid > :r1", NULL},
    /* DELETE */
    {40, "DELETE FROM x WHERE rowid = :r1", NULL},
    {10, "DELETE FROM x WHERE rowid BETWEEN :r1 AND :r1 + :n1", NULL},
    {5, "DELETE FROM x WHERE a = :v1", NULL},
    {4, "DELETE FROM x WHERE a %% 5 = 0 AND b > :v1 AND rowid < :r1", NULL},
    {2, "DELETE FROM x WHERE rowid IN (SELECT rowid FROM x ORDER BY a, rowid LIMIT :n1)", NULL},
    {1, "DELETE FROM x WHERE rowid > :r1", NULL},
    {1, "DELETE FROM x", NULL},
    /* Triggers of an ordinary table that write to x: see create(). */
    {15, "INSERT %sINTO written(k, v) VALUES (:r1, :v1)", NULL},
    {5, "INSERT %sINTO written(k, v) VALUES (:r1, 1), (:r2, 2), (:r3, :n1)", NULL},
    {5, "UPDATE %swritten SET v = :v1 WHERE k <= :r1", NULL},
    {5, "DELETE FROM written WHERE k > :r1", NULL},
    /* Transactions */
    {15, "BEGIN", NULL},
    {10, "COMMIT", NULL},
    {4, "ROLLBACK", NULL},
    {10, "SAVEPOINT p", NULL},
    {10, "SAVEPOINT q", NULL},
    {7, "ROLLBACK TO p", NULL},
    {7, "ROLLBACK TO q", NULL},
    {6, "RELEASE p", NULL},
    {6, "RELEASE q", NULL},
    /* What is for the store alone */
    {4, "INSERT INTO x(x) VALUES ('optimize')", "SELECT 0 WHERE 0"},
    {4, "INSERT INTO x(x) VALUES ('merge=' || (:n1 + 1))", "SELECT 0 WHERE 0"},
    {4, "INSERT INTO x(x) VALUES ('integrity-check')", "SELECT 0 WHERE 0"},
    /* Queries */
    {15, "SELECT rowid, a, b FROM x WHERE rowid BETWEEN :r1 AND :r2", NULL},
    {15, "SELECT rowid, c FROM x WHERE rowid > :r1 ORDER BY rowid DESC LIMIT :n1", NULL},
    {10, "SELECT *, rowid FROM x WHERE rowid = :r1", NULL},
    {10, "SELECT rowid FROM x WHERE a = :v1 ORDER BY rowid", NULL},
    {10, "SELECT rowid, b, c FROM x ORDER BY a, rowid LIMIT :n1", NULL},
    {10, "SELECT b FROM x WHERE a > :v1 ORDER BY b DESC LIMIT :n1 OFFSET 3", NULL},
    {5, "SELECT (SELECT min(a) FROM x), (SELECT max(b) FROM x WHERE c < :v1)", NULL},
    {15,
     "SELECT rowid, b FROM x WHERE a BETWEEN :v1 AND :v2 AND b >= :v3 AND rowid < :r1"
     " ORDER BY rowid DESC",
     NULL},
    {10, "SELECT rowid, a FROM x WHERE a IN (:v1, :v2, :v3, :o1) ORDER BY rowid", NULL},
    {5, "SELECT rowid, a FROM x WHERE a IN (SELECT b FROM x) AND c NOT IN (:v1, 1) ORDER BY rowid",
     NULL},
    {10, "SELECT rowid, a FROM x WHERE rowid IN (:r1, :r2, :r3, :o1) ORDER BY rowid DESC", NULL},
    {10, "SELECT count(*), sum(c), min(a), max(b), avg(c) FROM x WHERE c <> :v1", NULL},
    {5, "SELECT sum(a) FROM x", NULL},
    {10, "SELECT c %% 10, count(*), max(rowid) FROM x GROUP BY 1 ORDER BY 1", NULL},
    {5,
     "SELECT p.rowid, q.rowid FROM x AS p JOIN x AS q ON p.a = q.b WHERE p.rowid < :r1"
     " ORDER BY 1, 2 LIMIT 50",
     NULL},
    {5, "SELECT k, x.a FROM written LEFT JOIN x ON x.rowid = k ORDER BY 1, 2 LIMIT 40", NULL},
    {5, "SELECT k, (SELECT max(a) FROM x WHERE rowid <= k) FROM written ORDER BY 1 LIMIT 10", NULL},
    {10, "SELECT rowid, a FROM x WHERE a > :o1 AND a <= :o2 ORDER BY rowid", NULL},
    {10, "SELECT rowid, b FROM x WHERE b >= :o1 AND b < :o2 ORDER BY rowid LIMIT :n1 OFFSET :n2",
     NULL},
    {10, "SELECT rowid FROM x WHERE a = :o1 OR b = :o2 OR rowid = :o3 ORDER BY rowid", NULL},
    {10, "SELECT rowid FROM x WHERE rowid >= :o1 AND rowid < :o2 ORDER BY rowid", NULL},
    {5, "SELECT rowid FROM x WHERE a IS :o1 OR b IS NOT :o2 ORDER BY rowid", NULL},
    {5, "SELECT rowid FROM x WHERE (a, b) > (:v1, :v2) ORDER BY rowid", NULL},
    {5, "SELECT rowid FROM x WHERE a LIKE '1%%' AND c > a + b ORDER BY rowid", NULL},
    {5, "SELECT min(rowid), max(rowid), count(DISTINCT a) FROM x", NULL},
    {5, "SELECT DISTINCT c FROM x ORDER BY c DESC LIMIT :n1", NULL},
    {5, "SELECT rowid, sum(c) OVER (ORDER BY rowid ROWS 2 PRECEDING) FROM x WHERE c < 100 LIMIT 50",
     NULL},
};

#endif
