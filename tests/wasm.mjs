// TAP of the WebAssembly that `make wasm` has built, in Node:
//
//     node tests/wasm.mjs FOLDER DRIVER
//
// FOLDER has sqlite-array.mjs; DRIVER is tests/driver.c as a native program with the same SQLite.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, driver] = process.argv.slice(2);
const { default: loadSqlite, SqliteError } = await import(pathToFileURL(path.resolve(folder, 'sqlite-array.mjs')));
const sqlite = await loadSqlite();

let checks = 0;
function check(passed, what, got) {
  console.log(`${passed ? 'ok' : 'not ok'} ${++checks} - ${what}`);
  if (!passed && got !== undefined) console.log(`# got: ${String(got).replaceAll('\n', '\n# ')}`);
}
const show = (value) => JSON.stringify(value, (_, x) => (typeof x === 'bigint' ? `${x}n` : x instanceof Uint8Array ? [...x] : x));
function same(got, expected, what) {
  check(show(got) === show(expected), what, show(got));
}
function fails(run, pattern, what) {
  try {
    run();
    check(false, what, 'no error');
  } catch (error) {
    check(pattern.test(error.message), what, error.message);
    return error;
  }
}

function testValues() {
  const db = sqlite.open();
  const [result] = db.exec("SELECT NULL AS a, 7 AS b, -9007199254740991, 9007199254740992, 2.0, 'a' || char(0) || 'é', x'00ff', x''");
  same(result.columns.slice(0, 2), ['a', 'b'], 'columns');
  same(result.rows, [[null, 7, -9007199254740991, 9007199254740992n, 2, 'a\0é', [0, 255], []]], 'NULL, INTEGER, REAL, TEXT, BLOB');
  same(db.exec('SELECT 2.0, 1 << 62, NULL', [], { numbers: 'text' })[0].rows, [['2.0', '4611686018427387904', null]], "numbers: 'text'");
  const values = [null, true, 7, 2 ** 53, 1.5, -(2n ** 63n), 'é\0a', new Uint8Array([0, 1])];
  same(db.exec('SELECT ?, ?, ?, ?, ?, ?, ?, ?', values)[0].rows[0].slice(4), values.slice(4), 'parameters come back');
  same(db.exec('SELECT typeof(?), typeof(?), typeof(?), typeof(?)', values)[0].rows[0], ['null', 'integer', 'integer', 'real'], 'their types');
  fails(() => db.exec('SELECT ?', [2n ** 63n]), /parameter 1: 9223372036854775808 has more than 64 bits/, 'an integer that is too large');
  fails(() => db.exec('SELECT ?', [[1]]), /parameter 1: null, a number.* was expected/, 'a parameter of another type');
  same(db.exec('SELECT array_sum(?1), array_to_json(array_sort(?1))', ['[3,1,2]'])[0].rows, [[6, '[1,2,3]']], 'arrays');
  db.close();
  fails(() => db.exec('SELECT 1'), /closed/, 'a connection that was closed');
}

function testStatements() {
  const db = sqlite.open();
  const results = db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3) RETURNING a; ; -- nothing\nSELECT a FROM t WHERE a > 9; ');
  same(results.map((result) => result.rows.length), [3, 0], 'several statements: results of those that have columns');
  same(db.exec('SELECT 1; \0 SELECT 2; ').length, 1, 'a character 0 ends SQL');
  same(db.exec('; /* none */ ; SELECT 7 AS a; ')[0]?.rows, [[7]], 'an empty statement does not');
  same(db.exec('SELECT a FROM t', [], { limit: 2 }), [{ columns: ['a'], rows: [[1], [2]], more: true }], 'limit');
  same(db.exec('SELECT a FROM t', [], { limit: 3 })[0].more, false, 'all rows within the limit');
  const wrong = fails(() => db.exec("SELECT 1; SELECT array_get('[1]', 'x')"), /^array_get: argument 2 /, "an error has SQLite's message");
  check(wrong instanceof SqliteError && wrong.code === 1, 'and its code', wrong.code);
  same(wrong.results, [{ columns: ['1'], rows: [[1]], more: false }], 'and the results of the statements before');
  check(fails(() => db.exec('SELECT a FRM t x'), /near/, 'a statement that is none').offset === 13, 'and the place of the error');
  same(db.exec('SELECT count(*) FROM t')[0].rows, [[3]], 'the connection goes on');
  fails(() => sqlite.open('/no/such/folder/x.db'), /unable to open/, 'a file that cannot be made');
  fails(() => db.exec('SELECT array_length(array_reverse(array_fill(120000000, 1 << 40)))'), /out of memory/, 'more than there is memory');
  same(db.exec('SELECT array_sum(array_fill(1000000, 1 << 40))')[0].rows, [[1099511627776000000n]], 'memory that grows');
  db.close();
}

/** Rows as in the lists of functions, arrays as JSON. */
function text(db, results) {
  const blob = (value) => db.exec('SELECT iif(array_valid(?1), array_to_json(?1), CAST(?1 AS TEXT))', [value])[0].rows[0][0];
  const one = (value) => (value instanceof Uint8Array ? blob(value) : value);
  return results.flatMap(({ rows }) => rows.map((row) => row.map((value) => one(value) ?? '').join('|'))).join('\n');
}

function testExamples() {
  sqlite.writeFile('sql/primes.npy', readFileSync('sql/primes.npy'));
  sqlite.writeFile('build/there', new Uint8Array());
  const list = sqlite.open();
  const examples = list.exec('SELECT name, example, result FROM array_functions UNION ALL SELECT name, example, result FROM array_file_functions');
  for (const [name, example, result] of examples[0].rows) {
    const db = sqlite.open();
    const sql = /^(SELECT|WITH|CREATE|INSERT) /.test(example) ? example : `SELECT ${example}`;
    const got = text(db, db.exec(sql, [], { numbers: 'text' }));
    check(got === (result ?? ''), `${name}: ${example}`, got);
    db.close();
  }
  check(examples[0].rows.length > 150, 'there are examples');
}

// What has a random token in it, array_store and array_index, is not the same in two databases.
const WRITES = `PRAGMA page_size = 4096;
  CREATE TABLE t(id INTEGER PRIMARY KEY, a BLOB CHECK (array_valid(a)), total INTEGER AS (array_sum(a)) STORED);
  CREATE INDEX t_total ON t(total);
  CREATE INDEX t_key ON t(array_key(a));
  INSERT INTO t(a) SELECT array_random(value % 300, -1 << (value % 50), 1 << (value % 50), value) FROM array_each(array_series(1, 2000));
  DELETE FROM t WHERE id % 7 = 3;
  UPDATE t SET a = array_pack(array_sort(a)) WHERE id % 5 = 1 AND array_length(a) > 200;
  UPDATE OR IGNORE t SET a = array_shuffle(array_mul(a, 3), 42) WHERE id % 2 = 0 AND id % 3 = 0;
  INSERT INTO t(a) SELECT array_union_agg(a) FROM t WHERE id < 100;
  CREATE TABLE text AS SELECT id, array_to_json(a) AS json, array_stddev(a) AS deviation, array_hash(a) AS hash FROM t;
  VACUUM;`;

function testDatabase() {
  const db = sqlite.open('same.db');
  db.exec(WRITES);
  same(db.exec('PRAGMA integrity_check')[0].rows, [['ok']], 'a database that was written is whole');
  db.close();
  const native = path.resolve(folder, 'native.db');
  rmSync(native, { force: true });
  const into = WRITES
    .replace('PRAGMA page_size', `ATTACH '${native}' AS n; PRAGMA n.page_size`)
    .replaceAll(/CREATE (TABLE|INDEX) /g, 'CREATE $1 n.')
    .replace('VACUUM', 'VACUUM n');
  execFileSync(driver, { input: `SELECT sqlite_version();\n${into}` });
  const [ours, theirs] = [Buffer.from(sqlite.readFile('same.db')), readFileSync(native)];
  check(ours.equals(theirs) && ours.length > 1000000, `the same ${ours.length} bytes as those of a native program`, `${ours.length} and ${theirs.length} bytes`);
  const version = execFileSync(driver, { input: 'SELECT sqlite_version();' }).toString().trim();
  same(sqlite.version, version, `of SQLite ${version}`);

  sqlite.writeFile('native.db', theirs);
  const opened = sqlite.open('native.db');
  same(opened.exec('SELECT count(*) > 1000, max(array_length(a)) > 200 FROM t')[0].rows, [[1, 1]], 'and reads them');
  opened.exec('CREATE VIRTUAL TABLE s USING array_store(x); INSERT INTO s SELECT value FROM array_each(array_series(1, 100000))');
  opened.exec('CREATE VIRTUAL TABLE i USING array_index(t, a)');
  opened.close();
  const again = sqlite.open('native.db');
  same(again.exec("SELECT sum(x) FROM s; SELECT count(*) > 0 FROM i('7')").map((result) => result.rows), [[[5000050000]], [[1]]], 'array_store and array_index in a file');
  again.close();
}

/** What is shown where the interface is described is run as it is shown. */
function testReadme() {
  const program = readFileSync('ext/packages/wasm/README.md', 'utf8').match(/```js\n([^]*?)```/)[1];
  writeFileSync(path.join(folder, 'readme.mjs'), program);
  const printed = execFileSync('node', [path.join(folder, 'readme.mjs')]).toString().trim();
  same(printed, program.match(/console\.log.*\/\/ (.*)$/m)[1], 'the program in its README');
}

testReadme();
testValues();
testStatements();
testExamples();
testDatabase();
console.log(`1..${checks}`);
