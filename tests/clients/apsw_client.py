"""apsw: apsw_client.py STATEMENTS"""
import sys

# manual: Python, APSW
import apsw
db = apsw.Connection(":memory:")
db.enableloadextension(True)
db.loadextension("./array")
answer = db.cursor().execute("SELECT array_sum(?)", ("[1,2,3]",)).fetchone()[0]
# end
print(f"# client: Python {sys.version.split()[0]}, APSW {apsw.apswversion()}, SQLite {apsw.sqlitelibversion()}")
print(f"{'ok' if answer == 6 else 'not ok'} 1 - the snippet")
checks = 1
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("--"):
        continue
    sql, _, expected = line.rstrip("\n").partition(" --> ")
    row = db.cursor().execute(sql).fetchone()
    if expected:
        checks += 1
        print(f"{'ok' if str(row[0]) == expected else f'not ok ({row[0]})'} {checks} - {sql}")
print(f"1..{checks}")
