// A primary and a replica of sqld on this machine, which load the extension out of a folder of trusted ones, and three
// writers, one of them at the replica. The primary is killed by kill -9 and started again. Then every row that was
// acknowledged has to be there and be computed with, on both.
//
//     sqld.cjs LIBRARY SQLD
'use strict'
const { createHash } = require('node:crypto')
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const [library, program] = process.argv.slice(2)
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'sqlite-array-sqld-'))
const ROWS = 150 // between two events
const PRIMARY = { dir: 'primary', port: 19190, options: ['--grpc-listen-addr', '127.0.0.1:19192'] }
const REPLICA = { dir: 'replica', port: 19191, options: ['--primary-grpc-url', 'http://127.0.0.1:19192'] }
let checks = 0

function check(passed, name) {
  console.log(`${passed ? '' : 'not '}ok ${++checks} - ${name}`)
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function start(node) {
  const log = fs.openSync(path.join(dir, node.dir + '.log'), 'a')
  node.process = spawn(program, ['-d', path.join(dir, node.dir), '--http-listen-addr', `127.0.0.1:${node.port}`,
    '--extensions-path', path.join(dir, 'extensions'), '--no-welcome', ...node.options], { stdio: ['ignore', log, log] })
}

function kill(node) {
  return new Promise((resolve) => {
    node.process.once('exit', resolve)
    node.process.kill('SIGKILL')
  })
}

// The rows of a statement's answer. It fails where the node does not answer, and where the statement fails.
async function ask(node, sql) {
  const response = await fetch(`http://127.0.0.1:${node.port}`,
    { method: 'POST', body: JSON.stringify({ statements: [sql] }), signal: AbortSignal.timeout(5000) })
  const [answer] = await response.json()
  if (answer.error || !response.ok) throw new Error(answer.error ? answer.error.message : response.statusText)
  return answer.results.rows
}

// Asks until the answer is this one, and gives the last one.
async function comesToBe(node, sql, wanted) {
  let last
  for (let tries = 0; tries < 600; tries++) {
    try {
      last = JSON.stringify(await ask(node, sql))
      if (last === JSON.stringify(wanted)) return true
    } catch (error) {
      last = error.message
    }
    await sleep(100)
  }
  console.log(`# ${sql}: ${last}, expected ${JSON.stringify(wanted)}`)
  return false
}

const acknowledged = [0, 0, 0]
let writing = true

// Writes rows, and each again until it is acknowledged.
async function write(node, writer) {
  for (let n = 1; writing;) {
    try {
      await ask(node, `INSERT OR IGNORE INTO reading(writer, n, a) VALUES (${writer}, ${n}, array_of(${writer}, 10000 + ${n}, 5000))`)
      acknowledged[writer] = n++
    } catch (error) { // the primary is not there, or "database is locked"
      await sleep(20)
    }
  }
}

async function moreRows(count) {
  const total = () => acknowledged.reduce((a, b) => a + b)
  for (const wanted = total() + count; total() < wanted;) await sleep(20)
}

async function test() {
  fs.mkdirSync(path.join(dir, 'extensions'))
  fs.copyFileSync(library, path.join(dir, 'extensions', 'array.so'))
  const hash = createHash('sha256').update(fs.readFileSync(library)).digest('hex')
  fs.writeFileSync(path.join(dir, 'extensions', 'trusted.lst'), `${hash} array.so\n`)
  start(PRIMARY)
  check(await comesToBe(PRIMARY, 'SELECT array_sum(array_of(1, 2))', [[3]]), 'the primary has the functions')
  start(REPLICA)
  check(await comesToBe(REPLICA, 'SELECT array_sum(array_of(1, 2))', [[3]]), 'the replica has them')
  for (const sql of [
    'CREATE TABLE reading(id INTEGER PRIMARY KEY, writer, n, a BLOB CHECK (array_valid(a)),' +
      ' total INTEGER AS (array_sum(a)) STORED, UNIQUE (writer, n))',
    'CREATE INDEX reading_first ON reading(array_first(a))',
    'CREATE VIRTUAL TABLE reading_a USING array_index(reading, a)',
    'CREATE VIRTUAL TABLE ticks USING array_store(ts, price)',
    'INSERT INTO ticks VALUES (array_series(1, 1000), array_random(1000, 1, 9, 7))'
  ]) await ask(PRIMARY, sql)

  const writers = [write(PRIMARY, 0), write(PRIMARY, 1), write(REPLICA, 2)]
  await moreRows(ROWS)
  await kill(PRIMARY)
  start(PRIMARY)
  await moreRows(ROWS)
  check(true, 'writers go on after kill -9 of the primary')
  await kill(REPLICA)
  start(REPLICA)
  await moreRows(ROWS)
  writing = false
  await Promise.all(writers)

  const [[count]] = await ask(PRIMARY, 'SELECT count(*) FROM reading')
  for (const node of [PRIMARY, REPLICA]) {
    check(await comesToBe(node, 'SELECT count(*) FROM reading WHERE total = array_sum(a) AND array_last(a) = 5000', [[count]]),
      `${node.dir}: it computes with all ${count} rows`)
    for (const [writer, last] of acknowledged.entries()) {
      const rows = await ask(node, `SELECT count(*) FROM reading WHERE writer = ${writer} AND n <= ${last}` +
        ` AND a = array_of(${writer}, 10000 + n, 5000)`)
      const [[all]] = await ask(node, `SELECT count(*) FROM reading WHERE writer = ${writer}`)
      check(rows[0][0] === last, `${node.dir}: all ${last} acknowledged rows of a writer are there`)
      check(await comesToBe(node, `SELECT count(*) FROM reading_a('${writer} & 5000')`, [[all]]) &&
        await comesToBe(node, `SELECT count(*) FROM reading WHERE array_first(a) = ${writer}`, [[all]]),
      `${node.dir}: both indexes find them`)
    }
    check(await comesToBe(node, 'SELECT sum(price) = array_sum(array_random(1000, 1, 9, 7)) FROM ticks', [[1]]),
      `${node.dir}: the array_store is whole`)
    check(await comesToBe(node, 'PRAGMA integrity_check', [['ok']]), `${node.dir}: PRAGMA integrity_check`)
  }
  console.log(`1..${checks}`)
}

test().then(() => 0, (error) => {
  console.log(`Bail out! ${error.stack}`)
  return 1
}).then((code) => {
  for (const node of [PRIMARY, REPLICA]) if (node.process) node.process.kill('SIGKILL')
  fs.rmSync(dir, { recursive: true })
  process.exit(code)
})
