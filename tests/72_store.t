-- array_store: rows in, rows out.
CREATE VIRTUAL TABLE t USING array_store(ts, price INTEGER, "the qty", chunk=10);
INSERT INTO t VALUES (1, 100, 5), (2, 200, 6);
SELECT eq(rows('SELECT rowid, * FROM t'), '1|1|100|5
2|2|200|6', 'rows');
SELECT eq(rows('SELECT id, first, last, n, ts_min, ts_max, rowids IS NULL, ts, "the qty_max" FROM t_chunks'),
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
SELECT done();
