"""The operators of array_eval bind and compute as SQLite's own: random expressions, by SQLite for each row of a table and
by array_eval for arrays of the same integers.

    python3 tests/model/operators.py [expressions [seed]]
"""

import random
import sys

sys.dont_write_bytecode = True

from database import Database, Failed

BINARY = ["+", "-", "*", "/", "%", "&", "|", "<<", ">>", "=", "==", "<>", "!=", "<", "<=", ">", ">=", " AND ", " OR "]
PREFIX = ["-", "~", "+", " NOT "]


def draw(r, length):
    """Operands, and operators between and before them, without brackets: what binds more is left to the reader."""
    text = ""
    for i in range(length):
        while r.random() < 0.15:
            text += " " + r.choice(PREFIX)
        if r.random() < 0.08:
            text += "(" + draw(r, 2) + ")"
        else:
            text += r.choice("aabbc123")
        p = r.random()
        if i == length - 1:
            continue
        if p < 0.08:
            text += r.choice((" BETWEEN ", " NOT BETWEEN ")) + r.choice(("a", "b", "1", "a+1", "NOT b")) + " AND "
        elif p < 0.14:
            text += r.choice((" IN (1,2,5)", " NOT IN (0,3)")) + r.choice(BINARY)
        else:
            text += r.choice(BINARY)
    return text


def main():
    expressions = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    database = Database()
    rows = [(x, y, z) for x in (-7, -1, 0, 1, 2, 5, 64) for y in (-3, 0, 1, 4, 9) for z in (-2, 0, 1, 3)]
    database.connection.execute("CREATE TABLE numbers(id INTEGER PRIMARY KEY, a, b, c)")
    database.connection.executemany("INSERT INTO numbers(a, b, c) VALUES (?, ?, ?)", rows)
    wrong, equal, faults = 0, 0, 0
    for number in range(expressions):
        r = random.Random(f"{seed} {number}")
        expression = draw(r, r.randint(1, 6))
        expected = database.rows(f"SELECT {expression} FROM numbers ORDER BY id")
        got = database.rows(
            "SELECT array_to_json(array_eval(?, a, b, c)) FROM (SELECT array_agg(a) AS a, array_agg(b) AS b, array_agg(c) AS c FROM numbers)",
            (expression,),
        )
        # NULL and REAL are what SQLite makes of errors; a constant is no array
        failed = isinstance(expected, list) and any(not isinstance(x, int) for (x,) in expected)
        if isinstance(got, Failed) and (failed or not set(expression) & set("abc") or "element" in got.text or "not an integer" in got.text):
            faults += 1
        elif isinstance(got, Failed) and isinstance(expected, Failed):
            faults += 1
        elif isinstance(got, Failed) or isinstance(expected, Failed) or got[0][0] != str([x for (x,) in expected]).replace(" ", ""):
            wrong += 1
            if wrong <= 5:
                print(f"# {expression}\n#   expected: {expected if isinstance(expected, Failed) else [x for (x,) in expected]}\n#   got: {got}")
        else:
            equal += 1
    print("1..2")
    print(f"{'not ' if wrong else ''}ok 1 - {equal} expressions are equal, {wrong} are not")
    print(f"{'ok' if equal > expressions / 3 else 'not ok'} 2 - and {faults} are errors")
    sys.exit(wrong > 0)


main()
