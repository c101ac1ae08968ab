-- array_store: what may be declared, and what is refused; rowids at their end; commands.
SELECT plan(162);

-- Declarations
CREATE VIRTUAL TABLE names USING array_store(
	a, "b ""quoted""" , [c d] INT, 'e''f' integer, `g` , H9_$ INTEGER , größe	INT, chunk = 16 );
SELECT eq(group_concat(name, '|'), 'a|b "quoted"|c d|e''f|g|H9_$|größe', 'names as SQL writes them')
    FROM pragma_table_info('names');
INSERT INTO names VALUES (1, 2, 3, 4, 5, 6, 7);
SELECT eq(rows('SELECT * FROM names'), '1|2|3|4|5|6|7', 'a row');
SELECT throws(format('CREATE VIRTUAL TABLE bad USING array_store(%s)', column1), column2, column1 || ': ' || column2)
    FROM (VALUES
  ('', 'array_store: at least one column expected: bad'), ('chunk=5',
      'array_store: at least one column expected: bad'), ('1, a', 'array_store: not the name of a column: 1'),
  ('(a)', 'array_store: not the name of a column: (a)'), ('5', 'array_store: not the name of a column: 5'),
  ('a, size=5', 'array_store: unknown option: size=5'), ('a, "chunk"=5', 'array_store: unknown option: "chunk"=5'),
      ('a, chunk=5, chunk=5', 'array_store: option given twice: chunk=5'),
  ('a, chunk=0', 'array_store: chunk must be 1 to 1048576: chunk=0'), ('a, chunk=1048577', 'must be 1 to 1048576'),
      ('a, chunk=99999999999999999999', 'must be 1 to 1048576'), ('a, chunk=', 'must be 1 to 1048576'),
  ('a, chunk=-1', 'must be 1 to 1048576'), ('a, chunk=1 x', 'must be 1 to 1048576'),
      ('a, chunk=1/2', 'must be 1 to 1048576'), ('a, chunk=1=2', 'must be 1 to 1048576'),
      ('a, chunk=''5''', 'must be 1 to 1048576'),
  ('a, chunk_id', 'array_store: names that begin with chunk_ are reserved for NAME_chunks: chunk_id'),
      ('"Chunk_"', 'are reserved for NAME_chunks: Chunk_'), ('Bad',
      'array_store: a column cannot have the name of the table: Bad'),
  ('a, b, A', 'array_store: column given twice: A'), ('a, b, B_min',
      'array_store: NAME_chunks has this name for the min or max of another column: B_min'),
      ('a_MAX, a', 'NAME_chunks has this name for the min or max of another column: a_MAX'));
SELECT throws(format('CREATE VIRTUAL TABLE bad USING array_store(a %s)', column1),
    'array_store: column a: after its name a type of INTEGER affinity (one that contains INT) and NOT NULL are ' ||
    'allowed, this is not: ' || column2, column1) FROM (VALUES
  ('TEXT', 'TEXT'), ('REAL NOT NULL', 'REAL NOT NULL'), ('-b', '-b'), ('|b', '|b'), ('.b', '.b'), ('NULL', 'NULL'),
      ('NOT', 'NOT'), ('NOT INT', 'NOT INT'), ('INTEGER PRIMARY KEY', 'PRIMARY KEY'), ('INT UNIQUE', 'UNIQUE'),
      ('INT CHECK (a > 0)', 'CHECK (a > 0)'),
  ('INT DEFAULT 5', 'DEFAULT 5'), ('NOT NULL DEFAULT 5', 'DEFAULT 5'), ('DEFAULT "INT"', 'DEFAULT "INT"'),
      ('INT COLLATE nocase', 'COLLATE nocase'), ('INT REFERENCES t', 'REFERENCES t'), ('INT AS (5)', 'AS (5)'),
      ('INT GENERATED ALWAYS AS (5)', 'GENERATED ALWAYS AS (5)'),
  ('INT CONSTRAINT c NOT NULL', 'CONSTRAINT c NOT NULL'), ('INT NULL', 'NULL'),
      ('INT NOT NULL ON CONFLICT IGNORE', 'ON CONFLICT IGNORE'), ('INT NOT NULL NOT NULL', 'NOT NULL'),
      ('INT HIDDEN', 'HIDDEN'), ('hidden int', 'hidden int'), ('INT()', '()'), ('INT(x)', '(x)'), ('IN T', 'IN T'),
      ('(5)', '(5)'));
SELECT throws(format('CREATE VIRTUAL TABLE bad USING array_store(a %s)', column1),
    'array_store: near *: syntax error', column1) FROM (VALUES ('INT(1,2,3)'), ('INT SELECT'));

-- Types and NOT NULL are what SQLite shows of the columns; all names that a table may have.
CREATE VIRTUAL TABLE types USING array_store(a BIGINT, b /* of b */ unsigned big INT(10) not -- never
  null, c NOT NULL, d INT ( -5, +3 ), e "big int" NOT NULL, NULL INT);
SELECT eq(rows('SELECT name, type, "notnull" FROM pragma_table_info(''types'')'), 'a|BIGINT|1
b|unsigned big INT (10)|1
c|INTEGER|1
d|INT ( -5, +3 )|1
e|big int|1
NULL|INT|1', 'types; no column holds NULL');
CREATE VIRTUAL TABLE t USING array_store(id, value, first, last, n, "order", rowids, arrays, base, step, chunk INT,
    "", ts INTEGER, price INT NOT NULL, chunk=3);
INSERT INTO t(id, value, first, last, n, "order", rowids, arrays, base, step, chunk, "", ts, price) SELECT value, 2,
    3, 4, 5, -value, 7, 8, 9, 10, 11, 12, 13, 14 FROM array_each(array_series(1, 7));
UPDATE t SET n = 50 WHERE id = 3;
INSERT INTO t(t) VALUES ('integrity-check');
SELECT eq(rows('SELECT * FROM t WHERE id = 3'), '3|2|3|4|50|-3|7|8|9|10|11|12|13|14', 'a row'),
    eq((SELECT group_concat(n) FROM t WHERE "order" < -1 AND "" = 12 AND id < 6), '5,50,5,5', 'names'),
    throws('INSERT INTO t(price) VALUES (NULL)', 'NOT NULL constraint failed: t.*', 'no NULL');
DROP TABLE t;
CREATE VIRTUAL TABLE r USING array_store(rowid, "oid", _rowid_, chunk=2);
INSERT INTO r VALUES (30, 20, 10), (31, 21, 11), (32, 22, 12);
DELETE FROM r WHERE rowid = 31;
SELECT eq(rows('SELECT rowid, oid, _rowid_ FROM r'), '30|20|10
32|22|12', 'names of the rowid are those of columns, as in a table');
CREATE VIRTUAL TABLE alike USING array_store(a, a_, a_mi, a_minimum, aa_max, b_min, max, _min, chunk=1048576);
INSERT INTO alike VALUES (1, 2, 3, 4, 5, 6, 7, 8);
SELECT eq(rows('SELECT * FROM alike'), '1|2|3|4|5|6|7|8', 'names that only look like those of min and max');

-- Rows
CREATE VIRTUAL TABLE t USING array_store(a, b, chunk=4);
SELECT throws('INSERT INTO t(a, b) VALUES (' || column1 || ')', iif(column2 LIKE 'NOT NULL%', '', 'array_store: ')
    || column2, column1) FROM (VALUES
  ('NULL, 1', 'NOT NULL constraint failed: t.a'), ('1, NULL', 'NOT NULL constraint failed: t.b'),
      ('1, ''x''', 't.b is not an integer (''x'' given)'), ('1, ''[x''',
      't.b is not an integer, as t.a is (TEXT given)'), ('1, 1.5', 't.b is not an integer (1.5 given)'),
      ('1e30, 1', 't.a is not an integer (1*e+30 given)'),
  ('-9223372036854775808.0, 1', 't.a is not an integer (-9.22*e+18 given)'),
      ('1, x''00''', 't.b is not an integer, as t.a is (BLOB given)'),
      ('1, ''[1]''', 't.b is not an integer, as t.a is (TEXT given)'),
      ('''[1]'', 1', 't.b is not an array, as t.a is (INTEGER given)'),
  ('''[1]'', NULL', 'NOT NULL constraint failed: t.b'), ('''[1,2]'', ''[1]''',
      'length mismatch: 2 in t.a and 1 in t.b'), ('''[1'', ''[1]''', 't.a is not an array (*'),
      ('''[1]'', array_of(1) || x''00''', 't.b is not an array, as t.a is (TEXT given)'),
      ('''[1]'', CAST(array_of(1) || x''00'' AS BLOB)', 't.b is not an array (*'));
SELECT throws('INSERT INTO t(rowid, a, b) VALUES (' || column1 || ')', column2, 'rowid ' || column1) FROM (VALUES
  ('''x'', 1, 1', 'datatype mismatch'), ('1.5, 1, 1', 'datatype mismatch'),
      ('1, ''[1]'', ''[1]''', 'array_store: rows given as arrays cannot be given a rowid'));
INSERT INTO t VALUES (1.0, -2.0), (3, 4);
INSERT INTO t VALUES ('[]', '[]');
SELECT eq(rows('SELECT rowid, * FROM t'), '1|1|-2
2|3|4', 'none of them; integers as doubles; arrays of none');
SELECT throws('UPDATE t SET b = ''x''', 'array_store: t.b is not an integer (''x'' given)', 'an update'),
    throws('UPDATE t SET rowid = ''x''', 'array_store: the rowid of t is not an integer (TEXT given)', 'of the rowid'),
       throws('UPDATE t SET rowid = 2 WHERE rowid = 1', 'UNIQUE constraint failed: t.rowid', 'to one that is taken'),
       throws('INSERT INTO t(rowid, a, b) VALUES (2, 0, 0)', 'UNIQUE constraint failed: t.rowid',
       'a rowid that is taken'),
       throws('UPDATE t SET a = ''[1]''', 'array_store: t.a is not an integer (''[[]1]'' given)',
       'arrays are no update');
INSERT OR IGNORE INTO t(rowid, a, b) VALUES (2, 0, 0), (9, 9, 9);
UPDATE OR REPLACE t SET rowid = 2, b = 7 WHERE rowid = 1;
INSERT OR REPLACE INTO t(rowid, a, b) VALUES (9, 10, 11);
SELECT eq(rows('SELECT rowid, * FROM t'), '2|1|7
9|10|11', 'conflict clauses');

-- The largest rowid
INSERT INTO t(rowid, a, b) VALUES (9223372036854775806, 1, 1);
BEGIN;
INSERT INTO t VALUES ('[70,71,72]', '[1,2,3]');
SELECT eq((SELECT a FROM t WHERE rowid = last_insert_rowid()), 72, 'more rows than rowids behind the last');
SELECT eq((SELECT group_concat(a || ' ' || b || ' ' || (rowid BETWEEN 1 AND 9223372036854775806), '|')
    FROM (SELECT rowid, * FROM t WHERE a >= 70 ORDER BY a)), '70 1 0|71 2 1|72 3 1', 'the others are anywhere');
ROLLBACK;
INSERT INTO t VALUES ('[3]', '[4]');
SELECT eq(last_insert_rowid(), 9223372036854775807, 'the last one');
INSERT INTO t VALUES (5, 6);
SELECT eq(last_insert_rowid() BETWEEN 1 AND 9223372036854775806, 1, 'a row gets one of the others');
SELECT eq((SELECT a FROM t WHERE rowid = last_insert_rowid()), 5, 'and is found by it');
INSERT INTO t(rowid, a, b) VALUES (-9223372036854775808, 8, 8);
DELETE FROM t WHERE rowid > 5 AND rowid < 9223372036854775806;
SELECT eq(rows('SELECT rowid, * FROM t'), '-9223372036854775808|8|8
2|1|7
9223372036854775806|1|1
9223372036854775807|3|4', 'both ends'), eq(rows('SELECT a FROM t ORDER BY rowid DESC'), '3
1
1
8', 'backwards'), eq((SELECT group_concat(a) FROM t WHERE rowid > 9223372036854775806), '3',
    'behind the last but one'), eq((SELECT count(*) FROM t WHERE rowid < -9223372036854775808), 0, 'before the first');

-- Sets
CREATE VIRTUAL TABLE s USING array_store(a, b, chunk=16);
INSERT INTO s SELECT value, value % 5 FROM array_each(array_series(1, 200));
CREATE TABLE s_plain AS SELECT rowid AS id, * FROM s;
SELECT eq(rows('SELECT a FROM s WHERE ' || column1), rows('SELECT a FROM s_plain AS s WHERE ' || replace(column1,
    'rowid', 'id')), column1) FROM (VALUES
  ('a IN (3, 5, 5, 199, 7, 1000)'), ('a IN (''x'', NULL, 1.5)'), ('a IN (''x'', NULL, 7, 7.0, 8.5)'),
      ('a IN (SELECT value * 3 FROM array_each(array_series(1, 100)))'), ('a IN (SELECT a FROM s_plain WHERE 0)'),
  ('a IN (3, 4, 150) AND a > 3'), ('a IN (3, 4, 150) AND a BETWEEN 4 AND 100 AND b IN (0, 4)'),
      ('rowid IN (1, 100, 500) AND b IN (0, 1)'), ('a IN (10, 20, 30) AND a IN (20, 30, 40)'),
      ('a IN (150, 160) AND rowid < 155'), ('rowid IN (1, 100, 150) AND rowid > 160'));
SELECT eq((SELECT count(*) FROM s WHERE s = 5), 0, 'the column of commands is NULL'),
    eq((SELECT count(*) FROM s WHERE s IS NULL AND a < 4), 3, 'always');

-- Commands
SELECT throws('INSERT INTO s(s) VALUES (' || column1 || ')', 'array_store: unknown command ''' || column2
    || ''', expected ''optimize'', ''merge=N'' with N from 1, or ''integrity-check''', column1) FROM (VALUES
  ('''optimise''', 'optimise'), ('''merge=0''', 'merge=0'), ('''merge=''', 'merge='), ('''merge=1x''', 'merge=1x'),
      ('''merge=-1''', 'merge=-1'), ('''merge=1/2''', 'merge=1/2'), ('''merge=99999999999''', 'merge=99999999999'),
      ('''merge=2147483648''', 'merge=2147483648'), ('''merge''', 'merge'), ('5', '5'));
SELECT throws('INSERT INTO s(a, s) VALUES (1, ''optimize'')',
    'array_store: a command is inserted into the column s alone', 'with a value'),
    throws('INSERT INTO s(rowid, s) VALUES (1, ''optimize'')',
    'array_store: a command is inserted into the column s alone', 'with a rowid');
DELETE FROM s WHERE a % 4 > 0;
INSERT INTO s(s) VALUES ('MERGE=2'), ('merge=2147483647'), ('Optimize'), ('integrity-check');
SELECT eq((SELECT count(*) || ' ' || sum(a) FROM s), '50 5100', 'all rows are there'),
    eq((SELECT count(*) FROM s_chunks), 4, 'in fewer chunks');

-- The same statements, in one transaction each, with stores of small chunks and large ones, and with a table
CREATE VIRTUAL TABLE small USING array_store(a, chunk=4);
CREATE VIRTUAL TABLE large USING array_store(a, chunk=1000);
CREATE TABLE plain(a INTEGER);
CREATE TABLE todo(name TEXT, sql TEXT);
INSERT INTO todo VALUES
  ('a row between others is deleted before it has been written',
      'INSERT INTO @(rowid, a) VALUES (2, 2), (4, 4), (6, 6), (8, 8); INSERT INTO @(rowid, a) VALUES (3, 3); INSERT ' ||
      'INTO @(rowid, a) VALUES (7, 7); INSERT INTO @(rowid, a) VALUES (5, 5); DELETE FROM @ WHERE rowid = 7; DELETE ' ||
      'FROM @ WHERE rowid = 5'),
  ('a row at the end, where the last of the others is gone',
      'INSERT INTO @(rowid, a) VALUES (2, 2), (4, 4), (6, 6); INSERT INTO @(rowid, a) VALUES (3, 3); DELETE FROM @ ' ||
      'WHERE rowid = 6; INSERT INTO @(a) VALUES (9)'),
  ('.. where all of the others are',
      'INSERT INTO @(rowid, a) VALUES (2, 2), (6, 6); INSERT INTO @(rowid, a) VALUES (3, 3); DELETE FROM @ WHERE ' ||
      'rowid = 6; DELETE FROM @ WHERE rowid = 2; INSERT INTO @(a) VALUES (9)'),
  ('many rows between others',
      'INSERT INTO @(rowid, a) SELECT 2 * value, value FROM array_each(array_series(1, 400)); INSERT INTO @(rowid, ' ||
      'a) SELECT 801 - 2 * value, -value FROM array_each(array_series(1, 300))'),
  ('the only row moves',
      'INSERT INTO @(rowid, a) VALUES (2, 2), (4, 4); DELETE FROM @ WHERE rowid = 2; UPDATE @ SET rowid = 3 WHERE ' ||
      'rowid = 4'),
  ('a chunk is split where it began',
      'INSERT INTO @(rowid, a) VALUES (10, 1), (11, 2); SAVEPOINT w; RELEASE w; INSERT INTO @(rowid, a) VALUES (8, ' ||
      '3); INSERT INTO @(rowid, a) VALUES (5, 4); INSERT INTO @(rowid, a) VALUES (6, 5); INSERT INTO @(rowid, a) ' ||
      'VALUES (7, 5)'),
  ('before a full chunk at the end',
      'INSERT INTO @(rowid, a) VALUES (7, 1), (8, 2), (9, 3), (10, 4); SAVEPOINT w; RELEASE w; INSERT INTO @(rowid, ' ||
      'a) VALUES (20, 5), (21, 6), (22, 7), (23, 8), (15, 9), (14, 10)'),
  ('.. behind one that is not full',
      'INSERT INTO @(rowid, a) VALUES (7, 1), (8, 2); SAVEPOINT w; RELEASE w; INSERT INTO @(rowid, a) VALUES (20, ' ||
      '5), (21, 6), (22, 7), (23, 8), (15, 9), (14, 10)'),
  ('.. the only one', 'INSERT INTO @(rowid, a) VALUES (20, 5), (21, 6), (22, 7), (23, 8), (15, 9), (14, 10)'),
  ('one row of IN',
      'INSERT INTO @(rowid, a) VALUES (2, 2), (4, 4); INSERT INTO @(a) VALUES (5); SELECT a FROM @ WHERE rowid IN ' ||
      '(SELECT 5); SELECT a FROM @ WHERE rowid IN (SELECT 3)'),
  ('a row that is being deleted is gone',
      'INSERT INTO @(a) VALUES (1), (2), (3), (4), (5); DELETE FROM @ WHERE rowid > 2 AND rows(''DELETE FROM @ ' ||
      'WHERE rowid > 3'') = '''''),
  ('a row that is being changed is gone',
      'INSERT INTO @(a) VALUES (1), (2), (3), (4), (5); UPDATE @ SET a = 7 WHERE rowid = 2 AND rows(''DELETE FROM ' ||
      '@'') = ''''');
INSERT INTO todo SELECT 'room where most rows are gone',
    'INSERT INTO @(a) SELECT value FROM array_each(array_series(1, 64)); '
    || group_concat('DELETE FROM @ WHERE rowid = ' || value, ';')
  || '; INSERT INTO @(a) VALUES (1); INSERT INTO @(a) VALUES (2)' FROM array_each(array_series(1, 40));
UPDATE todo SET sql = 'DELETE FROM @; BEGIN; ' || sql
    || '; SELECT rowid, a FROM @; COMMIT; SELECT count(*), sum(a) FROM @';
SELECT eq(rows(replace(sql, '@', 'small') || '; INSERT INTO small(small) VALUES (''integrity-check'')'),
    rows(replace(sql, '@', 'plain')), name),
       eq(rows(replace(sql, '@', 'large') || '; INSERT INTO large(large) VALUES (''integrity-check'')'),
       rows(replace(sql, '@', 'plain')), name || ', a large chunk') FROM todo;

-- Messages are whole, however long the names are.
CREATE TEMP TABLE long_names(name);
INSERT INTO long_names VALUES ('x' || replace(hex(zeroblob(200)), '00', 'ä')), (replace(hex(zeroblob(400)), '00', 'ö'));
SELECT eq(rows(format('CREATE VIRTUAL TABLE "%w" USING array_store(a)', name)), '', 'a store with a long name'),
    throws(format('INSERT INTO "%w" VALUES (''five'')', name), '.a is not an integer (''five'' given)', 'its message')
    FROM long_names;

-- A full chunk for which NAME_config gets a larger one is not written as if it were stored, too.
CREATE VIRTUAL TABLE tampered USING array_store(a, chunk=4);
INSERT INTO tampered VALUES (array_of(1, 2));
BEGIN;
INSERT INTO tampered VALUES (3);
INSERT INTO tampered VALUES (4);
INSERT INTO tampered VALUES (5);
INSERT INTO tampered VALUES (6);
UPDATE tampered_config SET chunk = 1000;
INSERT INTO tampered VALUES (7);
COMMIT;
INSERT INTO tampered(tampered) VALUES ('integrity-check');
SELECT eq(rows('SELECT rowid, a FROM tampered'), rows('SELECT idx, value FROM array_each(array_series(1, 7))'),
    'NAME_config is changed while a chunk is full');

-- Where all rows go: SQLite takes its own table for damaged.
INSERT INTO small(a) VALUES (6), (7);
DELETE FROM small WHERE rowid = (SELECT max(rowid) FROM small) AND rows('DELETE FROM small') = '';
SELECT eq((SELECT count(*) FROM small), 0, 'the row that is being deleted, and all others, are gone');

-- A chunk takes in those before it if it becomes so many times larger.
CREATE VIRTUAL TABLE grown USING array_store(a, chunk=1000);
INSERT INTO grown VALUES (array_series(1, 10));
INSERT INTO grown VALUES (array_series(11, 160));
SELECT eq(rows('SELECT chunk_first, chunk_rows FROM grown_chunks'), '1|160', 'sixteen times');
INSERT INTO grown VALUES (array_series(161, 400));
SELECT eq(rows('SELECT chunk_first, chunk_rows FROM grown_chunks'), '1|160
161|240', 'less than that');

-- Rows come before a stored chunk until it is full, and then between them: its stored form is behind those that stay.
CREATE VIRTUAL TABLE front USING array_store(a, chunk=3);
BEGIN;
INSERT INTO front(rowid, a) VALUES (45, 7);
SAVEPOINT stored;
INSERT INTO front(rowid, a) VALUES (19, 3), (28, 5), (25, 1);
SELECT eq(rows('SELECT rowid, a FROM front'), '19|3
25|1
28|5
45|7', 'before it is written'), eq(rows('SELECT chunk_first, chunk_last FROM front_chunks'), '19|25
28|45', 'in chunks');
COMMIT;
INSERT INTO front(front) VALUES ('integrity-check');
SELECT eq(rows('SELECT chunk_first, chunk_rows FROM front_chunks ORDER BY chunk_first DESC'), '28|2
19|2', 'written');

-- More rows to be tested than one block has
CREATE VIRTUAL TABLE long USING array_store(a);
INSERT INTO long SELECT value % 1500 FROM array_each(array_series(0, 4499));
SELECT eq(rows('SELECT rowid FROM long WHERE a = 7'), '8
1508
3008', 'three rows'), eq(rows('SELECT rowid FROM long WHERE a = 7 ORDER BY rowid DESC'), '3008
1508
8', 'backwards'), eq((SELECT count(*) FROM long WHERE a >= 10 AND a < 1400), 4170, 'most rows');
SELECT done();
