"""The module sqlite3 of Python: python.py STATEMENTS"""
import sys

# manual: Python, sqlite3
import sqlite3
db = sqlite3.connect(":memory:")
db.enable_load_extension(True)
db.load_extension("./array")
answer = db.execute("SELECT array_sum(?)", ("[1,2,3]",)).fetchone()[0]
# end
print(f"# client: Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
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
