#!/bin/sh
# Writes what is generated from the lists of functions, the SQL tables array_functions and array_file_functions,
# to $1/docs: sql/README.md with its reference renewed, api.sql, and sqlite-array.7, the manual page. And sql/clients.md, from
# the programs of tests/clients.
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

# Of roff, a backslash and a line's first dot or quote have a meaning. What is typed is bold.
query "$1" >"$docs/sqlite-array.7" <<'SQL'
CREATE TEMP TABLE entry AS
    SELECT family, signature, summary, example, result FROM array_functions UNION ALL
    SELECT family, signature, summary, example, result FROM array_file_functions;
UPDATE entry SET (signature, summary, example, result) = (
    replace(replace(signature, '\', '\e'), '-', '\-'), replace(summary, '\', '\e'),
    replace(replace(example, '\', '\e'), '-', '\-'),
    replace(replace(replace(coalesce(nullif(result, ''), 'NULL'), '\', '\e'), '-', '\-'), char(10), char(10) || '\&'));
SELECT '.\" Written by `make docs` from the list of functions.
.TH SQLITE-ARRAY 7 "" "sqlite-array ' || array_version() || '" "SQLite"
.ad l
.nh
.SH NAME
sqlite-array \- integer arrays as values in SQLite
.SH SYNOPSIS
.nf
.B .load mod_array
.B SELECT load_extension(''mod_array'');
.B cc program.c $(pkg\-config \-\-cflags \-\-libs sqlite\-array)
.fi
.SH DESCRIPTION
The extension gives SQLite functions on arrays of integers of up to 64 bits, which are BLOBs. It is loaded by the name
.BR mod_array ,
or by the path that
.B pkg\-config \-\-variable=loadable sqlite\-array
prints, in every connection that is to have it; with the entry point
.B sqlite3_array_register
in all connections that the process opens from then on. What reads and writes files is a library of its own,
.BR mod_array_file .
.PP
An argument that is an array may be text, as [1,2,3]. A and B are arrays, S is an array or an integer, v an integer, i an index
from 1 or, negative, from the end, n and k are counts, M is a mask. NULL in an argument gives NULL. Results are shown with
arrays as JSON.';
SELECT iif(lag(family) OVER (ORDER BY rowid) IS family, '', '.SH ' || upper(family) || '
') || '.TP
.B ' || signature || '
' || summary || '
.br
\&' || example || ' \(-> ' || result
  FROM entry ORDER BY rowid;
SELECT '.SH SEE ALSO
.BR sqlite3 (1)';
SQL

awk -v reference="$docs/reference.md" '
    /<!-- reference: end -->/ { inside = 0 }
    !inside { print }
    /<!-- reference: begin -->/ { inside = 1; while ((getline line < reference) > 0) print line }
' sql/README.md >"$docs/README.md"

/usr/bin/python3 tests/clients/manual.py "$docs"
