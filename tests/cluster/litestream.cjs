// A database with arrays that Litestream copies into a folder while rows are written by the sqlite3 shell. Litestream is killed
// by kill -9 and started again; then the database is lost and restored, as it was last and as it was at an earlier time.
//
//     litestream.cjs LIBRARY LITESTREAM
'use strict'
const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const [library, program] = process.argv.slice(2)
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-array-litestream-'))
const database = path.join(dir, 'database')
const replica = `file://${path.join(dir, 'replica')}`
const ROWS = 150 // between two events
const SHELL = ['-batch', '-bail', '-init', '/dev/null', '-cmd', '.timeout 10000', '-cmd', `.load ${library}`]
let checks = 0
let litestream

function check(passed, name) {
  console.log(`${passed ? '' : 'not '}ok ${++checks} - ${name}`)
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function start() {
  const log = fs.openSync(path.join(dir, 'log'), 'a')
  litestream = spawn(program, ['replicate', database, replica], { stdio: ['ignore', log, log] })
}

function kill() {
  return new Promise((resolve) => {
    litestream.once('exit', resolve)
    litestream.kill('SIGKILL')
  })
}

// What the shell prints of a database.
function ask(file, sql) {
  return execFileSync('sqlite3', [...SHELL, file, sql], { encoding: 'utf8', stdio: 'pipe' }).trim()
}

// Restores into a new file, which it gives.
let restored = 0
function restore(...options) {
  const file = path.join(dir, `restored${++restored}`)
  execFileSync(program, ['restore', ...options, '-o', file, replica], { stdio: 'pipe' })
  return file
}

// Litestream copies what was written within a second or so: restores until all rows are there.
async function restoreAll() {
  let why
  for (let tries = 0; tries < 240; tries++) {
    try {
      const count = ask(restore(), 'SELECT count(*) FROM reading')
      if (count === String(written)) return
      why = `${count} rows`
    } catch (error) {
      why = error.message
    }
    await sleep(500)
  }
  throw new Error(`Litestream has not copied ${written} rows: ${why}`)
}

// Writes rows, each in a transaction of its own, by one shell. It ends when all are committed.
let written = 0
function write(count) {
  let script = ''
  for (let i = 0; i < count; i++) {
    const n = ++written
    script += `INSERT INTO reading(n, a) VALUES (${n}, array_of(${n % 3}, 10000 + ${n}, 5000));\n`
    if (n % 10 === 0) script += `INSERT INTO ticks VALUES (${n}, ${n} * 7);\n` +
      `UPDATE reading SET a = array_append(a, ${n}) WHERE n = ${n} - 5;\n`
  }
  return new Promise((resolve, reject) => {
    const shell = spawn('sqlite3', [...SHELL, database], { stdio: ['pipe', 'inherit', 'inherit'] })
    shell.once('exit', (code) => code === 0 ? resolve() : reject(new Error(`the shell ends with ${code}`)))
    shell.stdin.end(script)
  })
}

// Is what was restored what the first rows of the database make it?
function checkFile(name, file, rows) {
  const is = (what, sql, wanted) => {
    const answer = ask(file, sql)
    check(answer === String(wanted), `${name}: ${what}`)
    if (answer !== String(wanted)) console.log(`# ${sql}: ${answer}, expected ${wanted}`)
  }
  is(`it computes with all ${rows} rows`, 'SELECT count(*), count(DISTINCT n) FROM reading WHERE total = array_sum(a) AND a = ' +
    'CASE n % 10 WHEN 5 THEN array_of(n % 3, 10000 + n, 5000, n + 5) ELSE array_of(n % 3, 10000 + n, 5000) END', `${rows}|${rows}`)
  const wanted = Math.floor((rows + 1) / 3) // n % 3 = 2
  is('the array_index finds them', "SELECT count(*) FROM reading_a('2 & 5000')", wanted)
  is('the index finds them', 'SELECT count(*) FROM reading WHERE array_first(a) = 2', wanted)
  is('the array_store is whole', 'SELECT count(*), sum(price = ts * 7) FROM ticks', `${rows / 10}|${rows / 10}`)
  is('the array_index agrees with its table', "INSERT INTO reading_a(reading_a) VALUES ('integrity-check'); SELECT 'ok'", 'ok')
  is('PRAGMA integrity_check', 'PRAGMA integrity_check', 'ok')
  is('it can be written to', 'INSERT INTO reading(n, a) VALUES (0, array_of(77));' +
    " SELECT id = last_insert_rowid() FROM reading_a('77')", 1)
}

async function test() {
  ask(database, `PRAGMA journal_mode = wal;
    CREATE TABLE reading(id INTEGER PRIMARY KEY, n, a BLOB CHECK (array_valid(a)), total INTEGER AS (array_sum(a)) STORED);
    CREATE INDEX reading_first ON reading(array_first(a));
    CREATE VIRTUAL TABLE reading_a USING array_index(reading, a);
    CREATE VIRTUAL TABLE ticks USING array_store(ts, price)`)
  start()
  await write(ROWS)
  await restoreAll()
  const earlier = written
  const time = new Date().toISOString()
  await sleep(1000) // what is written from now on has a later time
  await write(ROWS)
  await restoreAll() // Litestream restores as of no time after the last that it has copied in one run
  const writing = write(ROWS)
  await kill()
  await writing
  start()
  await write(ROWS)
  await restoreAll()
  await kill()
  for (const suffix of ['', '-wal', '-shm']) fs.rmSync(database + suffix, { force: true })
  checkFile('restored', restore(), written)
  checkFile('restored as of an earlier time', restore('-timestamp', time), earlier)
  console.log(`1..${checks}`)
}

test().then(() => 0, (error) => {
  console.log(`Bail out! ${error.stack}`)
  return 1
}).then((code) => {
  if (litestream) litestream.kill('SIGKILL')
  fs.rmSync(dir, { recursive: true })
  process.exit(code)
})
