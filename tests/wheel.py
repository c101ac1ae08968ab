"""TAP of the package that `make wheel` has packed: run with it in PYTHONPATH, by a Python with NumPy or without."""
import array
import os
import sqlite3
import subprocess
import sys
import tempfile

import sqlite_array
from sqlite_array import decode, encode

checks = 0


def check(ok, what):
    global checks
    checks += 1
    print(f"{'ok' if ok else 'not ok'} {checks} - {what}")


def raises(error, part, function, *arguments):
    try:
        function(*arguments)
    except error as e:
        return part in str(e)
    return False


def test_values():
    for values, width in (([], 1), ([0], 1), ([-128, 127], 1), ([128], 2), ([-32769], 4), ([1 << 31], 8), ([-(1 << 63), (1 << 63) - 1], 8)):
        blob = encode(values)
        check(blob[3] == width and len(blob) == 8 + width * len(values), f"{values} takes {width} bytes an element")
        check(list(decode(blob)) == values, "and comes back")
        check(encode(iter(values)) == blob and encode(array.array("q", values)) == blob, "an iterator and an array.array are the same")
        check(encode(decode(blob)) == blob, "and what decode() gives")
    check(encode(array.array("Q", [5, 255])) == encode([5, 255]), "an unsigned array.array")
    check(raises(OverflowError, "64 bits", encode, [1 << 63]), "more than 64 bits")
    check(raises(TypeError, "float", encode, [1.5]), "a fraction")
    check(raises(TypeError, "integers", encode, array.array("d", [1.0])), "an array.array of floats")
    check(raises(TypeError, "str", encode, "12"), "text")
    check(raises(ValueError, "no header", decode, b"12345678"), "bytes that are no array")
    check(raises(ValueError, "9 bytes for 2", decode, encode([1, 2])[:-1]), "an array cut off")
    check(raises(ValueError, "codec 1", decode, bytes([0xA1, 0x41, 1]) + encode([1, 2])[3:]), "an array that is packed")


def test_numpy():
    import numpy

    for kind in "int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool".split():
        check(encode(numpy.array([0, 1, 1], kind)) == encode([0, 1, 1]), f"numpy {kind}")
    check(encode(numpy.arange(10, dtype=">i4")[::-2]) == encode([9, 7, 5, 3, 1]), "big-endian and with a stride")
    check(encode(numpy.array([], "int64")) == encode([]), "an empty one")
    check(raises(OverflowError, "64 bits", encode, numpy.array([1 << 63], "uint64")), "more than 64 bits")
    check(raises(ValueError, "one dimension, not 2", encode, numpy.zeros((2, 2), int)), "two dimensions")
    check(raises(TypeError, "float64", encode, numpy.zeros(2)), "floats")
    blob = encode([1, 2, 300])
    check(numpy.shares_memory(decode(blob), numpy.frombuffer(blob, "uint8")), "decode() copies nothing")


def test_connection(db):
    check(db.execute("SELECT array_version()").fetchone() == (sqlite_array.__version__,), "the version")
    db.execute("CREATE TABLE t(a ARRAY)")
    values = [-5, 40000, 7]
    db.execute("INSERT INTO t VALUES (?), (?), (array_of(-5, 40000, 7))", (encode(values), array.array("q", values)))
    rows = db.execute("SELECT a FROM t").fetchall()
    check([list(row[0]) for row in rows] == 3 * [values], "columns declared ARRAY")
    check(db.execute("SELECT count(DISTINCT a), max(array_valid(a)) FROM t").fetchone() == (1, 1), "the same bytes as the extension's")
    kind = type(rows[0][0]).__module__
    check(kind == ("numpy" if sqlite_array.numpy else "array"), f"are of {kind}")
    if sqlite_array.numpy:
        total = db.execute("SELECT array_sum(?)", (sqlite_array.numpy.arange(10),)).fetchone()[0]
        check(total == 45, "a numpy array as a parameter")


def test_file(connect):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "five.npy")
        got = connect().execute("SELECT array_file_write(?, '[1,2,3,4,5]'), array_file_length(?)", (path, path)).fetchone()
        check(got[1] == 5, "array_file writes and reads")


def test_register():
    """In this process, which loads the libraries for all connections from now on"""
    sqlite_array.register()
    sqlite_array.register(file=True)
    test_connection(sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES))
    test_file(lambda: sqlite3.connect(":memory:"))


sqlite_array.register_types()
print(f"# Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {'NumPy' if sqlite_array.numpy else 'no NumPy'}")
if sys.argv[1:] == ["register"]:
    test_register()
else:
    test_values()
    if sqlite_array.numpy:
        test_numpy()
    if hasattr(sqlite3.Connection, "enable_load_extension"):

        def loaded():
            db = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
            sqlite_array.load(db)
            sqlite_array.load(db, file=True)
            return db

        test_connection(loaded())
        test_file(loaded)
        check(raises(sqlite3.OperationalError, "not authorized", loaded().execute, "SELECT load_extension('x')"), "load() leaves loading off")
    else:
        check(raises(RuntimeError, "register()", sqlite_array.load, sqlite3.connect(":memory:")), "load() says what to do instead")
    other = subprocess.run([sys.executable, __file__, "register"], stdout=subprocess.PIPE, universal_newlines=True)
    for line in other.stdout.splitlines():
        if line.startswith(("ok", "not ok")):
            check(line.startswith("ok"), "register(): " + line.split(" - ")[1])
    check(other.returncode == 0 and "ok 1" in other.stdout, "register() in a process of its own")
print(f"1..{checks}")
