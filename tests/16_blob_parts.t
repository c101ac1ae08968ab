-- Parts of stored arrays: array_blob_length, array_blob_get, array_blob_slice, array_blob_set
SELECT plan(75);

CREATE TABLE samples(id INTEGER PRIMARY KEY, name TEXT, a);
INSERT INTO samples(name, a) VALUES
  ('plain', array_series(1, 100000)), ('packed', array_pack(array_random(5000, -1000, 1000, 1))),
  ('outliers', array_pack(array_set_at(array_random(3000, 0, 9, 6), 2077, 1000000000000))),
  ('steps', array_pack(array_cumsum(array_random(4097, 1, 9, 2)))), ('short', array_of(5, -6, 7)), ('empty', array_of());
SELECT eq((SELECT count(*) FROM samples WHERE substr(a, 3, 1) = x'01'), 3, 'three are packed');

-- As array_length, array_get and array_slice
SELECT eq(array_blob_length('main', 'samples', 'a', id), array_length(a), 'length: ' || name) FROM samples;
SELECT eq((SELECT count(*) FROM samples, array_each('[1,2,-1,0,1023,1024,1025,-1024,2077,4097,5001,100000,100001,-100001,
  9223372036854775807,-9223372036854775807]') AS i WHERE array_blob_get('main', 'samples', 'a', id, i.value) IS NOT array_get(a, i.value)),
  0, 'elements');
SELECT eq((SELECT count(*) FROM samples, array_each('[1,2,-1,0,1000,1024,1025,-1000,3000,-9223372036854775807]') AS i,
  array_each('[1,-1,0,3,1025,2048,5000,100000,-2000,9223372036854775807]') AS j
  WHERE array_blob_slice('main', 'samples', 'a', id, i.value, j.value) <> array_slice(a, i.value, j.value)), 0, 'slices');
SELECT eq((SELECT count(*) FROM samples WHERE array_blob_slice('main', 'samples', 'a', id, -3) <> array_slice(a, -3)), 0,
  'to the end');
SELECT eq(array_blob_slice('main', 'samples', 'a', 1, 5, 7), array_of(5, 6, 7), 'a slice is as narrow as it can be');
SELECT eq((SELECT count(*) FROM (SELECT value AS k FROM array_each(array_random(300, 1, 5000, 3)))
  WHERE array_blob_get('main', 'samples', 'a', 2, k) <> (SELECT array_get(a, k) FROM samples WHERE id = 2)), 0, 'forth and back');
SELECT eq(array_blob_get('main', 'samples', 'a', NULL, 1), NULL, 'NULL in, NULL out');

-- What is there is no array
CREATE TABLE wrong(id INTEGER PRIMARY KEY, x);
INSERT INTO wrong VALUES (1, NULL), (2, '[1,2]'), (3, 7), (4, 2.5), (5, x''), (6, x'a1410001'), (7, x'a241000101000000ff'),
  (8, x'a141000103000000ff'), (9, x'a141000301000000ffffff'), (10, x'a141070101000000ff'), (11, zeroblob(100)),
  (12, x'a141000101000000ffff'), (13, x'a141010100000010'), (14, x'a1410101050000000000'), (15, CAST(x'a141000101000000ff' AS TEXT));
SELECT eq(array_blob_length('main', 'wrong', 'x', 1), NULL, 'the length of NULL');
SELECT eq(array_blob_get('main', 'wrong', 'x', 1, 1), NULL, 'an element of NULL');
SELECT eq(array_blob_slice('main', 'wrong', 'x', 1, 1), NULL, 'a slice of NULL');
SELECT throws('SELECT array_blob_length(''main'', ''wrong'', ''x'', 2)',
  'array_blob_length: main.wrong.x, rowid 2: the value is TEXT, expected a BLOB that is an array', 'text');
SELECT throws('SELECT array_blob_length(''main'', ''wrong'', ''x'', 3)', 'rowid 3: the value is INTEGER, expected a BLOB', 'an integer');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 4, 1)', 'rowid 4: the value is REAL, expected a BLOB', 'a real');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 5, 1)', 'rowid 5: BLOB of 0 bytes, shorter than the 8-byte header', 'no bytes');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 6, 1)', 'rowid 6: BLOB of 4 bytes, shorter than', 'four bytes');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 7, 1)', 'rowid 7: BLOB of 9 bytes that does not begin with A1 41', 'magic');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 8, 1)', 'rowid 8: BLOB of 9 bytes, its header says 11', 'a count larger than the blob');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 9, 1)', 'rowid 9: BLOB with element width 3, expected 1, 2, 4 or 8', 'width');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 10, 1)', 'rowid 10: unsupported array codec 7', 'codec');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 11, 1)', 'rowid 11: BLOB of 100 bytes that does not begin', 'zeros');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 12, 1)', 'rowid 12: BLOB of 10 bytes, its header says 9', 'a count smaller than the blob');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 13, 1)', 'rowid 13: BLOB whose packed block 1 is damaged', 'blocks outside the blob');
SELECT throws('SELECT array_blob_slice(''main'', ''wrong'', ''x'', 13, -9)', 'rowid 13: BLOB whose packed block * is damaged', 'the last of them');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 14, 1)', 'rowid 14: BLOB whose packed block 1 is damaged', 'a block outside');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''x'', 99, 1)', 'main.wrong.x, rowid 99: no such rowid: 99', 'no such row');
SELECT throws('SELECT array_blob_get(''main'', ''wrong'', ''y'', 1, 1)', 'main.wrong.y, rowid 1: no such column: "y"', 'no such column');
SELECT throws('SELECT array_blob_get(''main'', ''none'', ''y'', 1, 1)', 'main.none.y, rowid 1: no such table: main.none', 'no such table');
SELECT throws('SELECT array_blob_get(''other'', ''wrong'', ''x'', 1, 1)', 'other.wrong.x, rowid 1: no such table: other.wrong', 'no such schema');
CREATE TABLE keyed(k TEXT PRIMARY KEY, a) WITHOUT ROWID;
INSERT INTO keyed VALUES ('a', array_of(1));
CREATE VIEW seen AS SELECT a FROM samples;
SELECT throws('SELECT array_blob_get(''main'', ''keyed'', ''a'', 1, 1)', 'main.keyed.a, rowid 1: cannot open table without rowid: keyed', 'WITHOUT ROWID');
SELECT throws('SELECT array_blob_get(''main'', ''seen'', ''a'', 1, 1)', 'main.seen.a, rowid 1: cannot open view: seen', 'a view');
-- Generated columns: older SQLites would open the column behind the one that is named.
CREATE TABLE virtual_first(id INTEGER PRIMARY KEY, v AS (length(a)), a, z);
CREATE TABLE stored_last(id INTEGER PRIMARY KEY, a, z, v AS (array_sum(a)) STORED);
INSERT INTO virtual_first(a, z) VALUES (array_of(1, 2), array_of(9));
INSERT INTO stored_last(a, z) VALUES (array_of(1, 2), array_of(9));
SELECT throws(format('SELECT array_blob_%s', call), format('array_blob_%s: main.%s, rowid 1: cannot open table with ' ||
    'generated columns', f, name), call) FROM (
    SELECT value AS f, format('%s(''main'', ''%s'', ''a'', 1%s)', value, t, iif(value = 'length', '', ', 1') ||
        iif(value = 'set', ', 5', '')) AS call, t || '.a' AS name
    FROM json_each('["length","get","slice","set"]'), (SELECT 'virtual_first' AS t UNION ALL SELECT 'stored_last'));
CREATE TABLE hollow(a);
INSERT INTO hollow VALUES (array_of());
SELECT throws('SELECT array_blob_set(''main'', ''hollow'', ''a'', 1, 1, 5)',
    'array_blob_set: argument 5: index 1, but the array is empty', 'the empty array');
SELECT eq((SELECT array_to_json(a) || array_to_json(z) FROM virtual_first), '[1,2][9]', 'nothing is written');
SELECT throws('SELECT array_blob_get(''main'', 5, ''a'', 1, 1)', 'array_blob_get: argument 2 is not text (INTEGER given)', 'a name that is none');
SELECT throws('SELECT array_blob_get(''main'', ''samples'', ''a'', ''1'', 1)', 'argument 4 is not an integer (TEXT given: CAST it to INTEGER)', 'a rowid that is none');

-- Packed ones that are damaged
INSERT INTO wrong SELECT 16, CAST(substr(a, 1, 8) || x'63' || substr(a, 10) AS BLOB) FROM samples WHERE name = 'packed';
INSERT INTO wrong SELECT 17, CAST(substr(a, 1, 13) || x'4040' || substr(a, 16) AS BLOB) FROM samples WHERE name = 'packed';
SELECT throws(format('SELECT array_blob_get(''main'', ''wrong'', ''x'', %d, %d)', id, i),
  format('array_blob_get: main.wrong.x, rowid %d: BLOB whose packed block %d is damaged', id, block), format('rowid %d, element %d', id, i))
  FROM (SELECT 16 AS id, 7 AS i, 1 AS block UNION ALL VALUES (17, 4999, 5), (16, 4999, 5));

-- Setting
SELECT eq(array_blob_set('main', 'samples', 'a', 5, -1, 99), 99, 'gives the value');
SELECT eq(a, array_of(5, -6, 99), 'that is an element now') FROM samples WHERE id = 5;
SELECT eq(array_blob_set('main', 'samples', 'a', 1, 77777, -5) || array_blob_get('main', 'samples', 'a', 1, 77777), '-5-5', 'far inside');
SELECT eq(array_sum(a), 100000 * 100001 / 2 - 77777 - 5, 'nothing else has changed') FROM samples WHERE id = 1;
SELECT eq(array_blob_set('main', 'samples', 'a', 5, 1, -128), -128, 'the least of a byte');
SELECT throws('SELECT array_blob_set(''main'', ''samples'', ''a'', 5, 1, 128)',
  'main.samples.a, rowid 5: 128 needs elements of 2 bytes, the array has 1: use array_set_at()', 'one that is too large');
SELECT throws('SELECT array_blob_set(''main'', ''samples'', ''a'', 2, 1, 1)', 'rowid 2: the array is packed, array_unpack() it first', 'packed');
SELECT throws('SELECT array_blob_set(''main'', ''samples'', ''a'', 5, 4, 1)', 'array_blob_set: argument 5: index 4 is outside 1..3', 'outside');
SELECT throws('SELECT array_blob_set(''main'', ''samples'', ''a'', 5, 0, 1)', 'argument 5: index 0 is outside 1..3', 'index 0');
SELECT throws('SELECT array_blob_set(''main'', ''wrong'', ''x'', 1, 1, 1)', 'rowid 1: the value is NULL, expected a BLOB that is an array', 'of NULL');
SELECT throws('SELECT array_blob_set(''main'', ''wrong'', ''x'', 2, 1, 1)', 'rowid 2: the value is TEXT, expected a BLOB', 'of text');
SELECT throws('SELECT array_blob_set(''main'', ''samples'', ''a'', 5, 1, NULL)', 'array_blob_set: argument 6 is not an integer (NULL given)', 'to NULL');
SELECT eq((SELECT a FROM samples WHERE id = 5), array_of(-128, -6, 99), 'nothing of that has changed anything');
BEGIN;
SELECT eq(array_blob_set('main', 'samples', 'a', 5, 1, 1), 1, 'in a transaction');
ROLLBACK;
SELECT eq((SELECT a FROM samples WHERE id = 5), array_of(-128, -6, 99), 'that is rolled back');
UPDATE samples SET a = array_append(a, array_blob_get('main', 'samples', 'a', id, 1)) WHERE id = 5;
SELECT eq((SELECT a FROM samples WHERE id = 5), array_of(-128, -6, 99, -128), 'a row that is read while it changes');
CREATE TABLE indexed(a);
INSERT INTO indexed VALUES (array_of(1, 2));
CREATE INDEX indexed_a ON indexed(a);
SELECT throws('SELECT array_blob_set(''main'', ''indexed'', ''a'', 1, 1, 1)', 'main.indexed.a, rowid 1: cannot open indexed column for writing',
  'a column of an index');
CREATE VIRTUAL TABLE samples_index USING array_index(samples, a);
SELECT throws('SELECT array_blob_set(''main'', ''samples'', ''a'', 5, 1, 1)',
  'rowid 5: the table has the trigger samples_index_*, which this would not fire: use UPDATE and array_set_at()', 'a table with an array_index');
CREATE TEMP TRIGGER wrong_changed AFTER UPDATE ON wrong BEGIN SELECT 1; END;
SELECT throws('SELECT array_blob_set(''main'', ''WRONG'', ''x'', 2, 1, 1)', 'the value is TEXT', 'what is no array comes first');
DROP INDEX indexed_a;
PRAGMA query_only = 1;
SELECT throws('SELECT array_blob_set(''main'', ''indexed'', ''a'', 1, 1, 1)', 'main.indexed.a, rowid 1: attempt to write a readonly database',
  'query_only');
PRAGMA query_only = 0;

-- For direct use only
CREATE VIEW uses AS SELECT array_blob_length('main', 'samples', 'a', 1);
SELECT throws('SELECT * FROM uses', 'unsafe use of array_blob_length()', 'no schema may read other tables');
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), 0, 'nothing is live');
SELECT throws(format('SELECT array_blob_get(''main'', %Q, ''a'', 1, 1)', column1 || replace(hex(zeroblob(200)), '00', 'ä')),
    ', rowid 1: no such table: main.', 'a long name, cut off between characters') FROM (VALUES (''), ('x'));
SELECT done();
