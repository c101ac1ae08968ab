"""Integer arrays as values in SQLite: the sqlite-array extension for Python.

    import sqlite3, sqlite_array
    db = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
    sqlite_array.load(db)
    sqlite_array.register_types()
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a ARRAY)")
    db.execute("INSERT INTO t(a) VALUES (?)", (sqlite_array.encode([1, 2, 300]),))
    db.execute("SELECT a, array_sum(a) FROM t").fetchone()        # (array([1, 2, 300], dtype=int16), 303)

An array is bytes: 0xA1 0x41, a codec, the width of an element (1, 2, 4 or 8 bytes), the count in 4 bytes, and the elements,
all little-endian. The width is the smallest that holds every element.
"""
import array
import ctypes
import operator
import os
import sqlite3
import struct
import sys

try:
    import numpy
except ImportError:  # then arrays are array.array
    numpy = None

__version__ = "@VERSION@"
__all__ = ["load", "loadable_path", "register", "encode", "decode", "register_types"]

_HEADER = struct.Struct("<BBBBI")
_MAGIC = (0xA1, 0x41)
_MOST = 0xFFFFFFFF
_TYPECODES = {1: "b", 2: "h", 4: "i", 8: "q"}
_SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
_kept = []  # libraries whose functions SQLite was given


def loadable_path(file=False):
    """The library to load, without its suffix, which SQLite adds. With file=True the one that reads and writes files."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "array_file" if file else "array")


def load(connection, file=False):
    """Gives a connection of the sqlite3 module the functions. Loading of other extensions is off afterwards."""
    if not hasattr(connection, "enable_load_extension"):
        raise RuntimeError("this Python was built without enable_load_extension(): call sqlite_array.register() before connecting")
    connection.enable_load_extension(True)
    try:
        connection.load_extension(loadable_path(file))
    finally:
        connection.enable_load_extension(False)


def register(file=False):
    """Gives every connection that the process opens from now on the functions, by sqlite3_auto_extension().

    For Pythons that were built without enable_load_extension(). RuntimeError where the sqlite3 module has a SQLite inside
    whose functions cannot be found.
    """
    import _sqlite3

    try:
        auto_extension = ctypes.CDLL(getattr(_sqlite3, "__file__", None)).sqlite3_auto_extension
    except AttributeError:
        raise RuntimeError("the SQLite of Python's sqlite3 module does not show sqlite3_auto_extension()") from None
    library = ctypes.CDLL(loadable_path(file) + _SUFFIX)
    entry = library.sqlite3_arrayfile_init if file else library.sqlite3_array_init
    auto_extension.argtypes = [ctypes.c_void_p]
    auto_extension.restype = ctypes.c_int
    code = auto_extension(ctypes.cast(entry, ctypes.c_void_p))
    if code != 0:
        raise RuntimeError(f"sqlite3_auto_extension() gives {code}")
    _kept.append(library)


def _width(lo, hi):
    for width in (1, 2, 4, 8):
        if -(1 << (8 * width - 1)) <= lo and hi < 1 << (8 * width - 1):
            return width
    raise OverflowError("an element is not within 64 bits, signed")


def _bytes(width, count, elements):
    if count > _MOST:
        raise OverflowError(f"an array has at most {_MOST} elements, not {count}")
    return _HEADER.pack(*_MAGIC, 0, width, count) + elements


def encode(values):
    """The array of integers: of an iterable, an array.array, or a numpy.ndarray of one dimension, of integers or bool."""
    if numpy is not None and isinstance(values, (numpy.ndarray, numpy.generic)):
        if values.ndim != 1:
            raise ValueError(f"an array has one dimension, not {values.ndim}")
        if values.dtype.kind not in "iub":
            raise TypeError(f"an array has integers, not {values.dtype}")
        width = _width(int(values.min()), int(values.max())) if values.size else 1
        return _bytes(width, values.size, values.astype(f"<i{width}").tobytes())
    if isinstance(values, array.array):
        if values.typecode not in "bBhHiIlLqQ":
            raise TypeError(f"an array has integers, not those of array.array({values.typecode!r})")
    elif isinstance(values, (str, bytes, bytearray, memoryview)):
        raise TypeError(f"an array has integers, not {type(values).__name__}")
    else:
        values = [operator.index(value) for value in values]
    width = _width(min(values), max(values)) if len(values) else 1
    elements = array.array(_TYPECODES[width], values)
    if sys.byteorder == "big":
        elements.byteswap()
    return _bytes(width, len(elements), elements.tobytes())


def decode(blob):
    """The elements of an array: a numpy.ndarray, which reads the blob's own memory and cannot be written, or an array.array."""
    data = memoryview(blob)
    if data.nbytes < _HEADER.size or tuple(data[:2]) != _MAGIC:
        raise ValueError("not an array: it has no header")
    codec, width, count = _HEADER.unpack_from(data)[2:]
    if codec != 0:
        raise ValueError(f"an array of codec {codec}, not plain: SELECT array_unpack() of it")
    if width not in _TYPECODES or data.nbytes != _HEADER.size + count * width:
        raise ValueError(f"not an array: {data.nbytes} bytes for {count} elements of {width}")
    if numpy is not None:
        return numpy.frombuffer(blob, dtype=f"<i{width}", count=count, offset=_HEADER.size)
    elements = array.array(_TYPECODES[width])
    elements.frombytes(data[_HEADER.size :])
    if sys.byteorder == "big":
        elements.byteswap()
    return elements


def register_types():
    """Makes the sqlite3 module take array.array and numpy.ndarray as parameters and, in connections with
    detect_types=sqlite3.PARSE_DECLTYPES, give the columns that are declared ARRAY as decode() does."""
    sqlite3.register_adapter(array.array, encode)
    if numpy is not None:
        sqlite3.register_adapter(numpy.ndarray, encode)
    sqlite3.register_converter("ARRAY", decode)
