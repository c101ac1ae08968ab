"""Functions that make, convert and read arrays, and those of settings."""

import ast
import math
import re

import roaring
from kinds import ANY, NEW, A, I, Kind, N, V, array, count_from, draw_array, draw_elements, draw_integer, draw_length, first, integer, raw, text, words_kind
from registry import place, scalar
from values import CODES, LEAST, LENGTH_LIMIT, MOST, Check, Fault, Scanner, TooBig, decode, encode, encode_packed, parse, room, width_of

TYPES = {s + "int" + str(8 * w): (w, s == "") for s in ("", "u") for w in CODES}  # name: width, signed
DTYPE = words_kind(*TYPES)
BIG = words_kind("big")


def ranged(a, width, sign):
    """Each element within a machine type."""
    low, high = (-(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1) if sign else (0, 2 ** (8 * width) - 1)
    for i, x in enumerate(a):
        if not low <= x <= high:
            raise Fault(r".*\belement %d\b" % (i + 1))


def pack(a, width, sign, order):
    return b"".join(x.to_bytes(width, order, signed=sign) for x in a)


def unpack(data, width, sign, order):
    a = [int.from_bytes(data[i : i + width], order, signed=sign) for i in range(0, len(data), width)]
    for i, x in enumerate(a):
        if x >= 2**63:
            raise Fault(r".*\belement %d\b" % (i + 1))
    return a


# Make and convert


@scalar
def array_of(*values: NEW):
    return list(values)


def draw_step(r, earlier):
    distance = earlier[1] - earlier[0]
    step = r.choice((1, -1, 2, -3, distance, distance // 100, distance // r.randint(1, 40), r.randint(-9, 9), draw_integer(r)))
    return max(min(step, MOST), LEAST)


def draw_stop(r, earlier):
    return earlier[-1] + r.choice((0, 1, -1, 5, 300, -300)) if abs(earlier[-1]) < 2**62 and r.random() < 0.7 else draw_integer(r)


FREE = Kind(V.read, lambda r, earlier: draw_integer(r), 0)
STOP = Kind(V.read, draw_stop, 0)


@scalar
def array_series(start: FREE, stop: STOP, step: Kind(V.read, draw_step, 1) = 1):
    if step == 0:
        raise Fault(".*argument 3")
    values = range(start, stop + (1 if step > 0 else -1), step)
    n = max((stop - start) // step + 1, 0)
    if n > LENGTH_LIMIT:
        raise TooBig
    return list(values)


@scalar
def array_fill(n: N, v: NEW):
    room(n, width_of([v]))
    return [v] * n


@scalar
def array_random(n: N, lo: FREE, hi: STOP, seed: V = None):
    if lo > hi:
        raise Fault()
    if n > LENGTH_LIMIT:
        raise TooBig
    return Check(f"{n} of {lo} .. {hi}", lambda a: len(a) == n and all(lo <= x <= hi for x in a), seed is not None, 8 + 8 * n)


SEPARATORS = (",", ";", ", ", "||", " ", "\t", "é", "\0", "x-", "-")


def draw_separated(r, earlier):
    blank = lambda: r.choice(("", "", "", " "))
    separator = r.choice(SEPARATORS)
    return separator.join(blank() + str(x) + blank() for x in draw_elements(r, r.randrange(12))) + r.choice(("", "", "", separator))


def draw_separator(r, earlier):
    """One that is in the text, mostly."""
    found = [x for x in SEPARATORS if isinstance(earlier[0], str) and x in earlier[0]]
    return r.choice(found) if found and r.random() < 0.9 else r.choice(SEPARATORS + ("",))


def draw_text(r, earlier):
    if r.random() < 0.5:
        return draw_separated(r, earlier)
    array = str(draw_array(r)[:2000])  # within the limit of UTF-16, too
    if r.random() < 0.2:
        array = re.sub(r"-?[0-9]+", lambda number: f'"{number[0]}"' if r.random() < 0.7 else number[0], array)
    return array if r.random() < 0.5 else "{" + array[1:-1] + "}"


@scalar
def array_parse(source: Kind(text, draw_text, "[]"), separator: Kind(text, draw_separator, ",") = None):
    if separator is None:
        return parse(source)
    if separator == "" or separator[0] in "0123456789":
        raise Fault(".*argument 2")
    scan = Scanner(source)
    split = separator.encode()
    elements = []
    scan.blanks()
    while scan.at < len(scan.text):
        scan.blanks()
        start = scan.at
        elements.append(scan.integer())
        # a separator may begin with blanks: it is looked for at each of those behind the number
        behind = scan.at
        scan.blanks()
        if scan.at == len(scan.text):
            break
        starts = [i for i in range(behind, scan.at + 1) if scan.text.startswith(split, i)]
        if not starts:
            after, scan.at = scan.at, behind
            scan.fault(start if scan.goes_on() else after)
        scan.at = starts[0] + len(split)
        scan.blanks()
        if scan.at == len(scan.text):
            scan.fault()
    return elements


def draw_raw(r, earlier):
    return r.randbytes(r.choice((0, 8, 16, 24, 64, 8 * draw_length(r), r.randrange(40))))


@scalar
def array_from_blob(data: Kind(raw, draw_raw, b""), dtype: DTYPE, order: BIG = "little"):
    width, sign = TYPES[dtype]
    if len(data) % width:
        raise Fault()
    return unpack(data, width, sign, order)


@scalar
def array_to_blob(a: A, dtype: DTYPE, order: BIG = "little"):
    width, sign = TYPES[dtype]
    ranged(a, width, sign)
    room(len(a) - 8 // width, width)
    return pack(a, width, sign, order)


# NumPy's files


def npy_header(descr, shape, version=1, fortran="False", padding=None, grows=False):
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, shape)
    start = 10 if version == 1 else 12
    if grows:  # NumPy leaves room for a first dimension of 21 digits, and always a blank
        text += " " * (22 - len(re.match(r"\((\d+)", shape)[1]) if shape != "()" else 1)
    text += " " * ((-(start + len(text) + 1)) % 64 if padding is None else padding) + "\n"
    return b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(start - 8, "little") + text.encode()


def npy_types():
    types = {"|b1": (1, False, "little")}
    for name, (width, sign) in TYPES.items():
        for mark, order in (("<", "little"), (">", "big")):
            types[(mark if width > 1 else "|") + ("i" if sign else "u") + str(width)] = (width, sign, order)
    return types


NPY_TYPES = npy_types()


def split(r, n):
    """A list whose product is n."""
    lengths = [n]
    while r.random() < 0.7:
        d = r.choice([d for d in range(1, 12) if lengths[0] % d == 0])
        lengths[:1] = [lengths[0] // d, d]
    return lengths


def shape_of(lengths):
    """The tuple as Python writes it."""
    return str(tuple(lengths))


def draw_npy(r, earlier):
    descr = r.choice(list(NPY_TYPES))
    width, sign, order = NPY_TYPES[descr]
    n = r.choice((0, 1, 2, 3, 9, 100))
    data = bytes(r.choice((0, 1)) for _ in range(n)) if descr == "|b1" else r.randbytes(n * width)
    if r.random() < 0.1:
        descr = r.choice(("<f8", "|S1", "<i3", "<c16", "|V8", "<U1"))
    version = r.choice((1, 2, 3, 3, 4)) if r.random() < 0.4 else 1
    shapes = [shape_of(split(r, n)), f"(1, {n})", f"({n + 1},)", f"[{n}]", f"({n}, {n})", f"(0{n},)", "()"]
    shape = f"({n},)" if r.random() < 0.5 else shapes[0] if r.random() < 0.7 else r.choice(shapes)
    blob = npy_header(descr, shape, version, r.choice(("False", "False", "True")), r.choice((None, None, 0, 3))) + data
    return r.choice((*[blob] * 12, blob[:-1], blob + b"\0", blob[: r.randrange(len(blob))]))


def read_npy(blob):
    """The bytes of the elements, their type, and the shape."""
    if blob[:6] != b"\x93NUMPY" or len(blob) < 12 or blob[6] not in (1, 2, 3) or blob[7] != 0:
        raise Fault()
    start = 10 if blob[6] == 1 else 12
    data = start + int.from_bytes(blob[8:start], "little")
    if len(blob) < data:
        raise Fault()
    try:
        header = ast.literal_eval(blob[start:data].decode("utf-8" if blob[6] == 3 else "latin-1"))
        descr, shape = header["descr"], header["shape"]
        valid = set(header) == {"descr", "fortran_order", "shape"} and type(header["fortran_order"]) is bool
        valid &= isinstance(shape, tuple) and len(shape) <= 64 and all(0 <= n <= MOST for n in shape)
        valid &= not header["fortran_order"] or sum(n > 1 for n in shape) <= 1
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError):
        valid = False
    if not valid or descr not in NPY_TYPES:
        raise Fault()
    width, sign, order = NPY_TYPES[descr]
    if len(blob) != data + math.prod(shape) * width:
        raise Fault()
    return blob[data:], (width, sign, order), list(shape)


@scalar
def array_from_npy(blob: Kind(raw, draw_npy, b"")):
    data, form, shape = read_npy(blob)
    return unpack(data, *form)


def draw_from_zero(r, earlier):
    """Integers from 0 on that lie together or apart: below 2^32, or beyond."""
    most = r.choice((100, 70000, 2**20, 2**32 - 1, 2**40, MOST))
    at = r.randrange(most)
    near = [x for x in range(at, at + r.choice((0, 3, 200, 5000))) if x <= most]
    values = near + [r.randrange(most) for _ in range(r.choice((0, 1, 5, 300)))]
    r.shuffle(values)
    return values if r.random() < 0.95 else values + [-1]


def draw_roaring(r, earlier):
    values = [abs(x) for x in draw_from_zero(r, earlier)]
    bits = 64 if max(values, default=0) >= 2**32 or r.random() < 0.3 else 32
    blob = roaring.write(values + ([2**63] if bits == 64 and r.random() < 0.1 else []), bits)
    at = r.randrange(len(blob))
    changed = blob[:at] + bytes([r.randrange(256)]) + blob[at + 1 :]
    return r.choice((*[blob] * 8, changed, changed, blob[:-1], blob + b"\0", blob[: r.randrange(len(blob))]))


@scalar
def array_from_roaring(blob: Kind(raw, draw_roaring, roaring.write([], 32))):
    values = roaring.read(blob)
    if values is None or max(values, default=0) > MOST:
        raise Fault()
    return values


@scalar
def array_to_roaring(a: Kind(array, draw_from_zero, []), bits: Kind(integer, lambda r, earlier: r.choice((32, 64, 64, 0, 33)), 64) = None):
    if bits is None:
        bits = 64 if max(a, default=0) >= 2**32 else 32
    if min(a, default=0) < 0 or bits not in (32, 64) or max(a, default=0) >= 2**bits:
        raise Fault()
    return roaring.write(a, bits)


@scalar
def array_npy_shape(blob: Kind(raw, draw_npy, npy_header("|b1", "(0,)"))):
    return read_npy(blob)[2]


def draw_shape(r, earlier):
    lengths = split(r, len(first(earlier)))
    wrong = r.choice((lengths + [2], lengths[1:], [-1, -1] + lengths, [1] * 65 + lengths, [MOST, MOST] + lengths, [0] + lengths))
    return lengths if r.random() < 0.85 else wrong


@scalar
def array_to_npy(a: A, dtype: words_kind("bool", *TYPES) = "int64", shape: Kind(array, draw_shape, []) = None):
    if shape is not None and (len(shape) > 64 or min(shape, default=0) < 0 or math.prod(shape) != len(a)):
        raise Fault(".*argument 3, the shape")
    if dtype == "bool":
        for i, x in enumerate(a):
            if x not in (0, 1):
                raise Fault(r".*\belement %d\b" % (i + 1))
        width, sign, descr = 1, False, "|b1"
    else:
        width, sign = TYPES[dtype]
        ranged(a, width, sign)
        descr = ("<" if width > 1 else "|") + ("i" if sign else "u") + str(width)
    header = npy_header(descr, shape_of([len(a)] if shape is None else shape), grows=True)
    room(len(header) - 8 + len(a) * width)
    return header + pack(a, width, sign, "little")


def written(pieces):
    result = "".join(pieces)
    room(len(result.encode()) - 8)
    return result


@scalar
def array_to_json(a: A, quoted: words_kind("quoted") = None):
    return written(("[", ",".join(f'"{x}"' if quoted else str(x) for x in a), "]"))


@scalar
def array_to_text(a: A, separator: Kind(text, lambda r, earlier: r.choice(SEPARATORS + ("", "long " * 9)), ",") = ","):
    return written(separator.join(map(str, a)))


@scalar
def array_width(a: Kind(lambda value: (A.read(value), value), draw_array, ([], ""))):
    elements, value = a
    return value[3] if isinstance(value, bytes) else width_of(elements)


@scalar
def array_pack(a: A):
    return encode_packed(a)


@scalar
def array_unpack(a: A):
    return a


@scalar
def array_bits(a: Kind(lambda value: (A.read(value), value), draw_array, ([], ""))):
    elements, value = a
    size = len(value) - 8 if isinstance(value, bytes) else len(elements) * width_of(elements)
    return 8 * size / len(elements) if elements else None


@scalar
def array_valid(x: ANY):
    try:
        return int(isinstance(x, bytes) and x in (encode(decode(x)), encode_packed(decode(x))))
    except Fault:
        return 0


# Access


@scalar
def array_length(a: A):
    return len(a)


@scalar
def array_get(a: A, i: I, default: V = None):
    at = place(i, len(a))
    return default if at is None else a[at]


@scalar
def array_first(a: A):
    return a[0] if a else None


@scalar
def array_last(a: A):
    return a[-1] if a else None


@scalar
def array_slice(a: A, start: I, stop: I = -1, step: I = 1):
    n = len(a)
    if step == 0:
        raise Fault(".*argument 4")
    start, stop = (i if i >= 0 else n + 1 + i for i in (start, stop))
    if step > 0:
        start, stop = max(start, 1), min(stop, n)
        return [a[i - 1] for i in range(start, stop + 1, step)]
    start, stop = min(start, n), max(stop, 1)
    return [a[i - 1] for i in range(start, stop - 1, step)]


@scalar
def array_head(a: A, n: N):
    return a[:n]


@scalar
def array_tail(a: A, n: N):
    return a[max(len(a) - n, 0) :]


# Parts of large values: the first parameter stands for an array that is stored


@scalar
def array_blob_length(a: A):
    return len(a)


@scalar
def array_blob_get(a: A, i: I):
    return array_get(a, i)


@scalar
def array_blob_slice(a: A, start: I, stop: I = -1):
    return array_slice(a, start, stop)


@scalar
def array_blob_set(a: A, i: I, v: NEW):
    if place(i, len(a)) is None:
        raise Fault("argument 5: index")
    if a.is_packed:
        raise Fault(".*packed")
    if width_of([v]) > a.width:
        raise Fault(r".*needs elements of %d bytes, the array has %d\b" % (width_of([v]), a.width))
    return v


# Settings


LIMITS = {"pool_bytes": 64 * 2**20, "result_bytes": 2**31 - 1}


@scalar
def array_limit(name: words_kind(*LIMITS), v: Kind(count_from(0), lambda r, earlier: r.choice((0, 1, 1000, 64 * 2**20, MOST)), 1) = None):
    return LIMITS[name] if v is None else v


@scalar
def array_pool_trim():
    return Check("bytes freed", lambda x: isinstance(x, int) and x >= 0)


@scalar
def array_isa():
    return Check("a kernel set", lambda x: x in ("base", "avx2", "avx512"))


@scalar
def array_version():
    return Check("a version", lambda x: x.count(".") == 2)
