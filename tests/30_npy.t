-- array_from_npy, array_to_npy, array_npy_shape. What headers are accepted is tested in C (unit_npy.c); here elements
-- and errors.
SELECT plan(555);

-- Headers as NumPy writes them: descr; elements; what they are
CREATE TABLE types(descr, raw, expected);
INSERT INTO types VALUES
    ('|b1', x'0001FF80', '[0,1,1,1]'), ('|i1', x'007FFF80', '[0,127,-1,-128]'), ('|u1', x'007FFF80', '[0,127,255,128]'),
    ('<i2', x'0100FF7F0080FFFF', '[1,32767,-32768,-1]'), ('>i2', x'00017FFF8000FFFF', '[1,32767,-32768,-1]'),
    ('<u2', x'0100FF7F0080FFFF', '[1,32767,32768,65535]'), ('>u2', x'00017FFF8000FFFF', '[1,32767,32768,65535]'),
    ('<i4', x'01000000FFFFFF7F00000080', '[1,2147483647,-2147483648]'),
    ('>i4', x'000000017FFFFFFF80000000', '[1,2147483647,-2147483648]'),
    ('<u4', x'01000000FFFFFF7FFFFFFFFF', '[1,2147483647,4294967295]'),
    ('>u4', x'000000017FFFFFFFFFFFFFFF', '[1,2147483647,4294967295]'),
    ('<i8', x'FFFFFFFFFFFFFF7F0000000000000080', '[9223372036854775807,-9223372036854775808]'),
    ('>i8', x'7FFFFFFFFFFFFFFF8000000000000000', '[9223372036854775807,-9223372036854775808]'),
    ('=i8', x'0100000000000000', '[1]'), ('|i4', x'01000000', '[1]'), ('i4', x'01000000', '[1]'),
    ('<u8', x'FFFFFFFFFFFFFF7F0100000000000000', '[9223372036854775807,1]'),
    ('>u8', x'7FFFFFFFFFFFFFFF', '[9223372036854775807]'),
    ('<i8', x'', '[]'), ('|b1', x'', '[]'), ('>u2', x'', '[]');
CREATE TABLE versions(version, prefix);
INSERT INTO versions VALUES (1, x'934E554D505901007600'), (2, x'934E554D5059020076000000'),
    (3, x'934E554D5059030076000000');
CREATE VIEW files AS SELECT version, descr, o AS fortran, raw, expected,
        CAST(prefix || format('%-117s' || char(10),
        format('{''descr'': ''%s'', ''fortran_order'': %s, ''shape'': (%d,), }',
            descr, o, json_array_length(expected))) || raw AS BLOB) AS npy
    FROM types, versions, (SELECT 'False' AS o UNION ALL SELECT 'True');
SELECT eq(array_to_json(array_from_npy(npy)), expected, 'version ' || version || ', ' || descr || ', Fortran '
    || fortran) FROM files;
SELECT eq(array_valid(array_from_npy(npy)), 1, 'canonical, ' || descr) FROM files WHERE version = 1 AND fortran
    = 'False';

-- A header written by NumPy 1.24: numpy.save of numpy.array([1, -2, 3], 'int16')
SELECT eq(array_to_json(array_from_npy(x'934E554D5059010076007B276465736372273A20273C6932272C2027666F727472616E5F6F72646572273A2046616C73652C20277368617065273A2028332C292C207D2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020200A0100FEFF0300')),
          '[1,-2,3]', 'a file of NumPy');
SELECT eq(hex(array_to_npy('[1,-2,3]', 'int16')),
    '934E554D5059010076007B276465736372273A20273C6932272C2027666F727472616E5F6F72646572273A2046616C73652C20277368617065273A2028332C292C207D2020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020200A0100FEFF0300',
          'the same file from here');

-- Exactly as many bytes as the header says
SELECT throws(format('SELECT array_from_npy(x''%s'')', hex(substr(npy, 1, length(npy) - 1))), 'array_from_npy: '
    || (length(npy) - 1)
              || ' bytes, the .npy header says ' || length(npy), 'a byte less'),
       throws(format('SELECT array_from_npy(x''%s00'')', hex(npy)), 'array_from_npy: ' || (length(npy) + 1)
              || ' bytes, the .npy header says ' || length(npy), 'a byte more')
  FROM files WHERE descr = '<i4' AND fortran = 'False';
SELECT throws(format('SELECT array_from_npy(CAST(x''934E554D505901007600'' || format(''%%-118s'', ''%s'') AS BLOB))',
                     replace('{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (' || n || ',)}', '''',
                     '''''')),
              'array_from_npy: 128 bytes, the .npy header says ' || says, n || ' elements')
  FROM (SELECT '1' n, 136 says UNION ALL SELECT '1152921504606846976', 9223372036854775807 UNION ALL
        SELECT '2305843009213693951', 9223372036854775807 UNION ALL SELECT '2305843009213693952', 9223372036854775807
        UNION ALL
        SELECT '9223372036854775807', 9223372036854775807);

-- What is refused, and says what it is
CREATE TABLE refused(dict, message);
INSERT INTO refused VALUES
    ('{''descr'': ''<f8'', ''fortran_order'': False, ''shape'': (3,)}', 'dtype ''<f8'' is not an integer type'),
    ('{''descr'': ''|S3'', ''fortran_order'': False, ''shape'': (3,)}', 'dtype ''|S3'' is not an integer type'),
    ('{''descr'': ''<c16'', ''fortran_order'': False, ''shape'': (3,)}', 'dtype ''<c16'' is not an integer type'),
    ('{''descr'': ''|O'', ''fortran_order'': False, ''shape'': (3,)}', 'dtype ''|O'' is not an integer type'),
    ('{''descr'': [(''a'', ''<i4'')], ''fortran_order'': False, ''shape'': (3,)}',
    'dtype [(''a'', ''<i4'')] is not an integer type'),
    ('{''descr'': ''<i8'', ''fortran_order'': True, ''shape'': (3, 4)}',
    'elements of 2 dimensions are in Fortran order, expected C order'),
    ('{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (05,)}', '.npy header not understood at byte 63'),
    ('{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (0, 9223372036854775808)}',
     'dimension 2 of the shape is longer than 9223372036854775807'),
    ('{''descr'': ''<i8'', ''shape'': (3,)}', '.npy header not understood at byte 129'),
    ('', '.npy header not understood at byte 129'), ('nonsense', '.npy header not understood at byte 11'),
    ('{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (-1,)}', '.npy header not understood at byte 62');
SELECT throws(format('SELECT array_from_npy(CAST(x''934E554D505901007600'' || format(''%%-118s'', ''%s'') AS BLOB))',
    replace(dict, '''', '''''')),
              'array_from_npy: ' || replace(message, '[', '[[]'), message || ', of ' || dict) FROM refused;
SELECT throws(format('SELECT array_from_npy(x''%s'')', x), 'array_from_npy: ' || message, message)
  FROM (SELECT '' x, '0 bytes are not all of the .npy header, which has at least 8' message UNION ALL
        SELECT '93', '1 bytes are not all of the .npy header, which has at least 8' UNION ALL
        SELECT '934E554D50590100', '8 bytes are not all of the .npy header, which has at least 10' UNION ALL
        SELECT '934E554D505901007600', '10 bytes are not all of the .npy header, which has at least 128' UNION ALL
        SELECT '934E554D50590200FFFFFFFF', '12 bytes are not all of the .npy header, which has at least 4294967307'
        UNION ALL
        SELECT 'A14100010000000000000000', 'not a .npy file, which begins with 93 4E 55 4D 50 59' UNION ALL
        SELECT '934E554D50590400', '.npy version 4.0, expected 1.0, 2.0 or 3.0' UNION ALL
        SELECT '934E554D50590101', '.npy version 1.1, expected 1.0, 2.0 or 3.0');
SELECT throws(format('SELECT array_from_npy(CAST(x''934E554D505901007600'' || format(''%%-118s'', ''%s'') || ' ||
    'x''%s'' AS BLOB))',
                     '{''''descr'''': ''''' || descr || ''''', ''''fortran_order'''': False, ''''shape'''': (2,)}',
                     raw),
              'array_from_npy: element 2 is ' || x || ', SQL integers end at 9223372036854775807', descr
              || ' over 64 bits')
  FROM (SELECT '<u8' descr, '01000000000000000000000000000080' raw, '9223372036854775808' x UNION ALL
        SELECT '>u8', '0000000000000001FFFFFFFFFFFFFFFF', '18446744073709551615');
SELECT throws('SELECT array_from_npy(' || x || ')', 'array_from_npy: argument 1 is not a blob (' || type || ' given)',
    type)
  FROM (SELECT '7' x, 'INTEGER' type UNION ALL SELECT '7.5', 'REAL' UNION ALL SELECT '''x''', 'TEXT');
SELECT eq(array_from_npy(NULL), NULL, 'NULL'), eq(array_to_npy(NULL), NULL, 'NULL'),
    eq(array_to_npy(NULL, 'int8'), NULL, 'NULL'),
       eq(array_to_npy('[1]', NULL), NULL, 'NULL');

-- Other shapes: the elements in C order, and exactly as many as the shape says
CREATE TABLE shapes(tuple, shape, elements);
INSERT INTO shapes VALUES ('()', '[]', '[7]'), ('(1,)', '[1]', '[7]'), ('(2, 3)', '[2,3]', '[1,2,3,4,5,-6]'),
    ('(3, 2)', '[3,2]', '[1,2,3,4,5,-6]'), ('(1, 2, 1, 3)', '[1,2,1,3]', '[1,2,3,4,5,-6]'), ('(0, 5)', '[0,5]', '[]'),
    ('(5, 0)', '[5,0]', '[]'), ('(0, 9223372036854775807, 99)', '[0,9223372036854775807,99]', '[]');
CREATE VIEW shaped AS SELECT *, CAST(x'934E554D505901007600' || format('%-117s' || char(10), format(
        '{''descr'': ''<i2'', ''fortran_order'': False, ''shape'': %s, }', tuple))
        || array_to_blob(elements, 'int16') AS BLOB) AS npy FROM shapes;
SELECT eq(array_to_json(array_from_npy(npy)), elements, 'elements of shape ' || tuple),
       eq(array_to_json(array_npy_shape(npy)), shape, 'shape ' || tuple),
       eq(array_valid(array_npy_shape(npy)), 1, 'canonical'),
       eq(hex(array_to_npy(elements, 'int16', shape)), hex(npy), 'the same file from here'),
       throws(format('SELECT array_npy_shape(x''%s00'')', hex(npy)), 'array_npy_shape: ' || (length(npy) + 1)
       || ' bytes, the .npy header says '
              || length(npy), 'a byte more than ' || tuple),
       throws(format('SELECT array_npy_shape(x''%s'')', substr(hex(npy), 1, 2 * length(npy) - 2)), 'array_npy_shape: '
       || (length(npy) - 1)
              || ' bytes*', 'a byte less')
  FROM shaped;
SELECT eq(array_to_json(array_npy_shape(npy)), '[' || json_array_length(expected) || ']', 'shape of ' || descr)
    FROM files;
SELECT eq(array_npy_shape(NULL), NULL, 'NULL'), eq(array_to_npy('[1]', 'int8', NULL), NULL, 'NULL');
-- numpy.save of numpy.arange(6).reshape(2, 3) and of numpy.int64(7), by NumPy 1.24
SELECT eq(hex(array_to_npy('[0,1,2,3,4,5]', 'int64', '[2,3]')), '934E554D505901007600'
    || hex(format('%-117s' || char(10),
          '{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (2, 3), }')) ||
          '000000000000000001000000000000000200000000000000030000000000000004000000000000000500000000000000',
          'rows and columns'),
       eq(hex(array_to_npy('[7]', 'int64', '[]')), '934E554D505901007600' || hex(format('%-117s' || char(10),
          '{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (), }')) || '0700000000000000', 'a number');
SELECT eq(length(array_to_npy('[]', 'int8', array_fill(n, 0))), size, n || ' dimensions')
  FROM (SELECT 1 n, 128 size UNION ALL SELECT 2, 128 UNION ALL SELECT 14, 128 UNION ALL SELECT 15, 192 UNION ALL
      SELECT 64, 320);
SELECT throws('SELECT array_to_npy(''[1,2,3,4,5,6]'', ''int8'', ' || shape || ')', 'array_to_npy: ' || message, message)
  FROM (SELECT '''[2,4]''' shape, 'argument 1 has 6 elements, argument 3, the shape, is one of 8' message UNION ALL
        SELECT '''[]''', 'argument 1 has 6 elements, argument 3, the shape, is one of 1' UNION ALL
        SELECT '''[6,0]''', 'argument 1 has 6 elements, argument 3, the shape, is one of 0' UNION ALL
        SELECT '''[4294967296,4294967296]''',
        'argument 1 has 6 elements, argument 3, the shape, is one of more than 9223372036854775807' UNION ALL
        SELECT '''[-2,-3]''', 'argument 3, the shape: dimension 1 is -2, expected 0 or more' UNION ALL
        SELECT '''[6,-1]''', 'argument 3, the shape: dimension 2 is -1, expected 0 or more' UNION ALL
        SELECT 'array_fill(65, 1)', 'argument 3, the shape, has 65 dimensions, more than 64' UNION ALL
        SELECT '6', 'argument 3 is not an array (INTEGER given)' UNION ALL
        SELECT 'x''00''', 'argument 3 is not an array (BLOB of 1 bytes, shorter than the 8-byte header)');

-- Writing: the header, and back again
SELECT eq(typeof(array_to_npy('[1,2]')), 'blob', 'a blob'), eq(length(array_to_npy('[1,2]')), 128 + 16,
    'int64 by default'),
       eq(hex(substr(array_to_npy('[1,2]', 'uint16'), 129)), '01000200', 'little-endian, from a multiple of 64 on'),
       eq(CAST(substr(array_to_npy(array_fill(1000, 7)), 11, 118) AS TEXT), format('%-117s' || char(10),
          '{''descr'': ''<i8'', ''fortran_order'': False, ''shape'': (1000,), }'), 'header'),
       eq(hex(substr(array_to_npy('[]'), 1, 10)), '934E554D505901007600', 'version 1, 118 bytes follow'),
       eq(length(array_to_npy('[]')), 128, 'no elements');
CREATE TABLE dtypes(dtype, descr, lo, hi, width);
INSERT INTO dtypes VALUES ('int8', '|i1', -128, 127, 1), ('INT16', '<i2', -32768, 32767, 2),
    ('int32', '<i4', -2147483648, 2147483647, 4),
    ('Int64', '<i8', -9223372036854775808, 9223372036854775807, 8), ('uint8', '|u1', 0, 255, 1),
    ('uint16', '<u2', 0, 65535, 2),
    ('uint32', '<u4', 0, 4294967295, 4), ('uint64', '<u8', 0, 9223372036854775807, 8), ('bool', '|b1', 0, 1, 1);
SELECT eq(CAST(substr(array_to_npy(array_of(lo, hi), dtype), 11, 19) AS TEXT), '{''descr'': ''' || descr || ''', ''f',
    dtype),
       eq(array_from_npy(array_to_npy(array_of(lo, hi), dtype)), array_of(lo, hi), dtype || ', extremes'),
       eq(length(array_to_npy(array_of(lo, hi), dtype)), 128 + 2 * width, dtype || ', size')
  FROM dtypes;
SELECT throws(format('SELECT array_to_npy(array_of(%d, %d), ''%s'')', lo, hi + 1, dtype),
    'array_to_npy: element 2 is ' || (hi + 1) || ', outside the range of ' || lower(dtype), dtype || ', over')
  FROM dtypes WHERE width < 8;
SELECT throws(format('SELECT array_to_npy(array_of(%d, %d), ''%s'')', hi, lo - 1, dtype),
    'array_to_npy: element 2 is ' || (lo - 1) || ', outside the range of ' || lower(dtype), dtype || ', under')
  FROM dtypes WHERE lo > -9e18;
SELECT throws('SELECT array_to_npy(7)', 'array_to_npy: argument 1 is not an array (INTEGER given)', 'no array'),
       throws('SELECT array_to_npy(''[1]'', 8)', 'array_to_npy: argument 2 is not text (INTEGER given)', 'no type'),
       throws('SELECT array_to_npy(''[1]'', ''float64'')',
       'array_to_npy: argument 2 is ''float64'', expected one of ''int8'', *''bool''', 'another type'),
       throws('SELECT array_to_npy(x''A14100'')', 'array_to_npy: argument 1 is not an array (BLOB of 3 bytes*',
       'no array');
SELECT eq(array_from_npy(array_to_npy(a, dtype)), a, dtype || ', ' || n || ' random elements')
  FROM (SELECT dtype, value AS n, array_random(value, max(lo, -4e18), min(hi, 4e18), value) AS a FROM dtypes,
        array_each('[0,1,7,8,9,31,32,33,1023,1024,1025,2049,40000]'));
SELECT eq(array_to_npy(x'A141000802000000FFFFFFFFFFFFFFFF0300000000000000', 'int8'), array_to_npy('[-1,3]', 'int8'),
    'a blob wider than needed');
SELECT ok(array_limit('result_bytes', 1000) = 1000, 'a limit');
SELECT throws('SELECT array_to_npy(array_fill(900, 1))',
    'array_to_npy: result of 7328 bytes is over the limit of 1000', 'over the limit');
SELECT ok(array_limit('result_bytes', 2147483647) > 0, 'the limit as it was');
SELECT eq(value, 0, 'nothing is held at the end') FROM array_memory WHERE name = 'live_bytes';
SELECT done();
