// The interface of build/wasm/sqlite-array.mjs. `make wasm` writes it there behind what emscripten has written, which is the
// function instantiate(). README.md beside this file shows how it is used.

const SQLITE_ROW = 100;
const SQLITE_DONE = 101;
const SQLITE_INTEGER = 1;
const SQLITE_FLOAT = 2;
const SQLITE_TEXT = 3;
const SQLITE_BLOB = 4;
const SQLITE_OPEN_READWRITE = 2;
const SQLITE_OPEN_CREATE = 4;
const SQLITE_TRANSIENT = -1;
const SQLITE_NOMEM = 7;

/** What SQLite says when something fails. `code` is its extended result code; `offset` is the place in the statement that the
 * message is about, in bytes, or -1. */
export class SqliteError extends Error {
  constructor(message, code, offset = -1) {
    super(message);
    this.name = 'SqliteError';
    this.code = code;
    this.offset = offset;
  }
}

/** A connection. Databases are made by Sqlite.open(). */
class Database {
  #wasm;
  #memory;
  #handle = 0;

  constructor(wasm, memory, path) {
    this.#wasm = wasm;
    this.#memory = memory;
    const name = memory.text(path);
    const out = memory.allocate(4);
    try {
      const code = wasm._sqlite3_open_v2(name.address, out, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, 0);
      this.#handle = memory.pointer(out);
      this.#check(code);
      this.#check(wasm._sqlite3_extended_result_codes(this.#handle, 1));
      for (const init of [wasm._sqlite3_array_init, wasm._sqlite3_arrayfile_init]) {
        this.#check(init(this.#handle, 0, 0));
      }
    } catch (error) {
      this.close();
      throw error;
    } finally {
      memory.free(out);
      memory.free(name.address);
    }
  }

  /**
   * Runs the statements of `sql`. Gives {columns, rows, more} for each that has columns; a row is an array of values.
   *
   * NULL is null, an INTEGER a number, or a BigInt where a number would not be exact, a REAL is a number, TEXT a string, a BLOB a
   * Uint8Array. With {numbers: 'text'} INTEGER and REAL are strings as SQLite writes them, so that 2.0 is '2.0'.
   *
   * `parameters` are values of these kinds, or booleans, for each statement that has ?; a number is bound as INTEGER if it is a safe
   * integer, else as REAL. With {limit: n} a statement ends after n rows; `more` says that there was another.
   *
   * The SqliteError of a statement that fails has the results of those before it, `results`.
   */
  exec(sql, parameters = [], { numbers = 'number', limit = Infinity } = {}) {
    if (this.#handle === 0) throw new SqliteError('the database is closed', 21);
    const memory = this.#memory;
    const results = [];
    const text = memory.text(sql);
    const out = memory.allocate(8);
    try {
      for (let rest = text.address; rest < text.address + text.size; rest = memory.pointer(out + 4)) {
        this.#check(this.#wasm._sqlite3_prepare_v2(this.#handle, rest, text.address + text.size - rest, out, out + 4));
        const statement = memory.pointer(out);
        if (statement === 0) break; // only blanks and comments were left, or a character 0, which ends SQL
        try {
          const result = this.#run(statement, parameters, numbers === 'text', limit);
          if (result.columns.length > 0) results.push(result);
        } finally {
          this.#wasm._sqlite3_finalize(statement);
        }
      }
    } catch (error) {
      if (error instanceof SqliteError) error.results = results;
      throw error;
    } finally {
      memory.free(out);
      memory.free(text.address);
    }
    return results;
  }

  /** Closes the connection. What is in memory is gone. */
  close() {
    this.#wasm._sqlite3_close_v2(this.#handle);
    this.#handle = 0;
  }

  #check(code) {
    if (code === 0) return;
    const message = this.#memory.textAt(this.#wasm._sqlite3_errmsg(this.#handle));
    throw new SqliteError(message, code, this.#handle === 0 ? -1 : this.#wasm._sqlite3_error_offset(this.#handle));
  }

  #run(statement, parameters, asText, limit) {
    const wasm = this.#wasm;
    const wanted = wasm._sqlite3_bind_parameter_count(statement);
    for (let i = 1; i <= Math.min(wanted, parameters.length); i++) this.#check(this.#bind(statement, i, parameters[i - 1]));
    const columns = [];
    for (let i = 0; i < wasm._sqlite3_column_count(statement); i++) {
      columns.push(this.#memory.textAt(wasm._sqlite3_column_name(statement, i)));
    }
    const rows = [];
    let code;
    while ((code = wasm._sqlite3_step(statement)) === SQLITE_ROW) {
      if (rows.length >= limit) return { columns, rows, more: true };
      rows.push(columns.map((_, i) => this.#value(statement, i, asText)));
    }
    if (code !== SQLITE_DONE) this.#check(code);
    return { columns, rows, more: false };
  }

  #bind(statement, i, value) {
    const wasm = this.#wasm;
    if (value === null || value === undefined) return wasm._sqlite3_bind_null(statement, i);
    if (typeof value === 'boolean') return wasm._sqlite3_bind_int64(statement, i, BigInt(value));
    if (typeof value === 'number') {
      return Number.isSafeInteger(value)
        ? wasm._sqlite3_bind_int64(statement, i, BigInt(value))
        : wasm._sqlite3_bind_double(statement, i, value);
    }
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(64, value) !== value) throw new RangeError(`parameter ${i}: ${value} has more than 64 bits`);
      return wasm._sqlite3_bind_int64(statement, i, value);
    }
    const isText = typeof value === 'string';
    if (!isText && !(value instanceof Uint8Array)) {
      throw new TypeError(`parameter ${i}: null, a number, a bigint, a boolean, a string or a Uint8Array was expected`);
    }
    const bytes = isText ? this.#memory.text(value) : this.#memory.bytes(value);
    try {
      return isText
        ? wasm._sqlite3_bind_text(statement, i, bytes.address, bytes.size, SQLITE_TRANSIENT)
        : wasm._sqlite3_bind_blob(statement, i, bytes.address, bytes.size, SQLITE_TRANSIENT);
    } finally {
      this.#memory.free(bytes.address);
    }
  }

  #value(statement, i, asText) {
    const wasm = this.#wasm;
    const type = wasm._sqlite3_column_type(statement, i);
    if (type === SQLITE_INTEGER && !asText) {
      const value = wasm._sqlite3_column_int64(statement, i);
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    if (type === SQLITE_FLOAT && !asText) return wasm._sqlite3_column_double(statement, i);
    if (type === SQLITE_BLOB) {
      const address = wasm._sqlite3_column_blob(statement, i);
      return this.#memory.copy(address, wasm._sqlite3_column_bytes(statement, i));
    }
    if (type === SQLITE_INTEGER || type === SQLITE_FLOAT || type === SQLITE_TEXT) {
      const address = wasm._sqlite3_column_text(statement, i);
      return new TextDecoder().decode(this.#memory.copy(address, wasm._sqlite3_column_bytes(statement, i)));
    }
    return null;
  }
}

/** The memory of the WebAssembly: what is put there stays until free(). It may move when it grows, so views of it are not kept. */
class Memory {
  #wasm;

  constructor(wasm) {
    this.#wasm = wasm;
  }

  allocate(size) {
    const address = this.#wasm._malloc(size);
    if (address === 0) throw new SqliteError('out of memory', SQLITE_NOMEM);
    return address;
  }

  free(address) {
    this.#wasm._free(address);
  }

  bytes(source) {
    const address = this.allocate(source.length + 1);
    this.#wasm.HEAPU8.set(source, address);
    this.#wasm.HEAPU8[address + source.length] = 0;
    return { address, size: source.length };
  }

  text(string) {
    return this.bytes(new TextEncoder().encode(string));
  }

  copy(address, size) {
    return this.#wasm.HEAPU8.slice(address, address + size);
  }

  textAt(address) {
    return new TextDecoder().decode(this.copy(address, this.#wasm.HEAPU8.indexOf(0, address) - address));
  }

  pointer(address) {
    return new DataView(this.#wasm.HEAPU8.buffer).getUint32(address, true);
  }
}

/** SQLite with sqlite-array. Its files are in memory, and gone with it. */
class Sqlite {
  #wasm;
  #memory;

  constructor(wasm) {
    this.#wasm = wasm;
    this.#memory = new Memory(wasm);
  }

  /** SQLite's version. */
  get version() {
    return this.#memory.textAt(this.#wasm._sqlite3_libversion());
  }

  /** Opens a database with all functions of sqlite-array in it. */
  open(path = ':memory:') {
    return new Database(this.#wasm, this.#memory, path);
  }

  /** The bytes of a file, such as a database that was written. */
  readFile(path) {
    return this.#wasm.FS.readFile(path);
  }

  /** Makes a file, such as a database that is to be opened, and the folders that it is in. */
  writeFile(path, bytes) {
    this.#wasm.FS.mkdirTree(path.replace(/[^/]*$/, '') || '/');
    this.#wasm.FS.writeFile(path, bytes);
  }
}

async function bytesAt(url) {
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/** Gives SQLite with sqlite-array. `wasm` is the content of sqlite-array.wasm, which else is read from where this file is. */
export default async function loadSqlite({ wasm } = {}) {
  const wasmBinary = wasm ?? (await bytesAt(new URL('sqlite-array.wasm', import.meta.url)));
  return new Sqlite(await instantiate({ wasmBinary }));
}
