-- array_each: an array's elements as rows. The model is an ordinary table of the same rows: whatever is asked,
-- both answer alike.
SELECT plan(686);

-- The elements, and how to hold them
SELECT eq(rows('SELECT idx, value FROM array_each(''[5,-6,7]'')'), '1|5
2|-6
3|7', 'JSON text');
SELECT eq(rows('SELECT idx, value FROM array_each('' { 5 , -6 } '')'), '1|5
2|-6', 'PostgreSQL text');
SELECT eq(rows('SELECT idx, value, typeof(idx), typeof(value) FROM array_each(array_of(5))'), '1|5|integer|integer',
    'a blob');
SELECT eq(rows('SELECT rowid, idx FROM array_each(''[7,7]'')'), '1|1
2|2', 'the rowid is idx');
SELECT eq(rows('SELECT * FROM array_each(''[8]'')'), '1|8', '* is idx and value');
SELECT eq((SELECT count(*) FROM array_each('[]')), 0, 'no element, no row');
SELECT eq((SELECT count(*) FROM array_each(array_of())), 0, 'likewise of a blob');
SELECT eq((SELECT count(*) FROM array_each(NULL)), 0, 'NULL has no rows');
SELECT eq((SELECT group_concat(value) FROM array_each(column1)), column2,
    'elements of ' || array_width(column1) || ' bytes') FROM (VALUES (array_of(-128, 127), '-128,127'),
    (array_of(-32768, 32767), '-32768,32767'), (array_of(-2147483648, 2147483647), '-2147483648,2147483647'),
    (array_of(-9223372036854775808, 9223372036854775807), '-9223372036854775808,9223372036854775807'));
SELECT eq((SELECT group_concat(value) FROM array_each(x'a1410002020000000500ffff')), '5,-1',
    'wider than needed is read');
SELECT eq((SELECT group_concat(name || ' ' || type || ' ' || hidden, ', ') FROM pragma_table_xinfo('array_each')),
    'idx INTEGER 0, value INTEGER 0, _array  1', 'columns');
SELECT eq(_array, '[1]', 'the argument is a hidden column, as it was given') FROM array_each('[1]');
SELECT eq(_array, array_of(1, 300), 'likewise of a blob') FROM array_each(array_of(1, 300)) LIMIT 1;
SELECT eq(rows('SELECT value FROM array_each WHERE _array = ''[4,5]'''), '4
5', 'and may be given so');
SELECT eq(rows('SELECT _array, value FROM array_each WHERE _array IN (''[4,5]'', ''[6]'') ORDER BY idx, value'),
    '[4,5]|4
[6]|6
[4,5]|5', 'or as one of several');
SELECT eq(rows('SELECT value FROM array_each(''[4,5]'') WHERE _array = ''[4,5]'''), '4
5', 'or twice');
SELECT eq(rows('SELECT value FROM array_each(''[4,5]'') WHERE _array = ''[6]'''), '', 'or twice, differently');

-- What is no array
SELECT throws('SELECT * FROM array_each(' || column1 || ')', 'array_each: argument 1' || column2,
    'error: ' || column1) FROM (VALUES ('7', ' is not an array (INTEGER given)'), ('2.5',
    ' is not an array (REAL given)'), ('x''00''',
    ' is not an array (BLOB of 1 bytes, shorter than the 8-byte header)'), ('x''0001020304050607''',
    ' is not an array (BLOB of 8 bytes that does not begin with A1 41)'), ('x''a1410001020000000a''',
    ' is not an array (BLOB of 9 bytes, its header says 10)'), ('x''a141000302000000''',
    ' is not an array (BLOB with element width 3, expected 1, 2, 4 or 8)'), ('x''a14107010100000001''',
    ': unsupported array codec 7'), ('''''', ' is not an array (empty text'), ('''[1,''', ' is not an array ('),
    ('''[1,null]''', ' is not an array (null at byte 4'));
SELECT throws('SELECT * FROM array_each', 'array_each: argument 1 is missing', 'the argument is needed');
SELECT throws('SELECT * FROM (SELECT 5 AS x), array_each WHERE idx = 1 OR value = x',
    'array_each: argument 1 is missing', 'also in a join');
SELECT eq(group_concat(idx), '1,3', 'terms of an OR beside it') FROM array_each('[5,6,7]')
    WHERE (idx = 1 AND value < 6) OR (idx > 2 AND value > 6);
SELECT eq(group_concat(idx), '1,3', 'or in each term') FROM array_each WHERE (_array = '[5,6]' AND idx = 1)
    OR (_array = '[5,6,7]' AND idx = 3);
SELECT throws('SELECT * FROM array_each(''[1]'', 2)', 'too many arguments', 'one argument');
SELECT throws('SELECT * FROM array_each WHERE _array > ''[1]''', 'no query solution',
    'and has to be equal to something');
SELECT eq(count(*), 2, 'an argument that is compared, too') FROM array_each('[1,2]') WHERE _array < '[2]'
    AND _array > '[0]';
SELECT throws('SELECT * FROM array_each(e._array) AS e', 'no query solution', 'an argument that hangs on itself');
SELECT throws('SELECT * FROM array_each(b._array) AS a, array_each(a._array) AS b', 'no query solution',
    'or on another that hangs on it');
SELECT throws('INSERT INTO array_each VALUES (1, 2)', 'may not be modified', 'it cannot be written');
SELECT throws('CREATE VIRTUAL TABLE temp.x USING array_each', 'no such module', 'nor created');

-- Constraints: each comparison of each column with values of every type, against a table. The values come from a
-- column without a type (none), of type TEXT, and as literals.
CREATE TEMP TABLE args(name, a);
INSERT INTO args VALUES
    ('1 byte', array_of(5, -3, 5, 127, -128, 0, 2)),
    ('2 bytes', array_of(5, 300, -300, 5, 128, 2)),
    ('4 bytes', array_of(2147483647, 5, -2147483648, 32768, 5)),
    ('8 bytes', array_of(9223372036854775807, 5, -9223372036854775808, 9007199254740993, 5, 2147483648)),
    ('text', '[5,4,3,2,1,5]'),
    ('none', '[]');
CREATE TEMP TABLE model(name, idx INTEGER, value INTEGER);
INSERT INTO model SELECT name, key + 1, value FROM args,
    json_each(CASE typeof(a) WHEN 'text' THEN a ELSE array_to_json(a) END);
CREATE TEMP TABLE operators(op);
INSERT INTO operators VALUES ('='), ('<'), ('<='), ('>'), ('>='), ('IS'), ('IS NOT'), ('<>');
CREATE TEMP TABLE operands(literal);
INSERT INTO operands VALUES ('NULL'), ('0'), ('1'), ('2'), ('3'), ('5'), ('6'), ('7'), ('100'), ('-1'), ('-3'),
    ('-128'), ('127'), ('128'), ('300'), ('32768'), ('2147483647'), ('2147483648'), ('-2147483648'), ('-2147483649'),
    ('9007199254740992'), ('9007199254740993'), ('9223372036854775806'), ('9223372036854775807'),
    ('-9223372036854775807'), ('-9223372036854775808'), ('2.0'), ('2.5'), ('-0.0'), ('0.5'), ('-2.5'), ('5.0'),
    ('1e300'), ('-1e300'), ('9e999'), ('-9e999'), ('9007199254740992.0'), ('9223372036854775807.0'),
    ('-9223372036854775808.0'), ('-9223372036854777856.0'), ('9223372036854774784.0'), ('5e-324'), ('''2'''),
    ('''2.0'''), ('''2.5'''), ('''5'''), ('''  5 '''), ('''5e0'''), ('''0x5'''), ('''5x'''), (''''''), ('''abc'''),
    ('''9223372036854775807'''), ('''9223372036854775808'''), ('''1e400'''), ('x'''''), ('x''05'''), ('x''35''');
CREATE TEMP TABLE untyped(x);
CREATE TEMP TABLE texts(x TEXT);
CREATE TEMP TABLE orders(by);
INSERT INTO orders VALUES (''), (' ORDER BY e.idx'), (' ORDER BY e.idx DESC');
CREATE TEMP VIEW questions AS
    SELECT name, col, op, by,
           'SELECT e.idx, e.value FROM args, array_each(a) AS e WHERE name = ' || quote(name) || ' AND e.' AS ours,
           'SELECT e.idx, e.value FROM model AS e WHERE name = ' || quote(name) || ' AND e.' AS theirs
      FROM args, operators, orders, (SELECT 'idx' AS col UNION ALL SELECT 'value');
SELECT ok(sum(rows(ours || comparison) IS rows(theirs || comparison)) = (SELECT count(*) FROM operands),
          name || ': ' || col || ' ' || op || ' literals' || by)
  FROM (SELECT *, col || ' ' || op || ' ' || literal || by AS comparison FROM questions, operands)
 GROUP BY name, col, op, by;
INSERT INTO untyped VALUES (NULL), (0), (1), (2), (5), (127), (128), (-2147483649), (9007199254740993),
    (9223372036854775807), (-9223372036854775808), (2.5), (5.0), (-0.5), (1e300), (-1e300), (9007199254740992.0),
    (9223372036854775807.0), ('2'), ('5.0'), ('5x'), (''), (x'05');
INSERT INTO texts SELECT x FROM untyped;
SELECT eq(rows('SELECT x.rowid, x.x, e.idx, e.value FROM args, ' || source || ' AS x CROSS JOIN array_each(a) AS e'
    || condition),
          rows('SELECT x.rowid, x.x, e.idx, e.value FROM ' || source || ' AS x CROSS JOIN model AS e' || condition),
          name || ': ' || col || ' ' || op || ' a column of ' || source)
  FROM (SELECT DISTINCT name, col, op, ' WHERE name = ' || quote(name) || ' AND e.' || col || ' ' || op
      || ' x.x ORDER BY 1, 3' AS condition
          FROM questions),
       (SELECT 'untyped' AS source UNION ALL SELECT 'texts');

-- Several constraints together, and those that arrive as others
CREATE TEMP TABLE conditions(c);
INSERT INTO conditions VALUES ('e.idx BETWEEN 2 AND 4'), ('e.idx BETWEEN 4 AND 2'), ('e.idx NOT BETWEEN 2 AND 4'),
    ('e.idx BETWEEN ''2'' AND 4.5'), ('e.idx > 1 AND e.idx > 3'),
    ('e.idx >= 2 AND e.idx > 1 AND e.idx < 5 AND e.idx <= 4'), ('e.idx = 2 AND e.idx = 3'),
    ('e.idx = 2 AND e.idx > 1'), ('e.idx = 2 OR e.value = 5'), ('e.idx IN (4, 1, 99, NULL)'), ('e.idx NOT IN (1, 2)'),
    ('e.value IN (5, 2, ''5'')'), ('e.value BETWEEN -5 AND 5'), ('e.value = 5 AND e.idx > 1'),
    ('e.value = 5 AND e.idx >= 2 AND e.idx <= 3'), ('e.value > 2 AND e.value < 300 AND e.idx < 5'),
    ('e.value IN (2, 5) AND e.idx IN (1, 2, 3)'), ('e.value = 5 AND e.value = 2'), ('(e.idx, e.value) > (2, 5)'),
    ('(e.idx, e.value) <= (2, 5)'), ('(e.idx, e.value) = (1, 5)'), ('(e.idx, e.value) IN (VALUES (1, 5), (2, 300))'),
    ('e.idx IS NULL'), ('e.value IS NOT NULL'), ('e.value = e.idx'), ('e.idx < e.value'), ('-e.idx < -2'),
    ('+e.idx = 2'), ('e.value LIKE ''%5%'''),
    ('e.idx = (SELECT max(f.idx) FROM model AS f WHERE f.name = args.name)');
SELECT eq(rows('SELECT name, e.idx, e.value FROM args, array_each(a) AS e WHERE ' || c || ' ORDER BY 1, 2'),
    rows('SELECT name, e.idx, e.value FROM args JOIN model AS e USING (name) WHERE ' || c || ' ORDER BY 1, 2'), c)
  FROM conditions;
SELECT eq(rows('SELECT e.idx, e.value FROM args, array_each(a) AS e WHERE name = ''8 bytes'' AND ' || c || by),
    rows('SELECT e.idx, e.value FROM model AS e JOIN args USING (name) WHERE name = ''8 bytes'' AND ' || c || by),
    c || by) FROM conditions, orders WHERE by <> '';
SELECT eq(rows('SELECT rowid FROM array_each(''[9,8,7,6]'') WHERE ' || column1), column2, column1)
  FROM (VALUES ('rowid = 3', '3'), ('rowid > 3', '4'), ('rowid BETWEEN 2 AND 3', '2
3'), ('rowid = 2 AND idx = 3', ''), ('rowid > 1 AND idx < 3', '2'), ('oid IN (4, 1) ORDER BY 1', '1
4'));

-- ORDER BY, LIMIT, OFFSET, DISTINCT, GROUP BY, min and max
SELECT eq(rows('SELECT value FROM array_each(''[9,8,7,6,5]'') ' || column1), column2, column1)
  FROM (VALUES ('ORDER BY idx DESC', '5
6
7
8
9'), ('ORDER BY idx LIMIT 2', '9
8'), ('ORDER BY idx DESC LIMIT 2', '5
6'), ('LIMIT 2 OFFSET 3', '6
5'), ('ORDER BY rowid DESC LIMIT 1 OFFSET 1', '6'), ('WHERE idx > 1 ORDER BY idx DESC LIMIT 2 OFFSET 1', '6
7'), ('WHERE value > 6 AND idx > 1 LIMIT 1 OFFSET 1', '7'), ('LIMIT 0', ''), ('LIMIT -1 OFFSET 4', '5'),
    ('ORDER BY value LIMIT 2', '5
6'), ('ORDER BY idx, value', '9
8
7
6
5'), ('ORDER BY -idx LIMIT 1', '5'), ('WHERE idx IN (4, 2) ORDER BY idx', '8
6'), ('WHERE idx IN (4, 2) ORDER BY idx DESC LIMIT 1', '6'), ('WHERE value IN (6, 8) ORDER BY idx', '8
6'), ('ORDER BY idx NULLS LAST LIMIT 1', '9'));
SELECT eq(rows('SELECT DISTINCT idx FROM array_each(''[3,3]'') ORDER BY idx DESC'), '2
1', 'DISTINCT');
SELECT eq(rows('SELECT value, count(*) FROM array_each(''[3,1,3]'') GROUP BY value'), '1|1
3|2', 'GROUP BY value');
SELECT eq(rows('SELECT idx, count(*) FROM array_each(''[3,1]'') GROUP BY idx'), '1|1
2|1', 'GROUP BY idx');
SELECT eq(rows('SELECT min(idx), max(idx), min(value), max(value) FROM array_each(''[3,1,2]'')'), '1|3|1|3',
    'min and max');
SELECT eq(rows('SELECT max(idx) FROM array_each(''[3,1,2]'') WHERE value > 1'), '3', 'max under a condition');
SELECT eq(rows('SELECT idx, sum(value) OVER (ORDER BY idx DESC) FROM array_each(''[3,1,2]'')'), '3|2
2|3
1|6', 'a window');

-- What the planner says. Nothing is sorted where rows come in order.
CREATE TEMP TABLE plans(q, plan);
INSERT INTO plans VALUES ('', 'SCAN array_each VIRTUAL TABLE INDEX 0:'), ('WHERE idx = 1',
    'SCAN array_each VIRTUAL TABLE INDEX 1:idx=?'), ('WHERE rowid = 1',
    'SCAN array_each VIRTUAL TABLE INDEX 1:idx=?'), ('WHERE idx > 1', 'SCAN array_each VIRTUAL TABLE INDEX 2:idx>?'),
    ('WHERE idx BETWEEN 1 AND 2', 'SCAN array_each VIRTUAL TABLE INDEX 20:idx>=? AND idx<=?'), ('WHERE value = 3',
    'SCAN array_each VIRTUAL TABLE INDEX 32:value=?'), ('WHERE value < 3 AND idx < 2',
    'SCAN array_each VIRTUAL TABLE INDEX 264:idx<? AND value<?'), ('ORDER BY idx',
    'SCAN array_each VIRTUAL TABLE INDEX 0:ORDER BY idx'), ('ORDER BY idx DESC',
    'SCAN array_each VIRTUAL TABLE INDEX 1024:ORDER BY idx DESC'),
    ('WHERE idx >= 1 ORDER BY rowid DESC, value LIMIT 3',
    'SCAN array_each VIRTUAL TABLE INDEX 1028:idx>=? ORDER BY idx DESC'), ('WHERE idx <> 1',
    'SCAN array_each VIRTUAL TABLE INDEX 0:');
SELECT eq(substr(got, instr(got, 'SCAN')), plan, 'plan: ' || q)
  FROM (SELECT rows('EXPLAIN QUERY PLAN SELECT * FROM array_each(''[1,2,3]'') ' || q) AS got, * FROM plans);
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_each(''[1]'') ORDER BY value') LIKE
    '%TEMP B-TREE FOR ORDER BY%', 'other orders are sorted');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_each(''[1]'') WHERE idx IN (1, 2) ORDER BY idx') LIKE
    '%TEMP B-TREE FOR ORDER BY%', 'and so is what IN finds');
SELECT ok(rows('EXPLAIN SELECT count(*) FROM array_each(''[1]'') WHERE idx > 1 AND value = 2') NOT LIKE '%|VColumn|%',
    'SQLite need not compare again');

-- With other tables
CREATE TEMP TABLE t(id INTEGER PRIMARY KEY, a);
INSERT INTO t VALUES (1, array_of(10, 20)), (2, NULL), (3, '[]'), (4, '[30]'), (5, array_of(1000, 3, 1));
CREATE TEMP TABLE items(id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO items SELECT value, 'n' || value FROM array_each(array_series(1, 1000));
SELECT eq(rows('SELECT id, idx, value FROM t, array_each(t.a)'), '1|1|10
1|2|20
4|1|30
5|1|1000
5|2|3
5|3|1', 'an argument from a column');
SELECT eq(rows('SELECT id, idx, value FROM array_each(t.a), t WHERE idx = 2'), '1|2|20
5|2|3', 'which may come from a table to the right');
SELECT eq(rows('SELECT id, idx, value FROM t LEFT JOIN array_each(t.a) ON value < 30'), '1|1|10
1|2|20
2||
3||
4||
5|2|3
5|3|1', 'LEFT JOIN');
-- SQLite 3.40 says `no query solution`, 3.54 `table-function argument references tables to its right`.
SELECT throws('SELECT * FROM array_each(t.a) LEFT JOIN t', 'tion', 'LEFT JOIN fixes the order');
SELECT
    eq(rows('SELECT id, (SELECT max(value) FROM array_each(t.a)), (SELECT value FROM array_each(t.a) ORDER BY idx ' ||
    'DESC LIMIT 1) FROM t'),
    '1|20|20
2||
3||
4|30|30
5|1000|1', 'subqueries for each row');
SELECT eq(rows('SELECT id FROM t WHERE EXISTS (SELECT 1 FROM array_each(t.a) WHERE value = 3)'), '5', 'EXISTS');
SELECT eq(rows('SELECT id FROM t WHERE 20 IN (SELECT value FROM array_each(t.a))'), '1', 'IN, of each row');
SELECT eq(rows('SELECT id, e.value, f.value FROM t, array_each(t.a) AS e, array_each(t.a) AS f WHERE f.idx > e.idx'),
    '1|10|20
5|1000|3
5|1000|1
5|3|1', 'twice');
SELECT eq(rows('SELECT e.value FROM t, json_each(''["[1,2]","[3]"]'') AS j, array_each(j.value) AS e WHERE t.id = 1'),
    '1
2
3', 'the argument of each row, from another table-valued function');
SELECT eq(rows('SELECT name FROM items WHERE id IN (SELECT value FROM array_each(''[7,3,2000,7]''))'), 'n3
n7', 'id IN (SELECT value ...)');
SELECT
    ok(rows('EXPLAIN QUERY PLAN SELECT name FROM items WHERE id IN (SELECT value FROM array_each(''[7,3,2000,7]''))')
    LIKE '%SEARCH items USING INTEGER PRIMARY KEY%', 'looks each up');
SELECT eq(rows('SELECT name FROM items, array_each(''[7,3,7]'') WHERE id = value'), 'n7
n3
n7', 'as a join it keeps order and repetition');
CREATE TEMP TABLE homonym(array);
INSERT INTO homonym VALUES ('[6]');
SELECT eq((SELECT value FROM homonym, array_each(array)), 6, 'of a column that is called array');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT name FROM items, array_each(''[7,3,7]'') WHERE id = value') LIKE
    '%SCAN array_each%SEARCH items%', 'and drives the join');
SELECT
    eq(rows('SELECT items.id FROM items JOIN array_each(''[5,6]'') AS e ON items.name = ''n'' || e.value ORDER BY 1'),
    '5
6', 'a join on text');
SELECT
    eq(rows('WITH RECURSIVE r(n, a) AS (SELECT 1, array_of(1) UNION ALL SELECT n + 1, array_series(1, n + 1) FROM r ' ||
    'WHERE n < 4) SELECT n, sum(value) FROM r, array_each(r.a) GROUP BY n'),
    '1|1
2|3
3|6
4|10', 'in a recursive query');
SELECT eq((SELECT count(*) FROM array_each('[1,2]') a, array_each('[1,2]') b, array_each('[1,2]') c,
    array_each('[1,2]') d, array_each('[1,2]') e, array_each('[1,2]') f, array_each('[1,2]') g, array_each('[1,2]') h,
    array_each('[1,2]') i, array_each('[1,2]') j), 1024, 'many cursors');
SELECT eq((SELECT sum(value) FROM (SELECT array_of(i, i + 1, i + 2) AS a FROM (SELECT value AS i
  FROM array_each(array_series(1, 1000)))), array_each(a)), 1000 * 1001 / 2 * 3 + 3000,
    'arguments that are gone with their row');
SELECT
    eq(rows('SELECT length(a), count(*), sum(value) FROM (SELECT ''['' || value || '','' || (value * 2) || '']'' AS ' ||
    'a FROM array_each(''[1,10,100]'')), array_each(a) GROUP BY a'),
    '5|2|3
7|2|30
9|2|300', 'texts that are gone with their row');
CREATE TEMP VIEW v AS SELECT t.id, e.idx, e.value FROM t, array_each(t.a) AS e;
SELECT eq(rows('SELECT id, value FROM v WHERE idx = 1'), '1|10
4|30
5|1000', 'in a view');
CREATE TEMP TABLE copied AS SELECT * FROM array_each('[4,5]');
SELECT eq(rows('SELECT name, type FROM pragma_table_info(''copied'')'), 'idx|INT
value|INT', 'a table made from it has types');

-- Errors midway, and memory
SELECT throws('SELECT value FROM (VALUES (''[1]''), (''[2]''), (''[3'')) AS t, array_each(t.column1)',
    'array_each: argument 1 is not an array', 'an error in the third row');
CREATE TEMP TABLE memory AS SELECT value FROM array_memory WHERE name = 'live_bytes';
SELECT eq(count(*), 200000, 'a large array') FROM array_each(array_series(1, 200000));
SELECT
    throws('SELECT abs(value) FROM array_each(array_where(array_lt(array_series(1, 100000), 100000), 1, ' ||
    '-9223372036854775808))',
    'overflow', 'a statement that fails');
SELECT throws('SELECT value FROM (VALUES (array_series(1, 100000)), (1)) AS t, array_each(t.column1)', 'INTEGER given',
    'an argument that fails after another');
CREATE TEMP TABLE sizes(id INTEGER PRIMARY KEY, a);
INSERT INTO sizes(a) VALUES (array_of(1)), (array_series(1, 10000)), ('[1]'), (array_series(1, 30000)), (array_of()),
    ('[1,2]');
SELECT eq(rows('SELECT id, count(*), sum(value) FROM sizes, array_each(a) GROUP BY id'), '1|1|1
2|10000|50005000
3|1|1
4|30000|450015000
6|2|3', 'arguments that grow and shrink');
CREATE TEMP TABLE takes AS SELECT value FROM array_memory WHERE name = 'takes';
SELECT eq(count(*), 3000, 'a constant text in a join') FROM items CROSS JOIN array_each('[1,2,3]');
SELECT ok((SELECT value FROM array_memory WHERE name = 'takes') - value < 10, 'is parsed once') FROM takes;
SELECT eq((SELECT value FROM array_memory WHERE name = 'live_bytes'), value, 'leave nothing behind') FROM memory;
SELECT eq((SELECT count(*) FROM array_each(array_series(1, 3000000)) WHERE value = 2999999), 1,
    'a search that goes on in stretches');
SELECT eq((SELECT idx FROM array_each(array_series(1, 3000000)) WHERE value > 2099999 LIMIT 1), 2100000,
    'likewise for a range');
SELECT eq((SELECT idx FROM array_each(array_series(1, 3000000)) WHERE value = 700000 ORDER BY idx DESC LIMIT 1),
    700000, 'likewise backwards');
SELECT eq((SELECT group_concat(idx) FROM array_each(array_add(array_mod(array_series(0, 2999999), 1000), 1))
  WHERE value = 1000 AND idx > 2998000), '2999000,3000000', 'and from the middle');
SELECT done();
