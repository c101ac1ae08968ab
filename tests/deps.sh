#!/bin/sh
# Finds out what the goals of make named as arguments need and this machine lacks. For goals that demonstrate, test or
# maintain it installs that through apt: as root, else through sudo, else it prints the command. Who only builds or
# installs the extension is told what is missing, and nothing is installed. Takes milliseconds when nothing is missing.
# shellcheck disable=SC2086 # lists of words
set -eu
CC=${CC:-cc}
packages=
may_install=

# need WHAT PACKAGE: a command, a file by its absolute path, or a header that the compiler can find
need() {
    case $1 in
    /*) [ ! -e "$1" ] || return 0 ;;
    *.h) ! printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | $CC -E - >/dev/null 2>&1 || return 0 ;;
    *) ! command -v "$1" >/dev/null 2>&1 || return 0 ;;
    esac
    case " $packages " in
    *" $2 "*) ;;
    *) echo "missing: $1, from the package $2" && packages="$packages $2" ;;
    esac
}

compiler() {
    case ${CC%% *} in
    cc) need cc gcc ;;
    *) need "${CC%% *}" "${CC%% *}" ;;
    esac
    need stdio.h libc6-dev
    [ -n "${SQLITE:-}" ] || need sqlite3ext.h libsqlite3-dev # else from npm
    need xxhash.h libxxhash-dev
    [ -z "${SQLITE:-}" ] || need npm npm
}

goal() {
    case $1 in
    all | install | uninstall | everything) return ;;
    *.so | *.o | *.a | *.t) return ;;
    esac
    may_install=yes
    case $1 in
    demo | demo-large) need sqlite3 sqlite3 ;;
    docs | docs-check) need sqlite3 sqlite3 && need /usr/bin/python3 python3 ;;
    deps | test | test-store | test-crash | test-oom | test-corrupt | test-interrupt | test-work | mutants | mutate-expectations | test-isa | asan | ubsan | tsan | soak | cov) need sqlite3 sqlite3 && need prove perl && need /usr/bin/python3 python3 ;;
    test-model) need prove perl && need /usr/bin/python3 python3 ;;
    wheel) need /usr/bin/python3 python3 ;;
    npm | test-npm) goal wheel && need npm npm && need prove perl ;;
    test-wheel) goal wheel && need prove perl ;;
    wasm) goal amalgamation && need npm npm && need emcc emscripten ;;
    test-wasm) goal wasm && need prove perl && need node nodejs ;;
    test-cluster)
        need sqlite3 sqlite3 && need prove perl && need npm npm && need node nodejs && need go golang-go && need dqlite.h libdqlite-dev
        need /usr/share/gocode/src/github.com/canonical/go-dqlite golang-github-canonical-go-dqlite-dev
        ;;
    test-manual) goal wasm && goal docs && need prove perl && need node nodejs && need chromium chromium ;;
    dist-sources) need /usr/bin/python3 python3 && need git git ;;
    dist)
        goal dist-sources
        need npm npm
        [ "$(uname -m)" = aarch64 ] || goal test-arm64
        [ "$(uname -m)" != x86_64 ] || need musl-gcc musl-tools
        need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64
        ;;
    test-targets) goal dist && goal test && need qemu-aarch64 qemu-user && need wine wine && need /usr/lib/wine/wine64 wine64 ;;
    test-install) goal dist-sources && need sqlite3 sqlite3 && need prove perl && need pkg-config pkg-config && need man man-db ;;
    bench)
        need /usr/bin/python3 python3
        [ -z "${ONLY:-}" ] || goal bench-targets
        ;;
    amalgamation) need /usr/bin/python3 python3 ;;
    test-amalgamation) goal test && need npm npm ;;
    bench-targets) need "${CXX:-g++}" g++ && need hwy/contrib/sort/vqsort.h libhwy-dev ;;
    test-newest | test-oldest) goal test && need npm npm ;;
    test-32)
        goal test-newest
        need /usr/lib32/libc.so libc6-dev-i386
        need "/usr/lib/gcc/x86_64-linux-gnu/$(gcc -dumpversion)/32/libgcc.a" "lib32gcc-$(gcc -dumpversion)-dev"
        ;;
    valgrind | test-instructions) goal test && need valgrind valgrind ;;
    test-arm64)
        need prove perl
        need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
        need /usr/aarch64-linux-gnu/include/stdio.h libc6-dev-arm64-cross
        need qemu-aarch64 qemu-user
        ;;
    test-big-endian)
        need prove perl
        need s390x-linux-gnu-gcc gcc-s390x-linux-gnu
        need /usr/s390x-linux-gnu/include/stdio.h libc6-dev-s390x-cross
        need qemu-s390x qemu-user
        ;;
    format | format-check) need clang-format clang-format ;;
    fuzz)
        goal docs && need npm npm && need clang clang
        need "$(clang -print-file-name="libclang_rt.fuzzer-$(uname -m).a" 2>/dev/null || echo libfuzzer)" libclang-rt-dev
        ;;
    fuzz-smoke) goal test ;;
    test-clients) goal dist-sources && goal npm && goal test-wheel ;;
    client-shell) need sqlite3 sqlite3 ;;
    client-python) need /usr/bin/python3 python3 ;;
    client-apsw) goal client-python && need /usr/lib/python3/dist-packages/apsw python3-apsw ;;
    client-sqlite-utils) need sqlite-utils sqlite-utils ;;
    client-perl) need /usr/lib/*/perl5/*/DBD/SQLite.pm libdbd-sqlite3-perl ;;
    client-tcl) need tclsh tcl && need /usr/lib/tcltk/*/sqlite3/pkgIndex.tcl libsqlite3-tcl ;;
    client-ruby) need ruby ruby && need /usr/lib/ruby/vendor_ruby/sqlite3.rb ruby-sqlite3 ;;
    client-php) need php php-cli && need /usr/lib/php/*/sqlite3.so php-sqlite3 ;;
    client-lua) need lua5.4 lua5.4 && need /usr/lib/*/lua/5.4/luasql/sqlite3.so lua-sql-sqlite3 ;;
    client-r) need Rscript r-base-core && need /usr/lib/R/site-library/RSQLite r-cran-rsqlite ;;
    client-java) need javac default-jdk-headless && need /usr/share/java/sqlite-jdbc.jar libxerial-sqlite-jdbc-java ;;
    client-c) need gcc gcc ;;
    client-cxx) need g++ g++ ;;
    client-go) need /usr/bin/go golang-go && need /usr/share/gocode/src/github.com/mattn/go-sqlite3 golang-github-mattn-go-sqlite3-dev ;;
    client-rust)
        need /usr/bin/cargo cargo
        need /usr/bin/rustc rustc
        need "$(set -- /usr/share/cargo/registry/rusqlite-* && echo "$1")" librust-rusqlite-dev
        ;;
    check) goal test && goal format && need valgrind valgrind && need roaring/roaring.h libroaring-dev ;;
    esac
}

compiler
for name in "$@"; do
    goal "$name"
done
[ -n "$packages" ] || exit 0

install="install -y --no-install-recommends$packages"
if [ -z "$may_install" ]; then
    echo "Please install what these Debian packages hold, or as root: apt-get $install"
    exit 1
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "There is no apt-get here; please install what these Debian packages hold:$packages"
    exit 1
elif [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1; then
    sudo=sudo
else
    sudo=false
fi

apt() {
    echo "${sudo:+$sudo }apt-get $*"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# The package lists of a fresh machine are empty, those of an old one stale: renew them first.
if [ "$sudo" = false ] || ! { apt update && apt $install; }; then
    echo "Please run as root: apt-get update && apt-get $install"
    exit 1
fi
