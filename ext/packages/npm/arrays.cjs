'use strict';
// An array is bytes: 0xA1 0x41, a codec, the width of an element (1, 2, 4 or 8 bytes), the count in 4 bytes, and the
// elements, all little-endian. The width is the smallest that holds every element.
const HEADER = 8;
const TYPES = { 1: Int8Array, 2: Int16Array, 4: Int32Array, 8: BigInt64Array };

/** The bytes that each of these integers needs, the most of them. */
function widthOf(values) {
  let width = 1;
  for (const value of values) {
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is not within 64 bits, signed`);
    } else if (!Number.isSafeInteger(value)) {
      throw new (typeof value === 'number' ? RangeError : TypeError)(`an array has integers, not ${value}; larger ones than 2^53 as BigInt`);
    }
    if (width < 2 && (value < -0x80 || value > 0x7f)) width = 2;
    if (width < 4 && (value < -0x8000 || value > 0x7fff)) width = 4;
    if (width < 8 && (value < -0x80000000 || value > 0x7fffffff)) width = 8;
  }
  return width;
}

/** The blob of an array of integers: of a typed array, or of an array of numbers and bigints. */
function toArray(values) {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && typeof values.length === 'number'))
    throw new TypeError('an array is made of a typed array, or of an array of numbers or bigints');
  const width = widthOf(values);
  const count = values.length;
  const blob = Buffer.alloc(HEADER + count * width);
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  blob.set([0xa1, 0x41, 0, width]);
  view.setUint32(4, count, true);
  for (let i = 0, at = HEADER; i < count; i++, at += width) {
    if (width === 8) view.setBigInt64(at, BigInt(values[i]), true);
    else if (width === 4) view.setInt32(at, Number(values[i]), true);
    else if (width === 2) view.setInt16(at, Number(values[i]), true);
    else view.setInt8(at, Number(values[i]));
  }
  return blob;
}

/**
 * The elements of a blob, as the typed array of its width: BigInt64Array where one needs 8 bytes. It shares the blob's memory
 * where that is aligned for it, and is a copy where it is not.
 */
function fromArray(blob) {
  if (!(blob instanceof Uint8Array)) throw new TypeError('an array is a Buffer or Uint8Array');
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  if (blob.length < HEADER || blob[0] !== 0xa1 || blob[1] !== 0x41) throw new RangeError('not an array: it has no header');
  if (blob[2] !== 0) throw new RangeError(`an array of codec ${blob[2]}, not plain: SELECT array_unpack() of it`);
  const width = blob[3];
  const count = view.getUint32(4, true);
  const Type = TYPES[width];
  if (Type === undefined || blob.length !== HEADER + count * width)
    throw new RangeError(`not an array: ${blob.length} bytes for ${count} elements of ${width}`);
  const at = blob.byteOffset + HEADER;
  return at % width === 0 ? new Type(blob.buffer, at, count) : new Type(blob.buffer.slice(at, at + count * width));
}

module.exports = { toArray, fromArray };
