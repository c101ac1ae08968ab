-- Access: one element, slices, ends.
SELECT plan(220);
CREATE TEMP TABLE list(a);
INSERT INTO list VALUES ('[]'), ('[5]'), ('[5,6,7]'), (array_series(1, 10)), (array_random(2000, -100000, 100000, 1)),
    (array_random(9000, -9000000000, 9000000000, 1));
SELECT eq(array_length(a), (SELECT count(*) FROM array_each(a)), 'length') FROM list;
SELECT eq(array_get(a, i.value), (SELECT value FROM array_each(a) WHERE idx = i.value OR idx
    = array_length(a) + 1 + i.value AND i.value < 0), 'element ' || i.value || ' of ' || array_length(a))
  FROM list, array_each('[1,2,3,4,1999,9000,9001,0,-1,-2,-3,-4,-2000,-2001,9223372036854775807,' ||
      '-9223372036854775808]') AS i;
SELECT eq(array_get('[5]', 2, 9) || array_get('[5]', 1, 9) || array_get('[5]', 0, -1), '95-1', 'with a default');
SELECT eq(array_get('[5]', 2.0), NULL, 'a whole REAL is an index');
SELECT eq(array_first(a), array_get(a, 1), 'first'), eq(array_last(a), array_get(a, -1), 'last') FROM list;
-- Slices: the model walks
CREATE TEMP TABLE cut AS
  SELECT s.value AS start, e.value AS stop, t.value AS step, n.value AS n
  FROM array_each('[-9,-4,-3,-1,0,1,2,3,4,5,9]') AS s, array_each('[-9,-4,-1,0,1,3,4,9]') AS e,
      array_each('[1,2,3,-1,-2,-7]') AS t, array_each('[0,1,4]') AS n;
WITH clamped AS (
  SELECT *, iif(start < 0, max(n + 1 + start, 0), min(start, n + 1)) AS s1,
      iif(stop < 0, max(n + 1 + stop, 0), min(stop, n + 1)) AS e1 FROM cut),
bounds AS (SELECT *, iif(step > 0, max(s1, 1), min(s1, n)) AS s2, iif(step > 0, min(e1, n), max(e1, 1)) AS e2
    FROM clamped)
SELECT ok(count(*) = sum(array_slice(array_mul(array_series(1, n), 10), start, stop, step) =
    (SELECT array_agg(10 * value) FROM (SELECT value FROM array_each(array_series(s2, e2, step))))),
    'slices with steps, ' || count(*)) FROM bounds;
SELECT eq(array_slice(a, 1, -1), array_add(a, 0), 'all of it'),
    eq(array_slice(a, 2), array_slice(a, 2, -1), 'stop is the end'),
       eq(array_slice(array_slice(a, -1, 1, -1), -1, 1, -1), array_add(a, 0), 'reversed twice') FROM list;
SELECT eq(array_slice('[1,2,3]', 5, 10), array_of(), 'behind the end');
SELECT eq(array_slice('[1,2,3]', 10, 1, -9223372036854775808), array_of(3), 'the largest step back');
SELECT eq(array_slice(array_of(1, 70000, 2), 1, 3, 2), array_of(1, 2), 'narrower where it can be');
SELECT eq(array_head(a, n.value), array_slice(a, 1, n.value), 'head ' || n.value),
    eq(array_tail(a, n.value), iif(n.value = 0, array_of(), array_slice(a, -n.value)), 'tail ' || n.value)
  FROM list, array_each('[0,1,2,1500,20000,9223372036854775807]') AS n;
SELECT throws('SELECT ' || column1, column2, column1) FROM (VALUES
  ('array_slice(''[1]'', 1, 1, 0)', 'array_slice: argument 4, the step, must not be 0'),
      ('array_slice(''[1]'', ''x'')', 'array_slice: argument 2 is not an integer (TEXT given: CAST it to INTEGER)'),
  ('array_head(''[1]'', -1)', 'array_head: argument 2, the number of elements, must be at least 0 (-1 given)'),
      ('array_tail(''[1]'', -1)', 'array_tail: argument 2'),
  ('array_get(''[1]'', 1, ''x'')', 'array_get: argument 3 is not an integer (TEXT given: CAST it to INTEGER)'),
      ('array_get(5, 1)', 'array_get: argument 1 is not an array (INTEGER given)'),
  ('array_get(''[1]'', 1.5)', 'array_get: argument 2 is not an integer (1.5 given)'),
      ('array_length(1.5)', 'array_length: argument 1 is not an array (REAL given)'),
  ('array_get(''[1]'')', 'wrong number of arguments'));
SELECT eq(array_get(NULL, 1) IS NULL AND array_get('[1]', NULL) IS NULL AND array_get('[1]', 1, NULL) IS NULL
    AND array_slice('[1]', NULL) IS NULL AND array_head(NULL, 1) IS NULL AND array_length(NULL) IS NULL, 1,
    'NULL gives NULL');
SELECT done();
