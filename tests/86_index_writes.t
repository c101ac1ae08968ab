-- array_index follows its table, whatever is written and however: after each statement it is compared with the table.
SELECT plan(60);
CREATE TABLE article(id INTEGER PRIMARY KEY, slug TEXT COLLATE NOCASE UNIQUE, score, tags BLOB, twice AS (score * 2) UNIQUE, author, part, UNIQUE(author, part));
INSERT INTO article(slug, score, tags) VALUES ('a', 1, '[7,9,7]'), ('b', 2, '[3,7]'), ('c', 3, '{9}'), ('d', 4, NULL), ('e', 5, '[]');
CREATE VIRTUAL TABLE article_tags USING array_index(article, tags);

-- What the index has too much or too little: value, key, and its side; no value is that of all rows.
CREATE TEMP TABLE numbers(n INTEGER PRIMARY KEY);
INSERT INTO numbers SELECT value FROM array_each(array_series(0, 99));
CREATE TEMP VIEW in_table AS SELECT DISTINCT e.value AS v, a.id AS k FROM article AS a, array_each(a.tags) AS e UNION ALL SELECT NULL, id FROM article WHERE tags NOT NULL;
CREATE TEMP VIEW in_index AS SELECT n AS v, x.id AS k FROM numbers, article_tags(CAST(n AS TEXT)) AS x UNION ALL SELECT NULL, id FROM article_tags;
CREATE TEMP VIEW wrong AS SELECT 'missing', * FROM (SELECT * FROM in_table EXCEPT SELECT * FROM in_index) UNION ALL SELECT 'left', * FROM (SELECT * FROM in_index EXCEPT SELECT * FROM in_table);
SELECT eq(rows('SELECT * FROM wrong') || rows('SELECT count(*) FROM in_index'), '9', 'built');

-- REPLACE removes rows, and fires no trigger of them
REPLACE INTO article(id, slug, tags) VALUES (1, 'a', '[1]');
SELECT eq(rows('SELECT * FROM wrong'), '', 'REPLACE by the key');
REPLACE INTO article(slug, tags) VALUES ('B', '[1]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '5', 'REPLACE by a UNIQUE column, as it collates');
REPLACE INTO article(id, slug, score, author, part, tags) VALUES (4, 'c', 5, 1, 2, '[2]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '3', 'one row instead of three');
INSERT OR REPLACE INTO article(author, part, tags) VALUES (1, 2, '[3]'), (1, 2, '[4]'), (1, 3, '[4,5]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '4', 'each row instead of the one before');
UPDATE OR REPLACE article SET id = 1 WHERE tags = '[4]';
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '3', 'UPDATE OR REPLACE of the key');
UPDATE OR REPLACE article SET part = 2;
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '2', 'UPDATE OR REPLACE of UNIQUE columns');
INSERT INTO article(slug, score, tags) VALUES ('p', 10, '[10]'), ('q', 20, '[20]');
UPDATE OR REPLACE article SET score = 10 WHERE slug = 'q';
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '3', 'UPDATE OR REPLACE of what a generated column is computed from');
INSERT INTO article(slug, score, tags) VALUES ('r', 30, '[30]');
UPDATE OR REPLACE article SET slug = 'Q' WHERE score = 30;
SELECT eq((SELECT count(*) FROM article_tags('20')) || rows('SELECT * FROM wrong'), '0', 'UPDATE OR REPLACE of another column, and committed');
BEGIN;
INSERT INTO article(slug, tags) VALUES ('s', '[40]');
UPDATE OR REPLACE article SET slug = 'q' WHERE slug = 's';
SELECT eq((SELECT count(*) FROM article_tags('30')) || rows('SELECT * FROM wrong'), '0', 'the same, read in the transaction');
SAVEPOINT a;
REPLACE INTO article(slug, tags) VALUES ('Q', '[41]');
SELECT eq(rows('SELECT * FROM wrong'), '', 'REPLACE in a savepoint');
ROLLBACK TO a;
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('40')), '1', 'rolled back');
COMMIT;
SELECT eq(rows('SELECT * FROM wrong'), '', 'committed');
PRAGMA recursive_triggers = on;
REPLACE INTO article(slug, tags) VALUES ('q', '[42]'), ('Q', '[43]');
UPDATE OR REPLACE article SET slug = 'new' WHERE slug = 'Q';
UPDATE OR REPLACE article SET id = 1 WHERE slug = 'new';
SELECT eq(rows('SELECT * FROM wrong'), '', 'REPLACE with recursive_triggers, where it fires them');
PRAGMA recursive_triggers = off;
CREATE TABLE clause(id INTEGER PRIMARY KEY ON CONFLICT REPLACE, slug UNIQUE ON CONFLICT REPLACE, tags);
CREATE VIRTUAL TABLE clause_tags USING array_index(clause, tags);
INSERT INTO clause(id, slug, tags) VALUES (1, 'a', '[1]'), (2, 'b', '[2]'), (1, 'c', '[3]'), (3, 'b', '[4]');
UPDATE clause SET id = 3 WHERE id = 1;
SELECT eq(rows('SELECT id FROM clause_tags') || (SELECT count(*) FROM clause_tags('1 | 2 | 4')), '30', 'ON CONFLICT REPLACE of the table');
INSERT OR IGNORE INTO clause VALUES (3, 'd', '[5]');
SELECT eq(rows('SELECT id FROM clause_tags(''3'')') || (SELECT count(*) FROM clause_tags('5')), '30', 'unless the statement says another');

-- Rows that stay
DELETE FROM article;
INSERT INTO article(id, slug, score, tags) VALUES (1, 'a', 1, '[7,9]'), (2, 'b', 2, '[3,7]'), (3, 'c', 3, '[9]');
INSERT OR IGNORE INTO article(id, slug, tags) VALUES (1, 'z', '[1]'), (9, 'b', '[2]'), (10, 'j', '[10]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('7 | 10')), '3', 'OR IGNORE');
UPDATE OR IGNORE article SET slug = 'a', tags = '[11]';
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('11')), '1', 'UPDATE OR IGNORE');
INSERT INTO article(slug, tags) VALUES ('a', '[12]') ON CONFLICT (slug) DO UPDATE SET tags = excluded.tags;
SELECT eq(rows('SELECT * FROM wrong') || rows('SELECT id FROM article_tags(''12'')'), '1', 'UPSERT');
INSERT INTO article(id, tags) VALUES (1, '[13]') ON CONFLICT (id) DO UPDATE SET id = id + 100, tags = '[14]';
SELECT eq(rows('SELECT * FROM wrong') || rows('SELECT id FROM article_tags(''14'')'), '101', 'UPSERT of the key');
INSERT INTO article(slug, tags) VALUES ('b', '[12]') ON CONFLICT DO NOTHING;
INSERT INTO article(slug, tags) VALUES ('b', '[12]'), ('k', '[12]') ON CONFLICT DO UPDATE SET tags = NULL;
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('12')), '1', 'UPSERT that does nothing, or sets NULL');
SELECT throws('INSERT INTO article(slug, tags) VALUES (''l'', ''[15]''), (''l'', ''[16]'')', 'UNIQUE constraint failed: article.slug', 'a statement that fails');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('15')), '0', 'leaves nothing');
SELECT throws('INSERT OR FAIL INTO article(slug, tags) VALUES (''l'', ''[15]''), (''l'', ''[16]'')', 'UNIQUE constraint failed: article.slug', 'OR FAIL');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('15')), '1', 'leaves what came before');
SELECT throws('INSERT OR ROLLBACK INTO article(slug, tags) VALUES (''m'', ''[15]''), (''l'', ''[16]'')', 'UNIQUE constraint failed: article.slug', 'OR ROLLBACK');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('15')), '1', 'rolls back');
SELECT throws('UPDATE article SET tags = iif(id > 3, ''x'', ''[17]'')', 'array_index: article.tags is not an array (*', 'what is no array');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('17')), '0', 'changes nothing');

-- Keys, and all rows at once
UPDATE article SET id = -id;
SELECT eq(rows('SELECT * FROM wrong') || (SELECT max(id) < 0 FROM article_tags), '1', 'all keys');
UPDATE article SET rowid = rowid + 1000;
SELECT eq(rows('SELECT * FROM wrong'), '', 'UPDATE of rowid, which is the key');
UPDATE article SET oid = oid - 1000, _rowid_ = 77 WHERE tags = '[14]';
SELECT eq(rows('SELECT * FROM wrong'), '', 'by its other names');
UPDATE OR REPLACE article SET oid = 77 WHERE slug = 'k';
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('14')), '0', 'UPDATE OR REPLACE of it');
REPLACE INTO article(_rowid_, tags) VALUES (77, '[18]');
SELECT eq(rows('SELECT * FROM wrong') || rows('SELECT id FROM article_tags(''18'')'), '77', 'REPLACE of it');
DELETE FROM article;
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags) || (SELECT count(*) FROM article_tags_values), '00', 'DELETE without WHERE');
INSERT INTO article(id, tags) VALUES (-9223372036854775808, '[0,9223372036854775807]'), (9223372036854775807, '[0,-9223372036854775808]'), (0, '[0,0,0]');
SELECT eq(rows('SELECT * FROM article_tags(''0'') ORDER BY id DESC') || rows('SELECT * FROM wrong WHERE v BETWEEN 0 AND 99'), '9223372036854775807
0
-9223372036854775808', 'keys at both ends');
SELECT eq(rows('SELECT id FROM article_tags(''9223372036854775807'')') || ' ' || rows('SELECT id FROM article_tags(''-9223372036854775808 & 0'')'), '-9223372036854775808 9223372036854775807', 'values at both ends');
SELECT eq(rows('SELECT id FROM article_tags(''!9223372036854775807'') WHERE id < 9223372036854775807'), '0', 'and a negation');
SELECT eq(rows('SELECT id FROM article_tags(''0'') WHERE id > 9223372036854774784.0') || rows('SELECT count(*) FROM article_tags(''0'') WHERE id >= -1e300 AND id < 1e300'), '92233720368547758073', 'bounds beyond');

-- Triggers of the table: SQLite may run them before those of the index
DELETE FROM article;
CREATE TRIGGER tidy_insert AFTER INSERT ON article BEGIN
  UPDATE article SET tags = array_append(new.tags, 50) WHERE id = new.id AND new.score = 1;
  UPDATE article SET tags = '[51]' WHERE id = new.id AND new.score = 2;
  UPDATE article SET id = new.id + 500 WHERE id = new.id AND new.score = 3;
  DELETE FROM article WHERE id = new.id AND new.score = 4;
  UPDATE article SET tags = NULL WHERE id = new.id AND new.score = 5;
  INSERT INTO article(tags) SELECT '[52]' WHERE new.score = 6;
END;
INSERT INTO article(id, score, tags) VALUES (1, 1, '[1,2]'), (2, 2, '[1,2]'), (3, 3, '[1,2]'), (4, 4, '[1,2]'), (5, 5, '[1,2]'), (6, 6, '[1,2]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('1')), '3', 'a trigger that changes the row that has come');
CREATE TRIGGER tidy_update AFTER UPDATE OF tags ON article WHEN new.author IS NULL BEGIN
  UPDATE article SET tags = array_append(tags, 60), author = 1 WHERE id = new.id;
  UPDATE article SET tags = '[61]' WHERE id = new.id AND new.score = 2;
  UPDATE article SET id = -new.id WHERE id = new.id AND new.score = 3;
  DELETE FROM article WHERE id = new.id AND new.score = 4;
  REPLACE INTO article(id, tags, author) SELECT new.id, '[62]', 1 WHERE new.score = 5;
END;
UPDATE article SET author = NULL, part = NULL, score = CASE id WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 503 THEN 3 WHEN 5 THEN 4 WHEN 6 THEN 5 END;
UPDATE article SET tags = '[63]' WHERE id <> 2;
UPDATE article SET tags = '[64]', id = id + 10000 WHERE id = 2;
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article), '5', 'a trigger that changes the row that has changed');
CREATE TRIGGER tidy_delete AFTER DELETE ON article BEGIN
  INSERT INTO article(id, tags) SELECT old.id, '[70]' WHERE old.score < 100;
END;
DELETE FROM article WHERE score < 100;
SELECT eq(rows('SELECT * FROM wrong') || ((SELECT count(*) FROM article_tags('70')) > 0), '1', 'a trigger that puts the row back');
CREATE TEMP TRIGGER before_insert BEFORE INSERT ON article BEGIN
  INSERT INTO article(tags) SELECT '[71]' WHERE new.score < 1000;
  UPDATE article SET tags = array_append(tags, 72) WHERE id <> new.id AND slug IS NOT new.slug AND new.score < 1000;
END;
INSERT INTO article(id, slug, score, tags) VALUES (1000, 's', 2000, '[80]');
REPLACE INTO article(id, slug, score, tags) VALUES (1001, 's', 500, '[81]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('80')), '0', 'one that writes between the note of a row and its end');
REPLACE INTO article(id, slug, score, tags) VALUES (1001, 's', 2, '[82,83]');
SELECT eq(rows('SELECT * FROM wrong') || (SELECT count(*) FROM article_tags('81 | 82 | 83')), '0', 'and changes the row that replaces it');
DROP TRIGGER tidy_insert;
DROP TRIGGER tidy_update;
DROP TRIGGER tidy_delete;
DROP TRIGGER before_insert;

-- Foreign keys
PRAGMA foreign_keys = on;
CREATE TABLE author(id INTEGER PRIMARY KEY);
INSERT INTO author VALUES (1), (2), (3);
CREATE TABLE book(id INTEGER PRIMARY KEY, author REFERENCES author ON DELETE CASCADE ON UPDATE CASCADE, next REFERENCES book ON DELETE CASCADE, tags);
INSERT INTO book VALUES (1, 1, NULL, '[1]'), (2, 2, 1, '[1,2]'), (3, 2, NULL, '[2]'), (4, 3, 2, '[3]'), (5, 3, NULL, '[5]');
CREATE VIRTUAL TABLE book_tags USING array_index(book, tags);
UPDATE author SET id = 20 WHERE id = 2;
DELETE FROM author WHERE id = 1;
SELECT eq(rows('SELECT id FROM book_tags'), '3
5', 'ON DELETE CASCADE, of a table of itself, too');
SELECT eq(rows('SELECT count(*) FROM book_tags(''1 | 3'')'), '0', '.. and what they had');
REPLACE INTO author VALUES (20);
SELECT eq(rows('SELECT id FROM book_tags'), '5', 'by REPLACE');

-- What REPLACE may remove and the index is not told of
CREATE TABLE note(id INTEGER PRIMARY KEY, name, state, tags);
CREATE UNIQUE INDEX note_name ON note(lower(name));
CREATE UNIQUE INDEX note_state ON note(state) WHERE state > 0;
INSERT INTO note VALUES (1, 'a', 1, '[1]'), (2, 'b', 2, '[2]');
CREATE VIRTUAL TABLE note_tags USING array_index(note, tags);
SELECT throws('REPLACE INTO note VALUES (3, ''A'', 3, ''[3]'')', '*UNIQUE index that is partial, of expressions or newer than note_tags, and REPLACE*rebuild*', 'refused: REPLACE with an index of an expression');
SELECT throws('UPDATE OR REPLACE note SET state = 1', '*UNIQUE index that is partial*', 'refused: UPDATE OR REPLACE with a partial index');
UPDATE note SET state = 5 WHERE id = 1;
INSERT OR IGNORE INTO note VALUES (3, 'B', 3, '[3]'), (4, 'd', 4, '[3]');
SELECT eq(rows('SELECT id FROM note_tags'), '1
2
4', 'all else is not');
DROP INDEX note_name;
DROP INDEX note_state;
CREATE UNIQUE INDEX note_later ON note(name);
SELECT throws('REPLACE INTO note VALUES (5, ''a'', 3, ''[3]'')', '*newer than note_tags*', 'refused: REPLACE with an index that is newer');
INSERT INTO note_tags(note_tags) VALUES ('rebuild');
REPLACE INTO note VALUES (5, 'a', 3, '[3]');
SELECT eq(rows('SELECT id FROM note_tags'), '2
4
5', 'after rebuild the index follows it');
DROP INDEX note_later;
REPLACE INTO note VALUES (5, 'b', 3, '[6]');
SELECT eq(rows('SELECT id FROM note_tags(''6 & !3'')'), '5', 'an index that is gone');

-- What an INSERT tells of itself
INSERT INTO note(tags) VALUES ('[1]'), ('[2]'), (NULL);
SELECT eq(changes() || ' ' || last_insert_rowid(), '3 8', 'changes(), last_insert_rowid()');
UPDATE note SET tags = '[9]' WHERE id > 5;
SELECT eq(changes() || ' ' || last_insert_rowid(), '3 8', 'of an UPDATE');
SELECT eq(rows('INSERT INTO note(id, tags) VALUES (20, ''[9]''), (21, ''[9]'') RETURNING id, tags'), '20|[9]
21|[9]', 'RETURNING of an INSERT');
SELECT eq(rows('UPDATE note SET tags = ''[8]'' WHERE id IN note_tags(''9'') RETURNING id'), '6
7
8
20
21', 'an UPDATE of the rows that the index finds');
SELECT eq(rows('DELETE FROM note WHERE id IN (SELECT id FROM note_tags(''8'')) RETURNING id') || (SELECT count(*) FROM note_tags('8')), '6
7
8
20
210', 'a DELETE of them');

-- A generated column
CREATE TABLE doc(id INTEGER PRIMARY KEY, body TEXT, tags BLOB AS (array_parse(body ->> 'tags')), stored BLOB AS (array_parse(body ->> 'tags')) STORED);
INSERT INTO doc(body) VALUES ('{"tags":[1,2]}'), ('{"tags":[2,3]}'), ('{}');
CREATE VIRTUAL TABLE doc_tags USING array_index(doc, tags);
CREATE VIRTUAL TABLE doc_stored USING array_index(doc, stored);
UPDATE doc SET body = json_set(body, '$.tags', json('[4,5]')) WHERE id IN doc_tags('1');
INSERT INTO doc(body) VALUES ('{"tags":[5]}');
SELECT eq(rows('SELECT id FROM doc_tags(''1 | 5'')') || ' ' || rows('SELECT id FROM doc_stored(''1 | 5'')') || ' ' || rows('SELECT id FROM doc_tags(''!7'')'), '1
4 1
4 1
2
4', 'a generated column over JSON');
SELECT throws('INSERT INTO doc(body) VALUES (''{"tags":7}'')', 'array_parse: argument 1 is not text*', 'refused: JSON without an array');
SELECT done();
