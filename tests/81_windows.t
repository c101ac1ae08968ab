-- Aggregates as window functions: every kind of frame against a model that looks up the frame's rows.
SELECT plan(iif(thorough(), 711, 135));

CREATE TABLE t(id INTEGER PRIMARY KEY, g, k, v, a, b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
INSERT INTO t SELECT i, i % 3 = 0, i * 7 % 40 / 2, CASE WHEN i % 9 > 0 THEN array_get(array_random(1, -5, 5, i), 1) END,
       CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN array_random(3, -9, 9, i)
            WHEN 2 THEN array_to_json(array_random(3, -3, 3, i)) WHEN 3 THEN array_random(3, -40000, 40000, i)
            ELSE array_of(i % 4, -9223372036854775808, 9223372036854775807) END,
       -- sums of these fit, but sums of their sizes, coming and going, do not
       CASE WHEN i % 4 > 0 THEN array_random(3, -140000000000000000, 140000000000000000, i) END
  FROM n;
CREATE TABLE e AS SELECT t.id, i.idx, i.value FROM t, array_each(t.a) i;
CREATE INDEX e_id ON e(id, idx);
CREATE TABLE f AS SELECT t.id, i.idx, i.value FROM t, array_each(t.b) i;
CREATE INDEX f_id ON f(id, idx);

-- The elements' model, given the frame's ids that have an array, in their order, as JSON
CREATE TABLE frames(id, ids, bs, vs);
CREATE VIEW model AS SELECT id,
    (SELECT json_group_array(e.value) FROM json_each(ids) i, e WHERE e.id = i.value) AS concat,
    (SELECT json_group_array(value) FROM (SELECT DISTINCT e.value FROM json_each(ids) i, e WHERE e.id = i.value
    ORDER BY 1)) AS "union",
    (SELECT json_group_array(value) FROM (SELECT e.value FROM json_each(ids) i, e WHERE e.id = i.value
                                          GROUP BY e.value HAVING count(DISTINCT e.id) = json_array_length(ids)
                                          ORDER BY 1)) AS "intersect",
    (SELECT json_group_array(x) FROM (SELECT min(e.value) x FROM json_each(ids) i, e WHERE e.id = i.value
    GROUP BY e.idx)) AS min,
    (SELECT json_group_array(x) FROM (SELECT max(e.value) x FROM json_each(ids) i, e WHERE e.id = i.value
    GROUP BY e.idx)) AS max,
    (SELECT json_group_array(x) FROM (SELECT sum(f.value) x FROM json_each(bs) i, f WHERE f.id = i.value
    GROUP BY f.idx)) AS sum,
    vs AS agg,
    (SELECT json_group_array(value) FROM (SELECT DISTINCT value FROM json_each(vs) ORDER BY 1)) AS "unique"
  FROM frames;

CREATE TABLE ends(place, start, "end");
INSERT INTO ends VALUES (0, 'UNBOUNDED PRECEDING', NULL), (1, '2 PRECEDING', '2 PRECEDING'),
    (1, '4 PRECEDING', '1 PRECEDING'),
    (2, 'CURRENT ROW', 'CURRENT ROW'), (3, '1 FOLLOWING', '1 FOLLOWING'), (3, '3 FOLLOWING', '2 FOLLOWING'),
    (4, NULL, 'UNBOUNDED FOLLOWING');
CREATE TABLE kinds(kind);
INSERT INTO kinds VALUES ('ROWS'), ('RANGE'), ('GROUPS');
CREATE TABLE excludes(exclude);
INSERT INTO excludes VALUES (''), ('EXCLUDE NO OTHERS'), ('EXCLUDE CURRENT ROW'), ('EXCLUDE GROUP'), ('EXCLUDE TIES');
CREATE TABLE specs AS SELECT format('%s%s %s BETWEEN %s AND %s %s', partition, "order", kind, s.start, e."end",
    exclude) AS spec
    FROM (SELECT '' AS partition UNION ALL SELECT 'PARTITION BY g '),
    (SELECT 'ORDER BY k' AS "order" UNION ALL SELECT 'ORDER BY k DESC'),
         kinds, ends s, ends e, excludes
   WHERE s.place <= e.place AND s.start IS NOT NULL AND e."end" IS NOT NULL
     AND (exclude = '' OR (partition = '' AND "order" NOT LIKE '%DESC'));

SELECT eq(count(*), 672, 'kinds of frames') FROM specs;
DELETE FROM specs WHERE NOT thorough() AND rowid % 7 > 0;
SELECT rows('DELETE FROM frames') ||
       -- (two of json_group_array in one window answer wrongly in SQLite 3.38)
       rows(format('INSERT INTO frames SELECT id, ''[''||ifnull(group_concat(id) FILTER (WHERE a IS NOT NULL) OVER ' ||
       'w, '''')||'']'','
                || ' ''[''||ifnull(group_concat(id) FILTER (WHERE b IS NOT NULL) OVER w, '''')||'']'','
                || ' ''[''||ifnull(group_concat(v) FILTER (WHERE v IS NOT NULL) OVER w, '''')||'']'' FROM t WINDOW ' ||
                'w AS (%s)', spec)) ||
       eq(rows(format('SELECT count(*) FROM (SELECT id, array_to_json(array_concat_agg(a) OVER w),
                                                    array_to_json(array_union_agg(a) OVER w),
                                                    array_to_json(array_intersect_agg(a) OVER w),
                                                    array_to_json(array_min_agg(a) OVER w),
                                                    array_to_json(array_max_agg(a) OVER w),
                                                    array_to_json(array_sum_agg(b) OVER w),
                                                    array_to_json(array_agg(v) OVER w),
                                                    array_to_json(array_unique_agg(v) OVER w)
                                               FROM t WINDOW w AS (%s)
                       EXCEPT SELECT id, concat, "union", "intersect", min, max, sum, agg, "unique" FROM model)',
                       spec)), '0', spec)
  FROM specs;
SELECT eq(value, 0, 'nothing is held') FROM array_memory WHERE name = 'live_bytes';

-- Lengths may differ from frame to frame, though not inside one
CREATE TABLE lengths(id INTEGER PRIMARY KEY, k, a);
INSERT INTO lengths VALUES (1, 1, '[1,2]'), (2, 1, '[3,1]'), (3, 2, '[]'), (4, 3, '[5]'), (5, 3, '[6]'), (6, 4, NULL),
    (7, 5, '[2,2,3]'), (8, 5, '[1,1,9]');
SELECT eq(rows('SELECT array_sum_agg(a) OVER w, array_min_agg(a) OVER w, array_max_agg(a) OVER w FROM lengths
                WINDOW w AS (ORDER BY k ' || frame || ')'), expected, frame)
  FROM (SELECT 'RANGE BETWEEN CURRENT ROW AND CURRENT ROW' AS frame, '[4,3]|[1,1]|[3,2]
[4,3]|[1,1]|[3,2]
[]|[]|[]
[11]|[5]|[6]
[11]|[5]|[6]
[]|[]|[]
[3,3,12]|[1,1,3]|[2,2,9]
[3,3,12]|[1,1,3]|[2,2,9]' AS expected
  UNION ALL SELECT 'GROUPS BETWEEN 1 PRECEDING AND 1 PRECEDING', '[]|[]|[]
[]|[]|[]
[4,3]|[1,1]|[3,2]
[]|[]|[]
[]|[]|[]
[11]|[5]|[6]
[]|[]|[]
[]|[]|[]'
  UNION ALL SELECT 'RANGE BETWEEN 1 FOLLOWING AND 1 FOLLOWING', '[]|[]|[]
[]|[]|[]
[11]|[5]|[6]
[]|[]|[]
[]|[]|[]
[3,3,12]|[1,1,3]|[2,2,9]
[]|[]|[]
[]|[]|[]');
SELECT throws('SELECT ' || name || '(a) OVER (ORDER BY k ' || frame || ') FROM lengths', name
    || ': length mismatch: 2 and 0', name || ' ' || frame)
  FROM (SELECT 'array_sum_agg' AS name UNION ALL SELECT 'array_min_agg' UNION ALL SELECT 'array_max_agg'),
       (SELECT '' AS frame UNION ALL SELECT 'ROWS 1 PRECEDING' UNION ALL SELECT 'RANGE 1 PRECEDING'
        UNION ALL SELECT 'GROUPS BETWEEN CURRENT ROW AND 2 FOLLOWING');

-- Errors in the middle of a frame
SELECT throws('SELECT ' || name || '(a) OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING)
    FROM (SELECT 1 i, ''[1]'' a UNION ALL SELECT 2, ''[2]'' UNION ALL SELECT 3, 7 UNION ALL SELECT 4, ''[4]'')',
              name || ': argument 1 is not an array (INTEGER given)', name || ': an integer among the rows')
  FROM (SELECT 'array_sum_agg' AS name UNION ALL SELECT 'array_min_agg' UNION ALL SELECT 'array_max_agg' UNION ALL
        SELECT 'array_union_agg' UNION ALL SELECT 'array_intersect_agg' UNION ALL SELECT 'array_concat_agg');
SELECT throws('SELECT array_sum_agg(a) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (SELECT 1 i, ''[9223372036854775807]'' a
    UNION ALL SELECT 2, ''[-1]'' UNION ALL SELECT 3, ''[2]'' UNION ALL SELECT 4, ''[9223372036854775807]'')',
              'array_sum_agg: integer overflow at element 1', 'a frame that overflows');
SELECT eq(rows('SELECT array_sum_agg(a) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (SELECT 1 i, ''[9223372036854775807]'' a
                UNION ALL SELECT 2, ''[-9223372036854775808]'' UNION ALL SELECT 3, ''[7]'')'), '[9223372036854775807]
[-1]
[-9223372036854775801]', 'frames between which the sum is exact');
SELECT eq(rows('SELECT array_sum_agg(a) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (SELECT 1 i, ' ||
    '''[-9223372036854775808,-4611686018427387904]'' a
                UNION ALL SELECT 2, ''[5,-4611686018427387904]'' UNION ALL SELECT 3, ''[6,7]''
                UNION ALL SELECT 4, ''[-9223372036854775808,9223372036854775800]'' UNION ALL SELECT 5, ''[1,0]'')'),
          '[-9223372036854775808,-4611686018427387904]
[-9223372036854775803,-9223372036854775808]
[11,-4611686018427387897]
[-9223372036854775802,9223372036854775807]
[-9223372036854775807,9223372036854775800]', 'the smallest integer leaves the frame, though its opposite is none');

-- Many long rows: what is kept is walked over, moved, widened, dropped
CREATE TABLE long AS SELECT value AS id, CASE WHEN value % 11 > 0 THEN
        array_add(array_random(iif(thorough(), 300, 100), -100, 100, value), CASE WHEN value % 50 < 20 THEN value
        ELSE value * -1000 * (value > 200) END) END AS a
    FROM array_each(array_series(1, iif(thorough(), 400, 230)));
SELECT eq(rows(format('SELECT count(*) FROM (SELECT id, array_sum_agg(a) OVER w, array_min_agg(a) OVER w, ' ||
    'array_max_agg(a) OVER w,
    array_union_agg(a) OVER w, array_intersect_agg(a) OVER w FROM long WINDOW w AS (ORDER BY id ROWS BETWEEN %s)
    EXCEPT SELECT o.id, array_sum_agg(i.a), array_min_agg(i.a),
      array_max_agg(i.a), array_union_agg(i.a), array_intersect_agg(i.a)
                                FROM long o LEFT JOIN long i ON i.id BETWEEN o.id + %d AND o.id + %d GROUP BY o.id)',
                                frame, lo, hi)),
          '0', 'long rows, ' || frame)
  FROM (SELECT '1 PRECEDING AND CURRENT ROW' frame, -1 lo, 0 hi UNION ALL SELECT '150 PRECEDING AND 5 PRECEDING',
      -150, -5
        UNION ALL SELECT '3 FOLLOWING AND 97 FOLLOWING', 3, 97 UNION ALL SELECT '40 PRECEDING AND 2 FOLLOWING', -40, 2
        UNION ALL SELECT 'CURRENT ROW AND UNBOUNDED FOLLOWING', 0, 1000 UNION ALL
        SELECT 'UNBOUNDED PRECEDING AND CURRENT ROW', -1000, 0);
SELECT eq(rows('SELECT count(*) FROM (SELECT id, array_concat_agg(a) OVER (ORDER BY id ROWS BETWEEN 20 PRECEDING ' ||
    'AND 2 PRECEDING)
                  FROM long EXCEPT SELECT o.id, (SELECT array_concat_agg(a) FROM (SELECT a FROM long i
                     WHERE i.id BETWEEN o.id - 20 AND o.id - 2 ORDER BY i.id)) FROM long o)'), '0',
                     'long rows, concat');
SELECT eq(rows('SELECT count(*) FROM (SELECT value, array_unique_agg(value % 100) OVER (ORDER BY value ROWS BETWEEN ' ||
    '40 PRECEDING AND 7 PRECEDING) a
                  FROM array_each(array_series(1, 20000)) EXCEPT SELECT value, CASE WHEN value > 40 THEN
    (SELECT array_agg(x) FROM (SELECT i.value % 100 x
      FROM array_each(array_series(e.value - 40, e.value - 7)) i ORDER BY 1))
                    ELSE array_series(1, value - 7) END FROM array_each(array_series(1, 20000)) e)'), '0',
                    'many rows, unique');

-- A frame of more bytes than a result may have, though each value is small
CREATE TEMP TABLE before AS SELECT array_limit('result_bytes') AS v;
SELECT eq(array_limit('result_bytes', 1000), 1000, 'a limit');
SELECT eq(rows('SELECT count(*) FROM (SELECT value, array_min_agg(a) OVER w, array_max_agg(a) OVER w
    FROM (SELECT value, array_random(10, -9000000000, 9000000000, value) a FROM array_each(array_series(1, 200)))
                  WINDOW w AS (ORDER BY value ROWS 20 PRECEDING)
                  EXCEPT SELECT o.value, array_min_agg(a), array_max_agg(a) FROM array_each(array_series(1, 200)) o
    JOIN (SELECT value, array_random(10, -9000000000, 9000000000, value) a FROM array_each(array_series(1, 200))) i
                      ON i.value BETWEEN o.value - 20 AND o.value GROUP BY o.value)'), '0', 'a frame of 1680 bytes');
SELECT throws('SELECT array_min_agg(array_fill(10, value * 9000000000)) OVER (ROWS 20 PRECEDING) FROM ' ||
    'array_each(array_series(1, 200))',
              'array_min_agg: *over the limit*', 'ascending rows, all of which may become the smallest');
SELECT ok(array_limit('result_bytes', v) = v, 'no limit') FROM before;
SELECT eq(value, 0, 'nothing is held at the end') FROM array_memory WHERE name = 'live_bytes';
SELECT done();
