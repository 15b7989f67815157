<?php
// Keeps what a form brings in the folder beside this one.
$kept = [];
foreach ($_FILES as $field => $file) {
    $to = dirname(__DIR__) . "/stored-$field";
    $moved = move_uploaded_file($file["tmp_name"], $to);
    $kept[$field] = ["name" => $file["name"], "type" => $file["type"], "error" => $file["error"],
        "size" => $file["size"], "sha256" => $moved ? hash_file("sha256", $to) : null];
}
http_response_code(201);
header("Content-Type: application/json");
echo json_encode(["files" => $kept, "fields" => $_POST]);
