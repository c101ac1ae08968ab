#!/usr/bin/python3
"""Compares arrays with what people use instead, on one page.

    compare.py LIBRARY OUTPUT                 measures, prints the page, writes OUTPUT/bench.json and OUTPUT/bench.html
    compare.py --readme OUTPUT README.md      renews the table of results there from OUTPUT/bench.json

Every engine holds the same lists and answers the same questions in one thread; a question is timed only
when all answers are equal. An engine that is not installed is left out, with the reason:

    JSON, child table     SQLite's own functions, in the same connection
    PostgreSQL            with intarray, a cluster of its own that is removed afterwards
    DuckDB                the npm package @duckdb/node-api, found by node from OUTPUT or NODE_PATH
    NumPy                 one array a row, in memory, the loop over the rows in Python
"""
import datetime
import html
import json
import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROUNDS = 3  # of which the fastest counts
TAG_ROWS, SERIES_ROWS, SERIES_LENGTH = 50_000, 1_000, 1_000


def make_data():
    """tags: short lists without duplicates, few values frequent; series: long random walks."""
    random.seed(1)
    tags = []
    for _ in range(TAG_ROWS):
        count = random.randint(1, 31)
        tags.append(list(dict.fromkeys(int(1000 * random.random() ** 3) for _ in range(count))))
    series = []
    for _ in range(SERIES_ROWS):
        x, walk = 10_000, []
        for _ in range(SERIES_LENGTH):
            x += random.randint(-3, 3)
            walk.append(x)
        series.append(walk)
    return {"tags": tags, "series": series}


# A question for each engine; {t} is the table: lists in column a, or of the child table row, position, value.
QUESTIONS = [
    {
        "name": "each element times two, and the sum of all",
        "tables": ["tags", "series"],
        "array": "SELECT sum(array_sum(array_mul(a, 2))) FROM {t}",
        "json": "SELECT sum((SELECT sum(value * 2) FROM json_each(a))) FROM {t}_json",
        "child": "SELECT sum(value * 2) FROM {t}_child",
        "postgres": "SELECT sum((SELECT sum(x * 2) FROM unnest(a) AS x)) FROM {t}",
        "duckdb": "SELECT sum(list_sum(list_transform(a, lambda x: x * 2))) FROM {t}",
        "numpy": "sum(int((x * 2).sum()) for x in {t})",
    },
    {
        "name": "sum of the elements above 300",
        "tables": ["tags"],
        "array": "SELECT sum(array_sum(array_filter(a, array_gt(a, 300)))) FROM {t}",
        "json": "SELECT sum((SELECT sum(value) FROM json_each(a) WHERE value > 300)) FROM {t}_json",
        "child": "SELECT sum(value) FROM {t}_child WHERE value > 300",
        "postgres": "SELECT sum((SELECT sum(x) FROM unnest(a) AS x WHERE x > 300)) FROM {t}",
        "duckdb": "SELECT sum(list_sum(list_filter(a, lambda x: x > 300))) FROM {t}",
        "numpy": "sum(int(x[x > 300].sum()) for x in {t})",
    },
    {
        "name": "rows that contain 7",
        "tables": ["tags"],
        "array": "SELECT count(*) FROM {t} WHERE array_contains(a, 7)",
        "json": "SELECT count(*) FROM {t}_json WHERE EXISTS (SELECT 1 FROM json_each(a) WHERE value = 7)",
        "child": "SELECT count(*) FROM {t}_child WHERE value = 7",
        "postgres": "SELECT count(*) FROM {t} WHERE a @> '{{7}}'",
        "duckdb": "SELECT count(*) FROM {t} WHERE list_contains(a, 7)",
        "numpy": "sum(bool((x == 7).any()) for x in {t})",
    },
    {
        "name": "rows that contain both 7 and 11",
        "tables": ["tags"],
        "array": "SELECT count(*) FROM {t} WHERE array_contains_all(a, '[7,11]')",
        "json": "SELECT count(*) FROM {t}_json WHERE (SELECT count(*) FROM json_each(a) WHERE value IN (7, 11)) = 2",
        "child": "SELECT count(*) FROM {t}_child AS x JOIN {t}_child AS y ON y.row = x.row AND y.value = 11"
                 " WHERE x.value = 7",
        "postgres": "SELECT count(*) FROM {t} WHERE a @> '{{7,11}}'",
        "duckdb": "SELECT count(*) FROM {t} WHERE list_has_all(a, [7, 11])",
        "numpy": "sum(bool((x == 7).any() and (x == 11).any()) for x in {t})",
    },
    {
        "name": "values shared with the next row",
        "tables": ["tags"],
        "array": "SELECT sum(array_intersect_count(x.a, y.a)) FROM {t} AS x JOIN {t} AS y ON y.id = x.id + 1",
        "json": "SELECT sum((SELECT count(*) FROM (SELECT value FROM json_each(x.a) INTERSECT"
                " SELECT value FROM json_each(y.a)))) FROM {t}_json AS x JOIN {t}_json AS y ON y.id = x.id + 1",
        "child": "SELECT count(*) FROM {t}_child AS x JOIN {t}_child AS y ON y.value = x.value AND y.row = x.row + 1",
        "postgres": "SELECT sum(icount(x.a & y.a)) FROM {t} AS x JOIN {t} AS y ON y.id = x.id + 1",
        "duckdb": "SELECT sum(len(list_intersect(x.a, y.a))) FROM {t} AS x JOIN {t} AS y ON y.id = x.id + 1",
        "numpy": "sum(len(np.intersect1d(x, y)) for x, y in zip({t}, {t}[1:]))",
    },
    {
        "name": "how many different values there are in all rows",
        "tables": ["tags"],
        "array": "SELECT array_length(array_union_agg(a)) FROM {t}",
        "json": "SELECT count(DISTINCT value) FROM {t}_json, json_each(a)",
        "child": "SELECT count(DISTINCT value) FROM {t}_child",
        "postgres": "SELECT count(DISTINCT x) FROM {t}, unnest(a) AS x",
        "duckdb": "SELECT count(DISTINCT x) FROM (SELECT unnest(a) AS x FROM {t})",
        "numpy": "len(np.unique(np.concatenate({t})))",
    },
    {
        "name": "the tenth smallest of each sorted row",
        "tables": ["series"],
        "array": "SELECT sum(array_get(array_sort(a), 10)) FROM {t}",
        "json": "SELECT sum((SELECT value FROM json_each(a) ORDER BY value LIMIT 1 OFFSET 9)) FROM {t}_json",
        "child": "SELECT sum(value) FROM (SELECT value, row_number() OVER (PARTITION BY row ORDER BY value) AS n"
                 " FROM {t}_child) WHERE n = 10",
        "postgres": "SELECT sum((sort(a))[10]) FROM {t}",
        "duckdb": "SELECT sum(list_sort(a)[10]) FROM {t}",
        "numpy": "sum(int(np.sort(x)[9]) for x in {t})",
    },
]


class Missing(Exception):
    """The engine is not installed here."""


def timed(answer):
    """The answer, and the milliseconds of the fastest of some rounds."""
    best = None
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        value = answer()
        took = (time.perf_counter() - begun) * 1000
        best = took if best is None else min(best, took)
    return value, best


class SQLite:
    """Arrays, JSON and child tables in one database file."""

    def __init__(self, data, library, folder):
        self.db = sqlite3.connect(os.path.join(folder, "lists.db"))
        self.db.enable_load_extension(True)
        self.db.load_extension(library)
        for name, lists in data.items():
            texts = [json.dumps(row, separators=(",", ":")) for row in lists]
            self.db.executescript(f"""
                CREATE TABLE {name}(id INTEGER PRIMARY KEY, a BLOB);
                CREATE TABLE {name}_json(id INTEGER PRIMARY KEY, a TEXT);
                CREATE TABLE {name}_child(row INTEGER, position INTEGER, value INTEGER);""")
            self.db.executemany(f"INSERT INTO {name}_json(a) VALUES (?)", ((text,) for text in texts))
            self.db.execute(f"INSERT INTO {name} SELECT id, array_parse(a) FROM {name}_json")
            self.db.execute(f"INSERT INTO {name}_child SELECT j.id, key + 1, value"
                            f" FROM {name}_json AS j, json_each(a)")
            self.db.execute(f"CREATE INDEX {name}_by_value ON {name}_child(value, row)")
        self.db.commit()
        self.db.execute("ANALYZE")
        self.version = sqlite3.sqlite_version

    def ask(self, sql):
        return timed(lambda: self.db.execute(sql).fetchone()[0])

    def size(self, *names):
        marks = ",".join("?" * len(names))
        return self.db.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({marks})", names).fetchone()[0]


class Postgres:
    def __init__(self, data, folder):
        bins = sorted(p for p in ["/usr/lib/postgresql"] if os.path.isdir(p))
        versions = sorted(os.listdir(bins[0]), key=float) if bins else []
        if not versions or not os.path.exists(f"{bins[0]}/{versions[-1]}/bin/initdb"):
            raise Missing("PostgreSQL is not installed (Debian: postgresql)")
        self.bin = f"{bins[0]}/{versions[-1]}/bin"
        self.version = versions[-1]
        self.folder = os.path.join(folder, "postgres")
        os.mkdir(self.folder)
        os.chmod(folder, 0o755)
        self.prefix = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.cluster = os.path.join(self.folder, "cluster")
        self.run("initdb", "-D", self.cluster, "-A", "trust", "-U", "bench")
        options = (f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_parallel_workers_per_gather=0"
                   " -c shared_buffers=256MB -c jit=off")
        self.run("pg_ctl", "-D", self.cluster, "-w", "-l", os.path.join(self.folder, "log"), "-o", options, "start")
        self.psql("CREATE EXTENSION intarray")
        for name, lists in data.items():
            path = os.path.join(self.folder, name)
            with open(path, "w", encoding="utf8") as file:
                for i, row in enumerate(lists, 1):
                    file.write(f"{i}\t{{{','.join(map(str, row))}}}\n")
            self.psql(f"CREATE TABLE {name}(id int PRIMARY KEY, a int[]); COPY {name} FROM '{path}';"
                      f" VACUUM ANALYZE {name}")

    def run(self, program, *words):
        subprocess.run([*self.prefix, f"{self.bin}/{program}", *words], check=True, cwd=self.folder,
                       stdout=subprocess.DEVNULL)

    def psql(self, sql):
        command = [*self.prefix, f"{self.bin}/psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-XqAt",
                   "-v", "ON_ERROR_STOP=1"]
        script = "\n".join(part.strip() + ";" for part in sql.split(";"))
        return subprocess.run(command, input=script, text=True, check=True, cwd=self.folder,
                              stdout=subprocess.PIPE).stdout

    def ask(self, sql):
        lines = self.psql("\\timing on\n" + ";".join([sql] * ROUNDS)).split("\n")
        times = [float(line.split()[1]) for line in lines if line.startswith("Time:")]
        return next(line for line in lines if line and not line.startswith("Tim")), min(times)

    def size(self, name):
        return int(self.psql(f"SELECT pg_table_size('{name}')"))

    def close(self):
        self.run("pg_ctl", "-D", self.cluster, "-m", "immediate", "stop")


class DuckDB:
    SCRIPT = """
const { DuckDBInstance } = require('@duckdb/node-api');
const readline = require('readline');
(async () => {
  const db = await (await DuckDBInstance.create(process.argv[1])).connect();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const times = [];
    let answer;
    for (let i = 0; i < Number(process.argv[2]); i++) {
      const begun = process.hrtime.bigint();
      answer = (await db.runAndReadAll(line)).getRows();
      times.push(Number(process.hrtime.bigint() - begun) / 1e6);
      if (!line.startsWith('SELECT')) break;
    }
    console.log(JSON.stringify([answer.length ? String(answer[0][0]) : null, Math.min(...times)]));
  }
})().catch((error) => { console.error(String(error)); process.exit(1); });
"""

    def __init__(self, data, folder):
        if shutil.which("node") is None:
            raise Missing("node is not installed, through which DuckDB runs")
        self.path = os.path.join(folder, "lists.duckdb")
        self.process = subprocess.Popen(["node", "-e", self.SCRIPT, self.path, str(ROUNDS)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            self.version = self.ask("SELECT version()")[0]
        except (BrokenPipeError, json.JSONDecodeError):
            raise Missing("DuckDB is not installed (npm install @duckdb/node-api, and NODE_PATH)") from None
        self.ask("SET threads = 1")
        for name, lists in data.items():
            path = os.path.join(folder, name + ".jsonl")
            with open(path, "w", encoding="utf8") as file:
                for i, row in enumerate(lists, 1):
                    file.write(json.dumps({"id": i, "a": row}) + "\n")
            self.ask(f"CREATE TABLE {name} AS SELECT id::INTEGER AS id, a::INTEGER[] AS a FROM read_json('{path}')")
        self.ask("CHECKPOINT")

    def ask(self, sql):
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        answer, took = json.loads(self.process.stdout.readline())
        return int(answer) if answer and answer.lstrip("-").isdigit() else answer, took

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class NumPy:
    def __init__(self, data):
        try:
            import numpy
        except ImportError:
            raise Missing("NumPy is not installed (Debian: python3-numpy)") from None
        self.version = numpy.__version__
        self.names = {"np": numpy}
        for name, lists in data.items():
            self.names[name] = [numpy.array(row, dtype="int32") for row in lists]

    def ask(self, expression):
        code = compile(expression, "question", "eval")
        return timed(lambda: eval(code, self.names))


ENGINES = [("array", "arrays"), ("json", "JSON"), ("child", "child table"), ("postgres", "PostgreSQL"),
           ("duckdb", "DuckDB"), ("numpy", "NumPy")]


def processor():
    for line in subprocess.run(["lscpu"], text=True, stdout=subprocess.PIPE, check=False).stdout.split("\n"):
        if line.startswith("Model name"):
            return line.split(":", 1)[1].strip()
    return os.uname().machine


def measure(library, folder):
    data = make_data()
    lite = SQLite(data, library, folder)
    askers = {"array": lite, "json": lite, "child": lite}
    missing = []
    for key, make in (("postgres", lambda: Postgres(data, folder)), ("duckdb", lambda: DuckDB(data, folder)),
                      ("numpy", lambda: NumPy(data))):
        try:
            askers[key] = make()
        except Missing as reason:
            missing.append(str(reason))
    results = {
        "date": datetime.date.today().isoformat(),
        "machine": processor(),
        "instructions": lite.db.execute("SELECT array_isa()").fetchone()[0],
        "versions": {"SQLite": lite.version} | {title: askers[key].version for key, title in ENGINES[3:] if key in askers},
        "missing": missing,
        "rows": [],
    }
    try:
        for question in QUESTIONS:
            for table in question["tables"]:
                row = {"question": question["name"], "table": table, "unit": "ms", "values": {}}
                answers = {}
                for key, _ in ENGINES:
                    if key in askers:
                        answer, took = askers[key].ask(question[key].format(t=table))
                        answers[key] = int(answer)
                        row["values"][key] = took
                if len(set(answers.values())) != 1:
                    raise SystemExit(f"{question['name']} ({table}): the answers differ: {answers}")
                results["rows"].append(row)
        for table in data:
            values = {"array": lite.size(table), "json": lite.size(table + "_json"),
                      "child": lite.size(table + "_child", table + "_by_value")}
            if "postgres" in askers:
                values["postgres"] = askers["postgres"].size(table)
            results["rows"].append({"question": "size", "table": table, "unit": "KiB",
                                    "values": {key: size / 1024 for key, size in values.items()}})
    finally:
        for key in ("postgres", "duckdb"):
            if key in askers:
                askers[key].close()
    return results


def lengths(table):
    return (f"{TAG_ROWS:,} lists of about 15 tags" if table == "tags"
            else f"{SERIES_ROWS:,} series of {SERIES_LENGTH:,}")


def show(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def columns(results):
    return [(key, title) for key, title in ENGINES if any(key in row["values"] for row in results["rows"])]


def page(results):
    """The page for the terminal: our figure, then how many times as much each of the others takes."""
    titles = columns(results)
    lines = [f"{results['date']}, {results['machine']}, {results['instructions']}, one thread, fastest of {ROUNDS}; "
             + ", ".join(f"{name} {version}" for name, version in results["versions"].items())]
    lines += [f"left out: {reason}" for reason in results["missing"]]
    for table in ("tags", "series"):
        lines += ["", f"{lengths(table):<48}" + "".join(f"{title:>12}" for _, title in titles)]
        for row in results["rows"]:
            if row["table"] != table:
                continue
            ours = row["values"]["array"]
            cells = [f"{show(ours)} {row['unit']}"]
            cells += [show(row["values"][key] / ours) + " x" if key in row["values"] else "" for key, _ in titles[1:]]
            lines.append(f"{row['question']:<48}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def readme(results):
    """The table for README, in Markdown."""
    titles = columns(results)
    lines = ["| " + " | ".join(["", *(title for _, title in titles)]) + " |", "|---" * (len(titles) + 1) + "|"]
    for table in ("tags", "series"):
        lines.append(f"| *{lengths(table)}* |" + " |" * len(titles))
        for row in results["rows"]:
            if row["table"] == table:
                ours = row["values"]["array"]
                cells = [row["question"], f"{show(ours)} {row['unit']}"]
                cells += [show(row["values"][key] / ours) + " x" if key in row["values"] else ""
                          for key, _ in titles[1:]]
                lines.append("| " + " | ".join(cells) + " |")
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    lines += ["", f"{results['date']}, {results['machine']} ({results['instructions']}), one thread; {versions}.",
              "NumPy holds its arrays in memory; the others read a table. `make bench` measures this on your machine."]
    return "\n".join(lines)


def renew_readme(output, path):
    with open(os.path.join(output, "bench.json"), encoding="utf8") as file:
        table = readme(json.load(file))
    with open(path, encoding="utf8") as file:
        text = file.read()
    begin, end = "<!-- results: begin -->\n", "<!-- results: end -->"
    head, rest = text.split(begin)
    with open(path, "w", encoding="utf8") as file:
        file.write(head + begin + table + "\n" + end + rest.split(end)[1])


def drawing(results):
    """A page with a bar for each engine and question, on a logarithmic scale."""
    titles = columns(results)
    colours = ["#2f81f7", "#d29922", "#8957e5", "#3fb950", "#db6d28", "#768390"]
    parts = ["<!doctype html><meta charset='utf-8'><meta name='viewport' content='width=device-width'>",
             "<title>sqlite-array: results</title>",
             "<style>:root{color-scheme:light dark}body{font:15px system-ui,sans-serif;max-width:46rem;margin:2rem auto;"
             "padding:0 1rem}svg{width:100%;height:auto}text{font:12px system-ui,sans-serif;fill:currentColor}</style>",
             f"<h1>sqlite-array</h1><p>{html.escape(page(results).split(chr(10))[0])}. Shorter is better; each bar says how "
             "many times as much as arrays take. The scale is logarithmic.</p>"]
    for row in results["rows"]:
        ours = row["values"]["array"]
        most = max(2.0, max(value / ours for value in row["values"].values()))
        least = min(0.5, min(value / ours for value in row["values"].values()))
        parts.append(f"<h3>{html.escape(row['question'])} <small>({html.escape(lengths(row['table']))})</small></h3>")
        shown = [(i, key, title) for i, (key, title) in enumerate(titles) if key in row["values"]]
        parts.append(f"<svg viewBox='0 0 640 {24 * len(shown)}' role='img'>")
        for line, (i, key, title) in enumerate(shown):
            ratio = row["values"][key] / ours
            length = 8 + 400 * math.log(ratio / least) / math.log(most / least)
            label = f"{show(row['values'][key])} {row['unit']}" + ("" if key == "array" else f", {show(ratio)} x")
            parts.append(f"<text x='0' y='{24 * line + 16}'>{html.escape(title)}</text>"
                         f"<rect x='90' y='{24 * line + 4}' width='{length:.0f}' height='16' rx='2' fill='{colours[i]}'/>"
                         f"<text x='{96 + length:.0f}' y='{24 * line + 16}'>{html.escape(label)}</text>")
        parts.append("</svg>")
    return "\n".join(parts)


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--readme":
        renew_readme(sys.argv[2], sys.argv[3])
        return
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    output = sys.argv[2]
    folder = tempfile.mkdtemp(prefix="sqlite-array-bench-")
    try:
        results = measure(os.path.abspath(sys.argv[1]), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with open(os.path.join(output, "bench.json"), "w", encoding="utf8") as file:
        json.dump(results, file, indent=1)
    with open(os.path.join(output, "bench.html"), "w", encoding="utf8") as file:
        file.write(drawing(results))
    print(page(results))


if __name__ == "__main__":
    main()
