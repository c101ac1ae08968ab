-- Reductions: against SQLite's aggregates over the elements, and at the edges.
SELECT plan(288);
CREATE TEMP TABLE list AS
  SELECT row_number() OVER () AS id, n, m, array_random(n, -m, m, n + m) AS a, array_random(n, -m, m, n + m + 1) AS b
  FROM (SELECT column1 AS n FROM (VALUES (1), (2), (3), (7), (8), (9), (33), (1023), (1024), (1025), (3000), (40000))),
       (SELECT column1 AS m FROM (VALUES (1), (100), (30000), (2000000000), (4000000000000), (200000000000000)));
CREATE TEMP TABLE known AS SELECT id, min(value) AS least, max(value) AS most, avg(value) AS mean FROM list,
    array_each(a) GROUP BY id;
CREATE TEMP TABLE list_with_known AS SELECT *, array_first(a) AS one FROM list JOIN known USING (id);
SELECT eq(rows('SELECT id, ' || call || ' FROM list ORDER BY id'),
    rows('SELECT id, (SELECT ' || expression || ' FROM array_each(a)) FROM list_with_known ORDER BY id'), call)
  FROM (SELECT column1 AS call, column2 AS expression FROM (VALUES
    ('array_sum(a)', 'sum(value)'), ('array_min(a)', 'min(value)'), ('array_max(a)', 'max(value)'),
    ('array_count(a, 1)', 'count(*) FILTER (WHERE value = 1)'),
    ('array_count(a, array_first(a))', 'count(*) FILTER (WHERE value = one)'),
    ('array_count(a, 9000000000000000000)', '0'), ('array_distinct_count(a)', 'count(DISTINCT value)'),
    ('array_argmin(a)', 'min(idx) FILTER (WHERE value = least)'),
    ('array_argmax(a)', 'min(idx) FILTER (WHERE value = most)'),
    ('array_median(a)',
    '(SELECT avg(value) FROM (SELECT value, row_number() OVER (ORDER BY value) AS r FROM array_each(a)) WHERE r ' ||
    'BETWEEN n / 2.0 AND n / 2.0 + 1)'),
    ('array_mode(a)', '(SELECT value FROM array_each(a) GROUP BY value ORDER BY count(*) DESC, value LIMIT 1)')));
SELECT eq(array_dot(a, b), (SELECT sum(e.value * f.value) FROM array_each(a) AS e
    JOIN array_each(b) AS f USING (idx)), 'dot of ' || n || ', ' || m)
  FROM list WHERE m <= 30000 AND n < 2000;
SELECT ok(abs(array_avg(a) - (SELECT avg(value) FROM array_each(a))) <= 1e-9 * m, 'avg ' || n || ', ' || m) FROM list;
SELECT ok(abs(array_var(a) - (SELECT sum((value - mean) * (value - mean)) / (n - 1)
    FROM array_each(a))) <= 1e-9 * m * m, 'var ' || n || ', ' || m)
  FROM list_with_known WHERE n > 1;
SELECT ok(abs(array_quantile(a, 0.3) - (SELECT x + (y - x) * (0.3 * (n - 1) - cast(0.3 * (n - 1) AS INTEGER)) FROM
    (SELECT max(value) FILTER (WHERE r = 0) AS x, coalesce(max(value) FILTER (WHERE r = 1), 0) AS y FROM
      (SELECT value, row_number() OVER (ORDER BY value) - 1 - cast(0.3 * (n - 1) AS INTEGER) AS r
      FROM array_each(a))))) <= 1e-9 * m, 'quantile ' || n || ', ' || m)
  FROM list WHERE n > 1 AND n < 5000;

-- Sums are exact inside, and fail only if the result does not fit
SELECT eq(array_sum(array_of(9223372036854775807, 9223372036854775807, -9223372036854775807, -9223372036854775807,
    5)), 5, 'a sum through 2^64');
SELECT eq(array_sum(array_of(9223372036854775807, -9223372036854775808)), -1, 'a sum of the extremes');
SELECT eq(array_sum(array_fill(100000, -92233720368547)), -9223372036854700000, 'a sum of many large ones');
SELECT throws('SELECT array_sum(array_of(9223372036854775807, 1))', 'array_sum: integer overflow',
    'a sum over 64 bits');
SELECT throws('SELECT array_sum(array_fill(3000, -9223372036854775808))', 'array_sum: integer overflow', 'far below');
SELECT eq(array_dot(array_of(9223372036854775807, 9223372036854775807, 2),
    array_of(9223372036854775807, -9223372036854775807, 3)), 6, 'a dot product through 2^126');
SELECT eq(array_dot(array_fill(2, 2147483647), array_fill(2, 2147483647)), 2 * 2147483647 * 2147483647,
    'products of 32 bits');
SELECT eq(array_dot(array_fill(2, -2147483648), array_fill(2, 2147483647)), 2 * -2147483648 * 2147483647,
    'of both signs');
SELECT eq(array_dot(array_fill(5000, -2147483648), array_where(array_mod(array_series(1, 5000), 2), 2147483647,
    -2147483647)), 0, 'that cancel each other');
SELECT throws('SELECT array_dot(array_of(9223372036854775807), array_of(2))', 'array_dot: integer overflow',
    'a dot product over 64 bits');
SELECT throws('SELECT array_dot(''[1]'', ''[1,2]'')', 'array_dot: length mismatch: 1 and 2', 'dot of two lengths');
SELECT eq(array_product('[1,-2,3]'), -6, 'product');
SELECT eq(array_product(array_of(4611686018427387904, 2, -1)), -9223372036854775808, 'a product of -2^63 in any order');
SELECT eq(array_product(array_of(-1, 4611686018427387904, 2)), -9223372036854775808, 'likewise');
SELECT throws('SELECT array_product(array_of(4611686018427387904, 2))', 'array_product: integer overflow',
    'a product of 2^63');
SELECT throws('SELECT array_product(array_of(3, 4611686018427387904, 5))',
    'array_product: integer overflow at element 2', 'a product over 64 bits names the element');
SELECT eq(array_product(array_of(4611686018427387904, 4611686018427387904, 0)), 0, 'a product with a 0 in it is 0');
SELECT eq(array_avg(array_of(9223372036854775807, 9223372036854775807)), 9.223372036854775807e18, 'avg of large ones');
SELECT eq(array_median(array_of(9223372036854775807, 9223372036854775805)), 9.223372036854775807e18,
    'median of large ones');
SELECT eq(array_median(array_of(-9223372036854775808, 9223372036854775807)), -0.5, 'median of the extremes');
SELECT eq(array_var('[]', 0), NULL, 'the variance of nothing'),
    eq(array_stddev('[]', 0), NULL, 'the deviation of nothing');
SELECT eq(array_var(array_of(9007199254740993, 9007199254740995)), 2.0, 'the variance of large close ones is exact');
SELECT eq(array_var(array_of(-9223372036854775808, 9223372036854775807), 0), 8.507059173023461584e37,
    'the variance of the extremes');
SELECT eq(array_stddev('[2,4,4,4,5,5,7,9]', 0), 2.0, 'stddev');
SELECT eq(array_var('[1,2,3,4]'), 5.0 / 3, 'var of a sample');
SELECT eq((SELECT min(array_quantile('[-7,7,7,702]', value / 3000.0) IS NOT 7.0)
    || max(array_quantile('[-7,7,7,702]', value / 3000.0) < 7.0)
    || max(array_quantile('[7,7,7]', value / 3000.0) IS NOT 7.0) FROM array_each(array_series(1000, 2000))), '000',
    'a quantile between equal elements is these');
SELECT eq((SELECT sum(q < before) FROM (SELECT q, lag(q) OVER (ORDER BY value) AS before
    FROM (SELECT value, array_quantile('[-9223372036854775808,-5,3,9223372036854775807]', value / 1999.0) AS q
    FROM array_each(array_series(0, 1999))))), 0, 'quantiles ascend');
SELECT eq(array_quantile('[1,2,3,4]', 0) || array_quantile('[1,2,3,4]', 1) || array_quantile('[7]', 0.5), '1.04.07.0',
    'quantile at the ends');
SELECT throws('SELECT array_quantile(''[1]'', ' || column1 || ')', 'array_quantile: argument 2', 'quantile '
    || column1) FROM (VALUES (-0.1), (1.1), ('''x'''), ('x''00'''));
SELECT eq(array_mode('[3,1,3,1,2]'), 1, 'mode: the smallest on a tie');
SELECT eq((SELECT group_concat(coalesce(column1, 'NULL'), ' ')
    FROM (VALUES (array_sum('[]')), (array_product('[]')), (array_min('[]')), (array_max('[]')), (array_avg('[]')),
    (array_median('[]')),
  (array_var('[]')), (array_var('[1]')), (array_var('[1]', 0)), (array_var('[]', 0)), (array_var('[1,2]', 2)),
      (array_stddev('[1]')), (array_quantile('[]', 0.5)), (array_mode('[]')), (array_argmin('[]')),
      (array_argmax('[]')),
  (array_count('[]', 1)), (array_distinct_count('[]')), (array_dot('[]', '[]')))),
  '0 1 NULL NULL NULL NULL NULL NULL 0.0 NULL NULL NULL NULL NULL NULL NULL 0 0 0', 'of the empty array');
SELECT throws('SELECT ' || column1, column2, column1) FROM (VALUES ('array_count(''[1]'', ''1'')',
    'array_count: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_count(''[1]'', 0.5)', 'array_count: argument 2 is not an integer (0.5 given)'),
      ('array_var(''[1]'', ''x'')', 'array_var: argument 2'),
  ('array_var(''[1,2]'', -1)', 'array_var: argument 2, the ddof, must be at least 0 (-1 given)'),
      ('array_stddev(''[]'', -9223372036854775808)',
      'array_stddev: argument 2, the ddof, must be at least 0 (-9223372036854775808 given)'),
  ('array_quantile(''[1]'', 1.05)', 'array_quantile: argument 2, the quantile, must be in 0..1 (1.05 given)'),
      ('array_quantile(''[1]'', ''0.5'')',
      'array_quantile: argument 2 is not a number (TEXT given: CAST it to NUMERIC)'),
  ('array_sum(5)', 'array_sum: argument 1 is not an array (INTEGER given)'),
      ('array_sum(''x'')', 'array_sum: argument 1 is not an array (expected * at byte 1)'));
SELECT eq(array_count('[1,2,2]', 2.0), 2, 'a whole REAL is an integer');

-- The hash: of the canonical bytes, the same for ever
SELECT eq(array_hash(array_of(1, 2, 3)), 2702638586475318901, 'a known hash');
SELECT eq(array_hash(x'a1410008020000000100000000000000fe00000000000000'), array_hash(array_of(1, 254)),
    'the hash is of the canonical form');
SELECT eq(array_hash(x'a141000400000000'), array_hash(array_of()), 'likewise of the empty array');
SELECT eq(count(DISTINCT array_hash(a)), count(DISTINCT a), 'different arrays have different hashes') FROM list;
SELECT done();
