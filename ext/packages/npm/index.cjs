'use strict';
const path = require('path');
const helpers = require('./arrays.cjs');

/** The package that has the libraries for this machine. */
function platformPackage() {
  return `sqlite-array-${process.platform}-${process.arch}`;
}

/** The library to load; with {file: true} the one that reads and writes files. */
function getLoadablePath({ file = false } = {}) {
  const name = platformPackage();
  let manifest;
  try {
    manifest = require.resolve(`${name}/package.json`);
  } catch {
    throw new Error(`sqlite-array has no libraries for ${process.platform} ${process.arch}, or ${name} was not installed: it is an optional dependency`);
  }
  return path.join(path.dirname(manifest), file ? 'array_file.so' : 'array.so');
}

/** Gives a connection the functions: of better-sqlite3, node:sqlite (opened with allowExtension: true), libsql, and others with loadExtension(). */
function load(db, options) {
  db.loadExtension(getLoadablePath(options));
}

module.exports = { load, getLoadablePath, ...helpers };
