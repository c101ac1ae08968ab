"""Aggregates, with and without groups, and as window functions of random frames."""

from kinds import A, V, draw_array, draw_elements, dress, spoil
from registry import fit, same_length
from values import Fault


def elementwise(combine):
    def body(rows):
        if rows:
            same_length(*rows)
        return [fit(combine(x), i) for i, x in enumerate(zip(*rows))]

    return body


# name: what is read, and the result of the rows that are not NULL
AGGREGATES = {
    "array_agg": (V, lambda rows: rows),
    "array_unique_agg": (V, lambda rows: sorted(set(rows))),
    "array_concat_agg": (A, lambda rows: [x for row in rows for x in row]),
    "array_sum_agg": (A, elementwise(sum)),
    "array_min_agg": (A, elementwise(min)),
    "array_max_agg": (A, elementwise(max)),
    "array_union_agg": (A, lambda rows: sorted(set().union(*rows))),
    "array_intersect_agg": (A, lambda rows: sorted(set(rows[0]).intersection(*rows)) if rows else []),
}


def aggregate(name, values):
    kind, body = AGGREGATES[name]
    rows = []
    for value in values:
        if value is not None:
            try:
                rows.append(kind.read(value))
            except Fault as fault:
                raise Fault(*[r".*\bargument 1\b.*" + pattern for pattern in fault.patterns]) from None
    return body(rows)


def draw_rows(r, name):
    """Values for the rows of one call: NULLs among them, arrays mostly of one length."""
    count = r.choice((0, 1, 2, 3, 5, 8, 12, 20, 40))
    if AGGREGATES[name][0] is V:
        rows = draw_elements(r, count)
        rows = [float(x) if r.random() < 0.1 and int(float(x)) == x and float(x) < 2.0**63 else x for x in rows]
    elif name in ("array_sum_agg", "array_min_agg", "array_max_agg"):
        n = len(draw_array(r)) % 1100
        rows = [draw_elements(r, n) for _ in range(count)]
        if rows and r.random() < 0.03:
            rows[r.randrange(count)] = draw_elements(r, n + 1)
    else:
        pool = draw_elements(r, 12) if r.random() < 0.6 else None
        rows = [[r.choice(pool) for _ in range(r.randrange(40))] if pool else draw_array(r)[:400] for _ in range(count)]
    rows = [dress(r, x) if isinstance(x, list) else x for x in rows]
    rows = [None if r.random() < 0.1 else x for x in rows]
    if rows and r.random() < 0.03:
        at = r.randrange(count)
        rows[at] = spoil(r, rows[at])
    return rows


def draw_frame(r):
    """The text of a window: what follows OVER."""
    kind = r.choice(("ROWS", "ROWS", "RANGE", "GROUPS"))
    ends = [(0, "UNBOUNDED PRECEDING"), (1, "%d PRECEDING"), (2, "CURRENT ROW"), (3, "%d FOLLOWING"), (4, "UNBOUNDED FOLLOWING")]
    while True:
        (start, start_text), (end, end_text) = r.choice(ends[:4]), r.choice(ends[1:])
        if start <= end:
            break
    start_text, end_text = (x % r.choice((0, 1, 2, 3, 7, 30)) if "%" in x else x for x in (start_text, end_text))
    exclude = r.choice(("", "", "", " EXCLUDE NO OTHERS", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"))
    partition = r.choice(("", "", "PARTITION BY g "))
    return f"({partition}ORDER BY {'id' if kind == 'ROWS' else 'k'} {kind} BETWEEN {start_text} AND {end_text}{exclude})"


class Window:
    """A query for each row's aggregate over its frame. The frames are those that SQLite itself tells of group_concat()."""

    def __init__(self, r, name):
        self.name = name
        self.rows = draw_rows(r, name)
        self.keys = [(r.randrange(3), r.randrange(len(self.rows) // 2 + 1)) for _ in self.rows]
        self.frame = draw_frame(r)
        self.filter = r.choice(("", "", "", " FILTER (WHERE id % 3 > 0)"))

    def sql(self, call):
        return f"SELECT {call}{self.filter} OVER {self.frame} FROM t ORDER BY id"

    def misread(self):
        """The fault of a row that is wrong. SQLite may show it to the aggregate though no frame has it."""
        try:
            aggregate("array_concat_agg" if AGGREGATES[self.name][0] is A else "array_agg", self.rows)
        except Fault as fault:
            return fault
        return None

    def expected(self, frames):
        """frames: for each row the ids of its frame, in order, as group_concat() gives them."""
        by_id = dict(enumerate(self.rows))
        results, faults = [], []
        for ids in frames:
            try:
                results.append(aggregate(self.name, [by_id[int(i)] for i in (ids or "").split(",") if i]))
            except Fault as fault:
                faults += fault.patterns
        if faults:  # whichever frame SQLite comes to first
            raise Fault(*faults)
        return results


class Groups(Window):
    """A query for the aggregate of each group, or of all rows."""

    def sql(self, call):
        return f"SELECT {call}{self.filter} FROM t" + (" GROUP BY g ORDER BY g" if "PARTITION" in self.frame else "")
