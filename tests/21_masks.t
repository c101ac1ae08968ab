-- Functions that read masks or make one number of comparisons; the masks themselves are compared in 20_math.t.
SELECT plan(5052);
CREATE TEMP TABLE list AS
  SELECT row_number() OVER () AS id, n, array_random(n, -m, m, n + m) AS a, array_random(n, 0, 1, n) AS mask
  FROM (SELECT column1 AS n FROM (VALUES (0), (1), (2), (7), (8), (9), (33), (1023), (1024), (1025), (3000), (40000))),
       (SELECT column1 AS m FROM (VALUES (1), (100), (1000000), (4000000000000)));
SELECT eq(array_filter(a, mask), (SELECT array_agg(value) FROM array_each(a) AS e WHERE array_get(mask, e.idx)),
    'filter ' || n || ' of ' || array_width(a) || ' bytes')
  FROM list WHERE n < 5000;
SELECT eq(array_filter(a, array_gt(a, 0)), (SELECT array_agg(value) FROM array_each(a) WHERE value > 0),
    'filter positive ' || n) FROM list;
SELECT eq(array_nonzero(a), (SELECT array_agg(idx) FROM array_each(a) WHERE value <> 0), 'nonzero ' || n) FROM list;
SELECT eq(array_any(a), (SELECT count(*) > 0 FROM array_each(a) WHERE value <> 0), 'any ' || n) FROM list;
SELECT eq(array_all(a), (SELECT count(*) = 0 FROM array_each(a) WHERE value = 0), 'all ' || n) FROM list;

-- REALs compare with elements exactly, as SQL compares
CREATE TEMP TABLE number(x);
INSERT INTO number VALUES (2.5), (-2.5), (0.5), (-0.5), (2.0), (-0.0), (127.5), (-128.5), (32767.5),
    (4503599627370495.5), (9007199254740992.0),
    (9007199254740993), (4611686018427387904.0), (9223372036854774784.0), (9223372036854775808.0),
    (-9223372036854775808.0), (-9223372036854777856.0),
    (1e300), (-1e300), (9e999), (-9e999), (5e-324), (-5e-324);
CREATE TEMP TABLE side AS SELECT array_parse(column1) AS a FROM (VALUES ('[]'), ('[0]'),
    ('[-3,-2,-1,0,1,2,3,127,-128]'), ('[-129,-128,2,127,128,32767]'),
    ('[4503599627370495,4503599627370496,9007199254740991,9007199254740992,9007199254740993,9007199254740994]'),
    ('[9223372036854774783,9223372036854774784,9223372036854774785,9223372036854775807,-9223372036854775808,' ||
    '-9223372036854775807,2,3]'));
SELECT eq(array_eq(a, x), (SELECT array_agg(value = x) FROM array_each(a)), 'eq ' || x),
    eq(array_eq(x, a), array_eq(a, x), 'from the left'),
       eq(array_ne(a, x), (SELECT array_agg(value <> x) FROM array_each(a)), 'ne ' || x),
       eq(array_ne(x, a), array_ne(a, x), 'from the left'),
       eq(array_lt(a, x), (SELECT array_agg(value < x) FROM array_each(a)), 'lt ' || x),
       eq(array_gt(x, a), array_lt(a, x), 'from the left'),
       eq(array_le(a, x), (SELECT array_agg(value <= x) FROM array_each(a)), 'le ' || x),
       eq(array_ge(x, a), array_le(a, x), 'from the left'),
       eq(array_gt(a, x), (SELECT array_agg(value > x) FROM array_each(a)), 'gt ' || x),
       eq(array_lt(x, a), array_gt(a, x), 'from the left'),
       eq(array_ge(a, x), (SELECT array_agg(value >= x) FROM array_each(a)), 'ge ' || x),
       eq(array_le(x, a), array_ge(a, x), 'from the left')
  FROM side, number;
SELECT eq(array_between(a, p.x, q.x), (SELECT array_agg(value BETWEEN p.x AND q.x) FROM array_each(a)), 'between '
    || p.x || ' and ' || q.x)
  FROM side, number AS p, number AS q WHERE array_length(a) > 2;
SELECT eq(array_clip(a, p.x, q.x), (SELECT array_agg(CASE WHEN value < p.x
    THEN CAST(p.x AS INTEGER) + (CAST(p.x AS INTEGER) < p.x)
                                                          WHEN value > q.x
                                                          THEN CAST(q.x AS INTEGER) - (CAST(q.x AS INTEGER) > q.x)
                                                          ELSE value END)
                                      FROM array_each(a)), 'clip to ' || p.x || ' and ' || q.x)
  FROM side, number AS p, number AS q WHERE array_length(a) > 2 AND q.x - p.x >= 1 AND p.x < 9e18 AND q.x > -9e18;
SELECT eq(array_clip('[1,2,3,4,5]', 1.5, 4.5), array_of(2, 2, 3, 4, 4), 'bounds are rounded inward'),
       eq(array_clip('[1,-5]', -9e999, 9e999), array_of(1, -5), 'no bounds'),
       eq(array_clip('[1,2,300]', -0.5, 0.5), array_of(0, 0, 0), 'to 0'),
       eq(array_gt('[3471,3472]', array_avg('[3471,3472]')), array_of(0, 1), 'more than the average'),
       eq(array_eq('[1,2]', 9e999 - 9e999), NULL, 'NaN is NULL'),
       eq(array_eq('[1,2]', 1.0), array_of(1, 0), 'a whole REAL');
SELECT eq(array_filter('[1,2,3]', '[0,0,0]'), array_of(), 'nothing kept');
SELECT eq(array_filter(array_of(1, 70000), '[1,0]'), array_of(1), 'what is kept is narrow again');
SELECT eq(array_filter('[1,2]', array_of(0, 4294967296)), array_of(2), 'a wide mask');
SELECT throws('SELECT array_' || column1 || '(''[1,2,3]'', ''[1]'')', 'array_' || column1
    || ': length mismatch: 3 and 1', column1 || ' with another length')
  FROM (VALUES ('eq'), ('ne'), ('lt'), ('le'), ('gt'), ('ge'));
SELECT throws('SELECT array_filter(''[1,2]'', ''[1]'')', 'array_filter: length mismatch: 2 and 1',
    'filter by another length');
SELECT eq(array_nonzero(array_fill(300, 1)), array_series(1, 300), 'positions grow wider');
SELECT eq(array_any('[]') || array_all('[]'), '01', 'of the empty array');
SELECT eq(array_all('[1,-1,70000]'), 1, 'all of any numbers');

SELECT eq(array_equal(a, a), 1, 'equal to itself ' || n), eq(array_compare(a, a), 0, 'compare with itself ' || n)
    FROM list WHERE n > 0;
SELECT eq(array_equal(column1, column2) || ' ' || array_compare(column1, column2) || ' '
    || array_compare(column2, column1), column3, column1 || ' and ' || column2)
  FROM (VALUES ('[]', '[]', '1 0 0'), ('[]', '[1]', '0 -1 1'), ('[1,2]', '{1,2}', '1 0 0'),
      ('[1,2,3]', '[1,3]', '0 -1 1'), ('[1,2]', '[1,2,-5]', '0 -1 1'),
               ('[-1]', '[1]', '0 -1 1'), ('[300]', '[44]', '0 1 -1'),
               ('[9223372036854775807]', '[-9223372036854775808]', '0 1 -1'));
SELECT eq(array_equal(x'a14100020200000001000200', array_of(1, 2)), 1, 'wider than needed, yet equal');
SELECT eq(array_compare(array_series(1, 5000), array_add(array_series(1, 5000), array_eq(array_series(1, 5000),
    4900))), -1, 'differ late');
SELECT eq(array_where('[1,0,2]', '[10,20,30]', '[1,2,3]'), array_of(10, 2, 30), 'where of arrays');
SELECT eq(array_where('[1,0]', 1, 70000), array_of(1, 70000), 'where of integers');
SELECT eq(array_where('[1,1]', 1, 70000), array_of(1, 1), 'where, narrow again');
SELECT eq(array_isin(array_of(1, 2, 300), array_of(300, 70000)), array_of(0, 0, 1), 'isin of mixed widths');
SELECT eq((SELECT group_concat(coalesce(column1, 'NULL'), ',')
    FROM (VALUES (array_any(NULL)), (array_filter(NULL, '[1]')), (array_filter('[1]', NULL)),
  (array_where(NULL, 1, 2)), (array_where('[1]', NULL, 2)), (array_where('[1]', 1, NULL)), (array_isin('[1]', NULL)),
      (array_equal(NULL, '[]')), (array_between('[1]', NULL, 1)))),
  'NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL', 'NULL gives NULL');
CREATE TEMP TABLE thousand AS SELECT array_fill(1000, 5) AS a, array_eq(array_series(1, 1000), 7) AS mask;
SELECT eq(array_limit('result_bytes', 100), 100, 'with a limit of 100 bytes');
SELECT eq(array_filter(a, mask), array_of(5), 'an array over it may be filtered') FROM thousand;
SELECT done();
