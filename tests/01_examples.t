-- The examples of the manuals, array_functions and array_file_functions: each gives what stands beside it.
SELECT plan(1 + (SELECT count(*) FROM array_functions) + (SELECT count(*) FROM array_file_functions
  WHERE example NOT LIKE 'INSERT %' OR sqlite_version() >= '3.40'));

SELECT ok(count(*) > 0, 'there are examples') FROM array_functions;
SELECT eq(rows(iif(example LIKE 'SELECT %' OR example LIKE 'WITH %' OR example LIKE 'CREATE %', example, 'SELECT '
    || example)),
          coalesce(result, ''), name || ': ' || example)
  FROM array_functions;
SELECT eq(rows(iif(example LIKE 'SELECT %' OR example LIKE 'INSERT %', example, 'SELECT ' || example)),
          result, name || ': ' || example)
  FROM array_file_functions WHERE example NOT LIKE 'INSERT %' OR sqlite_version() >= '3.40';
SELECT done();
