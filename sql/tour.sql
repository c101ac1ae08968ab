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
CREATE TEMP TABLE checked(what TEXT, ok INTEGER CHECK (ok = 1));

.print
.print === 1. Real data: the paths of some thousand files, split into words
.timer on
CREATE TABLE file AS
  SELECT row_number() OVER () AS id, name AS path, mtime FROM
  (SELECT name, mtime FROM fsdir('/usr/include') UNION ALL SELECT name, mtime FROM fsdir('/usr/share')
   LIMIT 20000);
CREATE TABLE posting AS                       -- one row a word and file: what one has without arrays
  WITH RECURSIVE part(id, word, rest) AS (
    SELECT id, NULL, substr(path, 2) || '/' FROM file
    UNION ALL
    SELECT id, substr(rest, 1, instr(rest, '/') - 1), substr(rest, instr(rest, '/') + 1)
    FROM part WHERE rest <> '')
  SELECT DISTINCT word, id FROM part WHERE word <> '' ORDER BY word, id;
.timer off
SELECT (SELECT count(*) FROM file) AS files, count(DISTINCT word) AS words, count(*) AS pairs FROM posting;

.print
.print === 2. Build arrays: one row a word, its file ids in one column
.print CREATE TABLE word AS SELECT word, array_agg(id) AS ids FROM posting GROUP BY word;
.timer on
CREATE TABLE word AS SELECT word, array_agg(id) AS ids FROM posting GROUP BY word;
.timer off
CREATE TABLE word_json AS SELECT word, json_group_array(id) AS ids FROM posting GROUP BY word;
CREATE TABLE word_child(word_id INTEGER, id INTEGER);
INSERT INTO word_child SELECT w.rowid, p.id FROM word AS w JOIN posting AS p USING (word);
CREATE INDEX word_child_by_word ON word_child(word_id, id);
SELECT word, array_length(ids) AS files, array_width(ids) AS bytes_each,
       array_to_text(array_head(ids, 8), ' ') || CASE WHEN array_length(ids) > 8 THEN ' ..' ELSE '' END AS ids
FROM word ORDER BY files DESC LIMIT 8;

.print
.print === 3. What the lists weigh, in bytes: array, JSON, child table with its index
SELECT kind, bytes, round(1.0 * bytes / first_value(bytes) OVER (), 1) || ' x' AS against_array FROM (
  SELECT 'array' AS kind, sum(length(ids)) AS bytes FROM word UNION ALL
  SELECT 'JSON text', sum(length(ids)) FROM word_json UNION ALL
  SELECT 'child table', sum(pgsize) FROM dbstat WHERE name IN ('word_child', 'word_child_by_word'));

.print
.print === 4. Transform: a list in, every element times two, out
.print -- as arrays: SELECT array_mul(ids, 2) ...
.timer on
CREATE TABLE doubled AS SELECT word, array_mul(ids, 2) AS ids FROM word;
.timer off
.print -- as JSON: unpack, multiply, pack again
.timer on
CREATE TABLE doubled_json AS
  SELECT word, (SELECT json_group_array(value * 2) FROM json_each(ids)) AS ids FROM word_json;
.timer off
.print -- as a child table
.timer on
CREATE TABLE doubled_child AS SELECT word_id, id * 2 AS id FROM word_child;
.timer off
INSERT INTO checked SELECT 'doubled arrays and JSON agree', ids = array_parse((SELECT ids FROM doubled_json AS j WHERE j.rowid = d.rowid))
  FROM doubled AS d;
INSERT INTO checked
  SELECT 'sums double', sum(array_sum(d.ids)) = 2 * sum(array_sum(w.ids)) FROM doubled AS d JOIN word AS w USING (word);
SELECT word, array_to_json(array_head(w.ids, 5)) AS ids, array_to_json(array_head(d.ids, 5)) AS doubled
FROM word AS w JOIN doubled AS d USING (word) ORDER BY array_length(w.ids) DESC LIMIT 3;

.print
.print === 5. Filter and reduce: how old are the files of each top directory?
CREATE TABLE age AS
  SELECT substr(path, 1, instr(substr(path, 12) || '/', '/') + 10) AS top, array_agg(mtime) AS mtimes
  FROM file GROUP BY top;
SELECT top, array_length(mtimes) AS files,
       date(array_min(mtimes), 'unixepoch') AS oldest,
       date(cast(array_median(mtimes) AS INTEGER), 'unixepoch') AS median,
       date(array_max(mtimes), 'unixepoch') AS newest,
       array_length(array_filter(mtimes, array_ge(mtimes, array_max(mtimes) - 86400))) AS on_the_last_day,
       array_distinct_count(mtimes) AS different_times
FROM age ORDER BY files DESC LIMIT 6;
INSERT INTO checked SELECT 'every file once', sum(array_length(mtimes)) = (SELECT count(*) FROM file) FROM age;

.print
.print === 6. Unnest and join: the files behind a list, as rows again
.print -- SELECT f.path FROM word AS w, array_each(w.ids) AS e JOIN file AS f ON f.id = e.value ...
SELECT w.word, e.idx, f.path
FROM (SELECT * FROM word WHERE array_length(ids) BETWEEN 3 AND 5 AND word GLOB '[a-z]*.h' ORDER BY word LIMIT 2) AS w,
     array_each(w.ids) AS e JOIN file AS f ON f.id = e.value;
.print -- one bound array instead of IN (?, ?, ?, ..)
SELECT count(*) AS files_of_the_largest_word FROM file
WHERE id IN (SELECT value FROM array_each((SELECT ids FROM word ORDER BY array_length(ids) DESC LIMIT 1)));
INSERT INTO checked
  SELECT 'arrays hold the pairs', (SELECT count(*) FROM word AS w, array_each(w.ids)) = (SELECT count(*) FROM posting);

.print
.print === 7. Large arrays: the bytes of the program that is running now, this shell
CREATE TEMP TABLE big AS SELECT array_from_blob(readfile('/proc/self/exe'), 'uint8') AS a;
SELECT array_length(a) AS elements, array_width(a) AS bytes_each, array_min(a) AS smallest, array_max(a) AS largest FROM big;
.print -- array_sum(array_mul(array_add(a, 1), 2))
.timer on
SELECT array_sum(array_mul(array_add(a, 1), 2)) AS result FROM big;
.timer off
.print -- the same by rows of array_each
.timer on
SELECT sum((value + 1) * 2) AS result FROM big, array_each(a);
.timer off
INSERT INTO checked
  SELECT 'large results agree', array_sum(array_mul(array_add(a, 1), 2)) = (SELECT sum((value + 1) * 2) FROM array_each(a)) FROM big;

.print
.print === 8. What memory it took: every byte is SQLite's own, counted
SELECT name, value, unit, meaning FROM array_memory;
SELECT 'all ' || count(*) || ' checks hold' AS tour FROM checked;
