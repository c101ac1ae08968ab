-- A dictionary for libFuzzer, a word in quotes per line: the names of all functions, what stands in their examples, and SQL
-- around them. The examples also become files in the folder :corpus.
CREATE TEMP TABLE example AS
    SELECT name, iif(example LIKE 'SELECT %' OR example LIKE 'WITH %' OR example LIKE 'CREATE %', example, 'SELECT ' || example) AS sql
      FROM array_functions;
CREATE TEMP TABLE word AS
    SELECT DISTINCT name || iif(signature LIKE '%(%', '(', '') AS word FROM array_functions
    UNION SELECT substr(example, instr(example, '(')) FROM array_functions WHERE length(example) < 60
    UNION SELECT value FROM json_each('["SELECT ", " FROM t", " FROM ", " WHERE ", " GROUP BY ", " ORDER BY ", " LIMIT 1",
        " DISTINCT ", " FILTER (WHERE ", " OVER (ORDER BY i)", " OVER (ROWS 2 PRECEDING)", " OVER (PARTITION BY i % 2 ORDER BY i)",
        " OVER (ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW)", " JOIN t AS u", " LEFT JOIN ", " UNION ALL SELECT ",
        "WITH r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) ", " IN (SELECT value FROM array_each(", " CASE WHEN ", " THEN ",
        " ELSE ", " END", "cast(", " AS INTEGER)", " AS TEXT)", " AS BLOB)", "zeroblob(9)", "randomblob(9)", "hex(", "count(*)",
        "max(", "a", "b", "i", "idx", "value", "NULL", "1.5", "1e18", "-9223372036854775808", "9223372036854775807",
        "''[1,2,3]''", "''{}''", "x''A141000100000000''", "x''A14100080100000002000000000000FF''", "''desc''", "'','' ", ", ",
        " = ", " <= ", " BETWEEN 1 AND 3", " IS NULL", " || ", "(SELECT a FROM t WHERE i = 4)", "''int16''", "array_memory"]');
SELECT '"' || replace(replace(replace(word, '\', '\\'), '"', '\"'), char(10), ' ') || '"' FROM word;
.output /dev/null
SELECT writefile(:corpus || '/' || name, sql) FROM example;
