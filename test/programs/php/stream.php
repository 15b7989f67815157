<?php
// Says something, and the rest only once the file "go" is there.
while (ob_get_level() > 0) ob_end_flush();
header("Content-Type: text/plain");
echo "first";
flush();
while (!file_exists(dirname(__DIR__) . "/go")) {
    usleep(20000);
    clearstatcache();
}
echo " last";
