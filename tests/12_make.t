-- Make and convert.
SELECT plan(373);
SELECT eq(rows('SELECT ' || column1), column2, column1) FROM (VALUES
  ('array_of(1, 2.0, -3)', '[1,2,-3]'), ('array_of()', '[]'),
  ('array_series(1, 5)', '[1,2,3,4,5]'), ('array_series(5, 1)', '[]'), ('array_series(5, 1, -2)', '[5,3,1]'),
      ('array_series(1, 10, 3)', '[1,4,7,10]'),
  ('array_series(1, 1)', '[1]'), ('array_series(3, 3, -1)', '[3]'), ('array_series(1, 2, 100)', '[1]'),
  ('array_series(9223372036854775805, 9223372036854775807)',
      '[9223372036854775805,9223372036854775806,9223372036854775807]'),
  ('array_series(-9223372036854775808, 9223372036854775807, 9223372036854775807)',
      '[-9223372036854775808,-1,9223372036854775806]'),
  ('array_series(9223372036854775807, -9223372036854775808, -9223372036854775808)', '[9223372036854775807,-1]'),
  ('array_fill(3, 7)', '[7,7,7]'), ('array_fill(0, 7)', '[]'), ('array_random(0, 1, 2)', '[]'),
      ('array_random(2, 5, 5)', '[5,5]'),
  ('array_parse(''[1, 2]'')', '[1,2]'), ('array_parse(''{1,2}'')', '[1,2]'),
      ('array_parse(''1|2|3'', ''|'')', '[1,2,3]'), ('array_parse('' 1 ; -2 '', '';'')', '[1,-2]'),
  ('array_parse('''', '';'')', '[]'), ('array_parse(''  '', '';'')', '[]'),
      ('array_parse(''1--2'', ''-'')', '[1,-2]'), ('array_parse(''1 2  3'', '' '')', '[1,2,3]'),
  ('array_parse(''1, 2'', '','')', '[1,2]'), ('array_parse(''1abc2'', ''abc'')', '[1,2]'),
  ('array_to_json(array_of(1, -9223372036854775808))', '[1,-9223372036854775808]'), ('array_to_json(''{}'')', '[]'),
  ('array_to_text(''[1,2,3]'')', '1,2,3'), ('array_to_text(''[1,2,3]'', '''')', '123'),
      ('array_to_text(''[1,2]'', '' and '')', '1 and 2'), ('array_to_text(''[]'')', ''),
  ('json_array(array_to_json(''[1,2]''))', '[[1,2]]'), ('json_extract(array_to_json(''[1,2]''), ''$[1]'')', '2'),
  ('array_from_blob(x''01fe'', ''int8'')', '[1,-2]'), ('array_from_blob(x''01fe'', ''uint8'')', '[1,254]'),
      ('array_from_blob(x''01000200'', ''INT16'')', '[1,2]'),
  ('array_from_blob(x''00010002'', ''int16'', ''big'')', '[1,2]'),
      ('array_from_blob(x''00010002'', ''uint16'', ''BIG'')', '[1,2]'), ('array_from_blob(x'''', ''int64'')', '[]'),
  ('array_from_blob(x''ffffffff'', ''int32'')', '[-1]'), ('array_from_blob(x''ffffffff'', ''uint32'')', '[4294967295]'),
  ('array_from_blob(x''ffffffffffffff7f'', ''uint64'')', '[9223372036854775807]'),
      ('array_from_blob(x''8000000000000000'', ''int64'', ''big'')', '[-9223372036854775808]'),
  ('hex(array_to_blob(''[1,-2]'', ''int8''))', '01FE'), ('hex(array_to_blob(''[1,254]'', ''uint8''))', '01FE'),
      ('hex(array_to_blob(''[1,2]'', ''int32'', ''big''))', '0000000100000002'),
  ('hex(array_to_blob(''[1]'', ''uint64''))', '0100000000000000'), ('hex(array_to_blob(''[]'', ''int8''))', ''),
      ('typeof(array_to_blob(''[]'', ''int8''))', 'blob'),
  ('array_width(''[1]'') || array_width(''[300]'') || array_width(''[70000]'') || array_width(''[5000000000]'') || ' ||
      'array_width(''[]'')', '12481'),
  ('array_width(x''a1410008010000000100000000000000'')', '8'));
SELECT throws('SELECT ' || column1, column2, column1) FROM (VALUES
  ('array_of(1, NULL)', 'array_of: argument 2 is not an integer (NULL given)'),
      ('array_of(''1'')', 'array_of: argument 1 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_of(1.5)', 'array_of: argument 1 is not an integer (1.5 given)'),
      ('array_of(9223372036854775808)', 'array_of: argument 1 is not an integer'), ('array_of(x''01'')', 'BLOB given'),
  ('array_series(1, 5, 0)', 'array_series: argument 3, the step, must not be 0'),
      ('array_series(1, ''5'')', 'array_series: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_series(1, 1e10)', 'array_series: result of * bytes is over the limit of'),
      ('array_series(-9223372036854775808, 9223372036854775807)', 'over the limit'),
  ('array_fill(-1, 5)', 'array_fill: argument 1, * at least 0 (-1 given)'),
      ('array_fill(3, NULL)', 'array_fill: argument 2 is not an integer (NULL given)'),
  ('array_fill(1000000000, 0)', 'array_fill: result of 1000000008 bytes is over the limit of 1000000000'),
      ('array_fill(9223372036854775807, 0)', 'over the limit'),
  ('array_random(3, 2, 1)', 'array_random: *2 and 1'), ('array_random(-1, 2, 3)', 'array_random: argument 1'),
      ('array_random(1, 2, 3, ''x'')', 'array_random: argument 4'),
  ('array_parse(5)', 'array_parse: argument 1 is not text (INTEGER given)'), ('array_parse('''')', 'array_parse: '),
      ('array_parse(''1,2'')', 'array_parse: expected * at byte 1'),
  ('array_parse(''1,2,'', '','')', 'array_parse: expected an integer at byte 5'),
      ('array_parse(''1,x'', '','')', 'array_parse: expected an integer at byte 3'),
  ('array_parse(''1.5,2.5'', '','')', 'array_parse: number with a fraction at byte 1, expected an integer'),
  ('array_parse(''3,1e3'', '','')', 'array_parse: number with an exponent at byte 3, expected an integer'),
      ('array_sum(''[2,3.0]'')',
      'array_sum: argument 1 is not an array (number with a fraction at byte 4, expected an integer)'),
  ('array_parse(''[1E+3]'')', 'array_parse: number with an exponent at byte 2, expected an integer'),
      ('array_parse(''007'', '';'')', 'array_parse: number with a leading zero at byte 1, expected none'),
  ('array_parse(''[+1]'')', 'array_parse: number with a plus sign at byte 2, expected none'),
      ('array_parse(''[[1,2],[3]]'')', 'array_parse: array inside the array at byte 2, expected an integer'),
  ('array_parse(''["1'')', 'array_parse: expected the closing quote at byte 4'),
      ('array_parse(''{"1"}'')', 'array_parse: expected an integer at byte 2'),
      ('array_parse(''"1"'', '','')', 'array_parse: expected an integer at byte 1'),
  ('array_to_json(''[1]'', ''quote'')', 'array_to_json: argument 2 is ''quote'', expected ''quoted'''),
      ('array_to_json(''[1]'', 1)', 'array_to_json: argument 2 is not text (INTEGER given)'),
  ('array_parse(''1'', '''')', 'array_parse: argument 2'), ('array_parse(''1234'', ''23'')',
      'array_parse: argument 2, the separator, must not begin with a digit'),
      ('array_parse(''1'', ''0'')', 'must not begin with a digit'),
      ('array_parse('''', ''9;'')', 'must not begin with a digit'), ('array_parse(''[1,null]'')', 'null at byte 4'),
      ('array_parse(''[1,99999999999999999999]'')', 'range at byte 4'),
  ('array_from_blob(x''0102'', ''int32'')', 'array_from_blob: *2 bytes*4 bytes'),
      ('array_from_blob(''x'', ''int8'')', 'array_from_blob: argument 1 is not a blob (TEXT given)'),
  ('array_from_blob(x''00'', ''float'')', 'array_from_blob: argument 2 is ''float'', expected one of ''int8'''),
      ('array_from_blob(x''00'', ''int8'', ''little'')', 'argument 3'),
  ('array_from_blob(x''01000000000000000000000000000080'', ''uint64'')',
      'array_from_blob: element 2 is 9223372036854775808, SQL integers end at 9223372036854775807'),
  ('array_to_blob(''[1,128]'', ''int8'')', 'array_to_blob: element 2 is 128, outside the range of int8'),
      ('array_to_blob(''[1,-1]'', ''uint64'')', 'array_to_blob: element 2 is -1, outside the range of uint64'),
  ('array_to_text(''[1]'', 5)', 'array_to_text: argument 2 is not text (INTEGER given)'));
-- JSON integers in quotes, as JavaScript writes those over 2^53
SELECT eq(array_parse('["9007199254740993", 7]'), array_of(9007199254740993, 7), 'in quotes'),
    eq(array_sum('["1","2", -3]'), 0, 'as an argument'),
       eq(array_to_json('[1,-2,9007199254740993]', 'quoted'), '["1","-2","9007199254740993"]', 'quoted'),
       eq(array_to_json('[]', 'Quoted'), '[]', 'nothing to quote'),
       eq(array_to_json('[1]', NULL), NULL, 'NULL'), eq(json_type(json_array(array_to_json('[7]', 'quoted')),
       '$[0][0]'), 'text', 'with the JSON subtype');
SELECT eq(array_parse(array_to_json(a, 'quoted')), a, 'quoted and back'),
    eq(array_to_json(a, 'quoted'), (SELECT json_group_array(CAST(value AS TEXT)) FROM array_each(a)),
    'as JSON1 writes it')
  FROM (SELECT array_random(2000, -9223372036854775808, 9223372036854775807, 1) AS a UNION ALL SELECT array_of(0));
-- Round trips, at sizes around the block and beyond the small buffer
CREATE TEMP TABLE list AS SELECT n, m, array_random(n, -m, m, n) AS a
  FROM (SELECT column1 AS n FROM (VALUES (0), (1), (1023), (1024), (1025), (4088), (40000))),
      (SELECT column1 AS m FROM (VALUES (100), (30000), (2000000000), (9000000000000000000)));
SELECT eq(array_parse(array_to_json(a)), a, 'JSON and back ' || n),
    eq(array_parse(array_to_text(a, ' ~ '), ' ~ '), a, 'text and back ' || n),
       eq(array_from_blob(array_to_blob(a, 'int64'), 'int64'), a, 'int64 and back ' || n),
       eq(array_from_blob(array_to_blob(a, 'int64', 'big'), 'int64', 'big'), a, 'big-endian and back ' || n)
  FROM list;
SELECT eq(array_from_blob(array_to_blob(a, d), d), a, d || ' and back ' || n) FROM list,
  (SELECT column1 AS d, column2 AS most FROM (VALUES ('int8', 127), ('int16', 32767), ('int32', 2147483647)))
      WHERE m <= most;
SELECT eq(array_from_blob(array_to_blob(array_abs(a), d), d), array_abs(a), d || ' and back ' || n) FROM list,
  (SELECT column1 AS d, column2 AS most FROM (VALUES ('uint8', 255), ('uint16', 65535), ('uint32', 4294967295),
      ('uint64', 9223372036854775807))) WHERE m <= most;
SELECT eq(array_to_json(a), (SELECT coalesce(json_group_array(value), '[]') FROM array_each(a)), 'as JSON1 writes it '
    || n) FROM list;
-- Random: in range, the same with a seed, another without
SELECT ok(array_min(array_random(10000, -7, 9)) = -7 AND array_max(array_random(10000, -7, 9)) = 9,
    'random reaches both ends');
SELECT eq(array_random(1000, 0, 1000000, 5), array_random(1000, 0, 1000000, 5), 'the same with the same seed');
SELECT ok(array_random(1000, 0, 1000000, 5) <> array_random(1000, 0, 1000000, 6), 'another with another');
SELECT ok(array_random(1000, 0, 1000000) <> array_random(1000, 0, 1000000), 'another each time without');
SELECT ok(array_distinct_count(array_random(1000, -9223372036854775808, 9223372036854775807, 1)) = 1000,
    'over all 64 bits');
SELECT ok(abs(array_avg(array_random(100000, 0, 100, 1)) - 50) < 1, 'uniform');
-- Text is parsed once per statement where it is a constant: the pool is asked once
CREATE TEMP TABLE take AS SELECT value AS before FROM array_memory WHERE name = 'takes';
SELECT eq(sum(array_get('[1,2,3]', value)), 6000, 'constant text for every row')
    FROM array_each(array_add(array_mod(array_series(1, 3000), 3), 1));
SELECT ok(value - before < 10, 'constant text is parsed once') FROM array_memory, take WHERE name = 'takes';
SELECT eq(array_add(column1, '[1]'), column2, 'text that is no constant is parsed for each row')
    FROM (VALUES ('[1]', array_of(2)), ('[2]', array_of(3)), ('{70000}', array_of(70001)));
SELECT eq(group_concat(coalesce(x, 'NULL')), 'NULL,NULL,NULL,NULL,NULL,NULL,NULL', 'NULL gives NULL')
    FROM (SELECT column1 AS x FROM (VALUES (array_series(NULL, 1)), (array_fill(NULL, 1)), (array_parse(NULL)),
  (array_to_json(NULL)), (array_from_blob(NULL, 'int8')), (array_to_blob('[1]', NULL)), (array_width(NULL))));
SELECT done();
