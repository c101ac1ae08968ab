-- Moving windows and convolution: against SQL's own window functions and a join, and at the edges.
SELECT plan(iif(thorough(), 171, 108));

CREATE TEMP TABLE pair AS
  WITH length(n) AS (VALUES (0), (1), (2), (7), (8), (9), (31), (32), (33), (63), (64), (65), (129), (1023), (1024),
      (1025), (2049), (9000)),
       reach(m) AS (VALUES (3), (100), (30000), (2000000000), (900000000000000))
  SELECT row_number() OVER () AS id, n, m, array_random(n, -m, m, n + m) AS a FROM length, reach
  WHERE thorough() OR n < 1000 OR m = 30000 OR n = 2049 AND m > 30000;
INSERT INTO pair SELECT 100 + value, 3000, 1, CASE value WHEN 1 THEN array_series(1, 3000) WHEN 2
    THEN array_series(3000, 1, -1)
  WHEN 3 THEN array_fill(3000, -7) ELSE array_mod(array_series(1, 3000), 200) END FROM array_each('[1,2,3,4]');
ALTER TABLE pair ADD COLUMN wide;
UPDATE pair SET wide = CAST(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB);
CREATE TEMP TABLE item AS SELECT id, n, idx, value AS x FROM pair, array_each(a);
CREATE UNIQUE INDEX item_by_pair ON item(id, idx);

-- Each window, around those that the two ways of computing change at, and where whole rows of 64 come in
CREATE TEMP TABLE try(w);
INSERT INTO try VALUES (1), (2), (3), (4), (7), (31), (63), (64), (65), (66), (96), (127), (128), (129), (191), (192),
    (193), (256), (1000), (1025), (4159), (4160), (4161), (4225), (8999), (9000), (9001);
DELETE FROM try WHERE NOT thorough() AND w NOT IN (1, 3, 64, 65, 1000, 4161);
CREATE TEMP TABLE agreed AS
  SELECT w, f, rows('SELECT id, array_moving_' || f || '(a, ' || w || ') FROM pair ORDER BY id') AS got,
         rows('WITH r AS (SELECT id, n, idx, ' || f
         || '(x) OVER (PARTITION BY id ORDER BY idx ROWS BETWEEN CURRENT ROW AND ' || (w - 1)
         || ' FOLLOWING) AS y FROM item)
               SELECT id, (SELECT array_agg(y) FROM (SELECT y FROM r WHERE r.id = pair.id AND idx <= n - ' || w
               || ' + 1 ORDER BY idx)) FROM pair ORDER BY id') AS want,
         rows('SELECT id, array_moving_' || f || '(wide, ' || w || ') FROM pair ORDER BY id') AS got_wide
  FROM (SELECT column1 AS f FROM (VALUES ('sum'), ('min'), ('max'))), try;
SELECT eq(got, want, 'array_moving_' || f || ', window ' || w) FROM agreed;
SELECT eq(sum(got_wide <> want), 0, 'wider than needed: array_moving_' || f) FROM agreed GROUP BY f;
SELECT eq(rows('SELECT min(array_valid(array_moving_sum(a, ' || w || '))), min(array_valid(array_moving_min(a, ' || w
    || '))), min(array_valid(array_moving_max(wide, ' || w || '))) FROM pair'),
          '1|1|1', 'canonical, window ' || w) FROM try WHERE w IN (1, 3, 64, 1000, 4161);
CREATE TEMP TABLE odd(pad, a);
INSERT INTO odd SELECT 'x', a FROM pair ORDER BY id;
SELECT eq(rows('SELECT array_moving_' || f || '(a, ' || w || ') FROM odd ORDER BY rowid'),
          rows('SELECT array_moving_' || f || '(a, ' || w || ') FROM pair ORDER BY id'),
          'at any address: array_moving_' || f || ', window ' || w) FROM agreed WHERE w IN (3, 1000, 4161);

-- A large one, whose rows of rows are rows again: the extremes of two halves that overlap
CREATE TEMP TABLE large AS SELECT array_random(600000, -2000000000, 2000000000, 5) AS a;
SELECT eq(array_moving_min(a, w), array_least(array_slice(array_moving_min(a, w - 1), 1, -2), array_slice(a, w)),
    'window ' || w || ' from ' || (w - 1))
  FROM large, (SELECT column1 AS w FROM (VALUES (65), (4225), (10000), (266240), (266304), (266305), (300001),
      (599999), (600000)));
SELECT eq(array_moving_max(a, 300000), array_neg(array_moving_min(array_neg(a), 300000)),
    'max is min of the negatives') FROM large;
SELECT eq(array_first(array_moving_min(a, 600000)), array_min(a), 'one window of all') FROM large;

-- Edges
SELECT eq(rows('SELECT ' || call), want, call) FROM (SELECT column1 AS call, column2 AS want FROM (VALUES
  ('array_moving_sum(''[]'', 1)', '[]'), ('array_moving_min(''[]'', 1)', '[]'),
      ('array_moving_max(''[]'', 9223372036854775807)', '[]'), ('array_moving_sum(''[1,2]'', 3)', '[]'),
  ('array_moving_sum(''[5]'', 1)', '[5]'), ('array_moving_min(''{3,1,2}'', 2.0)', '[1,1]'),
      ('array_moving_sum(''[100,100,-100]'', 2)', '[200,0]'),
  ('array_width(array_moving_min(''[1,70000,1]'', 2))', '1'),
      ('array_moving_sum(array_fill(200, 127), 200)', '[25400]'),
  ('array_moving_sum(array_of(9223372036854775807, 9223372036854775807, -9223372036854775808, -9223372036854775808, ' ||
      '2), 4)', '[-2,-9223372036854775807]'),
  ('array_moving_sum(array_of(-9223372036854775808, -1, 1, -9223372036854775808, 9223372036854775807), 3)',
      '[-9223372036854775808,-9223372036854775808,0]'),
  ('array_moving_sum(array_of(9223372036854775807, 1, -9223372036854775808), 1)',
      '[9223372036854775807,1,-9223372036854775808]'),
  ('array_moving_min(array_of(9223372036854775807, -9223372036854775808, 0), 2)',
      '[-9223372036854775808,-9223372036854775808]'),
  ('array_moving_max(array_of(9223372036854775807, -9223372036854775808, 0), 2)', '[9223372036854775807,0]'),
  ('array_min(array_moving_max(array_fill(1000, -9223372036854775808), 70))', '-9223372036854775808'),
      ('array_max(array_moving_min(array_fill(1000, 127), 70))', '127')));
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_moving_sum(array_of(9223372036854775807, 1), 2)', 'array_moving_sum: integer overflow at element 1'),
  ('array_moving_sum(array_concat(array_fill(5000, 0), array_of(-9223372036854775808, -1, 0)), 3)',
      'array_moving_sum: integer overflow at element 5000'),
  ('array_moving_sum(1, 1)', 'array_moving_sum: argument 1 is not an array (INTEGER given)'),
      ('array_moving_sum(''[1]'', 0)',
      'array_moving_sum: argument 2, the size of the window, must be at least 1 (0 given)'),
  ('array_moving_min(''[1]'', -1)',
      'array_moving_min: argument 2, the size of the window, must be at least 1 (-1 given)'),
      ('array_moving_min(''x'', 1)', 'array_moving_min: argument 1 is not an array'),
  ('array_moving_max(''[1]'', ''1'')',
      'array_moving_max: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('array_moving_max(x''00'', 1)', 'array_moving_max: argument 1 is not an array'),
  ('array_moving_max(''[1]'', 0)', 'must be at least 1'), ('array_moving_min(''[1]'', 1.5)',
      'argument 2 is not an integer (1.5 given)')));

-- array_convolve: products of pairs of elements, added up by the sum of their positions
CREATE TEMP TABLE both AS
  WITH shape(n, k) AS (VALUES (1, 1), (2, 1), (3, 2), (9, 3), (33, 7), (64, 4), (1023, 5), (1024, 8), (1025, 9),
      (2049, 3), (3000, 1), (1100, 1026), (255, 256), (5000, 31)),
       reach(m, l) AS (VALUES (1, 1), (100, 2), (100, 100), (30000, 90), (30000, 30000), (2000000000, 2000000),
       (100000000000, 1000), (3000000000000000, 1))
  SELECT row_number() OVER () AS id, n, k, array_random(n, -m, m, n + m) AS a, array_random(k, -l, l, k + l) AS b
      FROM shape, reach
  WHERE n * k < 40000 OR m = 30000 AND (thorough() OR l > 90 AND n * k < 200000);
CREATE TEMP TABLE product AS
  SELECT id, x.idx + y.idx - 1 AS idx, sum(x.value * y.value) AS x FROM both, array_each(a) AS x, array_each(b) AS y
      GROUP BY id, x.idx + y.idx - 1;
CREATE UNIQUE INDEX product_by_pair ON product(id, idx);
SELECT eq(rows('SELECT id, array_convolve(a, b) FROM both ORDER BY id'),
    rows('SELECT id, (SELECT array_agg(x) FROM (SELECT x FROM product WHERE product.id = both.id ORDER BY idx)) ' ||
    'FROM both ORDER BY id'), 'array_convolve');
SELECT eq(rows('SELECT id, array_convolve(b, a) FROM both ORDER BY id'),
    rows('SELECT id, array_convolve(a, b) FROM both ORDER BY id'), 'in either order');
SELECT eq((SELECT min(array_valid(array_convolve(a, b))) FROM both), 1, 'canonical');
ALTER TABLE both ADD COLUMN wide;
UPDATE both SET wide = CAST(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB);
SELECT eq((SELECT min(array_convolve(wide, b) = array_convolve(a, b)) FROM both), 1, 'wider than needed');
-- Sums that might overflow, but do not: the wide way, for every width, by differences of large numbers
SELECT eq(array_convolve(a, '[1,-1]'), array_sub(array_append(a, 0), array_prepend(a, 0)),
    'differences of numbers up to ' || m)
  FROM (SELECT m, array_random(3000, -m, m, m) AS a FROM (SELECT column1 AS m FROM (VALUES (4600000000000000000),
      (100))));
SELECT eq(array_convolve(a, b), array_add(array_resize(a, 4499), array_shift(array_resize(a, 4499), 1499, 0)),
    'taps far apart')
  FROM (SELECT array_random(3000, -4600000000000000000, 4600000000000000000, 8) AS a,
      array_put(array_fill(1500, 0), '[1,1500]', 1) AS b);
SELECT eq(array_convolve(array_fill(2, -2147483648), array_of(-2147483648, 1)),
    array_of(4611686018427387904, 4611686016279904256, -2147483648), 'products of 62 bits');
SELECT eq(array_convolve(array_of(-9223372036854775808, 5), '[1]'), array_of(-9223372036854775808, 5),
    'the least integer once');
SELECT eq(array_convolve(array_of(4611686018427387904, 4611686018427387903), array_of(-2, 2)),
    array_of(-9223372036854775808, 2, 9223372036854775806), 'results at both ends');
SELECT eq(rows('SELECT ' || call), want, call) FROM (SELECT column1 AS call, column2 AS want FROM (VALUES
  ('array_convolve(''[]'', ''[1,2]'')', '[]'), ('array_convolve(''[1,2]'', ''[]'')', '[]'),
      ('array_convolve(''[]'', ''[]'')', '[]'), ('array_convolve(''[3]'', ''{4}'')', '[12]'),
  ('array_convolve(''[127]'', ''[127]'')', '[16129]'), ('array_convolve(''[1,1,1]'', ''[1,1,1,1]'')',
      '[1,2,3,3,2,1]')));
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_convolve(array_of(1, 4611686018427387904), ''[1,2]'')', 'array_convolve: integer overflow at element 3'),
  ('array_convolve(''[1,1]'', array_of(-9223372036854775808, -1))', 'array_convolve: integer overflow at element 2'),
  ('array_convolve(array_append(array_fill(700, 0), 9223372036854775807), ''[0,2]'')',
      'array_convolve: integer overflow at element 702'),
  ('array_convolve(array_fill(3, -2147483648), array_fill(3, -2147483648))',
      'array_convolve: integer overflow at element 2'),
  ('array_convolve(1, ''[1]'')', 'array_convolve: argument 1 is not an array (INTEGER given)'),
      ('array_convolve(''[1]'', 1)', 'array_convolve: argument 2 is not an array (INTEGER given)'),
  ('array_convolve(''[1]'', ''[1.5]'')', 'array_convolve: argument 2 is not an array')));

SELECT eq(rows('SELECT ' || call || ' IS NULL'), '1', call) FROM (SELECT column1 AS call FROM (VALUES
  ('array_moving_sum(NULL, 1)'), ('array_moving_sum(''[1]'', NULL)'), ('array_moving_min(NULL, 1)'),
      ('array_moving_min(''[1]'', NULL)'), ('array_moving_max(NULL, 1)'),
  ('array_moving_max(''[1]'', NULL)'), ('array_convolve(NULL, ''[1]'')'), ('array_convolve(''[1]'', NULL)')));
SELECT ok(array_limit('result_bytes', 1000), 'a limit');
SELECT throws('SELECT array_convolve(array_fill(300, 1), array_fill(800, 1))', 'over the limit',
    'a convolution over it');
SELECT throws('SELECT array_moving_sum(array_fill(900, 100), 2)', 'over the limit', 'moving sums over it');
SELECT ok(array_limit('result_bytes', 2147483647), 'the limit as it was');
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), 0, 'nothing is held');
SELECT done();
