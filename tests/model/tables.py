"""Table-valued functions: their rows, and what constraints, orders and limits make of them."""

import math
from fractions import Fraction

from kinds import A, N1, NEAR, draw_integer
from registry import Scalar
from values import LENGTH_LIMIT, TooBig, encode

TABLES = {}  # name: columns, and the model: a list of rows, of which the first column is the rowid's


def table(columns):
    def register(body):
        TABLES[body.__name__] = (columns.split(), Scalar(body))
        return body

    return register


@table("idx value")
def array_each(a: A):
    return [(i + 1, x) for i, x in enumerate(a)]


@table("idx a b c d")
def array_zip(a: A, b: NEAR, c: NEAR = (), d: NEAR = ()):
    at = lambda x, i: x[i] if i < len(x) else None
    return [(i + 1, at(a, i), at(b, i), at(c, i), at(d, i)) for i in range(max(map(len, (a, b, c, d))))]


@table("value count")
def array_counts(a: A):
    return [(x, a.count(x)) for x in sorted(set(a))]


@table("start length value")
def array_runs(a: A):
    starts = [i for i in range(len(a)) if i == 0 or a[i] != a[i - 1]]
    return [(i + 1, j - i, a[i]) for i, j in zip(starts, starts[1:] + [len(a)])]


@table("idx value")
def array_windows(a: A, size: N1, step: N1 = 1):
    return [(i + 1, encode(a[i : i + size])) for i in range(0, len(a) - size + 1, step)]


@table("idx value")
def array_chunks(a: A, size: N1):
    return [(k + 1, encode(a[i : i + size])) for k, i in enumerate(range(0, len(a), size))]


@table("lo hi count bar")
def array_bins(a: A, n: N1):
    if n * 8 > LENGTH_LIMIT:
        raise TooBig
    if not a:
        return []
    low, high = Fraction(min(a)), Fraction(max(a))
    if low == high:
        low, high = low - Fraction(1, 2), high + Fraction(1, 2)
    edges = [low + (high - low) * i / n for i in range(n + 1)]
    counts = [0] * n
    for x in a:
        counts[min(math.floor((x - low) * n / (high - low)), n - 1)] += 1
    return [Bin(*row, max(counts)) for row in zip(edges, edges[1:], counts)]


class Bin:
    """A row of array_bins: edges within rounding, a bar of at most 40 cells for the largest count, in proportion."""

    def __init__(self, low, high, count, most):
        self.edges, self.count, self.most = (low, high), count, most

    def __eq__(self, row):
        eighths = 8 * row[3].count("█") + sum(" ▏▎▍▌▋▊▉".index(c) for c in row[3] if c != "█")
        return (
            all(abs(x - edge) <= (abs(edge) + 1) * 2**-52 for x, edge in zip(row, self.edges))
            and row[2] == self.count
            and len(row[3]) <= 40
            and abs(eighths - Fraction(320 * self.count, self.most)) < 1
            and (eighths > 0) == (self.count > 0)
        )

    def __repr__(self):
        return f"({float(self.edges[0])!r}, {float(self.edges[1])!r}, {self.count}, bar of {self.count}/{self.most})"


def draw_clauses(r, columns, rows):
    """WHERE, ORDER BY and LIMIT for a query of these columns, or nothing."""

    def operand(column):
        known = [row[columns.index(column)] for row in rows] if column in columns else [row[0] for row in rows]
        known = [x for x in known if isinstance(x, int)]
        p = r.random()
        if known and p < 0.6:
            return str(r.choice(known) + r.choice((0, 0, 0, 1, -1)))
        odd = ("2.5", "1e300", "-9e999", "9e999", "3.0", "NULL", "'x'", "'3'", "x'00'")
        return r.choice((str(draw_integer(r)), str(r.randint(0, 9)), *odd))

    integers = [c for c in columns if c not in ("lo", "hi", "bar")] + ["rowid"]
    terms = []
    for _ in range(r.choice((0, 1, 1, 2, 3))):
        c = r.choice(integers)
        terms.append(
            r.choice((
                lambda: f"{c} {r.choice(('=', '<', '<=', '>', '>=', '==', '<>', 'IS', 'IS NOT'))} {operand(c)}",
                lambda: f"{c} BETWEEN {operand(c)} AND {operand(c)}",
                lambda: f"{c} IN ({operand(c)}, {operand(c)}, {operand(c)})",
                lambda: f"{operand(c)} {r.choice(('=', '<', '>='))} {c}",
                lambda: f"{c} {r.choice(('IS NULL', 'NOT NULL'))}",
                lambda: f"({c} = {operand(c)} OR {c} < {operand(c)})",
            ))()
        )
    where = " WHERE " + r.choice((" AND ", " AND ", " AND ", " OR ")).join(terms) if terms else ""
    order = r.choice(integers)
    # a total order, so that there is one right answer
    ordered = f" ORDER BY {order}{r.choice(('', ' DESC'))}, rowid{r.choice(('', ' DESC'))}"
    limit = r.choice(("", "", f" LIMIT {r.randint(0, 9)}", f" LIMIT {r.randint(-1, 9)} OFFSET {r.randint(-1, 5)}"))
    return where + ordered + limit
