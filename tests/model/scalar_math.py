"""Elementwise functions, masks, reductions and scans."""

import ctypes
import math
from collections import Counter
from fractions import Fraction

from kinds import COMPARED, EDGES, MASK, NEAR, NONNEGATIVE, NUMBER, PAIR, SMALL, BASE, A, Kind, N, N1, S, V, count_from, draw_quantile, real
from registry import elementwise, fit, named, same_length, scalar, spread, whole
from values import LEAST, MOST, Check, Fault, between, encode, room, width_of

EPSILON = Fraction(1, 2**53)  # half a unit in the last place, relative

# Elementwise


def truncated(a, b):
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def power(a, b):
    if b < 0:
        raise ValueError
    if abs(a) <= 1:
        return a ** (2 - b % 2) if b else 1
    return a ** min(b, 64)


def signed(x):
    return (x + 2**63) % 2**64 - 2**63


def shift_left(a, n):
    """SQLite's <<."""
    if n < 0:
        return shift_right(a, -n)
    return signed(a << n) if n < 64 else 0


def shift_right(a, n):
    """SQLite's >>."""
    if n < 0:
        return shift_left(a, -n)
    return a >> min(n, 64)


for name, operation in {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": truncated,
    "mod": lambda a, b: a - b * truncated(a, b),
    "floor_div": lambda a, b: a // b,
    "floor_mod": lambda a, b: a % b,
    "least": min,
    "greatest": max,
    "bit_and": lambda a, b: a & b,
    "bit_or": lambda a, b: a | b,
    "bit_xor": lambda a, b: a ^ b,
}.items():
    elementwise("array_" + name, operation, S, S)
for name, operation in {
    "eq": lambda a, b: int(a == b),
    "ne": lambda a, b: int(a != b),
    "lt": lambda a, b: int(a < b),
    "le": lambda a, b: int(a <= b),
    "gt": lambda a, b: int(a > b),
    "ge": lambda a, b: int(a >= b),
}.items():
    elementwise("array_" + name, operation, COMPARED, COMPARED)
for name, operation in {"shl": shift_left, "shr": shift_right}.items():
    elementwise("array_" + name, operation, S, SMALL)
elementwise("array_pow", power, BASE, SMALL)
for name, operation in {
    "neg": lambda a: -a,
    "abs": abs,
    "sign": lambda a: (a > 0) - (a < 0),
    "bit_not": lambda a: ~a,
    "popcount": lambda a: bin(a % 2**64).count("1"),
    "not": lambda a: int(a == 0),
}.items():
    elementwise("array_" + name, operation, A)


@scalar
def array_clip(a: A, lo: NUMBER, hi: NUMBER):
    lo = LEAST if lo < LEAST else MOST + 1 if lo > MOST else math.ceil(lo)
    hi = MOST if hi > MOST else LEAST - 1 if hi < LEAST else math.floor(hi)
    if lo > hi:
        raise Fault()
    return [min(max(x, lo), hi) for x in a]


# Masks


@scalar
def array_between(a: A, lo: NUMBER, hi: NUMBER):
    return [int(lo <= x <= hi) for x in a]


@scalar
def array_isin(a: A, b: NEAR):
    known = set(b)
    return [int(x in known) for x in a]


@scalar
def array_where(m: MASK, a: S, b: S):
    n = same_length(m, a, b)
    return [x if keep else y for keep, x, y in zip(m, spread(a, n), spread(b, n))]


@scalar
def array_filter(a: A, m: MASK):
    same_length(a, m)
    return [x for x, keep in zip(a, m) if keep]


@scalar
def array_nonzero(a: A):
    return [i + 1 for i, x in enumerate(a) if x]


@scalar
def array_any(m: A):
    return int(any(m))


@scalar
def array_all(m: A):
    return int(all(m))


@scalar
def array_equal(a: A, b: NEAR):
    return int(a == b)


@scalar
def array_compare(a: A, b: NEAR):
    return (a > b) - (a < b)


# Reductions


@scalar
def array_sum(a: A):
    return whole(sum(a))


@scalar
def array_product(a: A):
    product = 1
    for x in a if 0 not in a else [0]:
        product *= x
        if abs(product) > 2**63:
            raise Fault("integer overflow")
    return whole(product)


@scalar
def array_min(a: A):
    return min(a, default=None)


@scalar
def array_max(a: A):
    return max(a, default=None)


def near(x, roundings):
    """A REAL that has been rounded so many times."""
    slack = abs(x) * roundings * EPSILON * Fraction(101, 100)
    return between(x - slack, x + slack)


@scalar
def array_avg(a: A):
    return near(Fraction(sum(a), len(a)), 1 if abs(sum(a)) < 2**53 else 2) if a else None


@scalar
def array_median(a: A):
    if not a:
        return None
    ordered = sorted(a)
    return float(Fraction(ordered[(len(a) - 1) // 2] + ordered[len(a) // 2], 2))


def variance(a, ddof):
    n, total = len(a), sum(a)
    return Fraction(n * sum(x * x for x in a) - total * total, n * (n - ddof)) if n > ddof else None


DDOF = Kind(count_from(0), lambda r, earlier: r.choice((0, 1, 2, 5, 5, -1)), 1)


@scalar
def array_var(a: A, ddof: DDOF = 1):
    x = variance(a, ddof)
    return x if x is None else near(x, 4)


@scalar
def array_stddev(a: A, ddof: DDOF = 1):
    x = variance(a, ddof)
    if x is None:
        return None
    root = math.isqrt(x.numerator * 2**256 // x.denominator)
    return between(Fraction(root, 2**128) * (1 - 4 * EPSILON), Fraction(root + 1, 2**128) * (1 + 4 * EPSILON))


@scalar
def array_quantile(a: A, q: Kind(real, draw_quantile, 0.5)):
    if not 0 <= q <= 1:
        raise Fault()
    if not a:
        return None
    ordered = sorted(a)

    def exact(at):
        rank = min(max(at, 0), 1) * (len(a) - 1)
        low = math.floor(rank)
        high = min(low + 1, len(a) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)

    # q * (n - 1) is rounded, then three times what lies between two elements
    slack = 4 * EPSILON * max(abs(ordered[0]), abs(ordered[-1]))
    return between(exact(Fraction(q) * (1 - EPSILON)) - slack, exact(Fraction(q) * (1 + EPSILON)) + slack)


@scalar
def array_mode(a: A):
    times = Counter(a)
    return min(a, key=lambda x: (-times[x], x), default=None)


@scalar
def array_argmin(a: A):
    return a.index(min(a)) + 1 if a else None


@scalar
def array_argmax(a: A):
    return a.index(max(a)) + 1 if a else None


@scalar
def array_count(a: A, v: V):
    return a.count(v)


@scalar
def array_distinct_count(a: A):
    return len(set(a))


@scalar
def array_dot(a: A, b: PAIR):
    same_length(a, b)
    return whole(sum(x * y for x, y in zip(a, b)))


@scalar
def array_bincount(a: NONNEGATIVE, minlength: N = 0):
    for i, x in enumerate(a):
        if x < 0:
            raise Fault(r".*\belement %d\b" % (i + 1))
    n = max(max(a, default=-1) + 1, minlength)
    room(n)
    times = Counter(a)
    return [times[x] for x in range(n)]


@scalar
def array_histogram(a: A, edges: EDGES):
    if len(edges) < 2:
        raise Fault(".*argument 2")
    for i in range(1, len(edges)):
        if edges[i] < edges[i - 1]:
            raise Fault(r".*argument 2.*element %d\b" % (i + 1))
    below = [sum(x < e for x in a) for e in edges[:-1]] + [sum(x <= edges[-1] for x in a)]
    return [high - low for low, high in zip(below, below[1:])]


XXH3 = ctypes.CDLL("libxxhash.so.0").XXH3_64bits_withSeed
XXH3.argtypes, XXH3.restype = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64], ctypes.c_uint64


@scalar
def array_hash(a: A):
    data = encode(a)[8:]
    return signed(XXH3(data, len(data), width_of(a)))


@scalar
def array_sparkline(a: A, width: N1 = 60):
    cells = min(width, len(a))
    bounds = [c * len(a) // cells for c in range(cells + 1)] if cells else []
    means = [Fraction(sum(a[i:j]), j - i) for i, j in zip(bounds, bounds[1:])]
    room(3 * cells - 8)
    low, high = min(means, default=0), max(means, default=0)
    levels = [(m - low) / (high - low) * 8 if high > low else Fraction(0) for m in means]

    def holds(text):
        # a mean that is on the border of two levels within rounding may be drawn as either
        blocks = lambda x: {"▁▂▃▄▅▆▇█"[max(min(math.floor(x + d), 7), 0)] for d in (0, -1e-12, 1e-12)}
        return len(text) == cells and all(c in blocks(x) for c, x in zip(text, levels))

    return Check("sparkline of levels %s" % [min(math.floor(x), 7) for x in levels], holds)


# Scans


def scan(name, operation, *kinds):
    def body(a):
        result = []
        for i, x in enumerate(a):
            result.append(fit(operation(result[-1], x), i) if result else x)
        return result

    named(name, body, A)


scan("array_cumsum", lambda so_far, x: so_far + x)
scan("array_cumprod", lambda so_far, x: so_far * x)
scan("array_cummin", min)
scan("array_cummax", max)


@scalar
def array_diff(a: A, lag: N1 = 1):
    return [fit(a[i + lag] - a[i], i) for i in range(len(a) - lag)]
