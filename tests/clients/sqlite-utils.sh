#!/bin/sh
# The command sqlite-utils, whose every call is a connection of its own: sqlite-utils.sh STATEMENTS
set -eu
answer=$(
# manual: sqlite-utils
sqlite-utils memory "SELECT array_sum('[1,2,3]')" --load-extension ./array --raw
# end
)
echo "# client: $(sqlite-utils --version), SQLite $(sqlite-utils memory 'SELECT sqlite_version()' --raw)"
[ "$answer" = 6 ] && echo "ok 1 - the snippet"
checks=1
rm -f new.db
sqlite-utils create-database new.db
# A transaction does not outlive its connection.
grep -v -e '^--' -e '^BEGIN' -e '^ROLLBACK' -e '^DELETE' "$1" >statements
while IFS= read -r line; do
    sql=${line%% --> *}
    if [ "$sql" = "$line" ]; then
        sqlite-utils query new.db "$sql" --load-extension ./array </dev/null >/dev/null
        continue
    fi
    got=$(sqlite-utils query new.db "$sql" --load-extension ./array --raw </dev/null)
    checks=$((checks + 1))
    if [ "$got" = "${line##* --> }" ]; then echo "ok $checks - $sql"; else echo "not ok $checks - $sql"; fi
done <statements
rm -f statements new.db
echo "1..$checks"
