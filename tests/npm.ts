// The types of the npm packages: compiled by make test-npm, never run.
import { DatabaseSync } from 'node:sqlite';
import sqliteArray, { fromArray, getLoadablePath, load, toArray } from 'sqlite-array';

const db = new DatabaseSync(':memory:', { allowExtension: true });
load(db);
load(db, { file: true });
const blobs: Buffer[] = [toArray([1, 2n]), toArray(new Int32Array(3)), toArray(new BigUint64Array(1)), sqliteArray.toArray([])];
const path: string = getLoadablePath({ file: true });
const elements: Int8Array | Int16Array | Int32Array | BigInt64Array = fromArray(blobs[0]);
// @ts-expect-error: text is no list of integers
toArray('12');
// @ts-expect-error: a connection is needed
load(path);
// @ts-expect-error: there is no such option
getLoadablePath({ files: true });
export { elements };
