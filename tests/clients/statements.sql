-- What every client of tests/clients runs in one connection: a statement a line, and where an arrow follows, the text of the
-- first column of its first row.
CREATE TABLE t(id INTEGER PRIMARY KEY, a BLOB CHECK (array_valid(a)), n INTEGER AS (array_length(a)));
INSERT INTO t(a) VALUES (array_sort('[3,1,40000]')), (array_of()), (array_series(1, 100000));
SELECT array_to_json(a) FROM t WHERE id = 1; --> [1,3,40000]
SELECT hex(a) FROM t WHERE id = 2; --> A141000100000000
SELECT sum(n) FROM t; --> 100003
SELECT array_sum(a) FROM t WHERE id = 3; --> 5000050000
SELECT array_median(array_mul(a, a)) FROM t WHERE id = 3; --> 2500050000.5
SELECT group_concat(value, ' ') FROM array_each((SELECT a FROM t WHERE id = 1)); --> 1 3 40000
SELECT array_to_json(array_agg(id)) FROM t; --> [1,2,3]
SELECT array_sparkline('[1,5,22,13,5]'); --> ▁▂█▅▂
CREATE VIRTUAL TABLE ticks USING array_store(ts, price);
INSERT INTO ticks(ts, price) VALUES (array_series(1, 50000), array_random(50000, 1, 99, 7));
SELECT count(*) FROM ticks WHERE ts BETWEEN 20000 AND 20999; --> 1000
CREATE VIRTUAL TABLE t_a USING array_index(t, a);
SELECT array_to_json(array_agg(id)) FROM t WHERE id IN t_a('1 & 40000'); --> [1,3]
BEGIN;
DELETE FROM ticks WHERE ts > 10;
ROLLBACK;
SELECT array_to_json(array_topk((SELECT array_agg(ts) FROM ticks), 2)); --> [50000,49999]
SELECT array_hash(array_pack(array_series(1, 5000))) = array_hash(array_series(1, 5000)); --> 1
SELECT (SELECT count(*) FROM array_functions) > 100; --> 1
