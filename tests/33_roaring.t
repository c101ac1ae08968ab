-- Roaring bitmaps that are none, each wrong in one place; and those at the limits.
SELECT plan(8);

CREATE TABLE bitmap(name, bytes, message);
INSERT INTO bitmap VALUES
  ('a byte behind', array_to_roaring('[1,2]') || x'00', 'portable format, as byte 21 shows'),
  ('65,537 containers', x'3A30000001000100', 'portable format, as byte 9 shows'),
  ('runs of fewer elements', x'3B3000000100000500010000000100', 'portable format, as byte 16 shows'),
  ('a run past the end', x'3B30000001000001000100FFFF0100', 'portable format, as byte 16 shows'),
  ('an array out of order', x'3A300000010000000000010010000000' || x'05000500', 'portable format, as byte 19 shows'),
  ('a bitset of other elements', x'3A300000010000000000FFFF10000000' || zeroblob(8192), 'portable format, as byte 17 shows'),
  ('a bitset over 2^63', x'010000000000000000000080' || array_to_roaring(array_series(3, 10003, 2), 32),
    'element 1 is 9223372036854775811, SQL integers end at 9223372036854775807');
SELECT throws('SELECT array_from_roaring(x''' || hex(bytes) || ''')', 'array_from_roaring: *' || message, name) FROM bitmap;
SELECT throws('SELECT array_to_roaring(''[5000000000]'', 32)',
  'array_to_roaring: argument 1 has the element 5000000000, more than 4294967295, which needs 64 bits', 'too many bits for the format');
SELECT done();
