<?php
// What PHP was told of the request.
$names = ["REQUEST_METHOD", "SCRIPT_NAME", "SCRIPT_FILENAME", "PATH_INFO", "PHP_SELF", "QUERY_STRING",
    "REQUEST_URI", "DOCUMENT_ROOT", "HTTP_X_ONE", "HTTP_PROXY", "CONTENT_TYPE", "SERVER_PROTOCOL"];
$told = ["sapi" => PHP_SAPI, "cwd" => getcwd(), "get" => $_GET, "post" => $_POST, "cookies" => $_COOKIE];
foreach ($names as $name) $told[$name] = $_SERVER[$name] ?? null;
header("Content-Type: application/json");
echo json_encode($told);
