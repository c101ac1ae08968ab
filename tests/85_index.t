-- array_index: the rows of a table by the elements of their arrays.
SELECT plan(67);
CREATE TABLE article(id INTEGER PRIMARY KEY, title TEXT, score, tags BLOB);
INSERT INTO article(title, tags) VALUES ('a', '[7,9,7]'), ('b', array_of(3, 7)), ('c', '{9}'), ('d', NULL), ('e', '[]');
CREATE VIRTUAL TABLE article_tags USING array_index(article, tags);

-- The ways to ask
SELECT eq(rows('SELECT title FROM article WHERE id IN article_tags(''7 & !3'')'), 'a', 'IN with the table function');
SELECT eq(rows('SELECT a.title FROM article_tags(''7 | 9'') JOIN article AS a USING (id) ORDER BY id DESC LIMIT 2'), 'c
b', 'a join, ordered and limited');
SELECT eq(rows('SELECT id FROM article_tags WHERE article_tags MATCH ''7 & 9'''), '1', 'MATCH');
SELECT eq(rows('SELECT id FROM article_tags WHERE article_tags MATCH ''7 & 3'' OR article_tags MATCH ''9'''), '2
1
3', 'an OR of two');
SELECT eq(rows('SELECT x.id FROM article_tags AS x WHERE array_contains(x.tags, 7)'), '1
2', 'array_contains');
SELECT eq(rows('SELECT x.id FROM article_tags AS x WHERE array_contains_all(x.tags, ''[7,9]'')'), '1', 'array_contains_all');
SELECT eq(rows('SELECT x.id FROM article_tags AS x WHERE array_contains_any(x.tags, ''[3,9]'')'), '1
2
3', 'array_contains_any');
SELECT eq(rows('SELECT x.id FROM article_tags AS x WHERE array_match(x.tags, ''3 | 9'') AND array_contains(x.tags, 7)'), '1
2', 'array_match, and another');
SELECT eq(rows('SELECT x.id FROM article_tags AS x WHERE array_contains(x.tags, 7) AND NOT array_contains(x.tags, 3)'), '1', 'a term that the function itself computes');
SELECT eq(rows('SELECT id FROM article_tags(''[7,9]'')'), '1', 'an array asks for all of its values');
SELECT eq(rows('SELECT id FROM article_tags(''[]'')'), '1
2
3
5', 'of none: every row with an array');
SELECT eq(rows('SELECT id FROM article_tags'), '1
2
3
5', 'no query: likewise');
SELECT eq(rows('SELECT id FROM article_tags(''!7'')'), '3
5', 'only a negation: the empty array has it, NULL has not');
SELECT eq(rows('SELECT count(*) FROM article_tags(NULL)'), '0', 'NULL asks for nothing');
SELECT eq(rows('SELECT x.id, x.tags FROM article_tags AS x WHERE array_contains(x.tags, 3)'), '2|[3,7]', 'the hidden column is the array');
SELECT eq(rows('SELECT a.id FROM article AS a WHERE EXISTS (SELECT 1 FROM article_tags(''7'') AS x WHERE x.id = a.id)'), '1
2', 'EXISTS');
SELECT eq(rows('SELECT a.id, x.id FROM article AS a LEFT JOIN article_tags AS x ON x.id = a.id AND x.article_tags = ''9'''), '1|1
2|
3|3
4|
5|', 'LEFT JOIN');
SELECT throws('SELECT * FROM article_tags(''7 &'')', 'array_index: this is not a query of article_tags (expected an integer, ''!'' or ''('' at byte 4)', 'refused: article_tags(''7 &'')');
SELECT throws('SELECT * FROM article_tags(7)', 'array_index: expected an array or a query of article_tags such as ''7 & !9'' (INTEGER given)', 'refused: article_tags(7)');
SELECT throws('SELECT * FROM article_tags AS x WHERE array_match(x.tags, 7.5)',
    'array_index: expected a query of article_tags such as ''7 & !9'' (REAL given)', 'refused: array_match of a number');
SELECT throws('SELECT x.id FROM article_tags AS x WHERE array_contains(x.tags, ''a'')', 'array_contains: argument 2 is not an integer (TEXT given)', 'refused: SELECT x.id FROM article_tags AS x WHERE array_contains(x.tags, ''a'')');

-- Keys
SELECT eq(rows('SELECT id FROM article_tags(''7 | 9'') WHERE id = 3'), '3', 'a key');
SELECT eq(rows('SELECT id FROM article_tags(''7 | 9'') WHERE id IN (3, 1, 5)'), '1
3', 'some keys');
SELECT eq(rows('SELECT id FROM article_tags(''7 | 9'') WHERE id > 1.5 AND id <= 3 ORDER BY id DESC'), '3
2', 'a range, backwards');
SELECT eq(rows('SELECT id FROM article_tags WHERE id < ''x'' AND rowid >= 2'), '2
3
5', 'as an INTEGER column compares');
SELECT eq(rows('EXPLAIN QUERY PLAN SELECT * FROM article_tags(''7 & 9'') ORDER BY id DESC') LIKE '%INDEX 1:q 7 & 9; 7: 2, 9: 2%', 1, 'the plan tells the query, the values with their counts, ..');
SELECT eq(rows('EXPLAIN QUERY PLAN SELECT * FROM article_tags(''7 & 9'') WHERE id = 5') LIKE '%=%id=?%7 & 9%', 1, '.. and what is looked up');

-- The index follows its table
INSERT INTO article(title, tags) VALUES ('f', '[7,100]');
SELECT eq(last_insert_rowid() || ' ' || changes(), '6 1', 'INSERT counts as ever');
UPDATE article SET tags = '[1,2]' WHERE id = 1;
UPDATE article SET id = 40 WHERE id = 3;
UPDATE article SET score = 1;
DELETE FROM article WHERE id = 2;
SELECT eq(rows('SELECT id FROM article_tags(''7'')'), '6', 'what is gone and what has come');
SELECT eq(rows('SELECT id FROM article_tags(''9 | 1'')'), '1
40', 'what has changed');
BEGIN;
INSERT INTO article(id, tags) VALUES (7, '[7]');
SELECT eq(rows('SELECT id FROM article_tags(''7'') ORDER BY id DESC'), '7
6', 'in the transaction that writes');
SAVEPOINT a;
INSERT INTO article(id, tags) VALUES (8, '[7]');
SELECT eq(rows('SELECT id FROM article_tags(''7'')'), '6
7
8', 'in a savepoint');
ROLLBACK TO a;
SELECT eq(rows('SELECT id FROM article_tags(''7'')'), '6
7', 'which is rolled back');
INSERT OR REPLACE INTO article(id, tags) VALUES (40, '[55]');
SELECT eq(rows('SELECT id FROM article_tags(''9 | 55'')') || rows('SELECT count(*) FROM article_tags(''9'')'), '400', 'REPLACE');
COMMIT;
SELECT eq(rows('SELECT id FROM article_tags'), '1
5
6
7
40', 'all rows');
SELECT throws('INSERT INTO article(tags) VALUES (5)', 'array_index: article.tags is not an array (INTEGER given)', 'refused: INSERT INTO article(tags) VALUES (5)');
SELECT throws('DELETE FROM article_tags', 'array_index: article_tags follows article, whose rows are to be changed instead', 'refused: DELETE FROM article_tags');
SELECT throws('INSERT INTO article_tags(article_tags) VALUES (''x'')', 'array_index: unknown command ''x'', expected ''rebuild'', ''optimize'', ''merge=N'' with N from 1, or ''integrity-check''', 'refused: INSERT INTO article_tags(article_tags) VALUES (''x'')');

-- Facets
SELECT eq(rows('SELECT value, count FROM article_tags_counts'), '1|1
2|1
7|2
55|1
100|1', 'how many rows have each value');
SELECT eq(rows('SELECT value, count FROM article_tags_counts(''7'') ORDER BY count DESC, value'), '7|2
100|1', 'of those that answer a query');
BEGIN;
INSERT INTO article(tags) VALUES ('[7,-1]');
UPDATE article SET tags = '[55]' WHERE id = 1;
SELECT eq(rows('SELECT value, count FROM article_tags_counts'), '-1|1
7|3
55|2
100|1', 'in the transaction that writes');
ROLLBACK;
SELECT eq(rows('SELECT value FROM article_tags_counts(NULL)'), '', 'of nothing none');
CREATE TABLE many(id INTEGER PRIMARY KEY, tags);
INSERT INTO many(tags) SELECT array_of(value % 3, 10 + value % 7, -value % 1000) FROM array_each(array_series(1, 30000));
CREATE VIRTUAL TABLE many_tags USING array_index(many, tags);
CREATE VIEW plain_counts AS SELECT value, count(*) FROM (SELECT DISTINCT id, value FROM many, array_each(tags) WHERE array_match(tags, '1 | 12')) GROUP BY 1;
SELECT eq(rows('SELECT * FROM many_tags_counts(''1 | 12'')'), rows('SELECT * FROM plain_counts'), 'of many rows');
BEGIN;
DELETE FROM many WHERE id % 11 = 0;
UPDATE many SET tags = array_append(tags, 5) WHERE id % 13 = 0;
INSERT INTO many(id, tags) VALUES (-9223372036854775808, '[1,2,3]'), (9223372036854775807, '[12,777777]');
SELECT eq(rows('SELECT * FROM many_tags_counts(''1 | 12'')'), rows('SELECT * FROM plain_counts'), 'of many rows that are changed');
COMMIT;
SELECT eq(rows('SELECT count(*) FROM many_tags(''1 & 12 & !5'')'), rows('SELECT count(*) FROM many WHERE array_match(tags, ''1 & 12 & !5'')'), 'a query of them');
INSERT INTO many_tags(many_tags) VALUES ('integrity-check'), ('merge=2'), ('integrity-check'), ('merge=100'), ('integrity-check'), ('optimize'), ('integrity-check');
SELECT eq(rows('SELECT * FROM many_tags_counts(''1 | 12'')'), rows('SELECT * FROM plain_counts'), 'after the commands');
UPDATE many_tags_values SET n = n + 1 WHERE value = 12;
SELECT throws('INSERT INTO many_tags(many_tags) VALUES (''integrity-check'')', 'array_index: the list of value 12 of many_tags has another count than rows', 'a count that is wrong');
UPDATE many_tags_values SET n = n - 1, block = x'00' WHERE value = 12;
SELECT throws('SELECT count(*) FROM many_tags(''12'')', 'array_index: the list of value 12 of many_tags has a damaged block', 'a damaged block');
DROP TABLE many_tags;
DROP VIEW plain_counts;
DROP TABLE many;

SELECT eq(substr(hex(rows(format('EXPLAIN QUERY PLAN SELECT * FROM article_tags WHERE array_match(tags, ''%s'')',
    column1 || replace(hex(zeroblob(100)), '00', 'ä')))), -4), 'C3A4', 'a plan shows whole characters of a query')
    FROM (VALUES (''), ('x'));

-- Names
ALTER TABLE article RENAME TO paper;
ALTER TABLE paper RENAME COLUMN tags TO labels;
INSERT INTO paper(labels) VALUES ('[7]');
SELECT eq(rows('SELECT id FROM article_tags(''7'')'), '6
7
41', 'the table and the column have other names');
ALTER TABLE article_tags RENAME TO "my index";
INSERT INTO paper(labels) VALUES ('[7]');
SELECT eq(rows('SELECT id FROM "my index"(''7'')'), '6
7
41
42', 'and the index');
INSERT INTO "my index"("my index") VALUES ('rebuild');
SELECT eq(rows('SELECT count(*) FROM "my index"(''7'')'), '4', 'built again');
DROP TRIGGER "my index_delete";
SELECT throws('SELECT * FROM "my index"', 'array_index: my index does not follow paper any more, its trigger my index_delete is missing; it does after INSERT INTO my index(my index) VALUES (''rebuild'')', 'refused: "my index"');
INSERT INTO "my index"("my index") VALUES ('rebuild');
SELECT eq(rows('SELECT count(*) FROM "my index"(''7'')'), '4', 'after rebuild it follows again');
DROP TABLE "my index";
SELECT eq(rows('SELECT name FROM sqlite_master'), 'paper', 'dropped, with its tables and triggers');

-- What cannot be indexed
CREATE TABLE no_key(a, b);
CREATE TABLE without(a INTEGER PRIMARY KEY, b) WITHOUT ROWID;
CREATE TABLE descending(a INTEGER PRIMARY KEY DESC, b);
CREATE VIEW v AS SELECT * FROM paper;
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(no_key, b)', 'array_index: no_key has no INTEGER PRIMARY KEY, and VACUUM may give its rows other numbers', 'refused: CREATE VIRTUAL TABLE i USING array_index(no_key, b)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(without, b)', 'array_index: without has no INTEGER PRIMARY KEY, and VACUUM may give its rows other numbers', 'refused: CREATE VIRTUAL TABLE i USING array_index(without, b)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(descending, b)', 'array_index: descending has no INTEGER PRIMARY KEY, and VACUUM may give its rows other numbers', 'refused: CREATE VIRTUAL TABLE i USING array_index(descending, b)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(v, b)', 'array_index: v is a view, whose changes cannot be followed', 'refused: CREATE VIRTUAL TABLE i USING array_index(v, b)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(none, b)', 'array_index: there is no table none in main', 'refused: CREATE VIRTUAL TABLE i USING array_index(none, b)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(paper, c)', 'array_index: paper has no column c', 'refused: CREATE VIRTUAL TABLE i USING array_index(paper, c)');
SELECT throws('CREATE VIRTUAL TABLE temp.i USING array_index(paper, labels)', 'array_index: there is no table paper in temp', 'refused: CREATE VIRTUAL TABLE temp.i USING array_index(paper, labels)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(paper)', 'array_index: expected array_index(table, column): i', 'refused: CREATE VIRTUAL TABLE i USING array_index(paper)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(paper, labels, block=1)', 'array_index: block must be 64 to 16384: block=1', 'refused: CREATE VIRTUAL TABLE i USING array_index(paper, labels, block=1)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(paper, labels, depth=1)', 'array_index: unknown option: depth=1', 'refused: CREATE VIRTUAL TABLE i USING array_index(paper, labels, depth=1)');
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(paper, title)', 'array_index: paper.title is not an array (expected ''[[]'' or ''{'' at byte 1)', 'refused: CREATE VIRTUAL TABLE i USING array_index(paper, title)');
SELECT done();
