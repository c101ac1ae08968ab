<?php
// A client that cannot load extensions: PHP's PDO. Prints the error that the manual states.
// manual: PHP, PDO
$db = new PDO('sqlite::memory:');
try {
    $db->query("SELECT load_extension('./array')");
} catch (PDOException $error) {
    $message = $error->getMessage();
}
// end
echo '# client: PHP ', PHP_VERSION, ', PDO, SQLite ', $db->getAttribute(PDO::ATTR_CLIENT_VERSION), "\n";
echo ($message ?? '') === 'SQLSTATE[HY000]: General error: 1 not authorized' ? '' : 'not ', "ok 1 - ", $message ?? 'no error', "\n1..1\n";
