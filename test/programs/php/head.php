<?php
// A head with all that a program says in one.
http_response_code(418);
header("X-One: 1");
header("X-One: 2", false);
header("Content-Type: text/x-tea; charset=utf-8");
header("Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT");
setcookie("a", "1", ["path" => "/", "httponly" => true]);
setcookie("b", "two words");
echo "tea";
