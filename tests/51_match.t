-- array_match: queries against SQL's own logic on the elements, and everything a query can be wrong in.
SELECT plan(97);

CREATE TEMP TABLE list AS
  WITH length(n) AS (VALUES (0), (1), (2), (7), (8), (9), (33), (1023), (1025), (2049), (40000)),
       reach(m) AS (VALUES (5), (20), (100), (30000), (2000000000), (4000000000000000000))
  SELECT row_number() OVER () AS id, n, m, array_random(n, -m, m, n + m) AS a FROM length, reach;
INSERT INTO list(n, m, a) SELECT n, m, array_unique(a)
    FROM list;                         -- sets are searched, others read
CREATE TEMP TABLE small AS SELECT a, array_contains(a, 1) AS x1, array_contains(a, 2) AS x2,
    array_contains(a, -3) AS x3, array_contains(a, 0) AS x0 FROM list;
CREATE TEMP TABLE query(q);
INSERT INTO query VALUES ('1'), ('!1'), ('!!1'), ('!!!1'), ('1&2'), ('1|2'), ('1 & 2 | -3'), ('1 | 2 & -3'),
    ('!1 & 2'), ('!1|2'), ('!(1&2)'), ('!(1|2)&-3'), ('!(!1|!2)'),
  ('1 & (2 | !-3)'), ('(1)'), ('((1))'), ('(1|2)&(-3|0)'), ('!(1|2)&!(-3|0)'), ('(1&2)|(-3&0)'), ('1&2&-3&0'),
      ('1|2|-3|0'), ('1&!1'), ('1|!1'), ('1&2|1&-3|2&-3'),
  ('!(1&(2|(-3&0)))'), ('!(1&(2|!(-3&0)))|!2'), ('1&!(2|-3|0)'), (' ! ( 1 | 2 ) & ' || char(10, 9, 13) || ' -3 '),
      ('-0'), ('((1&2)|!((-3)))&!(!0)'), ('1&1&1|1'), ('!!(1|!!2)');
SELECT eq(rows('SELECT array_match(a, ' || quote(q) || ') FROM small'),
          rows('SELECT ' || replace(replace(replace(replace(replace(replace(replace(replace(replace(q, '-0', '0'),
          '-3', 'c'), '0', 'x0'), '1', 'x1'), '2', 'x2'), 'c', 'x3'), '!', ' NOT '), '&', ' AND '), '|', ' OR ')
          || ' FROM small'), q)
  FROM query WHERE q NOT LIKE '%!%';
-- SQL's NOT binds less: with brackets around what it negates there is no difference
CREATE TEMP TABLE negated(q, expression);
INSERT INTO negated VALUES ('!1 & 2', '(NOT x1) AND x2'), ('!1|2', '(NOT x1) OR x2'),
    ('!(1|2)&-3', '(NOT (x1 OR x2)) AND x3'), ('!(!1|!2)', 'NOT ((NOT x1) OR (NOT x2))'),
  ('1 & (2 | !-3)', 'x1 AND (x2 OR (NOT x3))'), ('!(1|2)&!(-3|0)', '(NOT (x1 OR x2)) AND (NOT (x3 OR x0))'),
      ('1&!1', '0'), ('1|!1', '1'), ('!(1&2)', 'NOT (x1 AND x2)'), ('!(1|2)', 'NOT (x1 OR x2)'),
  ('!(1&(2|(-3&0)))', 'NOT (x1 AND (x2 OR (x3 AND x0)))'), ('!(1&(2|!(-3&0)))|!2',
      '(NOT (x1 AND (x2 OR (NOT (x3 AND x0))))) OR (NOT x2)'),
  ('1&!(2|-3|0)', 'x1 AND (NOT (x2 OR x3 OR x0))'), (' ! ( 1 | 2 ) & ' || char(10, 9, 13) || ' -3 ',
      '(NOT (x1 OR x2)) AND x3'), ('((1&2)|!((-3)))&!(!0)', '((x1 AND x2) OR (NOT x3)) AND x0'),
  ('!!1', 'x1'), ('!!!1', 'NOT x1'), ('! ! 1', 'x1'), ('!!(1|!!2)', 'x1 OR x2'),
      ('!!!(1|2)&0', '(NOT (x1 OR x2)) AND x0'), ('1|!2&-3|0', 'x1 OR ((NOT x2) AND x3) OR x0');
SELECT eq(rows('SELECT array_match(a, ' || quote(q) || ') FROM small'),
    rows('SELECT ' || expression || ' FROM small'), q) FROM negated;
SELECT eq(sum(array_match(a, q) <> array_match(a, '!(' || q || ')')), count(*),
    'a query and its opposite, not constant') FROM small, query;

-- elements that are there and others, of any width; many operands
SELECT eq(sum(array_match(a, array_to_text(a, ' & '))), count(*), 'all elements') FROM list WHERE n > 0;
SELECT eq(sum(array_match(a, array_to_text(a, '&') || '&9223372036854775807')), 0, 'and one that is not there')
    FROM list WHERE n > 0;
SELECT eq(sum(array_match(a, array_to_text(array_random(3000, 9000000000000000000, 9223372036854775807, n), '|'))), 0,
    'others') FROM list;
SELECT eq(sum(array_match(a, array_to_text(array_random(3000, 9000000000000000000, 9223372036854775807, n), '|')
    || '|' || array_last(a))), count(*), 'others and one') FROM list WHERE n > 0;
SELECT eq(array_match(a, '-128 | 127') || array_match(a, '-129 | 128 | 9223372036854775807 | -9223372036854775808')
    || array_match(a, '!-9223372036854775808 & 127'), '101', 'outside the width')
  FROM (SELECT array_of(127, 3, -128) AS a);
SELECT eq(array_match(a, '-9223372036854775808 & 9223372036854775807') || array_match(a, '9223372036854775806'), '10',
    'extremes')
  FROM (SELECT array_of(9223372036854775807, -9223372036854775808) AS a);
SELECT eq(array_match('{1,4}', '1 & (2 | !3)') || array_match('[]', '1') || array_match('[]', '!1'), '101',
    'text arrays');
SELECT eq(array_match(x'A14100080200000005000000000000000500000000000000', '5 & !6'), 1, 'wider than needed');

-- A constant query is compiled once: the pool is asked twice for it, not for each row
CREATE TEMP TABLE takes AS SELECT value AS v FROM array_memory WHERE name = 'takes';
SELECT eq(sum(array_match(a, '1 | !(2 & 3)') + array_match(a, '!1 & 2 & 3')), count(*), 'in all rows') FROM list;
SELECT eq((SELECT value FROM array_memory WHERE name = 'takes') - v, 4, 'compiled once') FROM takes;

-- Depth and length
SELECT eq(array_match('[1]', printf('%.*c', 1000000, '(') || '1' || printf('%.*c', 1000000, ')')), 1,
    'a million brackets'),
       eq(array_match('[1]', replace(printf('%.*c', 1000000, '.'), '.', '!(') || '1' || printf('%.*c', 1000000, ')')),
       1, 'a million negated ones'),
       eq(array_match('[1]', replace(printf('%.*c', 999999, '.'), '.', '!(') || '1' || printf('%.*c', 999999, ')')),
       0, 'one less'),
       eq(array_match('[1]', printf('%.*c', 1000001, '!') || '1'), 0, 'a million negations'),
       eq(array_match('[1]', replace(printf('%.*c', 500000, '.'), '.', '2|(1&') || '1'
       || printf('%.*c', 500000, ')')), 1, 'half a million levels'),
       eq(array_match('[1]', replace(printf('%.*c', 500000, '.'), '.', '1&(2|') || '3'
       || printf('%.*c', 500000, ')')), 0, 'likewise'),
       eq(array_match(array_series(1, 1000000), array_to_text(array_series(1, 1000000), '&')), 1, 'a million operands'),
       eq(array_match(array_reverse(array_series(0, 999999)), array_to_text(array_series(1, 1000000), '&')), 0,
       'unsorted'),
       eq(array_match(array_reverse(array_series(0, 999999)), array_to_text(array_series(1000000, 1999999), '|')
       || '|7'), 1, 'the last one');
SELECT throws('SELECT array_match(''[1]'', printf(''%.*c'', 1000000, ''(''))',
    'array_match: argument 2 is not a query (expected an integer, ''!'' or ''('' at byte 1000001)',
    'a million brackets alone');
SELECT throws('SELECT array_match(''[1]'', printf(''%.*c'', 1000000, ''('') || ''1'')',
    'query ends at byte 1000002 without the closing '')'')', 'a million brackets open');

-- Errors say where
CREATE TEMP TABLE wrong(q, why);
INSERT INTO wrong VALUES ('', 'empty query, expected such as 1 & (2 | !3)'),
    ('  ', 'empty query, expected such as 1 & (2 | !3)'),
  ('!', 'expected an integer, ''!'' or ''('' at byte 2'), ('1 &', 'expected an integer, ''!'' or ''('' at byte 4'),
      ('& 1', 'expected an integer, ''!'' or ''('' at byte 1'),
  ('1 & | 2', 'expected an integer, ''!'' or ''('' at byte 5'),
      ('()', 'expected an integer, ''!'' or ''('' at byte 2'),
      ('(1|)', 'expected an integer, ''!'' or ''('' at byte 4'),
  ('1 2', 'expected ''&'' or ''|'' at byte 3'), ('1!', 'expected ''&'' or ''|'' at byte 2'),
      ('1(2)', 'expected ''&'' or ''|'' at byte 2'), ('(1)(2)', 'expected ''&'' or ''|'' at byte 4'),
  ('1)', 'expected ''&'' or ''|'' at byte 2'), ('(1))', 'expected ''&'' or ''|'' at byte 4'),
      (')', 'expected an integer, ''!'' or ''('' at byte 1'), ('(1', 'query ends at byte 3 without the closing '')'''),
  ('((1)', 'query ends at byte 5 without the closing '')'''), ('a', 'expected an integer, ''!'' or ''('' at byte 1'),
      ('1 and 2', 'expected ''&'' or ''|'' at byte 3'), ('1-2', 'expected ''&'' or ''|'' at byte 2'),
  ('-', 'expected an integer, ''!'' or ''('' at byte 1'), ('- 1', 'expected an integer, ''!'' or ''('' at byte 1'),
      ('+1', 'expected an integer, ''!'' or ''('' at byte 1'), ('01', 'expected an integer, ''!'' or ''('' at byte 1'),
  ('1 & 9223372036854775808', 'integer out of the 64-bit range at byte 5'),
      ('-9223372036854775809', 'integer out of the 64-bit range at byte 1'),
      ('99999999999999999999999', 'integer out of the 64-bit range at byte 1'),
  ('1.0', 'expected ''&'' or ''|'' at byte 2'), ('1e3', 'expected ''&'' or ''|'' at byte 2'),
      ('1&&2', 'expected an integer, ''!'' or ''('' at byte 3'),
      ('{1}', 'expected an integer, ''!'' or ''('' at byte 1'),
  ('1 & ' || char(233), 'expected an integer, ''!'' or ''('' at byte 5');
SELECT throws('SELECT array_match(''[1]'', ' || quote(q) || ')', 'array_match: argument 2 is not a query (' || why
    || ')', 'query ' || quote(q)) FROM wrong;
SELECT throws('SELECT array_match(''[1]'', cast(x''310032'' AS TEXT))', 'expected ''&'' or ''|'' at byte 2', 'a NUL');
SELECT throws('SELECT array_match(''[1]'', 1)', 'array_match: argument 2 is not text (INTEGER given)',
    'an integer as query');
SELECT throws('SELECT array_match(''[1]'', x''31'')', 'array_match: argument 2 is not text (BLOB given)',
    'a blob as query');
SELECT throws('SELECT array_match(1, ''1'')', 'array_match: argument 1 is not an array (INTEGER given)',
    'an integer as array');
SELECT throws('SELECT array_match(''1'', ''1'')', 'array_match: argument 1 is not an array', 'text that is no array');
SELECT throws('SELECT array_match(array_of(value), q) FROM (SELECT 1 AS value, ''1'' AS q UNION ALL SELECT 1, ' ||
    '''1&'')', 'expected an integer, ''!'' or ''('' at byte 3', 'a wrong query in a later row');
SELECT eq(rows('SELECT array_match(NULL, ''1''), array_match(''[1]'', NULL)'), '|', 'NULL');
SELECT eq(value, 0, 'nothing is live') FROM array_memory WHERE name = 'live_bytes';
SELECT done();
