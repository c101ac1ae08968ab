-- array_store keeps arrays packed where that takes fewer bytes, as array_pack() does, and rows see nothing of it.
SELECT plan(81);

-- at: the least value of a chunk, spread: how far the largest is from it
CREATE TABLE frames(at INTEGER, spread INTEGER);
INSERT INTO frames VALUES
    (0, 127), (-128, 255), (0, 128), (0, 255), (0, 256), (100, 255), (100, 256), (-32768, 65535), (0, 65535),
    (1000, 65535), (1000, 65536), (-2147483648, 4294967295), (0, 4294967295), (1000000, 4294967295), (1000000, 4294967296),
    (5000000000, 0), (5000000000, 255), (5000000000, 256), (-5000000000, 65535), (-5000000000, 65536),
    (9223372036854775807, 0), (9223372036854775552, 255), (9223372036854775551, 256), (9223372036854710272, 65535),
    (9223372032559808512, 4294967295), (9223372032559808511, 4294967296), (-9223372036854775808, 0),
    (-9223372036854775808, 255), (-9223372036854775808, 256), (-9223372036854775808, 65535),
    (-9223372036854775808, 4294967295), (-9223372036854775808, 4294967296), (-9223372036854775808, 9223372036854775807);

-- A chunk of five rows each, in a store and in a table
CREATE VIRTUAL TABLE t USING array_store(x, chunk=5);
CREATE TABLE plain(id INTEGER PRIMARY KEY, x INTEGER);
INSERT INTO plain(x)
SELECT at + CASE k.value WHEN 1 THEN spread / 2 WHEN 2 THEN 0 WHEN 3 THEN spread WHEN 4 THEN spread - spread / 3
    ELSE spread / 5 END
  FROM frames, array_each(array_series(1, 5)) AS k ORDER BY frames.rowid, k.value;
INSERT INTO t SELECT x FROM plain ORDER BY id;

SELECT eq((SELECT group_concat(chunk_id) FROM t_chunks JOIN t_headers AS h ON h.id = chunk_id JOIN t_arrays AS a ON a.id = arrays + 1
            WHERE array <> x OR array <> (SELECT array_pack(array_agg(p.x)) FROM plain AS p WHERE p.id BETWEEN chunk_first AND
            chunk_last) OR NOT array_valid(array)), NULL, 'NAME_chunks gives what is kept, which is what array_pack() gives');
SELECT eq((SELECT count(DISTINCT array_bits(x) < 8 * array_width(x)) FROM t_chunks), 2, 'packed arrays and plain ones');
SELECT eq((SELECT count(*) FROM t_chunks AS c WHERE array_to_json(c.x) =
             (SELECT json_group_array(x) FROM (SELECT p.x FROM plain AS p WHERE p.id BETWEEN c.chunk_first
             AND c.chunk_last ORDER BY p.id))),
    (SELECT count(*) FROM frames), 'NAME_chunks has the values');
SELECT eq((SELECT count(*) FROM t_chunks WHERE array_width(x) = array_width(array_of(x_min, x_max))
             AND x_min = array_min(x) AND x_max = array_max(x)), (SELECT count(*) FROM frames), 'min and max');
SELECT eq(rows('SELECT rowid, x FROM t'), rows('SELECT * FROM plain ORDER BY id'), 'rows');

-- Every comparison with every value, those next to it, and the ends
CREATE TABLE probes AS SELECT x AS v FROM plain UNION SELECT x - 1 FROM plain WHERE x > -9223372036854775808
    UNION SELECT x + 1 FROM plain WHERE x < 9223372036854775807 UNION VALUES (-9223372036854775808),
    (9223372036854775807), (0);
SELECT eq((SELECT count(*) FROM probes WHERE (SELECT array_agg(rowid) FROM t WHERE x = v) IS NOT (SELECT array_agg(id)
    FROM plain WHERE +x = v)), 0, '=');
SELECT eq((SELECT count(*) FROM probes WHERE (SELECT array_agg(rowid) FROM t WHERE x < v) IS NOT (SELECT array_agg(id)
    FROM plain WHERE +x < v)), 0, '<');
SELECT eq((SELECT count(*) FROM probes WHERE (SELECT array_agg(rowid) FROM t
    WHERE x <= v) IS NOT (SELECT array_agg(id) FROM plain WHERE +x <= v)), 0, '<=');
SELECT eq((SELECT count(*) FROM probes WHERE (SELECT array_agg(rowid) FROM t WHERE x > v) IS NOT (SELECT array_agg(id)
    FROM plain WHERE +x > v)), 0, '>');
SELECT eq((SELECT count(*) FROM probes WHERE (SELECT array_agg(rowid) FROM t
    WHERE x >= v) IS NOT (SELECT array_agg(id) FROM plain WHERE +x >= v)), 0, '>=');
SELECT eq((SELECT array_agg(rowid) FROM t WHERE x IN (SELECT v FROM probes WHERE v % 3 = 0)),
          (SELECT array_agg(id) FROM plain WHERE +x IN (SELECT v FROM probes WHERE v % 3 = 0)), 'IN');

-- Frames, steps and exceptions: of one value and many, over the blocks that they are packed in; up, down, at the ends of 64 bits
CREATE TABLE series(name TEXT, at INTEGER, first INTEGER, step INTEGER, jitter INTEGER);
INSERT INTO series VALUES
    ('times', 0, 1700000000000, 10, 20), ('times an hour apart', 0, 1700000000000, 3600000000, 100),
    ('with a jitter of two bytes', 0, 1700000000000, 5000000, 30000), ('down', 0, 5000000000, -1000, 100),
    ('from the least', 0, -9223372036854775807, 1000000, 9),
    ('to the largest', 0, 9223372036854775807 - 3000000000, 1000000, 9), ('across all', -1500, 0, 6000000000000000, 9),
    ('short', 0, 0, 10, 9), ('even', 0, 1000000, 100000, 0);
CREATE TABLE counts AS SELECT value AS n FROM array_each('[1,2,3,1023,1024,1025,1026,2048,2049,2050,3000]');
CREATE VIRTUAL TABLE steps USING array_store(x, chunk=3000);
CREATE TABLE expected(n INTEGER, name TEXT, x BLOB);
INSERT INTO expected
SELECT n, name, array_add(array_add(array_mul(array_series(at, at + n - 1), step), array_random(n, 0, jitter, n)),
    first) FROM series, counts;
INSERT INTO expected SELECT n, 'with outliers', array_put(array_random(n, 0, 9, n), array_series(1, n, 97), 1000000)
  FROM counts;
INSERT INTO expected SELECT n, 'random', array_random(n, -9223372036854775808, 9223372036854775807, n) FROM counts;
SELECT eq((SELECT count(*) FROM expected WHERE array_length(x) <> n), 0, 'the series are what they are to be');

CREATE TABLE kept(n INTEGER, name TEXT, same INTEGER, rows INTEGER, some INTEGER, back INTEGER, packed INTEGER);
CREATE TRIGGER try AFTER INSERT ON kept BEGIN
    DELETE FROM steps;
    INSERT INTO steps SELECT x FROM expected WHERE n = new.n AND name = new.name;
    INSERT INTO steps(steps) VALUES ('integrity-check'); -- which writes what has gathered
    UPDATE kept SET
        rows = (SELECT array_equal(array_agg(s.x), e.x) FROM steps AS s, expected AS e WHERE e.n = new.n AND e.name
        = new.name),
        some = (SELECT array_agg(s.rowid - (SELECT min(rowid) FROM steps) + 1) IS array_nonzero(array_between(e.x,
        array_nth(e.x, e.n / 3 + 1), array_nth(e.x, (e.n + 1) / 2))) FROM expected AS e, steps AS s WHERE e.n = new.n AND e.name
        = new.name AND s.x BETWEEN array_nth(e.x, e.n / 3 + 1) AND array_nth(e.x, (e.n + 1) / 2)),
        back = (SELECT array_equal(array_reverse(array_agg(x)), (SELECT array_filter(e.x, array_ge(e.x, array_nth(e.x, e.n / 3 +
        1))) FROM expected AS e WHERE e.n = new.n AND e.name = new.name)) FROM (SELECT s.x FROM steps AS s WHERE s.x >= (SELECT
        array_nth(e.x, e.n / 3 + 1) FROM expected AS e WHERE e.n = new.n AND e.name = new.name) ORDER BY s.rowid DESC)),
        same = (SELECT s.x = array_pack(e.x) AND s.x = array FROM steps_chunks AS s, steps_arrays, expected AS e WHERE e.n = new.n
        AND e.name = new.name),
        packed = (SELECT length(array) < 8 + new.n * array_width(array) FROM steps_arrays)
     WHERE rowid = new.rowid;
END;
INSERT INTO kept(n, name) SELECT n, name FROM expected;
SELECT eq((SELECT group_concat(n || ' ' || name) FROM kept WHERE same IS NOT 1), NULL, 'NAME_chunks has their values');
SELECT eq((SELECT group_concat(n || ' ' || name) FROM kept WHERE rows IS NOT 1), NULL, 'rows have their values');
SELECT eq((SELECT group_concat(n || ' ' || name) FROM kept WHERE some IS NOT 1), NULL, 'rows that meet a condition');
SELECT eq((SELECT group_concat(n || ' ' || name) FROM kept WHERE back IS NOT 1), NULL, 'backwards');
SELECT eq((SELECT group_concat(name) FROM kept WHERE n = 3000 AND NOT packed), 'random', 'those that are kept plain');

-- Times in ms with steps of 1 to 2,000, a price that walks by -3 to 3, a quantity of 1 to 1,000: 11, 3 and 10 bits a row,
-- and what describes a block of 1,024
CREATE VIRTUAL TABLE ticks USING array_store(ts, price, qty);
INSERT INTO ticks VALUES (array_add(array_cumsum(array_random(196608, 1, 2000, 1)), 1700000000000),
    array_add(array_cumsum(array_random(196608, -3, 3, 2)), 250000), array_random(196608, 1, 1000, 3));
SELECT eq((SELECT 8 * sum(length(array)) / 196608 FROM ticks_arrays), 24, 'bits a row');

-- Changed values are packed anew; the other columns of a chunk are not written for them.
CREATE VIRTUAL TABLE two USING array_store(a, b);
INSERT INTO two VALUES (array_series(1000001, 1001000), array_fill(1000, 7));
CREATE TABLE a AS SELECT array FROM two_arrays WHERE id = 2;
SELECT eq(rows('SELECT id, length(array) FROM two_arrays'), '2|19
3|12', 'two columns');
UPDATE two SET b = 5000000000 + rowid * 3 WHERE rowid > 3;
SELECT eq(rows('SELECT id, length(array) < 8 + 1000 * 8 FROM two_arrays'), '2|1
3|1', 'one of them wider');
UPDATE two SET b = 5000000000 WHERE rowid <= 3;
SELECT eq(rows('SELECT id, array = (SELECT array FROM a), array_bits(array) < 14 FROM two_arrays'), '2|1|1
3|0|1', 'and narrower');
SELECT eq(rows('SELECT sum(a), sum(b) FROM two'), '1000500500|5000001501482', 'the sums');
INSERT INTO two(two) VALUES ('integrity-check');
INSERT INTO t(t) VALUES ('integrity-check');

-- Arrays are taken in in any form.
CREATE VIRTUAL TABLE forms USING array_store(a, b, chunk=3000);
INSERT INTO forms SELECT array_pack(x), array_unpack(x) FROM expected WHERE n = 3000;
SELECT eq((SELECT count(*) FROM forms WHERE a <> b), 0, 'packed and plain');
SELECT eq((SELECT count(*) FROM forms_chunks WHERE a <> b OR a <> array_pack(b)), 0, 'are kept alike');

-- Rowids with gaps are kept likewise.
CREATE VIRTUAL TABLE gaps USING array_store(a);
INSERT INTO gaps(rowid, a) SELECT 9223372036854775807 - 3 * value, value FROM array_each(array_series(80, 0, -1));
SELECT eq(rows('SELECT array_bits(array) < 2, array_valid(array) FROM gaps_arrays'), '1|1
1|1', 'rowids are packed');
SELECT eq(rows('SELECT chunk_rows, array_length(chunk_rowids), array_first(chunk_rowids), array_last(chunk_rowids), ' ||
    'chunk_first, chunk_last FROM gaps_chunks'),
    '81|81|9223372036854775567|9223372036854775807|9223372036854775567|9223372036854775807', 'rowids of a chunk');
SELECT eq(rows('SELECT rowid, a FROM gaps WHERE rowid BETWEEN 9223372036854775800 AND 9223372036854775805'),
    '9223372036854775801|2
9223372036854775804|1', 'a range of rowids');
DELETE FROM gaps WHERE a % 2 = 1 OR a > 10;
SELECT eq(rows('SELECT array_agg(9223372036854775807 - rowid) FROM gaps'), '[30,24,18,12,6,0]', 'after a DELETE');
INSERT INTO gaps(gaps) VALUES ('integrity-check');

-- A chunk without gaps has no rowids; the place of an array is free again, and nobody's.
CREATE VIRTUAL TABLE c USING array_store(a, chunk=4);
INSERT INTO c(rowid, a) VALUES (1, 1), (3, 3), (4, 4);
SELECT eq(rows('SELECT count(*) FROM c_arrays'), '2', 'rowids and a column');
INSERT INTO c(rowid, a) VALUES (2, 2);
SELECT eq(rows('SELECT count(*) FROM c_arrays'), '1', 'a column');
DELETE FROM c WHERE rowid = 1;
SELECT eq(rows('SELECT chunk_id, chunk_first, chunk_last, chunk_rows, chunk_rowids IS NULL, array_to_json(a) FROM ' ||
    'c_chunks'), '2|2|4|3|1|[2,3,4]', 'the first row is gone');
INSERT INTO c VALUES ('[5,6,7,8,9,10]');
INSERT INTO c(c) VALUES ('optimize');
INSERT INTO c(c) VALUES ('integrity-check');
DELETE FROM c;
SELECT eq(rows('SELECT (SELECT count(*) FROM c_arrays), (SELECT count(*) FROM c_headers)'), '0|0', 'nothing is left');

-- NAME_chunks goes with its store.
SELECT throws('INSERT INTO t_chunks(chunk_id) VALUES (1)', 'table t_chunks may not be modified', 'it is to be read');
SELECT throws('ALTER TABLE c_chunks RENAME TO d', 'array_store_chunks: c_chunks is renamed with c, and not alone',
    'it keeps its name');
SELECT throws('CREATE VIRTUAL TABLE x_chunks USING array_store_chunks(a)',
    'array_store_chunks: the table NAME_chunks is made by CREATE VIRTUAL TABLE NAME USING array_store',
    'it is not made alone');
SELECT throws('CREATE VIRTUAL TABLE other USING array_store_chunks(a)',
    'array_store_chunks: the table NAME_chunks is made by CREATE VIRTUAL TABLE NAME USING array_store',
    'nor by another name');
CREATE VIEW of_mine AS SELECT sum(chunk_rows) AS n FROM c_chunks;
SELECT throws('ALTER TABLE c RENAME TO d', 'error in view of_mine after rename: no such table: main.c_chunks',
    'a view of it stays in the way of a new name');
INSERT INTO c VALUES (1);
SELECT eq(rows('SELECT n FROM of_mine'), '1', 'the old one is as it was');
DROP VIEW of_mine;
ALTER TABLE c RENAME TO d;
SELECT eq(rows('SELECT sum(chunk_rows) FROM d_chunks'), '1', 'renamed');
DROP TABLE d_chunks;
ALTER TABLE d RENAME TO e;
SELECT throws('SELECT * FROM e_chunks', 'no such table: e_chunks', 'one that was dropped stays away');
DROP TABLE e;
SELECT eq((SELECT count(*) FROM sqlite_schema WHERE name LIKE 'e\_%' ESCAPE '\'), 0, 'nothing is left');

-- Comparisons of what the header says skip chunks; arrays that are not used are not read.
CREATE VIRTUAL TABLE h USING array_store(ts, v, chunk=10);
INSERT INTO h SELECT value, value % 7 FROM array_each(array_series(1, 1000));
CREATE TABLE queries(sql TEXT, reads INTEGER, answer TEXT, plan TEXT);
INSERT INTO queries VALUES
  ('SELECT count(*), sum(chunk_rows) FROM h_chunks', 0, '100|1000', ''),
  ('SELECT min(ts_min), max(ts_max) FROM h_chunks', 0, '1|1000', ''),
  ('SELECT sum(array_sum(v)) FROM h_chunks', 100, (SELECT sum(value % 7) FROM array_each(array_series(1, 1000))), ''),
  ('SELECT chunk_id, array_sum(ts) FROM h_chunks WHERE ts_max >= 95 AND ts_min <= 101', 2, '91|955
101|1055', 'chunks with ts_max>=? AND ts_min<=?'),
  ('SELECT array_sum(ts) FROM h_chunks WHERE chunk_id = 51', 1, '555', 'chunks with chunk_id=?'),
  ('SELECT array_sum(ts) FROM h_chunks WHERE rowid = 51', 1, '555', 'chunks with rowid=?'),
  ('SELECT array_sum(ts) FROM h_chunks WHERE chunk_last = 60', 1, '555', 'chunks with chunk_last=?'),
  ('SELECT array_sum(ts) FROM h_chunks WHERE chunk_rows < 10', 0, '', 'chunks with chunk_rows<?'),
  ('SELECT array_sum(ts) FROM h_chunks WHERE chunk_first IN (1, 5, 991)', 2, '55
9955', 'chunks with chunk_first IN (?)'),
  ('SELECT array_sum(ts) FROM h_chunks ORDER BY chunk_id DESC LIMIT 2', 2, '9955
9855', 'ORDER BY chunk_id DESC'),
  ('SELECT chunk_rowids IS NULL FROM h_chunks WHERE chunk_first > 985.5', 1, '1', 'chunks with chunk_first>?'),
  ('SELECT count(*) FROM h_chunks WHERE array_sum(v) > 30', 100,
    (SELECT count(*) FROM (SELECT sum(value % 7) AS s FROM array_each(array_series(1, 1000))
    GROUP BY (value - 1) / 10) WHERE s > 30), ''),
  ('SELECT count(*) FROM h WHERE ts BETWEEN 95 AND 101', 2, '7', 'ts>=? AND ts<=?');
CREATE TABLE before(n INTEGER);
INSERT INTO before VALUES (0);
SELECT eq(rows(sql), answer, sql), ok(instr(rows('EXPLAIN QUERY PLAN ' || sql), 'VIRTUAL TABLE INDEX 0:' || plan) > 0,
    'plan of ' || sql),
       eq(rows('UPDATE before SET n = (SELECT value FROM array_memory WHERE name = ''chunks_read''); ' || sql
               || '; SELECT value - n FROM array_memory, before WHERE name = ''chunks_read'''),
          iif(answer = '', '', answer || x'0a') || reads, 'chunks read') FROM queries;
SELECT eq(rows('BEGIN; INSERT INTO h VALUES (7, 7); INSERT INTO h VALUES (8, -8); DELETE FROM h WHERE rowid = 5;
    SELECT chunk_id, chunk_rows, array_to_json(ts), v_min, array_to_json(chunk_rowids)
      FROM h_chunks WHERE ts_min < 5 OR chunk_id > 995; ROLLBACK'),
  '1|9|[1,2,3,4,6,7,8,9,10]|0|[1,2,3,4,6,7,8,9,10]
1001|2|[7,8]|-8|', 'what the transaction has written');
SELECT done();
