"""Functions of order, search, sets, editing, gathering and moving windows."""

import bisect
from collections import Counter

from kinds import NEAR, NEW, POSITIONS, RUN, SORTED, A, I, Kind, N, N1, S, V, words_kind
from queries import QUERY, answers
from registry import fit, place, same_length, scalar, spread
from values import Check, Fault, room, width_of

DIRECTION = words_kind("asc", "desc")
SIDE = words_kind("left", "right")
OUTSIDE = words_kind("error", "clip", "skip")

# Order


@scalar
def array_sort(a: A, direction: DIRECTION = "asc"):
    return sorted(a, reverse=direction == "desc")


@scalar
def array_argsort(a: A, direction: DIRECTION = "asc"):
    return sorted(range(1, len(a) + 1), key=lambda i: a[i - 1], reverse=direction == "desc")


@scalar
def array_rank(a: A):
    ranks = {x: i + 1 for i, x in enumerate(sorted(set(a)))}
    return [ranks[x] for x in a]


@scalar
def array_topk(a: A, k: N, direction: DIRECTION = "desc"):
    return sorted(a, reverse=direction == "desc")[:k]


@scalar
def array_nth(a: A, k: I):
    return sorted(a)[k - 1] if 1 <= k <= len(a) else None


@scalar
def array_key(a: A):
    room(len(a), 8)
    return b"".join((x + 2**63).to_bytes(8, "big") for x in a)


@scalar
def array_reverse(a: A):
    return a[::-1]


@scalar
def array_shuffle(a: A, seed: V = None):
    return Check("the same elements in any order", lambda b: sorted(b) == sorted(a), seed is not None)


@scalar
def array_sample(a: A, n: N, seed: V = None):
    if n > len(a):
        raise Fault(".*argument 2")
    return Check(f"{n} of the elements", lambda b: len(b) == n and not Counter(b) - Counter(a), seed is not None)


@scalar
def array_is_sorted(a: A):
    return int(a == sorted(a))


# Search


@scalar
def array_contains(a: A, v: V):
    return int(v in a)


@scalar
def array_position(a: A, v: V, start: I = 1):
    at = place(start, len(a))
    return next((i + 1 for i in range(at, len(a)) if a[i] == v), None) if at is not None else None


@scalar
def array_positions(a: A, v: V):
    return [i + 1 for i, x in enumerate(a) if x == v]


@scalar
def array_search(a: SORTED, s: S, side: SIDE = "left"):
    find = bisect.bisect_left if side == "left" else bisect.bisect_right
    if a != sorted(a):  # any answer is as good as another
        answer = lambda x: isinstance(x, int) and 1 <= x <= len(a) + 1
        return Check("insertion indexes", lambda x: all(map(answer, x)) if isinstance(s, list) else answer(x))
    return [find(a, x) + 1 for x in s] if isinstance(s, list) else find(a, s) + 1


@scalar
def array_find(a: A, b: RUN):
    return next((i + 1 for i in range(len(a) - len(b) + 1) if a[i : i + len(b)] == b), None)


# Sets


@scalar
def array_unique(a: A):
    return sorted(set(a))


@scalar
def array_distinct(a: A):
    return list(dict.fromkeys(a))


@scalar
def array_union(a: A, *others: NEAR):
    return sorted(set(a).union(*others))


@scalar
def array_intersect(a: A, *others: NEAR):
    return sorted(set(a).intersection(*others))


@scalar
def array_except(a: A, *others: NEAR):
    return sorted(set(a).difference(*others))


@scalar
def array_symdiff(a: A, b: NEAR):
    return sorted(set(a) ^ set(b))


@scalar
def array_union_count(a: A, b: NEAR):
    return len(set(a) | set(b))


@scalar
def array_intersect_count(a: A, b: NEAR):
    return len(set(a) & set(b))


@scalar
def array_contains_all(a: A, b: NEAR):
    return int(set(a) >= set(b))


@scalar
def array_contains_any(a: A, b: NEAR):
    return int(bool(set(a) & set(b)))


@scalar
def array_jaccard(a: A, b: NEAR):
    union = set(a) | set(b)
    return len(set(a) & set(b)) / len(union) if union else 1.0


@scalar
def array_match(a: A, query: QUERY):
    return int(answers(query, set(a)))


# Edit


@scalar
def array_append(a: A, v: NEW, *more: NEW):
    return a + [v, *more]


@scalar
def array_prepend(a: A, v: NEW, *more: NEW):
    return [v, *more] + a


@scalar
def array_concat(a: A, *others: NEAR):
    return sum(others, a)


@scalar
def array_insert(a: A, i: I, v: NEW, *more: NEW):
    at = place(i, len(a) + 1)
    if at is None:
        raise Fault()
    return a[:at] + [v, *more] + a[at:]


def existing(i, n):
    at = place(i, n)
    if at is None:
        raise Fault()
    return at


@scalar
def array_set_at(a: A, i: I, v: NEW):
    at = existing(i, len(a))
    return a[:at] + [v] + a[at + 1 :]


@scalar
def array_remove(a: A, v: V, *more: V):
    return [x for x in a if x not in (v, *more)]


@scalar
def array_remove_at(a: A, i: I, n: N = 1):
    at = existing(i, len(a))
    return a[:at] + a[at + n :]


@scalar
def array_replace(a: A, old: V, new: V):
    return [new if x == old else x for x in a]


@scalar
def array_resize(a: A, n: N, fill: V = 0):
    if n > len(a):
        room(n, width_of(a + [fill]))
    return a[:n] + [fill] * (n - len(a))


@scalar
def array_rotate(a: A, n: I):
    n = n % len(a) if a else 0
    return a[len(a) - n :] + a[: len(a) - n]


@scalar
def array_shift(a: A, n: I, fill: V = 0):
    return [a[i - n] if 0 <= i - n < len(a) else fill for i in range(len(a))]


@scalar
def array_repeat(a: A, n: N):
    room(len(a) * n, width_of(a))
    return [x for x in a for _ in range(n)] if a else []


@scalar
def array_tile(a: A, n: N):
    room(len(a) * n, width_of(a))
    return a * n if a else []


# Gather, scatter, moving windows


@scalar
def array_take(a: A, indexes: POSITIONS, outside: OUTSIDE = "error"):
    if outside == "clip" and not a:
        raise Fault(".*argument 1")
    result = []
    for k, i in enumerate(indexes):
        at = place(i, len(a))
        if at is not None:
            result.append(a[at])
        elif outside == "clip":
            result.append(a[-1] if i > 0 else a[0])
        elif outside != "skip":
            raise Fault(r".*\belement %d\b" % (k + 1))
    return result


def places(indexes, n):
    """Places of elements to be written, all of which have to exist."""
    for k, i in enumerate(indexes):
        if place(i, n) is None:
            raise Fault(r".*\belement %d\b" % (k + 1))
    return [place(i, n) for i in indexes]


@scalar
def array_put(a: A, indexes: POSITIONS, s: S):
    n = same_length(indexes, s)
    result = list(a)
    for at, x in zip(places(indexes, len(a)), spread(s, n)):
        result[at] = x
    return result


@scalar
def array_scatter_add(n: N, indexes: POSITIONS, s: S):
    k = same_length(indexes, s)
    room(n)
    result = [0] * n
    try:
        for i, (index, x) in enumerate(zip(indexes, spread(s, k))):
            at = place(index, n)
            if at is None:
                places(indexes, n)
            result[at] = fit(result[at] + x, i)
    except Fault as fault:
        outside = [r".*\belement %d\b" % (i + 1) for i, index in enumerate(indexes) if place(index, n) is None]
        fault.patterns += tuple(outside[:1])  # all indexes may be looked at first
        fault.most = 8 + 8 * n
        raise
    return result


def windows(a, w):
    return [a[i : i + w] for i in range(len(a) - w + 1)]


@scalar
def array_moving_sum(a: A, w: N1):
    return [fit(sum(x), i) for i, x in enumerate(windows(a, w))]


@scalar
def array_moving_min(a: A, w: N1):
    return [min(x) for x in windows(a, w)]


@scalar
def array_moving_max(a: A, w: N1):
    return [max(x) for x in windows(a, w)]


@scalar
def array_convolve(a: A, b: Kind(A.read, lambda r, earlier: A.draw(r)[: 2000 // max(len(earlier[0]), 1) + 3], [])):
    if not a or not b:
        return []
    result = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] += x * y
    return [fit(x, i) for i, x in enumerate(result)]
