-- The terms of an OR may share one cursor (SQLite 3.41 and later), which begins from nothing for each of them. All
-- pairs of terms of a table-valued function, with different sets of arguments and constraints, against the terms on
-- their own. SQLite gives a rowid once, from the first term that has it.
SELECT plan(549);
CREATE TEMP TABLE files(npy, raw);
INSERT INTO files VALUES (env('BUILD') || '/or_terms.npy', env('BUILD') || '/or_terms.bin');
SELECT eq(array_file_write(npy, array_series(1, 10), 'int16') > 0, 1, 'a file of NumPy''s'),
    eq(array_file_write(raw, array_series(101, 107), 'int32'), 28, 'and one of integers alone') FROM files;

-- No term is one comparison alone: SQLite would make `column IN (list)` of two of those. No two terms give an argument
-- by the same expression: SQLite would answer what they have in common first, without the other arguments.
CREATE TEMP TABLE terms(f, term);
INSERT INTO terms SELECT column1, value FROM (VALUES
    ('array_each', json_array('_array = ''[5,6,7]'' AND idx = 2', '_array = array_of(300, 6, 1, 2) AND idx >= 3',
        '_array = ''[9,8,7,6,5]'' AND value < 7', '_array = array_of(6, 6, 6, 6, 6, 6) AND value = 6 AND idx > 4',
        '_array = ''[5,6,7]'' AND value > 5.5 AND idx BETWEEN 1 AND 2',
        '_array = NULL AND idx = 1', '_array = ''[]'' AND idx > 0')),
    ('array_zip', json_array('_a = ''[1]'' AND _b = ''[2]'' AND _c = ''[5,6,7]'' AND idx = 1',
        '_a = ''[8]'' AND _b = ''[9]'' AND idx > 1',
        '_a = array_of(1, 2, 3) AND _b = array_of(4, 500, 6, 7, 8) AND idx > 2',
        '_a = ''[8]'' AND _b = ''[9,10,11]'' AND _c = array_of(1, 2, 3, 4, 5, 6)',
        '_a = ''[0]'' AND _b = ''[0]'' AND _d = ''[4,5,6,7]'' AND idx IN (2, 4)',
        '_a = ''[0,1]'' AND _b = ''[0,1,2]'' AND _c = NULL AND idx > 0', '_a = ''[]'' AND _b = ''[3]''')),
    ('array_counts', json_array('_array = ''[5,6,5]'' AND value = 5', '_array = array_of(300, 6, 300) AND value > 6',
        '_array = array_of(1, 2, 1) AND count = 2', '_array = ''[7,6,5]'' AND value BETWEEN 5 AND 6',
        '_array = NULL AND value = 5')),
    ('array_runs', json_array('_array = ''[5,5,6]'' AND start = 1',
        '_array = array_of(300, 300, 6, 6, 6, 1) AND start >= 3',
        '_array = ''[1,1,1,1,2]'' AND value = 2', '_array = ''[4,4,4,2]'' AND start < 4 AND length = 3',
        '_array = NULL AND start = 1')),
    ('array_windows', json_array('_array = ''[1,2,3,4,5]'' AND _size = 2 AND idx > 2',
        '_array = ''[1,2,3,4,5,6,7]'' AND _size = 3 AND _step = 2',
        '_array = array_of(7, 800, 9) AND _size = 1 AND idx = 2',
        '_array = ''[4,5,6,7,8,9]'' AND _size = 2 AND _step = 3 AND idx >= 4',
        '_array = ''[1,2]'' AND _size = NULL')),
    ('array_chunks', json_array('_array = ''[1,2,3,4,5]'' AND _size = 2 AND idx > 2',
        '_array = ''[1,2,3,4,5,6,7]'' AND _size = 3', '_array = array_of(7, 800, 9) AND _size = 1 AND idx = 2',
        '_array = NULL AND _size = 2')),
    ('array_bins', json_array('_array = ''[1,2,3,4,5]'' AND _n = 2',
        '_array = array_of(7, 800, 9) AND _n = 3 AND count > 0',
        '_array = ''[]'' AND _n = 3', '_array = ''[3,3]'' AND _n = 1', '_array = ''[1,2]'' AND _n = NULL')),
    ('array_functions', json_array('name = ''array_sum'' AND t.rowid > 0', 'kind = ''table'' AND name LIKE ''%each''',
        't.rowid < 10 AND kind = ''scalar''')),
    ('array_explain', json_array('_expression = ''a+1'' AND _a = ''[1]'' AND step > 0', '_expression = ''a*a'' AND _a = ''[1,2]'' AND step = 2',
        '_expression = ''sum(a+b)'' AND _a = ''[8]'' AND _b = 9', '_expression = NULL AND _a = ''[1]''')),
    ('array_memory', json_array('name = ''pool_limit'' AND unit = ''bytes''',
        'unit = ''bytes'' AND name LIKE ''%limit''')),
    ('array_file', json_array('_path = npy AND idx > 4', '_path = npy || '''' AND _chunk = 3 AND idx >= 4',
        '_path = raw AND _dtype = ''int32'' AND idx = 1',
        '_path = raw AND _dtype = ''uint8'' AND _chunk = 10 AND idx > 5',
        '_path = npy AND _dtype = NULL AND idx > 0'))), json_each(column2);
-- The hidden columns of a file that can be written, SQLite 3.40 and later, have other names.
UPDATE terms SET term = replace(replace(term, '_path', 'path'), '_dtype', 'dtype')
    WHERE f = 'array_file' AND EXISTS (SELECT * FROM pragma_table_xinfo('array_file') WHERE name = 'path');

-- What is compared: all columns that are the same at any time, and the arguments that are no arrays
CREATE TEMP TABLE selected(f, columns);
INSERT INTO selected SELECT f, CASE f WHEN 'array_functions' THEN 'name, kind' WHEN 'array_memory' THEN 'name, unit'
    ELSE (SELECT group_concat('t."' || name || '"', ', ') FROM pragma_table_xinfo(f)
        WHERE name NOT IN ('_array', '_a', '_b', '_c', '_d', '_e', '_f')) END FROM (SELECT DISTINCT f FROM terms);
SELECT ok(count(*) = 0, 'all table-valued functions have terms') FROM array_functions WHERE kind = 'table'
    AND name NOT IN (SELECT f FROM terms);

CREATE TEMP TABLE queries AS
    SELECT f, columns, term, format('SELECT t.rowid AS r, %s FROM files, %s AS t WHERE ', columns, f) AS before,
        format('SELECT t.rowid AS r FROM files, %s AS t WHERE %s', f, term) AS rowids
    FROM terms JOIN selected USING (f);
SELECT eq(rows(a.before || format('(%s) OR (%s) ORDER BY r', a.term, b.term)),
    rows(format('%s %s UNION ALL %s %s AND t.rowid NOT IN (%s) ORDER BY r',
        a.before, a.term, b.before, b.term, a.rowids)),
    a.f || ' WHERE ' || a.term || ' OR ' || b.term)
  FROM queries AS a JOIN queries AS b ON a.f = b.f AND a.term <> b.term;
SELECT eq(rows(a.before || format('(%s) OR (%s) OR (%s) ORDER BY r', a.term, b.term, c.term)),
    rows(format('%s %s UNION ALL %s %s AND t.rowid NOT IN (%s)
        UNION ALL %s %s AND t.rowid NOT IN (%s UNION %s) ORDER BY r',
        a.before, a.term, b.before, b.term, a.rowids, c.before, c.term, a.rowids, b.rowids)),
    a.f || ' WHERE ' || a.term || ' OR ' || b.term || ' OR ' || c.term)
  FROM queries AS a JOIN queries AS b ON a.f = b.f AND a.term <> b.term
  JOIN queries AS c ON a.f = c.f AND c.term NOT IN (a.term, b.term)
  WHERE a.f IN ('array_zip', 'array_windows', 'array_file');
SELECT done();
