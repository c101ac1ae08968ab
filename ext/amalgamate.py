#!/usr/bin/env python3
"""Writes the whole extension as one C file, and its header beside it.

    ext/amalgamate.py FOLDER [XXHASH_H]       writes FOLDER/sqlite-array.c and FOLDER/sqlite_array.h

XXHASH_H is the header of the xxHash library, by default the one that the C compiler $CC finds. Of other files only the
sources beside this script are read.

Each header is written where it is first included, templates (*_tpl.h) and lists (*.def) wherever they are. What a C file
defines for the preprocessor ends with that file. The headers of the system come first, because what follows is hidden
(no symbol of it is exported) and the system's functions must not be.
"""
import os
import re
import shlex
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)

FOLDERS = "kernel core memory sql vtab functions aggregates tables store index".split()
INCLUDE = re.compile(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>|(\w+))')
CONDITION = re.compile(r"\s*#\s*(if|ifdef|ifndef|endif)\b")
DEFINITION = re.compile(r"\s*#\s*define\s+(\w+)")
# The system's headers that not every machine has, and which do.
CONDITIONS = {
    "__x86_64__": ["cpuid.h", "immintrin.h"],
    "__linux__": ["sys/mman.h"],
    "_WIN32": ["io.h", "windows.h"],
}
CONDITION_OF = {name: f"#ifdef {macro}" for macro, names in CONDITIONS.items() for name in names}
CONDITION_OF.update({name: "#ifndef _WIN32" for name in ("sys/stat.h", "unistd.h")})
DEFINED_BY_THE_COMMAND_LINE = re.compile(r"_\w+_SOURCE|_FILE_OFFSET_BITS|WIN32_LEAN_AND_MEAN|XXH_INLINE_ALL")

TITLE = """/*
** sqlite-array %(version)s: integer arrays as values in SQLite, the whole of it as one file.
**
** A library for SQLite to load, as .load ./sqlite-array or load_extension('./sqlite-array'):
**
**     cc -O2 -fPIC -shared sqlite-array.c -o sqlite-array.so -lm
**
** Or compile it with -DSQLITE_CORE and link it with a program that has SQLite in it, which calls
** sqlite3_array_init(db, &message, NULL) or, before it opens connections,
** sqlite3_auto_extension((void (*)(void))sqlite3_array_init). It may also follow sqlite3.c in one translation unit.
**
** With -DSQLITE_ARRAY_FILE it has the functions that read and write files, too, which have an entry point of their
** own, sqlite3_arrayfile_init: .load ./sqlite-array sqlite3_arrayfile_init.
**
** What it needs: sqlite3ext.h and sqlite3.h, 3.38 or later; a compiler for C11 with the extensions of gcc and clang. No
** other flags are needed: kernels for AVX2 and AVX-512 are compiled beside the plain ones, and run where the machine has
** these. It exports its entry points and nothing else.
**
** This file was written by ext/amalgamate.py from the sources: change those. The licence of sqlite-array follows; that
** of xxHash, which is part of this file, stands where it begins.
**
%(licence)s
*/
"""

FEATURES = """#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for madvise() and sync_file_range() */
#endif
#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64 /* where off_t has 32 bits */
#endif
#ifdef _WIN32
#ifndef __USE_MINGW_ANSI_STDIO
#define __USE_MINGW_ANSI_STDIO 1 /* the printf() of C11 */
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#if defined(__GNUC__) && !defined(__clang__)
#define SQA_NO_AVX2 /* gcc keeps vectors of 32 bytes on a stack that Windows aligns to 16 (its bug 54412) */
#endif
#endif
"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read().splitlines()


def c_files(folder):
    return sorted(f"{folder}/{name}" for name in os.listdir(os.path.join(HERE, folder)) if name.endswith(".c"))


class Writer:
    """Lines of the single file, and what they have so far."""

    def __init__(self):
        self.lines = []
        self.written = set()  # headers that were written where no #if, besides their own, is around them
        self.system = []  # the system's headers, in the order of their first use

    def add(self, text):
        self.lines += text.splitlines()

    def source(self, name):
        """A C file, and the end of what it defines for the preprocessor."""
        path = os.path.join(HERE, name)
        self.add(f"\n/******** {name} ********/")
        self.expand(path, name, depth=0)
        defined = []
        for line in read(path):
            match = DEFINITION.match(line)
            if match and not DEFINED_BY_THE_COMMAND_LINE.match(match[1]) and match[1] not in defined:
                defined.append(match[1])
        for macro in defined:
            self.add(f"#undef {macro}")

    def expand(self, path, name, depth):
        """The lines of a file with what it includes in their places; `depth` conditions are around them."""
        own = 1 if name.endswith(".h") and not name.endswith("_tpl.h") else 0  # a header's own condition
        for line in read(path):
            condition = CONDITION.match(line)
            if condition:
                depth += -1 if condition[1] == "endif" else 1
            include = INCLUDE.match(line)
            definition = DEFINITION.match(line)
            if include and include[1]:
                self.include(include[1], depth - own)
            elif include and include[3]:  # of list_tpl.h: SQA_DEF, the list
                self.include(self.list_of_functions, 1)
            elif include and include[2]:
                if include[2] != "xxhash.h" and include[2] not in self.system:
                    self.system.append(include[2])
            elif definition and DEFINED_BY_THE_COMMAND_LINE.match(definition[1]):
                pass  # at the beginning, for all files
            else:
                if definition and definition[1] == "SQA_DEF":
                    self.list_of_functions = re.search(r'"(.*)"', line)[1]
                self.lines.append(line)

    def include(self, name, depth):
        if name in ("sqlite3.h", "sqlite3ext.h"):
            return
        is_header = name.endswith(".h") and not name.endswith("_tpl.h")
        if name in self.written:
            return
        if is_header and depth == 0:
            self.written.add(name)
        path = os.path.join(TOP, "include", name) if name == "sqlite_array.h" else os.path.join(HERE, name)
        self.add(f"/**** {name} ****/")
        self.expand(path, name, depth if is_header else max(depth, 0))
        self.add("/****/")

    def kernels(self, names):
        """The sets of kernels, which gcc is to optimise more than the rest."""
        self.add("\n#if !defined(__clang__) && defined(__OPTIMIZE__)\n#pragma GCC push_options")
        self.add('#pragma GCC optimize("O3")\n#endif')
        for name in names:
            self.source(name)
        self.add("#if !defined(__clang__) && defined(__OPTIMIZE__)\n#pragma GCC pop_options\n#endif")


def find_xxhash():
    """Where the compiler finds xxhash.h: the last prerequisite of a rule that it writes."""
    command = shlex.split(os.environ.get("CC", "cc")) + ["-E", "-M", "-x", "c", "-"]
    rule = subprocess.run(command, input="#include <xxhash.h>\n", capture_output=True, text=True, check=True).stdout
    return next(word for word in rule.split() if word.endswith("/xxhash.h"))


def includes(headers):
    text = ""
    for condition in sorted({CONDITION_OF.get(name, "") for name in headers}):
        lines = "".join(f"#include <{name}>\n" for name in sorted(headers) if CONDITION_OF.get(name, "") == condition)
        text += f"{condition}\n{lines}#endif\n" if condition else lines
    return text


def main(folder, xxhash=None):
    body = Writer()
    kernels = [name for name in c_files("kernel") if name.startswith("kernel/kernels")]
    body.kernels(kernels)
    for part in FOLDERS:
        for name in c_files(part):
            if name not in kernels:
                body.source(name)
    body.source("main.c")
    common = list(body.system)
    body.add("\n#ifdef SQLITE_ARRAY_FILE")
    for name in c_files("file"):
        body.source(name)
    body.source("file_main.c")
    body.add("#endif")
    for_files = [name for name in body.system if name not in common]

    public = read(os.path.join(TOP, "include", "sqlite_array.h"))
    version = next(line.split('"')[1] for line in public if line.startswith("#define SQLITE_ARRAY_VERSION"))
    licence = "\n".join(("** " + line).rstrip() for line in read(os.path.join(TOP, "LICENSE")))
    text = [TITLE % {"version": version, "licence": licence}, FEATURES, includes(common)]
    text += ["#ifdef SQLITE_ARRAY_FILE\n", includes(for_files), "#endif\n"]
    text += ['#ifndef SQLITE3EXT_H\n#include "sqlite3ext.h"\n#endif\n']
    text += ["\n/******** xxhash.h ********/\n#define XXH_INLINE_ALL\n"]
    text += ["\n".join(read(xxhash or find_xxhash())), "\n#undef XXH_INLINE_ALL\n"]
    text += ["\n#define SQA_SINGLE_FILE\n#pragma GCC visibility push(hidden)\n"]
    # clang takes inline functions for unused ones where they stand in no header.
    text += ['#ifdef __clang__\n#pragma clang diagnostic push\n#pragma clang diagnostic ignored "-Wunused-function"\n#endif\n']
    text += ["\n".join(body.lines), "\n\n#ifdef __clang__\n#pragma clang diagnostic pop\n#endif\n#pragma GCC visibility pop\n"]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "sqlite-array.c"), "w", encoding="utf-8") as file:
        file.write("".join(text))
    with open(os.path.join(folder, "sqlite_array.h"), "w", encoding="utf-8") as file:
        file.write("\n".join(public) + "\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
