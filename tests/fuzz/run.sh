#!/bin/sh
# Runs a fuzzer: run.sh PROGRAM SECONDS. It begins with its committed corpus, tests/fuzz/corpus/TARGET, and with what earlier
# runs have added in BUILD/corpus/TARGET. What breaks it is left in BUILD/finds/, its output in BUILD/TARGET.log.
set -eu
program=$1
seconds=$2
target=${program##*/fuzz_}
seeds=tests/fuzz/corpus/$target
build=${program%/tests/fuzz/*}
corpus=$build/corpus/$target
mkdir -p "$corpus" "$build/finds"

# For SQL the manual, array_functions, gives the words and the first inputs; the library is $SQA_EXTENSION.
read_manual() {
    sqlite3 -batch -bail -init /dev/null -list -cmd ".load $SQA_EXTENSION" -cmd ".param set :corpus '$corpus'" \
        :memory: <tests/fuzz/words.sql >"$build/sql.dict"
}

dictionary=tests/fuzz/$target.dict
[ -e "$dictionary" ] || dictionary=
[ "$target" != file ] || dictionary=tests/fuzz/npy.dict
[ "$target" != sql ] || { read_manual && dictionary=$build/sql.dict; }

# Leaks are looked for where the corpora are replayed: SQLite keeps memory between inputs, which would start a search each time.
echo "  FUZZ  $target for $seconds s"
if nice "$program" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -detect_leaks=0 -len_control=20 \
    -print_final_stats=1 ${dictionary:+-dict="$dictionary"} -artifact_prefix="$build/finds/$target-" \
    "$corpus" "$seeds" >"$build/$target.log" 2>&1; then
    awk -v target="$target" '
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:" || $i == "ft:") seen[$i] = $(i + 1) }
        /^stat::number_of_executed_units:/ { runs = $2 }
        END { printf "  %s: %d executions, %d edges, %d features\n", target, runs, seen["cov:"], seen["ft:"] }
    ' "$build/$target.log"
else
    tail -n 40 "$build/$target.log"
    exit 1
fi
