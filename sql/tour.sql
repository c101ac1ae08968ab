-- A tour of sqlite-array: `make demo` runs it, in the sqlite3 shell with the extension loaded.
--
-- The data is what lies on this machine: the files below /usr/include and /usr/share. Every word
-- in their paths becomes a row with a list of integers, the ids of the files it occurs in, as a
-- search engine, a tag table or a permission table would keep it.
--
-- Any statement that fails ends the tour with an error, and so does a wrong answer: a row of
-- `checked` that is not 1 violates its constraint.

.bail on
.headers on
.mode box
PRAGMA synchronous = off;
PRAGMA cache_size = -100000;
CREATE TEMP TABLE checked(what TEXT, ok INTEGER CHECK (ok = 1));

-- What took how long: a row is begun before a statement and ended behind it.
CREATE TEMP TABLE lap(step INTEGER, way TEXT, begun REAL, ended REAL);
CREATE TEMP TRIGGER lap_begins AFTER INSERT ON lap BEGIN
  UPDATE lap SET begun = julianday('now') WHERE rowid = new.rowid;
END;
CREATE TEMP VIEW lap_ended AS SELECT NULL AS now;
CREATE TEMP TRIGGER lap_ends INSTEAD OF INSERT ON lap_ended BEGIN
  UPDATE lap SET ended = julianday('now') WHERE rowid = (SELECT max(rowid) FROM lap);
END;
CREATE TEMP VIEW times AS
  SELECT step, way, round(ms) AS ms,
         round(ms / max(1, first_value(ms) OVER (PARTITION BY step ORDER BY nth)), 1) || ' x' AS against_arrays
  FROM (SELECT rowid AS nth, step, way, (ended - begun) * 86400000 AS ms FROM lap);

.print
.print === 1. Real data: the paths of some thousand files, split into words
CREATE TABLE file AS
  SELECT row_number() OVER () AS id, name AS path, mtime FROM
  (SELECT name, mtime FROM fsdir('/usr/include') UNION ALL SELECT name, mtime FROM fsdir('/usr/share')
   LIMIT 20000);
CREATE TEMP TABLE posting AS
  WITH RECURSIVE part(id, word, rest) AS (
    SELECT id, NULL, substr(path, 2) || '/' FROM file
    UNION ALL
    SELECT id, substr(rest, 1, instr(rest, '/') - 1), substr(rest, instr(rest, '/') + 1)
    FROM part WHERE rest <> '')
  SELECT DISTINCT word, id FROM part WHERE word <> '' ORDER BY word, id;
.print CREATE TABLE word AS
.print '  SELECT word, array_agg(id) AS ids FROM posting GROUP BY word;'
CREATE TABLE word AS SELECT word, array_agg(id) AS ids FROM posting GROUP BY word;
CREATE TABLE word_json AS SELECT word, json_group_array(id) AS ids FROM posting GROUP BY word;
CREATE TABLE word_child(word_id INTEGER, id INTEGER);
INSERT INTO word_child SELECT w.rowid, p.id FROM word AS w JOIN posting AS p USING (word);
SELECT (SELECT count(*) FROM file) AS files, count(DISTINCT word) AS words, count(*) AS pairs FROM posting;
SELECT substr(word, 1, 20) AS word, array_length(ids) AS files, array_width(ids) AS bytes_each,
       array_to_json(array_head(ids, 5)) AS first_ids
FROM word ORDER BY files DESC LIMIT 5;

.print
.print === 2. A list in, every element times two, out
.print As arrays: SELECT word, array_mul(ids, 2) AS ids FROM word
INSERT INTO lap(step, way) VALUES (2, 'arrays');
CREATE TABLE doubled AS SELECT word, array_mul(ids, 2) AS ids FROM word;
INSERT INTO lap_ended VALUES (1);
.print As JSON: SELECT word, (SELECT json_group_array(value * 2) FROM json_each(ids))
INSERT INTO lap(step, way) VALUES (2, 'JSON');
CREATE TABLE doubled_json AS
  SELECT word, (SELECT json_group_array(value * 2) FROM json_each(ids)) AS ids FROM word_json;
INSERT INTO lap_ended VALUES (1);
.print As a child table, rows in and rows out: SELECT word_id, id * 2 FROM word_child
INSERT INTO lap(step, way) VALUES (2, 'child table');
CREATE TABLE doubled_child AS SELECT word_id, id * 2 AS id FROM word_child;
INSERT INTO lap_ended VALUES (1);
SELECT way, ms, against_arrays FROM times WHERE step = 2;
SELECT substr(word, 1, 20) AS word, array_to_json(array_head(w.ids, 5)) AS ids,
       array_to_json(array_head(d.ids, 5)) AS doubled
FROM word AS w JOIN doubled AS d USING (word) ORDER BY array_length(w.ids) DESC LIMIT 3;
INSERT INTO checked
  SELECT 'doubled arrays and JSON agree', d.ids = array_parse(j.ids)
  FROM doubled AS d JOIN doubled_json AS j ON j.rowid = d.rowid;

.print
.print === 3. Sets: how many files do the 40 largest words share? 780 pairs
CREATE TEMP TABLE large AS
  SELECT w.rowid AS id, w.word, w.ids, j.ids AS json FROM word AS w JOIN word_json AS j ON j.rowid = w.rowid
  ORDER BY array_length(w.ids) DESC LIMIT 40;
CREATE INDEX word_child_by_word ON word_child(word_id, id);
.print As arrays: array_intersect_count(a.ids, b.ids)
INSERT INTO lap(step, way) VALUES (3, 'arrays');
CREATE TEMP TABLE shared AS
  SELECT a.id AS a, b.id AS b, array_intersect_count(a.ids, b.ids) AS n
  FROM large AS a JOIN large AS b ON a.id < b.id;
INSERT INTO lap_ended VALUES (1);
.print As JSON: count(*) of values of json_each(a) INTERSECT values of json_each(b)
INSERT INTO lap(step, way) VALUES (3, 'JSON');
CREATE TEMP TABLE shared_json AS
  SELECT a.id AS a, b.id AS b, (SELECT count(*) FROM (
    SELECT value FROM json_each(a.json) INTERSECT SELECT value FROM json_each(b.json))) AS n
  FROM large AS a JOIN large AS b ON a.id < b.id;
INSERT INTO lap_ended VALUES (1);
.print As a child table with an index, joined with itself
INSERT INTO lap(step, way) VALUES (3, 'child table');
CREATE TEMP TABLE shared_child AS
  SELECT a.id AS a, b.id AS b, (SELECT count(*) FROM word_child AS x JOIN word_child AS y
    ON y.word_id = b.id AND y.id = x.id WHERE x.word_id = a.id) AS n
  FROM large AS a JOIN large AS b ON a.id < b.id;
INSERT INTO lap_ended VALUES (1);
SELECT way, ms, against_arrays FROM times WHERE step = 3;
INSERT INTO checked SELECT 'three ways, one answer', s.n = j.n AND s.n = c.n
  FROM shared AS s JOIN shared_json AS j USING (a, b) JOIN shared_child AS c USING (a, b);

.print
.print === 4. What it weighs: pages of the tables, and of the index of the child table
SELECT kind, bytes, round(1.0 * bytes / first_value(bytes) OVER (), 1) || ' x' AS against_arrays FROM (
  SELECT 'arrays' AS kind, sum(pgsize) AS bytes FROM dbstat WHERE name = 'word' UNION ALL
  SELECT 'JSON', sum(pgsize) FROM dbstat WHERE name = 'word_json' UNION ALL
  SELECT 'child table', sum(pgsize) FROM dbstat WHERE name IN ('word_child', 'word_child_by_word'));

.print
.print === 5. Filter and reduce: how old are the files of each top directory?
CREATE TABLE age AS
  SELECT substr(path, 1, instr(substr(path, 12) || '/', '/') + 10) AS top, array_agg(mtime) AS mtimes
  FROM file GROUP BY top;
SELECT substr(top, 1, 22) AS top, array_length(mtimes) AS files,
       date(array_min(mtimes), 'unixepoch') AS oldest,
       date(cast(array_median(mtimes) AS INTEGER), 'unixepoch') AS median,
       array_length(array_filter(mtimes, array_ge(mtimes, array_max(mtimes) - 86400))) AS on_last_day
FROM age ORDER BY files DESC LIMIT 5;
INSERT INTO checked SELECT 'every file once', sum(array_length(mtimes)) = (SELECT count(*) FROM file) FROM age;

.print
.print === 6. Unnest and join: the files behind a list, as rows again
.print SELECT f.path FROM word AS w, array_each(w.ids) AS e JOIN file AS f
.print '  ON f.id = e.value'
SELECT substr(w.word, 1, 20) AS word, e.idx, substr(f.path, -40) AS path
FROM (SELECT * FROM word WHERE array_length(ids) BETWEEN 3 AND 5 AND word GLOB '[a-z]*.h' ORDER BY word LIMIT 2) AS w,
     array_each(w.ids) AS e JOIN file AS f ON f.id = e.value;
.print One bound array instead of IN (?, ?, ?, ..)
SELECT count(*) AS files_of_the_largest_word FROM file
WHERE id IN (SELECT value FROM array_each((SELECT ids FROM word ORDER BY array_length(ids) DESC LIMIT 1)));
INSERT INTO checked
  SELECT 'arrays hold the pairs', (SELECT count(*) FROM word AS w, array_each(w.ids)) = (SELECT count(*) FROM posting);

.print
.print === 7. A large array: the bytes of this shell's program, twenty times over
CREATE TEMP TABLE big AS SELECT array_tile(array_from_blob(readfile('/proc/self/exe'), 'uint8'), 20) AS a;
SELECT array_length(a) AS elements, array_min(a) AS smallest, array_max(a) AS largest, array_mode(a) AS commonest FROM big;
.print As an array: SELECT array_sum(array_mul(array_add(a, 1), 2)) FROM big
INSERT INTO lap(step, way) VALUES (7, 'array');
CREATE TEMP TABLE answer AS SELECT array_sum(array_mul(array_add(a, 1), 2)) AS n FROM big;
INSERT INTO lap_ended VALUES (1);
.print As rows: SELECT sum((value + 1) * 2) FROM big, array_each(a)
INSERT INTO lap(step, way) VALUES (7, 'rows');
INSERT INTO answer SELECT sum((value + 1) * 2) FROM big, array_each(a);
INSERT INTO lap_ended VALUES (1);
SELECT way, ms, against_arrays AS against_array FROM times WHERE step = 7;
INSERT INTO checked SELECT 'large results agree', min(n) = max(n) FROM answer;

.print
.print === 8. The memory it took: every byte is SQLite's own, and counted
SELECT name, value, unit FROM array_memory;
SELECT 'all ' || count(*) || ' checks hold' AS tour FROM checked;
