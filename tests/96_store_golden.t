-- tests/golden/store-1.sql is a database with stores of format 1, the first, as .dump wrote it. Every later version
-- must
-- read it and write to it; nobody may change it. How it was made:
--
--     CREATE VIRTUAL TABLE ticks USING array_store(ts, price, "the qty", chunk=50);
--     INSERT INTO ticks VALUES (array_series(1700000000000, 1700000000199), array_random(200, -300, 300, 1),
--                               array_random(200, 1, 100, 2));
--     DELETE FROM ticks WHERE rowid BETWEEN 60 AND 140 AND rowid % 3 > 0;
--     INSERT INTO ticks(rowid, ts, price, "the qty") VALUES (-9223372036854775808, 1, 2, 3), (-5, 4, 5, 6),
--         (1000, -9223372036854775808, 9223372036854775807, 0);
--     INSERT INTO ticks(ts, price, "the qty") VALUES (7, 8, 9);
--     CREATE VIRTUAL TABLE empty USING array_store(a);
--     CREATE VIRTUAL TABLE one USING array_store(größe);
--     INSERT INTO one VALUES (-1);
--     CREATE VIRTUAL TABLE times USING array_store(at);
--     INSERT INTO times VALUES (array_add(array_series(1700000000000, 1700356400000, 3600000), array_random(100, 0,
-- 99, 3)));
--     DELETE FROM times WHERE rowid <= 10;
--     CREATE VIRTUAL TABLE blocks USING array_store(a, b);
--     INSERT INTO blocks VALUES (array_put(array_random(2100, 0, 15, 4), array_series(1, 2100, 150), 1000000),
--         array_cumsum(array_put(array_random(2100, 0, 15, 5), array_series(1, 2100, 150), 1000000)));
SELECT plan(11);

SELECT rows(CAST(readfile('tests/golden/store-1.sql') AS TEXT));
PRAGMA writable_schema = RESET; -- as opening the database anew would do

SELECT eq(rows('INSERT INTO ticks(ticks) VALUES (''integrity-check''); INSERT INTO empty(empty) VALUES ' ||
    '(''integrity-check'');
    INSERT INTO one(one) VALUES (''integrity-check'');
      INSERT INTO times(times) VALUES (''integrity-check'');
      INSERT INTO blocks(blocks) VALUES (''integrity-check''); PRAGMA integrity_check'), 'ok', 'sound');

CREATE TABLE expected AS SELECT idx AS id, a AS ts, b AS price, c AS qty
  FROM array_zip(array_series(1700000000000, 1700000000199), array_random(200, -300, 300, 1),
      array_random(200, 1, 100, 2))
 WHERE NOT (idx BETWEEN 60 AND 140 AND idx % 3 > 0);
INSERT INTO expected VALUES (-9223372036854775808, 1, 2, 3), (-5, 4, 5, 6),
    (1000, -9223372036854775808, 9223372036854775807, 0),
                            (1001, 7, 8, 9);
SELECT eq(rows('SELECT rowid, * FROM ticks'), rows('SELECT * FROM expected ORDER BY id'), 'all rows');
SELECT eq(rows('SELECT rowid FROM ticks WHERE price BETWEEN -20 AND 30 AND ts > 9'),
          rows('SELECT id FROM expected WHERE price BETWEEN -20 AND 30 AND ts > 9 ORDER BY id'), 'some rows');
SELECT eq(rows('SELECT sum(chunk_rows), sum(array_sum("the qty")) FROM ticks_chunks'),
    rows('SELECT count(*), sum(qty) FROM expected'),
          'the chunks');
SELECT eq(rows('SELECT rowid, größe FROM one'), '1|-1', 'a single row');
SELECT eq((SELECT count(*) FROM empty), 0, 'an empty one');
CREATE VIEW arrays AS SELECT array FROM ticks_arrays UNION ALL SELECT array FROM times_arrays UNION ALL SELECT array FROM
    blocks_arrays;
SELECT eq(rows('SELECT form, count(*) FROM (SELECT iif(substr(array, 3, 1) = x''01'', hex(substr(array, 9, 1)), ''plain'')
    AS form FROM arrays) GROUP BY form ORDER BY form'), '00|8
01|5
04|1
05|1
plain|9', 'plain arrays, frames and steps, with exceptions and without');
SELECT eq(rows('SELECT count(*), array_equal(array_agg(a), array_put(array_random(2100, 0, 15, 4), array_series(1, 2100, 150),
    1000000)), array_equal(array_agg(b), array_cumsum(array_put(array_random(2100, 0, 15, 5), array_series(1, 2100, 150),
    1000000))) FROM blocks'), '2100|1|1', 'several blocks');
SELECT eq(rows('SELECT rowid, at FROM times'), (SELECT group_concat(idx || '|' || (a + b), x'0a')
  FROM array_zip(array_series(1700000000000, 1700356400000, 3600000), array_random(100, 0, 99, 3)) WHERE idx > 10),
      'steps');

UPDATE ticks SET price = -price WHERE rowid > 50;
UPDATE expected SET price = -price WHERE id > 50;
DELETE FROM ticks WHERE rowid % 4 = 0;
DELETE FROM expected WHERE id % 4 = 0;
INSERT INTO ticks VALUES ('[1,2]', '[3,4]', '[5,6]');
INSERT INTO expected VALUES (1002, 1, 3, 5), (1003, 2, 4, 6);
INSERT INTO ticks(ticks) VALUES ('optimize');
SELECT eq(rows('SELECT rowid, * FROM ticks'), rows('SELECT * FROM expected ORDER BY id'), 'after writing to it');
SELECT eq(rows('INSERT INTO ticks(ticks) VALUES (''integrity-check''); PRAGMA integrity_check'), 'ok', 'sound');
SELECT done();
