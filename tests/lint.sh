#!/bin/sh
# The rules of ext/README.md that a compiler does not check. Prints what breaks them; exits 1 if anything does.
# shellcheck disable=SC2046,SC2086 # lists of words
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
lint=$BUILD/lint
mkdir -p "$lint"
: >"$lint/found"

# Each check prints a line per offence.
offences() {
    sed "s|^|lint: $1: |" | tee -a "$lint/found"
}

sources=$(find ext include -name '*.[ch]' -o -name '*.def')

# A file includes what is in its own folder or in a lower one, never one above it or beside it; only memory/ and what is
# above it include sqlite3ext.h. What is beside another folder has the same number.
awk '
    BEGIN {
        split("kernel 1 core 2 memory 3 sql 4 vtab 5 functions 6 aggregates 6 tables 6 store 7 index 7 file 7", words)
        for (i = 1; i in words; i += 2) floor[words[i]] = words[i + 1]
    }
    function folder(path) {
        return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : ""
    }
    function is_allowed(from, to) {
        return to == from || (to in floor && (from == "" || floor[to] < floor[from]))
    }
    /^[ \t]*#[ \t]*(include|define SQA_DEF)/ {
        own = folder(substr(FILENAME, 5))
        if (own != "" && !(own in floor))
            print FILENAME ": tests/lint.sh does not know the folder " own
        name = $0
        sub(/^[^"<]*["<]/, "", name)
        sub(/[">].*/, "", name)
        if (name ~ /^sqlite3?(_array|ext)?\.h$/)
            bad = name == "sqlite3.h" || (own != "" && floor[own] < 3 && name != "sqlite_array.h")
        else
            bad = /"/ && (name !~ /\// || !is_allowed(own, folder(name)))
        if (bad)
            print FILENAME ":" FNR ": must not include " name
    }' $(echo "$sources" | grep '^ext/') | offences layers

# Memory is taken in ext/memory alone. (The object files of the layers below are checked further down.)
grep -nE '\<sqlite3_(malloc|realloc|free|mprintf|vmprintf|str_new|get_table|serialize)(64)?[ ]*\(' \
    $(echo "$sources" | grep '^ext/' | grep -v '^ext/memory/') /dev/null |
    offences 'only ext/memory allocates'

grep -nE '^(extern )?inline ' $sources /dev/null | offences 'inline functions are static'

grep -nE '^#.*__(AVX|BMI|POPCNT|SSE4)' $(echo "$sources" | grep '^ext/kernel/') /dev/null |
    offences 'what a set of kernels may use says SQA_AVX2: kernels.c'

echo "$sources" | sed 's|.*/||' | sort | uniq -d | offences 'base name used twice'

grep -nE '^.{101,}' $(find ext include tests -name '*.[ch]') /dev/null | offences 'a line of more than 100 columns'

# Lists, *.def, may be as long as they are.
lengths=$(wc -l $(echo "$sources" | grep '\.[ch]$') | grep -v ' total$')
echo "$lengths" | awk '$1 > 600 { print $2 " has " $1 " lines, more than 600" }' | offences size
echo "$lengths" | awk '$1 > 400 && $1 <= 600 { print "lint: warning: " $2 " has " $1 " lines" }'

# Every compiler there is, warnings as errors.
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    ${MAKE:-make} -s everything CC=$compiler BUILD="$lint/$compiler" CFLAGS='-O2 -Werror' FAST= CPPFLAGS= 2>&1 ||
        echo "$compiler -Werror" | offences build
done

# The public header, by every compiler there is, as C and C++ of long ago, and by one that does not say it is GNU's.
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    for language in '-x c -std=c99' '-x c -std=c17' '-x c++ -std=c++11' '-x c++ -std=c++20'; do
        for gnu in '' -U__GNUC__; do
            echo '#include "sqlite_array.h"' |
                $compiler $language $gnu -pedantic -Wall -Wextra -Wconversion -Werror -fsyntax-only -Iinclude - 2>&1 ||
                echo "$compiler $language $gnu"
        done
    done
done | offences 'sqlite_array.h'

# The single file compiles only where no two files of ext/ use one name for different things.
CC=cc /usr/bin/python3 ext/amalgamate.py "$lint"
for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    for files in '' -DSQLITE_ARRAY_FILE '-DSQLITE_ARRAY_FILE -DSQLITE_CORE'; do
        $compiler -fsyntax-only -Wall -Werror $files "$lint/sqlite-array.c" 2>&1 || echo "$compiler $files"
    done
done | offences 'the single file, sqlite-array.c (is a file-scope name used twice in ext/?)'

# The rest looks at what was built.
compiler=gcc
command -v gcc >/dev/null || compiler=clang
objects=$(find "$lint/$compiler/ext" -name '*.o')

nm -A -u $(echo "$objects" | grep -E '/ext/(kernel|core)/') |
    grep -E ' (malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|strn?dup|v?asprintf|sqlite3_.*)$' |
    offences 'kernel and core know neither the heap nor SQLite'

nm -A -g --defined-only $objects |
    awk '$NF !~ /^(sqa_.*|sqlite3_api|sqlite3_array_init|sqlite3_array_register|sqlite3_arrayfile_init|sqlite3_extension_init)$/' |
    offences 'external names begin with sqa_'

for object in $objects; do
    objdump -t "$object" | awk -v object="$object" '
        { sub(/ \.hidden /, " ") }
        NF > 4 && $(NF-2) ~ /^(\.t?bss|\.t?data|\.data\.rel|\.data\.rel\.local|\*COM\*)$/ && $NF !~ /^(\.|sqlite3_api$|api_holds$)/ {
            print $NF " in " object
        }'
done | offences 'mutable global'

for library in array array_file; do
    nm -D --defined-only "$lint/$compiler/$library.so" |
        awk -v entry="sqlite3_$(echo $library | tr -d _)_init" -v library=$library '
        $NF != entry && $NF != "sqlite3_extension_init" && (library != "array" || $NF != "sqlite3_array_register") { print library ": " $NF " is exported" }
        { n++ }
        END { if (n < 2) print library ": an entry point is missing" }'
done | offences exports

for library in array array_file; do
    objdump -p "$lint/$compiler/$library.so"
done | awk '$1 == "NEEDED" && $2 !~ /^(libc|libm|ld-linux-.*)\.so/ { print $2 }' |
    offences 'needs a library besides libc'

# The oldest glibc: of 2014, CentOS 7's. What a Debian of today defines for stat() would need 2.33.
for library in array array_file; do
    objdump -T "$lint/$compiler/$library.so" | sed -n 's/.*(\{0,1\}GLIBC_2\.\([0-9]*\).* \([a-z_0-9]*\)$/\1 \2/p' |
        awk -v library=$library '$1 > 17 { print library ": " $2 " needs glibc 2." $1 }'
done | offences 'glibc 2.17'

# What is called of SQLite is what the library makes sure to have before it calls anything.
for source in $(echo "$sources" | grep '\.c$'); do
    $compiler -E -Iext -Iinclude "$source" | sed 's/sqlite3_api->/\n&/g' | sed -n 's/^sqlite3_api->\([a-z0-9_]*\).*/\1/p'
done | grep -v '^is_interrupted$' | sort -u >"$lint/called"
sed -n 's/^SQA_ROUTINE(\(.*\))/\1/p' ext/sql/routines.def | sort -u | diff - "$lint/called" |
    sed -n 's/^</not called:/p; s/^>/called:/p' | offences 'ext/sql/routines.def is not up to date'

# Other tools, where they are installed.
if command -v cppcheck >/dev/null; then
    # It does not see that a status other than SQA_OK means "not filled"; the compilers and valgrind do. It takes the
    # name of a list, SQA_LIST, for a switch, and would try it as 1.
    cppcheck -q -j2 --std=c11 --enable=warning,performance --inline-suppr --error-exitcode=1 \
        --suppress=zerodivcond --suppress=uninitvar --suppress=legacyUninitvar --suppress=ctuuninitvar \
        -USQA_LIST -Iext -Iinclude ext 2>&1 || echo 'see above' | offences cppcheck
fi
if command -v clang-tidy >/dev/null; then
    clang-tidy --quiet $(echo "$sources" | grep '\.c$') -- -std=c11 -Iext -Iinclude 2>/dev/null ||
        echo 'see above' | offences clang-tidy
fi
if command -v shellcheck >/dev/null; then
    shellcheck tests/run tests/*.sh tests/*/*.sh .ci/run || echo 'see above' | offences shellcheck
fi

[ ! -s "$lint/found" ]
