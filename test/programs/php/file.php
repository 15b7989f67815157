<?php
// Has the server send a file, by its path on the disk or on the site.
header("Content-Type: text/x-own");
if (isset($_GET["path"])) header("X-Sendfile: " . dirname(__DIR__) . "/" . $_GET["path"]);
else header("X-Accel-Redirect: /inner/" . $_GET["site"]);
