<?php
// The request's content as it is.
$content = file_get_contents("php://input");
echo strlen($content), " ", hash("sha256", $content), " ", $_SERVER["CONTENT_LENGTH"] ?? "-";
