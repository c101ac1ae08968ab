#!/bin/sh
# Runs sql/large.sql on a file of so many MB (64, what `make test` does) in 512 MiB of address space, and removes the files.
# shellcheck disable=SC3045 # ulimit -v, which every shell of Debian's has
set -eu
BUILD=${BUILD:-build}
mb=${1:-64}
if [ -n "${DRIVER:-}${RUNNER:-}" ]; then
    echo '1..0 # SKIP for the sqlite3 shell as it is'
    exit
fi
files=$BUILD/large
trap 'rm -rf "$files"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$files"
mkdir -p "$files"
ulimit -v 524288
sqlite3 -batch -bail -init /dev/null -list -separator '
' -cmd ".load $BUILD/array.so" -cmd ".load $BUILD/array_file.so" -cmd ".load $BUILD/tests/tap.so" \
    -cmd "CREATE TEMP TABLE place AS SELECT $mb AS mb, '$files/' AS path" "$files/large.db" <sql/large.sql
