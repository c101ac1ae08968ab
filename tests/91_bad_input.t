-- Bad input to every scalar function of the list: for each argument in turn NULL and what it must not be, the others
-- being
-- right. What an argument has to be is read off the signature in array_functions, so a new function is tested, too.

-- The parameters of each function: their place, from 1, and their name
CREATE TEMP TABLE parameter AS
  WITH f AS (SELECT name, replace(replace(substr(signature, length(name) + 2), '[', ''), ']', '') AS list
      FROM array_functions WHERE kind = 'scalar'),
  split(name, place, parameter, rest) AS (
    SELECT name, 0, NULL, substr(list, 1, length(list) - 1) || ',' FROM f UNION ALL
    SELECT name, place + 1, trim(substr(rest, 1, instr(rest, ',') - 1)), substr(rest, instr(rest, ',') + 1) FROM split
    WHERE rest <> '')
  SELECT name, place, parameter FROM split WHERE place > 0 AND parameter NOT IN ('', '...');
-- A right value for each name of a parameter, and its kind
CREATE TEMP TABLE right_value(parameter, value, kind);
INSERT INTO right_value VALUES ('A', '''[1,2,3]''', 'array'), ('B', '''[1,2,3]''', 'array'),
    ('M', '''[1,0,1]''', 'array'), ('I', '''[1,2,3]''', 'array'), ('edges', '''[1,2,3]''', 'array'),
  ('S', '''[1,2,3]''', 'operand'), ('text', '''[1,2]''', 'text'), ('separator', ''',''', 'text'),
      ('raw', 'x''0102030405060708''', 'raw'), ('blob', 'array_to_npy(''[1]'')', 'raw'),
      ('dtype', '''int64''', 'text'),
  ('''big''', '''big''', 'text'), ('query', '''1''', 'text'), ('q', '0.5', 'real'), ('x', '1', 'any'),
      ('''desc''', '''desc''', 'text'),
  ('schema', '''temp''', 'text'), ('table', '''stored''', 'text'), ('column', '''a''', 'text'), ('expression', '''a + 1''', 'text');
CREATE TEMP TABLE stored AS SELECT array_of(1, 2, 3) AS a;
INSERT INTO right_value SELECT DISTINCT parameter,
    CASE WHEN parameter LIKE '''%' THEN substr(parameter, 1, instr(substr(parameter, 2), '''') + 1)
         WHEN parameter IN ('dir', 'side', 'mode') THEN '''asc''' ELSE '1' END,
    CASE WHEN parameter LIKE '''%' OR parameter IN ('dir', 'side', 'mode') THEN 'text' ELSE 'integer' END
  FROM parameter WHERE parameter NOT IN (SELECT parameter FROM right_value);
CREATE TEMP TABLE wrong_value(kind, value);
INSERT INTO wrong_value VALUES ('array', '7'), ('array', '2.5'), ('array', '''x'''), ('array', ''''''),
    ('array', 'x'''''), ('array', 'x''0102030405060708090a'''), ('array', 'zeroblob(64)'),
  ('array', 'x''a14100010300000001'''), ('array', 'x''a14100030100000001'''), ('array', 'x''a14101010100000001'''),
      ('array', '''[1,null]'''), ('array', '''[1.5]'''), ('array', '''[99999999999999999999]'''),
  ('operand', '2.5'), ('operand', '''x'''), ('operand', 'x''0102030405060708090a'''), ('operand', '''[1'''),
      ('operand', '1e300'),
  ('integer', '2.5'), ('integer', '''1'''), ('integer', 'x''01'''), ('integer', '1e300'), ('integer', '''[1]'''),
      ('integer', '9223372036854775808'), ('integer', '9e999'),
  ('text', '5'), ('text', 'x''01'''), ('text', '1.5'), ('raw', '5'), ('raw', '''x'''), ('real', '''x'''),
      ('real', 'x''00'''), ('real', '2.0'), ('real', '-0.5');
-- The call of a function with one argument replaced; all arguments of the longest form are given
CREATE TEMP TABLE call AS
  SELECT p.name, p.place, p.parameter, r.kind, w.value,
    (SELECT group_concat(v, ', ') FROM (SELECT iif(o.place = p.place, w.value, x.value) AS v FROM parameter AS o
    JOIN right_value AS x USING (parameter) WHERE o.name = p.name ORDER BY o.place)) AS arguments
  FROM parameter AS p JOIN right_value AS r USING (parameter)
      JOIN (SELECT kind, value FROM wrong_value UNION ALL SELECT DISTINCT kind, 'NULL'
      FROM right_value) AS w USING (kind)
  WHERE p.name NOT IN ('array_limit')
    -- comparisons take any REAL
    AND NOT (r.kind IN ('operand', 'integer') AND w.value IN ('2.5', '1e300', '9e999', '9223372036854775808') AND
             p.name IN ('array_eq', 'array_ne', 'array_lt', 'array_le', 'array_gt', 'array_ge', 'array_between',
             'array_clip'));
SELECT plan(5 + sum(iif(value = 'NULL', 1, iif(kind = 'any', 0, iif(kind IN ('array', 'operand'), 2, 1))))) FROM call;
SELECT ok(count(*) > 500, 'calls: ' || count(*)) FROM call;
SELECT ok(count(*) = 0, 'every parameter is known: ' || coalesce(group_concat(parameter, ' '), 'yes')) FROM parameter
    WHERE parameter NOT IN (SELECT parameter FROM right_value);

-- What is wrong is an error that names the function, and the argument by its number
SELECT throws('SELECT ' || name || '(' || arguments || ')', name || ': *', name || '(' || arguments || ')') FROM call
    WHERE value <> 'NULL' AND kind <> 'any';
SELECT throws('SELECT ' || name || '(' || arguments || ')', name || ': *argument *' || place || '*', 'names argument '
    || place || ' of ' || name || ', ' || value) FROM call
  WHERE value <> 'NULL' AND kind IN ('array', 'operand');
-- NULL gives NULL; as a new element it is an error
SELECT eq(rows('SELECT ' || name || '(' || arguments || ') IS NULL'), '1', 'NULL gives NULL: ' || name || '('
    || arguments || ')') FROM call
  WHERE value = 'NULL' AND NOT (parameter LIKE 'v%' AND name IN ('array_of', 'array_fill', 'array_append',
      'array_prepend', 'array_insert', 'array_set_at', 'array_blob_set'));
SELECT throws('SELECT ' || name || '(' || arguments || ')', name || ': argument * is not an integer (NULL given)',
    'an element that is NULL: ' || name) FROM call
  WHERE value = 'NULL' AND parameter LIKE 'v%' AND name IN ('array_of', 'array_fill', 'array_append', 'array_prepend',
      'array_insert', 'array_set_at', 'array_blob_set');
-- and the connection works on
SELECT eq(array_sum('[1,2,3]'), 6, 'the connection works on');
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), 0, 'nothing is live');
SELECT throws('SELECT array_sort(''[1]'', CAST(x''' || replace(printf('%100s', ''), ' ', '80') || ''' AS TEXT))',
    'array_sort: argument 2 is ''...'', expected one of ''asc'', ''desc''',
    'a word without a character to begin with');
SELECT done();
