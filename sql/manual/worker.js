// Runs in a worker, behind sqlite-array.mjs. The first message brings {wasm, files}. Each later one is
// {id, sql, before, fresh}: statements to run, those to run before them, and whether in a database of their own, which is
// forgotten, or in the one of the shell. The answer is {id, results, error}.

const MOST_ROWS = 500;
const MOST_MEMORY = 512 * 1024 * 1024;
let sqlite;
let shell;

function open() {
  const db = sqlite.open();
  db.exec(`PRAGMA hard_heap_limit = ${MOST_MEMORY}`);
  return db;
}

/** The text of bytes, which the shell would print, or null where they are not only text. */
function printable(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[\0-\x08\x0e-\x1f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** A value as it is shown: null, text, {array: JSON}, or {blob: the text in it, or hexadecimal digits}. */
function shown(db, value) {
  if (!(value instanceof Uint8Array)) return value;
  const [[array]] = db.exec('SELECT CASE WHEN array_valid(?1) THEN array_to_json(?1) END', [value])[0].rows;
  if (array !== null) return { array };
  const digits = Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { blob: printable(value) ?? `x'${digits}'` };
}

function shownResults(db, results) {
  return results.map(({ columns, rows, more }) => ({ columns, more, rows: rows.map((row) => row.map((value) => shown(db, value))) }));
}

/** Loads the WebAssembly, and makes the files that the examples of array_file read. */
async function load({ wasm, files }) {
  sqlite = await loadSqlite({ wasm });
  for (const [path, bytes] of Object.entries(files)) sqlite.writeFile(path, bytes);
}

function answer({ sql, before = [], fresh }) {
  shell ??= open();
  const db = fresh ? open() : shell;
  try {
    for (const statements of before) db.exec(statements);
    return { results: shownResults(db, db.exec(sql, [], { numbers: 'text', limit: MOST_ROWS })) };
  } catch (error) {
    return { results: shownResults(db, error.results ?? []), error: error.message };
  } finally {
    if (fresh) db.close();
  }
}

let loaded;
addEventListener('message', async ({ data }) => {
  loaded ??= load(data);
  if (data.wasm) return;
  try {
    await loaded;
    postMessage({ id: data.id, ...answer(data) });
  } catch (error) {
    postMessage({ id: data.id, results: [], error: `the WebAssembly cannot be used here: ${error.message}` });
  }
});
