// libsql, with the package of `make npm`
// manual: Node, libsql (a Buffer is bound inside an array: alone it ends the process)
const Database = require('libsql');
const { load, toArray } = require('sqlite-array');       // or db.loadExtension('./array')
const db = new Database(':memory:');
load(db);
const answer = db.prepare('SELECT array_sum(?) AS n').get([toArray([1, 2, 3])]).n;
// end
const { version } = JSON.parse(require('fs').readFileSync('node_modules/libsql/package.json'));
const one = (sql) => (/^SELECT/.test(sql) ? Object.values(db.prepare(sql).get())[0] : db.exec(sql));
require('./checks.cjs')(`Node ${process.version}, libsql ${version}`, answer, one);
