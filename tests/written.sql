-- Writes $BUILD/tests/written.db, which has to be the same bytes on every machine (make test-targets): arrays of each width
-- and codec, what each function makes of them, stores, an index, and files as they stand on the disk.
SELECT iif(env('BUILD') IS NULL, 'BUILD is not set', 'BUILD is ' || env('BUILD'));
ATTACH env('BUILD') || '/tests/written.db' AS written;

CREATE TABLE written.arrays(id INTEGER PRIMARY KEY, a, packed, bitmap, json, text, npy, hash, key, drawn);
INSERT INTO arrays(a)
    SELECT array_random(sizes.value, -highs.value * signs.value, highs.value, sizes.value)
      FROM array_each('[0,1,7,64,1000,5000]') AS sizes, array_each('[127,32767,2147483647,9223372036854775807]') AS highs,
        array_each('[0,1]') AS signs;
UPDATE arrays SET packed = array_pack(a), json = array_to_json(a), text = array_to_text(a, ';'), npy = array_to_npy(a),
    hash = array_hash(a), key = array_key(array_head(a, 10)), drawn = array_sparkline(a, 20);
UPDATE arrays SET bitmap = array_to_roaring(a) WHERE array_min(a) >= 0;

CREATE TABLE written.results(id INTEGER PRIMARY KEY, average, deviation, median, quantile, product, sorted, ranked, moved,
    convolved, shuffled, sampled, bins);
INSERT INTO results SELECT id, array_avg(a), array_stddev(a), array_median(a), array_quantile(a, 0.3),
    array_mul(array_mod(a, 1000), 7), array_sort(a), array_rank(a), array_moving_sum(array_mod(a, 9), 1),
    array_convolve(array_mod(array_head(a, 50), 100), '[1,-2,3]'), array_shuffle(a, id), array_sample(a, array_length(a) / 2, id),
    (SELECT group_concat(lo || ' ' || hi || ' ' || count) FROM array_bins(a, 5))
  FROM arrays;

CREATE TABLE written.examples(id INTEGER PRIMARY KEY, name, result);
INSERT INTO examples(name, result)
    SELECT name, rows('SELECT ' || example) FROM array_functions
     WHERE kind = 'scalar' AND example LIKE name || '(%' AND name NOT IN ('array_isa', 'array_limit', 'array_pool_trim');

CREATE VIRTUAL TABLE written.ticks USING array_store(ts, price, qty, chunk=500);
INSERT INTO ticks(ts, price, qty) VALUES (array_add(array_series(1, 20000, 2), array_random(10000, 0, 1, 5)),
    array_random(10000, 100, 40000, 6), array_random(10000, 1, 9, 7));
DELETE FROM ticks WHERE price % 7 = 0;
UPDATE ticks SET qty = -qty WHERE rowid % 100 = 3;
INSERT INTO ticks(ticks) VALUES ('optimize');

CREATE TABLE written.tagged(id INTEGER PRIMARY KEY, tags);
INSERT INTO tagged(tags) SELECT array_unique(array_random(6, 1, 300, value)) FROM array_each(array_series(1, 3000));
CREATE VIRTUAL TABLE written.by_tag USING array_index(tagged, tags);
UPDATE tagged SET tags = array_append(tags, 1000) WHERE id % 3 = 0;
DELETE FROM tagged WHERE id % 50 = 0;
INSERT INTO by_tag(by_tag) VALUES ('optimize');

CREATE TABLE written.files(name, bytes);
SELECT array_file_write(env('BUILD') || '/tests/written.npy', array_series(1, 100000), 'int32'),
       array_file_append(env('BUILD') || '/tests/written.npy', '[-1,-2]'),
       array_file_write(env('BUILD') || '/tests/gezählt-數.npy', '[1,2,3]', 'uint16');
INSERT INTO files SELECT name, readfile(env('BUILD') || '/tests/' || name) FROM (SELECT 'written.npy' AS name);
INSERT INTO files SELECT 'as array_file reads it', value FROM array_file(env('BUILD') || '/tests/gezählt-數.npy');
SELECT (SELECT count(*) FROM arrays) || ' arrays, ' || (SELECT count(*) FROM examples) || ' examples, ' ||
       (SELECT count(*) FROM ticks) || ' rows in a store, ' || (SELECT count(*) FROM tagged) || ' indexed';
SELECT iif(integrity_check = 'ok', 'ok', 'the database is not sound: ' || integrity_check) FROM pragma_integrity_check;
-- Each store and index has a random number of its own.
UPDATE ticks_config SET token = 1;
UPDATE by_tag_config SET token = 1;
VACUUM written;
DETACH written;
