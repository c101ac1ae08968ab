-- array_eval: expressions of several operations
SELECT plan(95);

CREATE TEMP TABLE x AS SELECT array_random(3000, -1000, 1000, 1) AS a, array_random(3000, 1, 300, 2) AS b,
  array_random(3000, -100000, 100000, 3) AS c;

-- As the functions, one in the other
SELECT eq(array_eval('(a - b) * 100 / b', a, b), array_div(array_mul(array_sub(a, b), 100), b), 'arithmetic') FROM x;
SELECT eq(array_eval('count((a*2+b)>c)', a, b, c), array_count(array_gt(array_add(array_mul(a, 2), b), c), 1), 'count') FROM x;
SELECT eq(array_eval('sum(a * c)', a, b, c), array_dot(a, c), 'sum') FROM x;
SELECT eq(array_eval('filter(a, b > 200 AND NOT c < 0)', a, b, c),
  array_filter(a, array_bit_and(array_gt(b, 200), array_not(array_lt(c, 0)))), 'filter') FROM x;
SELECT eq(array_eval('where(a > 0, least(a, b), abs(c) % 1000)', a, b, c),
  array_where(array_gt(a, 0), array_least(a, b), array_mod(array_abs(c), 1000)), 'where') FROM x;
SELECT eq(array_eval('a IN (1, 2, 3) OR a NOT BETWEEN -500 AND b', a, b),
  array_bit_or(array_isin(a, '[1,2,3]'), array_not(array_bit_and(array_ge(a, -500), array_le(a, b)))), 'conditions') FROM x;
SELECT eq(array_eval('a IN c', a, b, c), array_isin(a, c), 'among the elements of an array') FROM x;
SELECT eq(array_eval('clip(a * b, -1000, 1000) + sign(c) + popcount(b)', a, b, c),
  array_add(array_add(array_clip(array_mul(a, b), -1000, 1000), array_sign(c)), array_popcount(b)), 'functions') FROM x;
SELECT eq(array_eval('~a & 255 | b << 3 >> 1', a, b),
  array_shr(array_shl(array_bit_or(array_bit_and(array_bit_not(a), 255), b), 3), 1), 'bits') FROM x;
SELECT eq(array_eval('floor_div(a, b) * b + floor_mod(a, b)', a, b), a, 'floored division') FROM x;
SELECT eq(array_eval('a * a * a * a', a), array_pow(a, 4), 'wider from step to step') FROM x;
SELECT eq(array_eval('a * 1000000000000 / 1000000000000', a), a, 'and narrow again: the result is canonical') FROM x;
SELECT eq(array_eval('min(a)', a) || ' ' || array_eval('max(a - b)', a, b) || ' ' || array_eval('avg(b)', a, b),
  array_min(a) || ' ' || array_max(array_sub(a, b)) || ' ' || array_avg(b), 'min, max, avg') FROM x;
SELECT eq(array_eval('argmin(a + c)', a, b, c) || ' ' || array_eval('argmax(a*a)', a), array_argmin(array_add(a, c)) || ' ' ||
  array_argmax(array_mul(a, a)), 'argmin, argmax') FROM x;
SELECT eq(array_eval('any(a = 2000)', a) || array_eval('any(a > 900)', a) || array_eval('all(b > 0)', a, b) || array_eval('all(b > 1)', a, b), '0110', 'any, all')
  FROM x;

-- Arguments: arrays in any form, integers
SELECT eq(array_eval('a * 2 + b', array_pack(c), array_pack(a)), array_eval('a * 2 + b', c, a), 'packed') FROM x;
SELECT eq(array_eval('filter(b, a > 0)', array_pack(c), a), array_eval('filter(b, a > 0)', c, a), 'one of them packed') FROM x;
SELECT eq(array_eval('a + b', '[1,2]', '{3,4}'), array_of(4, 6), 'text');
SELECT eq(array_eval('A + B', '[1,2]', 3.0), array_of(4, 5), 'letters in any case, a whole REAL');
SELECT eq(array_eval('a', '[1,2]'), array_of(1, 2), 'nothing to compute');
SELECT eq(array_eval('a', array_pack(a)), a, 'nor of a packed array') FROM x;
SELECT eq(array_eval('a + b', '[1,2]', NULL), NULL, 'NULL in, NULL out');
SELECT eq(array_eval(NULL, '[1,2]'), NULL, 'as the expression, too');
SELECT eq(array_eval('c', '[1]', '[1,2]', '[1,2,3]'), array_of(1, 2, 3), 'arguments that it does not use');
SELECT eq(array_eval('a + (2 * 3 - b) * 10', '[1,2]', 4), array_of(21, 22), 'integers among themselves');
SELECT eq(array_eval('-9223372036854775808 + a', '[0,1]'), array_of(-9223372036854775807 - 1, -9223372036854775807), 'the smallest integer');
SELECT eq(array_eval('a & 0xfF', '[-1,256]'), array_of(255, 0), 'hexadecimal');
SELECT eq(array_eval('a | 0xffffffffffffffff', '[1]'), array_of(-1), 'of 64 bits');

-- Empty arrays
SELECT eq(array_eval('a + b * 2', '[]', '[]'), array_of(), 'no elements');
SELECT eq(array_eval('a / 0', '[]'), array_of(), 'and no error');
SELECT eq(array_eval('filter(a, a)', '[]'), array_of(), 'nothing to filter');
SELECT eq(array_eval('filter(a, 0 * a)', '[1,2]'), array_of(), 'nothing left');
SELECT eq(array_eval('sum(a)', '[]') || ' ' || array_eval('count(a)', '[]') || ' ' || array_eval('any(a)', '[]') || ' ' || array_eval('all(a)', '[]'), '0 0 0 1',
  'of no elements');
SELECT eq(array_eval('min(a)', '[]'), NULL, 'min of none');
SELECT eq(array_eval('avg(a)', '[]'), NULL, 'avg of none');
SELECT eq(array_eval('argmax(a)', '[]'), NULL, 'argmax of none');

-- SQL's precedence
SELECT eq(array_eval('2 + a * 3', '[4]'), array_of(14), 'products before sums');
SELECT eq(array_eval('a - 2 - 1', '[4]'), array_of(1), 'from left to right');
SELECT eq(array_eval('1 << a + 1', '[2]'), array_of(8), 'sums before shifts');
SELECT eq(array_eval('a & 1 = 1', '[2,3]'), array_of(0, 1), 'bits before comparisons, as in SQL and not in C');
SELECT eq(array_eval('a < 2 = 1', '[1,2]'), array_of(1, 0), 'less before equal');
SELECT eq(array_eval('NOT a = 1', '[1,2]'), array_of(0, 1), 'comparisons before NOT');
SELECT eq(array_eval('a OR b AND c', '[1,0]', '[0,1]', '[0,1]'), array_of(1, 1), 'AND before OR');
SELECT eq(array_eval('-a BETWEEN -2 AND 0 AND a', '[2,0,3]'), array_of(1, 0, 0), 'BETWEEN and its AND');
SELECT eq(array_eval('1 + NOT a = 1', '[1,2]'), array_of(1, 2), 'NOT where an operand stands');

-- Errors of elements: those that the functions give, the innermost first
SELECT throws('SELECT array_eval(''a * a'', ''[1,5000000000]'')', 'array_eval: integer overflow at element 2', 'overflow');
SELECT throws('SELECT array_eval(''a / b'', ''[1,2]'', ''[1,0]'')', 'array_eval: division by zero at element 2', 'division');
SELECT throws('SELECT array_eval(''pow(a, b)'', ''[1,2]'', ''[1,-1]'')', 'array_eval: negative exponent at element 2', 'exponent');
SELECT throws('SELECT array_eval(''a / b + a * a'', ''[5000000000,1]'', ''[1,0]'')', 'division by zero at element 2', 'what is computed first');
SELECT throws('SELECT array_eval(''a * a + a / b'', ''[5000000000,1]'', ''[1,0]'')', 'integer overflow at element 1', 'the other way round');
SELECT throws('SELECT array_eval(''a / b + 1 / c'', array_fill(9000, 1), array_append(array_fill(8999, 1), 0), array_append(array_prepend(array_fill(8998, 1), 0), 1))',
  'division by zero at element 9000', 'the first operation counts, not the first element');
SELECT throws('SELECT array_eval(''sum(a)'', array_of(9223372036854775807, 1))', 'array_eval: integer overflow of the result', 'a sum');
SELECT throws('SELECT array_eval(''a + b'', ''[1,2,3]'', ''[1,2]'')', 'array_eval: length mismatch: 3 and 2', 'lengths');
SELECT throws('SELECT array_eval(''a > b'', ''[1,2,3]'', ''[1,2]'')', 'length mismatch: 3 and 2', 'in the order as written');
SELECT throws('SELECT array_eval(''a / a + b'', ''[1,2,0]'', ''[1,2]'')', 'division by zero at element 3', 'lengths after what is computed before');
SELECT throws('SELECT array_eval(''filter(a, b)'', ''[1,2,3]'', ''[1,2]'')', 'length mismatch: 3 and 2', 'of a mask');
SELECT throws('SELECT array_eval(''clip(a, 3, b)'', ''[1]'', 2)', 'array_eval: lo is greater than hi (3 and 2 given)', 'bounds');

-- Errors of the expression: the byte, and what was expected
SELECT throws('SELECT array_eval('''', ''[1]'')', 'array_eval: argument 1: expected an integer, a letter, a function or ''('' at byte 1', 'nothing');
SELECT throws('SELECT array_eval(''a +'', ''[1]'')', 'a function or ''('' at byte 4', 'an end too early');
SELECT throws('SELECT array_eval(''a b'', ''[1]'', 2)', 'argument 1: expected an operator or the end at byte 3', 'no operator');
SELECT throws('SELECT array_eval(''(a + 1'', ''[1]'')', 'expected an operator or '')'' at byte 7', 'a bracket');
SELECT throws('SELECT array_eval(''least(a)'', ''[1]'')', 'expected an operator or '','' at byte 8', 'too few');
SELECT throws('SELECT array_eval(''abs(a, 1)'', ''[1]'')', 'expected an operator or '')'' at byte 6', 'too many');
SELECT throws('SELECT array_eval(''summ(a)'', ''[1]'')', 'array_eval: argument 1: unknown word at byte 1, expected abs, *' ||
    ' sign or where; outermost also all, * min or sum', 'no function');
SELECT throws('SELECT array_eval(''a NOT 3'', ''[1]'')', 'expected BETWEEN or IN after NOT at byte 7', 'NOT');
SELECT throws('SELECT array_eval(''a BETWEEN 1'', ''[1]'')', 'expected an operator or AND at byte 12', 'BETWEEN');
SELECT throws('SELECT array_eval(''a + c'', ''[1]'', 2)', 'the letter at byte 5 names no argument, of which there are 2', 'a letter');
SELECT throws('SELECT array_eval(''1 + sum(a)'', ''[1]'')', 'the function at byte 5 can only be the outermost', 'inside');
SELECT throws('SELECT array_eval(''2 * 3 + b'', ''[1]'', 2)', 'expected an array at byte 7, not an integer', 'no array');
SELECT throws('SELECT array_eval(''a + 1.5'', ''[1]'')', 'number with a fraction at byte 5, expected an integer', 'a fraction');
SELECT throws('SELECT array_eval(''a + 9223372036854775808'', ''[1]'')', 'integer out of the 64-bit range at byte 5', 'too large');
SELECT throws('SELECT array_eval(replace(printf(''%300s'', ''a''), '' '', ''(''), ''[1]'')', 'nested too deeply at byte 201', 'too deep');
WITH RECURSIVE deep(n, e) AS (SELECT 0, 'a+b' UNION ALL SELECT n + 1, '(a*' || n || '-b)*(' || e || ')' FROM deep WHERE n < 14)
  SELECT throws('SELECT array_eval(''' || e || ''', ''[1]'', 2)', 'more than 16 blocks of scratch memory are needed at byte *', 'too many results at a time')
  FROM deep WHERE n = 14;

-- Its steps
SELECT eq(rows('SELECT * FROM array_explain(''count((a*2+b)>c)'', array_series(1, 100), array_series(1001, 1100), 300)'),
  '1|a|1|100|0
2|2|1|1|0
3|mul(1, 2)|1|100|832
4|b|2|100|0
5|add(3, 4)|2|100|832
6|c|2|1|0
7|lt(6, 5)|1|100|832
8|count(7)||1|' || (SELECT scratch FROM array_explain('count((a*2+b)>c)', array_series(1, 100), array_series(1001, 1100), 300) WHERE step = 8), 'steps');
SELECT eq((SELECT count(*) FROM array_explain('(a+b)*(a+b) - (a+b)', '[1,2]', 3) WHERE operation LIKE 'add%'), 1, 'what is written twice is computed once');
SELECT eq((SELECT group_concat(operation, ' ') FROM array_explain('a in (1,2,b) and not a', '[1]', 3)), 'a 1 2 b isin(1, 3 integers) 0 eq(1, 6) and(5, 7) array(8)', 'conditions');
SELECT eq((SELECT group_concat(operation, ' ') FROM array_explain('filter(a, b)', '[1]', '[3]')), 'a b filter(1, 2)', 'a filter');
SELECT eq((SELECT max(scratch) FROM array_explain('(a+b)*(a-b)*(a*b)', array_series(1, 1000000), 3)) < 16 * 8192, 1, 'no more scratch for a million elements');
SELECT eq((SELECT count(*) FROM array_explain('a + 1', NULL)), 0, 'of NULL no rows');
SELECT throws('SELECT * FROM array_explain(''a +'', ''[1]'')', 'array_explain: argument 1: expected an integer, a letter, a function or ''('' at byte 4', 'errors of the expression');
SELECT throws('SELECT * FROM array_explain(''a + b'', ''[1]'', ''[1,2]'')', 'array_explain: length mismatch: 1 and 2', 'of lengths');
SELECT throws('SELECT * FROM array_explain(''a + b'', ''[1]'', ''x'')', 'array_explain: argument 3 is not an array', 'of arguments');

-- Lists, numbers and words that end where they seem to go on
SELECT eq(array_eval('(a IN (1,2)) + (a IN (1,2,3)) + (a IN (1,3))', '[1,2,3]'), array_of(3, 2, 2), 'lists that differ in their items or their length');
SELECT throws('SELECT array_eval(''' || expression || ''', ''[1]'')', 'array_eval: ' || message, expression)
  FROM (SELECT column1 AS expression, column2 AS message FROM (VALUES
    ('a IN bc', 'argument 1: expected a letter or ''('' after IN at byte 6'), ('a + 0x1g', 'argument 1: expected an operator or the end at byte 8'),
    ('a + 0xz', 'argument 1: expected an operator or the end at byte 6'),
    ('a + 18446744073709551616', 'argument 1: integer out of the 64-bit range at byte 5'),
    ('a + 1e-5', 'argument 1: number with an exponent at byte 5, expected an integer'), ('a + pow(2, 0 - 1)', 'negative exponent at element 1')));
SELECT throws('SELECT array_eval(''' || group_concat(format('(a IN (%s))', array_to_text(array_series(value, value + 239), ',')), '+') || ''', ''[1]'')',
  'array_eval: argument 1: expression is too long at byte', '1,200 items in all lists') FROM array_each('[1,2,3,4,5]');
SELECT throws('SELECT array_eval(''a'', ' || group_concat(value) || ')', 'array_eval: at most 26 arguments can have a letter, 27 given', '27 arguments')
  FROM array_each(array_series(1, 27));
SELECT eq(rows('SELECT array_eval(''max(a)'', a), array_eval(''min(a)'', a), array_eval(''argmax(a)'', a), array_eval(''argmin(a)'', a) FROM
  (SELECT array_series(1, 5000) AS a UNION ALL SELECT array_series(5000, 1, -1))'), '5000|1|5000|1' || char(10) || '5000|1|1|5000',
  'extremes in the first block and in the last');
SELECT eq((SELECT group_concat(elements) FROM array_explain('a + b', '[1]', 1.0)), '1,1,1,1', 'a whole REAL is an integer');

-- A chunk at a time
CREATE VIRTUAL TABLE temp.ticks USING array_store(price, qty, chunk=1000);
INSERT INTO ticks SELECT b, a FROM x;
SELECT eq((SELECT sum(array_eval('sum(a * b)', price, qty)) FROM ticks_chunks), (SELECT sum(price * qty) FROM ticks), 'chunks of an array_store');
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), 0, 'nothing is live');
SELECT done();
