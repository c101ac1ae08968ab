-- Order: against ORDER BY over the elements, and at the edges.
SELECT plan(8939);

-- a in canonical form; w the same as 8 bytes an element. Few different elements (many ties) and many.
CREATE TEMP TABLE list AS
  SELECT n, m, a, cast(x'a1410008' || array_to_blob(array_of(n), 'uint32') || array_to_blob(a, 'int64') AS BLOB) AS w
  FROM (SELECT n, m, array_random(n, -m - 1, m, n + m % 1000) AS a FROM
    (SELECT column1 AS n FROM (VALUES (0), (1), (2), (3), (7), (8), (9), (31), (32), (33), (40), (41), (42), (100),
    (1023), (1024), (1025), (2049), (40000))),
    (SELECT column1 AS m FROM (VALUES (1), (127), (32767), (2147483647), (9223372036854775807))));
CREATE TEMP TABLE model AS SELECT *,
  (SELECT array_agg(value) FROM (SELECT value FROM array_each(a) ORDER BY value)) AS up,
  (SELECT array_agg(value) FROM (SELECT value FROM array_each(a) ORDER BY value DESC)) AS down,
  (SELECT array_agg(idx) FROM (SELECT idx FROM array_each(a) ORDER BY value, idx)) AS arg_up,
  (SELECT array_agg(idx) FROM (SELECT idx FROM array_each(a) ORDER BY value DESC, idx)) AS arg_down,
  (SELECT array_agg(r) FROM (SELECT dense_rank() OVER (ORDER BY value) AS r FROM array_each(a) ORDER BY idx)) AS ranks,
  (SELECT array_agg(value) FROM (SELECT value FROM array_each(a) ORDER BY idx DESC)) AS backwards FROM list;
SELECT eq(array_sort(a), up, 'sort of ' || n || ', ' || m), eq(array_sort(w), up, 'as 8 bytes each'),
    eq(array_sort(a, 'asc'), up, 'asc'),
    eq(array_sort(a, 'desc'), down, 'desc'), eq(array_sort(w, 'DESC'), down, 'DESC, as 8 bytes each'),
    eq(array_argsort(a), arg_up, 'argsort'), eq(array_argsort(w, 'Asc'), arg_up, 'Asc, as 8 bytes each'),
    eq(array_argsort(a, 'desc'), arg_down, 'argsort desc'), eq(array_argsort(w, 'desc'), arg_down, 'as 8 bytes each'),
    eq(array_rank(a), ranks, 'rank'), eq(array_rank(w), ranks, 'as 8 bytes each'),
    eq(array_reverse(a), backwards, 'reverse'), eq(array_reverse(w), backwards, 'as 8 bytes each'),
    eq(array_sort(up), up, 'sort of what is sorted'), eq(array_sort(down), up, 'and of what is reversed'),
    eq(array_argsort(up), array_series(1, n), 'argsort of what is sorted'), eq(array_is_sorted(up), 1, 'is_sorted'),
    eq(array_is_sorted(a), a = up, 'or is not'), eq(array_is_sorted(w), a = up, 'as 8 bytes each')
  FROM model;
SELECT eq(array_sort(array_to_json(a)), array_sort(a), 'sort of text, ' || n || ', ' || m) FROM list
    WHERE n IN (0, 33, 1025);

-- Digits that all elements share, and one that differs
SELECT eq(array_argsort(array_add(array_fill(100, column1), array_random(100, 0, 9, 5))),
    array_argsort(array_random(100, 0, 9, 5)), 'argsort next to ' || column1)
  FROM (VALUES (0), (-5), (1000), (-100000), (70000000000), (-9223372036854775808), (9223372036854775798));
SELECT eq(array_argsort(array_fill(1000, column1)), array_series(1, 1000), 'argsort of equal elements'),
    eq(array_rank(array_fill(1000, column1)), array_fill(1000, 1), 'their rank'),
  eq(array_argsort(array_fill(1000, column1), 'desc'), array_series(1, 1000), 'argsort desc')
      FROM (VALUES (0), (-1), (1000), (4000000000));
SELECT eq(array_argsort(array_of(9223372036854775807, -9223372036854775808, 0, -1)), array_of(2, 4, 3, 1),
    'argsort of the extremes'),
  eq(array_sort(array_of(9223372036854775807, -9223372036854775808, 0, -1), 'desc'),
      array_of(9223372036854775807, 0, -1, -9223372036854775808), 'sort of the extremes'),
  eq(array_rank(array_of(9223372036854775807, -9223372036854775808, 0, -1, 0)), array_of(4, 1, 3, 2, 3), 'their ranks'),
  eq(array_reverse(array_of(9223372036854775807, -9223372036854775808)),
      array_of(-9223372036854775808, 9223372036854775807), 'reverse of the extremes');
SELECT eq(array_width(array_argsort(array_random(column1, 0, 9, 1))), column2, 'positions to ' || column1 || ' in '
    || column2 || ' bytes')
  FROM (VALUES (127, 1), (128, 2), (32767, 2), (32768, 4));
SELECT eq(array_width(array_rank(array_random(40000, 0, 100, 1))), 1, 'ranks to 101 in 1 byte');
SELECT eq(array_is_sorted(x), y, 'is_sorted ' || array_to_json(x)) FROM (SELECT column1 AS x, column2 AS y FROM (VALUES
  ('[]', 1), ('[5]', 1), ('[1,1]', 1), ('[2,1]', 0), ('[-1,0,300,70000]', 1), ('[-1,0,300,-2]', 0)));
SELECT eq(array_is_sorted(array_where(array_eq(array_series(1, 3000), column1), column2, array_series(1, 3000))),
    column3, 'is_sorted with ' || column2 || ' at ' || column1)
  FROM (VALUES (1, 2, 1), (1, 3, 0), (2, 0, 0), (1024, 1025, 1), (1024, 1026, 0), (1025, 1023, 0), (1025, 1024, 1),
      (2048, 5000, 0), (2049, 0, 0), (3000, 2998, 0), (3000, 2999, 1), (3000, 9999, 1));

-- topk and nth are parts of the sorted array
SELECT eq(array_topk(a, k), array_head(array_sort(a, 'desc'), k), 'topk of ' || n || ', ' || m || ': ' || k),
    eq(array_topk(w, k, 'DESC'), array_head(array_sort(a, 'desc'), k), 'desc'),
    eq(array_topk(a, k, 'asc'), array_head(array_sort(a), k), 'asc'),
    eq(array_topk(array_sort(a), k), array_topk(a, k), 'of the sorted array'),
    eq(array_topk(array_sort(a, 'desc'), k), array_topk(a, k), 'of the reversed one')
  FROM list, (SELECT 0 AS k UNION ALL VALUES (1), (2), (10), (1000), (2500), (20000), (39999), (9223372036854775807));
SELECT eq(array_topk(a, 5000), array_head(array_sort(a, 'desc'), 5000), 'topk, when all elements come in order'),
    eq(array_topk(a, 5000, 'asc'), array_head(a, 5000), 'asc')
  FROM (SELECT array_series(-50000, 50000) AS a);
SELECT eq(array_topk(array_of(9223372036854775807, -9223372036854775808, 0), 2), array_of(9223372036854775807, 0),
    'topk of the extremes'),
  eq(array_topk(array_of(9223372036854775807, -9223372036854775808, 0), 2, 'asc'), array_of(-9223372036854775808, 0),
      'asc');
SELECT eq(array_nth(a, k), array_get(array_sort(a), k), 'nth of ' || n || ', ' || m || ': ' || k),
    eq(array_nth(w, k), array_get(array_sort(a), k), 'as 8 bytes each')
  FROM list, (SELECT 1 AS k UNION ALL VALUES (2), (5), (512), (20000), (39999), (40000), (40001),
      (9223372036854775807));
SELECT eq(array_nth('[3,1,2]', column1), NULL, 'nth outside: ' || column1)
    FROM (VALUES (0), (-1), (4), (-9223372036854775808));
SELECT eq(array_nth('[]', 1), NULL, 'nth of nothing'), eq(array_nth('[3,1,2]', 3.0), 3, 'a whole REAL is an integer');

-- Keys compare as arrays do
CREATE TEMP TABLE pair AS SELECT array_random(abs(random()) % 4, -2, 2, column1) AS a,
    array_random(abs(random()) % 4, -2, 2, -column1) AS b FROM
  (WITH i(column1) AS (VALUES (1) UNION ALL SELECT column1 + 1 FROM i WHERE column1 < 2000) SELECT * FROM i);
SELECT eq(sum(array_compare(a, b) IS NOT (array_key(a) > array_key(b)) - (array_key(a) < array_key(b))), 0,
    'keys of short arrays compare as these do') FROM pair;
SELECT eq(sum(array_compare(x.a, y.w) IS NOT (array_key(x.a) > array_key(y.a)) - (array_key(x.a) < array_key(y.a))),
    0, 'keys compare as arrays do')
  FROM list AS x, list AS y WHERE x.n < 100 AND y.n < 100;
SELECT eq(array_key(a), array_key(w), 'keys do not depend on the form, ' || n || ', ' || m),
    eq(length(array_key(a)), 8 * n, 'and are 8 bytes an element') FROM list;
SELECT eq(array_from_blob(array_key(a), 'int64', 'big'), array_bit_xor(a, -9223372036854775808), 'what a key is, '
    || m) FROM list WHERE n = 40000;
SELECT eq(array_key('[]'), x'', 'the key of nothing'), eq(array_key(array_of(-9223372036854775808,
    9223372036854775807)), x'0000000000000000ffffffffffffffff', 'of the extremes'),
  eq(array_key('[0,-1]'), x'80000000000000007fffffffffffffff', 'of 0 and -1');
SELECT eq((SELECT group_concat(a, ' ') FROM (SELECT column1 AS a
    FROM (VALUES ('[2]'), ('[1,5]'), ('[]'), ('[-1,7]'), ('[1]'), ('[300]')) ORDER BY array_key(column1))),
  '[] [-1,7] [1] [1,5] [2] [300]', 'rows in the order of their arrays');

-- Random orders: the elements are the same, and the seed decides
SELECT eq(array_sort(array_shuffle(a, 1)), array_sort(a), 'shuffle of ' || n || ', ' || m),
    eq(array_shuffle(w, 7), array_shuffle(a, 7), 'as 8 bytes each'),
    eq(array_sort(array_shuffle(a)), array_sort(a), 'without a seed'),
    eq(array_sample(a, n / 2, 7), array_head(array_shuffle(a, 7), n / 2), 'sample'),
    eq(array_sample(w, n / 2, 7), array_head(array_shuffle(a, 7), n / 2), 'as 8 bytes each'),
    eq(array_sample(a, n, 7), array_shuffle(a, 7), 'of all'),
    eq(array_sample(a, 0), array_of(), 'of none'), eq(array_length(array_sample(a, n - n / 3)), n - n / 3,
    'without a seed')
  FROM list;
SELECT eq(array_shuffle(array_series(1, 10), 42), array_of(8, 3, 5, 6, 2, 10, 7, 4, 9, 1), 'a known shuffle');
SELECT ok(array_shuffle(array_series(1, 1000), 1) <> array_shuffle(array_series(1, 1000), 2), 'seeds differ'),
  ok(array_shuffle(array_series(1, 1000)) <> array_shuffle(array_series(1, 1000)), 'calls without a seed differ');
SELECT eq(count(DISTINCT value), 500, 'a sample has no element twice')
    FROM array_each(array_sample(array_series(1, 1000), 500, 3));
CREATE TEMP TABLE drawn AS WITH i(seed) AS (VALUES (1) UNION ALL SELECT seed + 1 FROM i WHERE seed < 24000)
  SELECT array_to_text(array_shuffle('[1,2,3,4]', seed), '') AS shuffled,
      array_to_text(array_sample('[1,2,3,4]', 2, seed), '') AS sampled FROM i;
SELECT eq(count(*), 24, 'all orders occur'), ok(min(times) > 850 AND max(times) < 1150, 'about as often: '
    || min(times) || ' to ' || max(times))
  FROM (SELECT count(*) AS times FROM drawn GROUP BY shuffled);
SELECT eq(count(*), 12, 'all samples occur'), ok(min(times) > 1750 AND max(times) < 2250, 'about as often: '
    || min(times) || ' to ' || max(times))
  FROM (SELECT count(*) AS times FROM drawn GROUP BY sampled);

-- Arguments
SELECT eq(array_sort('[]'), array_of(), 'of nothing: sort'), eq(array_argsort('[]'), array_of(), 'argsort'),
    eq(array_rank('[]'), array_of(), 'rank'), eq(array_topk('[]', 3), array_of(), 'topk'),
  eq(array_reverse('[]'), array_of(), 'reverse'), eq(array_shuffle('[]'), array_of(), 'shuffle'),
      eq(array_sample('[]', 0), array_of(), 'sample'), eq(array_sort(x'a141000800000000'), array_of(),
      'sort, of 8 bytes each'),
  eq(array_topk(x'a141000800000000', 1), array_of(), 'topk'),
      eq(array_argsort(x'a141000800000000'), array_of(), 'argsort');
SELECT eq(rows('SELECT ' || column1), '', column1 || ' is NULL')
    FROM (VALUES ('array_sort(NULL)'), ('array_sort(NULL, ''asc'')'), ('array_sort(''[2,1]'', NULL)'),
    ('array_argsort(NULL)'), ('array_argsort(''[1]'', NULL)'),
  ('array_rank(NULL)'), ('array_topk(NULL, 1)'), ('array_topk(''[1]'', NULL)'), ('array_topk(''[1]'', 1, NULL)'),
      ('array_nth(NULL, 1)'), ('array_nth(''[1]'', NULL)'), ('array_key(NULL)'), ('array_reverse(NULL)'),
  ('array_shuffle(NULL)'), ('array_shuffle(NULL, 1)'), ('array_shuffle(''[1]'', NULL)'), ('array_sample(NULL, 1)'),
      ('array_sample(''[1]'', NULL)'), ('array_sample(''[1]'', 1, NULL)'), ('array_is_sorted(NULL)'));
SELECT throws('SELECT array_' || f.column1 || '(' || a.column1 || f.column2 || ')', 'array_' || f.column1
    || ': argument 1 is not an array (' || a.column2, f.column1 || ' of ' || a.column1) FROM
  (VALUES ('sort', ''), ('sort', ', ''desc'''), ('argsort', ''), ('rank', ''), ('topk', ', 1'), ('nth', ', 1'),
      ('key', ''), ('reverse', ''), ('shuffle', ''), ('shuffle', ', 1'), ('sample', ', 1'), ('is_sorted', '')) AS f,
  (VALUES ('5', 'INTEGER given'), ('0.5', 'REAL given'), ('''x''', 'expected'), ('x''00''', 'BLOB of 1')) AS a;
SELECT throws('SELECT array_' || column1, 'array_' || column2, column1) FROM (VALUES
  ('sort(''[1]'', ''up'')', 'sort: argument 2 is ''up'', expected one of ''asc'', ''desc'''),
      ('sort(''[1]'', 1)', 'sort: argument 2 is not text (INTEGER given)'),
  ('sort(''[1]'', '''')', 'sort: argument 2 is '''''), ('argsort(''[1]'', ''descending'')',
      'argsort: argument 2 is ''descending'''), ('argsort(''[1]'', x''00'')',
      'argsort: argument 2 is not text (BLOB given)'),
  ('topk(''[1]'', -1)', 'topk: argument 2, the number of elements, must be at least 0 (-1 given)'),
      ('topk(''[1]'', ''1'')', 'topk: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('topk(''[1]'', 1.5)', 'topk: argument 2 is not an integer (1.5 given)'),
      ('topk(''[1]'', 1, ''largest'')', 'topk: argument 3 is ''largest'''),
      ('topk(''[1]'', 1, 2)', 'topk: argument 3 is not text (INTEGER given)'),
  ('nth(''[1]'', ''1'')', 'nth: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('nth(''[1]'', 0.5)', 'nth: argument 2 is not an integer (0.5 given)'),
  ('shuffle(''[1]'', ''x'')', 'shuffle: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('shuffle(''[1]'', 0.5)', 'shuffle: argument 2 is not an integer (0.5 given)'),
  ('sample(''[1,2]'', 3)', 'sample: argument 2, the number of elements, is over the array''s 2 (3 given)'),
      ('sample(''[]'', 1, 5)', 'sample: argument 2, the number of elements, is over'),
  ('sample(''[1,2]'', 9223372036854775807)',
      'sample: argument 2, the number of elements, is over the array''s 2 (9223372036854775807 given)'),
      ('sample(''[1,2]'', -1)', 'sample: argument 2, the number of elements, must be at least 0 (-1 given)'),
  ('sample(''[1,2]'', ''1'')', 'sample: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('sample(''[1,2]'', 1, ''1'')', 'sample: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'));

-- Long descending arrays are copied in reverse; those with one element out of order are sorted
CREATE TEMP TABLE falling AS SELECT array_repeat(array_series(20000, 1, -1), 2) AS a UNION ALL
    SELECT array_repeat(array_series(100, -100, -1), 30) UNION ALL SELECT array_fill(5000, -7) UNION ALL
    SELECT array_mul(array_series(20000, 1, -1), 1000000000000) UNION ALL SELECT array_series(5095, 1000, -1);
SELECT eq(sum(array_sort(a) = array_reverse(a)), 5, 'ascending') FROM falling;
SELECT eq(sum(array_sort(a, 'desc') = a), 5, 'descending') FROM falling;
SELECT eq(sum(array_sort(array_pack(a)) = array_reverse(a)), 5, 'packed') FROM falling;
SELECT eq(sum(array_sort(x) = array_reverse(array_sort(x, 'desc')) AND array_is_sorted(array_sort(x)) AND
    (SELECT group_concat(value || ' ' || count) FROM array_counts(x)) =
    (SELECT group_concat(value || ' ' || count) FROM array_counts(array_sort(x)))), 20, 'one out of order')
    FROM (SELECT array_set_at(a, value, array_get(a, value) + 3000) AS x
    FROM falling, array_each('[-1,1025,2049,-1024]'));
SELECT eq(array_length(array_sort(array_series(4096, 1, -1))) || ' ' ||
    array_first(array_sort(array_series(4095, 1, -1))), '4096 1', 'around the length from which they are looked for');

-- Results larger than their arguments are refused before they are computed
SELECT eq(array_limit('result_bytes', 100000), 100000, 'with a limit of 100000 bytes');
SELECT eq(length(array_key(array_fill(12500, 0))), 100000, 'a key of that size');
SELECT throws('SELECT array_' || column1 || '(array_fill(30000, 1))', 'array_' || column1 || ': result of ' || column2
    || ' bytes is over the limit of 100000', column1 || ' over it')
  FROM (VALUES ('key', 240000), ('argsort', 120008), ('rank', 120008));
SELECT eq(array_topk(array_fill(90000, 7), 3), array_fill(3, 7), 'topk is limited by its result alone');
SELECT done();
