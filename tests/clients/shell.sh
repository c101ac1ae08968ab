#!/bin/sh
# The sqlite3 shell: shell.sh STATEMENTS
set -eu
answer=$(
# manual: sqlite3 shell
sqlite3 :memory: -cmd '.load ./array' "SELECT array_sum('[1,2,3]')"
# end
)
[ "$answer" = 6 ] && echo "ok 1 - the snippet"
echo "# client: the sqlite3 shell, SQLite $(sqlite3 -version | cut -d' ' -f1)"
sed -n 's/.* --> //p' "$1" >expected
if sed 's/ --> .*//' "$1" | sqlite3 -batch -bail -init /dev/null -cmd '.load ./array' :memory: | diff expected - >different; then
    echo "ok 2 - $(wc -l <expected) results"
else
    echo 'not ok 2 - results'
    sed 's/^/# /' different
fi
rm -f expected different
echo 1..2
