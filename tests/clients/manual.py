#!/usr/bin/env python3
"""Writes what is generated of sql/clients.md: manual.py FOLDER writes FOLDER/clients.md.

The programs beside this script have the snippets, between a line with `manual: TITLE` and one with `end`; hosts.tsv has what was run
and when. Both replace what stands between the marks <!-- NAME: begin --> and <!-- NAME: end --> of sql/clients.md.

    manual.py --record RESULTS hosts.tsv      renews hosts.tsv: RESULTS has the TAP of each client
"""
import datetime
import os
import re
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
MANUAL = os.path.join(HERE, "..", "..", "sql", "clients.md")
LANGUAGES = {"sh": "sh", "py": "python", "pl": "perl", "tcl": "tcl", "rb": "ruby", "php": "php", "R": "r", "java": "java",
             "go": "go", "rs": "rust", "c": "c", "cjs": "js", "mjs": "js", "lua": "lua"}
PROGRAMS = ("shell.sh python.py package.py apsw_client.py sqlite-utils.sh node-sqlite.cjs better-sqlite3.cjs libsql.cjs bun.cjs "
            "deno.cjs c.c go.go rust.rs Java.java perl.pl php.php ruby.rb r.R tcl.tcl").split()


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def snippets():
    text = ""
    for program in PROGRAMS:
        found = re.search(r"\n[^\n]*manual: ([^\n]*?)(?: \*/)?\n(.*?)\n[^\n]*\bend\b", read(HERE, program), re.S)
        language = LANGUAGES[program.rsplit(".", 1)[1]]
        text += f"### {found[1]}\n\n```{language}\n{textwrap.dedent(found[2]).strip()}\n```\n\n"
    return text


def hosts():
    text = "| host | run | when |\n|---|---|---|\n"
    for line in read(HERE, "hosts.tsv").splitlines():
        text += "| " + " | ".join(line.split("\t")[1:]) + " |\n"
    return text


def record(results, path):
    lines = dict(line.split("\t", 1) for line in read(path).splitlines()) if os.path.exists(path) else {}
    for name in sorted(os.listdir(results)):
        tap = read(results, name)
        client = re.search("# client: (.*)", tap)
        passed, failed = len(re.findall("^ok ", tap, re.M)), len(re.findall("^not ok ", tap, re.M))
        if client and re.search(r"^1\.\.\d", tap, re.M):
            what = f"{passed} checks pass" + (f", {failed} fail" if failed else "")
            if passed == 1:
                what = "loading fails as is said above"
            lines[name.rsplit(".", 1)[0]] = f"{client[1]}\t{what}\t{datetime.date.today()}"
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{name}\t{line}\n" for name, line in sorted(lines.items()))


def main(folder):
    text = read(MANUAL)
    for name, part in (("snippets", snippets()), ("hosts", hosts())):
        text = re.sub(f"(<!-- {name}: begin -->\n).*(<!-- {name}: end -->)", lambda m: f"{m[1]}\n{part}\n{m[2]}".replace("\n\n\n", "\n\n"), text, flags=re.S)
    with open(os.path.join(folder, "clients.md"), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--record":
        record(*sys.argv[2:])
    elif len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        sys.exit(__doc__)
