-- array_store: rows in, rows out.
SELECT plan(7);
CREATE VIRTUAL TABLE t USING array_store(ts, price INTEGER, "the qty", chunk=10);
INSERT INTO t VALUES (1, 100, 5), (2, 200, 6);
SELECT eq(rows('SELECT rowid, * FROM t'), '1|1|100|5
2|2|200|6', 'rows');
SELECT eq(rows('SELECT chunk_id, chunk_first, chunk_last, chunk_rows, ts_min, ts_max, chunk_rowids IS NULL, ts, ' ||
    '"the qty_max" FROM t_chunks'),
    '1|1|2|2|1|2|1|[1,2]|6', 'a chunk of them');
INSERT INTO t VALUES ('[3,4,5]', '[7,8,9]', array_of(1, 1, 1));
SELECT eq(last_insert_rowid(), 5, 'arrays are rows');
SELECT eq(rows('SELECT rowid, * FROM t WHERE price BETWEEN 8 AND 150 ORDER BY rowid DESC'), '5|5|9|1
4|4|8|1
1|1|100|5', 'a range, backwards');
UPDATE t SET price = price + 1;
SELECT eq(changes(), 5, 'UPDATE counts rows');
DELETE FROM t WHERE ts = 2;
INSERT INTO t(rowid, ts, price, "the qty") VALUES (2, 22, 222, 1), (-5, 1, 1, 1), (100, 1, 2, 3);
SELECT eq(rows('SELECT rowid, ts FROM t'), '-5|1
1|1
2|22
3|3
4|4
5|5
100|1', 'rowids as given');

-- The terms of an OR are searched one by one, with plans of their own, and with one cursor in newer versions of SQLite
CREATE VIRTUAL TABLE terms USING array_store(a, b, c, chunk=16);
INSERT INTO terms SELECT value, value % 7, value % 5 FROM array_each(array_series(1, 1000));
CREATE TABLE plain AS SELECT * FROM terms;
SELECT eq(rows('SELECT count(*), sum(a) FROM terms WHERE a = 3 OR (a > 10 AND a < 900 AND b = 3 AND c BETWEEN 1 AND ' ||
    '2) OR (a = 5 AND b = 5 AND c = 0)'),
  rows('SELECT count(*), sum(a) FROM plain WHERE a = 3 OR (a > 10 AND a < 900 AND b = 3 AND c BETWEEN 1 AND 2) OR ' ||
      '(a = 5 AND b = 5 AND c = 0)'), 'terms of an OR');
SELECT done();
