#!/usr/bin/env python3
"""Packs the npm packages, offline, by npm pack: pack.py FOLDER PLATFORM=LIBRARIES ...

FOLDER gets sqlite-array-VERSION.tgz and, for each PLATFORM such as linux-x64, linux-x64-musl or win32-x64,
sqlite-array-PLATFORM-VERSION.tgz with the two libraries of the folder LIBRARIES; the first package has these as optional
dependencies.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..", "..")


def pack(folder, manifest, files):
    with tempfile.TemporaryDirectory() as package:
        for file in files + [os.path.join(TOP, "LICENSE")]:
            shutil.copy(file, package)
        with open(os.path.join(package, "package.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file, indent=2)
        subprocess.run(["npm", "pack", "--silent", "--pack-destination", os.path.abspath(folder)], cwd=package, check=True)


def main(folder, *platforms):
    with open(os.path.join(TOP, "include", "sqlite_array.h"), encoding="utf-8") as file:
        version = re.search('#define SQLITE_ARRAY_VERSION "(.*)"', file.read())[1]
    platforms = dict(platform.split("=", 1) for platform in platforms)
    common = {"version": version, "description": "Integer arrays as values in SQLite", "license": "MIT"}
    for platform, libraries in platforms.items():
        system, machine, *libc = platform.split("-")
        manifest = {"name": f"sqlite-array-{platform}", **common, "os": [system], "cpu": [machine]}
        if system == "linux":
            manifest["libc"] = libc or ["glibc"]
        suffix = {"win32": "dll", "darwin": "dylib"}.get(system, "so")
        pack(folder, manifest, [os.path.join(libraries, f"{name}.{suffix}") for name in ("array", "array_file")])
    entry = {"types": "./index.d.ts", "import": "./index.mjs", "require": "./index.cjs"}
    manifest = {
        "name": "sqlite-array", **common, "main": "index.cjs", "module": "index.mjs", "types": "index.d.ts", "exports": {".": entry},
        "engines": {"node": ">=16"}, "keywords": ["sqlite", "sqlite-extension", "array"],
        "optionalDependencies": {f"sqlite-array-{platform}": version for platform in platforms},
    }
    pack(folder, manifest, [os.path.join(HERE, name) for name in ("index.cjs", "index.mjs", "arrays.cjs", "index.d.ts", "README.md")])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
