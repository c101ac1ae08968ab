-- array_index: transactions, schemas and conflicts in which an index could lose track of its table.
SELECT plan(40);
CREATE TABLE a(id INTEGER PRIMARY KEY, tags);
INSERT INTO a(tags) VALUES ('[1]'), ('[2]');

-- SQLite calls no method of a table that a savepoint which is rolled back has made, renamed or dropped
BEGIN;
SAVEPOINT s;
CREATE VIRTUAL TABLE i USING array_index(a, tags);
INSERT INTO a(tags) VALUES ('[1]');
ROLLBACK TO s;
COMMIT;
SELECT eq(rows('SELECT name FROM sqlite_master'), 'a', 'made in a savepoint that is rolled back');
BEGIN;
CREATE VIRTUAL TABLE i USING array_index(a, tags);
SAVEPOINT s;
INSERT INTO a(tags) VALUES ('[1]');
ROLLBACK TO s;
INSERT INTO a(tags) VALUES ('[2]');
COMMIT;
INSERT INTO i(i) VALUES ('integrity-check');
SELECT eq(rows('SELECT id FROM i(''2'')'), '2
3', 'made in the transaction');
BEGIN;
INSERT INTO a(tags) VALUES ('[1,7]');
SAVEPOINT s;
ALTER TABLE i RENAME TO k;
INSERT INTO a(tags) VALUES ('[7]');
SELECT eq(rows('SELECT id FROM k(''7'')'), '4
5', 'renamed');
ROLLBACK TO s;
SELECT eq(rows('SELECT id FROM i(''7'')'), '4', 'which is rolled back');
COMMIT;
INSERT INTO i(i) VALUES ('integrity-check');
BEGIN;
INSERT INTO a(tags) VALUES ('[8]');
ALTER TABLE a ADD COLUMN z;
INSERT INTO a(tags) VALUES ('[8]');
SAVEPOINT s;
ALTER TABLE a RENAME TO b;
INSERT INTO b(tags) VALUES ('[8]');
SELECT eq(rows('SELECT id FROM i(''8'')'), '5
6
7', 'ALTER TABLE in a transaction that writes');
ROLLBACK TO s;
COMMIT;
INSERT INTO i(i) VALUES ('integrity-check');
SELECT eq(rows('SELECT id FROM i(''8'')'), '5
6', 'which is rolled back');
BEGIN;
INSERT INTO a(tags) VALUES ('[9]');
SAVEPOINT s;
DROP TABLE i;
INSERT INTO a(tags) VALUES ('[9]');
ROLLBACK TO s;
INSERT INTO a(tags) VALUES ('[9]');
COMMIT;
INSERT INTO i(i) VALUES ('integrity-check');
SELECT eq(rows('SELECT id FROM i(''9'')'), '7
8', 'dropped in a savepoint that is rolled back');
SAVEPOINT before_all;
INSERT INTO a(tags) VALUES ('[9]');
ROLLBACK TO before_all;
RELEASE before_all;
SELECT eq(rows('SELECT id FROM i(''9'')'), '7
8', 'a savepoint older than the first write');

-- Conflicts
CREATE TABLE c(id INTEGER PRIMARY KEY, u UNIQUE, v, tags);
CREATE UNIQUE INDEX cv ON c(v COLLATE NOCASE);
CREATE VIRTUAL TABLE ci USING array_index(c, tags);
INSERT INTO c VALUES (1, 1, 'a', '[1]'), (2, 2, 'b', '[2]'), (3, 3, 'c', '[3]'), (4, 4, 'd', '[4]');
INSERT OR REPLACE INTO c VALUES (1, 2, 'C', '[9]');
SELECT eq(rows('SELECT value, count FROM ci_counts'), '4|1
9|1', 'REPLACE of three rows');
INSERT OR IGNORE INTO c VALUES (4, 8, 'e', '[5]');
SELECT eq(rows('SELECT value, count FROM ci_counts'), '4|1
9|1', 'IGNORE');
UPDATE OR REPLACE c SET u = 4 WHERE id = 1;
SELECT eq(rows('SELECT value, count FROM ci_counts'), '9|1', 'UPDATE OR REPLACE of another column');
INSERT INTO c(u, tags) VALUES (4, '[6]') ON CONFLICT(u) DO UPDATE SET tags = '[6,9]';
SELECT eq(rows('SELECT value, count FROM ci_counts'), '6|1
9|1', 'UPSERT');
PRAGMA recursive_triggers = ON;
INSERT OR REPLACE INTO c VALUES (1, 5, 'f', '[7]'), (2, 5, 'g', '[8]');
SELECT eq(rows('SELECT value, count FROM ci_counts'), '8|1', 'REPLACE with recursive triggers');
PRAGMA recursive_triggers = OFF;
INSERT INTO ci(ci) VALUES ('integrity-check');
CREATE UNIQUE INDEX late ON c(u, v);
SELECT throws('INSERT OR REPLACE INTO c VALUES (1, 5, ''f'', ''[7]'')', 'array_index: c has a UNIQUE index that is partial, of expressions or newer than ci, *', 'a UNIQUE index that is newer than the index');
INSERT INTO ci(ci) VALUES ('rebuild');
INSERT OR REPLACE INTO c VALUES (1, 5, 'f', '[7]');
SELECT eq(rows('SELECT value, count FROM ci_counts'), '7|1', 'which it knows after rebuild');

-- An UPDATE OR REPLACE by a UNIQUE index that is newer fires no trigger. The next commit makes the index anew.
CREATE TABLE l(id INTEGER PRIMARY KEY, u, v, tags);
CREATE VIRTUAL TABLE li USING array_index(l, tags);
INSERT INTO l SELECT value, value, value, array_of(value) FROM array_each(array_series(1, 6));
CREATE UNIQUE INDEX lu ON l(u);
UPDATE OR REPLACE l SET u = 2 WHERE id = 1;
UPDATE l SET tags = '[30]' WHERE id = 3;
SELECT eq(rows('SELECT id FROM li'), rows('SELECT id FROM l'), 'a row is gone by a newer UNIQUE index');
UPDATE OR REPLACE l SET u = 4 WHERE id = 1;
INSERT OR REPLACE INTO l VALUES (7, 5, 7, '[7]');
SELECT eq(rows('SELECT value, count FROM li_counts'), '1|1
6|1
7|1
30|1', 'which the index knows now');
CREATE UNIQUE INDEX lv ON l(v) WHERE v > 0;
BEGIN;
UPDATE OR REPLACE l SET v = 6 WHERE id = 1;
SAVEPOINT s;
UPDATE l SET tags = '[31]' WHERE id = 3;
ROLLBACK TO s;
UPDATE l SET tags = '[32]' WHERE id = 3;
COMMIT;
SELECT eq(rows('SELECT value, count FROM li_counts'), '1|1
7|1
32|1', 'a partial one, in a transaction with a savepoint');
SELECT throws('UPDATE OR REPLACE l SET v = 7 WHERE id = 1', 'array_index: l has a UNIQUE index that is partial*', 'refused from then on');
CREATE UNIQUE INDEX lw ON l(u, v);
PRAGMA query_only = ON;
SELECT eq(rows('SELECT count(*) FROM li'), '3', 'a connection that only reads');
PRAGMA query_only = OFF;
INSERT INTO li(li) VALUES ('integrity-check');
DROP INDEX lv;
ALTER TABLE l ADD COLUMN w;
UPDATE l SET w = id;
INSERT INTO li(li) VALUES ('rebuild');
BEGIN;
CREATE UNIQUE INDEX lz ON l(w);
UPDATE OR REPLACE l SET w = 7 WHERE id = 1;
UPDATE l SET tags = '[33]' WHERE id = 3;
ALTER TABLE l RENAME TO m;
ALTER TABLE li RENAME TO mi;
UPDATE m SET tags = '[34]' WHERE id = 3;
COMMIT;
SELECT eq(rows('SELECT value, count FROM mi_counts'), '1|1
34|1', 'renamed at the same time');
INSERT INTO mi(mi) VALUES ('integrity-check');
DELETE FROM c;
SELECT eq(rows('SELECT count(*) FROM ci'), '0', 'DELETE of all');
PRAGMA foreign_keys = ON;
CREATE TABLE parent(id INTEGER PRIMARY KEY);
CREATE TABLE child(id INTEGER PRIMARY KEY, p REFERENCES parent ON DELETE CASCADE, tags);
CREATE VIRTUAL TABLE child_tags USING array_index(child, tags);
INSERT INTO parent VALUES (1), (2);
INSERT INTO child VALUES (1, 1, '[1]'), (2, 2, '[1]');
DELETE FROM parent WHERE id = 1;
SELECT eq(rows('SELECT id FROM child_tags(''1'')'), '2', 'ON DELETE CASCADE');

-- Schemas
BEGIN;
CREATE TABLE n(id INTEGER PRIMARY KEY, tags);
INSERT INTO n SELECT id, tags FROM a;
DROP TABLE a;
ALTER TABLE n RENAME TO a;
COMMIT;
SELECT throws('SELECT * FROM i', 'array_index: i does not follow a any more, its trigger i_insert is missing; *rebuild*', 'migrated by create, copy, drop, rename');
INSERT INTO a(tags) VALUES ('[9]');
INSERT INTO i(i) VALUES ('rebuild');
SELECT eq(rows('SELECT count(*) FROM i(''9'')'), '3', 'and built again');
DROP TABLE a;
SELECT throws('SELECT * FROM i', 'array_index: i is the index of a table a that is not there; *', 'the table is dropped');
DROP TABLE i;
CREATE TABLE g(id INTEGER PRIMARY KEY, js TEXT, tags BLOB AS (array_parse(js)));
INSERT INTO g(js) VALUES ('[1,2]'), ('[3]');
CREATE VIRTUAL TABLE gi USING array_index(g, tags);
UPDATE g SET js = '[3,4]' WHERE id = 1;
PRAGMA trusted_schema = OFF;
INSERT INTO g(js) VALUES ('[4]');
SELECT eq(rows('SELECT id FROM gi(''4'')'), '1
3', 'a generated column, and no trusted schema');
INSERT INTO gi(gi) VALUES ('integrity-check');
PRAGMA trusted_schema = ON;
VACUUM;
SELECT eq(rows('SELECT id FROM gi(''4'')'), '1
3', 'VACUUM');
ATTACH ':memory:' AS x;
CREATE TABLE x.g(id INTEGER PRIMARY KEY, tags);
CREATE VIRTUAL TABLE x.gi USING array_index(g, tags);
INSERT INTO x.g(tags) VALUES ('[4]');
SELECT eq(rows('SELECT id FROM x.gi(''4'')') || rows('SELECT count(*) FROM main.gi(''4'')'), '12', 'another database');
CREATE TEMP TABLE t(id INTEGER PRIMARY KEY, tags);
CREATE VIRTUAL TABLE temp.ti USING array_index(t, tags);
INSERT INTO t(tags) VALUES ('[4]'), ('[5]') RETURNING eq(id > 0, 1, 'RETURNING');
SELECT eq(changes() || ' ' || last_insert_rowid(), '2 2', 'changes() and last_insert_rowid()');
SELECT eq(rows('SELECT id FROM ti(''5'')'), '2', 'a temporary table');
DROP TABLE gi;
ALTER TABLE child RENAME COLUMN tags TO "the tags";
SELECT eq(rows('SELECT id FROM child_tags(''1'')'), '2', 'a column of another name');
SELECT throws('ALTER TABLE child DROP COLUMN "the tags"', '*error in trigger child_tags_*', 'its column cannot be dropped');

-- Both ends, and many keys far apart
CREATE TABLE far(id INTEGER PRIMARY KEY, tags);
CREATE VIRTUAL TABLE far_tags USING array_index(far, tags);
INSERT INTO far SELECT value * 3074457345618258 - 9223372036854775807, array_of(value % 2, 9223372036854775807) FROM array_each(array_series(1, 4000));
INSERT INTO far VALUES (-9223372036854775808, array_of(1, -9223372036854775808)), (9223372036854775807, array_of(1));
SELECT eq(rows('SELECT id FROM far_tags(''1'') ORDER BY id LIMIT 2'), rows('SELECT id FROM far WHERE array_contains(tags, 1) ORDER BY id LIMIT 2'), 'the smallest key');
SELECT eq(rows('SELECT id FROM far_tags(''1'') ORDER BY id DESC LIMIT 2'), rows('SELECT id FROM far WHERE array_contains(tags, 1) ORDER BY id DESC LIMIT 2'), 'and the largest');
SELECT eq(rows('SELECT count(*), min(id), max(id) FROM far_tags(''1 & 9223372036854775807'')'), rows('SELECT count(*), min(id), max(id) FROM far WHERE array_match(tags, ''1 & 9223372036854775807'')'), 'values at the ends');
SELECT eq(rows('SELECT id FROM far_tags(''-9223372036854775808'')'), '-9223372036854775808', 'the smallest of all');
SELECT eq(rows('SELECT count(*) FROM far_tags(''!9223372036854775807'')'), '2', 'a negation');
INSERT INTO far_tags(far_tags) VALUES ('integrity-check');
SELECT done();
