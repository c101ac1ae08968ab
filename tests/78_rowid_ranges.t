-- Constraints on the rowid of a table-valued function, idx or start, choose where its walk begins and ends. Whatever
-- they are, the rows are those of the whole walk that satisfy them.
SELECT plan(1875);
CREATE TEMP TABLE arrays(list);
INSERT INTO arrays SELECT array_of() UNION ALL SELECT array_of(value) FROM array_each('[7,300,70000,5000000000]')
    UNION ALL SELECT array_tile(array_of(3, value, value, value, 1, 1, value, 2, 3), 2)
        FROM array_each('[3,300,70000,5000000000]')
    UNION ALL SELECT array_fill(9, 4) UNION ALL SELECT array_repeat(array_series(300, 309), 3);
CREATE TEMP TABLE bounds(constraints);
WITH n(n) AS (VALUES (-1), (0), (1), (2), (3), (4), (5), (8), (9), (10), (17), (18), (19), (30), (31), (4e18))
INSERT INTO bounds SELECT replace(column1, '?', n) FROM n,
    (VALUES ('x = ?'), ('x > ?'), ('x <= ?'), ('x >= ? AND x < ? + 4'),
    ('x BETWEEN ? - 1.5 AND ? + 0.5'), ('x IN (?, 2, 9)'), ('x < ? AND x > 4'));
CREATE TEMP TABLE calls(call, x);
INSERT INTO calls VALUES ('array_each(list)', 'idx'), ('array_runs(list)', 'start'),
    ('array_zip(list, array_of(1, 2, 300))', 'idx'),
    ('array_zip(array_of(5), list, array_head(list, 4), array_concat(list, list))', 'idx'),
    ('array_windows(list, 1)', 'idx'),
    ('array_windows(list, 3)', 'idx'), ('array_windows(list, 4, 3)', 'idx'), ('array_windows(list, 2, 5)', 'idx'),
    ('array_chunks(list, 1)', 'idx'), ('array_chunks(list, 4)', 'idx'),
    ('array_chunks(list, 9223372036854775807)', 'idx');
CREATE TEMP TABLE queries AS
    SELECT call, replace(constraints, 'x', x) AS terms, replace(constraints, 'x', '+' || x) AS hidden_terms,
        format('SELECT list, t.* FROM arrays, %s AS t WHERE ', call) AS before FROM calls, bounds;
SELECT eq(rows(before || terms || ' ORDER BY list, t.rowid'),
    rows(before || hidden_terms || ' ORDER BY list, t.rowid'),
    call || ' WHERE ' || terms) FROM queries;
SELECT eq(rows(before || terms || ' ORDER BY list, t.rowid DESC'),
    rows(before || hidden_terms || ' ORDER BY list, t.rowid DESC'), call || ' backwards WHERE ' || terms)
  FROM queries WHERE terms LIKE '%AND%';
SELECT eq(rows(before || 'value = 3 AND ' || terms || ' ORDER BY list, t.rowid'),
    rows(before || 'value = 3 AND ' || hidden_terms || ' ORDER BY list, t.rowid'), 'value = 3 AND ' || terms)
  FROM queries WHERE call LIKE 'array_each%';

-- BLOBs of a table, at addresses that are not aligned
CREATE TEMP TABLE odd AS SELECT array_random(value, -40000, 40000, value) AS a FROM array_each(array_series(1, 40));
SELECT eq((SELECT group_concat(value) FROM odd, array_each(a) WHERE idx = 17),
    (SELECT group_concat(array_get(a, 17)) FROM odd WHERE array_length(a) > 16),
    'elements of arrays in a table');
UPDATE odd SET a = array_sort(array_mod(a, 3));
SELECT eq(rows('SELECT length, value FROM odd, array_runs(a) WHERE start = 5 ORDER BY odd.rowid'),
    rows('SELECT length, value FROM odd, array_runs(a) WHERE +start = 5 ORDER BY odd.rowid'),
    'runs of arrays in a table');
SELECT ok(rows('EXPLAIN QUERY PLAN SELECT * FROM array_runs(''[1]'') WHERE start = 1') LIKE '%INDEX 1:start=?',
    'the plan of a search for a run');
SELECT done();
