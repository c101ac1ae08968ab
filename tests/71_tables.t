-- The other table-valued functions. Texts are UTF-16 here, so that they are converted on their way in and out.
SELECT plan(796);
PRAGMA encoding = 'UTF-16';
CREATE TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES (1, array_of(10, 20, 20)), (2, NULL), (3, '[]'), (4, '[30]'),
    (5, array_of(1000, 3, 1000, 1000, 1));
CREATE TABLE model(id INTEGER, idx INTEGER, value INTEGER);
INSERT INTO model SELECT id, idx, value FROM t, array_each(a);
SELECT eq((SELECT group_concat(encoding) FROM pragma_encoding), 'UTF-16le', 'the database has other texts');

-- What they have in common: their arguments
CREATE TABLE calls(f, good, bad, message);
INSERT INTO calls VALUES
    ('array_zip', '''[1]'', ''[2]''', '''[1]'', 2', 'argument 2 is not an array (INTEGER given)'),
    ('array_zip', '''[1]'', ''[2]'', ''[3]''', '''[1]'', ''[2]'', x''00''',
    'argument 3 is not an array (BLOB of 1 bytes'),
    ('array_zip', '''[1]'', ''[2]'', ''[3]'', ''[4]''', '''[1]'', ''[2]'', ''[3]'', ''[4''',
    'argument 4 is not an array (text ends'),
    ('array_counts', '''[1]''', '1.5', 'argument 1 is not an array (REAL given)'),
    ('array_runs', '''[1]''', '''x''', 'argument 1 is not an array (expected'),
    ('array_windows', '''[1]'', 1', '''[1]'', 0', 'argument 2, the size, must be at least 1 (0 given)'),
    ('array_windows', '''[1]'', 1.0', '''[1]'', 1.5', 'argument 2 is not an integer (1.5 given)'),
    ('array_windows', '''[1]'', 1', '''[1]'', ''1''', 'argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
    ('array_windows', '''[1]'', 1, 1', '''[1]'', 1, 0', 'argument 3, the step, must be at least 1 (0 given)'),
    ('array_windows', '''[1]'', 1, 1', '''[1]'', 1, x''''', 'argument 3 is not an integer (BLOB given)'),
    ('array_windows', '''[1]'', 1', '1, 1', 'argument 1 is not an array (INTEGER given)'),
    ('array_chunks', '''[1]'', 1', '''[1]'', -1', 'argument 2, the size, must be at least 1 (-1 given)'),
    ('array_chunks', '''[1]'', 1', '''[1]'', 1e300', 'argument 2 is not an integer (1e+300 given)'),
    ('array_windows', '''[1]'', 1', '''[1]'', 9e999, 9e999', 'argument 2 is not an integer (inf given)'),
    ('array_bins', '''[1]'', 1', '''[1]'', 0', 'argument 2, the number of bins, must be at least 1 (0 given)'),
    ('array_bins', '''[1]'', 1', '''[1]'', ''1''', 'argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
    ('array_bins', '''[1]'', 1', '''[]'', 0', 'argument 2, the number of bins, must be at least 1 (0 given)');
SELECT eq(rows('SELECT count(*) FROM ' || f || '(' || good || ')'), '1', f || '(' || good || ')') FROM calls;
SELECT throws('SELECT * FROM ' || f || '(' || bad || ')', f || ': ' || message, f || '(' || bad || ')') FROM calls;
SELECT eq(rows('SELECT count(*) FROM ' || column1), '0', column1 || ' has no rows')
  FROM (VALUES ('array_zip(NULL, ''[1]'')'), ('array_zip(''[1]'', NULL)'), ('array_zip(NULL, 1)'),
               ('array_zip(''[1]'', ''[1]'', NULL)'), ('array_zip(''[1]'', ''[1]'', ''[1]'', NULL)'),
               ('array_zip(''[1]'', ''[1]'', NULL, ''[1]'')'), ('array_counts(NULL)'), ('array_runs(NULL)'),
               ('array_windows(NULL, 1)'), ('array_windows(NULL, 0)'), ('array_windows(''[1]'', NULL)'),
               ('array_windows(''[1]'', 1, NULL)'), ('array_windows(1, ''x'', NULL)'), ('array_chunks(NULL, 1)'),
               ('array_chunks(''[1]'', NULL)'), ('array_bins(NULL, 1)'), ('array_bins(''[1]'', NULL)'));
SELECT throws('SELECT * FROM ' || f, f || ': argument 1 is missing', f || ' needs arguments')
  FROM (SELECT DISTINCT f FROM calls);
SELECT throws('SELECT * FROM ' || column1, column2, column1)
    FROM (VALUES ('array_zip(''[1]'')', 'array_zip: argument 2 is missing'),
    ('array_windows(''[1]'')', 'array_windows: argument 2 is missing'),
    ('array_chunks(''[1]'')', 'array_chunks: argument 2 is missing'),
    ('array_chunks WHERE _size = 1', 'array_chunks: argument 1 is missing'),
    ('array_chunks(''[1]'') WHERE _size > 1', 'no query solution'),
    ('array_bins(''[1]'')', 'array_bins: argument 2 is missing'),
    ('array_windows(''[1]'', 1, 1, 1)', 'too many arguments'),
    ('array_counts(''[1]'', 1)', 'too many arguments'));
SELECT eq((SELECT count(*) FROM array_windows('[1,2]', 1, t.id), t), 6,
    'an argument that could be left out, known when tables are taken in another order');
SELECT throws('DELETE FROM ' || f, 'may not be modified', f || ' cannot be written')
  FROM (SELECT DISTINCT f FROM calls);

-- array_zip
SELECT eq(rows('SELECT * FROM array_zip(''[1,2,3]'', ''[-4]'')'), '1|1|-4||
2|2|||
3|3|||', 'zip of two');
SELECT eq(rows('SELECT * FROM array_zip(''[1]'', ''{300,4}'', ''[]'')'), '1|1|300||
2||4||', 'zip of three');
SELECT eq(rows('SELECT * FROM array_zip(''[]'', ''[]'', ''[5]'', array_of(6, 7, 5000000000))'), '1|||5|6
2||||7
3||||5000000000', 'zip of four');
SELECT eq((SELECT count(*) FROM array_zip('[]', '[]')), 0, 'zip of nothing');
SELECT eq(rows('SELECT * FROM array_zip(''[1]'', ''[2]'') WHERE _d = ''[3,4]'''), '1|1|2||3
2||||4', 'zip without the third');
SELECT eq(rows('SELECT _a, _b, _c, _d FROM array_zip(''[1]'', ''[2]'', ''[3]'')'), '[1]|[2]|[3]|',
    'zip: arguments as hidden columns');
SELECT eq(rows('SELECT idx, a FROM array_zip(''[1,2,3,4]'', ''[1,2]'') WHERE ' || column1), column2,
    'zip: ' || column1) FROM (VALUES ('idx = 2', '2|2'), ('idx BETWEEN 2 AND 3 ORDER BY idx DESC', '3|3
2|2'), ('rowid > 3.5', '4|4'), ('idx < 2 OR b IS NULL', '1|1
3|3
4|4'), ('idx IS NULL', ''), ('idx > ''2'' ORDER BY rowid LIMIT 1', '3|3'));
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_zip(''[1]'', ''[2]'') WHERE idx > 1 ORDER BY idx DESC') LIKE
    '%SCAN array_zip VIRTUAL TABLE INDEX 1026:idx>? ORDER BY idx DESC', 'zip: plan');
SELECT eq(rows('SELECT id, z.* FROM t, array_zip(t.a, array_series(1, id)) AS z WHERE id IN (1, 4)'), '1|1|10|1||
1|2|20|||
1|3|20|||
4|1|30|1||
4|2||2||
4|3||3||
4|4||4||', 'zip of columns');

-- array_counts
SELECT eq(rows('SELECT id, value, count FROM t, array_counts(t.a)'),
    rows('SELECT id, value, count(*) FROM model GROUP BY id, value ORDER BY id, value'), 'counts');
SELECT eq(rows('SELECT value, count FROM array_counts(''[3,-1,3,9223372036854775807,-9223372036854775808]'')'),
    '-9223372036854775808|1
-1|1
3|2
9223372036854775807|1', 'counts of extremes');
SELECT eq((SELECT count(*) FROM array_counts('[]')), 0, 'counts of nothing');
SELECT eq(rows('SELECT _array, rowid FROM array_counts(''[2,1]'')'), '[2,1]|1
[2,1]|2', 'counts: the argument is not sorted with it; the rowid is the value');
WITH numbers(a) AS MATERIALIZED (SELECT array_random(5000, -50, 50, 1) UNION ALL SELECT array_random(5000, -2000,
    2000, 2) UNION ALL SELECT array_random(300, -100000, 100000, 3) UNION ALL SELECT array_random(20,
    -9000000000000000000, 9000000000000000000, 4) UNION ALL SELECT array_fill(1000, 7))
    SELECT eq((SELECT array_agg(value + count) FROM array_counts(a)), (SELECT array_agg(n)
  FROM (SELECT value + count(*) AS n FROM array_each(a) GROUP BY value ORDER BY value)),
    'counts of ' || array_length(a) || ' random numbers of width ' || array_width(a)) FROM numbers;
SELECT eq(rows('SELECT value, count FROM array_counts(''[5,1,5,3,300,3,5]'') WHERE ' || column1), column2,
    'counts: ' || column1) FROM (VALUES ('value = 3', '3|2'), ('value = 4', ''), ('value > 3', '5|3
300|1'), ('value >= 2.5 AND value < ''300''', '3|2
5|3'), ('value < -5', ''), ('value > 9223372036854775806', ''), ('value <= 9223372036854775807 AND value > 5',
    '300|1'), ('value = NULL', ''), ('value < x''''', '1|1
3|2
5|3
300|1'), ('rowid = 5', '5|3'), ('count > 1 ORDER BY value DESC', '5|3
3|2'), ('value IN (5, 1, 2) ORDER BY value', '1|1
5|3'), ('1 ORDER BY value LIMIT 2', '1|1
3|2'), ('1 ORDER BY count DESC, value LIMIT 1', '5|3'));
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_counts(''[1]'') ORDER BY value') LIKE
    '%INDEX 0:ORDER BY value', 'counts come in order');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_counts(''[1]'') ORDER BY value DESC') LIKE '%TEMP B-TREE%',
    'but not backwards');

-- array_runs
SELECT eq((SELECT count(*) FROM array_runs('[1,1,2]') WHERE start > 5), 0, 'no run begins there'),
       eq((SELECT count(*) FROM array_runs('[1,1,2]') WHERE start > 2 AND start < 2), 0, 'nor between'),
       eq((SELECT count(*) FROM array_runs('[1,1,2]') WHERE start = 2), 0, 'nor where one goes on');
SELECT eq(rows('SELECT rowid, * FROM array_runs(''[7,7,7,2,7]'')'), '1|1|3|7
4|4|1|2
5|5|1|7', 'runs');
SELECT eq((SELECT count(*) FROM array_runs('[]')), 0, 'runs of nothing');
SELECT eq(rows('SELECT id, start, length, value FROM t, array_runs(t.a) ORDER BY id, start'),
    rows('SELECT id, min(idx), count(*), value FROM (SELECT *, idx - row_number() OVER (PARTITION BY id, value ' ||
    'ORDER BY idx) AS k FROM model) GROUP BY id, value, k ORDER BY 1, 2'),
    'runs of columns');
WITH numbers(a) AS MATERIALIZED (SELECT array_mul(array_random(2000, 0, 1, width), 1 << (width * 8 - 2))
  FROM (SELECT 1 AS width UNION ALL VALUES (2), (4), (8))) SELECT eq((SELECT array_agg(length) FROM array_runs(a)),
    (SELECT array_agg(n) FROM (SELECT count(*) AS n FROM (SELECT idx, value,
    idx - row_number() OVER (PARTITION BY value ORDER BY idx) AS k FROM array_each(a)) GROUP BY value, k
    ORDER BY min(idx))), 'runs in width ' || array_width(a)) FROM numbers;
SELECT eq(rows('SELECT * FROM array_runs(array_fill(3000000, 5))'), '1|3000000|5', 'one long run');
SELECT eq((SELECT count(*) FROM array_runs(array_series(1, 3000))), 3000, 'many short runs');
SELECT eq(rows('SELECT start FROM array_runs(''[1,1,2,3]'') ORDER BY start DESC LIMIT 1'), '4', 'runs backwards');
SELECT eq(rows('SELECT start FROM array_runs(''[1,1,2,3]'') WHERE start >= 2 AND value < 3'), '3',
    'runs under a condition');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_runs(''[1]'') ORDER BY start') LIKE '%INDEX 0:ORDER BY start',
    'runs come in order');

-- array_windows and array_chunks
SELECT eq(rows('SELECT rowid, * FROM array_windows(''[1,2,3,4,5]'', 3)'), '1|1|[1,2,3]
2|2|[2,3,4]
3|3|[3,4,5]', 'windows');
SELECT eq(rows('SELECT rowid, * FROM array_windows(''[1,2,3,4,5]'', 2, 3)'), '1|1|[1,2]
4|4|[4,5]', 'windows with a step');
SELECT eq(rows('SELECT rowid, * FROM array_chunks(''[1,2,3,4,5]'', 2)'), '1|1|[1,2]
2|2|[3,4]
3|3|[5]', 'chunks');
SELECT eq(rows('SELECT * FROM array_' || column1), column2, column1) FROM (VALUES ('windows(''[1,2]'', 3)', ''),
    ('windows(''[1,2]'', 2)', '1|[1,2]'), ('windows(''[]'', 1)', ''), ('windows(''[1,2]'', 1, 5)', '1|[1]'),
    ('windows(''[1,2]'', 9223372036854775807, 9223372036854775807)', ''), ('windows(''[1,2]'', 1e18, 1e18)', ''),
    ('windows(''[1,2]'', 1, 9223372036854775807)', '1|[1]'), ('windows(''[1,2,3]'', 1, 2)', '1|[1]
3|[3]'), ('chunks(''[]'', 5)', ''), ('chunks(''[1,2]'', 2)', '1|[1,2]'), ('chunks(''[1,2]'', 9223372036854775807)',
    '1|[1,2]'), ('chunks(''[1,2]'', 1.0)', '1|[1]
2|[2]'));
SELECT eq((SELECT group_concat(array_valid(value) || array_width(value), ' ')
  FROM array_chunks('[1,2,300,4,5000000000,6,7,8]', 2)), '11 12 18 11', 'each is an array of its own');
SELECT eq((SELECT group_concat(array_valid(value) || array_width(value), ' ')
  FROM array_chunks(x'a1410002050000000100020003000400ffff', 2)), '11 11 11',
    'also from one that is wider than needed');
SELECT eq(_array || _size || _step, '[1,2]11', 'windows: arguments as hidden columns') FROM array_windows('[1,2]', 1,
    1) LIMIT 1;
SELECT eq(_array || _size || ifnull(_step, '-'), '[1,2]1.0-', 'windows: the step is left out')
  FROM array_windows('[1,2]', 1.0) LIMIT 1;
WITH w AS MATERIALIZED (SELECT n, size, step, array_series(1, n) AS a FROM (SELECT value AS n
  FROM array_each(array_series(0, 12))), (SELECT value AS size FROM array_each('[1,2,3,5,13]')), (SELECT value AS step
  FROM array_each('[1,2,3,7]'))) SELECT eq((SELECT count(*) FROM w), 260, 'so many combinations') UNION ALL
    SELECT ok((SELECT ifnull(group_concat(idx || array_to_json(value)), '') FROM array_windows(a, size,
    step)) = (SELECT ifnull(group_concat(s || array_to_json(array_series(s, s + size - 1))), '')
  FROM (SELECT value AS s FROM array_each(array_series(1, n - size + 1, step)))),
    'windows of ' || size || ' by ' || step || ' in ' || n) FROM w UNION ALL
    SELECT ok((SELECT ifnull(group_concat(idx || array_to_json(value)), '') FROM array_chunks(a,
    size)) = (SELECT ifnull(group_concat(((s + size - 1) / size) || array_to_json(array_series(s, min(n,
    s + size - 1)))), '') FROM (SELECT value AS s FROM array_each(array_series(1, n, size)))),
    'chunks of ' || size || ' in ' || n) FROM w WHERE step = 1;
CREATE TABLE conditions(c);
INSERT INTO conditions VALUES ('idx = 1'), ('idx = 2'), ('idx = 3'), ('idx = 4'), ('idx = 7'), ('idx = 0'),
    ('idx = -9223372036854775808'), ('idx = 9223372036854775807'), ('idx > 1'), ('idx > 2'), ('idx >= 4'),
    ('idx >= 5'), ('idx < 4'), ('idx <= 4'), ('idx <= 5'), ('idx < 1'), ('idx > 9223372036854775806'),
    ('idx <= 9223372036854775807'), ('idx BETWEEN 2 AND 8'), ('idx BETWEEN 3.5 AND ''7.5'''), ('idx IN (1, 4, 5, 7)'),
    ('rowid = 4'), ('rowid > 4'), ('idx <> 4'), ('idx IS 4'), ('idx < NULL'), ('idx < ''x'''), ('1');
CREATE TABLE orders(by);
INSERT INTO orders VALUES (' ORDER BY idx'), (' ORDER BY idx DESC'), (' ORDER BY rowid DESC LIMIT 2'),
    (' ORDER BY idx LIMIT 1 OFFSET 1');
CREATE TABLE materialised(idx INTEGER PRIMARY KEY, value);
INSERT INTO materialised SELECT * FROM array_windows(array_series(1, 11), 3, 3);
SELECT eq(rows('SELECT idx, value FROM array_windows(array_series(1, 11), 3, 3) WHERE ' || c || by),
    rows('SELECT idx, value FROM materialised WHERE ' || c || by), 'windows: ' || c || by) FROM conditions, orders;
DELETE FROM materialised;
INSERT INTO materialised SELECT * FROM array_chunks(array_series(1, 11), 2);
SELECT eq(rows('SELECT idx, value FROM array_chunks(array_series(1, 11), 2) WHERE ' || c || by),
    rows('SELECT idx, value FROM materialised WHERE ' || c || by), 'chunks: ' || c || by) FROM conditions, orders;
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_windows(''[1]'', 1) WHERE idx = 3') LIKE
    '%SCAN array_windows VIRTUAL TABLE INDEX 1:idx=?', 'windows: plan');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_chunks(''[1]'', 1) WHERE idx < 3 ORDER BY idx DESC') LIKE
    '%SCAN array_chunks VIRTUAL TABLE INDEX 1032:idx<? ORDER BY idx DESC', 'chunks: plan');
SELECT eq(rows('SELECT id, idx, value FROM t, array_chunks(t.a, t.id)'), '1|1|[10]
1|2|[20]
1|3|[20]
4|1|[30]
5|1|[1000,3,1000,1000,1]', 'chunks of columns');
SELECT eq((SELECT sum(array_sum(value)) FROM array_chunks(array_series(1, 100000), 7)), 100000 * 100001 / 2,
    'chunks add up');
SELECT eq((SELECT sum(array_length(value)) FROM array_windows(array_series(1, 1000000), 20000, 100000)), 200000,
    'large windows');

-- array_bins. The counts are compared with thresholds that are exact; the edges are NumPy's.
SELECT eq(rows('SELECT lo, hi, count FROM array_bins(''[1,2,3,4,5,6,7,8,9,10]'', 3)'), '1.0|4.0|3
4.0|7.0|3
7.0|10.0|4', 'bins: the last one is closed');
SELECT eq(rows('SELECT lo, hi, count FROM array_bins(''[0,1,2,3]'', 4)'), '0.0|0.75|1
0.75|1.5|1
1.5|2.25|1
2.25|3.0|1', 'bins: edges between integers');
SELECT eq(rows('SELECT lo, hi, count FROM array_bins(''[5,5]'', ' || column1 || ')'), column2,
    'bins of equal elements: ' || column1) FROM (VALUES (1, '4.5|5.5|2'), (2, '4.5|5.0|0
5.0|5.5|2'), (4, '4.5|4.75|0
4.75|5.0|0
5.0|5.25|2
5.25|5.5|0'));
SELECT eq((SELECT group_concat(count) FROM array_bins('[5]', 3)), '0,1,0', 'bins of one element');
SELECT eq((SELECT count(*) FROM array_bins('[]', 3)), 0, 'bins of nothing');
SELECT eq(rows('SELECT printf(''%g|%g'', lo, hi), count FROM array_bins(''[-9223372036854775808,9223372036854775807,' ||
    '-1,0]'', 2)'),
    '-9.22337e+18|-0.5|2
-0.5|9.22337e+18|2', 'bins over 64 bits');
SELECT eq((SELECT group_concat(count) FROM
    array_bins('[-9223372036854775808,-3074457345618258604,-3074457345618258603,-3074457345618258602,' ||
    '3074457345618258601,3074457345618258602,9223372036854775807]',
    3)), '2,3,2', 'bins put elements in their place where REAL cannot tell them apart');
SELECT eq((SELECT group_concat(count) FROM
    array_bins('[9223372036854775807,9223372036854775806,9223372036854775805,9223372036854775806]', 2)), '1,3',
    'bins at the end of 64 bits');
SELECT eq((SELECT group_concat(count) FROM array_bins((SELECT array_agg(value) FROM (SELECT value
  FROM array_each(array_series(-9223372036854775808, 9223372036854775807, width)) UNION ALL SELECT value - 1
  FROM array_each(array_series(-9223372036854775808 + width, 9223372036854775807, width)))), n)),
    replace(hex(zeroblob(n - 1)), '00', '2,') || '3', 'bins: on both sides of ' || n || ' edges')
  FROM (SELECT value AS n, 3689348814741910323 / (value / 5) AS width FROM array_each('[5,15,85,255,1285,3205]'));
SELECT eq((SELECT group_concat(count) FROM array_bins((SELECT array_agg(value) FROM (SELECT value
  FROM array_each(array_series(-9223372036854775808, 9223372036854775807, width)) UNION ALL SELECT value + 1
  FROM array_each(array_series(-9223372036854775808 + width, 9223372036854775807, width)))), 7)), '2,2,2,2,2,2,3',
    'bins: on both sides of edges that are no integers') FROM (SELECT 2635249153387078802 AS width);
CREATE TABLE shapes(name, a);
INSERT INTO shapes VALUES ('bytes', array_random(500, -128, 127, 1)), ('shorts', array_random(3000, -3000, 30000, 2)),
    ('few', '[0,9,1]'), ('words', array_random(2000, -2000000000, 2000000000, 3)), ('small range', array_random(2000,
    7, 10, 4)), ('far away', array_add(array_random(100, 0, 40, 5), 9000000000000000000));
SELECT eq((SELECT array_agg(count) FROM array_bins(a, n)), (SELECT array_agg((SELECT count(*) FROM array_each(a)
  WHERE min((value - array_min(a)) * n / (array_max(a) - array_min(a)), n - 1) = bin)) FROM (SELECT value AS bin
  FROM array_each(array_series(0, n - 1)))), 'bins: ' || name || ' in ' || n) FROM shapes, (SELECT value AS n
  FROM array_each('[1,2,3,7,10,30]'));
SELECT eq((SELECT min(lo) || ' ' || max(hi) || ' ' || sum(count) || ' ' || count(*) FROM array_bins(a, 7)),
    (array_min(a) * 1.0) || ' ' || (array_max(a) * 1.0) || ' ' || array_length(a) || ' 7', 'bins: all of ' || name)
  FROM shapes;
SELECT ok((SELECT count(*) FROM (SELECT lo, lag(hi) OVER (ORDER BY rowid) AS before FROM array_bins(a, 30))
  WHERE lo <> before) = 0, 'bins meet: ' || name) FROM shapes;
WITH wide(a) AS MATERIALIZED (SELECT array_random(3000, -9223372036854775807, 9223372036854775807, 9))
    SELECT ok((SELECT count(*) FROM array_bins(a, 40) AS b WHERE count <> (SELECT count(*) FROM array_each(a)
  WHERE value >= lo AND (value < hi OR b.rowid = 40))) = 0, 'bins of wide numbers agree with their edges') FROM wide;
SELECT eq(rows('SELECT count, bar FROM array_bins(''[0,0,0,0,0,0,0,0,1,3,3,3,3]'', 4)'),
    '8|████████████████████████████████████████
1|█████
0|
4|████████████████████', 'bars');
SELECT eq(length(bar), 40, 'the longest bar') FROM array_bins('[1,1,2]', 2) LIMIT 1;
SELECT eq((SELECT bar FROM array_bins(array_of(0, 1, 1, 1, 1, 1, 1, 1), 2)), '█████▊', 'a bar in eighths');
SELECT eq((SELECT bar FROM array_bins(array_where(array_series(1, 100000), array_eq(array_series(1, 100000), 1), 0),
    2) ORDER BY lo DESC), '▏', 'one element can be seen');
SELECT eq(_array || _n, '[1,2]2', 'bins: arguments as hidden columns') FROM array_bins('[1,2]', 2) LIMIT 1;
SELECT eq((SELECT sum(count) FROM array_bins('[1,2,3]', 100000)), 3, 'more bins than numbers');
SELECT throws('SELECT * FROM array_bins(''[1,2]'', ' || column1 || ')',
    'array_bins: result of * bytes is over the limit of', column1 || ' bins') FROM (VALUES ('1000000000'), ('1e15'),
    ('9223372036854775807'));
SELECT eq(array_limit('result_bytes', 80), 80, 'a limit of 80 bytes');
SELECT eq((SELECT count(*) FROM array_bins('[1,2]', 10)), 10, 'is enough for 10 bins');
SELECT throws('SELECT * FROM array_bins(''[1,2]'', 11)', 'array_bins: result of 88 bytes is over the limit of 80',
    'and no more');
SELECT
    throws('SELECT value FROM array_chunks(''[300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,' ||
    '300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300,300]'', 37)',
    'array_chunks: result of 82 bytes is over the limit of 80', 'a chunk that is too large');
SELECT ok(array_limit('result_bytes', 2147483647) > 80, 'no limit');

-- array_functions and array_memory
SELECT ok(count(*) > 50 AND count(DISTINCT name) = count(*), 'every function once') FROM array_functions;
SELECT ok(count(*) = 0, 'nothing is missing') FROM array_functions
  WHERE name IS NULL OR signature IS NULL OR summary IS NULL OR example IS NULL OR result IS NULL OR family IS NULL OR
    kind <> 'virtual table' AND signature NOT LIKE name || '%';
SELECT eq((SELECT group_concat(kind) FROM (SELECT DISTINCT kind FROM array_functions ORDER BY kind)),
    'aggregate,scalar,table,virtual table', 'kinds');
SELECT eq((SELECT group_concat(name) FROM pragma_table_xinfo('array_functions')),
    'name,kind,signature,summary,example,result,family', 'columns');
SELECT eq((SELECT count(*) FROM (SELECT family <> lag(family) OVER (ORDER BY rowid) AS changes FROM array_functions)
  WHERE changes) + 1, (SELECT count(DISTINCT family) FROM array_functions), 'families are together');
SELECT eq(kind || family, 'tableTable-valued functions', 'array_each is in it') FROM array_functions
  WHERE name = 'array_each';
SELECT eq((SELECT count(*) FROM array_memory WHERE name IN ('live_bytes', 'peak_bytes', 'pooled_bytes', 'takes',
    'hits', 'misses', 'trims', 'copied_bytes', 'pool_limit', 'result_limit', 'sqlite_used',
    'sqlite_peak') AND typeof(value) = 'integer' AND typeof(unit) = 'text' AND typeof(meaning) = 'text'), 12,
    'quantities');
SELECT eq(value, array_limit('pool_bytes'), 'pool_limit') FROM array_memory WHERE name = 'pool_limit';
SELECT ok((SELECT value FROM array_memory WHERE name = 'sqlite_peak') >= value AND value > 0, 'SQLite''s own')
  FROM array_memory WHERE name = 'sqlite_used';
SELECT throws('CREATE VIEW m AS SELECT * FROM array_memory; SELECT * FROM m',
    'unsafe use of virtual table "array_memory"', 'array_memory is not for views');
CREATE VIEW pure AS SELECT a.value FROM array_each('[1]') AS a, array_zip('[1]', '[1]'), array_counts('[1]'),
    array_runs('[1]'), array_windows('[1]', 1), array_chunks('[1]', 1), array_bins('[1]', 1), array_explain('a + 1', '[1]'), (SELECT *
  FROM array_functions LIMIT 1);
PRAGMA trusted_schema = off;
SELECT eq((SELECT value FROM pure), 1, 'the others are, also where schemas are not trusted');
PRAGMA trusted_schema = on;

-- Memory
SELECT eq(value, 0, 'nothing is held') FROM array_memory WHERE name = 'live_bytes';
SELECT eq((SELECT count(*) FROM array_windows('[1,2,3]', 2) WHERE _step > 0), 0,
    'an argument that is not given is NULL'), eq((SELECT count(*) FROM array_windows('[1,2,3]', 2)
    WHERE _step IS NULL), 2, 'likewise'),
       eq((SELECT count(*) FROM array_windows('[1,2,3]', 2, 1) WHERE _step > 0), 2,
       'one that is, and is compared, too');
SELECT done();
