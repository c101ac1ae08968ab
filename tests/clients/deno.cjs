// Deno's node:sqlite, with the package of `make npm`: deno run --allow-read --allow-ffi --allow-env deno.cjs
// manual: Deno, node:sqlite (deno run --allow-read --allow-ffi)
const { DatabaseSync } = require('node:sqlite');
const { load, toArray } = require('sqlite-array');       // or db.loadExtension('./array')
const db = new DatabaseSync(':memory:', { allowExtension: true });
load(db);
const answer = db.prepare('SELECT array_sum(?) AS n').get(toArray([1, 2, 3])).n;
// end
require('./checks.cjs')(`Deno ${Deno.version.deno}, node:sqlite`, answer, (sql) => Object.values(db.prepare(sql).get() ?? {})[0]);
