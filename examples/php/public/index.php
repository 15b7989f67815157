<?php
// Every address that is no file comes here.
header('Content-Type: text/plain; charset=utf-8');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
echo "{$_SERVER['REQUEST_METHOD']} $path\n";
