#!/usr/bin/python3
"""What README.md shows runs as it is shown: SQL, Python, C, and JavaScript where node has SQLite.

In SQL a line that begins with `-->` is a row that the shell prints; in a program, what stands behind a print, as a
comment, is what it prints.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD", "build")
checks = 0


def check(passed, name, got="", expected=""):
    global checks
    checks += 1
    print(("ok" if passed else "not ok") + f" {checks} - {name}")
    if not passed:
        print("# got:\n#   " + got.replace("\n", "\n#   ") + "\n# expected:\n#   " + expected.replace("\n", "\n#   "))


def skip(name, why):
    global checks
    checks += 1
    print(f"ok {checks} - {name} # SKIP {why}")


def run(command, text=None, folder=None):
    done = subprocess.run(command, input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          cwd=folder)
    return done.stdout.strip()


def expected_of(program, comment):
    return "\n".join(re.findall(rf"{comment} (\S+)$", program, re.M))


def test_sql(blocks):
    statements = "\n".join(blocks)
    shell = ["sqlite3", "-batch", "-bail", "-init", "/dev/null", "-cmd", f".load {BUILD}/array", ":memory:"]
    expected = "\n".join(re.findall(r"^--> (.*)$", statements, re.M))
    got = run(shell, statements)
    check(got == expected, f"{len(blocks)} pieces of SQL print what README says", got, expected)


def test_python(program):
    got = run(["/usr/bin/python3", "-c", program.replace("build/array", f"{BUILD}/array")])
    check(got == expected_of(program, "#"), "the Python program", got, expected_of(program, "#"))


def test_c(program):
    folder = tempfile.mkdtemp()
    try:
        source, binary = os.path.join(folder, "example.c"), os.path.join(folder, "example")
        with open(source, "w", encoding="utf8") as file:
            file.write(program.replace("build/array", f"{BUILD}/array"))
        got = run(["cc", "-std=c99", "-Wall", "-Werror", source, "-o", binary, "-lsqlite3"]) or run([binary])
    finally:
        shutil.rmtree(folder)
    check(got == expected_of(program, "//"), "the C program", got, expected_of(program, "//"))


def test_js(program):
    has_sqlite = shutil.which("node") is not None and run(["node", "-e", "require('node:sqlite'); console.log(1)"])
    if not has_sqlite or has_sqlite.split("\n")[0] != "1":
        skip("the JavaScript program", "this node has no node:sqlite")
        return
    got = run(["node", "--no-warnings", "-e", program.replace("build/array", f"{BUILD}/array")])
    check(got == expected_of(program, "//"), "the JavaScript program", got, expected_of(program, "//"))


with open("README.md", encoding="utf8") as readme:
    pieces = re.findall(r"^```(\w+)\n(.*?)^```$", readme.read(), re.M | re.S)
print("1..4")
test_sql([text for language, text in pieces if language == "sql"])
for wanted, test in (("python", test_python), ("c", test_c), ("js", test_js)):
    for language, text in pieces:
        if language == wanted:
            test(text)
sys.exit(0 if checks == 4 else 1)
