<?php
header('Content-Type: text/plain; charset=utf-8');
$name = is_string($_GET['name'] ?? null) ? $_GET['name'] : 'world';
echo "Hello, $name.\n";
