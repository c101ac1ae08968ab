// TAP of the npm packages that `make npm` has packed, installed in the current folder. Clients that are not installed are skipped.
'use strict';
const path = require('path');
const os = require('os');
const fs = require('fs');
const { createRequire } = require('module');
const here = createRequire(path.join(process.cwd(), 'package.json'));

let checks = 0;
function check(ok, what) {
  checks++;
  console.log(`${ok ? 'ok' : 'not ok'} ${checks} - ${what}`);
}
function raises(part, run) {
  try {
    run();
  } catch (error) {
    return error.message.includes(part);
  }
  return false;
}

const { load, getLoadablePath, toArray, fromArray } = here('sqlite-array');

function testValues() {
  const most = 2n ** 63n - 1n;
  for (const [values, width] of [[[], 1], [[0], 1], [[-128, 127], 1], [[128], 2], [[-32769], 4], [[2 ** 31], 8], [[-most - 1n, most], 8]]) {
    const blob = toArray(values);
    check(blob[3] === width && blob.length === 8 + width * values.length, `[${values}] takes ${width} bytes an element`);
    check(String([...fromArray(blob)]) === String(values), 'and comes back');
    check(toArray(fromArray(blob)).equals(blob), 'and as a typed array, too');
    const odd = new Uint8Array(blob.length + 1);
    odd.set(blob, 1);
    check(String([...fromArray(odd.subarray(1))]) === String(values), 'from any address');
  }
  const bytes = new Uint8Array(toArray([1, 2, 300]));
  check(fromArray(bytes).buffer === bytes.buffer, 'fromArray() shares memory');
  check(toArray(new BigUint64Array([5n, 255n])).equals(toArray([5, 255])), 'a BigUint64Array');
  check(raises('64 bits', () => toArray([2n ** 63n])), 'more than 64 bits');
  check(raises('not 1.5', () => toArray([1.5])), 'a fraction');
  check(raises('not 9007199254740992', () => toArray([2 ** 53])), 'a number that stands for several integers');
  check(raises('typed array', () => toArray('12')), 'text');
  check(raises('no header', () => fromArray(Buffer.from('12345678'))), 'bytes that are no array');
  check(raises('9 bytes for 2', () => fromArray(toArray([1, 2]).subarray(0, 9))), 'an array cut off');
  check(raises('codec 1', () => fromArray(Buffer.concat([Buffer.from([0xa1, 0x41, 1]), toArray([1, 2]).subarray(3)]))), 'an array that is packed');
}

function testClient(name, open) {
  let db;
  try {
    db = open();
  } catch (error) {
    checks++;
    console.log(`ok ${checks} - # SKIP ${name}: ${error.message.split('\n')[0]}`);
    return;
  }
  load(db);
  load(db, { file: true });
  // libsql takes a Buffer alone for an object of named parameters, and ends the process; in an array it takes it for what it is.
  const bound = (parameters) => (name === 'libsql' ? [parameters] : parameters);
  const one = (sql, ...parameters) => db.prepare(sql).get(...bound(parameters));
  check(one('SELECT array_version() AS v').v === here('sqlite-array-' + process.platform + '-' + process.arch + '/package.json').version, `${name}: the version`);
  db.exec('CREATE TABLE t(a BLOB CHECK (array_valid(a)))');
  db.prepare('INSERT INTO t VALUES (array_sort(?))').run(...bound([toArray([3, 1, 40000])]));
  check(String(fromArray(one('SELECT a FROM t').a)) === '1,3,40000', `${name}: an array goes in and comes out`);
  check(one('SELECT a = ? AS same FROM t', toArray([1, 3, 40000])).same === 1, `${name}: the same bytes as the extension's`);
  check(raises('array_get: argument 1', () => one('SELECT array_get(1, 1)')), `${name}: an error of ours`);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-array-')), 'five.npy');
  one("SELECT array_file_write(?, '[1,2,3,4,5]')", file);
  check(one('SELECT array_file_length(?) AS n', file).n === 5, `${name}: array_file writes and reads`);
  fs.rmSync(path.dirname(file), { recursive: true });
}

async function main() {
  console.log(`# Node ${process.version}`);
  const client = process.argv[2];
  if (client === 'values') {
    testValues();
    const module = await import(here.resolve('sqlite-array').replace('.cjs', '.mjs'));
    check(module.load === load && module.toArray === toArray && module.default.fromArray === fromArray, 'import gives the same');
    check(fs.existsSync(getLoadablePath()) && fs.existsSync(getLoadablePath({ file: true })), 'the libraries are there');
  } else if (client === 'node:sqlite') {
    testClient(client, () => new (require('node:sqlite').DatabaseSync)(':memory:', { allowExtension: true }));
  } else {
    testClient(client, () => new (here(client))(':memory:'));
  }
  console.log(`1..${checks}`);
}
main();
