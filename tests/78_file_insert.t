-- needs SQLite 3.40
-- INSERT INTO array_file: the rows that a transaction gives a path become that file.
SELECT plan(54);
CREATE TEMP TABLE at AS SELECT env('BUILD') || '/tests/78_' AS dir;
CREATE TEMP VIEW files AS SELECT name, array_concat_agg(value) AS elements FROM at,
    (SELECT column1 AS name FROM (VALUES ('a.npy'), ('b.npy'), ('c.npy'))), array_file(dir || name) GROUP BY name;
CREATE TEMP TABLE old AS SELECT array_file_write(dir || 'a.npy', '[1,2,3]'), array_file_write(dir || 'b.npy', '[]'),
    array_file_write(dir || 'c.npy', '[]') FROM at;
SELECT eq(array_file_write(dir || 'ten.npy', array_series(1, 10)), 208, 'ten elements') FROM at;

-- One file from many rows, by one statement
INSERT INTO array_file(path, value) SELECT dir || 'agg.npy', value FROM at,
    array_file_read(dir || 'ten.npy', 'int64', 3);
SELECT eq(changes(), 4, 'four rows'), eq(readfile(dir || 'agg.npy'), readfile(dir || 'ten.npy'), 'the same file')
    FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'agg.npy', array_neg(value) FROM at,
    array_file(dir || 'ten.npy', 'int64', 3);
SELECT eq((SELECT value FROM array_file(dir || 'agg.npy')), array_neg(array_series(1, 10)),
    'read through the table that is written') FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'ten.npy', array_add(value, 1) FROM at,
    array_file(dir || 'ten.npy', 'int64', 3);
INSERT INTO array_file(path, value) SELECT dir || 'ten.npy', array_sub(value, 1) FROM at,
    array_file_read(dir || 'ten.npy', 'int64', 3);
SELECT eq(readfile(dir || 'ten.npy'), array_to_npy(array_series(1, 10)),
    'a file read and written by one statement, both ways') FROM at;
INSERT INTO array_file(path, value, dtype) SELECT dir || 'agg', value, 'INT8' FROM at,
    array_file(dir || 'ten.npy', 'int64', 3);
SELECT eq(readfile(dir || 'agg'), x'0102030405060708090A', 'packed integers') FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'agg.npy', value FROM at, array_file(dir || 'ten.npy') WHERE idx > 1;
SELECT eq(array_file_length(dir || 'agg.npy'), 10, 'no rows write no file') FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'agg.npy', '[]' FROM at;
SELECT eq(readfile(dir || 'agg.npy'), array_to_npy('[]'), 'a row of no elements writes one'),
    eq(last_insert_rowid(), 1, 'the rowid is idx') FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'large.npy', array_series(value, value + 49999) FROM at,
    array_each('[1,1000000,5000000000]');
SELECT eq((SELECT sum(array_sum(value)) FROM array_file(dir || 'large.npy')), 250053749975000,
    'rows larger than the buffer'),
       eq(last_insert_rowid(), 100001, 'the rowid is idx') FROM at;
-- Bytes that are copied and bytes that are converted, rows smaller and larger than the buffer, in every order
INSERT INTO array_file(path, value, dtype) SELECT dir || 'mixed' || w,
    iif(value % 2, array_fill(n, 7), array_fill(n, -3000000000)), 'int64'
  FROM at, array_each('[1,2,3,4]'), (SELECT 0 AS w, 1 AS n UNION ALL SELECT 1, 32767 UNION ALL SELECT 2, 32768
      UNION ALL SELECT 3, 100001);
SELECT eq((SELECT array_to_json(array_runs_json) FROM (SELECT array_agg(length * sign(value)) AS array_runs_json
    FROM array_runs(
          (SELECT array_concat_agg(value) FROM array_file(dir || 'mixed' || w, 'int64'))))),
          format('[%d,%d,%d,%d]', n, -n, n, -n), n || ' elements a row')
  FROM at, (SELECT 0 AS w, 1 AS n UNION ALL SELECT 1, 32767 UNION ALL SELECT 2, 32768 UNION ALL SELECT 3, 100001);

-- Several files, by one statement and by many; one file by several names
INSERT INTO array_file(path, value, dtype) SELECT dir || 'odd' || (value % 2), array_of(value),
    iif(value < 3, 'int8', NULL) FROM at, array_each(array_series(1, 7));
SELECT eq(hex(readfile(dir || 'odd0')) || ' ' || hex(readfile(dir || 'odd1')), '020406 01030507',
    'each row into its file; its dtype is that of the first') FROM at;
BEGIN;
INSERT INTO array_file(path, value) SELECT dir || 'b.npy', '[1,2]' FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'c.npy', '{3}' FROM at;
INSERT INTO array_file(path, value) SELECT replace(dir, '/tests/', '/tests/../tests/./') || 'b.npy', array_of(4, 5)
    FROM at;
SELECT eq(array_file_length(dir || 'b.npy') + array_file_length(dir || 'c.npy'), 0, 'nothing is there before COMMIT')
    FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[9]' FROM at;
SELECT eq((SELECT group_concat(array_to_json(elements)) FROM (SELECT array_concat_agg(value) AS elements FROM at,
    array_file(dir || 'a.npy'))), '[1,2,3]', 'the old file is');
COMMIT;
SELECT eq(group_concat(name || array_to_json(elements), ' '), 'a.npy[9] b.npy[1,2,4,5] c.npy[3]', 'all at COMMIT')
    FROM files;
INSERT INTO array_file(path, value) SELECT dir || 'b.npy', '[6]' FROM at;
SELECT eq(array_file_length(dir || 'b.npy'), 1, 'anew in the next transaction') FROM at;

-- Transactions and savepoints
BEGIN;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[7]' FROM at;
ROLLBACK;
SELECT eq(array_file_length(dir || 'a.npy'), 1, 'ROLLBACK leaves the file') FROM at;
BEGIN;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[1,2]' FROM at;
SAVEPOINT one;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', array_series(3, 100000) FROM at;
SAVEPOINT two;
INSERT INTO array_file(path, value) SELECT dir || 'b.npy', '[20,30]' FROM at;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[7]' FROM at;
ROLLBACK TO two;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[8]' FROM at;
RELEASE two;
ROLLBACK TO one;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[3]' FROM at;
ROLLBACK TO one;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[-3,-4]' FROM at;
SAVEPOINT three;
INSERT INTO array_file(path, value) SELECT dir || 'c.npy', '[30,40]' FROM at;
RELEASE one;
COMMIT;
SELECT eq(group_concat(name || array_to_json(elements), ' '), 'a.npy[1,2,-3,-4] b.npy[6] c.npy[30,40]',
    'ROLLBACK TO takes back what came after it') FROM files;
SAVEPOINT outermost;
SAVEPOINT one;
SAVEPOINT two;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[100]' FROM at;
ROLLBACK TO one;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[200]' FROM at;
SAVEPOINT three;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[300]' FROM at;
RELEASE three;
ROLLBACK TO one;
INSERT INTO array_file(path, value) SELECT dir || 'b.npy', '[400]' FROM at;
ROLLBACK TO outermost;
INSERT INTO array_file(path, value) SELECT dir || 'c.npy', '[500]' FROM at;
RELEASE outermost;
SELECT eq(group_concat(name || array_to_json(elements), ' '), 'a.npy[1,2,-3,-4] b.npy[6] c.npy[500]',
    'to savepoints that began before the first row') FROM files;
BEGIN;
INSERT INTO array_file(path, value) SELECT dir || 'b.npy', '[1]' FROM at;
SAVEPOINT one;
SELECT throws(format('INSERT INTO array_file(path, value) SELECT %Q, iif(value < 3, array_fill(40000, value), ' ||
    'value) FROM array_each(array_series(1, 3))', dir || f),
              'array_file: column value is not an array (INTEGER given)', 'a statement that fails') FROM at,
              (SELECT 'b.npy' AS f UNION ALL SELECT 'c.npy');
SELECT throws(format('INSERT INTO array_file(path, value, dtype) VALUES (%Q, array_of(1, 2, 300), %s)', dir || f, d),
    m, m)
  FROM at, (SELECT 'b.npy' AS f, '''int16''' AS d,
      'array_file: dtype is int16, the rows of the path before are int64' AS m
  UNION ALL SELECT 'c.npy', '''int8''', 'array_file: element 3 is 300, outside the range of int8');
INSERT INTO array_file(path, value) SELECT dir || 'b.npy', '[2]' FROM at;
SELECT throws(format('INSERT INTO array_file(path, value) VALUES (%Q, ''[5]''), (%Q, NULL)', dir || 'b.npy', dir
    || 'b.npy'), 'array_file: column value is not an array (NULL given)', 'the second of two rows') FROM at;
RELEASE one;
COMMIT;
SELECT eq(group_concat(name || array_to_json(elements), ' '), 'a.npy[1,2,-3,-4] b.npy[1,2] c.npy[500]',
    'takes back its own rows') FROM files;

-- With rows of a table, all or none
CREATE TABLE t(a PRIMARY KEY);
BEGIN;
INSERT INTO array_file(path, value) SELECT dir || 'a.npy', '[1]' FROM at;
INSERT INTO t VALUES (1), (2);
COMMIT;
SELECT eq((SELECT count(*) FROM t) || ' ' || array_file_length(dir || 'a.npy'), '2 1', 'both') FROM at;
SELECT throws(format('INSERT INTO array_file(path, value) SELECT %Q, iif(value > 1, abs(-9223372036854775808), ' ||
    'array_of(value, 8)) FROM array_each(''[1,2]'')', dir || 'a.npy'), 'integer overflow', 'an error in the SELECT'),
       eq(array_file_length(dir || 'a.npy'), 1, 'leaves the file') FROM at;

-- What is refused
SELECT throws(replace(column1, 'DIR', dir), column2, column2) FROM at, (VALUES
    ('INSERT INTO array_file(path, value) VALUES (NULL, ''[1]'')', 'array_file: column path is not text (NULL given)'),
    ('INSERT INTO array_file(value) VALUES (''[1]'')', 'array_file: column path is not text (NULL given)'),
    ('INSERT INTO array_file(path, value) VALUES (x''61'', ''[1]'')',
    'array_file: column path is not text (BLOB given)'),
    ('INSERT INTO array_file(path, value) VALUES ('''', ''[1]'')', 'array_file: column path is empty'),
    ('INSERT INTO array_file(path, value) VALUES (''a'' || char(0), ''[1]'')',
    'array_file: column path has a NUL in it'),
    ('INSERT INTO array_file(path) VALUES (''DIRa.npy'')', 'array_file: column value is not an array (NULL given)'),
    ('INSERT INTO array_file(path, value) VALUES (''DIRa.npy'', ''[1'')',
    'array_file: column value is not an array (text ends at byte 3 without the closing bracket)'),
    ('INSERT INTO array_file(path, value, dtype) VALUES (''DIRa.npy'', ''[1]'', ''float'')',
    'array_file: column dtype is ''float'', expected one of ''int8'', *''bool'''),
    ('INSERT INTO array_file(path, value, dtype) VALUES (''DIRa.npy'', ''[1]'', 8)',
    'array_file: column dtype is not text (INTEGER given)'),
    ('INSERT INTO array_file(path, value, idx) VALUES (''DIRa.npy'', ''[1]'', 1)',
    'array_file: column idx cannot be written, only path, value and dtype'),
    ('INSERT INTO array_file(path, value, n) VALUES (''DIRa.npy'', ''[1]'', 1)',
    'array_file: column n cannot be written, only path, value and dtype'),
    ('INSERT INTO array_file(path, value, _chunk) VALUES (''DIRa.npy'', ''[1]'', 1)',
    'array_file: column _chunk cannot be written, only path, value and dtype'),
    ('INSERT INTO array_file(rowid, path, value) VALUES (1, ''DIRa.npy'', ''[1]'')',
    'array_file: the rowid cannot be written, only path, value and dtype'),
    ('INSERT INTO array_file VALUES (1, ''[1]'', 1)',
    'array_file: column idx cannot be written, only path, value and dtype'),
    ('INSERT INTO array_file(path, value) VALUES (''ext'', ''[1]'')', 'array_file: ext is not a regular file'),
    ('INSERT INTO array_file(path, value) VALUES (''DIRno/file'', ''[1]'')',
    'array_file: cannot write *no/file: No such file or directory'),
    ('UPDATE array_file SET value = ''[1]'' WHERE path = ''DIRa.npy''',
    'array_file: UPDATE is not possible, only INSERT, which writes a file anew'),
    ('DELETE FROM array_file WHERE path = ''DIRa.npy''',
    'array_file: DELETE is not possible, only INSERT, which writes a file anew'),
    ('INSERT INTO array_file_read(path, value) VALUES (''DIRa.npy'', ''[1]'')',
    'table array_file_read may not be modified'),
    ('PRAGMA query_only = 1; INSERT INTO array_file(path, value) VALUES (''DIRa.npy'', ''[1]'')',
    'attempt to write a readonly database'));
PRAGMA query_only = 0;
SELECT eq(group_concat(name || array_to_json(elements), ' '), 'a.npy[1] b.npy[1,2] c.npy[500]',
    'all files are as they were') FROM files;
CREATE TRIGGER writes AFTER INSERT ON t BEGIN INSERT INTO array_file(path, value) VALUES ('x', '[1]'); END;
SELECT throws('INSERT INTO t VALUES (3)', 'unsafe use of virtual table "array_file"', 'for direct use only');
SELECT done();
