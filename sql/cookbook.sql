-- The cookbook: how to do it with arrays. Load the extension and run any of it, or all:
--
--     sqlite3 -cmd '.load build/array' :memory: <sql/cookbook.sql
--
-- A line that begins with --> is what the shell prints. An array is a BLOB, which the shell prints
-- as unreadable bytes: array_to_json() shows it.

-- == Tags: with all of, any of, none of
-- Find the articles that have all of some tags, at least one of others, and none of a third kind.
CREATE TEMP TABLE article(id INTEGER PRIMARY KEY, title TEXT, tags BLOB);
INSERT INTO article VALUES (1, 'Sorting', array_of(1, 2)), (2, 'Hashing', array_of(1, 3, 5)),
                           (3, 'Caches', array_of(2, 3)), (4, 'Locks', array_of(1, 2, 3, 9));
SELECT title FROM article
WHERE array_contains_all(tags, '[1,2]') AND array_contains_any(tags, '[2,3]')
  AND NOT array_contains_any(tags, '[9]');
--> Sorting

-- == Tags: any condition, in one expression
-- Let a user combine tags with and, or, not: intarray's query language.
SELECT id, title FROM article WHERE array_match(tags, '1 & (2 | 5) & !9') ORDER BY id;
--> 1|Sorting
--> 2|Hashing

-- == Tags with names
-- Names live once, in a table of their own. A view shows them and is written through; a search by names
-- looks up their numbers, and a name that nobody has used finds nothing.
CREATE TEMP TABLE tag(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TEMP TABLE note(id INTEGER PRIMARY KEY, text TEXT, tags BLOB NOT NULL CHECK (array_valid(tags)));
CREATE TEMP VIEW tagged_note(id, text, tags) AS
  SELECT id, text, (SELECT json_group_array(name) FROM array_each(note.tags) JOIN tag ON tag.id = value) FROM note;
CREATE TEMP TRIGGER tagged_note_insert INSTEAD OF INSERT ON tagged_note BEGIN
  INSERT OR IGNORE INTO tag(name) SELECT value FROM json_each(new.tags);
  INSERT INTO note VALUES (new.id, new.text,
    (SELECT array_unique_agg(tag.id) FROM json_each(new.tags) AS j JOIN tag ON tag.name = j.value));
END;
CREATE TEMP TRIGGER tagged_note_update INSTEAD OF UPDATE ON tagged_note BEGIN
  INSERT OR IGNORE INTO tag(name) SELECT value FROM json_each(new.tags);
  UPDATE note SET id = new.id, text = new.text,
    tags = (SELECT array_unique_agg(tag.id) FROM json_each(new.tags) AS j JOIN tag ON tag.name = j.value)
  WHERE id = old.id;
END;
INSERT INTO tagged_note VALUES (1, 'Sort it', '["fast","sql"]'), (2, 'Hash it', '["sql"]'), (3, 'Cache it', '["fast"]');
UPDATE tagged_note SET tags = '["new","sql"]' WHERE id = 2;
SELECT id, text, tags FROM tagged_note WHERE id IN (
  SELECT id FROM note WHERE array_contains_any(tags,
    (SELECT array_agg(coalesce(tag.id, -1)) FROM json_each('["new","fast"]') AS j LEFT JOIN tag ON name = j.value)));
--> 1|Sort it|["fast","sql"]
--> 2|Hash it|["sql","new"]
--> 3|Cache it|["fast"]

-- == Permissions as sets
-- A user has the permissions of all roles, and some that are taken away again.
WITH role(name, permissions) AS (
  VALUES ('reader', array_of(1)), ('writer', array_of(1, 2, 4)), ('admin', array_of(4, 8)))
SELECT array_to_json(array_except(array_union_agg(permissions), '[2]'))
FROM role WHERE name IN ('reader', 'writer', 'admin');
--> [1,4,8]

-- == One bound array instead of IN (?, ?, ?)
-- Ask for a list of ids of any length with one prepared statement; ?1 is an array, here a text.
SELECT title FROM article WHERE id IN (SELECT value FROM array_each('[4,1]')) ORDER BY id;
--> Sorting
--> Locks

-- == Top k per group
-- The two best scores of each player, best first.
WITH game(player, score) AS (VALUES ('ann', 7), ('ann', 9), ('bob', 3), ('ann', 8), ('bob', 5), ('bob', 1))
SELECT player, array_to_json(array_topk(array_agg(score), 2)) FROM game GROUP BY player;
--> ann|[9,8]
--> bob|[5,3]

-- == Running totals and differences of a time series
-- A counter was read every hour: how much each hour, and how much since the start?
WITH reading(a) AS (VALUES (array_of(100, 104, 110, 110, 125)))
SELECT array_to_json(array_diff(a)), array_to_json(array_cumsum(array_diff(a))) FROM reading;
--> [4,6,0,15]|[4,10,10,25]

-- == A moving average
-- Smooth a series over three neighbours (in thousandths, for arrays hold integers).
SELECT array_to_json(array_div(array_mul(array_moving_sum('[1,5,3,8,4]', 3), 1000), 3));
--> [3000,5333,5000]

-- == A histogram in the shell
-- See how values are distributed, without leaving SQL.
SELECT lo, hi, count, bar FROM array_bins('[1,1,2,2,2,3,8,9]', 4);
--> 1.0|3.0|5|████████████████████████████████████████
--> 3.0|5.0|1|████████
--> 5.0|7.0|0|
--> 7.0|9.0|2|████████████████

-- == A series at a glance
-- Draw a long series into one line of text.
SELECT array_sparkline(array_mul(array_series(-4, 4), array_series(-4, 4)));
--> █▅▃▁▁▁▃▅█

-- == Percentiles
-- Response times: the median, the 90th percentile, and the worst.
WITH t(ms) AS (SELECT array_random(1000, 5, 500, 1))
SELECT array_median(ms), array_quantile(ms, 0.9), array_max(ms) FROM t;
--> 237.5|444.0|499

-- == Run-length encoding, and back
-- Keep runs of equal values as pairs of length and value.
WITH run AS (SELECT array_agg(length) AS lengths, array_agg(value) AS vals FROM array_runs('[7,7,7,5,5,7]'))
SELECT array_to_json(lengths), array_to_json(vals),
       (SELECT array_to_json(array_concat_agg(array_fill(a, b))) FROM array_zip(lengths, vals)) FROM run;
--> [3,2,1]|[7,5,7]|[7,7,7,5,5,7]

-- == Gaps in a sequence
-- Which invoice numbers are missing?
WITH invoice(number) AS (VALUES (101), (102), (105), (107))
SELECT array_to_json(array_except(array_series(min(number), max(number)), array_agg(number))) FROM invoice;
--> [103,104,106]

-- == Joining on shared elements
-- Pairs of articles with tags in common, and how alike they are.
SELECT a.title, b.title, array_to_json(array_intersect(a.tags, b.tags)), round(array_jaccard(a.tags, b.tags), 2)
FROM article AS a JOIN article AS b ON a.id < b.id AND array_contains_any(a.tags, b.tags)
ORDER BY 4 DESC, 1, 2 LIMIT 3;
--> Caches|Locks|[2,3]|0.5
--> Sorting|Locks|[1,2]|0.5
--> Hashing|Locks|[1,3]|0.4

-- == Market baskets
-- Which two products are bought together most often?
WITH basket(items) AS (
  VALUES (array_of(1, 2, 3)), (array_of(1, 3)), (array_of(2, 3)), (array_of(1, 3, 4)))
SELECT x.value, y.value, count(*) FROM basket, array_each(items) AS x, array_each(items) AS y
WHERE x.value < y.value GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 2;
--> 1|3|3
--> 2|3|2

-- == Adjacency lists: neighbours two hops away
-- A graph keeps its neighbours in one column. Who can be reached in two hops, and not in one?
CREATE TEMP TABLE node(id INTEGER PRIMARY KEY, neighbours BLOB);
INSERT INTO node VALUES (1, array_of(2, 3)), (2, array_of(1, 4)), (3, array_of(1, 4, 5)),
                        (4, array_of(2, 3, 6)), (5, array_of(3)), (6, array_of(4));
WITH RECURSIVE hop(id, distance) AS (
  VALUES (1, 0) UNION
  SELECT e.value, distance + 1 FROM hop JOIN node USING (id), array_each(neighbours) AS e WHERE distance < 2)
SELECT array_to_json(array_unique_agg(id)) FROM (SELECT id FROM hop GROUP BY id HAVING min(distance) = 2);
--> [4,5]

-- == Deduplicating rows by array
-- Keep one row for each set of tags, whatever their order when they were entered.
WITH entered(id, tags) AS (VALUES (1, '[3,1,2]'), (2, '{1,2,3}'), (3, '[1,2]'), (4, '[2,1,1]'))
SELECT min(id), array_to_json(array_unique(tags)) FROM entered GROUP BY array_unique(tags) ORDER BY 1;
--> 1|[1,2,3]
--> 3|[1,2]

-- == Constraints and generated columns
-- A column that can only hold canonical arrays of positive numbers, with its sum kept beside it and indexed.
CREATE TEMP TABLE score(
  points BLOB NOT NULL CHECK (array_valid(points) AND array_all(array_gt(points, 0))),
  total INTEGER AS (array_sum(points)) STORED);
CREATE INDEX score_by_total ON score(total);
INSERT INTO score VALUES (array_of(3, 4)), (array_of(10));
INSERT OR IGNORE INTO score VALUES (array_of(3, -4)), ('[1,2]');
SELECT total, array_to_json(points) FROM score ORDER BY total;
--> 7|[3,4]
--> 10|[10]

-- == Sorting rows by array
-- Rows in the order of their elements; the bytes of a blob are in another order.
WITH version(v) AS (VALUES ('[1,10]'), ('[1,2]'), ('[1]'), ('[-1,5]'))
SELECT v FROM version ORDER BY array_key(v);
--> [-1,5]
--> [1]
--> [1,2]
--> [1,10]

-- == From and to NumPy
-- numpy.save() writes what array_from_npy() reads, and numpy.load() reads what array_to_npy() writes.
SELECT array_to_json(array_from_npy(array_to_npy('[1,2,300]', 'int16'))), length(array_to_npy('[1,2,300]', 'int16'));
--> [1,2,300]|134

-- == From and to PostgreSQL and JSON
-- Text of both kinds is read as it is; it is written with separators of your choice.
SELECT array_to_json(array_add('{1,2}', '[10,20]')), '{' || array_to_text(array_of(1, 2)) || '}',
       json_object('tags', array_to_json(array_of(1, 2)));
--> [11,22]|{1,2}|{"tags":[1,2]}

-- == Counting votes
-- A mode, a count of each value, and the winner's share in percent.
WITH vote(a) AS (VALUES (array_of(3, 1, 3, 2, 3)))
SELECT value, count, 100 * count / array_length(a), value = array_mode(a) FROM vote, array_counts(a);
--> 1|1|20|0
--> 2|1|20|0
--> 3|3|60|1

-- == A time series that grows
-- Measurements by the million: rows go in one by one or as arrays, a range is read without an index, a
-- summary of each chunk costs no row. (With `temp.` for the tests; yours is kept in the file.)
CREATE VIRTUAL TABLE temp.sample USING array_store(at, celsius, chunk=1000);
INSERT INTO sample(at, celsius) VALUES (1700000000, 21), (1700000060, 22);
INSERT INTO sample(at, celsius)
VALUES (array_series(1700000120, 1700300000, 60), array_add(array_mod(array_series(1, 4999), 9), 18));
DELETE FROM sample WHERE at < 1700090000;
INSERT INTO sample(sample) VALUES ('optimize');
SELECT 'rows of an hour', count(*), min(celsius), max(celsius) FROM sample WHERE at BETWEEN 1700100000 AND 1700103600
UNION ALL
SELECT 'all in chunks', sum(chunk_rows), min(celsius_min), array_median(array_concat_agg(celsius)) FROM sample_chunks;
--> rows of an hour|60|18|26
--> all in chunks|3501|18|22.0

-- == A table of integers, moved into a store
-- The same rows in a fraction of the bytes; the rowids stay what they were, and queries may stay as they are.
CREATE TEMP TABLE visit(id INTEGER PRIMARY KEY, page INTEGER, ms INTEGER);
INSERT INTO visit SELECT 10 * value, value % 7, value % 300 FROM array_each(array_series(1, 500));
CREATE VIRTUAL TABLE temp.visits USING array_store(page, ms);
INSERT INTO visits(rowid, page, ms) SELECT id, page, ms FROM visit ORDER BY id;
SELECT (SELECT sum(ms) FROM visit WHERE page = 3) = (SELECT sum(ms) FROM visits WHERE page = 3),
       (SELECT ms FROM visits WHERE rowid = 120);
--> 1|12

-- == Tags with names, searched and counted
-- Names live in a table of their own. The index finds the articles that have all of the names, newest first, and counts
-- what else they have. (With `temp.` for the tests; yours is kept in the file.)
CREATE TEMP TABLE label(id INTEGER PRIMARY KEY, name TEXT UNIQUE);
INSERT INTO label VALUES (1, 'sql'), (2, 'fast'), (3, 'small'), (4, 'c');
CREATE TEMP TABLE page(id INTEGER PRIMARY KEY, title TEXT, labels BLOB);
CREATE VIRTUAL TABLE temp.page_labels USING array_index(page, labels);
INSERT INTO page VALUES (1, 'Sorting', array_of(1, 2)), (2, 'Hashing', array_of(2, 4)), (3, 'Trees', array_of(1, 2, 4));
CREATE TEMP TABLE asked AS                              -- a name that nobody has used finds nothing
  SELECT array_agg(coalesce(label.id, -1)) AS labels FROM json_each('["fast","sql"]') AS j LEFT JOIN label ON name = j.value;
SELECT 'page', title FROM page WHERE id IN (SELECT id FROM page_labels((SELECT labels FROM asked)) ORDER BY id DESC LIMIT 20)
UNION ALL
SELECT name, count FROM page_labels_counts((SELECT labels FROM asked)) JOIN label ON label.id = value;
--> page|Sorting
--> page|Trees
--> sql|2
--> fast|2
--> c|1

-- == Documents that any of my groups may read
-- A document lists the groups that may read it. A reader's groups are one array; the index finds the documents with any of
-- them, and no row is looked at in vain. A document that is locked has a group that excludes it.
CREATE TEMP TABLE document(id INTEGER PRIMARY KEY, title TEXT, readers BLOB);
INSERT INTO document VALUES (1, 'Plan', array_of(10, 20)), (2, 'Pay', array_of(30)), (3, 'Menu', array_of(10, 30, 99));
CREATE VIRTUAL TABLE temp.document_readers USING array_index(document, readers);
CREATE TEMP TABLE member(name TEXT PRIMARY KEY, groups BLOB);
INSERT INTO member VALUES ('ann', array_of(10, 40)), ('bob', array_of(50));
SELECT member.name, document.title FROM member, document_readers AS r JOIN document USING (id)
WHERE array_contains_any(r.readers, member.groups) AND NOT array_contains(r.readers, 99);
--> ann|Plan

-- == Tags that stay JSON
-- What writes JSON goes on as before: a generated column is what the index reads. A tool that has to write without the extension
-- cannot do so any more, see the reference.
CREATE TEMP TABLE item(id INTEGER PRIMARY KEY, body TEXT, tags BLOB AS (array_parse(body ->> '$.tags')));
INSERT INTO item(body) VALUES ('{"name":"lamp","tags":[3,5]}'), ('{"name":"desk","tags":[5]}'), ('{"name":"rug"}');
CREATE VIRTUAL TABLE temp.item_tags USING array_index(item, tags);
UPDATE item SET body = json_set(body, '$.tags[#]', 7) WHERE body ->> 'name' = 'desk';
SELECT body ->> 'name' FROM item WHERE id IN item_tags('5 & !3');
--> desk

-- == Related articles
-- Those that share the most tags with this one: the index gives those that share any, their arrays are compared.
CREATE TEMP TABLE essay(id INTEGER PRIMARY KEY, title TEXT, tags BLOB);
INSERT INTO essay VALUES (1, 'Bread', array_of(1, 2, 3)), (2, 'Cake', array_of(2, 3, 4)), (3, 'Beer', array_of(1, 9)),
                         (4, 'Cars', array_of(7, 8));
CREATE VIRTUAL TABLE temp.essay_tags USING array_index(essay, tags);
SELECT other.title, array_intersect_count(other.tags, this.tags), round(array_jaccard(other.tags, this.tags), 2)
FROM essay AS this, essay_tags AS x JOIN essay AS other ON other.id = x.id
WHERE this.id = 1 AND array_contains_any(x.tags, this.tags) AND other.id <> this.id ORDER BY 3 DESC LIMIT 5;
--> Cake|2|0.5
--> Beer|1|0.25

-- == Is this set there already?
-- Rows that have all of its values come from the index; of those the ones that have no other are equal to it.
CREATE TEMP TABLE recipe_of(id INTEGER PRIMARY KEY, parts BLOB);
INSERT INTO recipe_of VALUES (1, '[1,2,3]'), (2, '{3,1}'), (3, '[3,3,1]'), (4, '[1]');
CREATE VIRTUAL TABLE temp.recipe_parts USING array_index(recipe_of, parts);
SELECT id FROM recipe_of WHERE id IN recipe_parts('[1,3]') AND array_unique(parts) = array_unique('[1,3]');
--> 2
--> 3

-- == From a child table of tags
-- A row for each pair becomes an array in the row itself. A view under the old name serves what still reads and writes pairs;
-- the old table can be dropped when all is well.
CREATE TEMP TABLE photo(id INTEGER PRIMARY KEY, name TEXT);
CREATE TEMP TABLE photo_tag(photo INTEGER REFERENCES photo, tag INTEGER, PRIMARY KEY (photo, tag)) WITHOUT ROWID;
INSERT INTO photo VALUES (1, 'sea'), (2, 'hill'), (3, 'dark');
INSERT INTO photo_tag VALUES (1, 5), (1, 6), (2, 6), (2, 7);
BEGIN;
ALTER TABLE photo ADD COLUMN tags BLOB;
UPDATE photo SET tags = (SELECT array_agg(tag) FROM (SELECT tag FROM photo_tag WHERE photo = photo.id ORDER BY tag));
ALTER TABLE photo_tag RENAME TO photo_tag_before;
CREATE VIRTUAL TABLE temp.photo_tags USING array_index(photo, tags);
CREATE TEMP VIEW photo_tag(photo, tag) AS SELECT photo.id, value FROM photo, array_each(photo.tags);
CREATE TEMP TRIGGER photo_tag_insert INSTEAD OF INSERT ON photo_tag BEGIN
  UPDATE photo SET tags = array_union(tags, array_of(new.tag)) WHERE id = new.photo;
END;
CREATE TEMP TRIGGER photo_tag_delete INSTEAD OF DELETE ON photo_tag BEGIN
  UPDATE photo SET tags = array_except(tags, array_of(old.tag)) WHERE id = old.photo;
END;
COMMIT;
INSERT INTO photo_tag VALUES (3, 6);
DELETE FROM photo_tag WHERE photo = 2 AND tag = 7;
SELECT name, array_to_json(tags) FROM photo WHERE id IN photo_tags('6 & !5');
--> hill|[6]
--> dark|[6]

-- == A piece of a large array
-- Of a recording of 100,000 samples four are read, and one is corrected, where they are stored.
CREATE TEMP TABLE recording(id INTEGER PRIMARY KEY, samples BLOB);
INSERT INTO recording VALUES (7, array_mod(array_series(1, 100000), 100));
SELECT array_blob_set('temp', 'recording', 'samples', 7, 50002, -1);
SELECT array_to_json(array_blob_slice('temp', 'recording', 'samples', 7, 50000, 50003));
--> -1
--> [0,1,-1,3]

-- == An expression on several columns
-- The margin of each sale in percent, and how many sales had more than 20 %, without arrays in between.
WITH sale(price, cost) AS (VALUES ('[120,90,250,80]', '[100,80,190,85]'))
SELECT array_to_json(array_eval('(a - b) * 100 / b', price, cost)),
       array_eval('count(a * 100 > b * (100 + c))', price, cost, 20) FROM sale;
--> [20,12,31,-5]|1
