// The scripts that servers run in the rows of programs: a page of ten lines each, and one of PHP.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const LINES = 10;

/** What a script of ten lines prints. */
export const TEN_LINES = "All day the shade goes round the columns.\n".repeat(LINES);

/** What the page of PHP prints. */
export const PHP_PAGE = "hello\n";

/** What is in the folder, by its path: some are run by CGI, some by php-fpm. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "cgi-bin/ten.sh": `#!/bin/sh
echo "Content-Type: text/plain"
echo
for line in 1 2 3 4 5 6 7 8 9 10; do
  echo "All day the shade goes round the columns."
done
`,
  "cgi-bin/ten.pl": `#!/usr/bin/perl
use strict;
use warnings;
print "Content-Type: text/plain\\n\\n";
print "All day the shade goes round the columns.\\n" for 1 .. ${LINES};
`,
  // Twice, as nginx has two ways to php-fpm, each a location of its own.
  "php/page.php": `<?php header("Content-Type: text/plain"); echo "hello\\n";\n`,
  "kept/page.php": `<?php header("Content-Type: text/plain"); echo "hello\\n";\n`,
};

/** Writes the scripts below `folder`. */
export function makeScripts(folder: string): void {
  for (const [name, text] of Object.entries(SCRIPTS)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  }
}
