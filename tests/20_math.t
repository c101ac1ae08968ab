-- Elementwise functions: against SQLite's own arithmetic on the elements, row by row, and at the edges.
SELECT plan(iif(thorough(), 205, 204));

-- The model: pairs of arrays of many lengths, and of every width, with the expression of each function
CREATE TEMP TABLE pair AS
  WITH length(n) AS (VALUES (0), (1), (2), (7), (8), (9), (31), (32), (33), (100), (1023), (1024), (1025), (2049),
      (9000)),
       reach(m) AS (VALUES (5), (100), (30000), (2000000000), (4000000000000000000))
  SELECT row_number() OVER () AS id, n, m, array_random(n, -m, m, n + m) AS a,
         array_random(n, -m / 3, m / 3, n + m + 1) AS b,
         array_random(n, 0, 70, n + m + 2) AS small
  FROM length, reach WHERE thorough() OR n < 9000 OR m IN (100, 4000000000000000000);
UPDATE pair SET b = array_random(n, -3, 3, n) WHERE id % 3 = 0;          -- mixed widths
CREATE TEMP TABLE item AS
  SELECT id, e.idx, e.value AS x, array_get(b, e.idx) AS y, array_get(small, e.idx) AS s
  FROM pair, array_each(a) AS e;
CREATE INDEX item_by_pair ON item(id, idx);

CREATE TEMP TABLE model(call, expression);
INSERT INTO model VALUES
  ('array_add(a, b)', 'x + y'), ('array_add(a, 17)', 'x + 17'), ('array_add(-300, a)', '-300 + x'),
  ('array_sub(a, b)', 'x - y'), ('array_sub(a, 1)', 'x - 1'), ('array_sub(1, a)', '1 - x'),
  ('array_least(a, b)', 'min(x, y)'), ('array_least(a, 3)', 'min(x, 3)'), ('array_least(3, a)', 'min(x, 3)'),
  ('array_greatest(a, b)', 'max(x, y)'), ('array_greatest(a, -3000)', 'max(x, -3000)'),
  ('array_neg(a)', '-x'), ('array_abs(a)', 'abs(x)'), ('array_sign(a)', 'sign(x)'),
  ('array_bit_and(a, b)', 'x & y'), ('array_bit_and(a, 255)', 'x & 255'),
  ('array_bit_or(a, b)', 'x | y'), ('array_bit_or(4096, a)', 'x | 4096'),
  ('array_bit_xor(a, b)', '(x | y) - (x & y)'), ('array_bit_xor(a, -1)', '~x'), ('array_bit_not(a)', '~x'),
  ('array_shl(a, small)', 'x << s'), ('array_shl(a, 3)', 'x << 3'), ('array_shl(a, -2)', 'x << -2'),
      ('array_shl(1, small)', '1 << s'),
  ('array_shr(a, small)', 'x >> s'), ('array_shr(a, 64)', 'x >> 64'), ('array_shr(a, -5)', 'x >> -5'),
      ('array_shr(-1, small)', '-1 >> s'),
  ('array_div(a, array_add(small, 1))', 'x / (s + 1)'), ('array_div(a, -7)', 'x / -7'),
      ('array_div(1000, array_add(small, 1))', '1000 / (s + 1)'),
  ('array_mod(a, array_add(small, 1))', 'x % (s + 1)'), ('array_mod(a, -7)', 'x % -7'),
  ('array_floor_div(a, 7)', 'x / 7 - (x % 7 < 0)'), ('array_floor_div(a, array_sub(-1, small))',
      'x / (-1 - s) - (x % (-1 - s) > 0)'),
  ('array_floor_mod(a, 7)', '(x % 7 + 7) % 7'), ('array_floor_mod(a, -7)', '(x % 7 - 7) % 7'),
  ('array_clip(a, -50, 70)', 'max(-50, min(70, x))'), ('array_clip(a, 1000, 1000000)', 'max(1000, min(1000000, x))'),
  ('array_clip(a, 0, 9223372036854775807)', 'max(0, x)'), ('array_clip(a, -9223372036854775808, -1)', 'min(-1, x)'),
  ('array_popcount(array_bit_and(a, 7))', '(x & 1) + (x >> 1 & 1) + (x >> 2 & 1)'),
  ('array_eq(a, b)', 'x = y'), ('array_ne(a, b)', 'x <> y'), ('array_lt(a, b)', 'x < y'), ('array_le(a, b)', 'x <= y'),
  ('array_gt(a, b)', 'x > y'), ('array_ge(a, b)', 'x >= y'), ('array_eq(a, 1)', 'x = 1'),
      ('array_lt(a, 100000)', 'x < 100000'),
  ('array_lt(0, a)', '0 < x'), ('array_ge(7, a)', '7 >= x'), ('array_gt(a, -1)', 'x > -1'),
  ('array_between(a, -40, 40)', 'x BETWEEN -40 AND 40'), ('array_between(a, -9000000000, 9)',
      'x BETWEEN -9000000000 AND 9'),
  ('array_between(a, 5, 4)', '0'), ('array_not(a)', 'NOT x'),
  ('array_isin(a, b)', 'x IN (SELECT y FROM item AS o WHERE o.id = item.id)'),
  ('array_isin(a, ''[0,1,2]'')', 'x IN (0, 1, 2)'), ('array_isin(a, ''[]'')', '0'),
  ('array_isin(a, ''[9,8,7,6,5,4,3,2,1,0,-1,100000]'')', 'x BETWEEN -1 AND 9 OR x = 100000'),
  ('array_where(array_gt(a, 0), a, b)', 'iif(x > 0, x, y)'), ('array_where(b, 1000, a)', 'iif(y, 1000, x)'),
  ('array_where(a, 2, -70000)', 'iif(x, 2, -70000)');
SELECT ok((SELECT count(*) FROM pair) = iif(thorough(), 75, 72), 'there are pairs');
SELECT eq(rows('SELECT id, ' || call || ' FROM pair ORDER BY id'),
          rows('SELECT id, (SELECT array_agg(' || expression
          || ') FROM (SELECT * FROM item WHERE item.id = pair.id ORDER BY idx) AS item)'
               || ' FROM pair ORDER BY id'), call) FROM model WHERE call NOT LIKE 'array_isin(a, b)';
SELECT eq(rows('SELECT id, ' || call || ' FROM pair WHERE n < 1000 ORDER BY id'),
          rows('SELECT id, (SELECT array_agg(' || expression
          || ') FROM (SELECT * FROM item WHERE item.id = pair.id ORDER BY idx) AS item)'
               || ' FROM pair WHERE n < 1000 ORDER BY id'), call) FROM model WHERE call LIKE 'array_isin(a, b)';

-- Products and powers, where SQLite's own would become REAL
SELECT eq(rows('SELECT array_mul(a, b) FROM pair WHERE m <= 30000 OR id % 3 = 0 AND m < 4000000000000 ORDER BY id'),
          rows('SELECT (SELECT array_agg(x * y) FROM (SELECT * FROM item WHERE item.id = pair.id ORDER BY idx)) ' ||
          'FROM pair WHERE m <= 30000 OR id % 3 = 0 AND m < 4000000000000 ORDER BY id'), 'array_mul');
SELECT eq(array_mul(array_fill(n, v), w), array_fill(n, v * w), 'array_mul ' || v || ' * ' || w || ', ' || n)
  FROM (VALUES (3), (1500)), (SELECT column1 AS n FROM (VALUES (5), (1500))),
       (SELECT column1 AS v, column2 AS w FROM (VALUES (-128, -1), (127, 2), (-32768, -1), (46341, 46341),
       (-2147483648, -1),
        (4611686018427387903, 2), (-4611686018427387904, 2), (9223372036854775807, 1), (9223372036854775807, -1),
        (-9223372036854775808, 1), (9223372036854775807, 0), (3037000499, 3037000499), (-1, 9223372036854775807)));
SELECT eq(array_pow('[2,-2,10,0,1,-1]', '[62,63,18,0,1000,1001]'),
  array_of(4611686018427387904, -9223372036854775808, 1000000000000000000, 1, 1, -1), 'array_pow');
SELECT eq(array_pow('[0,1,2,3,-3]', 3), array_parse('[0,1,8,27,-27]'), 'array_pow by an integer');
SELECT eq(array_popcount(array_of(0, -1, 1, 9223372036854775807, -9223372036854775808, -2)),
    array_of(0, 64, 1, 63, 1, 63), 'array_popcount of 64 bits');
SELECT eq(array_popcount('[-1,-128,127]'), array_of(64, 57, 7), 'array_popcount of one byte is of the 64-bit value');

-- Overflow never wraps: it widens, and at 64 bits it names the first element
SELECT eq(array_width(array_add(array_of(x), x)), w, 'widens to ' || w)
  FROM (SELECT column1 AS x, column2 AS w FROM (VALUES (63, 1), (64, 2), (16384, 4), (1073741824, 8)));
SELECT eq(array_width(array_sub(array_fill(5000, 9000000000), array_fill(5000, 9000000000))), 1, 'narrows to 1');
SELECT eq(array_sum(array_add(array_where(array_eq(array_series(1, 5000), 4321), 127, 0), 1)), 5127,
    'widens in the middle');
SELECT eq(array_sum(array_mul(array_where(array_eq(array_series(1, 50000), 43210), 2147483647, 30000), 70000)),
  49999 * 30000 * 70000 + 2147483647 * 70000, 'widens in the middle of a large one, twice');
SELECT throws('SELECT ' || call, what, call) FROM (SELECT column1 AS call, column2 AS what FROM (VALUES
  ('array_add(array_of(1, 9223372036854775807), 1)', 'array_add: integer overflow at element 2'),
  ('array_add(array_where(array_eq(array_series(1, 5000), 4321), 9223372036854775807, 0), 1)',
      'array_add: integer overflow at element 4321'),
  ('array_sub(array_of(-9223372036854775808), 1)', 'array_sub: integer overflow at element 1'),
  ('array_mul(array_of(1, 4611686018427387904), 2)', 'array_mul: integer overflow at element 2'),
  ('array_mul(array_of(1, 4611686018427387904), array_of(3, 2))', 'array_mul: integer overflow at element 2'),
  ('array_mul(-1, array_of(5, -9223372036854775808))', 'array_mul: integer overflow at element 2'),
  ('array_neg(array_of(-9223372036854775808))', 'array_neg: integer overflow at element 1'),
  ('array_abs(array_of(0, 0, -9223372036854775808))', 'array_abs: integer overflow at element 3'),
  ('array_div(array_of(-9223372036854775808), -1)', 'array_div: integer overflow at element 1'),
  ('array_floor_div(array_of(-9223372036854775808), -1)', 'array_floor_div: integer overflow at element 1'),
  ('array_pow(''[2,2]'', ''[5,63]'')', 'array_pow: integer overflow at element 2'),
  ('array_pow(3, ''[40]'')', 'array_pow: integer overflow at element 1'),
  ('array_div(''[1,2]'', ''[1,0]'')', 'array_div: division by zero at element 2'),
  ('array_mod(''[1,2]'', 0)', 'array_mod: division by zero at element 1'),
  ('array_floor_div(5, ''[1,1,0]'')', 'array_floor_div: division by zero at element 3'),
  ('array_floor_mod(''[1]'', 0)', 'array_floor_mod: division by zero at element 1'),
  ('array_pow(2, ''[1,2,-1]'')', 'array_pow: negative exponent at element 3'),
  ('array_add(array_of(9223372036854775807, 1), array_of(1, 1))', 'at element 1'),
  ('array_div(array_of(-9223372036854775808, 1), array_of(-1, 0))', 'integer overflow at element 1'),
  ('array_div(array_of(1, -9223372036854775808), array_of(0, -1))', 'division by zero at element 1'),
  ('array_add(''[1,2,3]'', ''[1,2,3,4]'')', 'array_add: length mismatch: 3 and 4'),
  ('array_add(''[]'', ''[1]'')', 'array_add: length mismatch: 0 and 1'),
  ('array_where(''[1]'', ''[1,2]'', 3)', 'array_where: length mismatch: 1 and 2'),
  ('array_where(1, ''[1,2]'', 3)', 'array_where: argument 1 is not an array (INTEGER given)'),
  ('array_add(1, 2)', 'array_add: argument 1 or 2 must be an array (INTEGER and INTEGER given)'),
  ('array_clip(''[1]'', 2, 1)', 'array_clip: lo is greater than hi (2 and 1 given)'),
  ('array_clip(''[1]'', ''[1]'', 1)', 'array_clip: argument 2 is not a number (TEXT given: CAST it to NUMERIC)'),
  ('array_clip(''[1]'', 2.6, 2.4)', 'array_clip: lo is greater than hi (2.6 and 2.4 given)'),
  ('array_clip(''[1]'', 2.4, 2.6)', 'array_clip: no 64-bit integer is from lo to hi (2.4 and 2.6 given)'),
  ('array_clip(''[1]'', 3, 2.5)', 'array_clip: lo is greater than hi (3 and 2.5 given)'),
  ('array_clip(''[1]'', 1e19, 2e19)', 'array_clip: no 64-bit integer is from lo to hi (1e+19 and 2e+19 given)'),
  ('array_clip(''[1]'', -9e999, -1e19)', 'array_clip: no 64-bit integer is from lo to hi (-inf and -1e+19 given)'),
  ('array_clip(''[1]'', 9007199254740993, 9007199254740992)',
      'array_clip: lo is greater than hi (9007199254740993 and 9007199254740992 given)'),
  ('array_clip(''[1]'', 9e999, 5)', 'array_clip: lo is greater than hi (inf and 5 given)'),
  ('array_add(''[1]'', '' 5'')',
      'array_add: argument 2 is not an array or an integer (TEXT given: CAST it to INTEGER)'),
  ('array_add(''[1]'', ''+5'')',
      'array_add: argument 2 is not an array or an integer (TEXT given: CAST it to INTEGER)'),
      ('array_add(''[1]'', '''')', 'array_add: argument 2 is not an array (empty text'),
  ('array_gt(''-2.5'', ''[1]'')',
      'array_gt: argument 1 is not an array or an integer (TEXT given: CAST it to INTEGER)'),
  ('array_add(''[1]'', ''x'')', 'array_add: argument 2 is not an array (expected ''?'' or ''{'' at byte 1)'),
  ('array_add(''[1]'', 20.05)', 'array_add: argument 2 is not an integer (20.05 given)'),
  ('array_add(''[1]'', 1/3.0)', 'array_add: argument 2 is not an integer (0.3333333333333333 given)'),
  ('array_add(''[1]'', 1e300)', 'array_add: argument 2 is not an integer (1e+300 given)'),
  ('array_between(''[1]'', 1, x''00'')', 'array_between: argument 3 is not a number (BLOB given)'),
  ('array_gt(1.5, 2)', 'array_gt: argument 2 is not an array (INTEGER given)'),
  ('array_gt(1, 2.5)', 'array_gt: argument 1 is not an array (INTEGER given)'),
  ('array_gt(1.5, 2.5)', 'array_gt: argument 2 is not an array (REAL given)'),
  ('array_add(''[1]'', 1.5)', 'array_add: argument 2 is not an integer (1.5 given)')));
SELECT eq(array_mod(array_of(-9223372036854775808), -1), array_of(0), 'the remainder by -1 is 0');
SELECT eq(array_floor_mod(array_of(-9223372036854775808, 9223372036854775807), -1), array_of(0, 0), 'likewise floored');
SELECT eq(array_add('[1,2]', 1.0), array_of(2, 3), 'a whole REAL is an integer');
SELECT eq(array_add('[]', 1), array_of(), 'of the empty array');
SELECT eq(array_add('[]', '{}'), array_of(), 'of two empty arrays');
SELECT eq(array_add(NULL, 1) IS NULL AND array_add('[1]', NULL) IS NULL AND array_add(7, NULL) IS NULL, 1,
    'NULL gives NULL');
SELECT eq(array_clip(array_of(5, -5), 300, 400), array_of(300, 300), 'clip, all below');
SELECT eq(array_clip(array_of(5, -5), -400, -300), array_of(-300, -300), 'clip, all above');
SELECT eq(array_shl('[1,2]', -9223372036854775808), array_of(0, 0), 'shift by the least integer');
SELECT eq(array_shr('[1,-2]', -9223372036854775808), array_of(0, 0), 'shift right by it');
SELECT eq(array_shl(array_of(1), 63), array_of(-9223372036854775808), 'a bit into the sign');
SELECT eq(array_shl(array_of(3), 63), array_of(-9223372036854775808), 'and one out of it');

-- Wider than needed, and at odd addresses: substr of a larger blob
SELECT eq(array_add(x'a14100080200000001000000000000000200000000000000', 1), array_of(2, 3),
    'wider than needed is read, the result is canonical');
SELECT eq(array_add(a, 1), array_add(array_parse(array_to_json(a)), 1), 'of ' || n || ' elements') FROM pair WHERE m
    = 2000000000;
SELECT done();
