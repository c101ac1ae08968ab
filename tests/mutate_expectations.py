"""Changes what each test expects, and tells which tests pass all the same: those are tests that cannot fail.

    python3 tests/mutate_expectations.py [FILE...]        make mutate-expectations [T= tests/x.t tests/unit_y.c]

SQL scripts (tests/*.t), on copies, with all checks of a script changed at once:
    expectation   another value for eq(), an opposite condition for ok(), another pattern for throws()
    statement     of throws() the first word is misspelt, which is another error than the one expected
Programs (tests/unit_*.c), compiled for this in BUILD/expectations:
    check         every ok(), eq_int() and eq_text() is called, so that its opposite would be noticed (unit.h turns each round)
    statement     each literal that is an SQL statement is misspelt in the program, one at a time, which must fail or end it

Prints a line for each change that no check notices and each check that is never made. Those that are right as they are
stand in tests/expectations.txt, each with a reason. The exit status is 1 if others are left.
"""

import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

BUILD = os.environ.get("BUILD", "build")
COPIES = os.path.join(BUILD, "expectations")
KNOWN = "tests/expectations.txt"
SECONDS = 300  # for a test whose statement was changed; what runs into it counts as noticed
VERBS = "SELECT INSERT REPLACE UPDATE DELETE CREATE DROP ALTER BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE PRAGMA ATTACH DETACH VACUUM EXPLAIN WITH VALUES".split()
OPPOSITES = [(" IS NOT ", " IS "), (" IS ", " IS NOT "), (" <> ", " = "), (" = ", " <> "), (" <= ", " > "), (" >= ", " < "), (" < ", " >= "), (" > ", " <= ")]


def run(*command, **environment):
    """The lines that a command prints, and its exit status."""
    env = {**os.environ, "BUILD": BUILD, "TEST_TIMEOUT": str(SECONDS), **environment}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.stdout.splitlines(), done.returncode


# SQL scripts


def skip_quoted(sql, at):
    """The end of the literal, name or comment that begins at this place; the place itself if none does."""
    if sql.startswith("--", at):
        end = sql.find("\n", at)
        return len(sql) if end < 0 else end
    if sql[at] in "'\"":
        end = at + 1
        while sql[end] != sql[at] or sql[end + 1 : end + 2] == sql[at]:
            end += 2 if sql[end] == sql[at] else 1
        return end + 1
    return at


def arguments(sql, at):
    """[(begin, end)] of the arguments of a call whose opening parenthesis is before this place."""
    found, depth, begin = [], 0, at
    while True:
        past = skip_quoted(sql, at)
        if past > at:
            at = past
            continue
        if sql[at] in "([":
            depth += 1
        elif sql[at] in ")]" or (sql[at] == "," and depth == 0):
            if depth == 0:
                found.append((begin, at))
                begin = at + 1
                if sql[at] != ",":
                    return found
            else:
                depth -= 1
        at += 1


def checks(sql):
    """[(name of the function, its arguments)] of the calls of eq, ok and throws outside of literals"""
    found, at = [], 0
    while at < len(sql):
        past = skip_quoted(sql, at)
        call = re.compile(r"\b(eq|ok|throws)\(").match(sql, at) if past == at and not sql[at - 1 : at].isalnum() else None
        if call and sql[at - 1 : at] != "_":
            found.append((call[1], arguments(sql, call.end())))
        at = past if past > at else at + 1
    return found


def opposite(condition):
    """The condition with its first comparison outside of literals and parentheses turned round, else negated."""
    depth, at = 0, 0
    while at < len(condition):
        past = skip_quoted(condition, at)
        if past > at:
            at = past
            continue
        depth += (condition[at] in "([") - (condition[at] in ")]")
        for old, new in OPPOSITES if depth == 0 else ():
            if condition.startswith(old, at) and " AND " not in condition and " OR " not in condition and " BETWEEN " not in condition:
                return condition[:at] + new + condition[at + len(old) :]
        at += 1
    return f"NOT ({condition})"


def changed_script(sql, kind, only=None):
    """A script with all its checks changed, or the one of that number; the name of each says its number."""
    edits = []
    for number, (function, places) in enumerate(checks(sql)):
        texts = [sql[begin:end] for begin, end in places]
        edits.append((*places[-1], f"'@{number}@ ' || ({texts[-1]})"))
        if only not in (None, number) or kind == "none":
            continue
        if kind == "statement":
            if function == "throws":
                edits.append((*places[0], f"'X' || ({texts[0].strip()})"))
        elif function == "ok":
            edits.append((*places[0], opposite(texts[0])))
        elif function == "eq":  # another value, but of the same statement
            edits.append((*places[1], f"(SELECT iif(x IS NULL, 0, x || '~') FROM (SELECT {texts[1]} AS x))"))
        else:
            edits.append((*places[1], f"'~' || ({texts[1]})"))
    for begin, end, text in sorted(edits, reverse=True):
        sql = sql[:begin] + " " + text + sql[end:]
    return sql


def of_script(path):
    """The findings in a script."""
    with open(path, encoding="utf-8") as file:
        sql = file.read()
    copy = os.path.join(tempfile.mkdtemp(), os.path.basename(path))  # not in BUILD, where tests/run expects programs
    every = checks(sql)

    def run_changed(kind, only=None):
        with open(copy, "w", encoding="utf-8") as file:
            file.write(changed_script(sql, kind, only))
        lines, status = run("tests/run", copy)
        found = [re.match(r"(not ok|ok) \d+ - @(\d+)@ (.*)", line) for line in lines]
        return [(int(line[2]), line[1] == "ok", line[3]) for line in found if line and " # SKIP " not in line[3]], status

    if run_changed("none")[1]:
        yield f"{path}: fails as it is"
        return
    made = 0
    for kind in "expectation", "statement":
        numbers = [n for n, (function, _) in enumerate(every) if kind == "expectation" or function == "throws"]
        if not numbers:
            continue
        results, status = run_changed(kind)
        run_numbers = {number for number, _, _ in results}
        if status and not set(numbers) <= run_numbers:  # a change has ended the script: one after another
            results = []
            for number in numbers:
                one, status = run_changed(kind, number)
                mine = [result for result in one if result[0] == number]
                results += mine if mine or not status else [(number, False, "")]
            run_numbers = {number for number, _, _ in results}
        made += sum(number in numbers for number, _, _ in results)
        for number, passed, name in results:
            if passed and number in numbers:
                yield f"{path}: {kind}: {name}"
        for number in sorted(set(numbers) - run_numbers):
            begin, end = every[number][1][-1]
            yield f"{path}: never made: {sql[begin:end].strip()}"
    shutil.rmtree(os.path.dirname(copy))
    counted["changes of checks in scripts"] = counted.get("changes of checks in scripts", 0) + made


# Programs


CALL = re.compile(r"(?<![\w>.])(ok|eq_int|eq_text)\(")


def calls(source):
    """[(begin, arguments)] of the checks"""
    code = re.sub(r"'(\\.|[^'\\])'", lambda character: " " * len(character[0]), source).replace("'", " ")
    code = code.replace('\\"', "  ")
    return [(found.start(), arguments(code, found.end())) for found in CALL.finditer(code)]


def literals(source):
    """The string literals as bytes, adjacent ones joined as the compiler does, without the names of checks"""
    code = re.sub(r"/\*.*?\*/", lambda comment: re.sub(r"[^\n]", " ", comment[0]), source, flags=re.DOTALL)
    names = [places[1 if source.startswith("ok(", begin) else 2][0] for begin, places in calls(source) if len(places) > 1]
    for found in re.finditer(r'(?<!\')"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*', code):
        if any(not source[begin : found.start()].strip() for begin in names if begin <= found.start()):
            continue
        text = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', found[0]))
        try:
            yield text.replace("\\?", "?").encode().decode("unicode_escape").encode("latin-1")
        except ValueError:  # not of bytes alone
            pass


def of_program(path):
    """The findings in a program."""
    program = os.path.join(COPIES, path[:-2] + ".t")
    with open(path, encoding="utf-8") as file:
        source = file.read()
    lines, _ = run("tests/run", program, BUILD=COPIES, SQA_LIBRARIES=BUILD, TEST_THOROUGH="yes", UNIT_TURNED_ROUND="yes")
    turned = [re.match(r"(not ok|ok) \d+ - @([^@]*)@ (.*)", line) for line in lines]
    made = {line[2] for line in turned if line}
    for line in turned:
        if line and line[1] == "ok" and " # SKIP " not in line[3]:
            yield f"{path}: check: {line[3]}"
    for begin, places in calls(source):
        if source.startswith("ok(false", begin):
            continue
        first = source.count("\n", 0, begin) + 1
        last = source.count("\n", 0, places[-1][1]) + 1
        if not any(f"{os.path.basename(path)}:{line}" in made for line in range(first, last + 1)):
            yield f"{path}: never made: {' '.join(source[begin:].split())[:70]}"
    counted["checks of programs"] = counted.get("checks of programs", 0) + len(made)

    with open(program, "rb") as file:
        binary = file.read()
    copy = program + ".changed"
    for text in literals(source):
        word = re.match(rb"[A-Z]+", text)
        if not word or word[0].decode() not in VERBS or text.strip().decode("latin-1") in VERBS or binary.count(text + b"\0") != 1:
            continue
        misspelt = word[0][:-1] + bytes([word[0][-1] ^ 3])
        with open(copy, "wb") as file:
            file.write(binary.replace(text + b"\0", misspelt + text[len(word[0]) :] + b"\0"))
        os.chmod(copy, 0o755)
        counted["statements of programs"] = counted.get("statements of programs", 0) + 1
        if run("tests/run", copy, BUILD=COPIES, SQA_LIBRARIES=BUILD)[1] == 0:
            yield f"{path}: statement: {text.decode('latin-1')[:90]}"
    os.remove(copy) if os.path.exists(copy) else None


counted = {}


def main():
    paths = sys.argv[1:] or sorted(glob.glob("tests/*.t") + glob.glob("tests/unit_*.c"))
    paths = [path for path in paths if path != "tests/00_tap.t"]  # its expectations are the texts of failing checks
    os.makedirs(COPIES, exist_ok=True)
    with open(KNOWN, encoding="utf-8") as file:
        known = {line.split(" ::: ")[0] for line in file if " ::: " in line}
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        results = pool.map(lambda path: list(of_script(path) if path.endswith(".t") else of_program(path)), paths)
        findings = [finding for result in results for finding in result]
    found = list(dict.fromkeys(" ".join(finding.split()) for finding in findings))
    print(*[finding for finding in found if finding not in known], sep="\n")
    print("# " + ", ".join(f"{n} {what}" for what, n in counted.items()))
    print(f"# {len(found)} that cannot fail or are not made, {sum(finding in known for finding in found)} of them explained in {KNOWN}")
    sys.exit(not set(found) <= known)


main()
