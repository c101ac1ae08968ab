"""The kinds of parameters: how an SQL value is read as one, and how to draw values that try its borders."""

import re

from values import LEAST, LENGTH_LIMIT, MOST, Fault, decode, encode, encode_packed, parse

BORDERS = sorted(
    {s * 2**b + d for b in (0, 7, 8, 15, 16, 31, 32, 53, 62) for s in (1, -1) for d in (-1, 0, 1)} | {MOST, MOST - 1, LEAST, LEAST + 1}
)
LENGTHS = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257]
LONG = [1000, 1023, 1024, 1025, 2047, 2048, 2049, 3100, 4097]


class Kind:
    def __init__(self, read, draw, harmless, element=False):
        self.read = read  # the argument's value in the model, or a Fault
        self.draw = draw  # draw(r, earlier) gives an SQL value, or a list, which is then put in one of an array's forms
        self.harmless = harmless  # what the model can always go on with
        self.element = element  # a new element: NULL is an error

    def null_as_error(self):
        return Kind(self.read, self.draw, self.harmless, True)


# Reading


def array(value):
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, str):
        return parse(value)
    raise Fault()


def integer(value):
    if isinstance(value, float) and abs(value) <= 2.0**63 and value == int(value):
        value = int(value)
    if not isinstance(value, int) or not LEAST <= value <= MOST:
        raise Fault()
    return value


def broadcast(value, scalar):
    """An array, or a scalar; text is the first, though it may look like the second."""
    if isinstance(value, str) and re.match(r"[ \t\r\n]*[-+]?[0-9]", value):
        raise Fault(".*CAST it to INTEGER")
    return array(value) if isinstance(value, (bytes, str)) else scalar(value)


def operand(value):
    return broadcast(value, integer)


def number(value):
    """What elements are compared with: exactly, as Python does."""
    if not isinstance(value, (int, float)):
        raise Fault()
    return value


def compared(value):
    return broadcast(value, number)


def count_from(least):
    def count(value):
        value = integer(value)
        if value < least:
            raise Fault()
        return value

    return count


def real(value):
    if not isinstance(value, (int, float)):
        raise Fault()
    return value


def text(value):
    if not isinstance(value, str):
        raise Fault()
    return value


def raw(value):
    if not isinstance(value, bytes):
        raise Fault()
    return value


def words(*known):
    def word(value):
        if text(value).lower() not in known:
            raise Fault()
        return value.lower()

    return word


# Drawing


def draw_length(r):
    p = r.random()
    return r.randrange(12) if p < 0.5 else r.choice(LENGTHS) if p < 0.9 else r.randrange(300) if p < 0.97 else r.choice(LONG)


def draw_integer(r, earlier=()):
    p = r.random()
    return r.randint(-10, 10) if p < 0.5 else r.choice(BORDERS) if p < 0.8 else r.getrandbits(r.randint(1, 63)) * r.choice((1, -1))


def draw_elements(r, n):
    """n elements of one of many characters."""
    bits = r.choice((2, 3, 7, 7, 15, 15, 31, 31, 62, 63))
    low, high = -(2**bits), 2**bits - 1
    character = r.randrange(10)
    if character == 0:
        return [r.choice(BORDERS) for _ in range(n)]
    if character == 1:
        return [draw_integer(r)] * n
    if character == 2:
        few = [draw_integer(r) for _ in range(r.randint(1, 5))]
        return [r.choice(few) for _ in range(n)]
    elements = [r.randint(low, high) for _ in range(n)]
    if character == 3:
        elements.sort()
    elif character == 4:
        elements.sort(reverse=True)
    elif character == 5:  # small ones with a few that are not
        elements = [x % 16 for x in elements]
        for _ in range(min(n, r.randint(1, 2))):
            elements[r.randrange(n)] = r.choice(BORDERS)
    elif character == 6:  # runs
        for i in range(1, n):
            if r.random() < 0.7:
                elements[i] = elements[i - 1]
    elif character == 7:
        return [r.choice((0, 0, 1, 1, 2, -1)) for _ in range(n)]
    return elements


def first(earlier):
    """The first list among the arguments drawn before."""
    return next((x for x in earlier if isinstance(x, list)), [])


def draw_array(r, earlier=()):
    return draw_elements(r, draw_length(r))


def draw_pair(r, earlier):
    """As long as the first array, mostly."""
    if not any(isinstance(x, list) for x in earlier):
        return draw_array(r)
    return draw_elements(r, max(len(first(earlier)) + (r.choice((-1, 1, 3)) if r.random() < 0.04 else 0), 0))


def draw_near(r, earlier):
    """Shares elements with the first array."""
    known = first(earlier)
    some = r.sample(known, r.randint(0, len(known)))
    return r.choice((sorted, list))(some + (draw_elements(r, min(draw_length(r), 300)) if r.random() < 0.7 else []))


def draw_run(r, earlier):
    """A piece of the first array, with an element changed now and then."""
    known = first(earlier)
    start = r.randint(0, len(known))
    piece = known[start : start + r.choice((0, 1, 2, 3, 9, 40, len(known)))]
    if piece and r.random() < 0.3:
        piece = piece[:-1] + [draw_integer(r)]
    return piece


def draw_sorted(r, earlier=()):
    elements = draw_array(r)
    return sorted(elements) if r.random() < 0.95 else elements


def draw_mask(r, earlier):
    mask = draw_pair(r, earlier)
    p = r.random()
    return mask if p < 0.2 else [x & 1 for x in mask] if p < 0.8 else [r.choice((0, 1))] * len(mask)


def draw_value(r, earlier):
    """An element of the first array, or any integer; as REAL if it is the same."""
    known = first(earlier)
    value = r.choice(known) if known and r.random() < 0.6 else draw_integer(r)
    return float(value) if r.random() < 0.1 and value == int(float(value)) and float(value) < 2.0**63 else value


def draw_index(r, earlier):
    n = len(first(earlier))
    p = r.random()
    return r.randint(-n, n) if p < 0.7 else r.choice((0, 1, -1, n, n + 1, -n, -n - 1, 2 * n, LEAST, MOST)) if p < 0.9 else draw_integer(r)


def draw_count(r, earlier):
    n = len(first(earlier))
    p = r.random()
    if p < 0.6:
        return r.randint(0, n + 3)
    if p < 0.85:
        return r.choice((0, 1, 2, 3, n, n + 1, 63, 64, 65, 1023, 1024, 1025))
    if p < 0.9:
        return LENGTH_LIMIT // r.choice((1, 2, 4, 8)) // max(n, 1) + r.randint(-9, 2)
    return r.choice((-1, LEAST, MOST, 2**31, 2**32, 2**61, 2**62, r.randint(1, 20)))


def draw_positions(r, earlier):
    n = len(first(earlier)) or next((x for x in earlier if isinstance(x, int)), 3)
    n = min(max(n, 1), LENGTH_LIMIT)
    indexes = [r.choice((1, -1)) * r.randint(1, n) for _ in range(draw_length(r))]
    if indexes and r.random() < 0.1:
        indexes[r.randrange(len(indexes))] = r.choice((0, n + 1, -n - 1, LEAST, MOST, draw_integer(r)))
    return sorted(indexes) if r.random() < 0.2 else indexes


def draw_word(*known):
    def draw(r, earlier):
        word = r.choice(known)
        return r.choice((word, word, word.upper(), word.capitalize()))

    return draw


def draw_operand(r, earlier):
    if not any(isinstance(x, (list, int)) for x in earlier):
        return draw_array(r) if r.random() < 0.75 else draw_integer(r)
    if not first(earlier) and earlier and isinstance(earlier[0], int):
        return draw_array(r)
    return draw_pair(r, earlier) if r.random() < 0.65 else draw_value(r, earlier)


def draw_number(r, earlier):
    """An element of the first array, or any integer; or a REAL that is near one, or over all."""
    value = draw_value(r, earlier)
    if r.random() < 0.5:
        return value
    return r.choice((value + 0.5, value - 0.5, value * 1.0, value / 3, value * 2.0, 0.0, -0.0, 2.0**63, -(2.0**63), -1e300, float("inf"), float("-inf")))


def draw_compared(r, earlier):
    if any(isinstance(x, list) for x in earlier):
        return draw_pair(r, earlier) if r.random() < 0.5 else draw_number(r, earlier)
    return draw_array(r) if earlier or r.random() < 0.6 else draw_number(r, earlier)


def draw_small_operand(r, earlier):
    """Of a size at which shifts and powers are interesting."""
    sizes = draw_operand(r, earlier)
    if isinstance(sizes, list):
        often = r.choice((0, 0.1, 0.5))
        return [x % 140 - 70 if r.random() < often else x % 8 for x in sizes]
    return r.choice((0, 1, 2, 3, 7, 8, 15, 31, 32, 62, 63, 64, 65, -1, -63, -64, MOST, LEAST))


def draw_base(r, earlier):
    base = draw_operand(r, earlier)
    p = r.random()
    if p < 0.3:
        return base
    return [x % 21 - 10 if p < 0.8 else x % 3 - 1 for x in base] if isinstance(base, list) else r.randint(-4, 10)


def draw_nonnegative(r, earlier=()):
    top = r.choice((2, 3, 20, 300, 70000))
    elements = [r.randint(0, top) for _ in range(draw_length(r))]
    if elements and r.random() < 0.1:
        elements[r.randrange(len(elements))] = r.choice((-1, LEAST, MOST, 2**40, LENGTH_LIMIT - 9, LENGTH_LIMIT - 8))
    return elements


def draw_edges(r, earlier):
    known = first(earlier)
    near = lambda: min(r.choice(known) + r.choice((0, 0, 1)), MOST)
    count = r.choice((0, 1, 2, 2, 3, 5, 9, 40))
    edges = sorted(near() if known and r.random() < 0.7 else draw_integer(r) for _ in range(count))
    return edges if r.random() < 0.95 else edges[::-1]


def draw_quantile(r, earlier):
    return r.choice((0, 1, 0.5, 0.25, 0.1, 1 / 3, r.random(), r.random(), r.random(), -0.1, 1.0000001))


A = Kind(array, draw_array, [])
PAIR = Kind(array, draw_pair, [])
NEAR = Kind(array, draw_near, [])
RUN = Kind(array, draw_run, [])
SORTED = Kind(array, draw_sorted, [])
MASK = Kind(array, draw_mask, [])
POSITIONS = Kind(array, draw_positions, [])
EDGES = Kind(array, draw_edges, [0, 0])
NONNEGATIVE = Kind(array, draw_nonnegative, [])
S = Kind(operand, draw_operand, [])
COMPARED = Kind(compared, draw_compared, [])
NUMBER = Kind(number, draw_number, 1)
SMALL = Kind(operand, draw_small_operand, [])
BASE = Kind(operand, draw_base, [])
V = Kind(integer, draw_value, 1)
NEW = V.null_as_error()
I = Kind(integer, draw_index, 1)
N = Kind(count_from(0), draw_count, 1)
N1 = Kind(count_from(1), draw_count, 1)
ANY = Kind(lambda value: value, lambda r, earlier: draw_array(r) if r.random() < 0.7 else draw_integer(r), 1)


def words_kind(*known):
    return Kind(words(*known), draw_word(*known), known[0])


# An array's forms, and what is none


def dress(r, elements):
    """A list as an SQL value: blob or text."""
    form = r.randrange(15) if len(elements) < 2100 else r.choice((0, 14))
    if form > 11:
        return encode_packed(elements)
    if form < 7:
        return encode(elements)
    if form < 9:
        return encode(elements, r.choice([w for w in (1, 2, 4, 8) if w >= encode(elements)[3]]))
    blank = lambda: r.choice(("", "", "", " ", "\n", "\t \r")) if len(elements) < 40 else ""
    brackets = r.choice(("[]", "{}"))
    inside = ",".join(blank() + str(x) + blank() for x in elements) or blank()
    return blank() + brackets[0] + inside + brackets[1] + blank()


WRONG_TEXT = ("", "x", '"', '"7"', "1.", ".5", "7e", "7e+1", "null", "1.0", "1e3", "+1", "01", ",", "]", "[", "{", "\0", "é", "-", "9" * 19)
WRONG = (None, None, 7, -1, 2.5, 1e300, -1e300, float("inf"), 2.0**63, -(2.0**63), "", "x", "1", "[1,2", b"", b"\xa1\x41", bytes(64))


def spoil(r, value):
    """A good argument made into one that may be wrong."""
    if isinstance(value, bytes) and value and r.random() < 0.7:
        at = r.randrange(min(len(value), 9))
        return r.choice(
            (value[:-1], value + b"\0", value[: r.randrange(len(value))], value[:at] + bytes([r.randrange(256)]) + value[at + 1 :])
        )
    if isinstance(value, str) and value and r.random() < 0.8:
        at = r.randrange(len(value))
        return value[:at] + r.choice(WRONG_TEXT) + value[at + r.randrange(2) :]
    return r.choice(WRONG)
