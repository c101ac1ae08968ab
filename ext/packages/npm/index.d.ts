/** What has loadExtension(): a database of better-sqlite3, node:sqlite or libsql. */
export interface Database {
  loadExtension(file: string): unknown;
}

export interface Options {
  /** The second library, which reads and writes files. */
  file?: boolean;
}

export type Integers =
  | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array
  | readonly (number | bigint)[];

/** The library to load, for this machine; an Error if there is none. */
export function getLoadablePath(options?: Options): string;

/** Gives a connection the functions. */
export function load(db: Database, options?: Options): void;

/** The blob of an array of integers, to be bound as a parameter. */
export function toArray(values: Integers): Buffer;

/** The elements of a blob: the typed array of its width, BigInt64Array where one needs 8 bytes. */
export function fromArray(blob: Uint8Array): Int8Array | Int16Array | Int32Array | BigInt64Array;
