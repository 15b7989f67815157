<?php
header("Location: /index.php?after=1", true, (int) ($_GET["status"] ?? 302));
