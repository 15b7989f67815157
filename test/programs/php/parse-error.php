<?php
echo "secret in the source"
nowhere(;
