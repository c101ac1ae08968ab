-- array_store: columns compared with lists of values, of every width, against an ordinary table.
SELECT plan(5);
CREATE VIRTUAL TABLE t USING array_store(a1, a2, a4, a8, walk, chunk=2500);
CREATE TABLE plain(id INTEGER PRIMARY KEY, a1 INTEGER, a2 INTEGER, a4 INTEGER, a8 INTEGER, walk INTEGER);
INSERT INTO t VALUES (array_random(6000, -128, 127, 1), array_random(6000, -32768, 32767, 2),
    array_random(6000, -2147483648, 2147483647, 3),
    array_random(6000, -9223372036854775808, 9223372036854775807, 4), array_cumsum(array_random(6000, 1, 9, 5)));
-- The extremes of each width
UPDATE t SET a1 = -128, a2 = -32768, a4 = -2147483648, a8 = -9223372036854775808 WHERE rowid = 77;
UPDATE t SET a1 = 127, a2 = 32767, a4 = 2147483647, a8 = 9223372036854775807 WHERE rowid = 78;
INSERT INTO plain SELECT rowid, * FROM t;

-- Lists of n values: half of them occur; in every other list are extremes, and values that fit few columns
CREATE TABLE lists AS
WITH lengths(n) AS (VALUES (1), (2), (8), (9), (32), (33), (64), (65), (256), (257), (1024), (3000)),
    columns(name, a) AS (SELECT 'a1', array_agg(a1) FROM plain UNION ALL SELECT 'a2', array_agg(a2) FROM plain
    UNION ALL SELECT 'a4', array_agg(a4) FROM plain UNION ALL SELECT 'a8', array_agg(a8) FROM plain
    UNION ALL SELECT 'walk', array_agg(walk) FROM plain UNION ALL SELECT 'id', array_agg(id) FROM plain)
SELECT n, name, array_union(array_sample(a, (n + 1) / 2, n), array_random(n / 2, -1000000, 1000000, n),
    iif(n % 2 = 0, '[-129,-128,127,128,-32768,32767,32768,-2147483649,-2147483648,2147483647,2147483648,' ||
        '-9223372036854775808,9223372036854775807]', '[]')) AS list FROM lengths, columns;

CREATE VIEW answers AS SELECT n, name, CASE name
    WHEN 'a1' THEN (SELECT array_agg(rowid) FROM t WHERE a1 IN (SELECT value FROM array_each(list)))
    WHEN 'a2' THEN (SELECT array_agg(rowid) FROM t WHERE a2 IN (SELECT value FROM array_each(list)))
    WHEN 'a4' THEN (SELECT array_agg(rowid) FROM t WHERE a4 IN (SELECT value FROM array_each(list)))
    WHEN 'a8' THEN (SELECT array_agg(rowid) FROM t WHERE a8 IN (SELECT value FROM array_each(list)))
    WHEN 'walk' THEN (SELECT array_agg(rowid) FROM t WHERE walk IN (SELECT value FROM array_each(list)))
    ELSE (SELECT array_agg(rowid) FROM t WHERE rowid IN (SELECT value FROM array_each(list))) END AS ours,
  (SELECT array_agg(id) FROM plain WHERE array_contains(list, CASE name WHEN 'a1' THEN a1 WHEN 'a2' THEN a2
      WHEN 'a4' THEN a4 WHEN 'a8' THEN a8 WHEN 'walk' THEN walk ELSE id END)) AS theirs FROM lists;
SELECT eq((SELECT group_concat(n || ' ' || name) FROM answers WHERE ours <> theirs), NULL, 'packed chunks');
SELECT ok((SELECT min(array_length(ours)) FROM answers) > 0, 'each list has values that occur');

-- The open chunk, which is plain, and rowids with gaps
BEGIN;
DELETE FROM t WHERE rowid % 7 = 3;
DELETE FROM plain WHERE id % 7 = 3;
UPDATE t SET a2 = a2 / 2 WHERE rowid > 5500;
UPDATE plain SET a2 = a2 / 2 WHERE id > 5500;
SELECT eq((SELECT group_concat(n || ' ' || name) FROM answers WHERE ours <> theirs), NULL, 'rows of this transaction');
COMMIT;
SELECT eq((SELECT group_concat(n || ' ' || name) FROM answers WHERE ours <> theirs), NULL, 'rowids with gaps');
SELECT eq((SELECT array_agg(rowid) FROM t WHERE a1 IN (1, 2, 3, 500) AND a2 IN (SELECT a2 FROM plain WHERE id % 3)),
    (SELECT array_agg(id) FROM plain WHERE a1 IN (1, 2, 3, 500) AND +a2 IN (SELECT a2 FROM plain WHERE id % 3)),
    'two lists');
SELECT done();
