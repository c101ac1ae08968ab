# Tcl: tcl.tcl STATEMENTS
fconfigure stdout -encoding utf-8
# manual: Tcl
package require sqlite3
sqlite3 db :memory:
db enable_load_extension 1
db eval {SELECT load_extension('./array')}
set numbers {[1,2,3]}
set answer [db onecolumn {SELECT array_sum($numbers)}]
# end
puts "# client: Tcl [info patchlevel], SQLite [sqlite3 -version]"
puts "[expr {$answer == 6 ? {} : {not }}]ok 1 - the snippet"
set checks 1
set file [open [lindex $argv 0]]
fconfigure $file -encoding utf-8
foreach line [split [string trim [read $file]] \n] {
    if {[string match --* $line]} continue
    set at [string first { --> } $line]
    if {$at < 0} {
        db eval $line
        continue
    }
    set sql [string range $line 0 $at-1]
    set passed [string equal [db onecolumn $sql] [string range $line $at+5 end]]
    puts "[expr {$passed ? {} : {not }}]ok [incr checks] - $sql"
}
puts 1..$checks
