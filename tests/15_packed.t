-- Packed arrays: array_pack, array_unpack, array_bits, and what all else makes of them
SELECT plan(40);

CREATE TEMP TABLE plain(name, a);
INSERT INTO plain VALUES
  ('a ramp', array_series(1, 5000)), ('ascending', array_unique(array_random(3000, 1, 300000, 1))),
  ('a walk', array_cumsum(array_random(2500, -3, 3, 2))), ('one value', array_fill(2048, -7)),
  ('10 bits', array_random(1025, 1000000, 1001023, 3)), ('64 bits', array_random(1100, -9e18, 9e18, 4)),
  ('masks', array_random(1024, 0, 1, 5)), ('outliers', array_set_at(array_random(1500, 0, 9, 6), 77, 1000000000000)),
  ('short', '[5,5,5,5,5,5,5,5,5,5]'), ('two', '[1,2]'), ('empty', '[]');
CREATE TEMP TABLE packed AS SELECT name, array_parse(array_to_json(a)) AS a, array_pack(a) AS p FROM plain;

-- Bytes
SELECT eq((SELECT count(*) FROM packed WHERE length(p) > length(a)), 0, 'never more bytes');
SELECT eq((SELECT group_concat(name, ', ') FROM packed WHERE p = a), '64 bits, two, empty', 'what takes no fewer bytes stays plain');
SELECT eq(hex(array_pack('[5,5,5,5,5,5,5,5,5,5]')), 'A14101010A00000000000005', 'the bytes of a block of one value');
SELECT eq(hex(array_pack(array_series(1, 100))), 'A14101016400000001000001' || '01', 'and of a ramp');
SELECT ok(length(array_pack(array_unique(array_random(1000000, 1, 100000000, 7)))) < 1.15 * 995000, 'ascending with a mean gap of 100: 1.15 bytes');
SELECT eq(array_pack(p), p, 'packed once more: ' || name) FROM packed WHERE name IN ('a walk', 'empty');
SELECT eq((SELECT count(*) FROM packed WHERE array_unpack(p) <> a OR array_unpack(a) <> a), 0, 'unpacked they are what they were');
SELECT eq((SELECT count(*) FROM packed WHERE array_width(p) <> array_width(a)), 0, 'the width is that of plain elements');
SELECT eq(array_bits(array_series(1, 1024)) || ' ' || array_bits('[1]'), '16.0 8.0', 'bits of plain arrays');
SELECT eq(array_bits(array_pack(array_fill(1024, 3))), 0.03125, 'and of packed ones, all of them');
SELECT eq(array_bits('[]'), NULL, 'of no elements');
SELECT eq((SELECT min(array_valid(p)) FROM packed), 1, 'they are valid');

-- Elements are what counts, but for = and GROUP BY, which see bytes
SELECT eq((SELECT count(*) FROM packed WHERE NOT array_equal(a, p) OR array_compare(a, p) <> 0), 0, 'equal');
SELECT eq((SELECT count(*) FROM packed WHERE array_hash(a) <> array_hash(p) OR array_key(a) <> array_key(p)), 0, 'hash and key');
SELECT eq((SELECT count(*) FROM packed WHERE array_compare(array_append(a, 1), p) <> 1 OR array_equal(array_append(a, 1), p)), 0, 'longer ones');
SELECT eq(array_pack(array_series(1, 100)) = array_series(1, 100), 0, 'a packed array is not = the plain one');
SELECT eq((SELECT count(DISTINCT x) FROM (SELECT p AS x FROM packed UNION ALL SELECT a FROM packed)), 19, 'nor are they one group');

-- Results are plain
SELECT eq((SELECT count(*) FROM packed WHERE array_add(p, 0) <> a OR array_concat(p) <> a OR array_slice(p, 1) <> a), 0, 'results');
SELECT eq((SELECT count(*) FROM packed WHERE array_reverse(array_reverse(p)) <> a OR array_take(p, array_series(1, array_length(p))) <> a), 0,
    'results of random access');
SELECT eq((SELECT count(*) FROM packed WHERE array_sort(p) <> array_sort(a) OR array_unique(p) <> array_unique(a)), 0, 'sorted');
SELECT eq((SELECT count(*) FROM packed WHERE array_union(p, '[7]') <> array_union(a, '[7]') OR array_except(p, a) <> '[]'
    AND array_length(array_except(p, a)) > 0), 0, 'sets');
SELECT eq((SELECT count(*) FROM packed, array_each(array_of(1, -1, 1023, 1024, 1025, 2048, 2049, 77)) i WHERE array_get(p, i.value) IS NOT array_get(a, i.value)),
    0, 'elements around the borders of blocks');
SELECT eq((SELECT count(*) FROM packed, array_each('[1,500,1023,1024,1025,2000]') i
    WHERE array_slice(p, i.value, i.value + 1024) <> array_slice(a, i.value, i.value + 1024)), 0, 'slices');
SELECT eq((SELECT count(*) FROM packed WHERE array_to_json(p) <> array_to_json(a) OR array_sum(array_mod(p, 1000)) <> array_sum(array_mod(a, 1000))), 0, 'text, sums');
SELECT eq((SELECT count(*) FROM packed WHERE array_diff(array_mod(p, 999)) <> array_diff(array_mod(a, 999)) OR array_moving_sum(array_mod(p, 9), 7) <> array_moving_sum(array_mod(a, 9), 7)), 0,
    'two places of one array at a time');
SELECT eq((SELECT count(*) FROM packed WHERE array_intersect_count(p, a) <> array_distinct_count(a)), 0, 'counts');

-- Aggregates, windows, tables
SELECT eq((SELECT array_concat_agg(p) FROM (SELECT p FROM packed ORDER BY name)), (SELECT array_concat_agg(a) FROM (SELECT a FROM packed ORDER BY name)),
    'array_concat_agg');
SELECT eq((SELECT array_union_agg(p) FROM packed), (SELECT array_union_agg(a) FROM packed), 'array_union_agg');
SELECT eq((SELECT array_sum_agg(p) FROM (SELECT p FROM packed WHERE name = 'a walk' UNION ALL SELECT a FROM packed WHERE name = 'a walk')),
    (SELECT array_mul(a, 2) FROM packed WHERE name = 'a walk'), 'array_sum_agg of both forms');
SELECT eq((SELECT array_agg(value) FROM packed, array_each(p) WHERE name = 'ascending'), (SELECT a FROM packed WHERE name = 'ascending'), 'array_each');
SELECT eq((SELECT count(*) FROM packed AS q, array_zip(q.p, q.a) AS z WHERE z.a IS NOT z.b), 0, 'array_zip');
SELECT eq((SELECT count(*) FROM packed, array_chunks(p, 1000)), (SELECT count(*) FROM packed, array_chunks(a, 1000)), 'array_chunks');

-- Virtual tables
CREATE VIRTUAL TABLE temp.s USING array_store(x, y, chunk=1000);
INSERT INTO s SELECT array_pack(array_series(1, 2500)), array_pack(array_fill(2500, 3));
SELECT eq((SELECT count(*) || ' ' || sum(x * y) FROM s), '2500 9378750', 'rows of array_store');
SELECT throws('INSERT INTO s VALUES (array_pack(array_series(1, 100)), array_series(1, 99))', 'length mismatch: 100 in s.x and 99 in s.y', 'and its errors');
CREATE TABLE docs(id INTEGER PRIMARY KEY, tags);
INSERT INTO docs SELECT value, array_pack(array_series(value, value + 100)) FROM array_each(array_series(1, 50));
CREATE VIRTUAL TABLE docs_index USING array_index(docs, tags);
SELECT eq((SELECT group_concat(id) FROM docs_index WHERE docs_index MATCH '120 & !121'), '20', 'array_index');

-- What is no packed array
SELECT throws('SELECT array_sum(x''a141010105000000ff000000'')', 'array_sum: argument 1 is not an array (BLOB whose packed block 1 is damaged)', 'a form');
SELECT throws('SELECT array_sum(x''a14101010500000000'')', 'BLOB of 9 bytes, its header says 12', 'too few bytes');
SELECT eq(array_valid(x'a14101010100000000000001') || array_sum(x'a14101010100000000000001'), '01',
    'packed though it takes more bytes: read, but not valid');
SELECT eq(array_valid(x'a141010100000000'), 0, 'the empty array is not packed');
