"""Compares every function of array_functions with a slow model, on random and boundary arguments.

    python3 tests/model/run.py [calls [seed]]        BUILD: the directory of array.so; make test-model N= SEED=

Prints TAP, a test for each function. A call that differs is cut down as far as it goes on differing, and printed as a
statement for the sqlite3 shell.
"""

import os
import random
import sys

sys.dont_write_bytecode = True

import expressions  # lists its functions, and so do the next two
import scalar_math
import scalar_order
from aggregates import AGGREGATES
from cases import Call, Rows, Stored, Table
from database import Database
from registry import SCALARS
from tables import TABLES

MOST_SHOWN = 3  # differences of a function, after which it is left alone


def main():
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000 if "TEST_THOROUGH" in os.environ else 1_200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    databases = [Database(), Database(), Database("UTF-16le")]
    # virtual tables that are stored have tests of their own
    listed = dict(databases[0].rows("SELECT name, kind FROM array_functions WHERE kind <> 'virtual table'"))
    kinds = {"scalar": (SCALARS, Call), "aggregate": (AGGREGATES, Rows), "table": (TABLES, Table)}
    shown = {"array_explain", "array_functions", "array_memory"}  # what the library says of itself
    unknown = {name for name, kind in listed.items() if name not in kinds[kind][0]} - shown
    names = sorted(set(listed) - shown - unknown)
    tried, wrong = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    print(f"1..{len(names) + 2}\n# {calls} calls, seed {seed}")
    for number in range(calls):
        r = random.Random(f"{seed} {number}")
        name = names[number % len(names)]
        if wrong[name] == MOST_SHOWN:
            continue
        database = r.choice(databases)
        call = (Stored if name.startswith("array_blob_") else kinds[listed[name]][1])(r, name)
        tried[name] += 1
        difference = call.differs(database)
        if difference:
            wrong[name] += 1
            call.shrink(database)
            expected, got = call.differs(database) or difference  # which may come but once
            print(f"# {call.sql()};\n#   expected: {expected}\n#   got: {got}", flush=True)
    for i, name in enumerate(names):
        print(f"{'not ' if wrong[name] else ''}ok {i + 1} - {name}: {tried[name]} calls")
    print(f"{'not ' if unknown else ''}ok {len(names) + 1} - every function has a model {' '.join(sorted(unknown))}")
    held = sum(database.held() for database in databases)
    print(f"{'not ' if held else ''}ok {len(names) + 2} - nothing is held at the end")
    sys.exit(any(wrong.values()) or bool(unknown) or held > 0)


main()
