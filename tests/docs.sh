#!/bin/sh
# Writes what is generated from the lists of functions, the SQL tables array_functions and array_file_functions,
# to $1/docs: sql/README.md with its reference renewed, and api.sql.
set -eu
docs=$1/docs
mkdir -p "$docs"

query() {
    sqlite3 -batch -bail -init /dev/null -list -cmd ".load $1/array.so" -cmd ".load $1/array_file.so" :memory:
}

# A table for each family. In a cell, | is escaped and each row of a result has a line.
query "$1" >"$docs/reference.md" <<'SQL'
CREATE TEMP TABLE cell AS
    SELECT family,
           replace(signature, '|', '\|') AS signature,
           replace(summary, '|', '\|') AS summary,
           replace(example, '|', '\|') AS example,
           replace(replace(coalesce(nullif(result, ''), 'NULL'), '|', '\|'), char(10), '`<br>`') AS result
      FROM (SELECT family, * FROM array_functions UNION ALL SELECT family, * FROM array_file_functions);
SELECT iif(lag(family) OVER (ORDER BY rowid) IS family, '', '
### ' || family || '

| function | gives | example |
|---|---|---|
')  || '| `' || signature || '` | ' || summary || ' | `' || example || '` → `' || result || '` |'
  FROM cell ORDER BY rowid;
SELECT '';
SQL

# What gives an array is shown as JSON, because the shell prints a BLOB as it is.
query "$1" >"$docs/api.sql" <<'SQL'
CREATE TEMP TABLE entry AS
    SELECT family, signature, summary, example, result FROM array_functions UNION ALL
    SELECT family, signature, summary, example, result FROM array_file_functions;
SELECT '-- Every function of sqlite-array, with an example and its result. Written by `make docs`; run it with
--
--     sqlite3 -cmd ''.load build/array'' -cmd ''.load build/array_file'' :memory: <sql/api.sql';
SELECT iif(lag(family) OVER (ORDER BY rowid) IS family, '', '
-------- ' || family || '
') || '
-- ' || signature || '
-- ' || summary || '
' || CASE
         WHEN example LIKE 'SELECT %' OR example LIKE 'WITH %' OR example LIKE 'CREATE %' OR example LIKE 'INSERT %' THEN example
         WHEN result LIKE '[%]' AND example NOT LIKE 'array_to_json(%' THEN 'SELECT array_to_json(' || example || ')'
         ELSE 'SELECT ' || example
     END || ';
-- ' || replace(coalesce(nullif(result, ''), 'NULL'), char(10), '
-- ')
  FROM entry ORDER BY rowid;
SQL

awk -v reference="$docs/reference.md" '
    /<!-- reference: end -->/ { inside = 0 }
    !inside { print }
    /<!-- reference: begin -->/ { inside = 1; while ((getline line < reference) > 0) print line }
' sql/README.md >"$docs/README.md"
