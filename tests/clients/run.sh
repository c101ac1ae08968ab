#!/bin/sh
# Runs a client's program for prove: run.sh PROGRAM, where $CLIENTS is the folder of the programs, and the current folder has what
# was packed: array.so, npm packages in node_modules, the Python package in wheel. What a client needs is installed through apt; where that
# fails it is skipped. $RESULTS gets the output, for the table of the manual.
set -eu
program=$1
name=$(basename "$program")
statements=$CLIENTS/statements.sql
export CLIENTS

skip() { # WHY
    echo "1..0 # SKIP $1"
    exit 0
}
# The log is shown where the installation fails, and only then.
needs() { # WHAT: a client of tests/deps.sh
    log=$(cd "$TOP" && CC=cc tests/deps.sh "client-$1" 2>&1) || skip "$(echo "$log" | tail -n 1)"
}
# FILE PACKAGE: of npm, which the Makefile installs
npm_has() { [ -e "node_modules/$1" ] || skip "npm has no $2 for this machine, or it could not be installed"; }
answer() { "$@" | tee "$RESULTS/$name.tap"; }
bin() { chmod +x "node_modules/$1" && echo "node_modules/$1"; }

case $name in
shell.sh) needs shell && answer "$program" "$statements" ;;
python.py) needs python && answer /usr/bin/python3 "$program" "$statements" ;;
package.py) PYTHONPATH=wheel PYTHONDONTWRITEBYTECODE=1 answer python3 "$program" "$statements" ;;
apsw_client.py) needs apsw && answer /usr/bin/python3 "$program" "$statements" ;;
sqlite-utils.sh) needs sqlite-utils && answer "$program" "$statements" ;;
perl.pl) needs perl && answer perl "$program" "$statements" ;;
tcl.tcl) needs tcl && answer tclsh "$program" "$statements" ;;
ruby.rb) needs ruby && answer ruby "$program" "$statements" ;;
php.php) needs php && answer php -d "sqlite3.extension_dir=$PWD" "$program" "$statements" ;;
pdo.php) needs php && answer php "$program" ;;
luasql.lua) needs lua && answer lua5.4 "$program" ;;
r.R) needs r && answer Rscript "$program" "$statements" ;;
Java.java) needs java && answer java -cp /usr/share/java/sqlite-jdbc.jar "$program" "$statements" ;;
c.c) needs c && gcc -I. "$program" -o c -lsqlite3 && answer ./c "$statements" ;;
cxx.cc) needs cxx && g++ -I. "$program" -o cxx -lsqlite3 && answer ./cxx "$statements" ;;
go.go)
    needs go
    mkdir -p go && cp "$program" go/main.go
    (cd go && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$PWD/cache /usr/bin/go build -tags libsqlite3 -o client main.go)
    answer go/client "$statements"
    ;;
rust.rs)
    needs rust
    mkdir -p rust/src rust/.cargo && cp "$program" rust/src/main.rs
    version=$(basename /usr/share/cargo/registry/rusqlite-* | sed 's/rusqlite-//')
    printf '[package]\nname = "client"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n%s\n' \
        "rusqlite = { version = \"$version\", features = [\"load_extension\"] }" >rust/Cargo.toml
    printf '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "/usr/share/cargo/registry"\n' >rust/.cargo/config.toml
    (cd rust && RUST_VERSION=$(/usr/bin/rustc --version | cut -d' ' -f2) RUSQLITE_VERSION=$version RUSTC=/usr/bin/rustc \
        /usr/bin/cargo build --offline --quiet)
    answer rust/target/debug/client "$statements"
    ;;
better-sqlite3.cjs) npm_has better-sqlite3/build/Release/better_sqlite3.node better-sqlite3 && answer node "$name" ;;
libsql.cjs) npm_has libsql libsql && answer node "$name" ;;
node-sqlite.cjs) npm_has "node-$NPM_PLATFORM/bin/node" 'Node 22' && answer "$(bin "node-$NPM_PLATFORM/bin/node")" --no-warnings "$name" ;;
bun.cjs) npm_has "@oven/bun-$NPM_PLATFORM-baseline/bin/bun" bun && answer "$(bin "@oven/bun-$NPM_PLATFORM-baseline/bin/bun")" "$name" ;;
deno.cjs)
    npm_has "@deno/$NPM_PLATFORM-glibc/deno" deno
    answer "$(bin "@deno/$NPM_PLATFORM-glibc/deno")" run --quiet --allow-read --allow-ffi --allow-env "$name"
    ;;
turso.mjs) npm_has @tursodatabase/database @tursodatabase/database && answer node "$name" ;;
*) skip 'run.sh does not know it' ;;
esac
