#!/bin/sh
# Of the single file, $1: by each compiler there is, with and without files, does it compile without flags or warnings, export its entry
# points and nothing else, and work when loaded?
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
n=0
check() { # WHAT COMMAND...
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
exports() { # NAMES...: no others
    nm -D --defined-only "$folder/array.so" | awk '{ print $3 }' | sort >"$folder/exports"
    printf '%s\n' "$@" | sort | diff - "$folder/exports"
}
answers() { # ENTRY SQL ANSWER
    [ "$(sqlite3 -batch -bail -init /dev/null -cmd ".load $folder/array.so $1" :memory: "$2")" = "$3" ]
}
entries='sqlite3_array_init sqlite3_array_register sqlite3_extension_init'
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    check "$compiler compiles it" $compiler -Wall -Werror -O1 -fPIC -shared "$1" -o "$folder/array.so" -lm
    # shellcheck disable=SC2086 # names are words
    check 'it exports its entry points' exports $entries
    check 'and works' answers '' "SELECT array_sum('[1,2,3]')" 6
    check "$compiler compiles it with files" $compiler -Wall -Werror -O0 -fPIC -shared -DSQLITE_ARRAY_FILE "$1" -o "$folder/array.so" -lm
    # shellcheck disable=SC2086
    check 'with one more' exports $entries sqlite3_arrayfile_init
    check 'which works' answers sqlite3_arrayfile_init "SELECT array_file_length('sql/primes.npy')" 100
done
if command -v x86_64-w64-mingw32-gcc >/dev/null; then
    cp /usr/include/sqlite3.h /usr/include/sqlite3ext.h "$folder/"
    check 'and for Windows' x86_64-w64-mingw32-gcc -Wall -Werror -O0 -shared -DSQLITE_ARRAY_FILE -I"$folder" "$1" -o "$folder/array.dll"
fi
echo "1..$n"
