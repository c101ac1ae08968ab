-- The TAP functions of tests/tap.c, which all other SQL tests rely on. A check inside rows() is not
-- printed and counts for itself, so what a failing one says can be compared.
SELECT plan(28);

SELECT ok(1, 'ok passes on true');
SELECT eq(rows('SELECT ok(1, ''yes'')'), 'ok 1 - yes', 'ok');
SELECT eq(rows('SELECT ok(0, ''no'')'), 'not ok 1 - no', 'ok of 0 fails');
SELECT eq(rows('SELECT ok(NULL, ''no'')'), 'not ok 1 - no', 'ok of NULL fails');

SELECT eq(rows('SELECT eq(1, 1, ''int''); SELECT eq(''a'', ''a'', ''text''); SELECT eq(x''00'', x''00'', ''blob'')'),
    'ok 1 - int
ok 2 - text
ok 3 - blob', 'eq passes on equal values, and checks are counted');
SELECT eq(rows('SELECT eq(NULL, NULL, ''null'')'), 'ok 1 - null', 'eq takes NULL for equal to NULL');
SELECT eq(rows('SELECT eq(1, 1.0, ''real'')'), 'ok 1 - real', 'eq compares as IS does');
SELECT eq(rows('SELECT eq(1, ''1'', ''differ'')'), 'not ok 1 - differ
#      got: 1
# expected: ''1''', 'eq shows both values as literals');
SELECT eq(rows('SELECT eq(NULL, 0.25, ''differ'')'), 'not ok 1 - differ
#      got: NULL
# expected: 0.25', 'eq shows NULL and REAL');
SELECT eq(rows('SELECT eq(x''a14100020200000001000080'', x''a14100ff'', ''differ'')'), 'not ok 1 - differ
#      got: [1,-32768] of width 2
# expected: x''a14100ff''', 'eq shows an array as a list, another blob in hex');
SELECT eq(rows('SELECT eq(''a' || char(10) || 'b'', 1, ''differ'')'), 'not ok 1 - differ
#      got: ''a
#           b''
# expected: 1', 'eq shows lines as comments');
SELECT eq(length(rows('SELECT eq(zeroblob(1000000), 1, ''differ'')')) < 3000, 1, 'eq cuts what is long');

SELECT eq(rows('SELECT throws(''SELECT abs(1, 2)'', ''wrong number of arg'', ''fails'')'), 'ok 1 - fails',
    'throws passes on an error whose message contains the pattern');
SELECT eq(rows('SELECT throws(''SELECT 1; SELECT nix'', ''no * column: nix'', ''fails'')'), 'ok 1 - fails',
    'throws runs every statement; the pattern is a GLOB');
SELECT eq(rows('SELECT throws(''SELECT abs(-9223372036854775808)'', ''overflow'', ''fails'')'), 'ok 1 - fails',
    'throws steps through the rows');
SELECT eq(rows('SELECT throws(''SELECT nix'', ''syntax'', ''other'')'), 'not ok 1 - other
#      got: no such column: nix
# expected: *syntax*', 'throws fails on another error');
SELECT eq(rows('SELECT throws(''SELECT 1'', ''syntax'', ''none'')'), 'not ok 1 - none
#      got: no error
# expected: *syntax*', 'throws fails without an error');

SELECT eq(rows('SELECT skip(''window'', ''SQLite 3.44'')'), 'ok 1 - window # SKIP SQLite 3.44', 'skip');
SELECT eq(rows('SELECT diag(''a' || char(10) || 'b'')'), '# a
# b', 'diag');
SELECT eq(rows('SELECT ok(1, ''a' || char(10) || 'b # TODO'')'), 'ok 1 - a b \# TODO',
    'a name is one line without directives');
SELECT eq(rows('SELECT plan(3)'), '1..3', 'plan');
SELECT eq(rows('SELECT plan(2); SELECT ok(1, 1); SELECT ok(0, 2); SELECT done()'), '1..2
ok 1 - 1
not ok 2 - 2
# 2 checks', 'done compares with the plan');
SELECT throws('SELECT rows(''SELECT plan(3); SELECT ok(1, 1); SELECT done()'')',
    'the plan is 3, but there were 1 checks: write SELECT plan(1);', 'done fails where the plan is another one');
SELECT throws('SELECT rows(''SELECT ok(1, 1), ok(1, 2); SELECT done()'')',
    'no plan: write SELECT plan(2); at the beginning', 'done fails without a plan');

SELECT eq(rows('VALUES (1, NULL, ''a''), (0.5, x''a14100010200000001ff'', '''')'), '1||a
0.5|[1,-1]|', 'rows: columns, NULL, arrays');
SELECT eq(rows(''), '', 'rows of nothing');
SELECT throws('SELECT rows(''SELECT nix'')', 'no such column: nix', 'an error inside rows is one outside');
SELECT eq(rows('SELECT plan(0); SELECT done()'), '1..0
# 0 checks', 'rows starts from no checks');
SELECT done();
