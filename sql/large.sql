-- Larger than memory: a .npy file of 2 GB, every element times two, out to another file; and into a table of arrays and
-- back. SQLite may use 32 MiB. `make demo-large` runs this, with an address space of 512 MiB, through tests/large.sh,
-- which has made the table `place`: how many MB, and where.
SELECT plan(4);
PRAGMA hard_heap_limit = 33554432;
CREATE TEMP TABLE step(name TEXT, bytes INTEGER, began REAL DEFAULT (julianday('now')), ended REAL);
CREATE TEMP TRIGGER next AFTER INSERT ON step BEGIN
    UPDATE step SET ended = julianday('now') WHERE rowid = new.rowid - 1;
END;
CREATE TEMP VIEW chunks AS SELECT mb * 2 AS n FROM place;   -- of 65536 elements, 8 bytes each

.print # making a file of random numbers, INSERT INTO array_file
INSERT INTO step(name, bytes) SELECT 'made', mb << 20 FROM place;
INSERT INTO array_file(path, value) SELECT place.path || 'in.npy', array_random(65536, -1 << 40, 1 << 40, value)
  FROM place, array_each(array_series(1, (SELECT n FROM chunks)));

.print # every element times two, from file to file
INSERT INTO step(name, bytes) SELECT 'doubled', mb << 20 FROM place;
INSERT INTO array_file(path, value)
  SELECT place.path || 'out.npy', array_mul(value, 2) FROM place, array_file_read(place.path || 'in.npy');

.print # checking: sums, and hashes of all chunks
INSERT INTO step(name, bytes) SELECT 'read twice', mb << 21 FROM place;
CREATE TEMP TABLE sums AS
  SELECT count(*) AS n, sum(n) AS elements, sum(array_sum(value)) AS total, array_hash(array_agg(array_hash(value))) AS hash,
         array_hash(array_agg(array_hash(array_mul(value, 2)))) AS doubled FROM place, array_file(place.path || 'in.npy');
CREATE TEMP TABLE out_sums AS
  SELECT sum(array_sum(value)) AS total, array_hash(array_agg(array_hash(value))) AS hash FROM place, array_file(place.path || 'out.npy');
SELECT eq(s.n || ' chunks of ' || s.elements, c.n || ' chunks of ' || (c.n << 16), 'all chunks') FROM sums AS s, chunks AS c;
SELECT eq(o.total, 2 * s.total, 'the sum is twice ' || s.total), eq(o.hash, s.doubled, 'the hash of the doubled chunks') FROM sums AS s, out_sums AS o;

.print # into a table of arrays
INSERT INTO step(name, bytes) SELECT 'stored', mb << 20 FROM place;
CREATE VIRTUAL TABLE kept USING array_store(x);
INSERT INTO kept(x) SELECT value FROM place, array_file(place.path || 'in.npy');

.print # and back
INSERT INTO step(name, bytes) SELECT 'brought back', mb << 20 FROM place;
INSERT INTO array_file(path, value) SELECT place.path || 'back.npy', x FROM place, (SELECT x FROM kept_chunks ORDER BY chunk_id);
INSERT INTO step(name, bytes) SELECT 'read', mb << 20 FROM place;
SELECT eq(array_hash(array_agg(array_hash(value))), (SELECT hash FROM sums), 'the hash of what came back') FROM place, array_file(place.path || 'back.npy');
INSERT INTO step(name) VALUES ('end');

SELECT printf('# %-13s %5d MB in %7.2f s, %6.0f MB/s', name, bytes >> 20, 86400 * (ended - began), (bytes >> 20) / (86400 * (ended - began)))
  FROM step WHERE bytes > 0;
SELECT printf('# memory of SQLite: at most %.1f MiB', value / 1048576.0) FROM array_memory WHERE name = 'sqlite_peak';
.print # resident memory of the process, at most
.shell grep VmHWM /proc/$PPID/status
SELECT done();
