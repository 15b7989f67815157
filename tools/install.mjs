// Installs the npm packages when node_modules is missing or does not fit the lockfile. Runs on the
// system's Node (20 and later), since the pinned one is among what it installs.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
export const PINNED_NODE = path.join(CHECKOUT, "node_modules/node/bin/node");

/** What npm writes last: without it an installation was cut short. */
const INSTALLED = path.join(CHECKOUT, "node_modules/.package-lock.json");

/** Installs what is missing; ends the process in words when that fails. */
export function installPackages() {
  const reason = misfit();
  if (reason === null) return;
  console.error(`+ npm ci (${reason})`);
  // The pinned Node is a development package, and its install script brings the binary.
  // Only errors: npm would warn that this Node is too old, which is why the pinned one comes.
  const args = ["ci", "--include=dev", "--ignore-scripts=false", "--loglevel=error"];
  const { status, error } = spawnSync("npm", args, {
    cwd: CHECKOUT,
    env: { ...process.env, PATH: pathWithoutPackages() },
    stdio: ["ignore", 2, 2],
  });
  const left = status === 0 ? misfit() : (error?.message ?? `npm ended with ${status}`);
  if (left === null) return;
  console.error(`The packages could not be installed: ${left}.`);
  process.exit(1);
}

/**
 * Why node_modules does not fit the lockfile; null when it does.
 * @returns {string | null}
 */
function misfit() {
  if (!existsSync(INSTALLED)) return "the packages are not installed";
  for (const [folder, wanted] of Object.entries(packagesIn("package-lock.json"))) {
    if (folder === "") continue;
    const found = versionIn(folder);
    if (found === wanted.version || (found === null && wanted.optional === true)) continue;
    return `${folder} is ${found ?? "missing"}, not ${wanted.version}`;
  }
  try {
    accessSync(PINNED_NODE, constants.X_OK);
    return null;
  } catch {
    return "the pinned Node is missing";
  }
}

/**
 * @param {string} lockfile
 * @returns {Record<string, { version: string, optional?: boolean }>}
 */
function packagesIn(lockfile) {
  return JSON.parse(readFileSync(path.join(CHECKOUT, lockfile), "utf8")).packages;
}

/**
 * @param {string} folder
 * @returns {string | null}
 */
function versionIn(folder) {
  try {
    return JSON.parse(readFileSync(path.join(CHECKOUT, folder, "package.json"), "utf8")).version;
  } catch {
    return null;
  }
}

// npm must not run on the Node that it is about to replace.
function pathWithoutPackages() {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.filter((folder) => !folder.includes("node_modules")).join(path.delimiter);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installPackages();
