-- What stands in the parentheses of CREATE VIRTUAL TABLE .. USING array_index: names as SQL writes them, options.
SELECT plan(42);

CREATE TABLE T2(Id INTEGER PRIMARY KEY, tags);
INSERT INTO T2 VALUES (1, '[5,7]'), (2, '[7]'), (3, '[5]');
CREATE TABLE "2 ""é"" [x`"(id INTEGER PRIMARY KEY, "ta'gs, 1");
INSERT INTO "2 ""é"" [x`" SELECT * FROM T2;
CREATE TABLE é$9(id INTEGER PRIMARY KEY, _a);
INSERT INTO é$9 SELECT * FROM T2;
CREATE TABLE "close ]"(id INTEGER PRIMARY KEY, [q`]);
INSERT INTO "close ]" SELECT * FROM T2;
CREATE TEMP TABLE written(arguments);
INSERT INTO written VALUES ('T2, tags'), ('t2,TAGS'), ('[T2], `tags`'), ('''T2'', "tags"'), (' T2 , tags '),
  (char(9) || 'T2' || char(10) || ',' || char(13, 10) || 'tags' || char(9)), ('"2 ""é"" [x`", ''ta''''gs, 1'''),
  ('''2 "é" [x`'', [ta''gs, 1]'), ('é$9, _a'), ('"close ]", `q```'), ('T2, tags, block=64'),
  ('T2, tags, BLOCK = 16384 '),
  ('T2, tags, log=16, block=100'), ('T2, tags, "Log" =' || char(9) || '16777216'), ('block=64, T2, log=99, tags');
SELECT eq(rows(format('CREATE VIRTUAL TABLE i%d USING array_index(%s)', rowid, arguments))
              || rows(format('SELECT id FROM i%d(''7'')', rowid)), '1' || char(10) || '2', arguments)
  FROM written;

CREATE TEMP TABLE refused(arguments, message);
INSERT INTO refused VALUES
  ('T2', 'expected array_index(table, column): i'), ('', 'expected array_index(table, column): i'),
  ('T2, tags, id', 'one column is indexed, this is another: id'),
  ('5, tags', 'not a name: 5'), ('T2, =5', 'not a name: =5'), ('"", tags', 'not a name: ""'),
  ('T2, (tags)', 'not a name: (tags)'),
  ('T2 AS t, tags', 'expected the name of a table or a column alone: T2 AS t'),
  ('T2, tags DESC', 'expected the name of a table or a column alone: tags DESC'),
  ('T2, tags, depth=1', 'unknown option: depth=1'),
  ('T2, tags, block=64, log=16, block=64', 'option given twice: block=64'),
  ('T2, tags, LOG=16, log=16', 'option given twice: log=16'),
  ('T2, tags, block=63', 'block must be 64 to 16384: block=63'),
  ('T2, tags, block=16385', 'block must be 64 to 16384: block=16385'),
  ('T2, tags, block=', 'block must be 64 to 16384: block='),
  ('T2, tags, block=x', 'block must be 64 to 16384: block=x'),
  ('T2, tags, block=-64', 'block must be 64 to 16384: block=-64'),
  ('T2, tags, block=100 k', 'block must be 64 to 16384: block=100 k'),
  ('T2, tags, block=99999999999999999999999', 'block must be 64 to 16384: block=99999999999999999999999'),
  ('T2, tags, log=15', 'log must be 16 to 16777216: log=15'),
  ('T2, tags, log=16777217', 'log must be 16 to 16777216: log=16777217'),
  ('T2, id', 'T2 has its key as this column, which holds no arrays'), ('T2, rowid', 'T2 has no column rowid'),
  ('i1, id', 'i1 is a virtual table, whose changes cannot be followed'),
  ('named_key, tags', 'named_key has a column by the name of the index'),
  ('named_column, i', 'named_column has a column by the name of the index');
CREATE TABLE named_key(i INTEGER PRIMARY KEY, tags);
CREATE TABLE named_column(id INTEGER PRIMARY KEY, i);
SELECT throws('CREATE VIRTUAL TABLE i USING array_index(' || arguments || ')', 'array_index: ' || message,
              'refused: ' || arguments)
  FROM refused;
SELECT eq((SELECT count(*) FROM sqlite_master WHERE name = 'i' OR name GLOB 'i_[a-z]*'), 0, 'nothing is left of them');
SELECT done();
