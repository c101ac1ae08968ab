-- array_store: rows found by their rowids, one by one and between writes.
SELECT plan(23);
CREATE VIRTUAL TABLE t USING array_store(a, b, chunk=100);
CREATE TABLE plain(id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);
INSERT INTO t VALUES (array_series(1, 1000), array_random(1000, -50, 50, 1));
INSERT INTO plain SELECT rowid, * FROM t;

-- What a transaction has changed is seen at once; a single row is served before it is written.
BEGIN;
UPDATE t SET b = 777 WHERE rowid = 250;
SELECT eq((SELECT b FROM t WHERE rowid = 250), 777, 'a changed row');
SELECT eq((SELECT count(*) FROM t WHERE rowid = 250 AND b = 777 AND a BETWEEN 250 AND 250), 1,
    'with further conditions');
SELECT eq((SELECT count(*) FROM t WHERE rowid = 250 AND b = 778), 0, 'that it does not meet');
SELECT eq((SELECT count(*) FROM t WHERE rowid = 250 AND b IN (1, 2, 777)), 1, 'one of some values');
SELECT eq((SELECT count(*) FROM t WHERE rowid = 250 AND b IN (1, 2)), 0, 'none of some values');
SELECT eq((SELECT count(*) FROM t WHERE rowid IN (250, 251, 750) AND b < 1000), 3, 'some rowids');
SELECT eq((SELECT b FROM t WHERE rowid >= 250 AND rowid <= 250 ORDER BY rowid DESC), 777, 'a range of one');
DELETE FROM t WHERE rowid = 251;
SELECT eq((SELECT count(*) FROM t WHERE rowid = 251), 0, 'a deleted row');
SELECT eq((SELECT count(*) FROM t WHERE rowid = 252), 1, 'the one behind it');
INSERT INTO t(rowid, a, b) VALUES (251, -1, -2);
SELECT eq(rows('SELECT rowid, * FROM t WHERE rowid = 251'), '251|-1|-2', 'a row put there again');
UPDATE t SET rowid = 5000 WHERE rowid = 251;
SELECT eq(rows('SELECT rowid, * FROM t WHERE rowid = 5000'), '5000|-1|-2', 'a row that has moved');
SELECT eq((SELECT count(*) FROM t WHERE rowid = 251), 0, 'from there');
SELECT eq((SELECT count(*) FROM t), 1000, 'rows there are now');
ROLLBACK;
SELECT eq((SELECT array_hash(array_agg(b)) FROM t), (SELECT array_hash(array_agg(b)) FROM plain), 'all is as it was');

-- Savepoints take back what was served from memory.
BEGIN;
UPDATE t SET b = 1 WHERE rowid = 10;
SAVEPOINT s;
UPDATE t SET b = 2 WHERE rowid = 10;
SELECT eq((SELECT b FROM t WHERE rowid = 10), 2, 'in a savepoint');
ROLLBACK TO s;
SELECT eq((SELECT b FROM t WHERE rowid = 10), 1, 'rolled back to it');
ROLLBACK;

-- One by one, as an application does
BEGIN;
UPDATE t SET b = b + 1 WHERE rowid = 1;   UPDATE t SET b = b + 1 WHERE rowid = 2;   UPDATE t SET b = b * 2 WHERE rowid
    = 1;
UPDATE t SET b = b + 1 WHERE rowid = 999; UPDATE t SET a = b, b = a WHERE rowid = 2; DELETE FROM t WHERE rowid = 3
    AND b > 1000;
UPDATE t SET b = 0 WHERE rowid = 12345;   DELETE FROM t WHERE rowid = -1;
COMMIT;
UPDATE plain SET b = 2 * (b + 1) WHERE id = 1;
UPDATE plain SET a = b + 1, b = a WHERE id = 2;
UPDATE plain SET b = b + 1 WHERE id = 999;
SELECT eq(rows('SELECT rowid, * FROM t'), rows('SELECT * FROM plain'), 'single updates');

-- A statement that reads rows while it changes others
UPDATE t SET b = (SELECT ifnull(max(u.b), 0) FROM t AS u WHERE u.rowid = t.rowid - 1) WHERE rowid > 990;
CREATE TABLE before AS SELECT * FROM plain;
UPDATE plain SET b = (SELECT max(u.b) FROM before AS u WHERE u.id = plain.id - 1) WHERE id > 990;
SELECT eq(rows('SELECT rowid, * FROM t'), rows('SELECT * FROM plain'), 'a subquery on the table itself');

-- Lookups in a join, near each other and far
SELECT eq((SELECT array_hash(array_agg(t.b)) FROM plain JOIN t ON t.rowid = plain.id * 7 % 1001),
          (SELECT array_hash(array_agg(u.b)) FROM plain JOIN plain AS u ON u.id = plain.id * 7 % 1001),
          'a join by rowid');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM plain JOIN t ON t.rowid = plain.a')
    LIKE '%SCAN plain%SCAN t VIRTUAL TABLE INDEX 0:rowid=?%',
          'its plan');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_each(array_series(1, 100)) AS e JOIN t ON t.rowid = e.value')
          LIKE '%SCAN e %SCAN t VIRTUAL TABLE INDEX 0:rowid=?%', 'that of a join with an array');

-- What a search reads decides: all chunks where values are scattered, so that once is enough, and one where they ascend
CREATE TABLE few(x INTEGER);
INSERT INTO few SELECT value * 500 FROM array_each(array_series(1, 200));
CREATE INDEX few_x ON few(x);
ANALYZE few;
CREATE VIRTUAL TABLE scattered USING array_store(a);
INSERT INTO scattered VALUES (array_random(100000, 1, 100000, 1));
CREATE VIRTUAL TABLE ascending USING array_store(a, chunk=1000);
INSERT INTO ascending VALUES (array_series(1, 100000));
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM few JOIN scattered AS s ON s.a = few.x')
    LIKE '%SCAN s VIRTUAL TABLE INDEX 0:%SEARCH few %',
          'scattered values are read once');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM few JOIN ascending AS s ON s.a = few.x')
    LIKE '%SCAN few%SCAN s VIRTUAL TABLE INDEX 0:a=?%',
          'ascending values are looked up');
INSERT INTO t(t) VALUES ('integrity-check');
SELECT done();
