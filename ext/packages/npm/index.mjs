import sqliteArray from './index.cjs';

export const { load, getLoadablePath, toArray, fromArray } = sqliteArray;
export default sqliteArray;
