<?php
// Ends in all the ways in which a program does.
switch ($_GET["how"] ?? "") {
    case "exit":
        echo "whole";
        exit(3);
    case "fatal":
        echo "lost"; // still in PHP's buffer
        nowhere();
    case "throws":
        throw new Exception("thrown on purpose");
    case "missing":
        http_response_code(404);
        echo "no such thing";
        exit;
    case "nothing":
        http_response_code(204);
        exit;
    case "unchanged":
        http_response_code(304);
        exit;
    case "complains":
        error_log("a complaint\nof two lines");
        echo "complained";
        exit;
    case "killed":
        echo str_repeat("x", 20000);
        flush();
        posix_kill(getmypid(), 9); // php-fpm has no word for it
        sleep(10);
}
