-- array_store: what is stored and found is what an INTEGER column stores and finds, for text and REAL of every kind.
SELECT plan(iif(sqlite_version() >= '3.54', 52, 53)); -- from 3.54 on a number may end with a character 0
CREATE VIRTUAL TABLE s USING array_store(q, chunk=8);
CREATE TABLE p(q INTEGER);
CREATE TABLE given(x);
INSERT INTO given VALUES ('5'), (' 5 '), ('5.0'), ('1e3'), ('+7'), ('-0'), ('007'), ('5.'), ('.0'), ('-.0e5'),
    ('1E+2'), ('12e-1'), ('120e-1'), (char(9, 10, 11, 12, 13) || '8' || char(13)), ('9223372036854775807'),
    ('-9223372036854775808'),
  ('9223372036854775808'), ('-9223372036854775809'), ('9223372036854775807.0'), ('-9223372036854775808.0'),
      ('9007199254740993'), ('9007199254740993.0'), ('9007199254740992.0'), ('-9007199254740993e0'),
      ('4611686018427387904.0'), ('1e18'), ('1e19'), ('1e400'), ('-1e400'),
  (''), (' '), ('x'), ('5x'), ('5 5'), ('0x10'), ('1e'), ('1e+'), ('.'), ('-'), ('+'), ('--5'), ('1,5'), ('1_000'),
      ('inf'), ('nan'), ('NULL'), ('true'), ('5' || char(0)), ('5' || char(0xa0)), (char(0xfeff) || '5'), ('٥'),
      ('½'), ('1.5'), ('0.1e1'), ('1e-1'),
  (5.0), (-0.0), (1.5), (1e3), (1e18), (9007199254740993.0), (9223372036854774784.0), (9223372036854775807.0),
      (-9223372036854775808.0), (-9223372036854774784.0), (1e19), (1e400), (-1e400), (0), (-1), (9223372036854775807),
      (-9223372036854775808);
-- Both get each value; the table keeps what it cannot convert, the store refuses that.
INSERT INTO p(rowid, q) SELECT rowid, x FROM given;
INSERT INTO s(rowid, q) SELECT given.rowid, x FROM given JOIN p ON p.rowid = given.rowid WHERE typeof(q) = 'integer';
SELECT throws(format('INSERT INTO s(rowid, q) SELECT rowid, x FROM given WHERE rowid = %d', given.rowid),
    'array_store: s.q is not an integer (* given)', 'refused: ' || quote(x)) FROM given JOIN p ON p.rowid
    = given.rowid WHERE typeof(q) <> 'integer';
DELETE FROM p WHERE typeof(q) <> 'integer';
SELECT eq(rows('SELECT rowid, q FROM s'), rows('SELECT rowid, q FROM p'), 'the same integers'),
    eq((SELECT count(*) >= 30 FROM p), 1, 'many of them');
-- UPDATE, by text
UPDATE s SET q = (SELECT x FROM given WHERE rowid = 3) WHERE rowid = 1;
UPDATE s SET q = ' 6e0' WHERE rowid = 2;
SELECT eq((SELECT group_concat(q) FROM s WHERE rowid <= 2), '5,6', 'UPDATE converts, too');
UPDATE s SET q = 5 WHERE rowid <= 2;
-- Comparisons with each of the values: bound, as a constant, of a column, in a list, between
CREATE TABLE ops(op);
INSERT INTO ops VALUES ('='), ('<'), ('<='), ('>'), ('>='), ('IS'), ('<>'), ('IN (7, '), ('BETWEEN 0 AND '),
    ('NOT IN (8, ');
SELECT eq((SELECT group_concat(op || ' ' || quote(x), '; ') FROM given, ops,
    (SELECT rowid AS r, replace(quote(x), 'Inf', '9e999') AS constant FROM given) WHERE r = given.rowid AND
    rows(format('SELECT rowid FROM s WHERE q %s %s %s', op, constant, iif(op LIKE '%(%', ')', '')))
    <> rows(format('SELECT rowid FROM p WHERE q %s %s %s', op, constant, iif(op LIKE '%(%', ')', '')))), NULL,
    'comparisons with constants');
SELECT eq((SELECT group_concat(op) FROM ops WHERE op NOT LIKE '%(%' AND
    rows(format('SELECT given.rowid, s.rowid FROM given CROSS JOIN s WHERE s.q %s given.x',
    iif(op LIKE 'BETWEEN%', op || '+', op)))
    <> rows(format('SELECT given.rowid, p.rowid FROM given CROSS JOIN p WHERE p.q %s given.x',
    iif(op LIKE 'BETWEEN%', op || '+', op)))), NULL, 'comparisons with a column that has no type');
CREATE TABLE texts(x TEXT);
INSERT INTO texts SELECT x FROM given;
SELECT eq((SELECT group_concat(op) FROM ops WHERE op NOT LIKE '%(%' AND
    rows(format('SELECT texts.rowid, s.rowid FROM texts CROSS JOIN s WHERE s.q %s texts.x', op))
    <> rows(format('SELECT texts.rowid, p.rowid FROM texts CROSS JOIN p WHERE p.q %s texts.x', op))), NULL,
    'and with one of TEXT'),
  eq(rows('SELECT rowid FROM s WHERE q IN (SELECT x FROM given)'),
      rows('SELECT rowid FROM p WHERE q IN (SELECT x FROM given)'), 'a list from a table'),
      eq(rows('SELECT rowid FROM s WHERE q IN (SELECT x FROM texts)'),
      rows('SELECT rowid FROM p WHERE q IN (SELECT x FROM texts)'), 'and of TEXT');
-- Arrays as text, with blanks before them; the first column says what a row is.
CREATE VIRTUAL TABLE two USING array_store(a, b);
INSERT INTO two VALUES (' [1, 2]', char(10, 9) || '{3,4}'), ('5', 6.0), (7, ' 8');
SELECT eq(rows('SELECT * FROM two'), '1|3
2|4
5|6
7|8', 'arrays, and rows as text'),
  throws('INSERT INTO two VALUES (''5'', ''[1]'')', 'array_store: two.b is not an integer, as two.a is (TEXT given)',
      'an array in a row'), throws('INSERT INTO two VALUES (''[1]'', ''5'')',
      'array_store: two.b is not an array, as two.a is (TEXT given)', 'text of an integer among arrays'),
  throws('INSERT INTO two VALUES (5, 20.05)', 'array_store: two.b is not an integer (20.05 given)',
      'a fraction as SQL writes it'), throws(format('INSERT INTO two VALUES (5, ''%s'')', printf('%.*c', 100, 'x')),
      'is not an integer (''xxxx*xxx'' given)', 'long text is shown in part'),
  throws('INSERT INTO two VALUES (5, x''35'')', 'two.b is not an integer, as two.a is (BLOB given)',
      'a blob is never text');
SELECT done();
