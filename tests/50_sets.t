-- Functions on sets: against SQL on the elements, row by row, and at the edges.
SELECT plan(181);

-- The model: pairs of arrays of every width and many lengths, unsorted, with many or few elements in common
CREATE TEMP TABLE pair AS
  WITH length(n) AS (VALUES (0), (1), (2), (7), (8), (9), (16), (31), (32), (33), (63), (64), (65), (130), (1023), (1024), (1025), (2049),
      (20000)),
       reach(m) AS (VALUES (5), (100), (30000), (2000000000), (4000000000000000000))
  SELECT row_number() OVER () AS id, n, m, array_random(n, -m, m, n + m) AS a,
      array_random(n, -m / 3, m, n + m + 1) AS b
  FROM length, reach WHERE thorough() OR n < 20000 OR m = 30000;
UPDATE pair SET b = array_concat(b, array_tail(a, n / 2 + 1)) WHERE id % 2 = 0;          -- with common elements
UPDATE pair SET b = array_concat(array_random(20, -100, 100, n), array_head(a, 3)) WHERE id % 7 = 0; -- far shorter
UPDATE pair SET a = array_sort(a) WHERE id % 3 = 0;                                      -- sorted, with duplicates
UPDATE pair SET a = array_unique(a), b = array_unique(b) WHERE id % 5 = 0;               -- sets
CREATE TEMP TABLE x AS SELECT id, idx, value AS v FROM pair, array_each(a);
CREATE TEMP TABLE y AS SELECT id, idx, value AS v FROM pair, array_each(b);
CREATE TEMP TABLE z AS SELECT id, value AS v FROM pair, array_each(array_random(n, -3, m, n + 7));
CREATE INDEX x_by_id ON x(id, v);
CREATE INDEX y_by_id ON y(id, v);
CREATE INDEX z_by_id ON z(id, v);
CREATE TEMP TABLE item AS                                                                 -- each element of each union
  SELECT id, v, max(x) AS x, max(y) AS y, max(z) AS z FROM
    (SELECT id, v, 1 AS x, 0 AS y, 0 AS z FROM x UNION ALL SELECT id, v, 0, 1, 0 FROM y UNION ALL SELECT id, v, 0, 0,
    1 FROM z)
  GROUP BY id, v;
CREATE INDEX item_by_id ON item(id, v);

-- array_agg() of the elements in order is canonical, so equal blobs say that the result is too
CREATE TEMP TABLE model(call, condition);
INSERT INTO model VALUES
  ('array_unique(a)', 'x'), ('array_union(a)', 'x'), ('array_union(a, b)', 'x OR y'),
      ('array_union(b, a, b)', 'x OR y'),
  ('array_union(a, b, c)', 'x OR y OR z'), ('array_union(a, a, c, b, b, a, c, a, b)', 'x OR y OR z'),
  ('array_union(a, array_of())', 'x'), ('array_union(array_of(), b)', 'y'),
  ('array_intersect(a)', 'x'), ('array_intersect(a, b)', 'x AND y'), ('array_intersect(b, a)', 'x AND y'),
  ('array_intersect(a, c, b)', 'x AND y AND z'), ('array_intersect(c, a, a, b, c)', 'x AND y AND z'),
  ('array_intersect(a, array_of())', '0'), ('array_intersect(array_of(), b)', '0'),
  ('array_except(a)', 'x'), ('array_except(a, b)', 'x AND NOT y'), ('array_except(b, a)', 'y AND NOT x'),
  ('array_except(a, b, c)', 'x AND NOT y AND NOT z'), ('array_except(b, c, c, a)', 'y AND NOT x AND NOT z'),
  ('array_except(a, array_of())', 'x'), ('array_except(array_of(), b)', '0'),
  ('array_symdiff(a, b)', 'x <> y'), ('array_symdiff(b, c)', 'y <> z'), ('array_symdiff(a, a)', '0');
SELECT eq(rows('SELECT id, ' || call || ' FROM (SELECT *, array_random(n, -3, m, n + 7) AS c FROM pair) ORDER BY id'),
          rows('SELECT id, (SELECT array_agg(v) FROM (SELECT v FROM item WHERE item.id = pair.id AND (' || condition
          || ') ORDER BY v)) FROM pair ORDER BY id'), call)
  FROM model;
SELECT eq(rows('SELECT id, ' || call || ' FROM pair ORDER BY id'),
          rows('SELECT id, coalesce((SELECT ' || expression || ' FROM item WHERE item.id = pair.id), ' || empty
          || ') FROM pair ORDER BY id'), call)
  FROM (SELECT column1 AS call, column2 AS expression, column3 AS empty FROM (VALUES
    ('array_union_count(a, b)', 'sum(x OR y)', '0'), ('array_intersect_count(a, b)', 'sum(x AND y)', '0'),
    ('array_contains_all(a, b)', 'min(x >= y)', '1'), ('array_contains_all(b, a)', 'min(y >= x)', '1'),
    ('array_contains_any(a, b)', 'max(x AND y)', '0'), ('array_jaccard(a, b)',
    '1.0 * sum(x AND y) / nullif(sum(x OR y), 0)', '1.0')));
SELECT eq(rows('SELECT id, array_distinct(a), array_distinct(b) FROM pair ORDER BY id'),
          rows('SELECT id, (SELECT array_agg(v) FROM (SELECT v FROM x WHERE x.id = pair.id GROUP BY v ORDER BY ' ||
          'min(idx))),
    (SELECT array_agg(v) FROM (SELECT v FROM y WHERE y.id = pair.id GROUP BY v ORDER BY min(idx)))
      FROM pair ORDER BY id'), 'array_distinct');
SELECT eq(sum(array_valid(array_union(a, b)) AND array_valid(array_intersect(a, b))
    AND array_valid(array_except(a, b)) AND
              array_valid(array_symdiff(a, b)) AND array_valid(array_unique(a)) AND array_valid(array_distinct(a))),
              count(*), 'all results are canonical') FROM pair;
-- what is larger, and the same with a long part in common
CREATE TEMP TABLE big AS SELECT array_series(0, 3000000, 3) AS a, array_series(0, 3000000, 2) AS b,
    array_random(300000, 0, 3000000, 1) AS c, '[6,7,2999999,12]' AS few;
SELECT eq(array_union_count(a, b), 2000001, 'large: union'), eq(array_intersect_count(a, b), 500001, 'intersection'),
       eq(array_intersect(a, b) = array_series(0, 3000000, 6), 1, 'its elements'),
       eq(array_length(array_union(a, b)), 2000001, 'those of the union'),
       eq(array_symdiff(a, b) = array_except(array_union(a, b), array_intersect(a, b)), 1, 'symdiff'),
       eq(array_union(array_except(a, b), array_intersect(a, b)) = a, 1, 'except'),
       eq(array_intersect(a, few), array_of(6, 12), 'few'), eq(array_intersect_count(few, b), 2, 'few, first'),
       eq(array_except(few, a), array_of(7, 2999999), 'few without'),
       eq(array_length(array_except(a, few)), 999999, 'without few'),
       eq(array_length(array_union(few, a)), 1000003, 'with few'),
       eq(array_length(array_symdiff(a, few)), 1000001, 'differing in few'),
       eq(array_contains_all(a, array_series(0, 3000000, 3000)), 1, 'contains many'),
       eq(array_contains_all(a, few), 0, 'not all'), eq(array_contains_any(a, few), 1, 'some'),
       eq(array_contains_all(a, array_series(0, 3000000, 6000))
       || array_contains_all(a, array_append(array_series(0, 3000000, 3000), 3000001)), '10', 'all but the last'),
       eq(array_intersect_count(a, array_mul(few, 1)), 2, 'another width'),
       eq(array_intersect_count(array_append(a, 5000000000), few), 2, 'wider'),
       eq(array_union(c, array_reverse(a)) = array_union(a, array_sort(c, 'desc')), 1, 'unsorted'),
       eq(array_intersect(array_add(a, 5000000000), array_add(b, 5000000000))
       = array_add(array_intersect(a, b), 5000000000), 1, '64 bits')
  FROM big;
SELECT eq(array_distinct(array_concat(c, array_reverse(c), c)) = array_distinct(c), 1, 'distinct: large'),
       eq(array_sort(array_distinct(array_mul(c, 700))) = array_unique(array_mul(c, 700)), 1, 'sparse'),
       eq(array_distinct(array_mul(c, 70000000)) = array_mul(array_distinct(c), 70000000), 1, '64 bits') FROM big;
-- the test of a constant is remembered, for as long as it is one
SELECT eq(group_concat(array_intersect_count(a, b)), '5000,0,5000,1',  'constants and columns')
  FROM (SELECT array_series(1, 5000) AS a), (SELECT array_series(1, 9000) AS b UNION ALL SELECT array_of() UNION ALL
      SELECT array_reverse(array_series(1, 9000)) UNION ALL SELECT array_of(7, 9000));
SELECT eq(rows('SELECT array_intersect_count(x''' || hex(array_series(1, 5000)) || ''', x'''
    || hex(array_series(3, 9000, 3)) || ''') + value FROM array_each(''[1,2,3]'')'), '1667
1668
1669', 'constants in several rows');
SELECT eq(sum(array_contains_all(array_series(1, 5000), array_of(value))), 11,
    'a long set that is known from the row before'),
       eq(sum(array_contains_all(array_reverse(array_series(1, 5000)), array_of(value))), 11, 'one that is no set'),
       eq(sum(array_contains_all(array_tail(array_series(1, 5000), 4500 + value % 2), array_of(value))), 11,
       'one that changes')
  FROM array_each(array_series(4990, 5010));

-- Hashing cannot be defeated: elements of chosen hashes, made by the inverse of the kernel's function
CREATE TEMP TABLE adversary AS
  WITH kind(k) AS (VALUES (1), (2), (3)),
       hash(k, h) AS (SELECT k, CASE k WHEN 1 THEN value << 12 WHEN 2 THEN value
       ELSE ((value & 4095) << 15) | (value >> 12) END
                       FROM kind, array_each(array_series(0, iif(k = 2, 999, 29999)))),
                       -- one bucket for all; one place; one bucket, of which no two share a place until it is full
       a(k, h) AS (SELECT k, (h * 2127672349) & 4294967295 FROM hash),
       b(k, h) AS (SELECT k, (h | (h >> 15)) - (h & (h >> 15)) FROM a),
       c(k, h) AS (SELECT k, (h | (h >> 30)) - (h & (h >> 30)) FROM b),
       d(k, h) AS (SELECT k, ((h & 65535) * 2781581891 + (((h >> 16) * 2781581891 & 65535) << 16)) & 4294967295 FROM c)
  SELECT k, array_agg(iif(h < 2147483648, h, h - 4294967296)) AS a FROM d GROUP BY k;
CREATE TEMP TABLE takes AS SELECT value AS v FROM array_memory WHERE name = 'takes';
SELECT eq(array_distinct(a) = a, 1, 'chosen elements, ' || k) FROM adversary;
SELECT ok((SELECT value FROM array_memory WHERE name = 'takes') - v >= 3 * 4, 'which are told apart by sorting')
    FROM takes;
SELECT eq(array_distinct(array_concat(a, array_reverse(a))) = a, 1, 'each twice, ' || k) FROM adversary;

-- Edges
SELECT eq(array_unique('[]'), array_of(), 'no elements'), eq(array_distinct('[]'), array_of(), 'distinct'),
    eq(array_union('[]', '[]'), array_of(), 'union'),
       eq(array_jaccard('[]', '[]'), 1.0, 'two empty sets are the same'),
       eq(array_jaccard('[]', '[1]'), 0.0, 'one is not'), eq(array_jaccard('[1]', '[]'), 0.0, 'nor this'),
       eq(typeof(array_jaccard('[1]', '[1]')), 'real', 'a REAL'),
       eq(array_contains_all('[]', '[]'), 1, 'all of none'), eq(array_contains_any('[]', '[]'), 0, 'any of none'),
       eq(array_contains_all('[]', '[1]'), 0, 'none has all'),
       eq(array_contains_all('[2,1]', '[1,1,1]'), 1, 'duplicates do not matter'),
       eq(array_union_count('[1,1]', '[1,2,1]'), 2, 'nor in counts'),
       eq(array_symdiff('[1,1,2]', '[2,2,3]'), array_of(1, 3), 'nor in symdiff'),
       eq(array_union('{3,1}', '[2]'), array_of(1, 2, 3), 'text in both forms');
CREATE TEMP TABLE extreme AS SELECT array_of(9223372036854775807, 0, -9223372036854775808) AS a,
    array_of(-9223372036854775808, 9223372036854775806) AS b, array_of(127, -128) AS c;
SELECT eq(array_unique(a), array_of(-9223372036854775808, 0, 9223372036854775807), 'extremes'),
    eq(array_distinct(array_concat(a, b)), array_append(a, 9223372036854775806), 'distinct'),
       eq(array_union(a, b), array_of(-9223372036854775808, 0, 9223372036854775806, 9223372036854775807), 'union'),
       eq(array_intersect(a, b), array_of(-9223372036854775808), 'intersection'),
       eq(array_except(a, b), array_of(0, 9223372036854775807), 'difference'),
       eq(array_intersect_count(a, c), 0, 'of another width'),
       eq(array_except(a, b, '[9223372036854775807]'), array_of(0), 'narrowed'),
       eq(array_union(c, a), array_of(-9223372036854775808, -128, 0, 127, 9223372036854775807), 'of all widths'),
       eq(array_contains_any(c, a), 0, 'wider in narrower'),
       eq(array_contains_all(c, '[-128]') || array_contains_all(c, '[-129]') || array_contains_all(c, '[127,128]')
       || array_contains_all(c, a), '1000', 'more than fits')
  FROM extreme;
-- wider than needed
CREATE TEMP TABLE wide AS SELECT x'A141000803000000030000000000000001000000000000000300000000000000' AS unsorted,
    x'A1410004020000000100000003000000' AS sorted;
SELECT eq(array_unique(unsorted), array_of(1, 3), 'not canonical'),
    eq(array_distinct(unsorted), array_of(3, 1), 'distinct'), eq(array_union(sorted), array_of(1, 3), 'a set'),
       eq(array_union(sorted, unsorted), array_of(1, 3), 'union'),
       eq(array_intersect(unsorted, '[3,4]'), array_of(3), 'intersection'),
       eq(array_except(sorted, '[3]'), array_of(1), 'difference'),
       eq(array_contains_all('[1,2,3]', sorted), 1, 'contains')
  FROM wide;

-- Arguments that are none
SELECT eq(rows('SELECT ' || f || '(NULL' || others || ') IS NULL'), '1', f || ' of NULL')
  FROM (SELECT column1 AS f, column2 AS others FROM (VALUES ('array_unique', ''), ('array_distinct', ''),
      ('array_union', ', ''[1]'''), ('array_intersect', ', ''[1]'''), ('array_except', ', ''[1]'''),
    ('array_symdiff', ', ''[1]'''), ('array_union_count', ', ''[1]'''), ('array_intersect_count', ', ''[1]'''),
    ('array_contains_all', ', ''[1]'''), ('array_contains_any', ', ''[1]'''), ('array_jaccard', ', ''[1]''')));
CREATE TEMP TABLE two AS SELECT column1 AS f FROM (VALUES ('array_union'), ('array_intersect'), ('array_except'),
    ('array_symdiff'), ('array_union_count'), ('array_intersect_count'),
  ('array_contains_all'), ('array_contains_any'), ('array_jaccard'));
SELECT eq(rows('SELECT ' || f || '(''[1]'', NULL) IS NULL'), '1', f || ' with NULL') FROM two;
SELECT throws('SELECT ' || f || '(1, ''[1]'')', f || ': argument 1 is not an array (INTEGER given)', f
    || ' of an integer') FROM two;
SELECT throws('SELECT ' || f || '(''[1]'', 2.5)', f || ': argument 2 is not an array (REAL given)', f
    || ' with a real') FROM two;
SELECT throws('SELECT ' || f || '(''[2,1]'', x''00'')', f || ': argument 2 is not an array (BLOB of 1 bytes*', f
    || ' with a blob') FROM two;
SELECT throws('SELECT ' || f || '(7)', f || ': argument 1 is not an array (INTEGER given)', f || ' of an integer')
  FROM (SELECT column1 AS f FROM (VALUES ('array_unique'), ('array_distinct'), ('array_union'), ('array_intersect'),
      ('array_except')));
SELECT throws('SELECT array_union(''[2,1]'', ''[3]'', 4)', 'array_union: argument 3 is not an array (INTEGER given)',
    'any argument');
SELECT eq(rows('SELECT array_union(''[2,1]'', ''[3]'', NULL) IS NULL'), '1', 'NULL as any argument');
SELECT throws('SELECT ' || f || '()', f || ': at least 1 argument expected, 0 given', f || ' of nothing') FROM two
    WHERE f IN ('array_union', 'array_intersect', 'array_except');
SELECT throws('SELECT array_symdiff(''[1]'')', 'wrong number of arguments', 'too few');

-- Limits: the result counts, not the room that would have been needed if nothing were in common
CREATE TEMP TABLE before AS SELECT array_limit('result_bytes') AS v;
CREATE TEMP TABLE half AS SELECT array_series(1, 30000) AS a, array_series(30001, 60000) AS b;
SELECT eq(array_limit('result_bytes', 70000), 70000, 'a limit');
SELECT eq(array_length(array_union(a, a)), 30000, 'a union that fits'),
    eq(array_length(array_union(a, a, a)), 30000, 'of three'), eq(array_length(array_symdiff(a, a)), 0, 'none left')
    FROM half;
SELECT throws('SELECT array_union(a, b) FROM half', 'array_union: result of * bytes is over the limit of 70000',
    'a union that does not');
SELECT throws('SELECT array_union(a, b, b) FROM half', 'over the limit', 'of three');
SELECT throws('SELECT array_symdiff(a, b) FROM half', 'over the limit', 'symdiff');
SELECT eq(array_union_count(a, b), 60000, 'counts have no limit') FROM half;
SELECT ok(array_limit('result_bytes', v) = v, 'no limit') FROM before;

-- A constant of many elements in no order becomes a set once, not in each row; a column or a text gives the same
CREATE TEMP TABLE many AS SELECT value AS id, array_random(100 + value % 3, -3000, 3000, value) AS a
  FROM array_each(array_series(1, 200));
CREATE TEMP TABLE other AS SELECT array_random(500, -1000, 1000, 7) AS b;
CREATE TEMP TABLE constant(call);
INSERT INTO constant VALUES ('array_isin(a, %s)'), ('array_intersect(a, %s)'), ('array_union(%s, a)'),
  ('array_contains_any(a, %s)'), ('array_contains_all(%s, array_slice(a, 3, 5))');
SELECT eq(rows('SELECT id, ' || printf(call, 'array_random(500, -1000, 1000, 7)') || ' FROM many ORDER BY id'),
          rows('SELECT id, ' || printf(call, 'b') || ' FROM many, other ORDER BY id'), call || ' with a constant')
  FROM constant;
SELECT eq(rows('SELECT id, ' || printf(call, quote(array_to_json(b))) || ' FROM many ORDER BY id'),
          rows('SELECT id, ' || printf(call, 'b') || ' FROM many, other ORDER BY id'), call || ' with a text')
  FROM constant, other;
UPDATE takes SET v = (SELECT value FROM array_memory WHERE name = 'takes');
SELECT sum(array_any(array_isin(a, array_random(500, -1000, 1000, 7)))) FROM many;
SELECT ok((SELECT value FROM array_memory WHERE name = 'takes') - v < 60, 'a set is made of a constant a few times')
  FROM takes;

-- Memory: counting takes none where both are sets
UPDATE takes SET v = (SELECT value FROM array_memory WHERE name = 'takes');
SELECT eq(sum(array_union_count(big.a, big.b) + array_intersect_count(big.a, big.b) + array_contains_all(big.a,
    big.b) + array_contains_any(big.a, big.b) + array_intersect_count(big.a, extreme_set)
          + array_contains_any(extreme_set, big.b)), 2500006, 'counts') FROM big,
          (SELECT x'A14100080200000006000000000000000C00000000000000' AS extreme_set);
SELECT eq((SELECT value FROM array_memory WHERE name = 'takes') - v, 0, 'without memory') FROM takes;
SELECT eq(value, 0, 'nothing is live') FROM array_memory WHERE name = 'live_bytes';
SELECT eq(array_union(array_concat(array_series(1, 131072), array_series(5, 10)), array_of()), array_series(1, 131072), 'a step down between two stretches');
SELECT done();
