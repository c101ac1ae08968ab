-- array_store: what may be declared, and what is refused; rowids at their end; commands.

-- Declarations
CREATE VIRTUAL TABLE names USING array_store(
	a, "b ""quoted""" , [c d] INT, 'e''f' integer, `g` , H9_$ INTEGER , größe	INT, chunk = 16 );
SELECT eq(group_concat(name, '|'), 'a|b "quoted"|c d|e''f|g|H9_$|größe', 'names as SQL writes them') FROM pragma_table_info('names');
INSERT INTO names VALUES (1, 2, 3, 4, 5, 6, 7);
SELECT eq(rows('SELECT * FROM names'), '1|2|3|4|5|6|7', 'a row');
SELECT throws(format('CREATE VIRTUAL TABLE bad USING array_store(%s)', column1), column2, column1 || ': ' || column2) FROM (VALUES
  ('', 'array_store: at least one column expected: bad'), ('chunk=5', 'array_store: at least one column expected: bad'), ('1, a', 'array_store: not the name of a column: 1'),
  ('""', 'array_store: not the name of a column: ""'), ('(a)', 'array_store: not the name of a column: (a)'), ('a TEXT', 'array_store: a column is an INTEGER and has no constraints: a TEXT'),
  ('a INTEGER PRIMARY KEY', 'no constraints: a INTEGER PRIMARY KEY'), ('a INTEGERS', 'no constraints: a INTEGERS'), ('a INT8', 'no constraints: a INT8'), ('a-b', 'no constraints: a-b'), ('a.b', 'no constraints: a.b'),
  ('a, size=5', 'array_store: unknown option: size=5'), ('a, "chunk"=5', 'array_store: unknown option: "chunk"=5'), ('a, chunk=5, chunk=5', 'array_store: option given twice: chunk=5'),
  ('a, chunk=0', 'array_store: chunk must be 1 to 1048576: chunk=0'), ('a, chunk=1048577', 'must be 1 to 1048576'), ('a, chunk=99999999999999999999', 'must be 1 to 1048576'), ('a, chunk=', 'must be 1 to 1048576'),
  ('a, chunk=-1', 'must be 1 to 1048576'), ('a, chunk=1 x', 'must be 1 to 1048576'), ('a, chunk=1/2', 'must be 1 to 1048576'), ('a, chunk=1=2', 'must be 1 to 1048576'), ('a, chunk=''5''', 'must be 1 to 1048576'),
  ('a, id', 'array_store: a column cannot have this name: id'), ('ROWID', 'array_store: a column cannot have this name: ROWID'), ('a, "_rowid_"', 'cannot have this name: _rowid_'), ('Bad', 'array_store: a column cannot have the name of the table: Bad'),
  ('a, b, A', 'array_store: column given twice: A'), ('a, b, B_min', 'array_store: this name is taken by the figures of another column: B_min'), ('a_MAX, a', 'this name is taken by the figures of another column: a_MAX'));
CREATE VIRTUAL TABLE alike USING array_store(a, a_, a_mi, a_minimum, aa_max, b_min, max, _min, chunk=1048576);
INSERT INTO alike VALUES (1, 2, 3, 4, 5, 6, 7, 8);
SELECT eq(rows('SELECT * FROM alike'), '1|2|3|4|5|6|7|8', 'names that only look like figures');

-- Rows
CREATE VIRTUAL TABLE t USING array_store(a, b, chunk=4);
SELECT throws('INSERT INTO t(a, b) VALUES (' || column1 || ')', iif(column2 LIKE 'NOT NULL%', '', 'array_store: ') || column2, column1) FROM (VALUES
  ('NULL, 1', 'NOT NULL constraint failed: t.a'), ('1, NULL', 'NOT NULL constraint failed: t.b'), ('1, ''x''', 't.b is an array and t.a is not'), ('1, 1.5', 't.b is not an integer (1.5 given)'), ('1e30, 1', 't.a is not an integer (1*e+30 given)'),
  ('-9223372036854775808.0, 1', 't.a is not an integer (-9.22*e+18 given)'), ('1, x''00''', 't.b is an array and t.a is not'), ('1, ''[1]''', 't.b is an array and t.a is not'), ('''[1]'', 1', 't.a is an array and t.b is not'),
  ('''[1]'', NULL', 'NOT NULL constraint failed: t.b'), ('''[1,2]'', ''[1]''', 'length mismatch: 2 in t.a and 1 in t.b'), ('''[1'', ''[1]''', 't.a is not an array (*'), ('''[1]'', array_of(1) || x''00''', 't.b is not an array (*'));
SELECT throws('INSERT INTO t(rowid, a, b) VALUES (' || column1 || ')', column2, 'rowid ' || column1) FROM (VALUES
  ('''x'', 1, 1', 'datatype mismatch'), ('1.5, 1, 1', 'datatype mismatch'), ('1, ''[1]'', ''[1]''', 'array_store: rows given as arrays cannot be given a rowid'));
INSERT INTO t VALUES (1.0, -2.0), (3, 4);
INSERT INTO t VALUES ('[]', '[]');
SELECT eq(rows('SELECT rowid, * FROM t'), '1|1|-2
2|3|4', 'none of them; integers as doubles; arrays of none');
SELECT throws('UPDATE t SET b = ''x''', 'array_store: t.b is not an integer (TEXT given)', 'an update'), throws('UPDATE t SET rowid = ''x''', 'array_store: the rowid of t is not an integer (TEXT given)', 'of the rowid'),
       throws('UPDATE t SET rowid = 2 WHERE rowid = 1', 'UNIQUE constraint failed: t.rowid', 'to one that is taken'), throws('INSERT INTO t(rowid, a, b) VALUES (2, 0, 0)', 'UNIQUE constraint failed: t.rowid', 'a rowid that is taken'),
       throws('UPDATE t SET a = ''[1]''', 'array_store: t.a is not an integer (TEXT given)', 'arrays are no update');
INSERT OR IGNORE INTO t(rowid, a, b) VALUES (2, 0, 0), (9, 9, 9);
UPDATE OR REPLACE t SET rowid = 2, b = 7 WHERE rowid = 1;
INSERT OR REPLACE INTO t(rowid, a, b) VALUES (9, 10, 11);
SELECT eq(rows('SELECT rowid, * FROM t'), '2|1|7
9|10|11', 'conflict clauses');

-- The largest rowid
INSERT INTO t(rowid, a, b) VALUES (9223372036854775806, 1, 1);
SELECT throws('INSERT INTO t VALUES (''[1,2]'', ''[1,2]'')', 'array_store: no rowid is free in t', 'more rows than rowids behind the last');
INSERT INTO t VALUES ('[3]', '[4]');
SELECT eq(last_insert_rowid(), 9223372036854775807, 'the last one');
SELECT throws('INSERT INTO t VALUES (''[1]'', ''[1]'')', 'array_store: no rowid is free in t', 'none behind it');
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
8', 'backwards'), eq((SELECT group_concat(a) FROM t WHERE rowid > 9223372036854775806), '3', 'behind the last but one'), eq((SELECT count(*) FROM t WHERE rowid < -9223372036854775808), 0, 'before the first');

-- Sets
CREATE VIRTUAL TABLE s USING array_store(a, b, chunk=16);
INSERT INTO s SELECT value, value % 5 FROM array_each(array_series(1, 200));
CREATE TABLE s_plain AS SELECT rowid AS id, * FROM s;
SELECT eq(rows('SELECT a FROM s WHERE ' || column1), rows('SELECT a FROM s_plain AS s WHERE ' || replace(column1, 'rowid', 'id')), column1) FROM (VALUES
  ('a IN (3, 5, 5, 199, 7, 1000)'), ('a IN (''x'', NULL, 1.5)'), ('a IN (''x'', NULL, 7, 7.0, 8.5)'), ('a IN (SELECT value * 3 FROM array_each(array_series(1, 100)))'), ('a IN (SELECT a FROM s_plain WHERE 0)'),
  ('a IN (3, 4, 150) AND a > 3'), ('a IN (3, 4, 150) AND a BETWEEN 4 AND 100 AND b IN (0, 4)'), ('rowid IN (1, 100, 500) AND b IN (0, 1)'), ('a IN (10, 20, 30) AND a IN (20, 30, 40)'), ('a IN (150, 160) AND rowid < 155'));
SELECT eq((SELECT count(*) FROM s WHERE s = 5), 0, 'the column of commands is NULL'), eq((SELECT count(*) FROM s WHERE s IS NULL AND a < 4), 3, 'always');

-- Commands
SELECT throws('INSERT INTO s(s) VALUES (' || column1 || ')', 'array_store: unknown command ''' || column2 || ''', expected ''optimize'', ''merge=N'' with N from 1, or ''integrity-check''', column1) FROM (VALUES
  ('''optimise''', 'optimise'), ('''merge=0''', 'merge=0'), ('''merge=''', 'merge='), ('''merge=1x''', 'merge=1x'), ('''merge=-1''', 'merge=-1'), ('''merge=1/2''', 'merge=1/2'), ('''merge=99999999999''', 'merge=99999999999'), ('''merge''', 'merge'), ('5', '5'));
SELECT throws('INSERT INTO s(a, s) VALUES (1, ''optimize'')', 'array_store: a command is inserted into the column s alone', 'with a value'), throws('INSERT INTO s(rowid, s) VALUES (1, ''optimize'')', 'array_store: a command is inserted into the column s alone', 'with a rowid');
DELETE FROM s WHERE a % 4 > 0;
INSERT INTO s(s) VALUES ('MERGE=2'), ('merge=2147483647'), ('Optimize'), ('integrity-check');
SELECT eq((SELECT count(*) || ' ' || sum(a) FROM s), '50 5100', 'all rows are there'), eq((SELECT count(*) FROM s_chunks), 4, 'in fewer chunks');
SELECT done();
