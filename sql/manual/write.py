#!/usr/bin/python3
"""Writes the manual as one page that needs nothing else: BUILD/manual/index.html.

    sql/manual/write.py BUILD

It is made from the lists of functions, array_functions and array_file_functions of the libraries in BUILD; from the rules in
sql/README.md; from the recipes in sql/cookbook.sql; and from the templates beside this script. With BUILD/wasm, which
`make wasm` writes, examples can be changed and run in the page. Without it the page says so.

Every id is used once and every link leads somewhere, or nothing is written.
"""
import base64
import gzip
import html
import os
import re
import sqlite3
import string
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SQL = os.path.dirname(HERE)
FUNCTIONS = "SELECT family, name, kind, signature, summary, example, result FROM array_functions"
FILE_FUNCTIONS = FUNCTIONS.replace("array_functions", "array_file_functions")
NOT_LIVE = """<p class="note">This copy was written without the WebAssembly build, so the examples cannot be run here:
<code>make wasm docs</code> writes one in which they can.</p>"""


def read(*path, binary=False):
    with open(os.path.join(*path), "rb" if binary else "r", encoding=None if binary else "utf-8") as file:
        return file.read()


class Links:
    """Ids of the page, each of which is used once, and links to them."""

    def __init__(self):
        self.ids = {"search", "shell", "rules", "cookbook", "contents", "manual", "top"}
        self.functions = set()

    def new(self, text, prefix=""):
        name = prefix + re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")
        if name in self.ids:
            sys.exit(f"sql/manual/write.py: two things have the id {name}")
        self.ids.add(name)
        return name

    def text(self, text):
        """Text as HTML: what is in backquotes is code, names of functions are links."""
        parts = [html.escape(part) for part in re.split(r"`([^`]*)`", text)]
        for i in range(1, len(parts), 2):
            parts[i] = f"<code>{parts[i]}</code>"
        plain = re.sub(r"\*([^*\s][^*]*)\*", r"<em>\1</em>", "".join(parts))
        return re.sub(r"\barray_\w+", lambda m: f'<a href="#{m[0]}">{m[0]}</a>' if m[0] in self.functions else m[0], plain)


def connect(build):
    db = sqlite3.connect(":memory:")
    db.enable_load_extension(True)
    for library in ("array", "array_file"):
        db.load_extension(os.path.join(os.path.abspath(build), library))
    return db


def families(db):
    """The lists of functions: (family, [(name, kind, signature, summary, example, result), ...]) in their order."""
    found = {}
    for family, *entry in db.execute(FUNCTIONS).fetchall() + db.execute(FILE_FUNCTIONS).fetchall():
        found.setdefault(family, []).append(entry)
    return list(found.items())


def recipes():
    """The cookbook: (title, what it is for, statements, result)."""
    for chunk in re.split(r"^-- == ", read(SQL, "cookbook.sql"), flags=re.M)[1:]:
        title, *lines = chunk.rstrip().split("\n")
        about = [line[3:] for line in lines if line.startswith("-- ")]
        result = [line[4:] for line in lines if line.startswith("-->")]
        statements = [line for line in lines if not line.startswith(("-- ", "-->"))]
        yield title, " ".join(about), "\n".join(statements).strip(), "\n".join(result)


def rules(links):
    """The rules of the reference, a list of one level in Markdown, as HTML."""
    section = read(SQL, "README.md").split("## Rules that hold everywhere\n")[1].split("\n## ")[0]
    items = re.sub(r"\n  +", " ", section).strip().split("\n")
    return "<ul>" + "".join(f"<li>{links.text(item.removeprefix('* '))}</li>\n" for item in items) + "</ul>"


def example_html(code, result, kind):
    return (f'<div class="example" data-kind="{kind}"><pre class="code"><code>{html.escape(code)}</code></pre>'
            f'<pre class="result"><samp>{html.escape(result)}</samp></pre></div>')


def entry_html(links, name, kind, signature, summary, example, result):
    lines = re.sub(r"; (?=CREATE |INSERT |SELECT )", ";\n", example)
    shown = "NULL" if result in (None, "") else result
    return (f'<article class="entry" id="{name}" tabindex="-1">\n'
            f'<h3><a href="#{name}">{html.escape(signature)}</a>{"" if kind == "scalar" else f" <small>{kind}</small>"}</h3>\n'
            f"<p>{links.text(summary)}</p>\n{example_html(lines, shown, 'function')}\n</article>\n")


def family_html(links, place, family, entries):
    names = " ".join(f'<a href="#{name}">{name}</a>' for name, *_ in entries)
    body = "".join(entry_html(links, *entry) for entry in entries)
    return f'<section class="family" id="{place}">\n<h2>{html.escape(family)}</h2>\n<p class="names">{names}</p>\n{body}</section>\n'


def recipe_html(links, place, title, about, statements, result):
    return (f'<article class="entry recipe" id="{place}" tabindex="-1">\n<h3><a href="#{place}">{html.escape(title)}</a></h3>\n'
            f"<p>{links.text(about)}</p>\n{example_html(statements, result, 'recipe')}\n</article>\n")


def contents_html(places, heading):
    items = "".join(f'<li><a href="#{place}">{html.escape(title)}</a></li>\n' for place, title in places)
    return f"<h2>{heading}</h2>\n<ul>{items}</ul>\n"


def in_script(text):
    """The text as it can stand in a <script>."""
    if re.search(r"</script|<!--", text, re.I):
        sys.exit("sql/manual/write.py: a script ends too early, at </script or <!--")
    return text


def is_live(build):
    """Whether there is a WebAssembly build; tells when a source is newer."""
    wasm = os.path.join(build, "wasm", "sqlite-array.mjs")
    if not os.path.exists(wasm):
        return False
    top = os.path.dirname(SQL)
    sources = [os.path.join(folder, name) for part in ("ext", "include")
               for folder, _, names in os.walk(os.path.join(top, part))
               for name in names if name.endswith((".c", ".h", ".def", ".mjs"))]
    if max(map(os.path.getmtime, sources)) > os.path.getmtime(wasm):
        print("The examples in the page run in a WebAssembly build that is older than the sources; `make wasm docs` renews it.")
    return True


def live_html(build):
    """What makes examples live: the WebAssembly, compressed, in base64; what runs it in a worker; what shows the results."""
    wasm = base64.b64encode(gzip.compress(read(build, "wasm", "sqlite-array.wasm", binary=True), mtime=0)).decode()
    primes = base64.b64encode(read(SQL, "primes.npy", binary=True)).decode()
    worker = in_script(read(build, "wasm", "sqlite-array.mjs") + read(HERE, "worker.js"))
    return (f'<script type="text/plain" id="wasm">{wasm}</script>\n<script type="text/plain" id="primes">{primes}</script>\n'
            f'<script type="text/plain" id="worker">{worker}</script>\n'
            f'<script>{in_script(read(HERE, "results.js"))}</script>\n<script>{in_script(read(HERE, "live.js"))}</script>')


def page_html(build):
    db = connect(build)
    listed = families(db)
    links = Links()
    for _, entries in listed:
        links.functions.update(links.new(name) for name, *_ in entries)
    cookbook = [(links.new(title, "recipe-"), title, *rest) for title, *rest in recipes()]
    chapters = [(links.new(family), family, entries) for family, entries in listed]
    live = is_live(build)
    return string.Template(read(HERE, "page.html")).substitute(
        version=db.execute("SELECT array_version()").fetchone()[0],
        style=read(HERE, "page.css"),
        contents=contents_html([(place, family.split(" (")[0]) for place, family, _ in chapters], "Functions")
        + contents_html([recipe[:2] for recipe in cookbook], "Cookbook"),
        shell=read(HERE, "shell.html") if live else NOT_LIVE,
        rules=rules(links),
        families="".join(family_html(links, *chapter) for chapter in chapters),
        recipes="".join(recipe_html(links, *recipe) for recipe in cookbook),
        script=in_script(read(HERE, "page.js")),
        live=live_html(build) if live else "",
    )


def main(build):
    page = page_html(build)
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    lost = set(re.findall(r'href="#([^"]+)"', page)) - ids
    if lost:
        sys.exit(f"sql/manual/write.py: links lead nowhere: {' '.join(sorted(lost))}")
    os.makedirs(os.path.join(build, "manual"), exist_ok=True)
    with open(os.path.join(build, "manual", "index.html"), "w", encoding="utf-8") as file:
        file.write(page)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
