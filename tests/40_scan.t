-- Running results and differences: against window functions over the elements, and at the edges.
SELECT plan(1192);

-- a in canonical form; w the same as 8 bytes an element
CREATE TEMP TABLE list AS
  SELECT n, m, a, cast(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB) AS w
  FROM (SELECT n, m, array_random(n, -m, m, n + m) AS a FROM
    (SELECT column1 AS n FROM (VALUES (0), (1), (2), (7), (8), (9), (31), (32), (33), (1023), (1024), (1025), (2049),
    (40000))),
    (SELECT column1 AS m FROM (VALUES (1), (100), (30000), (2000000000), (200000000000000))));
CREATE TEMP TABLE model AS SELECT *,
  (SELECT array_agg(r) FROM (SELECT sum(value) OVER (ORDER BY idx) AS r FROM array_each(a) ORDER BY idx)) AS total,
  (SELECT array_agg(r) FROM (SELECT min(value) OVER (ORDER BY idx) AS r FROM array_each(a) ORDER BY idx)) AS low,
  (SELECT array_agg(r) FROM (SELECT max(value) OVER (ORDER BY idx) AS r FROM array_each(a) ORDER BY idx)) AS high
      FROM list;
SELECT eq(array_cumsum(a), total, 'cumsum of ' || n || ', ' || m), eq(array_cumsum(w), total, 'as 8 bytes each'),
    eq(array_cummin(a), low, 'cummin of ' || n || ', ' || m), eq(array_cummin(w), low, 'as 8 bytes each'),
    eq(array_cummax(a), high, 'cummax of ' || n || ', ' || m), eq(array_cummax(w), high, 'as 8 bytes each')
  FROM model;
SELECT eq(array_cumsum(a), array_cumsum(array_to_json(a)), 'cumsum of text, ' || n || ', ' || m) FROM list
    WHERE n IN (0, 33, 1025);

-- Products that stay small: of -1 and 1, their sign; with a 0, 0 from there on
CREATE TEMP TABLE sign AS SELECT n, array_sub(array_mul(array_random(n, 0, 1, n), 2), 1) AS a
  FROM (SELECT column1 AS n FROM (VALUES (0), (1), (8), (33), (1024), (1025), (40000)));
SELECT eq(array_cumprod(a), array_sub(1, array_mul(array_mod(array_cumsum(array_lt(a, 0)), 2), 2)), 'cumprod of ' || n
    || ' signs') FROM sign;
SELECT eq(array_cumprod(array_where(array_eq(i, 1500), 0, -1)),
    array_where(array_lt(i, 1500), array_sub(1, array_mul(array_mod(i, 2), 2)), 0), 'cumprod through 0')
  FROM (SELECT array_series(1, 3000) AS i);
SELECT eq(array_cumprod(array_series(1, 20)), (WITH f(i, x) AS (VALUES (1, 1) UNION ALL SELECT i + 1, x * (i + 1)
    FROM f WHERE i < 20)
  SELECT array_agg(x) FROM f), 'factorials');
SELECT eq(array_cumprod(array_where(array_lt(array_series(1, 5000), 2050), 1,
    array_where(array_lt(array_series(1, 5000), 2080), 2, 1))),
  array_shl(1, array_clip(array_sub(array_series(1, 5000), 2049), 0, 30)), 'a product that grows late');

-- Widths on demand: the sum leaves one after the other, early or late
SELECT eq(array_cumsum(array_fill(100000, 127)), array_mul(array_series(1, 100000), 127),
    'a sum that leaves 8 and 16 bits');
SELECT eq(array_cumsum(array_fill(100000, -32768)), array_mul(array_series(1, 100000), -32768),
    'a sum that leaves 16 and 32 bits');
SELECT eq(array_cumsum(array_where(array_lt(array_series(1, 20000), 19999), 0, 2147483647)),
  array_where(array_lt(array_series(1, 20000), 19999), 0, array_where(array_eq(array_series(1, 20000), 19999),
      2147483647, 4294967294)),
  'a sum that leaves 32 bits at the end');
SELECT eq(array_cumsum(array_of(100, -100, 100, 27)), array_of(100, 0, 100, 127), 'a sum that stays');
SELECT eq(array_width(array_cumsum(array_of(1000, -1000))), 2, 'as wide as what it passes');
SELECT eq(array_cumsum(array_of(9223372036854775807, -9223372036854775808, -1, 1, 0)),
  array_of(9223372036854775807, -1, -2, -1, -1), 'through the extremes');
SELECT eq(array_cummin(array_of(9223372036854775807, 0, -9223372036854775808, 5)),
  array_of(9223372036854775807, 0, -9223372036854775808, -9223372036854775808), 'cummin of the extremes');
SELECT eq(array_cummax(array_of(-9223372036854775808, 0, 9223372036854775807, 5)),
  array_of(-9223372036854775808, 0, 9223372036854775807, 9223372036854775807), 'cummax of the extremes');

-- A running result fails where it leaves 64 bits, even if it would come back
SELECT throws('SELECT ' || column1, column2, column1) FROM (VALUES
  ('array_cumsum(array_of(9223372036854775807, 1, -1))', 'array_cumsum: integer overflow at element 2'),
  ('array_cumsum(array_of(-9223372036854775808, -1))', 'array_cumsum: integer overflow at element 2'),
  ('array_cumsum(array_fill(3000, 4611686018427387903))', 'array_cumsum: integer overflow at element 3'),
  ('array_cumsum(array_where(array_lt(array_series(1, 3000), 2500), 0, 4611686018427387904))',
      'array_cumsum: integer overflow at element 2501'),
  ('array_cumsum(array_where(array_lt(array_series(1, 3000), 2049), 0, -9223372036854775808))',
      'array_cumsum: integer overflow at element 2050'),
  ('array_cumprod(array_fill(100, 2))', 'array_cumprod: integer overflow at element 63'),
  ('array_cumprod(array_fill(5000, -10))', 'array_cumprod: integer overflow at element 19'),
  ('array_cumprod(array_of(-9223372036854775808, -1, 0))', 'array_cumprod: integer overflow at element 2'),
  ('array_diff(array_of(9223372036854775807, -2))', 'array_diff: integer overflow at element 1'),
  ('array_diff(array_of(0, 0, -9223372036854775808, 1))', 'array_diff: integer overflow at element 3'));
SELECT eq(array_cumprod(array_fill(63, -2)), (WITH f(i, x) AS (VALUES (1, -2) UNION ALL SELECT i + 1, x * -2 FROM f
    WHERE i < 63)
  SELECT array_agg(x) FROM f), 'a product that ends in -2^63');

-- Differences
SELECT eq(array_diff(a, lag), (SELECT array_agg(d) FROM (SELECT value - lag(value, l.lag) OVER (ORDER BY idx) AS d,
    idx FROM array_each(a)) WHERE idx > l.lag),
    'diff of ' || n || ', ' || m || ' by ' || lag),
    eq(array_diff(w, lag), array_diff(a, lag), 'as 8 bytes each')
  FROM (SELECT * FROM list, (SELECT 1 AS lag UNION ALL VALUES (2), (7), (1024), (40000))) AS l WHERE n < 3000
      OR lag IN (1, 1024);
SELECT eq(array_diff(a), array_diff(a, 1), 'lag 1 by default') FROM list WHERE n = 1025;
SELECT eq(array_cumsum(array_diff(a)), array_sub(array_slice(a, 2), array_first(a)), 'the sums of differences, ' || m)
    FROM list WHERE n = 2049;
SELECT eq(array_diff(array_of(127, -128)), array_of(-255), 'a difference that needs more bits');
SELECT eq(array_diff(array_of(100000, 100001)), array_of(1), 'and one that needs fewer');
SELECT eq(array_diff('[1,2,3]', column1), array_of(), 'diff by ' || column1)
    FROM (VALUES (3), (4), (9223372036854775807));
SELECT eq(array_diff('{1,4,9}', 2.0), array_of(8), 'a whole REAL is an integer');

-- Arguments
SELECT eq(array_cumsum(array_of()), array_of(), 'of nothing: cumsum'), eq(array_cumprod('[]'), array_of(), 'cumprod'),
    eq(array_cummin('[]'), array_of(), 'cummin'),
  eq(array_cummax('[]'), array_of(), 'cummax'), eq(array_diff('[]'), array_of(), 'diff'),
      eq(array_diff('[7]'), array_of(), 'diff of one');
SELECT eq(rows('SELECT ' || column1), '', column1 || ' is NULL')
    FROM (VALUES ('array_cumsum(NULL)'), ('array_cumprod(NULL)'), ('array_cummin(NULL)'), ('array_cummax(NULL)'),
  ('array_diff(NULL)'), ('array_diff(NULL, 1)'), ('array_diff(''[1,2]'', NULL)'));
SELECT throws('SELECT array_' || f.column1 || '(' || a.column1 || ')', 'array_' || f.column1
    || ': argument 1 is not an array (' || a.column2, f.column1 || ' of ' || a.column1) FROM
  (VALUES ('cumsum'), ('cumprod'), ('cummin'), ('cummax'), ('diff')) AS f,
      (VALUES ('5', 'INTEGER given'), ('0.5', 'REAL given'), ('''x''', 'expected'), ('x''00''', 'BLOB of 1')) AS a;
SELECT throws('SELECT array_diff(''[1,2,3]'', ' || column1 || ')', column2, 'diff by ' || column1) FROM (VALUES
  ('0', 'array_diff: argument 2, the lag, must be at least 1 (0 given)'),
      ('-1', 'array_diff: argument 2, the lag, must be at least 1 (-1 given)'),
  ('-9223372036854775808', 'must be at least 1'), ('1.5', 'array_diff: argument 2 is not an integer (1.5 given)'),
  ('''1''', 'array_diff: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('x''00''', 'array_diff: argument 2 is not an integer (BLOB given)'));

-- A result too large is refused before it is computed: 8 bytes an element of one
SELECT eq(array_limit('result_bytes', 100000), 100000, 'with a limit of 100000 bytes');
SELECT eq(array_length(array_cumsum(array_fill(90000, 0))), 90000, 'a sum under it');
SELECT throws('SELECT array_cumsum(array_fill(90000, 1))',
    'array_cumsum: result of 180008 bytes is over the limit of 100000', 'a sum over it');
SELECT done();
