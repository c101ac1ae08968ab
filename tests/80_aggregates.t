-- Aggregates without a window: against models in SQL over the rows' elements, and their errors.
SELECT plan(118);

CREATE TABLE aggregates(name);
INSERT INTO aggregates VALUES ('array_sum_agg'), ('array_min_agg'), ('array_max_agg'), ('array_union_agg'),
    ('array_intersect_agg'), ('array_concat_agg');

-- Over no rows, and over rows of NULL
SELECT eq(rows('SELECT ' || name || '(a), array_valid(' || name || '(a)) FROM (SELECT ''[1]'' AS a) WHERE 0'), '[]|1',
          name || ' of no rows'),
       eq(rows('WITH t(a) AS (VALUES (NULL), (NULL)) SELECT ' || name || '(a) FROM t'), '[]', name || ' of NULL'),
       eq(rows('WITH t(a) AS (VALUES (NULL), (''[5,1,5]''), (NULL)) SELECT ' || name || '(a) FROM t'),
          CASE WHEN name LIKE '%union%' OR name LIKE '%intersect%' THEN '[1,5]' ELSE '[5,1,5]' END,
          name || ' of one array among NULL'),
       eq(rows('WITH t(a) AS (VALUES (''[]''), (''[]'')) SELECT ' || name || '(a) FROM t'), '[]',
          name || ' of empty arrays'),
       eq(rows('SELECT g, ' || name || '(a) FROM (SELECT 1 AS g, ''[1]'' AS a) WHERE 0 GROUP BY g'), '',
          name || ' of no groups')
  FROM aggregates;
SELECT eq(rows('SELECT array_agg(v), array_unique_agg(v) FROM (SELECT 1 AS v) WHERE 0'), '[]|[]', 'values of no rows');
SELECT eq(rows('WITH t(v) AS (VALUES (NULL), (3), (NULL), (1), (3.0)) SELECT array_agg(v), array_unique_agg(v) FROM t'),
          '[3,1,3]|[1,3]', 'values: NULL is skipped, a whole REAL is an integer');

-- Rows that are no arrays
SELECT throws('SELECT ' || name || '(7)', name || ': argument 1 is not an array (INTEGER given)', name
    || ' of an integer'),
       throws('SELECT ' || name || '(7.5)', name || ': argument 1 is not an array (REAL given)', name || ' of a REAL'),
       throws('WITH t(a) AS (VALUES (''[1]''), (''oops'')) SELECT ' || name || '(a) FROM t',
              name || ': argument 1 is not an array (expected*', name || ' of text'),
       throws('WITH t(a) AS (VALUES (''[1]''), (x''00'')) SELECT ' || name || '(a) FROM t',
              name || ': argument 1 is not an array (BLOB of 1 bytes*', name || ' of a blob'),
       throws('WITH t(a) AS (VALUES (''[1]''), (x''A14107010100000001'')) SELECT ' || name || '(a) FROM t',
              name || ': argument 1: unsupported array codec 7', name || ' of another codec'),
       throws('SELECT ' || name || '(a, a) FROM (SELECT ''[1]'' AS a)', 'wrong number of arguments', name || ' of two')
  FROM aggregates;
SELECT throws('SELECT ' || name || '(''7'')', name
    || ': argument 1 is not an integer (TEXT given: CAST it to INTEGER)', name || ' of text'),
       throws('SELECT ' || name || '(x''07'')', name || ': argument 1 is not an integer (BLOB given)', name
       || ' of a blob'),
       throws('SELECT ' || name || '(0.5)', name || ': argument 1 is not an integer (0.5 given)', name || ' of a REAL')
  FROM (SELECT 'array_agg' AS name UNION ALL SELECT 'array_unique_agg');

-- Lengths
SELECT throws('WITH t(a) AS (VALUES (''[1,2,3]''), (''[1,2,3]''), (''[1,2,3,4]'')) SELECT ' || name || '(a) FROM t',
              name || ': length mismatch: 3 and 4', name || ': lengths'),
       throws('WITH t(a) AS (VALUES (array_fill(100000, 1)), (''[]'')) SELECT ' || name || '(a) FROM t',
              name || ': length mismatch: 100000 and 0', name || ': lengths, the second empty')
  FROM aggregates WHERE name IN ('array_sum_agg', 'array_min_agg', 'array_max_agg');
SELECT eq(value, 0, 'nothing is left of what failed') FROM array_memory WHERE name = 'live_bytes';

-- Text is another one in each row, blobs may be wider than they need
SELECT eq(rows('WITH t(a) AS (VALUES (''[1,20]''), (''{2,10}''), ' ||
    '(x''A141000802000000FFFFFFFFFFFFFFFF0300000000000000''),'
            || '(array_of(1000, 70000))) SELECT array_sum_agg(a), array_min_agg(a), array_max_agg(a), ' ||
            'array_union_agg(a),'
            || ' array_concat_agg(a), array_intersect_agg(a) FROM t'),
          '[1002,70033]|[-1,3]|[1000,70000]|[-1,1,2,3,10,20,1000,70000]|[1,20,2,10,-1,3,1000,70000]|[]',
          'text, other text, a wide blob, widths');
SELECT eq(hex(array_max_agg(a)), 'A14100010200000002FF', 'the result is canonical')
  FROM (SELECT array_of(1, -1) AS a UNION ALL SELECT array_of(2, -70000));
SELECT eq(hex(array_sum_agg(a)), 'A141000102000000FE05', 'the sum is canonical')
  FROM (SELECT array_of(70000, 2) AS a UNION ALL SELECT array_of(-70002, 3));

-- Sums are exact, whatever comes between
SELECT eq(array_sum_agg(a), array_parse('[9223372036854775806,-9223372036854775808]'), 'sums past 64 bits come back')
  FROM (SELECT '[9223372036854775807,-9223372036854775808]' AS a UNION ALL
      SELECT '[9223372036854775807,-9223372036854775808]'
        UNION ALL SELECT '[9223372036854775807,-9223372036854775806]' UNION ALL
        SELECT '[-9223372036854775807,9223372036854775807]'
        UNION ALL SELECT '[-9223372036854775808,9223372036854775807]');
SELECT throws('WITH t(a) AS (VALUES (''[1,9223372036854775807]''), (''[1,1]'')) SELECT array_sum_agg(a) FROM t',
              'array_sum_agg: integer overflow at element 2', 'a sum over 64 bits'),
       throws('WITH t(a) AS (VALUES (''[-9223372036854775808,1]''), (''[-1,1]'')) SELECT array_sum_agg(a) FROM t',
              'array_sum_agg: integer overflow at element 1', 'a sum under 64 bits'),
       throws('SELECT array_sum_agg(array_concat(array_fill(5000, 0), array_of(9223372036854775807))) FROM ' ||
       'array_each(''[1,2]'')',
              'array_sum_agg: integer overflow at element 5001', 'an overflow far behind');
SELECT eq(array_sum_agg(array_fill(3, 9223372036854775807 * (1 - 2 * (value % 2)))), array_fill(3, 0),
          'a thousand extremes that cancel') FROM array_each(array_series(1, 1000));
SELECT eq(rows('WITH t(a) AS (VALUES (''[-9223372036854775808,5,9223372036854775807]''), (''[0,-9223372036854775808,' ||
    '-5]''))'
            || ' SELECT array_min_agg(a), array_max_agg(a), array_union_agg(a) FROM t'),
          '[-9223372036854775808,-9223372036854775808,-5]|[0,5,9223372036854775807]|'
       || '[-9223372036854775808,-5,0,5,9223372036854775807]', 'extremes of 64 bits');

-- Random rows against models, of many lengths and widths, in groups
CREATE TABLE t(id INTEGER PRIMARY KEY, g, a);
INSERT INTO t SELECT row_number() OVER (), n.value * 10 + w.value, array_random(n.value,
         -(1 << (w.value * 8 - 5)) + r.value % 3, (1 << (w.value * 8 - 5)), n.value * 100 + r.value * 10 + w.value)
  FROM array_each('[0,1,2,7,8,9,31,32,33,1023,1024,1025,2049,9000]') n, array_each('[1,2,4,7]') w,
       array_each('[1,2,3,4,5]') r WHERE thorough() OR n.value < 9000 OR w.value IN (1, 7);
INSERT INTO t SELECT 100000 + value, value % 7, NULL FROM array_each(array_series(1, 20));
CREATE TABLE e AS SELECT t.id, t.g, i.idx, i.value FROM t, array_each(t.a) i;
CREATE INDEX e_g ON e(g, idx);

SELECT ok(NOT EXISTS (SELECT g, array_to_json(array_sum_agg(a)), array_to_json(array_min_agg(a)),
                             array_to_json(array_max_agg(a)) FROM t WHERE a IS NOT NULL AND g >= 10 GROUP BY g
           EXCEPT SELECT g, json_group_array(s), json_group_array(l), json_group_array(h)
                    FROM (SELECT g, idx, sum(value) s, min(value) l, max(value) h FROM e GROUP BY g, idx) GROUP BY g),
          'sum, min, max are those of the elements');
SELECT ok(NOT EXISTS (SELECT g, array_to_json(array_union_agg(a)) FROM t WHERE g >= 10 GROUP BY g
           EXCEPT SELECT g, json_group_array(value) FROM (SELECT DISTINCT g, value FROM e ORDER BY g, value)
           GROUP BY g),
          'the union is that of the elements');
SELECT ok(NOT EXISTS (SELECT g, array_to_json(array_concat_agg(a)) FROM (SELECT * FROM t ORDER BY id) WHERE g >= 10
    GROUP BY g
           EXCEPT SELECT g, json_group_array(value) FROM (SELECT g, value FROM e ORDER BY g, id, idx) GROUP BY g),
          'the rows one behind the other');
SELECT ok(NOT EXISTS (SELECT g, array_to_json(array_intersect_agg(a)) FROM t WHERE g >= 10 AND g % 10 = 1 GROUP BY g
           EXCEPT SELECT g, json_group_array(value) FROM (SELECT g, value FROM e GROUP BY g, value
                     HAVING count(DISTINCT id) = 5 ORDER BY g, value) GROUP BY g
           EXCEPT SELECT g, '[]' FROM t),
          'the intersection has what all rows have');
SELECT ok(sum(array_length(a)) > 50, 'which is not nothing')
    FROM (SELECT array_intersect_agg(a) a FROM t WHERE g % 10 = 1 GROUP BY g);
SELECT ok(NOT EXISTS (SELECT g, array_agg(value), array_unique_agg(value) FROM (SELECT * FROM e ORDER BY g, id, idx)
    GROUP BY g
           EXCEPT SELECT g, array_concat_agg(a), array_union_agg(a) FROM (SELECT * FROM t ORDER BY id) GROUP BY g),
          'array_agg and array_unique_agg of the elements: array_concat_agg and array_union_agg of the rows');

-- All at once in one statement
SELECT eq(rows('SELECT array_length(array_concat_agg(a)), array_length(array_sum_agg(a)), ' ||
    'array_length(array_min_agg(a)),
                       array_length(array_max_agg(a)) FROM t WHERE g = 90001'), '45000|9000|9000|9000',
                       'several at once');
SELECT eq(array_sum_agg(DISTINCT a), array_of(3, 3), 'DISTINCT')
    FROM (SELECT array_of(1, 2) a UNION ALL SELECT array_of(1, 2)
          UNION ALL SELECT array_of(2, 1));
SELECT eq(array_sum_agg(a) FILTER (WHERE i > 1), array_of(5), 'FILTER')
  FROM (SELECT 1 i, array_of(1) a UNION ALL SELECT 2, array_of(2) UNION ALL SELECT 3, array_of(3));

-- Sets: many that are alike, many that differ, rows sorted, with duplicates, over 64 Ki elements
SELECT eq(array_union_agg(array_of(value % 1000, -value % 1000)), array_series(-999, 999),
    '1e5 small sets, few elements')
  FROM array_each(array_series(1, 100000));
SELECT eq(array_union_agg(array_of(value * 3, value * 3 + 1, value * 3 + 2, 5)), array_series(3, 60002),
    '2e4 small sets that differ')
  FROM array_each(array_series(1, 20000));
SELECT eq(array_unique_agg(value * 7919 % 100003), array_series(0, 100002), 'array_unique_agg, 2e5 rows')
  FROM array_each(array_series(1, 200006));
CREATE TABLE large AS SELECT 1 AS g, array_random(150000, -100000, 100000, value) AS a FROM array_each('[1,2,3]')
    UNION ALL SELECT 2, array_random(70000, -9223372036854775807, 9223372036854775807, value)
    FROM array_each('[1,2,3]');
SELECT eq(array_union_agg(a), (SELECT array_agg(value) FROM (SELECT DISTINCT value FROM large l, array_each(l.a)
                               WHERE l.g = large.g ORDER BY value)), 'large sets')
  FROM large GROUP BY g;
SELECT eq(array_intersect_agg(a), array_series(3, 90000, 6), 'large intersections')
  FROM (SELECT array_series(3, 90000, 3) a UNION ALL SELECT array_reverse(array_series(3, 100000, 2)) UNION ALL
        SELECT array_concat(array_series(-5, 90000), array_series(1, 10)));

-- Extremes over many rows: those in order keep their rows for a while, the others do not
SELECT eq(array_min_agg(array_of(value, -value, value % 7, 5)), array_of(1, -30000, 0, 5), 'min over sorted rows'),
       eq(array_max_agg(array_of(value, -value, value % 7, 5)), array_of(30000, -1, 6, 5), 'max over sorted rows')
  FROM array_each(array_series(1, 30000));
SELECT eq(array_min_agg(array_fill(10000, value)), array_fill(10000, -5), 'long rows')
  FROM array_each('[3,70000,-5,8000000000,2,-4,1]');

-- Limits: array_concat_agg and array_agg stop, extremes over a whole table do not need what they keep
SELECT ok(array_limit('result_bytes', 100000) = 100000, 'a small limit');
SELECT throws('SELECT array_concat_agg(array_fill(20000, 1)) FROM array_each(array_series(1, 6))',
              'array_concat_agg: result of * bytes is over the limit of 100000', 'concat'),
       throws('SELECT array_agg(a.value) FROM array_each(array_series(1, 10000)) a, array_each(array_series(1, 20))',
              'array_agg: result of * bytes is over the limit of 100000', 'agg'),
       throws('SELECT array_union_agg(array_series(value * 10000, value * 10000 + 10000)) FROM ' ||
       'array_each(array_series(1, 6))',
              'array_union_agg: result of * bytes is over the limit of 100000', 'union'),
       throws('SELECT array_sum_agg(array_fill(20000, 3000000000000000000)) FROM array_each(''[1,2]'')',
              'over the limit of 100000', 'sum');
SELECT eq(array_min_agg(array_add(array_fill(1000, 0), value)), array_fill(1000, 1), 'min past the limit'),
       eq(array_max_agg(array_add(array_fill(1000, 0), value)), array_fill(1000, 1000), 'max past the limit')
  FROM array_each(array_series(1, 1000));
SELECT throws('SELECT array_length(array_min_agg(array_add(array_fill(1000, 0), value)) OVER (ROWS 500 PRECEDING))
                 FROM array_each(array_series(1, 1000))',
              'array_min_agg: result of * bytes is over the limit of 100000',
              'a frame over the limit cannot lose rows');
SELECT ok(array_limit('result_bytes', 2147483647) > 0, 'the limit as it was');
SELECT eq(value, 0, 'nothing is held at the end') FROM array_memory WHERE name = 'live_bytes';
SELECT done();
