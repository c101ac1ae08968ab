-- Searches: against WHERE over the elements, and at the edges.
SELECT plan(13298);

-- a in canonical form; w the same as 8 bytes an element; v among the elements (or not)
CREATE TEMP TABLE list AS
  SELECT n, m, a, cast(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB) AS w
  FROM (SELECT n, m, array_random(n, -m - 1, m, n + m % 1000) AS a FROM
    (SELECT column1 AS n FROM (VALUES (0), (1), (2), (7), (8), (9), (31), (32), (33), (63), (64), (65), (1023),
    (1024), (1025), (2049), (40000))),
    (SELECT column1 AS m FROM (VALUES (1), (127), (32767), (2147483647), (9223372036854775807))));
CREATE TEMP TABLE sought AS SELECT n, m, a, w, column1 AS v FROM list,
    (VALUES (0), (1), (-1), (-2), (127), (128), (5000000000), (9223372036854775807)) UNION
  SELECT n, m, a, w, array_get(a, column1) FROM list, (VALUES (1), (-1), (20), (500), (1024), (1025), (30000))
      WHERE n >= abs(column1);
CREATE TEMP TABLE model AS SELECT *, (SELECT array_agg(idx) FROM (SELECT idx FROM array_each(a) WHERE value = v
    ORDER BY idx)) AS places FROM sought;
SELECT eq(array_contains(a, v), array_length(places) > 0, 'contains of ' || n || ', ' || m || ': ' || v),
    eq(array_contains(w, v), array_length(places) > 0, 'as 8 bytes each'),
    eq(array_position(a, v), array_first(places), 'position'),
    eq(array_position(w, v), array_first(places), 'as 8 bytes each'),
    eq(array_position(a, v, array_first(places) + 1), CASE WHEN array_first(places) < n THEN array_get(places, 2) END,
    'the next one'),
    eq(array_positions(a, v), places, 'positions'), eq(array_positions(w, v), places, 'as 8 bytes each')
  FROM model;
SELECT eq(array_position(a, v, s), (SELECT min(idx) FROM array_each(a) WHERE value = v AND idx >= CASE WHEN s < 0
    THEN n + 1 + s ELSE s END), 'position of ' || v || ' in ' || n || ' from ' || s)
  FROM sought, (SELECT column1 AS s FROM (VALUES (1), (2), (3), (65), (1024), (1025), (40000), (-1), (-2), (-30),
      (-1024), (-40000))) WHERE m IN (1, 127) AND n >= abs(s) AND n < 3000;
SELECT eq(array_position('[5,6,5]', 5, column1), column2, 'position from ' || column1)
    FROM (VALUES (1, 1), (2, 3), (3, 3), (-1, 3), (-2, 3), (-3, 1), (4, NULL), (0, NULL), (-4, NULL),
    (9223372036854775807, NULL), (-9223372036854775808, NULL), (2.0, 3));
SELECT eq(array_positions(array_fill(40000, 7), 7), array_series(1, 40000), 'all positions'),
    eq(array_width(array_positions(array_series(1, 1000), 100)), 1, 'in as few bytes as they need'),
  eq(array_width(array_positions(array_series(1, 1000), 200)), 2, 'or as many');

-- A long run of elements whose critical factorisation cuts it behind more than 2^17 of them
SELECT eq(array_find(array_concat(array_tile(array_head(b, 4), 32000), b, b), b), 128001,
    'a long run, after many that begin like it'),
       eq(array_find(array_concat(array_tile(array_head(b, 4), 32000), array_set_at(b, 7, 8),
       array_set_at(b, 150000, 8), b), b), 128001 + 2 * 200101, 'after two that are not quite it'),
       eq(array_find(array_concat(array_tile(array_head(b, 4), 32000), array_set_at(b, 131000, 8)), b), NULL,
       'and nothing else')
  FROM (SELECT array_concat(array_random(200000, 0, 3, 11), '[9]', array_random(100, 0, 3, 12)) AS b);

-- Insertion indexes: one more than there are elements below (left), or not above (right)
CREATE TEMP TABLE sorted AS SELECT n, m, array_sort(a) AS a, array_sort(a) AS s FROM list WHERE n < 3000;
UPDATE sorted SET a = cast(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB)
    WHERE n % 2 = 1;
SELECT eq(array_search(a, v), 1 + array_length(array_filter(s, array_lt(s, v))), 'search in ' || n || ', ' || m
    || ' for ' || v), eq(array_search(a, v, 'LEFT'), array_search(a, v), 'left'),
    eq(array_search(a, v, 'right'), 1 + array_length(array_filter(s, array_le(s, v))), 'right')
  FROM sorted, (SELECT 0 AS v UNION ALL VALUES (-1), (1), (127), (128), (-128), (-129), (30000), (-5000000000),
      (5000000000), (9223372036854775807), (-9223372036854775808));
SELECT eq(array_search(s.a, x.a), (SELECT array_agg(r) FROM (SELECT array_search(s.s, value) AS r FROM array_each(x.a)
    ORDER BY idx)), 'search in ' || s.n || ', ' || s.m || ' for ' || x.n || ', ' || x.m),
    eq(array_search(s.a, x.w, 'right'), (SELECT array_agg(r)
    FROM (SELECT array_search(s.s, value, 'right') AS r FROM array_each(x.a) ORDER BY idx)), 'right')
  FROM sorted AS s, list AS x WHERE s.n IN (0, 1, 33, 1025, 2049) AND x.n IN (0, 1, 9, 1025);
SELECT eq(array_search(array_series(1, 40000), array_series(0, 40001)), array_greatest(array_series(0, 40001), 1),
    'search for more than is there');
SELECT eq(array_search('[10,20,20,30]', 20), 2, 'left'), eq(array_search('[10,20,20,30]', 20, 'right'), 4, 'right'),
    eq(array_search('[10,20]', '[]'), array_of(), 'for nothing'),
  eq(array_search('[]', '[1,2]'), array_of(1, 1), 'in nothing'), eq(array_search('[]', 5, 'right'), 1, 'right'),
      eq(array_search('[1,2,3]', 2.0), 2, 'for a whole REAL'),
      eq(array_search('[1,2,3]', '[2]'), array_of(2), 'for an array of one');

-- Runs: against a comparison at every place
CREATE TEMP TABLE run AS SELECT column1 AS id, abs(random()) % 60 AS n, abs(random()) % 8 AS k,
    1 + abs(random()) % 3 AS kinds FROM
  (WITH i(column1) AS (VALUES (1) UNION ALL SELECT column1 + 1 FROM i WHERE column1 < 3000) SELECT * FROM i);
CREATE TEMP TABLE pair AS SELECT id, a, CASE WHEN id % 3 = 0 OR n < k THEN array_random(k, 1, kinds, -id)
    ELSE array_slice(a, 1 + id % (n - k + 1), k + id % (n - k + 1)) END AS b
  FROM (SELECT *, array_random(n, 1, kinds, id) AS a FROM run);
SELECT eq(sum(array_find(a, b) IS NOT nullif(instr(array_to_text(a, ''), array_to_text(b, '')), 0)), 0,
    'runs in short arrays') FROM pair;
SELECT eq(sum(array_find(array_add(a, 1000), array_add(b, 1000)) IS NOT array_find(a, b)), 0, 'of 2 bytes'),
  eq(sum(array_find(array_add(a, 100000), array_add(b, 100000)) IS NOT array_find(a, b)), 0, 'of 4 bytes'),
  eq(sum(array_find(array_sub(a, 5000000000), array_sub(b, 5000000000)) IS NOT array_find(a, b)), 0, 'of 8 bytes')
      FROM pair;
SELECT eq(array_find(a, array_slice(a, i, i + k)), i, 'a run of ' || (k + 1) || ' at ' || i || ' of ' || n || ', '
    || m), eq(array_find(w, array_slice(a, i, i + k)), i, 'among 8 bytes each'),
    eq(array_find(a, array_slice(w, i, i + k)), i, 'likewise'),
    eq(array_find(a, array_add(array_shr(array_slice(a, i, i + k), 1), -4)), NULL, 'one that is not there')
  FROM list, (SELECT 1 AS i UNION ALL VALUES (2), (100), (1000), (1025), (30000)),
      (SELECT 10 AS k UNION ALL VALUES (30), (1023), (1500), (5000)) WHERE m > 1000 AND n >= i + k;
SELECT eq(array_find(a, a), 1, 'all of it, ' || n || ', ' || m),
    eq(array_find(a, array_slice(a, 2)), iif(n > 1, 2, 1), 'all but the first') FROM list WHERE m > 30000;
SELECT eq(array_find(column1, column2), column3, column2 || ' in ' || column1)
    FROM (VALUES ('[1,2,3]', '[]', 1), ('[]', '[]', 1), ('[]', '[1]', NULL), ('[1,2,3]', '[3]', 3),
    ('[1,2,3]', '[2,3,4]', NULL),
  ('[1,2,3]', '[1,2,3,4]', NULL), ('[1,1,1,2]', '[1,1,2]', 2), ('[1,2,3]', '[300]', NULL),
      ('[1,300,3]', '[300,3]', 2), ('[1,2,1,2,1,3]', '{1,2,1,3}', 3));
SELECT eq(array_find('[1,300]', x'a1410008010000002c01000000000000'), 2, 'a run of more bytes than it needs'),
    eq(array_find('[1,2]', x'a141000800000000'), 1, 'likewise of none');

-- The worst that a comparison at every place could meet: 10^11 steps
SELECT eq(array_find(zeros, array_where(array_lt(array_series(1, 100000), 100000), 0, 1)), NULL,
    'many zeros, then a one: not there') FROM (SELECT array_fill(1000000, 0) AS zeros);
SELECT eq(array_find(array_where(array_eq(array_series(1, 1000000), 999999), 1, 0),
    array_where(array_lt(array_series(1, 100000), 100000), 0, 1)), 900000, 'there, at the end');
SELECT eq(array_find(zeros, array_where(array_eq(array_series(1, 100000), 1), 1, 0)), NULL, 'a one, then many zeros')
    FROM (SELECT array_fill(1000000, 0) AS zeros);
SELECT eq(array_find(array_fill(1000000, 0), array_where(array_eq(array_series(1, 100000), 50000), 1, 0)), NULL,
    'a one in the middle of zeros');
SELECT eq(array_find(array_mod(i, 7), array_where(array_eq(array_series(1, 70000), column1), 9,
    array_mod(array_series(1, 70000), 7))), NULL, 'a period, broken at ' || column1)
  FROM (SELECT array_series(1, 1000000) AS i), (VALUES (1), (2), (35000), (69999), (70000));
SELECT eq(array_find(array_where(array_eq(i, 1), 9, array_mod(i, 5)), array_mod(array_series(1, 90000), 5)), 6,
    'a period, unbroken') FROM (SELECT array_series(1, 1000000) AS i);
SELECT eq(array_find(array_series(1, 2500000), array_series(column1, column1 + 20)), column1, 'in a large array, at '
    || column1) FROM (VALUES (1), (1048560), (1048576), (1048577), (2097150), (2499980));
SELECT eq(array_find(array_series(1, 2500000), array_series(column1, column1 + 1200000)), column1, 'a large run at '
    || column1) FROM (VALUES (1), (1048576), (1200002), (1300000));

-- Arguments
SELECT eq(array_contains('[]', 1), 0, 'of nothing: contains'), eq(array_position('[]', 1), NULL, 'position'),
    eq(array_positions('[]', 1), array_of(), 'positions'), eq(array_contains('{1,-2}', -2), 1, 'contains of text'),
  eq(array_contains(array_of(-9223372036854775808, 9223372036854775807), -9223372036854775808), 1,
      'contains an extreme'), eq(array_contains('[1,2]', 257), 0, 'does not contain what has the same low bits'),
  eq(array_contains('[1,2]', 2.0), 1, 'a whole REAL is an integer');
SELECT eq(rows('SELECT ' || column1), '', column1 || ' is NULL')
    FROM (VALUES ('array_contains(NULL, 1)'), ('array_contains(''[1]'', NULL)'), ('array_position(NULL, 1)'),
    ('array_position(''[1]'', NULL)'),
  ('array_position(''[1]'', 1, NULL)'), ('array_positions(NULL, 1)'), ('array_positions(''[1]'', NULL)'),
      ('array_search(NULL, 1)'), ('array_search(''[1]'', NULL)'), ('array_search(''[1]'', 1, NULL)'),
  ('array_find(NULL, ''[1]'')'), ('array_find(''[1]'', NULL)'));
SELECT throws('SELECT array_' || f.column1 || '(' || a.column1 || ', ' || f.column2 || ')', 'array_' || f.column1
    || ': argument 1 is not an array (' || a.column2, f.column1 || ' in ' || a.column1) FROM
  (VALUES ('contains', '1'), ('position', '1'), ('positions', '1'), ('search', '1'), ('search', '''[1]'''),
      ('find', '''[1]''')) AS f,
  (VALUES ('5', 'INTEGER given'), ('0.5', 'REAL given'), ('''x''', 'expected'), ('x''00''', 'BLOB of 1')) AS a;
SELECT throws('SELECT array_' || column1 || '(''[1]'', ''1'')', 'array_' || column1
    || ': argument 2 is not an integer (TEXT given: CAST it to INTEGER)', column1 || ' for text')
    FROM (VALUES ('contains'), ('position'), ('positions'));
SELECT throws('SELECT array_' || column1 || '(''[1]'', 1.5)', 'array_' || column1
    || ': argument 2 is not an integer (1.5 given)', column1 || ' for 1.5')
    FROM (VALUES ('contains'), ('position'), ('positions'), ('search'));
SELECT throws('SELECT array_' || column1, 'array_' || column2, column1) FROM (VALUES
  ('position(''[1]'', 1, ''1'')', 'position: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('position(''[1]'', 1, 0.5)', 'position: argument 3 is not an integer (0.5 given)'),
      ('position(''[]'', 1, x''00'')', 'position: argument 3 is not an integer (BLOB given)'),
  ('contains(''[]'', x''00'')', 'contains: argument 2 is not an integer (BLOB given)'),
      ('search(''[1]'', ''x'')', 'search: argument 2 is not an array'),
      ('search(''[1]'', x''00'')', 'search: argument 2 is not an array'),
  ('search(''[1]'', 1, ''middle'')', 'search: argument 3 is ''middle'', expected one of ''left'', ''right'''),
      ('search(''[1]'', 1, 5)', 'search: argument 3 is not text (INTEGER given)'),
  ('find(''[1]'', 1)', 'find: argument 2 is not an array (INTEGER given)'),
      ('find(''[1]'', ''1'')', 'find: argument 2 is not an array'),
      ('find(''[1]'', x''00'')', 'find: argument 2 is not an array'));

-- Results larger than their arguments are refused before they are computed
SELECT eq(array_limit('result_bytes', 100000), 100000, 'with a limit of 100000 bytes');
SELECT throws('SELECT array_positions(array_fill(50000, 1), 1)',
    'array_positions: result of 200008 bytes is over the limit of 100000', 'positions over it');
SELECT throws('SELECT array_search(array_fill(50000, 1), array_fill(50000, 1))',
    'array_search: result of 200008 bytes is over the limit of 100000', 'search over it');
SELECT eq(array_position(array_pack(array_series(1, 5000)), 4500), 4500, 'in a later block of a packed array'),
       eq(array_position(array_pack(array_series(1, 5000)), 5001), NULL, 'in none');
SELECT done();
