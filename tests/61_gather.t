-- array_take, array_put, array_scatter_add: against queries that follow the indexes row by row, and at the edges.
SELECT plan(128);

-- The model: arrays of many lengths and widths, and indexes into them, of as many lengths; `reach` is how far the
-- indexes go, inside the array or beyond it on both sides; s stands beside the indexes, of any width.
CREATE TEMP TABLE pair AS
  WITH length(n) AS (VALUES (1), (2), (7), (33), (1025), (5000)),
       number(k) AS (VALUES (0), (1), (2), (8), (9), (32), (1023), (1024), (1025), (2049), (9000)),
       width(m) AS (VALUES (100), (30000), (2000000000), (4000000000000000000))
  SELECT row_number() OVER () AS id, n, k, m, array_random(n, -m, m, n + m) AS a,
         array_random(k, -n, n, n + k) AS inside, array_random(k, -n - 9, n + 9, n + k + 1) AS around,
         array_random(k, -m / (k + 1), m / (k + 1), n + k + m) AS s
  FROM length, number, width WHERE (m = 100 OR k < 2000) AND (thorough() OR n = 33 OR n < 5000 AND k < 1023 OR n = 5000
      AND k IN (8, 1025, 9000));
UPDATE pair SET inside = array_replace(inside, 0, n);
ALTER TABLE pair ADD COLUMN wide;
ALTER TABLE pair ADD COLUMN wide_inside;
UPDATE pair SET
  wide = CAST(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB),
  wide_inside = CAST(x'a1410008' || array_to_blob(array_of(k), 'uint32') || array_to_blob(inside, 'int64') AS BLOB);
CREATE TEMP TABLE item AS SELECT id, idx, value AS x FROM pair, array_each(a);
CREATE UNIQUE INDEX item_by_pair ON item(id, idx);
-- The indexes as positions from 1, NULL where they are outside, and s beside them
CREATE TEMP TABLE beside AS SELECT id, idx, value AS s FROM pair, array_each(s);
CREATE UNIQUE INDEX beside_by_pair ON beside(id, idx);
CREATE TEMP TABLE follow(id INTEGER, kind TEXT, idx INTEGER, i INTEGER, at INTEGER, s INTEGER);
INSERT INTO follow
  WITH f AS (SELECT id, n, 'inside' AS kind, idx, value AS i FROM pair, array_each(inside)
             UNION ALL SELECT id, n, 'around', idx, value FROM pair, array_each(around))
  SELECT id, kind, idx, i, iif(i BETWEEN 1 AND n, i, iif(i BETWEEN -n AND -1, n + 1 + i, NULL)) AS at, s
  FROM f JOIN beside USING (id, idx);
CREATE INDEX follow_by_place ON follow(id, kind, at, idx);

CREATE TEMP TABLE model(call, query);
INSERT INTO model VALUES
  ('array_take(a, inside)',
      'SELECT x, f.idx AS o FROM follow AS f CROSS JOIN item ON item.id = f.id AND item.idx = at WHERE f.id = p.id ' ||
      'AND kind = ''inside'''),
  ('array_take(a, inside, ''error'')',
      'SELECT x, f.idx AS o FROM follow AS f CROSS JOIN item ON item.id = f.id AND item.idx = at WHERE f.id = p.id ' ||
      'AND kind = ''inside'''),
  ('array_take(a, inside, ''Clip'')',
      'SELECT x, f.idx AS o FROM follow AS f CROSS JOIN item ON item.id = f.id AND item.idx = at WHERE f.id = p.id ' ||
      'AND kind = ''inside'''),
  ('array_take(a, around, ''SKIP'')',
      'SELECT x, f.idx AS o FROM follow AS f CROSS JOIN item ON item.id = f.id AND item.idx = at WHERE f.id = p.id ' ||
      'AND kind = ''around'''),
  ('array_take(a, around, ''clip'')',
      'SELECT x, f.idx AS o FROM follow AS f CROSS JOIN item ON item.id = f.id AND item.idx = coalesce(at, iif(i > ' ||
      'n, n, 1)) WHERE f.id = p.id AND kind = ''around'''),
  ('array_put(a, inside, s)',
      'SELECT coalesce((SELECT s FROM follow WHERE id = p.id AND kind = ''inside'' AND at = item.idx ORDER BY idx ' ||
      'DESC LIMIT 1), x) AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_put(a, inside, 70000)',
      'SELECT iif(EXISTS (SELECT 1 FROM follow WHERE id = p.id AND kind = ''inside'' AND at = item.idx), 70000, x) ' ||
      'AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_put(a, inside, 0)',
      'SELECT iif(EXISTS (SELECT 1 FROM follow WHERE id = p.id AND kind = ''inside'' AND at = item.idx), 0, x) AS x,' ||
      ' idx AS o FROM item WHERE id = p.id'),
  ('array_scatter_add(n, inside, s)',
      'SELECT (SELECT coalesce(sum(s), 0) FROM follow WHERE id = p.id AND kind = ''inside'' AND at = item.idx) AS x,' ||
      ' idx AS o FROM item WHERE id = p.id'),
  ('array_scatter_add(n, inside, 100)',
      'SELECT (SELECT count(*) * 100 FROM follow WHERE id = p.id AND kind = ''inside'' AND at = item.idx) AS x, idx ' ||
      'AS o FROM item WHERE id = p.id'),
  ('array_scatter_add(n, inside, -1000000000)',
      'SELECT (SELECT count(*) * -1000000000 FROM follow WHERE id = p.id AND kind = ''inside'' AND at = item.idx) ' ||
      'AS x, idx AS o FROM item WHERE id = p.id');
SELECT eq((SELECT count(*) FROM pair), iif(thorough(), 228, 143), 'there are pairs');
SELECT eq(rows('SELECT id, ' || call || ' FROM pair AS p ORDER BY id'),
          rows('SELECT id, (SELECT array_agg(x) FROM (SELECT x FROM (' || query
          || ') ORDER BY o)) FROM pair AS p ORDER BY id'), call)
  FROM model;
SELECT eq(rows('SELECT id, ' || replace(replace(call, '(a, ', '(wide, '), 'inside', 'wide_inside')
    || ' FROM pair AS p ORDER BY id'),
          rows('SELECT id, ' || call || ' FROM pair AS p ORDER BY id'), 'wider than needed: ' || call)
  FROM model;
SELECT eq(rows('SELECT min(array_valid(' || call || ')) FROM pair AS p'), '1', 'canonical: ' || call) FROM model;
-- At odd addresses, as columns of a row have them
CREATE TEMP TABLE odd(pad, n, a, inside, around, s);
INSERT INTO odd SELECT 'x', n, a, inside, around, s FROM pair ORDER BY id;
SELECT eq(rows('SELECT ' || call || ' FROM odd ORDER BY rowid'), rows('SELECT ' || call || ' FROM pair ORDER BY id'),
    'at any address: ' || call) FROM model;

-- array_take at the edges
SELECT eq(rows('SELECT ' || call), want, call) FROM (SELECT column1 AS call, column2 AS want FROM (VALUES
  ('array_take(''[5,6,7]'', ''[1,-1,3,-3,2,2]'')', '[5,7,7,5,6,6]'), ('array_take(''[5,6,7]'', ''[]'')', '[]'),
      ('array_take(''[]'', ''[]'')', '[]'),
  ('array_take(''[]'', ''[1,0,-1]'', ''skip'')', '[]'), ('array_take(''[]'', ''[]'', ''skip'')', '[]'),
      ('array_take(''[5]'', ''[]'', ''clip'')', '[]'),
  ('array_take(''[5,6,7]'', ''[0,4,-4,100,-100,2]'', ''clip'')', '[5,7,5,7,5,6]'),
      ('array_take(''[5,6,7]'', ''[0,4,-4,100,-100,2]'', ''skip'')', '[6]'),
  ('array_take(''[5,6]'', array_of(-9223372036854775808, 9223372036854775807, 4294967297, -4294967297, 0), ''clip'')',
      '[5,6,6,5,5]'),
  ('array_take(''[5,6]'', array_of(-9223372036854775808, 9223372036854775807, 4294967297, -4294967297, -1), ' ||
      '''skip'')', '[6]'),
  ('array_take(array_series(1, 300), ''[-128,127,0]'', ''clip'')', '[173,127,1]'),
  ('array_take(array_series(1, 40000), ''[-32768,32767,0]'', ''clip'')', '[7233,32767,1]'),
  ('array_width(array_take(''[1,70000]'', ''[1,1]''))', '1'),
      ('array_take(array_of(-9223372036854775808, 9223372036854775807), ''[2,1]'')',
      '[9223372036854775807,-9223372036854775808]')));
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_take(''[5,6]'', ''[1,3]'')', 'array_take: element 2 of argument 2: index 3 is outside 1..2'),
  ('array_take(''[5,6]'', ''[1,2,0]'', ''ERROR'')', 'array_take: element 3 of argument 2: index 0 is outside 1..2'),
  ('array_take(''[5,6]'', ''[-3]'')', 'array_take: element 1 of argument 2: index -3 is outside 1..2'),
  ('array_take(''[5,6]'', array_of(-9223372036854775808))',
      'element 1 of argument 2: index -9223372036854775808 is outside 1..2'),
  ('array_take(''[5,6]'', array_of(4294967297))', 'element 1 of argument 2: index 4294967297 is outside 1..2'),
  ('array_take(''[5,6]'', array_append(array_fill(5000, 1), 9))',
      'element 5001 of argument 2: index 9 is outside 1..2'),
  ('array_take(''[]'', ''[1]'')', 'array_take: element 1 of argument 2: index 1, but the array is empty'),
  ('array_take(''[]'', ''[1]'', ''clip'')', 'array_take: argument 1 is empty'),
      ('array_take(''[]'', ''[]'', ''clip'')', 'array_take: argument 1 is empty'),
  ('array_take(1, ''[1]'')', 'array_take: argument 1 is not an array (INTEGER given)'),
      ('array_take(''[1]'', 1)', 'array_take: argument 2 is not an array (INTEGER given)'),
  ('array_take(''[1]'', x''00'')', 'array_take: argument 2 is not an array'),
      ('array_take(''[1]'', ''[1]'', ''wrap'')',
      'argument 3 is ''wrap'', expected one of ''error'', ''clip'', ''skip'''),
  ('array_take(''[1]'', ''[1]'', 1)', 'array_take: argument 3 is not text (INTEGER given)')));

-- array_put at the edges
SELECT eq(rows('SELECT ' || call), want, call) FROM (SELECT column1 AS call, column2 AS want FROM (VALUES
  ('array_put(''[1,2,3]'', ''[2,-2,2]'', ''[7,8,9]'')', '[1,9,3]'),
      ('array_put(''[1,2,3]'', ''[]'', ''[]'')', '[1,2,3]'), ('array_put(''[]'', ''[]'', ''[]'')', '[]'),
  ('array_put(''[]'', ''[]'', 5)', '[]'), ('array_put(''[1,2]'', ''[]'', 9000000000)', '[1,2]'),
      ('array_width(array_put(''[1,2]'', ''[]'', 9000000000))', '1'),
  ('array_put(''[1,2]'', ''[1]'', 9000000000)', '[9000000000,2]'),
      ('array_width(array_put(''[1,70000]'', ''[2]'', 1))', '1'),
  ('array_put(''[1,2]'', ''[1,2]'', array_of(-9223372036854775808, 9223372036854775807))',
      '[-9223372036854775808,9223372036854775807]'),
  ('array_put(''{1,2}'', ''{1}'', 3.0)', '[3,2]')));
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_put(''[5,6]'', ''[1,3]'', 0)', 'array_put: element 2 of argument 2: index 3 is outside 1..2'),
      ('array_put(''[5,6]'', ''[0]'', 0)', 'array_put: element 1 of argument 2: index 0 is outside 1..2'),
  ('array_put(''[]'', ''[-1]'', 0)', 'array_put: element 1 of argument 2: index -1, but the array is empty'),
  ('array_put(array_fill(50000, 7), array_append(array_fill(5000, 1), 50001), 0)',
      'array_put: element 5001 of argument 2: index 50001 is outside 1..50000'),
  ('array_put(''[5,6]'', ''[1,2]'', ''[1]'')', 'array_put: length mismatch: 2 and 1'),
      ('array_put(''[5,6]'', ''[]'', ''[1]'')', 'array_put: length mismatch: 0 and 1'),
  ('array_put(1, ''[1]'', 1)', 'array_put: argument 1 is not an array (INTEGER given)'),
      ('array_put(''[1]'', 1, 1)', 'array_put: argument 2 is not an array (INTEGER given)'),
  ('array_put(''[1]'', ''[1]'', ''1'')', 'array_put: argument 3 is not an array'),
      ('array_put(''[1]'', ''[1]'', 1.5)', 'array_put: argument 3 is not an integer (1.5 given)')));

-- array_scatter_add at the edges: a sum may be as wide as it needs, in 64 bits at every moment
SELECT eq(rows('SELECT ' || call), want, call) FROM (SELECT column1 AS call, column2 AS want FROM (VALUES
  ('array_scatter_add(0, ''[]'', ''[]'')', '[]'), ('array_scatter_add(3, ''[]'', 7)', '[0,0,0]'),
      ('array_scatter_add(2, ''[1,1,-1]'', ''[100,100,-100]'')', '[200,-100]'),
  ('array_scatter_add(1, array_fill(127, 1), 1)', '[127]'), ('array_scatter_add(1, array_fill(128, 1), 1)', '[128]'),
      ('array_scatter_add(1, array_fill(129, 1), -1)', '[-129]'),
  ('array_scatter_add(2, array_fill(40000, -1), 1)', '[0,40000]'),
      ('array_width(array_scatter_add(2, ''[1,1]'', ''[70000,-70000]''))', '1'),
  ('array_scatter_add(1, ''[1,1,1]'', array_of(9223372036854775807, -9223372036854775808, 1))', '[0]'),
  ('array_scatter_add(2, ''[1,2,1]'', array_of(9223372036854775806, -9223372036854775808, 1))',
      '[9223372036854775807,-9223372036854775808]'),
  ('array_sum(array_scatter_add(100000, array_series(1, 100000), array_series(1, 100000)))', '5000050000'),
  ('array_scatter_add(2.0, ''[1]'', 3.0)', '[3,0]')));
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_scatter_add(1, ''[1,1,1]'', array_of(9223372036854775807, 1, -1))',
      'array_scatter_add: integer overflow at element 2'),
  ('array_scatter_add(1, array_fill(3000, 1), 4000000000000000)',
      'array_scatter_add: integer overflow at element 2306'),
  ('array_scatter_add(2, ''[1,3]'', 1)', 'array_scatter_add: element 2 of argument 2: index 3 is outside 1..2'),
      ('array_scatter_add(2, ''[0]'', 1)', 'array_scatter_add: element 1 of argument 2: index 0 is outside 1..2'),
  ('array_scatter_add(0, ''[1]'', 1)', 'array_scatter_add: element 1 of argument 2: index 1, but the array is empty'),
  ('array_scatter_add(-1, ''[]'', 1)',
      'array_scatter_add: argument 1, the number of elements, must be at least 0 (-1 given)'),
  ('array_scatter_add(''1'', ''[1]'', 1)',
      'array_scatter_add: argument 1 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('array_scatter_add(1, 1, 1)', 'array_scatter_add: argument 2 is not an array (INTEGER given)'),
  ('array_scatter_add(1, ''[1]'', x'''')', 'array_scatter_add: argument 3 is not an array'),
      ('array_scatter_add(1, ''[1,1]'', ''[1]'')', 'array_scatter_add: length mismatch: 2 and 1'),
  ('array_scatter_add(4294967296, ''[1]'', 1)', 'over the limit'),
      ('array_scatter_add(9223372036854775807, ''[1]'', 1)', 'over the limit'),
      ('array_scatter_add(1000000000, ''[1]'', 9000000000)', 'over the limit')));

SELECT eq(rows('SELECT ' || call || ' IS NULL'), '1', call) FROM (SELECT column1 AS call FROM (VALUES
  ('array_take(NULL, ''[1]'')'), ('array_take(''[1]'', NULL)'), ('array_take(''[1]'', ''[1]'', NULL)'),
      ('array_put(NULL, ''[1]'', 1)'), ('array_put(''[1]'', NULL, 1)'),
  ('array_put(''[1]'', ''[1]'', NULL)'), ('array_scatter_add(NULL, ''[1]'', 1)'), ('array_scatter_add(1, NULL, 1)'),
      ('array_scatter_add(1, ''[1]'', NULL)')));
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), 0, 'nothing is held');
SELECT done();
