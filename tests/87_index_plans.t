-- Questions to an array_index and to its counts that few ask: of other columns, functions and orders; keys far apart.
SELECT plan(21);

-- Keys in several windows of 65,536, few in some of them, many in others
CREATE TABLE t(id INTEGER PRIMARY KEY, tags);
INSERT INTO t SELECT value * 997, array_of(value % 3, value % 50, iif(value > 200, 1000, 2000))
  FROM array_each(array_series(1, 600));
INSERT INTO t SELECT 700000 + value, array_of(value % 2 + 5, 3000) FROM array_each(array_series(1, 5000));
CREATE VIRTUAL TABLE i USING array_index(t, tags, block=100);
CREATE TEMP TABLE pair AS SELECT DISTINCT id, value FROM t, array_each(tags);
CREATE INDEX pair_value ON pair(value);
SELECT eq(rows('SELECT value, count FROM i_counts(''' || question || ''') ORDER BY value'),
          rows('SELECT value, count(*) FROM pair WHERE id IN (SELECT id FROM t WHERE array_match(tags, '''
          || question || ''')) GROUP BY value'), question)
  FROM (SELECT column1 AS question FROM (VALUES ('1'), ('7 & 1000'), ('3000 & 5'), ('5'), ('2000 & !3'),
  ('49 | 3000'), ('77777')));

-- Columns, orders and conditions of the counts
SELECT eq(rows('SELECT value, count FROM i_counts WHERE value = 5'),
  rows('SELECT value, count(*) FROM pair WHERE value = 5'), 'one value');
SELECT eq(rows('SELECT value FROM i_counts WHERE count > 1000 ORDER BY value DESC'), '3000' || char(10) || '6'
  || char(10) || '5', 'descending');
SELECT eq(rows('SELECT value FROM i_counts ORDER BY count DESC, value LIMIT 2'), '3000' || char(10) || '5',
  'by count');
SELECT eq(rows('SELECT count(*) FROM i_counts(''1'') WHERE query = ''2'''), '0', 'two questions');
SELECT eq(rows('SELECT count(*) FROM i_counts WHERE query > ''2'''), '0', 'no question');
SELECT eq(rows('SELECT sum(count), count(query) FROM i_counts'), (SELECT count(*) || '|0' FROM pair),
  'the hidden column');
SELECT eq(rows('SELECT q, sum(count) FROM (SELECT ''1'' AS q UNION ALL SELECT ''5'') CROSS JOIN i_counts(q) GROUP BY 1'),
  (SELECT group_concat(q || '|' || n, char(10)) FROM
  (SELECT q, sum(array_distinct_count(tags)) AS n FROM (SELECT '1' AS q UNION ALL SELECT '5'), t
    WHERE array_match(tags, q) GROUP BY q)),
  'a question that another table gives');
SELECT eq(rows('SELECT q, sum(count) FROM i_counts, (SELECT ''1'' AS q UNION ALL SELECT ''5'') WHERE query = q GROUP BY 1'),
  (SELECT group_concat(q || '|' || n, char(10)) FROM
  (SELECT q, sum(array_distinct_count(tags)) AS n FROM (SELECT '1' AS q UNION ALL SELECT '5'), t
    WHERE array_match(tags, q) GROUP BY q)),
  'wherever it stands');

-- Columns and functions of the index
SELECT eq(rows('SELECT count(*) FROM i WHERE i LIKE ''1'''), '0', 'LIKE of the query');
SELECT eq(rows('SELECT count(*) FROM i WHERE tags LIKE ''1'''), '0', 'LIKE of the arrays');
SELECT eq(rows('SELECT sum(id) FROM i(''1'') WHERE id > 5000 AND id < 100000 AND id <> 7000 '),
  rows('SELECT sum(id) FROM t WHERE array_contains(tags, 1) AND id > 5000 AND id < 100000 AND id <> 7000'),
  'conditions of the key');
SELECT throws('UPDATE i SET id = 5 WHERE id = 997',
  'array_index: i follows t, whose rows are to be changed instead', 'UPDATE');
SELECT throws('DELETE FROM i WHERE id = 997', 'array_index: i follows t, whose rows are to be changed instead',
  'DELETE');
SELECT throws('UPDATE i_counts SET value = 5', 'table i_counts may not be modified', 'UPDATE of the counts');
SELECT done();
