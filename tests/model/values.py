"""SQL values and arrays: the blob and text forms, the literal of a value, and what can go wrong.

Written from the contract, the text that README.md sums up, not from the C code: plain lists of Python's exact integers.
"""

import array
import re

import packed

LEAST, MOST = -(2**63), 2**63 - 1
LENGTH_LIMIT = 100_000  # SQLITE_LIMIT_LENGTH while the test runs: so results over it are cheap
CODES = {1: "b", 2: "h", 4: "i", 8: "q"}


class Fault(Exception):
    """The call is an error. Its text is the function's name, ': ', and what one of the patterns matches."""

    most = 0  # bytes that the result would have had, which may be found too many first

    def __init__(self, *patterns):
        self.patterns = patterns or ("",)


class TooBig(Exception):
    """The result is over the length limit: SQLITE_TOOBIG."""


class Check:
    """A result that is not known but for what `holds(result)` tells; `what` says it to people."""

    def __init__(self, what, holds, repeats=False, most=0):
        self.what, self.holds = what, holds
        self.repeats = repeats  # the same call gives the same result
        self.most = most  # bytes that the result may have


def between(low, high):
    """A REAL from the exact low to high."""
    return Check(f"REAL in {float(low)!r} .. {float(high)!r}", lambda x: isinstance(x, float) and low <= x <= high)


def width_of(elements):
    low, high = min(elements, default=0), max(elements, default=0)
    return next(w for w in CODES if -(2 ** (8 * w - 1)) <= low and high < 2 ** (8 * w - 1))


def encode(elements, width=None):
    """The blob of a list; by default the canonical one."""
    width = width or width_of(elements)
    return b"\xa1\x41\x00" + bytes([width]) + len(elements).to_bytes(4, "little") + array.array(CODES[width], elements).tobytes()


def encode_packed(elements):
    """The blob that array_pack gives: the packed one where that is shorter."""
    plain = encode(elements)
    return min(plain, packed.write(elements, plain[3]), key=len) if elements else plain


def decode(blob):
    if len(blob) < 8 or blob[:2] != b"\xa1\x41":
        raise Fault("is not an array")
    if blob[2] == 1:
        try:
            return packed.read(blob)
        except ValueError:
            raise Fault("is not an array") from None
    if blob[2] != 0:
        raise Fault("unsupported array codec %d" % blob[2])
    width, count = blob[3], int.from_bytes(blob[4:8], "little")
    if width not in CODES or len(blob) != 8 + width * count:
        raise Fault("is not an array")
    return array.array(CODES[width], blob[8:]).tolist()


def room(count, width=1):
    """To be asked before a list of count elements is made, of at least width bytes each."""
    if 8 + count * width > LENGTH_LIMIT:
        raise TooBig


BLANKS = b" \t\n\r"


class Scanner:
    """Reads a text from left to right; faults tell the byte, from 1."""

    def __init__(self, text):
        self.text, self.at = text.encode("utf-8", "surrogatepass"), 0

    def fault(self, at=None):
        raise Fault(r".*\bat byte %d\b" % ((self.at if at is None else at) + 1))

    def blanks(self):
        while self.next() in BLANKS and self.next():
            self.at += 1

    def next(self):
        return self.text[self.at : self.at + 1]

    def take(self, token):
        found = self.text.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def integer(self):
        found = re.compile(rb"-?(0|[1-9][0-9]*)(?![0-9])").match(self.text, self.at)
        if not found:
            self.fault()
        value = int(found[0])
        if not LEAST <= value <= MOST:
            self.fault()
        self.at = found.end()
        return value

    def goes_on(self):
        """Is what has been read the beginning of a number with a fraction or an exponent?"""
        return re.compile(rb"\.|[eE][+-]?[0-9]").match(self.text, self.at)

    def whole_integer(self):
        start = self.at
        value = self.integer()
        if self.goes_on():
            self.fault(start)
        return value

    def json_integer(self):
        """An integer, or one in quotes."""
        if not self.take(b'"'):
            return self.whole_integer()
        value = self.whole_integer()
        return value if self.take(b'"') else self.fault()


def parse(text):
    """The list that a text form, [1, -2] or {1,-2}, stands for."""
    scan = Scanner(text)
    scan.blanks()
    if scan.at == len(scan.text):
        raise Fault(".*empty")
    close = b"]" if scan.take(b"[") else b"}" if scan.take(b"{") else scan.fault()
    elements = []
    scan.blanks()
    while not scan.take(close):
        if elements and not scan.take(b","):
            scan.fault()
        scan.blanks()
        start = scan.at
        elements.append(scan.json_integer() if close == b"]" else scan.whole_integer())
        if scan.goes_on():
            scan.fault(start)
        scan.blanks()
    scan.blanks()
    if scan.at < len(scan.text):
        scan.fault()
    return elements


def literal(value):
    """The value as SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return "x'" + value.hex() + "'"
    if isinstance(value, str):
        quoted = "'" + value.replace("'", "''") + "'"
        return re.sub(r"[\0-\x1f]+", lambda found: "' || char(%s) || '" % ", ".join(str(ord(c)) for c in found[0]), quoted)
    if isinstance(value, float):
        return {float("inf"): "9e999", float("-inf"): "-9e999"}.get(value, repr(value))
    return "(-9223372036854775807 - 1)" if value == LEAST else str(value)


def display(value):
    """The value for people: arrays as JSON."""
    if isinstance(value, bytes):
        try:
            elements = decode(value)
            form = "array" if value == encode(elements) else f"array of width {value[3]}"
            return f"{form} {elements}"
        except Fault:
            pass
    return repr(value)
