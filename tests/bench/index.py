"""array_index against a child table with its index, and PostgreSQL's GIN where it is installed.

    index.py LIBRARY FOLDER        ROWS=1000000 TAGS=5000 in the environment; ROWS=0: only the five ways to tag

Rows with 4 to 16 tags, the k-th most frequent of which comes 1/k as often as the first. Times are of the processor, the
shortest of some rounds; every answer is compared before its time is printed. A line ends with its target, and with
MISSED where that is not reached; the exit code is then 1.
"""
import bisect
import itertools
import os
import random
import shutil
import sqlite3
import struct
import sys
import tempfile
import time

from compare import Missing, Postgres

ROWS = int(os.environ.get("ROWS", 1000000))
TAGS = int(os.environ.get("TAGS", 5000))
missed = 0


def make_rows():
    """The tags of each row, ascending."""
    generator = random.Random(1)
    sums = list(itertools.accumulate(1 / (k + 1) for k in range(TAGS)))
    for _ in range(ROWS):
        n = generator.randrange(4, 17)
        yield sorted({bisect.bisect(sums, generator.random() * sums[-1]) for _ in range(n)})


def array(tags):
    return struct.pack(f"<4sI{len(tags)}i", b"\xa1A\0\4", len(tags), *tags)


def open_database(path, library):
    db = sqlite3.connect(path, isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension(library)
    db.execute("PRAGMA cache_size = -300000")
    return db


def timed(work, rounds=5):
    """The answer, and the milliseconds of the fastest round."""
    best = None
    for _ in range(rounds):
        begun = time.process_time()
        value = work()
        took = (time.process_time() - begun) * 1000
        best = took if best is None else min(best, took)
    return value, best


def show(title, ours, theirs="", other="", most=None, least=None):
    """A line; most is for ours, least for how many times theirs is of ours."""
    global missed
    ratio = theirs / ours if theirs != "" and ours != "" and ours > 0 else ""
    reached = (most is None or ours <= most) and (least is None or ratio == "" or ratio >= least)
    missed += not reached
    target = " ".join(([f"<= {most:g}"] if most is not None else []) + ([f">= {least:g} x"] if least is not None else []))
    number = lambda x: "" if x == "" else f"{x:10.3f}"
    print(f"{title:44} {number(ours):>10} {number(theirs):>10} {number(other):>10} {number(ratio):>9}  {target:18}"
          f" {'' if reached else 'MISSED'}", flush=True)


def size(db, pattern):
    return db.execute("SELECT sum(pgsize) FROM dbstat WHERE name GLOB ?", (pattern,)).fetchone()[0]


class Bench:
    def __init__(self, library, folder):
        self.library, self.folder = library, folder
        self.rows = list(make_rows())
        self.pairs = sum(map(len, self.rows))
        self.path, self.child_path = os.path.join(folder, "index.db"), os.path.join(folder, "child.db")
        self.db, self.child = open_database(self.path, library), open_database(self.child_path, library)
        for db in (self.db, self.child):
            db.execute("PRAGMA journal_mode = wal")
            db.execute("PRAGMA synchronous = normal")
        self.fill()

    def fill(self):
        self.db.execute("CREATE TABLE article(id INTEGER PRIMARY KEY, title TEXT, tags BLOB)")
        self.db.execute("BEGIN")
        self.db.executemany("INSERT INTO article(title, tags) VALUES ('title', ?)",
                            ((array(tags),) for tags in self.rows))
        self.db.execute("COMMIT")
        self.child.execute("CREATE TABLE article(id INTEGER PRIMARY KEY, title TEXT)")
        self.child.execute("CREATE TABLE tag(article_id INTEGER, tag INTEGER, PRIMARY KEY(article_id, tag))"
                           " WITHOUT ROWID")
        self.child.execute("BEGIN")
        self.child.executemany("INSERT INTO article(title) VALUES (?)", (("title",) for _ in self.rows))
        self.child.executemany("INSERT INTO tag VALUES (?, ?)",
                               ((i, t) for i, tags in enumerate(self.rows, 1) for t in tags))
        self.child.execute("CREATE TABLE plain(id INTEGER PRIMARY KEY, title TEXT, tags BLOB)") # has no index
        self.child.executemany("INSERT INTO plain(title, tags) VALUES ('title', ?)",
                               ((array(tags),) for tags in self.rows))
        self.child.execute("COMMIT")

    def build(self):
        _, ours = timed(lambda: self.db.execute("CREATE VIRTUAL TABLE article_tags USING array_index(article, tags)"), 1)
        _, theirs = timed(lambda: self.child.execute("CREATE INDEX by_tag ON tag(tag, article_id)"), 1)
        show("build, s", ours / 1000, theirs / 1000, most=1.0, least=10)
        self.child.execute("ANALYZE")
        bytes_ours = size(self.db, "*article_tags_*") / self.pairs
        show("bytes a pair", bytes_ours, size(self.child, "by_tag") / self.pairs, most=1.25)

    def ask(self, title, query, child, gin, most=None, least=None, postgres=None):
        sql = f"SELECT count(*) FROM article_tags('{query}')"
        a, ours = timed(lambda: self.db.execute(sql).fetchone()[0], 9)
        b, theirs = timed(lambda: self.child.execute(child).fetchone()[0], 3)
        assert a == b, (title, a, b)
        other = ""
        if postgres is not None:
            c, other = postgres.ask(gin)
            assert int(c) == a, (title, a, c)
        show(title, ours, theirs, other, most, least)

    def queries(self, postgres):
        groups = (("common", 1, 3, 40), ("medium", 50, 0.25, 15), ("rare", 1000, 0.04, 6))
        for name, k, most, least in groups:
            self.ask(f"all of two, {name}", f"{k} & {k + 1}",
                     f"SELECT count(*) FROM tag AS a JOIN tag AS b USING (article_id)"
                     f" WHERE a.tag = {k} AND b.tag = {k + 1}",
                     f"SELECT count(*) FROM article WHERE a @> '{{{k},{k + 1}}}'", most, least, postgres)
        for name, k, _, _ in groups:
            self.ask(f"any of three, {name}", f"{k} | {k + 1} | {k + 2}",
                     f"SELECT count(DISTINCT article_id) FROM tag WHERE tag IN ({k}, {k + 1}, {k + 2})",
                     f"SELECT count(*) FROM article WHERE a && '{{{k},{k + 1},{k + 2}}}'",
                     12 if k == 1 else None, None, postgres)
        for title, order, bound in (("oldest", "", ""), ("newest", " DESC", ""),
                                    ("newest below a bound", " DESC", " WHERE id < 700000")):
            sql = f"SELECT id FROM article_tags('1 & 2'){bound} ORDER BY id{order} LIMIT 20"
            child = ("SELECT a.article_id FROM tag AS a JOIN tag AS b USING (article_id) WHERE a.tag = 1 AND b.tag = 2"
                     f"{bound.replace('WHERE id', 'AND a.article_id')} ORDER BY a.article_id{order} LIMIT 20")
            a, ours = timed(lambda: self.db.execute(sql).fetchall(), 50)
            b, theirs = timed(lambda: self.child.execute(child).fetchall(), 20)
            assert a == b, title
            show(f"{title} 20 of all of two", ours, theirs, most=0.06)

    def facets(self):
        for title, query, most in (("of all of two, common", "1 & 2", 40), ("of all rows", None, 2)):
            argument = f"('{query}')" if query else ""
            chosen = (" WHERE article_id IN (SELECT a.article_id FROM tag AS a JOIN tag AS b USING (article_id)"
                      " WHERE a.tag = 1 AND b.tag = 2)" if query else "")
            a, ours = timed(lambda: self.db.execute("SELECT count(*), sum(count), max(count) FROM"
                                                    f" article_tags_counts{argument}").fetchone(), 5)
            b, theirs = timed(lambda: self.child.execute("SELECT count(*), sum(n), max(n) FROM (SELECT count(*) AS n FROM"
                                                         f" tag{chosen} GROUP BY tag)").fetchone(), 1)
            assert a == b, (title, a, b)
            show(f"facets {title}", ours, theirs, most=most)

    def probes(self):
        first = "(SELECT id FROM article LIMIT 100000)"
        for title, sql in (("join", f"SELECT count(*) FROM {first} AS a CROSS JOIN article_tags('1 & 2') AS x"
                                    " WHERE x.id = a.id"),
                           ("EXISTS", f"SELECT count(*) FROM {first} AS a WHERE EXISTS"
                                      " (SELECT 1 FROM article_tags('1 & 2') AS x WHERE x.id = a.id)")):
            _, ours = timed(lambda: self.db.execute(sql).fetchone(), 3)
            show(f"100,000 probes, {title}", ours, most=50)

    def changes(self, library):
        """
        Microseconds a row: each of five kinds of changes, in transactions of their own and in one. A title is changed
        beside the same table without an index.
        """
        generator = random.Random(2)
        limits = {True: (0.6, 1, 1.2, 1.05, 1.5), False: (1 / 4, 2 / 5, 2 / 3, 1.05, 1 / 2)}
        for auto in (True, False):
            n = 1000 if auto else 50000
            ids = [generator.randrange(1, ROWS + 1) for _ in range(n)]
            new = [self.rows[generator.randrange(ROWS)] for _ in range(n)]
            extra = [generator.randrange(TAGS) for _ in range(n)]
            kinds = {
                "insert": (lambda db, k: db.execute("INSERT INTO article(title, tags) VALUES ('x', ?)", (array(new[k]),)),
                           lambda db, k: self.child_insert(db, new[k])),
                "all tags": (lambda db, k: db.execute("UPDATE article SET tags = ? WHERE id = ?", (array(new[k]), ids[k])),
                             lambda db, k: self.child_replace(db, ids[k], new[k])),
                "one tag": (lambda db, k: db.execute("UPDATE article SET tags = array_append(tags, ?) WHERE id = ?",
                                                     (extra[k], ids[k])),
                            lambda db, k: db.execute("INSERT OR IGNORE INTO tag VALUES (?, ?)", (ids[k], extra[k]))),
                "title": (lambda db, k: db.execute("UPDATE article SET title = 'z' WHERE id = ?", (ids[k],)),
                          lambda db, k: db.execute("UPDATE plain SET title = 'z' WHERE id = ?", (ids[k],))),
                "delete": (lambda db, k: db.execute("DELETE FROM article WHERE id = ?", (ids[k],)),
                           lambda db, k: self.child_delete(db, ids[k])),
            }
            for (title, (ours, theirs)), limit in zip(kinds.items(), limits[auto]):
                took = [self.run_changes(db, work, n, auto) for db, work in ((self.db, ours), (self.child, theirs))]
                show(f"{title}, us a row, {'alone' if auto else 'in one transaction'}", *took,
                     least=1 / limit)
                if title == "all tags" and not auto: # 5 % of the rows were inserted, and 5 % got other tags
                    self.show_size("10 % of the rows changed", 1.6)
        self.db.execute("INSERT INTO article_tags(article_tags) VALUES ('integrity-check')")
        self.show_size("20 % of the rows changed")
        _, took = timed(lambda: self.db.execute("INSERT INTO article_tags(article_tags) VALUES ('optimize')"), 1)
        show("'optimize', s", took / 1000)
        self.show_size("after 'optimize'", 1.3)

    def show_size(self, when, most=None):
        pairs = self.db.execute("SELECT sum(array_length(tags)) FROM article").fetchone()[0]
        show(f"bytes a pair, {when}", size(self.db, "*article_tags_*") / pairs, most=most)

    @staticmethod
    def child_insert(db, tags):
        if not db.in_transaction:
            db.execute("BEGIN")
            key = db.execute("INSERT INTO article(title) VALUES ('x')").lastrowid
            db.executemany("INSERT INTO tag VALUES (?, ?)", ((key, t) for t in tags))
            db.execute("COMMIT")
        else:
            key = db.execute("INSERT INTO article(title) VALUES ('x')").lastrowid
            db.executemany("INSERT INTO tag VALUES (?, ?)", ((key, t) for t in tags))

    @staticmethod
    def child_replace(db, key, tags):
        alone = not db.in_transaction
        if alone:
            db.execute("BEGIN")
        db.execute("DELETE FROM tag WHERE article_id = ?", (key,))
        db.executemany("INSERT INTO tag VALUES (?, ?)", ((key, t) for t in tags))
        if alone:
            db.execute("COMMIT")

    @staticmethod
    def child_delete(db, key):
        alone = not db.in_transaction
        if alone:
            db.execute("BEGIN")
        db.execute("DELETE FROM tag WHERE article_id = ?", (key,))
        db.execute("DELETE FROM article WHERE id = ?", (key,))
        if alone:
            db.execute("COMMIT")

    @staticmethod
    def run_changes(db, work, n, auto):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        begun = time.process_time()
        if not auto:
            db.execute("BEGIN")
        for k in range(n):
            work(db, k)
        if not auto:
            db.execute("COMMIT")
        return (time.process_time() - begun) / n * 1e6

    def longest_statement(self):
        """Where the log is full, a statement writes all of it."""
        longest = 0
        self.db.execute("BEGIN")
        for k in range(20000):
            begun = time.process_time()
            self.db.execute("UPDATE article SET tags = ? WHERE id = ?", (array(self.rows[-k - 1]), 1 + k * 37 % ROWS))
            longest = max(longest, time.process_time() - begun)
        self.db.execute("COMMIT")
        show("longest statement, ms", longest * 1000, most=150)


class Tagging:
    """Five ways to tag rows: which finds them first, in the least room, after the least work? A row's tags can be read in each."""

    ROWS, TAGS = 100000, 100

    def __init__(self, library, folder):
        generator = random.Random(3)
        self.library, self.folder = library, folder
        self.rows = [sorted(generator.sample(range(self.TAGS), generator.randrange(3, 11))) for _ in range(self.ROWS)]
        self.questions = [generator.sample(range(self.TAGS), 5) for _ in range(20)]

    def array_index(self, db):
        db.execute("CREATE TABLE a(id INTEGER PRIMARY KEY, tags BLOB)")
        db.executemany("INSERT INTO a(tags) VALUES (?)", ((array_of_bytes(tags),) for tags in self.rows))
        db.execute("CREATE VIRTUAL TABLE i USING array_index(a, tags)")
        ask = lambda query: db.execute("SELECT id FROM i(?) ORDER BY id", (query,)).fetchall()
        return (lambda t: ask(f"{t[0]}"), lambda t: ask(f"{t[0]} & {t[1]}"),
                lambda t, n: ask(" | ".join(map(str, t[:n]))))

    def child_table(self, db):
        db.execute("CREATE TABLE a(id INTEGER PRIMARY KEY)")
        db.execute("CREATE TABLE c(tag INTEGER, id INTEGER, PRIMARY KEY (tag, id)) WITHOUT ROWID")
        db.executemany("INSERT INTO a VALUES (?)", ((i,) for i in range(1, self.ROWS + 1)))
        db.executemany("INSERT INTO c VALUES (?, ?)",
                       sorted((t, i) for i, tags in enumerate(self.rows, 1) for t in tags))
        db.execute("CREATE INDEX c_by_id ON c(id)")
        return (lambda t: db.execute("SELECT id FROM c WHERE tag = ? ORDER BY id", t[:1]).fetchall(),
                lambda t: db.execute("SELECT x.id FROM c AS x JOIN c AS y USING (id) WHERE x.tag = ? AND y.tag = ?"
                                     " ORDER BY 1", t[:2]).fetchall(),
                lambda t, n: db.execute(f"SELECT DISTINCT id FROM c WHERE tag IN ({','.join('?' * n)}) ORDER BY id",
                                        t[:n]).fetchall())

    def lookup_of_json(self, db):
        """JSON in the row, and a table from a tag to JSON of the ids that have it."""
        db.execute("CREATE TABLE a(id INTEGER PRIMARY KEY, tags TEXT)")
        db.executemany("INSERT INTO a(tags) VALUES (?)", ((str(tags),) for tags in self.rows))
        db.execute("CREATE TABLE l(tag INTEGER PRIMARY KEY, ids TEXT)")
        db.execute("INSERT INTO l SELECT value, json_group_array(a.id) FROM a, json_each(tags) GROUP BY value")
        ids = "SELECT value FROM l, json_each(ids) WHERE tag"
        return (lambda t: db.execute(f"{ids} = ? ORDER BY 1", t[:1]).fetchall(),
                lambda t: db.execute(f"{ids} = ? INTERSECT {ids} = ? ORDER BY 1", t[:2]).fetchall(),
                lambda t, n: db.execute(f"SELECT DISTINCT value FROM l, json_each(ids) WHERE tag IN"
                                        f" ({','.join('?' * n)}) ORDER BY 1", t[:n]).fetchall())

    def fts5(self, db):
        db.execute("CREATE TABLE a(id INTEGER PRIMARY KEY, tags TEXT)")
        db.executemany("INSERT INTO a(tags) VALUES (?)", ((" ".join(f"t{t}" for t in tags),) for tags in self.rows))
        db.execute("CREATE VIRTUAL TABLE f USING fts5(tags, content=a, content_rowid=id, detail=none)")
        db.execute("INSERT INTO f(f) VALUES ('rebuild'), ('optimize')")
        ask = lambda query: db.execute("SELECT rowid FROM f(?) ORDER BY rowid", (query,)).fetchall()
        return (lambda t: ask(f"t{t[0]}"), lambda t: ask(f"t{t[0]} AND t{t[1]}"),
                lambda t, n: ask(" OR ".join(f"t{x}" for x in t[:n])))

    def like(self, db):
        db.execute("CREATE TABLE a(id INTEGER PRIMARY KEY, tags TEXT)")
        db.executemany("INSERT INTO a(tags) VALUES (?)", (("," + ",".join(map(str, tags)) + ",",) for tags in self.rows))
        ask = lambda t, word: db.execute("SELECT id FROM a WHERE " + f" {word} ".join(["tags LIKE ?"] * len(t)),
                                         [f"%,{x},%" for x in t]).fetchall()
        return lambda t: ask(t[:1], ""), lambda t: ask(t[:2], "AND"), lambda t, n: ask(t[:n], "OR")

    def set_up(self, name):
        """What asks this way's questions, and milliseconds and KiB of its set-up."""
        path = os.path.join(self.folder, f"{name}.db")
        db = open_database(path, self.library)
        begun = time.process_time()
        db.execute("BEGIN")
        single, both, any_of = getattr(self, name)(db)
        db.execute("COMMIT")
        took = (time.process_time() - begun) * 1000
        asks = {"single": single, "all of two": both}
        asks.update({f"any of {n}": (lambda t, n=n: any_of(t, n)) for n in range(2, 6)})
        return asks, {"set-up": took, "size, KiB": os.path.getsize(path) / 1024}

    def measure(self):
        """Milliseconds for 20 questions of each kind, the best of rounds in which the ways take turns."""
        ways = {name: self.set_up(name) for name in ("array_index", "child_table", "lookup_of_json", "fts5", "like")}
        table, answers = {name: figures for name, (_, figures) in ways.items()}, {}
        for _ in range(5):
            for name, (asks, figures) in ways.items():
                for kind, ask in asks.items():
                    found, took = timed(lambda: [ask(t) for t in self.questions], 1)
                    assert answers.setdefault(kind, found) == found, (name, kind)
                    figures[kind] = min(took, figures.get(kind, took))
        print(f"\nFive ways to tag {self.ROWS} rows with 3 to 10 of {self.TAGS} tags, 20 questions fetched, ms")
        print(f"{'':16}" + "".join(f"{name:>16}" for name in table))
        for column in ("single", "all of two", "any of 2", "any of 3", "any of 4", "any of 5", "size, KiB", "set-up"):
            values = [figures[column] for figures in table.values()]
            first = values[0] <= 1.1 * min(values)
            global missed
            missed += not first
            print(f"{column:16}" + "".join(f"{x:16.1f}" for x in values) + ("" if first else "  MISSED"))


def array_of_bytes(tags):
    """An array of elements from 0 to 127"""
    return b"\xa1A\0\1" + len(tags).to_bytes(4, "little") + bytes(tags)


def main():
    library, build = map(os.path.abspath, sys.argv[1:3])
    folder = tempfile.mkdtemp(dir=build)
    try:
        if ROWS > 0:
            measure_all(library, folder)
        Tagging(library, folder).measure()
    finally:
        shutil.rmtree(folder)
    print(f"{missed} targets missed")
    sys.exit(missed > 0)


def measure_all(library, folder):
    postgres = None
    try:
        bench = Bench(library, folder)
        print(f"{ROWS} rows, {bench.pairs} pairs, {TAGS} tags, SQLite {sqlite3.sqlite_version};"
              " processor ms unless said otherwise")
        try:
            postgres = Postgres({"article": bench.rows}, folder)
            begun = time.perf_counter()
            postgres.psql("CREATE INDEX by_tag ON article USING gin(a gin__int_ops)")
            show("PostgreSQL's build, s", "", "", time.perf_counter() - begun)
        except Missing as why:
            print(why)
        print(f"{'':44} {'index':>10} {'child':>10} {'GIN':>10} {'child/ours':>9}  target")
        bench.build()
        bench.queries(postgres)
        bench.facets()
        bench.probes()
        bench.changes(library)
        bench.longest_statement()
    finally:
        if postgres is not None:
            postgres.close()


main()
