-- The pool, its counters and its limits.
SELECT plan(69);
CREATE TEMP TABLE big AS SELECT array_random(100000, -1000000, 1000000, 1) AS a;   -- 400 kB
CREATE TEMP VIEW memory AS SELECT (SELECT value FROM array_memory WHERE name = 'live_bytes') AS live,
  (SELECT value FROM array_memory WHERE name = 'pooled_bytes') AS pooled,
      (SELECT value FROM array_memory WHERE name = 'takes') AS takes,
  (SELECT value FROM array_memory WHERE name = 'hits') AS hits,
      (SELECT value FROM array_memory WHERE name = 'misses') AS misses,
  (SELECT value FROM array_memory WHERE name = 'copied_bytes') AS copied;
SELECT eq(group_concat(name, ' '),
    'live_bytes peak_bytes pooled_bytes takes hits misses trims copied_bytes pool_limit result_limit chunks_read ' ||
    'chunks_skipped sqlite_used sqlite_peak', 'the counters') FROM array_memory;
SELECT ok(count(*) = 0, 'every counter has a value, a unit and a meaning') FROM array_memory WHERE value IS NULL
    OR coalesce(unit, '') = '' OR coalesce(meaning, '') = '';
SELECT eq(live, 0, 'nothing is live between statements') FROM memory;
SELECT ok(array_pool_trim() >= 0, 'trim'), eq(array_pool_trim(), 0, 'trim again');
SELECT eq(pooled, 0, 'nothing is kept after trim') FROM memory;

-- Small results never touch the pool
CREATE TEMP TABLE before AS SELECT * FROM memory;
SELECT ok(count(array_add(array_series(value, value + 100), 1)) = 1000, 'small arrays')
    FROM array_each(array_series(1, 1000));
SELECT ok(m.takes - b.takes <= 1, 'do not touch the pool') FROM memory AS m, before AS b;

-- Large ones are recycled
SELECT eq(sum(array_sum(array_mul(array_add(a, value), 2)) > 0) >= 0, 1, 'chained large results') FROM big,
    array_each(array_series(1, 100));
SELECT ok(m.hits - b.hits >= 195, 'come from the pool: ' || (m.hits - b.hits)) FROM memory AS m, before AS b;
SELECT eq(live, 0, 'and go back to it') FROM memory;
SELECT ok(pooled > 400000 AND pooled < 4000000, 'which keeps a few: ' || pooled) FROM memory;
SELECT ok(array_pool_trim() > 400000, 'until it is trimmed');

-- Errors give buffers back, too
SELECT throws('SELECT array_add(array_abs(a), array_where(array_eq(array_series(1, 100000), 99999), ' ||
    '9223372036854775807, 1)) FROM big', 'overflow at element', 'a large one that overflows');
SELECT throws('SELECT array_add(a, array_head(a, 50000)) FROM big', 'length mismatch: 100000 and 50000',
    'lengths that differ');
SELECT throws('SELECT array_agg(iif(value = 99999, ''x'', value)) FROM array_each(array_series(1, 100000))',
    'array_agg: argument 1 is not an integer (TEXT given: CAST it to INTEGER)', 'an aggregate that fails late');
SELECT eq(live, 0, 'nothing is live after errors') FROM memory;

-- The limit of what is kept
SELECT eq(array_limit('pool_bytes'), 67108864, '64 MiB by default');
SELECT eq(array_limit('POOL_BYTES', 1000000), 1000000, 'set, in any case of letters');
SELECT eq(count(array_sum(array_add(array_series(1, value), 1))), 50, 'many sizes')
    FROM array_each(array_series(20000, 500000, 9700));
SELECT ok(pooled <= 1000000, 'no more is kept: ' || pooled) FROM memory;
SELECT eq(array_limit('pool_bytes', 0), 0, 'keep nothing');
SELECT eq(pooled, 0, 'frees at once') FROM memory;
SELECT eq(array_sum(array_add(a, 0)), array_sum(a), 'and works') FROM big;
SELECT eq(pooled, 0, 'keeping nothing') FROM memory;
SELECT eq(array_limit('pool_bytes', 67108864), 67108864, 'back');

-- The limit of one result
SELECT eq(array_limit('result_bytes'), 2147483647, 'as SQLite by default');
SELECT eq(array_limit('result_bytes', 1000), 1000, 'set');
SELECT eq(array_length(array_series(1, 100)), 100, 'below it');
SELECT throws('SELECT array_fill(993, 1)', 'array_fill: result of 1001 bytes is over the limit of 1000', 'over it');
SELECT eq(length(array_fill(992, 1)), 1000, 'at it');
SELECT throws('SELECT array_add(array_fill(992, 127), 1)',
    'array_add: result of 1992 bytes is over the limit of 1000', 'a result that would have to widen');
SELECT throws('SELECT array_to_json(array_fill(600, 1))', 'array_to_json: result of 1201 bytes is over', 'text');
SELECT throws('SELECT array_agg(value) FROM array_each(array_parse(''['' || substr(replace(hex(zeroblob(600)), ' ||
    '''0'', '',1''), 2) || '']''))', 'over the limit', 'an aggregate') ;
SELECT throws('SELECT array_to_blob(array_fill(200, 1), ''int64'')', 'over the limit', 'raw bytes');
-- The limit does not depend on how an argument is stored: here 100 elements of 8 bytes that fit 1
CREATE TEMP TABLE wide AS SELECT CAST(x'A1410008' || x'64000000' || zeroblob(800) AS BLOB) AS a;
SELECT eq(length(array_tile(a, 9)), 908, 'an array of wide elements, nine times') FROM wide;
SELECT throws('SELECT array_tile(a, 10) FROM wide', 'array_tile: result of 1008 bytes is over the limit of 1000',
    'ten times');
SELECT eq(length(array_concat(a, '[1]', a, a)), 309, 'others beside it'),
    eq(length(array_mul(a, a)), 108, 'twice an argument') FROM wide;
SELECT eq((SELECT live FROM memory), 0, 'nothing is held');
SELECT eq(array_length(array_union(a, a)) || ' ' || array_length(array_union(a, array_reverse(a), a)), '300 300',
    'a union that is below it, where both arrays are not') FROM (SELECT array_series(-100, 199) AS a);
SELECT throws('SELECT array_union(array_series(1, 400), array_series(401, 800))',
    'array_union: result of 1608 bytes is over the limit of 1000', 'one that is over it');
SELECT eq(array_limit('result_bytes', 12), 12, 'a few bytes'), eq(length(array_of(1, 2, 3, 4)), 12, 'at it'),
    eq(length(array_of(1, 2000)), 12, 'at it, with two bytes each'),
       throws('SELECT array_of(1, 2, 3, 4, 5)', 'array_of: result of 13 bytes is over the limit of 12', 'arguments'),
       throws('SELECT array_of(1, 2, 300)', 'array_of: result of 14 bytes is over the limit of 12',
       'that have to be wider'), throws('SELECT array_of(1, 300, 2)',
       'array_of: result of 14 bytes is over the limit of 12', 'in the middle');
SELECT eq(array_limit('result_bytes', 20000), 20000, 'more');
-- Of a frame that may lose rows they are kept, as many bytes as they have: a result alone is limited
CREATE TEMP TABLE fallen AS SELECT value AS v, array_series(value, value + 999) AS a
    FROM array_each(array_series(100000, 1, -1000));
SELECT eq(array_min_agg(a) = array_series(1000, 1999) AND array_max_agg(a) = array_series(100000, 100999), 1,
    'extremes of all rows') FROM fallen;
SELECT eq(group_concat(m = array_series(v, v + 999)), replace(printf('%99s', '1'), ' ', '1,') || ',1',
    'of more and more') FROM (SELECT v, array_max_agg(a) OVER (ORDER BY v) AS m FROM fallen);
SELECT eq(sum(m = array_series(v, v + 999)), 100, 'of frames that move')
    FROM (SELECT v, array_max_agg(a) OVER (ORDER BY v ROWS 5 PRECEDING) AS m FROM fallen);
SELECT eq(array_limit('result_bytes', 2147483647), 2147483647, 'back');
SELECT throws('SELECT ' || column1, column2, column1) FROM (VALUES ('array_limit(''bytes'')',
    'array_limit: argument 1 is ''bytes'', expected one of ''pool_bytes'', ''result_bytes'''),
  ('array_limit(''pool_bytes'', -1)', 'array_limit: argument 2, the limit, must be at least 0 (-1 given)'),
      ('array_limit(5)', 'array_limit: argument 1 is not text (INTEGER given)'));

-- Huge requests are refused before anything is allocated
CREATE TEMP TABLE at AS SELECT value FROM array_memory WHERE name = 'sqlite_peak';
SELECT throws('SELECT ' || column1, 'over the limit', column1)
    FROM (VALUES ('array_fill(999999993, 0)'), ('array_fill(4294967296, 0)'), ('array_fill(9223372036854775807, 1)'),
    ('array_series(0, 9223372036854775807)'),
  ('array_random(9223372036854775807, 0, 1)'), ('array_series(-9223372036854775808, 9223372036854775807)'));
SELECT ok(m.value = at.value, 'without allocating') FROM array_memory AS m, at WHERE name = 'sqlite_peak';

SELECT throws('SELECT array_fill(4294967296, 1)', 'array_fill: result of 4294967304 bytes is over the limit',
    'of one element more than there can be'), throws('SELECT array_fill(2305843009213693952, 5000000000)',
    'over the limit', 'of 2^64 bytes');

-- What is for direct use, and what for schemas
CREATE VIEW uses AS SELECT array_isa();
SELECT throws('SELECT * FROM uses', 'unsafe use of array_isa()', 'what shows settings is for direct use only');
SELECT throws('PRAGMA trusted_schema = 0; CREATE TEMP VIEW pure AS SELECT array_sum(''[1,2]'') AS s; SELECT ' ||
    '1/(SELECT s = 4 FROM pure), abs(-9223372036854775808)', 'integer overflow',
    'what is pure works in a view of an untrusted schema');
SELECT ok(array_isa() IN ('avx512', 'avx2', 'base'), 'the kernel set has a name');
SELECT eq(array_version() GLOB '[0-9]*.[0-9]*.[0-9]*', 1, 'the version');
SELECT done();
