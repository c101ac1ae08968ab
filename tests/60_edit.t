-- Functions that put an array together from parts of one and new elements: against queries that do the same with
-- rows, and at the edges.
SELECT plan(282);

-- The model: arrays of many lengths and every width, as they should be stored and in 8 bytes an element (wide);
-- v and w are values of any width, y is one that occurs, i and j are indexes, k a count
CREATE TEMP TABLE pair AS
  WITH length(n) AS (VALUES (0), (1), (2), (7), (8), (9), (31), (32), (33), (1023), (1024), (1025), (2049), (9000)),
       reach(m) AS (VALUES (3), (100), (30000), (2000000000), (4000000000000000000))
  SELECT row_number() OVER () AS id, n, m, array_random(n, -m, m, n + m) AS a,
         array_random(n / 3, -m / 200, m / 200, n + m + 1) AS b
  FROM length, reach WHERE thorough() OR n < 9000 OR m = 30000;
ALTER TABLE pair ADD COLUMN wide;
ALTER TABLE pair ADD COLUMN v;
ALTER TABLE pair ADD COLUMN w;
ALTER TABLE pair ADD COLUMN y;
ALTER TABLE pair ADD COLUMN i;
ALTER TABLE pair ADD COLUMN at;
ALTER TABLE pair ADD COLUMN k;
UPDATE pair SET
  wide = CAST(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB),
  v = array_get('[0,127,-129,70000,-3000000000,9223372036854775807]', 1 + id % 6),
  w = array_get('[-1,-9223372036854775808,200,3,-40000]', 1 + id % 5),
  i = 1 + id * 7919 % max(n, 1), at = 1 + id * 7919 % (n + 1), k = id * 104729 % (2 * n + 3);
UPDATE pair SET y = coalesce(array_get(a, i), 5);
CREATE TEMP TABLE item AS SELECT id, idx, value AS x FROM pair, array_each(a);
CREATE UNIQUE INDEX item_by_pair ON item(id, idx);
SELECT eq((SELECT count(*) FROM pair WHERE array_equal(a, wide) AND (n = 0 OR array_width(wide) = 8)),
    iif(thorough(), 70, 66), 'the wide ones are equal');

CREATE TEMP TABLE model(call, query);
INSERT INTO model VALUES
  ('array_append(a, v)', 'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT v, n + 1'),
  ('array_append(a, v, w, v)',
      'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT v, n + 1 UNION ALL SELECT w, n + 2 UNION ALL ' ||
      'SELECT v, n + 3'),
  ('array_prepend(a, v, w)',
      'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT v, -1 UNION ALL SELECT w, 0'),
  ('array_concat(a)', 'SELECT x, idx AS o FROM item WHERE id = p.id'),
  ('array_concat(a, b)',
      'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT value, n + idx FROM array_each(b)'),
  ('array_concat(b, a, a, array_of(), b)',
      'SELECT x, 5e6 + idx AS o FROM item WHERE id = p.id UNION ALL SELECT x, 6e6 + idx FROM item WHERE id = p.id
     UNION ALL SELECT value, idx FROM array_each(b) UNION ALL SELECT value, 7e6 + idx FROM array_each(b)'),
  ('array_insert(a, at, v)', 'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT v, at - 0.5'),
  ('array_insert(a, at, v, w)',
      'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT v, at - 0.5 UNION ALL SELECT w, at - 0.4'),
  ('array_insert(a, at - n - 2, v, w)',
      'SELECT x, idx AS o FROM item WHERE id = p.id UNION ALL SELECT v, at - 0.5 UNION ALL SELECT w, at - 0.4'),
  ('iif(n, array_set_at(a, i, v), a)', 'SELECT iif(idx = i, v, x) AS x, idx AS o FROM item WHERE id = p.id'),
  ('iif(n, array_set_at(a, i - n - 1, v), a)', 'SELECT iif(idx = i, v, x) AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_remove(a, v)', 'SELECT x, idx AS o FROM item WHERE id = p.id AND x <> v'),
  ('array_remove(a, y)', 'SELECT x, idx AS o FROM item WHERE id = p.id AND x <> y'),
  ('array_remove(a, v, y, w, y)', 'SELECT x, idx AS o FROM item WHERE id = p.id AND x NOT IN (v, w, y)'),
  ('array_remove(a, y, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5, v, w)',
      'SELECT x, idx AS o FROM item WHERE id = p.id AND x NOT IN (v, w, y) AND x NOT BETWEEN -5 AND 5'),
  ('iif(n, array_remove_at(a, i), a)', 'SELECT x, idx AS o FROM item WHERE id = p.id AND idx <> i'),
  ('iif(n, array_remove_at(a, i - n - 1, k), a)',
      'SELECT x, idx AS o FROM item WHERE id = p.id AND NOT (idx >= i AND idx < i + k)'),
  ('array_replace(a, y, v)', 'SELECT iif(x = y, v, x) AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_replace(a, v, w)', 'SELECT iif(x = v, w, x) AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_replace(a, y, 0)', 'SELECT iif(x = y, 0, x) AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_resize(a, k)',
      'SELECT x, idx AS o FROM item WHERE id = p.id AND idx <= k UNION ALL SELECT 0, 1e6 FROM ' ||
      'array_each(array_series(n + 1, max(k, n)))'),
  ('array_resize(a, k, v)',
      'SELECT x, idx AS o FROM item WHERE id = p.id AND idx <= k UNION ALL SELECT v, 1e6 FROM ' ||
      'array_each(array_series(n + 1, max(k, n)))'),
  ('array_rotate(a, k)', 'SELECT x, (idx - 1 + k) % n AS o FROM item WHERE id = p.id'),
  ('array_rotate(a, -i)', 'SELECT x, (idx - 1 + n - i) % n AS o FROM item WHERE id = p.id'),
  ('array_rotate(a, 4611686018427387904)',
      'SELECT x, (idx - 1 + 4611686018427387904) % n AS o FROM item WHERE id = p.id'),
  ('array_rotate(a, -9223372036854775808)',
      'SELECT x, (idx - 1 + n - 4611686018427387904 % n * 2 % n) % n AS o FROM item WHERE id = p.id'),
  ('array_shift(a, k)',
      'SELECT coalesce((SELECT x FROM item WHERE id = p.id AND idx = q.idx - k), 0) AS x, q.idx AS o FROM item AS q ' ||
      'WHERE id = p.id'),
  ('array_shift(a, i, v)',
      'SELECT coalesce((SELECT x FROM item WHERE id = p.id AND idx = q.idx - i), v) AS x, q.idx AS o FROM item AS q ' ||
      'WHERE id = p.id'),
  ('array_shift(a, -i, v)',
      'SELECT coalesce((SELECT x FROM item WHERE id = p.id AND idx = q.idx + i), v) AS x, q.idx AS o FROM item AS q ' ||
      'WHERE id = p.id'),
  ('array_shift(a, 0, v)', 'SELECT x, idx AS o FROM item WHERE id = p.id'),
  ('array_shift(a, -9223372036854775808, v)', 'SELECT v AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_shift(a, 9223372036854775807)', 'SELECT 0 AS x, idx AS o FROM item WHERE id = p.id'),
  ('array_repeat(a, 0)', 'SELECT x, 1 AS o FROM item WHERE 0'),
  ('array_repeat(a, 1)', 'SELECT x, idx AS o FROM item WHERE id = p.id'),
  ('array_repeat(a, 2)', 'SELECT x, item.idx AS o FROM item, (VALUES (1), (2)) WHERE id = p.id'),
  ('array_repeat(a, 7)', 'SELECT x, item.idx AS o FROM item, array_each(array_series(1, 7)) WHERE id = p.id'),
  ('array_repeat(a, 8)', 'SELECT x, item.idx AS o FROM item, array_each(array_series(1, 8)) WHERE id = p.id'),
  ('iif(n < 40, array_repeat(b, 1025), array_of())',
      'SELECT b.value AS x, b.idx AS o FROM array_each(b) AS b, array_each(array_series(1, 1025)) WHERE n < 40'),
  ('array_tile(a, 0)', 'SELECT x, 1 AS o FROM item WHERE 0'),
  ('array_tile(a, 1)', 'SELECT x, idx AS o FROM item WHERE id = p.id'),
  ('array_tile(a, 3)',
      'SELECT x, value * 100000 + item.idx AS o FROM item, array_each(array_series(1, 3)) WHERE id = p.id'),
  ('iif(n < 2000, array_tile(b, 100), array_of())',
      'SELECT b.value AS x, t.value * 100000 + b.idx AS o FROM array_each(b) AS b, array_each(array_series(1, 100)) ' ||
      'AS t WHERE n < 2000');

SELECT eq(rows('SELECT id, ' || call || ' FROM pair AS p ORDER BY id'),
          rows('SELECT id, (SELECT array_agg(x) FROM (SELECT x FROM (' || query
          || ') ORDER BY o)) FROM pair AS p ORDER BY id'), call)
  FROM model;
SELECT eq(rows('SELECT id, ' || replace(call, '(a, ', '(wide, ') || ' FROM pair AS p ORDER BY id'),
          rows('SELECT id, ' || call || ' FROM pair AS p ORDER BY id'), 'wider than needed: ' || call)
  FROM model WHERE call LIKE '%(a, %';
SELECT eq(rows('SELECT min(array_valid(' || call || ')), min(array_valid(' || replace(call, '(a, ', '(wide, ')
    || ')) FROM pair AS p'),
          '1|1', 'canonical: ' || call) FROM model;
-- The same bytes at an odd address: columns of a table row stand anywhere
CREATE TEMP TABLE odd(pad, a, pad2, b);
INSERT INTO odd SELECT x'01', a, '12', b FROM pair WHERE n > 30;
SELECT eq(rows('SELECT ' || call || ' FROM odd'), rows('SELECT ' || call || ' FROM pair WHERE n > 30 ORDER BY id'),
    'at any address: ' || call)
  FROM (SELECT column1 AS call FROM (VALUES ('array_append(a, 1)'), ('array_concat(b, a)'), ('array_remove(a, 1, 2)'),
      ('array_replace(a, 1, 2)'),
    ('array_rotate(a, 3)'), ('array_repeat(a, 3)'), ('array_hash(array_repeat(b, 1030))'), ('array_tile(b, 9)'),
    ('array_resize(a, 20)')));

-- Text as the array
SELECT eq(array_append('[1,2]', 3), array_of(1, 2, 3), 'JSON text');
SELECT eq(array_concat('{1,2}', '[3]', array_of(4)), array_of(1, 2, 3, 4), 'all forms of an array');
SELECT eq(rows('SELECT array_concat(column1, column1) FROM (VALUES (''[1]''), (''[2,300]''))'), '[1,1]
[2,300,2,300]', 'text that is not constant');

-- Widths: as wide as needed, wherever the widest element came from or went
SELECT eq(array_width(call), w, what) FROM (SELECT column1 AS what, column2 AS call, column3 AS w FROM (VALUES
  ('append widens', array_append('[1,2]', 128), 2), ('append widens to 8', array_append('[1,2]', -3000000000), 8),
  ('set_at narrows', array_set_at('[1,70000,2]', 2, 3), 1), ('set_at keeps', array_set_at('[1,70000,2]', 1, 3), 4),
  ('remove narrows', array_remove('[1,70000,2]', 70000), 1),
      ('remove_at narrows', array_remove_at('[1,70000,2]', 2), 1),
  ('replace narrows', array_replace('[1,70000,2]', 70000, 300), 2),
      ('replace of nothing does not widen', array_replace('[1,2]', 3, 70000), 1),
  ('an unused fill does not widen', array_shift('[1,2]', 0, 70000), 1),
      ('an unused fill of resize neither', array_resize('[1,2]', 2, 70000), 1),
  ('shift narrows', array_shift('[1,70000]', 1), 1), ('resize narrows', array_resize('[1,70000]', 1), 1),
  ('concat of an empty wide one', array_concat('[1]', array_slice('[70000]', 2, 1)), 1),
      ('tile 0 times', array_tile('[70000]', 0), 1)));
SELECT eq(array_append(array_of(), -9223372036854775808, 9223372036854775807),
    array_of(-9223372036854775808, 9223372036854775807), 'extremes');
SELECT eq(array_replace(array_of(-9223372036854775808, 0), -9223372036854775808, 9223372036854775807),
    array_of(9223372036854775807, 0), 'replace extremes');
SELECT eq(array_replace('[0,1]', 256, 7), array_of(0, 1),
    'a value too wide for the array is not in it by its low byte');
SELECT eq(array_remove('[0,1]', 256, 4294967296), array_of(0, 1), 'likewise for remove');
SELECT eq(array_append('[1]', 2.0), array_of(1, 2), 'a whole REAL is an integer');

-- The empty array
SELECT eq(got, want, what) FROM (SELECT column1 AS what, column2 AS got, column3 AS want FROM (VALUES
  ('append to none', array_append('[]', 1), array_of(1)), ('prepend to none', array_prepend('[]', 1, 2), array_of(1,
      2)),
  ('concat of none', array_concat('[]', '{}'), array_of()), ('insert into none', array_insert('[]', 1, 5, 6),
      array_of(5, 6)),
  ('insert into none from the end', array_insert('[]', -1, 5), array_of(5)),
      ('remove from none', array_remove('[]', 1), array_of()),
  ('replace in none', array_replace('[]', 1, 2), array_of()), ('resize none', array_resize('[]', 2, 9), array_of(9, 9)),
  ('resize to none', array_resize('[1,2]', 0), array_of()), ('rotate none', array_rotate('[]', 5), array_of()),
  ('shift none', array_shift('[]', 5, 9), array_of()), ('repeat none', array_repeat('[]', 9223372036854775807),
      array_of()),
  ('tile none', array_tile('[]', 9223372036854775807), array_of()),
      ('remove all', array_remove('[1,1,1]', 1), array_of()),
  ('remove the only one', array_remove_at('[1]', 1), array_of()),
      ('remove_at of no elements', array_remove_at('[1,2]', 2, 0), array_of(1, 2)),
  ('remove_at is clamped', array_remove_at('[1,2,3]', 2, 9223372036854775807), array_of(1))));
SELECT eq(rows('SELECT array_insert(''[1,2,3]'', ' || i || ', 9)'), want, 'insert at ' || i)
  FROM (SELECT column1 AS i, column2 AS want FROM (VALUES (1, '[9,1,2,3]'), (2, '[1,9,2,3]'), (4, '[1,2,3,9]'), (-1,
      '[1,2,3,9]'),
        (-2, '[1,2,9,3]'), (-4, '[9,1,2,3]')));

-- Errors
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_append(''[1]'', NULL)', 'array_append: argument 2 is not an integer (NULL given)'),
  ('array_append(''[1]'', 1, ''2'')', 'array_append: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_append(''[1]'', 1.5)', 'array_append: argument 2 is not an integer (1.5 given)'),
  ('array_append(''[1]'')', 'array_append: at least 2 arguments expected, 1 given'),
  ('array_append(1, 1)', 'array_append: argument 1 is not an array (INTEGER given)'),
  ('array_append(x''00'', 1)', 'array_append: argument 1 is not an array'),
  ('array_prepend(''[1]'', 1, NULL)', 'array_prepend: argument 3 is not an integer (NULL given)'),
  ('array_prepend(''x'', 1)', 'array_prepend: argument 1 is not an array'),
  ('array_prepend(''[]'')', 'array_prepend: at least 2 arguments expected, 1 given'),
  ('array_concat()', 'array_concat: at least 1 argument expected, 0 given'),
  ('array_concat(''[1]'', 2)', 'array_concat: argument 2 is not an array (INTEGER given)'),
  ('array_concat(''[1]'', ''[2]'', ''['')', 'array_concat: argument 3 is not an array'),
  ('array_insert(''[1,2,3]'', 0, 9)', 'array_insert: argument 2: index 0 is outside 1..4'),
  ('array_insert(''[1,2,3]'', 5, 9)', 'array_insert: argument 2: index 5 is outside 1..4'),
  ('array_insert(''[1,2,3]'', -5, 9)', 'array_insert: argument 2: index -5 is outside 1..4'),
  ('array_insert(''[1,2,3]'', -9223372036854775808, 9)',
      'array_insert: argument 2: index -9223372036854775808 is outside 1..4'),
  ('array_insert(''[1]'', 1, NULL)', 'array_insert: argument 3 is not an integer (NULL given)'),
  ('array_insert(''[1]'', ''1'', 1)', 'array_insert: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_insert(5, 1, 1)', 'array_insert: argument 1 is not an array'),
  ('array_insert(''[1]'', 1)', 'array_insert: at least 3 arguments expected, 2 given'),
  ('array_set_at(''[1,2,3]'', 4, 9)', 'array_set_at: argument 2: index 4 is outside 1..3'),
  ('array_set_at(''[1,2,3]'', 0, 9)', 'array_set_at: argument 2: index 0 is outside 1..3'),
  ('array_set_at(''[1,2,3]'', -4, 9)', 'array_set_at: argument 2: index -4 is outside 1..3'),
  ('array_set_at(''[]'', 1, 9)', 'array_set_at: argument 2: index 1, but the array is empty'),
  ('array_set_at(''[1]'', 1, NULL)', 'array_set_at: argument 3 is not an integer (NULL given)'),
  ('array_set_at(''[1]'', 1.5, 1)', 'array_set_at: argument 2 is not an integer (1.5 given)'),
  ('array_set_at(1, 1, 1)', 'array_set_at: argument 1 is not an array'),
  ('array_remove(''[1]'')', 'array_remove: at least 2 arguments expected, 1 given'),
  ('array_remove(''[1]'', 1, ''2'')', 'array_remove: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_remove(1, 1)', 'array_remove: argument 1 is not an array'),
  ('array_remove_at(''[1,2,3]'', 4)', 'array_remove_at: argument 2: index 4 is outside 1..3'),
  ('array_remove_at(''[1,2,3]'', 0, 0)', 'array_remove_at: argument 2: index 0 is outside 1..3'),
  ('array_remove_at(''[]'', -1)', 'array_remove_at: argument 2: index -1, but the array is empty'),
  ('array_remove_at(''[1]'', 1, -1)',
      'array_remove_at: argument 3, the number of elements, must be at least 0 (-1 given)'),
  ('array_remove_at(''[1]'', 1, ''x'')',
      'array_remove_at: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_remove_at(1, 1)', 'array_remove_at: argument 1 is not an array'),
  ('array_replace(1, 1, 1)', 'array_replace: argument 1 is not an array'),
  ('array_replace(''[1]'', ''1'', 1)', 'array_replace: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_replace(''[1]'', 1, x'''')', 'array_replace: argument 3 is not an integer (BLOB given)'),
  ('array_resize(''[1]'', -1)', 'array_resize: argument 2, the number of elements, must be at least 0 (-1 given)'),
  ('array_resize(''[1]'', ''1'')', 'array_resize: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_resize(''[1]'', 1, ''1'')', 'array_resize: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_resize(1, 1)', 'array_resize: argument 1 is not an array'),
  ('array_rotate(1, 1)', 'array_rotate: argument 1 is not an array'),
  ('array_rotate(''[1]'', ''1'')', 'array_rotate: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_shift(1, 1)', 'array_shift: argument 1 is not an array'),
  ('array_shift(''[1]'', ''1'')', 'array_shift: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_shift(''[1]'', 0, 0.5)', 'array_shift: argument 3 is not an integer (0.5 given)'),
  ('array_repeat(1, 1)', 'array_repeat: argument 1 is not an array'),
  ('array_repeat(''[1]'', -1)', 'array_repeat: argument 2, the number of times, must be at least 0 (-1 given)'),
  ('array_repeat(''[1]'', '''')', 'array_repeat: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_tile(1, 1)', 'array_tile: argument 1 is not an array'),
  ('array_tile(''[1]'', -1)', 'array_tile: argument 2, the number of times, must be at least 0 (-1 given)'),
  ('array_tile(''[1]'', '''')', 'array_tile: argument 2 is not an integer (TEXT given: CAST it to INTEGER)')));

-- NULL in any argument that is no new element
SELECT eq(rows('SELECT ' || call || ' IS NULL'), '1', call) FROM (SELECT column1 AS call FROM (VALUES
  ('array_append(NULL, 1)'), ('array_append(NULL, NULL)'), ('array_prepend(NULL, 1)'), ('array_concat(NULL)'),
      ('array_concat(''[1]'', NULL)'),
  ('array_concat(1, NULL)'), ('array_insert(NULL, 1, 1)'), ('array_insert(''[1]'', NULL, 1)'),
      ('array_set_at(NULL, 1, 1)'),
  ('array_set_at(''[1]'', NULL, 1)'), ('array_remove(NULL, 1)'), ('array_remove(''[1]'', NULL)'),
      ('array_remove(''[1]'', 1, NULL)'),
  ('array_remove_at(NULL, 1)'), ('array_remove_at(''[1]'', NULL)'), ('array_remove_at(''[1]'', 1, NULL)'),
      ('array_replace(NULL, 1, 1)'),
  ('array_replace(''[1]'', NULL, 1)'), ('array_replace(''[1]'', 1, NULL)'), ('array_resize(NULL, 1)'),
      ('array_resize(''[1]'', NULL)'),
  ('array_resize(''[1]'', 2, NULL)'), ('array_rotate(NULL, 1)'), ('array_rotate(''[1]'', NULL)'),
      ('array_shift(NULL, 1)'),
  ('array_shift(''[1]'', NULL)'), ('array_shift(''[1]'', 1, NULL)'), ('array_repeat(NULL, 1)'),
      ('array_repeat(''[1]'', NULL)'),
  ('array_tile(NULL, 1)'), ('array_tile(''[1]'', NULL)')));

-- Sizes: refused before anything is allocated
SELECT throws('SELECT ' || call, 'over the limit', call) FROM (SELECT column1 AS call FROM (VALUES
  ('array_tile(''[1,2]'', 9223372036854775807)'), ('array_tile(''[1,2]'', 4611686018427387904)'),
      ('array_tile(''[70000,2]'', 1152921504606846976)'),
  ('array_tile(''[1]'', 4294967296)'), ('array_repeat(''[1,2]'', 9223372036854775807)'),
      ('array_repeat(''[1]'', 4294967296)'),
  ('array_repeat(''[1]'', 3000000000)'), ('array_resize(''[1]'', 9223372036854775807)'),
      ('array_resize(''[1]'', 4294967295)'),
  ('array_resize(''[1]'', 1000000000, 3000000000)')));
SELECT eq(array_limit('result_bytes', 1000), 1000, 'a lower limit');
SELECT throws('SELECT ' || call, 'of 1001 bytes is over the limit of 1000', call)
    FROM (SELECT column1 AS call FROM (VALUES
  ('array_append(array_fill(992, 1), 1)'), ('array_concat(array_fill(492, 1), array_fill(501, 1))'),
      ('array_resize(''[1]'', 993)'),
  ('array_tile(''[1]'', 993)'), ('array_repeat(''[1]'', 993)'), ('array_insert(array_fill(992, 1), 5, 1)')));
SELECT eq(array_length(array_tile('[1]', 992)) + array_length(array_repeat('[1]',
    992)) + array_length(array_resize('[]', 992)), 2976, 'as much as is allowed');
SELECT ok(array_limit('result_bytes', 2147483647), 'the limit as it was');
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), 0, 'nothing is held');
SELECT done();
