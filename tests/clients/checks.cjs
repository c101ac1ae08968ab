// What the JavaScript clients share: `answer` is what the snippet gave, one(sql) the first column of a statement's first row.
const fs = require('fs');
const path = require('path');

module.exports = (client, answer, one) => {
  let checks = 1;
  console.log(`# client: ${client}, SQLite ${one('SELECT sqlite_version()')}`);
  console.log(`${answer === 6 ? '' : 'not '}ok 1 - the snippet`);
  for (const line of fs.readFileSync(path.join(process.env.CLIENTS, 'statements.sql'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('--')) continue;
    const [sql, expected] = line.split(' --> ');
    const got = one(sql);
    if (expected !== undefined) console.log(`${String(got) === expected ? '' : 'not '}ok ${++checks} - ${sql}`);
  }
  console.log(`1..${checks}`);
};
