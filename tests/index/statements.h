/*
** What unit_sql_index_scan.c runs on both sides: a table with an index, and the same table without.
** To try more, add a line.
**
** $T, $C and $I are today's names of the table, its column and the index, $t, $c and $i those that
** it may be given, $F is $I's _counts; $S is what is written to change the column: itself, or the
** JSON that it is generated from. "%s" stands for a conflict clause. The first letter of a
** parameter says what it is: k a key, a an array or NULL, A an array, v a value, q a query, s a
** word, n a small number, o any SQL value at all.
*/
#ifndef SQA_INDEX_STATEMENTS_H
#define SQA_INDEX_STATEMENTS_H

#include <stddef.h>

/* Rows of the side without an index that answer a query */
#define ANSWERS(query) "array_match($C, " query ")"

static const struct index_statement {
    int weight;
    const char *sql, *plain; /* plain: for the table without an index, where it is not the same */
} index_statements[] = {
    /* INSERT */
    {40, "INSERT %sINTO $T(id, slug, score, $S) VALUES (:k1, :s1, :n1, :a1)", NULL},
    {20, "INSERT %sINTO $T(slug, $S) VALUES (:s1, :a1), (:s2, :a2), (:s3, :a3)", NULL},
    {15, "INSERT %sINTO $T(id, u, w, $S) VALUES (:k1, :n1, :n2, :a1), (:k2, :n3, :n4, :a2)", NULL},
    {15,
     "INSERT %sINTO $T(id, $S) SELECT :k1 + value, printf('[%%d,%%d]', value %% 7, :v1)"
     " FROM array_each(array_series(1, :n1))",
     NULL},
    {10,
     "INSERT %sINTO $T(id, $S) SELECT :k1 - value * 997, :A1"
     " FROM array_each(array_series(1, :n1))",
     NULL},
    {10, "INSERT %sINTO $T(id, score, $S) VALUES (:k1, :n1, array_parse(:a1))", NULL},
    {10, "INSERT %sINTO $T(_rowid_, slug, $S) VALUES (:k1, :s1, :a1)", NULL},
    {5,
     "INSERT %sINTO $T(slug, $S) SELECT slug || 'x', $S FROM $T WHERE id > :k1 ORDER BY id LIMIT "
     ":n1",
     NULL},
    {5, "INSERT %sINTO $T(slug, $S) VALUES (:s1, :a1) RETURNING id, $C IS NULL", NULL},
    {3, "INSERT INTO $T DEFAULT VALUES", NULL},
    /* UPSERT */
    {10,
     "INSERT INTO $T(slug, $S) VALUES (:s1, :a1), (:s2, :a2) ON CONFLICT (slug)"
     " DO UPDATE SET $S = excluded.$S, score = 1",
     NULL},
    {10,
     "INSERT INTO $T(id, $S) VALUES (:k1, :a1), (:k2, :a2) ON CONFLICT (id)"
     " DO UPDATE SET id = excluded.id + :n1, $S = :a3",
     NULL},
    {5, "INSERT INTO $T(slug, u, w, $S) VALUES (:s1, :n1, :n2, :a1) ON CONFLICT DO NOTHING", NULL},
    {5,
     "INSERT OR REPLACE INTO $T(id, slug, $S) VALUES (:k1, :s1, :a1), (:k2, :s2, :a2) ON CONFLICT "
     "(slug) DO UPDATE SET $S = :a3",
     NULL},
    /* UPDATE */
    {30, "UPDATE %s$T SET $S = :a1 WHERE id = :k1", NULL},
    {15, "UPDATE %s$T SET $S = :a1 WHERE id BETWEEN :k1 AND :k1 + :n1", NULL},
    {15, "UPDATE %s$T SET id = :k1 WHERE id = :k2", NULL},
    {10, "UPDATE %s$T SET id = :k1, $S = :a1, slug = :s1 WHERE id = :k2", NULL},
    {5, "UPDATE %s$T SET rowid = :k1 WHERE id = :k2", NULL},
    {5, "UPDATE %s$T SET oid = _rowid_ + 1, $S = :a1 WHERE id BETWEEN :k1 AND :k1 + :n1", NULL},
    {5, "UPDATE %s$T SET id = id - 70000 WHERE id > :k1 AND id < :k1 + :n1", NULL},
    {15, "UPDATE %s$T SET slug = :s1 WHERE id BETWEEN :k1 AND :k1 + :n1", NULL},
    {15, "UPDATE %s$T SET u = :n1, w = :n2 WHERE id BETWEEN :k1 AND :k1 + :n1", NULL},
    {10, "UPDATE %s$T SET half = :n2 * 2 WHERE id BETWEEN :k1 AND :k1 + :n1", NULL},
    {5, "UPDATE %s$T SET w = w + 1, $S = NULL WHERE u = :n1", NULL},
    {5, "UPDATE $T SET score = score + 1 WHERE id > :k1", NULL},
    {5, "UPDATE $T SET $S = CASE WHEN id %% 3 = 0 THEN NULL ELSE :a1 END WHERE id > :k1", NULL},
    {10, "UPDATE %s$T SET $S = :a1, slug = :s1 WHERE id IN (SELECT id FROM $I(:q1) LIMIT :n1)",
     "UPDATE %s$T SET $S = :a1, slug = :s1 WHERE id IN (SELECT id FROM $T WHERE " ANSWERS(
         ":q1") " ORDER BY id LIMIT :n1)"},
    {5, "UPDATE $T SET $S = :a1 WHERE id IN $I(:q1) RETURNING score",
     "UPDATE $T SET $S = :a1 WHERE " ANSWERS(":q1") " RETURNING score"},
    /* DELETE */
    {20, "DELETE FROM $T WHERE id = :k1", NULL},
    {10, "DELETE FROM $T WHERE id BETWEEN :k1 AND :k1 + :n1", NULL},
    {4, "DELETE FROM $T WHERE id IN $I(:q1) AND id < :k1",
     "DELETE FROM $T WHERE " ANSWERS(":q1") " AND id < :k1"},
    {2, "DELETE FROM $T WHERE id > :k1", NULL},
    {1, "DELETE FROM $T", NULL},
    /* A foreign key of the table to itself, and triggers of another */
    {8, "UPDATE $T SET parent = :k1 WHERE id = :k2", NULL},
    {10, "INSERT INTO other(k, a, s) VALUES (:k1, :a1, :s1)", NULL},
    {5, "UPDATE other SET a = :a1 WHERE k <= :k1", NULL},
    /* Transactions */
    {20, "BEGIN", NULL},
    {14, "COMMIT", NULL},
    {5, "ROLLBACK", NULL},
    {12, "SAVEPOINT p", NULL},
    {12, "SAVEPOINT q", NULL},
    {9, "ROLLBACK TO p", NULL},
    {9, "ROLLBACK TO q", NULL},
    {6, "RELEASE p", NULL},
    {6, "RELEASE q", NULL},
    /* The schema */
    {2, "ALTER TABLE $T RENAME TO $t", NULL},
    {2, "ALTER TABLE $T RENAME COLUMN $C TO $c", NULL},
    {2, "ALTER TABLE $T ADD COLUMN extra", NULL},
    {2, "ALTER TABLE $T DROP COLUMN extra", NULL},
    {2, "ALTER TABLE $I RENAME TO $i", "SELECT 0 WHERE 0"},
    {2, "DROP TABLE $I; CREATE VIRTUAL TABLE $I USING array_index($T, $C, block=64, log=16)",
     "SELECT 0 WHERE 0"},
    {1, "CREATE TABLE more(x)", NULL},
    {1, "DROP TABLE more", NULL},
    {2, "PRAGMA recursive_triggers = on", NULL},
    {2, "PRAGMA recursive_triggers = off", NULL},
    {1, "VACUUM", NULL},
    /* Commands */
    {4, "INSERT INTO $I($I) VALUES ('optimize')", "SELECT 0 WHERE 0"},
    {4, "INSERT INTO $I($I) VALUES ('merge=' || (:n1 + 1))", "SELECT 0 WHERE 0"},
    {4, "INSERT INTO $I($I) VALUES ('integrity-check')", "SELECT 0 WHERE 0"},
    {2, "INSERT INTO $I($I) VALUES ('rebuild')", "SELECT 0 WHERE 0"},
    /* Queries: each way to ask */
    {20, "SELECT id FROM $I(:q1)", "SELECT id FROM $T WHERE " ANSWERS(":q1") " ORDER BY id"},
    {10, "SELECT id FROM $I(:q1) ORDER BY id DESC LIMIT :n1",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " ORDER BY id DESC LIMIT :n1"},
    {10, "SELECT id FROM $I(:q1) WHERE id > :k1 ORDER BY id LIMIT :n1",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND id > :k1 ORDER BY id LIMIT :n1"},
    {10, "SELECT id FROM $I(:q1) WHERE id BETWEEN :k1 AND :k2 ORDER BY id DESC",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND id BETWEEN :k1 AND :k2 ORDER BY id DESC"},
    {10, "SELECT id FROM $I(:q1) WHERE id IN (:k1, :k2, :k3, :o1) ORDER BY id",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND id IN (:k1, :k2, :k3, :o1) ORDER BY id"},
    {5, "SELECT id FROM $I(:q1) WHERE id = :o1",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND id = :o1"},
    {10, "SELECT id FROM $I(:q1) WHERE id >= :o1 AND id < :o2 ORDER BY id LIMIT :n1 OFFSET :n2",
     "SELECT id FROM $T WHERE " ANSWERS(
         ":q1") " AND id >= :o1 AND id < :o2 ORDER BY id LIMIT :n1 OFFSET :n2"},
    {5, "SELECT id FROM $I(:q1) WHERE id NOT IN (:k1, :k2) AND id <> :k3 AND rowid IS NOT :o1",
     "SELECT id FROM $T WHERE " ANSWERS(
         ":q1") " AND id NOT IN (:k1, :k2) AND id <> :k3 AND rowid IS NOT :o1 ORDER BY id"},
    {10, "SELECT id FROM $I(:A1)",
     "SELECT id FROM $T WHERE array_contains_all($C, :A1) ORDER BY id"},
    {10, "SELECT id FROM $T WHERE id IN $I(:q1) AND score > :n1 ORDER BY id",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND score > :n1 ORDER BY id"},
    {5, "SELECT id FROM $T WHERE id NOT IN $I(:q1) ORDER BY id",
     "SELECT id FROM $T WHERE NOT ifnull(" ANSWERS(":q1") ", 0) ORDER BY id"},
    {10, "SELECT id, score FROM $I(:q1) JOIN $T USING (id) ORDER BY id DESC LIMIT :n1",
     "SELECT id, score FROM $T WHERE " ANSWERS(":q1") " ORDER BY id DESC LIMIT :n1"},
    {10, "SELECT id FROM $I WHERE $I MATCH :q1 AND rowid <= :k1 ORDER BY rowid",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND rowid <= :k1 ORDER BY rowid"},
    {5, "SELECT id FROM $I WHERE $I MATCH :q1 OR $I = :q2 ORDER BY id",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " OR " ANSWERS(":q2") " ORDER BY id"},
    {5, "SELECT id FROM $I(:q1) WHERE $I MATCH :q2 ORDER BY id DESC",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " AND " ANSWERS(":q2") " ORDER BY id DESC"},
    {10, "SELECT id FROM $I AS x WHERE array_contains(x.$C, :v1) ORDER BY 1",
     "SELECT id FROM $T WHERE array_contains($C, :v1) ORDER BY 1"},
    {10,
     "SELECT id FROM $I AS x WHERE array_contains_all(x.$C, :A1) AND NOT array_contains(x.$C, :v1) "
     "ORDER BY 1",
     "SELECT id FROM $T WHERE array_contains_all($C, :A1) AND NOT array_contains($C, :v1) "
     "ORDER BY 1"},
    {10,
     "SELECT id FROM $I AS x WHERE array_contains_any(x.$C, :A1) AND array_match(x.$C, :q1)"
     " AND id > :k1 ORDER BY 1 DESC LIMIT :n1",
     "SELECT id FROM $T WHERE array_contains_any($C, :A1) AND array_match($C, :q1)"
     " AND id > :k1 ORDER BY 1 DESC LIMIT :n1"},
    {5,
     "SELECT id FROM $I AS x WHERE array_contains_any(x.$C, :A1) OR array_contains(x.$C, :v1) "
     "ORDER BY 1",
     "SELECT id FROM $T WHERE array_contains_any($C, :A1) OR array_contains($C, :v1) ORDER BY 1"},
    {5, "SELECT id, array_to_json(x.$C) FROM $I(:q1) AS x WHERE array_length(x.$C) > 1 ORDER BY id",
     "SELECT id, array_to_json($C) FROM $T WHERE " ANSWERS(
         ":q1") " AND array_length($C) > 1 ORDER BY id"},
    {10, "SELECT count(*), min(id), max(id) FROM $I(:q1)",
     "SELECT count(*), min(id), max(id) FROM $T WHERE " ANSWERS(":q1")},
    {5, "SELECT id FROM $I ORDER BY id DESC LIMIT :n1",
     "SELECT id FROM $T WHERE $C NOT NULL ORDER BY id DESC LIMIT :n1"},
    /* joins in either order */
    {5, "SELECT a.id FROM $T AS a CROSS JOIN $I(:q1) AS x ON x.id = a.id ORDER BY 1",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " ORDER BY 1"},
    {5, "SELECT a.id FROM $I(:q1) AS x CROSS JOIN $T AS a ON x.id = a.id ORDER BY 1",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " ORDER BY 1"},
    {5,
     "SELECT id, score FROM $I(:q1) JOIN $I(:q2) USING (id) JOIN $T USING (id) WHERE id < :k1 "
     "ORDER "
     "BY id",
     "SELECT id, score FROM $T WHERE " ANSWERS(":q1") " AND " ANSWERS(
         ":q2") " AND id < :k1 ORDER BY id"},
    {5, "SELECT a.id, x.id FROM $T AS a LEFT JOIN $I AS x ON x.id = a.id AND x.$I = :q1 ORDER BY 1",
     "SELECT id, iif(" ANSWERS(":q1") ", id, NULL) FROM $T ORDER BY 1"},
    {5,
     "SELECT id FROM $T AS a WHERE EXISTS (SELECT 1 FROM $I(:q1) AS x WHERE x.id = a.id) ORDER BY "
     "1",
     "SELECT id FROM $T WHERE " ANSWERS(":q1") " ORDER BY 1"},
    {5,
     "SELECT id FROM $T AS a WHERE NOT EXISTS (SELECT 1 FROM $I AS x WHERE x.$I MATCH :q1 AND x.id "
     "= "
     "a.id) AND $C NOT NULL ORDER BY 1",
     "SELECT id FROM $T WHERE NOT ifnull(" ANSWERS(":q1") ", 0) AND $C NOT NULL ORDER BY 1"},
    {5,
     "SELECT n.value, (SELECT count(*) FROM $I(CAST(n.value AS TEXT))) FROM array_each(:A1) AS n",
     "SELECT n.value, (SELECT count(*) FROM $T WHERE array_contains($C, n.value)) FROM "
     "array_each(:A1) AS n"},
    {3,
     "SELECT n.value, count(x.id) FROM array_each(:A1) AS n LEFT JOIN $I AS x ON "
     "array_contains(x.$C, n.value) GROUP BY 1 ORDER BY 1",
     "SELECT n.value, count(x.id) FROM array_each(:A1) AS n LEFT JOIN $T AS x ON "
     "array_contains(x.$C, n.value) GROUP BY 1 ORDER BY 1"},
    /* facets */
    {5, "SELECT value, count FROM $F(:q1) ORDER BY value",
     "SELECT e.value, count(DISTINCT a.id) FROM $T AS a, array_each(a.$C) AS e WHERE "
     "array_match(a.$C, :q1) GROUP BY 1 ORDER BY 1"},
    {5, "SELECT value, count FROM $F ORDER BY count DESC, value LIMIT :n1",
     "SELECT e.value, count(DISTINCT a.id) AS c FROM $T AS a, array_each(a.$C) AS e GROUP BY 1 "
     "ORDER "
     "BY c DESC, 1 LIMIT :n1"},
};

#endif
