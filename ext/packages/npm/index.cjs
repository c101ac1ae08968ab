'use strict';
const path = require('path');
const helpers = require('./arrays.cjs');

const suffixes = { win32: '.dll', darwin: '.dylib' };

/** The packages that may have the libraries for this machine: npm installs that of its C library. */
function platformPackages() {
  const name = `sqlite-array-${process.platform}-${process.arch}`;
  return [name, `${name}-musl`];
}

/** The library to load; with {file: true} the one that reads and writes files. */
function getLoadablePath({ file = false } = {}) {
  for (const name of platformPackages()) {
    try {
      const folder = path.dirname(require.resolve(`${name}/package.json`));
      return path.join(folder, (file ? 'array_file' : 'array') + (suffixes[process.platform] || '.so'));
    } catch {
      // the next one
    }
  }
  throw new Error(`sqlite-array has no libraries for ${process.platform} ${process.arch}, or ${platformPackages()[0]} was not installed: it is an optional dependency`);
}

/** Gives a connection the functions: of better-sqlite3, node:sqlite (opened with allowExtension: true), libsql, and others with loadExtension(). */
function load(db, options) {
  db.loadExtension(getLoadablePath(options));
}

module.exports = { load, getLoadablePath, ...helpers };
