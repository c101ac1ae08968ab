"""What is tried: a call of a scalar function, a query of an aggregate or of a table-valued function.

Each can tell whether it differs from the model, make itself smaller as long as it does, and write itself as SQL.
"""

import aggregates
import scalar_make
from database import Failed
from kinds import dress, spoil
from registry import SCALARS
from tables import TABLES, draw_clauses
from values import LENGTH_LIMIT, Check, Fault, TooBig, decode, display, encode, literal
from verdict import agrees, expectation, tell


class Call:
    """A call of a scalar function."""

    def __init__(self, r, name):
        self.name, self.scalar = name, SCALARS[name]
        self.arguments = [dress(r, x) if isinstance(x, list) else x for x in self.scalar.draw(r)]
        if self.arguments and r.random() < 0.08:
            at = r.randrange(len(self.arguments))
            self.arguments[at] = spoil(r, self.arguments[at])
        long = sum(len(x) for x in self.arguments if isinstance(x, (bytes, str))) > LENGTH_LIMIT // 4
        cut = any(isinstance(x, str) and "\0" in x for x in self.arguments)  # literals end there
        self.form = self.bound if long or cut else r.choice((self.bound, self.bound, self.literals, self.computed, self.stored))

    def expected(self):
        expected = expectation(self.scalar, self.arguments)
        if isinstance(expected, list) and len(encode(expected)) > LENGTH_LIMIT:
            return TooBig()
        return expected

    # Ways to hand over the arguments

    def bound(self, database, arguments):
        return database.rows(f"SELECT {self.name}({', '.join('?' * len(arguments))})", arguments)

    def literals(self, database, arguments):
        return database.rows(self.sql())

    def computed(self, database, arguments):
        """Arrays that are results of the extension, in its memory."""
        marks = ["array_reverse(array_reverse(?))" if isinstance(x, bytes) and scalar_make.array_valid(x) and x[2] == 0 else "?" for x in arguments]
        return database.rows(f"SELECT {self.name}({', '.join(marks)})", arguments)

    def stored(self, database, arguments):
        """Arguments from a row, more than once: the same constant text, and blobs at odd addresses."""
        if len(arguments) > 4:
            return self.bound(database, arguments)
        database.fill([(0, 0, *arguments), (0, 0, *arguments)])
        marks = ["abcd"[i] if i == 0 or isinstance(x, bytes) else "?" for i, x in enumerate(arguments)]
        rows = database.rows(
            f"SELECT {self.name}({', '.join(marks)}) FROM t", [x for x, mark in zip(arguments, marks) if mark == "?"]
        )
        return rows

    def sql(self):
        return f"SELECT {self.name}({', '.join(map(literal, self.arguments))})"

    def differs(self, database):
        """What is expected and what came, if that is something else; else None."""
        expected = self.expected()
        rows = self.form(database, self.arguments)
        values = [rows] if isinstance(rows, Failed) else [row[0] for row in rows]
        if isinstance(expected, Check) and expected.repeats and isinstance(rows, list):
            values += [row[0] for row in self.form(database, self.arguments)]
            if any(x != values[0] for x in values):
                return "the same each time", " and then ".join(map(display, values))
        if self.name == "array_limit":
            for name, limit in scalar_make.LIMITS.items():
                database.rows("SELECT array_limit(?, ?)", (name, limit))
        for value in values:
            if not agrees(self.name, expected, value):
                return tell(expected), str(value) if isinstance(value, Failed) else display(value)
        return None

    def shrink(self, database):
        """Makes the arguments smaller as long as the call differs."""
        smaller = True
        while smaller:
            smaller = False
            for i, value in enumerate(self.arguments):
                for candidate in candidates(value):
                    self.arguments[i] = candidate
                    if self.differs(database):
                        smaller = True
                        break
                    self.arguments[i] = value
                if smaller:
                    break


class StoredElements(list):
    """Elements with what a blob says beside them."""

    def __init__(self, blob):
        super().__init__(decode(blob))
        self.width, self.is_packed = blob[3], blob[2] == 1


class Stored(Call):
    """A call of a function that reads an array where it is stored: the model's first argument stands in a row."""

    def __init__(self, r, name):
        super().__init__(r, name)
        self.form = self.stored
        try:  # of a packed array only those bytes are read, and found damaged, that are needed
            decode(self.arguments[0] if isinstance(self.arguments[0], bytes) else encode([]))
        except Fault:
            if self.arguments[0][2:3] == b"\1":
                self.arguments[0] = encode([])

    def expected(self):
        stored, *others = self.arguments
        kinds = [self.scalar.kind(i + 1) for i in range(len(others))]
        if any(x is None and not kind.element for x, kind in zip(others, kinds)):
            return None
        read, faults, elements = [], [], None
        for i, (value, kind) in enumerate(zip(others, kinds)):
            try:
                read.append(kind.read(value))
            except Fault:
                faults.append(r"argument %d\b" % (i + 5))
        if stored is not None or self.name == "array_blob_set":
            try:
                elements = StoredElements(stored) if isinstance(stored, bytes) else faults.append("main.t.a, rowid 0: the value is ")
            except Fault:
                faults.append("main.t.a, rowid 0: BLOB|main.t.a, rowid 0: unsupported")
        if faults:
            return Fault(*faults)
        expected = None if elements is None else expectation(self.scalar.body, elements, *read)
        return TooBig() if isinstance(expected, list) and len(encode(expected)) > LENGTH_LIMIT else expected

    def stored(self, database, arguments):
        database.fill([(0, 0, arguments[0])])
        return database.rows(f"SELECT {self.name}('main', 't', 'a', 0{', ?' * (len(arguments) - 1)})", arguments[1:])

    def sql(self):
        others = "".join(", " + literal(x) for x in self.arguments[1:])
        return f"CREATE TABLE t(a); INSERT INTO t(rowid, a) VALUES (0, {literal(self.arguments[0])}); SELECT {self.name}('main', 't', 'a', 0{others})"


def candidates(value):
    """Smaller values of the same kind."""
    if isinstance(value, (bytes, str)):
        try:
            elements = decode(value) if isinstance(value, bytes) else scalar_make.parse(value)
        except Fault:  # no array: pieces of what it is
            n = len(value)
            for size in (n // 2, n // 4, n // 8, n // 16, 1):
                for start in range(0, n, size) if size and n < 40 * size else ():
                    yield value[:start] + value[start + size :]
            return
        form = (lambda x: encode(x, value[3])) if isinstance(value, bytes) else str
        n = len(elements)
        for size in (n // 2, n // 4, n // 8, 1):
            for start in range(0, n, size) if size and n < 40 * size else ():
                yield form(elements[:start] + elements[start + size :])
        if isinstance(value, bytes):
            for i, x in enumerate(elements[:20]):
                if x not in (0, 1):
                    yield form(elements[:i] + [0 if x % 2 == 0 else 1] + elements[i + 1 :])
    elif isinstance(value, int) and abs(value) > 1:
        yield from (0, 1, value // 2)


class Rows:
    """An aggregate, over groups or as a window function."""

    def __init__(self, r, name):
        self.name = name
        self.query = r.choice((aggregates.Window, aggregates.Groups))(r, name)

    def differs(self, database):
        query = self.query
        database.fill([(g, k, value) for (g, k), value in zip(query.keys, query.rows)])
        got = database.rows(query.sql(f"{self.name}(a)"))
        expected = expectation(query.expected, [row[0] for row in database.rows(query.sql("group_concat(id)"))])
        if isinstance(got, Failed) and not isinstance(expected, Fault):
            expected = query.misread() or expected
        if isinstance(expected, Fault) or isinstance(got, Failed):
            same = agrees(self.name, expected, got)
        else:
            same = len(got) == len(expected) and all(agrees(self.name, x, row[0]) for x, row in zip(expected, got))
        return None if same else (tell_rows(expected), str(got) if isinstance(got, Failed) else tell_rows([row[0] for row in got]))

    def shrink(self, database):
        i = 0
        while i < len(self.query.rows):
            rows, keys = self.query.rows, self.query.keys
            self.query.rows, self.query.keys = rows[:i] + rows[i + 1 :], keys[:i] + keys[i + 1 :]
            if not self.differs(database):
                self.query.rows, self.query.keys = rows, keys
                i += 1

    def sql(self):
        rows = ", ".join(f"({i}, {g}, {k}, {literal(x)})" for i, ((g, k), x) in enumerate(zip(self.query.keys, self.query.rows)))
        return f"WITH t(id, g, k, a) AS (VALUES {rows}) {self.query.sql(f'{self.name}(a)')}"


def tell_rows(rows):
    return "; ".join(map(tell, rows)) if isinstance(rows, list) else tell(rows)


class Table(Call):
    """A query of a table-valued function: all rows against the model, then clauses against SQLite's own filtering of all rows."""

    def __init__(self, r, name):
        self.name = name
        self.columns, self.scalar = TABLES[name]
        self.arguments = [dress(r, x) if isinstance(x, list) else x for x in self.scalar.draw(r)]
        if r.random() < 0.05:
            at = r.randrange(len(self.arguments))
            self.arguments[at] = spoil(r, self.arguments[at])
        self.clauses = draw_clauses(r, self.columns, r.sample(rows, 3) if len(rows := self.known()) > 3 else rows)
        self.shown = self.clauses

    def known(self):
        expected = expectation(self.scalar, self.arguments)
        return expected if isinstance(expected, list) and self.name != "array_bins" else []

    def source(self):
        return f"{self.name}({', '.join('?' * len(self.arguments))})"

    def differs(self, database):
        columns = ", ".join(self.columns)
        expected = expectation(self.scalar, self.arguments) or []
        got = database.rows(f"SELECT {columns} FROM {self.source()}", self.arguments)
        self.shown = ""
        if isinstance(expected, list):
            if isinstance(got, Failed) or len(got) != len(expected) or any(x != y for x, y in zip(expected, got)):
                return repr(expected), str(got)
        else:
            return None if agrees(self.name, expected, got) else (tell(expected), str(got))
        self.shown = self.clauses
        # the rows behind a fence, which the planner does not push constraints through
        fence = f"(SELECT rowid, {columns} FROM {self.source()} LIMIT -1 OFFSET 0)"
        plain, clear = (database.rows(f"SELECT rowid, {columns} FROM {x}{self.clauses}", self.arguments) for x in (self.source(), fence))
        return None if plain == clear else (str(clear), str(plain))

    def sql(self):
        return f"SELECT rowid, {', '.join(self.columns)} FROM {self.name}({', '.join(map(literal, self.arguments))}){self.shown}"
