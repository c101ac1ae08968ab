<?php
// PHP's class SQLite3: php -d sqlite3.extension_dir=. php.php STATEMENTS. It loads from that folder alone, by a file's name.
// manual: PHP, SQLite3 (with sqlite3.extension_dir in php.ini)
$db = new SQLite3(':memory:');
$db->enableExceptions(true);
$db->loadExtension('array.so');
$statement = $db->prepare('SELECT array_sum(?)');
$statement->bindValue(1, '[1,2,3]');
$answer = $statement->execute()->fetchArray()[0];
// end
$statement->close();
echo '# client: PHP ', PHP_VERSION, ', SQLite ', SQLite3::version()['versionString'], "\n";
echo $answer === 6 ? '' : 'not ', "ok 1 - the snippet\n";
$checks = 1;
foreach (file($argv[1], FILE_IGNORE_NEW_LINES) as $line) {
    if (str_starts_with($line, '--'))
        continue;
    [$sql, $expected] = explode(' --> ', $line) + [1 => null];
    if ($expected === null) {
        $db->exec($sql);
        continue;
    }
    echo (string)$db->querySingle($sql) === $expected ? '' : 'not ', 'ok ', ++$checks, " - $sql\n";
}
echo "1..$checks\n";
