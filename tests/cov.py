"""Prints how much of ext/ the tests reach: the branches taken at least once, of those that gcc makes without optimising.

    python3 tests/cov.py BUILD        BUILD: where the objects of `make cov` are, with what was counted beside them

A template is compiled once per width and instruction set, a header with each file that includes it. Their branches are
merged: a branch is taken if it is in any of the copies of a function that have as many branches in this line.

Where tests cannot reach a branch the source says why, in a comment with `unreached:` in it, at the end of the line
or before the statement. Such a branch counts as explained, not as covered. The exit status is 1 if less than 95 % are
covered, if a branch is neither covered nor explained, or if a comment explains nothing.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

LEAST = 95  # percent
COMMENT = re.compile(r"/\*(?:(?!\*/).)*?\bunreached:.*?\*/", re.DOTALL)


def branches(build):
    """{(file, line): [how often each branch was taken]} of the files in ext/"""
    notes = [str(path) for path in pathlib.Path(build).rglob("*.gcno")]
    command = ["gcov", "--branch-probabilities", "--json-format", "--stdout", *notes]
    copies = collections.defaultdict(list)
    for report in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        for file in json.loads(report)["files"] if report else []:
            for line in file["lines"]:
                if line["branches"] and file["file"].startswith("ext/"):
                    place = file["file"], line["line_number"]
                    function = re.sub(r"(_(8|16|32|64))?(_(base|avx2|avx512))?$", "", line.get("function_name", ""))
                    counts = [branch["count"] for branch in line["branches"]]
                    copies[place, function, len(counts)].append(counts)
    taken = collections.defaultdict(list)
    for (place, _, _), counts in sorted(copies.items()):
        taken[place] += map(sum, zip(*counts))
    return taken


def explained(path):
    """[(line of a comment, the lines it explains)]"""
    text = pathlib.Path(path).read_text()
    lines = text.split("\n")
    for found in COMMENT.finditer(text):
        first = last = text.count("\n", 0, found.end()) + 1
        if re.fullmatch(r"\s*", text[text.rfind("\n", 0, found.start()) + 1 : found.start()]):
            first = last = first + 1  # nothing stands before it: it is about the statement that follows
            while not re.search(r"[;{}:)]\s*(/\*.*\*/)?$", lines[last - 1]):
                last += 1
        yield text.count("\n", 0, found.start()) + 1, range(first, last + 1)


def main(build):
    taken = branches(build)
    files = sorted({path for path, _ in taken})
    folders = sorted({path.rpartition("/")[0] for path in files})
    total = collections.defaultdict(collections.Counter)
    complaints = []
    for path in files:
        comments = list(explained(path))
        reasons = {line for _, lines in comments for line in lines}
        missed = {line for place, line in taken if place == path and 0 in taken[place, line]}
        source = pathlib.Path(path).read_text().split("\n")
        for line in sorted(line for place, line in taken if place == path):
            counts = taken[path, line]
            never = counts.count(0)
            kind = "explained" if line in reasons else "unexplained"
            for name in (path, path.rpartition("/")[0], "total"):
                total[name] += collections.Counter({"branches": len(counts), "covered": len(counts) - never, kind: never})
            if never:
                times = " ".join(map(str, counts if len(counts) <= 10 else counts[:10] + [".."]))
                print(f"{path}:{line}: {never} of {len(counts)} branches never taken ({times}), {kind}")
                print(f"    {source[line - 1].strip()}")
                if kind == "unexplained":
                    complaints.append(f"{path}:{line}: neither covered nor explained")
        complaints += [f"{path}:{line}: explains nothing" for line, lines in comments if missed.isdisjoint(lines)]

    print("\nbranches  covered     %  explained  unexplained")
    for folder in folders:
        for name in [path for path in files if path.rpartition("/")[0] == folder] + [folder]:
            report(name, total[name])
        print()
    report("total", total["total"])
    print("\nA template counts once: its branches are taken if they are in any copy, of any width and instruction set.")
    if total["total"]["covered"] * 100 < total["total"]["branches"] * LEAST:
        complaints.append(f"less than {LEAST} % of the branches are covered")
    print(*complaints, sep="\n")
    return 1 if complaints else 0


def report(name, of):
    percent = 100 * of["covered"] / of["branches"]
    print(f"{of['branches']:8} {of['covered']:8} {percent:5.1f} {of['explained']:10} {of['unexplained']:12}  {name}")


sys.exit(main(*sys.argv[1:]))
