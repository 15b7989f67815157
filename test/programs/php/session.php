<?php
// Counts a visitor's requests; "?leave" ends the session.
session_start();
$_SESSION["seen"] = ($_SESSION["seen"] ?? 0) + 1;
echo $_SESSION["seen"];
if (isset($_GET["leave"])) session_destroy();
