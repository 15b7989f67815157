<?php
// A file that was uploaded, and how often this visitor did so.
session_start();
header('Content-Type: text/plain; charset=utf-8');
$file = $_FILES['file'] ?? null;
if ($file === null || $file['error'] !== UPLOAD_ERR_OK) {
    http_response_code(400);
    exit("There is no file in this.\n");
}
$_SESSION['files'] = ($_SESSION['files'] ?? 0) + 1;
$digest = substr(hash_file('sha256', $file['tmp_name']), 0, 16);
echo "{$file['name']}: {$file['size']} bytes, sha-256 $digest, number {$_SESSION['files']}\n";
