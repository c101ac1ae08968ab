// better-sqlite3, with the package of `make npm`
// manual: Node, better-sqlite3
const Database = require('better-sqlite3');
const { load, toArray } = require('sqlite-array');       // or db.loadExtension('./array')
const db = new Database(':memory:');
load(db);
const answer = db.prepare('SELECT array_sum(?)').pluck().get(toArray([1, 2, 3]));
// end
const one = (sql) => {
  const statement = db.prepare(sql);
  return statement.reader ? statement.pluck().get() : statement.run();
};
require('./checks.cjs')(`Node ${process.version}, better-sqlite3 ${require('better-sqlite3/package.json').version}`, answer, one);
