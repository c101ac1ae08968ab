"""Compares array_to_npy, array_from_npy and array_npy_shape with NumPy itself, where it is installed.

Prints TAP, a test for each type of integers.
"""

import io
import itertools
import os
import sqlite3
import sys

try:
    import numpy
except ImportError:
    print("1..0 # SKIP NumPy is not installed")
    sys.exit()

SHAPES = [(), (0,), (1,), (7,), (2, 3), (3, 2), (1, 7), (7, 1), (5, 0), (0, 5), (2, 3, 4), (1, 2, 1, 3), (1000, 3), (1,) * 32, (2,) * 10]
ARRANGEMENTS = {
    "C order": lambda a: a,
    "Fortran order": lambda a: numpy.asfortranarray(a),
    "reversed": lambda a: a[tuple(slice(None, None, -1) for _ in a.shape)],
    "transposed": lambda a: a.T,
}


def saved(a):
    file = io.BytesIO()
    numpy.save(file, a)
    return file.getvalue()


def query(database, sql, *values):
    try:
        return database.execute("SELECT " + sql, values).fetchone()[0]
    except sqlite3.Error as error:
        return str(error)


def elements_of(name, shape):
    """Elements that try the borders of the type, but for those over 2^63-1."""
    if name == "bool":
        low, high = 0, 1
    else:
        low, high = numpy.iinfo(name).min, min(numpy.iinfo(name).max, 2**63 - 1)
    some = itertools.cycle((low, high, 0, 1, high // 3, low // 3))
    count = int(numpy.prod(shape, dtype=object))
    return numpy.array([next(some) for _ in range(count)], dtype=name).reshape(shape)


def differences(database, name):
    for order, shape, (how, arrange) in itertools.product("<>", SHAPES, ARRANGEMENTS.items()):
        a = arrange(elements_of(name, shape).astype(numpy.dtype(name).newbyteorder(order)))
        file, flat, lengths = saved(a), str(a.ravel().tolist()).replace(" ", ""), str(list(a.shape)).replace(" ", "")
        if name == "bool":
            flat = flat.replace("True", "1").replace("False", "0")
        is_fortran = numpy.lib.format.read_array_header_1_0(io.BytesIO(file[8:]))[1]
        if is_fortran and sum(n > 1 for n in a.shape) > 1:
            expected = f"array_from_npy: elements of {a.ndim} dimensions are in Fortran order, expected C order"
            got = query(database, "array_from_npy(?)", file)
        else:
            expected = flat, lengths
            got = query(database, "array_to_json(array_from_npy(?))", file), query(database, "array_to_json(array_npy_shape(?))", file)
        if got != expected:
            yield f"{a.dtype.str} {a.shape}, {how}: expected {expected}, got {got}"
        written = query(database, "array_to_npy(?, ?, ?)", flat, name, lengths)
        if written != saved(numpy.array(a, dtype=name, order="C")):
            yield f"{name} {a.shape}: another file than NumPy writes, {written[:192]}"
        back = numpy.load(io.BytesIO(written))
        if back.dtype != name or not numpy.array_equal(back, a):
            yield f"{name} {a.shape}: NumPy reads {back!r}"


def both_refuse(database, shape):
    """A header of this shape"""
    text = ("{'descr': '|i1', 'fortran_order': False, 'shape': %s, }" % shape).ljust(117) + "\n"
    file = b"\x93NUMPY\x01\x00\x76\x00" + text.encode() + bytes(5)
    try:
        numpy.load(io.BytesIO(file))
        return False
    except Exception:  # of many kinds, such as those of the tokenizer
        return query(database, "array_from_npy(?)", file).startswith("array_from_npy: ")


def main():
    database = sqlite3.connect(":memory:")
    database.enable_load_extension(True)
    database.load_extension(os.path.join(os.environ.get("BUILD", "build"), "array"))
    names = ["bool"] + [sign + "int" + str(bits) for sign in ("", "u") for bits in (8, 16, 32, 64)]
    refused = ["(05,)", "(1, 05)", "(5", "(5)", "(-5,)", "5", "[5]", "(5.0,)", "('5',)", "(9223372036854775808, 0)"]
    print(f"1..{len(names) + len(refused)}\n# NumPy {numpy.__version__}")
    failed = False
    number = 0
    for name in names:
        wrong = list(differences(database, name))
        number += 1
        failed |= bool(wrong)
        print(*("# " + x for x in wrong[:5]), f"{'not ' if wrong else ''}ok {number} - {name}", sep="\n")
    for shape in refused:
        right = both_refuse(database, shape)
        number += 1
        failed |= not right
        print(f"{'' if right else 'not '}ok {number} - both refuse the shape {shape}")
    sys.exit(failed)


main()
