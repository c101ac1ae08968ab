#!/bin/sh
# Of the source tarballs that are named: does one build, install and uninstall on its own, does the single file compile?
# All of it is under a folder of its own, which is removed at the end.
# shellcheck disable=SC2086 # CC is a list of words
set -u
sources=$1
single=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
n=0
check() { # WHAT COMMAND...: its output is shown where it fails
    n=$((n + 1))
    what=$1
    shift
    if "$@" >"$folder/log" 2>&1; then
        echo "ok $n - $what"
    else
        echo "not ok $n - $what"
        sed 's/^/# /' "$folder/log"
    fi
}
answers() { # what a query gives when the library has been loaded by this name
    [ "$(LD_LIBRARY_PATH=$prefix/lib sqlite3 -batch -bail -init /dev/null -cmd ".load $1" :memory: "$2")" = "$3" ]
}
pkg() { PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config "$@" sqlite-array; }
nothing_in() { [ -z "$(find "$1" -mindepth 1 2>/dev/null)" ]; }
no_warnings() { [ -z "$(man --warnings -l "$1" 2>&1 >/dev/null)" ]; }

echo 1..14
prefix=$folder/prefix
tar -xzf "$sources" -C "$folder"
tar -xzf "$single" -C "$folder"
source=$(basename "$sources" .tar.gz)
cd "$folder/$source" || exit 1
unset MAKEFLAGS MAKELEVEL
check 'the sources build' make all
check 'and install' make install PREFIX="$prefix"
check 'the shell loads it by name' answers mod_array "SELECT array_sum('[1,2,3]')" 6
check 'and the second library' answers mod_array_file "SELECT count(*) > 0 FROM array_file_functions" 1
loadable=$(pkg --variable=loadable)
check "pkg-config --variable=loadable says where it is" answers "$loadable" "SELECT array_version()" "$(pkg --modversion)"
check 'and of the second library' answers "$(pkg --variable=loadable_file)" "SELECT 1" 1
cat >"$folder/program.c" <<'C'
#include <sqlite_array.h>
int main(void) {
    unsigned char blob[16];
    const int64_t values[] = {1, 2, 3};
    return sqlite_array_encode(blob, values, 3) == 11 ? 0 : 1;
}
C
# shellcheck disable=SC2046 # flags are words
check 'a program compiles with its flags' ${CC:-cc} "$folder/program.c" -o "$folder/program" $(pkg --cflags --libs)
check 'and runs' "$folder/program"
check 'the manual page has no warnings' no_warnings "$prefix/share/man/man7/sqlite-array.7"
check 'uninstall' make uninstall PREFIX="$prefix"
check 'leaves nothing' nothing_in "$prefix"
check 'with DESTDIR, too' make install uninstall DESTDIR="$folder/root" PREFIX=/usr/local
check 'of which nothing is left' nothing_in "$folder/root"
cd "$folder/$(basename "$single" .tar.gz)" || exit 1
# Only what the compiler has to say of it: what the library does is for make test-amalgamation.
check 'the single file compiles' ${CC:-cc} -Wall -Werror -O0 -fPIC -shared sqlite-array.c -o sqlite-array.so -lm
