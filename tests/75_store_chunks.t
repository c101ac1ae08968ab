-- Questions to NAME_chunks: conditions on each kind of its columns, orders, several cursors at once.
SELECT plan(68);

CREATE VIRTUAL TABLE x USING array_store(a, b, chunk=10);
INSERT INTO x VALUES (array_series(1, 95), array_series(95, 1, -1));
CREATE TABLE copy AS SELECT chunk_id AS id, chunk_last AS last, chunk_rows AS n, a_min, a_max, a, chunk_first AS first FROM x_chunks;
SELECT eq((SELECT count(*) FROM copy), 10, 'ten chunks');
CREATE TEMP TABLE condition(sql);
INSERT INTO condition VALUES ('chunk_id > 31 AND chunk_last >= 45'), ('chunk_last >= 75 AND chunk_id > 31'),
  ('chunk_id > 60 AND chunk_id < 30'),
  ('chunk_id = NULL'), ('chunk_id = ''x'''), ('chunk_id > 1000000000000'), ('chunk_id < -5'), ('chunk_id = 41'),
  ('chunk_id = 42'), ('chunk_id IN (41, 42, 51, 1)'),
  ('chunk_last BETWEEN 40 AND 60'), ('chunk_last < 40 AND chunk_id > 5'), ('chunk_rows < 10'),
  ('chunk_rows = 10 AND a_min > 30.5'),
  ('a > x''00'''), ('a IS NULL'), ('a = array_series(1, 10)'), ('a_max <= 50 AND chunk_id >= 11'),
  ('chunk_first = 41 AND a_max = 50'), ('rowid = 41'), ('a_min IN (1, 91, 7)');
SELECT eq(rows('SELECT chunk_id, array_sum(a) FROM x_chunks WHERE ' || sql || direction),
  rows('SELECT id, array_sum(a) FROM copy WHERE '
    || replace(replace(replace(replace(replace(sql, 'chunk_id', 'id'), 'chunk_last', 'last'), 'chunk_rows', 'n'),
    'chunk_first', 'first'), 'rowid', 'id')
    || replace(direction, 'chunk_id', 'id')), sql || direction)
  FROM condition, (SELECT ' ORDER BY chunk_id' AS direction UNION ALL VALUES (' ORDER BY chunk_id DESC'),
  (' ORDER BY a_max DESC, chunk_id LIMIT 3'));
SELECT eq((SELECT count(*) || ' ' || sum(p.chunk_rows * q.chunk_rows) FROM x_chunks AS p, x_chunks AS q),
  '100 9025', 'two cursors at once');
SELECT eq((SELECT group_concat(p.chunk_id)
  FROM x_chunks AS p CROSS JOIN x_chunks AS q ON q.chunk_id = p.chunk_last + 1), '1,11,21,31,41,51,61,71,81',
  'the one before each');
INSERT INTO x SELECT array_add(a, 1000), b FROM x_chunks;
SELECT eq((SELECT count(*) || ' ' || sum(a) FROM x), '190 ' || (2 * 4560 + 95 * 1000),
  'rows that come from the chunks');
SELECT eq(rows('INSERT INTO x(x) VALUES (''integrity-check'')'), '', 'and the store is sound');
SELECT done();
