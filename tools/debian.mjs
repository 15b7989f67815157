// The programs that tests run and npm cannot bring. On Debian, as root, the missing ones are
// installed; elsewhere they are named, and the tests that need them are skipped.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/**
 * Each program with the Debian package that holds it, and a file of it where none is on PATH.
 * DokuWiki stands behind php-cgi: asked for alone, it brings Apache as what runs its PHP.
 *
 * @type {{ program: string, debianPackage: string, file?: string }[]}
 */
const PROGRAMS = [
  { program: "chromium", debianPackage: "chromium" },
  { program: "curl", debianPackage: "curl" },
  { program: "python3", debianPackage: "python3" },
  { program: "perl", debianPackage: "perl" },
  { program: "git", debianPackage: "git" },
  { program: "gitweb", debianPackage: "gitweb", file: "/usr/share/gitweb/gitweb.cgi" },
  // Of perl, but no part of its package; gitweb needs it, and comes without where git brought it.
  { program: "CGI.pm", debianPackage: "libcgi-pm-perl", file: "/usr/share/perl5/CGI.pm" },
  { program: "php-cgi", debianPackage: "php-cgi" },
  { program: "redis-server", debianPackage: "redis-server" },
  // The program's name ends in its version, which the package's has not.
  { program: "php-fpm", debianPackage: "php-fpm", file: "/usr/share/doc/php-fpm" },
  // What the bench measures beside: that it asks all of them the same is tested, too.
  { program: "nginx", debianPackage: "nginx-light", file: "/usr/sbin/nginx" },
  { program: "lighttpd", debianPackage: "lighttpd", file: "/usr/sbin/lighttpd" },
  { program: "fcgiwrap", debianPackage: "fcgiwrap", file: "/usr/sbin/fcgiwrap" },
  { program: "dokuwiki", debianPackage: "dokuwiki", file: "/usr/share/dokuwiki/doku.php" },
];

/** Installs what is missing. Where it can't: a message, and in CI the end. */
export function installPrograms() {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && isOnPath("apt-get")) install(missing);
  const left = missingPrograms().map(({ program }) => program);
  if (left.length === 0) return;
  console.error(`Missing: ${left.join(", ")}. Tests that need them are skipped.`);
  if (process.env["CI"] === undefined) return;
  console.error("In CI every test runs, so this is a failure.");
  process.exit(1);
}

function missingPrograms() {
  return PROGRAMS.filter(
    ({ program, file }) => !isOnPath(program) && (file === undefined || !existsSync(file)),
  );
}

/** @param {typeof PROGRAMS} missing */
function install(missing) {
  const packages = missing.map(({ debianPackage }) => debianPackage);
  aptGet(["update", "--quiet"]);
  aptGet(["install", "--quiet", "--yes", "--no-install-recommends", ...packages]);
}

/** @param {string[]} args */
function aptGet(args) {
  console.error(`+ apt-get ${args.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", args, { env, stdio: ["ignore", 2, 2] });
}

/** @param {string} program */
function isOnPath(program) {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, program)));
}
