-- array_bincount, array_histogram, array_sparkline
SELECT plan(228);

SELECT eq(array_bincount('[0,3,3,1]'), array_of(1, 1, 0, 2), 'bincount'),
    eq(array_bincount('[]'), array_of(), 'of none'),
       eq(array_bincount('[]', 3), array_of(0, 0, 0), 'of none, minlength'),
       eq(array_bincount('[]', 0), array_of(), 'minlength 0'),
       eq(array_bincount('[0]'), array_of(1), 'one'), eq(array_bincount('[2]', 2), array_of(0, 0, 1),
       'minlength below'),
       eq(array_bincount('[2]', 5), array_of(0, 0, 1, 0, 0), 'minlength above'),
       eq(array_bincount('[2]', 5.0), array_of(0, 0, 1, 0, 0), 'a whole REAL'),
       eq(array_bincount(x'A1410008010000000100000000000000'), array_of(0, 1), 'a wide blob');
SELECT eq(array_bincount(array_fill(n, 1)), array_of(0, n), n || ' times')
    FROM (SELECT value AS n FROM array_each('[127,128,255,256,32767,32768,70000]'));
SELECT throws('SELECT array_bincount(''[1,-5,-7]'')', 'array_bincount: element 2 of argument 1 is negative (-5)',
    'negative'),
       throws('SELECT array_bincount(array_concat(array_fill(5000, 1), array_of(-9223372036854775808)))',
              'array_bincount: element 5001 of argument 1 is negative (-9223372036854775808)', 'negative, far behind'),
       throws('SELECT array_bincount(''[1]'', -1)',
       'array_bincount: argument 2, the minimal length, must be at least 0 (-1 given)', 'minlength'),
       throws('SELECT array_bincount(7)', 'array_bincount: argument 1 is not an array (INTEGER given)', 'no array'),
       throws('SELECT array_bincount(''[1]'', ''2'')',
       'array_bincount: argument 2 is not an integer (TEXT given: CAST it to INTEGER)', 'no integer'),
       throws('SELECT array_bincount(''[2000000000]'')',
       'array_bincount: result of 2000000009 bytes is over the limit', 'too long'),
       throws('SELECT array_bincount(''[9223372036854775807]'')',
       'array_bincount: result of 9223372036854775807 bytes is over the limit', 'far too long'),
       throws('SELECT array_bincount(''[1]'', 9223372036854775807)',
       'array_bincount: result of 9223372036854775807 bytes is over the limit', 'minlength too long');
SELECT eq(array_bincount(NULL), NULL, 'NULL'), eq(array_bincount(NULL, 1), NULL, 'NULL'),
    eq(array_bincount('[1]', NULL), NULL, 'NULL');

CREATE TABLE lengths(n);
INSERT INTO lengths SELECT value FROM array_each('[0,1,2,7,8,9,31,32,33,1023,1024,1025,2049,40000]');
SELECT eq(array_bincount(a), (SELECT array_agg((SELECT count(*) FROM array_each(a) e WHERE e.value = k.value))
    FROM array_each(array_series(0, array_max(a))) k
                              WHERE array_length(a) > 0), n || ' random elements up to ' || m)
  FROM (SELECT n, m, array_random(n, 0, m, n + m) AS a FROM lengths,
      (SELECT 3 AS m UNION ALL SELECT 20 UNION ALL SELECT 300) WHERE n BETWEEN 1 AND 3000);
SELECT eq(array_sum(array_bincount(a)), array_length(a), 'all are counted, ' || array_length(a)),
       eq(array_length(array_bincount(a)), coalesce(array_max(a), -1) + 1, 'length')
  FROM (SELECT array_random(n, 0, 100000, n) AS a FROM lengths);

-- As numpy.histogram
SELECT eq(array_histogram('[1,2,2,5,9]', '[0,2,5]'), array_of(1, 3), 'histogram: the last bin has both ends'),
       eq(array_histogram('[1,2,3,4]', '[1,2,3,4]'), array_of(1, 1, 2), 'unit bins'),
       eq(array_histogram('[0,1,2,3]', '[1,2]'), array_of(2), 'one bin, what is outside'),
       eq(array_histogram('[1,2,2,2,3]', '[1,2,2,3]'), array_of(1, 0, 4), 'equal edges'),
       eq(array_histogram('[1,2,2,2,3]', '[1,2,2]'), array_of(1, 3), 'equal edges at the end'),
       eq(array_histogram('[2,2,1,3]', '[2,2]'), array_of(2), 'a bin without width'),
       eq(array_histogram('[2,2,1,3]', '[2,2,2]'), array_of(0, 2), 'two of them'),
       eq(array_histogram('[1,1,2]', '[1,1,2]'), array_of(0, 3), 'equal edges at the start'),
       eq(array_histogram('[]', '[1,2,3]'), array_of(0, 0), 'of none'),
       eq(array_histogram('[7]', '[1,9]'), array_of(1), 'of one'),
       eq(array_histogram('[-9223372036854775808,9223372036854775807,0]',
       '[-9223372036854775808,0,9223372036854775807]'), array_of(1, 2), 'extremes'),
       eq(array_histogram('[-300,100000,5]', '[-9223372036854775808,0,9223372036854775807]'), array_of(1, 2),
       'edges wider than elements'),
       eq(array_histogram('[-9223372036854775808,5]', '[0,10]'), array_of(1), 'elements wider than edges');
SELECT throws('SELECT array_histogram(''[1]'', ''[1]'')',
    'array_histogram: argument 2, the edges, must have at least 2 elements (1 given)', 'one edge'),
       throws('SELECT array_histogram(''[1]'', ''[]'')',
       'array_histogram: argument 2, the edges, must have at least 2 elements (0 given)', 'no edge'),
       throws('SELECT array_histogram(''[1]'', ''[1,3,2]'')',
       'array_histogram: argument 2, the edges, must be ascending (element 3 is not)', 'descending'),
       throws('SELECT array_histogram(''[1]'', array_append(array_series(1, 5000), 4999))',
       'must be ascending (element 5001 is not)', 'descending at the end'),
       throws('SELECT array_histogram(1, ''[1,2]'')', 'array_histogram: argument 1 is not an array (INTEGER given)',
       'no array'),
       throws('SELECT array_histogram(''[1]'', 2)', 'array_histogram: argument 2 is not an array (INTEGER given)',
       'no edges'),
       throws('SELECT array_histogram(''[1]'', ''x'')', 'array_histogram: argument 2 is not an array (expected*',
       'no edges');
SELECT eq(array_histogram(NULL, '[1,2]'), NULL, 'NULL'), eq(array_histogram('[1]', NULL), NULL, 'NULL');
SELECT eq(array_histogram(a, e), (SELECT array_agg((SELECT count(*) FROM array_each(a) x WHERE x.value >= l.value AND
            (x.value < h.value OR (x.value = h.value AND h.idx = array_length(e)))
            AND NOT (l.value = h.value AND h.idx < array_length(e)) AND
            (h.idx = array_length(e) OR x.value <> array_last(e) OR l.value <> array_last(e))))
          FROM array_each(e) l, array_each(e) h WHERE h.idx = l.idx + 1), n || ' elements, ' || array_length(e)
          || ' edges')
  FROM (SELECT n, array_random(n, -100, 100, n) AS a, e.e FROM lengths,
      (SELECT array_of(-90, -20, -20, 0, 3, 3, 3, 99) AS e UNION ALL
        SELECT array_series(-120, 120, 7) UNION ALL SELECT array_of(-5, 5) UNION ALL
        SELECT array_of(0, 50, 100, 100)) e WHERE n < 3000);
SELECT eq(array_sum(array_histogram(array_random(100000, 0, 1000000, 1), array_series(0, 1000000, 100))), 100000,
    'many bins');

-- Sparklines: ▁▂▃▄▅▆▇█
SELECT eq(array_sparkline('[1,2,3,4,5,6,7,8]'), '▁▂▃▄▅▆▇█', 'sparkline'), eq(array_sparkline('[]'), '', 'of none'),
       eq(array_sparkline('[5]'), '▁', 'of one'), eq(array_sparkline('[5,5,5]'), '▁▁▁', 'all equal'),
       eq(array_sparkline('[0,1]'), '▁█', 'two'), eq(array_sparkline('[1,0,1,0]'), '█▁█▁', 'up and down'),
       eq(array_sparkline('[1,5,22,13,53]'), '▁▁▄▂█', 'the usual example'),
       eq(array_sparkline('[-9223372036854775808,9223372036854775807,0]'), '▁█▅', 'extremes'),
       eq(array_sparkline('[9223372036854775800,9223372036854775801,9223372036854775802]'), '▁▅█',
       'neighbours far from 0'),
       eq(array_sparkline('[-9223372036854775808,-9223372036854775807]'), '▁█', 'neighbours far below 0'),
       eq(array_sparkline('[0,100,0,100,0,200]', 3), '▁▁█', 'averages'),
       eq(array_sparkline('[1,2,3,4,5]', 1), '▁', 'one cell'),
       eq(array_sparkline('[1,2]', 100), '▁█', 'fewer than cells'),
       eq(array_sparkline(array_series(1, 800), 8), '▁▂▃▄▅▆▇█', 'long, of 8 cells'),
       eq(array_sparkline(array_series(800, 1, -1), 8.0), '█▇▆▅▄▃▂▁', 'downwards'),
       eq(array_sparkline(array_fill(100000, 7)), substr(replace(hex(zeroblob(60)), '00', '▁'), 1, 60),
       'long and equal'),
       eq(array_sparkline(array_concat(array_fill(500000, 9223372036854775806),
       array_fill(500000, 9223372036854775807)), 2), '▁█', 'long, far from 0'),
       eq(array_sparkline('[0,0,0,9]', 3), '▁▁█', 'cells of different sizes'),
       eq(length(array_sparkline(array_series(1, 61))), 60, '60 cells'),
       eq(length(array_sparkline(array_series(1, 60))), 60, 'or as many as elements'),
       eq(length(array_sparkline(array_series(1, 20000), 20000)), 20000, 'a long one'),
       eq(typeof(array_sparkline('[1]')), 'text', 'is text');
SELECT throws('SELECT array_sparkline(''[1]'', 0)',
    'array_sparkline: argument 2, the width, must be at least 1 (0 given)', 'no cells'),
       throws('SELECT array_sparkline(''[1]'', ''8'')',
       'array_sparkline: argument 2 is not an integer (TEXT given: CAST it to INTEGER)', 'no width'),
       throws('SELECT array_sparkline(8)', 'array_sparkline: argument 1 is not an array (INTEGER given)', 'no array');
SELECT eq(array_sparkline(NULL), NULL, 'NULL'), eq(array_sparkline(NULL, 3), NULL, 'NULL'),
    eq(array_sparkline('[1]', NULL), NULL, 'NULL');
SELECT eq(array_sparkline(a, w), (SELECT group_concat(substr('▁▂▃▄▅▆▇█',
    1 + min(7, CAST((m - lo) * 8.0 / (hi - lo) AS INTEGER)), 1), '')
            FROM (SELECT m, min(m) OVER () lo, max(m) OVER () hi
            FROM (SELECT c.value c, (SELECT avg(e.value) FROM array_each(a) e
                    WHERE e.idx > (c.value - 1) * n / w AND e.idx <= c.value * n / w) m
                    FROM array_each(array_series(1, w)) c) ORDER BY c)),
          n || ' elements in ' || w || ' cells')
  FROM (SELECT n, w, array_random(n, -1000, 1000, n + w) AS a FROM lengths,
      (SELECT 2 AS w UNION ALL SELECT 7 UNION ALL SELECT 31) WHERE n > 1 AND n < 3000 AND w <= n);
SELECT ok(array_limit('result_bytes', 1000) = 1000, 'a limit');
SELECT throws('SELECT array_sparkline(''[1,2,3]'' || '''', 100) || array_sparkline(array_random(900, 0, 9, 1), 900)',
    'array_sparkline: result of 2700 bytes is over the limit of 1000', 'over the limit'),
       throws('SELECT array_bincount(''[5000]'')', 'array_bincount: result of 5009 bytes is over the limit of 1000',
       'over the limit');
SELECT ok(array_limit('result_bytes', 2147483647) > 0, 'the limit as it was');
SELECT throws('SELECT array_bincount(''[-5,-3,-4]'')', 'array_bincount: element 1 of argument 1 is negative (-5)', 'none but negative ones');
SELECT eq(value, 0, 'nothing is held at the end') FROM array_memory WHERE name = 'live_bytes';
SELECT done();
