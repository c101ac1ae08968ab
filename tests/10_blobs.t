-- The array as bytes: canonical form, and every kind of blob that is no array.
SELECT plan(165);
CREATE TEMP TABLE extreme(x, width);
INSERT INTO extreme VALUES (0, 1), (127, 1), (-128, 1), (128, 2), (-129, 2), (32767, 2), (-32768, 2), (32768, 4),
    (-32769, 4),
  (2147483647, 4), (-2147483648, 4), (2147483648, 8), (-2147483649, 8), (9223372036854775807, 8),
      (-9223372036854775808, 8);
SELECT eq(hex(array_of()), 'A141000100000000', 'the empty array is eight bytes');
SELECT eq(hex(array_of(1, -1)), 'A14100010200000001FF', 'one byte an element');
SELECT eq(hex(array_of(258)), 'A1410002010000000201', 'little-endian');
SELECT eq(array_width(array_of(x)) || length(array_of(x)), width || (8 + width), 'the narrowest width of ' || x)
    FROM extreme;
SELECT eq(array_get(array_of(0, x, 0), 2), x, 'back as it was: ' || x) FROM extreme;
SELECT eq(array_of(1, 2) = array_parse('{1, 2}'), 1, 'equal arrays are equal blobs');
SELECT eq((SELECT count(DISTINCT array_sub(array_of(x, 70000), array_of(x, 69999))) FROM extreme), 1,
    'also after computing');

-- Blobs that are no array: the same message from every place that reads one
CREATE TEMP TABLE bad(blob, why);
INSERT INTO bad VALUES (x'', 'BLOB of 0 bytes, shorter than the 8-byte header'), (x'a1', 'BLOB of 1 bytes, shorter'),
  (x'a1410001000000', 'BLOB of 7 bytes, shorter'), (x'a041000100000000',
      'BLOB of 8 bytes that does not begin with A1 41'),
  (x'a142000100000000', 'does not begin with A1 41'), (x'000102030405060708090a0b', 'does not begin with A1 41'),
  (zeroblob(100), 'does not begin with A1 41'), (x'934e554d50590100', 'does not begin with A1 41'),
  (x'a141000000000000', 'element width 0, expected 1, 2, 4 or 8'), (x'a14100030100000001', 'element width 3, expected'),
  (x'a14100100000000000', 'element width 16, expected'), (x'a1410001010000000102',
      'BLOB of 10 bytes, its header says 9'),
  (x'a14100010300000001', 'BLOB of 9 bytes, its header says 11'),
      (x'a141000100000000ff', 'BLOB of 9 bytes, its header says 8'),
  (x'a1410008ffffffff0000000000000000', 'its header says 34359738368'),
      (x'a1410001ffffffff00', 'its header says 4294967303');
SELECT throws('SELECT array_sum(x''' || hex(blob) || ''')', 'array_sum: argument 1 is not an array (*' || why || '*)',
    why) FROM bad;
SELECT throws('SELECT array_sum(x''a141' || column1 || '0100000000'')',
    'array_sum: argument 1: unsupported array codec ' || column2, 'codec ' || column2)
  FROM (VALUES ('02', 2), ('07', 7), ('ff', 255));
SELECT throws('SELECT * FROM array_each(x''' || hex(blob) || ''')', 'array_each: argument 1 is not an array (*' || why
    || '*)', 'rows: ' || why) FROM bad;
SELECT throws('SELECT array_add(array_of(1), x''' || hex(blob) || ''')', 'array_add: argument 2 is not an array',
    'second argument: ' || why) FROM bad;
SELECT eq(array_valid(blob), 0, 'not valid: ' || why) FROM bad;
SELECT eq(array_valid(array_of(x, x)), 1, 'valid: ' || x) FROM extreme;
SELECT eq(array_valid(x'a1410002010000000100'), 0, 'wider than needed is not valid');
SELECT eq(array_valid(x'a141000200000000'), 0, 'the empty array has width 1');
SELECT eq(array_valid(5) || array_valid('[1]') || array_valid(1.5) || array_valid('x'), '0000',
    'what is no blob is not valid');
SELECT eq(array_valid(NULL), NULL, 'valid of NULL is NULL');

-- Every prefix and every changed byte of a valid array: an answer or an error
CREATE TEMP TABLE sample AS SELECT array_of(1, -2, 300) AS a;
SELECT throws('SELECT array_sum(substr(a, 1, ' || value || ')) FROM sample', 'is not an array', 'prefix of ' || value
    || ' bytes') FROM array_each(array_series(0, 13));
SELECT eq(array_sum(a), 299, 'the whole') FROM sample;
-- A raw blob is never guessed to be an array, nor is text
SELECT throws('SELECT array_length(' || column1 || ')', 'array_length: argument 1 is not an array (*', column1)
  FROM (VALUES ('x''01020304'''), ('''1,2,3'''), (''''''), ('''   '''), ('''[1,2'''), ('''[1.0]'''), ('''[1e3]'''),
      ('''[01]'''), ('''[+1]'''), ('''[1,]'''), ('''[,1]'''),
               ('''[null]'''), ('''[1] x'''), ('''{1]'''), ('''["x"]'''), ('''[[1]]'''),
               ('''[9223372036854775808]'''), ('''[-9223372036854775809]'''), ('''[1 2]'''), ('''[-]'''),
               ('1'), ('1.5'), ('''null'''), ('''[1'' || char(0) || '']'''));
SELECT eq(array_to_json(column1), '[1,-2,3]', 'read: ' || column1)
    FROM (VALUES ('[1,-2,3]'), ('{1,-2,3}'), (' [ 1 , -2 , 3 ] '),
    (char(9) || '{1,' || char(10) || '-2,3}' || char(13)));
SELECT eq(array_to_json('[]') || array_to_json(' { } ') || array_to_json('[-0]'), '[][][0]', 'empty ones, and -0');
SELECT done();
