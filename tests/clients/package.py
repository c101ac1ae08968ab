"""The Python package of `make wheel`, in PYTHONPATH, with a Python that need not have enable_load_extension(): package.py STATEMENTS"""
import sys

# manual: Python, the package of `make wheel`
import sqlite3, sqlite_array
if not hasattr(sqlite3.Connection, "enable_load_extension"):
    sqlite_array.register()                          # every connection from now on, as in a Python of pyenv
db = sqlite3.connect(":memory:")
if hasattr(db, "enable_load_extension"):
    sqlite_array.load(db)
answer = db.execute("SELECT array_sum(?)", (sqlite_array.encode([1, 2, 3]),)).fetchone()[0]
# end
print(f"# client: sqlite_array on Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
print(f"{'ok' if answer == 6 else 'not ok'} 1 - the snippet")
checks = 1
db.isolation_level = None  # the statements begin and end transactions
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("--"):
        continue
    sql, _, expected = line.rstrip("\n").partition(" --> ")
    row = db.execute(sql).fetchone()
    if expected:
        checks += 1
        print(f"{'ok' if str(row[0]) == expected else f'not ok ({row[0]})'} {checks} - {sql}")
print(f"1..{checks}")
