"""Changes the C code in one place after another, and tells which changes no test notices.

    python3 tests/mutate.py COUNT SEED FILE...        make mutants COUNT= SEED= FILES= [T= the tests to run]

Works on a copy of the tree, in build/mutants or TREE. COUNT changes are drawn from all that mutants_of() finds in the
files. A change of which the compiler makes the same machine code is none. Then the tests run, the most promising first,
until one fails twice: that kills the change. What is known to make no difference stands in tests/mutants.txt with a
reason; if anything else survives, the exit status is 1.
"""

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import time

TREE = os.environ.get("TREE", "build/mutants")
FLAGS = ["CFLAGS=-O1 -g0", "BUILD=build"]
MEMORY = 6 << 30  # bytes of address space for a test

# What is looked for in a line, and what it becomes. Operators stand between blanks, as clang-format writes them.
SWAPS = [
    (" < ", " <= "), (" < ", " > "), (" <= ", " < "), (" > ", " >= "), (" > ", " < "), (" >= ", " > "), (" == ", " != "), (" != ", " == "),
    (" + ", " - "), (" - ", " + "), (" * ", " / "), (" / ", " * "), (" % ", " / "), (" << ", " >> "), (" >> ", " << "),
    (" & ", " | "), (" | ", " & "), (" ^ ", " | "), (" && ", " || "), (" || ", " && "),
    (" += ", " -= "), (" -= ", " += "), (" |= ", " &= "), (" &= ", " |= "), (" |= ", " = "), ("++", "--"),
    ("true", "false"), ("false", "true"), ("break;", ";"), ("continue;", ";"),
]  # fmt: skip
STATEMENT = re.compile(r"^\s+(?=\S)(?!return|break|continue|goto|case|default|const |static |struct \w+ \w|u?int\d+_t |size_t |bool |char |double |void |enum )[^=;]*(\(.*\)|[-+|&]?= .*|\+\+|--);$")


def mutants_of(line):
    """All changed forms of a line of code."""
    code = re.sub(r'"(\\.|[^"\\])*"|/\*.*?\*/|\'(\\.|[^\'\\])+\'', lambda found: "\0" * len(found[0]), line)
    if not code.strip() or code.lstrip().startswith(("#", "/*", "**", "*/", "assert")) or code.startswith(("SQLITE_", "SQA_")):
        return
    for old, new in SWAPS:
        for found in re.finditer(re.escape(old) if old[0] in " +" else r"\b" + old, code):
            yield line[: found.start()] + new + line[found.end() :]
    for found in re.finditer(r"(?<![\w.])\d+(?![\w.])", code):
        for number in {int(found[0]) + 1, max(int(found[0]) - 1, 0)} - {int(found[0])}:
            yield line[: found.start()] + str(number) + line[found.end() :]
    found = re.match(r"(.*\b(?:if|while) \()(.*)(\).*)$", code)
    if found and code.count("(") == code.count(")"):
        start, end = found.span(2)
        yield f"{line[:start]}!({line[start:end]}){line[end:]}"
    found = re.match(r"(\s*return )(?!NULL|true|false|SQA_OK|SQLITE_OK)(.* [<>=!]=? .*|.* (?:&&|\|\|) .*);$", code)
    if found and " ? " not in code:
        yield f"{found[1]}!({line[found.start(2):found.end(2)]});\n"
    found = re.match(r"(\s*return )(?:\w*status|rc);$", code)
    if found:
        yield found[1] + "0;\n"
    if STATEMENT.match(code) and "," not in code.split("(")[0]:
        yield re.match(r"\s*", line)[0] + ";\n"


def sites(path):
    """(line number, changed line) for each change of a file, comments apart."""
    in_comment = False
    for number, line in enumerate(open(os.path.join(TREE, path), encoding="utf-8")):
        if not in_comment:
            for changed in dict.fromkeys(mutants_of(line)):
                yield number, changed
        opened, closed = line.rfind("/*"), line.rfind("*/")
        in_comment = opened > closed or (in_comment and closed < 0)


def copy_tree():
    for root in ("ext", "include", "sql", "tests"):
        for directory, _, files in os.walk(root):
            os.makedirs(os.path.join(TREE, directory), exist_ok=True)
            for name in files:
                copy_if_changed(os.path.join(directory, name))
    copy_if_changed("Makefile")


def copy_if_changed(path):
    copy = os.path.join(TREE, path)
    if not os.path.exists(copy) or open(path, "rb").read() != open(copy, "rb").read():
        shutil.copy(path, copy)


def run(*command, **environment):
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    return subprocess.run(command, cwd=TREE, env={**os.environ, **environment}, capture_output=True, text=True, errors="replace", preexec_fn=limit)


def make(*goals):
    """make without a look at what is installed."""
    return run("make", "-s", "-o", "deps", *FLAGS, *goals)


class Tests:
    """The tests of make test: first those that are fast, or have killed changes, most of all changes of the same file."""

    def __init__(self):
        listed = make("--eval", "list:;@echo $(TESTS)", "list").stdout.split()
        self.time, self.kills = {}, {}
        for test in listed:
            start = time.time()
            if self.passes(test, 600):
                self.time[test], self.kills[test] = time.time() - start, []
            else:
                print(f"# {test} fails without any change, and is left out")

    def passes(self, test, seconds):
        if test.startswith("build/") and make(test).returncode:
            return False
        return run("prove", "-Q", "--exec", "tests/run", test, BUILD="build", TEST_TIMEOUT=str(int(seconds))).returncode == 0

    def killer(self, path):
        """The first test that a change of this file fails, and fails again; or None."""
        unlikely = [] if "/kernel/" in path else ["build/tests/unit_kernels.t", "build/tests/unit_sort.t"]
        worth = lambda test: (1 + len(self.kills[test]) + 10 * self.kills[test].count(path)) / self.time[test]
        for test in sorted(self.time, key=worth, reverse=True):
            if test not in unlikely and not any(self.passes(test, 30 + 10 * self.time[test]) for _ in range(2)):
                self.kills[test].append(path)
                return test
        return None


def object_of(path):
    return "build/" + path[:-2] + ".o"


def code_of(path):
    with open(os.path.join(TREE, object_of(path)), "rb") as file:
        return file.read()


class Mutant:
    def __init__(self, path, number, changed):
        self.path, self.number, self.changed = path, number, changed
        self.lines = open(os.path.join(TREE, path), encoding="utf-8").read().splitlines(keepends=True)

    def text(self):
        """As in tests/mutants.txt: file ::: line ::: changed line."""
        return " ::: ".join((self.path, self.lines[self.number].strip(), self.changed.strip()))

    def write(self, changed):
        lines = self.lines[: self.number] + [self.changed if changed else self.lines[self.number]] + self.lines[self.number + 1 :]
        with open(os.path.join(TREE, self.path), "w", encoding="utf-8") as file:
            file.writelines(lines)

    def fate(self, tests, originals):
        """A word for what has become of it, and the test that has killed it."""
        self.write(True)
        try:
            if make(object_of(self.path)).returncode:
                return "not compiled", ""
            if code_of(self.path) == originals[self.path]:
                return "same code", ""
            make("all")
            killer = tests.killer(self.path)
            return ("killed", killer) if killer else ("survived", "")
        finally:
            self.write(False)


def known():
    """The changes that make no difference; one of a line that is no more is named, for it is to be looked at anew."""
    lines = open("tests/mutants.txt", encoding="utf-8").read().splitlines()
    changes = [line.split(" ::: ") for line in lines if line and not line.startswith("#")]
    for path, line, _, _ in changes:
        if not os.path.exists(path) or line not in map(str.strip, open(path, encoding="utf-8")):
            print(f"# tests/mutants.txt: {path} has no line: {line}")
    return {" ::: ".join(change[:3]) for change in changes}


def main():
    count, seed, paths = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    equivalent = known()
    copy_tree()
    built = make("all", "build/tests/tap.so")
    if built.returncode:
        sys.exit(built.stderr)
    originals = {path: code_of(path) for path in paths}
    tests = Tests()
    mutants = [Mutant(path, *site) for path in paths for site in sites(path)]
    print(f"# {len(mutants)} changes of {len(paths)} files, {count} of them drawn with seed {seed}; {len(tests.time)} tests")
    fates = {}
    for mutant in random.Random(seed).sample(mutants, min(count, len(mutants))):
        fate, killer = ("equivalent", "") if mutant.text() in equivalent else mutant.fate(tests, originals)
        fates[fate] = fates.get(fate, 0) + 1
        print(f"{fate:12} {killer.replace('build/', ''):24} {mutant.number + 1:4} {mutant.text()}", flush=True)
    killed, survived = fates.get("killed", 0), fates.get("survived", 0)
    print("# " + ", ".join(f"{n} {fate}" for fate, n in fates.items()))
    print(f"# {killed} of {killed + survived} killed, {100 * killed / max(killed + survived, 1):.1f} %")
    sys.exit(survived > 0)


if __name__ == "__main__":
    main()
