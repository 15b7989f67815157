// A site of the PHP files in `php/`, run in one of the three ways.
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withSite, type Site } from "../../src/testing/index.ts";
import type { PhpWay } from "./php-ways.ts";

const PROGRAM = new URL("php", import.meta.url);

// Read by php-cgi and php-fpm alike, beside the scripts.
const settings = (folder: string): string => `session.save_path = "${folder}/sessions"
display_errors = 0
log_errors = 1
upload_max_filesize = 8M
post_max_size = 16M
`;

const config = (way: PhpWay): string => `
[[site]]
  [[site.route]]
  path = "*.php"
  ${way.route(', sendFiles = ["files"]')}
  [[site.route]]
  path = "/*"
  static = { root = "public", index = ["index.php"] }
  [[site.route]]
  path = "/blog/*"
  static = { root = "public", try = ["{path}", "/index.php"] }
  [[site.route]]
  path = "/inner/*"
  internal = true
  static = { root = "files" }
`;

async function makeProgram(folder: string): Promise<void> {
  const [site, files] = [join(folder, "public"), join(folder, "files")];
  await cp(PROGRAM, site, { recursive: true });
  await writeFile(join(site, ".user.ini"), settings(folder));
  await writeFile(join(site, "plain.txt"), "<?php echo 'run';");
  await mkdir(join(folder, "sessions"));
  await mkdir(files);
  await writeFile(join(files, "large.txt"), "0123456789".repeat(100_000));
}

/** Runs `use` with the site; what PHP complains of is a complaint. */
export async function withPhp(
  way: PhpWay,
  complaints: RegExp,
  use: (site: Site) => Promise<void>,
): Promise<void> {
  let stop = (): Promise<void> => Promise.resolve();
  const make = async (folder: string): Promise<void> => {
    await makeProgram(folder);
    stop = await way.start(folder);
  };
  try {
    await withSite({ config: config(way), make, complaints }, use);
  } finally {
    await stop();
  }
}
