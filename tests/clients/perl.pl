# Perl's DBD::SQLite: perl.pl STATEMENTS
use strict;
use warnings;
use utf8;
binmode STDOUT, ':utf8';
# manual: Perl, DBD::SQLite
use DBI;
my $db = DBI->connect('dbi:SQLite::memory:', '', '', { RaiseError => 1, sqlite_unicode => 1 });
$db->sqlite_enable_load_extension(1);
$db->sqlite_load_extension('./array');
my ($answer) = $db->selectrow_array('SELECT array_sum(?)', undef, '[1,2,3]');
# end
print "# client: Perl ", sprintf('%vd', $^V), ", DBD::SQLite $DBD::SQLite::VERSION, SQLite $db->{sqlite_version}\n";
print $answer == 6 ? '' : 'not ', "ok 1 - the snippet\n";
my $checks = 1;
open my $statements, '<:utf8', $ARGV[0] or die "$ARGV[0]: $!";
while (my $line = <$statements>) {
    chomp $line;
    next if $line =~ /^--/;
    my ($sql, $expected) = split / --> /, $line;
    if (!defined $expected) {
        $db->do($sql);
        next;
    }
    my ($got) = $db->selectrow_array($sql);
    print $got eq $expected ? '' : 'not ', "ok ", ++$checks, " - $sql\n";
}
print "1..$checks\n";
