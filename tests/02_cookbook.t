-- The recipes of sql/cookbook.sql: each prints what stands behind it.
CREATE TEMP TABLE recipe AS
  WITH RECURSIVE split(n, chunk, rest) AS (
    SELECT 0, NULL, readfile('sql/cookbook.sql') || char(10) || '-- == ' UNION ALL
    SELECT n + 1, substr(rest, 1, instr(rest, char(10) || '-- == ') - 1),
           substr(rest, instr(rest, char(10) || '-- == ') + 7) FROM split WHERE rest <> '')
  SELECT n, substr(chunk, 1, instr(chunk, char(10)) - 1) AS title,
         substr(chunk, instr(chunk, char(10)), instr(chunk, char(10) || '-->') - instr(chunk, char(10))) AS statement,
         trim(replace(substr(chunk, instr(chunk, char(10) || '-->')), char(10) || '--> ', char(10)), char(10)) AS result
  FROM split WHERE n > 1;
SELECT plan(1 + count(*)) FROM recipe;
SELECT ok(count(*) >= 15, count(*) || ' recipes') FROM recipe;
SELECT eq(printed(statement), result, title) FROM recipe ORDER BY n;
SELECT done();
