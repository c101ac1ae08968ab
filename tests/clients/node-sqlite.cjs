// node:sqlite, with the package of `make npm`
// manual: Node, node:sqlite
const { DatabaseSync } = require('node:sqlite');
const { load, toArray } = require('sqlite-array');       // or db.loadExtension('./array')
const db = new DatabaseSync(':memory:', { allowExtension: true });
load(db);
const answer = db.prepare('SELECT array_sum(?) AS n').get(toArray([1, 2, 3])).n;
// end
require('./checks.cjs')(`Node ${process.version}, node:sqlite`, answer, (sql) => Object.values(db.prepare(sql).get() ?? {})[0]);
