// bun:sqlite, with the package of `make npm`
// manual: Bun, bun:sqlite
const { Database } = require('bun:sqlite');
const { load, toArray } = require('sqlite-array');       // or db.loadExtension('./array')
const db = new Database(':memory:');
load(db);
const answer = db.query('SELECT array_sum(?) AS n').get(toArray([1, 2, 3])).n;
// end
require('./checks.cjs')(`Bun ${Bun.version}, bun:sqlite`, answer, (sql) => Object.values(db.query(sql).get() ?? {})[0]);
