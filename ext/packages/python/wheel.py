#!/usr/bin/env python3
"""Packs a wheel, offline and without other tools: wheel.py LIBRARIES FOLDER [PLATFORM]

LIBRARIES has array.so and array_file.so, or .dll, or .dylib, whichever PLATFORM has; FOLDER gets sqlite_array-VERSION-py3-none-PLATFORM.whl, the same bytes for the same
input. PLATFORM is manylinux_2_17_x86_64 unless given: `make lint` checks that the libraries need no later glibc.
"""
import base64
import hashlib
import os
import re
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "..", "..", "..")


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def main(libraries, folder, platform="manylinux_2_17_x86_64"):
    version = re.search(rb'#define SQLITE_ARRAY_VERSION "(.*)"', read(TOP, "include", "sqlite_array.h"))[1].decode()
    name = f"sqlite_array-{version}"
    info = f"{name}.dist-info"
    suffix = {"win": "dll", "macosx": "dylib"}.get(platform.split("_")[0], "so")
    files = {
        "sqlite_array/__init__.py": read(HERE, "sqlite_array", "__init__.py").replace(b"@VERSION@", version.encode()),
        f"sqlite_array/array.{suffix}": read(libraries, f"array.{suffix}"),
        f"sqlite_array/array_file.{suffix}": read(libraries, f"array_file.{suffix}"),
        f"{info}/LICENSE": read(TOP, "LICENSE"),
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: sqlite-array\nVersion: {version}\n"
            "Summary: Integer arrays as values in SQLite\nLicense: MIT\nRequires-Python: >=3.7\n"
        ).encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: wheel.py\nRoot-Is-Purelib: false\nTag: py3-none-{platform}\n".encode(),
    }
    record = ""
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(data)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    os.makedirs(folder, exist_ok=True)
    wheel = os.path.join(folder, f"{name}-py3-none-{platform}.whl")
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as file:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path)  # of 1980
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, data)
    print(wheel)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
