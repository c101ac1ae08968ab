-- array_file and the functions that write files: the second library.
SELECT plan(356);
CREATE TEMP TABLE at AS SELECT env('BUILD') || '/tests/73_' AS dir;
CREATE TEMP TABLE types(dtype, lo, hi, width);
INSERT INTO types VALUES ('int8', -128, 127, 1), ('INT16', -32768, 32767, 2), ('int32', -2147483648, 2147483647, 4),
    ('Int64', -9223372036854775808, 9223372036854775807, 8), ('uint8', 0, 255, 1), ('uint16', 0, 65535, 2),
    ('uint32', 0, 4294967295, 4), ('uint64', 0, 9223372036854775807, 8), ('bool', 0, 1, 1);

-- Written and read, as .npy and as packed integers, the same as the functions of blobs do
SELECT eq(array_file_write(dir || dtype || '.npy', array_of(hi, lo, 1), dtype), 128 + 3 * width, dtype
    || ', .npy, written'),
       eq(readfile(dir || dtype || '.npy'), array_to_npy(array_of(hi, lo, 1), dtype), dtype || ', .npy, the bytes'),
       eq((SELECT value FROM array_file(dir || types.dtype || '.npy')), array_of(hi, lo, 1), dtype || ', .npy, read'),
       eq(array_file_write(dir || dtype, array_of(hi, lo, 1), dtype), 3 * width, dtype || ', raw, written'),
       eq((SELECT value FROM array_file(dir || types.dtype, types.dtype)), array_of(hi, lo, 1), dtype || ', raw, read'),
       eq(array_file_length(dir || dtype || '.npy'), 3, dtype || ', .npy, length'),
       eq(array_file_length(dir || dtype, dtype), 3, dtype || ', raw, length'),
       eq(array_file_append(dir || dtype || '.npy', '[0]'), width, dtype || ', .npy, appended'),
       eq(array_file_append(dir || dtype, '[0]', dtype), width, dtype || ', raw, appended'),
       eq((SELECT array_concat_agg(value) FROM array_file(dir || types.dtype || '.npy', types.dtype, 3)),
       array_of(hi, lo, 1, 0), dtype || ', .npy, longer'),
       eq((SELECT array_concat_agg(value) FROM array_file(dir || types.dtype, types.dtype, 3)),
       array_of(hi, lo, 1, 0), dtype || ', raw, longer')
  FROM types, at;
SELECT eq(readfile(dir || 'int8'), x'7F800100', 'packed bytes') FROM at;
SELECT throws(format('SELECT array_file_write(''%s'', array_of(1, %d), ''%s'')', dir || dtype, hi + 1, dtype),
    'array_file_write: element 2 is ' || (hi + 1) || ', outside', dtype || ', over'),
       eq(array_file_length(dir || dtype, dtype), 4, dtype || ', and left alone') FROM types, at WHERE width < 8;
SELECT eq(array_file_write(dir || 'x.NPY', '[1]') || ' ' || array_file_write(dir || '.npyx', '[1]'), '136 8',
    'int64 by default; .npy by name') FROM at;
-- .npy, dtype and sizes from and to all widths: larger than the buffers
SELECT eq(array_file_write(p, a, dtype), length(a) * 0 + 128 + n * width, dtype || ', ' || n),
       eq((SELECT array_concat_agg(value) FROM array_file(p)), a, dtype || ', ' || n || ', back'),
       eq((SELECT group_concat(n) FROM array_file(p, files.dtype, 50000)),
       iif(files.n = 40000, '40000', '50000,50000,30001'), dtype || ', chunks')
  FROM (SELECT dtype, width, value AS n, dir || 'large.npy' AS p,
      array_random(value, max(lo, -4e18), min(hi, 4e18), value) AS a FROM types, at,
        array_each('[40000,130001]')) AS files;

-- Big-endian, at an odd address, bool that is not 0 or 1
-- (files of any bytes are written as uint8)
CREATE TEMP VIEW odd AS SELECT descr, expected, dir || 'odd' AS p, array_from_blob(raw, 'uint8') AS elements,
    array_from_blob(CAST(x'934E554D505901004B00' ||
    format('%-75s', format('{''descr'': ''%s'', ''fortran_order'': False, ''shape'': (2,)}', descr)) AS BLOB),
    'uint8') AS header FROM at, (
    SELECT '>i2' AS descr, x'0001FFFE' AS raw, '[1,-2]' AS expected UNION ALL SELECT '>i8',
    x'00000000000000017FFFFFFFFFFFFFFF', '[1,9223372036854775807]' UNION ALL
    SELECT '>u4', x'FFFFFFFF00000001', '[4294967295,1]' UNION ALL SELECT '>u8', x'00000000000000017FFFFFFFFFFFFFFF',
    '[1,9223372036854775807]' UNION ALL
    SELECT '|b1', x'0007', '[0,1]' UNION ALL SELECT '>i1', x'017F', '[1,127]' UNION ALL SELECT '<i4',
    x'0100000000000080', '[1,-2147483648]' UNION ALL SELECT '<u2', x'0100FFFF', '[1,65535]');
SELECT eq(array_file_write(p, array_concat(header, elements), 'uint8') > 85, 1, descr),
       eq((SELECT array_to_json(value) FROM array_file(p)), expected, descr || ', elements from byte 85 on'),
       eq((SELECT array_to_json(value) FROM array_file(p) WHERE _chunk = 1 AND idx = 2), '['
       || json_extract(expected, '$[1]') || ']', descr || ', the second'),
       eq(array_file_append(p, '[1,0]'), array_length(elements), descr || ', appended'),
       eq((SELECT array_to_json(value) FROM array_file(p)), replace(expected, ']', ',1,0]'), descr
       || ', in its byte order'),
       eq(array_file_append(p, expected), array_length(elements), descr || ', appended, elements of that width'),
       eq((SELECT array_to_json(value) FROM array_file(p)), replace(expected, ']', ',1,0,') || substr(expected, 2),
       descr || ', in its byte order, too') FROM odd;
SELECT throws(format('SELECT value FROM array_file(''%s'', ''uint64'', 2)', dir || 'big'),
    'array_file: element 3 is 9223372036854775808, SQL integers end at 9223372036854775807',
    'uint64 over 63 bits, by its place in the file'),
       eq((SELECT array_to_json(value) FROM array_file(dir || 'big', 'uint64', 2) WHERE idx = 1), '[1,2]',
       'what comes before it can be read')
  FROM at WHERE array_file_write(dir || 'big', '[1,0,0,0,0,0,0,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,128]', 'uint8');

-- Rows
SELECT ok(array_file_write(dir || 'ten.npy', array_series(1, 10)) = 208, 'ten elements') FROM at;
CREATE TEMP VIEW ten AS SELECT dir || 'ten.npy' AS p FROM at;
SELECT eq((SELECT rows(format('SELECT rowid, * FROM array_file(''%s'', ''int64'', 4)', p))), '1|1|[1,2,3,4]|4
5|5|[5,6,7,8]|4
9|9|[9,10]|2', 'idx, value, n; the rowid is idx') FROM ten;
SELECT eq((SELECT group_concat(idx) FROM array_file(p, 'int64', 4) WHERE idx >= 2), '5,9', 'idx >='),
    eq((SELECT group_concat(idx) FROM array_file(p, 'int64', 4) WHERE idx < 6), '1,5', 'idx <'),
       eq((SELECT group_concat(idx) FROM array_file(p, 'int64', 4) WHERE idx = 6), NULL, 'idx = inside a chunk'),
       eq((SELECT n FROM array_file(p, 'int64', 4) WHERE rowid = 9), 2, 'rowid ='),
       eq((SELECT group_concat(idx) FROM (SELECT idx FROM array_file(p, 'int64', 4) ORDER BY idx DESC)), '9,5,1',
       'backwards'),
       eq((SELECT group_concat(idx) FROM array_file(p, 'int64', 9223372036854775807)), '1', 'one chunk'),
       eq((SELECT count(*) FROM array_file(p, 'int64', 1)), 10, 'chunks of one'),
       eq((SELECT group_concat(path = p AND dtype IS 'int64' AND _chunk = 4) FROM array_file(p, 'int64', 4)), '1,1,1',
       'the arguments as columns'), eq((SELECT dtype FROM array_file(p)), NULL, 'without them'),
       eq((SELECT array_sum(value) + array_max(value) FROM array_file(p)), 65, 'value twice'),
       eq((SELECT count(*) FROM array_file(p, NULL)), 0, 'NULL, no rows'),
       eq((SELECT count(*) FROM array_file(NULL)), 0, 'NULL, no rows'), eq(array_file_length(NULL), NULL, 'NULL'),
       eq(array_file_write(NULL, '[1]'), NULL, 'NULL'), eq(array_file_append(p, NULL), NULL, 'NULL')
  FROM ten;
SELECT eq((SELECT group_concat(a.n) FROM ten, array_file(p, 'int64', 4) AS a, array_file(p, 'int64', 5) AS b
    WHERE a.idx = b.idx), '4', 'joined with itself');

-- Empty files
SELECT eq(array_file_write(dir || 'none', '[]'), 0, 'nothing'),
    eq(array_file_length(dir || 'none', 'int32'), 0, 'empty'),
    eq((SELECT count(*) FROM array_file(dir || 'none', 'int8')), 0, 'no rows'),
       eq(array_file_append(dir || 'none', '[5]', 'int16'), 2, 'appended'),
       eq(array_file_write(dir || 'none.npy', '[]'), 128, 'a header alone'),
       eq(array_file_length(dir || 'none.npy'), 0, 'empty'),
       eq((SELECT count(*) FROM array_file(dir || 'none.npy')), 0, 'no rows'),
       eq(array_file_append(dir || 'none.npy', '[5]'), 8, 'appended'),
       eq(readfile(dir || 'none.npy'), array_to_npy('[5]'), 'as written at once') FROM at;
SELECT ok(array_file_write(dir || 'none', '[]') = 0, 'empty again') FROM at;
SELECT throws(format('SELECT * FROM array_file(''%s'')', dir || 'none'),
    'array_file: argument 2, the dtype, is needed: * is not a .npy file', 'what the bytes are is not known') FROM at;

SELECT ok(array_file_write(dir || 'large.npy', array_concat_agg(array_series(value, value + 49999))) > 0,
    'elements of several widths') FROM at, array_each('[1,1000000,5000000000]');
SELECT eq((SELECT group_concat(array_width(value)) FROM array_file(dir || 'large.npy', 'int64', 50000)), '4,4,8',
    'narrow where it can be') FROM at;

-- A file is complete or untouched
CREATE TEMP TABLE before AS SELECT readfile(dir || 'ten.npy') AS file FROM at;
SELECT throws(replace(column1, 'TEN', dir || 'ten.npy'), column2, column2) FROM at, (VALUES
    ('SELECT array_file_write(''TEN'', ''[1,300]'', ''int8'')',
    'array_file_write: element 2 is 300, outside the range of int8'),
    ('SELECT array_file_append(''TEN'', ''[1]'', ''int8'')', 'array_file_append: dtype is int8, the file holds int64'),
    ('SELECT array_file_write(''TEN/x'', ''[1]'')', 'array_file_write: cannot write *: No*directory'));
SELECT eq(readfile(dir || 'ten.npy'), file, 'untouched') FROM at, before;

-- What is refused
SELECT ok(array_file_write(dir || 'pair', '[1,3]', 'int8') = 2, 'two bytes') FROM at;
SELECT throws(replace(column1, 'DIR', dir), column2, column2) FROM at, (VALUES
    ('SELECT * FROM array_file', 'array_file: argument 1 is missing'),
    ('SELECT * FROM array_file(''DIRmissing'')', 'array_file: cannot open *missing: No such file or directory'),
    ('SELECT array_file_length(''DIRmissing'')', 'array_file_length: cannot open *missing: No such file or directory'),
    ('SELECT array_file_length(''ext'')', 'array_file_length: ext is not a regular file'),
    ('SELECT array_file_length(''/dev/null'', ''int8'')', 'array_file_length: /dev/null is not a regular file'),
    ('SELECT array_file_write(''ext'', ''[]'')', 'array_file_write: ext is not a regular file'),
    ('SELECT array_file_write(''/dev/null'', ''[]'')', 'array_file_write: /dev/null is not a regular file'),
    ('SELECT array_file_write(''DIRno/file'', ''[]'')', 'array_file_write: cannot write *: No such file or directory'),
    ('SELECT array_file_length('''')', 'array_file_length: argument 1, the path, is empty'),
    ('SELECT array_file_length(''a'' || char(0) || ''b'')',
    'array_file_length: argument 1, the path, has a NUL in it'),
    ('SELECT array_file_length(x''61'')', 'array_file_length: argument 1, the path, is not text (BLOB given)'),
    ('SELECT array_file_length(7)', 'array_file_length: argument 1, the path, is not text (INTEGER given)'),
    ('SELECT array_file_length(''DIRint8'', ''float'')',
    'array_file_length: argument 2 is ''float'', expected one of ''int8'', *''bool'''),
    ('SELECT array_file_length(''DIRint8'', 2)', 'array_file_length: argument 2 is not text (INTEGER given)'),
    ('SELECT array_file_write('''', ''[]'')', 'array_file_write: argument 1, the path, is empty'),
    ('SELECT array_file_append(x''61'', ''[]'')', 'array_file_append: argument 1, the path, is not text (BLOB given)'),
    ('SELECT array_file_write(''DIRint8'', 5)', 'array_file_write: argument 2 is not an array (INTEGER given)'),
    ('SELECT array_file_append(''DIRint8'', ''[1'')', 'array_file_append: argument 2*'),
    ('SELECT * FROM array_file('''')', 'array_file: argument 1, the path, is empty'),
    ('SELECT * FROM array_file(''DIRint8'', ''float'')',
    'array_file: argument 2 is ''float'', expected one of ''int8'', *''bool'''),
    ('SELECT array_file_append(''DIRint8/x'', ''[1]'')', 'array_file_append: cannot * *: No*directory'),
    ('SELECT array_file_length(''DIRpair'', ''int64'')',
    'array_file_length: 2 bytes are not a whole number of elements of 8 bytes'),
    ('SELECT * FROM array_file(''DIRten.npy'', ''int64'', 0)',
    'array_file: argument 3, the chunk, must be at least 1 (0 given)'),
    ('SELECT * FROM array_file(''DIRten.npy'', ''int32'')', 'array_file: dtype is int32, the file holds int64'));
-- Headers, by the parser of array_from_npy
SELECT throws(format('SELECT array_file_length(''%s'' || (0 * array_file_write(''%s'', array_from_blob(x''%s'', ' ||
    '''uint8''), ''uint8'')))', dir || 'bad', dir || 'bad0', x), 'array_file_length: ' || message, message)
  FROM at, (SELECT '934E554D5059' x, '6 bytes are not all of the .npy header, which has at least 8' message UNION ALL
        SELECT '934E554D505901007600', '10 bytes are not all of the .npy header, which has at least 128' UNION ALL
        SELECT '934E554D50590200FFFFFFFF', '12 bytes are not all of the .npy header, which has at least 4294967307'
        UNION ALL
        SELECT '934E554D505904000000', '.npy version 4.0, expected 1.0, 2.0 or 3.0' UNION ALL
        SELECT hex(array_to_npy('[1,2]')) || '00', '145 bytes, the .npy header says 144' UNION ALL
        SELECT replace(hex(array_to_npy('[1,2]')), hex('(2,), }' || printf('%18s', '')),
        hex('(2305843009213693952,), }')), '144 bytes, the .npy header says 9223372036854775807' UNION ALL
        SELECT substr(hex(array_to_npy('[1,2]')), 1, 286), '143 bytes, the .npy header says 144' UNION ALL
        SELECT replace(hex(array_to_npy('[1,2]')), hex('<i8'), hex('<f8')), 'dtype ''<f8'' is not an integer type'
        UNION ALL
        SELECT replace(hex(array_to_npy('[1,2]')), hex('(2,)'), hex('(1,2')), '.npy header not understood at byte *');
-- Any shape in C order: what array_from_npy makes of the same bytes
CREATE TEMP TABLE shapes(shape, a);
INSERT INTO shapes VALUES ('[]', '[7]'), ('[2,3]', array_series(1, 6)), ('[1,1,4]', array_series(-2, 1)),
    ('[3,0]', '[]'), ('[50,40,60]', array_random(120000, -900, 900, 1));
CREATE TEMP VIEW shaped AS SELECT shape, a, dir || 'shape' AS p, array_to_npy(a, 'int16', shape) AS npy FROM shapes, at;
SELECT eq(array_file_write(p, array_from_blob(npy, 'uint8'), 'uint8'), length(npy), 'shape ' || shape),
    eq(array_to_json(array_file_shape(p)), shape, shape),
       eq(array_valid(array_file_shape(p)), 1, 'canonical'), eq(array_file_length(p), array_length(a), 'elements'),
       eq((SELECT array_concat_agg(value) FROM array_file(p, 'int16', 1000)), array_concat(a), 'one array'),
       throws(format('SELECT array_file_append(%Q, ''[1]'')', p),
       format('array_file_append: *73_shape has %d dimensions, only a file of 1 can be extended',
       array_length(shape)), 'not extended'),
       eq(readfile(p), npy, 'and left alone') FROM shaped;
SELECT throws(format('SELECT array_file_shape(%Q)', dir || 'int8'),
    'array_file_shape: *73_int8 is not a .npy file, which alone has a shape', 'no shape'),
    eq(array_file_shape(NULL), NULL, 'NULL'),
       eq(array_to_json(array_file_shape(dir || 'ten.npy')), '[10]', 'the shape of what is written here') FROM at;
SELECT eq(array_file_write(p, array_from_blob(npy, 'uint8'), 'uint8') > 0, 1, 'Fortran order'),
    eq((SELECT array_to_json(value) FROM array_file(p)), '[1,2,3]', 'of one dimension longer than 1 is C order')
  FROM (SELECT dir || 'fortran' AS p FROM at),
       (SELECT CAST(x'934E554D505901007600' || format('%-117s' || char(10),
       '{''descr'': ''|i1'', ''fortran_order'': True, ''shape'': (1, 3), }') || x'010203' AS BLOB) AS npy);
SELECT throws(format('SELECT array_file_length(%Q)', p),
    'array_file_length: elements of 2 dimensions are in Fortran order, expected C order', 'Fortran order')
  FROM (SELECT dir || 'fortran' AS p FROM at),
       (SELECT CAST(x'934E554D505901007600' || format('%-117s' || char(10),
       '{''descr'': ''|i1'', ''fortran_order'': True, ''shape'': (2, 3), }') || x'010203040506' AS BLOB) AS npy)
  WHERE array_file_write(p, array_from_blob(npy, 'uint8'), 'uint8');
-- A long one
SELECT throws(format('SELECT array_file_length(''%s'')', dir || 'bad1'),
    'array_file_length: a .npy header of 40012 bytes is longer than 32768', 'no header is so long')
  FROM at WHERE array_file_write(dir || 'bad1', array_concat(array_from_blob(x'934E554D50590200409C0000', 'uint8'),
      array_fill(40000, 32)), 'uint8');

-- Other names
SELECT eq(array_file_write(dir || name, '[1,2]', 'int8'), iif(name LIKE '%.npy', 130, 2), name),
    eq(array_file_length(dir || name, 'int8'), 2, name)
  FROM at, (SELECT 'größe.npy' AS name UNION ALL SELECT 'a b''c' UNION ALL SELECT '数' UNION ALL
      SELECT printf('%.200c', 'x'));

-- For direct use only
CREATE VIEW uses AS SELECT array_file_length('x');
CREATE VIEW uses_table AS SELECT * FROM array_file('x');
SELECT throws('SELECT * FROM uses', 'unsafe use of array_file_length()', 'a scalar function'),
       throws('SELECT * FROM uses_table', 'unsafe use of virtual table "array_file"', 'the table');

-- Limits
SELECT ok(array_file_write(dir || 'large', array_fill(3000000, 1)) = 24000000, 'a larger file') FROM at;
SELECT eq((SELECT sum(array_sum(value)) FROM array_file(dir || 'large', 'int64', 3000000)), 3000000, 'as one chunk')
    FROM at;
SELECT throws(format('SELECT sum(array_sum(value)) FROM array_file(''%s'', ''int8'', 1000000000)', dir || 'huge'),
    'No such file', 'nothing is allocated before the file is there') FROM at;
SELECT eq(array_file_limit('result_bytes', 1000), 1000, 'a limit of this library''s own'),
    eq(array_limit('result_bytes') > 1000, 1, 'not of the other''s');
SELECT throws(format('SELECT value FROM array_file(''%s'', ''int64'', 125)', dir || 'large'),
    'array_file: result of 1008 bytes is over the limit of 1000', 'over it'),
       eq((SELECT sum(n) FROM array_file(dir || 'large', 'int64', 124) WHERE idx < 1000), 1116, 'at it'),
       eq((SELECT array_sum(value) FROM array_file(dir || 'large', 'int64', 124) WHERE idx = 125), 124, 'is read')
       FROM at;
SELECT done();
