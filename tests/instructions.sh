#!/bin/sh
# Counts the instructions of some statements, and compares the counts with those that are recorded: more than 5 % above
# fails. A count does not depend on how busy the machine is, but on the compiler and on SQLite; so it is compared only
# where these are the ones recorded. valgrind's callgrind counts.
#
#   instructions.sh            compares: TAP
#   instructions.sh --record   writes tests/instructions.tsv anew
#
# A line of instructions.tsv: the count without that of the set-up, a tab, the statement. The first line says with what the
# counts were made.
set -eu
recorded=$(dirname "$0")/instructions.tsv
library=${BUILD:-build}/array
set_up="
CREATE TABLE few(id INTEGER PRIMARY KEY, a BLOB, b BLOB, t TEXT);
INSERT INTO few SELECT value, array_random(16, 1, 1000, value), array_sort(array_random(16, 1, 100, value + 7)),
    array_to_json(array_random(16, 1, 1000, value)) FROM array_each(array_series(1, 1000));
CREATE TABLE many(a BLOB);
INSERT INTO many SELECT array_random(20000, 1, 1000000, value) FROM array_each('[1,2,3,4]');
CREATE VIRTUAL TABLE ticks USING array_store(ts, price);
INSERT INTO ticks VALUES (array_series(1, 20000), array_random(20000, 1, 1000, 1));
CREATE VIRTUAL TABLE few_b USING array_index(few, b);
"

# count SQL: the instructions of the shell that sets up and runs this
count() {
    SQLITE_ARRAY_ISA=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        sqlite3 -batch -bail -init /dev/null -cmd ".load $library" :memory: "$set_up $1" 2>&1 >/dev/null |
        sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p'
}

made_with() {
    echo "$(${CC:-cc} --version | head -n 1), SQLite $(sqlite3 -init /dev/null :memory: 'SELECT sqlite_version()')," \
        "kernels: $(SQLITE_ARRAY_ISA=avx2 sqlite3 -init /dev/null -cmd ".load $library" :memory: 'SELECT array_isa()')"
}

if [ "${1:-}" = --record ]; then
    base=$(count '')
    {
        made_with
        sed 1d "$recorded" | cut -f2- | while IFS= read -r sql; do
            printf '%d\t%s\n' $(($(count "$sql") - base)) "$sql"
        done
    } >"$recorded.new"
    mv "$recorded.new" "$recorded"
    exit
fi

IFS= read -r recorded_with <"$recorded"
if [ "$(made_with)" != "$recorded_with" ]; then
    echo "1..0 # SKIP recorded with $recorded_with, this is $(made_with)"
    exit
fi
base=$(count '')
checks=0
tab=$(printf '\t')
while IFS=$tab read -r wanted sql; do
    checks=$((checks + 1))
    counted=$(($(count "$sql") - base))
    echo "# $counted instructions, recorded $wanted"
    [ "$counted" -le $((wanted + wanted / 20)) ] || printf 'not '
    echo "ok $checks - $sql"
done <<END
$(sed 1d "$recorded")
END
echo "1..$checks"
